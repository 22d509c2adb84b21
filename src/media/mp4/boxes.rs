//! Boxes of the ISO base media format, walked without recursion.

use std::io::{self, Read, Seek};

use crate::media::source::Source;

/// Boxes that hold boxes of interest; all others are jumped over.
const CONTAINERS: [&[u8; 4]; 10] =
    [b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"mvex", b"moof", b"traf", b"wave"];
/// Levels that are entered; what lies deeper is jumped over.
const MAX_DEPTH: usize = 8;

/// The head of a box.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) kind: [u8; 4],
    /// Where the box begins in the file.
    pub(super) start: u64,
    /// Where the body begins in the file.
    pub(super) body: u64,
    /// Where the box ends, never beyond its parent.
    pub(super) end: u64,
    /// Whether it ends there only because its parent does: it leaves its size open, or is cut. Whatever came to
    /// stand behind it would be taken for a part of it.
    pub(super) is_open: bool,
}

impl Head {
    /// Bytes of the body.
    pub(super) const fn len(&self) -> u64 {
        self.end.saturating_sub(self.body)
    }
}

/// A walk over the boxes of a span, parents before children.
#[derive(Debug)]
pub(super) struct Walk {
    at: u64,
    /// Ends of the boxes that were entered, outermost first.
    ends: Vec<u64>,
    cut: bool,
}

impl Walk {
    /// A walk from one position to another.
    pub(super) fn new(at: u64, end: u64) -> Self {
        Self { at, ends: vec![end], cut: false }
    }

    /// Whether a box claimed to be longer than what holds it.
    pub(super) const fn cut(&self) -> bool {
        self.cut
    }

    /// The next box, with the source at its body.
    pub(super) fn next<R: Read + Seek>(&mut self, source: &mut Source<R>) -> io::Result<Option<Head>> {
        while let Some(&parent) = self.ends.last() {
            let head = if parent.saturating_sub(self.at) < 8 { None } else { head(source, self.at, parent)? };
            let Some((head, whole)) = head else {
                self.at = parent.max(self.at);
                self.ends.pop();
                continue;
            };
            self.cut |= !whole;
            if CONTAINERS.contains(&&head.kind) && self.ends.len() < MAX_DEPTH {
                self.ends.push(head.end);
                self.at = head.body;
            } else {
                self.at = head.end;
            }
            return Ok(Some(head));
        }
        Ok(None)
    }
}

/// The box at a position of the file's own level, with the source at its body; `None` at the end of what are boxes.
pub(super) fn top<R: Read + Seek>(source: &mut Source<R>, at: u64) -> io::Result<Option<Head>> {
    let len = source.len();
    if len.saturating_sub(at) < 8 {
        return Ok(None);
    }
    Ok(head(source, at, len)?.map(|(head, _)| head))
}

/// Reads the head at a position, and whether the parent holds the whole box; `None` for what cannot be a box.
fn head<R: Read + Seek>(source: &mut Source<R>, start: u64, parent: u64) -> io::Result<Option<(Head, bool)>> {
    source.go(start)?;
    let short = source.u32()?;
    let kind = source.array()?;
    let size = match short {
        0 => parent.saturating_sub(start),
        1 if parent.saturating_sub(start) >= 16 => source.u64()?,
        size => size.into(),
    };
    let body = source.at();
    let end = start.saturating_add(size);
    if end < body {
        return Ok(None);
    }
    let is_open = short == 0 || end > parent;
    Ok(Some((Head { kind, start, body, end: end.min(parent), is_open }, end <= parent)))
}
