//! Every case of `tests/import/FORMAT/CASE/`: what stands there as `input*` gives what `expected.json` says.
//!
//! `options.json` beside it names files for options. `SNAPSHOTS=overwrite` writes the expectations anew.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use sealcast::Error;
use sealcast::import::{IMPORTERS, ImportOptions, import};
use sealcast::limits::Bodies;
use sealcast::recording::{Media, MediaKind, Recording};
use sealcast::sink::Sink;
use serde_json::{Map, Value, json};

/// Characters of a string that an expectation holds.
const SHOWN: usize = 300;

#[test]
fn every_case_gives_what_it_says() {
    let overwrite = std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite");
    let mut wrong = Vec::new();
    for case in cases() {
        let expected = case.join("expected.json");
        let mut text = serde_json::to_string_pretty(&outcome(&case)).unwrap();
        text.push('\n');
        if overwrite {
            fs::write(&expected, text).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default().replace("\r\n", "\n") != text {
            let got = Path::new(env!("CARGO_TARGET_TMPDIR"))
                .join(format!("{}.json", case.display()).replace(['/', '\\'], "-"));
            fs::write(&got, text).unwrap();
            wrong.push(format!("{} is not {}", got.display(), expected.display()));
        }
    }
    assert!(wrong.is_empty(), "{}\nSNAPSHOTS=overwrite accepts the new ones", wrong.join("\n"));
}

#[test]
fn every_importer_has_cases() {
    for importer in IMPORTERS {
        let folder = Path::new("tests/import").join(importer.name);
        assert!(
            children(&folder).iter().any(|case| case.join("expected.json").exists()),
            "no case in {}",
            folder.display()
        );
    }
}

#[test]
fn every_importer_has_a_fuzz_target() {
    let manifest = fs::read_to_string("fuzz/Cargo.toml").unwrap();
    for importer in IMPORTERS {
        let name = importer.name;
        let target = fs::read_to_string(format!("fuzz/fuzz_targets/{name}.rs")).unwrap_or_default();
        assert!(target.contains(&format!("import_as(\"{name}\", ")), "no target in fuzz/fuzz_targets/{name}.rs");
        assert!(manifest.contains(&format!("\npath = \"fuzz_targets/{name}.rs\"\n")), "fuzz/Cargo.toml lacks {name}");
    }
}

/// All cases, by relative paths, which are the same on every machine.
fn cases() -> Vec<PathBuf> {
    children(Path::new("tests/import"))
        .iter()
        .flat_map(|format| children(format))
        .filter(|case| case.is_dir())
        .collect()
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn options(case: &Path) -> ImportOptions {
    let mut options = ImportOptions::default();
    let is_input = |path: &&PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("input"));
    options.inputs = children(case).iter().filter(is_input).cloned().collect();
    let text = fs::read(case.join("options.json")).unwrap_or_else(|_| b"{}".to_vec());
    let named: Map<String, Value> = serde_json::from_slice(&text).unwrap();
    for (name, file) in named {
        if name == "test" {
            options.test = file.as_str().map(str::to_owned);
            continue;
        }
        let place = match name.as_str() {
            "video" => &mut options.video,
            "audio" => &mut options.audio,
            "har" => &mut options.har,
            "console" => &mut options.console,
            "actions" => &mut options.actions,
            "backend" => &mut options.backend,
            "captions" => &mut options.captions,
            "poster" => &mut options.poster,
            other => panic!("no option {other}"),
        };
        *place = Some(case.join(file.as_str().unwrap()));
    }
    options
}

fn outcome(case: &Path) -> Value {
    let mut sink = Sink::new(Bodies::Text, [true; 4]);
    let mut value = match import(&options(case), &mut sink) {
        Ok(recording) => {
            let mut value = described(&recording);
            value["events"] = events(sink, recording.clock.zero.unwrap_or(0.0));
            value
        }
        Err(error) => failed(&error),
    };
    shorten(&mut value, &format!("{}/", case.display()));
    value
}

fn failed(error: &Error) -> Value {
    json!({ "error": error.to_string(), "hint": error.hint(), "exit_code": error.exit_code() })
}

fn described(recording: &Recording) -> Value {
    let mut value = json!({
        "title": recording.title,
        "note": recording.note,
        "metadata": recording.metadata,
        "clock": { "zero": recording.clock.zero, "source": recording.clock.source, "uncertainty_ms": recording.clock.uncertainty_ms },
        "duration_ms": recording.duration_ms,
        "media": recording.media.iter().map(medium).collect::<Vec<_>>(),
        "inputs": recording.inputs,
        "warnings": recording.warnings,
    });
    if let Some(frames) = &recording.frames {
        value["frames"] = frames.list.iter().map(|frame| json!([frame.time, frame.offset, frame.length])).collect();
    }
    value
}

/// A medium; what is probed from video and sound is for the probe's own tests.
fn medium(media: &Media) -> Value {
    // What was unpacked or converted lies in another place each time.
    let unpacked = media.path.starts_with(std::env::temp_dir());
    let path = if unpacked { media.path.file_name().unwrap().as_ref() } else { &*media.path };
    let mut value = json!({
        "kind": media.kind,
        "path": path.to_string_lossy(),
        "mime_type": media.mime_type,
        "start_ms": media.start_ms,
        "language": media.language,
        "label": media.label,
    });
    if !matches!(media.kind, MediaKind::Video | MediaKind::Audio) {
        value["width"] = media.width.into();
        value["height"] = media.height.into();
    }
    if unpacked && media.kind == MediaKind::Captions {
        value["text"] = fs::read_to_string(&media.path).unwrap().into();
    }
    value
}

fn events(sink: Sink, zero: f64) -> Value {
    let merge = sink.merge(zero).unwrap();
    let mut events = Vec::new();
    for event in merge {
        let event = event.unwrap();
        let row: Value = serde_json::from_slice(&event.row).unwrap();
        let detail: Value = serde_json::from_slice(&event.detail).unwrap();
        events.push(json!({
            "stream": event.stream,
            "time": event.time,
            "failure": event.failure,
            "row": row,
            "detail": detail,
        }));
    }
    events.into()
}

/// Cuts long strings, and takes the case's own path out of the others.
fn shorten(value: &mut Value, folder: &str) {
    match value {
        Value::String(text) => {
            *text = text.replace('\\', "/").replace(folder, "");
            let length = text.chars().count();
            if length > SHOWN {
                *text = format!("{}… ({length} characters)", text.chars().take(SHOWN / 3).collect::<String>());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| shorten(item, folder)),
        Value::Object(map) => map.values_mut().for_each(|item| shorten(item, folder)),
        _ => {}
    }
}
