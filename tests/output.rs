//! What an export leaves behind: everything, or nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sealcast::bundle::{self, Panels};
use sealcast::header::Header;
use sealcast::import::{ImportOptions, import};
use sealcast::layout::{self, Target};
use sealcast::limits::Bodies;
use sealcast::sink::Sink;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/checkout-bug")
}

fn sealcast(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sealcast")).current_dir(folder).args(args).output().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_video_is_carried_once() {
    let folder = tempfile::tempdir().unwrap();
    let example = example();
    let done = sealcast(folder.path(), &["export", example.to_str().unwrap(), "-o", "x.html", "--poster", "none"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let page = fs::read_to_string(folder.path().join("x.html")).unwrap();
    let video = fs::read(example.join("video.webm")).unwrap();
    assert_eq!(page.matches(&BASE64_STANDARD.encode(&video[300_000..300_300])).count(), 1);
    let logs: u64 = ["network.har", "console.ndjson", "actions.ndjson", "backend.ndjson"]
        .iter()
        .map(|name| fs::metadata(example.join(name)).unwrap().len())
        .sum();
    assert!((page.len() as u64) < video.len() as u64 * 4 / 3 + logs + 200_000, "{} bytes", page.len());
}

#[test]
fn a_folder_holds_the_video_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let done = sealcast(folder.path(), &["export", example().to_str().unwrap(), "-o", "share", "--json"]);
    assert!(done.status.success());
    let report: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let files = report["files"].as_array().unwrap();
    let video = files.iter().find(|file| file["content_type"] == "video/webm").unwrap();
    let written = fs::read(folder.path().join("share").join(video["path"].as_str().unwrap())).unwrap();
    assert_eq!(written, fs::read(example().join("video.webm")).unwrap());
    for file in files {
        let path = folder.path().join("share").join(file["path"].as_str().unwrap());
        assert_eq!(fs::metadata(path).unwrap().len(), file["bytes"].as_u64().unwrap());
    }
}

#[test]
fn force_replaces_a_share_and_leaves_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let example = example();
    for out in ["share", "x.html"] {
        for force in [&[][..], &["--force"]] {
            let args = [&["export", example.to_str().unwrap(), "-o", out], force].concat();
            assert!(sealcast(folder.path(), &args).status.success());
        }
        assert_eq!(sealcast(folder.path(), &["export", example.to_str().unwrap(), "-o", out]).status.code(), Some(1));
    }
    assert_eq!(names(folder.path()), ["share", "x.html"]);
}

#[test]
fn a_medium_that_changes_meanwhile_leaves_nothing() {
    for (layout, name) in [("html", "x.html"), ("dir", "share")] {
        let folder = tempfile::tempdir().unwrap();
        let video = folder.path().join("video.webm");
        fs::copy(example().join("video.webm"), &video).unwrap();
        let mut options = ImportOptions::default();
        options.inputs.push(video.clone());
        let mut sink = Sink::new(Bodies::Text, [true; 4]);
        let recording = import(&options, &mut sink).unwrap();
        let mut bundle = bundle::build(&recording, sink, Header::plain([1; 16], 1, 0), &Panels::default()).unwrap();
        fs::write(&video, &fs::read(&video).unwrap()[..1000]).unwrap();
        let target = Target::new(folder.path().join(name), false);
        let error = layout::write(&mut bundle, layout, &target, &mut ()).unwrap_err();
        assert!(error.to_string().contains("shorter"), "{error}");
        assert_eq!(names(folder.path()), ["video.webm"]);
    }
}

#[test]
fn a_page_on_stdout_is_the_page_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let example = example();
    let done = sealcast(folder.path(), &["export", example.to_str().unwrap(), "-o", "-"]);
    assert!(done.status.success());
    assert!(done.stdout.starts_with(b"<!doctype html>"));
    assert!(done.stdout.ends_with(b"</body>\n</html>\n"));
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[test]
fn the_timeline_gives_every_event_back() {
    let folder = tempfile::tempdir().unwrap();
    let example = example();
    for out in ["share", "x.html"] {
        let args = ["export", example.to_str().unwrap(), "-o", out, "--redact", "off"];
        assert!(sealcast(folder.path(), &args).status.success());
        let done = sealcast(folder.path(), &["inspect", out, "--timeline"]);
        let lines = String::from_utf8(done.stdout).unwrap();
        let events: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for (stream, file) in
            [("console", "console.ndjson"), ("actions", "actions.ndjson"), ("backend", "backend.ndjson")]
        {
            let source = fs::read_to_string(example.join(file)).unwrap();
            let mut expected: Vec<serde_json::Value> =
                source.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let mut found: Vec<_> =
                events.iter().filter(|event| event["stream"] == stream).map(|event| event["detail"].clone()).collect();
            let text = |value: &serde_json::Value| value.to_string();
            expected.sort_by_key(text);
            found.sort_by_key(text);
            assert_eq!(found.len(), expected.len(), "{out} {stream}");
            assert!(found == expected, "{out} {stream}: details differ from their source");
        }
        let times: Vec<_> = events.iter().filter_map(|event| event["time"].as_f64()).collect();
        assert!(times.is_sorted(), "{out}");
        let around = sealcast(folder.path(), &["inspect", out, "--timeline", "--around-failure", "1s"]);
        let count = String::from_utf8(around.stdout).unwrap().lines().count();
        assert!(count > 5 && count < events.len(), "{count} of {}", events.len());
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_nothing() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let mut log = fs::File::create(folder.path().join("console.ndjson")).unwrap();
    for number in 0..600_000 {
        writeln!(log, "{{\"t\":{number},\"level\":\"info\",\"text\":\"line {number}\"}}").unwrap();
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_sealcast"))
        .current_dir(folder.path())
        .args(["export", "console.ndjson", "-q"])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(names(folder.path()), ["console.ndjson"]);
}
