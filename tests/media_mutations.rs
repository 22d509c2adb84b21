//! Recordings damaged in every way chance finds, looked into, repaired, and read as they would be carried: no panic,
//! no hang, no memory but for what the file holds.
//!
//! The seed is fixed and a failure names its round. Time is not measured: what is read is counted, so a loop over the
//! same bytes fails however fast the machine is.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use common::Dice;
use sealcast::media::{RepairOptions, join_reader, probe_reader, repair_reader};

/// Damaged files.
const ROUNDS: usize = 10_000;
/// Names of what a box or an element begins with. A box has its size before its name, an element behind it.
const BOXES: [&[u8]; 24] = [
    b"ftyp", b"moov", b"mvhd", b"trak", b"tkhd", b"edts", b"elst", b"mdia", b"mdhd", b"hdlr", b"minf", b"stbl",
    b"stsd", b"stts", b"ctts", b"stsz", b"stco", b"udta", b"mvex", b"trex", b"moof", b"tfhd", b"trun", b"mdat",
];
const ELEMENTS: [&[u8]; 12] = [
    b"\x1a\x45\xdf\xa3",
    b"\x18\x53\x80\x67",
    b"\x11\x4d\x9b\x74",
    b"\x15\x49\xa9\x66",
    b"\x16\x54\xae\x6b",
    b"\x1c\x53\xbb\x6b",
    b"\x1f\x43\xb6\x75",
    b"\x2a\xd7\xb1",
    b"\x44\x89",
    b"\x63\xa2",
    b"\xe7",
    b"\xa3",
];
/// What stands for sizes and counts that no file has.
const EXTREMES: [&[u8]; 10] = [
    b"\0\0\0\0",
    b"\0\0\0\x01",
    b"\0\0\0\x07",
    b"\0\0\0\x09",
    b"\x7f\xff\xff\xff",
    b"\x80\0\0\0",
    b"\xff\xff\xff\xff",
    b"\x01\xff\xff\xff\xff\xff\xff\xff",
    b"\x01\xff\xff\xff\xff\xff\xff\xfe",
    b"\x40",
];

fn seeds() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/media");
    let mut files: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), std::fs::read(path).unwrap())).collect()
}

/// Where boxes and elements begin, and which of these places have their size four bytes before the name.
fn marks(bytes: &[u8]) -> Vec<(usize, usize)> {
    let is_mp4 = bytes.get(..4) != Some(ELEMENTS[0]);
    let names: &[&[u8]] = if is_mp4 { &BOXES } else { &ELEMENTS };
    let found = |at: usize| names.iter().find(|name| bytes[at..].starts_with(name));
    let mark = |at: usize| {
        let name = found(at)?;
        let start = if is_mp4 { at.checked_sub(4)? } else { at };
        Some((start, if is_mp4 { start } else { at + name.len() }))
    };
    (0..bytes.len()).filter_map(mark).collect()
}

fn damaged(whole: &[u8], marks: &[(usize, usize)], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    // What knows the places comes first, as the others move them.
    for _ in 0..dice.below(3) {
        let (start, size) = dice.of(marks);
        match dice.below(3) {
            0 => {
                let extreme = dice.of(&EXTREMES);
                let end = (size + extreme.len()).min(bytes.len());
                bytes[size..end].copy_from_slice(&extreme[..end - size]);
            }
            // A field somewhere in the body.
            1 => {
                let at = (start + 8 + 4 * dice.below(8)).min(bytes.len().saturating_sub(9));
                bytes[at..at + 4].copy_from_slice(&EXTREMES[dice.below(7)][..4]);
            }
            _ => swap(&mut bytes, marks, dice),
        }
    }
    for _ in 0..=dice.below(4) {
        let stretch = dice.stretch(bytes.len(), 64);
        match dice.below(6) {
            _ if bytes.is_empty() => return bytes,
            0 | 1 => bytes[stretch.start] ^= 1 << dice.below(8),
            2 if dice.below(3) == 0 => bytes.truncate(stretch.start),
            3 => drop(bytes.drain(stretch)),
            4 => {
                let copy = bytes[stretch].to_vec();
                let to = dice.below(bytes.len());
                bytes.splice(to..to, copy);
            }
            _ => bytes[stretch].fill(dice.of(&[0, 0x7f, 0xff])),
        }
    }
    bytes
}

/// Two boxes or elements, and what lies between each and the next, in each other's place.
fn swap(bytes: &mut Vec<u8>, marks: &[(usize, usize)], dice: &mut Dice) {
    let (one, other) = (dice.below(marks.len()), dice.below(marks.len()));
    let (one, other) = (one.min(other), one.max(other));
    let end = |at: usize| marks.get(at + 1).map_or(bytes.len(), |mark| mark.0);
    let (a, b) = (marks[one].0..end(one), marks[other].0..end(other));
    if a.end > b.start || b.end > bytes.len() {
        return;
    }
    let parts = [&bytes[..a.start], &bytes[b.clone()], &bytes[a.end..b.start], &bytes[a], &bytes[b.end..]];
    *bytes = parts.concat();
}

/// Counts what is read.
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

/// How a file ended.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Refused,
    AsItIs,
    Repaired,
}

/// Does all that is done with a file; what is read for it is no more than a few passes.
fn handle(bytes: &[u8], name: &str) -> Outcome {
    let path = Path::new(name);
    let most = 4 * bytes.len() as u64 + 200_000;
    let mut read = 0;
    let found = probe_reader(Counting { inner: Cursor::new(bytes), read: &mut read }, path);
    assert!(read < most, "{name}: the probe read {read} bytes of {}", bytes.len());
    let mut outcome = match found {
        Ok(found) => {
            assert!(found.duration_ms.is_none_or(|ms| ms.is_finite() && ms >= 0.0), "{name}");
            Outcome::AsItIs
        }
        Err(error) => {
            assert_eq!(error.exit_code(), 3, "{name}: {error}");
            assert!(error.hint().is_some(), "{name}: {error}");
            Outcome::Refused
        }
    };
    for keep in [false, true] {
        let mut options = RepairOptions::default();
        options.keep_metadata = keep;
        let mut read = 0;
        let input = Counting { inner: Cursor::new(bytes), read: &mut read };
        let repaired = repair_reader(input, path, options).unwrap();
        assert!(read < most, "{name}: the repair read {read} bytes of {}", bytes.len());
        let Some(repaired) = repaired else { continue };
        assert!(repaired.duration_ms.is_none_or(|ms| ms.is_finite() && ms >= 0.0), "{name}");
        let mut carried = Vec::new();
        repaired.splice.reader(Cursor::new(bytes)).read_to_end(&mut carried).unwrap();
        assert_eq!(carried.len() as u64, repaired.splice.len(), "{name}");
        assert!(carried.len() < 3 * bytes.len() + 10_000, "{name}: {} bytes of {}", carried.len(), bytes.len());
        let again = probe_reader(Cursor::new(&carried), path);
        if outcome == Outcome::AsItIs && repaired.warning.is_none() {
            // Frames that a fragment lists are believed by the probe, and those that the file has are carried.
            let is_empty = |error: &sealcast::Error| {
                let said = error.to_string();
                said.ends_with("holds no frames") || said.ends_with("holds neither video nor sound")
            };
            assert!(
                again.as_ref().map_or_else(is_empty, |_| true),
                "{name}: played before, {:?}, and then {again:?}",
                repaired.repairs
            );
            outcome = Outcome::Repaired;
        }
    }
    outcome
}

/// The most memory this process ever had, in KiB; `None` where the system does not say.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

#[test]
fn damaged_files_neither_panic_nor_hang_nor_swell() {
    let seeds: Vec<_> = seeds().into_iter().map(|(name, bytes)| (name, marks(&bytes), bytes)).collect();
    let mut dice = Dice(0x5ea1_ca57);
    let mut counts = [0; 3];
    for round in 0..ROUNDS {
        let (name, marks, whole) = &seeds[round % seeds.len()];
        let bytes = damaged(whole, marks, &mut dice);
        counts[handle(&bytes, &format!("{name} round {round}")) as usize] += 1;
    }
    // The damage is real, and mild damage is lived with.
    assert!(counts.iter().all(|count| *count > ROUNDS / 50), "refused, as it is, repaired: {counts:?}");
    for names in PAIRS {
        damaged_files_are_put_together_or_not(names, &mut dice);
    }
    made_to_be_read_over_and_over();
    made_to_be_listed_over_and_over();
    if let Some(peak) = peak() {
        assert!(peak < 64 * 1024, "{peak} KiB");
    }
}

/// A file of the tests as it is carried: with one index that lists all.
fn carried(name: &str) -> Vec<u8> {
    let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/media").join(name)).unwrap();
    let repaired = repair_reader(Cursor::new(&bytes), Path::new(name), RepairOptions::default()).unwrap();
    let mut carried = Vec::new();
    repaired.unwrap().splice.reader(Cursor::new(&bytes)).read_to_end(&mut carried).unwrap();
    carried
}

/// Bare AAC: a hundred frames with heads of their own.
fn bare() -> Vec<u8> {
    [[0xff, 0xf1, 0x4c, 0x40, 0x02, 0x9f, 0xfc].as_slice(), &[7; 13]].concat().repeat(100)
}

/// Pictures and sound to put into them, and names of how either begins.
const PAIRS: [[&str; 2]; 5] = [
    ["mediarecorder.webm", "mediarecorder-audio.webm"],
    ["fragmented.mp4", "mediarecorder-audio.webm"],
    ["quicktime-rotated.mov", "fragmented.mp4"],
    ["mediarecorder-cut.mp4", "mixed.mp4"],
    ["mixed.mp4", "bare.aac"],
];

/// A picture and a file of sound, one of them damaged: what is written is no more than both, and can be repaired.
fn damaged_files_are_put_together_or_not(names: [&str; 2], dice: &mut Dice) {
    let whole = names.map(|name| if name == "bare.aac" { bare() } else { carried(name) });
    // Bare frames have none.
    let marks =
        whole.each_ref().map(|bytes| Some(marks(bytes)).filter(|marks| !marks.is_empty()).unwrap_or(vec![(0, 0)]));
    let mut put_in = 0;
    for round in 0..ROUNDS / 5 {
        let mut files = whole.clone();
        let which = round % 2;
        files[which] = damaged(&whole[which], &marks[which], dice);
        let later = dice.of(&[0.0, -150.5, 350.4, 1e12, f64::NAN]);
        let most = files.iter().map(Vec::len).sum::<usize>();
        let (mut video_read, mut sound_read, mut out) = (0, 0, Vec::new());
        let video = Counting { inner: Cursor::new(&files[0]), read: &mut video_read };
        let sound = Counting { inner: Cursor::new(&files[1]), read: &mut sound_read };
        let names = (Path::new("video.webm"), Path::new("out.webm"));
        let joined = join_reader(video, sound, later, &mut out, names).unwrap();
        assert!(video_read + sound_read < 6 * most as u64 + 400_000, "round {round}: read {video_read}, {sound_read}");
        assert!(out.len() < 3 * most + 10_000, "round {round}: {} bytes of {most}", out.len());
        put_in += u32::from(joined.is_some());
        handle(&out, &format!("{names:?} put together in round {round}"));
    }
    // Frames have no container that leads on behind a break, and are left alone then.
    let least = if whole[1] == bare() { 200 } else { 400 };
    assert!(put_in > least, "{names:?}: {put_in}");
}

/// Clusters that each hold an Info which claims all that follows: every one leads through the rest of the file.
fn made_to_be_read_over_and_over() {
    let seeds = seeds();
    let (name, whole) = seeds.iter().find(|(name, _)| name == "mediarecorder.webm").unwrap();
    let first = marks(whole).into_iter().find(|(at, _)| whole[*at..].starts_with(ELEMENTS[6])).unwrap().0;
    for within in [ELEMENTS[3], ELEMENTS[4], b"\xa0"] {
        let unit = [ELEMENTS[6], b"\x8c\xe7\x81\0", within, b"\x08\x0f\xff\xff\xff"].concat();
        let bytes = [&whole[..first], &unit.repeat(20_000), &whole[first..]].concat();
        handle(&bytes, name);
    }
}

/// A track with many places for its tables, each of which would get all of them.
fn made_to_be_listed_over_and_over() {
    let seeds = seeds();
    let (name, whole) = seeds.iter().find(|(name, _)| name == "fragmented.mp4").unwrap();
    let find = |kind: &[u8]| whole.windows(4).position(|window| window == kind).unwrap() - 4;
    let size = |at: usize| u32::from_be_bytes(*whole[at..].first_chunk().unwrap()) as usize;
    let places = [find(b"moov"), find(b"trak"), find(b"mdia"), find(b"minf"), find(b"stbl")];
    for (depth, inner) in places.iter().enumerate().skip(2) {
        let copies = whole[*inner..inner + size(*inner)].repeat(2_000);
        let mut bytes = whole.clone();
        for place in &places[..depth] {
            let grown = u32::try_from(size(*place) + copies.len()).unwrap();
            bytes[*place..*place + 4].copy_from_slice(&grown.to_be_bytes());
        }
        bytes.splice(*inner..*inner, copies);
        handle(&bytes, name);
    }
}
