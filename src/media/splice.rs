//! A media file as it shall be carried: stretches of the file as they are, and bytes that take the place of others.

mod through;

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

/// What a carried file is put together from. Clones share the bytes, which may be many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Splice {
    pieces: Arc<Vec<Piece>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Bytes of our own.
    Bytes(Vec<u8>),
    /// A stretch of the file.
    File { offset: u64, length: u64 },
}

impl Piece {
    const fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { length, .. } => *length,
        }
    }
}

impl Splice {
    /// Adds bytes of our own.
    pub fn push_bytes(&mut self, bytes: &[u8]) {
        let pieces = Arc::make_mut(&mut self.pieces);
        match pieces.last_mut() {
            _ if bytes.is_empty() => {}
            Some(Piece::Bytes(last)) => last.extend_from_slice(bytes),
            _ => pieces.push(Piece::Bytes(bytes.to_vec())),
        }
    }

    /// Adds a stretch of the file, by offset and length in bytes.
    pub fn push_file(&mut self, offset: u64, length: u64) {
        let pieces = Arc::make_mut(&mut self.pieces);
        match pieces.last_mut() {
            _ if length == 0 => {}
            Some(Piece::File { offset: start, length: held }) if start.checked_add(*held) == Some(offset) => {
                *held = held.saturating_add(length);
            }
            _ => pieces.push(Piece::File { offset, length }),
        }
    }

    /// Adds all of another splice of the same file.
    pub(super) fn append(&mut self, other: &Self) {
        for piece in &*other.pieces {
            match piece {
                Piece::Bytes(bytes) => self.push_bytes(bytes),
                Piece::File { offset, length } => self.push_file(*offset, *length),
            }
        }
    }

    /// Length of the whole in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.pieces.iter().map(Piece::len).fold(0, u64::saturating_add)
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Reads the whole out of the file.
    pub fn reader<R: Read + Seek>(&self, file: R) -> SpliceReader<'_, R> {
        SpliceReader { file, pieces: &self.pieces, piece: 0, start: 0, at: 0, placed: false }
    }
}

/// Reads a [`Splice`].
#[derive(Debug)]
pub struct SpliceReader<'s, R> {
    file: R,
    pieces: &'s [Piece],
    /// The piece that is being read, and where it begins in the whole.
    piece: usize,
    start: u64,
    /// Where the next byte lies in the whole.
    at: u64,
    /// Whether the file stands where that byte is.
    placed: bool,
}

impl<'s, R> SpliceReader<'s, R> {
    /// The piece with the next byte, and how much of it has been read.
    fn now(&mut self) -> Option<(&'s Piece, u64)> {
        loop {
            let piece = self.pieces.get(self.piece)?;
            let within = self.at.saturating_sub(self.start);
            if within < piece.len() {
                return Some((piece, within));
            }
            self.start = self.start.saturating_add(piece.len());
            self.piece += 1;
            self.placed = false;
        }
    }
}

impl<R: Read + Seek> Read for SpliceReader<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        let Some((piece, within)) = self.now() else { return Ok(0) };
        let count = match piece {
            Piece::Bytes(bytes) => {
                let rest = usize::try_from(within).ok().and_then(|within| bytes.get(within..)).unwrap_or_default();
                (&mut &rest[..]).read(into)?
            }
            Piece::File { offset, length } => {
                if !self.placed {
                    self.file.seek(SeekFrom::Start(offset.saturating_add(within)))?;
                    self.placed = true;
                }
                let wanted = usize::try_from(length - within).unwrap_or(usize::MAX).min(into.len());
                let count = self.file.read(&mut into[..wanted])?;
                if count == 0 {
                    return Err(io::Error::other("it became shorter while it was read"));
                }
                count
            }
        };
        self.at = self.at.saturating_add(count as u64);
        Ok(count)
    }
}

impl<R: Read + Seek> Seek for SpliceReader<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let from = |base: u64, distance: i64| {
            base.checked_add_signed(distance).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))
        };
        let at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::Current(distance) => from(self.at, distance)?,
            SeekFrom::End(distance) => from(self.pieces.iter().map(Piece::len).fold(0, u64::saturating_add), distance)?,
        };
        if at != self.at {
            self.placed = false;
        }
        if at < self.start {
            (self.piece, self.start) = (0, 0);
        }
        self.at = at;
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_come_in_their_order() {
        let mut splice = Splice::default();
        splice.push_bytes(b"<");
        splice.push_file(3, 2);
        splice.push_file(5, 1);
        splice.push_bytes(b"");
        splice.push_bytes(b">");
        splice.push_bytes(b"!");
        splice.push_file(0, 1);
        assert_eq!((splice.len(), splice.pieces.len()), (7, 4));
        let mut out = String::new();
        splice.reader(io::Cursor::new(b"abcdefgh")).read_to_string(&mut out).unwrap();
        assert_eq!(out, "<def>!a");
    }

    #[test]
    fn a_file_that_became_shorter_is_noticed() {
        let mut splice = Splice::default();
        splice.push_file(2, 5);
        assert!(splice.reader(io::Cursor::new(b"abcd")).read_to_end(&mut Vec::new()).is_err());
    }
}
