//! The samples that an index in memory lists, chunk by chunk: some writers list the first ones there, and put the rest
//! into fragments.

use super::tables::Sample;
use super::tree::{Node, Tree, u32_at, u64_at};

/// Samples of a track that lie together.
#[derive(Debug)]
pub(super) struct Chunk {
    /// Which of the track's descriptions holds for them.
    pub(super) description: u32,
    samples: u32,
}

/// A track's tables, as far as they are read.
#[derive(Debug)]
pub(super) struct Listed<'m> {
    sizes: Sizes<'m>,
    lengths: Runs<'m>,
    shifts: Option<Runs<'m>>,
    /// Numbers of keyframes; without them all are.
    keys: Option<&'m [u8]>,
    offsets: &'m [u8],
    is_wide: bool,
    /// First chunk, samples in each and description, by runs.
    chunks: &'m [u8],
    /// The number of the next chunk, and of the next sample, from 1.
    chunk: u32,
    sample: u32,
}

impl<'m> Listed<'m> {
    /// Of a track; `None` when it has no such tables.
    pub(super) fn of(moov: &'m [u8], tree: &Tree, track: usize) -> Option<Self> {
        let table = |kind| tree.below(track, &[b"mdia", b"minf", b"stbl", kind]);
        let entries = |node: Node, each: usize| entries(moov, node, each);
        let wide = table(b"co64");
        let offsets = match wide {
            Some(node) => entries(node, 8)?,
            None => entries(table(b"stco")?, 4)?,
        };
        let keys = match table(b"stss") {
            Some(node) => Some(entries(node, 4)?),
            None => None,
        };
        let shifts = match table(b"ctts") {
            Some(node) => Some(Runs::new(entries(node, 8)?)),
            None => None,
        };
        Some(Self {
            sizes: Sizes::of(moov, table(b"stsz")?)?,
            lengths: Runs::new(entries(table(b"stts")?, 8)?),
            shifts,
            keys,
            offsets,
            is_wide: wide.is_some(),
            chunks: entries(table(b"stsc")?, 12)?,
            chunk: 1,
            sample: 1,
        })
    }

    /// Where the next chunk begins; `None` behind the last.
    pub(super) fn next_offset(&self) -> Option<u64> {
        let at = usize::try_from(self.chunk.checked_sub(1)?).ok()?;
        if self.sizes.left == 0 {
            None
        } else if self.is_wide {
            u64_at(self.offsets, at.checked_mul(8)?)
        } else {
            u32_at(self.offsets, at.checked_mul(4)?).map(u64::from)
        }
    }

    /// The next chunk, whose samples are to be taken from then on.
    pub(super) fn next_chunk(&mut self) -> Option<Chunk> {
        while u32_at(self.chunks, 12).is_some_and(|first| first <= self.chunk) {
            self.chunks = &self.chunks[12..];
        }
        self.chunk = self.chunk.checked_add(1)?;
        Some(Chunk { samples: u32_at(self.chunks, 4)?, description: u32_at(self.chunks, 8)? })
    }

    /// The next sample of a chunk: `Some(None)` behind the last, `None` for tables that do not fit together.
    pub(super) fn next_sample(&mut self, chunk: &mut Chunk) -> Option<Option<Sample>> {
        if chunk.samples == 0 || self.sizes.left == 0 {
            return Some(None);
        }
        chunk.samples -= 1;
        let size = self.sizes.next()?;
        let duration = self.lengths.next()?;
        let shift = self.shifts.as_mut().and_then(Runs::next).unwrap_or(0).cast_signed();
        let is_key = self.is_key();
        self.sample = self.sample.checked_add(1)?;
        Some(Some(Sample { size, duration, shift, is_key }))
    }

    fn is_key(&mut self) -> bool {
        let Some(keys) = &mut self.keys else { return true };
        while u32_at(keys, 0).is_some_and(|number| number < self.sample) {
            *keys = &keys[4..];
        }
        u32_at(keys, 0) == Some(self.sample)
    }
}

/// The entries of a table that counts them, as far as they are there.
fn entries<'m>(moov: &'m [u8], node: Node, each: usize) -> Option<&'m [u8]> {
    let body = moov.get(node.body..node.end)?;
    let count = usize::try_from(u32_at(body, 4)?).ok()?;
    let rest = body.get(8..)?;
    Some(&rest[..rest.len().min(count.saturating_mul(each))])
}

/// Sizes of samples: one for all, or each its own.
#[derive(Debug)]
struct Sizes<'m> {
    same: u32,
    list: &'m [u8],
    left: u32,
}

impl<'m> Sizes<'m> {
    fn of(moov: &'m [u8], node: Node) -> Option<Self> {
        let body = moov.get(node.body..node.end)?;
        Some(Self { same: u32_at(body, 4)?, left: u32_at(body, 8)?, list: body.get(12..)? })
    }

    fn next(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        if self.same > 0 {
            return Some(self.same);
        }
        let size = u32_at(self.list, 0)?;
        self.list = &self.list[4..];
        Some(size)
    }
}

/// A list of runs, of which each value comes by itself.
#[derive(Debug)]
struct Runs<'m> {
    list: &'m [u8],
    taken: u32,
}

impl<'m> Runs<'m> {
    const fn new(list: &'m [u8]) -> Self {
        Self { list, taken: 0 }
    }

    fn next(&mut self) -> Option<u32> {
        while u32_at(self.list, 0)? <= self.taken {
            (self.list, self.taken) = (self.list.get(8..)?, 0);
        }
        self.taken += 1;
        u32_at(self.list, 4)
    }
}
