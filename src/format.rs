//! Holds FORMAT.md, the writer's constants and the reader's in the page against each other.

use std::collections::BTreeMap;

use crate::blocks::BLOCK_BYTES;
use crate::header::{FORMAT_VERSION, HEADER_LIMIT, KDF_ITERATIONS, KDF_ITERATIONS_MAX, KDF_ITERATIONS_MIN};
use crate::layout::{DATA_BLOCK_BYTES, INLINE_LOG_BYTES};
use crate::marks::MARK_LIMIT;
use crate::media::KEYFRAME_LIMIT;
use crate::seal::{CHECK_BYTES, CHUNK_BYTES, COMMITMENT_BYTES, KEY_BYTES, KEY_CHARS, SALT_BYTES, TAG_BYTES};

/// The numbers that FORMAT.md's table gives.
fn documented() -> BTreeMap<&'static str, u64> {
    let text = include_str!("../FORMAT.md");
    let table =
        text.split("## Numbers").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("there is such a section");
    let row = |line: &'static str| {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let name = cells.next()?.trim_matches('`');
        Some((name, cells.next()?.parse().ok()?))
    };
    table.lines().filter_map(row).collect()
}

#[test]
fn the_writer_keeps_to_the_document() {
    let written = [
        ("FORMAT_VERSION", u64::from(FORMAT_VERSION)),
        ("HEADER_LIMIT", HEADER_LIMIT as u64),
        ("DATA_BLOCK_BYTES", DATA_BLOCK_BYTES as u64),
        ("BLOCK_BYTES", BLOCK_BYTES as u64),
        ("INLINE_LOG_BYTES", INLINE_LOG_BYTES),
        ("KEYFRAME_LIMIT", KEYFRAME_LIMIT as u64),
        ("MARK_LIMIT", MARK_LIMIT as u64),
        ("CHUNK_BYTES", CHUNK_BYTES as u64),
        ("TAG_BYTES", TAG_BYTES as u64),
        ("SALT_BYTES", SALT_BYTES as u64),
        ("COMMITMENT_BYTES", COMMITMENT_BYTES as u64),
        ("KEY_BYTES", KEY_BYTES as u64),
        ("KEY_CHARS", KEY_CHARS as u64),
        ("CHECK_BYTES", CHECK_BYTES as u64),
        ("KDF_ITERATIONS", KDF_ITERATIONS.into()),
        ("KDF_ITERATIONS_MIN", KDF_ITERATIONS_MIN.into()),
        ("KDF_ITERATIONS_MAX", KDF_ITERATIONS_MAX.into()),
    ];
    assert_eq!(BTreeMap::from(written), documented());
}

#[test]
fn the_page_keeps_to_the_document() {
    let documented = documented();
    let mut found = Vec::new();
    for (name, text) in crate::assets::MODULES {
        for line in text.lines() {
            let Some((constant, value)) = constant(line) else { continue };
            if let Some(expected) = documented.get(constant) {
                assert_eq!(value, *expected, "{name}: {constant}");
                found.push(constant);
            }
        }
    }
    found.sort_unstable();
    let expected = [
        "BLOCK_BYTES",
        "CHECK_BYTES",
        "CHUNK_BYTES",
        "COMMITMENT_BYTES",
        "DATA_BLOCK_BYTES",
        "FORMAT_VERSION",
        "HEADER_LIMIT",
        "KDF_ITERATIONS_MAX",
        "KDF_ITERATIONS_MIN",
        "KEY_BYTES",
        "SALT_BYTES",
        "TAG_BYTES",
    ];
    assert_eq!(found, expected);
}

/// Name and value of a constant's definition.
fn constant(line: &str) -> Option<(&str, u64)> {
    let (name, value) = line.trim_start_matches("export ").strip_prefix("const ")?.split_once(" = ")?;
    Some((name, value.trim_end_matches(';').replace('_', "").parse().ok()?))
}
