//! What `inspect` says of videos of all kinds, as golden JSON: `SEALCAST_UPDATE=1 cargo test --test probe` writes it anew.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value};

fn media() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/media")
}

fn sealcast(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_sealcast")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// What `inspect` says of a share of this file: the summary, and the keyframes' times.
fn facts(name: &str, room: &Path) -> Value {
    let share = room.join(name).with_extension("html");
    let share = share.to_str().unwrap();
    sealcast(&["export", media().join(name).to_str().unwrap(), "-o", share, "--poster", "none", "--force", "-q"]);
    let said: Value = serde_json::from_slice(&sealcast(&["inspect", share, "--json"])).unwrap();
    let mut facts = said["video"].clone();
    facts["keyframes"]["times"] = said["manifest"]["video"]["keyframes"]["times"].clone();
    facts
}

#[test]
fn inspect_tells_what_is_in_a_video() {
    let room = tempfile::tempdir().unwrap();
    let names = [
        "fragmented.mp4",
        "mediarecorder-alpha-cut.webm",
        "mediarecorder-cut.mp4",
        "mediarecorder-vp9.webm",
        "mediarecorder.webm",
        "mixed.mp4",
        "quicktime-rotated.mov",
        "vp9.mkv",
    ];
    let found: Map<_, _> = names.iter().map(|name| ((*name).to_owned(), facts(name, room.path()))).collect();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/probe.json");
    if std::env::var_os("SEALCAST_UPDATE").is_some() {
        fs::write(&golden, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
    }
    let expected: Map<String, Value> = serde_json::from_slice(&fs::read(&golden).unwrap()).unwrap();
    for (name, facts) in &expected {
        assert_eq!(found.get(name), Some(facts), "{name}");
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
fn pictures_are_taken_where_ffmpeg_is_and_nothing_fails_where_it_is_not() {
    let room = tempfile::tempdir().unwrap();
    let video = media().join("mediarecorder-vp9.webm");
    let share = |name: &str, path: Option<&Path>, more: &[&str]| {
        let out = room.path().join(name);
        let mut command = Command::new(env!("CARGO_BIN_EXE_sealcast"));
        command.arg("export").arg(&video).arg("-o").arg(&out).args(["-v"]).args(more);
        if let Some(path) = path {
            command.env("PATH", path);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said: Value = serde_json::from_slice(&sealcast(&["inspect", out.to_str().unwrap(), "--json"])).unwrap();
        (said["manifest"].clone(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (without, said) = share("without.html", Some(room.path()), &[]);
    assert!(without["poster"].is_null() && without["preview"].is_null());
    assert!(said.contains("no poster: ffmpeg is not on PATH"), "{said}");
    let (unwanted, said) = share("unwanted.html", None, &["--poster", "none"]);
    assert!(unwanted["poster"].is_null() && unwanted["preview"].is_null());
    assert!(!said.contains("no poster"), "{said}");
    if Command::new("ffmpeg").arg("-version").output().is_err() {
        return;
    }
    let (with, _) = share("with.html", None, &[]);
    assert_eq!((&with["poster"]["type"], &with["poster"]["width"]), (&"image/jpeg".into(), &320.into()));
    let preview = &with["preview"];
    assert_eq!((&preview["width"], &preview["height"], &preview["count"]), (&160.into(), &90.into(), &12.into()));
    let folder = room.path().join("folder");
    sealcast(&["extract", room.path().join("with.html").to_str().unwrap(), "-o", folder.to_str().unwrap()]);
    let poster = fs::read(folder.join("poster.jpg")).unwrap();
    assert!(poster.starts_with(&[0xff, 0xd8]) && poster.len() < 60_000);
    // Neither the maker's name nor the video's metadata.
    assert!(memchr::memmem::find(&poster, b"Lavc").is_none());
    let given = folder.join("poster.jpg");
    let (named, _) = share("named.html", None, &["--poster", given.to_str().unwrap()]);
    assert!(named["preview"].is_object());
    assert_eq!(named["poster"]["label"], "poster.jpg");
}

/// An ffmpeg that fails, and one that writes rubbish and hangs, cost the pictures only.
#[test]
#[cfg(unix)]
fn an_ffmpeg_that_fails_makes_no_export_fail() {
    use std::os::unix::fs::PermissionsExt as _;
    let room = tempfile::tempdir().unwrap();
    let program = room.path().join("ffmpeg");
    fs::write(&program, "#!/bin/sh\nexit 3\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let out = room.path().join("x.html");
    let output = Command::new(env!("CARGO_BIN_EXE_sealcast"))
        .arg("export")
        .arg(media().join("mediarecorder.webm"))
        .arg("-o")
        .arg(&out)
        .arg("-v")
        .env("PATH", room.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("no poster: ffmpeg made none"), "{said}");
}
