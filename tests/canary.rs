//! Plants secrets in every field of every format, and looks for them in every byte of what comes out.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "canary/plant.rs"]
mod plant;
#[path = "canary/recording.rs"]
mod recording;
#[path = "canary/secrets.rs"]
mod secrets;

use std::collections::HashSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::bufread::DeflateDecoder;
use plant::Bed;
use sealcast::bundle::{self, Panels, PartKind};
use sealcast::header::Header;
use sealcast::import::{IMPORTERS, ImportOptions, import};
use sealcast::limits::Bodies;
use sealcast::recording::MediaKind;
use sealcast::redact::{Config, Level, Redactor};
use sealcast::sink::Sink;
use secrets::{Secret, credential, personal, survivor};

fn children(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Inputs of the cases of an importer.
fn inputs(importer: &str) -> Vec<PathBuf> {
    let cases = children(&Path::new("tests/import").join(importer));
    let own = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("input"));
    cases.iter().flat_map(|case| children(case)).filter(own).collect()
}

/// All text of a share as the page reads it: the manifest, and each part inflated.
fn plaintext(input: &Path, level: Level) -> Result<Vec<u8>, sealcast::Error> {
    let mut options = ImportOptions::default();
    options.inputs.push(input.to_owned());
    let mut sink = Sink::new(Bodies::All, [true; 4]);
    sink.redact_with(Redactor::new(level, Config::default()));
    let mut recording = import(&options, &mut sink)?;
    if let Some(redactor) = sink.redactor() {
        redactor.recording(&mut recording)?;
    }
    let bundle = bundle::build(&recording, sink, Header::plain([7; 16], 1_800_000_000, 0), &Panels::default())?;
    let mut text = serde_json::to_vec(&bundle.manifest).unwrap();
    for part in &bundle.parts {
        let frames = bundle.manifest.frames.as_ref().is_some_and(|frames| frames.part == part.id);
        let mut bytes = Vec::new();
        part.open()?.read_to_end(&mut bytes).unwrap();
        match part.kind {
            PartKind::Log if !frames => inflate(&bytes, &mut text),
            PartKind::Index | PartKind::Media(MediaKind::Captions) => text.extend(bytes),
            _ => {}
        }
    }
    Ok(text)
}

fn inflate(mut blocks: &[u8], into: &mut Vec<u8>) {
    while !blocks.is_empty() {
        DeflateDecoder::new(&mut blocks).read_to_end(into).unwrap();
    }
}

/// What became of secrets in the files of a format.
#[derive(Default)]
struct Outcome {
    planted: usize,
    /// Those of each fifth place that a share without redaction would hold.
    carried: usize,
    leaks: Vec<String>,
}

/// Plants a secret in each kind of place of each file of a format.
fn tried(importer: &str, level: Level, draw: fn(usize) -> Secret) -> Outcome {
    let mut outcome = Outcome::default();
    let mut seen = HashSet::new();
    for input in inputs(importer) {
        let room = tempfile::tempdir().unwrap();
        let copy = room.path().join(input.file_name().unwrap());
        let files: Vec<_> = walkdir::WalkDir::new(&input)
            .into_iter()
            .map(Result::unwrap)
            .filter(|entry| entry.file_type().is_file())
            .collect();
        for file in &files {
            let to = copy.join(file.path().strip_prefix(&input).unwrap());
            let to = if input.is_file() { copy.clone() } else { to };
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(file.path(), to).unwrap();
        }
        for file in files {
            let Some(bed) = Bed::read(file.path()) else { continue };
            let to = if input.is_file() { copy.clone() } else { copy.join(file.path().strip_prefix(&input).unwrap()) };
            for place in bed.places() {
                if !seen.insert((file.file_name().to_owned(), place.clone())) {
                    continue;
                }
                outcome.planted += 1;
                let seed = outcome.planted + importer.len() * 1_000;
                let secret = draw(seed);
                fs::write(&to, bed.planted(&place, &secret.text)).unwrap();
                // Every fifth place is tried without redaction, to see that secrets there would come through.
                let open = || plaintext(&copy, Level::Off).is_ok_and(|text| survivor(&text, &secret.value).is_some());
                outcome.carried += usize::from(outcome.planted % 5 == 1 && open());
                let left = match plaintext(&copy, level) {
                    Ok(text) => survivor(&text, &secret.value),
                    Err(error) if error.to_string().contains("would still hold") => Some(error.to_string()),
                    Err(_) => None,
                };
                outcome
                    .leaks
                    .extend(left.map(|left| format!("{} {place}: {} in {left:?}", bed.path.display(), secret.text)));
            }
            fs::copy(file.path(), &to).unwrap();
        }
    }
    outcome
}

fn none_survives(level: Level, draw: fn(usize) -> Secret, least: usize) {
    let mut total = 0;
    let mut leaks = Vec::new();
    for importer in IMPORTERS {
        let outcome = tried(importer.name, level, draw);
        total += outcome.carried;
        leaks.extend(outcome.leaks);
    }
    assert!(leaks.is_empty(), "{} survive:\n{}", leaks.len(), leaks.join("\n"));
    assert!(total >= least, "only {total} of every fifth place come through without redaction");
}

#[test]
fn no_credential_survives_in_any_field_of_any_format() {
    none_survives(Level::Standard, credential, 80);
}

#[test]
fn no_personal_data_survives_when_strict() {
    none_survives(Level::Strict, personal, 80);
}

/// What can be read out of bytes: they themselves, the entries of an archive, what is in base64, what is deflated.
fn unfolded(bytes: Vec<u8>, all: &mut Vec<Vec<u8>>) {
    if let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(&bytes)) {
        for number in 0..archive.len() {
            let mut entry = Vec::new();
            archive.by_index(number).unwrap().read_to_end(&mut entry).unwrap();
            unfolded(entry, all);
        }
    }
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    for run in bytes.split(|byte| !is_base64(byte)).filter(|run| run.len() >= 64) {
        all.extend(BASE64_STANDARD.decode(run).ok().into_iter().flat_map(|clear| [inflated(&clear), clear]));
    }
    all.extend([inflated(&bytes), bytes]);
}

/// What of bytes is deflated, as far as it is.
fn inflated(mut bytes: &[u8]) -> Vec<u8> {
    let mut clear = Vec::new();
    while !bytes.is_empty() && DeflateDecoder::new(&mut bytes).read_to_end(&mut clear).is_ok() {}
    clear
}

#[test]
fn no_secret_is_in_any_byte_that_is_written() {
    let room = tempfile::tempdir().unwrap();
    let input = room.path().join("in");
    fs::create_dir(&input).unwrap();
    let mut draw = recording::Draw::default();
    recording::write(&input, &mut draw);
    let run = |args: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_sealcast")).current_dir(room.path()).args(args).output().unwrap();
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    };
    let mut leaks = Vec::new();
    let mut search = |place: &str, bytes: &[u8]| {
        let found =
            draw.0.iter().filter_map(|value| Some(format!("{place}: {value} in {:?}", survivor(bytes, value)?)));
        leaks.extend(found);
    };
    for out in ["s.html", "s.zip", "s"] {
        for seal in [&[][..], &["--encrypt"]] {
            let own = [
                "--note",
                "the key is AKIAQ3EGZZZ2B7YXW5TU",
                "--meta",
                "token=4eC39HqLyjWDarjtT1zdp7dc",
                "--force",
                "--json",
            ];
            let report = run(&[&["export", "in", "-o", out], seal, &own].concat());
            search(out, &report);
            let mut all = Vec::new();
            for file in walkdir::WalkDir::new(room.path().join(out)).into_iter().map(Result::unwrap) {
                if file.file_type().is_file() {
                    unfolded(fs::read(file.path()).unwrap(), &mut all);
                }
            }
            all.iter().for_each(|bytes| search(out, bytes));
            let link: serde_json::Value = serde_json::from_slice(&report).unwrap();
            let key = link["link"]
                .as_str()
                .and_then(|link| link.split_once('#'))
                .map_or(String::new(), |(_, key)| format!("#{key}"));
            let extracted = format!("out-{out}-{}", seal.len());
            run(&["extract", &format!("{out}{key}"), "-o", &extracted]);
            for file in walkdir::WalkDir::new(room.path().join(extracted)).into_iter().map(Result::unwrap) {
                if file.file_type().is_file() {
                    let bytes = fs::read(file.path()).unwrap();
                    search(out, &bytes);
                    assert!(
                        survivor(&bytes, "AKIAQ3EGZZZ2B7YXW5TU").is_none()
                            && survivor(&bytes, "4eC39HqLyjWDarjtT1zdp7dc").is_none()
                    );
                }
            }
        }
    }
    leaks.sort();
    leaks.dedup();
    assert!(draw.0.len() >= 100, "{} secrets", draw.0.len());
    assert!(leaks.is_empty(), "{} of {}:\n{}", leaks.len(), draw.0.len(), leaks.join("\n"));
}
