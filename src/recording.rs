//! What a recording is apart from its events: media, metadata, and how its clock was found.

use std::fs::File;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::media::{Keyframes, Masked, Probe, Repaired, Splice, Track, probe_reader};
use crate::scratch::Scratch;

/// A recording without its events, which stay in the [`crate::sink::Sink`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Recording {
    /// Title for the page.
    pub title: Option<String>,
    /// A note of the sharer.
    pub note: Option<String>,
    /// Video, audio, pictures and captions.
    pub media: Vec<Media>,
    /// Pictures that follow each other, where there is no video.
    pub frames: Option<Frames>,
    /// Nested metadata for the Info panel (`page`, `system`, `custom`, …).
    pub metadata: Map<String, Value>,
    /// Where the zero of the timeline lies and how that is known.
    pub clock: Clock,
    /// Length in milliseconds, when the source says so.
    pub duration_ms: Option<f64>,
    /// What each input was taken for.
    pub inputs: Vec<InputReport>,
    /// What was skipped or left out, in words; also shown in the page.
    pub warnings: Vec<String>,
    /// What only those want to know who ask, in words; not in the page.
    pub details: Vec<String>,
}

/// A medium of the recording, by reference: bytes stay in the file until the bundle is written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Media {
    /// What the page does with it.
    pub kind: MediaKind,
    /// Where its bytes are.
    pub path: PathBuf,
    /// Media type without parameters.
    pub mime_type: String,
    /// Codecs as `canPlayType` wants them, when known.
    pub codecs: Option<String>,
    /// Milliseconds from the timeline's zero to the start of this track.
    pub start_ms: f64,
    /// Length in milliseconds.
    pub duration_ms: Option<f64>,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// By how many degrees clockwise players turn the picture.
    pub rotation: u16,
    /// All tracks of the file.
    pub tracks: Vec<Track>,
    /// Where decoding of the picture can begin.
    pub keyframes: Option<Keyframes>,
    /// BCP 47 tag of captions.
    pub language: Option<String>,
    /// Name for the reader.
    pub label: Option<String>,
    /// Name of the file for the reader, where it is not that of the file at `path`.
    pub name: Option<String>,
    /// What was done to the file that was given before it became this one, in words: `transcoded to H.264`.
    pub done: Vec<&'static str>,
    /// How the pictures of a preview lie.
    pub grid: Option<Grid>,
    /// Where in the file what is carried begins, in ms: more than 0 when a span was cut out of it.
    pub begins_ms: f64,
    /// Boxes of its picture that were made black.
    pub masks: Vec<Masked>,
    /// What is carried instead of the file as it is.
    pub repaired: Option<Repaired>,
    /// Keeps the file where it is, when it was unpacked.
    pub(crate) scratch: Option<Scratch>,
}

impl Media {
    /// A medium of which nothing but kind, place and type is known.
    #[must_use]
    pub const fn new(kind: MediaKind, path: PathBuf, mime_type: String) -> Self {
        Self {
            kind,
            path,
            mime_type,
            codecs: None,
            start_ms: 0.0,
            duration_ms: None,
            width: None,
            height: None,
            rotation: 0,
            tracks: Vec::new(),
            keyframes: None,
            language: None,
            label: None,
            masks: Vec::new(),
            name: None,
            done: Vec::new(),
            grid: None,
            begins_ms: 0.0,
            repaired: None,
            scratch: None,
        }
    }

    /// Takes over what a probe found, but for the type, which says what the page does with it.
    pub(crate) fn learn(&mut self, probe: Probe) {
        self.codecs = probe.codecs;
        self.duration_ms = probe.duration_ms;
        (self.width, self.height, self.rotation) = (probe.width, probe.height, probe.rotation);
        self.tracks = probe.tracks;
        self.keyframes = probe.keyframes;
    }

    /// Has the medium carried otherwise than its file is: with other times, and without what was dropped.
    ///
    /// # Errors
    /// When the file cannot be read, or the run was interrupted.
    pub(crate) fn carry(&mut self, repaired: Repaired) -> Result<(), Error> {
        let file = File::open(&self.path).map_err(Error::io("cannot read", &self.path))?;
        match probe_reader(repaired.splice.reader(file), &self.path) {
            Ok(probe) => self.learn(probe),
            Err(error @ Error::Interrupted) => return Err(error),
            Err(_) => {}
        }
        self.duration_ms = repaired.duration_ms.or(self.duration_ms);
        self.repaired = Some(repaired);
        Ok(())
    }

    /// What of its file is carried.
    ///
    /// # Errors
    /// When the file's length cannot be had.
    pub(crate) fn carried(&self) -> Result<Splice, Error> {
        if let Some(repaired) = &self.repaired {
            return Ok(repaired.splice.clone());
        }
        let length = std::fs::metadata(&self.path).map_err(Error::io("cannot read", &self.path))?.len();
        let mut whole = Splice::default();
        whole.push_file(0, length);
        Ok(whole)
    }

    /// The name of the file for the reader.
    #[must_use]
    pub fn shown_name(&self) -> Option<String> {
        let own = || self.path.file_name().map(|name| name.to_string_lossy().into_owned());
        self.name.clone().or_else(own)
    }
}

/// Pictures that follow each other, in one file without gaps.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Frames {
    /// The file.
    pub path: PathBuf,
    /// Media type of each.
    pub mime_type: String,
    /// The pictures by time.
    pub list: Vec<Frame>,
    /// Width in pixels, of the first.
    pub width: Option<u32>,
    /// Height in pixels, of the first.
    pub height: Option<u32>,
    /// Keeps the file where it is.
    pub(crate) scratch: Scratch,
}

/// One picture of [`Frames`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Frame {
    /// When it was shown, ms since 1970.
    pub time: f64,
    /// Where it begins in the file.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u64,
}

impl Frames {
    /// JPEGs in a file that lives as long as the scratch.
    pub(crate) const fn new(path: PathBuf, mime_type: String, scratch: Scratch) -> Self {
        Self { path, mime_type, list: Vec::new(), width: None, height: None, scratch }
    }

    /// Bytes of all of them.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.list.iter().map(|frame| frame.offset + frame.length).max().unwrap_or(0)
    }

    /// When the first and the last are shown.
    #[must_use]
    pub fn span(&self) -> Option<(f64, f64)> {
        Some((self.list.first()?.time, self.list.last()?.time))
    }
}

/// How the pictures of a preview lie.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Grid {
    /// Pixels of one picture.
    pub width: u32,
    /// Pixels of one picture.
    pub height: u32,
    /// Pictures in a row.
    pub columns: u32,
    /// Pictures in all.
    pub count: u32,
    /// Ms of video that one picture stands for.
    pub interval: f64,
}

/// What a medium is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum MediaKind {
    /// The moving picture.
    Video,
    /// Sound apart from the video.
    Audio,
    /// Subtitles in `WebVTT`.
    Captions,
    /// Shown before the video plays.
    Poster,
    /// A still in the Info panel's gallery.
    Image,
    /// Small pictures of the video in a grid, for the scrub bar.
    Preview,
}

/// The timeline's zero.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Clock {
    /// Wall time of the zero, ms since 1970, once known.
    pub zero: Option<f64>,
    /// Which evidence the zero rests on.
    pub source: ClockSource,
    /// How far off it may be, in ms; `None` when nobody can say.
    pub uncertainty_ms: Option<f64>,
    /// By how much the user moved the zero against what was found, in ms.
    pub offset_ms: Option<f64>,
}

impl Default for Clock {
    fn default() -> Self {
        Self { zero: None, source: ClockSource::None, uncertainty_ms: None, offset_ms: None }
    }
}

/// Evidence for the timeline's zero, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ClockSource {
    /// The user or the recording's description says so.
    Given,
    /// The recorder measured it.
    Measured,
    /// Frames of a trace of the same session.
    Trace,
    /// The page record of a HAR of the same session.
    HarPage,
    /// A date inside the video file.
    Container,
    /// A date in the video's file name.
    Filename,
    /// The video file's modification time.
    Mtime,
    /// Nothing: the zero is the earliest event.
    None,
}

impl ClockSource {
    /// All of them, best first.
    pub const ALL: [Self; 8] = [
        Self::Given,
        Self::Measured,
        Self::Trace,
        Self::HarPage,
        Self::Container,
        Self::Filename,
        Self::Mtime,
        Self::None,
    ];

    /// The name used in the manifest and in a recording's description.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Measured => "measured",
            Self::Trace => "trace",
            Self::HarPage => "har-page",
            Self::Container => "container",
            Self::Filename => "filename",
            Self::Mtime => "mtime",
            Self::None => "none",
        }
    }

    /// The source of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }

    /// What the zero rests on, for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Given => "the time given",
            Self::Measured => "the time measured while recording",
            Self::Trace => "the trace's frames",
            Self::HarPage => "the HAR's page record",
            Self::Container => "the date in the video file",
            Self::Filename => "the date in the video's name",
            Self::Mtime => "the video file's modification time",
            Self::None => "the earliest log entry",
        }
    }
}

/// One input and what became of it.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct InputReport {
    /// Path as given or as found in a folder.
    pub path: String,
    /// Name of the format it was read as; `unknown` when none fits.
    pub format: String,
    /// Parts of the share it went into: `video`, `console`, `network`, …
    pub used_for: Vec<String>,
    /// Why it was left out.
    pub skipped: Option<String>,
    /// How much of it other inputs told of already, and was taken from them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
}

impl InputReport {
    /// A report of an input that was used.
    #[must_use]
    pub fn used(path: impl Into<String>, format: impl Into<String>, used_for: &[&str]) -> Self {
        Self {
            path: path.into(),
            format: format.into(),
            used_for: used_for.iter().map(ToString::to_string).collect(),
            skipped: None,
            known: None,
        }
    }

    /// A report of an input that was left out.
    #[must_use]
    pub fn skipped(path: impl Into<String>, format: impl Into<String>, why: impl Into<String>) -> Self {
        Self { path: path.into(), format: format.into(), used_for: Vec::new(), skipped: Some(why.into()), known: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clock_source_has_one_name() {
        for source in ClockSource::ALL {
            assert_eq!(ClockSource::parse(source.name()), Some(source));
            assert_eq!(serde_json::to_value(source).unwrap(), source.name());
        }
        assert_eq!(ClockSource::parse("sundial"), None);
    }
}
