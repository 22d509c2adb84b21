//! No file makes an importer panic or hang: every golden input is read again, broken in many small ways.
//!
//! The breaks follow from a fixed seed, so that a failure comes back; the message names the file it was.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use common::Dice;
use sealcast::import::{ImportOptions, import};
use sealcast::limits::Bodies;
use sealcast::sink::Sink;

/// Broken copies of each file.
const COPIES: u64 = 12;
/// Bytes of a file beyond which it is passed over: media, and what is long for another reason.
const LARGE: usize = 40_000;
/// What is put in.
const TOKENS: [&[u8]; 25] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b",",
    b":",
    b"null",
    b"-1",
    b"1e999",
    b"18446744073709551616",
    b"\\ud800",
    b"\x00",
    b"\xff\xfe",
    b"\n",
    b"0",
    b"\"x\":",
    b"[[[[[[",
    b"\"type\":2,",
    b"\xe2\x80\xae",
    b"x\x9c",
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    b"\"_file\":\"../x\",",
];

fn inputs() -> Vec<PathBuf> {
    let text = |path: &PathBuf| {
        let bytes = fs::read(path).unwrap();
        bytes.len() < LARGE && !path.ends_with("expected.json") && !path.ends_with("options.json")
    };
    let mut found: Vec<_> = walkdir::WalkDir::new("tests/import")
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file())
        .filter(text)
        .collect();
    found.sort();
    found
}

fn broken(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=dice.below(4) {
        if out.is_empty() {
            break;
        }
        let stretch = dice.stretch(out.len(), 40);
        match dice.below(7) {
            0 => out.truncate(stretch.start),
            1 => drop(out.drain(stretch)),
            2 => {
                let copy = out[stretch.clone()].to_vec();
                out.splice(stretch.start..stretch.start, copy.repeat(1 + dice.below(30)));
            }
            3 => {
                let flip = 1 << dice.below(8);
                out[stretch.start] ^= flip;
            }
            4 if !other.is_empty() => {
                let theirs = dice.stretch(other.len(), 40);
                out.splice(stretch, other[theirs].iter().copied());
            }
            5 => {
                let digits = out.iter().position(u8::is_ascii_digit);
                if let Some(at) = digits {
                    out.splice(at..=at, dice.of(&TOKENS).iter().copied());
                }
            }
            _ => {
                let token = dice.of(&TOKENS).repeat(1 + dice.below(3));
                out.splice(stretch.start..stretch.start, token);
            }
        }
    }
    out
}

/// Reads a file as a user would name it, and all that comes of it.
fn read(path: &Path, choice: usize) {
    let mut options = ImportOptions::default();
    let file = Some(path.to_path_buf());
    match choice {
        0 => options.har = file,
        1 => options.console = file,
        2 => options.actions = file,
        3 => options.backend = file,
        _ => options.inputs = vec![path.to_path_buf()],
    }
    let mut sink = Sink::new(Bodies::Text, [true; 4]);
    let recording = match import(&options, &mut sink) {
        Ok(recording) => recording,
        Err(error) => {
            assert!(matches!(error.exit_code(), 3 | 4), "{error}");
            assert!(error.hint().is_some(), "{error}");
            return;
        }
    };
    for event in sink.merge(recording.clock.zero.unwrap_or(0.0)).unwrap() {
        let event = event.unwrap();
        assert!(event.time.is_none_or(f64::is_finite));
        assert!(serde_json::from_slice::<serde_json::Value>(&event.row).unwrap().is_object());
        assert!(serde_json::from_slice::<serde_json::Value>(&event.detail).unwrap().is_object());
    }
}

#[test]
fn no_broken_file_stops_an_importer() {
    let files = inputs();
    assert!(files.len() > 60, "{}", files.len());
    let folder = tempfile::tempdir().unwrap();
    let mut dice = Dice(0x5ea1_ca57);
    let mut failed = Vec::new();
    for file in &files {
        let bytes = fs::read(file).unwrap();
        let other = fs::read(&files[dice.below(files.len())]).unwrap();
        for copy in 0..COPIES {
            let path = folder.path().join(file.file_name().unwrap());
            let text = if copy == 0 { bytes.clone() } else { broken(&bytes, &other, &mut dice) };
            fs::write(&path, &text).unwrap();
            let choice = dice.below(12);
            let outcome = catch_unwind(AssertUnwindSafe(|| read(&path, choice)));
            if outcome.is_err() {
                let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mutation-{}", failed.len()));
                fs::write(&kept, &text).unwrap();
                failed.push(format!("{} (choice {choice}), broken as {}", file.display(), kept.display()));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
