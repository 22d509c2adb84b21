//! Console messages and uncaught errors of a trace.

use std::collections::HashMap;

use serde_json::Value;

use super::context::Clock;
use super::text;
use crate::event::{ConsoleRow, Event, Ids, Level, Row};
use crate::import::{console, json, printf};

/// Messages of old traces that wait for their event, and the bytes of one.
const WAITING: usize = 1_000;
const WAITING_BYTES: usize = 64 * 1024;

/// Messages that were made but not yet logged: up to version 5 those were two lines.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    messages: HashMap<String, Value>,
}

impl Waiting {
    /// Takes the line that makes an object.
    pub(super) fn object(&mut self, line: &mut Value) {
        let message = line.get("class").is_some_and(|class| class == "ConsoleMessage");
        let (Some(guid), true) = (json::string(line, &["guid"]), message) else { return };
        let message = line.get_mut("initializer").map(Value::take).unwrap_or_default();
        if self.messages.len() < WAITING && message.to_string().len() <= WAITING_BYTES {
            self.messages.insert(guid, message);
        }
    }

    /// The event of an old trace, when it logs a message.
    pub(super) fn logged(&mut self, line: &Value) -> Option<Value> {
        let inner = line.get("metadata").unwrap_or(line);
        let made = inner["method"] == "__create__" && inner["params"]["type"] == "ConsoleMessage";
        if made {
            return inner.pointer("/params/initializer").cloned();
        }
        if inner["method"] != "console" {
            return None;
        }
        let guid = json::text(inner, &["params.message.guid"])?;
        self.messages.remove(guid.as_ref())
    }
}

/// The event of a message. `line` tells when it was, and where.
pub(super) fn message(message: Value, time: Option<f64>, clock: Option<Clock>) -> Event {
    let method = json::string(&message, &["messageType"]).or_else(|| json::string(&message, &["type"]));
    let method = method.filter(|method| method != "console");
    let level = method.as_deref().and_then(Level::from_name).unwrap_or(Level::Info);
    let row = ConsoleRow {
        level,
        text: formatted(&message).or_else(|| json::string(&message, &["text"])).unwrap_or_default(),
        cut: false,
        method: method.filter(|method| console::says_more(method)),
        kind: None,
        uncaught: false,
        at: message.get("location").and_then(console::place),
        repeat: None,
        ids: Ids::default(),
    };
    Event::new(Clock::at(clock, time), Row::Console(row), message)
}

/// A message whose first argument is a format, as the console would print it: traces only join the arguments.
fn formatted(message: &Value) -> Option<String> {
    let args = message.get("args")?.as_array()?;
    args.first()?.get("value")?.as_str().filter(|text| text.contains('%'))?;
    let value = |arg: &Value| match arg.get("value") {
        Some(Value::Null | Value::Object(_) | Value::Array(_)) | None => arg.get("preview").cloned(),
        Some(value) => Some(value.clone()),
    };
    let values: Vec<_> = args.iter().map(|arg| value(arg).unwrap_or_default()).collect();
    Some(printf::render(&values))
}

/// An error that nothing in the page caught.
pub(super) fn page_error(line: Value, clock: Option<Clock>) -> Event {
    let inner = line.get("metadata").unwrap_or(&line);
    let error = inner.pointer("/params/error/error").or_else(|| inner.pointer("/params/error"));
    let error = error.unwrap_or(&Value::Null);
    let words = json::string(error, &["message", "value"]).unwrap_or_default();
    let stack = json::string(error, &["stack"]);
    let name = json::string(error, &["name"]).filter(|name| !words.starts_with(name.as_str()));
    let text = name.map_or_else(|| words.clone(), |name| format!("{name}: {words}"));
    let time = json::number(inner, &["time", "startTime", "endTime"]);
    let row = ConsoleRow {
        level: Level::Error,
        text: if text.is_empty() { "an error without words".into() } else { text },
        cut: false,
        method: Some("exception".into()),
        kind: Some("javascript".into()),
        uncaught: true,
        at: inner.pointer("/params/location").and_then(place).or_else(|| stack.as_deref().and_then(first_frame)),
        repeat: None,
        ids: Ids::default(),
    };
    let mut detail = line;
    if let (Value::Object(members), Some(stack)) = (&mut detail, stack) {
        members.insert("stack".into(), stack.into());
    }
    Event::new(Clock::at(clock, time), Row::Console(row), detail)
}

/// An error of the test itself.
pub(super) fn test_error(line: Value, error: &str, time: Option<f64>) -> Event {
    let row = ConsoleRow {
        level: Level::Error,
        text: text::brief(error).to_owned(),
        cut: false,
        method: Some("test".into()),
        kind: Some("other".into()),
        uncaught: false,
        at: line.pointer("/stack/0").and_then(console::place),
        repeat: None,
        ids: Ids::default(),
    };
    let mut detail = line;
    if let Value::Object(members) = &mut detail {
        members.insert("message".into(), error.into());
    }
    let time = time.map_or(crate::event::EventTime::Unknown, crate::event::EventTime::Wall);
    Event::new(time, Row::Console(row), detail)
}

/// Uncaught errors count lines from 0, as protocols do, under the names of those who count from 1.
fn place(location: &Value) -> Option<String> {
    let mut location = location.clone();
    let members = location.as_object_mut()?;
    for (from, to) in [("line", "lineNumber"), ("column", "columnNumber")] {
        if let Some(number) = members.shift_remove(from) {
            members.insert(to.into(), number);
        }
    }
    console::place(&location)
}

/// The place that the first frame of a stack names.
fn first_frame(stack: &str) -> Option<String> {
    let frame = stack.lines().map(str::trim).find(|line| line.starts_with("at ") || line.contains('@'))?;
    let place = frame.rsplit(['(', ' ', '@']).next()?.trim_end_matches(')');
    let mut parts = place.rsplitn(3, ':');
    let (column, line, file) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |text: &str| text.parse::<u32>().ok();
    let (line, column) = (number(line)?, number(column)?);
    console::place(&serde_json::json!({ "url": file, "line": line, "column": column }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_stacks() {
        let chromium = "TypeError: x\n    at applyDiscount (http://127.0.0.1:8911/vendor/app.min.js:2:49)\n    at b";
        assert_eq!(first_frame(chromium).as_deref(), Some("app.min.js:2:49"));
        assert_eq!(first_frame("f@http://a/b.js:3:4\n").as_deref(), Some("b.js:3:4"));
        assert_eq!(first_frame("TypeError: x\n    at <anonymous>"), None);
        assert_eq!(first_frame(""), None);
    }
}
