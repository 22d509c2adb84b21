//! A network row out of a HAR entry.

use serde_json::Value;

use super::headers::{self, header};
use crate::event::NetworkRow;
use crate::import::json;

/// The row of an entry. Nothing but the entry being an object is taken for granted.
pub(crate) fn of(entry: &Value) -> NetworkRow {
    let request = json::member(entry, "request").unwrap_or(&Value::Null);
    let response = json::member(entry, "response").unwrap_or(&Value::Null);
    let mime = mime(response);
    let status =
        json::number(response, &["status"]).and_then(json::whole).and_then(|status| u16::try_from(status).ok());
    let status = status.unwrap_or(0);
    let error = error(entry, response);
    let given_up = || json::member(entry, "_canceled").is_some_and(|flag| *flag == true);
    NetworkRow {
        method: json::string(request, &["method"]).map_or_else(|| "GET".into(), |method| method.to_uppercase()),
        url: json::string(request, &["url"]).unwrap_or_default(),
        status,
        kind: kind(entry, request, status, mime.as_deref()).into(),
        duration: duration(entry),
        wait: wait(entry),
        phases: phases(entry),
        size: size(response),
        canceled: status < 400 && (error.as_deref().is_some_and(is_canceled) || given_up()),
        from: from(entry, response).map(Into::into),
        ids: headers::ids(request, response),
        mime,
        error,
    }
}

fn mime(response: &Value) -> Option<String> {
    let stated = json::text(response, &["content.mimeType"]).or_else(|| header(response, "content-type"))?;
    let kind = stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    (kind.contains('/')).then_some(kind)
}

fn error(entry: &Value, response: &Value) -> Option<String> {
    let keys = ["_error", "_errorText", "_failureText", "_error.message", "_error.errorText"];
    json::string(response, &keys).or_else(|| json::string(entry, &keys))
}

fn is_canceled(error: &str) -> bool {
    let error = error.to_ascii_lowercase();
    ["net::err_aborted", "canceled", "cancelled", "ns_binding_aborted"].iter().any(|word| error.contains(word))
}

fn from(entry: &Value, response: &Value) -> Option<&'static str> {
    let set = |key: &str| {
        let found = json::get(entry, key).or_else(|| json::get(response, key));
        found.is_some_and(|value| *value != false && *value != "")
    };
    if set("_fetchedViaServiceWorker") || set("_fromServiceWorker") {
        Some("service-worker")
    } else if ["_fromCache", "_fromDiskCache", "fromDiskCache", "_servedFromCache"].iter().any(|key| set(key)) {
        Some("cache")
    } else {
        None
    }
}

/// A timing that applies; -1 means that it does not.
fn timing(entry: &Value, key: &str) -> Option<f64> {
    json::as_number(json::member(json::member(entry, "timings")?, key)?).filter(|ms| *ms >= 0.0)
}

fn sum(entry: &Value, keys: &[&str]) -> Option<f64> {
    let sum = keys.iter().filter_map(|key| timing(entry, key)).reduce(|sum, ms| sum + ms)?;
    // To the microsecond: adding decimal fractions leaves crumbs.
    Some((sum * 1e3).round() / 1e3)
}

fn duration(entry: &Value) -> Option<f64> {
    let total = json::number(entry, &["time"]).filter(|ms| *ms >= 0.0);
    // `ssl` is part of `connect`.
    total.or_else(|| sum(entry, &["blocked", "dns", "connect", "send", "wait", "receive"]))
}

fn wait(entry: &Value) -> Option<f64> {
    timing(entry, "wait")?;
    sum(entry, &["blocked", "dns", "connect", "send", "wait"])
}

/// What came before the wait, in whole milliseconds; a list of zeros is none.
fn phases(entry: &Value) -> Vec<u64> {
    let whole = |key| timing(entry, key).and_then(|ms| json::whole(ms.round())).unwrap_or(0);
    let mut phases: Vec<_> = ["blocked", "dns", "connect", "ssl", "send"].into_iter().map(whole).collect();
    phases.truncate(phases.iter().rposition(|ms| *ms > 0).map_or(0, |last| last + 1));
    phases
}

fn size(response: &Value) -> Option<u64> {
    let count = |keys: &[&str]| json::number(response, keys).and_then(json::whole);
    let body = || count(&["bodySize"]).map(|body| body + count(&["headersSize"]).unwrap_or(0));
    count(&["_transferSize"]).or_else(body).or_else(|| count(&["content.size"]))
}

/// What a request was for, by the first that says so: the browser, the request's own headers, the answer's
/// type, the name's ending.
fn kind(entry: &Value, request: &Value, status: u16, mime: Option<&str>) -> &'static str {
    let url = json::text(request, &["url"]).unwrap_or_default();
    let socket = url.starts_with("ws://") || url.starts_with("wss://");
    let listed = |key| entry.get(key).is_some_and(Value::is_array);
    if socket || status == 101 || listed("_webSocketMessages") {
        return "websocket";
    }
    if listed("_eventSourceMessages") {
        return "eventsource";
    }
    if let Some(kind) = json::text(entry, &["_resourceType"]).and_then(|name| named(&name)) {
        return kind;
    }
    let asynchronous =
        header(request, "x-requested-with").is_some_and(|with| with.eq_ignore_ascii_case("xmlhttprequest"));
    if asynchronous {
        return "xhr";
    }
    if let Some(kind) = header(request, "sec-fetch-dest").and_then(|dest| destination(&dest)) {
        return kind;
    }
    mime.and_then(by_mime).or_else(|| by_ending(&url)).unwrap_or("other")
}

/// Names of developer tools and Playwright.
fn named(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "document" | "subdocument" | "main_frame" | "sub_frame" => "document",
        "fetch" | "preflight" => "fetch",
        "xhr" | "xmlhttprequest" => "xhr",
        "script" => "script",
        "stylesheet" => "stylesheet",
        "image" | "imageset" => "image",
        "font" => "font",
        "media" | "texttrack" => "media",
        "websocket" => "websocket",
        "eventsource" => "eventsource",
        "" | "unknown" => return None,
        _ => "other",
    })
}

/// Values of `Sec-Fetch-Dest`.
fn destination(name: &str) -> Option<&'static str> {
    Some(match name {
        "document" | "iframe" | "frame" => "document",
        "empty" => "fetch",
        "script" | "worker" | "sharedworker" | "serviceworker" | "audioworklet" | "paintworklet" => "script",
        "style" => "stylesheet",
        "image" => "image",
        "font" => "font",
        "audio" | "video" | "track" => "media",
        _ => return None,
    })
}

fn by_mime(mime: &str) -> Option<&'static str> {
    let (class, rest) = mime.split_once('/')?;
    Some(match (class, rest) {
        ("text", "html") | ("application", "xhtml+xml") => "document",
        ("text", "css") => "stylesheet",
        ("text", "event-stream") => "eventsource",
        ("image", _) => "image",
        ("font", _) => "font",
        ("audio" | "video", _) => "media",
        (_, rest) if rest.contains("javascript") || rest.contains("ecmascript") => "script",
        (_, rest) if rest.contains("font") => "font",
        (_, rest) if rest == "json" || rest.ends_with("+json") => "xhr",
        _ => return None,
    })
}

fn by_ending(url: &str) -> Option<&'static str> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let (_, ending) = path.rsplit('/').next()?.rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "html" | "htm" => "document",
        "js" | "mjs" => "script",
        "css" => "stylesheet",
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "svg" | "ico" | "avif" => "image",
        "woff" | "woff2" | "ttf" | "otf" => "font",
        "mp4" | "webm" | "mp3" | "ogg" | "m3u8" | "vtt" => "media",
        "json" => "xhr",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_entry_with_nothing_in_it() {
        let row = of(&json!({"request": {}}));
        assert_eq!((row.method.as_str(), row.url.as_str(), row.status, row.kind.as_str()), ("GET", "", 0, "other"));
        assert_eq!((row.duration, row.wait, row.size), (None, None, None));
    }

    #[test]
    fn times_leave_out_what_does_not_apply() {
        let timings = json!({"blocked": 1, "dns": -1, "connect": 5, "ssl": 3, "send": 0, "wait": 10, "receive": "4"});
        let row = of(&json!({"request": {}, "time": null, "timings": timings}));
        assert_eq!((row.duration, row.wait), (Some(20.0), Some(16.0)));
        assert_eq!(row.phases, [1, 0, 5, 3], "what ends with zeros is cut");
        let row = of(&json!({"request": {}, "time": 7.5, "timings": {"send": -1, "wait": -1, "receive": 2}}));
        assert_eq!((row.duration, row.wait, row.phases.len()), (Some(7.5), None, 0));
        assert_eq!(of(&json!({"request": {}, "time": -1, "timings": {}})).duration, None);
    }

    #[test]
    fn sizes_fall_back() {
        let size = |response: Value| of(&json!({"request": {}, "response": response})).size;
        assert_eq!(size(json!({"_transferSize": 0, "bodySize": 9})), Some(0));
        assert_eq!(size(json!({"_transferSize": -1, "bodySize": 9, "headersSize": 11})), Some(20));
        assert_eq!(size(json!({"bodySize": 9, "headersSize": -1})), Some(9));
        assert_eq!(size(json!({"bodySize": -129, "content": {"size": 5}})), Some(5));
    }

    #[test]
    fn cancelled_requests_are_no_failures() {
        for error in ["net::ERR_ABORTED", "canceled", "NS_BINDING_ABORTED"] {
            let row = of(&json!({"request": {}, "response": {"status": 0, "_error": error}}));
            assert!(row.canceled && !row.failed(), "{error}");
        }
        let row = of(&json!({"request": {}, "response": {"status": -1, "_failureText": "net::ERR_FAILED"}}));
        assert!(row.failed() && row.error.as_deref() == Some("net::ERR_FAILED"));
        assert_eq!(of(&json!({"request": {}, "response": {"status": "200", "_error": null}})).error, None);
    }

    #[test]
    fn kinds_by_every_hint() {
        let kind = |entry: Value| of(&entry).kind;
        assert_eq!(kind(json!({"request": {"url": "http://a/"}, "_resourceType": "preflight"})), "fetch");
        assert_eq!(kind(json!({"request": {"url": "http://a/"}, "_resourceType": "ping"})), "other");
        assert_eq!(kind(json!({"request": {"url": "wss://a/"}})), "websocket");
        let dest = json!([{"name": "Sec-Fetch-Dest", "value": "empty"}]);
        assert_eq!(kind(json!({"request": {"url": "http://a/x.js", "headers": dest}})), "fetch");
        let typed = json!({"content": {"mimeType": "Text/HTML; charset=utf-8"}});
        assert_eq!(kind(json!({"request": {"url": "http://a/"}, "response": typed})), "document");
        assert_eq!(kind(json!({"request": {"url": "http://a/b.WOFF2?x"}})), "font");
    }
}
