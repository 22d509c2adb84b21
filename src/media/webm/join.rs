//! Puts the sound of one `WebM` or Matroska file into another that has none, so that players keep both in step.
//!
//! Both files are read once, in their order. Frames are copied as they are, with their own flags and references; only
//! the clusters around them are new, where sound and picture follow each other by time. Clusters and segment leave
//! their sizes open, and there is neither length nor index: [`super::repair`] knows how to add these.

mod front;

use std::io::{self, Read, Seek, Write};

use super::element::{Element, id};
use super::tracks::Track;
use super::{Block, DEFAULT_TICK, Info, MAX_TRACKS, Visitor, Walk, write};
use crate::media::join::{Joined, Trouble, copy};
use crate::media::source::{Source, is_malformed};
use front::Front;

/// Nanoseconds after which a cluster ends, also where the picture's goes on: sound alone has no reason to end one.
const CLUSTER_NS: u64 = 5_000_000_000;
/// More tags, chapters and attachments than this before the frames are not kept.
const MAX_EXTRAS: usize = 64;

/// Writes a file with the tracks of the first and the sound of the second, which begins so many ms later. `None` when
/// that makes no sense: there is no sound, or a front that nobody could read.
pub(in crate::media) fn join<V: Read + Seek, S: Read + Seek>(
    video: &mut Source<V>,
    sound: &mut Source<S>,
    later_ms: f64,
    out: &mut impl Write,
) -> Result<Option<Joined>, Trouble> {
    let (mut video, mut sound) = (Deck::begin(video)?, Deck::begin(sound)?);
    let front = match front::front(&mut video, &mut sound) {
        Err(error) if is_malformed(&error) => None,
        front => front?,
    };
    let Some(front) = front else { return Ok(None) };
    let tick_ns = video.seen.tick_ns();
    let mut writer = Writer {
        out,
        span: i64::try_from(CLUSTER_NS / tick_ns).unwrap_or(i64::MAX).max(1),
        cluster: None,
        ends: false,
    };
    writer.bytes(&front.bytes)?;
    for extra in std::mem::take(&mut video.seen.extras) {
        writer.stretch(video.source, extra.start, extra.known_end()?)?;
    }
    video.source.go(video.at)?;
    let mut feed = Feed::begin(sound, &front, tick_ns, later_ms)?;
    while let Some(found) = video.next()? {
        match found {
            Found::Cluster => writer.ends = true,
            Found::Extra(element) => {
                writer.cluster = None;
                writer.stretch(video.source, element.start, element.known_end()?)?;
            }
            Found::Block(block, element) => {
                feed.pour(&mut writer, block.time)?;
                if std::mem::take(&mut writer.ends) {
                    writer.cluster = None;
                }
                writer.block(video.source, &block, element, block.time, Vec::new())?;
            }
        }
    }
    feed.pour(&mut writer, i64::MAX)?;
    writer.out.flush().map_err(Trouble::Write)?;
    Ok(Some(feed.joined).filter(|joined| joined.packets > 0))
}

/// What passes by.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    Cluster,
    Block(Block, Element),
    /// Tags, chapters or attachments.
    Extra(Element),
}

/// What is known of a file so far.
#[derive(Default)]
pub(super) struct Seen {
    header: Option<Element>,
    info: Option<Element>,
    tick_ns: Option<u64>,
    tracks: Option<Element>,
    pub(super) list: Vec<Track>,
    /// Extras before the first cluster.
    extras: Vec<Element>,
    pending: Option<Block>,
    found: Option<Found>,
}

impl Seen {
    pub(super) fn tick_ns(&self) -> u64 {
        self.tick_ns.unwrap_or(DEFAULT_TICK)
    }
}

impl Visitor for Seen {
    fn info(&mut self, info: Info) {
        self.tick_ns = self.tick_ns.or(Some(info.tick_ns).filter(|ns| *ns > 0));
    }

    fn track(&mut self, track: Track) {
        if self.list.len() < MAX_TRACKS {
            self.list.push(track);
        }
    }

    fn block(&mut self, block: Block) {
        self.pending = Some(block);
    }

    fn opened(&mut self, element: Element) {
        self.pending = None;
        self.found = (element.id == id::CLUSTER).then_some(Found::Cluster);
    }

    fn passed(&mut self, element: Element) {
        let block = self.pending.take();
        match element.id {
            id::EBML => drop(self.header.get_or_insert(element)),
            id::INFO => drop(self.info.get_or_insert(element)),
            id::TRACKS => drop(self.tracks.get_or_insert(element)),
            id::TAGS | id::CHAPTERS | id::ATTACHMENTS => self.found = Some(Found::Extra(element)),
            _ => self.found = block.map(|block| Found::Block(block, element)),
        }
    }
}

/// A file on its way.
pub(super) struct Deck<'s, R> {
    pub(super) source: &'s mut Source<R>,
    walk: Walk,
    pub(super) seen: Seen,
    /// Where its frames begin.
    pub(super) at: u64,
}

impl<'s, R: Read + Seek> Deck<'s, R> {
    /// Reads what comes before the frames.
    pub(super) fn begin(source: &'s mut Source<R>) -> io::Result<Self> {
        let walk = Walk::begin(source)?;
        let mut deck = Self { source, walk, seen: Seen::default(), at: 0 };
        while let Some(Found::Extra(element)) = deck.next()? {
            if deck.seen.extras.len() < MAX_EXTRAS {
                deck.seen.extras.push(element);
            }
        }
        deck.at = deck.source.at();
        Ok(deck)
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Found>> {
        self.seen.found = None;
        while self.walk.step(self.source, &mut self.seen)? {
            if let Some(found) = self.seen.found.take() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// The sound, packet by packet.
struct Feed<'s, R> {
    deck: Deck<'s, R>,
    /// Numbers of its track there and here.
    number: (u64, u64),
    /// Nanoseconds of a tick there and here, and by how many it comes later here.
    ticks: (u64, u64),
    later_ns: i128,
    next: Option<(i64, Block, Element)>,
    joined: Joined,
}

impl<'s, R: Read + Seek> Feed<'s, R> {
    fn begin(deck: Deck<'s, R>, front: &Front, tick_ns: u64, later_ms: f64) -> io::Result<Self> {
        let ticks = (deck.seen.tick_ns(), tick_ns);
        deck.source.go(deck.at)?;
        // Casts stop at the ends of the range.
        let later_ns = i128::from((later_ms * 1e6).round() as i64);
        let mut feed = Self { deck, number: front.number, ticks, later_ns, next: None, joined: Joined::default() };
        feed.next()?;
        Ok(feed)
    }

    /// A time of its file in ticks of the new one, to the nearest.
    fn moved(&self, time: i64) -> Option<i64> {
        let (there, here) = (i128::from(self.ticks.0), i128::from(self.ticks.1));
        let doubled = i128::from(time).checked_mul(there)?.checked_add(self.later_ns)?.checked_mul(2)?;
        i64::try_from(doubled.checked_add(here)?.div_euclid(here.checked_mul(2)?)).ok()
    }

    /// Goes to the next packet that lies at or behind the zero.
    fn next(&mut self) -> io::Result<()> {
        self.next = None;
        while let Some(found) = self.deck.next()? {
            let Found::Block(block, element) = found else { continue };
            let Some(time) = self.moved(block.time).filter(|_| block.track == self.number.0) else { continue };
            if time >= 0 {
                self.next = Some((time, block, element));
                break;
            }
            let lost_ms = time.unsigned_abs() as f64 * self.ticks.1 as f64 / 1e6;
            self.joined.lost_ms = self.joined.lost_ms.max(lost_ms);
        }
        Ok(())
    }

    /// Writes what begins before a time.
    fn pour<W: Write>(&mut self, writer: &mut Writer<'_, W>, before: i64) -> Result<(), Trouble> {
        while let Some((time, block, element)) = self.next.filter(|(time, ..)| *time < before) {
            let patches = self.patches(&block, element)?;
            writer.block(self.deck.source, &block, element, time, patches)?;
            self.joined.packets += 1;
            self.next()?;
        }
        Ok(())
    }

    /// What has to change in a packet's element besides its time.
    fn patches(&mut self, block: &Block, element: Element) -> io::Result<Vec<Patch>> {
        let mut patches = Vec::new();
        if self.number.0 != self.number.1 {
            // Numbers have the length they had, which any of one byte can have.
            let length = usize::try_from(block.number_len).unwrap_or(0).clamp(1, 8);
            let bytes = (self.number.1 | 1 << (7 * length)).to_be_bytes();
            patches.push((block.stamp.0.saturating_sub(block.number_len), bytes[8 - length..].to_vec()));
        }
        if self.ticks.0 != self.ticks.1 && element.id == id::BLOCK_GROUP {
            // Its length is told in ticks of its own file. Nobody needs it: sound lasts as long as it is.
            let told = element.each(self.deck.source, |_, child| {
                if child.id == id::BLOCK_DURATION {
                    patches.push((child.start, vec![VOID]));
                }
                Ok(())
            });
            told.or_else(|error| if is_malformed(&error) { Ok(()) } else { Err(error) })?;
        }
        Ok(patches)
    }
}

/// The id of an element that nobody reads; it has one byte, like that of a duration.
const VOID: u8 = 0xec;

/// Bytes that take the place of as many at a position of the file.
type Patch = (u64, Vec<u8>);

/// Writes the new file.
struct Writer<'o, W> {
    out: &'o mut W,
    /// Ticks a cluster may last.
    span: i64,
    /// Time of the open cluster in ticks.
    cluster: Option<i64>,
    /// Whether the next frame of the picture begins a cluster.
    ends: bool,
}

impl<W: Write> Writer<'_, W> {
    /// Copies a block, at a time in ticks. The source stands at its end again.
    fn block<R: Read + Seek>(
        &mut self,
        source: &mut Source<R>,
        block: &Block,
        element: Element,
        time: i64,
        mut patches: Vec<Patch>,
    ) -> Result<(), Trouble> {
        let Some(relative) = self.within(time)? else { return Ok(()) };
        patches.push((block.stamp.0, relative.to_be_bytes().to_vec()));
        patches.sort_unstable();
        let mut at = element.start;
        for (place, bytes) in patches {
            self.stretch(source, at, place)?;
            self.bytes(&bytes)?;
            at = place.saturating_add(bytes.len() as u64);
        }
        let end = element.known_end()?;
        self.stretch(source, at, end)?;
        Ok(source.go(end)?)
    }

    /// A time relative to its cluster's, which is a new one where the open one does not reach so far.
    fn within(&mut self, time: i64) -> Result<Option<i16>, Trouble> {
        let relative = |start: i64| i16::try_from(time.saturating_sub(start)).ok();
        let open = self.cluster.filter(|start| time.saturating_sub(*start) < self.span).and_then(relative);
        if open.is_some() {
            return Ok(open);
        }
        let start = time.max(0);
        let stamp = write::uint(id::TIMESTAMP, start.unsigned_abs());
        self.bytes(&[write::head(id::CLUSTER, write::UNKNOWN), stamp].concat())?;
        self.cluster = Some(start);
        Ok(relative(start))
    }

    /// Copies a stretch of a file.
    fn stretch<R: Read + Seek>(&mut self, source: &mut Source<R>, from: u64, to: u64) -> Result<(), Trouble> {
        copy(source, &mut self.out, from, to.saturating_sub(from))
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.out.write_all(bytes).map_err(Trouble::Write)
    }
}

#[cfg(test)]
mod tests;
