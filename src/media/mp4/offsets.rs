//! Tables of where the samples lie, rewritten for samples that have moved. Nothing else of the index changes.

use super::tree::{Tree, u32_at, u64_at};

/// Each track has one table.
const MAX_TABLES: usize = 1_000;

/// A table of offsets: `stco` with four bytes each, `co64` with eight.
#[derive(Clone, Copy, Debug)]
struct Table {
    node: usize,
    count: usize,
    /// Bytes of an offset in the file.
    width: usize,
    /// Bytes that the table grows by, as four bytes are too few for where the samples went.
    growth: usize,
}

/// The tables of an index.
#[derive(Debug)]
pub(super) struct Offsets<'m> {
    moov: &'m [u8],
    tree: &'m Tree,
    tables: Vec<Table>,
}

impl<'m> Offsets<'m> {
    /// Finds the tables of a `moov` body; `None` when one claims more than it holds, or when there are other offsets
    /// which would have to be changed too.
    pub(super) fn read(moov: &'m [u8], tree: &'m Tree) -> Option<Self> {
        let mut tables: Vec<Table> = Vec::new();
        for (at, node) in tree.nodes.iter().enumerate() {
            let width = match &node.kind {
                b"stco" => 4,
                b"co64" => 8,
                b"saio" => return None,
                _ => continue,
            };
            let count = usize::try_from(u32_at(moov, node.body + 4)?).ok()?;
            let room = node.end.checked_sub(node.body + 8)?;
            if count > room / width || tables.len() == MAX_TABLES {
                return None;
            }
            tables.push(Table { node: at, count, width, growth: 0 });
        }
        Some(Self { moov, tree, tables })
    }

    fn of(&self, table: Table) -> impl Iterator<Item = u64> {
        let from = self.tree.nodes[table.node].body + 8;
        let bytes = &self.moov[from..from + table.count * table.width];
        bytes.chunks_exact(table.width).map(|bytes| bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    /// All offsets.
    pub(super) fn all(&self) -> impl Iterator<Item = u64> {
        self.tables.iter().flat_map(|table| self.of(*table))
    }

    /// The `moov` body with every offset changed, given also the length which that body comes to have.
    pub(super) fn moved(mut self, map: impl Fn(u64, u64) -> u64) -> Option<Vec<u8>> {
        // A table that grows moves the samples on, which may make another too small: so all grow, or none.
        let length = self.grown_length();
        let is_small =
            |table: &Table| table.width == 4 && self.of(*table).any(|offset| map(offset, length) > u32::MAX.into());
        if self.tables.iter().any(is_small) {
            for table in self.tables.iter_mut().filter(|table| table.width == 4) {
                table.growth = table.count.saturating_mul(4);
            }
        }
        let length = self.grown_length();
        let mut out = Vec::with_capacity(usize::try_from(length).ok()?);
        let mut copied = 0;
        for table in &self.tables {
            let node = self.tree.nodes[table.node];
            let (from, to) = (node.body + 8, node.body + 8 + table.width * table.count);
            out.extend_from_slice(&self.moov[copied..from]);
            // One that is empty does not grow, and needs not.
            let wide = table.width == 8 || table.growth > 0;
            for offset in self.of(*table) {
                let offset = map(offset, length);
                if wide {
                    out.extend_from_slice(&offset.to_be_bytes());
                } else {
                    out.extend_from_slice(&u32::try_from(offset).ok()?.to_be_bytes());
                }
            }
            copied = to;
        }
        out.extend_from_slice(&self.moov[copied..]);
        self.resize(&mut out)?;
        Some(out)
    }

    fn grown_length(&self) -> u64 {
        (self.moov.len() + self.tables.iter().map(|table| table.growth).sum::<usize>()) as u64
    }

    /// Renames the tables that have grown, and corrects their sizes and those of what holds them.
    fn resize(&self, out: &mut [u8]) -> Option<()> {
        let mut before = 0;
        for table in self.tables.iter().filter(|table| table.growth > 0) {
            let at = self.tree.nodes[table.node].start + before;
            out.get_mut(at + 4..at + 8)?.copy_from_slice(b"co64");
            let mut holder = Some(table.node);
            while let Some(index) = holder {
                let node = self.tree.nodes[index];
                // What holds this table may begin before others that have grown.
                let grown = self.tables.iter().filter(|other| self.tree.nodes[other.node].start < node.start);
                grow(out, node.start + grown.map(|other| other.growth).sum::<usize>(), table.growth)?;
                holder = node.parent;
            }
            before += table.growth;
        }
        Some(())
    }
}

/// Adds to the size in a box's head.
fn grow(out: &mut [u8], at: usize, by: usize) -> Option<()> {
    match u32_at(out, at)? {
        // It reaches to the end of what holds it.
        0 => {}
        1 => {
            let size = u64_at(out, at + 8)?.checked_add(by as u64)?;
            out[at + 8..at + 16].copy_from_slice(&size.to_be_bytes());
        }
        size => {
            let size = size.checked_add(u32::try_from(by).ok()?)?;
            out[at..at + 4].copy_from_slice(&size.to_be_bytes());
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::boxed;
    use super::*;

    fn table(kind: &[u8; 4], offsets: &[u64]) -> Vec<u8> {
        let mut body = vec![0; 4];
        body.extend_from_slice(&u32::try_from(offsets.len()).unwrap().to_be_bytes());
        for offset in offsets {
            body.extend_from_slice(&offset.to_be_bytes()[if kind == b"stco" { 4 } else { 0 }..]);
        }
        boxed(kind, &body)
    }

    fn index(tables: [Vec<u8>; 2]) -> Vec<u8> {
        let track = |table: &Vec<u8>| {
            boxed(b"trak", &[boxed(b"mdia", &boxed(b"minf", &boxed(b"stbl", table))), boxed(b"tref", b"ab")].concat())
        };
        [boxed(b"mvhd", b"12345"), track(&tables[0]), track(&tables[1]), boxed(b"iods", b"z")].concat()
    }

    fn moved(tables: [Vec<u8>; 2], map: impl Fn(u64, u64) -> u64) -> Option<Vec<u8>> {
        let moov = index(tables);
        let tree = Tree::read(&moov).unwrap();
        Offsets::read(&moov, &tree)?.moved(map)
    }

    #[test]
    fn offsets_change_and_all_else_stays() {
        let out = moved([table(b"stco", &[10, 20]), table(b"co64", &[30])], |offset, _| offset + 5);
        assert_eq!(out.unwrap(), index([table(b"stco", &[15, 25]), table(b"co64", &[35])]));
    }

    #[test]
    fn tables_grow_when_four_bytes_are_too_few() {
        let edge = u64::from(u32::MAX);
        let length = index([table(b"stco", &[0; 2]), table(b"stco", &[0; 3])]).len() as u64;
        // The second table would fit if the first did not grow.
        let tables = [table(b"stco", &[1, edge]), table(b"stco", &[2, 3, edge - length])];
        let out = moved(tables, |offset, length| offset + length).unwrap();
        let by = length + 8 + 12;
        assert_eq!(out.len() as u64, by);
        let tables = [table(b"co64", &[1 + by, edge + by]), table(b"co64", &[2 + by, 3 + by, edge - length + by])];
        assert_eq!(out, index(tables));
    }

    #[test]
    fn a_table_that_claims_too_much_is_refused() {
        let mut cut = table(b"stco", &[1, 2]);
        cut[15] = 3;
        assert!(moved([cut, table(b"co64", &[])], |offset, _| offset).is_none());
    }
}
