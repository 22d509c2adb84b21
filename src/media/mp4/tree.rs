//! The boxes of an index that is held in memory.

/// Boxes that hold boxes of interest.
const CONTAINERS: [&[u8; 4]; 6] = [b"trak", b"mdia", b"minf", b"stbl", b"edts", b"mvex"];
/// Boxes that are looked at; recordings have some fifty.
const MAX_NODES: usize = 1 << 16;
/// Levels that are entered.
const MAX_DEPTH: usize = 8;

/// A box, by its place among the bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) kind: [u8; 4],
    pub(super) start: usize,
    pub(super) body: usize,
    pub(super) end: usize,
    /// Index of the box that holds it; `None` at the index's own level.
    pub(super) parent: Option<usize>,
}

/// The boxes of an index, parents before children, in the order of the bytes.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
}

impl Tree {
    /// Reads the body of `moov`; `None` for what is no list of boxes.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut nodes: Vec<Node> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        let mut at = 0;
        loop {
            let end = open.last().map_or(bytes.len(), |parent| nodes[*parent].end);
            // QuickTime ends some lists with four zero bytes.
            if end.saturating_sub(at) < 8 {
                at = end;
                if open.pop().is_none() {
                    return Some(Self { nodes });
                }
                continue;
            }
            let node = Node { parent: open.last().copied(), ..head(bytes, at, end)? };
            if nodes.len() == MAX_NODES {
                return None;
            }
            nodes.push(node);
            at = node.end;
            if CONTAINERS.contains(&&node.kind) && open.len() < MAX_DEPTH {
                open.push(nodes.len() - 1);
                at = node.body;
            }
        }
    }

    /// Indices of the boxes that a box holds; `None` asks for the index's own level.
    pub(super) fn children(&self, parent: Option<usize>) -> impl Iterator<Item = usize> {
        self.nodes.iter().enumerate().filter(move |(_, node)| node.parent == parent).map(|(at, _)| at)
    }

    /// The first box of a kind within another.
    pub(super) fn child(&self, parent: Option<usize>, kind: &[u8; 4]) -> Option<usize> {
        self.children(parent).find(|at| self.nodes[*at].kind == *kind)
    }

    /// The box at the end of a path of kinds below another.
    pub(super) fn below(&self, parent: usize, path: &[&[u8; 4]]) -> Option<Node> {
        self.find(parent, path).map(|found| self.nodes[found])
    }

    /// The index of the same.
    pub(super) fn find(&self, parent: usize, path: &[&[u8; 4]]) -> Option<usize> {
        path.iter().try_fold(parent, |at, kind| self.child(Some(at), kind))
    }

    /// Writes the bytes with other boxes in the place of some, which are given in their order, and the sizes of those
    /// around them put right; `None` when one would be too large.
    pub(super) fn rewrite(&self, out: &mut Vec<u8>, bytes: &[u8], anew: Vec<(usize, Vec<u8>)>) -> Option<()> {
        let mut copied = 0;
        // Boxes that hold some of them, and where these begin in what is written.
        let mut open: Vec<(Node, usize)> = Vec::new();
        let mut anew = anew.into_iter().peekable();
        for (at, node) in self.nodes.iter().enumerate() {
            while let Some((holder, start)) = open.pop_if(|(holder, _)| holder.end <= node.start) {
                copy(out, bytes, &mut copied, holder.end)?;
                resize(out, start, holder)?;
            }
            copy(out, bytes, &mut copied, node.start)?;
            if let Some((_, other)) = anew.next_if(|(next, _)| *next == at) {
                out.extend_from_slice(&other);
                copied = node.end;
            } else if self.nodes.get(at + 1).is_some_and(|next| next.parent == Some(at)) {
                open.push((*node, out.len()));
            }
        }
        while let Some((holder, start)) = open.pop() {
            copy(out, bytes, &mut copied, holder.end)?;
            resize(out, start, holder)?;
        }
        copy(out, bytes, &mut copied, bytes.len())
    }
}

/// Writes what comes before a position and was not written yet.
fn copy(out: &mut Vec<u8>, bytes: &[u8], copied: &mut usize, to: usize) -> Option<()> {
    out.extend_from_slice(bytes.get(*copied..to)?);
    *copied = to;
    Some(())
}

/// Gives a box that reaches from `start` to the end its size, in the form which it has there.
fn resize(out: &mut [u8], start: usize, node: Node) -> Option<()> {
    let size = out.len().checked_sub(start)?;
    if node.body - node.start == 16 {
        out.get_mut(start + 8..start + 16)?.copy_from_slice(&(size as u64).to_be_bytes());
    } else {
        out.get_mut(start..start + 4)?.copy_from_slice(&u32::try_from(size).ok()?.to_be_bytes());
    }
    Some(())
}

/// The head of a box within its parent, which has to hold all of it.
fn head(bytes: &[u8], start: usize, parent: usize) -> Option<Node> {
    let kind = *bytes.get(start + 4..)?.first_chunk()?;
    let (size, body) = match u32_at(bytes, start)? {
        0 => (parent - start, start + 8),
        1 => (usize::try_from(u64_at(bytes, start + 8)?).ok()?, start + 16),
        size => (usize::try_from(size).ok()?, start + 8),
    };
    let end = start.checked_add(size)?;
    (end >= body && end <= parent).then_some(Node { kind, start, body, end, parent: None })
}

/// The big-endian number of four bytes at a position.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The big-endian number of eight bytes at a position.
pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::super::tests::boxed;
    use super::*;

    #[test]
    fn parents_come_before_their_children() {
        let bytes = boxed(b"trak", &[boxed(b"tkhd", b"x"), boxed(b"mdia", &boxed(b"mdhd", b"")), vec![0; 4]].concat());
        let tree = Tree::read(&bytes).unwrap();
        let kinds: Vec<_> = tree.nodes.iter().map(|node| (node.kind, node.parent)).collect();
        assert_eq!(kinds, [(*b"trak", None), (*b"tkhd", Some(0)), (*b"mdia", Some(0)), (*b"mdhd", Some(2))]);
        assert_eq!(tree.below(0, &[b"mdia", b"mdhd"]).unwrap().start, 25);
    }

    #[test]
    fn boxes_in_the_place_of_others_change_the_sizes_around_them() {
        let index = |table: &[u8], end: &[u8]| {
            let inner =
                [boxed(b"stbl", &[boxed(b"stco", table), boxed(b"stsz", b"s")].concat()), end.to_vec()].concat();
            let mut wide = [1_u32.to_be_bytes().as_slice(), b"minf", &(inner.len() as u64 + 16).to_be_bytes()].concat();
            wide.extend(inner);
            [boxed(b"trak", &boxed(b"mdia", &wide)), boxed(b"udta", b"u")].concat()
        };
        let old = index(b"old", b"\0\0\0\0");
        let tree = Tree::read(&old).unwrap();
        let table = tree.find(0, &[b"mdia", b"minf", b"stbl", b"stco"]).unwrap();
        let mut out = Vec::new();
        tree.rewrite(&mut out, &old, vec![(table, boxed(b"stco", b"other"))]).unwrap();
        assert_eq!(out, index(b"other", b"\0\0\0\0"));
        out.clear();
        tree.rewrite(&mut out, &old, Vec::new()).unwrap();
        assert_eq!(out, old);
    }

    #[test]
    fn nonsense_is_refused() {
        let mut bytes = boxed(b"trak", &boxed(b"tkhd", b"x"));
        bytes[11] = 200;
        assert!(Tree::read(&bytes).is_none());
        let mut deep = Vec::new();
        for _ in 0..1_000 {
            deep = boxed(b"mdia", &deep);
        }
        assert!(Tree::read(&deep).unwrap().nodes.len() <= MAX_DEPTH + 1);
        assert!(Tree::read(&boxed(b"free", b"").repeat(MAX_NODES + 1)).is_none());
    }
}
