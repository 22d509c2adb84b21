//! Events of the Chrome DevTools Protocol.
//!
//! Messages carry the wall clock. Requests count seconds since some start of their own; that is tied to the wall
//! clock by `requestWillBeSent`, which tells both.

mod request;

use serde_json::{Map, Value, json};

use super::Log;
use super::open::{Open, weight};
use crate::error::Error;
use crate::event::EventTime;
use crate::import::{dates, json as look, printf};
use request::Request;

/// Main frames that are known; a tab has one.
const FRAMES: usize = 1_000;

/// From the protocol's seconds to the wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    /// Seconds to add.
    ahead: Option<f64>,
}

impl Clock {
    /// A clock that knows what the first of these events know.
    pub(super) fn of(events: impl Iterator<Item = impl std::ops::Deref<Target = Value>>) -> Self {
        let mut clock = Self::default();
        for event in events {
            if clock.ahead.is_some() {
                break;
            }
            clock.learn(event.get("params").unwrap_or(&Value::Null));
        }
        clock
    }

    fn learn(&mut self, params: &Value) {
        if let (Some(wall), Some(own)) = (look::number(params, &["wallTime"]), look::number(params, &["timestamp"])) {
            self.ahead = Some(wall - own);
        }
    }

    /// Milliseconds since 1970.
    fn wall(self, seconds: f64) -> Option<f64> {
        Some((seconds + self.ahead?) * 1e3)
    }

    fn at(self, seconds: Option<f64>) -> EventTime {
        dates::at(seconds.and_then(|seconds| self.wall(seconds)))
    }
}

pub(super) struct Reader {
    clock: Clock,
    open: Open<Request>,
    /// The time of the last event that told one: what comes without is not earlier.
    last: EventTime,
    /// Frames that are pages.
    main: Vec<String>,
}

impl Reader {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, open: Open::default(), last: EventTime::Unknown, main: Vec::new() }
    }

    pub(super) fn event(&mut self, (method, params): (String, Value), log: &mut Log<'_, '_>) -> Result<(), Error> {
        match method.as_str() {
            "Runtime.consoleAPICalled" => {
                let time = self.stamped(&params);
                log.console(time, params)
            }
            "Runtime.exceptionThrown" => {
                let time = self.stamped(&params);
                log.console(time, exception(params))
            }
            "Log.entryAdded" | "Console.messageAdded" => {
                let entry = look::get(&params, "entry").or_else(|| look::get(&params, "message"));
                let entry = entry.cloned().unwrap_or_default();
                let time = self.stamped(&entry);
                log.console(time, noted(entry))
            }
            "Page.frameNavigated" | "Page.navigatedWithinDocument" => self.navigated(params, log),
            other => match other.strip_prefix("Network.") {
                Some(event) => self.network(event, params, log),
                None => Ok(()),
            },
        }
    }

    /// The time of a message, which is on the wall clock.
    fn stamped(&mut self, params: &Value) -> EventTime {
        let time = dates::at(look::number(params, &["timestamp"]));
        if time != EventTime::Unknown {
            self.last = time;
        }
        time
    }

    fn navigated(&mut self, params: Value, log: &mut Log<'_, '_>) -> Result<(), Error> {
        let frame = look::get(&params, "frame").unwrap_or(&params);
        let id = look::string(frame, &["id", "frameId"]).unwrap_or_default();
        let known = self.main.contains(&id);
        let is_page = if frame.get("id").is_some() { frame.get("parentId").is_none() } else { known };
        let Some(url) = look::string(frame, &["url"]).filter(|url| is_page && url != "about:blank") else {
            return Ok(());
        };
        if !known && self.main.len() < FRAMES {
            self.main.push(id);
        }
        let fragment = look::string(frame, &["urlFragment"]).unwrap_or_default();
        log.navigation(self.last, url + &fragment, params)
    }

    fn network(&mut self, event: &str, params: Value, log: &mut Log<'_, '_>) -> Result<(), Error> {
        let Some(id) = look::string(&params, &["requestId"]) else { return Ok(()) };
        self.clock.learn(&params);
        let seconds = look::number(&params, &["timestamp"]);
        let time = self.clock.at(seconds);
        if time != EventTime::Unknown {
            self.last = time;
        }
        let bytes = weight(&params);
        match event {
            "requestWillBeSent" => {
                if params.get("redirectResponse").is_some() {
                    self.redirected(&id, &params, log)?;
                }
                self.open.at(&id).asked(params, self.clock);
            }
            "requestWillBeSentExtraInfo" => self.open.at(&id).asked_extra(params),
            "responseReceivedExtraInfo" => self.open.at(&id).answered_extra(&params),
            "webSocketCreated" => self.open.at(&id).socket(params, self.last),
            _ => {
                let Some(request) = self.open.get(&id) else { return Ok(()) };
                request.event(event, params, self.clock);
            }
        }
        self.open.grew(&id, bytes);
        if matches!(event, "loadingFinished" | "loadingFailed" | "webSocketClosed") {
            self.open.end(&id);
        }
        while let Some(request) = self.open.surplus() {
            request.push(self.clock, log)?;
        }
        Ok(())
    }

    /// A redirect ends one request and begins another of the same id.
    fn redirected(&mut self, id: &str, params: &Value, log: &mut Log<'_, '_>) -> Result<(), Error> {
        let Some(mut request) = self.open.take(id) else { return Ok(()) };
        let rest = request.redirected(params);
        request.push(self.clock, log)?;
        *self.open.at(id) = rest;
        Ok(())
    }

    pub(super) fn finish(mut self, log: &mut Log<'_, '_>) -> Result<(), Error> {
        while let Some(request) = self.open.first() {
            request.push(self.clock, log)?;
        }
        Ok(())
    }
}

/// An uncaught error as a console line.
fn exception(params: Value) -> Value {
    let Some(Value::Object(details)) = params.get("exceptionDetails").cloned() else { return params };
    let mut record = Map::from_iter([("type".to_owned(), json!("exception")), ("uncaught".to_owned(), true.into())]);
    let thrown = details.get("exception");
    let said = details.get("text").and_then(Value::as_str).unwrap_or("Uncaught");
    let what = thrown.map(|thrown| match look::string(thrown, &["description"]) {
        // The frames are told apart from the message.
        Some(text) => text.split("\n    at ").next().unwrap_or_default().to_owned(),
        None => printf::render(std::slice::from_ref(thrown)),
    });
    let text = match what {
        Some(what) if !said.contains(&what) => format!("{said} {what}"),
        _ => said.to_owned(),
    };
    record.insert("text".into(), text.into());
    let place = json!({ "url": details.get("url"), "lineNumber": details.get("lineNumber"), "columnNumber": details.get("columnNumber") });
    if details.get("url").is_some_and(Value::is_string) {
        record.insert("location".into(), place);
    }
    if let Some(stack) = details.get("stackTrace") {
        record.insert("stackTrace".into(), stack.clone());
    }
    for (key, value) in details {
        record.entry(key).or_insert(value);
    }
    record.into()
}

/// An entry of the browser's own log as a console line.
fn noted(entry: Value) -> Value {
    let Value::Object(mut record) = entry else { return json!({ "text": "" }) };
    if let Some(url) = record.get("url").and_then(Value::as_str) {
        // The column is not told.
        let line = record.get("lineNumber").or_else(|| record.get("line"));
        let place = json!({ "url": url, "lineNumber": line });
        record.entry("location").or_insert(place);
    }
    record.into()
}
