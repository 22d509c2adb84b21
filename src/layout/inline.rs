//! The page with its inline parts: text that is inert until the player decodes it.

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::Incoming;
use super::hashed::Hashed;
use crate::error::Error;
use crate::page;

/// Bytes in a data block: a multiple of 3, and 1 MiB as base64. Larger blocks make `WebKit` slow.
pub(crate) const DATA_BLOCK_BYTES: usize = 768 * 1024;

/// Writes the page and its data blocks as a stream, hashing as it goes.
pub(super) struct PageWriter<W> {
    out: Hashed<W>,
    target: PathBuf,
    raw: Vec<u8>,
    text: Vec<u8>,
}

impl<W> std::fmt::Debug for PageWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PageWriter").field("target", &self.target).finish_non_exhaustive()
    }
}

impl<W: Write> PageWriter<W> {
    /// A page that goes to `out`; `target` is named in errors.
    pub(super) fn new(out: W, target: PathBuf, checksums: bool) -> Self {
        let raw = vec![0; DATA_BLOCK_BYTES];
        Self { out: Hashed::new(out, checksums), target, raw, text: Vec::new() }
    }

    pub(super) fn text(&mut self, text: &str) -> Result<(), Error> {
        self.write(text.as_bytes())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.out.write_all(bytes).map_err(Error::io("cannot write", &self.target))
    }

    /// Writes a part as data blocks; gives its CRC-32.
    pub(super) fn part(&mut self, id: u32, body: &mut Incoming<'_>) -> Result<u32, Error> {
        let mut crc = crc32fast::Hasher::new();
        let mut first = true;
        loop {
            let mut raw = std::mem::take(&mut self.raw);
            let count = body.fill(&mut raw)?;
            if count > 0 || first {
                crc.update(&raw[..count]);
                self.block(id, &raw[..count])?;
            }
            self.raw = raw;
            first = false;
            if count < DATA_BLOCK_BYTES {
                return Ok(crc.finalize());
            }
        }
    }

    fn block(&mut self, id: u32, raw: &[u8]) -> Result<(), Error> {
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        text.extend_from_slice(
            format!("<script type=\"application/octet-stream;base64\" data-part=\"{id}\">").as_bytes(),
        );
        let start = text.len();
        text.resize(start + raw.len().div_ceil(3) * 4, 0);
        BASE64_STANDARD.encode_slice(raw, &mut text[start..]).expect("the buffer has the encoded length");
        text.extend_from_slice(b"</script>\n");
        self.write(&text)?;
        self.text = text;
        Ok(())
    }

    /// Writes the end block and closes the page; gives the writer, the length and the hash.
    pub(super) fn end(mut self, end: &str) -> Result<(W, u64, Option<String>), Error> {
        self.text(&page::close(end))?;
        self.out.finish().map_err(Error::io("cannot write", &self.target))
    }
}

/// The end block: id, length and CRC-32 of every part.
pub(crate) fn end_json(parts: &[(u32, u64, u32)]) -> String {
    let mut text = String::from("{\"parts\":[");
    for (number, (id, length, crc)) in parts.iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        write!(text, "{comma}[{id},{length},{crc}]").expect("writing to a string cannot fail");
    }
    text.push_str("]}");
    text
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}
