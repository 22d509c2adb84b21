//! Records of any size within little memory: one that is too large is read member by member, what fits is kept,
//! and what does not is named in the record itself and in a warning.

use std::io::Read;
use std::ops::Range;

use serde_json::{Map, Value};

use super::intake::Unread;
use super::json::Room;
use super::source::Source;
use super::split::{Ending, PART_LIMIT, Piece, Splitter, Want};
use super::{json, weight};
use crate::limits::NOTES;

/// Levels of objects whose members are looked at one by one: those of a HAR entry's `response.content`.
const DEPTH: usize = 3;
/// Bytes of one member: a body as large as any that is kept, and its quotes.
const MEMBER_LIMIT: usize = 16 * 1024 * 1024 + 1024;
/// Members left out that are named; the others are counted.
const NAMED: usize = 20;
/// Of these, the ones that a warning names.
const TOLD: usize = 3;
/// An array with less room left than this is full, and one with so many elements left out is given up.
const ROOM: usize = 4 * 1024;
const REJECTED: usize = 100;
/// Letters of a key that are shown.
const KEY: usize = 60;

/// Reads a record out of its bytes, or, when they were too many to hand out, out of its place in the file.
/// Gives words for what was left out. It takes the room of records read before.
pub(super) fn record(
    source: &Source,
    bytes: Option<&[u8]>,
    place: Range<u64>,
    room: &mut Room,
) -> Result<(Value, Option<String>), Unread> {
    match bytes {
        Some(bytes) if bytes.len() <= PART_LIMIT && weight::fits(bytes) => {
            Ok((json::parse_object_into(bytes, room).map_err(Unread::Skip)?, None))
        }
        Some(bytes) => members(source, bytes),
        None => members(source, source.stretch(place)?),
    }
}

fn members(source: &Source, input: impl Read) -> Result<(Value, Option<String>), Unread> {
    let want = |path: &[String], first| match first {
        b'{' if path.len() < DEPTH => Want::Enter,
        b'[' if !path.is_empty() => Want::Elements,
        _ => Want::Whole,
    };
    let mut splitter = Splitter::new(input, want).limited(MEMBER_LIMIT);
    let mut lean = Lean { left: weight::LIMIT, ..Lean::default() };
    while let Some(piece) = splitter.next().map_err(source.failed())? {
        if piece.path.is_empty() {
            return Err(Unread::Skip("not a JSON object".into()));
        }
        lean.take(&piece);
        if lean.is_full() {
            let (path, number) = (piece.path.to_vec(), piece.number);
            if splitter.leave_array().map_err(source.failed())? {
                lean.note(&path, || format!("elements after number {number} not included"));
            }
        }
    }
    match splitter.ending() {
        Ending::Open | Ending::Whole => Ok(lean.finish()),
        Ending::Cut => Err(Unread::Skip("it is cut off".into())),
        Ending::Broken => Err(Unread::Skip("it is not valid JSON, or a key in it is endless".into())),
    }
}

/// A record as it is put together.
#[derive(Debug, Default)]
struct Lean {
    map: Map<String, Value>,
    /// Bytes of memory left, in all and for the array at hand.
    left: usize,
    room: usize,
    in_array: bool,
    /// Elements of the array at hand that were left out.
    rejected: usize,
    notes: Map<String, Value>,
    unnamed: u64,
}

impl Lean {
    fn take(&mut self, piece: &Piece<'_>) {
        let length = piece.place.end - piece.place.start;
        self.in_array = piece.number > 0;
        if piece.number == 1 {
            (self.room, self.rejected) = (self.left / 2, 0);
        }
        // A text takes what it takes; what has many values in it must leave something to what comes after it.
        let limit = match piece.bytes.and_then(<[u8]>::first) {
            _ if self.in_array => self.room,
            Some(b'"') => self.left,
            _ => self.left / 2,
        };
        let keys = |path: &[String]| path.iter().map(|key| key.len() + weight::MEMBER).sum();
        let keys = if piece.number > 1 { 0 } else { keys(piece.path) };
        let weight = piece.bytes.and_then(|bytes| weight::of(bytes, limit.checked_sub(keys)?));
        let parsed = piece.bytes.zip(weight).map(|(bytes, weight)| (json::parse(bytes), weight + keys));
        match parsed {
            Some((Ok(value), weight)) => {
                self.left -= weight;
                self.room = self.room.saturating_sub(weight);
                self.put(piece.path, piece.number, value);
            }
            Some((Err(why), _)) => self.leave_out(piece, length, &why),
            None => self.leave_out(piece, length, "too large"),
        }
    }

    /// Whether nothing more of the array at hand is to be looked at.
    const fn is_full(&self) -> bool {
        self.in_array && (self.room < ROOM || self.rejected >= REJECTED)
    }

    /// Puts a value in its place: a member, or the element of an array of this number.
    fn put(&mut self, path: &[String], number: u64, value: Value) {
        let Some((last, parents)) = path.split_last() else { return };
        let mut map = &mut self.map;
        for key in parents {
            let inner = map.entry(key.as_str()).or_insert_with(|| Value::Object(Map::new()));
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            let Value::Object(inner) = inner else { return };
            map = inner;
        }
        match map.get_mut(last) {
            Some(Value::Array(items)) if number > 1 => items.push(value),
            _ if number > 0 => drop(map.insert(last.clone(), Value::Array(vec![value]))),
            _ => drop(map.insert(last.clone(), value)),
        }
    }

    fn leave_out(&mut self, piece: &Piece<'_>, length: u64, why: &str) {
        self.rejected += 1;
        let number = piece.number;
        match number {
            0 => self.note(piece.path, || format!("{length} bytes not included ({why})")),
            _ if self.rejected == 1 => {
                self.note(piece.path, || format!("elements not included, number {number} the first of them ({why})"));
            }
            _ => {}
        }
    }

    /// Writes down what is missing at a place, unless much is.
    fn note(&mut self, path: &[String], words: impl FnOnce() -> String) {
        if self.notes.len() < NAMED {
            self.notes.entry(pointer(path)).or_insert_with(|| words().into());
        } else {
            self.unnamed += 1;
        }
    }

    fn finish(mut self) -> (Value, Option<String>) {
        if self.notes.is_empty() {
            return (self.map.into(), None);
        }
        let mut told: Vec<_> = self.notes.keys().take(TOLD).cloned().collect();
        let more = self.notes.len() as u64 + self.unnamed - told.len() as u64;
        if more > 0 {
            told.push(format!("{more} more"));
        }
        if self.unnamed > 0 {
            self.notes.insert(String::new(), format!("{} more members not included", self.unnamed).into());
        }
        let own = Map::from_iter([("left_out".to_owned(), Value::Object(self.notes))]);
        self.map.insert(NOTES.into(), own.into());
        (self.map.into(), Some(told.join(", ")))
    }
}

/// The place of a value as JSON Pointer writes it, long keys cut.
fn pointer(path: &[String]) -> String {
    let key =
        |key: &String| format!("/{}", key.replace('~', "~0").replace('/', "~1").chars().take(KEY).collect::<String>());
    path.iter().map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lean(text: &str) -> (Value, Option<String>) {
        let source = Source::new("x".as_ref(), 0, Vec::new());
        members(&source, text.as_bytes()).unwrap()
    }

    #[test]
    fn what_fits_is_put_together_as_it_was() {
        let value = json!({"a": 1, "b": [1, {"c": [2]}, "d"], "e": {"f": {"g": {"h": [null]}}}, "i": "j"});
        assert_eq!(lean(&value.to_string()), (value, None));
        // Of members of the same name the last one holds.
        assert_eq!(lean(r#"{"a":[1],"a":{"b":2},"c":[1],"c":[2,3]}"#).0, json!({"a": {"b": 2}, "c": [2, 3]}));
    }

    #[test]
    fn what_does_not_fit_is_named_and_the_rest_is_kept() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        let many = "[0],".repeat(100_000);
        let (value, told) = lean(&format!(
            r#"{{"~/":{{"x":{{"y":{{"z":[{many}1]}}}}}},"deep":{{"a":{deep},"b":2}},"c":[{many}4],"d":5}}"#
        ));
        assert_eq!((&value["d"], &value["deep"]["b"]), (&json!(5), &json!(2)));
        let kept = value["c"].as_array().unwrap().len();
        let left_out = json!({
            "/~0~1/x/y": "400009 bytes not included (too large)",
            "/deep/a": "elements not included, number 1 the first of them (nested too deeply)",
            "/c": format!("elements after number {kept} not included"),
        });
        assert_eq!(value["_sealcast"]["left_out"], left_out);
        assert_eq!(told.as_deref(), Some("/~0~1/x/y, /deep/a, /c"));
    }

    #[test]
    fn what_is_no_object_is_refused() {
        let source = Source::new("x".as_ref(), 0, Vec::new());
        for text in ["[1]", "7", "{\"a\":", "{\"a\" 1}"] {
            assert!(matches!(members(&source, text.as_bytes()), Err(Unread::Skip(_))), "{text}");
        }
    }
}
