//! Events of browser protocols as scripts write them down: Chrome DevTools Protocol and `WebDriver BiDi`.
//!
//! Requests are put together from their events and laid out as HAR entries. Few are open at any time; of those
//! that never end the oldest are let go.

mod bidi;
mod cdp;
mod entry;
mod open;

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::intake::{Intake, Notes, Unread};
use super::ndjson::{self, Kind};
use super::source::Source;
use super::{console, har, json};
use crate::error::Error;
use crate::event::{ActionRow, Event, EventTime, Row, Stream};

/// Domains of each protocol that say something of use.
const CDP: [&str; 4] = ["Runtime.", "Log.", "Network.", "Page."];
const BIDI: [&str; 4] = ["log.", "network.", "browsingContext.", "script."];
/// Where recorders put an event that they wrap, as an object or as text.
const WRAPS: [&str; 4] = ["message", "payload", "event", "data"];
/// Wraps within wraps: the performance log of `ChromeDriver` has two.
const DEPTH: usize = 3;

pub(super) fn is_cdp(source: &Source) -> bool {
    ndjson::kind(source) == Some(Kind::Cdp)
}

pub(super) fn is_bidi(source: &Source) -> bool {
    ndjson::kind(source) == Some(Kind::Bidi)
}

pub(super) fn read_cdp(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    let clock = cdp::Clock::of(ndjson::samples(source).iter().filter_map(event));
    let mut log = Log::new(source, intake);
    let mut reader = cdp::Reader::new(clock);
    log.each(source, |event, log| reader.event(event, log))?;
    reader.finish(&mut log)?;
    log.done(source, "cdp")
}

pub(super) fn read_bidi(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    let mut log = Log::new(source, intake);
    let mut reader = bidi::Reader::default();
    log.each(source, |event, log| reader.event(event, log))?;
    reader.finish(&mut log)?;
    log.done(source, "bidi")
}

/// Which protocol a record belongs to.
pub(super) fn kind_of(record: &Value) -> Option<Kind> {
    // Of an event longer than the head the parameters are not there.
    let event = event(record).or_else(|| record.get("params").is_none().then_some(Cow::Borrowed(record)))?;
    let method = event.get("method").and_then(Value::as_str).unwrap_or_default();
    let among = |domains: &[&str]| domains.iter().any(|domain| method.starts_with(domain));
    among(&CDP).then_some(Kind::Cdp).or_else(|| among(&BIDI).then_some(Kind::Bidi))
}

/// The event in a record, taken out of what recorders wrap it in.
fn event(record: &Value) -> Option<Cow<'_, Value>> {
    within(record, DEPTH)
}

fn within(record: &Value, depth: usize) -> Option<Cow<'_, Value>> {
    if record.get("method").is_some_and(Value::is_string) && record.get("params").is_some_and(Value::is_object) {
        return Some(Cow::Borrowed(record));
    }
    let depth = depth.checked_sub(1)?;
    WRAPS.iter().find_map(|key| match record.get(key)? {
        inner @ Value::Object(_) => within(inner, depth),
        Value::String(text) if text.starts_with('{') && text.contains("\"params\"") => {
            let inner = json::parse_object(text.as_bytes()).ok()?;
            within(&inner, depth).map(|event| Cow::Owned(event.into_owned()))
        }
        _ => None,
    })
}

/// Marks a request whose answer the log does not tell of: it was asked when the log ended, and did not fail.
fn unfinished(entry: &mut Map<String, Value>, response: &mut Map<String, Value>) {
    entry.insert("_canceled".into(), true.into());
    response.insert("_error".into(), "unfinished".into());
}

/// The method and the parameters of an event.
fn parts(event: Value) -> Option<(String, Value)> {
    let Value::Object(mut map) = event else { return None };
    match (map.shift_remove("method"), map.shift_remove("params")) {
        (Some(Value::String(method)), Some(params)) => Some((method, params)),
        _ => None,
    }
}

/// Where the events of a protocol go.
struct Log<'a, 's> {
    intake: &'a mut Intake<'s>,
    notes: Notes,
    /// Streams that were given something.
    given: [bool; 4],
}

impl<'a, 's> Log<'a, 's> {
    fn new(source: &Source, intake: &'a mut Intake<'s>) -> Self {
        Self { intake, notes: Notes::new(source), given: [false; 4] }
    }

    /// Hands out all events of a file.
    fn each(
        &mut self,
        source: &Source,
        mut take: impl FnMut((String, Value), &mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut notes = Notes::new(source);
        ndjson::each(source, &mut notes, &mut |record, _| match event(&record)
            .and_then(|event| parts(event.into_owned()))
        {
            Some(event) => take(event, self).map(|()| Value::Null),
            None => Ok(Value::Null),
        })?;
        notes.finish(self.intake);
        Ok(())
    }

    fn push(&mut self, time: EventTime, row: Row, detail: Value) -> Result<(), Error> {
        self.notes.time(time, false);
        self.given[usize::from(row.stream().number())] = true;
        self.intake.push(Event::new(time, row, detail))
    }

    /// A message, laid out as our own console lines are.
    fn console(&mut self, time: EventTime, record: Value) -> Result<(), Error> {
        self.push(time, console::row_of(&record), record)
    }

    /// A request, laid out as a HAR entry.
    fn request(&mut self, time: EventTime, entry: Value) -> Result<(), Error> {
        self.push(time, Row::Network(har::row_of(&entry)), entry)
    }

    /// A page that was opened.
    fn navigation(&mut self, time: EventTime, url: String, detail: Value) -> Result<(), Error> {
        self.intake.describe(&["page", "url"], url.clone().into());
        let row = ActionRow { url: Some(url), ..ActionRow::of_kind("navigate") };
        self.push(time, Row::Action(row), detail)
    }

    fn done(self, source: &Source, format: &str) -> Result<(), Unread> {
        let given: Vec<_> = Stream::ALL.into_iter().filter(|stream| self.given[usize::from(stream.number())]).collect();
        if given.is_empty() {
            return Err(Unread::Skip("its events are none of the console, of requests, or of pages".into()));
        }
        let names: Vec<_> = given.into_iter().map(Stream::name).collect();
        self.notes.finish(self.intake);
        self.intake.used(source, format, &names);
        Ok(())
    }
}
