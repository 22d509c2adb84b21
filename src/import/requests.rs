//! Requests that are no HAR: flat records of method, URL and status, and HAR entries without the HAR.
//!
//! Each is laid out as a HAR entry, since that is what the details of the network panel show; what is not
//! understood stays beside it under its own name.

use serde_json::{Map, Value, json};

use super::intake::{Intake, Unread};
use super::source::Source;
use super::{har, json as look, ndjson};
use crate::event::Row;

const METHODS: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE"];
const URLS: [&str; 5] = ["url", "requestUrl", "request_url", "uri", "name"];
const STATUSES: [&str; 5] = ["status", "statusCode", "status_code", "responseStatus", "response_status"];
const REQUEST_HEADERS: [&str; 2] = ["requestHeaders", "request_headers"];
const RESPONSE_HEADERS: [&str; 2] = ["responseHeaders", "response_headers"];
const REQUEST_BODIES: [&str; 6] = ["requestBody", "request_body", "requestPayload", "payload", "postData", "body"];
const RESPONSE_BODIES: [&str; 3] = ["responseBody", "response_body", "responsePayload"];
const MIMES: [&str; 4] = ["mimeType", "contentType", "content_type", "responseMimeType"];
const SIZES: [&str; 5] = ["transferSize", "size", "responseSize", "response_size", "encodedBodySize"];
const ERRORS: [&str; 4] = ["error", "errorText", "failureText", "error_text"];
const DURATIONS: [&str; 6] = ["durationMs", "duration", "duration_ms", "responseTime", "elapsed", "time"];
const TYPES: [&str; 5] = ["resourceType", "resource_type", "_resourceType", "initiatorType", "type"];

pub(super) fn sniff(source: &Source) -> bool {
    ndjson::kind(source) == Some(ndjson::Kind::Requests)
}

pub(super) fn read(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    ndjson::read(source, "requests", "network", make, intake)
}

/// Whether a record is an entry of a HAR, or names an HTTP method and a URL.
pub(super) fn is_request(record: &Value) -> bool {
    let verb = look::text(record, &["method", "requestMethod", "request_method"]);
    let flat = verb.is_some_and(|verb| METHODS.contains(&verb.to_uppercase().as_str()));
    is_entry(record) || (flat && look::text(record, &URLS).is_some() && record.get("level").is_none())
}

fn is_entry(record: &Value) -> bool {
    record.pointer("/request/url").is_some_and(Value::is_string)
}

fn make(record: Value) -> (Row, Value) {
    let entry = if is_entry(&record) { record } else { entry_of(record) };
    (Row::Network(har::row_of(&entry)), entry)
}

/// A flat record as a HAR entry.
fn entry_of(record: Value) -> Value {
    let Value::Object(mut flat) = record else { return record };
    let mut request = Map::new();
    let mut response = Map::new();
    request.insert(
        "method".into(),
        take(&mut flat, &["method", "requestMethod", "request_method"]).unwrap_or("GET".into()),
    );
    request.insert("url".into(), take(&mut flat, &URLS).unwrap_or_default());
    request.insert("headers".into(), headers(take(&mut flat, &REQUEST_HEADERS)));
    if let Some((text, mime)) = take(&mut flat, &REQUEST_BODIES).and_then(body) {
        request.insert("postData".into(), json!({ "mimeType": mime, "text": text }));
    }
    response.insert("status".into(), take(&mut flat, &STATUSES).unwrap_or_else(|| 0.into()));
    if let Some(text) = take(&mut flat, &["statusText", "status_text"]) {
        response.insert("statusText".into(), text);
    }
    response.insert("headers".into(), headers(take(&mut flat, &RESPONSE_HEADERS)));
    response.insert("content".into(), content(&mut flat));
    if let Some(size) = take(&mut flat, &SIZES) {
        response.insert("_transferSize".into(), size);
    }
    if let Some(error) = take(&mut flat, &ERRORS) {
        response.insert("_error".into(), error);
    }
    let mut entry = Map::new();
    let duration = duration(&flat);
    if let Some(kind) = take(&mut flat, &TYPES) {
        entry.insert("_resourceType".into(), kind);
    }
    entry.insert("request".into(), request.into());
    entry.insert("response".into(), response.into());
    // What the record itself calls `time` may be a clock time; its own name for it stays.
    if let Some(ms) = duration.filter(|_| !flat.get("time").is_some_and(Value::is_string)) {
        flat.insert("time".into(), ms.into());
    }
    for (key, value) in flat {
        entry.entry(key).or_insert(value);
    }
    entry.into()
}

/// Takes the first member there is out of a record.
fn take(flat: &mut Map<String, Value>, keys: &[&str]) -> Option<Value> {
    let key = keys.iter().find(|key| flat.get(**key).is_some_and(|value| !value.is_null()))?;
    flat.shift_remove(*key)
}

/// Headers as HAR lists them.
fn headers(stated: Option<Value>) -> Value {
    match stated {
        Some(Value::Object(map)) => {
            let pair = |(name, value): (String, Value)| {
                let value = look::words(&value).map_or_else(|| value.to_string(), std::borrow::Cow::into_owned);
                json!({ "name": name, "value": value })
            };
            map.into_iter().map(pair).collect()
        }
        Some(list @ Value::Array(_)) => list,
        _ => json!([]),
    }
}

/// A body as text with its type; one that was parsed is written out again.
fn body(stated: Value) -> Option<(String, &'static str)> {
    match stated {
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => Some((text, "application/json")),
        Value::String(text) => Some((text, "text/plain")),
        Value::Null => None,
        other => Some((other.to_string(), "application/json")),
    }
}

fn content(flat: &mut Map<String, Value>) -> Value {
    let mime = take(flat, &MIMES);
    match take(flat, &RESPONSE_BODIES).and_then(body) {
        Some((text, guess)) => json!({ "mimeType": mime.unwrap_or(guess.into()), "size": text.len(), "text": text }),
        None => json!({ "mimeType": mime.unwrap_or("".into()) }),
    }
}

/// Milliseconds a request took: as stated, or from start to end.
fn duration(flat: &Map<String, Value>) -> Option<f64> {
    let number = |key: &str| flat.get(key).and_then(look::as_number);
    let timing = || flat.get("timing").and_then(|timing| look::number(timing, &["duration", "total", "durationMs"]));
    let span = || Some(number("endTime")? - number("startTime")?);
    // A number as large as a clock time is one.
    let plausible = |ms: &f64| (0.0..1e9).contains(ms);
    DURATIONS.iter().filter_map(|key| number(key)).find(plausible).or_else(|| timing().or_else(span).filter(plausible))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_record_becomes_an_entry() {
        let (row, entry) = make(
            json!({"timestamp": 1, "method": "post", "url": "https://a/b", "statusCode": 502, "duration": 12,
            "requestHeaders": {"X-Request-Id": "r-1"}, "requestBody": {"a": 1}, "responseBody": "oops", "type": "fetch", "own": true}),
        );
        let Row::Network(row) = row else { panic!("{row:?}") };
        assert_eq!(
            (row.method.as_str(), row.status, row.kind.as_str(), row.duration),
            ("POST", 502, "fetch", Some(12.0))
        );
        assert_eq!(row.ids.request.as_deref(), Some("r-1"));
        assert_eq!(entry.pointer("/request/postData/text"), Some(&json!("{\"a\":1}")));
        assert_eq!(entry.pointer("/response/content/text"), Some(&json!("oops")));
        assert_eq!((&entry["own"], &entry["timestamp"]), (&json!(true), &json!(1)));
    }

    #[test]
    fn console_lines_and_steps_are_no_requests() {
        assert!(!is_request(&json!({"method": "log", "url": "https://a/", "text": "x"})));
        assert!(!is_request(&json!({"type": "navigate", "url": "https://a/"})));
        assert!(is_request(&json!({"request": {"url": "https://a/"}})));
    }
}
