//! The manifest: what a bundle holds and where. FORMAT.md defines it; `assets/player/types.d.ts` mirrors it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::event::Stream;
use crate::media::{Keyframes, Masked, Track};
use crate::redact::Report;

/// A row block or detail block: offset, length and raw length in bytes.
pub type BlockRef = [u64; 3];

/// What a page can offer to take away.
pub const TAKE_AWAY: [&str; 10] = ["link", "mail", "qr", "report", "ai", "frame", "har", "rows", "video", "pip"];

/// See FORMAT.md, "Manifest". Times are ms from the timeline's zero unless said otherwise.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Manifest {
    /// Format version.
    pub v: u32,
    /// Program and version that wrote the bundle.
    pub producer: String,
    /// Title for the reader.
    pub title: Option<String>,
    /// Note of the sharer.
    pub note: Option<String>,
    /// Wall time of the timeline's zero, ms since 1970.
    pub started: Option<f64>,
    /// Length of the timeline.
    pub duration: f64,
    /// How the zero was found.
    pub timeline: Timeline,
    /// The moving picture.
    pub video: Option<MediaPart>,
    /// Pictures that follow each other, in place of a video.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub frames: Option<FramesPart>,
    /// Small pictures of the video, for the scrub bar.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub preview: Option<PreviewPart>,
    /// Sound apart from the video.
    pub audio: Option<MediaPart>,
    /// Shown before the video plays.
    pub poster: Option<MediaPart>,
    /// Subtitles.
    pub captions: Vec<MediaPart>,
    /// Pictures for the gallery.
    pub stills: Vec<MediaPart>,
    /// Streams that hold at least one event.
    pub streams: Streams,
    /// Merged order of all events.
    pub order: Option<OrderPart>,
    /// Failures in all streams.
    pub failures: Failures,
    /// Places on the scrub bar.
    pub marks: Marks,
    /// Panels the sharer wants shown; `None` = all.
    pub panels: Option<Vec<String>>,
    /// What the page does not offer to take away, of [`TAKE_AWAY`].
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub withheld: Vec<String>,
    /// For the Info panel.
    pub metadata: Map<String, Value>,
    /// What was skipped or left out.
    pub warnings: Vec<String>,
    /// What was taken out, in numbers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub redaction: Option<Report>,
    /// All parts but the manifest.
    pub parts: Vec<PartEntry>,
}

/// The streams that hold at least one event.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Streams {
    /// Console messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub console: Option<StreamParts>,
    /// Requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<StreamParts>,
    /// What the user did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actions: Option<StreamParts>,
    /// Server log lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backend: Option<StreamParts>,
}

impl Streams {
    /// The place of a stream.
    pub const fn of(&mut self, stream: Stream) -> &mut Option<StreamParts> {
        match stream {
            Stream::Console => &mut self.console,
            Stream::Network => &mut self.network,
            Stream::Actions => &mut self.actions,
            Stream::Backend => &mut self.backend,
        }
    }

    /// The parts of a stream that has events.
    #[must_use]
    pub const fn get(&self, stream: Stream) -> Option<&StreamParts> {
        match stream {
            Stream::Console => self.console.as_ref(),
            Stream::Network => self.network.as_ref(),
            Stream::Actions => self.actions.as_ref(),
            Stream::Backend => self.backend.as_ref(),
        }
    }
}

/// How the timeline's zero was found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Timeline {
    /// Kind of evidence, as in [`crate::recording::ClockSource`].
    pub source: String,
    /// How far off the zero may be, in ms.
    pub uncertainty: Option<f64>,
    /// By how much the sharer moved the video against what was found, in ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<f64>,
}

/// A medium and its part.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MediaPart {
    /// Part id.
    pub part: u32,
    /// Media type.
    #[serde(rename = "type")]
    pub mime_type: String,
    /// Name for the reader.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// Codecs as `canPlayType` wants them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub codecs: Option<String>,
    /// Start on the timeline.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub start: Option<f64>,
    /// Length.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub duration: Option<f64>,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub width: Option<u32>,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub height: Option<u32>,
    /// BCP 47 tag.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub language: Option<String>,
    /// Label in menus.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub label: Option<String>,
    /// By how many degrees clockwise players turn the picture.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub rotation: u16,
    /// All tracks of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tracks: Vec<Track>,
    /// Where decoding of the picture can begin.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub keyframes: Option<Keyframes>,
    /// What the file lacked, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// Boxes of the picture that were made black.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub masks: Vec<Masked>,
    /// What was done to the file so that it seeks, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repairs: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn is_zero(number: &u16) -> bool {
    *number == 0
}

/// Small pictures of a video in a grid, by time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PreviewPart {
    /// Part id.
    pub part: u32,
    /// Media type.
    #[serde(rename = "type")]
    pub mime_type: String,
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

/// Pictures that follow each other.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FramesPart {
    /// Part id of the pictures.
    pub part: u32,
    /// Part id of their index.
    pub index: u32,
    /// Media type of each picture.
    #[serde(rename = "type")]
    pub mime_type: String,
    /// How many there are.
    pub count: u64,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub width: Option<u32>,
    /// Pixels.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub height: Option<u32>,
}

/// The parts and counts of a stream.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StreamParts {
    /// Part id of the index.
    pub index: u32,
    /// Part id of the rows.
    pub rows: u32,
    /// Part id of the details.
    pub details: u32,
    /// Number of events.
    pub count: u64,
    /// Number of events the tab counts in red.
    pub failed: u64,
    /// Counts by level or status class.
    pub classes: Vec<u64>,
    /// Lines of the console that repeat the one above.
    #[serde(default, skip_serializing_if = "is_none")]
    pub same: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_none(count: &u64) -> bool {
    *count == 0
}

/// A stream's index.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StreamIndex {
    /// Row blocks: offset, length, raw length, rows, earliest and latest time, counts by class.
    pub rows: Vec<Vec<Value>>,
    /// Detail blocks.
    pub details: Vec<BlockRef>,
    /// Of the console: how many rows stand for themselves, how many only repeat the one above, and so on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same: Vec<u64>,
}

/// The merged order of all events.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OrderPart {
    /// Part id.
    pub part: u32,
    /// Number of events.
    pub count: u64,
    /// Its blocks.
    pub blocks: Vec<BlockRef>,
}

/// Failures in all streams.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Failures {
    /// How many.
    pub count: u64,
    /// Where the page lands: time, stream, row number, kind.
    pub first: Option<(Option<f64>, String, u64, String)>,
}

/// Places on the scrub bar, thinned.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Marks {
    /// Failures: time, stream, row number, kind.
    pub failures: Vec<(Option<f64>, String, u64, String)>,
    /// User actions: time, row number.
    pub actions: Vec<(f64, u64)>,
}

/// A part and its carrier.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PartEntry {
    /// Part id.
    pub id: u32,
    /// Bytes.
    pub length: u64,
    /// Relative path, when the part is a file beside the page.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub file: Option<String>,
    /// Relative paths and lengths in bytes, when the part is cut into several files beside the page.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub files: Option<Vec<(String, u64)>>,
    /// Which message the part is, when the bundle is sealed, see [`crate::seal::Commitment`].
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub commitment: Option<String>,
}

impl PartEntry {
    /// An entry.
    #[must_use]
    pub fn new(id: u32, length: u64, carrier: Carrier) -> Self {
        let (file, files) = match carrier {
            Carrier::Inline => (None, None),
            Carrier::File(path) => (Some(path), None),
            Carrier::Files(files) => (None, Some(files)),
        };
        Self { id, length, file, files, commitment: None }
    }
}

/// What carries a part.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Carrier {
    /// Data blocks of the page.
    Inline,
    /// A file beside the page, by its relative path.
    File(String),
    /// Files that make the carrier when they are joined, by relative path and length in bytes.
    Files(Vec<(String, u64)>),
}
