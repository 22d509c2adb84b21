//! Traces of Playwright: the zero they give a video, and what damage does to reading them.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::Dice;
use sealcast::import::{ImportOptions, import};
use sealcast::limits::Bodies;
use sealcast::recording::{ClockSource, Recording};
use sealcast::sink::Sink;

/// The samples, which are no part of the repository.
fn samples() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::env::var_os("SEALCAST_SAMPLES").map_or_else(|| root.join("../shared/samples"), PathBuf::from)
}

fn read(inputs: &[PathBuf]) -> Result<Recording, sealcast::Error> {
    let mut options = ImportOptions::default();
    options.inputs = inputs.to_vec();
    let mut sink = Sink::new(Bodies::Text, [true; 4]);
    import(&options, &mut sink)
}

/// The truth was measured: every frame of the video shows the time at which it was painted.
#[test]
fn a_traces_frames_say_when_its_video_begins() {
    for (version, truth, most) in [("1.65", 1_795_238_459_880.0, 100.0), ("1.46", 1_795_238_475_352.0, 700.0)] {
        let folder = samples().join(format!("alignment/pw-{version}"));
        if !folder.join("trace.zip").exists() {
            eprintln!("not tested: {} is missing; SEALCAST_SAMPLES names the folder of samples", folder.display());
            continue;
        }
        let file = |name: &str| folder.join(name);
        for (inputs, source) in [
            (vec![file("page.webm"), file("trace.zip"), file("session.har")], ClockSource::Trace),
            (vec![file("page.webm"), file("session.har")], ClockSource::HarPage),
        ] {
            let clock = read(&inputs).unwrap().clock;
            let error = clock.zero.unwrap() - truth;
            assert_eq!(clock.source, source);
            assert!(error.abs() <= most, "{version} by {}: {error} ms", source.name());
            assert!(error.abs() <= clock.uncertainty_ms.unwrap(), "{version}: {error} ms are more than it admits");
        }
    }
}

/// One share of each test, by names that every file system takes; one of all by its name; and frames survive a
/// share that is turned back into a recording.
#[test]
fn shares_of_tests_and_frames() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/playwright");
    let room = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sealcast"));
        let output = command.args(args).current_dir(room.path()).output().unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let several = cases.join("several-tests/input");
    let several = several.to_str().unwrap();
    let (code, _, said) = run(&["export", several]);
    assert_eq!(code, 3);
    assert!(said.contains("\n  orders list (orders-list)\n") && said.contains("--all"), "{said}");
    let (code, told, said) = run(&["export", several, "--all", "-o", "shares", "--json"]);
    assert_eq!(code, 0, "{said}");
    let objects = told.lines().filter(|line| serde_json::from_str::<serde_json::Value>(line).unwrap().is_object());
    assert_eq!(objects.count(), 3);
    for name in ["checkout-pays.html", "orders-list.html", "failed-early.html"] {
        assert!(room.path().join("shares").join(name).exists(), "{name}");
    }
    let trace = cases.join("archive/input.zip");
    assert_eq!(run(&["export", trace.to_str().unwrap(), "-o", "a.html"]).0, 0);
    assert_eq!(run(&["extract", "a.html", "-o", "back"]).0, 0);
    assert_eq!(run(&["export", "back", "-o", "b.html"]).0, 0);
    let frames = |page: &str| {
        let told: serde_json::Value = serde_json::from_str(&run(&["inspect", page, "--json"]).1).unwrap();
        let manifest = &told["manifest"];
        assert_eq!(manifest["frames"]["count"], 4);
        (manifest["started"].clone(), manifest["duration"].clone(), manifest["timeline"].clone())
    };
    assert_eq!(frames("a.html"), frames("b.html"));
}

/// Words that mean something to the reader, put where they do not belong.
const WORDS: [&[u8]; 12] = [
    b"\n",
    b"{",
    b"}",
    b"null",
    b"-1e308",
    b"1e999",
    b"\"callId\":[]",
    b"\"type\":\"action\"",
    b"../",
    b"\\ud800",
    b"internal:role=[",
    b"\xff\x00",
];

fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(8) {
        let at = dice.below(bytes.len());
        match dice.below(5) {
            0 => bytes.truncate(at),
            1 => drop(bytes.splice(at..at, dice.of(&WORDS).iter().copied())),
            2 => drop(bytes.drain(at..(at + dice.below(40)).min(bytes.len()))),
            3 if !bytes.is_empty() => bytes[at] ^= 1 << dice.below(8),
            _ => {
                let piece = bytes[at..(at + dice.below(400)).min(bytes.len())].to_vec();
                let to = dice.below(bytes.len());
                drop(bytes.splice(to..to, piece));
            }
        }
    }
}

/// Whatever a trace holds, it is read or refused.
#[test]
fn damaged_traces_neither_panic_nor_hang() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/playwright");
    let room = tempfile::tempdir().unwrap();
    let mut dice = Dice(0x5ea1_ca57);
    let cases = ["version-3/input", "version-4/input", "version-10/input", "test-run/input"];
    for round in 0..600 {
        let case = root.join(cases[round % cases.len()]);
        let folder = room.path().join(round.to_string());
        fs::create_dir_all(&folder).unwrap();
        for entry in fs::read_dir(&case).unwrap().flatten().filter(|entry| entry.path().is_file()) {
            let mut bytes = fs::read(entry.path()).unwrap();
            // Its first line is what makes it a trace.
            let start = bytes.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            let mut rest = bytes.split_off(start);
            damage(&mut rest, &mut dice);
            bytes.append(&mut rest);
            fs::write(folder.join(entry.file_name()), bytes).unwrap();
        }
        let _ = read(&[folder]);
        let mut archive = fs::read(root.join("archive/input.zip")).unwrap();
        damage(&mut archive, &mut dice);
        let file = room.path().join(format!("{round}.zip"));
        fs::write(&file, archive).unwrap();
        let _ = read(&[file]);
    }
}
