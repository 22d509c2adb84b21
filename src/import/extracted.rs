//! Records as `extract` writes them, and back.
//!
//! A source's own record goes out as it came where reading it gives the same row at the same time. Of others, which
//! got their rows by more than one record tells, the row is written under the names of `recording/1`, with the
//! source's record under `_source`. Entries of a HAR stay what other readers of HARs know, so that of those
//! `_source` only says what they do not tell.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{actions, backend, console, dates, har};
use crate::blocks::round;
use crate::event::{ActionRow, BackendRow, ConsoleRow, Event, EventTime, NetworkRow, Row, Stream};
use crate::limits::{self, Bodies};

/// Where the source's own record stands.
const SOURCE: &str = "_source";
/// The HAR's name for the time.
const STARTED: &str = "startedDateTime";
/// What a row has besides its own members.
const AROUND: [&str; 8] = ["time", "detail", "failed", "again", "same", "groups", "sign", "code"];

/// Members of rows, and what `recording/1` calls them.
type Names = [(&'static str, &'static str)];
const CONSOLE: &Names = &[
    ("level", "level"),
    ("text", "text"),
    ("cut", "_cut"),
    ("method", "method"),
    ("type", "type"),
    ("uncaught", "uncaught"),
    ("at", "location"),
    ("repeat", "repeat"),
    ("trace", "traceId"),
    ("request", "requestId"),
];
const ACTIONS: &Names = &[
    ("kind", "type"),
    ("label", "label"),
    ("target", "selector"),
    ("value", "value"),
    ("url", "url"),
    ("x", "x"),
    ("y", "y"),
    ("duration", "durationMs"),
    ("error", "error"),
];
const BACKEND: &Names = &[
    ("level", "level"),
    ("service", "service"),
    ("text", "message"),
    ("cut", "_cut"),
    ("trace", "traceId"),
    ("request", "requestId"),
];

/// The record of a row: `zero` is the wall time of the timeline's zero as the reader will know it.
pub(crate) fn record(stream: Stream, row: &Value, detail: Value, zero: Option<f64>) -> Value {
    let time = row.get("time").and_then(Value::as_f64);
    let mut members = row.as_object().cloned().unwrap_or_default();
    members.retain(|name, _| !AROUND.contains(&name.as_str()));
    let (names, make): (&Names, fn(&Value) -> Row) = match stream {
        Stream::Network => return entry(time, members, detail, zero),
        Stream::Console => (CONSOLE, console::row_of),
        Stream::Actions => (ACTIONS, actions::row_of),
        Stream::Backend => (BACKEND, backend::row_of),
    };
    let plain = event(stream.name(), detail.clone()).unwrap_or_else(|record| {
        let (time, _) = dates::of_record(&record);
        Event::new(time, make(&record), record)
    });
    if tells(plain, time, &members, &detail, zero) {
        return detail;
    }
    let mut line = Map::new();
    if let Some(time) = row.get("time") {
        line.insert("t".into(), time.clone());
    }
    for (own, name) in names {
        line.extend(members.shift_remove(*own).map(|value| ((*name).to_owned(), value)));
    }
    line.insert(SOURCE.into(), if detail.is_object() { detail } else { json!({}) });
    line.into()
}

/// Whether an event that was read is the one that was written.
fn tells(mut read: Event, time: Option<f64>, row: &Map<String, Value>, detail: &Value, zero: Option<f64>) -> bool {
    limits::apply(&mut read, Bodies::All);
    let own = serde_json::to_value(&read.row).ok();
    is_at(read.time, time, zero) && own.as_ref().and_then(Value::as_object) == Some(row) && read.detail == *detail
}

fn is_at(read: EventTime, time: Option<f64>, zero: Option<f64>) -> bool {
    match (read, time) {
        (EventTime::Unknown, time) => time.is_none(),
        (EventTime::Offset(ms), Some(time)) => round(ms) == time,
        (EventTime::Wall(ms), Some(time)) => zero.is_some_and(|zero| round(ms - zero) == time),
        (EventTime::Offset(_) | EventTime::Wall(_), None) => false,
    }
}

/// The event of a record that `extract` wrote, or the record of another.
pub(super) fn event(part: &str, mut record: Value) -> Result<Event, Value> {
    let row = match part {
        _ if !record.get(SOURCE).is_some_and(Value::is_object) => None,
        "console" => parse::<ConsoleRow>(&record, CONSOLE).map(Row::Console),
        "actions" => parse::<ActionRow>(&record, ACTIONS).map(Row::Action),
        "backend" => parse::<BackendRow>(&record, BACKEND).map(Row::Backend),
        _ => None,
    };
    let Some(row) = row else { return Err(record) };
    let offset = record.get("t").and_then(Value::as_f64).map(EventTime::Offset);
    let time = offset.unwrap_or_else(|| dates::of_record(&record).0);
    Ok(Event::new(time, row, record[SOURCE].take()))
}

/// A row, unless one of its members is missing or something else.
fn parse<T: DeserializeOwned>(record: &Value, names: &Names) -> Option<T> {
    let member = |(own, name): &(&str, &str)| Some(((*own).to_owned(), record.get(*name)?.clone()));
    serde_json::from_value(names.iter().filter_map(member).collect::<Map<_, _>>().into()).ok()
}

/// The entry of a HAR for a row.
fn entry(time: Option<f64>, row: Map<String, Value>, mut detail: Value, zero: Option<f64>) -> Value {
    let started = detail.get(STARTED).and_then(dates::of_value);
    let started = started.map_or(EventTime::Unknown, |stamp| EventTime::Wall(stamp.ms));
    let own = serde_json::to_value(har::row_of(&detail)).ok();
    let mut untold = Map::new();
    if !is_at(started, time, zero) {
        untold.insert("t".into(), time.into());
    }
    if own.as_ref().and_then(Value::as_object) != Some(&row) {
        untold.insert("row".into(), row.into());
    }
    let Value::Object(members) = &mut detail else { return detail };
    let date = zero.zip(time).and_then(|(zero, time)| date(zero + time));
    if let Some(date) = date.filter(|_| !members.contains_key(STARTED)) {
        members.shift_insert(0, STARTED.into(), date.into());
        untold.insert("undated".into(), true.into());
    }
    if !untold.is_empty() && !members.contains_key(SOURCE) {
        members.insert(SOURCE.into(), untold.into());
    }
    detail
}

/// The wall time of the zero as the reader will have it from the description.
pub(crate) fn zero(started: Option<f64>) -> Option<f64> {
    dates::of_text(&date(started?)?).map(|stamp| stamp.ms)
}

/// Milliseconds since 1970 as RFC 3339: to the microsecond, or, where that is not the same time, to the nanosecond.
#[expect(clippy::cast_possible_truncation, reason = "out of range gives no date")]
pub(crate) fn date(ms: f64) -> Option<String> {
    let short = Timestamp::from_microsecond((ms * 1e3).round() as i64).ok()?.to_string();
    if dates::of_text(&short).is_some_and(|stamp| stamp.ms == ms) {
        return Some(short);
    }
    // Apart, because nanoseconds since 1970 are more than a float holds exactly.
    let (whole, rest) = (ms.floor(), ms - ms.floor());
    let nanoseconds = whole as i128 * 1_000_000 + (rest * 1e6).round() as i128;
    Timestamp::from_nanosecond(nanoseconds).ok().map(|time| time.to_string())
}

/// What `extract` wrote of an entry besides what the entry tells.
#[derive(Debug, Default)]
pub(super) struct Untold {
    time: Option<EventTime>,
    row: Option<NetworkRow>,
    undated: bool,
}

impl Untold {
    /// Takes it out of an entry; one under the same name that is not `extract`'s stays.
    pub(super) fn take(entry: &mut Value) -> Self {
        let Some(Value::Object(source)) = entry.get(SOURCE) else { return Self::default() };
        let time = source.get("t").map(|time| time.as_f64().map_or(EventTime::Unknown, EventTime::Offset));
        let row = source.get("row").and_then(|row| serde_json::from_value(row.clone()).ok());
        let undated = source.get("undated").is_some_and(|flag| *flag == true);
        if let (true, Value::Object(members)) = (time.is_some() || row.is_some() || undated, entry) {
            members.shift_remove(SOURCE);
        }
        Self { time, row, undated }
    }

    /// Puts it over what was read of the entry, and leaves the entry as its source had it.
    pub(super) fn complete(self, time: &mut EventTime, row: &mut NetworkRow, entry: &mut Value) {
        *time = self.time.unwrap_or(*time);
        if let Some(own) = self.row {
            *row = own;
        }
        if let (true, Value::Object(members)) = (self.undated, entry) {
            members.shift_remove(STARTED);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZERO: f64 = 1_795_238_460_000.25;

    /// What the reader makes of the record of a row.
    fn back(stream: Stream, row: &Value, detail: &Value) -> (Value, EventTime, Value, Value) {
        let written = record(stream, row, detail.clone(), Some(ZERO));
        let (time, row, detail) = match event(stream.name(), written.clone()) {
            Ok(Event { time, row, detail }) => (time, serde_json::to_value(row).unwrap(), detail),
            Err(record) => (dates::of_record(&record).0, Value::Null, record),
        };
        (written, time, row, detail)
    }

    #[test]
    fn every_member_of_a_row_comes_back() {
        // A detail that looks like one of ours, and words that lenient readers take for others.
        let detail = json!({"t": "never", "_source": {"message": "theirs"}, "level": 30});
        let console = json!({"level": "error", "text": "a\u{0}", "cut": true, "method": "log", "type": "worker",
            "uncaught": true, "at": "(index)", "repeat": 7, "trace": "A/B", "request": "r"});
        let action = json!({"kind": "load", "label": "Click", "target": "a >> b", "value": "v", "url": "u", "x": -1.5,
            "y": 2.0, "duration": 3.25, "error": "e"});
        let backend = json!({"level": "debug", "service": "s", "text": "", "cut": true, "trace": "t", "request": "r"});
        for (stream, row) in [(Stream::Console, console), (Stream::Actions, action), (Stream::Backend, backend)] {
            let mut shown = row.clone();
            shown["detail"] = json!([0, 1]);
            let (written, untimed, read, kept) = back(stream, &shown, &detail);
            assert_eq!((&read, &kept, untimed), (&row, &detail, EventTime::Unknown), "{written}");
            // So much is more than what readers take for an offset.
            shown["time"] = json!(2e9);
            assert_eq!(back(stream, &shown, &detail).1, EventTime::Offset(2e9));
        }
    }

    #[test]
    fn what_the_reader_understands_stays_as_it_is() {
        let detail = json!({"time": ZERO + 5.0, "level": 50, "msg": "m", "_source": {"by": "another"}});
        let row = json!({"time": 5.0, "level": "error", "text": "m"});
        assert_eq!(back(Stream::Backend, &row, &detail).0, detail);
        let later = json!({"time": 6.0, "level": "error", "text": "m"});
        let written = json!({"t": 6.0, "level": "error", "message": "m", "_source": detail});
        assert_eq!(back(Stream::Backend, &later, &detail).0, written);
    }

    #[test]
    fn entries_of_a_har_say_what_they_do_not_tell() {
        let detail = json!({"request": {"url": "https://a/"}, "response": {"status": 0}});
        let row = json!({"time": 9.75, "failed": true, "method": "GET", "url": "https://a/", "status": 0,
            "kind": "other", "canceled": true});
        let mut written = record(Stream::Network, &row, detail.clone(), Some(ZERO));
        assert_eq!(written["startedDateTime"], "2026-11-21T05:21:00.01Z");
        let untold = Untold::take(&mut written);
        let (mut time, mut read) = (EventTime::Unknown, har::row_of(&written));
        assert!(!read.canceled);
        untold.complete(&mut time, &mut read, &mut written);
        // The date that was added tells the time; without a clock only the entry can.
        assert_eq!((read.canceled, &written), (true, &detail));
        let written = record(Stream::Network, &row, detail, None);
        assert_eq!((written.get(STARTED), &written[SOURCE]["t"]), (None, &json!(9.75)));
    }

    #[test]
    fn dates_give_the_same_time_again() {
        for ms in [ZERO, 1_795_237_910_722.147_7, 1_795_237_910_100.0] {
            let text = date(ms).unwrap();
            assert_eq!(dates::of_text(&text).map(|stamp| stamp.ms), Some(ms), "{text}");
        }
        assert_eq!(date(1_795_237_910_100.0).as_deref(), Some("2026-11-21T05:11:50.1Z"));
        assert_eq!(date(1e300), None);
    }
}
