//! Puts sound into an MP4 or `QuickTime` file whose index lists all samples. Descriptions, times and edits of what is
//! there stay byte for byte; samples stay as they are and only come to lie anew, where sound and picture follow each
//! other by time.

use std::io::{self, Read, Seek, Write};

use super::boxes::Head;
use super::compose;
use super::edits::Edits;
use super::join::{mdat_head, movie_timescale, timescale};
use super::listed::Listed;
use super::repair::{Layout, MAX_INDEX, stays_beside_fragments};
use super::tables::{MAX_ENTRIES, Sample, Samples, close, put_head};
use super::trak::{self, NewTrack};
use super::tree::{Node, Tree, u32_at};
use crate::interrupt;
use crate::media::join::{Joined, Trouble, copy};
use crate::media::packets::{Packet, Packets};
use crate::media::silence::{self, Silent};
use crate::media::source::{Source, is_malformed};

/// Seconds of a track that lie together at most.
const TOGETHER: f64 = 0.5;
/// Bytes of a packet that tell how to be silent.
const FIRST: usize = 7;
/// How many stretches pass between two looks at Ctrl-C.
const PACE: usize = 256;

/// The one index of a file without fragments.
pub(super) struct Index {
    /// Its body.
    pub(super) moov: Vec<u8>,
    pub(super) tree: Tree,
    /// The other boxes that mean something, in the order of the file.
    front: Vec<Head>,
}

impl Index {
    /// Reads the index; `None` for a file that has another, or that is of an unknown kind.
    pub(super) fn read<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<Self>> {
        let layout = match Layout::read(source) {
            Err(error) if is_malformed(&error) => return Ok(None),
            layout => layout?,
        };
        let mut indices = layout.boxes.iter().filter(|head| head.kind == *b"moov");
        let index = indices.next().filter(|index| index.len() <= MAX_INDEX as u64 && !layout.is_fragmented);
        let Some(index) = index.filter(|_| indices.next().is_none()) else { return Ok(None) };
        source.go(index.body)?;
        let mut moov = source.head(index.len(), MAX_INDEX)?;
        let Some(tree) = Tree::read(&moov) else { return Ok(None) };
        if tree.child(None, b"cmov").or_else(|| tree.child(None, b"mvex")).is_some() {
            return Ok(None);
        }
        // QuickTime may end a list with zeros, behind which nothing is looked for.
        moov.truncate(tree.children(None).last().map_or(0, |at| tree.nodes[at].end));
        let stays = |head: &Head| !head.is_open && stays_beside_fragments(&head.kind);
        let front = layout.boxes.into_iter().filter(stays).collect();
        Ok(Some(Self { moov, tree, front }))
    }
}

/// Writes a file with the tracks of a video and with sound, which begins so many ms later. `None` when that makes no
/// sense.
pub(in crate::media) fn mux<V: Read + Seek, S: Read + Seek>(
    video: &mut Source<V>,
    sound: &mut Source<S>,
    packets: Packets,
    later_ms: f64,
    out: &mut impl Write,
) -> Result<Option<Joined>, Trouble> {
    let Some(Index { moov, tree, front }) = Index::read(video)? else { return Ok(None) };
    let Some(mut film) = Film::new(&moov, &tree, video.len()) else { return Ok(None) };
    let first = packets.list.first().map_or(0, |packet| packet.offset);
    sound.go(first)?;
    let silence = silence::packets(&packets, &sound.head(FIRST as u64, FIRST)?).unwrap_or_default();
    let Some(lost_ms) = film.add(packets, later_ms, &silence) else { return Ok(None) };
    let before = front.iter().map(|head| head.end - head.start).sum();
    let Some(index) = film.index(before) else { return Ok(None) };
    for head in front {
        copy(video, out, head.start, head.end - head.start)?;
    }
    out.write_all(&index).map_err(Trouble::Write)?;
    let (silent, silence) = &film.silent;
    let mut packets = film.packets.iter().enumerate();
    for (number, run) in film.runs.iter().enumerate() {
        if number % PACE == 0 {
            interrupt::check_io()?;
        }
        if run.track < film.tracks.len() {
            copy(video, out, run.offset, run.length)?;
        } else {
            for (number, packet) in packets.by_ref().take(run.samples as usize) {
                if number >= *silent {
                    copy(sound, out, packet.offset, packet.size.into())?;
                    continue;
                }
                let bytes =
                    usize::try_from(packet.offset).ok().and_then(|at| silence.get(at..)?.get(..packet.size as usize));
                out.write_all(bytes.unwrap_or_default()).map_err(Trouble::Write)?;
            }
        }
    }
    out.flush().map_err(Trouble::Write)?;
    Ok(Some(Joined { packets: (film.packets.len() - silent) as u64, lost_ms }))
}

/// Samples of a track that come to lie together.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// When the first is decoded, in seconds of the movie.
    time: f64,
    /// Its track; the new one is the last.
    track: usize,
    /// Where they lie in the video's file; those of the sound lie apart from each other.
    offset: u64,
    length: u64,
    samples: u32,
    description: u32,
}

/// What the new index is made of.
struct Film<'m> {
    moov: &'m [u8],
    tree: &'m Tree,
    /// Units a second of the movie's clock.
    movie: u32,
    /// Its `trak`s, and which samples of theirs lie together.
    tracks: Vec<(usize, Samples)>,
    runs: Vec<Run>,
    packets: Vec<Packet>,
    /// How many of the first are silent, and what these hold.
    silent: (usize, Vec<u8>),
    new: Option<NewTrack>,
    samples: Samples,
    /// Bytes of all samples.
    length: u64,
}

impl<'m> Film<'m> {
    /// Of an index; `None` where it makes no sense.
    fn new(moov: &'m [u8], tree: &'m Tree, all: u64) -> Option<Self> {
        let movie = movie_timescale(moov, tree).filter(|scale| *scale >= 100)?;
        let (tracks, runs, samples) = (Vec::new(), Vec::new(), Samples::default());
        let mut film = Self {
            moov,
            tree,
            movie,
            tracks,
            runs,
            packets: Vec::new(),
            silent: (0, Vec::new()),
            new: None,
            samples,
            length: 0,
        };
        for trak in tree.children(None).filter(|at| tree.nodes[*at].kind == *b"trak") {
            if film.tracks.len() == super::MAX_TRACKS {
                return None;
            }
            film.track(trak, all)?;
        }
        // Whatever else tells of places would go on telling of those that were.
        let tells = |kind: &[u8; 4]| matches!(kind, b"stsc" | b"stco" | b"co64" | b"saio");
        let told = tree.nodes.iter().filter(|node| tells(&node.kind)).count();
        (told == 2 * film.tracks.len()).then_some(film)
    }

    /// Groups the samples of a track.
    fn track(&mut self, trak: usize, all: u64) -> Option<()> {
        let body = |path: &[&[u8; 4]]| self.tree.below(trak, path).and_then(|node| self.moov.get(node.body..node.end));
        let scale = timescale(body(&[b"mdia", b"mdhd"])?)?;
        let edits = body(&[b"edts", b"elst"]).map_or(Some(Edits::default()), Edits::read)?;
        let track = self.tracks.len();
        let first = self.runs.len();
        for entry in Listed::new(self.moov, self.tree, trak)? {
            let entry = entry?;
            let size = u64::from(entry.sample.size);
            let time = edits.shown_ms(entry.time, scale, self.movie) / 1e3;
            self.length = self.length.checked_add(size).filter(|length| *length <= all)?;
            match self.runs[first..].last_mut() {
                Some(run)
                    if run.description == entry.description
                        && run.offset.checked_add(run.length) == Some(entry.offset)
                        && time - run.time < TOGETHER =>
                {
                    run.length = run.length.checked_add(size)?;
                    run.samples += 1;
                }
                _ => {
                    let (offset, description) = (entry.offset, entry.description);
                    self.push(Run { time, track, offset, length: size, samples: 1, description })?;
                }
            }
            entry.offset.checked_add(size).filter(|end| *end <= all)?;
        }
        tables(self.tree, trak)?;
        self.tracks.push((trak, Samples::default()));
        Some(())
    }

    fn push(&mut self, run: Run) -> Option<()> {
        self.runs.push(run);
        (self.runs.len() <= MAX_ENTRIES).then_some(())
    }

    /// Adds the sound; says how many ms of it are not heard.
    fn add(&mut self, mut packets: Packets, later_ms: f64, silence: &[Silent]) -> Option<f64> {
        let place = packets.place(later_ms, self.movie, silence)?;
        let track = self.tracks.len();
        let mut time = 0.0 - place.from as f64 / f64::from(packets.rate);
        let first = self.runs.len();
        for packet in &packets.list {
            self.samples.push(Sample { size: packet.size, duration: packet.duration, shift: 0, is_key: true })?;
            match self.runs[first..].last_mut() {
                Some(run) if time - run.time < TOGETHER => {
                    run.length = run.length.checked_add(packet.size.into())?;
                    run.samples += 1;
                }
                _ => {
                    self.push(Run { time, track, offset: 0, length: packet.size.into(), samples: 1, description: 1 })?
                }
            }
            time += f64::from(packet.duration) / f64::from(packets.rate);
        }
        let media = self.samples.finish()?;
        self.length = self.length.checked_add(packets.bytes())?;
        self.new =
            Some(NewTrack { id: self.free_id()?, rate: packets.rate, media, place, entry: trak::entry(&packets)? });
        (self.packets, self.silent) = (packets.list, packets.silent);
        self.lay_out();
        Some(place.lost_ms)
    }

    /// A number that no track has.
    fn free_id(&self) -> Option<u32> {
        let id = |(trak, _): &(usize, Samples)| {
            let header = self.tree.below(*trak, &[b"tkhd"])?;
            let body = self.moov.get(header.body..header.end)?;
            u32_at(body, if *body.first()? == 1 { 20 } else { 12 })
        };
        let taken: Vec<u32> = self.tracks.iter().map(id).collect::<Option<_>>()?;
        (1..).find(|id| !taken.contains(id))
    }

    /// Puts what lies together in the order of time. Within a track that is the order it has.
    fn lay_out(&mut self) {
        self.runs.sort_by(|one, other| one.time.total_cmp(&other.time));
        let mut at = 0;
        for run in &self.runs {
            let samples = self.tracks.get_mut(run.track).map_or(&mut self.samples, |(_, samples)| samples);
            samples.push_chunk(at, run.samples, run.description);
            at += run.length;
        }
    }

    /// The index and the head of the samples behind it, when so many bytes stand before them.
    fn index(&self, before: u64) -> Option<Vec<u8>> {
        let head = mdat_head(self.length);
        // How long it is depends on where the samples lie, and where they lie on how long it is. It only grows.
        let mut length = 0;
        loop {
            let from = before.checked_add(length)?.checked_add(head.len() as u64)?;
            let mut out = self.moov_at(from)?;
            if out.len() as u64 == length {
                out.extend_from_slice(&head);
                return Some(out);
            }
            length = out.len() as u64;
        }
    }

    /// The index, when the samples begin there.
    fn moov_at(&self, from: u64) -> Option<Vec<u8>> {
        let new = self.new.as_ref()?;
        let header = self.tree.child(None, b"mvhd")?;
        let mut anew = vec![(header, self.header(self.tree.nodes[header], new)?)];
        for (trak, samples) in &self.tracks {
            let [chunks, offsets] = tables(self.tree, *trak)?;
            let (mut one, mut other) = (Vec::new(), Vec::new());
            samples.write_chunks(&mut one)?;
            samples.write_offsets(&mut other, from)?;
            anew.extend([(chunks, one), (offsets, other)]);
        }
        anew.sort_unstable_by_key(|(at, _)| *at);
        let mut out = Vec::with_capacity(self.moov.len());
        put_head(&mut out, b"moov", 0)?;
        self.tree.rewrite(&mut out, self.moov, anew)?;
        new.write(&mut out, &self.samples, from)?;
        close(&mut out, 0)?;
        Some(out)
    }

    /// The movie's header as it was but for its length, and the number of the next track.
    fn header(&self, node: Node, new: &NewTrack) -> Option<Vec<u8>> {
        let mut bytes = self.moov.get(node.start..node.end)?.to_vec();
        // It may leave its length open; the tracks' own stand beside it.
        let tracks = self.tracks.iter().filter_map(|(trak, _)| {
            let header = self.tree.below(*trak, &[b"tkhd"])?;
            compose::length(self.moov.get(header.start..header.end)?, header)
        });
        let length = tracks.chain(compose::length(&bytes, node)).fold(new.place.length, u64::max);
        compose::set_length(&mut bytes, node, length)?;
        let body = bytes.get_mut(node.body - node.start..)?;
        let next = if *body.first()? == 1 { body.get_mut(108..112)? } else { body.get_mut(96..100)? };
        let number = u32_at(next, 0)?.max(new.id.saturating_add(1));
        next.copy_from_slice(&number.to_be_bytes());
        Some(bytes)
    }
}

/// Where a track's tables of what lies together are: how many samples, and where.
fn tables(tree: &Tree, trak: usize) -> Option<[usize; 2]> {
    let table = |kind| tree.find(trak, &[b"mdia", b"minf", b"stbl", kind]);
    Some([table(b"stsc")?, table(b"stco").or_else(|| table(b"co64"))?])
}

#[cfg(test)]
mod tests;
