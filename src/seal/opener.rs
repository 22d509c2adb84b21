//! Opens a message anywhere, giving out authentic bytes only.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use super::message::{
    CHUNK_BYTES, COMMITMENT_BYTES, Commitment, HEAD_BYTES, Message, RECORD_BYTES, SALT_BYTES, Salt, plain_len,
};

/// A message open for reading, as a stream from its start and by [`read_at`](Self::read_at).
///
/// Opening checks the commitment and the last record, so that [`len`](Self::len) can be trusted. Once a record has
/// turned out not to be authentic, every further read fails in the same way.
pub struct Opener<S> {
    message: Message,
    source: S,
    /// Where the source stands, so that reading on needs no seek.
    place: Option<u64>,
    sealed: u64,
    length: u64,
    /// How far the stream is read.
    position: u64,
    buffer: Vec<u8>,
    /// The record whose chunk the buffer holds, and the chunk's length.
    held: Option<(u64, usize)>,
    damage: Option<Damage>,
}

impl<S> fmt::Debug for Opener<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener").field("length", &self.length).finish_non_exhaustive()
    }
}

impl<S: Read + Seek> Opener<S> {
    /// Opens a message; the source is the message from its first byte to its last.
    ///
    /// # Errors
    /// When the source cannot be read, the message was sealed for another key or context, or its end is not the
    /// one it was written with.
    pub fn new(input_key: &[u8; 32], context: &[u8], mut source: S) -> Result<Self, OpenError> {
        let sealed = source.seek(SeekFrom::End(0))?;
        if sealed < HEAD_BYTES as u64 {
            return Err(Damage::Length.into());
        }
        source.rewind()?;
        let (mut salt, mut commitment) = ([0; SALT_BYTES], [0; COMMITMENT_BYTES]);
        source.read_exact(&mut salt)?;
        source.read_exact(&mut commitment)?;
        let message = Message::derive(input_key, Salt::of_message(salt), context);
        if message.commitment() != Commitment(commitment) {
            return Err(Damage::Commitment.into());
        }
        let length = plain_len(sealed).ok_or(Damage::Length)?;
        let mut opener = Self {
            message,
            source,
            place: Some(HEAD_BYTES as u64),
            sealed,
            length,
            position: 0,
            buffer: vec![0; RECORD_BYTES],
            held: None,
            damage: None,
        };
        opener.load(length / CHUNK_BYTES as u64)?;
        Ok(opener)
    }

    /// The plaintext's length in bytes.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.length
    }

    /// Whether the plaintext is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Which message this is.
    #[must_use]
    pub const fn commitment(&self) -> Commitment {
        self.message.commitment()
    }

    /// Fills a buffer with the plaintext from `offset` on.
    ///
    /// # Errors
    /// When the stretch reaches past the end, the source cannot be read, or a record is not authentic. The buffer
    /// may then hold what was authentic before it, and nothing else.
    pub fn read_at(&mut self, offset: u64, into: &mut [u8]) -> Result<(), OpenError> {
        if offset.checked_add(into.len() as u64).is_none_or(|end| end > self.length) {
            return Err(OpenError::Range);
        }
        let mut filled = 0;
        while filled < into.len() {
            let chunk = self.chunk_at(offset + filled as u64)?;
            let count = chunk.len().min(into.len() - filled);
            into[filled..filled + count].copy_from_slice(&self.buffer[chunk][..count]);
            filled += count;
        }
        Ok(())
    }

    /// Where in the buffer the plaintext from `offset` on lies, as far as its chunk reaches.
    fn chunk_at(&mut self, offset: u64) -> Result<Range<usize>, OpenError> {
        let length = self.load(offset / CHUNK_BYTES as u64)?;
        let start = usize::try_from(offset % CHUNK_BYTES as u64).map_err(|_| OpenError::Range)?;
        Ok(start..length)
    }

    /// Has the buffer hold a record's chunk; gives its length.
    fn load(&mut self, number: u64) -> Result<usize, OpenError> {
        if let Some(damage) = self.damage {
            return Err(damage.into());
        }
        if let Some((held, length)) = self.held
            && held == number
        {
            return Ok(length);
        }
        let offset = HEAD_BYTES as u64 + number * RECORD_BYTES as u64;
        let length = usize::try_from(self.sealed - offset).unwrap_or(usize::MAX).min(RECORD_BYTES);
        self.held = None;
        if self.place.take() != Some(offset) {
            self.source.seek(SeekFrom::Start(offset))?;
        }
        let record = &mut self.buffer[..length];
        self.source.read_exact(record)?;
        self.place = Some(offset + length as u64);
        let Some(chunk) = self.message.open_record(number, record) else {
            self.damage = Some(Damage::Record(number));
            return Err(Damage::Record(number).into());
        };
        let length = chunk.len();
        self.held = Some((number, length));
        Ok(length)
    }
}

impl<S: Read + Seek> Read for Opener<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() || (self.position == self.length && self.damage.is_none()) {
            return Ok(0);
        }
        let chunk = self.chunk_at(self.position)?;
        let count = chunk.len().min(into.len());
        into[..count].copy_from_slice(&self.buffer[chunk][..count]);
        self.position += count as u64;
        Ok(count)
    }
}

/// Why a message, or a stretch of it, cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// The source cannot be read.
    Io(io::Error),
    /// The stretch reaches past the plaintext's end.
    Range,
    /// It is not the message that was written.
    Damaged(Damage),
}

/// What is wrong with a message. All of it is `damaged` to a user: whether the key fits is known before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// Sealed for another key, bundle or part, or its first bytes were changed.
    Commitment,
    /// Cut short, or longer than it was.
    Length,
    /// This record, counted from 0, was changed or is not in its place.
    Record(u64),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commitment => f.write_str("it belongs elsewhere, or its first bytes were changed"),
            Self::Length => f.write_str("it was cut short, or something was appended"),
            Self::Record(number) => write!(f, "record {number} was changed, moved or cut"),
        }
    }
}

impl std::error::Error for Damage {}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Range => f.write_str("it is shorter than expected"),
            Self::Damaged(damage) => damage.fmt(f),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Damaged(damage) => Some(damage),
            Self::Range => None,
        }
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Damage> for OpenError {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}

/// Lets damage pass through readers; [`crate::Error::io`] tells it from failures of the disk.
impl From<OpenError> for io::Error {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Io(error) => error,
            OpenError::Range => io::ErrorKind::UnexpectedEof.into(),
            OpenError::Damaged(damage) => Self::new(io::ErrorKind::InvalidData, damage),
        }
    }
}
