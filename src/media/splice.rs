//! A media file as it shall be carried: stretches of the file as they are, and bytes that take the place of others.

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
        SpliceReader { file, pieces: self.pieces.iter(), now: None }
    }
}

/// Reads a [`Splice`].
#[derive(Debug)]
pub struct SpliceReader<'s, R> {
    file: R,
    pieces: std::slice::Iter<'s, Piece>,
    now: Option<Now<'s>>,
}

/// The piece that is being read.
#[derive(Debug)]
enum Now<'s> {
    Bytes(&'s [u8]),
    /// So many bytes from where the file stands.
    File(u64),
}

impl<R: Read + Seek> Read for SpliceReader<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            match &mut self.now {
                Some(Now::Bytes(rest)) if !rest.is_empty() => return rest.read(into),
                Some(Now::File(left)) if *left > 0 => {
                    let wanted = usize::try_from(*left).unwrap_or(usize::MAX).min(into.len());
                    let count = self.file.read(&mut into[..wanted])?;
                    if count == 0 {
                        return Err(io::Error::other("it became shorter while it was read"));
                    }
                    *left -= count as u64;
                    return Ok(count);
                }
                _ => match self.pieces.next() {
                    None => return Ok(0),
                    Some(Piece::Bytes(bytes)) => self.now = Some(Now::Bytes(bytes)),
                    Some(Piece::File { offset, length }) => {
                        self.file.seek(SeekFrom::Start(*offset))?;
                        self.now = Some(Now::File(*length));
                    }
                },
            }
        }
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
