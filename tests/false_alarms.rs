//! On recordings whose secrets are known, `standard` takes out those and nothing else: the samples' pages, tokens and
//! cards were made up for them. Without the samples that part is skipped.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use common::printed;
use regex::Regex;
use serde_json::Value;

/// All that is secret in the samples.
const PLANTED: [&str; 6] = [
    "4242424242424242",
    "4242 4242 4242 4242",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ0ZXN0In0.c2ln",
    "hunter2!",
    "s%3Aabc123.def",
    "sk_test_51FAKEFAKEFAKE",
];

const RECORDINGS: [&str; 14] = [
    "alignment/pw-1.46",
    "bidi/bidi.ndjson",
    "cdp/cdp.ndjson",
    "cdp/chrome-har.har",
    "chrome-devtools/chrome-devtools-sanitized.har",
    "chrome-devtools/chrome-devtools.har",
    "har-playwright-modes/session-attach.har.zip",
    "neutral",
    "playwright-library-1.65/pw-console.ndjson",
    "playwright-library-1.65/session.har",
    "playwright-library-1.65/trace.zip",
    "playwright-older/1.46.0/trace.zip",
    "posthog/posthog-export-2023-04-28.json",
    "rrweb/rrweb-events.json",
];

/// The texts of a recording as it is written again, by their places.
fn texts(recording: &Path, level: &str, room: &Path) -> BTreeMap<String, String> {
    let share = room.join(format!("{level}.html"));
    let folder = room.join(level);
    let [recording, share, out] = [recording, &share, &folder].map(|path| path.to_str().unwrap());
    printed(&["export", recording, "-o", share, "--redact", level, "--expires", "never"]);
    printed(&["extract", share, "-o", out]);
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let lines = match name.rsplit_once('.').unwrap_or_default().1 {
            "ndjson" => fs::read_to_string(entry.path()).unwrap().lines().map(str::to_owned).collect(),
            "json" | "har" => vec![fs::read_to_string(entry.path()).unwrap()],
            _ => Vec::new(),
        };
        for (number, line) in lines.iter().enumerate() {
            leaves(&format!("{name}:{number}"), &serde_json::from_str(line).unwrap(), &mut found);
        }
    }
    found
}

fn leaves(place: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| leaves(&format!("{place}/{key}"), value, found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| leaves(&format!("{place}/{at}"), value, found));
        }
        Value::String(text) => drop(found.insert(place.into(), text.clone())),
        _ => {}
    }
}

/// What stood in place of the tags of a text.
fn taken(before: &str, after: &str, tags: &Regex) -> Vec<String> {
    let pieces: Vec<_> = tags.split(after).map(regex::escape).collect();
    let pattern = Regex::new(&format!("(?s)^{}$", pieces.join("(.*?)"))).unwrap();
    let found = pattern.captures(before).unwrap_or_else(|| panic!("{before}\nbecame {after}"));
    found.iter().skip(1).flatten().map(|part| part.as_str().to_owned()).collect()
}

#[test]
fn only_what_is_secret_goes() {
    let samples = std::env::var_os("SEALCAST_SAMPLES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/samples"), PathBuf::from);
    if !samples.is_dir() {
        eprintln!("not tested: no {}; SEALCAST_SAMPLES names the folder of samples", samples.display());
        return;
    }
    let tags = Regex::new(r"\[redacted [a-z0-9-]+#\d+\]|redacted-[a-z0-9-]+-\d+").unwrap();
    let mut all = BTreeSet::new();
    for name in RECORDINGS {
        let room = tempfile::tempdir().unwrap();
        let [before, after] = ["off", "standard"].map(|level| texts(&samples.join(name), level, room.path()));
        let changed = after.iter().filter(|(place, text)| before.get(*place) != Some(text) && tags.is_match(text));
        let left: Vec<_> =
            after.iter().filter(|(_, text)| PLANTED.iter().any(|secret| text.contains(secret))).collect();
        assert!(left.is_empty(), "{name}: {left:?}");
        let gone: BTreeSet<_> = changed.flat_map(|(place, text)| taken(&before[place], text, &tags)).collect();
        let alarms: Vec<_> = gone.iter().filter(|text| !PLANTED.contains(&text.as_str())).collect();
        assert!(alarms.is_empty(), "{name}: {alarms:?}");
        all.extend(gone.iter().cloned());
        eprintln!("{name}: {} texts, {} kinds of secrets gone", before.len(), gone.len());
    }
    assert!(all.len() >= PLANTED.len() - 1, "{all:?}");
}
