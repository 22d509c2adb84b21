//! Fetches files of a share over http(s), by the system's `curl`.
//!
//! Every current system has one, with its own certificates and proxies; a TLS stack of our own would cost more
//! to build than the rest of the program. The address goes in by stdin, where no list of processes shows it.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::Error;

/// Redirections that are followed.
const REDIRECTS: &str = "5";
/// Seconds in which a connection must stand.
const PATIENCE: &str = "20";

/// What a server answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The file was there, and is fetched.
    Fetched,
    /// The server answered with this HTTP status instead.
    Status(u16),
}

/// How a file is fetched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fetch<'a> {
    /// The address, without fragment.
    pub(crate) url: &'a str,
    /// Bytes that the file may have.
    pub(crate) limit: u64,
    /// Whether it may have moved.
    pub(crate) redirects: bool,
}

impl Fetch<'_> {
    /// Writes the file to `to`, which is made anew.
    ///
    /// # Errors
    /// [`Error::Remote`] when nobody answers, [`Error::Failed`] without `curl`.
    pub(crate) fn into_file(self, to: &Path) -> Result<Answer, Error> {
        let out = File::create(to).map_err(Error::io("cannot write", to))?;
        let mut curl = Command::new("curl");
        // Its own settings file could add anything.
        curl.args(["--disable", "--silent", "--show-error", "--proto", "=http,https", "--connect-timeout", PATIENCE]);
        curl.args(["--fail", "--write-out", "%{stderr}%{http_code}", "--max-filesize", &self.limit.to_string()]);
        if self.redirects {
            curl.args(["--location", "--max-redirs", REDIRECTS]);
        }
        curl.args(["--config", "-"]).stdin(Stdio::piped()).stdout(out).stderr(Stdio::piped());
        let mut child = curl.spawn().map_err(|_| {
            Error::failed(
                "cannot fetch it: there is no curl on this machine",
                "install curl, or download the share and name the file, with the link's fragment behind it: share.html#k=…",
            )
        })?;
        if let Some(mut stdin) = child.stdin.take() {
            // One that ended early says why itself.
            let _ = stdin.write_all(format!("url = \"{}\"\n", quoted(self.url)).as_bytes());
        }
        let done = child.wait_with_output().map_err(Error::io("cannot read from", "curl"))?;
        crate::interrupt::check()?;
        let said = String::from_utf8_lossy(&done.stderr);
        let status = said.get(said.len().saturating_sub(3)..).and_then(|text| text.parse().ok()).unwrap_or(0);
        let place = self.url.split('?').next().unwrap_or_default();
        match (done.status.success(), status) {
            (true, 200) => self.check_length(to, place),
            (_, 100..) => Ok(Answer::Status(status)),
            _ => {
                let reason = said.lines().next().unwrap_or_default().trim_start_matches("curl: ");
                Err(Error::remote(format!("cannot fetch {place}: {reason}"), "check the address and the connection"))
            }
        }
    }

    /// Servers that do not say how long a file is can send more than was allowed.
    fn check_length(self, to: &Path, place: &str) -> Result<Answer, Error> {
        let length = to.metadata().map_err(Error::io("cannot read", to))?.len();
        if length > self.limit {
            return Err(Error::refused(
                format!("{place} is larger than {} bytes", self.limit),
                "it is not what sealcast wrote; do not open it",
            ));
        }
        Ok(Answer::Fetched)
    }
}

/// The text between quotes of curl's settings.
fn quoted(url: &str) -> String {
    url.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r'], "")
}

/// Whether a target is an address and not a path.
pub(crate) fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stays_inside_its_quotes() {
        assert_eq!(quoted("https://h/a\"\noutput = \"/etc/x"), "https://h/a\\\"output = \\\"/etc/x");
    }

    #[test]
    fn nobody_at_home_is_a_remote_failure() {
        let folder = tempfile::tempdir().unwrap();
        // Port 1 is privileged and not in use.
        let fetch = Fetch { url: "http://127.0.0.1:1/x?secret=1", limit: 10, redirects: false };
        let error = fetch.into_file(&folder.path().join("x")).unwrap_err();
        assert_eq!(error.exit_code(), 5);
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
