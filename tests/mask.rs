//! Boxes of the video: black in every frame that is carried, and only where and when they were asked for.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail, and tests say what they skip")]
#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn sealcast(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sealcast")).current_dir(folder).args(arguments).output().unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A white picture of 320 by 180 pixels for two seconds; `None` where there is no ffmpeg.
fn white(codec: &str, name: &str) -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("ffmpeg");
    command.args([
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        "color=white:size=320x180:rate=10",
        "-t",
        "2",
        "-pix_fmt",
        "yuv420p",
    ]);
    let made = command.args(["-metadata", "title=Of Dana", "-c:v", codec]).arg(folder.path().join(name)).status();
    made.is_ok_and(|status| status.success()).then_some(folder)
}

/// How bright a pixel of a file is, at a time in seconds.
fn brightness(file: &Path, seconds: &str, x: usize, y: usize) -> u8 {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-ss", seconds, "-i"]).arg(file);
    let frame = command.args(["-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-"]).output().unwrap().stdout;
    assert_eq!(frame.len(), 320 * 180, "{}", file.display());
    frame[y * 320 + x]
}

#[test]
fn boxes_are_black_in_what_is_carried() {
    for (codec, name) in [("libvpx", "a screen.webm"), ("libx264", "screen.mp4")] {
        let Some(folder) = white(codec, name) else {
            return eprintln!("not tried, as there is no ffmpeg with {codec}");
        };
        let options = ["--video-mask", "32,20,64,40", "--video-mask", "50%,50%,25%,25%@0.5-1.25"];
        let done = sealcast(folder.path(), &[&["export", name, "-o", "s.html", "--json"], &options[..]].concat());
        assert!(done.status.success(), "{}", words(&done));
        let report: Value = serde_json::from_slice(&done.stdout).unwrap();
        assert_eq!(
            report["video"]["masks"][0],
            serde_json::json!({"x": 0.1, "y": 20.0 / 180.0, "width": 0.2, "height": 40.0 / 180.0})
        );
        assert_eq!(report["video"]["masks"][1]["from"], 500);
        assert!((report["duration_ms"].as_f64().unwrap() - 2000.0).abs() < 150.0, "{report}");
        let done = sealcast(folder.path(), &["extract", "s.html", "-o", "out"]);
        assert!(done.status.success(), "{}", words(&done));
        let carried = folder.path().join("out").join(name);
        for (x, y) in [(34, 22), (60, 40), (93, 57)] {
            assert!(
                brightness(&carried, "0", x, y) < 40 && brightness(&carried, "1.7", x, y) < 40,
                "{name} at {x},{y}"
            );
        }
        for (x, y) in [(20, 10), (110, 40), (60, 75)] {
            assert!(brightness(&carried, "1", x, y) > 215, "{name} at {x},{y}");
        }
        let timed = ["0.1", "0.9", "1.7"].map(|seconds| brightness(&carried, seconds, 200, 110));
        assert!(timed[0] > 215 && timed[1] < 40 && timed[2] > 215, "{name}: {timed:?}");
        let bytes = std::fs::read(&carried).unwrap();
        assert!(!bytes.windows(7).any(|seven| seven == b"Of Dana"), "its title is gone");
        // What was extracted says so again.
        let done = sealcast(folder.path(), &["export", "out", "-o", "again.html", "--json"]);
        let again: Value = serde_json::from_slice(&done.stdout).unwrap();
        assert_eq!(again["video"]["masks"], report["video"]["masks"]);
    }
}

#[test]
fn what_cannot_be_masked_is_refused() {
    let Some(folder) = white("libvpx", "screen.webm") else { return eprintln!("not tried, as there is no ffmpeg") };
    std::fs::write(folder.path().join("log.ndjson"), "{\"type\":\"log\",\"text\":\"a\",\"time\":1700000000000}\n")
        .unwrap();
    let export = |input: &str, mask: &str, path: Option<&str>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sealcast"));
        command.current_dir(folder.path()).args(["export", input, "-o", "s.html", "--video-mask", mask]);
        path.map(|path| command.env("PATH", path));
        let done = command.output().unwrap();
        assert!(!folder.path().join("s.html").exists());
        (done.status.code(), words(&done))
    };
    for (input, mask, path, code, fact) in [
        ("screen.webm", "0,0,9,9", Some("/nowhere"), 3, "cannot be masked: ffmpeg, which does that, is not on PATH"),
        ("log.ndjson", "0,0,9,9", None, 3, "there is no video"),
        ("screen.webm", "400,0,9,9", None, 2, "lies beside the picture of 320 × 180 pixels"),
        ("screen.webm", "0,0,0,9", None, 2, "a box needs a width and a height"),
    ] {
        let (ended, said) = export(input, mask, path);
        assert!(ended == Some(code) && said.contains(fact), "{mask}: {ended:?} {said}");
    }
}
