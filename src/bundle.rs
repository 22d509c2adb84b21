//! From a recording and its events to a bundle: a manifest and its parts, not yet in any layout.

mod events;
mod frames;
mod measured;

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::PathBuf;

use crate::blocks::round;
use crate::error::Error;
use crate::header::{FORMAT_VERSION, Header};
use crate::language::Language;
use crate::manifest::{Manifest, MediaPart, PreviewPart, Timeline};
use crate::media::{Repaired, Splice};
use crate::recording::{Grid, Media, MediaKind, Recording};
use crate::redact::{Spot, proof};
use crate::scratch::Scratch;
use crate::seal::{Checks, Root, Sealing, padme};
use crate::sink::Sink;
pub(crate) use measured::Measured;

/// Program and version, as the manifest names them.
pub const PRODUCER: &str = concat!("sealcast ", env!("CARGO_PKG_VERSION"));

/// A bundle before it is laid out.
#[derive(Debug)]
#[non_exhaustive]
pub struct Bundle {
    /// The header.
    pub header: Header,
    /// The manifest; its list of parts is filled in by the layout.
    pub manifest: Manifest,
    /// The parts, in the order they are written; ids count from 1.
    pub parts: Vec<Part>,
    /// Earliest start and latest end of the timed events, in ms from the timeline's zero.
    pub span: Option<(f64, f64)>,
    /// What the parts are sealed with, when they are.
    pub seal: Option<Seal>,
    /// The first places where a secret was taken out.
    pub spots: Vec<Spot>,
    /// The language of the page.
    pub language: Language,
}

/// What the parts of a bundle are sealed with.
#[derive(Debug)]
#[non_exhaustive]
pub struct Seal {
    /// What stands beside the header.
    pub checks: Checks,
    /// The key of all parts.
    pub root: Root,
    /// Origin of the key share's URL, the one place the page may ask beside its own.
    pub share_origin: Option<String>,
}

impl Bundle {
    /// Has the parts sealed as they are laid out.
    pub fn seal(&mut self, sealing: Sealing, share_origin: Option<String>) {
        let Sealing { header, checks, root } = sealing;
        self.header = header;
        self.seal = Some(Seal { checks, root, share_origin });
    }

    /// The title that may stand in the page's markup: of a sealed bundle none.
    #[must_use]
    pub fn public_title(&self) -> Option<&str> {
        self.manifest.title.as_deref().filter(|_| self.seal.is_none())
    }
}

/// A part and where its bytes come from.
#[derive(Debug)]
#[non_exhaustive]
pub struct Part {
    /// Part id.
    pub id: u32,
    /// What it is, which decides its carrier.
    pub kind: PartKind,
    /// Media type of the part as a file.
    pub content_type: String,
    /// Length in bytes.
    pub length: u64,
    body: Body,
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartKind {
    /// Index of a stream: always inline.
    Index,
    /// Rows, details, order.
    Log,
    /// A medium.
    Media(MediaKind),
}

#[derive(Debug)]
enum Body {
    Bytes(Vec<u8>),
    Spooled(File),
    /// A file, what is carried of it, and what keeps it there when it was unpacked.
    Path(PathBuf, Option<Splice>, #[expect(dead_code, reason = "it is held, not looked at")] Option<Scratch>),
}

impl Part {
    /// Opens the part's bytes from their start.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(&self) -> Result<Box<dyn Read + '_>, Error> {
        match &self.body {
            Body::Bytes(bytes) => Ok(Box::new(&bytes[..])),
            Body::Spooled(file) => {
                let mut file = file;
                file.seek(SeekFrom::Start(0))
                    .map_err(Error::io("cannot read a temporary file in", std::env::temp_dir()))?;
                Ok(Box::new(file))
            }
            Body::Path(path, splice, _) => {
                let file = File::open(path).map_err(Error::io("cannot open", path))?;
                Ok(match splice {
                    Some(splice) => Box::new(splice.reader(file)),
                    None => Box::new(file),
                })
            }
        }
    }

    /// Length of the part when it is padded, so that its size tells little of what is in it; media never are.
    #[must_use]
    pub const fn padded_length(&self) -> u64 {
        match self.kind {
            PartKind::Index | PartKind::Log => padme(self.length),
            PartKind::Media(_) => self.length,
        }
    }

    /// Opens the part with its padding behind it: spaces behind JSON, else zero bytes.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open_padded(&self) -> Result<Box<dyn Read + '_>, Error> {
        let fill = if self.kind == PartKind::Index { b' ' } else { 0 };
        let padding = io::repeat(fill).take(self.padded_length() - self.length);
        Ok(Box::new(self.open()?.chain(padding)))
    }

    /// Where the bytes are read from, for messages.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        match &self.body {
            Body::Path(path, ..) => path.clone(),
            Body::Bytes(_) | Body::Spooled(_) => std::env::temp_dir(),
        }
    }
}

/// Which panels a share has.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Panels {
    /// Names of the panels wanted; `None` = all that have data.
    pub only: Option<Vec<String>>,
}

impl Panels {
    /// These panels only.
    #[must_use]
    pub fn only(mut names: Vec<String>) -> Self {
        let mut seen = Vec::new();
        names.retain(|name| {
            let new = !seen.contains(name);
            seen.push(name.clone());
            new
        });
        Self { only: Some(names) }
    }

    /// Whether a panel is wanted.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|names| names.iter().any(|wanted| wanted == name))
    }
}

/// Builds a bundle. What the sink's redactor took out is searched for in all that is text.
///
/// # Errors
/// When a temporary file or a medium cannot be read or written, or a secret is found that was taken out elsewhere.
pub fn build(recording: &Recording, sink: Sink, header: Header, panels: &Panels) -> Result<Bundle, Error> {
    let zero = recording.clock.zero.or(sink.wall_span().map(|span| span.0));
    let span = event_span(&sink, zero.unwrap_or(0.0));
    let mut manifest = Manifest {
        v: FORMAT_VERSION,
        producer: PRODUCER.into(),
        title: recording.title.clone(),
        started: zero,
        duration: round(duration(recording, zero, span)),
        timeline: Timeline {
            source: recording.clock.source.name().into(),
            uncertainty: recording.clock.uncertainty_ms,
            offset: recording.clock.offset_ms,
        },
        panels: panels.only.clone(),
        ..Manifest::default()
    };
    let info = panels.has("info");
    if info {
        manifest.note.clone_from(&recording.note);
        manifest.metadata.clone_from(&recording.metadata);
        manifest.warnings.clone_from(&recording.warnings);
    }
    let mut parts = Parts::default();
    let small = |kind| matches!(kind, MediaKind::Captions | MediaKind::Poster);
    add_media(&mut manifest, &mut parts, recording.media.iter().filter(|medium| small(medium.kind)))?;
    let redactor = events::write(sink, zero.unwrap_or(0.0), span, &mut manifest, &mut parts)?;
    if let Some(pictures) = &recording.frames {
        manifest.frames = Some(frames::add(pictures, zero.unwrap_or(0.0), &mut parts)?);
    }
    // Stills are shown in the Info panel and nowhere else.
    let large = |medium: &&Media| !small(medium.kind) && (info || medium.kind != MediaKind::Image);
    add_media(&mut manifest, &mut parts, recording.media.iter().filter(large))?;
    let parts = parts.list;
    let mut bundle =
        Bundle { header, manifest, parts, span, seal: None, spots: Vec::new(), language: Language::default() };
    if let Some(redactor) = redactor {
        bundle.manifest.redaction = Some(redactor.report());
        bundle.spots = redactor.spots().to_vec();
        proof::scan(&redactor.into_originals(), &bundle)?;
    }
    Ok(bundle)
}

/// Earliest start and latest end of all events, from the timeline's zero.
fn event_span(sink: &Sink, zero: f64) -> Option<(f64, f64)> {
    let wall = sink.wall_span().map(|(from, to)| (from - zero, to - zero));
    let span = match (wall, sink.offset_span()) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    };
    sink.clip(span?)
}

/// The video's length; without one, what the recording says; else the end of the last event or frame.
fn duration(recording: &Recording, zero: Option<f64>, span: Option<(f64, f64)>) -> f64 {
    let track = |kind| {
        let medium = recording.media.iter().find(|medium| medium.kind == kind)?;
        medium.duration_ms.map(|length| medium.start_ms + length)
    };
    let last = recording.frames.as_ref().and_then(|frames| Some(frames.span()?.1 - zero?));
    let end = span.map(|span| span.1);
    track(MediaKind::Video)
        .or(recording.duration_ms)
        .or_else(|| track(MediaKind::Audio))
        .or(end.into_iter().chain(last).reduce(f64::max))
        .unwrap_or(0.0)
        .max(0.0)
}

/// Parts in the order of their ids.
#[derive(Debug, Default)]
struct Parts {
    list: Vec<Part>,
}

impl Parts {
    fn add(&mut self, kind: PartKind, content_type: &str, length: u64, body: Body) -> u32 {
        let id = u32::try_from(self.list.len() + 1).unwrap_or(u32::MAX);
        self.list.push(Part { id, kind, content_type: content_type.into(), length, body });
        id
    }

    fn log(&mut self, (file, length): (File, u64)) -> u32 {
        self.add(PartKind::Log, "application/octet-stream", length, Body::Spooled(file))
    }
}

fn add_media<'m>(
    manifest: &mut Manifest,
    parts: &mut Parts,
    media: impl Iterator<Item = &'m Media>,
) -> Result<(), Error> {
    for medium in media {
        let splice = medium.repaired.as_ref().map(|repaired| repaired.splice.clone());
        let length = match &splice {
            Some(splice) => splice.len(),
            None => std::fs::metadata(&medium.path).map_err(Error::io("cannot read", &medium.path))?.len(),
        };
        let body = Body::Path(medium.path.clone(), splice, medium.scratch.clone());
        let part = parts.add(PartKind::Media(medium.kind), &medium.mime_type, length, body);
        let entry = MediaPart {
            part,
            mime_type: medium.mime_type.clone(),
            name: medium.shown_name(),
            codecs: medium.codecs.clone(),
            start: Some(medium.start_ms).filter(|start| *start != 0.0),
            duration: medium.duration_ms.map(round),
            width: medium.width,
            height: medium.height,
            rotation: medium.rotation,
            tracks: medium.tracks.clone(),
            keyframes: medium.keyframes.clone(),
            language: medium.language.clone(),
            label: medium.label.clone(),
            masks: medium.masks.clone(),
            missing: words(medium, |repaired| &repaired.missing),
            repairs: medium
                .done
                .iter()
                .map(|words| (*words).into())
                .chain(words(medium, |repaired| &repaired.repairs))
                .collect(),
        };
        match medium.kind {
            MediaKind::Video => manifest.video = Some(entry),
            MediaKind::Audio => manifest.audio = Some(entry),
            MediaKind::Poster => manifest.poster = Some(entry),
            MediaKind::Captions => manifest.captions.push(entry),
            MediaKind::Image => manifest.stills.push(entry),
            MediaKind::Preview => {
                let Grid { width, height, columns, count, interval } = medium.grid.unwrap_or_default();
                let mime_type = entry.mime_type;
                manifest.preview = Some(PreviewPart { part, mime_type, width, height, columns, count, interval });
            }
        }
    }
    Ok(())
}

/// What a repair has to say of a medium.
fn words(medium: &Media, of: fn(&Repaired) -> &Vec<&'static str>) -> Vec<String> {
    medium.repaired.iter().flat_map(of).map(|words| (*words).into()).collect()
}
