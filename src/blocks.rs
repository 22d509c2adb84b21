//! Log parts: rows of independent deflate-raw blocks, and the index that addresses them.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};

use serde_json::{Value, json};

use crate::deflate::Packer;
use crate::error::Error;
use crate::event::{Stream, class_count};
use crate::lines::{Groups, Run, Spot};
use crate::manifest::{BlockRef, StreamIndex};
use crate::repro;
use crate::signs::Sign;
use crate::sink::Stored;

/// Bytes of a block before compression.
pub(crate) const BLOCK_BYTES: usize = 256 * 1024;
/// Deflate level: beyond 6 files hardly shrink and time doubles.
const LEVEL: i32 = 6;
/// Bytes before compression behind which deflating takes longer than all else, and its level from there on: a third of
/// the time for blocks a sixth larger at worst.
const LARGE: u64 = 8 * 1024 * 1024;
const LARGE_LEVEL: i32 = 1;
/// Bytes of a log of which that much is so little that it has this level as soon as a block tells how it shrinks.
const HUGE: u64 = 8 * LARGE;
/// What shrinks to less than one in so many bytes takes no time at any level.
const ALIKE: u64 = 16;

/// A row of blocks on its way into a temporary file.
#[derive(Debug)]
pub(crate) struct Blocks {
    file: BufWriter<File>,
    raw: Vec<u8>,
    packed: Vec<u8>,
    packer: Packer,
    level: i32,
    /// Bytes behind which the level falls.
    large: u64,
    written: u64,
    raw_total: u64,
    list: Vec<BlockRef>,
}

/// What a line of the console has that readers need not show: the one before says as much.
const SAME: &str = "\"same\":true,";

impl Blocks {
    /// Blocks of a log of which about so many bytes will come.
    pub(crate) fn new(expected: u64) -> Result<Self, Error> {
        let file = tempfile::tempfile().map_err(failed)?;
        Ok(Self {
            file: BufWriter::new(file),
            raw: Vec::with_capacity(BLOCK_BYTES),
            packed: Vec::new(),
            packer: Packer::new(LEVEL),
            level: LEVEL,
            large: if expected > HUGE { BLOCK_BYTES as u64 } else { LARGE },
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
        if self.level == LEVEL && self.raw_total > self.large && self.written * ALIKE > self.raw_total {
            self.level = LARGE_LEVEL;
            self.packer = Packer::new(LARGE_LEVEL);
        }
        let packed = self.packer.pack(&self.raw, &mut self.packed).map_err(failed)?;
        self.file.write_all(packed).map_err(failed)?;
        self.list.push([self.written, packed.len() as u64, self.raw.len() as u64]);
        self.written += packed.len() as u64;
        self.raw.clear();
        Ok(())
    }

    /// The file, its length in bytes, and its blocks.
    pub(crate) fn finish(mut self) -> Result<(File, u64, Vec<BlockRef>), Error> {
        self.cut()?;
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error).map_err(failed)?;
        Ok((file, self.written, self.list))
    }
}

fn failed(error: io::Error) -> Error {
    Error::io("cannot write a temporary file in", std::env::temp_dir())(error)
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
    /// Lines of a console that repeat the one above.
    pub(crate) same: u64,
    /// How many rows are no such lines, how many are, and so on.
    runs: Vec<u64>,
    groups: Groups,
    /// No page was opened yet.
    blank: bool,
    /// What is not written yet: equal lines may follow.
    run: Option<Run>,
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
    /// Writes a stream of which about so many bytes will come.
    pub(crate) fn new(stream: Stream, expected: u64) -> Result<Self, Error> {
        let classes = class_count(stream);
        Ok(Self {
            rows: Blocks::new(0)?,
            details: Blocks::new(expected)?,
            facts: Vec::new(),
            open: BlockFacts::new(classes),
            line: Vec::new(),
            classes,
            totals: vec![0; classes],
            count: 0,
            failed: 0,
            same: 0,
            runs: Vec::new(),
            groups: Groups::default(),
            blank: true,
            run: None,
        })
    }

    /// Appends an event, and what kind of click it is.
    pub(crate) fn push(&mut self, event: &Stored, sign: Option<Sign>) -> Result<(), Error> {
        let detail = (self.details.raw_total, event.detail.len());
        let spot = Spot { time: event.time.map(round), detail, class: event.class };
        self.details.append(&event.detail)?;
        let number = self.count;
        self.count += 1;
        self.failed += u64::from(event.marked);
        if let Some(total) = self.totals.get_mut(event.class) {
            *total += 1;
        }
        if event.stream == Stream::Console {
            let (row, ends) = self.groups.place(event, number);
            match &mut self.run {
                _ if ends => {
                    self.end_run()?;
                    self.same += 1;
                    self.write(spot, SAME, &row)?;
                }
                Some(run) if run.holds(&row, &event.detail, spot) => {
                    self.same += 1;
                    run.spots.push(spot);
                }
                _ => {
                    self.end_run()?;
                    self.run = Some(Run::new(row, &event.detail, spot));
                }
            }
        } else {
            let said = match event.stream {
                Stream::Network if event.failure.is_some() => "\"failed\":true,".into(),
                Stream::Actions => self.action(event, sign),
                _ => String::new(),
            };
            self.write(spot, &said, &event.row[1..])?;
        }
        Ok(())
    }

    /// What is known of an action besides what its source says.
    fn action(&mut self, event: &Stored, sign: Option<Sign>) -> String {
        let code = repro::line(&event.row, &event.detail, &mut self.blank);
        let code = code.map(|code| format!("\"code\":{},", Value::from(code)));
        format!("{}{}", sign.map_or("", Sign::member), code.unwrap_or_default())
    }

    /// Writes a line, how many follow it, and these.
    fn end_run(&mut self) -> Result<(), Error> {
        let Some(Run { row, spots, .. }) = self.run.take() else { return Ok(()) };
        let more = spots.len() - 1;
        let said = if more > 0 { format!("\"again\":{more},") } else { String::new() };
        for (place, spot) in spots.into_iter().enumerate() {
            self.write(spot, if place == 0 { &said } else { SAME }, &row)?;
        }
        Ok(())
    }

    /// Writes a row as the page reads it: time and place of the detail go before `said` and the row's own members.
    fn write(&mut self, spot: Spot, said: &str, row: &[u8]) -> Result<(), Error> {
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        line.push(b'{');
        if let Some(time) = spot.time {
            line.extend_from_slice(b"\"time\":");
            serde_json::to_writer(&mut line, &time).expect("a number is written to memory");
            line.push(b',');
        }
        write!(line, "\"detail\":[{},{}],{said}", spot.detail.0, spot.detail.1).map_err(failed)?;
        line.extend_from_slice(row);
        line.push(b'\n');
        if !self.rows.has_room(line.len()) {
            self.end_rows()?;
        }
        self.rows.append(&line)?;
        self.line = line;
        self.count_in(spot);
        self.count_run(said == SAME);
        // A row that fills the block to its last byte has ended it.
        if self.rows.raw.is_empty() {
            self.end_rows()?;
        }
        Ok(())
    }

    fn count_in(&mut self, spot: Spot) {
        let facts = &mut self.open;
        facts.rows += 1;
        if let Some(time) = spot.time {
            facts.times = Some(facts.times.map_or((time, time), |(low, high)| (low.min(time), high.max(time))));
        }
        if let Some(count) = facts.classes.get_mut(spot.class) {
            *count += 1;
        }
    }

    fn count_run(&mut self, same: bool) {
        if same && self.runs.is_empty() {
            self.runs.push(0);
        }
        let of_same = self.runs.len().is_multiple_of(2);
        match self.runs.last_mut() {
            Some(run) if of_same == same => *run += 1,
            _ => self.runs.push(1),
        }
    }

    fn end_rows(&mut self) -> Result<(), Error> {
        self.rows.cut()?;
        if self.open.rows > 0 {
            self.facts.push(std::mem::replace(&mut self.open, BlockFacts::new(self.classes)));
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<FinishedStream, Error> {
        self.end_run()?;
        self.end_rows()?;
        let (rows, rows_length, row_blocks) = self.rows.finish()?;
        let (details, details_length, detail_blocks) = self.details.finish()?;
        let index = StreamIndex {
            rows: row_blocks.iter().zip(&self.facts).map(|(block, facts)| row_entry(block, facts)).collect(),
            details: detail_blocks,
            same: if self.same > 0 { self.runs } else { Vec::new() },
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

#[cfg(test)]
mod tests {
    use super::*;

    fn same(texts: &[&str]) -> Value {
        let mut writer = StreamWriter::new(Stream::Console, 0).unwrap();
        for text in texts {
            let row = format!("{{\"level\":\"info\",\"text\":\"{text}\"}}").into_bytes();
            let detail = b"{}".to_vec();
            let event = Stored {
                stream: Stream::Console,
                time: Some(1.0),
                duration: None,
                class: 2,
                failure: None,
                marked: false,
                row,
                detail,
            };
            writer.push(&event, None).unwrap();
        }
        let index: Value = serde_json::from_slice(&writer.finish().unwrap().index).unwrap();
        index["same"].clone()
    }

    #[test]
    fn large_logs_are_packed_quicker_unless_they_repeat_themselves() {
        let mut seed = 1_u32;
        let mut words = |count: u32| {
            let mut word = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                format!("{:x} ", (seed >> 20).min(seed >> 24))
            };
            (0..count).flat_map(|_| word().into_bytes()).collect::<Vec<_>>()
        };
        let (block, alike) = (words(BLOCK_BYTES as u32)[..BLOCK_BYTES].to_vec(), words(100).repeat(2000));
        let (several, four) = (LARGE as usize / BLOCK_BYTES + 2, 4);
        for (bytes, falls, expected, count) in [
            (&block[..], true, 0, several),
            (&block, false, HUGE, four),
            (&block, true, HUGE + 1, four),
            (&alike[..BLOCK_BYTES], false, HUGE + 1, several),
        ] {
            let mut blocks = Blocks::new(expected).unwrap();
            (0..count).for_each(|_| blocks.append(bytes).unwrap());
            let (mut file, _, list) = blocks.finish().unwrap();
            let (first, last) = (list[0], list[list.len() - 1]);
            assert_eq!(last[1] != first[1], falls, "{first:?} {last:?}");
            io::Seek::seek(&mut file, io::SeekFrom::Start(last[0])).unwrap();
            let mut again = Vec::new();
            io::Read::read_to_end(&mut flate2::read::DeflateDecoder::new(file), &mut again).unwrap();
            assert_eq!(again, bytes);
        }
    }

    #[test]
    fn the_index_says_which_rows_only_repeat() {
        assert_eq!(same(&["a", "a", "a", "b", "c", "c"]), json!([1, 2, 2, 1]));
        assert_eq!(same(&["a", "a", "b", "c"]), json!([1, 1, 2]));
        assert_eq!(same(&["a", "b", "a"]), Value::Null);
    }
}
