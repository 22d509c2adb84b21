//! Videos that browsers refuse: what is said, and what ffmpeg makes of them.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail, and tests say what they skip")]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

const CLIP: &str = "tests/cmd/export-refuses-what-browsers-do-not-play.in/my clip.mov";

fn sealcast(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sealcast"));
    command.current_dir(folder).args(["export", "-o", "share.html", "--json"]).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder with the clip, another video when asked for, and a program called ffmpeg.
fn folder(program: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::copy(root.join(CLIP), folder.path().join("my clip.mov")).unwrap();
    fs::copy(root.join("tests/media/mediarecorder.webm"), folder.path().join("other.webm")).unwrap();
    let programs = folder.path().join(".programs");
    fs::create_dir(&programs).unwrap();
    fs::write(programs.join("ffmpeg"), format!("#!/bin/sh\n{program}\n")).unwrap();
    fs::set_permissions(programs.join("ffmpeg"), fs::Permissions::from_mode(0o755)).unwrap();
    (folder, programs)
}

#[test]
fn ffmpeg_makes_it_play() {
    if Command::new("ffmpeg").arg("-version").output().is_err() {
        return eprintln!("not tried, as there is no ffmpeg");
    }
    let (folder, _) = folder("");
    let output = sealcast(folder.path(), &["my clip.mov", "--transcode"]).output().unwrap();
    assert!(output.status.success(), "{}", words(&output));
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(said["video"]["codecs"].as_str().unwrap().starts_with("avc1"), "{said}");
    assert_eq!(said["inputs"][0]["path"], "my clip.mov");
    assert!(said["video"]["repairs"][0].as_str().unwrap().starts_with("transcoded to H.264"), "{said}");
}

#[test]
fn a_video_that_plays_goes_before_one_that_does_not() {
    let (folder, _) = folder("");
    let output = sealcast(folder.path(), &["."]).output().unwrap();
    assert!(output.status.success(), "{}", words(&output));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("it is in HEVC (H.265), which not all browsers play; run ffmpeg -i"), "{said}");
}

#[test]
fn a_failure_of_ffmpeg_is_told_in_its_words() {
    let (folder, programs) = folder("echo 'no room for it' >&2; exit 69");
    for (path, words_expected) in
        [(&programs, "ffmpeg says: no room for it"), (&programs.join("none"), "is not on PATH")]
    {
        let mut command = sealcast(folder.path(), &["my clip.mov", "--transcode"]);
        let output = command.env("PATH", path).output().unwrap();
        assert_eq!(output.status.code(), Some(3));
        assert!(words(&output).contains(words_expected), "{}", words(&output));
    }
}

#[test]
fn an_interruption_ends_ffmpeg_and_leaves_nothing() {
    let (folder, programs) = folder("echo $$ > \"$PIDS/pid\"; exec /bin/sleep 60");
    let temporary = tempfile::tempdir().unwrap();
    let mut command = sealcast(folder.path(), &["my clip.mov", "--transcode"]);
    command.env("PATH", &programs).env("PIDS", folder.path()).env("TMPDIR", temporary.path());
    let child = command.spawn().unwrap();
    let start = Instant::now();
    let pid = loop {
        match fs::read_to_string(folder.path().join("pid")) {
            Ok(pid) if pid.ends_with('\n') => break pid,
            _ => std::thread::sleep(Duration::from_millis(20)),
        }
        assert!(start.elapsed() < Duration::from_secs(30));
    };
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", words(&output));
    let lives = Command::new("kill").args(["-0", pid.trim()]).stderr(Stdio::null()).status().unwrap().success();
    assert!(!lives, "ffmpeg runs on");
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
}
