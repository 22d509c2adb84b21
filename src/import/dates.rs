//! Every way of writing a time that logs were seen to use.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde_json::Value;

use super::json;
use crate::event::EventTime;

/// A time on a wall clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stamp {
    /// Milliseconds since 1970.
    pub(crate) ms: f64,
    /// Whether the text named no zone, so that UTC was assumed.
    pub(crate) zoneless: bool,
}

/// Names under which logs keep the time, likeliest first.
const KEYS: [&str; 19] = [
    "t",
    "timestamp",
    "ts",
    "time",
    "date",
    "@timestamp",
    "datetime",
    "dateTime",
    "startedDateTime",
    "timeStamp",
    "eventTime",
    "created_at",
    "createdAt",
    "asctime",
    "startTime",
    "start",
    "timing.startTime",
    "@t",
    "__REALTIME_TIMESTAMP",
];
/// A number named `t` below this counts from the recording's zero: eleven days in milliseconds.
const OFFSET_LIMIT: f64 = 1e9;
/// When a recording may have been made, ms since 1970: from 1990 on, through 2200. What lies outside is a default
/// that was never set, such as the year 1, and one such entry would stretch the timeline over centuries.
const PLAUSIBLE: std::ops::Range<f64> = 631_152_000_000.0..7_289_654_400_000.0;

/// When a record happened, by whatever member says so. The flag tells that a zone was missing.
pub(crate) fn of_record(record: &Value) -> (EventTime, bool) {
    for key in KEYS {
        let Some(value) = json::get(record, key) else { continue };
        if key == "t"
            && let Some(ms) = value.as_f64().filter(|ms| ms.abs() < OFFSET_LIMIT)
        {
            return (EventTime::Offset(ms), false);
        }
        if let Some(stamp) = of_value(value) {
            return (EventTime::Wall(stamp.ms), stamp.zoneless);
        }
    }
    (EventTime::Unknown, false)
}

/// A wall time out of milliseconds since 1970, unless it cannot be one.
pub(crate) fn at(ms: Option<f64>) -> EventTime {
    ms.filter(|ms| PLAUSIBLE.contains(ms)).map_or(EventTime::Unknown, EventTime::Wall)
}

/// A time in any form.
pub(crate) fn of_value(value: &Value) -> Option<Stamp> {
    match value {
        Value::Number(number) => of_number(number.as_f64()?),
        Value::String(text) => of_text(text),
        Value::Object(map) => of_value(map.get("$date")?),
        _ => None,
    }
    .filter(|stamp| PLAUSIBLE.contains(&stamp.ms))
}

/// A number of seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by its size.
pub(crate) fn of_number(number: f64) -> Option<Stamp> {
    let ms = match number {
        1e9..1e11 => number * 1e3,
        1e11..1e14 => number,
        1e14..1e17 => number / 1e3,
        1e17..1e20 => number / 1e6,
        _ => return None,
    };
    Some(Stamp { ms, zoneless: false })
}

/// A date written out, or a number in quotes.
pub(crate) fn of_text(text: &str) -> Option<Stamp> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return of_number(number);
    }
    if let Ok(stamp) = text.parse::<Timestamp>() {
        return Some(Stamp { ms: milliseconds(stamp), zoneless: false });
    }
    iso(text).or_else(|| {
        let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
        Some(Stamp { ms: milliseconds(zoned.timestamp()), zoneless: false })
    })
}

fn milliseconds(stamp: Timestamp) -> f64 {
    // Apart, because nanoseconds since 1970 are more than a float holds exactly.
    let whole = stamp.as_second() as f64 * 1e3;
    whole + f64::from(stamp.subsec_nanosecond()) / 1e6
}

/// ISO 8601 with what parsers refuse: more than nine digits of a second, no zone, `UTC` for a zone.
fn iso(text: &str) -> Option<Stamp> {
    let (date, rest) = text.split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?.trim_start();
    let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != ':').unwrap_or(rest.len());
    let (time, rest) = rest.split_at(end);
    let (fraction, zone) = fraction(rest)?;
    let civil: DateTime = format!("{date}T{time}").parse().ok()?;
    let offset = offset(zone.trim())?;
    let start = offset.unwrap_or(Offset::UTC).to_timestamp(civil).ok()?;
    Some(Stamp { ms: milliseconds(start) + fraction * 1e3, zoneless: offset.is_none() })
}

/// The fraction of a second at the start, and what follows it.
fn fraction(text: &str) -> Option<(f64, &str)> {
    let Some(digits) = text.strip_prefix(['.', ',']) else { return Some((0.0, text)) };
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at(end);
    if digits.is_empty() {
        return Some((0.0, rest));
    }
    Some((format!("0.{digits}").parse().ok()?, rest))
}

/// The offset from UTC: `Some(None)` when there is none, `None` when it makes no sense.
fn offset(zone: &str) -> Option<Option<Offset>> {
    if zone.is_empty() {
        return Some(None);
    }
    if matches!(zone, "Z" | "z" | "UTC" | "GMT") {
        return Some(Some(Offset::UTC));
    }
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-" | "\u{2212}", digits) => (-1, digits),
        _ => return None,
    };
    let digits: String = digits.chars().filter(|letter| *letter != ':').collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let minutes = if minutes.is_empty() { 0 } else { minutes.get(..2)?.parse::<i32>().ok()? };
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes * 60;
    Some(Some(Offset::from_seconds(sign * seconds).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_form_of_one_instant() {
        let instant = 1_795_238_460_906.0;
        for text in [
            "2026-11-21T05:21:00.906Z",
            "2026-11-21T05:21:00.906000+00:00",
            "2026-11-21T06:21:00.906000000+01:00",
            "2026-11-21T10:51:00.9060+0530",
            "2026-11-20T22:21:00.906-07",
            "2026-11-21 05:21:00.906Z",
            "2026-11-21 05:21:00,906 +0000",
            "2026-11-21T05:21:00.906000000000000Z",
            "2026-11-21T05:21:00.906 UTC",
            "2026-11-21t05:21:00.906z",
            "1795238460906",
            "1795238460.906",
            "1795238460906000",
        ] {
            let stamp = of_text(text).unwrap_or_else(|| panic!("{text}"));
            assert!((stamp.ms - instant).abs() < 0.01, "{text}: {}", stamp.ms);
            assert!(!stamp.zoneless, "{text}");
        }
        for text in ["2026-11-21T05:21:00.906", "2026-11-21 05:21:00,906"] {
            assert_eq!(of_text(text), Some(Stamp { ms: instant, zoneless: true }), "{text}");
        }
        assert_eq!(of_text("2026-11-21T05:21Z").map(|stamp| stamp.ms), Some(1_795_238_460_000.0));
        assert_eq!(of_text("Sat, 21 Nov 2026 05:21:00 GMT").map(|stamp| stamp.ms), Some(1_795_238_460_000.0));
        assert_eq!(of_text("2012-10-29T21:42:02.7221474+01:00").map(|stamp| stamp.ms), Some(1_351_543_322_722.147_5));
    }

    #[test]
    fn nonsense_is_unknown() {
        for text in [
            "",
            "yesterday",
            "2026-13-40T99:00:00Z",
            "2026-11-21",
            "05:21:00",
            "2026-11-21T05:21:00+banana",
            "ä2026-11-21T",
        ] {
            assert_eq!(of_text(text), None, "{text}");
        }
        assert_eq!(of_number(523.0), None);
        assert_eq!(of_number(f64::NAN), None);
    }

    #[test]
    fn times_before_1990_and_after_2200_are_unknown() {
        for value in [
            json!("0001-01-01T00:00:00Z"),
            json!("1970-01-01T00:00:00.000Z"),
            json!("1989-12-31T23:59:59.999Z"),
            json!("2201-01-01T00:00:00Z"),
            json!("9999-12-31T23:59:59Z"),
            json!(9e10),
            json!(1e11),
            json!("631151999999"),
            json!({"$date": 9e13}),
        ] {
            assert_eq!(of_value(&value), None, "{value}");
        }
        assert!(of_value(&json!("1990-01-01T00:00:00Z")).is_some());
        assert!(of_value(&json!("2200-12-31T23:59:59.999Z")).is_some());
        let record = json!({"t": "0001-01-01T00:00:00Z", "ts": 1_795_238_460});
        assert_eq!(of_record(&record).0, EventTime::Wall(1_795_238_460_000.0));
    }

    #[test]
    fn numbers_named_t_count_from_zero() {
        assert_eq!(of_record(&json!({"t": -12.5})).0, EventTime::Offset(-12.5));
        assert_eq!(of_record(&json!({"t": 1_795_238_460_906_u64})).0, EventTime::Wall(1_795_238_460_906.0));
        assert_eq!(of_record(&json!({"time": 12})).0, EventTime::Unknown);
        assert_eq!(of_record(&json!({"time": 12, "ts": 1_795_238_460})).0, EventTime::Wall(1_795_238_460_000.0));
        assert_eq!(of_record(&json!({"t": {"$date": "2026-11-21T05:21:00Z"}})).0, EventTime::Wall(1_795_238_460_000.0));
    }
}
