//! The samples that an index lists, one by one.

use super::tables::{MAX_ENTRIES, Sample};
use super::tree::{Tree, u32_at, u64_at};

/// A sample and where it lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) sample: Sample,
    pub(super) offset: u64,
    /// When it is decoded, in units of the track's clock.
    pub(super) time: i64,
    /// Which chunk it lies in, and which description holds for that.
    pub(super) chunk: usize,
    pub(super) description: u32,
}

/// The samples of a track, in the order of decoding.
#[derive(Debug)]
pub(super) struct Listed<'m> {
    durations: Runs<'m>,
    shifts: Runs<'m>,
    /// Numbers from 1; without the table, all are.
    keys: Option<&'m [u8]>,
    /// Bytes of each, or of all.
    sizes: Result<&'m [u8], u32>,
    /// Entries of `stsc`, of 12 bytes.
    chunk_runs: &'m [u8],
    offsets: (&'m [u8], usize),
    count: usize,
    number: usize,
    time: i64,
    chunk: usize,
    left: u32,
    description: u32,
    offset: u64,
}

impl<'m> Listed<'m> {
    /// Of a `trak`; `None` for tables that make no sense, or of another kind.
    pub(super) fn new(moov: &'m [u8], tree: &Tree, trak: usize) -> Option<Self> {
        let body = |kind: &[u8; 4]| {
            let node = tree.below(trak, &[b"mdia", b"minf", b"stbl", kind])?;
            moov.get(node.body..node.end)
        };
        let sizes = body(b"stsz")?;
        let (each, count) = (u32_at(sizes, 4)?, usize::try_from(u32_at(sizes, 8)?).ok()?);
        if count > MAX_ENTRIES {
            return None;
        }
        let sizes = if each == 0 { Ok(sizes.get(12..count.checked_mul(4)?.checked_add(12)?)?) } else { Err(each) };
        let offsets = match body(b"stco") {
            Some(body) => (entries(body, 4)?, 4),
            None => (entries(body(b"co64")?, 8)?, 8),
        };
        Some(Self {
            durations: Runs::new(entries(body(b"stts")?, 8)?),
            shifts: Runs::new(body(b"ctts").map_or(Some(&[][..]), |body| entries(body, 8))?),
            keys: body(b"stss").map_or(Some(None), |body| entries(body, 4).map(Some))?,
            sizes,
            chunk_runs: entries(body(b"stsc")?, 12)?,
            offsets,
            count,
            number: 0,
            time: 0,
            chunk: 0,
            left: 0,
            description: 1,
            offset: 0,
        })
    }

    /// The next sample; `None` when the tables end before their samples do.
    fn read(&mut self) -> Option<Entry> {
        while self.left == 0 {
            self.begin_chunk()?;
        }
        self.left -= 1;
        let size = match self.sizes {
            Ok(sizes) => u32_at(sizes, 4 * self.number)?,
            Err(each) => each,
        };
        self.number += 1;
        let duration = self.durations.next()?;
        // Version 0 has it without sign, but writers put negative numbers there all the same.
        let shift = self.shifts.next().unwrap_or(0).cast_signed();
        let sample = Sample { size, duration, shift, is_key: self.is_key() };
        let entry =
            Entry { sample, offset: self.offset, time: self.time, chunk: self.chunk, description: self.description };
        self.time = self.time.checked_add(duration.into())?;
        self.offset = self.offset.checked_add(size.into())?;
        Some(entry)
    }

    fn begin_chunk(&mut self) -> Option<()> {
        let (bytes, width) = self.offsets;
        let at = self.chunk.checked_mul(width)?;
        self.offset = if width == 4 { u32_at(bytes, at)?.into() } else { u64_at(bytes, at)? };
        self.chunk += 1;
        // The last run that has begun holds.
        while u32_at(self.chunk_runs, 12).is_some_and(|first| first as usize <= self.chunk) {
            self.chunk_runs = &self.chunk_runs[12..];
        }
        self.left = u32_at(self.chunk_runs, 4)?;
        self.description = u32_at(self.chunk_runs, 8)?;
        Some(())
    }

    /// Whether the sample of the present number is one to begin at.
    fn is_key(&mut self) -> bool {
        let Some(keys) = &mut self.keys else { return true };
        while u32_at(keys, 0).is_some_and(|key| (key as usize) < self.number) {
            *keys = &keys[4..];
        }
        u32_at(keys, 0).is_some_and(|key| key as usize == self.number)
    }
}

/// Gives `None` in place of a sample when the tables do not fit each other.
impl Iterator for Listed<'_> {
    type Item = Option<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.number >= self.count {
            return None;
        }
        let entry = self.read();
        if entry.is_none() {
            self.number = self.count;
        }
        Some(entry)
    }
}

/// The entries of a table, each of so many bytes.
fn entries(body: &[u8], each: usize) -> Option<&[u8]> {
    let count = usize::try_from(u32_at(body, 4)?).ok()?;
    body.get(8..count.checked_mul(each)?.checked_add(8)?)
}

/// A table of values, each with how often it comes.
#[derive(Debug)]
struct Runs<'m> {
    bytes: &'m [u8],
    left: u32,
    value: u32,
}

impl<'m> Runs<'m> {
    const fn new(bytes: &'m [u8]) -> Self {
        Self { bytes, left: 0, value: 0 }
    }

    fn next(&mut self) -> Option<u32> {
        while self.left == 0 {
            (self.left, self.value) = (u32_at(self.bytes, 0)?, u32_at(self.bytes, 4)?);
            self.bytes = &self.bytes[8..];
        }
        self.left -= 1;
        Some(self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::boxed;
    use super::*;

    fn table(kind: &[u8; 4], numbers: &[u32], each: usize) -> Vec<u8> {
        let count = u32::try_from(numbers.len() / each).unwrap();
        let body = [0, count].iter().chain(numbers).flat_map(|number| number.to_be_bytes()).collect::<Vec<_>>();
        boxed(kind, &body)
    }

    fn list(tables: &[Vec<u8>]) -> Option<Vec<Option<Entry>>> {
        let moov = boxed(b"trak", &boxed(b"mdia", &boxed(b"minf", &boxed(b"stbl", &tables.concat()))));
        let tree = Tree::read(&moov).unwrap();
        Some(Listed::new(&moov, &tree, 0)?.collect())
    }

    fn tables() -> Vec<Vec<u8>> {
        let sizes = boxed(b"stsz", &[0_u32, 0, 4, 5, 6, 7, 8].iter().flat_map(|n| n.to_be_bytes()).collect::<Vec<_>>());
        vec![
            table(b"stts", &[3, 10, 1, 20], 2),
            table(b"ctts", &[1, 2, 3, 1], 2),
            table(b"stss", &[1, 3], 1),
            table(b"stsc", &[1, 2, 1, 2, 1, 2], 3),
            sizes,
            table(b"stco", &[100, 200, 300], 1),
        ]
    }

    #[test]
    fn samples_are_put_together_from_all_tables() {
        let list: Vec<_> = list(&tables()).unwrap().into_iter().map(Option::unwrap).collect();
        let facts: Vec<_> = list.iter().map(|e| (e.offset, e.sample.size, e.time, e.sample.shift)).collect();
        assert_eq!(facts, [(100, 5, 0, 2), (105, 6, 10, 1), (200, 7, 20, 1), (300, 8, 30, 1)]);
        let more: Vec<_> = list.iter().map(|e| (e.sample.is_key, e.sample.duration, e.chunk, e.description)).collect();
        assert_eq!(more, [(true, 10, 1, 1), (false, 10, 1, 1), (true, 10, 2, 2), (false, 20, 3, 2)]);
    }

    #[test]
    fn tables_that_end_too_soon_are_noticed() {
        for (at, short) in [(0, table(b"stts", &[3, 10], 2)), (5, table(b"stco", &[100, 200], 1))] {
            let mut tables = tables();
            tables[at] = short;
            assert!(list(&tables).unwrap().last().unwrap().is_none());
        }
        let mut tables = tables();
        tables[4] = boxed(b"stsz", &[0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255]);
        assert!(list(&tables).is_none());
    }
}
