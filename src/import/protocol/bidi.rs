//! Events of `WebDriver BiDi`.

use serde_json::{Map, Value, json};

use super::Log;
use super::entry::{date, headers, ms, set};
use super::open::{Open, weight};
use crate::error::Error;
use crate::event::EventTime;
use crate::import::{dates, json as look, printf};

#[derive(Debug, Default)]
pub(super) struct Reader {
    open: Open<Request>,
}

/// A request: each of its events tells all that is known by then.
#[derive(Debug, Default)]
struct Request {
    start: Option<f64>,
    params: Value,
    response: Value,
    end: Option<f64>,
    error: Option<Value>,
}

impl Reader {
    pub(super) fn event(&mut self, (method, params): (String, Value), log: &mut Log<'_, '_>) -> Result<(), Error> {
        match method.as_str() {
            "log.entryAdded" => {
                let time = dates::at(look::number(&params, &["timestamp"]));
                log.console(time, spoken(params))
            }
            "browsingContext.navigationStarted"
            | "browsingContext.fragmentNavigated"
            | "browsingContext.historyUpdated" => navigated(params, log),
            other => match other.strip_prefix("network.") {
                Some(event) => self.network(event, params, log),
                None => Ok(()),
            },
        }
    }

    fn network(&mut self, event: &str, mut params: Value, log: &mut Log<'_, '_>) -> Result<(), Error> {
        let Some(id) = look::string(&params, &["request.request"]) else { return Ok(()) };
        // A redirect goes on under the same id.
        let id = format!("{id} {}", look::text(&params, &["redirectCount"]).unwrap_or_default());
        let stamp = look::number(&params, &["timestamp"]);
        let bytes = weight(&params);
        let request = self.open.at(&id);
        if event == "beforeRequestSent" {
            request.start = stamp;
        }
        if let Some(response) = params.get_mut("response") {
            request.response = response.take();
        }
        if event == "fetchError" {
            request.error = params.get("errorText").cloned();
        }
        request.end = stamp;
        request.params = params;
        self.open.grew(&id, bytes);
        if matches!(event, "responseCompleted" | "fetchError") {
            self.open.end(&id);
        }
        while let Some(request) = self.open.surplus() {
            request.push(log)?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self, log: &mut Log<'_, '_>) -> Result<(), Error> {
        while let Some(request) = self.open.first() {
            request.push(log)?;
        }
        Ok(())
    }
}

/// A message with its arguments written out; the protocol's own text says `Object(3)` of them.
fn spoken(mut params: Value) -> Value {
    let text = params.get("args").and_then(Value::as_array).map(|args| printf::render(args));
    if let (Some(text), Value::Object(record)) = (text.filter(|text| !text.is_empty()), &mut params) {
        record.insert("text".into(), text.into());
    }
    params
}

fn navigated(params: Value, log: &mut Log<'_, '_>) -> Result<(), Error> {
    let time = dates::at(look::number(&params, &["timestamp"]));
    match look::string(&params, &["url"]).filter(|url| url != "about:blank") {
        Some(url) => log.navigation(time, url, params),
        None => Ok(()),
    }
}

impl Request {
    fn push(self, log: &mut Log<'_, '_>) -> Result<(), Error> {
        let Self { start, params, response, end, error } = self;
        let stated = params.get("request").cloned().unwrap_or_default();
        let timings = stated.get("timings").cloned().unwrap_or_default();
        let start = look::number(&timings, &["timeOrigin"])
            .map(|origin| origin + look::number(&timings, &["requestTime"]).unwrap_or(0.0))
            .filter(|origin| dates::at(Some(*origin)) != EventTime::Unknown)
            .or(start)
            .or(end);
        let mut entry = Map::new();
        set(&mut entry, "startedDateTime", start.and_then(date));
        set(&mut entry, "time", span(&timings, "requestTime", "responseEnd"));
        let kind = ["goog:resourceType", "initiatorType", "destination"].iter().find_map(|key| {
            stated.get(*key).and_then(Value::as_str).filter(|kind| !kind.is_empty()).map(|kind| kind.to_lowercase())
        });
        set(&mut entry, "_resourceType", kind.map(Into::into));
        set(
            &mut entry,
            "_initiator",
            look::get(&params, "initiator").or(stated.get("goog:resourceInitiator")).cloned(),
        );
        set(&mut entry, "_requestId", stated.get("request").cloned());
        set(&mut entry, "timings", spans(&timings));
        if response.get("fromCache").is_some_and(|flag| *flag == true) {
            entry.insert("_fromCache".into(), true.into());
        }
        let mut request = Map::new();
        for key in ["method", "url", "headersSize", "bodySize"] {
            set(&mut request, key, stated.get(key).cloned());
        }
        request.insert("headers".into(), headers(stated.get("headers")));
        entry.insert("request".into(), request.into());
        let is_open = response.is_null() && error.is_none();
        let mut answer = answer(&response, error);
        if is_open {
            super::unfinished(&mut entry, &mut answer);
        }
        entry.insert("response".into(), answer.into());
        log.request(dates::at(start), entry.into())
    }
}

fn answer(stated: &Value, error: Option<Value>) -> Map<String, Value> {
    let mut response = Map::new();
    response.insert("status".into(), stated.get("status").cloned().unwrap_or(0.into()));
    for (key, name) in [("statusText", "statusText"), ("protocol", "httpVersion"), ("bytesReceived", "_transferSize")] {
        set(&mut response, name, stated.get(key).cloned());
    }
    response.insert("headers".into(), headers(stated.get("headers")));
    let mime = look::string(stated, &["mimeType"]).unwrap_or_default();
    let mut content = Map::from_iter([("mimeType".to_owned(), json!(mime))]);
    set(&mut content, "size", stated.pointer("/content/size").cloned());
    response.insert("content".into(), content.into());
    set(&mut response, "_error", error);
    response
}

fn span(timings: &Value, from: &str, to: &str) -> Option<Value> {
    let at = |key: &str| look::number(timings, &[key]);
    // What did not happen, as a look-up of a name, is at zero; a start may be.
    let end = at(to).filter(|end| *end > 0.0)?;
    ms(end - at(from)?)
}

fn spans(timings: &Value) -> Option<Value> {
    let mut spans = Map::new();
    for (name, from, to) in [
        ("blocked", "requestTime", "requestStart"),
        ("dns", "dnsStart", "dnsEnd"),
        ("connect", "connectStart", "connectEnd"),
        ("wait", "requestStart", "responseStart"),
        ("receive", "responseStart", "responseEnd"),
    ] {
        set(&mut spans, name, span(timings, from, to));
    }
    if spans.contains_key("dns") || spans.contains_key("connect") {
        // The wait for a connection is theirs then.
        set(&mut spans, "blocked", span(timings, "requestTime", "dnsStart"));
    }
    (!spans.is_empty()).then(|| spans.into())
}
