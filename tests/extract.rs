//! What `extract` writes, exported again, is the share it came from: for every case of `tests/import/`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use common::{printed, sealcast};

/// Cases of `tests/import/` out of which a share can be made; fewer were tried by mistake.
const SHARES: usize = 90;

fn children(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn cases() -> impl Iterator<Item = PathBuf> {
    let formats = children(Path::new("tests/import"));
    formats.into_iter().flat_map(|format| children(&format)).filter(|case| case.is_dir())
}

/// The inputs and options of a case, as the command line has them.
fn inputs(case: &Path) -> Vec<String> {
    let is_input = |path: &&PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("input");
    let mut args: Vec<_> =
        children(case).iter().filter(is_input).map(|path| path.to_string_lossy().into_owned()).collect();
    let text = fs::read(case.join("options.json")).unwrap_or_else(|_| b"{}".to_vec());
    for (name, value) in serde_json::from_slice::<Map<String, Value>>(&text).unwrap() {
        let value = value.as_str().unwrap();
        let file = case.join(value).to_string_lossy().into_owned();
        args.extend([format!("--{name}"), if name == "test" { value.to_owned() } else { file }]);
    }
    args
}

/// All events of a share, without the places of their details in its parts.
fn events(share: &str) -> Vec<Value> {
    let one = |line: &str| {
        let mut event: Value = serde_json::from_str(line).unwrap();
        event["row"].as_object_mut().unwrap().shift_remove("detail");
        event
    };
    printed(&["inspect", share, "--timeline"]).lines().map(one).collect()
}

/// What a share says of itself that an export cannot know anew.
fn about(share: &str) -> Value {
    let mut manifest =
        serde_json::from_str::<Value>(&printed(&["inspect", share, "--json"])).unwrap()["manifest"].take();
    let kept = ["title", "note", "started", "duration", "timeline", "metadata", "failures", "frames"];
    manifest.as_object_mut().unwrap().retain(|name, _| kept.contains(&name.as_str()));
    if let Some(frames) = manifest.get_mut("frames").and_then(Value::as_object_mut) {
        // The numbers of its parts.
        frames.retain(|name, _| name != "part" && name != "index");
    }
    manifest
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    children(folder).iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

/// Exports a case, extracts it and exports that again; says what is not the same. `None` when it makes no share.
fn differences(case: &Path, room: &Path) -> Option<Vec<String>> {
    let at = |name: &str| room.join(name).to_string_lossy().into_owned();
    let [first, back, second, again] = ["first", "back", "second", "again"].map(at);
    let args = inputs(case);
    let export = ["export", "--layout", "dir", "--poster", "none", "-o", &first];
    let args: Vec<_> = export.into_iter().chain(args.iter().map(String::as_str)).collect();
    if !sealcast(&args).status.success() {
        return None;
    }
    printed(&["extract", &first, "-o", &back]);
    printed(&["export", &back, "--layout", "dir", "--poster", "none", "-o", &second]);
    let mut wrong = Vec::new();
    let (before, after) = (events(&first), events(&second));
    if before.len() != after.len() {
        wrong.push(format!("{} events became {}", before.len(), after.len()));
    }
    let changed = before.iter().zip(&after).filter(|(before, after)| before != after);
    wrong.extend(changed.take(3).map(|(before, after)| format!("{before}\nbecame {after}")));
    let (before, after) = (about(&first), about(&second));
    if before != after {
        wrong.push(format!("{before}\nbecame {after}"));
    }
    printed(&["extract", &second, "-o", &again]);
    let (before, after) = (files(back.as_ref()), files(again.as_ref()));
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>().join(" ");
    if before != after {
        let changed: Vec<_> = before.iter().filter(|file| !after.contains(file)).cloned().collect();
        wrong.push(format!("of the files {} and {} these differ: {}", names(&before), names(&after), names(&changed)));
    }
    Some(wrong.into_iter().map(|what| format!("{}: {what}", case.display())).collect())
}

#[test]
fn every_case_comes_back_whole() {
    let mut wrong = Vec::new();
    let mut shares = 0;
    for case in cases() {
        let room = tempfile::tempdir().unwrap();
        let Some(differences) = differences(&case, room.path()) else { continue };
        shares += 1;
        wrong.extend(differences);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(shares >= SHARES, "{shares}");
}
