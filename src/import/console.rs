//! Console messages: our own lines, CDP and `BiDi` shapes, and what scripts write of `page.on('console')`.

use std::borrow::Cow;

use serde_json::Value;

use super::intake::{Intake, Unread};
use super::source::Source;
use super::{backend, console_text, json, ndjson, printf};
use crate::event::{ConsoleRow, Level, Row};

/// Names of what wrote a message; any other `type` is a console method.
const KINDS: [&str; 5] = ["console", "javascript", "network", "security", "other"];
/// Names of events that mean an error nothing caught.
const UNCAUGHT: [&str; 8] = [
    "exception",
    "pageerror",
    "uncaught",
    "uncaughtexception",
    "unhandledrejection",
    "unhandled-rejection",
    "unhandled_rejection",
    "exceptionthrown",
];

pub(super) fn sniff(source: &Source) -> bool {
    ndjson::kind(source) == Some(ndjson::Kind::Console)
}

pub(super) fn read(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    if ndjson::is_text(source) {
        return console_text::read(source, intake);
    }
    ndjson::read(source, "console", "console", |record| (row_of(&record), record), intake)
}

/// Whether a record looks like a console message.
pub(super) fn is_message(record: &Value) -> bool {
    let said = ["text", "message", "msg", "args"].iter().any(|key| json::get(record, key).is_some());
    let how = ["level", "type", "method", "stackTrace", "location", "args"]
        .iter()
        .any(|key| json::get(record, key).is_some());
    let elsewhere = super::actions::is_action(record) || backend::has_service(record);
    said && how && !elsewhere
}

/// The row of a message.
pub(super) fn row_of(record: &Value) -> Row {
    let kind = json::text(record, &["type"]).map(|kind| kind.to_lowercase());
    let named = kind.as_deref().is_some_and(|kind| KINDS.contains(&kind));
    let method = json::string(record, &["method"]).or_else(|| json::string(record, &["type"]).filter(|_| !named));
    let text = text(record);
    let (driver_place, text) = match driver_message(record, &text) {
        Some((place, message)) => (Some(place), message.to_owned()),
        None => (None, text),
    };
    let stated = level(record, method.as_deref());
    let uncaught = is_uncaught(record, kind.as_deref(), method.as_deref(), stated, &text);
    Row::Console(ConsoleRow {
        level: if uncaught { Level::Error } else { stated.unwrap_or(Level::Info) },
        cut: false,
        method: method.filter(|method| says_more(method)),
        kind: kind.filter(|_| named).or_else(|| source_kind(record)),
        uncaught,
        at: at(record).or(driver_place),
        repeat: json::number(record, &["repeat", "repeatCount", "count"])
            .and_then(json::whole)
            .filter(|count| *count > 1),
        ids: backend::ids(record),
        text,
    })
}

/// The place and the message in what `WebDriver` keeps of a browser's log: `url line:column message`.
fn driver_message<'t>(record: &Value, text: &'t str) -> Option<(String, &'t str)> {
    let source = record.get("source").and_then(Value::as_str)?;
    let (url, rest) = text.split_once(' ').filter(|(url, _)| url.contains("://") || *url == source)?;
    let (place, message) = rest.split_once(' ')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let numbered = place == "-" || place.split(':').all(digits);
    let driver = matches!(source, "javascript" | "console-api" | "network" | "security" | "other" | "deprecation");
    (driver && numbered).then(|| {
        let file = last_segment(url);
        let place = if place == "-" { file.into_owned() } else { format!("{file}:{place}") };
        (place, message)
    })
}

fn source_kind(record: &Value) -> Option<String> {
    json::string(record, &["source"]).filter(|source| KINDS.contains(&source.as_str()))
}

pub(super) fn says_more(method: &str) -> bool {
    !matches!(method.to_ascii_lowercase().as_str(), "log" | "info" | "warn" | "warning" | "error" | "debug" | "verbose")
}

fn level(record: &Value, method: Option<&str>) -> Option<Level> {
    json::get(record, "level")
        .and_then(backend::level_of)
        .or_else(|| json::get(record, "severity").and_then(backend::level_of))
        .or_else(|| method.and_then(Level::from_name))
}

fn is_uncaught(record: &Value, kind: Option<&str>, method: Option<&str>, level: Option<Level>, text: &str) -> bool {
    let flagged = json::get(record, "uncaught").and_then(Value::as_bool);
    let named = [kind, method].into_iter().flatten().any(|name| UNCAUGHT.contains(&name.to_ascii_lowercase().as_str()));
    let thrown = kind == Some("javascript") && level == Some(Level::Error);
    let worded = ["Uncaught ", "Unhandled Promise Rejection", "Unhandled promise rejection", "Unhandled rejection"];
    let said = matches!(level, Some(Level::Error)) && worded.iter().any(|start| text.starts_with(start));
    flagged.unwrap_or(named || thrown || said)
}

fn text(record: &Value) -> String {
    let stated = ["text", "message", "msg"].iter().find_map(|key| json::get(record, key));
    let args = || record.get("args").and_then(Value::as_array).map(|args| printf::render(args));
    match stated {
        Some(Value::String(text)) if text.is_empty() => args().unwrap_or_default(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => args()
            .or_else(|| json::string(record, &["description", "error.message", "error"]))
            .unwrap_or_else(|| record.to_string()),
    }
}

/// `file:line:column` of the first frame, or of the location.
fn at(record: &Value) -> Option<String> {
    let frame = record.pointer("/stackTrace/callFrames/0").or_else(|| record.pointer("/stackTrace/0"));
    if let Some(frame) = frame.or_else(|| record.get("location").filter(|location| location.is_object())) {
        return place(frame);
    }
    let text = json::text(record, &["location", "source"]).filter(|text| text.contains(':') || text.contains('.'));
    let text = text.or_else(|| json::text(record, &["stack", "error.stack"]).and_then(|stack| stacked(&stack)))?;
    Some(last_segment(&text).into_owned())
}

/// The place in the first frame of a stack: `at f (url:1:2)`, `at url:1:2` or `f@url:1:2`.
fn stacked<'t>(stack: &str) -> Option<Cow<'t, str>> {
    let frame = stack.lines().find(|line| line.trim_start().starts_with("at ") || line.contains('@'))?;
    let place = frame.rsplit([' ', '(', '@']).next()?.trim_end_matches(')');
    place.ends_with(|letter: char| letter.is_ascii_digit()).then(|| place.to_owned().into())
}

/// Protocols count `lineNumber` from 0; whoever writes `line` means what editors show.
pub(super) fn place(frame: &Value) -> Option<String> {
    let file = json::text(frame, &["url", "file", "fileName", "source"])?;
    let mut out = last_segment(&file).into_owned();
    for (from_zero, from_one) in [("lineNumber", "line"), ("columnNumber", "column")] {
        let zero = json::number(frame, &[from_zero]).map(|number| number + 1.0);
        let Some(number) = zero.or_else(|| json::number(frame, &[from_one])).and_then(json::whole) else { break };
        out.push(':');
        out.push_str(&number.to_string());
    }
    Some(out)
}

/// The last part of a URL's path; `(index)` where there is none, as browsers show it.
fn last_segment(url: &str) -> Cow<'_, str> {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let (path, tail) = url.split_at(end);
    // Behind a query there may still stand `:line:column`.
    let line = tail.find(':').map_or("", |at| {
        if tail[at + 1..].bytes().all(|b| b.is_ascii_digit() || b == b':') { &tail[at..] } else { "" }
    });
    let path = path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let name = path.trim_end_matches('/').rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("(index)");
    if line.is_empty() { Cow::Borrowed(name) } else { Cow::Owned(format!("{name}{line}")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn console(record: &Value) -> ConsoleRow {
        match row_of(record) {
            Row::Console(row) => row,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn levels_methods_and_kinds() {
        let row = console(&json!({"type": "warning", "text": "w"}));
        assert_eq!((row.level, row.method, row.kind), (Level::Warn, None, None));
        let row = console(&json!({"type": "console", "level": "info", "method": "table", "text": "t"}));
        assert_eq!(
            (row.level, row.method.as_deref(), row.kind.as_deref()),
            (Level::Info, Some("table"), Some("console"))
        );
        let row = console(&json!({"type": "assert", "text": "t"}));
        assert_eq!((row.level, row.method.as_deref()), (Level::Error, Some("assert")));
        let row = console(&json!({"level": "weird", "text": "t"}));
        assert_eq!(row.level, Level::Info);
    }

    #[test]
    fn uncaught_errors_by_every_name() {
        for record in [
            json!({"type": "javascript", "level": "error", "text": "x"}),
            json!({"type": "pageError", "text": "x"}),
            json!({"method": "exception", "text": "x"}),
            json!({"level": "error", "uncaught": true, "text": "x"}),
            json!({"level": "error", "text": "Uncaught (in promise) TypeError: x"}),
        ] {
            let row = console(&record);
            assert!(row.uncaught && row.level == Level::Error, "{record}");
        }
        for record in [
            json!({"type": "javascript", "level": "warn", "text": "x"}),
            json!({"level": "error", "uncaught": false, "text": "Uncaught x"}),
            json!({"level": "error", "text": "not Uncaught"}),
        ] {
            assert!(!console(&record).uncaught, "{record}");
        }
    }

    #[test]
    fn places_count_from_one() {
        let frames = json!({"text": "x", "stackTrace": {"callFrames": [{"url": "http://a/b/app.js?v=1", "lineNumber": 9, "columnNumber": 4}]}});
        assert_eq!(console(&frames).at.as_deref(), Some("app.js:10:5"));
        let location = json!({"text": "x", "location": {"url": "http://a/", "lineNumber": 0, "columnNumber": 0, "line": 0, "column": 0}});
        assert_eq!(console(&location).at.as_deref(), Some("(index):1:1"));
        let plain = json!({"text": "x", "location": {"file": "src/app.ts", "line": 3}});
        assert_eq!(console(&plain).at.as_deref(), Some("app.ts:3"));
        for stack in [
            "E: x\n    at f (http://a/b/app.js:3:7)\n    at g",
            "E\n at http://a/b/app.js:3:7",
            "f@http://a/b/app.js:3:7",
        ] {
            assert_eq!(console(&json!({"text": "x", "stack": stack})).at.as_deref(), Some("app.js:3:7"), "{stack}");
        }
        assert_eq!(console(&json!({"text": "x", "stack": "no frames"})).at, None);
        let text = json!({"text": "x", "source": "http://a/b/app.js?v=1:3:7"});
        assert_eq!(console(&text).at.as_deref(), Some("app.js:3:7"));
    }

    #[test]
    fn text_comes_from_arguments_when_there_is_none() {
        let row = console(
            &json!({"type": "log", "args": [{"type": "string", "value": "%d items"}, {"type": "number", "value": 3}]}),
        );
        assert_eq!(row.text, "3 items");
        assert_eq!(console(&json!({"level": "info", "message": {"a": 1}})).text, r#"{"a":1}"#);
    }
}
