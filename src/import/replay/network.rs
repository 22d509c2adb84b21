//! Requests as the network recorders of rrweb and `PostHog` tell them: entries of the browser's performance timeline,
//! with headers and bodies where a script asked.
//!
//! Their times count from when the page began, which few tell. A request is reported just after it ended, so the
//! page began no later than any report's time less that request's end; the least of these is taken.

use serde_json::{Map, Value};

use crate::event::{EventTime, Row};
use crate::import::{dates, json as look, requests};

/// Requests of one page that are held until the page's beginning is known well.
const HELD: usize = 2_000;
const BYTES: usize = 8 * 1024 * 1024;
/// Names of the members that an older recorder of `PostHog` writes as numbers.
const NUMBERED: [(&str, &str); 8] = [
    ("0", "entryType"),
    ("1", "timeOrigin"),
    ("2", "name"),
    ("3", "startTime"),
    ("15", "responseEnd"),
    ("18", "initiatorType"),
    ("21", "responseStatus"),
    ("22", "transferSize"),
];

/// The requests of one page.
#[derive(Debug, Default)]
pub(super) struct Requests {
    origin: Option<f64>,
    held: Vec<(f64, Map<String, Value>)>,
    bytes: usize,
}

impl Requests {
    pub(super) fn add(&mut self, reported: f64, request: Value) {
        let Value::Object(mut request) = request else { return };
        for (number, name) in NUMBERED {
            if let Some(value) = request.shift_remove(number) {
                request.entry(name).or_insert(value);
            }
        }
        if !is_request(&request) {
            return;
        }
        if let Some(origin) = end(&request).map(|end| reported - end) {
            self.origin = Some(self.origin.map_or(origin, |known| known.min(origin)));
        }
        // The opening of the page is told twice, the second time with all that is known.
        let again = self.held.iter_mut().find(|(_, held)| is_same_navigation(held, &request));
        match again {
            Some((_, held)) => *held = request,
            None => {
                self.bytes += 1000 + request.values().filter_map(Value::as_str).map(str::len).sum::<usize>();
                self.held.push((reported, request));
            }
        }
    }

    pub(super) const fn is_full(&self) -> bool {
        self.held.len() >= HELD || self.bytes > BYTES
    }

    /// The requests held, with their times.
    pub(super) fn take(&mut self) -> Vec<(EventTime, Value)> {
        self.bytes = 0;
        let origin = self.origin;
        let held = std::mem::take(&mut self.held);
        held.into_iter().map(|(reported, request)| (time(reported, origin, &request), request.into())).collect()
    }
}

fn number(request: &Map<String, Value>, key: &str) -> Option<f64> {
    request.get(key).and_then(look::as_number)
}

fn end(request: &Map<String, Value>) -> Option<f64> {
    number(request, "endTime").or_else(|| number(request, "responseEnd")).filter(|end| *end > 0.0)
}

/// When a request began: as told, or from the page's beginning.
fn time(reported: f64, origin: Option<f64>, request: &Map<String, Value>) -> EventTime {
    let start = number(request, "startTime");
    let told = number(request, "timestamp").filter(|ms| dates::at(Some(*ms)) != EventTime::Unknown);
    let own = number(request, "timeOrigin").filter(|ms| dates::at(Some(*ms)) != EventTime::Unknown);
    let placed = own.or(origin).zip(start).map(|(origin, start)| origin + start);
    dates::at(told.or(placed).or(Some(reported)))
}

fn is_request(request: &Map<String, Value>) -> bool {
    let text = |key: &str| request.get(key).and_then(Value::as_str);
    let kind = text("entryType").unwrap_or("resource");
    (text("name").is_some() || text("url").is_some()) && matches!(kind, "resource" | "navigation")
}

fn is_same_navigation(a: &Map<String, Value>, b: &Map<String, Value>) -> bool {
    let navigation = |request: &Map<String, Value>| request.get("entryType").is_some_and(|kind| *kind == "navigation");
    navigation(a) && navigation(b) && a.get("name") == b.get("name") && a.get("startTime") == b.get("startTime")
}

/// The requests in a report, and whether it tells those of the page's beginning.
pub(super) fn listed(mut payload: Value) -> (bool, Vec<Value>) {
    let initial = payload.get("isInitial").is_some_and(|flag| *flag == true);
    match payload.get_mut("requests").map(Value::take) {
        Some(Value::Array(list)) => (initial, list),
        _ => (false, vec![payload]),
    }
}

/// The row of a request. Of what the page did not ask for itself the browser may hide the status, which is then no
/// failure.
pub(super) fn row(mut record: Value) -> (Row, Value) {
    let text = |key: &str| record.get(key).and_then(Value::as_str).unwrap_or_default();
    let asked = matches!(text("initiatorType"), "fetch" | "xmlhttprequest") || record.get("method").is_some();
    let kind = match (text("entryType"), text("initiatorType")) {
        ("navigation", _) => Some("document"),
        (_, "img" | "image") => Some("image"),
        (_, own @ ("fetch" | "xmlhttprequest" | "script")) => Some(own),
        (_, "audio" | "video") => Some("media"),
        // What a link or a style sheet asked for may be anything; its name or type tells.
        _ => None,
    }
    .map(str::to_owned);
    if let Value::Object(record) = &mut record {
        if let Some(by) = record.shift_remove("initiatorType") {
            record.insert("_initiatorType".into(), by);
        }
        if let Some(kind) = kind {
            record.insert("resourceType".into(), kind.into());
        }
        record.shift_remove("isInitial");
        // Beacons are always sent that way, and recorders do not say so.
        if record.get("_initiatorType").is_some_and(|by| by == "beacon") && !record.contains_key("method") {
            record.insert("method".into(), "POST".into());
        }
    }
    let (mut row, entry) = requests::make(record);
    if let Row::Network(row) = &mut row
        && row.status == 0
        && row.error.is_none()
        && !asked
    {
        row.canceled = true;
    }
    (row, entry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_page_began_before_its_earliest_report() {
        let start = 1_795_238_305_000.0;
        let mut page = Requests::default();
        page.add(start + 300.0, json!({"name": "http://a/", "entryType": "navigation", "startTime": 0, "endTime": 64}));
        page.add(
            start + 310.0,
            json!({"name": "http://a/", "entryType": "navigation", "startTime": 0, "endTime": 65, "duration": 9}),
        );
        page.add(start + 1345.0, json!({"name": "http://a/b", "startTime": 1342, "endTime": 1345}));
        page.add(start + 5.0, json!({"name": "paint", "entryType": "paint", "startTime": 3}));
        page.add(start + 9.0, json!({"name": "http://a/c", "timestamp": start + 7.0, "startTime": 3}));
        page.add(start + 9.0, json!({"0": "resource", "1": start + 2.0, "2": "http://a/d", "3": 4.5, "21": 204}));
        let taken = page.take();
        let times: Vec<_> = taken.iter().map(|(time, _)| *time).collect();
        let expected = [0.0, 1342.0, 7.0, 6.5].map(|ms| EventTime::Wall(start + ms));
        assert_eq!(times, expected);
        assert_eq!(taken[0].1["duration"], 9);
        let Row::Network(last) = row(taken[3].1.clone()).0 else { panic!() };
        assert_eq!((last.url.as_str(), last.status), ("http://a/d", 204));
    }
}
