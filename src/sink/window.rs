//! A span of the timeline: what lies in it comes out of the sink, and of what ends behind it only how it began.

use memchr::memmem;
use serde_json::{Map, Value, json};

use super::Stored;
use crate::blocks::round;
use crate::event::Stream;
use crate::limits::write_notes;

/// Said of what was still going on when the span ended.
const OPEN: &str = "still running at the end of the span";
/// Members of a request's detail that are known when it is sent.
const SENT: [&str; 2] = ["startedDateTime", "request"];
/// Members of a row that are known when it begins.
const BEGUN: [&str; 8] = ["method", "url", "kind", "label", "target", "value", "x", "y"];
/// Members of a detail that list what went over a connection while it was open.
const MESSAGES: [&str; 2] = ["_webSocketMessages", "_eventSourceMessages"];
/// Times of messages below this are seconds since 1970, from it on milliseconds.
const SECONDS: f64 = 1e11;

/// The span, in ms from the timeline's zero.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) from: f64,
    pub(super) to: f64,
    /// Wall time of that zero, ms since 1970, when it has one.
    pub(super) zero: Option<f64>,
}

impl Window {
    /// What of a span lies in this one.
    pub(super) fn clip(&self, (from, to): (f64, f64)) -> Option<(f64, f64)> {
        let (from, to) = (from.max(self.from), to.min(self.to));
        (from <= to).then_some((from, to))
    }

    /// What may come out of an event: nothing of one that begins outside or at a time that nobody knows.
    pub(super) fn admit(&self, mut event: Stored) -> Option<Stored> {
        let time = event.time.filter(|time| *time >= round(self.from) && *time <= round(self.to))?;
        if time + event.duration.unwrap_or(0.0).max(0.0) > self.to {
            begin_only(&mut event);
        } else if event.stream == Stream::Network {
            self.drop_messages(&mut event);
        }
        Some(event)
    }

    /// Leaves of a connection's messages those in the span.
    fn drop_messages(&self, event: &mut Stored) {
        if self.to == f64::INFINITY || memmem::find(&event.detail, b"Messages\"").is_none() {
            return;
        }
        let Ok(mut detail) = serde_json::from_slice::<Value>(&event.detail) else { return };
        let mut notes = Map::new();
        for member in MESSAGES {
            let Some(Value::Array(messages)) = detail.get_mut(member) else { continue };
            let before = messages.len();
            messages.retain(|message| self.is_within(message));
            let dropped = before - messages.len();
            if dropped > 0 {
                notes.insert(format!("/{member}"), format!("{dropped} messages outside the span not included").into());
            }
        }
        if !notes.is_empty() {
            write_notes(&mut detail, notes);
            event.detail = detail.to_string().into_bytes();
        }
    }

    fn is_within(&self, message: &Value) -> bool {
        let Some((time, zero)) = message.get("time").and_then(Value::as_f64).zip(self.zero) else { return false };
        let time = if time < SECONDS { time * 1e3 } else { time } - zero;
        time >= self.from && time <= self.to
    }
}

/// Leaves of an event what was known when it began: what came of it came later.
fn begin_only(event: &mut Stored) {
    let mut row = match serde_json::from_slice(&event.row) {
        Ok(Value::Object(row)) => row,
        _ => Map::new(),
    };
    row.retain(|key, _| BEGUN.contains(&key.as_str()));
    let mut detail = Map::new();
    if event.stream == Stream::Network {
        row.insert("status".into(), 0.into());
        row.insert("canceled".into(), true.into());
        row.insert("error".into(), OPEN.into());
        if let Ok(Value::Object(whole)) = serde_json::from_slice(&event.detail) {
            detail = whole;
            detail.retain(|key, _| SENT.contains(&key.as_str()));
        }
    }
    let mut detail = Value::Object(detail);
    write_notes(&mut detail, Map::from_iter([("/response".to_owned(), json!(OPEN))]));
    event.row = Value::Object(row).to_string().into_bytes();
    event.detail = detail.to_string().into_bytes();
    (event.duration, event.class, event.failure, event.marked) = (None, 0, None, false);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(stream: Stream, time: f64, duration: Option<f64>, row: &Value, detail: &Value) -> Stored {
        let [row, detail] = [row, detail].map(|value| value.to_string().into_bytes());
        let failure = Some(crate::event::FailureKind::ALL[0]);
        Stored { stream, time: Some(time), duration, class: 5, failure, marked: true, row, detail }
    }

    const WINDOW: Window = Window { from: 100.0, to: 200.0, zero: Some(1e12) };

    #[test]
    fn what_begins_outside_does_not_come() {
        let at = |time| WINDOW.admit(stored(Stream::Console, time, None, &json!({}), &json!({}))).is_some();
        assert_eq!([99.999, 100.0, 200.0, 200.001].map(at), [false, true, true, false]);
        let event = stored(Stream::Console, 0.0, None, &json!({}), &json!({}));
        assert!(WINDOW.admit(Stored { time: None, ..event }).is_none());
    }

    #[test]
    fn of_what_ends_behind_the_span_only_the_beginning_is_told() {
        let row = json!({"method": "GET", "url": "u", "kind": "fetch", "status": 500, "size": 7, "trace": "t"});
        let detail = json!({"request": {"a": 1}, "response": "later", "timings": {}, "more": "later"});
        let whole = WINDOW.admit(stored(Stream::Network, 150.0, Some(50.0), &row, &detail)).unwrap();
        assert!(whole.marked && whole.detail == detail.to_string().into_bytes());
        let cut = WINDOW.admit(stored(Stream::Network, 150.0, Some(50.1), &row, &detail)).unwrap();
        assert!(!cut.marked && cut.failure.is_none() && cut.class == 0 && cut.duration.is_none());
        let [row, detail] = [cut.row, cut.detail].map(|json| serde_json::from_slice::<Value>(&json).unwrap());
        let expected =
            json!({"method": "GET", "url": "u", "kind": "fetch", "status": 0, "canceled": true, "error": OPEN});
        assert_eq!(row, expected);
        assert_eq!(detail, json!({"request": {"a": 1}, "_sealcast": {"left_out": {"/response": OPEN}}}));
        let row = json!({"kind": "click", "label": "x", "error": "later"});
        let cut = WINDOW.admit(stored(Stream::Actions, 150.0, Some(60.0), &row, &json!({"log": "later"}))).unwrap();
        assert_eq!(cut.row, json!({"kind": "click", "label": "x"}).to_string().into_bytes());
        assert!(!String::from_utf8(cut.detail).unwrap().contains("later"));
    }

    #[test]
    fn messages_outside_the_span_go() {
        let message = |time: f64| json!({ "time": time });
        let times = [1e12 + 150.0, 1e9 + 0.15, 1e12 + 250.0, 1e9 + 0.25];
        let mut list: Vec<_> = times.into_iter().map(message).collect();
        list.push(json!({"data": "when?"}));
        let detail = json!({ "_webSocketMessages": list });
        let event = WINDOW.admit(stored(Stream::Network, 120.0, None, &json!({}), &detail)).unwrap();
        let detail: Value = serde_json::from_slice(&event.detail).unwrap();
        assert_eq!(detail["_webSocketMessages"], json!([message(times[0]), message(times[1])]));
        assert!(detail["_sealcast"]["left_out"]["/_webSocketMessages"].as_str().unwrap().starts_with("3 messages"));
    }
}
