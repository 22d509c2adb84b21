//! The tracks of a `WebM` or Matroska file: what they are made of, and how long their blocks say they are.

use std::io::{self, Read, Seek};

use super::element::{Element, id};
use super::{Block, MAX_CHILDREN, Visitor};
use crate::media::codecs;
use crate::media::keys::Keys;
use crate::media::source::Source;

/// Bytes of the codec's configuration that are kept; the strings are made of the first few.
const PRIVATE_CAP: usize = 512;

/// A track of video or sound.
#[derive(Clone, Debug, Default)]
pub(in crate::media) struct Track {
    pub(in crate::media) number: u64,
    pub(in crate::media) is_video: bool,
    /// What it is, in the words of [`crate::media::Track`].
    pub(super) kind: &'static str,
    /// Degrees clockwise.
    pub(super) rotation: u16,
    pub(super) codec: Vec<u8>,
    /// The codec's configuration, or its beginning.
    pub(super) private: Vec<u8>,
    /// Nanoseconds by which frames are stamped later than they are heard.
    pub(super) delay_ns: u64,
    /// Frames are stored otherwise than they are, packed for example.
    pub(super) is_encoded: bool,
    /// Nanoseconds of a frame, when the writer promised one length for all.
    frame_ns: Option<u64>,
    /// Pixels shown, across and down.
    pub(in crate::media) size: Option<(u32, u32)>,
}

/// Hands every track to the visitor.
pub(super) fn read<R: Read + Seek>(source: &mut Source<R>, end: u64, visitor: &mut impl Visitor) -> io::Result<()> {
    for _ in 0..MAX_CHILDREN {
        let Some((element, end)) = Element::within(source, end)? else { break };
        if element.id == id::TRACK_ENTRY {
            visitor.track(track(source, end)?);
        }
        source.go(end)?;
    }
    Ok(())
}

fn track<R: Read + Seek>(source: &mut Source<R>, end: u64) -> io::Result<Track> {
    let (mut track, mut kind) = (Track::default(), 0);
    for _ in 0..MAX_CHILDREN {
        let Some((element, end)) = Element::within(source, end)? else { break };
        match element.id {
            id::TRACK_NUMBER => track.number = element.uint(source)?,
            id::TRACK_TYPE => kind = element.uint(source)?,
            id::CODEC_ID => track.codec = element.bytes(source, 32)?,
            id::CODEC_PRIVATE => track.private = element.bytes(source, PRIVATE_CAP)?,
            id::CODEC_DELAY => track.delay_ns = element.uint(source)?,
            id::ENCODINGS => track.is_encoded = true,
            id::DEFAULT_DURATION => track.frame_ns = Some(element.uint(source)?).filter(|ns| *ns > 0),
            id::VIDEO => (track.size, track.rotation) = picture(source, end)?,
            _ => {}
        }
        source.go(end)?;
    }
    track.is_video = kind == 1;
    track.kind = match kind {
        1 => "video",
        2 => "audio",
        17 => "text",
        _ => "other",
    };
    Ok(track)
}

/// The size a player shows, and how it turns it: pixels, unless the file names another size in pixels.
fn picture<R: Read + Seek>(source: &mut Source<R>, end: u64) -> io::Result<(Option<(u32, u32)>, u16)> {
    let (mut pixels, mut shown, mut unit, mut rotation) = ((0, 0), (0, 0), 0, 0);
    for _ in 0..MAX_CHILDREN {
        let Some((element, end)) = Element::within(source, end)? else { break };
        match element.id {
            id::PIXEL_WIDTH => pixels.0 = element.uint(source)?,
            id::PIXEL_HEIGHT => pixels.1 = element.uint(source)?,
            id::DISPLAY_WIDTH => shown.0 = element.uint(source)?,
            id::DISPLAY_HEIGHT => shown.1 = element.uint(source)?,
            id::DISPLAY_UNIT => unit = element.uint(source)?,
            id::PROJECTION => rotation = turn(source, end)?,
            _ => {}
        }
        source.go(end)?;
    }
    let (width, height) = if unit == 0 && shown.0 > 0 && shown.1 > 0 { shown } else { pixels };
    let size =
        u32::try_from(width).ok().zip(u32::try_from(height).ok()).filter(|(width, height)| *width > 0 && *height > 0);
    let size = size.map(|(width, height)| if rotation % 180 == 90 { (height, width) } else { (width, height) });
    Ok((size, rotation))
}

/// Degrees clockwise by which a picture is turned; the file counts the other way.
fn turn<R: Read + Seek>(source: &mut Source<R>, end: u64) -> io::Result<u16> {
    let mut degrees = 0.0;
    for _ in 0..MAX_CHILDREN {
        let Some((element, end)) = Element::within(source, end)? else { break };
        if element.id == id::POSE_ROLL {
            degrees = element.float(source)?.unwrap_or(0.0);
        }
        source.go(end)?;
    }
    // Casts stop at the ends of the range, and make zero of what is no number.
    let quarters = (-degrees / 90.0).round() as i64;
    Ok([0, 90, 180, 270][usize::try_from(quarters.rem_euclid(4)).unwrap_or(0)])
}

impl Track {
    /// The codec for `canPlayType`, or Matroska's own name of one that browsers do not know.
    pub(super) fn codec_string<R: Read + Seek>(
        &self,
        source: &mut Source<R>,
        span: &Span,
    ) -> io::Result<Option<String>> {
        let known = |text: &str| Some(text.to_owned());
        Ok(match self.codec.trim_ascii_end() {
            b"V_VP8" => known("vp8"),
            b"V_VP9" => codecs::vp9_features(&self.private).or_else(|| known("vp9")),
            b"V_AV1" => codecs::av1(&self.private).or_else(|| known(codecs::AV1)),
            b"V_MPEG4/ISO/AVC" if self.private.is_empty() => annex_b(source, span)?.or_else(|| known("avc1")),
            b"V_MPEG4/ISO/AVC" => codecs::avc(&self.private).or_else(|| known("avc1")),
            b"V_MPEGH/ISO/HEVC" => codecs::hevc("hvc1", &self.private).or_else(|| known("hvc1")),
            b"A_OPUS" => known("opus"),
            b"A_VORBIS" => known("vorbis"),
            b"A_FLAC" => known("flac"),
            b"A_MPEG/L3" => known("mp3"),
            codec if codec.starts_with(b"A_AAC") => codecs::aac(&self.private).or_else(|| known("mp4a.40.2")),
            codec => codecs::printable(codec),
        })
    }
}

/// The profile out of the first frame, where the recorder wrote no configuration.
fn annex_b<R: Read + Seek>(source: &mut Source<R>, span: &Span) -> io::Result<Option<String>> {
    let Some((start, end)) = span.first_payload.filter(|(start, _)| *start < source.len()) else { return Ok(None) };
    source.go(start)?;
    Ok(codecs::avc_annex_b(&source.head(end.saturating_sub(start), PRIVATE_CAP)?))
}

/// What the blocks of one track say about its length. Times are ticks.
#[derive(Clone, Debug, Default)]
pub(super) struct Span {
    first: i64,
    last: i64,
    frames: u64,
    /// Distance of the latest block to the one before it.
    gap: i64,
    /// Where the latest block ends by its own word.
    stated_end: Option<i64>,
    /// Frames of the latest block.
    last_frames: u32,
    first_payload: Option<(u64, u64)>,
    /// Where decoding can begin.
    pub(super) keys: Keys,
}

impl Span {
    /// Takes in a block. Blocks come in the order of decoding, so times may step back.
    pub(super) fn add(&mut self, track: &Track, block: &Block) {
        if self.frames == 0 {
            (self.first, self.last) = (block.time, block.time);
            self.first_payload = Some(block.payload).filter(|_| track.is_video);
        }
        if track.is_video && block.key {
            self.keys.push(block.time);
        }
        self.frames = self.frames.saturating_add(block.frames.into());
        self.first = self.first.min(block.time);
        if block.time > self.last {
            self.gap = block.time.saturating_sub(self.last);
        }
        if block.time >= self.last {
            self.last = block.time;
            self.last_frames = block.frames;
        }
        if let Some(duration) = block.duration.and_then(|ticks| i64::try_from(ticks).ok()) {
            self.stated_end = self.stated_end.max(Some(block.time.saturating_add(duration)));
        }
    }

    /// Where the track ends, in milliseconds from the segment's zero; `None` without blocks.
    pub(super) fn end_ms(&self, track: &Track, tick_ms: f64) -> Option<f64> {
        if self.frames == 0 {
            return None;
        }
        let last = self.last as f64 * tick_ms + self.frame_ms(track, tick_ms);
        let stated = self.stated_end.map_or(0.0, |end| end as f64 * tick_ms);
        Some(last.max(stated).max(0.0)).filter(|ms| ms.is_finite())
    }

    /// Where the track's last block begins, in milliseconds from the segment's zero; `None` without blocks.
    pub(super) fn last_ms(&self, tick_ms: f64) -> Option<f64> {
        (self.frames > 0).then_some(self.last as f64 * tick_ms)
    }

    /// How long the last block lasts when it does not say. Recorders of still screens write a frame only when
    /// something moves, so the last gap may be seconds: the mean of all is the better guess then.
    fn frame_ms(&self, track: &Track, tick_ms: f64) -> f64 {
        if self.stated_end.is_some_and(|end| end > self.last) {
            return 0.0;
        }
        if let Some(ns) = track.frame_ns {
            return ns as f64 / 1e6 * f64::from(self.last_frames);
        }
        let frames_after_first = self.frames.saturating_sub(self.last_frames.into());
        if frames_after_first == 0 {
            return 0.0;
        }
        let mean =
            self.last.saturating_sub(self.first) as f64 / frames_after_first as f64 * f64::from(self.last_frames);
        mean.min(self.gap as f64) * tick_ms
    }
}
