//! `WebM` and Matroska, read as a stream of elements. Segment and Cluster are entered, not skipped, so their own
//! sizes do not matter: recorders that write to a pipe leave them unknown, and a cut file has wrong ones.
//! [`scan`] tells a [`Visitor`] what passes by and keeps nothing itself; payloads are jumped over.

mod cut;
mod element;
mod front;
mod index;
mod join;
mod packets;
mod plan;
mod repair;
mod tracks;
mod wrap;
mod write;

use std::io::{self, Read, Seek};
use std::ops::Range;

use super::source::{Source, is_malformed};
use super::{Created, Facts};
use crate::interrupt;
pub(super) use cut::cut;
use element::{Element, id};
pub(super) use join::join;
pub(super) use packets::packets;
pub(super) use repair::repair;
use tracks::{Span, Track};
pub(super) use wrap::wrap;

/// Where Matroska's dates count from: the start of 2001, in ms since 1970.
const EPOCH_MS: f64 = 978_307_200_000.0;
/// More tracks than this are not looked at.
const MAX_TRACKS: usize = 64;
/// Children of Info, of Tracks and of a block's group beyond this number are no recorder's.
const MAX_CHILDREN: usize = 256;
/// Places that make no sense, after which the rest is left out. Each may cost a look at what claims to lie behind it,
/// so without an end a file made for it would be read over and over.
const MAX_DAMAGES: u32 = 1_000;
/// Nanoseconds a tick lasts unless the file says otherwise.
const DEFAULT_TICK: u64 = 1_000_000;
/// How far a declared length may be off.
const LENGTH_SLACK_MS: f64 = 50.0;
/// How much longer than measured a header may say that a file lasts.
const LAST_FRAME_MS: f64 = 1_000.0;

/// What the segment's Info element says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Info {
    /// Nanoseconds of a tick.
    pub(super) tick_ns: u64,
    /// Length in ticks; absent, zero or wrong in what recorders write.
    pub(super) duration: Option<f64>,
    /// When the file was begun, in ns since 2001.
    pub(super) date: Option<i64>,
}

/// One block of a cluster: a frame, or several when laced.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// Number of the track it belongs to.
    pub(super) track: u64,
    /// Time in ticks from the segment's zero.
    pub(super) time: i64,
    /// Length in ticks, where the block says so.
    pub(super) duration: Option<u64>,
    /// Frames in it.
    pub(super) frames: u32,
    /// Whether decoding can begin with it.
    pub(super) key: bool,
    /// Where its payload begins and ends in the file.
    pub(super) payload: (u64, u64),
    /// Where its own time stands in the file, and that time, in ticks from its cluster's.
    pub(super) stamp: (u64, i16),
    /// Bytes that the number of its track takes, which stands before its time.
    pub(super) number_len: u64,
}

/// Gets what [`scan`] finds, in the order of the file.
pub(super) trait Visitor {
    /// The segment's Info.
    fn info(&mut self, info: Info);
    /// A track, before any of its blocks.
    fn track(&mut self, track: Track);
    /// A block whose header could be read; its payload may be cut.
    fn block(&mut self, block: Block);
    /// A Segment or a Cluster begins.
    fn opened(&mut self, _element: Element) {}
    /// Any other element of a segment or a cluster has passed by, and all of it is there.
    fn passed(&mut self, _element: Element) {}
}

/// How the reading ended.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct End {
    /// The file breaks off.
    pub(super) cut: bool,
    /// Something in the middle made no sense; what lay from there to the next cluster was left out.
    pub(super) damaged: bool,
    /// Another recording follows. Its times start again at zero, and browsers do not play it.
    pub(super) more: bool,
}

/// Reads a file from its EBML header on to the end of the first segment.
pub(super) fn scan<R: Read + Seek>(source: &mut Source<R>, visitor: &mut impl Visitor) -> io::Result<End> {
    let mut walk = Walk::begin(source)?;
    while walk.step(source, visitor)? {}
    Ok(walk.scan.end)
}

/// The same, an element at a time.
struct Walk {
    scan: Scan,
    damages: Range<u32>,
}

impl Walk {
    fn begin<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Self> {
        source.go(0)?;
        let scan = Scan { limit: source.len(), end: End::default(), cluster: 0, in_segment: false };
        Ok(Self { scan, damages: 0..MAX_DAMAGES })
    }

    /// Reads one element; false at the end.
    fn step<R: Read + Seek>(&mut self, source: &mut Source<R>, visitor: &mut impl Visitor) -> io::Result<bool> {
        let at = source.at();
        match self.scan.step(source, visitor) {
            Err(error) if is_malformed(&error) => {
                let may_go_on = self.scan.in_segment && self.damages.next().is_some();
                let goes_on = may_go_on && resume(source, at, self.scan.limit)?;
                let end = &mut self.scan.end;
                *(if goes_on { &mut end.damaged } else { &mut end.cut }) = true;
                Ok(goes_on)
            }
            other => other,
        }
    }
}

/// Looks for the next cluster behind a place that makes no sense. Every such search begins behind the one before,
/// so all of them together read the file once.
fn resume<R: Read + Seek>(source: &mut Source<R>, bad: u64, limit: u64) -> io::Result<bool> {
    source.go(bad.saturating_add(1).min(source.len()))?;
    let mut last = 0_u32;
    while source.at() < limit {
        last = last << 8 | u32::from(source.u8()?);
        let after = source.at();
        let Some(start) = after.checked_sub(4).filter(|_| last == id::CLUSTER) else { continue };
        source.go(start)?;
        match begins_cluster(source) {
            Ok(true) => return source.go(start).map(|()| true),
            Err(error) if !is_malformed(&error) => return Err(error),
            _ => source.go(after)?,
        }
    }
    Ok(false)
}

/// Whether the id at which the source stands is a cluster's, not four bytes of a picture that happen to look so.
fn begins_cluster<R: Read + Seek>(source: &mut Source<R>) -> io::Result<bool> {
    Element::read(source)?;
    let first = Element::read(source)?.id;
    Ok(matches!(first, id::TIMESTAMP | id::CRC | id::VOID | id::POSITION | id::PREV_SIZE))
}

struct Scan {
    /// Where the segment ends.
    limit: u64,
    end: End,
    /// Time of the current cluster in ticks.
    cluster: i64,
    in_segment: bool,
}

impl Scan {
    /// Reads one element; false at the end.
    fn step<R: Read + Seek>(&mut self, source: &mut Source<R>, visitor: &mut impl Visitor) -> io::Result<bool> {
        if source.at() >= self.limit {
            return Ok(false);
        }
        let element = Element::read(source)?;
        match element.id {
            id::SEGMENT | id::EBML if self.in_segment => {
                self.end.more = true;
                return Ok(false);
            }
            id::SEGMENT => {
                self.in_segment = true;
                if let Some(end) = element.end() {
                    self.end.cut = end > source.len();
                    self.limit = end.min(source.len());
                }
                visitor.opened(element);
                return Ok(true);
            }
            id::CLUSTER => {
                interrupt::check_io()?;
                self.cluster = 0;
                visitor.opened(element);
                return Ok(true);
            }
            _ => {}
        }
        let end = element.known_end()?;
        self.child(source, visitor, element, end)?;
        source.go(end)?;
        visitor.passed(element);
        Ok(true)
    }

    /// Reads what lies inside the segment or a cluster.
    fn child<R: Read + Seek>(
        &mut self,
        source: &mut Source<R>,
        visitor: &mut impl Visitor,
        element: Element,
        end: u64,
    ) -> io::Result<()> {
        match element.id {
            id::INFO => visitor.info(info(source, end)?),
            id::TRACKS => tracks::read(source, end, visitor)?,
            id::TIMESTAMP => self.cluster = i64::try_from(element.uint(source)?).unwrap_or(i64::MAX),
            id::SIMPLE_BLOCK => {
                if let Some(block) = self.block(source, end)? {
                    visitor.block(block);
                }
            }
            id::BLOCK_GROUP => self.group(source, visitor, end)?,
            _ => {}
        }
        Ok(())
    }

    /// Reads the header of a block; `None` for one too short to have any.
    fn block<R: Read + Seek>(&self, source: &mut Source<R>, end: u64) -> io::Result<Option<Block>> {
        let start = source.at();
        let Some(track) = element::number(source, 8)?.value else { return Ok(None) };
        let stamp_at = source.at();
        let relative = i16::from_be_bytes(source.array()?);
        let flags = source.u8()?;
        let frames = if flags & 0x06 == 0 { 1 } else { u32::from(source.u8()?) + 1 };
        let time = self.cluster.saturating_add(relative.into());
        let (key, payload) = (flags & 0x80 != 0, (source.at(), end));
        Ok((source.at() <= end).then_some(Block {
            track,
            time,
            duration: None,
            frames,
            key,
            payload,
            stamp: (stamp_at, relative),
            number_len: stamp_at.saturating_sub(start),
        }))
    }

    /// Reads a block that has an element of its own for its length, its references and so on.
    fn group<R: Read + Seek>(&self, source: &mut Source<R>, visitor: &mut impl Visitor, end: u64) -> io::Result<()> {
        let (mut block, mut duration, mut key) = (None, None, true);
        for _ in 0..MAX_CHILDREN {
            let Some((element, end)) = Element::within(source, end)? else { break };
            match element.id {
                id::BLOCK => block = self.block(source, end)?,
                id::BLOCK_DURATION => duration = Some(element.uint(source)?),
                id::REFERENCE => key = false,
                _ => {}
            }
            // The payload may be cut while its header is there.
            match source.go(end) {
                Err(error) if is_malformed(&error) => break,
                other => other?,
            }
        }
        if let Some(block) = block {
            visitor.block(Block { duration, key, ..block });
        }
        Ok(())
    }
}

fn info<R: Read + Seek>(source: &mut Source<R>, end: u64) -> io::Result<Info> {
    let mut info = Info { tick_ns: DEFAULT_TICK, duration: None, date: None };
    for _ in 0..MAX_CHILDREN {
        let Some((element, end)) = Element::within(source, end)? else { break };
        match element.id {
            id::TICK => info.tick_ns = element.uint(source)?,
            id::DURATION => info.duration = element.float(source)?,
            id::DATE => info.date = Some(element.uint(source)?.cast_signed()),
            _ => {}
        }
        source.go(end)?;
    }
    Ok(info)
}

/// What [`probe`] gathers while the file passes by.
#[derive(Default)]
struct Gather {
    /// Length of the file in bytes.
    len: u64,
    info: Option<Info>,
    tracks: Vec<(Track, Span)>,
}

impl Visitor for Gather {
    fn info(&mut self, info: Info) {
        self.info.get_or_insert(info);
    }

    fn track(&mut self, track: Track) {
        if self.tracks.len() < MAX_TRACKS {
            self.tracks.push((track, Span::default()));
        }
    }

    fn block(&mut self, block: Block) {
        // Half a frame is not shown.
        if block.payload.1 > self.len {
            return;
        }
        if let Some((track, span)) = self.tracks.iter_mut().find(|(track, _)| track.number == block.track) {
            span.add(track, &block);
        }
    }
}

impl Gather {
    fn new(len: u64) -> Self {
        Self { len, ..Self::default() }
    }

    fn tick_ns(&self) -> u64 {
        self.info.map(|info| info.tick_ns).filter(|ns| *ns > 0).unwrap_or(DEFAULT_TICK)
    }

    /// Length in ms that the header declares, where it declares any.
    fn declared_ms(&self) -> Option<f64> {
        let ticks = self.info.and_then(|info| info.duration)?;
        Some(ticks * self.tick_ns() as f64 / 1e6).filter(|ms| ms.is_finite() && *ms > 0.0)
    }

    /// Length in ms from the segment's zero to the end of the last frame. How long that one stands is a guess where
    /// it does not say, so a header that is near is believed, and one that is far off is not.
    fn length_ms(&self, end: End) -> Option<f64> {
        let tick_ms = self.tick_ns() as f64 / 1e6;
        let media = || self.tracks.iter().filter(|(track, _)| matches!(track.kind, "video" | "audio"));
        let measured = media().filter_map(|(track, span)| span.end_ms(track, tick_ms)).reduce(f64::max)?;
        // A cut file still declares the length it once had.
        let declared = self.declared_ms().filter(|_| !end.cut);
        let last = media().filter_map(|(_, span)| span.last_ms(tick_ms)).reduce(f64::max)?;
        let near = last.min(measured - LENGTH_SLACK_MS)..=measured + LAST_FRAME_MS;
        Some(declared.filter(|ms| near.contains(ms)).unwrap_or(measured))
    }
}

/// What there is to say about a `WebM` or Matroska file.
pub(super) fn probe<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Facts> {
    let mut found = Gather::new(source.len());
    let end = scan(source, &mut found)?;
    let mut facts = Facts { cut: end.cut, ..Facts::default() };
    facts.duration_ms = found.length_ms(end);
    facts.has_frames = facts.duration_ms.is_some();
    facts.created = found.info.and_then(|info| info.date).and_then(|ns| Created::since(EPOCH_MS, ns as f64 / 1e6));
    let tick_ms = found.tick_ns() as f64 / 1e6;
    for (track, span) in &found.tracks {
        let codec = track.codec_string(source, span)?;
        facts.list(track.kind, codec.clone(), track.size);
        match track.kind {
            "video" if facts.video.is_none() => {
                facts.add(true, codec, track.size);
                facts.rotation = track.rotation;
                facts.keyframes = span.keys.clone().finish(|time| time as f64 * tick_ms, facts.duration_ms);
            }
            "audio" if facts.audio.is_none() => facts.add(false, codec, None),
            _ => {}
        }
    }
    Ok(facts)
}
