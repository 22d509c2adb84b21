//! Has ffmpeg make a video that browsers play of one that they refuse.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::error::Error;
use crate::interrupt;
use crate::media::Unplayable;
use crate::scratch::{self, Scratch};
use crate::visible::visible;

/// How often the program looks whether ffmpeg is done.
const PACE: Duration = Duration::from_millis(50);
/// Bytes of ffmpeg's words that are looked at.
const WORDS: usize = 4 << 10;

/// Converts a file into the scratch folder; with `progress` ffmpeg says on stderr how far it is.
pub(super) fn run(
    input: &Path,
    name: &str,
    fault: &Unplayable,
    scratch: &Scratch,
    progress: bool,
) -> Result<PathBuf, Error> {
    let folder = scratch.folder()?;
    let output = folder.join(Unplayable::output(input));
    let words = folder.join("ffmpeg.txt");
    let mut command = Command::new("ffmpeg");
    // A file that refers to others, here or on the network, gets none of them.
    command.args(["-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file", "-i"]);
    command.arg(as_file(input)).args(&fault.arguments).arg(as_file(&output));
    command.stdin(Stdio::null()).stdout(Stdio::null());
    if progress {
        command.arg("-stats");
    } else {
        command.stderr(File::create_new(&words).map_err(scratch::failed(&words))?);
    }
    let child = command.spawn().map_err(|error| missing(name, &error))?;
    let status = wait(child)?;
    let said = fs::read(&words).unwrap_or_default();
    // Its words would lie beside the video.
    let _ = fs::remove_file(&words);
    if status.success() { Ok(output) } else { Err(failure(name, status, &said)) }
}

/// A path that ffmpeg takes for nothing else.
fn as_file(path: &Path) -> OsString {
    let mut word = OsString::from("file:");
    word.push(std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()));
    word
}

/// Waits for the end, which an interruption brings about.
fn wait(mut child: Child) -> Result<ExitStatus, Error> {
    let failed = |error: io::Error| Error::failed(format!("ffmpeg cannot be waited for: {error}"), "try again");
    loop {
        if let Err(interrupted) = interrupt::check() {
            let _ = child.kill();
            let _ = child.wait();
            return Err(interrupted);
        }
        match child.try_wait().map_err(failed)? {
            Some(status) => return Ok(status),
            None => std::thread::sleep(PACE),
        }
    }
}

fn missing(name: &str, error: &io::Error) -> Error {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "ffmpeg, which does that, is not on PATH".into(),
        _ => format!("ffmpeg does not start: {error}"),
    };
    Error::input(format!("{name} cannot be converted: {why}"), "install ffmpeg, or convert the video elsewhere")
}

fn failure(name: &str, status: ExitStatus, said: &[u8]) -> Error {
    let said = String::from_utf8_lossy(&said[said.len().saturating_sub(WORDS)..]);
    let last = said.lines().map(str::trim).rfind(|line| !line.is_empty());
    let why = last.map_or_else(|| format!("ended with {status}"), |line| format!("says: {}", visible(line)));
    Error::input(
        format!("{name} could not be converted: ffmpeg {why}"),
        "see whether the file plays at all; if it does, convert it with another program",
    )
}
