//! Fetches files of a share over http(s), by the system's `curl`.
//!
//! Every current system has one, with its own certificates and proxies; a TLS stack of our own would cost more
//! to build than the rest of the program. The address goes in by stdin, where no list of processes shows it.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use zeroize::Zeroizing;

use crate::error::Error;

/// Redirections that are followed.
const REDIRECTS: &str = "5";
/// Seconds in which a connection must stand, and after which one over which nothing comes is given up.
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
    /// [`Error::Remote`] when nobody answers or the transfer breaks off, [`Error::Failed`] without `curl`.
    pub(crate) fn into_file(self, to: &Path) -> Result<Answer, Error> {
        let out = File::create(to).map_err(Error::io("cannot write", to))?;
        let answer = self.finish(self.start(out.into())?)?;
        let length = to.metadata().map_err(Error::io("cannot read", to))?.len();
        // Servers that do not say how long a file is can send more than was allowed.
        if length > self.limit {
            return Err(Error::refused(
                format!("{} is larger than {} bytes", self.place(), self.limit),
                "it is not what sealcast wrote; do not open it",
            ));
        }
        Ok(answer)
    }

    /// Reads the file into memory, of a longer one no more than the limit and one byte.
    ///
    /// # Errors
    /// As [`Fetch::into_file`].
    pub(crate) fn into_memory(self) -> Result<(Answer, Zeroizing<Vec<u8>>), Error> {
        let mut child = self.start(Stdio::piped())?;
        let mut bytes = Zeroizing::new(Vec::new());
        if let Some(out) = child.stdout.take() {
            out.take(self.limit + 1).read_to_end(&mut bytes).map_err(Error::io("cannot read from", "curl"))?;
        }
        if bytes.len() as u64 > self.limit {
            // It stops on its own once nobody reads; what it says of that does not matter.
            let _ = child.wait();
            return Ok((Answer::Fetched, bytes));
        }
        Ok((self.finish(child)?, bytes))
    }

    fn start(self, out: Stdio) -> Result<Child, Error> {
        let mut curl = Command::new("curl");
        // Its own settings file could add anything, and brackets in an address would ask for many.
        curl.args(["--disable", "--globoff", "--silent", "--show-error", "--proto", "=http,https"]);
        curl.args(["--connect-timeout", PATIENCE, "--speed-limit", "1", "--speed-time", PATIENCE]);
        curl.args(["--fail", "--write-out", "%{stderr}\n%{http_code}"]);
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
        Ok(child)
    }

    fn finish(self, child: Child) -> Result<Answer, Error> {
        let done = child.wait_with_output().map_err(Error::io("cannot read from", "curl"))?;
        crate::interrupt::check()?;
        let said = String::from_utf8_lossy(&done.stderr);
        let status = said.lines().last().and_then(|text| text.parse().ok()).unwrap_or(0);
        match (done.status.success(), status) {
            (true, 200) => Ok(Answer::Fetched),
            // What came with a good status and still failed broke off.
            (true, 100..) | (false, 300..) => Ok(Answer::Status(status)),
            _ => {
                let reason = said.lines().next().unwrap_or_default().trim_start_matches("curl: ");
                let fact = format!("cannot fetch {}: {reason}", self.place());
                Err(Error::remote(fact, "check the address and the connection"))
            }
        }
    }

    /// The address without what may be a signature.
    fn place(&self) -> &str {
        self.url.split('?').next().unwrap_or_default()
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
