//! The tracks of a `WebM` or Matroska file: what they are made of, and how long their blocks say they are.

use std::io::{self, Read, Seek};

use super::element::{Element, id};
use super::{Block, MAX_CHILDREN, Visitor};
use crate::media::codecs;
use crate::media::source::Source;

/// Bytes of the codec's configuration that are kept; the strings are made of the first few.
const PRIVATE_CAP: usize = 256;

/// A track of video or sound.
#[derive(Clone, Debug, Default)]
pub(in crate::media) struct Track {
    pub(in crate::media) number: u64,
    pub(in crate::media) is_video: bool,
    codec: Vec<u8>,
    private: Vec<u8>,
    /// Nanoseconds of a frame, when the writer promised one length for all.
    frame_ns: Option<u64>,
    /// Pixels shown, across and down.
    pub(in crate::media) size: Option<(u32, u32)>,
}

/// Hands every track of video or sound to the visitor.
pub(super) fn read<R: Read + Seek>(source: &mut Source<R>, end: u64, visitor: &mut impl Visitor) -> io::Result<()> {
    for _ in 0..MAX_CHILDREN {
        let Some((element, end)) = Element::within(source, end)? else { break };
        if element.id == id::TRACK_ENTRY
            && let Some(track) = track(source, end)?
        {
            visitor.track(track);
        }
        source.go(end)?;
    }
    Ok(())
}

fn track<R: Read + Seek>(source: &mut Source<R>, end: u64) -> io::Result<Option<Track>> {
    let (mut track, mut kind) = (Track::default(), 0);
    for _ in 0..MAX_CHILDREN {
        let Some((element, end)) = Element::within(source, end)? else { break };
        match element.id {
            id::TRACK_NUMBER => track.number = element.uint(source)?,
            id::TRACK_TYPE => kind = element.uint(source)?,
            id::CODEC_ID => track.codec = element.bytes(source, 32)?,
            id::CODEC_PRIVATE => track.private = element.bytes(source, PRIVATE_CAP)?,
            id::DEFAULT_DURATION => track.frame_ns = Some(element.uint(source)?).filter(|ns| *ns > 0),
            id::VIDEO => track.size = size(source, end)?,
            _ => {}
        }
        source.go(end)?;
    }
    track.is_video = kind == 1;
    Ok(matches!(kind, 1 | 2).then_some(track))
}

/// The size a player shows: pixels, unless the file names another size in pixels.
fn size<R: Read + Seek>(source: &mut Source<R>, end: u64) -> io::Result<Option<(u32, u32)>> {
    let (mut pixels, mut shown, mut unit) = ((0, 0), (0, 0), 0);
    for _ in 0..MAX_CHILDREN {
        let Some((element, end)) = Element::within(source, end)? else { break };
        match element.id {
            id::PIXEL_WIDTH => pixels.0 = element.uint(source)?,
            id::PIXEL_HEIGHT => pixels.1 = element.uint(source)?,
            id::DISPLAY_WIDTH => shown.0 = element.uint(source)?,
            id::DISPLAY_HEIGHT => shown.1 = element.uint(source)?,
            id::DISPLAY_UNIT => unit = element.uint(source)?,
            _ => {}
        }
        source.go(end)?;
    }
    let (width, height) = if unit == 0 && shown.0 > 0 && shown.1 > 0 { shown } else { pixels };
    Ok(u32::try_from(width).ok().zip(u32::try_from(height).ok()).filter(|(width, height)| *width > 0 && *height > 0))
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
}

impl Span {
    /// Takes in a block. Blocks come in the order of decoding, so times may step back.
    pub(super) fn add(&mut self, track: &Track, block: &Block) {
        if self.frames == 0 {
            (self.first, self.last) = (block.time, block.time);
            self.first_payload = Some(block.payload).filter(|_| track.is_video);
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
