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
const VERBS: [&str; 3] = ["method", "requestMethod", "request_method"];
const URLS: [&str; 5] = ["url", "requestUrl", "request_url", "uri", "name"];
const STATUSES: [&str; 5] = ["status", "statusCode", "status_code", "responseStatus", "response_status"];
const STATUS_TEXTS: [&str; 2] = ["statusText", "status_text"];
const REQUEST_HEADERS: [&str; 2] = ["requestHeaders", "request_headers"];
const RESPONSE_HEADERS: [&str; 2] = ["responseHeaders", "response_headers"];
const MIMES: [&str; 4] = ["mimeType", "contentType", "content_type", "responseMimeType"];
const SIZES: [&str; 5] = ["transferSize", "size", "responseSize", "response_size", "encodedBodySize"];
const ERRORS: [&str; 4] = ["error", "errorText", "failureText", "error_text"];
const DURATIONS: [&str; 6] = ["durationMs", "duration", "duration_ms", "responseTime", "elapsed", "time"];
const TYPES: [&str; 5] = ["resourceType", "resource_type", "_resourceType", "initiatorType", "type"];
/// Bodies go by many names, likeliest first; these are compared by their letters and digits alone.
const REQUEST_BODIES: [&str; 8] =
    ["requestbody", "reqbody", "postdata", "requestpayload", "payload", "requestdata", "requesttext", "requestcontent"];
const RESPONSE_BODIES: [&str; 7] =
    ["responsebody", "resbody", "responsepayload", "responsetext", "responsedata", "responsecontent", "responsejson"];
/// A name that tells neither, and the names of a body within a request or response of its own.
const BODY: [&str; 1] = ["body"];
const OWN_BODIES: [&str; 6] = ["body", "text", "data", "payload", "json", "content"];

pub(super) fn sniff(source: &Source) -> bool {
    ndjson::kind(source) == Some(ndjson::Kind::Requests)
}

pub(super) fn read(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    ndjson::read(source, "requests", "network", make, intake)
}

/// Whether a record is an entry of a HAR, or names an HTTP method and a URL.
pub(super) fn is_request(record: &Value) -> bool {
    let verb = look::text(record, &VERBS);
    let flat = verb.is_some_and(|verb| METHODS.contains(&verb.to_uppercase().as_str()));
    is_entry(record) || (flat && look::text(record, &URLS).is_some() && record.get("level").is_none())
}

fn is_entry(record: &Value) -> bool {
    record.pointer("/request/url").is_some_and(Value::is_string)
}

/// A row of a record, and the record laid out as a HAR entry.
pub(super) fn make(record: Value) -> (Row, Value) {
    let entry = if is_entry(&record) && !has_bodies(&record) { record } else { entry_of(record) };
    (Row::Network(har::row_of(&entry)), entry)
}

/// Whether an entry keeps bodies where HAR has none.
fn has_bodies(record: &Value) -> bool {
    let lists = || REQUEST_BODIES.iter().chain(&RESPONSE_BODIES).chain(&BODY);
    record.as_object().is_some_and(|map| map.keys().map(|key| bare(key)).any(|key| lists().any(|name| *name == key)))
}

/// A record as a HAR entry. What it keeps in a request and response of its own comes first.
fn entry_of(record: Value) -> Value {
    let Value::Object(mut flat) = record else { return record };
    let mut request = own(&mut flat, ["request", "req"], &REQUEST_BODIES);
    let mut response = own(&mut flat, ["response", "res"], &RESPONSE_BODIES);
    let method = take(&mut request, &VERBS).or_else(|| take(&mut flat, &VERBS)).unwrap_or("GET".into());
    // A body by no closer name is what was sent, where something can be sent, and else what came back.
    let sends = !matches!(method.as_str().unwrap_or_default().to_uppercase().as_str(), "GET" | "HEAD");
    let sent = take_body(&mut request, &OWN_BODIES).or(take_body(&mut flat, &REQUEST_BODIES));
    let came = take_body(&mut response, &OWN_BODIES).or(take_body(&mut flat, &RESPONSE_BODIES));
    let plain = take_body(&mut flat, &BODY);
    let (sent, came) = match (sent, came) {
        (None, came) if sends || came.is_some() => (plain, came),
        (sent, came) => (sent, came.or(plain)),
    };
    set(&mut request, "method", Some(method));
    let url = take(&mut request, &["url"]).or_else(|| take(&mut flat, &URLS));
    set(&mut request, "url", Some(url.unwrap_or_default()));
    lay_out(&mut request, &mut flat, &REQUEST_HEADERS);
    if !request.get("postData").is_some_and(Value::is_object) {
        let data = sent.and_then(body).map(|(text, mime)| json!({ "mimeType": mime, "text": text }));
        set(&mut request, "postData", data);
    }
    let status = take(&mut response, &STATUSES).or_else(|| take(&mut flat, &STATUSES));
    set(&mut response, "status", Some(status.unwrap_or(0.into())));
    let text = take(&mut response, &STATUS_TEXTS).or_else(|| take(&mut flat, &STATUS_TEXTS));
    set(&mut response, "statusText", text);
    lay_out(&mut response, &mut flat, &RESPONSE_HEADERS);
    let mime = take(&mut response, &MIMES).or_else(|| take(&mut flat, &MIMES));
    if !response.get("content").is_some_and(Value::is_object) {
        set(&mut response, "content", Some(content(mime, came)));
    }
    for (name, keys) in [("_transferSize", &SIZES[..]), ("_error", &ERRORS[..])] {
        if !response.contains_key(name) {
            let stated = take(&mut response, keys).or_else(|| take(&mut flat, keys));
            set(&mut response, name, stated);
        }
    }
    let mut entry = Map::new();
    let duration = duration(&flat);
    set(&mut entry, "_resourceType", take(&mut flat, &TYPES));
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

/// The request or response that a record keeps as an object. One that is kept as text or a list is a body.
fn own(flat: &mut Map<String, Value>, keys: [&str; 2], bodies: &[&str]) -> Map<String, Value> {
    match take(flat, &keys) {
        Some(Value::Object(map)) => map,
        // As web servers log it: `GET /path HTTP/1.1`.
        Some(Value::String(line))
            if METHODS.iter().any(|verb| line.strip_prefix(verb).is_some_and(|rest| rest.starts_with(' '))) =>
        {
            flat.insert("_requestLine".into(), line.into());
            Map::new()
        }
        Some(other) => {
            flat.entry(bodies[0]).or_insert(other);
            Map::new()
        }
        None => Map::new(),
    }
}

/// Sets a member unless there is nothing to set.
fn set(map: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        map.insert(key.into(), value);
    }
}

/// Puts the headers where HAR has them.
fn lay_out(message: &mut Map<String, Value>, flat: &mut Map<String, Value>, keys: &[&str]) {
    let stated = take(message, &["headers"]).or_else(|| take(message, keys)).or_else(|| take(flat, keys));
    message.insert("headers".into(), headers(stated));
}

/// Takes the first member there is out of a record.
fn take(flat: &mut Map<String, Value>, keys: &[&str]) -> Option<Value> {
    let key = keys.iter().find(|key| flat.get(**key).is_some_and(|value| !value.is_null()))?;
    flat.shift_remove(*key)
}

/// Takes a body out of a record by the likeliest of its names, and all others with it: a second copy under another
/// name would pass by whatever is said of bodies later. Objects that HAR has under such a name stay.
fn take_body(map: &mut Map<String, Value>, names: &[&str]) -> Option<Value> {
    let rank = |key: &str| names.iter().position(|name| *name == bare(key));
    let har = |key: &str, value: &Value| matches!(key, "postData" | "content") && value.is_object();
    let mut found: Option<(usize, Value)> = None;
    map.retain(|key, value| {
        let Some(rank) = rank(key).filter(|_| !har(key, value)) else { return true };
        if !value.is_null() && found.as_ref().is_none_or(|(held, _)| rank < *held) {
            found = Some((rank, value.take()));
        }
        false
    });
    found.map(|(_, value)| value)
}

/// A name's letters and digits, in lower case.
fn bare(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
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

fn content(mime: Option<Value>, stated: Option<Value>) -> Value {
    match stated.and_then(body) {
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

    fn network(record: Value) -> (crate::event::NetworkRow, Value) {
        match make(record) {
            (Row::Network(row), entry) => (row, entry),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_response_of_its_own_is_read_first() {
        let (row, entry) = network(json!({"method": "POST", "url": "https://a/b", "status": 0,
            "request": {"headers": {"X-Request-Id": "r-1"}, "body": {"a": 1}, "own": 1},
            "response": {"status": 200, "headers": {"content-type": "text/plain"}, "body": "fine", "own": 2}}));
        assert!((row.status, row.failed()) == (200, false), "{row:?}");
        assert_eq!((row.mime.as_deref(), row.ids.request.as_deref()), (Some("text/plain"), Some("r-1")));
        assert_eq!(entry.pointer("/request/postData/text"), Some(&json!("{\"a\":1}")));
        assert_eq!(entry.pointer("/response/content/text"), Some(&json!("fine")));
        assert_eq!((&entry["request"]["own"], &entry["response"]["own"]), (&json!(1), &json!(2)));
        let har = json!({"status": 201, "content": {"mimeType": "text/css", "text": "a{}"}, "headers": []});
        let (row, entry) = network(json!({"method": "GET", "url": "https://a/", "response": har}));
        assert_eq!((row.status, row.mime.as_deref()), (201, Some("text/css")));
        assert_eq!(entry.pointer("/response/content/text"), Some(&json!("a{}")));
        let line = "GET / HTTP/1.1";
        let (_, entry) =
            network(json!({"method": "GET", "url": "https://a/", "status": 200, "request": line, "response": "words"}));
        assert_eq!((&entry["_requestLine"], entry.pointer("/request/postData")), (&json!(line), None));
        assert_eq!(entry.pointer("/response/content/text"), Some(&json!("words")));
    }

    #[test]
    fn no_second_copy_of_a_body_stays() {
        for (record, sent, came) in [
            (json!({"responseBody": "Secret", "response_body": "Secret", "resBody": "Secret"}), None, Some("Secret")),
            (json!({"requestBody": "Secret", "request_payload": "Secret", "reqBody": "Secret"}), Some("Secret"), None),
            (json!({"requestBody": "Secret", "body": "answer"}), Some("Secret"), Some("answer")),
            (
                json!({"requestBody": "Secret", "responseBody": "answer", "_body": "Secret"}),
                Some("Secret"),
                Some("answer"),
            ),
            (json!({"body": "Secret"}), Some("Secret"), None),
            (json!({"method": "GET", "body": "Secret"}), None, Some("Secret")),
            (
                json!({"response": {"body": "Secret", "text": "Secret", "data": "Secret"}, "responseText": "Secret"}),
                None,
                Some("Secret"),
            ),
            (json!({"request": {"url": "https://a/b", "body": "Secret"}, "payload": "Secret"}), Some("Secret"), None),
        ] {
            let mut whole = json!({"method": "POST", "url": "https://a/b", "status": 200});
            whole.as_object_mut().unwrap().extend(record.as_object().unwrap().clone());
            let (_, entry) = network(whole);
            let text = |pointer: &str| entry.pointer(pointer).and_then(Value::as_str);
            assert_eq!(text("/request/postData/text"), sent, "{entry}");
            assert_eq!(text("/response/content/text"), came, "{entry}");
            assert_eq!(entry.to_string().matches("Secret").count(), 1, "{entry}");
        }
    }

    #[test]
    fn an_entry_of_a_har_stays_as_it_is() {
        let entry = json!({"startedDateTime": "x", "time": 5, "request": {"url": "https://a/", "postData": {"text": "a"}},
            "response": {"status": 200, "content": {"text": "b"}}, "_own": 1});
        assert_eq!(network(entry.clone()).1, entry);
    }

    #[test]
    fn console_lines_and_steps_are_no_requests() {
        assert!(!is_request(&json!({"method": "log", "url": "https://a/", "text": "x"})));
        assert!(!is_request(&json!({"type": "navigate", "url": "https://a/"})));
        assert!(is_request(&json!({"request": {"url": "https://a/"}})));
    }
}
