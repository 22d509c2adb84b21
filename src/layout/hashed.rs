//! Counts and hashes what is written.

use std::io::{self, Write};

use sha2::{Digest, Sha256};

use super::inline::hex;

/// Larger files are hashed only when asked for, in bytes.
pub const SHA256_LIMIT: u64 = 16 * 1024 * 1024;

/// A writer that knows its length, and the SHA-256 of files that are small or shall have one.
pub(super) struct Hashed<W> {
    out: W,
    digest: Option<Sha256>,
    always: bool,
    bytes: u64,
}

impl<W> std::fmt::Debug for Hashed<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hashed").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl<W: Write> Hashed<W> {
    pub(super) fn new(out: W, always: bool) -> Self {
        Self { out, digest: Some(Sha256::new()), always, bytes: 0 }
    }

    /// The inner writer, the length in bytes, and the hash in lower-case hex.
    pub(super) fn finish(mut self) -> io::Result<(W, u64, Option<String>)> {
        self.out.flush()?;
        Ok((self.out, self.bytes, self.digest.map(|digest| hex(&digest.finalize()))))
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.bytes += count as u64;
        if self.bytes > SHA256_LIMIT && !self.always {
            self.digest = None;
        }
        if let Some(digest) = &mut self.digest {
            digest.update(&bytes[..count]);
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
