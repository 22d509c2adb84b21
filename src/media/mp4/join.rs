//! From fragments to a file with one index: without one, browsers ask for every fragment to learn the length, or
//! take that of the first for the whole. Samples that the index lists already come first. All samples stay as they are, in the order of their fragments.

use std::io::{self, Read, Seek};

use super::boxes::{self, Head, Walk};
use super::compose;
use super::edits::{Edits, Showing};
use super::listed::{Entry, Listed};
use super::tables::{MAX_ENTRIES, Sample, Samples};
use super::tree::{Tree, u32_at};
use crate::interrupt;
use crate::media::fault::Fault;
use crate::media::repair::Repaired;
use crate::media::source::Source;
use crate::media::splice::Splice;

const STRANGE: &str = "has fragments that make no sense; it is carried as it is, and may not seek";

/// What holds for the samples of a track unless its fragments say otherwise.
#[derive(Clone, Copy, Debug, Default)]
struct Defaults {
    description: u32,
    duration: u32,
    size: u32,
    flags: u32,
}

/// A track and its samples so far.
#[derive(Debug)]
pub(super) struct Track {
    /// Its `trak` in the index.
    pub(super) node: usize,
    id: u32,
    pub(super) timescale: u32,
    pub(super) edits: Edits,
    defaults: Defaults,
    pub(super) samples: Samples,
    /// Length in units of its clock, and when it is shown; known at the end.
    pub(super) length: u64,
    pub(super) showing: Option<Showing>,
}

impl Track {
    /// The track of a `trak`, without samples yet.
    pub(super) fn read(moov: &[u8], tree: &Tree, node: usize) -> Option<Self> {
        let body = |node: super::tree::Node| &moov[node.body..node.end];
        let header = body(tree.below(node, &[b"tkhd"])?);
        let id = u32_at(header, if *header.first()? == 1 { 20 } else { 12 })?;
        let edits = match tree.below(node, &[b"edts", b"elst"]) {
            Some(list) => Edits::read(body(list))?,
            None => Edits::default(),
        };
        let timescale = timescale(body(tree.below(node, &[b"mdia", b"mdhd"])?))?;
        let (defaults, samples) = (Defaults::default(), Samples::default());
        Some(Self { node, id, timescale, edits, defaults, samples, length: 0, showing: None })
    }
}

/// The fragment that is being read.
#[derive(Debug, Default)]
struct Fragment {
    start: u64,
    /// Where the data of the next run lies unless it says so.
    next: u64,
    /// Track, base of the offsets, and what holds for its samples.
    run: Option<(usize, u64, Defaults)>,
}

/// Joins the fragments of a file; `front` are the boxes to be kept, in the order of the file.
pub(super) fn join<R: Read + Seek>(
    source: &mut Source<R>,
    moov: &[u8],
    tree: &Tree,
    front: &[Head],
) -> io::Result<Result<Repaired, &'static str>> {
    let Some(mut joint) = Joint::new(moov, tree) else { return Ok(Err(STRANGE)) };
    if joint.listed(moov, tree, source.len()).is_none() {
        return Ok(Err(STRANGE));
    }
    let mut at = 0;
    while let Some(head) = boxes::top(source, at)? {
        at = head.end;
        if head.kind == *b"moof" {
            interrupt::check_io()?;
            if joint.fragment(source, &head)?.is_none() {
                return Ok(Err(STRANGE));
            }
        }
    }
    Ok(joint.finish(moov, tree, front, None).ok_or(STRANGE))
}

/// Samples of tracks, gathered to be listed in one index.
pub(super) struct Joint {
    pub(super) movie_timescale: u32,
    pub(super) tracks: Vec<Track>,
    /// Stretches of the file with samples: offset and length.
    stretches: Vec<(u64, u64)>,
    /// Bytes of all stretches.
    pub(super) length: u64,
}

impl Joint {
    fn new(moov: &[u8], tree: &Tree) -> Option<Self> {
        let mut joint = Self::empty(moov, tree)?;
        for node in tree.children(None).filter(|at| tree.nodes[*at].kind == *b"trak").take(super::MAX_TRACKS) {
            joint.tracks.push(Track::read(moov, tree, node)?);
        }
        let extends = tree.child(None, b"mvex")?;
        for at in tree.children(Some(extends)).filter(|at| tree.nodes[*at].kind == *b"trex") {
            let numbers = &moov[tree.nodes[at].body..tree.nodes[at].end];
            let number = |at| u32_at(numbers, at);
            let Some(track) = joint.tracks.iter_mut().find(|track| Some(track.id) == number(4)) else { continue };
            track.defaults =
                Defaults { description: number(8)?, duration: number(12)?, size: number(16)?, flags: number(20)? };
        }
        Some(joint)
    }

    /// Without a track yet.
    pub(super) fn empty(moov: &[u8], tree: &Tree) -> Option<Self> {
        let movie_timescale = movie_timescale(moov, tree).filter(|scale| *scale >= 100)?;
        Some(Self { movie_timescale, tracks: Vec::new(), stretches: Vec::new(), length: 0 })
    }

    /// Takes the samples that the index lists, in the order in which they lie in the file: some writers list the
    /// first ones there, and put the rest into fragments.
    fn listed(&mut self, moov: &[u8], tree: &Tree, all: u64) -> Option<()> {
        let list = |track: &Track| Some(Listed::new(moov, tree, track.node)?.peekable());
        let mut lists: Vec<_> = self.tracks.iter().map(list).collect();
        loop {
            let mut next: Option<(usize, Entry)> = None;
            for (track, list) in lists.iter_mut().enumerate() {
                let Some(entry) = list.as_mut().and_then(|list| list.peek().copied()) else { continue };
                let entry = entry?;
                if next.is_none_or(|(_, first)| entry.offset < first.offset) {
                    next = Some((track, entry));
                }
            }
            let Some((track, first)) = next else { return Some(()) };
            if self.entries() > MAX_ENTRIES {
                return None;
            }
            let list = lists[track].as_mut()?;
            let (mut end, mut taken) = (first.offset, 0);
            while let Some(entry) = list.next_if(|entry| entry.is_none_or(|entry| entry.chunk == first.chunk)) {
                let sample = entry?.sample;
                end = end.checked_add(sample.size.into()).filter(|end| *end <= all)?;
                taken += 1;
                let samples = &mut self.tracks[track].samples;
                samples.push(sample).filter(|()| samples.entries() <= MAX_ENTRIES)?;
            }
            let length = self.length;
            self.keep(first.offset, end - first.offset, all)?;
            self.tracks[track].samples.push_chunk(length, taken, first.description);
        }
    }

    /// Reads a `moof`; `None` for what makes no sense.
    fn fragment<R: Read + Seek>(&mut self, source: &mut Source<R>, moof: &Head) -> io::Result<Option<()>> {
        let mut walk = Walk::new(moof.body, moof.end);
        let mut fragment = Fragment { start: moof.start, next: moof.start, run: None };
        while let Some(head) = walk.next(source)? {
            let done = match &head.kind {
                b"tfhd" => self.header(source, &mut fragment)?,
                b"tfdt" => self.time(source, &fragment)?,
                b"trun" => self.run(source, &head, &mut fragment)?,
                _ => Some(()),
            };
            if done.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(()))
    }

    fn header<R: Read + Seek>(&self, source: &mut Source<R>, fragment: &mut Fragment) -> io::Result<Option<()>> {
        let flags = source.u32()?;
        let id = source.u32()?;
        let Some(track) = self.tracks.iter().position(|track| track.id == id) else {
            fragment.run = None;
            return Ok(Some(()));
        };
        let mut defaults = self.tracks[track].defaults;
        // Offsets count from a place of their own, from the fragment, or from where the track before it ended.
        let base = match flags {
            _ if flags & 1 != 0 => source.u64()?,
            _ if flags & 0x2_0000 != 0 => fragment.start,
            _ => fragment.next,
        };
        let fields = [&mut defaults.description, &mut defaults.duration, &mut defaults.size, &mut defaults.flags];
        for (field, flag) in fields.into_iter().zip([2, 8, 0x10, 0x20]) {
            if flags & flag != 0 {
                *field = source.u32()?;
            }
        }
        fragment.next = base;
        fragment.run = Some((track, base, defaults));
        Ok(Some(()))
    }

    fn time<R: Read + Seek>(&mut self, source: &mut Source<R>, fragment: &Fragment) -> io::Result<Option<()>> {
        let long = source.array::<4>()?[0] == 1;
        let time = if long { source.u64()? } else { source.u32()?.into() };
        let Some((track, ..)) = fragment.run else { return Ok(Some(())) };
        let track = &mut self.tracks[track];
        Ok(i64::try_from(time).ok().and_then(|time| track.samples.begin_at(time, track.timescale)))
    }

    fn run<R: Read + Seek>(
        &mut self,
        source: &mut Source<R>,
        head: &Head,
        fragment: &mut Fragment,
    ) -> io::Result<Option<()>> {
        let flags = source.u32()?;
        let count = source.u32()?;
        let Some((track, base, defaults)) = fragment.run else { return Ok(Some(())) };
        let distance = if flags & 1 == 0 { None } else { Some(i64::from(source.u32()?.cast_signed())) };
        let offset = distance.map_or(Some(fragment.next), |distance| base.checked_add_signed(distance));
        let Some(offset) = offset else { return Ok(None) };
        let first_flags = if flags & 4 == 0 { None } else { Some(source.u32()?) };
        // What is not listed sample by sample has to lie in the file at least, and take a byte each.
        if flags & 0xf00 == 0 && u64::from(count) > source.len()
            || flags & 0x200 == 0 && defaults.size == 0 && count > 0
        {
            return Ok(None);
        }
        let mut end = offset;
        let mut taken = 0;
        for at in 0..count {
            if source.at() > head.end || self.entries() > MAX_ENTRIES {
                return Ok(None);
            }
            let mut field = |flag: u32, default: u32| if flags & flag == 0 { Ok(default) } else { source.u32() };
            let duration = field(0x100, defaults.duration)?;
            let size = field(0x200, defaults.size)?;
            let sample_flags = field(0x400, first_flags.filter(|_| at == 0).unwrap_or(defaults.flags))?;
            // Version 0 has it without sign, but writers put negative numbers there all the same.
            let shift = field(0x800, 0)?.cast_signed();
            // The rest was never written.
            let Some(next) = end.checked_add(size.into()).filter(|end| *end <= source.len()) else { break };
            end = next;
            taken += 1;
            let sample = Sample { size, duration, shift, is_key: sample_flags & 0x1_0000 == 0 };
            if self.tracks[track].samples.push(sample).is_none() {
                return Ok(None);
            }
        }
        fragment.next = end;
        let length = self.length;
        Ok(self.keep(offset, end - offset, source.len()).map(|()| {
            if taken > 0 {
                self.tracks[track].samples.push_chunk(length, taken, defaults.description.max(1));
            }
        }))
    }

    fn entries(&self) -> usize {
        self.stretches.len() + self.tracks.iter().map(|track| track.samples.entries()).sum::<usize>()
    }

    /// Carries a stretch of the file. All of them together cannot be more than the file, unless some overlap.
    pub(super) fn keep(&mut self, offset: u64, length: u64, all: u64) -> Option<()> {
        self.length = self.length.checked_add(length).filter(|sum| *sum <= all)?;
        match self.stretches.last_mut() {
            _ if length == 0 => {}
            Some((start, held)) if start.checked_add(*held) == Some(offset) => {
                *held = held.saturating_add(length);
            }
            _ => self.stretches.push((offset, length)),
        }
        Some(())
    }

    /// The file with its index; `zero` is the second at which it begins, of the first moment shown unless given.
    pub(super) fn finish(mut self, moov: &[u8], tree: &Tree, front: &[Head], zero: Option<f64>) -> Option<Repaired> {
        self.tracks.retain(|track| !track.samples.is_empty());
        for track in &mut self.tracks {
            track.length = track.samples.finish()?;
            let (base, shown) = (track.samples.base?, track.samples.shown?);
            track.showing = Some(Showing::new(track.edits, base, shown, track.timescale, self.movie_timescale)?);
        }
        let showings = || self.tracks.iter().filter_map(|track| track.showing);
        let start = zero.or_else(|| showings().map(|showing| showing.at).reduce(f64::min))?;
        let end = showings().map(|showing| showing.at + showing.length).reduce(f64::max)?;
        let before: u64 = front.iter().map(|head| head.end - head.start).sum();
        let head = mdat_head(self.length);
        let movie = compose::Movie { moov, tree, tracks: &self.tracks, timescale: self.movie_timescale, start };
        let index = movie.write(before.checked_add(head.len() as u64)?)?;
        let mut splice = Splice::default();
        front.iter().for_each(|head| splice.push_file(head.start, head.end - head.start));
        splice.push_bytes(&index);
        splice.push_bytes(&head);
        self.stretches.iter().for_each(|(offset, length)| splice.push_file(*offset, *length));
        let duration_ms = Some((end - start) * 1e3);
        Some(Repaired { splice, repairs: vec![Fault::Fragments.mended()], duration_ms, ..Repaired::default() })
    }
}

/// The clock's units a second out of the body of `mvhd` or `mdhd`.
pub(super) fn timescale(body: &[u8]) -> Option<u32> {
    u32_at(body, if *body.first()? == 1 { 20 } else { 12 }).filter(|scale| *scale > 0)
}

/// The movie's units a second.
pub(super) fn movie_timescale(moov: &[u8], tree: &Tree) -> Option<u32> {
    let header = tree.nodes[tree.child(None, b"mvhd")?];
    timescale(moov.get(header.body..header.end)?)
}

pub(super) fn mdat_head(length: u64) -> Vec<u8> {
    match u32::try_from(length.saturating_add(8)) {
        Ok(size) => [size.to_be_bytes().as_slice(), b"mdat"].concat(),
        Err(_) => [b"\0\0\0\x01mdat".as_slice(), &length.saturating_add(16).to_be_bytes()].concat(),
    }
}
