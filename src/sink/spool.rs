//! Sorted runs of events in a temporary file.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::rc::Rc;

use crate::error::Error;
use crate::event::{Event, Stream};
use crate::json;

/// Bytes of events of one stream and clock held in memory before they are sorted and written.
const RUN_BYTES: usize = 2 * 1024 * 1024;
/// Bytes written at once: of smaller pieces, the system fills up the pages around each with zeros first.
const WRITE_BYTES: usize = 256 * 1024;

/// The clock an event was stamped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    Wall,
    Offset,
}

/// What of an event the order needs, and what is told of it beside its row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Front {
    pub(super) key: f64,
    pub(super) seq: u64,
    pub(super) timed: bool,
    pub(super) duration: f64,
    pub(super) class: u8,
    /// Place among [`crate::event::FailureKind::ALL`], from 1; 0 = no failure.
    pub(super) failure: u8,
    pub(super) marked: bool,
    row: usize,
    detail: usize,
}

/// An event in memory: what it is sorted by, and where it lies.
#[derive(Debug)]
struct Record {
    order: (f64, u64),
    place: Range<usize>,
}

/// Bytes before an event's row: key, sequence, duration, class, failure, flags, two lengths.
const FRONT_BYTES: usize = 8 + 8 + 8 + 3 + 4 + 4;

impl Front {
    fn read(from: &mut RunReader) -> io::Result<Self> {
        let key = f64::from_le_bytes(from.take()?);
        let seq = u64::from_le_bytes(from.take()?);
        let duration = f64::from_le_bytes(from.take()?);
        let [class, failure, flags] = from.take()?;
        let row = u32::from_le_bytes(from.take()?) as usize;
        let detail = u32::from_le_bytes(from.take()?) as usize;
        Ok(Self { key, seq, timed: flags & 1 != 0, duration, class, failure, marked: flags & 2 != 0, row, detail })
    }

    fn bytes(&self) -> io::Result<[u8; FRONT_BYTES]> {
        let mut bytes = [0; FRONT_BYTES];
        bytes[..8].copy_from_slice(&self.key.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.seq.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.duration.to_le_bytes());
        bytes[24..27].copy_from_slice(&[self.class, self.failure, u8::from(self.timed) | u8::from(self.marked) << 1]);
        bytes[27..31].copy_from_slice(&length(self.row)?.to_le_bytes());
        bytes[31..].copy_from_slice(&length(self.detail)?.to_le_bytes());
        Ok(bytes)
    }
}

fn length(bytes: usize) -> io::Result<u32> {
    u32::try_from(bytes).map_err(|_| io::Error::other("an event larger than 4 GiB"))
}

fn failed(error: io::Error) -> Error {
    Error::io("cannot write a temporary file in", std::env::temp_dir())(error)
}

fn unread(error: io::Error) -> Error {
    Error::io("cannot read a temporary file in", std::env::temp_dir())(error)
}

/// Events of one stream and one clock.
#[derive(Debug)]
pub(super) struct Spool {
    pub(super) stream: Stream,
    pub(super) base: Base,
    /// Events as they will lie in the file, in the order in which they came.
    bytes: Vec<u8>,
    records: Vec<Record>,
    file: Option<File>,
    written: u64,
    runs: Vec<Run>,
}

/// A sorted stretch of a spool file.
#[derive(Debug)]
struct Run {
    start: u64,
    end: u64,
    last: (f64, u64),
}

impl Spool {
    pub(super) const fn new(stream: Stream, base: Base) -> Self {
        Self { stream, base, bytes: Vec::new(), records: Vec::new(), file: None, written: 0, runs: Vec::new() }
    }

    /// Takes an event; gives the bytes of its detail.
    pub(super) fn push(&mut self, event: &Event, key: f64, seq: u64, timed: bool) -> Result<usize, Error> {
        let start = self.bytes.len();
        self.bytes.resize(start + FRONT_BYTES, 0);
        serde_json::to_writer(&mut self.bytes, &event.row).expect("rows have no keys but strings");
        let row = self.bytes.len() - start - FRONT_BYTES;
        json::append(&event.detail, &mut self.bytes);
        let detail = self.bytes.len() - start - FRONT_BYTES - row;
        let front = Front {
            key,
            seq,
            timed,
            duration: event.row.duration().filter(|ms| ms.is_finite()).unwrap_or(-1.0),
            class: u8::try_from(event.row.class()).unwrap_or(0),
            failure: event.row.failure().map_or(0, |kind| kind as u8 + 1),
            marked: event.row.marked(),
            row,
            detail,
        };
        self.bytes[start..start + FRONT_BYTES].copy_from_slice(&front.bytes().map_err(failed)?);
        self.records.push(Record { order: (key, seq), place: start..self.bytes.len() });
        if self.bytes.len() >= RUN_BYTES {
            self.flush()?;
        }
        Ok(detail)
    }

    /// Number of runs written so far.
    pub(super) const fn runs(&self) -> usize {
        self.runs.len()
    }

    /// Writes what is held in memory.
    pub(super) fn flush(&mut self) -> Result<(), Error> {
        let order = |a: &Record, b: &Record| a.order.0.total_cmp(&b.order.0).then(a.order.1.cmp(&b.order.1));
        let in_order = self.records.is_sorted_by(|a, b| order(a, b).is_le());
        if !in_order {
            self.records.sort_by(order);
        }
        let (Some(first), Some(last)) = (self.records.first(), self.records.last()) else { return Ok(()) };
        let (first, last) = (first.order, last.order);
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile().map_err(failed)?),
        };
        if in_order {
            file.write_all(&self.bytes).map_err(failed)?;
        } else {
            let mut file = BufWriter::with_capacity(WRITE_BYTES, file);
            let mut places = self.records.iter().map(|record| &self.bytes[record.place.clone()]);
            places.try_for_each(|bytes| file.write_all(bytes)).map_err(failed)?;
            file.flush().map_err(failed)?;
        }
        let start = self.written;
        self.written += self.bytes.len() as u64;
        // Logs mostly come in order: then the whole spool stays one run.
        match self.runs.last_mut() {
            Some(run) if run.last <= first => *run = Run { start: run.start, end: self.written, last },
            _ => self.runs.push(Run { start, end: self.written, last }),
        }
        self.bytes.clear();
        self.bytes.shrink_to(2 * RUN_BYTES);
        self.records.clear();
        Ok(())
    }

    /// Readers of all runs, each with a buffer of `room` bytes. What is still in memory has to be flushed before.
    pub(super) fn into_runs(self, shift: f64, room: usize) -> Result<Vec<RunReader>, Error> {
        let Some(file) = self.file else { return Ok(Vec::new()) };
        let file = Rc::new(file);
        let reader = |run: Run| RunReader {
            stream: self.stream,
            shift,
            file: Rc::clone(&file),
            position: run.start,
            end: run.end,
            room,
            buffer: Vec::new(),
            used: 0,
        };
        Ok(self.runs.into_iter().map(reader).collect())
    }
}

/// Reads one run; several share a file, so each seeks before it fills its buffer.
#[derive(Debug)]
pub(super) struct RunReader {
    pub(super) stream: Stream,
    pub(super) shift: f64,
    file: Rc<File>,
    position: u64,
    end: u64,
    room: usize,
    buffer: Vec<u8>,
    used: usize,
}

impl RunReader {
    /// Bytes that were not read yet.
    pub(super) const fn left(&self) -> u64 {
        self.end - self.position
    }

    /// The front of the next event. [`Self::bodies`] has to be called before the one after it.
    pub(super) fn next(&mut self) -> Result<Option<Front>, Error> {
        if self.used == self.buffer.len() && self.position == self.end {
            return Ok(None);
        }
        Front::read(self).map(Some).map_err(unread)
    }

    /// Row and detail of the event whose front was read last.
    pub(super) fn bodies(&mut self, front: &Front) -> Result<(Vec<u8>, Vec<u8>), Error> {
        let mut read = || Ok((self.bytes(front.row)?, self.bytes(front.detail)?));
        read().map_err(unread)
    }

    fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn bytes(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(count);
        while bytes.len() < count {
            self.fill()?;
            let now = (count - bytes.len()).min(self.buffer.len() - self.used);
            if now == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            bytes.extend_from_slice(&self.buffer[self.used..self.used + now]);
            self.used += now;
        }
        Ok(bytes)
    }

    /// Reads on when all of the buffer is used.
    fn fill(&mut self) -> io::Result<()> {
        if self.used == self.buffer.len() {
            let left = usize::try_from(self.end - self.position).unwrap_or(usize::MAX);
            self.buffer.resize(left.min(self.room), 0);
            let mut file = &*self.file;
            file.seek(SeekFrom::Start(self.position))?;
            file.read_exact(&mut self.buffer)?;
            self.position += self.buffer.len() as u64;
            self.used = 0;
        }
        Ok(())
    }
}

impl Read for RunReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.fill()?;
        let count = into.len().min(self.buffer.len() - self.used);
        into[..count].copy_from_slice(&self.buffer[self.used..self.used + count]);
        self.used += count;
        Ok(count)
    }
}
