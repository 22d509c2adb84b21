//! Blocks of raw deflate, packed and unpacked as a whole, each way with tables that are kept.

use std::{fmt, io};

use libdeflater::{CompressionLvl, Compressor, Decompressor};

/// What deflates.
pub(crate) struct Packer(Compressor);

impl Packer {
    pub(crate) fn new(level: i32) -> Self {
        Self(Compressor::new(CompressionLvl::new(level).unwrap_or_default()))
    }

    /// The bytes deflated, in a room that is kept.
    pub(crate) fn pack<'r>(&mut self, raw: &[u8], room: &'r mut Vec<u8>) -> io::Result<&'r [u8]> {
        let bound = self.0.deflate_compress_bound(raw.len());
        if room.len() < bound {
            room.resize(bound, 0);
        }
        let length = self.0.deflate_compress(raw, room).map_err(io::Error::other)?;
        Ok(&room[..length])
    }
}

/// What inflates.
pub(crate) struct Unpacker(Decompressor);

impl Unpacker {
    pub(crate) fn new() -> Self {
        Self(Decompressor::new())
    }

    /// Fills `raw` with what a block inflates to, which has to be as many bytes.
    pub(crate) fn unpack(&mut self, packed: &[u8], raw: &mut [u8]) -> io::Result<()> {
        let length = self.0.deflate_decompress(packed, raw).map_err(io::Error::other)?;
        if length == raw.len() { Ok(()) } else { Err(io::Error::other("a block is shorter than its index says")) }
    }
}

impl fmt::Debug for Packer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packer").finish_non_exhaustive()
    }
}

impl fmt::Debug for Unpacker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unpacker").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_as_long_as_it_is_said_to_be() {
        let (text, mut room) = (b"some text, some text, some text".repeat(100), Vec::new());
        let packed = Packer::new(6).pack(&text, &mut room).unwrap();
        let unpacked = |length: usize, packed: &[u8]| {
            let mut raw = vec![0; length];
            Unpacker::new().unpack(packed, &mut raw).map(|()| raw)
        };
        assert_eq!(unpacked(text.len(), packed).unwrap(), text);
        assert!(unpacked(text.len() + 1, packed).is_err() && unpacked(text.len() - 1, packed).is_err());
        assert!(unpacked(text.len(), &packed[..packed.len() - 1]).is_err() && unpacked(0, &[]).is_err());
    }
}
