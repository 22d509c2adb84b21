//! How ffmpeg is run: on nothing but files, and never longer than wanted.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::interrupt;

/// How often the program looks whether ffmpeg is done.
const PACE: Duration = Duration::from_millis(20);

/// The command up to its input, which the caller adds.
pub(super) fn command() -> Command {
    let mut command = Command::new("ffmpeg");
    // A file that refers to others, here or on the network, gets none of them.
    command.args(["-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file"]);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// A path that ffmpeg takes for nothing else.
pub(super) fn as_file(path: &Path) -> OsString {
    let mut word = OsString::from("file:");
    word.push(std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()));
    word
}

/// Waits for the end, which an interruption brings about, and the end of a limit: then there is no status.
///
/// # Errors
/// When the run was interrupted, or ffmpeg cannot be waited for.
pub(super) fn wait(mut child: Child, limit: Option<Duration>) -> Result<Option<ExitStatus>, Error> {
    let started = Instant::now();
    let failed = |error: io::Error| Error::failed(format!("ffmpeg cannot be waited for: {error}"), "try again");
    loop {
        let interrupted = interrupt::check();
        if interrupted.is_err() || limit.is_some_and(|limit| started.elapsed() > limit) {
            let _ = child.kill();
            let _ = child.wait();
            return interrupted.map(|()| None);
        }
        match child.try_wait().map_err(failed)? {
            Some(status) => return Ok(Some(status)),
            None => std::thread::sleep(PACE),
        }
    }
}
