//! Keeps a span of a recording: the picture from a keyframe on, sound by its packets, logs exactly.
//!
//! It comes between import and bundle, when all clocks are aligned. The timeline's zero moves to the first frame that
//! is kept, so that picture and logs stay in step.

mod captions;
mod frames;
mod media;

use serde_json::{Map, Value};

use crate::error::Error;
use crate::recording::{MediaKind, Recording};
use crate::scratch::Scratch;
use crate::sink::Sink;
use crate::when::clock_text;

/// What shall be kept, in ms from the timeline's zero.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Span {
    /// Where it begins; `None` = where the recording does.
    pub from: Option<f64>,
    /// Where it ends; `None` = where the recording does.
    pub to: Option<f64>,
    /// Whether the poster was named, and so is kept whatever it shows.
    pub keep_poster: bool,
}

impl Span {
    /// A span of the timeline.
    #[must_use]
    pub const fn new(from: Option<f64>, to: Option<f64>, keep_poster: bool) -> Self {
        Self { from, to, keep_poster }
    }

    fn limits(&self) -> (f64, f64) {
        (self.from.unwrap_or(f64::NEG_INFINITY), self.to.unwrap_or(f64::INFINITY))
    }
}

/// What was kept, in ms from the zero that the timeline had before.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Trimmed {
    /// Where the span begins.
    pub from: f64,
    /// Where it ends; `None` = where the recording did.
    pub to: Option<f64>,
    /// The timeline's new zero: the first frame that is kept, at or before `from`.
    pub cut: f64,
}

/// Keeps a span of a recording whose clock is known.
///
/// # Errors
/// When nothing lies in the span, or a medium cannot be read, cut or written.
pub fn trim(recording: &mut Recording, sink: &mut Sink, span: Span) -> Result<Trimmed, Error> {
    let scratch = Scratch::default();
    let (from, to) = span.limits();
    let zero = recording.clock.zero.or(sink.wall_span().map(|span| span.0));
    let length = length(recording, sink, zero);
    if let Some(end) = length.filter(|end| from >= *end) {
        let fact = format!("--from {} lies behind the end of the recording ({})", clock_text(from), clock_text(end));
        return Err(Error::input(fact, "name an earlier time"));
    }
    let cut = media::video(recording, (from, to))?.unwrap_or(from.max(0.0));
    media::sound(recording, (from, to), cut, &scratch)?;
    captions::trim(recording, (from, to), cut, &scratch)?;
    frames::trim(recording, (from, to), zero.unwrap_or(0.0), &scratch)?;
    drop_pictures(recording, span.keep_poster);
    drop_metadata(recording);
    let zero = zero.map(|zero| zero + cut);
    recording.clock.zero = zero;
    recording.duration_ms = length.map(|length| length.min(to) - cut);
    let untimed = sink.trim(cut, (from, to), zero);
    if untimed > 0 {
        let entries = if untimed == 1 { "1 log entry".into() } else { format!("{untimed} log entries") };
        recording.warnings.push(format!("{entries} without a time left out: nothing says whether in the span or not"));
    }
    Ok(Trimmed { from: from.max(0.0), to: span.to, cut })
}

/// Where the recording ends, as far as it is known: its video, else the last of all else.
fn length(recording: &Recording, sink: &Sink, zero: Option<f64>) -> Option<f64> {
    let track = |kind| {
        let medium = recording.media.iter().find(|medium| medium.kind == kind)?;
        medium.duration_ms.map(|length| medium.start_ms + length)
    };
    let wall = sink.wall_span().map(|span| span.1).zip(zero).map(|(end, zero)| end - zero);
    let frames = recording.frames.as_ref().and_then(|frames| Some(frames.span()?.1 - zero?));
    let rest = [recording.duration_ms, track(MediaKind::Audio), wall, sink.offset_span().map(|span| span.1), frames];
    track(MediaKind::Video).or_else(|| rest.into_iter().flatten().reduce(f64::max))
}

/// Leaves out pictures of which nobody knows when they were taken.
fn drop_pictures(recording: &mut Recording, keep_poster: bool) {
    let unknown = |kind| kind == MediaKind::Image || (kind == MediaKind::Poster && !keep_poster);
    let before = recording.media.len();
    recording.media.retain(|medium| !unknown(medium.kind));
    match before - recording.media.len() {
        0 => {}
        1 => recording.warnings.push("1 picture left out: nothing says whether it was taken in the span".into()),
        many => recording.warnings.push(format!("{many} pictures left out: nothing says whether taken in the span")),
    }
}

/// Leaves out metadata that tell of what happened: the page that was open, what it kept and how quick it was, how the
/// test ended.
fn drop_metadata(recording: &mut Recording) {
    let mut left_out = Vec::new();
    for key in ["page", "performance", "storage"] {
        left_out.extend(recording.metadata.shift_remove(key).map(|_| key.to_owned()));
    }
    if let Some(Value::Object(test)) = recording.metadata.get_mut("test") {
        let told: Map<_, _> = std::mem::take(test);
        for (key, value) in told {
            if matches!(key.as_str(), "title" | "file") {
                test.insert(key, value);
            } else {
                left_out.push(format!("test.{key}"));
            }
        }
    }
    if !left_out.is_empty() {
        let list = left_out.join(", ");
        recording.warnings.push(format!("metadata left out, which may tell of what lies outside the span: {list}"));
    }
}
