//! Lines of server logs, as JSON loggers write them.

use serde_json::Value;

use super::intake::{Intake, Unread};
use super::source::Source;
use super::{har, json, logfmt, ndjson};
use crate::event::{BackendRow, Ids, Level, Row};

const LEVELS: [&str; 11] = [
    "level",
    "severity",
    "lvl",
    "log.level",
    "levelname",
    "loglevel",
    "logLevel",
    "severityText",
    "severity_text",
    "@l",
    "PRIORITY",
];
const TEXTS: [&str; 12] = [
    "message",
    "msg",
    "text",
    "event",
    "body",
    "log",
    "textPayload",
    "jsonPayload.message",
    "short_message",
    "@m",
    "@mt",
    "MESSAGE",
];
const SERVICES: [&str; 11] = [
    "service",
    "service.name",
    "serviceName",
    "service_name",
    "logger",
    "logger.name",
    "log.logger",
    "name",
    "app",
    "SYSLOG_IDENTIFIER",
    "_SYSTEMD_UNIT",
];
const TRACES: [&str; 10] = [
    "traceId",
    "trace_id",
    "trace.id",
    "traceID",
    "traceid",
    "dd.trace_id",
    "otelTraceID",
    "traceparent",
    "logging.googleapis.com/trace",
    "@tr",
];
const REQUESTS: [&str; 12] = [
    "requestId",
    "request_id",
    "request.id",
    "requestID",
    "reqId",
    "req_id",
    "req.id",
    "x-request-id",
    "http.request.id",
    "correlationId",
    "correlation_id",
    "correlation-id",
];

pub(super) fn sniff(source: &Source) -> bool {
    ndjson::kind(source) == Some(ndjson::Kind::Backend)
}

pub(super) fn read(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    if ndjson::is_text(source) {
        return logfmt::read(source, intake);
    }
    ndjson::read(source, "backend", "backend", |record| (row_of(&record), record), intake)
}

/// Members that one logger or collector alone writes: zap, Serilog, Google Cloud, journald.
const LOGGERS: [&str; 7] = ["caller", "@mt", "@m", "jsonPayload", "textPayload", "__REALTIME_TIMESTAMP", "MESSAGE"];

/// Whether a record names what only servers know.
pub(super) fn has_service(record: &Value) -> bool {
    let keys = [
        "service",
        "service.name",
        "serviceName",
        "service_name",
        "logger",
        "log.logger",
        "hostname",
        "host.name",
        "pid",
    ];
    let mut all = keys.iter().chain(&LOGGERS).chain(&TRACES).chain(&REQUESTS);
    all.any(|key| json::get(record, key).is_some()) || shouts(record) || in_container(record)
}

/// Levels in capitals beside a `msg` are what loggers of servers write, and no page.
fn shouts(record: &Value) -> bool {
    let level = record.get("level").and_then(Value::as_str).unwrap_or_default();
    record.get("msg").is_some() && !level.is_empty() && level.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// What containers print, as their runtime keeps it.
fn in_container(record: &Value) -> bool {
    record.get("log").is_some_and(Value::is_string) && record.get("stream").is_some_and(Value::is_string)
}

/// Whether a record says something, and how it is meant.
pub(super) fn is_log(record: &Value) -> bool {
    let said = TEXTS.iter().chain(&["args"]).any(|key| json::get(record, key).is_some());
    let how = LEVELS.iter().chain(&["type", "method"]).any(|key| json::get(record, key).is_some());
    said && how && !super::actions::is_action(record)
}

/// Whether a record can only be a line of a server's log.
pub(super) fn is_line(record: &Value) -> bool {
    let page = ["args", "stackTrace", "location"].iter().any(|key| record.get(key).is_some());
    let said = TEXTS.iter().chain(&LEVELS).any(|key| json::get(record, key).is_some());
    let known = has_service(record) || (is_log(record) && json::get(record, "@timestamp").is_some());
    said && known && !page && !super::actions::is_action(record)
}

/// The row of a record.
pub(super) fn row_of(record: &Value) -> Row {
    let level = LEVELS.iter().find_map(|key| level_of(json::get(record, key)?));
    let numbered = || json::number(record, &["severityNumber", "severity_number"]).map(otel_level);
    Row::Backend(BackendRow {
        level: level.or_else(numbered).unwrap_or(Level::Info),
        service: json::string(record, &SERVICES),
        text: text(record),
        cut: false,
        ids: ids(record),
    })
}

fn text(record: &Value) -> String {
    let stated = TEXTS.iter().find_map(|key| json::get(record, key).filter(|value| *value != ""));
    match stated {
        Some(Value::Object(_)) => json::string(record, &["body.stringValue", "message.text", "error.message"])
            .unwrap_or_else(|| stated.map(Value::to_string).unwrap_or_default()),
        Some(value) => json::words(value).map_or_else(|| value.to_string(), std::borrow::Cow::into_owned),
        None => json::string(record, &["error.message", "err.message", "error", "err"])
            .unwrap_or_else(|| record.to_string()),
    }
}

/// A level by name or by number: those of pino and bunyan (10 to 60), or of syslog (0 to 7).
pub(super) fn level_of(value: &Value) -> Option<Level> {
    if let Value::String(name) = value
        && let Some(level) = Level::from_name(name.trim())
    {
        return Some(level);
    }
    Some(match json::as_number(value)? {
        0.0..4.0 => Level::Error,
        4.0..5.0 => Level::Warn,
        5.0..7.0 => Level::Info,
        7.0..8.0 => Level::Debug,
        10.0..30.0 => Level::Debug,
        30.0..40.0 => Level::Info,
        40.0..50.0 => Level::Warn,
        50.0..100.0 => Level::Error,
        _ => return None,
    })
}

/// Severity numbers of OpenTelemetry run from 1 to 24.
fn otel_level(number: f64) -> Level {
    match number {
        17.0.. => Level::Error,
        13.0.. => Level::Warn,
        9.0.. => Level::Info,
        _ => Level::Debug,
    }
}

/// The ids of a record that other streams may share.
pub(super) fn ids(record: &Value) -> Ids {
    let trace = json::text(record, &TRACES);
    // Google Cloud writes the whole name of a trace.
    let trace = trace.or_else(|| json::text(record, &["trace"]).filter(|trace| trace.contains("/traces/")));
    let trace = trace
        .map(|trace| trace.rsplit('/').next().unwrap_or_default().to_owned())
        .map(|trace| har::trace_id("traceparent", &trace).unwrap_or_else(|| har::tidy(&trace)));
    Ids { trace, request: json::string(record, &REQUESTS) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn backend(record: &Value) -> BackendRow {
        match row_of(record) {
            Row::Backend(row) => row,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pino_bunyan_ecs_and_otel() {
        let pino = backend(&json!({"level": 50, "time": 1, "pid": 7, "hostname": "h", "reqId": "r-1", "msg": "boom"}));
        assert_eq!((pino.level, pino.text.as_str(), pino.ids.request.as_deref()), (Level::Error, "boom", Some("r-1")));
        let ecs = backend(&json!({"@timestamp": "x", "log": {"level": "WARN", "logger": "a.B"}, "message": "m",
            "service": {"name": "shop"}, "trace": {"id": "4BF92F3577B34DA6A3CE929D0E0E4736"}}));
        assert_eq!((ecs.level, ecs.service.as_deref()), (Level::Warn, Some("shop")));
        assert_eq!(ecs.ids.trace.as_deref(), Some("4bf92f3577b34da6a3ce929d0e0e4736"));
        let otel = backend(&json!({"severityNumber": 17, "body": {"stringValue": "said"}, "traceId": "ab"}));
        assert_eq!((otel.level, otel.text.as_str()), (Level::Error, "said"));
        let syslog = backend(
            &json!({"level": 4, "event": "slow", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}),
        );
        assert_eq!(
            (syslog.level, syslog.ids.trace.as_deref()),
            (Level::Warn, Some("4bf92f3577b34da6a3ce929d0e0e4736"))
        );
        assert_eq!(backend(&json!({"service": "x", "a": 1})).text, r#"{"service":"x","a":1}"#);
    }
}
