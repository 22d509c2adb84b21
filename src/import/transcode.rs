//! Has ffmpeg make a video that browsers play of one that they refuse, and copy a span of a file of sound.

use std::ffi::OsString;
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
/// Arguments that leave behind what a file tells of its maker.
const NO_METADATA: [&str; 4] = ["-map_metadata", "-1", "-map_chapters", "-1"];

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
    let output = scratch.folder()?.join(&deed.output);
    let arguments: Vec<_> = deed.arguments.iter().map(OsString::from).collect();
    let verb = deed.verb;
    call(input, &arguments, &output, progress)?.map_err(|fault| match fault {
        Fault::Missing(why) => {
            Error::input(format!("{name} cannot be {verb}: {why}"), "install ffmpeg, or do it elsewhere")
        }
        Fault::Failed(why) => Error::input(
            format!("{name} could not be {verb}: {why}"),
            "see whether the file plays at all; if it does, do it with another program",
        ),
    })?;
    Ok(output)
}

/// Copies what a file of sound holds from one time to another, in ms, into the scratch folder; to its packets.
pub(crate) fn cut(input: &Path, name: &str, (from, to): (f64, f64), scratch: &Scratch) -> Result<PathBuf, Error> {
    let output = scratch.folder()?.join(input.file_name().unwrap_or_default());
    let mut words = vec![String::from("-ss"), format!("{:.3}", from / 1e3)];
    if to.is_finite() {
        words.extend(["-to".into(), format!("{:.3}", to / 1e3)]);
    }
    words.extend(["-map", "0:a:0", "-c", "copy"].into_iter().chain(NO_METADATA).map(String::from));
    let arguments: Vec<_> = words.into_iter().map(OsString::from).collect();
    call(input, &arguments, &output, false)?.map_err(|fault| {
        let (Fault::Missing(why) | Fault::Failed(why)) = fault;
        let fact = format!("{name} cannot be cut: {why}");
        Error::input(fact, "install ffmpeg, cut the file elsewhere, or pass it as WebM or MP4")
    })?;
    Ok(output)
}

/// Copies the sound of a file into a `WebM` file in the scratch folder; the reason when that does not work.
pub(super) fn to_webm(input: &Path, name: &str, scratch: &Scratch) -> Result<Result<PathBuf, String>, Error> {
    let output = scratch.folder()?.join("sound.webm");
    let words = ["-map", "0:a:0", "-c", "copy"].into_iter().chain(NO_METADATA).map(OsString::from);
    let done = call(input, &words.collect::<Vec<_>>(), &output, false)?;
    Ok(done.map(|()| output).map_err(|fault| fault.apart(name)))
}

/// What ffmpeg fails of, in words that follow a colon.
enum Fault {
    /// It does not run.
    Missing(String),
    /// It ran.
    Failed(String),
}

impl Fault {
    /// Why a file of sound stays apart.
    fn apart(self, name: &str) -> String {
        match self {
            Self::Missing(why) => format!("{why}; install ffmpeg, and export again"),
            Self::Failed(why) => format!("{why}; see whether {name} plays, and convert it with ffmpeg if it does"),
        }
    }
}

/// Runs ffmpeg.
fn call(input: &Path, arguments: &[OsString], output: &Path, progress: bool) -> Result<Result<(), Fault>, Error> {
    let words = output.with_file_name("ffmpeg.txt");
    let mut command = ffmpeg::command();
    command.arg("-i").arg(ffmpeg::as_file(input)).args(arguments).arg(ffmpeg::as_file(output));
    if progress {
        command.arg("-stats");
    } else {
        command.stderr(File::create_new(&words).map_err(scratch::failed(&words))?);
    }
    let child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return Ok(Err(Fault::Missing(missing(&error)))),
    };
    let Some(status) = ffmpeg::wait(child, None)? else { return Err(Error::Interrupted) };
    let said = fs::read(&words).unwrap_or_default();
    // Its words would lie beside the video.
    let _ = fs::remove_file(&words);
    Ok(if status.success() { Ok(()) } else { Err(Fault::Failed(failure(status, &said))) })
}

fn missing(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "ffmpeg, which does that, is not on PATH".into(),
        _ => format!("ffmpeg does not start: {error}"),
    }
}

fn failure(status: ExitStatus, said: &[u8]) -> String {
    let said = String::from_utf8_lossy(&said[said.len().saturating_sub(WORDS)..]);
    let last = said.lines().map(str::trim).rfind(|line| !line.is_empty());
    let why = last.map_or_else(|| format!("ended with {status}"), |line| format!("says: {}", visible(line)));
    format!("ffmpeg {why}")
}
