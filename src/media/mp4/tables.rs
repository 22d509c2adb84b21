//! The samples of a track as they are gathered from fragments, and the tables that list them in an index.

/// Samples and stretches of samples of all tracks together: four days of video.
pub(super) const MAX_ENTRIES: usize = 4 << 20;
/// How far fragments may overlap before their times make no sense, in seconds.
const MAX_OVERLAP: i64 = 2;

/// One sample, as its fragment tells of it. Times are units of the track's clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) size: u32,
    pub(super) duration: u32,
    /// How much later it is shown than decoded.
    pub(super) shift: i32,
    pub(super) is_key: bool,
}

/// Samples that lie together.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    /// From the first byte of all samples.
    offset: u64,
    samples: u32,
    /// Which of the track's descriptions holds for them.
    description: u32,
}

/// What is gathered of a track.
#[derive(Debug, Default)]
pub(super) struct Samples {
    sizes: Vec<u32>,
    durations: Vec<(u32, u32)>,
    shifts: Vec<(u32, i32)>,
    /// Numbers of the samples that need no other, from 1.
    keys: Vec<u32>,
    chunks: Vec<Chunk>,
    /// The last sample, whose length the next fragment may change.
    last: Option<(u32, i32)>,
    /// When the first sample is decoded.
    pub(super) base: Option<i64>,
    /// Sum of the lengths, but for the last sample's.
    length: i64,
    /// First and last moment shown, from `base` on.
    pub(super) shown: Option<(i64, i64)>,
}

impl Samples {
    pub(super) const fn is_empty(&self) -> bool {
        self.sizes.is_empty()
    }

    /// Entries that take memory.
    pub(super) const fn entries(&self) -> usize {
        self.sizes.len() + self.chunks.len()
    }

    /// Has the next sample begin at a time: the one before lasts until then.
    pub(super) fn begin_at(&mut self, time: i64, timescale: u32) -> Option<()> {
        let base = *self.base.get_or_insert(time);
        let Some((duration, _)) = &mut self.last else { return Some(()) };
        let wanted = time.checked_sub(base)?.checked_sub(self.length)?;
        if wanted < -MAX_OVERLAP.checked_mul(timescale.into())? {
            return None;
        }
        *duration = u32::try_from(wanted.max(0)).ok()?;
        Some(())
    }

    pub(super) fn push_chunk(&mut self, offset: u64, samples: u32, description: u32) {
        self.chunks.push(Chunk { offset, samples, description });
    }

    pub(super) fn push(&mut self, sample: Sample) -> Option<()> {
        self.base.get_or_insert(0);
        self.settle()?;
        self.sizes.push(sample.size);
        if sample.is_key {
            self.keys.push(u32::try_from(self.sizes.len()).ok()?);
        }
        self.last = Some((sample.duration, sample.shift));
        Some(())
    }

    /// Puts the last sample on the lists.
    fn settle(&mut self) -> Option<()> {
        let Some((duration, shift)) = self.last.take() else { return Some(()) };
        run(&mut self.durations, duration);
        run(&mut self.shifts, shift);
        let from = self.length.checked_add(shift.into())?;
        let to = from.checked_add(duration.into())?;
        let (start, end) = self.shown.unwrap_or((from, to));
        self.shown = Some((start.min(from), end.max(to)));
        self.length = self.length.checked_add(duration.into())?;
        Some(())
    }

    /// Ends the gathering; gives the track's length.
    pub(super) fn finish(&mut self) -> Option<u64> {
        self.settle()?;
        u64::try_from(self.length).ok()
    }

    /// The tables, as children of `stbl`, of samples that are all shown so much later; `from` is where the first byte of
    /// all samples lies in the file.
    pub(super) fn write(&self, out: &mut Vec<u8>, from: u64, later: u32) -> Option<()> {
        table(out, b"stts", 0, self.durations.iter().flat_map(|(count, each)| [*count, *each]), 2)?;
        if later > 0 || self.shifts.iter().any(|(_, shift)| *shift != 0) {
            self.shifts.iter().try_for_each(|(_, shift)| shift.checked_add_unsigned(later).map(drop))?;
            // Version 1: shifts may be negative.
            let shift = |shift: i32| shift.wrapping_add_unsigned(later).cast_unsigned();
            table(out, b"ctts", 1, self.shifts.iter().flat_map(|(count, each)| [*count, shift(*each)]), 2)?;
        }
        if !self.keys.is_empty() && self.keys.len() < self.sizes.len() {
            table(out, b"stss", 0, self.keys.iter().copied(), 1)?;
        }
        self.write_chunks(out)?;
        put_head(out, b"stsz", 12 + 4 * self.sizes.len())?;
        out.extend_from_slice(&[0; 8]);
        put(out, u32::try_from(self.sizes.len()).ok()?);
        self.sizes.iter().for_each(|size| put(out, *size));
        self.write_offsets(out, from)
    }

    /// How many samples lie together: `stsc`.
    pub(super) fn write_chunks(&self, out: &mut Vec<u8>) -> Option<()> {
        table(out, b"stsc", 0, self.chunk_runs().into_iter().flatten(), 3)
    }

    /// Where they lie: `stco`, or `co64` where four bytes are too few.
    pub(super) fn write_offsets(&self, out: &mut Vec<u8>, from: u64) -> Option<()> {
        let wide = self.is_wide(from);
        put_head(out, if wide { b"co64" } else { b"stco" }, 8 + if wide { 8 } else { 4 } * self.chunks.len())?;
        put(out, 0);
        put(out, u32::try_from(self.chunks.len()).ok()?);
        for chunk in &self.chunks {
            let offset = from.checked_add(chunk.offset)?;
            match u32::try_from(offset) {
                Ok(offset) if !wide => put(out, offset),
                _ => out.extend_from_slice(&offset.to_be_bytes()),
            }
        }
        Some(())
    }

    fn is_wide(&self, from: u64) -> bool {
        self.chunks.iter().any(|chunk| from.saturating_add(chunk.offset) > u32::MAX.into())
    }

    /// First chunk from 1, samples in each, description; for each run of chunks alike.
    fn chunk_runs(&self) -> Vec<[u32; 3]> {
        let mut runs: Vec<[u32; 3]> = Vec::new();
        for (number, chunk) in (1..).zip(&self.chunks) {
            if runs
                .last()
                .is_none_or(|[_, samples, description]| (*samples, *description) != (chunk.samples, chunk.description))
            {
                runs.push([number, chunk.samples, chunk.description]);
            }
        }
        runs
    }
}

/// Adds to a list of runs.
fn run<T: PartialEq>(runs: &mut Vec<(u32, T)>, value: T) {
    match runs.last_mut() {
        Some((count, last)) if *last == value => *count += 1,
        _ => runs.push((1, value)),
    }
}

/// A table with a count of entries, each of so many numbers.
fn table(
    out: &mut Vec<u8>,
    kind: &[u8; 4],
    version: u8,
    numbers: impl Iterator<Item = u32>,
    each: usize,
) -> Option<()> {
    let start = out.len();
    put_head(out, kind, 0)?;
    out.extend_from_slice(&[version, 0, 0, 0, 0, 0, 0, 0]);
    numbers.for_each(|number| put(out, number));
    let count = (out.len() - start - 16) / 4 / each;
    out[start + 12..start + 16].copy_from_slice(&u32::try_from(count).ok()?.to_be_bytes());
    close(out, start)
}

pub(super) fn put(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_be_bytes());
}

/// The head of a box with a body of so many bytes.
pub(super) fn put_head(out: &mut Vec<u8>, kind: &[u8; 4], body: usize) -> Option<()> {
    put(out, u32::try_from(body.checked_add(8)?).ok()?);
    out.extend_from_slice(kind);
    Some(())
}

/// Gives a box that reaches from `start` to the end its size.
pub(super) fn close(out: &mut [u8], start: usize) -> Option<()> {
    let size = u32::try_from(out.len().checked_sub(start)?).ok()?;
    out.get_mut(start..start + 4)?.copy_from_slice(&size.to_be_bytes());
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(duration: u32, shift: i32, is_key: bool) -> Sample {
        Sample { size: 9, duration, shift, is_key }
    }

    #[test]
    fn gaps_lengthen_the_sample_before_and_overlaps_shorten_it() {
        let mut samples = Samples::default();
        samples.begin_at(100, 10).unwrap();
        samples.push(sample(5, 3, true)).unwrap();
        samples.begin_at(108, 10).unwrap();
        samples.push(sample(5, -1, false)).unwrap();
        samples.begin_at(110, 10).unwrap();
        samples.push(sample(5, 0, false)).unwrap();
        assert_eq!(samples.finish(), Some(15));
        assert_eq!(samples.durations, [(1, 8), (1, 2), (1, 5)]);
        assert_eq!((samples.base, samples.shown, samples.keys.len()), (Some(100), Some((3, 15)), 1));
        samples.push(sample(5, 0, false)).unwrap();
        assert!(samples.begin_at(50, 10).is_none());
    }

    #[test]
    fn wide_offsets_are_written_when_needed() {
        let mut samples = Samples::default();
        samples.push(sample(5, 0, true)).unwrap();
        samples.push_chunk(u32::MAX.into(), 1, 1);
        samples.finish().unwrap();
        let ends = |from| {
            let mut out = Vec::new();
            samples.write(&mut out, from, 0).unwrap();
            out
        };
        assert!(ends(0).ends_with(&[b's', b't', b'c', b'o', 0, 0, 0, 0, 0, 0, 0, 1, 255, 255, 255, 255]));
        assert!(ends(1).ends_with(&[b'c', b'o', b'6', b'4', 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0]));
    }
}
