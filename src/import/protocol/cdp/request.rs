//! A request, put together from the events that tell of it.

use serde_json::{Map, Value, json};

use super::super::Log;
use super::super::entry::{date, headers, ms, post_data, set};
use super::Clock;
use crate::error::Error;
use crate::event::EventTime;
use crate::import::{dates, json as look};
use crate::limits::NOTES;

/// Messages of one connection that are kept, and their bytes.
const MESSAGES: usize = 2_000;
const MESSAGE_BYTES: usize = 1024 * 1024;

/// A request may be sent this much, in seconds, before its event says that it will be.
const EARLIER: f64 = 0.05;

#[derive(Debug, Default)]
pub(super) struct Request {
    /// The protocol's seconds at the start.
    start: Option<f64>,
    /// When it started, where that is known by something else than its seconds.
    time: Option<EventTime>,
    /// The protocol's seconds at the end.
    end: Option<f64>,
    entry: Map<String, Value>,
    request: Option<Map<String, Value>>,
    response: Map<String, Value>,
    /// The network's own account, which may come before the request's, or tell of the next after a redirect.
    early: Vec<Value>,
    has_extra: bool,
    timing: Option<Value>,
    received: f64,
    messages: Vec<Value>,
    message_bytes: usize,
    dropped: u64,
}

impl Request {
    pub(super) fn asked(&mut self, mut params: Value, clock: Clock) {
        self.start = look::number(&params, &["timestamp"]);
        let mut own = Map::new();
        let stated = params.get("request").cloned().unwrap_or_default();
        set(&mut own, "method", look::string(&stated, &["method"]).map(Into::into));
        let url = look::string(&stated, &["url"]).unwrap_or_default();
        let fragment = look::string(&stated, &["urlFragment"]).unwrap_or_default();
        own.insert("url".into(), (url + &fragment).into());
        let list = headers(stated.get("headers"));
        set(&mut own, "postData", post_data(stated.get("postData"), &list));
        own.insert("headers".into(), list);
        self.request = Some(own);
        let started = self.start.and_then(|start| date(clock.wall(start)?));
        set(&mut self.entry, "startedDateTime", started);
        let kind = look::string(&params, &["type"]).map(|kind| kind.to_lowercase().into());
        set(&mut self.entry, "_resourceType", kind);
        for (key, name) in [("requestId", "_requestId"), ("initiator", "_initiator"), ("documentURL", "_documentURL")] {
            set(&mut self.entry, name, params.get_mut(key).map(Value::take));
        }
        if let Some(extra) = (!self.early.is_empty()).then(|| self.early.remove(0)) {
            self.asked_extra(extra);
        }
    }

    /// The headers as they went over the wire.
    pub(super) fn asked_extra(&mut self, params: Value) {
        match &mut self.request {
            Some(request) if !self.has_extra => {
                self.has_extra = true;
                request.insert("headers".into(), headers(params.get("headers")));
            }
            _ if self.early.len() < 8 => self.early.push(params),
            _ => {}
        }
    }

    pub(super) fn answered_extra(&mut self, params: &Value) {
        self.response.insert("headers".into(), headers(params.get("headers")));
        // What a page may not see of an answer has this status alone.
        set(&mut self.response, "status", params.get("statusCode").cloned());
    }

    pub(super) fn socket(&mut self, mut params: Value, time: EventTime) {
        self.time = Some(time);
        let url = params.get_mut("url").map(Value::take).unwrap_or_default();
        self.request =
            Some(Map::from_iter([("method".into(), "GET".into()), ("url".into(), url), ("headers".into(), json!([]))]));
        self.entry.insert("_resourceType".into(), "websocket".into());
        set(&mut self.entry, "_initiator", params.get_mut("initiator").map(Value::take));
        if let EventTime::Wall(ms) = time {
            set(&mut self.entry, "startedDateTime", date(ms));
        }
    }

    pub(super) fn event(&mut self, event: &str, params: Value, clock: Clock) {
        let seconds = look::number(&params, &["timestamp"]);
        match event {
            "responseReceived" => self.answered(params.get("response").unwrap_or(&Value::Null)),
            "webSocketWillSendHandshakeRequest" => {
                self.start = seconds;
                if let Some(request) = &mut self.request {
                    request.insert("headers".into(), headers(params.pointer("/request/headers")));
                }
            }
            "webSocketHandshakeResponseReceived" => {
                let response = params.get("response").unwrap_or(&Value::Null);
                self.answered(response);
            }
            "requestServedFromCache" => drop(self.entry.insert("_fromCache".into(), true.into())),
            "dataReceived" => self.received += look::number(&params, &["dataLength"]).unwrap_or(0.0).max(0.0),
            "loadingFinished" => {
                self.end = seconds;
                set(&mut self.response, "_transferSize", params.get("encodedDataLength").cloned());
            }
            "loadingFailed" => {
                self.end = seconds;
                set(&mut self.response, "_error", params.get("errorText").cloned());
                set(&mut self.entry, "_blockedReason", params.get("blockedReason").cloned());
                if params.get("canceled").is_some_and(|flag| *flag == true) {
                    self.entry.insert("_canceled".into(), true.into());
                }
            }
            "webSocketClosed" => self.end = seconds,
            "webSocketFrameSent" => self.message("send", &params, clock),
            "webSocketFrameReceived" | "eventSourceMessageReceived" => self.message("receive", &params, clock),
            "webSocketFrameError" => set(&mut self.response, "_error", params.get("errorMessage").cloned()),
            _ => {}
        }
    }

    fn answered(&mut self, stated: &Value) {
        let response = &mut self.response;
        // Those of the network's own account hold more.
        response.entry("headers").or_insert_with(|| headers(stated.get("headers")));
        response.entry("status").or_insert_with(|| stated.get("status").cloned().unwrap_or_default());
        for (key, name) in [("statusText", "statusText"), ("protocol", "httpVersion")] {
            set(response, name, stated.get(key).cloned());
        }
        let mime = look::string(stated, &["mimeType"]).unwrap_or_default();
        response.insert("content".into(), json!({ "mimeType": mime }));
        set(&mut self.entry, "serverIPAddress", stated.get("remoteIPAddress").cloned());
        for (key, name) in [("fromDiskCache", "_fromDiskCache"), ("fromServiceWorker", "_fetchedViaServiceWorker")] {
            if stated.get(key).is_some_and(|flag| *flag == true) {
                self.entry.insert(name.into(), true.into());
            }
        }
        self.timing = stated.get("timing").cloned();
    }

    fn message(&mut self, kind: &str, params: &Value, clock: Clock) {
        let frame = params.get("response").unwrap_or(params);
        let data = look::string(frame, &["payloadData", "data"]).unwrap_or_default();
        self.message_bytes += data.len();
        if self.messages.len() >= MESSAGES || self.message_bytes > MESSAGE_BYTES {
            self.dropped += 1;
            return;
        }
        let mut message = Map::from_iter([("type".to_owned(), json!(kind)), ("data".to_owned(), data.into())]);
        let seconds = look::number(params, &["timestamp"]);
        // Nothing tells when a connection was made but what came before it.
        if self.time == Some(EventTime::Unknown) && self.start.is_none() {
            self.start = seconds;
        }
        set(&mut message, "time", seconds.and_then(|seconds| clock.wall(seconds)).and_then(ms));
        for key in ["opcode", "eventName", "eventId"] {
            set(&mut message, key, frame.get(key).cloned());
        }
        self.messages.push(message.into());
    }

    /// Ends it with the answer that the next request brings, and gives what is known of that.
    pub(super) fn redirected(&mut self, next: &Value) -> Self {
        self.answered(next.get("redirectResponse").unwrap_or(&Value::Null));
        self.end = look::number(next, &["timestamp"]);
        let url = next.pointer("/request/url").cloned();
        set(&mut self.response, "redirectURL", url);
        Self { early: std::mem::take(&mut self.early), ..Self::default() }
    }

    /// Hands it on, unless nothing but the network's own account was seen of it.
    pub(super) fn push(mut self, clock: Clock, log: &mut Log<'_, '_>) -> Result<(), Error> {
        let Some(request) = self.request.take() else { return Ok(()) };
        let span = self.end.zip(self.start).and_then(|(end, start)| ms((end - start) * 1e3));
        set(&mut self.entry, "time", span);
        let timings = self.timing.take().and_then(|timing| self.timings(&timing));
        set(&mut self.entry, "timings", timings);
        let mut response = self.response;
        // Recorders that leave out the handshake tell of a connection by what went over it.
        let connected = self.time.is_some() && !self.messages.is_empty();
        if self.end.is_none() && !connected && !response.contains_key("status") && !response.contains_key("_error") {
            super::super::unfinished(&mut self.entry, &mut response);
        }
        response.entry("status").or_insert(if connected { 101 } else { 0 }.into());
        if self.received > 0.0
            && let Some(Value::Object(content)) = response.get_mut("content")
        {
            content.insert("size".into(), self.received.into());
        }
        self.entry.insert("request".into(), request.into());
        self.entry.insert("response".into(), response.into());
        if !self.messages.is_empty() {
            let events = self.entry.get("_resourceType").is_some_and(|kind| *kind == "eventsource");
            let name = if events { "_eventSourceMessages" } else { "_webSocketMessages" };
            self.entry.insert(name.into(), self.messages.into());
        }
        if self.dropped > 0 {
            let words = format!("{} messages not included (too many)", self.dropped);
            self.entry.insert(NOTES.into(), json!({ "left_out": { "/_webSocketMessages": words } }));
        }
        let time = self.time.filter(|time| *time != EventTime::Unknown);
        let time = time.unwrap_or_else(|| dates::at(self.start.and_then(|start| clock.wall(start))));
        log.request(time, self.entry.into())
    }

    /// The protocol's points in time as HAR's spans.
    fn timings(&self, timing: &Value) -> Option<Value> {
        let at = |key: &str| look::number(timing, &[key]).filter(|ms| *ms >= 0.0);
        let base = look::number(timing, &["requestTime"])?;
        // What comes out of the cache has the times of the answer that went into it.
        if self.start.is_some_and(|start| base < start - EARLIER) {
            return None;
        }
        let span = |from: &str, to: &str| at(from).zip(at(to)).and_then(|(from, to)| ms(to - from));
        let mut spans = Map::new();
        let first = at("dnsStart").or_else(|| at("connectStart")).or_else(|| at("sendStart"));
        let blocked = self.start.zip(first).and_then(|(start, first)| ms((base - start) * 1e3 + first));
        let end = self.end.zip(at("receiveHeadersEnd"));
        let receive = end.and_then(|(end, headers)| ms((end - base) * 1e3 - headers));
        for (name, value) in [
            ("blocked", blocked),
            ("dns", span("dnsStart", "dnsEnd")),
            ("connect", span("connectStart", "connectEnd")),
            ("ssl", span("sslStart", "sslEnd")),
            ("send", span("sendStart", "sendEnd")),
            ("wait", span("sendEnd", "receiveHeadersEnd")),
            ("receive", receive),
        ] {
            set(&mut spans, name, value);
        }
        Some(spans.into())
    }
}
