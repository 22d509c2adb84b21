//! Reading a file of unknown worth: positions are checked, and nothing is allocated by a size the file claims.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// A seekable input that knows its length. Small jumps stay inside the buffer.
#[derive(Debug)]
pub(super) struct Source<R> {
    inner: BufReader<R>,
    at: u64,
    len: u64,
}

impl<R: Read + Seek> Source<R> {
    /// Starts at the first byte.
    pub(super) fn new(mut inner: R) -> io::Result<Self> {
        let len = inner.seek(SeekFrom::End(0))?;
        inner.seek(SeekFrom::Start(0))?;
        // Payloads are skipped, so a larger buffer would only read more of what nobody looks at.
        Ok(Self { inner: BufReader::with_capacity(16 * 1024, inner), at: 0, len })
    }

    /// Bytes from the start to the next one read.
    pub(super) const fn at(&self) -> u64 {
        self.at
    }

    /// Length of the input in bytes.
    pub(super) const fn len(&self) -> u64 {
        self.len
    }

    /// Goes to an absolute position.
    ///
    /// # Errors
    /// `UnexpectedEof` beyond the end, so that a skip over missing bytes shows as a cut file.
    pub(super) fn go(&mut self, to: u64) -> io::Result<()> {
        if to > self.len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match i64::try_from(i128::from(to) - i128::from(self.at)) {
            Ok(distance) => self.inner.seek_relative(distance)?,
            Err(_) => {
                self.inner.seek(SeekFrom::Start(to))?;
            }
        }
        self.at = to;
        Ok(())
    }

    /// Reads exactly N bytes.
    pub(super) fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        // Reading what is there of them would lose the place.
        if self.len.saturating_sub(self.at) < N as u64 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut bytes = [0; N];
        self.inner.read_exact(&mut bytes)?;
        self.at = self.at.saturating_add(N as u64);
        Ok(bytes)
    }

    /// Reads what there is of `len` bytes, at most `cap` of them.
    pub(super) fn head(&mut self, len: u64, cap: usize) -> io::Result<Vec<u8>> {
        let want = usize::try_from(len.min(self.len.saturating_sub(self.at))).unwrap_or(cap).min(cap);
        let mut bytes = vec![0; want];
        self.inner.read_exact(&mut bytes)?;
        self.at = self.at.saturating_add(want as u64);
        Ok(bytes)
    }

    /// Reads one byte.
    pub(super) fn u8(&mut self) -> io::Result<u8> {
        Ok(u8::from_be_bytes(self.array()?))
    }

    /// Reads a big-endian number of four bytes.
    pub(super) fn u32(&mut self) -> io::Result<u32> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    /// Reads a big-endian number of eight bytes.
    pub(super) fn u64(&mut self) -> io::Result<u64> {
        Ok(u64::from_be_bytes(self.array()?))
    }
}

/// Whether the file is at fault, not the disk: cut short, or not what its headers say.
pub(super) fn is_malformed(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData)
}
