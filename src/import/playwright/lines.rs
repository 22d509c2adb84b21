//! The lines of a trace: one JSON object each, of which most are pictures of the DOM and never parsed.

use std::io::{self, BufRead};

use memchr::{memchr, memmem};
use serde_json::Value;

use crate::import::intake::Notes;
use crate::import::json;

/// Bytes of a line that are kept; what is longer is no line that is shown.
const LIMIT: usize = 4 * 1024 * 1024;
/// Bytes of a line that tell what it is.
const START: usize = 256;
/// Lines that nothing here reads; they make up most of a trace.
const UNREAD: [&[u8]; 6] = [
    b"\"type\":\"frame-snapshot\"",
    b"\"type\":\"aria-snapshot\"",
    b"\"type\":\"screenshot\"",
    b"\"type\":\"stdout\"",
    b"\"type\":\"stderr\"",
    b"\"method\":\"addInitScript\"",
];

/// Gives the parsed objects of a trace one by one.
pub(super) struct Lines<R> {
    input: R,
    name: String,
    number: u64,
    line: Vec<u8>,
}

/// A line as it was met.
enum Met {
    End,
    /// It is longer than is kept.
    Long,
    /// The file ends in it.
    Last,
    Whole,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R, name: &str) -> Self {
        Self { input, name: name.into(), number: 0, line: Vec::new() }
    }

    /// The next object; lines that are none are told of and passed over.
    pub(super) fn next(&mut self, notes: &mut Notes) -> io::Result<Option<Value>> {
        loop {
            let met = self.line()?;
            self.number += 1;
            let start = &self.line[..self.line.len().min(START)];
            let unread = UNREAD.iter().any(|word| memmem::find(start, word).is_some());
            let place = format_args!("{} line {}", self.name, self.number);
            match met {
                Met::End => return Ok(None),
                _ if unread || self.line.trim_ascii().is_empty() => {}
                Met::Long => notes.add("long lines", format_args!("{place} is too long and was skipped")),
                Met::Whole | Met::Last => match json::parse_object(&self.line) {
                    Ok(value) => return Ok(Some(value)),
                    Err(_) if matches!(met, Met::Last) => {
                        notes.add("cut lines", format_args!("{place} is cut off; the lines before it are used"));
                    }
                    Err(why) => notes.add("lines skipped", format_args!("{place} was skipped: {why}")),
                },
            }
        }
    }

    fn line(&mut self) -> io::Result<Met> {
        self.line.clear();
        self.line.shrink_to(1024 * 1024);
        let mut long = false;
        let mut any = false;
        loop {
            crate::interrupt::check_io()?;
            let bytes = self.input.fill_buf()?;
            let end = memchr(b'\n', bytes);
            let used = end.map_or(bytes.len(), |end| end + 1);
            if used == 0 {
                return Ok(if any { Met::Last } else { Met::End });
            }
            any = true;
            let room = LIMIT - self.line.len();
            long |= used > room;
            self.line.extend_from_slice(&bytes[..used.min(room)]);
            self.input.consume(used);
            if end.is_some() {
                return Ok(if long { Met::Long } else { Met::Whole });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::source::Source;

    fn read(text: &str) -> (Vec<Value>, String) {
        let source = Source::new("t.zip".as_ref(), 0, Vec::new());
        let mut notes = Notes::new(&source);
        let mut lines = Lines::new(text.as_bytes(), "a.trace");
        let mut found = Vec::new();
        while let Some(value) = lines.next(&mut notes).unwrap() {
            found.push(value);
        }
        (found, format!("{notes:?}"))
    }

    #[test]
    fn what_cannot_be_read_is_passed_over() {
        let long = "x".repeat(LIMIT);
        let text = format!("{{\"a\":1}}\n\n[1]\n{{\"type\":\"frame-snapshot\",\n\"{long}\"\n{{\"b\":2}}\n{{\"c\":");
        let (found, notes) = read(&text);
        assert_eq!(found, [serde_json::json!({"a": 1}), serde_json::json!({"b": 2})]);
        for word in ["line 3 was skipped: not a JSON object", "line 5 is too long", "line 7 is cut off"] {
            assert!(notes.contains(word), "{word} in {notes}");
        }
        assert!(!notes.contains("line 4"));
    }
}
