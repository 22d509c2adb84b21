//! What Sentry puts into custom events: breadcrumbs and spans, whose times count in seconds.

use serde_json::{Map, Value, json};

use super::{Replay, Window};
use crate::error::Error;
use crate::event::{ActionRow, EventTime};
use crate::import::{console, dates, json as look};

pub(super) fn breadcrumb(
    replay: &mut Replay<'_, '_>,
    window: &mut Window,
    time: f64,
    crumb: Value,
) -> Result<(), Error> {
    let time = seconds(&crumb, "timestamp").unwrap_or(time);
    let category = look::string(&crumb, &["category"]).unwrap_or_default();
    match category.as_str() {
        "console" => {
            let record = message(crumb);
            replay.push(dates::at(Some(time)), console::row_of(&record), record)
        }
        "navigation" => match look::string(&crumb, &["data.to"]) {
            Some(to) => {
                let url = whole(window.href.as_deref(), to);
                replay.navigated(window, time, url, crumb)
            }
            None => Ok(()),
        },
        "ui.keyDown" => {
            let row = ActionRow { value: look::string(&crumb, &["data.key"]), ..ActionRow::of_kind("keyDown") };
            replay.action(time, row, crumb)
        }
        // The recorder tells these by itself, or again as spans.
        "ui.click" | "ui.input" | "ui.focus" | "ui.blur" | "fetch" | "xhr" | "replay.mutations" | "replay.init" => {
            Ok(())
        }
        _ => {
            let label = look::string(&crumb, &["message"]).map(|text| format!("{category}: {text}"));
            let row = ActionRow { label: label.or(Some(category)), ..ActionRow::of_kind("marker") };
            replay.action(time, row, crumb)
        }
    }
}

/// A console call as one of our own lines.
fn message(mut crumb: Value) -> Value {
    let text = look::string(&crumb, &["message"]).unwrap_or_default();
    let level = look::string(&crumb, &["level"]).unwrap_or_else(|| "info".into());
    let mut record = Map::from_iter([("level".to_owned(), json!(level)), ("text".to_owned(), json!(text))]);
    if let Some(args @ Value::Array(_)) = crumb.pointer_mut("/data/arguments").map(Value::take) {
        record.insert("args".into(), args);
    }
    record.into()
}

/// A path within the page that is open.
fn whole(page: Option<&str>, to: String) -> String {
    let origin = page.and_then(|page| {
        let (scheme, rest) = page.split_once("://")?;
        Some(format!("{scheme}://{}", rest.split('/').next()?))
    });
    match origin {
        Some(origin) if to.starts_with('/') => origin + &to,
        _ => to,
    }
}

/// A request; other spans are measurements.
pub(super) fn span(replay: &mut Replay<'_, '_>, mut span: Value) -> Result<(), Error> {
    let op = look::string(&span, &["op"]).unwrap_or_default();
    let Some(kind) = op.strip_prefix("resource.") else { return Ok(()) };
    let (start, end) = (seconds(&span, "startTimestamp"), seconds(&span, "endTimestamp"));
    let Value::Object(mut record) = span.get_mut("data").map(Value::take).unwrap_or_default() else {
        return request(replay, start, Map::new(), span, kind, end);
    };
    for (own, name) in [("statusCode", "status"), ("responseBodySize", "responseSize")] {
        if let Some(value) = record.shift_remove(own) {
            record.insert(name.into(), value);
        }
    }
    request(replay, start, record, span, kind, end)
}

fn request(
    replay: &mut Replay<'_, '_>,
    start: Option<f64>,
    mut record: Map<String, Value>,
    span: Value,
    kind: &str,
    end: Option<f64>,
) -> Result<(), Error> {
    record.insert("url".into(), span.get("description").cloned().unwrap_or_default());
    let kind = if kind == "xhr" { "xmlhttprequest" } else { kind };
    record.insert("initiatorType".into(), kind.into());
    if let Some(ms) = end.zip(start).map(|(end, start)| end - start).filter(|ms| *ms >= 0.0) {
        record.insert("duration".into(), ((ms * 1e3).round() / 1e3).into());
    }
    let time = start.map_or(EventTime::Unknown, |start| dates::at(Some(start)));
    replay.request(time, record.into())
}

fn seconds(value: &Value, key: &str) -> Option<f64> {
    look::number(value, &[key]).and_then(dates::of_number).map(|stamp| stamp.ms)
}
