//! Log parts: rows of independent deflate-raw blocks, and the index that addresses them.

use std::fs::File;
use std::io::{BufWriter, Write as _};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::{Value, json};

use crate::error::Error;
use crate::event::{Stream, class_count};
use crate::manifest::{BlockRef, StreamIndex};
use crate::sink::Stored;

/// Bytes of a block before compression.
pub(crate) const BLOCK_BYTES: usize = 256 * 1024;
/// Deflate level: beyond 6 files hardly shrink and time doubles.
const LEVEL: u32 = 6;

/// A row of blocks on its way into a temporary file.
#[derive(Debug)]
pub(crate) struct Blocks {
    file: BufWriter<File>,
    raw: Vec<u8>,
    packed: Vec<u8>,
    written: u64,
    raw_total: u64,
    list: Vec<BlockRef>,
}

impl Blocks {
    pub(crate) fn new() -> Result<Self, Error> {
        let file = tempfile::tempfile().map_err(failed())?;
        Ok(Self {
            file: BufWriter::new(file),
            raw: Vec::with_capacity(BLOCK_BYTES),
            packed: Vec::new(),
            written: 0,
            raw_total: 0,
            list: Vec::new(),
        })
    }

    /// Appends bytes, cutting blocks wherever they fall.
    pub(crate) fn append(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        self.raw_total += bytes.len() as u64;
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK_BYTES - self.raw.len()));
            self.raw.extend_from_slice(now);
            bytes = later;
            if self.raw.len() == BLOCK_BYTES {
                self.cut()?;
            }
        }
        Ok(())
    }

    /// Whether a record of this size has room in the open block.
    const fn has_room(&self, bytes: usize) -> bool {
        self.raw.len() + bytes <= BLOCK_BYTES
    }

    /// Ends the open block, if it holds anything.
    fn cut(&mut self) -> Result<(), Error> {
        if self.raw.is_empty() {
            return Ok(());
        }
        self.packed.clear();
        let mut encoder = DeflateEncoder::new(&mut self.packed, Compression::new(LEVEL));
        encoder.write_all(&self.raw).and_then(|()| encoder.finish().map(drop)).map_err(failed())?;
        self.file.write_all(&self.packed).map_err(failed())?;
        self.list.push([self.written, self.packed.len() as u64, self.raw.len() as u64]);
        self.written += self.packed.len() as u64;
        self.raw.clear();
        Ok(())
    }

    /// The file, its length in bytes, and its blocks.
    pub(crate) fn finish(mut self) -> Result<(File, u64, Vec<BlockRef>), Error> {
        self.cut()?;
        let file = self.file.into_inner().map_err(std::io::IntoInnerError::into_error).map_err(failed())?;
        Ok((file, self.written, self.list))
    }
}

fn failed() -> impl FnOnce(std::io::Error) -> Error {
    Error::io("cannot write a temporary file in", std::env::temp_dir())
}

/// Writes the rows, details and index of one stream.
#[derive(Debug)]
pub(crate) struct StreamWriter {
    rows: Blocks,
    details: Blocks,
    /// Of each finished row block, and of the open one.
    facts: Vec<BlockFacts>,
    open: BlockFacts,
    line: Vec<u8>,
    classes: usize,
    pub(crate) totals: Vec<u64>,
    pub(crate) count: u64,
    pub(crate) failed: u64,
}

/// What the index says of a row block.
#[derive(Clone, Debug)]
struct BlockFacts {
    rows: u64,
    times: Option<(f64, f64)>,
    classes: Vec<u64>,
}

impl BlockFacts {
    fn new(classes: usize) -> Self {
        Self { rows: 0, times: None, classes: vec![0; classes] }
    }
}

/// What a finished stream consists of.
#[derive(Debug)]
pub(crate) struct FinishedStream {
    pub(crate) index: Vec<u8>,
    pub(crate) rows: (File, u64),
    pub(crate) details: (File, u64),
}

impl StreamWriter {
    pub(crate) fn new(stream: Stream) -> Result<Self, Error> {
        let classes = class_count(stream);
        Ok(Self {
            rows: Blocks::new()?,
            details: Blocks::new()?,
            facts: Vec::new(),
            open: BlockFacts::new(classes),
            line: Vec::new(),
            classes,
            totals: vec![0; classes],
            count: 0,
            failed: 0,
        })
    }

    /// Appends an event; gives its row number.
    pub(crate) fn push(&mut self, event: &Stored) -> Result<u64, Error> {
        self.write_line(event);
        if !self.rows.has_room(self.line.len()) {
            self.end_rows()?;
        }
        let line = std::mem::take(&mut self.line);
        self.rows.append(&line)?;
        self.line = line;
        self.details.append(&event.detail)?;
        self.count_in(event);
        // A row that fills the block to its last byte has ended it.
        if self.rows.raw.is_empty() {
            self.end_rows()?;
        }
        self.count += 1;
        Ok(self.count - 1)
    }

    /// The row as the page reads it: time and place of the detail go before the row's own members.
    fn write_line(&mut self, event: &Stored) {
        self.line.clear();
        self.line.push(b'{');
        if let Some(time) = event.time {
            self.line.extend_from_slice(format!("\"time\":{},", Value::from(round(time))).as_bytes());
        }
        let place = format!("\"detail\":[{},{}],", self.details.raw_total, event.detail.len());
        self.line.extend_from_slice(place.as_bytes());
        if event.stream == Stream::Network && event.failure.is_some() {
            self.line.extend_from_slice(b"\"failed\":true,");
        }
        self.line.extend_from_slice(&event.row[1..]);
        self.line.push(b'\n');
    }

    fn count_in(&mut self, event: &Stored) {
        let facts = &mut self.open;
        facts.rows += 1;
        if let Some(time) = event.time.map(round) {
            facts.times = Some(facts.times.map_or((time, time), |(low, high)| (low.min(time), high.max(time))));
        }
        if self.classes > 0 {
            facts.classes[event.class] += 1;
            self.totals[event.class] += 1;
        }
        self.failed += u64::from(event.marked);
    }

    fn end_rows(&mut self) -> Result<(), Error> {
        self.rows.cut()?;
        if self.open.rows > 0 {
            self.facts.push(std::mem::replace(&mut self.open, BlockFacts::new(self.classes)));
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<FinishedStream, Error> {
        self.end_rows()?;
        let (rows, rows_length, row_blocks) = self.rows.finish()?;
        let (details, details_length, detail_blocks) = self.details.finish()?;
        let index = StreamIndex {
            rows: row_blocks.iter().zip(&self.facts).map(|(block, facts)| row_entry(block, facts)).collect(),
            details: detail_blocks,
        };
        let index = serde_json::to_vec(&index).expect("an index has no keys but strings");
        Ok(FinishedStream { index, rows: (rows, rows_length), details: (details, details_length) })
    }
}

fn row_entry(block: &BlockRef, facts: &BlockFacts) -> Vec<Value> {
    let mut entry: Vec<Value> = block.iter().map(|number| json!(number)).collect();
    entry.push(json!(facts.rows));
    entry.push(json!(facts.times.map(|times| times.0)));
    entry.push(json!(facts.times.map(|times| times.1)));
    entry.extend(facts.classes.iter().map(|count| json!(count)));
    entry
}

/// Microseconds are enough for a log, and keep rows short.
pub(crate) fn round(ms: f64) -> f64 {
    // Without the sign of a zero that is a little less.
    (ms * 1000.0).round() / 1000.0 + 0.0
}
