//! Media files of real recorders and of ffmpeg: what the probe says of them.
//!
//! `mediarecorder*` are Chromium's (two of them cut off within a cluster and a fragment); the others are made by
//! ffmpeg's test pattern. The lengths expected are those of ffprobe, or of the last packet where it knows none.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use sealcast::Error;
use sealcast::media::{Probe, probe, probe_reader};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/media")
}

/// name, media type, codecs, milliseconds, size
type Case = (&'static str, &'static str, &'static str, f64, (u32, u32));

const CASES: [Case; 7] = [
    ("mediarecorder.webm", "video/webm", "vp8", 2_966.0, (720, 120)),
    ("mediarecorder-alpha-cut.webm", "video/webm", "vp8,opus", 1_347.0, (640, 360)),
    ("mediarecorder-vp9.webm", "video/webm", "vp9,opus", 6_000.0, (320, 180)),
    ("mediarecorder-cut.mp4", "video/mp4", "vp09.00.10.08,opus", 3_860.4, (640, 360)),
    ("fragmented.mp4", "video/mp4", "avc1.64000a,mp4a.40.2", 3_200.0, (64, 36)),
    ("quicktime-rotated.mov", "video/mp4", "avc1.64000a,mp4a.40.2", 3_000.0, (36, 64)),
    ("vp9.mkv", "video/x-matroska", "vp9,opus", 3_008.0, (64, 36)),
];

#[test]
fn files_of_recorders_are_understood() {
    for (name, mime_type, codecs, duration, (width, height)) in CASES {
        let found = probe(&folder().join(name)).unwrap();
        assert_eq!(found.mime_type, mime_type, "{name}");
        assert_eq!(found.codecs.as_deref(), Some(codecs), "{name}");
        assert_eq!((found.width, found.height), (Some(width), Some(height)), "{name}");
        assert!(found.has_video, "{name}");
        assert_eq!(found.has_audio, codecs.contains(','), "{name}");
        let apart = found.duration_ms.unwrap() - duration;
        assert!(apart.abs() <= 50.0, "{name}: {:?}", found.duration_ms);
    }
}

fn probe_bytes(bytes: &[u8], name: &str) -> Result<Probe, Error> {
    probe_reader(Cursor::new(bytes), Path::new(name))
}

#[test]
fn what_is_no_media_is_named() {
    let mov = std::fs::read(folder().join("quicktime-rotated.mov")).unwrap();
    let webm = std::fs::read(folder().join("mediarecorder.webm")).unwrap();
    let cases: [(&[u8], &str); 7] = [
        (b"", "a.webm is empty (0 bytes)"),
        (b"hello\n", "a.webm is text, not a media file"),
        (b"<!doctype html>\xc3", "a.webm is text, not a media file"),
        (b"\0\x01\x02\x03", "a.webm is in no known media format"),
        (b"RIFF\0\0\0\0AVI LIST", "a.webm is an AVI video, which browsers do not play"),
        (&mov[..8_000], "a.webm has no index (moov box): the recording was cut off before its end"),
        (&webm[..150], "a.webm breaks off before its first frame"),
    ];
    for (bytes, fact) in cases {
        let error = probe_bytes(bytes, "a.webm").unwrap_err();
        assert_eq!(error.to_string(), fact);
        assert_eq!(error.exit_code(), 3);
        assert!(error.hint().is_some());
    }
}

#[test]
fn folders_and_missing_files_are_named() {
    assert_eq!(probe(&folder()).unwrap_err().exit_code(), 3);
    assert_eq!(probe(&folder().join("nothing.webm")).unwrap_err().exit_code(), 1);
}

#[test]
fn sizes_left_open_mean_the_same_in_one_byte_and_in_eight() {
    let open_eight = std::fs::read(folder().join("mediarecorder.webm")).unwrap();
    let mut open_one = Vec::new();
    let mut rest = open_eight.as_slice();
    let unknown = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    while let Some(at) = rest.windows(8).position(|window| window == unknown) {
        open_one.extend_from_slice(&rest[..at]);
        open_one.push(0xff);
        rest = &rest[at + 8..];
    }
    open_one.extend_from_slice(rest);
    assert!(open_one.len() < open_eight.len());
    assert_eq!(probe_bytes(&open_one, "one").unwrap(), probe_bytes(&open_eight, "eight").unwrap());
}
