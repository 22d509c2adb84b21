//! Finds the events in whatever they are wrapped in: arrays, arrays of arrays, objects with an array, lines, and
//! events that were packed into strings.

use std::io::{Cursor, Read};
use std::ops::Range;

use flate2::read::{GzDecoder, ZlibDecoder};

use crate::error::Error;
use crate::import::intake::Notes;
use crate::import::source::Source;
use crate::import::split::{Ending, Piece, Splitter, Want};
use crate::import::{json, ndjson};

/// Wrappers within wrappers.
const DEPTH: usize = 6;
/// Members that hold events, as arrays.
const LISTS: [&str; 6] = ["events", "snapshots", "data", "segments", "snapshot_items", "snapshot"];
/// The member that holds an array for each window, by the window's id.
const BY_WINDOW: &str = "snapshotsByWindowId";
/// Bytes that a packed event may become, and those of a packed page, which are not held.
const UNPACKED: u64 = 16 * 1024 * 1024;
const PASSED: u64 = 128 * 1024 * 1024;

/// Where a value is: its bytes, or its place in the file when they are many.
#[derive(Clone, Debug)]
pub(super) struct Found<'b> {
    pub(super) bytes: Option<&'b [u8]>,
    pub(super) place: Range<u64>,
    /// The window it belongs to, where the wrapper tells.
    pub(super) window: Option<&'b str>,
}

/// What is told of an event before it is looked at.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) kind: Option<u64>,
    pub(super) timestamp: Option<f64>,
    pub(super) window: Option<String>,
    /// Which kind of change it is.
    pub(super) source: Option<u64>,
    /// Whether parts of it are compressed.
    pub(super) packed: bool,
    data: bool,
}

impl Head {
    fn is_event(&self) -> bool {
        self.kind.is_some_and(|kind| kind <= 7) && self.timestamp.is_some() && self.data
    }
}

/// Takes an event.
pub(super) type Take<'t> = dyn FnMut(Head, &Found<'_>) -> Result<(), Error> + 't;

pub(super) struct Walker<'a, 't> {
    pub(super) source: &'a Source,
    pub(super) notes: &'a mut Notes,
    pub(super) take: &'a mut Take<'t>,
    /// Lines of the file before the value at hand.
    pub(super) lines: u64,
}

impl Walker<'_, '_> {
    /// Hands out all events of a file.
    pub(super) fn file(&mut self) -> Result<(), Error> {
        if !is_lines(self.source)? {
            return self.value(&Found { bytes: None, place: 0..self.source.size, window: None }, DEPTH);
        }
        let mut input = self.source.reader()?;
        let mut line = Vec::new();
        let mut at = 0;
        while let Some(length) = ndjson::next_line(&mut input, &mut line).map_err(self.source.failed())? {
            let place = at..at + length;
            at = place.end;
            let whole = line.len() as u64 == length;
            let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line).trim_ascii();
            if !(whole && text.is_empty()) {
                self.value(&Found { bytes: whole.then_some(text), place, window: None }, DEPTH)?;
            }
            self.lines += 1;
        }
        Ok(())
    }

    fn value(&mut self, found: &Found<'_>, depth: usize) -> Result<(), Error> {
        let Some(depth) = depth.checked_sub(1) else { return Ok(()) };
        match first(self.source, found)? {
            Some(b'[') => self.within(found, depth),
            Some(b'{') => {
                let head = head(self.source, found)?;
                if head.is_event() { (self.take)(head, found) } else { self.within(found, depth) }
            }
            Some(b'"') => self.packed(found),
            _ => {
                self.notes.add("parts skipped", "a part that is no event was skipped");
                Ok(())
            }
        }
    }

    /// The values in an array, or in the arrays of an object.
    fn within(&mut self, found: &Found<'_>, depth: usize) -> Result<(), Error> {
        let mut splitter = Splitter::new(open(self.source, found)?, wrapped);
        let mut window = found.window.map(str::to_owned);
        while let Some(piece) = splitter.next().map_err(self.source.failed())? {
            if let Some(named) = named_window(&piece) {
                window = Some(named);
                continue;
            }
            let own = match piece.path {
                [.., parent, last] if parent == BY_WINDOW => Some(last.as_str()),
                _ => window.as_deref(),
            };
            let place = found.place.start + piece.place.start..found.place.start + piece.place.end;
            let before = self.lines;
            self.lines += piece.line.saturating_sub(1);
            self.value(&Found { bytes: piece.bytes, place, window: own }, depth)?;
            self.lines = before;
        }
        if matches!(splitter.ending(), Ending::Cut | Ending::Broken) {
            let line = self.lines.saturating_add(splitter.line());
            self.notes.add("cuts", format_args!("not read beyond line {line}: it is cut off, or no JSON"));
        }
        Ok(())
    }

    /// An event that was compressed and written as a string of characters below 256.
    fn packed(&mut self, found: &Found<'_>) -> Result<(), Error> {
        let text = found.bytes.and_then(|bytes| json::parse(bytes).ok());
        let packed = text.as_ref().and_then(serde_json::Value::as_str).and_then(unpack);
        drop(text);
        let mut bytes = Vec::new();
        let read = packed.map(|packed| packed.take(UNPACKED).read_to_end(&mut bytes));
        match read {
            Some(Ok(_)) => {
                let inner = Found { bytes: Some(&bytes), place: 0..bytes.len() as u64, window: found.window };
                let head = head(self.source, &inner)?;
                if head.is_event() { (self.take)(head, &inner) } else { Ok(()) }
            }
            _ => {
                self.notes.add("parts skipped", "a string that is no packed event was skipped");
                Ok(())
            }
        }
    }
}

/// Bytes behind a string of characters below 256, unpacked as they are read.
pub(super) fn unpack(text: &str) -> Option<Box<dyn Read>> {
    let bytes: Option<Vec<u8>> = text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
    let bytes = bytes?;
    let start = *bytes.first_chunk::<2>()?;
    let packed = Cursor::new(bytes);
    Some(match start {
        [0x1f, 0x8b] => Box::new(GzDecoder::new(packed).take(PASSED)),
        [0x78, _] => Box::new(ZlibDecoder::new(packed).take(PASSED)),
        _ => return None,
    })
}

/// The id of a window: a member of the wrapper, or what comes before the event in a pair.
fn named_window(piece: &Piece<'_>) -> Option<String> {
    let key = piece.path.last().map(String::as_str);
    let member = piece.number == 0 && matches!(key, Some("window_id" | "windowId"));
    let bytes = piece.bytes.filter(|bytes| bytes.len() < 200)?;
    let before = piece.number == 1 && piece.path.is_empty() && bytes.first() == Some(&b'"');
    let text: String = (member || before).then(|| serde_json::from_slice(bytes).ok()).flatten()?;
    (!text.starts_with(['x', '\u{1f}']) || text.is_ascii()).then_some(text)
}

fn wrapped(path: &[String], first: u8) -> Want {
    let key = path.last().map(String::as_str);
    let by_window = path.len() >= 2 && path[path.len() - 2] == BY_WINDOW;
    match (first, key) {
        (b'[', None) => Want::Elements,
        (b'[', Some(key)) if by_window || LISTS.contains(&key) => Want::Elements,
        (b'{', _) if path.len() < 3 => Want::Enter,
        (b'"', Some("window_id" | "windowId")) => Want::Whole,
        _ => Want::Skip,
    }
}

/// A reader of a value.
pub(super) fn open<'b>(source: &Source, found: &Found<'b>) -> Result<Box<dyn Read + 'b>, Error> {
    Ok(match found.bytes {
        Some(bytes) => Box::new(bytes),
        None => Box::new(stretch(source, found.place.clone())?),
    })
}

/// A stretch of the file that does not borrow the source.
fn stretch(source: &Source, place: Range<u64>) -> Result<impl Read + use<>, Error> {
    use std::io::{Seek as _, SeekFrom};
    let mut reader = source.reader()?;
    reader.seek(SeekFrom::Start(place.start)).map_err(source.failed())?;
    Ok(reader.take(place.end - place.start))
}

fn first(source: &Source, found: &Found<'_>) -> Result<Option<u8>, Error> {
    let mut start = [0; 64];
    let mut reader = open(source, found)?;
    let length = reader.read(&mut start).map_err(source.failed())?;
    let start = start[..length].strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start[..length]);
    Ok(start.trim_ascii_start().first().copied())
}

/// The members by which an event is known, wherever in it they stand.
fn head(source: &Source, found: &Found<'_>) -> Result<Head, Error> {
    let mut data = false;
    let mut splitter = Splitter::new(open(source, found)?, |path, first| {
        let keys: Vec<_> = path.iter().map(String::as_str).collect();
        data |= keys == ["data"];
        match (&keys[..], first) {
            ([] | ["data"], b'{') => Want::Enter,
            (["type" | "timestamp" | "windowId" | "cv"] | ["data", "source"], _) => Want::Whole,
            _ => Want::Skip,
        }
    });
    let mut head = Head::default();
    while let Some(piece) = splitter.next().map_err(source.failed())? {
        let Some(Ok(value)) = piece.bytes.filter(|bytes| bytes.len() < 200).map(json::parse) else { continue };
        match piece.path {
            [key] if key == "type" => head.kind = value.as_u64(),
            [key] if key == "timestamp" => head.timestamp = json::as_number(&value),
            [key] if key == "windowId" => head.window = value.as_str().map(str::to_owned),
            [key] if key == "cv" => head.packed = true,
            [_, _] => head.source = value.as_u64(),
            _ => {}
        }
    }
    drop(splitter);
    head.data = data;
    Ok(head)
}

/// Whether the beginning of a file holds an event, in whatever wrapper.
pub(super) fn begins_with_event(head: &[u8]) -> bool {
    let source = Source::new("".as_ref(), head.len() as u64, Vec::new());
    let mut notes = Notes::new(&source);
    let mut met = false;
    let mut take = |_: Head, _: &Found<'_>| {
        met = true;
        Ok(())
    };
    let mut walker = Walker { source: &source, notes: &mut notes, take: &mut take, lines: 0 };
    let line = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty());
    for text in [line.unwrap_or_default(), head] {
        // What fails is cut off, which is nothing against what came before.
        let _ = walker.value(&Found { bytes: Some(text), place: 0..text.len() as u64, window: None }, DEPTH);
    }
    met
}

/// Whether a file is lines rather than one document: its first line is a value, and not all.
fn is_lines(source: &Source) -> Result<bool, Error> {
    let mut input = source.reader()?;
    let mut line = Vec::new();
    let Some(length) = ndjson::next_line(&mut input, &mut line).map_err(source.failed())? else { return Ok(false) };
    let text = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line).trim_ascii();
    if line.len() as u64 == length && !is_value(text) {
        return Ok(false);
    }
    let mut more = [0; 64];
    let count = input.read(&mut more).map_err(source.failed())?;
    Ok(!more[..count].trim_ascii().is_empty())
}

fn is_value(text: &[u8]) -> bool {
    serde_json::from_slice::<&serde_json::value::RawValue>(text).is_ok() || json::parse(text).is_ok()
}
