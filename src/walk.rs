//! The one walker over every string of a recording: limits today, redaction tomorrow.

use serde_json::{Map, Value};

use crate::event::{Event, Ids, NetworkRow, Row, Stream};
use crate::recording::Recording;

/// Where a string stands.
#[derive(Debug)]
#[non_exhaustive]
pub struct Place<'a> {
    /// The stream of the event, or `None` for the recording's metadata.
    pub stream: Option<Stream>,
    /// Keys from the root to the string; array elements are named by their number.
    /// The first key is `row` or `detail` for events.
    pub path: &'a [String],
}

/// Sees, and may change, every string.
pub trait Visitor {
    /// Called once a string value. Numbers too long to be numbers anywhere come as strings.
    fn string(&mut self, place: &Place<'_>, text: &mut String);

    /// Called once a key of an object, at the object's place; gives another key to put in its stead.
    fn key(&mut self, _place: &Place<'_>, _key: &str) -> Option<String> {
        None
    }
}

/// Members of an object among which one is found faster by comparing than by hashing.
const FEW: usize = 16;

/// Whether two short texts are the same, such as keys: most of them by a look at their first bytes and their last.
#[inline]
pub(crate) fn same(one: impl AsRef<[u8]>, other: impl AsRef<[u8]>) -> bool {
    let (one, other) = (one.as_ref(), other.as_ref());
    if one.len() != other.len() {
        return false;
    }
    match one.len() {
        8..=16 => one.first_chunk::<8>() == other.first_chunk() && one.last_chunk::<8>() == other.last_chunk(),
        4..8 => one.first_chunk::<4>() == other.first_chunk() && one.last_chunk::<4>() == other.last_chunk(),
        0..4 => one.iter().eq(other),
        _ => one == other,
    }
}

/// A member of an object by its name.
pub(crate) fn member<'v>(map: &'v Map<String, Value>, key: &str) -> Option<&'v Value> {
    if map.len() > FEW {
        return map.get(key);
    }
    map.iter().find(|(name, _)| same(name, key)).map(|(_, value)| value)
}

/// The same, to be changed.
pub(crate) fn member_mut<'v>(map: &'v mut Map<String, Value>, key: &str) -> Option<&'v mut Value> {
    if map.len() > FEW {
        return map.get_mut(key);
    }
    map.iter_mut().find(|(name, _)| same(name, key)).map(|(_, value)| value)
}

/// Whether no key of a value, and no string in it, is longer than so many bytes, and every number is one that the
/// walk leaves alone.
pub(crate) fn is_within(value: &Value, key: usize, string: usize) -> bool {
    match value {
        Value::String(text) => text.len() <= string,
        Value::Array(items) => items.iter().all(|item| is_within(item, key, string)),
        Value::Object(map) => map.iter().all(|(name, item)| name.len() <= key && is_within(item, key, string)),
        Value::Number(number) => number.as_str().len() <= NUMBER_DIGITS,
        Value::Null | Value::Bool(_) => true,
    }
}

/// Digits of the longest number that programs read back as they wrote it.
const NUMBER_DIGITS: usize = 64;

/// Shows every string of an event to the visitor: those of the row, then those of the detail.
pub fn event(event: &mut Event, visitor: &mut dyn Visitor) {
    row(event, visitor);
    let mut walk = Walk { stream: Some(event.row.stream()), path: vec!["detail".into()], visitor };
    walk.value(&mut event.detail);
}

/// Whether no string of a row is longer than so many bytes, as far as a look tells: requests are the most.
pub(crate) fn is_row_within(row: &Row, bytes: usize) -> bool {
    let Row::Network(NetworkRow { method, url, kind, mime, error, from, ids, .. }) = row else { return false };
    let told = [mime, error, from, &ids.trace, &ids.request];
    [method, url, kind].into_iter().chain(told.into_iter().flatten()).all(|text| text.len() <= bytes)
}

/// Shows every string of an event's row to the visitor.
pub(crate) fn row(event: &mut Event, visitor: &mut dyn Visitor) {
    let mut walk = Walk { stream: Some(event.row.stream()), path: vec!["row".into()], visitor };
    walk.row(&mut event.row);
}

/// Shows every string of a recording apart from its events to the visitor.
pub fn recording(recording: &mut Recording, visitor: &mut dyn Visitor) {
    let mut walk = Walk { stream: None, path: Vec::new(), visitor };
    walk.fields([("title", &mut recording.title), ("note", &mut recording.note)]);
    for medium in &mut recording.media {
        walk.fields([("label", &mut medium.label), ("language", &mut medium.language)]);
    }
    for warning in &mut recording.warnings {
        walk.field("warning", warning);
    }
    walk.path.push("metadata".into());
    walk.map(&mut recording.metadata);
}

struct Walk<'a> {
    stream: Option<Stream>,
    path: Vec<String>,
    visitor: &'a mut dyn Visitor,
}

impl Walk<'_> {
    fn value(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => self.visitor.string(&Place { stream: self.stream, path: &self.path }, text),
            Value::Array(items) => {
                for (number, item) in items.iter_mut().enumerate() {
                    self.within(number.to_string(), |walk| walk.value(item));
                }
            }
            Value::Object(map) => self.map(map),
            Value::Number(number) => {
                let text = number.as_str();
                if text.len() > NUMBER_DIGITS {
                    *value = Value::String(text.into());
                    self.value(value);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn map(&mut self, map: &mut Map<String, Value>) {
        let mut renamed = Vec::new();
        for (key, value) in map.iter_mut() {
            self.within(key.clone(), |walk| walk.value(value));
            let place = Place { stream: self.stream, path: &self.path };
            renamed.push(self.visitor.key(&place, key));
        }
        if renamed.iter().any(Option::is_some) {
            let entries = std::mem::take(map).into_iter().zip(renamed);
            *map = entries.map(|((key, value), other)| (other.unwrap_or(key), value)).collect();
        }
    }

    fn within(&mut self, key: String, then: impl FnOnce(&mut Self)) {
        self.path.push(key);
        then(self);
        self.path.pop();
    }

    fn field(&mut self, key: &str, text: &mut String) {
        self.within(key.into(), |walk| {
            walk.visitor.string(&Place { stream: walk.stream, path: &walk.path }, text);
        });
    }

    fn fields<'f>(&mut self, fields: impl IntoIterator<Item = (&'f str, &'f mut Option<String>)>) {
        for (key, text) in fields {
            if let Some(text) = text {
                self.field(key, text);
            }
        }
    }

    fn row(&mut self, row: &mut Row) {
        match row {
            Row::Console(row) => {
                self.field("text", &mut row.text);
                self.fields([("method", &mut row.method), ("type", &mut row.kind), ("at", &mut row.at)]);
                self.ids(&mut row.ids);
            }
            Row::Network(row) => {
                self.field("method", &mut row.method);
                self.field("url", &mut row.url);
                self.field("kind", &mut row.kind);
                self.fields([("mime", &mut row.mime), ("error", &mut row.error), ("from", &mut row.from)]);
                self.ids(&mut row.ids);
            }
            Row::Action(row) => {
                self.field("kind", &mut row.kind);
                self.fields([
                    ("label", &mut row.label),
                    ("target", &mut row.target),
                    ("value", &mut row.value),
                    ("url", &mut row.url),
                    ("error", &mut row.error),
                ]);
            }
            Row::Backend(row) => {
                self.field("text", &mut row.text);
                self.fields([("service", &mut row.service)]);
                self.ids(&mut row.ids);
            }
        }
    }

    fn ids(&mut self, ids: &mut Ids) {
        self.fields([("trace", &mut ids.trace), ("request", &mut ids.request)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{ConsoleRow, EventTime, Level};
    use serde_json::json;

    /// Notes every place and marks every string.
    #[derive(Default)]
    struct Marker(Vec<String>);

    impl Visitor for Marker {
        fn string(&mut self, place: &Place<'_>, text: &mut String) {
            self.0.push(format!("{}={text}", place.path.join("/")));
            text.insert(0, '!');
        }

        fn key(&mut self, _place: &Place<'_>, key: &str) -> Option<String> {
            (key == "secret").then(|| "removed".into())
        }
    }

    #[test]
    fn texts_are_the_same_or_not() {
        let text = "the same text or another";
        for length in 0..text.len() {
            let (one, copy) = (&text[..length], text[..length].to_owned());
            assert!(same(one, &copy) && !same(one, &text[..=length]));
            for place in 0..length {
                let mut other = one.to_owned();
                other.replace_range(place..=place, "#");
                assert!(!same(one, &other), "{other}");
            }
        }
    }

    #[test]
    fn every_string_and_key_is_seen_and_can_be_changed() {
        let row = ConsoleRow {
            level: Level::Info,
            text: "row text".into(),
            cut: false,
            method: Some("log".into()),
            kind: None,
            uncaught: false,
            at: None,
            repeat: None,
            ids: Ids::default(),
        };
        let detail: Value = serde_json::from_str(&format!(
            r#"{{"a":["x",{{"secret":"y"}}],"n":1,"long":{},"b":true}}"#,
            "9".repeat(100)
        ))
        .unwrap();
        let mut seen = Marker::default();
        let mut event = Event::new(EventTime::Unknown, Row::Console(row), detail);
        super::event(&mut event, &mut seen);
        let nines = "9".repeat(100);
        let expected = [
            "row/text=row text",
            "row/method=log",
            "detail/a/0=x",
            "detail/a/1/secret=y",
            &format!("detail/long={nines}"),
        ];
        assert_eq!(seen.0, expected);
        assert_eq!(
            event.detail,
            json!({"a": ["!x", {"removed": "!y"}], "n": 1, "long": format!("!{nines}"), "b": true})
        );
    }
}
