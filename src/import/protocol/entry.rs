//! Parts of a HAR entry that both protocols tell.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::import::json as look;

/// Headers as HAR lists them, out of a map, or out of a list whose values are typed. Values of headers that were
/// sent several times stand in lines.
pub(super) fn headers(stated: Option<&Value>) -> Value {
    let mut list = Vec::new();
    let mut add = |name: &str, value: &Value| {
        let text = look::words(value.get("value").unwrap_or(value)).unwrap_or_default();
        list.extend(text.split('\n').map(|line| json!({ "name": name, "value": line })));
    };
    match stated {
        Some(Value::Object(map)) => map.iter().for_each(|(name, value)| add(name, value)),
        Some(Value::Array(items)) => items.iter().for_each(|item| {
            add(
                item.get("name").and_then(Value::as_str).unwrap_or_default(),
                item.get("value").unwrap_or(&Value::Null),
            );
        }),
        _ => {}
    }
    list.into()
}

/// Milliseconds since 1970 as HAR writes them.
pub(super) fn date(ms: f64) -> Option<Value> {
    // Within 10,000 years, so that the cast holds.
    let ms = Some(ms.round()).filter(|ms| ms.abs() < 2.5e14)?;
    Timestamp::from_millisecond(ms as i64).ok().map(|stamp| format!("{stamp:.3}").into())
}

/// Sets a member unless there is nothing to set.
pub(super) fn set(map: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    if let Some(value) = value.filter(|value| !value.is_null()) {
        map.insert(key.into(), value);
    }
}

/// A time span in ms as a JSON number, to the microsecond.
pub(super) fn ms(span: f64) -> Option<Value> {
    (span.is_finite() && span >= 0.0).then(|| ((span * 1e3).round() / 1e3).into())
}

/// What was sent.
pub(super) fn post_data(text: Option<&Value>, headers: &Value) -> Option<Value> {
    let text = text?.as_str()?;
    let mime = look::string(&named(headers, "content-type"), &["value"]).unwrap_or_default();
    Some(json!({ "mimeType": mime, "text": text }))
}

fn named(headers: &Value, name: &str) -> Value {
    let is = |header: &&Value| look::text(header, &["name"]).is_some_and(|own| own.eq_ignore_ascii_case(name));
    headers.as_array().and_then(|list| list.iter().find(is)).cloned().unwrap_or_default()
}
