//! Media files: what they are and what is in them, read from their structure without decoding a frame.
//!
//! Recorders write containers in ways that players' headers do not own up to: no duration, an index at the end,
//! fragments without one, files cut off by a crash. So lengths come from the frames themselves, and nothing is
//! believed because a header says so. Memory stays the same whatever the size of the file.

mod codecs;
mod cut;
mod fault;
mod frames;
mod join;
mod keys;
mod mask;
mod mp4;
mod opus;
mod packets;
mod playable;
mod repair;
mod silence;
mod sniff;
mod sound;
mod source;
mod splice;
mod types;
mod webm;

use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::Error;
pub(crate) use cut::{Cut, Keep, Uncut, cut};
pub use join::{Joined, join_reader, opus_to_webm};
pub use keys::{KEYFRAME_LIMIT, Keyframes};
pub(crate) use mask::parse as parse_mask;
pub use mask::{Mask, Masked};
pub(crate) use playable::{Unplayable, quoted, unplayable};
pub use repair::{RepairOptions, Repaired, repair, repair_reader};
pub use sniff::{SNIFF_LEN, sniff};
use source::Source;
pub use splice::{Splice, SpliceReader};
pub(crate) use types::{by_ending, ending};

/// What a media file holds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Probe {
    /// Media type without parameters, as a player has to be told it: a `QuickTime` file in codecs of MP4 is
    /// `video/mp4`, a container without pictures is `audio/…`.
    pub mime_type: String,
    /// Codecs of the first video and the first audio track as `canPlayType` wants them; ones that browsers do not
    /// know by the container's own name.
    pub codecs: Option<String>,
    /// Length in milliseconds from the start of the first frame to the end of the last.
    pub duration_ms: Option<f64>,
    /// Width of the picture in pixels, as shown.
    pub width: Option<u32>,
    /// Height of the picture in pixels, as shown.
    pub height: Option<u32>,
    /// Whether pictures move in it.
    pub has_video: bool,
    /// Whether there is sound in it.
    pub has_audio: bool,
    /// When it was made, as the container says.
    pub created: Option<Created>,
    /// By how many degrees clockwise players turn the picture: 0, 90, 180 or 270.
    pub rotation: u16,
    /// All tracks, in the order of the file.
    pub tracks: Vec<Track>,
    /// Where decoding of the video can begin.
    pub keyframes: Option<Keyframes>,
}

/// A track of a media file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Track {
    /// `video`, `audio`, `text` or `other`.
    pub kind: String,
    /// Codec as `canPlayType` wants it, or the container's own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codec: Option<String>,
    /// Width of the picture in pixels, as shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height of the picture in pixels, as shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

/// A container's own date.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Created {
    /// Milliseconds since 1970.
    pub ms: f64,
    /// Whether it says more than whole seconds.
    pub exact: bool,
}

impl Created {
    #[cfg(test)]
    pub(crate) const fn new(ms: f64, exact: bool) -> Self {
        Self { ms, exact }
    }

    /// So many ms after an epoch, itself in ms since 1970; `None` for what no recorder of today can have written.
    fn since(epoch_ms: f64, ms: f64) -> Option<Self> {
        let at = epoch_ms + ms;
        (at > 0.0 && ms > 0.0).then_some(Self { ms: at, exact: ms % 1000.0 != 0.0 })
    }
}

/// What a container's reader found.
#[derive(Debug, Default)]
struct Facts {
    video: Option<Option<String>>,
    audio: Option<Option<String>>,
    size: Option<(u32, u32)>,
    rotation: u16,
    tracks: Vec<Track>,
    keyframes: Option<Keyframes>,
    duration_ms: Option<f64>,
    has_frames: bool,
    created: Option<Created>,
    /// An MP4 without `moov`.
    no_index: bool,
    /// The file breaks off, or holds what makes no sense.
    cut: bool,
}

impl Facts {
    fn add(&mut self, is_video: bool, codec: Option<String>, size: Option<(u32, u32)>) {
        if is_video {
            (self.video, self.size) = (Some(codec), size);
        } else {
            self.audio = Some(codec);
        }
    }

    fn list(&mut self, kind: &str, codec: Option<String>, size: Option<(u32, u32)>) {
        let (width, height) = size.unzip();
        self.tracks.push(Track { kind: kind.into(), codec, width, height });
    }

    fn codecs(&self) -> impl Iterator<Item = &str> {
        [&self.video, &self.audio].into_iter().flatten().flatten().map(String::as_str)
    }
}

/// Looks into a media file.
///
/// # Errors
/// [`Error::Input`] for a file that is empty, no media, or cut so that nothing plays; [`Error::Io`] when it cannot
/// be read.
pub fn probe(path: &Path) -> Result<Probe, Error> {
    let is_file = fs::metadata(path).map_err(Error::io("cannot read", path))?.is_file();
    if !is_file {
        // Opening a pipe would wait for its writer.
        return Err(Error::input(format!("{} is not a file", path.display()), "name a video, audio or image file"));
    }
    let file = File::open(path).map_err(Error::io("cannot read", path))?;
    probe_reader(file, path)
}

/// The same for bytes that are already open; `name` is for messages only.
///
/// # Errors
/// As [`probe`].
pub fn probe_reader<R: Read + Seek>(reader: R, name: &Path) -> Result<Probe, Error> {
    let mut source = Source::new(reader).map_err(Error::io("cannot read", name))?;
    let head = source.head(SNIFF_LEN as u64, SNIFF_LEN).map_err(Error::io("cannot read", name))?;
    let Some(mime_type) = sniff(&head) else { return Err(not_media(&head, name)) };
    let result = match mime_type {
        "video/webm" | "video/x-matroska" => webm::probe(&mut source),
        "video/mp4" | "video/quicktime" | "audio/mp4" => mp4::probe(&mut source),
        mime_type if mime_type.starts_with("audio/") => sound::probe(&mut source, mime_type),
        // Pictures and captions: nothing that a share needs to know lies in their structure.
        _ => Ok(Facts { has_frames: true, ..Facts::default() }),
    };
    let facts = result.map_err(Error::io("cannot read", name))?;
    conclude(mime_type, facts, name)
}

/// Turns what was found into an answer, or into words for what nobody can play.
fn conclude(mime_type: &str, facts: Facts, name: &Path) -> Result<Probe, Error> {
    let container = !mime_type.starts_with("image/") && !mime_type.starts_with("text/");
    if container && (!facts.has_frames || (facts.video.is_none() && facts.audio.is_none())) {
        return Err(nothing_plays(&facts, name));
    }
    let codecs: Vec<&str> = facts.codecs().collect();
    let codecs = (!codecs.is_empty()).then(|| codecs.join(","));
    Ok(Probe {
        mime_type: played_as(mime_type, &facts),
        codecs,
        duration_ms: facts.duration_ms,
        width: facts.size.map(|size| size.0),
        height: facts.size.map(|size| size.1),
        has_video: facts.video.is_some(),
        has_audio: facts.audio.is_some(),
        created: facts.created,
        rotation: facts.rotation,
        tracks: facts.tracks,
        keyframes: facts.keyframes,
    })
}

/// The media type that makes a player try: browsers refuse `video/quicktime`, though the bytes play as MP4.
fn played_as(mime_type: &str, facts: &Facts) -> String {
    let in_mp4 = |codec: &str| {
        ["avc1", "hvc1", "hev1", "vp09", "av01", "mp4a", "opus", "mp3", "flac"]
            .iter()
            .any(|name| codec.starts_with(name))
    };
    let mime_type = match mime_type {
        "video/quicktime" if facts.codecs().all(in_mp4) => "video/mp4",
        other => other,
    };
    match mime_type.strip_prefix("video/") {
        Some("quicktime") | None => mime_type.to_owned(),
        Some(container) if facts.video.is_none() => format!("audio/{container}"),
        Some(_) => mime_type.to_owned(),
    }
}

fn nothing_plays(facts: &Facts, name: &Path) -> Error {
    let name = name.display();
    if facts.no_index {
        return Error::input(
            format!("{name} has no index (moov box): the recording was cut off before its end"),
            "let the recorder finish or repair it, or copy the file again; without the index nobody can play it",
        );
    }
    let hint = "record or copy it again; a whole file plays in a browser when dropped onto it";
    let fact = match facts {
        Facts { cut: true, .. } => format!("{name} breaks off before its first frame"),
        Facts { video: None, audio: None, .. } => format!("{name} holds neither video nor sound"),
        _ => format!("{name} holds no frames"),
    };
    Error::input(fact, hint)
}

fn not_media(head: &[u8], name: &Path) -> Error {
    let shown = name.display();
    if head.is_empty() {
        return Error::input(
            format!("{shown} is empty (0 bytes)"),
            "the recorder did not finish, or the copy failed; record or copy it again",
        );
    }
    if let Some(kind) = sniff::foreign(head) {
        let hint =
            "convert it first: ffmpeg -i INPUT -c:v libx264 -pix_fmt yuv420p -c:a aac -movflags +faststart out.mp4";
        let hint = if kind.ends_with("picture") { "convert it to PNG, JPEG or WebP first" } else { hint };
        return Error::input(format!("{shown} is {kind}, which browsers do not play"), hint);
    }
    if sniff::is_text(head) {
        return Error::input(
            format!("{shown} is text, not a media file"),
            "look at it in an editor: a failed download leaves an error page under the video's name",
        );
    }
    Error::input(
        format!("{shown} is in no known media format"),
        "sealcast reads WebM, Matroska, MP4 and QuickTime video, and common audio and image files",
    )
}
