//! Documents cut anywhere.

use super::*;
use crate::json::room::Room;

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

#[test]
fn places_are_those_in_the_document_and_arrays_can_be_left() {
    let text = "{ \"log\" : {\"entries\": [ {\"a\":1} ,[2,\"]\",[3]], 4], \"z\": 5}}";
    for step in [1, 3, 1000] {
        let mut splitter = Splitter::new(Drip(text.as_bytes(), step), entries);
        let mut found = Vec::new();
        while let Some(piece) = splitter.next().unwrap() {
            let place = usize::try_from(piece.place.start).unwrap()..usize::try_from(piece.place.end).unwrap();
            assert_eq!(piece.bytes.unwrap(), &text.as_bytes()[place.clone()]);
            found.push(&text[place]);
            if piece.number == 1 {
                splitter.leave_array().unwrap();
            }
        }
        assert_eq!((found, splitter.ending()), (vec!["{\"a\":1}", "5"], Ending::Whole), "{step} bytes at a time");
    }
}

/// The same as [`split`] gives, of which elements are read without a look for their ends where they can be.
fn split_ahead(text: &str, step: usize) -> (Vec<String>, usize, Ending) {
    let mut splitter = Splitter::new(Drip(text.as_bytes(), step), entries);
    let (mut out, mut read) = (Vec::new(), 0);
    loop {
        let ahead = splitter.ahead("entries").unwrap();
        let element = ahead.and_then(|bytes| {
            let (_, length) = Room::default().first(bytes)?;
            Some(String::from_utf8_lossy(&bytes[..length]).into_owned())
        });
        if let Some(element) = element {
            let (number, line) = splitter.pass(element.len());
            out.push(format!("log.entries#{number}@{line} {element}"));
            read += 1;
        } else if let Some(piece) = splitter.next().unwrap() {
            let bytes = piece.bytes.map_or("too large".into(), String::from_utf8_lossy);
            out.push(format!("{}#{}@{} {bytes}", piece.path.join("."), piece.number, piece.line));
        } else {
            return (out, read, splitter.ending());
        }
    }
}

#[test]
fn elements_that_are_read_at_once_are_the_same() {
    let long = "x".repeat(AHEAD);
    let text = format!(
        "{{\"log\":{{\"other\":[{{\"a\":0}}],\"entries\":[{{\"a\":1}},\n7,{{\"a\":\"{long}\"}},\n\n\
         {{\"b\":[2,\n{{\"c\":\"]\"}}]}},[3],{{\"d\" 4}},{{\"e\":5}}],\"creator\":{{}}}}}}"
    );
    for step in [7, 1000, 1 << 20] {
        let (pieces, ending) = split(&text, step);
        let (ahead, read, ended) = split_ahead(&text, step);
        assert!(ahead == pieces, "{step} bytes at a time: {} pieces, {}", ahead.len(), pieces.len());
        // The walk is within the array once it gave the first one.
        assert_eq!((read, ended), (2, ending));
    }
    for end in (0..200).chain(text.len() - 80..text.len()) {
        let (pieces, ending) = split(&text[..end], 1000);
        let (ahead, _, ended) = split_ahead(&text[..end], 1000);
        assert!((ahead, ended) == (pieces, ending), "{end}");
    }
}
