//! Takes the events of all importers, in any order and number, and gives them back in the order of time.
//!
//! Events are spooled to temporary files in sorted runs and merged at the end, so that memory does not
//! depend on the size of the logs. Which wall time the timeline's zero has may be learnt after the last
//! event: runs are kept apart by clock, and a shift of a whole clock never changes the order within a run.

mod spool;
#[cfg(test)]
mod tests;
mod window;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use serde_json::Value;

use crate::blocks::round;
use crate::error::Error;
use crate::event::{Event, EventTime, FailureKind, Stream};
use crate::limits::{self, Bodies};
use crate::redact::Redactor;
use spool::{Base, Front, RunReader, Spool};
use window::Window;

/// Bytes of all buffers together while runs are merged.
const MERGE_BYTES: usize = 4 * 1024 * 1024;
/// The least and the most of them one run may have.
const READ_BYTES: (usize, usize) = (4 * 1024, 64 * 1024);

/// Bytes of the largest detail whose room is kept.
pub(crate) const ROOM: usize = 64 * 1024;

/// Collects events.
#[derive(Debug)]
pub struct Sink {
    bodies: Bodies,
    /// Which streams are wanted; events of the others are dropped.
    wanted: [bool; 4],
    /// Which streams had events that were dropped.
    dropped: [bool; 4],
    spools: Vec<Spool>,
    /// Sort keys of the last event of each stream, for events without a time.
    last: [(Base, f64); 4],
    spans: [Option<(f64, f64)>; 2],
    /// By how much events timed from the recording's zero come later, in ms.
    shift: f64,
    pushed: u64,
    /// Events that turned out to be unwanted, by their numbers.
    forgotten: HashSet<u64>,
    /// Events without a time.
    untimed: u64,
    /// The span that comes out.
    window: Option<Window>,
    /// Takes secrets out of what passes.
    redactor: Option<Box<Redactor>>,
    watcher: Watcher,
    /// See [`Self::room`].
    room: Value,
}

/// Hears of the bytes of events that pass, once when they come and once when they go.
struct Watcher(Option<Box<dyn FnMut(u64)>>);

impl std::fmt::Debug for Watcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Watcher").field(&self.0.is_some()).finish()
    }
}

impl Watcher {
    fn hear(&mut self, bytes: usize) {
        if let Some(hear) = &mut self.0 {
            hear(bytes as u64);
        }
    }
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
            dropped: [false; 4],
            spools: Vec::new(),
            last: [(Base::Offset, f64::NEG_INFINITY); 4],
            spans: [None; 2],
            shift: 0.0,
            pushed: 0,
            forgotten: HashSet::new(),
            untimed: 0,
            window: None,
            redactor: None,
            watcher: Watcher(None),
            room: Value::Null,
        }
    }

    /// Tells someone of the bytes of events that pass.
    pub fn watch(&mut self, hear: Box<dyn FnMut(u64)>) {
        self.watcher = Watcher(Some(hear));
    }

    /// Has secrets taken out of all events from here on.
    pub fn redact_with(&mut self, redactor: Redactor) {
        self.redactor = Some(Box::new(redactor));
    }

    /// What takes secrets out of the events, and knows those that were.
    pub fn redactor(&mut self) -> Option<&mut Redactor> {
        self.redactor.as_deref_mut()
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
            self.dropped[place] = true;
            return Ok(());
        }
        self.pushed += 1;
        let notes = limits::leave_out(&mut event, self.bodies);
        // Before strings are cut: half a secret is not known as one.
        if let Some(redactor) = &mut self.redactor {
            redactor.event(&mut event, self.pushed);
        }
        limits::cut(&mut event, self.bodies, notes);
        let (base, key, timed) = match event.time {
            EventTime::Wall(ms) if ms.is_finite() => (Base::Wall, ms, true),
            EventTime::Offset(ms) if ms.is_finite() => (Base::Offset, ms, true),
            _ => (self.last[place].0, self.last[place].1, false),
        };
        self.last[place] = (base, key);
        if timed {
            self.widen(base, key, key + event.row.duration().unwrap_or(0.0).max(0.0));
        }
        self.untimed += u64::from(!timed);
        let number = self.pushed;
        let bytes = self.spool(stream, base).push(&event, key, number, timed)?;
        self.watcher.hear(bytes);
        if bytes <= ROOM {
            self.room = event.detail;
        }
        Ok(())
    }

    /// The detail of the event that was taken last, for its room: the next one is mostly made as it was.
    pub(crate) const fn room(&mut self) -> Value {
        std::mem::replace(&mut self.room, Value::Null)
    }

    /// Whether events of a stream are kept.
    pub(crate) fn wants(&self, stream: Stream) -> bool {
        self.wanted[usize::from(stream.number())]
    }

    /// Leaves out events that were taken, by their numbers, which count from 1.
    pub(crate) fn forget(&mut self, numbers: &[u64]) {
        self.forgotten.extend(numbers);
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

    /// Streams that had events, all of which were dropped because the stream is not wanted.
    pub(crate) fn unwanted(&self) -> impl Iterator<Item = Stream> {
        Stream::ALL.into_iter().filter(|stream| self.dropped[usize::from(stream.number())])
    }

    /// Earliest start and latest end of the events with a wall time, ms since 1970.
    #[must_use]
    pub const fn wall_span(&self) -> Option<(f64, f64)> {
        self.spans[Base::Wall as usize]
    }

    /// Earliest start and latest end of the events timed from the recording's zero, in ms.
    #[must_use]
    pub fn offset_span(&self) -> Option<(f64, f64)> {
        self.spans[Base::Offset as usize].map(|(from, to)| (from + self.shift, to + self.shift))
    }

    /// Moves the events that are timed from the recording's zero by so many ms.
    pub(crate) const fn shift_offsets(&mut self, ms: f64) {
        self.shift = ms;
    }

    /// Keeps a span of the timeline, whose zero moves on by `cut`; `from` and `to` count from the old one, all in ms.
    /// `zero` is the wall time of the new one. Gives the number of events that have no time, and do not come out.
    pub(crate) fn trim(&mut self, cut: f64, (from, to): (f64, f64), zero: Option<f64>) -> u64 {
        self.shift -= cut;
        self.window = Some(Window { from: from - cut, to: to - cut, zero });
        self.untimed
    }

    /// What of a span of the timeline can come out.
    pub(crate) fn clip(&self, span: (f64, f64)) -> Option<(f64, f64)> {
        self.window.as_ref().map_or(Some(span), |window| window.clip(span))
    }

    /// Gives the events back in the order of time. `zero` is the wall time of the timeline's zero.
    ///
    /// # Errors
    /// When a temporary file cannot be written or read.
    pub fn merge(mut self, zero: f64) -> Result<Merge, Error> {
        for spool in &mut self.spools {
            spool.flush()?;
        }
        let room = room(self.spools.iter().map(Spool::runs).sum());
        let mut readers = Vec::new();
        for spool in self.spools {
            let shift = if spool.base == Base::Wall { zero } else { -self.shift };
            readers.extend(spool.into_runs(shift, room)?);
        }
        let Self { forgotten, window, redactor, watcher, .. } = self;
        let mut merge = Merge { readers, heap: BinaryHeap::new(), forgotten, window, redactor, watcher };
        for run in 0..merge.readers.len() {
            merge.refill(run)?;
        }
        Ok(merge)
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

/// Bytes of buffer for each of so many runs.
fn room(runs: usize) -> usize {
    (MERGE_BYTES / runs.max(1)).clamp(READ_BYTES.0, READ_BYTES.1)
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

/// All events in the order of time.
#[derive(Debug)]
pub struct Merge {
    readers: Vec<RunReader>,
    heap: BinaryHeap<Reverse<Head>>,
    forgotten: HashSet<u64>,
    window: Option<Window>,
    redactor: Option<Box<Redactor>>,
    watcher: Watcher,
}

/// The next event of a run, of which only the front was read: events may be large, and runs many.
#[derive(Debug)]
struct Head {
    key: f64,
    rank: u8,
    run: usize,
    front: Front,
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.total_cmp(&other.key).then(self.rank.cmp(&other.rank)).then(self.front.seq.cmp(&other.front.seq))
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

/// Gives an error when a temporary file cannot be read, or the run was interrupted.
impl Iterator for Merge {
    type Item = Result<Stored, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.advance() {
                Ok(Some((number, _))) if self.forgotten.contains(&number) => {}
                Ok(Some((number, event))) => {
                    let Some(mut event) = (match self.window {
                        None => Some(event),
                        Some(window) => window.admit(event),
                    }) else {
                        continue;
                    };
                    if let Some(redactor) = &mut self.redactor {
                        redactor.stored(&mut event, number);
                    }
                    return Some(Ok(event));
                }
                other => return other.map(|event| event.map(|(_, event)| event)).transpose(),
            }
        }
    }
}

impl Merge {
    /// What took secrets out of the events.
    pub(crate) fn into_redactor(self) -> Option<Box<Redactor>> {
        self.redactor
    }

    /// About how many bytes of events of each stream are to come.
    pub(crate) fn bytes(&self) -> [u64; 4] {
        Stream::ALL
            .map(|stream| self.readers.iter().filter(|reader| reader.stream == stream).map(RunReader::left).sum())
    }

    /// Puts the next event of a run into the order.
    fn refill(&mut self, run: usize) -> Result<(), Error> {
        let reader = &mut self.readers[run];
        if let Some(front) = reader.next()? {
            // As it is written: one instant may come from two clocks, and be a little less by one of them.
            let (key, rank) = (round(front.key - reader.shift), rank(reader.stream));
            self.heap.push(Reverse(Head { key, rank, run, front }));
        }
        Ok(())
    }

    /// The next event, and its number.
    fn advance(&mut self) -> Result<Option<(u64, Stored)>, Error> {
        crate::interrupt::check()?;
        let Some(Reverse(Head { key, run, front, .. })) = self.heap.pop() else { return Ok(None) };
        let reader = &mut self.readers[run];
        let stream = reader.stream;
        let (row, detail) = reader.bodies(&front)?;
        self.refill(run)?;
        self.watcher.hear(detail.len());
        let Front { seq, timed, duration, class, failure, marked, .. } = front;
        let stored = Stored {
            stream,
            time: timed.then_some(key),
            duration: (duration >= 0.0).then_some(duration),
            class: usize::from(class),
            failure: failure.checked_sub(1).and_then(|kind| FailureKind::ALL.get(usize::from(kind)).copied()),
            marked,
            row,
            detail,
        };
        Ok(Some((seq, stored)))
    }
}
