//! Finds header, data blocks and end block in a page, line by line.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::error::Error;

/// Bytes of the longest line a page of ours can have: a data block with its tags, generously.
const LINE_LIMIT: u64 = 2 * 1024 * 1024;

/// Where the text of a data block lies in the page, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct DataBlock {
    pub(super) offset: u64,
    pub(super) length: u64,
}

/// What stands where in a page.
#[derive(Default)]
pub(super) struct Scan {
    pub(super) header: Option<String>,
    pub(super) end: Option<String>,
    pub(super) blocks: HashMap<u32, Vec<DataBlock>>,
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
            if count as u64 == LINE_LIMIT && line.last() != Some(&b'\n') {
                return Ok(Self::default());
            }
            scan.line(&line, offset);
            offset += count as u64;
        }
    }

    fn line(&mut self, line: &[u8], offset: u64) {
        let Some(start) = line.iter().position(|byte| *byte == b'>').map(|end| end + 1) else { return };
        let Ok(tag) = std::str::from_utf8(&line[..start]) else { return };
        let text = line[start..].strip_suffix(b"</script>\n").or_else(|| line[start..].strip_suffix(b"</script>"));
        let Some(text) = text else { return };
        let string = || String::from_utf8(text.to_vec()).ok();
        if tag == r#"<script type="application/json" id="header">"# {
            self.header = string();
        } else if tag == r#"<script type="application/json" id="end">"# {
            self.end = string();
        } else if let Some(part) = data_part(tag)
            && self.header.is_some()
        {
            let block = DataBlock { offset: offset + start as u64, length: text.len() as u64 };
            self.blocks.entry(part).or_default().push(block);
        }
    }
}

/// The part a data block's tag names.
fn data_part(tag: &str) -> Option<u32> {
    tag.strip_prefix(r#"<script type="application/octet-stream;base64" data-part=""#)?.strip_suffix("\">")?.parse().ok()
}
