//! Seals a part on its way from a reader into a layout.

use std::fmt;
use std::io::{self, Read};
use std::ops::Range;

use super::message::{CHUNK_BYTES, CHUNK_LIMIT, Commitment, HEAD_BYTES, Message, RECORD_BYTES, Salt, TAG_BYTES};

/// The keys of a message that is yet to be sealed. Its commitment can be told before.
pub struct Sealer {
    message: Message,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    /// Derives the keys of a message.
    #[must_use]
    pub fn new(input_key: &[u8; 32], salt: Salt, context: &[u8]) -> Self {
        Self { message: Message::derive(input_key, salt, context) }
    }

    /// What the message will begin with, for the manifest.
    #[must_use]
    pub const fn commitment(&self) -> Commitment {
        self.message.commitment()
    }

    /// Seals a plaintext of `length` bytes as it is read.
    #[must_use]
    pub fn seal<R: Read>(self, plaintext: R, length: u64) -> SealingReader<R> {
        let mut buffer = vec![0; RECORD_BYTES];
        self.message.write_head(&mut buffer);
        let state = State::Sealing { next: 0, left: length };
        SealingReader { message: self.message, inner: plaintext, state, buffer, pending: 0..HEAD_BYTES }
    }
}

/// Turns a plaintext of known length into a message, 16 KiB at a time.
///
/// Buffers of a record or more are sealed in place, without a copy.
pub struct SealingReader<R> {
    message: Message,
    inner: R,
    state: State,
    buffer: Vec<u8>,
    /// What of the buffer is sealed and not given out yet.
    pending: Range<usize>,
}

#[derive(Clone, Copy)]
enum State {
    /// The number of the next record, and the plaintext's bytes still to come.
    Sealing {
        next: u64,
        left: u64,
    },
    Done,
    Failed,
}

impl<R> fmt::Debug for SealingReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingReader")
    }
}

impl<R: Read> SealingReader<R> {
    /// Seals the next record into a buffer of a record's length; gives its bytes, 0 = there is none.
    fn record(&mut self, record: &mut [u8]) -> io::Result<usize> {
        let (next, left) = match self.state {
            State::Sealing { next, left } => (next, left),
            State::Done => return Ok(0),
            State::Failed => return Err(io::Error::other("an earlier read failed")),
        };
        // Whatever goes wrong now leaves the input at an unknown place.
        self.state = State::Failed;
        if next >= CHUNK_LIMIT {
            return Err(io::Error::other("it is larger than 4 PiB"));
        }
        let length = usize::try_from(left).unwrap_or(usize::MAX).min(CHUNK_BYTES);
        fill(&mut self.inner, &mut record[..length])?;
        let done = length < CHUNK_BYTES;
        if done {
            expect_end(&mut self.inner)?;
        }
        self.message.seal_record(next, &mut record[..length + TAG_BYTES]);
        self.state = if done { State::Done } else { State::Sealing { next: next + 1, left: left - length as u64 } };
        Ok(length + TAG_BYTES)
    }
}

impl<R: Read> Read for SealingReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        if self.pending.is_empty() {
            if into.len() >= RECORD_BYTES {
                return self.record(&mut into[..RECORD_BYTES]);
            }
            let mut buffer = std::mem::take(&mut self.buffer);
            let sealed = self.record(&mut buffer);
            self.buffer = buffer;
            self.pending = 0..sealed?;
        }
        let count = self.pending.len().min(into.len());
        into[..count].copy_from_slice(&self.buffer[self.pending.start..][..count]);
        self.pending.start += count;
        Ok(count)
    }
}

fn fill(inner: &mut impl Read, into: &mut [u8]) -> io::Result<()> {
    inner.read_exact(into).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => io::Error::other("it became shorter while it was read"),
        _ => error,
    })
}

/// A message's length is promised before it is written, so more than was promised is an error, not a surplus.
fn expect_end(inner: &mut impl Read) -> io::Result<()> {
    match inner.read_exact(&mut [0]) {
        Ok(()) => Err(io::Error::other("it became longer while it was read")),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(()),
        Err(error) => Err(error),
    }
}
