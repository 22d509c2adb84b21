//! Takes secrets out of a recording before anything of it is written: by structure first, by patterns second.
//!
//! Events are seen twice. When they come, values go that stand where secrets stand or look like secrets; when all
//! have come and are merged, the values that went are looked for once more, for the same password may have been
//! written to the console before it was typed into its field.

mod actions;
mod bodies;
mod captions;
mod config;
mod cookies;
pub(crate) mod detect;
mod headers;
mod json_text;
mod known;
mod names;
mod path;
pub(crate) mod proof;
mod quick;
mod report;
mod shape;
mod tags;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod urls;

use serde_json::Value;

pub use config::{Config, Part};
pub use report::{Report, Spot};

use crate::error::Error;
use crate::event::{Event, EventTime, Ids, NetworkRow, Row};
use crate::json::{self, room::Room};
use crate::recording::{MediaKind, Recording};
use crate::scratch::Scratch;
use crate::sink::{ROOM, Stored};
use config::Pointed;
use headers::Header;
use known::Known;
use names::Names;
use path::Path;
pub(crate) use proof::Originals;
use quick::{Harmless, Remembered};
use report::{At, Tally};
use shape::Sure;
use tags::{Tag, Tags};
use text::{Form, Kind};
use tree::Role;

/// How much is taken out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Level {
    /// Credentials: what lets somebody in, or pay.
    #[default]
    Standard,
    /// Personal data too: all that was typed, e-mail addresses, telephone and account numbers.
    Strict,
    /// Nothing.
    Off,
}

impl Level {
    /// Its name in options and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Strict => "strict",
            Self::Off => "off",
        }
    }
}

/// Takes secrets out, and remembers them until it goes.
#[derive(Debug)]
pub struct Redactor {
    level: Level,
    strict: bool,
    config: Config,
    names: Names,
    /// What members and headers are by their names.
    roles: Remembered<Role>,
    headers: Remembered<Header>,
    harmless: Harmless,
    tags: Tags,
    known: Known,
    originals: Originals,
    tally: Tally,
    /// The event at hand.
    at: At,
    /// Texts within texts at the place at hand.
    depth: u8,
    /// Whether the field that was used last is one for secrets.
    focus: bool,
    /// Findings, kept for their room.
    found: Vec<detect::Finding>,
    /// Where events are read again.
    room: Room,
}

impl Redactor {
    /// One that takes out what the level and the configuration say.
    #[must_use]
    pub fn new(level: Level, config: Config) -> Self {
        Self {
            level,
            strict: level == Level::Strict,
            names: Names::new(&config.names.0, &config.names.1),
            config,
            roles: Remembered::default(),
            headers: Remembered::default(),
            harmless: Harmless::new(),
            tags: Tags::new(),
            known: Known::new(),
            originals: Originals::new(),
            tally: Tally::default(),
            at: At::default(),
            depth: 0,
            focus: false,
            found: Vec::new(),
            room: Room::default(),
        }
    }

    /// Takes secrets out of an event; it has to be whole still, for half a secret is not known as one.
    pub fn event(&mut self, event: &mut Event, number: u64) {
        if self.level == Level::Off {
            return;
        }
        let time = match event.time {
            EventTime::Wall(ms) | EventTime::Offset(ms) => Some(ms),
            EventTime::Unknown => None,
        };
        self.at = At { stream: Some(event.row.stream()), number, time };
        if let Row::Action(row) = &mut event.row {
            self.typed(row, &mut event.detail);
        }
        self.row(&mut event.row);
        self.value(&mut event.detail, &Path::root("detail"));
    }

    fn row(&mut self, row: &mut Row) {
        let root = Path::root("row");
        let mut field = |name: &str, text: &mut String, kind: Kind| self.field(text, kind, &root.key(name));
        match row {
            Row::Console(row) => {
                field("text", &mut row.text, Kind::Any);
                row.at.iter_mut().for_each(|text| field("at", text, Kind::Any));
                row.method.iter_mut().chain(&mut row.kind).for_each(|text| field("type", text, Kind::Any));
                ids(&mut row.ids, &mut field);
            }
            Row::Network(NetworkRow { url, method, mime, error, ids: own, .. }) => {
                field("url", url, Kind::Url);
                field("method", method, Kind::Any);
                // A type ends at a blank. What stood behind it is in lower case here, in which no key is known again.
                mime.iter_mut().for_each(|mime| mime.truncate(mime.find(' ').unwrap_or(mime.len())));
                mime.iter_mut().chain(error).for_each(|text| field("error", text, Kind::Any));
                ids(own, &mut field);
            }
            Row::Action(row) => {
                let texts = [
                    ("label", &mut row.label),
                    ("target", &mut row.target),
                    ("value", &mut row.value),
                    ("error", &mut row.error),
                ];
                texts
                    .into_iter()
                    .for_each(|(name, text)| text.iter_mut().for_each(|text| field(name, text, Kind::Any)));
                row.url.iter_mut().for_each(|text| field("url", text, Kind::Url));
                field("kind", &mut row.kind, Kind::Any);
            }
            Row::Backend(row) => {
                field("text", &mut row.text, Kind::Any);
                row.service.iter_mut().for_each(|text| field("service", text, Kind::Any));
                ids(&mut row.ids, &mut field);
            }
        }
    }

    fn field(&mut self, text: &mut String, kind: Kind, path: &Path<'_>) {
        if self.config.has_pointers() {
            let mut value = Value::String(std::mem::take(text));
            let done = self.pointed(&mut value, path);
            if let Value::String(held) = value {
                *text = held;
            }
            if done {
                return;
            }
        }
        self.text(text, kind, path);
    }

    /// Does what the configuration says of a place; says whether that was all.
    fn pointed(&mut self, value: &mut Value, path: &Path<'_>) -> bool {
        match self.config.pointed(path) {
            Some(Pointed::Remove) => {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                if !value.is_null() && !text.is_empty() {
                    *value = Value::String(self.remove(&text, "pointer", Sure::Half, path).shown(Form::Text));
                }
                true
            }
            Some(Pointed::Keep) => true,
            None => false,
        }
    }

    /// Takes secrets out of what is not an event. All events have to have come before: what they told is known then.
    ///
    /// # Errors
    /// When captions cannot be read, or written without their secrets.
    pub fn recording(&mut self, recording: &mut Recording) -> Result<(), Error> {
        if self.level == Level::Off {
            return Ok(());
        }
        self.at = At::default();
        let scratch = Scratch::default();
        // What is found in one place is looked for in the others, those before it included.
        for _ in 0..2 {
            for (name, text) in [("title", &mut recording.title), ("note", &mut recording.note)] {
                text.iter_mut().for_each(|text| self.twice(text, &Path::root(name)));
            }
            recording.warnings.iter_mut().for_each(|text| self.twice(text, &Path::root("warning")));
            let mut metadata = Value::Object(std::mem::take(&mut recording.metadata));
            self.value(&mut metadata, &Path::root("metadata"));
            self.value_known(&mut metadata, &Path::root("metadata"));
            if let Value::Object(metadata) = metadata {
                recording.metadata = metadata;
            }
            for medium in &mut recording.media {
                let root = Path::root("media");
                let mut name = medium.shown_name();
                name.iter_mut().for_each(|name| self.twice(name, &root.key("name")));
                medium.name = name;
                for (key, text) in [("label", &mut medium.label), ("language", &mut medium.language)] {
                    text.iter_mut().for_each(|text| self.twice(text, &root.key(key)));
                }
                if medium.kind == MediaKind::Captions {
                    self.captions(medium, &scratch)?;
                }
            }
        }
        Ok(())
    }

    fn twice(&mut self, text: &mut String, path: &Path<'_>) {
        self.text(text, Kind::Any, path);
        self.text_known(text, path);
    }

    /// Takes values out of an event as it leaves that were known as secrets only after it had come.
    pub(crate) fn stored(&mut self, stored: &mut Stored, number: u64) {
        if self.known.is_empty() {
            return;
        }
        for (root, json) in [("row", &mut stored.row), ("detail", &mut stored.detail)] {
            if self.known.find(json, 0).is_none() {
                continue;
            }
            self.at = At { stream: Some(stored.stream), number, time: stored.time };
            // Rows are small, and not made as details are.
            let detail = root == "detail";
            let read = if detail { self.room.fill(json) } else { None };
            if let Some(mut value) = read.or_else(|| serde_json::from_slice(json).ok()) {
                self.value_known(&mut value, &Path::root(root));
                json.clear();
                json::append(&value, json);
                if detail && json.len() <= ROOM {
                    self.room.give(value);
                }
            }
        }
    }

    fn value_known(&mut self, value: &mut Value, path: &Path<'_>) {
        match value {
            Value::String(text) => self.text_known(text, path),
            Value::Array(items) => {
                items.iter_mut().enumerate().for_each(|(number, item)| self.value_known(item, &path.item(number)));
            }
            Value::Object(map) => {
                let stands = map.keys().any(|key| self.known.find(key.as_bytes(), 0).is_some());
                map.iter_mut().for_each(|(key, item)| self.value_known(item, &path.key(key)));
                if stands {
                    let entries = std::mem::take(map).into_iter();
                    *map = entries
                        .map(|(mut key, value)| {
                            self.text_known(&mut key, path);
                            (key, value)
                        })
                        .collect();
                }
            }
            Value::Number(number) => {
                let mut text = number.to_string();
                let before = text.len();
                self.text_known(&mut text, path);
                if text.len() != before || text.starts_with('[') {
                    *value = Value::String(text);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn text_known(&mut self, text: &mut String, path: &Path<'_>) {
        if let Some((changed, count)) = self.known.replace(text) {
            *text = changed;
            self.tally.count(self.at, path, "known-value", count);
        }
    }

    /// Puts a value on record as removed; gives what stands in its place.
    fn remove(&mut self, value: &str, rule: &'static str, sure: Sure, path: &Path<'_>) -> Tag {
        self.tally.count(self.at, path, rule, 1);
        self.remember(value, rule, sure)
    }

    fn remember(&mut self, value: &str, rule: &'static str, sure: Sure) -> Tag {
        let tag = self.tags.of(value, rule);
        if shape::is_telling(value, sure) && !self.config.leaves(value) && self.known.add(value, tag) {
            self.originals.add(value, rule);
        }
        tag
    }

    /// What was removed so far.
    #[must_use]
    pub fn report(&self) -> Report {
        let not_looked_for = self.known.left_out;
        Report { not_looked_for, ..self.tally.report(self.level.name()) }
    }

    /// The first places where something was removed.
    #[must_use]
    pub fn spots(&self) -> &[Spot] {
        &self.tally.spots
    }

    /// What the finished share is searched for.
    pub(crate) fn into_originals(self) -> Originals {
        self.originals
    }
}

fn ids(ids: &mut Ids, field: &mut impl FnMut(&str, &mut String, Kind)) {
    ids.trace.iter_mut().chain(&mut ids.request).for_each(|text| field("ids", text, Kind::Any));
}
