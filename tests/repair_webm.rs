//! Repaired recordings: the frames are those of before, the length and the codecs too, and there is nothing left to
//! repair. Frames are compared by ffmpeg's hashes of every packet; without ffmpeg that part is skipped.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
#![expect(clippy::print_stderr, reason = "what is skipped is said")]

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sealcast::media::{RepairOptions, probe, repair};

/// The samples, which are no part of the repository.
fn samples() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::env::var_os("SEALCAST_SAMPLES").map_or_else(|| root.join("../shared/samples"), PathBuf::from)
}

fn has_ffmpeg() -> bool {
    let found = Command::new("ffmpeg").arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !found {
        eprintln!("not tested: ffmpeg is missing");
    }
    found
}

/// Number, codec and hash of every stream's packets.
fn packets(file: &Path) -> String {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-i"]).arg(file).args(["-map", "0", "-c", "copy", "-f", "streamhash", "-"]);
    let output = ffmpeg.output().unwrap();
    let hashes = String::from_utf8(output.stdout).unwrap();
    assert!(hashes.contains("SHA256="), "{}: {}", file.display(), String::from_utf8_lossy(&output.stderr));
    hashes
}

/// Repairs a file and compares; the words for what was done.
fn check(file: &Path, whole: bool) -> Vec<&'static str> {
    let name = file.display();
    let Some(repaired) = repair(file, RepairOptions::default()).unwrap() else { return Vec::new() };
    if repaired.repairs.is_empty() {
        return Vec::new();
    }
    let room = tempfile::tempdir().unwrap();
    let out = room.path().join("out.bin");
    let mut reader = repaired.splice.reader(File::open(file).unwrap());
    let length = io::copy(&mut reader, &mut File::create(&out).unwrap()).unwrap();
    assert_eq!(length, repaired.splice.len(), "{name}");

    let (before, after) = (probe(file).unwrap(), probe(&out).unwrap());
    assert_eq!((&before.mime_type, &before.codecs), (&after.mime_type, &after.codecs), "{name}");
    assert_eq!((before.width, before.height), (after.width, after.height), "{name}");
    let apart = before.duration_ms.unwrap() - after.duration_ms.unwrap();
    assert!(apart.abs() <= 50.0, "{name}: {:?}, then {:?}", before.duration_ms, after.duration_ms);
    let apart = after.duration_ms.unwrap() - repaired.duration_ms.unwrap();
    assert!(apart.abs() < 0.01, "{name}: {:?}, said {:?}", after.duration_ms, repaired.duration_ms);
    assert_eq!(after.created, None, "{name}");
    let again = repair(&out, RepairOptions::default()).unwrap();
    assert_eq!(again.map(|again| again.repairs), None, "{name}, repaired by {:?}", repaired.repairs);
    if whole && has_ffmpeg() {
        assert_eq!(packets(file), packets(&out), "{name}");
    }
    repaired.repairs
}

const RECORDED: [&str; 3] = ["sizes added", "length added", "index added"];

#[test]
fn files_of_recorders_keep_their_frames() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/media");
    for name in ["mediarecorder.webm", "mediarecorder-vp9.webm", "mediarecorder-audio.webm"] {
        assert_eq!(check(&folder.join(name), true), RECORDED, "{name}");
    }
    let cut = check(&folder.join("mediarecorder-alpha-cut.webm"), false);
    assert_eq!(cut, [&RECORDED[..], &["cut end dropped"]].concat());
    assert_eq!(check(&folder.join("vp9.mkv"), true), ["tags removed", "index moved to the front"]);
}

#[test]
fn samples_keep_their_frames() {
    let cases: [(&str, &[&str]); 8] = [
        ("mediarecorder/mr_vp8.webm", &RECORDED),
        ("mediarecorder/mr_vp9.webm", &RECORDED),
        ("mediarecorder/mr_h264.webm", &RECORDED),
        ("mediarecorder/mr_vp8_noslice.webm", &[]),
        ("mediarecorder/pw_record.webm", &["tags removed", "index moved to the front"]),
        ("video/mediarecorder-no-duration.webm", &RECORDED),
        ("video/vp8-opus.webm", &["tags removed", "index moved to the front"]),
        ("video/obs-like.mkv", &["tags removed", "index moved to the front"]),
    ];
    for (name, repairs) in cases {
        let file = samples().join(name);
        if !file.exists() {
            eprintln!("not tested: {} is missing; SEALCAST_SAMPLES names the folder of samples", file.display());
            continue;
        }
        assert_eq!(check(&file, true), repairs, "{name}");
    }
}

/// name, ffmpeg's arguments for what is written, what is to be done
type Made = (&'static str, &'static str, &'static [&'static str]);

const VP9: &str = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8";

#[test]
fn files_of_ffmpeg_keep_their_frames() {
    if !has_ffmpeg() {
        return;
    }
    let tagged: &[&str] = &["tags removed", "index moved to the front"];
    let cases: [Made; 7] = [
        ("cues-at-the-end.webm", "VP9 -c:a libopus", tagged),
        ("cues-in-front.webm", "VP9 -c:a libopus -cues_to_front 1", &["tags removed"]),
        ("live.webm", "VP9 -c:a libopus -live 1", &["sizes added", "length added", "index added", "tags removed"]),
        ("vorbis.webm", "-c:v libvpx -deadline realtime -cpu-used 8 -c:a libvorbis", tagged),
        ("sound.webm", "-vn -c:a libopus", tagged),
        ("h264.mkv", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 15 -bf 2 -c:a aac", tagged),
        ("flac.mkv", "VP9 -c:a flac -metadata title=private -cluster_time_limit 500", tagged),
    ];
    let room = tempfile::tempdir().unwrap();
    for (name, args, repairs) in cases {
        let file = room.path().join(name);
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args("-v error -f lavfi -i testsrc2=s=160x90:r=15:d=4 -f lavfi -i sine=d=4".split(' '));
        ffmpeg.args(args.replace("VP9", VP9).split(' ')).arg(&file);
        if !ffmpeg.status().unwrap().success() {
            eprintln!("not tested: this ffmpeg cannot make {name}");
            continue;
        }
        assert_eq!(check(&file, true), repairs, "{name}");

        // The same, cut off.
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, &bytes[..bytes.len() * 2 / 3]).unwrap();
        let repairs = check(&file, false);
        assert!(repairs.contains(&"cut end dropped"), "{name}: {repairs:?}");
    }
}
