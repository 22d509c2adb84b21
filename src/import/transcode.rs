//! Has ffmpeg make a video that browsers play of one that they refuse.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;

use super::ffmpeg;
use crate::error::Error;
use crate::media::Unplayable;
use crate::scratch::{self, Scratch};
use crate::visible::visible;

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
    let mut command = ffmpeg::command();
    command.arg("-i").arg(ffmpeg::as_file(input)).args(&fault.arguments).arg(ffmpeg::as_file(&output));
    if progress {
        command.arg("-stats");
    } else {
        command.stderr(File::create_new(&words).map_err(scratch::failed(&words))?);
    }
    let child = command.spawn().map_err(|error| missing(name, &error))?;
    let Some(status) = ffmpeg::wait(child, None)? else { return Err(Error::Interrupted) };
    let said = fs::read(&words).unwrap_or_default();
    // Its words would lie beside the video.
    let _ = fs::remove_file(&words);
    if status.success() { Ok(output) } else { Err(failure(name, status, &said)) }
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
