//! Media files of real recorders and of ffmpeg: what the probe says of them, and that no damage hurts it.
//!
//! `mediarecorder*` are Chromium's (two of them cut off within a cluster and a fragment); the others are made by
//! ffmpeg's test pattern. The lengths expected are those of ffprobe, or of the last packet where it knows none.

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use sealcast::Error;
use sealcast::media::{Probe, RepairOptions, probe, probe_reader, repair_reader};

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

/// Counts what is read, so that a loop over the same bytes shows.
struct Counting<'a> {
    inner: Cursor<&'a [u8]>,
    read: &'a mut u64,
}

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        *self.read += 1 + read as u64;
        Ok(read)
    }
}

impl Seek for Counting<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// xorshift64*: seeded, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) as usize % limit.max(1)
    }
}

fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(8) {
        let len = bytes.len();
        // Structure lies at the front and the back; payload in between is not looked at.
        let at = match random.below(3) {
            0 => random.below(len.min(1_200)),
            1 => len.saturating_sub(1 + random.below(len.min(3_000))),
            _ => random.below(len),
        };
        if at >= len {
            return;
        }
        match random.below(6) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = 0xff,
            2 => bytes[at] = 0,
            3 => bytes.truncate(at),
            4 => drop(bytes.drain(at..len.min(at + 1 + random.below(16)))),
            _ => bytes[at..len.min(at + 8)].fill(0xff),
        }
    }
}

/// What is carried for a file can be read to its end, is not much longer than the file, and reading the file for it
/// takes no more than two passes and some.
fn repair_of(bytes: &[u8], name: &str) {
    for keep in [false, true] {
        let mut options = RepairOptions::default();
        options.keep_metadata = keep;
        let mut read = 0;
        let input = Counting { inner: Cursor::new(bytes), read: &mut read };
        let repaired = repair_reader(input, Path::new(name), options).expect("memory can be read");
        assert!(read < 4 * bytes.len() as u64 + 200_000, "{name}: read {read} bytes of {}", bytes.len());
        let Some(repaired) = repaired else { continue };
        let carried = io::copy(&mut repaired.splice.reader(Cursor::new(bytes)), &mut io::sink());
        let carried = carried.expect("memory can be read");
        assert_eq!(carried, repaired.splice.len(), "{name}");
        assert!(carried < 3 * bytes.len() as u64 + 10_000, "{name}: {carried} bytes of {}", bytes.len());
        assert!(repaired.duration_ms.is_none_or(|ms| ms.is_finite() && ms >= 0.0), "{name}");
    }
}

#[test]
fn damaged_files_neither_panic_nor_hang() {
    let mut random = Random(0x5ea1_ca57);
    let (mut played, mut refused) = (0, 0);
    for (name, ..) in CASES {
        let whole = std::fs::read(folder().join(name)).unwrap();
        for round in 0..700 {
            let mut bytes = whole.clone();
            mutate(&mut bytes, &mut random);
            repair_of(&bytes, &format!("{name} round {round}"));
            let mut read = 0;
            let found = probe_reader(Counting { inner: Cursor::new(&bytes), read: &mut read }, Path::new(name));
            let limit = 4 * bytes.len() as u64 + 200_000;
            assert!(read < limit, "{name} round {round}: read {read} bytes of {}", bytes.len());
            match found {
                Ok(found) => {
                    played += 1;
                    assert!(found.duration_ms.is_none_or(|ms| ms.is_finite() && ms >= 0.0), "{name} round {round}");
                }
                Err(error) => {
                    refused += 1;
                    assert_eq!(error.exit_code(), 3, "{name} round {round}: {error}");
                }
            }
        }
    }
    // Neither side empty: the damage is real, and mild damage is lived with.
    assert!(played > 200 && refused > 200, "{played} played, {refused} refused");
}

/// Every table and size in these claims more than the file holds; what is allocated must follow the file.
#[cfg(target_os = "linux")]
#[test]
fn memory_follows_the_file_not_its_claims() {
    let peak = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap()
    };
    let before = peak();
    for (name, ..) in CASES {
        let whole = std::fs::read(folder().join(name)).unwrap();
        for at in 0..whole.len().min(2_000) {
            let mut bytes = whole.clone();
            let end = bytes.len().min(at + 4);
            bytes[at..end].fill(0x7f);
            let _ = probe_bytes(&bytes, name);
            repair_of(&bytes, name);
        }
    }
    let grown = peak().saturating_sub(before);
    assert!(grown < 32 * 1024, "{grown} KiB");
}
