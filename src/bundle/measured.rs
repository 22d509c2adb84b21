//! Reads a part as long as it was planned.

use std::io::{self, Read};

/// Reads a part whole, refusing one whose length has changed since the bundle was planned.
pub(crate) struct Measured<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Measured<R> {
    pub(crate) const fn new(inner: R, length: u64) -> Self {
        Self { inner, left: length }
    }
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        if count == 0 && self.left > 0 && !into.is_empty() {
            return Err(io::Error::other("it became shorter while it was read"));
        }
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| io::Error::other("it became longer while it was read"))?;
        Ok(count)
    }
}
