//! Keeps a span of a `WebM` or Matroska file. Clusters are put together anew from the blocks that stay, each block as
//! it was; of all other elements but the descriptions of the tracks nothing is carried.

use std::io::{self, Read, Seek};

use super::element::{Element, id};
use super::front::front;
use super::plan::{MAX_CLUSTERS, Plan};
use super::repair::layout;
use super::tracks::Track;
use super::{Block, Info, MAX_TRACKS, Visitor, scan, write};
use crate::media::cut::{CUT, Cut, Keep, Uncut};
use crate::media::repair::Repaired;
use crate::media::source::{Source, is_malformed};
use crate::media::splice::Splice;

/// Cuts a file.
pub(in crate::media) fn cut<R: Read + Seek>(source: &mut Source<R>, keep: Keep) -> io::Result<Result<Cut, Uncut>> {
    let mut survey = Survey::new(source.len(), keep);
    let end = scan(source, &mut survey)?;
    survey.plan.finish();
    let Some(length) = survey.plan.gather.length_ms(end) else { return Ok(Err(Uncut::Empty)) };
    let Some(parts) = survey.plan.header.zip(survey.plan.tracks) else { return Ok(Err(Uncut::Strange)) };
    let Some(stays) = survey.finish().filter(|_| keep.from < length) else { return Ok(Err(Uncut::Empty)) };
    let tick_ms = survey.plan.gather.tick_ns() as f64 / 1e6;
    let zero = stays.zero;
    let mut build = Build::new(survey.plan, stays);
    scan(source, &mut build)?;
    build.close();
    let Build { plan, clusters, .. } = build;
    if clusters > MAX_CLUSTERS {
        return Ok(Err(Uncut::Strange));
    }
    let at = zero as f64 * tick_ms;
    let duration_ms = length.min(keep.to) - at;
    let front = match front(source, &plan, parts, duration_ms / tick_ms, false) {
        Err(error) if is_malformed(&error) => return Ok(Err(Uncut::Strange)),
        front => front?,
    };
    let splice = layout(&plan, &front);
    let duration_ms = Some(duration_ms);
    Ok(Ok(Cut { repaired: Repaired { splice, repairs: vec![CUT], duration_ms, ..Repaired::default() }, at }))
}

/// A block by its time in ticks, and by where its element begins in the file.
#[derive(Clone, Copy, Debug)]
struct Mark {
    time: i64,
    start: u64,
}

/// What is known of a track of sound.
#[derive(Debug, Default)]
struct Sound {
    last: Option<Mark>,
    /// From the block before the last to the last.
    gap: i64,
    first_kept: Option<i64>,
    /// Where the first block begins that does not end before the span does.
    end: Option<u64>,
}

/// The first pass: learns which blocks stay.
struct Survey {
    plan: Plan,
    keep: Keep,
    /// The keyframe that the picture begins with.
    key: Option<Mark>,
    /// Where the first block begins that is shown after the span. What is decoded later may need it.
    end: Option<u64>,
    sounds: Vec<(u64, Sound)>,
    pending: Option<Block>,
}

/// What the first pass learnt.
struct Stays {
    keep: Keep,
    video: Option<(u64, Mark, u64)>,
    /// Tracks of sound, and where each ends.
    sounds: Vec<(u64, u64)>,
    /// Ticks at which the new file begins.
    zero: i64,
}

impl Survey {
    fn new(len: u64, keep: Keep) -> Self {
        Self { plan: Plan::new(len), keep, key: None, end: None, sounds: Vec::new(), pending: None }
    }

    /// The one track of video that stays.
    fn video(&self) -> Option<u64> {
        self.plan.gather.tracks.iter().find(|(track, _)| track.is_video).map(|(track, _)| track.number)
    }

    fn tick_ms(&self) -> f64 {
        self.plan.gather.tick_ns() as f64 / 1e6
    }

    fn picture(&mut self, block: &Block, start: u64) {
        let ms = block.time as f64 * self.tick_ms();
        if block.key && (self.key.is_none() || ms <= self.keep.from) {
            (self.key, self.end) = (Some(Mark { time: block.time, start }), None);
        }
        if self.key.is_some() && ms >= self.keep.to {
            self.end.get_or_insert(start);
        }
    }

    fn sound(&mut self, block: &Block, start: u64) {
        let (keep, tick_ms) = (self.keep, self.tick_ms());
        let Some((_, sound)) = self.sounds.iter_mut().find(|(number, _)| *number == block.track) else { return };
        let ms = block.time as f64 * tick_ms;
        if sound.end.is_none() && ms >= keep.to {
            // The one before is heard until this one.
            let over = sound.last.filter(|_| ms > keep.to);
            sound.end = Some(over.map_or(start, |last| last.start));
        }
        if ms >= keep.from && sound.end.is_none_or(|end| start < end) {
            sound.first_kept.get_or_insert(block.time);
        }
        sound.gap = sound.last.map_or(0, |last| block.time.saturating_sub(last.time));
        sound.last = Some(Mark { time: block.time, start });
    }

    /// `None` when nothing stays.
    fn finish(&mut self) -> Option<Stays> {
        let (keep, tick_ms) = (self.keep, self.tick_ms());
        for (_, sound) in &mut self.sounds {
            let Some(last) = sound.last.filter(|_| sound.end.is_none()) else { continue };
            // How long the last one of the file lasts is a guess.
            let over = last.time.saturating_add(sound.gap) as f64 * tick_ms > keep.to;
            sound.end = Some(if over { last.start } else { u64::MAX });
        }
        let video = self.video();
        let key = self.key.filter(|key| self.end.is_none_or(|end| end > key.start));
        let first = key.map(|key| key.time).into_iter().chain(self.sounds.iter().filter_map(|(_, s)| s.first_kept));
        let first: Vec<f64> = first.map(|time| time as f64).collect();
        if first.is_empty() || (video.is_some() && key.is_none()) {
            return None;
        }
        let zero = keep.zero(first.into_iter()) as i64;
        let video = video.zip(key).map(|(number, key)| (number, key, self.end.unwrap_or(u64::MAX)));
        let sounds = self.sounds.iter().map(|(number, sound)| (*number, sound.end.unwrap_or(u64::MAX))).collect();
        Some(Stays { keep, video, sounds, zero })
    }
}

impl Visitor for Survey {
    fn info(&mut self, info: Info) {
        self.plan.info(info);
    }

    fn track(&mut self, track: Track) {
        if !track.is_video && self.sounds.len() < MAX_TRACKS {
            self.sounds.push((track.number, Sound::default()));
        }
        self.plan.track(track);
    }

    fn block(&mut self, block: Block) {
        self.pending = Some(block);
        self.plan.block(block);
    }

    fn opened(&mut self, element: Element) {
        self.pending = None;
        self.plan.opened(element);
    }

    fn passed(&mut self, element: Element) {
        if let Some(block) = self.pending.take() {
            if Some(block.track) == self.video() {
                self.picture(&block, element.start);
            } else {
                self.sound(&block, element.start);
            }
        }
        self.plan.passed(element);
    }
}

/// The second pass: puts the clusters together.
struct Build {
    /// Its clusters and its index are the new ones.
    plan: Plan,
    stays: Stays,
    tick_ms: f64,
    clusters: usize,
    open: Option<Open>,
    pending: Option<Block>,
}

/// The cluster that is being filled.
struct Open {
    /// Its time in the new file.
    time: i64,
    blocks: Splice,
    length: u64,
}

impl Build {
    fn new(mut plan: Plan, stays: Stays) -> Self {
        (plan.clusters, plan.clusters_len) = (Splice::default(), 0);
        plan.cues.clear();
        plan.extras.clear();
        let tick_ms = plan.gather.tick_ns() as f64 / 1e6;
        Self { plan, stays, tick_ms, clusters: 0, open: None, pending: None }
    }

    fn stays(&self, block: &Block, start: u64) -> bool {
        let ms = block.time as f64 * self.tick_ms;
        match self.stays.video {
            Some((number, key, end)) if number == block.track => {
                // What is shown before the keyframe but stored behind it needs what is gone.
                start >= key.start && start < end && block.time >= key.time
            }
            _ => {
                let end = self.stays.sounds.iter().find(|(number, _)| *number == block.track).map(|(_, end)| *end);
                ms >= self.stays.keep.from && end.is_some_and(|end| start < end)
            }
        }
    }

    fn take(&mut self, block: &Block, element: Element) {
        let Some(end) = element.end().filter(|_| self.stays(block, element.start)) else { return };
        let (stamp_at, relative) = block.stamp;
        let cluster = block.time.saturating_sub(relative.into()).saturating_sub(self.stays.zero);
        let time = block.time.saturating_sub(self.stays.zero).max(0);
        let is_first = self.open.is_none();
        let open = self.open.get_or_insert_with(|| Open { time: cluster.max(0), blocks: Splice::default(), length: 0 });
        let Ok(moved) = i16::try_from(time.saturating_sub(open.time)) else { return };
        if moved == relative {
            open.blocks.push_file(element.start, end.saturating_sub(element.start));
        } else {
            // Its cluster begins before the new file does.
            open.blocks.push_file(element.start, stamp_at.saturating_sub(element.start));
            open.blocks.push_bytes(&moved.to_be_bytes());
            let rest = stamp_at.saturating_add(2);
            open.blocks.push_file(rest, end.saturating_sub(rest));
        }
        open.length = open.length.saturating_add(end.saturating_sub(element.start));
        self.plan.cue(&Block { time, ..*block }, is_first, 0);
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        self.clusters += 1;
        if self.clusters > MAX_CLUSTERS {
            return;
        }
        let stamp = write::uint(id::TIMESTAMP, open.time.unsigned_abs());
        let length = open.length.saturating_add(stamp.len() as u64);
        self.plan.clusters.push_bytes(&[write::head(id::CLUSTER, length), stamp].concat());
        self.plan.clusters.append(&open.blocks);
        self.plan.clusters_len = self.plan.clusters_len.saturating_add(write::HEAD).saturating_add(length);
    }
}

impl Visitor for Build {
    fn info(&mut self, _info: Info) {}

    fn track(&mut self, _track: Track) {}

    fn block(&mut self, block: Block) {
        self.pending = Some(block);
    }

    fn opened(&mut self, _element: Element) {
        self.close();
        self.pending = None;
    }

    fn passed(&mut self, element: Element) {
        if let Some(block) = self.pending.take() {
            self.take(&block, element);
        }
    }
}

#[cfg(test)]
mod tests;
