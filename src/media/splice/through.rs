//! A splice of a file that is itself only carried as a splice.

use super::{Piece, Splice};

impl Splice {
    /// The same bytes, taken from the file that `inner` is a splice of; `None` where this one reaches beyond it.
    pub(in crate::media) fn through(&self, inner: &Self) -> Option<Self> {
        let mut starts = Vec::with_capacity(inner.pieces.len());
        let mut total = 0_u64;
        for piece in &*inner.pieces {
            starts.push(total);
            total = total.checked_add(piece.len())?;
        }
        let mut out = Self::default();
        for piece in &*self.pieces {
            match piece {
                Piece::Bytes(bytes) => out.push_bytes(bytes),
                Piece::File { offset, length } => inner.stretch(&starts, *offset, *length, &mut out)?,
            }
        }
        Some(out)
    }

    /// Adds a stretch of this splice, whose pieces start where `starts` says, to another.
    fn stretch(&self, starts: &[u64], offset: u64, length: u64, out: &mut Self) -> Option<()> {
        let (mut at, end) = (offset, offset.checked_add(length)?);
        let mut number = starts.partition_point(|start| *start <= at).checked_sub(1)?;
        while at < end {
            let piece = self.pieces.get(number)?;
            let within = at.checked_sub(*starts.get(number)?)?;
            let count = piece.len().checked_sub(within)?.min(end - at);
            match piece {
                Piece::Bytes(bytes) => {
                    let from = usize::try_from(within).ok()?;
                    out.push_bytes(bytes.get(from..from.checked_add(usize::try_from(count).ok()?)?)?);
                }
                Piece::File { offset, .. } => out.push_file(offset.checked_add(within)?, count),
            }
            at = at.checked_add(count)?;
            number += 1;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;

    fn text(splice: &Splice) -> String {
        let mut out = String::new();
        splice.reader(Cursor::new(b"abcdefgh")).read_to_string(&mut out).unwrap();
        out
    }

    #[test]
    fn a_splice_of_a_splice_is_one_of_the_file() {
        let mut inner = Splice::default();
        inner.push_file(4, 3);
        inner.push_bytes(b"123");
        inner.push_file(0, 2);
        assert_eq!(text(&inner), "efg123ab");
        let mut outer = Splice::default();
        outer.push_file(2, 5);
        outer.push_bytes(b"!");
        outer.push_file(0, 1);
        outer.push_file(7, 1);
        assert_eq!(text(&outer.through(&inner).unwrap()), "g123a!eb");
        outer.push_file(7, 2);
        assert_eq!(outer.through(&inner), None);
    }
}
