//! How much may come out of what is packed.

use std::io::{self, Read};

use crate::scratch::ROOM;

/// How much larger a thing may be than what it is packed in, once it is as large as [`HARMLESS`].
pub(super) const RATIO: u64 = 200;
const HARMLESS: u64 = 10 << 20;

/// Stops where more would be a bomb, and remembers that there was more.
#[derive(Debug)]
pub(super) struct Bounded<R> {
    inner: R,
    left: u64,
    burst: bool,
}

impl<R> Bounded<R> {
    /// A reader of what so many packed bytes become.
    pub(super) fn new(inner: R, packed: u64) -> Self {
        Self { inner, left: bound(packed), burst: false }
    }

    pub(super) const fn burst(&self) -> bool {
        self.burst
    }
}

fn bound(packed: u64) -> u64 {
    packed.saturating_mul(RATIO).clamp(HARMLESS, ROOM)
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => {
                self.burst = true;
                return Err(io::Error::other("it unpacks beyond measure"));
            }
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_stops_where_more_would_be_a_bomb() {
        assert_eq!([bound(0), bound(HARMLESS), bound(u64::MAX)], [HARMLESS, HARMLESS * RATIO, ROOM]);
        let mut bounded = Bounded { inner: io::repeat(0), left: 10, burst: false };
        assert!(bounded.read_to_end(&mut Vec::new()).is_err() && bounded.burst());
        let mut bounded = Bounded { inner: &[0; 10][..], left: 10, burst: false };
        assert!(bounded.read_to_end(&mut Vec::new()).is_ok() && !bounded.burst());
    }
}
