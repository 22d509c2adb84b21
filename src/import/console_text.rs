//! What "Save as" of the console of Chrome's developer tools writes: `file:line message`, and below it what belongs
//! to the message. It tells no levels, and times of day at most.

mod clock;

use clock::Days;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::intake::{Intake, Notes, Unread};
use super::source::Source;
use super::{console, dates, words};
use crate::error::Error;
use crate::event::Event;

/// Bytes of one message that are kept.
const MESSAGE: usize = 256 * 1024;
/// Frames of one message that are kept.
const FRAMES: usize = 200;
/// Endings of what pages are made of.
const ENDINGS: [&str; 14] =
    [".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".vue", ".svelte", ".html", ".htm", ".css", ".php", ".ico", ".wasm"];

/// Most first lines name a place in a page's sources, or belong to one that does.
pub(super) fn sniff(source: &Source) -> bool {
    let lines = words::first(source);
    let filled: Vec<_> = lines.iter().map(String::as_str).filter(|line| !line.trim().is_empty()).collect();
    let starts = filled.iter().filter(|line| start(line).is_some_and(|start| is_script(start.file))).count();
    let other = filled.iter().filter(|line| frame(line).is_some() || line.starts_with("    at ")).count();
    starts > 0 && (starts + other) * 2 > filled.len()
}

fn is_script(file: &str) -> bool {
    let bare = file.split(['?', '#']).next().unwrap_or(file);
    let nameless = ["(index)", "(anonymous)", "<anonymous>"].contains(&bare) || bare.ends_with('/');
    let number = bare.strip_prefix("VM").is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
    nameless || number || ENDINGS.iter().any(|ending| bare.ends_with(ending))
}

pub(super) fn read(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    let mut notes = Notes::new(source);
    // Messages that were never scrolled into view have no place. Where none has, each line is a message.
    let placed = words::first(source).iter().any(|line| start(line).is_some());
    let mut message: Option<Message> = None;
    let mut used = 0;
    let mut own = Notes::new(source);
    let mut clocks = Clocks::of(source, &mut own)?;
    words::lines(source, &mut notes, |line| {
        if let Some(open) = &mut message
            && start(line).is_none()
            && (placed || belongs(line))
        {
            open.add(line);
            return Ok(());
        }
        if line.trim().is_empty() {
            return Ok(());
        }
        used += 1;
        message.replace(Message::of(line)).map_or(Ok(()), |done| clocks.push(done, &mut own, intake))
    })?;
    let Some(last) = message else { return Err(Unread::Skip("it holds no messages".into())) };
    clocks.push(last, &mut own, intake)?;
    notes.finish(intake);
    own.finish(intake);
    intake.used(source, "console-text", &["console"]);
    Ok(())
}

/// Where the messages' times of day lie.
struct Clocks {
    days: Days,
    /// Midnight before the first, in ms since 1970, where it is known.
    midnight: Option<f64>,
}

impl Clocks {
    /// Reads the clocks of a file, if it has any.
    fn of(source: &Source, notes: &mut Notes) -> Result<Self, Error> {
        let mut clocks = Self { days: Days::default(), midnight: None };
        if !words::first(source).iter().any(|line| start(line).is_some_and(|start| start.clock.is_some())) {
            return Ok(clocks);
        }
        if let Some(saved) = clock::saved(&source.place) {
            let mut days = Days::default();
            words::lines(source, &mut Notes::new(source), |line| {
                start(line).and_then(|start| days.pass(start.clock?));
                Ok(())
            })?;
            clocks.midnight = days.last.and_then(|last| clock::first_midnight(last, saved, &TimeZone::system()));
        }
        let words = if clocks.midnight.is_some() {
            "its times of day were read by the time in its name and the time zone of this computer"
        } else {
            "its times of day are not used: its name does not tell when it was saved, or that was in another time zone"
        };
        notes.add("clocks", words);
        Ok(clocks)
    }

    fn push(&mut self, message: Message, notes: &mut Notes, intake: &mut Intake<'_>) -> Result<(), Error> {
        let time = message.clock.as_deref().and_then(|clock| self.days.pass(clock));
        let time = dates::at(time.zip(self.midnight).map(|(time, midnight)| midnight + time));
        notes.time(time, false);
        let record = message.record();
        intake.push(Event::new(time, console::row_of(&record), record))
    }
}

/// The beginning of a message.
struct Start<'l> {
    clock: Option<&'l str>,
    file: &'l str,
    place: &'l str,
    text: &'l str,
}

/// A line that begins with a place, after the time of day where the console was told to show it.
fn start(line: &str) -> Option<Start<'_>> {
    let (clock, rest) = match line.split_once(' ') {
        Some((first, rest)) if is_clock(first) => (Some(first), rest),
        _ => (None, line),
    };
    let (place, text) = rest.split_once(' ')?;
    let file = file_of(place)?;
    Some(Start { clock, file, place, text })
}

/// `HH:MM:SS.mmm`.
fn is_clock(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.len() >= 8 && text.split([':', '.']).count() >= 3 && text.split([':', '.']).all(digits)
}

/// The file of `file:line` or `file:line:column`.
fn file_of(place: &str) -> Option<&str> {
    let number = |text: &str| !text.is_empty() && text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (file, _) = place.rsplit_once(':').filter(|(_, last)| number(last))?;
    let file = file.rsplit_once(':').filter(|(_, line)| number(line)).map_or(file, |(file, _)| file);
    // A number alone is a time or a port, not a place.
    (!file.is_empty() && !number(file)).then_some(file)
}

/// A line of a stack: `function @ file:line`.
fn frame(line: &str) -> Option<(&str, &str)> {
    let (name, place) = line.rsplit_once(" @ ")?;
    file_of(place.trim()).map(|_| (name.trim(), place.trim()))
}

fn belongs(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with([' ', '\t']) || frame(line).is_some() || line == "Promise.then"
}

#[derive(Debug, Default)]
struct Message {
    clock: Option<String>,
    place: Option<String>,
    text: String,
    frames: Vec<Value>,
}

impl Message {
    fn of(line: &str) -> Self {
        let Some(start) = start(line) else { return Self { text: clip(line).into(), ..Self::default() } };
        Self {
            clock: start.clock.map(str::to_owned),
            place: Some(start.place.to_owned()),
            text: clip(start.text).to_owned(),
            frames: Vec::new(),
        }
    }

    fn add(&mut self, line: &str) {
        if let Some((name, place)) = frame(line) {
            self.frame(name, place);
        } else if is_async(line) && !self.frames.is_empty() {
            // Where a stack goes on across a wait; frames alone are shown.
        } else if self.text.len() + line.len() < MESSAGE {
            self.text.push('\n');
            self.text.push_str(line);
        }
    }

    fn frame(&mut self, name: &str, place: &str) {
        if self.frames.len() >= FRAMES {
            return;
        }
        let file = file_of(place).unwrap_or(place);
        let mut numbers = place[file.len()..].split(':').filter_map(|number| number.parse::<u64>().ok());
        let mut frame = Map::from_iter([("functionName".to_owned(), json!(name)), ("url".to_owned(), json!(file))]);
        // Protocols count from 0, what is written for people from 1.
        for key in ["lineNumber", "columnNumber"] {
            if let Some(number) = numbers.next() {
                frame.insert(key.into(), number.saturating_sub(1).into());
            }
        }
        self.frames.push(frame.into());
    }

    /// The message as one of our own lines.
    fn record(self) -> Value {
        let text = self.text.trim_end();
        let (level, kind) = guess(text);
        let mut record =
            Map::from_iter([("level".to_owned(), json!(level)), ("text".to_owned(), json!(text.trim_start()))]);
        if let Some(kind) = kind {
            record.insert("type".into(), kind.into());
        }
        if let Some(place) = self.place {
            record.insert("location".into(), location(&place));
        }
        if let Some(clock) = self.clock {
            record.insert("clock".into(), clock.into());
        }
        if !self.frames.is_empty() {
            record.insert("stackTrace".into(), json!({ "callFrames": self.frames }));
        }
        record.into()
    }
}

/// `file:line` or `file:line:column`, taken apart.
fn location(place: &str) -> Value {
    let file = file_of(place).unwrap_or(place);
    let mut numbers = place[file.len()..].split(':').filter_map(|number| number.parse::<u64>().ok());
    let mut location = Map::from_iter([("url".to_owned(), json!(file))]);
    for key in ["line", "column"] {
        if let Some(number) = numbers.next() {
            location.insert(key.into(), number.into());
        }
    }
    location.into()
}

fn clip(text: &str) -> &str {
    &text[..text.floor_char_boundary(MESSAGE)]
}

/// Names of what joins two parts of a stack.
fn is_async(line: &str) -> bool {
    matches!(line.trim(), "Promise.then" | "Promise.catch" | "Promise.finally" | "await in (anonymous)")
        || ["await in ", "setTimeout", "setInterval", "requestAnimationFrame", "queueMicrotask"]
            .iter()
            .any(|start| line.trim().starts_with(start))
}

/// The level is not told; some messages can only be errors. Requests that failed begin with a blank and the method.
fn guess(text: &str) -> (&'static str, Option<&'static str>) {
    let words: Vec<_> = text.split(' ').take(3).collect();
    let request =
        matches!(words[..], ["", verb, url] if verb.bytes().all(|b| b.is_ascii_uppercase()) && url.contains("://"));
    if request || text.starts_with("Failed to load resource") {
        return ("error", Some("network"));
    }
    if text.starts_with("Uncaught ") {
        return ("error", Some("javascript"));
    }
    let error = ["Assertion failed", "Access to fetch at", "Access to XMLHttpRequest at", "Refused to "];
    let warning = ["[Deprecation]", "[Violation]", "[Intervention]", "DevTools failed to load source map"];
    if error.iter().any(|start| text.starts_with(start)) {
        ("error", None)
    } else if warning.iter().any(|start| text.starts_with(start)) {
        ("warn", None)
    } else {
        ("info", None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_clocks() {
        for (line, file, text) in [
            ("app.js:1 hi", Some("app.js"), "hi"),
            ("12:00:59.123 app.js:1:9 hi", Some("app.js"), "hi"),
            ("http://a:80/x.js:3  GET", Some("http://a:80/x.js"), " GET"),
            ("(index):7 x", Some("(index)"), "x"),
            ("12:30 lunch", None, ""),
            ("a: b", None, ""),
            ("x.js:1", None, ""),
            ("    at f (app.js:1:2)", None, ""),
        ] {
            let start = start(line);
            assert_eq!(start.as_ref().map(|start| start.file), file, "{line}");
            assert_eq!(start.map(|start| start.text).unwrap_or_default(), text, "{line}");
        }
        assert_eq!(frame("a b @ x.js:3"), Some(("a b", "x.js:3")));
        assert_eq!(frame("mail @ home"), None);
    }
}
