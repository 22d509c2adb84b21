//! JSON as text: values of telling keys go, every other byte stays as it is. What is cut off or broken is read as
//! far as it goes, lines of JSON one after the other.

use std::ops::Range;

use super::Redactor;
use super::detect::Set;
use super::names::Name;
use super::path::Path;
use super::shape::{self, Sure};
use super::text::{Coding, Edit, Form, Kind};
use crate::json::{mark, string_end};

/// Objects and lists within each other whose keys are remembered.
const DEPTH: usize = 256;

/// What is known of the object or list at hand.
#[derive(Clone, Copy, Debug)]
struct Level {
    /// What the key before the value says.
    said: Name,
    /// What a member called `name` said of the one called `value`.
    named: Name,
    list: bool,
    /// Whether the key at hand is `name`, or `value`.
    key: Key,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Name,
    Value,
    Other,
}

impl Level {
    const fn new(said: Name, list: bool) -> Self {
        Self { said, named: Name::Plain, list, key: Key::Other }
    }
}

impl Redactor {
    /// What is secret in a JSON text by its keys.
    pub(super) fn json(&mut self, text: &str, path: &Path<'_>, edits: &mut Vec<Edit>) {
        let bytes = text.as_bytes();
        let mut levels = vec![Level::new(Name::Plain, false)];
        let mut place = 0;
        while place < bytes.len() {
            let level = levels.last_mut();
            match bytes[place] {
                b'"' => {
                    let first = mark(&bytes[place + 1..]).map_or(bytes.len(), |length| place + 1 + length);
                    let escaped = bytes.get(first) == Some(&b'\\');
                    let end = if escaped { string_end(bytes, first) } else { first };
                    let inner = place + 1..end;
                    place = (end + 1).min(bytes.len());
                    let Some(level) = level else { return };
                    if is_key(bytes, place) && !level.list {
                        self.key(&text[inner], level);
                    } else {
                        let level = *level;
                        let named = self.string(text, (inner, escaped), level, path, edits);
                        if let Some(level) = levels.last_mut() {
                            level.note(named);
                        }
                    }
                }
                open @ (b'{' | b'[') => {
                    place += 1;
                    // What a key says of a list holds for what is in it, and of an object only where nothing else can be meant.
                    let said = level.map_or(Name::Plain, |level| level.said);
                    let said =
                        if open == b'[' || matches!(said, Name::Secret("password")) { said } else { Name::Plain };
                    if levels.len() < DEPTH {
                        levels.push(Level::new(said, open == b'['));
                    }
                }
                b'}' | b']' => {
                    place += 1;
                    if levels.len() > 1 {
                        levels.pop();
                    }
                    levels.last_mut().map(Level::next);
                }
                b',' | b'\n' => {
                    place += 1;
                    level.map(Level::next);
                }
                b'-' | b'0'..=b'9' => {
                    let end = const { &Set::of("0-9+.eE-") }.end(bytes, place, usize::MAX);
                    let said = level.map_or(Name::Plain, |level| level.of_value());
                    self.number(&text[place..end], place..end, said, edits);
                    place = end;
                }
                _ => place += 1,
            }
        }
    }

    fn key(&mut self, key: &str, level: &mut Level) {
        level.said = self.names.judge(key);
        level.key = match key {
            "name" | "key" | "field" | "header" | "id" => Key::Name,
            "value" | "val" | "content" => Key::Value,
            _ => Key::Other,
        };
    }

    /// A string that is a value, and whether it has escapes; gives what it says of its neighbour called `value`.
    fn string(
        &mut self,
        text: &str,
        (range, escaped): (Range<usize>, bool),
        level: Level,
        path: &Path<'_>,
        edits: &mut Vec<Edit>,
    ) -> Option<Name> {
        let value = &text[range.clone()];
        let secret = |rule| Edit::secret(range.clone(), rule, Sure::Yes, Coding::Json, Form::Text);
        match level.of_value() {
            Name::Secret(rule) if !shape::is_prose(value) => edits.push(secret(rule)),
            Name::Perhaps(rule) if shape::is_likely(value) => edits.push(secret(rule)),
            _ if level.key == Key::Name && value.len() <= 40 && !value.contains(' ') => {
                return Some(self.names.judge(value));
            }
            _ if escaped && value.len() > 8 => {
                let decoded = Coding::Json.decode(value);
                if let Some(changed) = self.scrubbed(&decoded, Kind::Any, path) {
                    let quoted = serde_json::to_string(&changed).unwrap_or_default();
                    edits.push(Edit::text(range, quoted[1..quoted.len() - 1].to_owned()));
                }
            }
            _ => {}
        }
        None
    }

    fn number(&mut self, digits: &str, range: Range<usize>, said: Name, edits: &mut Vec<Edit>) {
        if let Name::Secret(rule @ ("password" | "card" | "code" | "named")) = said
            && digits.len() >= 3
        {
            let tag = self.remove(digits, rule, Sure::Yes, &Path::root("text"));
            edits.push(Edit::text(range, format!("\"{}\"", tag.text())));
        }
    }
}

impl Level {
    /// What is known of a value here.
    const fn of_value(&self) -> Name {
        match (self.key, self.named, self.said) {
            (Key::Value, Name::Secret(rule), _) => Name::Secret(rule),
            (Key::Value, Name::Perhaps(rule), Name::Plain) => Name::Perhaps(rule),
            (_, _, said) => said,
        }
    }

    const fn note(&mut self, named: Option<Name>) {
        if let Some(named) = named {
            self.named = named;
        }
    }

    /// Goes on to the next member.
    const fn next(&mut self) {
        if !self.list {
            self.said = Name::Plain;
            self.key = Key::Other;
        }
    }
}

/// Whether a colon follows.
fn is_key(bytes: &[u8], place: usize) -> bool {
    bytes[place..].iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}
