//! Server logs of `key=value` pairs.

use serde_json::{Map, Value};

use super::intake::{Intake, Notes, Unread};
use super::source::Source;
use super::{backend, dates, words};
use crate::event::{Event, EventTime};

/// Pairs of one line that are kept.
const PAIRS: usize = 500;
/// Keys of which one says what happened, and one how or when.
const SAID: [&str; 4] = ["msg", "message", "event", "error"];
const HOW: [&str; 9] = ["level", "lvl", "severity", "time", "ts", "t", "timestamp", "@timestamp", "at"];

/// Whether most lines are pairs that loggers write.
pub(super) fn sniff(source: &Source) -> bool {
    let lines = words::first(source);
    let filled: Vec<_> = lines.iter().filter(|line| !line.trim().is_empty()).collect();
    let logged = filled.iter().filter(|line| is_logged(&pairs(line))).count();
    logged > 0 && logged * 2 > filled.len()
}

fn is_logged(pairs: &Map<String, Value>) -> bool {
    let has = |keys: &[&str]| keys.iter().any(|key| pairs.contains_key(*key));
    has(&SAID) && has(&HOW)
}

pub(super) fn read(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    let mut notes = Notes::new(source);
    let mut own = Notes::new(source);
    let mut used = 0_u64;
    let mut number = 0_u64;
    words::lines(source, &mut notes, |line| {
        number += 1;
        let pairs = pairs(line);
        if pairs.is_empty() {
            if !line.trim().is_empty() {
                own.add("lines skipped", format_args!("line {number} was skipped: it has no key=value pairs"));
            }
            return Ok(());
        }
        let record = Value::Object(pairs);
        let (time, zoneless) = dates::of_record(&record);
        // What is named `t` here is a clock's.
        let time = if matches!(time, EventTime::Offset(_)) { EventTime::Unknown } else { time };
        own.time(time, zoneless);
        used += 1;
        intake.push(Event::new(time, backend::row_of(&record), record))
    })?;
    if used == 0 {
        return Err(Unread::Skip("it holds no lines of key=value pairs".into()));
    }
    notes.finish(intake);
    own.finish(intake);
    intake.used(source, "logfmt", &["backend"]);
    Ok(())
}

/// The pairs of a line. What stands between them and is none, such as a date before the first, is passed over.
fn pairs(line: &str) -> Map<String, Value> {
    let mut map = Map::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() && map.len() < PAIRS {
        let end = rest.find(|letter: char| letter.is_whitespace() || letter == '=').unwrap_or(rest.len());
        let (key, tail) = rest.split_at(end);
        rest = match tail.strip_prefix('=') {
            Some(tail) if is_key(key) => {
                let (value, tail) = value(tail);
                map.entry(key).or_insert(value.into());
                tail
            }
            Some(tail) => tail,
            None => tail,
        }
        .trim_start();
    }
    map
}

fn is_key(key: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-@/$".contains(&byte);
    !key.is_empty() && key.bytes().all(letter) && key.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// A value, in quotes or up to the next blank, and what follows it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut out = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (out, &quoted[at + 1..]),
            '\\' => match letters.next().map(|(_, escaped)| escaped) {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some(other) => out.push(other),
                None => {}
            },
            other => out.push(other),
        }
    }
    (out, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pairs_of_every_form() {
        for (line, expected) in [
            ("a=1 b=\"two words\" c= d", json!({"a": "1", "b": "two words", "c": ""})),
            (
                "Nov 21 host app[7]: level=info msg=\"say \\\"hi\\\"\\n\"",
                json!({"level": "info", "msg": "say \"hi\"\n"}),
            ),
            ("url=http://a/?b=c ==x =y 7=8", json!({"url": "http://a/?b=c"})),
            ("a=\"open", json!({"a": "open"})),
            ("a=\"\\", json!({"a": ""})),
            ("a=1 a=2", json!({"a": "1"})),
            ("ä=1 b=ä", json!({"b": "ä"})),
        ] {
            assert_eq!(Value::Object(pairs(line)), expected, "{line}");
        }
    }
}
