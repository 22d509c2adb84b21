//! The one walker over every string of a recording: limits today, redaction tomorrow.

use serde_json::{Map, Value};

use crate::event::{Event, Ids, Row, Stream};

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
    /// Called once a string value.
    fn string(&mut self, place: &Place<'_>, text: &mut String);
}

/// Shows every string of an event to the visitor: those of the row, then those of the detail.
pub fn event(event: &mut Event, visitor: &mut dyn Visitor) {
    let mut walk = Walk { stream: Some(event.row.stream()), path: vec!["row".into()], visitor };
    walk.row(&mut event.row);
    walk.path = vec!["detail".into()];
    walk.value(&mut event.detail);
}

/// Shows every string of a metadata tree to the visitor.
pub fn metadata(map: &mut Map<String, Value>, visitor: &mut dyn Visitor) {
    Walk { stream: None, path: Vec::new(), visitor }.map(map);
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
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn map(&mut self, map: &mut Map<String, Value>) {
        for (key, value) in map.iter_mut() {
            self.within(key.clone(), |walk| walk.value(value));
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
