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

/// What ffmpeg shall do.
pub(super) struct Deed<'a> {
    /// What is done to a file, in a sentence: `converted`.
    pub(super) verb: &'static str,
    /// Name of the file to make.
    pub(super) output: PathBuf,
    /// Arguments between the input's name and the output's.
    pub(super) arguments: Vec<&'a str>,
}

impl Deed<'_> {
    /// What makes a file play.
    pub(super) fn against(fault: &Unplayable, input: &Path) -> Self {
        Self { verb: "converted", output: Unplayable::output(input), arguments: fault.arguments.clone() }
    }
}

/// Makes a file in the scratch folder of another; with `progress` ffmpeg says on stderr how far it is.
pub(super) fn run(
    input: &Path,
    name: &str,
    deed: &Deed<'_>,
    scratch: &Scratch,
    progress: bool,
) -> Result<PathBuf, Error> {
    let folder = scratch.folder()?;
    let output = folder.join(&deed.output);
    let words = folder.join("ffmpeg.txt");
    let mut command = Command::new("ffmpeg");
    // A file that refers to others, here or on the network, gets none of them.
    command.args(["-nostdin", "-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file", "-i"]);
    command.arg(as_file(input)).args(&deed.arguments).arg(as_file(&output));
    command.stdin(Stdio::null()).stdout(Stdio::null());
    if progress {
        command.arg("-stats");
    } else {
        command.stderr(File::create_new(&words).map_err(scratch::failed(&words))?);
    }
    let child = command.spawn().map_err(|error| missing(name, deed.verb, &error))?;
    let status = wait(child)?;
    let said = fs::read(&words).unwrap_or_default();
    // Its words would lie beside the video.
    let _ = fs::remove_file(&words);
    if status.success() { Ok(output) } else { Err(failure(name, deed.verb, status, &said)) }
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

fn missing(name: &str, verb: &str, error: &io::Error) -> Error {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "ffmpeg, which does that, is not on PATH".into(),
        _ => format!("ffmpeg does not start: {error}"),
    };
    Error::input(format!("{name} cannot be {verb}: {why}"), "install ffmpeg, or do it elsewhere")
}

fn failure(name: &str, verb: &str, status: ExitStatus, said: &[u8]) -> Error {
    let said = String::from_utf8_lossy(&said[said.len().saturating_sub(WORDS)..]);
    let last = said.lines().map(str::trim).rfind(|line| !line.is_empty());
    let why = last.map_or_else(|| format!("ended with {status}"), |line| format!("says: {}", visible(line)));
    Error::input(
        format!("{name} could not be {verb}: ffmpeg {why}"),
        "see whether the file plays at all; if it does, do it with another program",
    )
}
