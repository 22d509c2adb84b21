//! Headers of a request or response, and the ids in them that other logs share.

use std::borrow::Cow;

use serde_json::Value;

use crate::event::Ids;
use crate::import::json;

/// Headers with a trace id, likeliest first.
const TRACES: [&str; 10] = [
    "traceparent",
    "traceresponse",
    "x-b3-traceid",
    "b3",
    "x-trace-id",
    "x-amzn-trace-id",
    "x-cloud-trace-context",
    "sentry-trace",
    "uber-trace-id",
    "x-datadog-trace-id",
];
/// Headers with a request id, likeliest first.
const REQUESTS: [&str; 11] = [
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "correlation-id",
    "x-amzn-requestid",
    "x-amz-request-id",
    "x-ms-request-id",
    "x-github-request-id",
    "x-vercel-id",
    "fly-request-id",
    "cf-ray",
];

/// A header's value. HAR lists headers; some tools write an object instead.
pub(super) fn header<'v>(message: &'v Value, name: &str) -> Option<Cow<'v, str>> {
    match json::member(message, "headers")? {
        Value::Array(list) => list.iter().find_map(|header| {
            let named = json::member(header, "name").and_then(Value::as_str)?;
            named.eq_ignore_ascii_case(name).then(|| json::words(json::member(header, "value")?)).flatten()
        }),
        Value::Object(map) => {
            map.iter().find_map(|(named, value)| named.eq_ignore_ascii_case(name).then(|| json::words(value)).flatten())
        }
        _ => None,
    }
}

/// The ids a request shares with logs: what the page sent, else what the server answered.
pub(super) fn ids(request: &Value, response: &Value) -> Ids {
    let mut traces = [const { None }; TRACES.len()];
    let mut requests = [const { None }; REQUESTS.len()];
    for message in [request, response] {
        gather(message, &TRACES, &mut traces);
        gather(message, &REQUESTS, &mut requests);
    }
    Ids {
        trace: TRACES.iter().zip(&traces).find_map(|(name, value)| trace_id(name, value.as_deref()?)),
        request: requests.into_iter().flatten().next().map(Cow::into_owned),
    }
}

/// Puts the values of headers by these names in their places, unless something stands there: all in one pass, for
/// most messages have many headers and none of these.
fn gather<'v>(message: &'v Value, names: &[&str], values: &mut [Option<Cow<'v, str>>]) {
    let mut take = |named: &str, value: Option<&'v Value>| {
        let place = names.iter().position(|name| named.eq_ignore_ascii_case(name));
        if let Some(place) = place.filter(|place| values[*place].is_none()) {
            values[place] = value.and_then(json::words);
        }
    };
    match json::member(message, "headers") {
        Some(Value::Array(list)) => {
            for header in list {
                let Some(named) = json::member(header, "name").and_then(Value::as_str) else { continue };
                take(named, json::member(header, "value"));
            }
        }
        Some(Value::Object(map)) => map.iter().for_each(|(named, value)| take(named, Some(value))),
        _ => {}
    }
}

/// The trace id in a header's value.
pub(crate) fn trace_id(header: &str, value: &str) -> Option<String> {
    let value = value.trim();
    let id = match header {
        "traceparent" | "traceresponse" => {
            value.split('-').nth(1).filter(|id| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))?
        }
        "b3" | "sentry-trace" => value.split('-').next().filter(|id| id.len() >= 16)?,
        "x-amzn-trace-id" => value.split(';').find_map(|part| part.trim().strip_prefix("Root="))?,
        "x-cloud-trace-context" => value.split(['/', ';']).next()?,
        "uber-trace-id" => value.split(':').next()?,
        _ => value,
    };
    (!id.is_empty()).then(|| tidy(id))
}

/// Ids in hexadecimal are compared without regard to case.
pub(crate) fn tidy(id: &str) -> String {
    if id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
        id.to_ascii_lowercase()
    } else {
        id.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn trace_ids_of_every_convention() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        for (header, value) in [
            ("traceparent", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"),
            ("b3", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1"),
            ("x-b3-traceid", "4bf92f3577b34da6a3ce929d0e0e4736"),
            ("x-cloud-trace-context", "4bf92f3577b34da6a3ce929d0e0e4736/123;o=1"),
            ("sentry-trace", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1"),
            ("uber-trace-id", "4bf92f3577b34da6a3ce929d0e0e4736:1:0:1"),
        ] {
            assert_eq!(trace_id(header, value).as_deref(), Some(id), "{header}");
        }
        let amazon = trace_id("x-amzn-trace-id", "Self=1-2;Root=1-67891233-abcdef012345678912345678");
        assert_eq!(amazon.as_deref(), Some("1-67891233-abcdef012345678912345678"));
        assert_eq!(trace_id("traceparent", "garbage"), None);
        assert_eq!(trace_id("b3", "0"), None);
    }

    #[test]
    fn headers_are_found_whatever_their_case_and_form() {
        let request = json!({"headers": [{"name": "Accept"}, {"name": "X-Request-ID", "value": "r-1"}]});
        let response = json!({"headers": {"X-Trace-Id": "ABC", "x-request-id": "r-2"}});
        let ids = ids(&request, &response);
        assert_eq!((ids.request.as_deref(), ids.trace.as_deref()), (Some("r-1"), Some("abc")));
    }
}
