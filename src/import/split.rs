//! Cuts a JSON document of any size into the raw bytes of its parts, so that only one part is in memory.
//!
//! It knows nesting and strings and nothing else of JSON: whether a part is well-formed is for the parser to
//! say, one part at a time, and a bad part does not spoil those around it.

mod scan;

use std::io::{self, Read};
use std::ops::Range;

use memchr::memchr_iter;
use scan::Scan;

/// Bytes of one part beyond which it is passed over.
pub(super) const PART_LIMIT: usize = 64 * 1024 * 1024;
/// Bytes read at once.
const CHUNK: usize = 128 * 1024;
/// Letters of a function name that a JSONP wrapper may have.
const CALLBACK: usize = 256;

/// What to do with a value, asked with the keys that lead to it and its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Look at the members of this object.
    Enter,
    /// Hand out the elements of this array.
    Elements,
    /// Hand out the value.
    Whole,
    /// Pass it over.
    Skip,
}

/// A part of the document.
#[derive(Debug)]
pub(super) struct Piece<'b> {
    /// Keys that lead to the value, or to the array it stands in.
    pub(super) path: &'b [String],
    /// Number of the element, from 1; 0 for a member of an object.
    pub(super) number: u64,
    /// Line it starts in, from 1.
    pub(super) line: u64,
    /// Its bytes, or `None` when they are more than [`PART_LIMIT`].
    pub(super) bytes: Option<&'b [u8]>,
}

/// How the document ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Not there yet.
    Open,
    /// As it should.
    Whole,
    /// In the middle of something.
    Cut,
    /// With something that is no JSON.
    Broken,
}

/// Walks a document.
#[derive(Debug)]
pub(super) struct Splitter<R, W> {
    input: R,
    want: W,
    limit: usize,
    buffer: Vec<u8>,
    at: usize,
    line: u64,
    path: Vec<String>,
    levels: Vec<Level>,
    ending: Ending,
    started: bool,
}

/// A container that was entered.
#[derive(Clone, Copy, Debug)]
enum Level {
    Object,
    Array(u64),
}

/// A part before it is lent out.
struct Found {
    number: u64,
    line: u64,
    span: Option<Range<usize>>,
}

impl<R: Read, W: FnMut(&[String], u8) -> Want> Splitter<R, W> {
    /// A walk through `input` that asks `want` about every value it meets.
    pub(super) const fn new(input: R, want: W) -> Self {
        Self {
            input,
            want,
            limit: PART_LIMIT,
            buffer: Vec::new(),
            at: 0,
            line: 1,
            path: Vec::new(),
            levels: Vec::new(),
            ending: Ending::Open,
            started: false,
        }
    }

    /// How the document ended, after the last piece.
    pub(super) const fn ending(&self) -> Ending {
        self.ending
    }

    /// The line reached.
    pub(super) const fn line(&self) -> u64 {
        self.line
    }

    /// Number of the element the walk is in or before, when it is within an array.
    pub(super) fn element(&self) -> Option<u64> {
        match self.levels.last() {
            Some(Level::Array(number)) => Some(*number),
            _ => None,
        }
    }

    /// The next part, or `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece<'_>>> {
        // The key of the member handed out last.
        if matches!(self.levels.last(), Some(Level::Object)) && self.path.len() >= self.levels.len() {
            self.path.pop();
        }
        while self.ending == Ending::Open {
            if let Some(found) = self.step()? {
                let Found { number, line, span } = found;
                return Ok(Some(Piece { path: &self.path, number, line, bytes: span.map(|span| &self.buffer[span]) }));
            }
        }
        Ok(None)
    }

    fn step(&mut self) -> io::Result<Option<Found>> {
        match self.levels.last_mut() {
            None if self.started => {
                self.ending = Ending::Whole;
                Ok(None)
            }
            None => self.root(),
            Some(Level::Object) => self.member(),
            Some(Level::Array(_)) => self.array_element(),
        }
    }

    fn root(&mut self) -> io::Result<Option<Found>> {
        self.started = true;
        while self.buffer.len() < CALLBACK * 2 && self.fill(0)? {}
        self.at = document_start(&self.buffer);
        match self.peek()? {
            Some(first) => self.value(first, 0),
            None => self.end(Ending::Cut),
        }
    }

    fn member(&mut self) -> io::Result<Option<Found>> {
        match self.peek()? {
            None => self.end(Ending::Cut),
            Some(b'}') => self.leave(),
            Some(b'"') => {
                let Some(Some(span)) = self.span(true)? else { return self.end(Ending::Cut) };
                let key = serde_json::from_slice(&self.buffer[span.clone()])
                    .unwrap_or_else(|_| String::from_utf8_lossy(&self.buffer[span]).into_owned());
                if self.peek()? != Some(b':') {
                    let cut = self.at == self.buffer.len();
                    return self.end(if cut { Ending::Cut } else { Ending::Broken });
                }
                self.at += 1;
                let Some(first) = self.peek()? else { return self.end(Ending::Cut) };
                self.path.push(key);
                self.value(first, 0)
            }
            Some(_) => self.end(Ending::Broken),
        }
    }

    fn array_element(&mut self) -> io::Result<Option<Found>> {
        let first = self.peek()?;
        if first == Some(b']') {
            return self.leave();
        }
        let mut count = 0;
        if let Some(Level::Array(number)) = self.levels.last_mut() {
            *number += 1;
            count = *number;
        }
        match first {
            None => self.end(Ending::Cut),
            Some(b'}' | b':') => self.end(Ending::Broken),
            Some(_) => self.take(true, count),
        }
    }

    /// A value below the current path: entered, handed out or passed over.
    fn value(&mut self, first: u8, number: u64) -> io::Result<Option<Found>> {
        match (self.want)(&self.path, first) {
            Want::Enter if first == b'{' => self.levels.push(Level::Object),
            Want::Elements if first == b'[' => self.levels.push(Level::Array(0)),
            Want::Whole => return self.take(true, number),
            Want::Enter | Want::Elements | Want::Skip => {
                self.take(false, number)?;
                self.path.pop();
                return Ok(None);
            }
        }
        self.at += 1;
        Ok(None)
    }

    fn leave(&mut self) -> io::Result<Option<Found>> {
        self.at += 1;
        self.levels.pop();
        self.path.pop();
        Ok(None)
    }

    const fn end(&mut self, ending: Ending) -> io::Result<Option<Found>> {
        self.ending = ending;
        Ok(None)
    }

    /// Reads one value; `None` when the document ends within it.
    fn take(&mut self, keep: bool, number: u64) -> io::Result<Option<Found>> {
        let line = self.line;
        match self.span(keep)? {
            Some(Some(span)) if span.is_empty() => self.end(Ending::Broken),
            Some(span) => Ok(Some(Found { number, line, span })),
            None => self.end(Ending::Cut),
        }
    }

    /// Where the value at hand lies in the buffer: `None` = cut, `Some(None)` = not kept.
    fn span(&mut self, keep: bool) -> io::Result<Option<Option<Range<usize>>>> {
        let mut scan = Scan::default();
        let mut keep = keep;
        let mut start = self.at;
        loop {
            let rest = &self.buffer[self.at..];
            let end = scan.feed(rest);
            let used = end.unwrap_or(rest.len());
            self.line += memchr_iter(b'\n', &rest[..used]).count() as u64;
            self.at += used;
            keep &= self.at - start <= self.limit;
            if end.is_some() {
                return Ok(Some(keep.then_some(start..self.at)));
            }
            if !keep {
                start = self.at;
            }
            let more = self.fill(start)?;
            start = 0;
            if !more {
                return Ok((scan.scalar() && self.levels.is_empty()).then_some(keep.then_some(0..self.at)));
            }
        }
    }

    /// The next byte that is neither white space nor a comma, not consumed.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            while let Some(&byte) = self.buffer.get(self.at) {
                match byte {
                    b'\n' => self.line += 1,
                    b' ' | b'\t' | b'\r' | b',' => {}
                    _ => return Ok(Some(byte)),
                }
                self.at += 1;
            }
            if !self.fill(self.at)? {
                return Ok(None);
            }
        }
    }

    /// Reads on, after dropping what lies before `start`. Says whether there was more.
    fn fill(&mut self, start: usize) -> io::Result<bool> {
        self.buffer.drain(..start);
        self.at -= start;
        if self.buffer.len() < CHUNK && self.buffer.capacity() > 16 * CHUNK {
            self.buffer.shrink_to(2 * CHUNK);
        }
        crate::interrupt::check_io()?;
        let wanted = CHUNK.max(self.buffer.len());
        let got = self.input.by_ref().take(wanted as u64).read_to_end(&mut self.buffer)?;
        Ok(got > 0)
    }
}

/// Where the JSON begins: after a byte order mark and the `name(` of a JSONP wrapper.
fn document_start(head: &[u8]) -> usize {
    let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let name =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.' | b' ' | b'\t' | b'\r' | b'\n');
    let text = &head[mark..];
    let length = text.iter().take(CALLBACK).take_while(|byte| name(byte)).count();
    let named = text[..length].iter().any(u8::is_ascii_alphabetic);
    if named && text.get(length) == Some(&b'(') { mark + length + 1 } else { mark }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time, so that every border falls somewhere.
    struct Drip<'a>(&'a [u8], usize);

    impl Read for Drip<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(into.len()).min(self.0.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn entries(path: &[String], _first: u8) -> Want {
        match path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] | ["log"] => Want::Enter,
            ["log", "entries"] => Want::Elements,
            ["log", "skipped"] => Want::Skip,
            _ => Want::Whole,
        }
    }

    fn split(text: &str, step: usize) -> (Vec<String>, Ending) {
        let mut splitter = Splitter::new(Drip(text.as_bytes(), step), entries);
        let mut out = Vec::new();
        while let Some(piece) = splitter.next().unwrap() {
            let bytes = piece.bytes.map_or("too large".into(), String::from_utf8_lossy);
            out.push(format!("{}#{}@{} {bytes}", piece.path.join("."), piece.number, piece.line));
        }
        (out, splitter.ending())
    }

    #[test]
    fn members_and_elements_come_in_order_with_their_lines() {
        let text = "\u{feff} onInput( {\"a\":1,\n\"log\": {\"version\" : \"1.2\", \"skipped\":[1,{\"x\":\"]\"}],\n \
                    \"entries\":[{\"b\":\"\\\"}\"},\n\n[1,[2]], 7, \"s\" ,], \"creator\":{\"n\":{}}}, \"z\":null});";
        let expected = [
            "a#0@1 1",
            "log.version#0@2 \"1.2\"",
            "log.entries#1@3 {\"b\":\"\\\"}\"}",
            "log.entries#2@5 [1,[2]]",
            "log.entries#3@5 7",
            "log.entries#4@5 \"s\"",
            "log.creator#0@5 {\"n\":{}}",
            "z#0@5 null",
        ];
        for step in [1, 2, 3, 7, 1000] {
            let (pieces, ending) = split(text, step);
            assert_eq!(pieces, expected, "{step} bytes at a time");
            assert_eq!(ending, Ending::Whole);
        }
    }

    #[test]
    fn a_cut_gives_what_came_before_it() {
        let text = r#"{"log":{"entries":[{"a":1},{"b":"x"#;
        for end in 20..text.len() {
            let (pieces, ending) = split(&text[..end], 1000);
            assert_eq!(ending, Ending::Cut, "{}", &text[..end]);
            assert_eq!(pieces.len(), usize::from(end >= 26), "{}", &text[..end]);
        }
    }

    #[test]
    fn what_is_no_json_ends_the_walk() {
        for text in [r#"{"log":{"entries":[{"a":1}}"#, r#"{"log" 1}"#, r#"{log:1}"#, r#"{"log":{"entries":[:]}}"#] {
            assert_eq!(split(text, 1000).1, Ending::Broken, "{text}");
        }
        assert_eq!(split("plain words", 1000).1, Ending::Whole);
        assert_eq!(split("", 1000).1, Ending::Cut);
    }

    #[test]
    fn a_part_above_the_limit_is_passed_over() {
        let long = format!(r#"{{"log":{{"entries":[1,"{}",3]}}}}"#, "x".repeat(5000));
        for step in [10, 100_000] {
            let mut splitter = Splitter::new(Drip(long.as_bytes(), step), entries);
            splitter.limit = 1000;
            let mut kept = Vec::new();
            while let Some(piece) = splitter.next().unwrap() {
                kept.push((piece.number, piece.bytes.is_some()));
            }
            assert_eq!(kept, [(1, true), (2, false), (3, true)]);
        }
    }
}
