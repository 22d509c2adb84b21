//! One JSON value out of bytes, with the repairs real logs need, and looks into it that expect nothing.

use std::borrow::Cow;
use std::fmt::Write;

use serde_json::Value;

use super::weight;
pub(super) use crate::json::room::Room;
use crate::walk;

/// Parses a value. What strict JSON refuses but logs contain is mended: escapes of half a surrogate pair,
/// bytes that are no UTF-8, and raw control characters in strings.
///
/// # Errors
/// The parser's reason, without its place; or that the value would take too much memory.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, String> {
    if !weight::fits(bytes) {
        return Err("it is too large".into());
    }
    serde_json::from_slice(bytes).or_else(|first: serde_json::Error| {
        let again = first.to_string();
        if again.contains("recursion limit") {
            return Err("nested too deeply".into());
        }
        serde_json::from_str(&mend(&String::from_utf8_lossy(bytes)))
            .map_err(|_| again.split(" at line ").next().unwrap_or(&again).to_owned())
    })
}

/// Parses a value that must be an object, into the room of others.
///
/// # Errors
/// As [`parse`] and [`parse_object`] give.
pub(super) fn parse_object_into(bytes: &[u8], room: &mut Room) -> Result<Value, String> {
    let read = if weight::fits(bytes) { room.fill(bytes) } else { None };
    match read.filter(Value::is_object) {
        Some(value) => Ok(value),
        None => parse_object(bytes),
    }
}

/// Parses a value that must be an object.
pub(super) fn parse_object(bytes: &[u8]) -> Result<Value, String> {
    let value = parse(bytes)?;
    if value.is_object() { Ok(value) } else { Err("not a JSON object".into()) }
}

fn mend(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut string = false;
    while let Some(letter) = rest.chars().next() {
        let used = match letter {
            '\\' if string => mend_escape(rest, &mut out),
            '\0'..='\x1f' if string => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
                1
            }
            _ => {
                string ^= letter == '"';
                out.push(letter);
                letter.len_utf8()
            }
        };
        rest = &rest[used..];
    }
    out
}

/// Copies the escape at the start of `rest`, or its replacement; says how many bytes of `rest` that took.
fn mend_escape(rest: &str, out: &mut String) -> usize {
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let (copied, used) = match unit(rest) {
        None => {
            let end = rest.ceil_char_boundary(2);
            (&rest[..end], end)
        }
        Some(0xd800..=0xdbff) if matches!(unit(&rest[6..]), Some(0xdc00..=0xdfff)) => (&rest[..12], 12),
        Some(0xd800..=0xdfff) => ("\\ufffd", 6),
        Some(_) => (&rest[..6], 6),
    };
    out.push_str(copied);
    used
}

/// A member by its name.
pub(super) fn member<'v>(record: &'v Value, key: &str) -> Option<&'v Value> {
    walk::member(record.as_object()?, key)
}

/// A member by its name, or, when the name has dots, by the path they spell.
pub(super) fn get<'v>(record: &'v Value, key: &str) -> Option<&'v Value> {
    let spelt = || {
        let dot = key.bytes().position(|byte| byte == b'.')?;
        get(member(record, &key[..dot])?, &key[dot + 1..])
    };
    member(record, key).or_else(spelt).filter(|value| !value.is_null())
}

/// The first of the members that is a text with something in it; numbers and booleans count as their text.
pub(super) fn text<'v>(record: &'v Value, keys: &[&str]) -> Option<Cow<'v, str>> {
    keys.iter().find_map(|key| words(get(record, key)?))
}

/// The same, owned.
pub(super) fn string(record: &Value, keys: &[&str]) -> Option<String> {
    text(record, keys).map(Cow::into_owned)
}

/// A text, number or boolean as text, unless it is empty.
pub(super) fn words(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A finite number, or a text that spells one.
pub(super) fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

/// The first of the members that is a number.
pub(super) fn number(record: &Value, keys: &[&str]) -> Option<f64> {
    keys.iter().find_map(|key| as_number(get(record, key)?))
}

/// A number that cannot be negative, as whole units.
pub(super) fn whole(value: f64) -> Option<u64> {
    (0.0..9e15).contains(&value).then_some(value as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn half_surrogates_and_raw_controls_are_mended() {
        let raw = b"{\"a\":\"x\\ud800y\\udc00\\ud83d\\ude00\\\\ud800\",\"b\":\"\x00\x1b\n\",\"c\":\"\xff\\n\xc3\xa4\\u00e4\"}";
        let expected =
            json!({"a": "x\u{fffd}y\u{fffd}\u{1f600}\\ud800", "b": "\u{0}\u{1b}\n", "c": "\u{fffd}\n\u{e4}\u{e4}"});
        assert_eq!(parse(raw), Ok(expected));
    }

    #[test]
    fn what_cannot_be_mended_is_refused_in_words() {
        assert!(parse(b"{\"a\":}").unwrap_err().starts_with("expected value"));
        assert_eq!(parse("[".repeat(20_000).as_bytes()).unwrap_err(), "nested too deeply");
        assert_eq!(parse_object(b"[1]").unwrap_err(), "not a JSON object");
        assert!(parse(b"{\"a\":\"\\").is_err());
        assert!(parse("{\"a\":\"\\\u{e4}".as_bytes()).is_err());
    }

    #[test]
    fn dotted_names_find_flat_and_nested_members() {
        let record = json!({"trace.id": "flat", "service": {"name": "nested"}, "log": {"level": 30}});
        assert_eq!(text(&record, &["trace.id"]).as_deref(), Some("flat"));
        assert_eq!(text(&record, &["nothing", "service", "service.name"]).as_deref(), Some("nested"));
        assert_eq!(number(&record, &["log.level"]), Some(30.0));
    }
}
