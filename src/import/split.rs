//! Cuts a JSON document of any size into the raw bytes of its parts, so that only one part is in memory.
//!
//! It knows nesting and strings and nothing else of JSON: whether a part is well-formed is for the parser to
//! say, one part at a time, and a bad part does not spoil those around it.

mod scan;

use std::io::{self, Read};
use std::ops::Range;

use memchr::memchr_iter;
use scan::Scan;

use super::unwrap::text_start;

/// Bytes of one part beyond which it is not handed out, unless told otherwise.
pub(super) const PART_LIMIT: usize = 4 * 1024 * 1024;
/// Bytes read at once: the least, and the most while a long part passes.
const CHUNK: usize = 128 * 1024;
const MORE: usize = 1024 * 1024;
/// Bytes of an element that is read without a look for its end.
const AHEAD: usize = 48 * 1024;
/// Bytes that tell what stands before the document.
const BEFORE: usize = 512;

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
    /// Where it lies in the document.
    pub(super) place: Range<u64>,
    /// Its bytes, or `None` when they are more than the limit.
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
    /// Bytes of the document before those in the buffer.
    passed: u64,
    at: usize,
    line: u64,
    path: Vec<String>,
    levels: Vec<Level>,
    ending: Ending,
    started: bool,
    /// Nothing more can be read.
    drained: bool,
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
    start: u64,
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
            passed: 0,
            at: 0,
            line: 1,
            path: Vec::new(),
            levels: Vec::new(),
            ending: Ending::Open,
            started: false,
            drained: false,
        }
    }

    /// The same, handing out parts up to so many bytes.
    pub(super) const fn limited(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// How the document ended, after the last piece.
    pub(super) const fn ending(&self) -> Ending {
        self.ending
    }

    /// Whether something stands behind the document that ended as it should: not what closes a JSONP wrapper.
    pub(super) fn trails(&mut self) -> io::Result<bool> {
        let whole = self.ending == Ending::Whole;
        Ok(whole && self.peek()?.is_some_and(|byte| !matches!(byte, b')' | b';' | b'\0')))
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
                let Found { number, line, start, span } = found;
                let place = start..self.passed + self.at as u64;
                let bytes = span.map(|span| &self.buffer[span]);
                return Ok(Some(Piece { path: &self.path, number, line, place, bytes }));
            }
        }
        Ok(None)
    }

    /// What is in memory of an array whose elements are handed out, from the next one on, if that is where the walk is:
    /// who can read the element whole says so to [`Self::pass`], and spares it the look for its end.
    pub(super) fn ahead(&mut self, array: &str) -> io::Result<Option<&[u8]>> {
        let within = self.element().is_some() && self.path.last().is_some_and(|key| key == array);
        if !within {
            return Ok(None);
        }
        if self.buffer.len() - self.at < AHEAD && !self.drained {
            self.fill(self.at)?;
        }
        let element = self.peek()? == Some(b'{');
        Ok(element.then(|| &self.buffer[self.at..self.buffer.len().min(self.at + AHEAD)]))
    }

    /// Passes over the next element of the array, which is so many bytes; gives its number and line.
    pub(super) fn pass(&mut self, bytes: usize) -> (u64, u64) {
        let line = self.line;
        let end = self.at + bytes;
        self.line += memchr_iter(b'\n', &self.buffer[self.at..end]).count() as u64;
        self.at = end;
        if let Some(Level::Array(number)) = self.levels.last_mut() {
            *number += 1;
        }
        (self.element().unwrap_or(0), line)
    }

    /// Passes over the rest of the array the walk is in, and says whether there was any.
    pub(super) fn leave_array(&mut self) -> io::Result<bool> {
        if !matches!(self.levels.last(), Some(Level::Array(_))) || self.peek()? == Some(b']') {
            return Ok(false);
        }
        if self.span(Scan::within(), false)?.is_none() {
            self.ending = Ending::Cut;
        }
        self.levels.pop();
        self.path.pop();
        Ok(true)
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
        while self.buffer.len() < BEFORE && self.fill(0)? {}
        self.at = text_start(&self.buffer);
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
                let span = match self.span(Scan::default(), true)? {
                    Some(Some(span)) => span,
                    Some(None) => return self.end(Ending::Broken),
                    None => return self.end(Ending::Cut),
                };
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
        let (line, start) = (self.line, self.passed + self.at as u64);
        match self.span(Scan::default(), keep)? {
            Some(Some(span)) if span.is_empty() => self.end(Ending::Broken),
            Some(span) => Ok(Some(Found { number, line, start, span })),
            None => self.end(Ending::Cut),
        }
    }

    /// Where the value at hand lies in the buffer: `None` = cut, `Some(None)` = not kept.
    fn span(&mut self, mut scan: Scan, keep: bool) -> io::Result<Option<Option<Range<usize>>>> {
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
        self.passed += start as u64;
        self.at -= start;
        if self.buffer.len() < CHUNK && self.buffer.capacity() > 16 * CHUNK {
            self.buffer.shrink_to(2 * CHUNK);
        }
        crate::interrupt::check_io()?;
        let wanted = self.buffer.len().clamp(CHUNK, MORE);
        let before = self.buffer.len();
        self.buffer.resize(before + wanted, 0);
        // In pieces as large as there can be, which readers give without a copy.
        let (mut end, mut ended) = (before, Ok(()));
        while end < self.buffer.len() {
            match self.input.read(&mut self.buffer[end..]) {
                Ok(0) => break,
                Ok(got) => end += got,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    ended = Err(error);
                    break;
                }
            }
        }
        self.buffer.truncate(end);
        self.drained = end == before;
        ended.map(|()| end > before)
    }
}

#[cfg(test)]
mod tests;
