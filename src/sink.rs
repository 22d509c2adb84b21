//! Takes the events of all importers, in any order and number, and gives them back in the order of time.
//!
//! Events are spooled to temporary files in sorted runs and merged at the end, so that memory does not
//! depend on the size of the logs. Which wall time the timeline's zero has may be learnt after the last
//! event: runs are kept apart by clock, and a shift of a whole clock never changes the order within a run.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::rc::Rc;

use crate::error::Error;
use crate::event::{Event, EventTime, FailureKind, Row, Stream};
use crate::limits::{self, Bodies};

/// Bytes of events of one stream and clock held in memory before they are sorted and written.
const RUN_BYTES: usize = 2 * 1024 * 1024;
/// Bytes read at once from a run while merging.
const READ_BYTES: usize = 64 * 1024;

/// Collects events.
#[derive(Debug)]
pub struct Sink {
    bodies: Bodies,
    /// Which streams are wanted; events of the others are dropped.
    wanted: [bool; 4],
    spools: Vec<Spool>,
    /// Sort keys of the last event of each stream, for events without a time.
    last: [(Base, f64); 4],
    spans: [Option<(f64, f64)>; 2],
    pushed: u64,
}

/// The clock an event was stamped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    Wall,
    Offset,
}

/// An event as it comes out: its row and detail are JSON text.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Stored {
    /// The stream.
    pub stream: Stream,
    /// Milliseconds from the timeline's zero; `None` when unknown.
    pub time: Option<f64>,
    /// Milliseconds it lasted.
    pub duration: Option<f64>,
    /// Class for the index, see [`Row::class`].
    pub class: usize,
    /// See [`Row::failure`].
    pub failure: Option<FailureKind>,
    /// See [`Row::marked`].
    pub marked: bool,
    /// The row as a JSON object.
    pub row: Vec<u8>,
    /// The detail as a JSON object.
    pub detail: Vec<u8>,
}

impl Sink {
    /// A sink for these streams (by number) that keeps bodies as told.
    #[must_use]
    pub fn new(bodies: Bodies, wanted: [bool; 4]) -> Self {
        Self {
            bodies,
            wanted,
            spools: Vec::new(),
            last: [(Base::Offset, f64::NEG_INFINITY); 4],
            spans: [None; 2],
            pushed: 0,
        }
    }

    /// Takes an event.
    ///
    /// # Errors
    /// When the temporary file cannot be written, or the run was interrupted.
    pub fn push(&mut self, mut event: Event) -> Result<(), Error> {
        crate::interrupt::check()?;
        let stream = event.row.stream();
        let place = usize::from(stream.number());
        if !self.wanted[place] {
            return Ok(());
        }
        limits::apply(&mut event, self.bodies);
        let (base, key, timed) = match event.time {
            EventTime::Wall(ms) if ms.is_finite() => (Base::Wall, ms, true),
            EventTime::Offset(ms) if ms.is_finite() => (Base::Offset, ms, true),
            _ => (self.last[place].0, self.last[place].1, false),
        };
        self.last[place] = (base, key);
        if timed {
            self.widen(base, key, key + event.row.duration().unwrap_or(0.0).max(0.0));
        }
        self.pushed += 1;
        let record = Record::new(&event, key, self.pushed, timed)?;
        self.spool(stream, base).push(record)
    }

    /// Number of events taken so far.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.pushed
    }

    /// Whether no event was taken.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.pushed == 0
    }

    /// Number of events of a stream.
    #[must_use]
    pub fn count(&self, stream: Stream) -> u64 {
        self.spools.iter().filter(|spool| spool.stream == stream).map(|spool| spool.count).sum()
    }

    /// Earliest start and latest end of the events with a wall time, ms since 1970.
    #[must_use]
    pub const fn wall_span(&self) -> Option<(f64, f64)> {
        self.spans[Base::Wall as usize]
    }

    /// Earliest start and latest end of the events timed from the recording's zero, in ms.
    #[must_use]
    pub const fn offset_span(&self) -> Option<(f64, f64)> {
        self.spans[Base::Offset as usize]
    }

    /// Gives the events back in the order of time. `zero` is the wall time of the timeline's zero.
    ///
    /// # Errors
    /// When a temporary file cannot be written or read.
    pub fn merge(self, zero: f64) -> Result<Merge, Error> {
        let mut readers = Vec::new();
        for spool in self.spools {
            let shift = if spool.base == Base::Wall { zero } else { 0.0 };
            readers.extend(spool.into_runs(shift)?);
        }
        let mut heap = BinaryHeap::new();
        for (number, reader) in readers.iter_mut().enumerate() {
            if let Some(head) = reader.next()? {
                heap.push(Reverse(Head {
                    key: head.key - reader.shift,
                    rank: rank(reader.stream),
                    seq: head.seq,
                    run: number,
                    record: head,
                }));
            }
        }
        Ok(Merge { readers, heap })
    }

    fn widen(&mut self, base: Base, from: f64, to: f64) {
        let span = &mut self.spans[base as usize];
        *span = Some(span.map_or((from, to), |(low, high)| (low.min(from), high.max(to))));
    }

    fn spool(&mut self, stream: Stream, base: Base) -> &mut Spool {
        let found = self.spools.iter().position(|spool| spool.stream == stream && spool.base == base);
        let place = found.unwrap_or_else(|| {
            self.spools.push(Spool::new(stream, base));
            self.spools.len() - 1
        });
        &mut self.spools[place]
    }
}

/// Of events at the same instant: what the user did, what it asked for, what was answered, what was said of it.
const fn rank(stream: Stream) -> u8 {
    match stream {
        Stream::Actions => 0,
        Stream::Network => 1,
        Stream::Backend => 2,
        Stream::Console => 3,
    }
}

/// An event in memory or in a run.
#[derive(Debug)]
struct Record {
    key: f64,
    seq: u64,
    timed: bool,
    duration: f64,
    class: u8,
    failure: u8,
    marked: bool,
    row: Vec<u8>,
    detail: Vec<u8>,
}

const FAILURES: [FailureKind; 4] =
    [FailureKind::Uncaught, FailureKind::Request, FailureKind::Console, FailureKind::Resource];
/// Bytes before a record's row: key, sequence, duration, class, failure, flags, two lengths.
const HEAD_BYTES: usize = 8 + 8 + 8 + 3 + 4 + 4;

impl Record {
    fn new(event: &Event, key: f64, seq: u64, timed: bool) -> Result<Self, Error> {
        Ok(Self {
            key,
            seq,
            timed,
            duration: event.row.duration().filter(|ms| ms.is_finite()).unwrap_or(-1.0),
            class: u8::try_from(event.row.class()).unwrap_or(0),
            failure: event.row.failure().map_or(0, |kind| kind as u8 + 1),
            marked: event.row.marked(),
            row: row_json(&event.row)?,
            detail: json_text(&event.detail)?,
        })
    }

    fn write(&self, out: &mut impl Write) -> io::Result<u64> {
        out.write_all(&self.key.to_le_bytes())?;
        out.write_all(&self.seq.to_le_bytes())?;
        out.write_all(&self.duration.to_le_bytes())?;
        out.write_all(&[self.class, self.failure, u8::from(self.timed) | u8::from(self.marked) << 1])?;
        out.write_all(&length(&self.row)?.to_le_bytes())?;
        out.write_all(&length(&self.detail)?.to_le_bytes())?;
        out.write_all(&self.row)?;
        out.write_all(&self.detail)?;
        Ok((HEAD_BYTES + self.row.len() + self.detail.len()) as u64)
    }

    fn read(from: &mut RunReader) -> io::Result<Self> {
        let key = f64::from_le_bytes(from.take()?);
        let seq = u64::from_le_bytes(from.take()?);
        let duration = f64::from_le_bytes(from.take()?);
        let [class, failure, flags] = from.take()?;
        let row = u32::from_le_bytes(from.take()?);
        let detail = u32::from_le_bytes(from.take()?);
        Ok(Self {
            key,
            seq,
            timed: flags & 1 != 0,
            duration,
            class,
            failure,
            marked: flags & 2 != 0,
            row: from.bytes(row as usize)?,
            detail: from.bytes(detail as usize)?,
        })
    }

    fn order(&self) -> (f64, u64) {
        (self.key, self.seq)
    }
}

fn length(bytes: &[u8]) -> io::Result<u32> {
    u32::try_from(bytes.len()).map_err(|_| io::Error::other("an event larger than 4 GiB"))
}

fn row_json(row: &Row) -> Result<Vec<u8>, Error> {
    match row {
        Row::Console(row) => json_text(row),
        Row::Network(row) => json_text(row),
        Row::Action(row) => json_text(row),
        Row::Backend(row) => json_text(row),
    }
}

fn json_text(value: &impl serde::Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value)
        .map_err(|error| Error::input(format!("an event cannot be written as JSON: {error}"), "please report this"))
}

/// Events of one stream and one clock.
#[derive(Debug)]
struct Spool {
    stream: Stream,
    base: Base,
    buffer: Vec<Record>,
    buffered: usize,
    count: u64,
    file: Option<BufWriter<File>>,
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
    const fn new(stream: Stream, base: Base) -> Self {
        Self { stream, base, buffer: Vec::new(), buffered: 0, count: 0, file: None, written: 0, runs: Vec::new() }
    }

    fn push(&mut self, record: Record) -> Result<(), Error> {
        self.count += 1;
        self.buffered += HEAD_BYTES + record.row.len() + record.detail.len();
        self.buffer.push(record);
        if self.buffered >= RUN_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.buffer.sort_by(|a, b| a.key.total_cmp(&b.key).then(a.seq.cmp(&b.seq)));
        let (Some(first), Some(last)) = (self.buffer.first(), self.buffer.last()) else { return Ok(()) };
        let (first, last) = (first.order(), last.order());
        let failed = || Error::io("cannot write a temporary file in", std::env::temp_dir());
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(BufWriter::new(tempfile::tempfile().map_err(failed())?)),
        };
        let start = self.written;
        for record in &self.buffer {
            self.written += record.write(file).map_err(failed())?;
        }
        // Logs mostly come in order: then the whole spool stays one run.
        match self.runs.last_mut() {
            Some(run) if run.last <= first => *run = Run { start: run.start, end: self.written, last },
            _ => self.runs.push(Run { start, end: self.written, last }),
        }
        self.buffer.clear();
        self.buffered = 0;
        Ok(())
    }

    fn into_runs(mut self, shift: f64) -> Result<Vec<RunReader>, Error> {
        self.flush()?;
        let Some(file) = self.file else { return Ok(Vec::new()) };
        let failed = || Error::io("cannot write a temporary file in", std::env::temp_dir());
        let file = file.into_inner().map_err(io::IntoInnerError::into_error).map_err(failed())?;
        let file = Rc::new(file);
        let reader = |run: Run| RunReader {
            stream: self.stream,
            shift,
            file: Rc::clone(&file),
            position: run.start,
            end: run.end,
            buffer: Vec::new(),
            used: 0,
        };
        Ok(self.runs.into_iter().map(reader).collect())
    }
}

/// Reads one run; several share a file, so each seeks before it fills its buffer.
#[derive(Debug)]
struct RunReader {
    stream: Stream,
    shift: f64,
    file: Rc<File>,
    position: u64,
    end: u64,
    buffer: Vec<u8>,
    used: usize,
}

impl RunReader {
    fn next(&mut self) -> Result<Option<Record>, Error> {
        if self.used == self.buffer.len() && self.position == self.end {
            return Ok(None);
        }
        Record::read(self).map(Some).map_err(Error::io("cannot read a temporary file in", std::env::temp_dir()))
    }

    fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn bytes(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        self.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

impl Read for RunReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.used == self.buffer.len() {
            let left = usize::try_from(self.end - self.position).unwrap_or(usize::MAX);
            self.buffer.resize(left.min(READ_BYTES), 0);
            let mut file = &*self.file;
            file.seek(SeekFrom::Start(self.position))?;
            file.read_exact(&mut self.buffer)?;
            self.position += self.buffer.len() as u64;
            self.used = 0;
        }
        let count = into.len().min(self.buffer.len() - self.used);
        into[..count].copy_from_slice(&self.buffer[self.used..self.used + count]);
        self.used += count;
        Ok(count)
    }
}

/// All events in the order of time.
#[derive(Debug)]
pub struct Merge {
    readers: Vec<RunReader>,
    heap: BinaryHeap<Reverse<Head>>,
}

#[derive(Debug)]
struct Head {
    key: f64,
    rank: u8,
    seq: u64,
    run: usize,
    record: Record,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.total_cmp(&other.key).then(self.rank.cmp(&other.rank)).then(self.seq.cmp(&other.seq))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head {}

impl Merge {
    /// The next event, or `None` at the end.
    ///
    /// # Errors
    /// When a temporary file cannot be read, or the run was interrupted.
    pub fn next(&mut self) -> Result<Option<Stored>, Error> {
        crate::interrupt::check()?;
        let Some(Reverse(head)) = self.heap.pop() else { return Ok(None) };
        let reader = &mut self.readers[head.run];
        let stream = reader.stream;
        if let Some(record) = reader.next()? {
            self.heap.push(Reverse(Head {
                key: record.key - reader.shift,
                rank: head.rank,
                seq: record.seq,
                run: head.run,
                record,
            }));
        }
        let Record { timed, duration, class, failure, marked, row, detail, .. } = head.record;
        Ok(Some(Stored {
            stream,
            time: timed.then_some(head.key),
            duration: (duration >= 0.0).then_some(duration),
            class: usize::from(class),
            failure: failure.checked_sub(1).map(|kind| FAILURES[usize::from(kind)]),
            marked,
            row,
            detail,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{ConsoleRow, Ids, Level};
    use serde_json::json;

    fn line(time: EventTime, text: &str) -> Event {
        let row = ConsoleRow {
            level: Level::Info,
            text: text.into(),
            cut: false,
            method: None,
            kind: None,
            uncaught: false,
            at: None,
            repeat: None,
            ids: Ids::default(),
        };
        Event::new(time, Row::Console(row), json!({ "text": text }))
    }

    fn texts(sink: Sink, zero: f64) -> Vec<(Option<f64>, String)> {
        let mut merge = sink.merge(zero).unwrap();
        let mut out = Vec::new();
        while let Some(event) = merge.next().unwrap() {
            let detail: serde_json::Value = serde_json::from_slice(&event.detail).unwrap();
            out.push((event.time, detail["text"].as_str().unwrap().into()));
        }
        out
    }

    #[test]
    fn two_clocks_merge_by_time_from_the_zero() {
        let mut sink = Sink::new(Bodies::Text, [true; 4]);
        sink.push(line(EventTime::Wall(1_000_300.0), "wall 300")).unwrap();
        sink.push(line(EventTime::Offset(200.0), "offset 200")).unwrap();
        sink.push(line(EventTime::Wall(1_000_100.0), "wall 100")).unwrap();
        let expected = [(Some(100.0), "wall 100"), (Some(200.0), "offset 200"), (Some(300.0), "wall 300")];
        assert_eq!(texts(sink, 1_000_000.0), expected.map(|(time, text)| (time, text.to_owned())));
    }

    #[test]
    fn an_untimed_event_follows_its_predecessor() {
        let mut sink = Sink::new(Bodies::Text, [true; 4]);
        sink.push(line(EventTime::Unknown, "first")).unwrap();
        sink.push(line(EventTime::Offset(500.0), "late")).unwrap();
        sink.push(line(EventTime::Unknown, "after late")).unwrap();
        sink.push(line(EventTime::Offset(10.0), "early")).unwrap();
        let expected = [(None, "first"), (Some(10.0), "early"), (Some(500.0), "late"), (None, "after late")];
        assert_eq!(texts(sink, 0.0), expected.map(|(time, text)| (time, text.to_owned())));
    }

    #[test]
    fn runs_out_of_order_are_merged() {
        let mut sink = Sink::new(Bodies::Text, [true; 4]);
        let filler = "x".repeat(40_000);
        for number in (0..200).rev() {
            sink.push(line(EventTime::Offset(f64::from(number)), &format!("{number} {filler}"))).unwrap();
        }
        let times: Vec<_> = texts(sink, 0.0).into_iter().filter_map(|(time, _)| time).collect();
        assert_eq!(times, (0..200).map(f64::from).collect::<Vec<_>>());
    }
}
