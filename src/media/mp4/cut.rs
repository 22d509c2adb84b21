//! Keeps a span of an MP4 or `QuickTime` file whose index lists all samples: the samples that stay, under an index made
//! anew. Of other boxes nothing is carried but what says how the samples are decoded and shown.

use std::io::{self, Read, Seek};

use super::boxes::Head;
use super::join::{Joint, Track};
use super::listed::{Entry, Listed};
use super::private;
use super::repair::{Layout, MAX_INDEX};
use super::tree::Tree;
use crate::media::cut::{CUT, Cut, Keep, Uncut};
use crate::media::repair::Repaired;
use crate::media::source::{Source, is_malformed};

/// Boxes of an index that are carried, wherever they stand in it. Tables of samples are made anew.
const CARRIED: [&[u8; 4]; 17] = [
    b"mvhd", b"trak", b"tkhd", b"edts", b"elst", b"mdia", b"mdhd", b"hdlr", b"minf", b"vmhd", b"smhd", b"gmhd",
    b"dinf", b"stbl", b"stsd", b"tapt", b"nmhd",
];
/// Pictures of a cover, which players keep as a track of video.
const COVERS: [&[u8; 4]; 4] = [b"jpeg", b"png ", b"mjpa", b"mjpb"];

/// Cuts a file.
pub(in crate::media) fn cut<R: Read + Seek>(source: &mut Source<R>, keep: Keep) -> io::Result<Result<Cut, Uncut>> {
    let layout = match Layout::read(source) {
        Err(error) if is_malformed(&error) => return Ok(Err(Uncut::Strange)),
        layout => layout?,
    };
    let mut indices = layout.boxes.iter().filter(|head| head.kind == *b"moov");
    let index = indices.next().filter(|index| index.len() <= MAX_INDEX as u64 && !layout.is_fragmented);
    let Some(index) = index.filter(|_| indices.next().is_none()) else { return Ok(Err(Uncut::Strange)) };
    source.go(index.body)?;
    let mut moov = source.head(index.len(), MAX_INDEX)?;
    let Some(mut tree) = Tree::read(&moov) else { return Ok(Err(Uncut::Strange)) };
    private::blank(&mut moov, &mut tree);
    let front: Vec<Head> = layout.boxes.iter().copied().filter(|head| head.kind == *b"ftyp").take(1).collect();
    Ok(cut_index(&moov, tree, &front, source.len(), keep))
}

fn cut_index(moov: &[u8], mut tree: Tree, front: &[Head], length: u64, keep: Keep) -> Result<Cut, Uncut> {
    let mut joint = Joint::empty(moov, &tree).ok_or(Uncut::Strange)?;
    let (video, sounds) = tracks(moov, &tree);
    let mut runs = Vec::new();
    let mut first = Vec::new();
    for node in video.into_iter().chain(sounds) {
        let track = Track::read(moov, &tree, node).ok_or(Uncut::Strange)?;
        let list = || Listed::new(moov, &tree, node);
        let mut picker =
            Picker { number: joint.tracks.len(), movie: joint.movie_timescale, keep, track, runs: &mut runs };
        let begins = if Some(node) == video { picker.video(list) } else { picker.sound(list) };
        let begins = begins.ok_or(Uncut::Strange)?;
        if begins.is_none() && Some(node) == video {
            return Err(Uncut::Empty);
        }
        first.extend(begins);
        joint.tracks.push(picker.track);
    }
    if first.is_empty() {
        return Err(Uncut::Empty);
    }
    lay_out(&mut joint, runs, length).ok_or(Uncut::Strange)?;
    for node in &mut tree.nodes {
        if !CARRIED.contains(&&node.kind) {
            node.kind = *b"free";
        }
    }
    let at = keep.zero(first.into_iter());
    let repaired = joint.finish(moov, &tree, front, Some(at / 1e3)).ok_or(Uncut::Strange)?;
    let duration_ms = repaired.duration_ms.map(|length| length.min(keep.to - at));
    Ok(Cut { repaired: Repaired { repairs: vec![CUT], duration_ms, ..repaired }, at })
}

/// The track of video that players show, and those of sound.
pub(super) fn tracks(moov: &[u8], tree: &Tree) -> (Option<usize>, Vec<usize>) {
    let (mut video, mut sounds) = (None, Vec::new());
    for node in tree.children(None).filter(|at| tree.nodes[*at].kind == *b"trak").take(super::MAX_TRACKS) {
        let four = |path: &[&[u8; 4]], at: usize| {
            let body = tree.below(node, path)?.body;
            moov.get(body + at..body + at + 4)
        };
        match four(&[b"mdia", b"hdlr"], 8) {
            Some(b"vide") => {
                let codec = four(&[b"mdia", b"minf", b"stbl", b"stsd"], 12);
                if video.is_none() && !COVERS.iter().any(|cover| codec == Some(cover.as_slice())) {
                    video = Some(node);
                }
            }
            Some(b"soun") => sounds.push(node),
            _ => {}
        }
    }
    (video, sounds)
}

/// Samples that stay and lie together.
#[derive(Clone, Copy, Debug)]
struct Run {
    track: usize,
    offset: u64,
    length: u64,
    samples: u32,
    chunk: usize,
    description: u32,
}

/// Picks the samples of a track that stay.
struct Picker<'r> {
    number: usize,
    movie: u32,
    keep: Keep,
    track: Track,
    runs: &'r mut Vec<Run>,
}

impl Picker<'_> {
    /// When a time of the track is shown, in ms.
    fn ms(&self, time: i64) -> f64 {
        self.track.edits.shown_ms(time, self.track.timescale, self.movie)
    }

    /// When a sample is shown and until when, in ms.
    fn span(&self, entry: &Entry) -> (f64, f64) {
        let from = entry.time.saturating_add(entry.sample.shift.into());
        (self.ms(from), self.ms(from.saturating_add(entry.sample.duration.into())))
    }

    /// Takes the picture, and says when it begins: `Some(None)` = never in the span.
    fn video<'m>(&mut self, list: impl Fn() -> Option<Listed<'m>>) -> Option<Option<f64>> {
        let (mut key, mut end) = (None, f64::NEG_INFINITY);
        for (number, entry) in list()?.enumerate() {
            let entry = entry?;
            let (from, to) = self.span(&entry);
            end = end.max(to);
            if entry.sample.is_key && (key.is_none() || from <= self.keep.from) {
                key = Some((number, from));
            }
        }
        let Some((first, begins)) = key.filter(|key| key.1 < self.keep.to && self.keep.from < end) else {
            return Some(None);
        };
        let mut last = None;
        for entry in list()?.skip(first) {
            let entry = entry?;
            let from = self.span(&entry).0;
            // What is decoded later may need it.
            if from >= self.keep.to {
                break;
            }
            // What is shown before the keyframe but stored behind it needs what is gone.
            if from >= begins {
                self.take(&entry)?;
                last = Some((entry.time, from));
            }
        }
        if let Some((time, from)) = last {
            // The last picture stands until the end of the span, or of the file.
            let stands = (end.min(self.keep.to) - from) / 1e3 * f64::from(self.track.timescale);
            self.track.samples.begin_at(time.checked_add(stands.max(1.0).round() as i64)?, self.track.timescale)?;
        }
        Some(Some(begins))
    }

    /// Takes the sound, and says when it begins: `Some(None)` = never in the span.
    fn sound<'m>(&mut self, list: impl Fn() -> Option<Listed<'m>>) -> Option<Option<f64>> {
        let mut begins = None;
        // What an encoder needs to warm up comes before the start.
        let keep = Keep { from: if self.keep.from <= 0.0 { f64::NEG_INFINITY } else { self.keep.from }, ..self.keep };
        for entry in list()? {
            let entry = entry?;
            let (from, to) = self.span(&entry);
            if keep.holds(from, to) {
                self.take(&entry)?;
                begins.get_or_insert(from);
            }
        }
        Some(begins)
    }

    fn take(&mut self, entry: &Entry) -> Option<()> {
        let Entry { sample, offset, time, chunk, description } = *entry;
        self.track.samples.begin_at(time, self.track.timescale)?;
        self.track.samples.push(sample)?;
        let size = u64::from(sample.size);
        match self.runs.last_mut() {
            Some(run)
                if (run.track, run.chunk) == (self.number, chunk)
                    && run.offset.checked_add(run.length) == Some(offset) =>
            {
                run.length = run.length.checked_add(size)?;
                run.samples += 1;
            }
            _ => self.runs.push(Run { track: self.number, offset, length: size, samples: 1, chunk, description }),
        }
        Some(())
    }
}

/// Has the runs carried in the order of the file, and lists them as chunks of their tracks.
fn lay_out(joint: &mut Joint, runs: Vec<Run>, file: u64) -> Option<()> {
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by_key(|at| runs[*at].offset);
    let mut places = vec![0; runs.len()];
    for at in order {
        let Run { offset, length, .. } = runs[at];
        offset.checked_add(length).filter(|end| *end <= file)?;
        places[at] = joint.length;
        joint.keep(offset, length, file)?;
    }
    for (run, place) in runs.into_iter().zip(places) {
        joint.tracks[run.track].samples.push_chunk(place, run.samples, run.description);
    }
    Some(())
}
