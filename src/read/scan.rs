//! Finds header, data blocks and end block in a page, line by line.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::error::Error;

/// Bytes of the longest line a page of ours can have: a data block with its tags, generously.
const LINE_LIMIT: u64 = 2 * 1024 * 1024;

/// Bytes that everything but the data blocks may have.
const AROUND_LIMIT: usize = 4 * 1024 * 1024;

/// Where the text of a data block lies in the page, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct DataBlock {
    pub(super) offset: u64,
    pub(super) length: u64,
}

/// What stands where in a page.
#[derive(Default, Debug)]
pub(super) struct Scan {
    pub(super) header: Option<String>,
    pub(super) checks: Option<String>,
    pub(super) end: Option<String>,
    pub(super) blocks: HashMap<u32, Vec<DataBlock>>,
    /// Whether header or end block stand in it twice.
    pub(super) twice: bool,
    /// Everything outside the data blocks.
    pub(super) around: Vec<u8>,
}

impl Scan {
    pub(super) fn of(page: &Path, file: &File) -> Result<Self, Error> {
        let mut scan = Self::default();
        let mut reader = BufReader::new(file);
        let mut line = Vec::new();
        let mut offset = 0;
        loop {
            line.clear();
            let count =
                (&mut reader).take(LINE_LIMIT).read_until(b'\n', &mut line).map_err(Error::io("cannot read", page))?;
            if count == 0 {
                return Ok(scan);
            }
            if (count as u64 == LINE_LIMIT && line.last() != Some(&b'\n')) || scan.around.len() > AROUND_LIMIT {
                return Ok(Self::default());
            }
            if !scan.data_line(&line, offset) {
                scan.around.extend_from_slice(&line);
                scan.line(&line);
            }
            offset += count as u64;
        }
    }

    /// Takes a line that is a data block where data blocks stand: between header and end.
    fn data_line(&mut self, line: &[u8], offset: u64) -> bool {
        let Some((tag, text)) = split(line) else { return false };
        let Some(part) = data_part(tag) else { return false };
        let inert = text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte));
        if self.header.is_none() || self.end.is_some() || !inert {
            return false;
        }
        let block = DataBlock { offset: offset + tag.len() as u64, length: text.len() as u64 };
        self.blocks.entry(part).or_default().push(block);
        true
    }

    fn line(&mut self, line: &[u8]) {
        let Some((tag, text)) = split(line) else { return };
        let place = match tag {
            r#"<script type="application/json" id="header">"# => &mut self.header,
            r#"<script type="application/json" id="checks">"# => &mut self.checks,
            r#"<script type="application/json" id="end">"# => &mut self.end,
            _ => return,
        };
        // The page would take the first; a second is a forgery for whoever takes the last.
        self.twice |= place.is_some();
        *place = String::from_utf8(text.to_vec()).ok();
    }
}

/// A line that is one script element: its opening tag and its text.
fn split(line: &[u8]) -> Option<(&str, &[u8])> {
    let start = line.iter().position(|byte| *byte == b'>')? + 1;
    let tag = std::str::from_utf8(&line[..start]).ok()?;
    Some((tag, line[start..].strip_suffix(b"</script>\n")?))
}

/// The part a data block's tag names.
fn data_part(tag: &str) -> Option<u32> {
    tag.strip_prefix(r#"<script type="application/octet-stream;base64" data-part=""#)?.strip_suffix("\">")?.parse().ok()
}
