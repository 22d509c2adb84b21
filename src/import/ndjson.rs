//! Records of a log: JSON lines, one JSON array, or an object around one array.

use std::io::BufRead;
use std::ops::Range;

use memchr::memchr;
use serde_json::Value;

use super::intake::{Intake, Notes, Unread};
use super::source::Source;
use super::split::{Ending, PART_LIMIT, Splitter, Want};
use super::{dates, extracted, json, lean};
use crate::error::Error;
use crate::event::{Event, Row};

/// Records looked at to tell what a log is.
const SAMPLES: usize = 50;
/// How a file's records are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// One object a line.
    Lines,
    /// One array, at the root or in a member of the root.
    Array,
}

/// Makes a row of a record, and the detail it shall have.
pub(super) type Make = fn(Value) -> (Row, Value);

/// Takes one record, and gives room for the next.
pub(super) type Take<'t> = dyn FnMut(Value, &mut Notes) -> Result<Value, Error> + 't;

/// Reads a whole log: each record becomes an event.
pub(super) fn read(
    source: &Source,
    format: &'static str,
    part: &'static str,
    make: Make,
    intake: &mut Intake<'_>,
) -> Result<(), Unread> {
    let mut notes = Notes::new(source);
    let mut used = 0_u64;
    each(source, &mut notes, &mut |record, notes| {
        used += 1;
        let (event, zoneless) = match extracted::event(part, record) {
            Ok(event) => (event, false),
            Err(record) => {
                let (time, zoneless) = dates::of_record(&record);
                let (row, detail) = make(record);
                (Event::new(time, row, detail), zoneless)
            }
        };
        notes.time(event.time, zoneless);
        intake.push(event)?;
        Ok(intake.room())
    })?;
    if used == 0 {
        return Err(Unread::Skip(nothing(source)));
    }
    notes.finish(intake);
    intake.used(source, format, &[part]);
    Ok(())
}

/// Hands out the records of a log one by one.
pub(super) fn each(source: &Source, notes: &mut Notes, take: &mut Take<'_>) -> Result<(), Error> {
    let mut reader = Reader { source, notes, take, room: json::Room::default() };
    match shape(source) {
        Shape::Lines => reader.lines(),
        Shape::Array => reader.array(),
    }
}

/// Whether a file is text that does not begin as JSON does.
pub(super) fn is_text(source: &Source) -> bool {
    !matches!(source.head.trim_ascii_start().first(), None | Some(b'{' | b'[')) && !source.head.contains(&0)
}

fn nothing(source: &Source) -> String {
    if source.size == 0 {
        "it is empty (0 bytes)".into()
    } else {
        "it holds no JSON objects, one a line or in an array".into()
    }
}

struct Reader<'a, 't> {
    source: &'a Source,
    notes: &'a mut Notes,
    take: &'a mut Take<'t>,
    room: json::Room,
}

impl Reader<'_, '_> {
    fn record(&mut self, line: u64, bytes: Option<&[u8]>, place: Range<u64>) -> Result<(), Error> {
        let (record, left_out) = match lean::record(self.source, bytes, place, &mut self.room) {
            Ok(read) => read,
            Err(Unread::Fatal(error)) => return Err(error),
            Err(Unread::Skip(why)) => {
                self.notes.add("lines skipped", format_args!("line {line} was skipped: {why}"));
                return Ok(());
            }
        };
        if let Some(what) = left_out {
            self.notes.add("large lines", format_args!("line {line} is too large to be read whole; left out: {what}"));
        }
        self.room.give((self.take)(record, self.notes)?);
        Ok(())
    }

    fn lines(&mut self) -> Result<(), Error> {
        let mut input = self.source.reader()?;
        let mut line = Vec::new();
        let (mut number, mut at) = (0, 0);
        while let Some(length) = next_line(&mut input, &mut line).map_err(self.source.failed())? {
            let place = at..at + length;
            (number, at) = (number + 1, place.end);
            let whole = line.len() as u64 == length;
            let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line).trim_ascii();
            if !(whole && text.is_empty()) {
                self.record(number, whole.then_some(text), place)?;
            }
        }
        Ok(())
    }

    fn array(&mut self) -> Result<(), Error> {
        let mut splitter = Splitter::new(self.source.reader()?, array_within);
        while let Some(piece) = splitter.next().map_err(self.source.failed())? {
            self.record(piece.line, piece.bytes, piece.place)?;
        }
        match splitter.ending() {
            Ending::Cut => self.notes.add("cuts", format_args!("the file is cut off in line {}", splitter.line())),
            Ending::Broken => {
                self.notes.add("cuts", format_args!("not read beyond line {}: no JSON from there on", splitter.line()));
            }
            Ending::Open | Ending::Whole => {}
        }
        Ok(())
    }
}

/// Reads a line into `line`, unless it is longer than a part may be; gives its length, or `None` at the end of
/// the file.
pub(super) fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> std::io::Result<Option<u64>> {
    line.clear();
    line.shrink_to(1024 * 1024);
    let mut length = 0;
    loop {
        crate::interrupt::check_io()?;
        let bytes = input.fill_buf()?;
        let end = memchr(b'\n', bytes);
        let used = end.map_or(bytes.len(), |end| end + 1);
        if length + used as u64 <= PART_LIMIT as u64 {
            line.extend_from_slice(&bytes[..used]);
        } else {
            *line = Vec::new();
        }
        length += used as u64;
        input.consume(used);
        if end.is_some() || used == 0 {
            return Ok((length > 0).then_some(length));
        }
    }
}

fn array_within(path: &[String], first: u8) -> Want {
    match (path.len(), first) {
        (0 | 1, b'[') => Want::Elements,
        (0, b'{') => Want::Enter,
        _ => Want::Skip,
    }
}

/// Lines, unless the file is one array, or one object that has an array of objects and no more behind it.
fn shape(source: &Source) -> Shape {
    let head = source.head.trim_ascii_start();
    if head.first() == Some(&b'[') {
        return Shape::Array;
    }
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let more = lines.next().is_some_and(|line| json::parse_object(line).is_ok());
    match json::parse_object(first) {
        Ok(record) if !more && is_wrapper(&record) => Shape::Array,
        Ok(_) => Shape::Lines,
        Err(_) if more || elements(head).is_empty() => Shape::Lines,
        Err(_) => Shape::Array,
    }
}

/// Whether an object is nothing itself but holds an array of records.
fn is_wrapper(record: &Value) -> bool {
    let arrays = |value: &Value| value.as_array().is_some_and(|items| items.first().is_some_and(Value::is_object));
    let own = ["message", "msg", "text", "level", "type", "args"].iter().any(|key| record.get(key).is_some());
    !own && record.as_object().is_some_and(|map| map.values().any(arrays))
}

/// The first records of a file, as far as its head holds them.
pub(super) fn samples(source: &Source) -> Vec<Value> {
    match shape(source) {
        Shape::Array => elements(&source.head),
        Shape::Lines => {
            let lines =
                source.head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
            let parsed = lines.take(SAMPLES * 4).filter_map(|line| json::parse_object(line).ok());
            let mut found: Vec<_> = parsed.take(SAMPLES).collect();
            if found.is_empty() && !source.is_short() {
                found.extend(beginning(&source.head));
            }
            found
        }
    }
}

/// The objects of the array in a head.
fn elements(head: &[u8]) -> Vec<Value> {
    let mut splitter = Splitter::new(head, array_within);
    let mut found = Vec::new();
    while found.len() < SAMPLES
        && let Ok(Some(piece)) = splitter.next()
    {
        found.extend(piece.bytes.and_then(|bytes| json::parse_object(bytes).ok()));
    }
    found
}

/// The members of an object whose line is longer than the head.
fn beginning(head: &[u8]) -> Option<Value> {
    let want = |path: &[String], _| if path.is_empty() { Want::Enter } else { Want::Whole };
    let mut splitter = Splitter::new(head, want);
    let mut map = serde_json::Map::new();
    while let Ok(Some(piece)) = splitter.next() {
        if let (Some(key), Some(Ok(value))) = (piece.path.first(), piece.bytes.map(json::parse)) {
            map.insert(key.clone(), value);
        }
    }
    (!map.is_empty()).then_some(Value::Object(map))
}

/// The kinds of log that look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Cdp,
    Bidi,
    Requests,
    Console,
    Actions,
    Backend,
}

/// What a log is; every importer of logs asks, and the records are looked at once.
pub(super) fn kind(source: &Source) -> Option<Kind> {
    *source.kind.get_or_init(|| guess(source))
}

/// By what most of its first records are, and by the file's name where that is a tie.
fn guess(source: &Source) -> Option<Kind> {
    let head = source.head.trim_ascii_start();
    if !matches!(head.first(), Some(b'{' | b'[')) {
        return None;
    }
    let records = samples(source);
    // Each of their records holds what other kinds are known by; none of the others looks like them.
    if let Some(kind) = records.iter().find_map(super::protocol::kind_of) {
        return Some(kind);
    }
    let count = |is: fn(&Value) -> bool| records.iter().filter(|record| is(record)).count() * 2;
    let name = source.file_name();
    let named = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let console = named(&["console"]);
    let backend = named(&["backend", "server"]);
    let votes = [
        (Kind::Requests, count(super::requests::is_request), named(&["network", "request"])),
        (Kind::Actions, count(super::actions::is_action), named(&["action", "step"])),
        (Kind::Backend, count(if backend { super::backend::is_log } else { super::backend::is_line }), backend),
        (Kind::Console, count(if console { super::backend::is_log } else { super::console::is_message }), console),
    ];
    let best =
        votes.iter().filter(|(_, count, _)| *count > 0).max_by_key(|(_, count, named)| count + usize::from(*named));
    best.map(|(kind, ..)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn source(name: &str, text: &str) -> Source {
        Source::new(Path::new(name), text.len() as u64, text.as_bytes().to_vec())
    }

    #[test]
    fn shapes_are_told_apart() {
        for (text, expected) in [
            ("{\"text\":\"a\"}\n{\"text\":\"b\"}", Shape::Lines),
            ("{\"text\":\"a\"}", Shape::Lines),
            ("{\"text\":\"a\",\"args\":[{}]}", Shape::Lines),
            ("garbage\n{\"text\":\"b\"}\n", Shape::Lines),
            ("{\"cut\n{\"text\":\"b\"}\n", Shape::Lines),
            ("[{\"text\":\"a\"}]", Shape::Array),
            ("[\n {\n  \"text\": \"a\"\n }\n]", Shape::Array),
            ("{\"logs\":[{\"text\":\"a\"}]}", Shape::Array),
            ("{\n \"count\": 1,\n \"logs\": [\n  {\"text\":\"a\"},\n  {\"text\":\"b\"}\n ]\n}", Shape::Array),
        ] {
            assert_eq!(shape(&source("x", text)), expected, "{text}");
        }
    }

    #[test]
    fn logs_are_told_apart_by_their_keys_and_then_by_name() {
        for (name, text, expected) in [
            ("x", r#"{"t":1,"level":"info","text":"hi"}"#, Some(Kind::Console)),
            ("x", r#"{"timestamp":1,"type":"log","args":["a"]}"#, Some(Kind::Console)),
            ("x", r##"{"t":1,"type":"click","selectors":[["#a"]]}"##, Some(Kind::Actions)),
            ("x", r#"{"t":1,"type":"navigate","url":"http://a/"}"#, Some(Kind::Actions)),
            ("x", r#"{"time":1,"level":30,"hostname":"h","pid":1,"msg":"up"}"#, Some(Kind::Backend)),
            ("x", r#"{"t":1,"level":"info","message":"up","traceId":"1"}"#, Some(Kind::Backend)),
            ("console.json", r#"[{"t":1,"level":"info","message":"up"}]"#, Some(Kind::Console)),
            ("server.json", r#"[{"t":1,"level":"info","message":"up"}]"#, Some(Kind::Backend)),
            ("x", r#"{"method":"Network.requestWillBeSent","params":{}}"#, Some(Kind::Cdp)),
            ("x", r#"{"type":"event","method":"log.entryAdded","params":{}}"#, Some(Kind::Bidi)),
            ("x", r#"{"name":"package","version":"1.0.0"}"#, None),
            ("x", "just words", None),
        ] {
            assert_eq!(kind(&source(name, text)), expected, "{name} {text}");
        }
    }

    #[test]
    fn a_line_longer_than_the_head_is_known_by_its_first_members() {
        let mut long = source("x", r#"{"t":1,"level":"info","text":"hi","more":"xxx"#);
        long.size = 1 << 20;
        assert_eq!(kind(&long), Some(Kind::Console));
    }
}
