//! Inputs damaged in every way chance finds: whatever they have become, importing ends, and without a panic.
//!
//! The cases of `tests/import` are the corpus, and the seed is fixed, so that a run that fails fails again. What is
//! damaged is kept as `target/tmp/mutation` until the next.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sealcast::import::{ImportOptions, import};
use sealcast::limits::Bodies;
use sealcast::sink::Sink;

/// Time for all, and for the slowest of them.
const ALL: Duration = Duration::from_secs(4);
const ONE: Duration = Duration::from_secs(5);
/// Larger inputs would take the time of many small ones.
const LARGEST: u64 = 32 * 1024;
/// What means something to some reader.
const TOKENS: [&[u8]; 16] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b",",
    b":",
    b"null",
    b"-1e999",
    b"\"_file\":\"../x\",",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    b"\0",
];

/// Numbers that look random (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap()
    }
}

fn mutated(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(4) {
        let place = dice.below(bytes.len());
        let end = place + dice.below((bytes.len() - place).min(200));
        match dice.below(6) {
            0 if !bytes.is_empty() => bytes[place] ^= 1 << dice.below(8),
            1 => bytes.truncate(place),
            2 => drop(bytes.drain(place..end)),
            3 => drop(bytes.splice(place..place, TOKENS[dice.below(TOKENS.len())].iter().copied())),
            4 => {
                let stretch = bytes[place..end].to_vec();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, stretch);
            }
            _ => bytes[place..end].fill(u8::try_from(dice.below(256)).unwrap()),
        }
    }
    bytes
}

fn corpus() -> Vec<PathBuf> {
    let files =
        walkdir::WalkDir::new("tests/import").sort_by_file_name().into_iter().map(|entry| entry.unwrap().into_path());
    let is_input = |path: &PathBuf| {
        path.is_file() && !path.ends_with("expected.json") && fs::metadata(path).unwrap().len() <= LARGEST
    };
    files.filter(is_input).collect()
}

fn read(path: &Path) {
    let mut options = ImportOptions::default();
    options.inputs = vec![path.into()];
    let mut sink = Sink::new(Bodies::All, [true; 4]);
    let start = Instant::now();
    if let Err(error) = import(&options, &mut sink) {
        assert!(matches!(error.exit_code(), 3 | 4), "{error}");
        assert!(error.hint().is_some(), "{error}");
    } else {
        sink.merge(0.0).unwrap().for_each(|event| drop(event.unwrap()));
    }
    assert!(start.elapsed() < ONE, "{:?}", start.elapsed());
}

#[test]
fn damaged_inputs_end_in_words() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutation");
    fs::create_dir_all(&folder).unwrap();
    let corpus: Vec<_> = corpus().into_iter().map(|path| (fs::read(&path).unwrap(), path)).collect();
    assert!(corpus.len() > 100);
    let mut dice = Dice(0x5ea1_ca57);
    let start = Instant::now();
    let mut rounds = 0;
    while start.elapsed() < ALL {
        for (bytes, path) in &corpus {
            let path = folder.join(path.file_name().unwrap());
            fs::write(&path, mutated(bytes, &mut dice)).unwrap();
            read(&path);
            fs::remove_file(&path).unwrap();
        }
        rounds += 1;
    }
    assert!(rounds > 0);
}
