//! Files of a few dozen bytes, in which every block says when it is shown.

use std::io::Cursor;

use super::super::scan;
use super::*;

fn el(id: u32, body: &[u8]) -> Vec<u8> {
    [write::head(id, body.len() as u64).as_slice(), body].concat()
}

/// An element that does not know where it ends.
fn open(id: u32, body: &[u8]) -> Vec<u8> {
    [write::head(id, write::UNKNOWN).as_slice(), body].concat()
}

/// What a block holds, the number of its track written in two bytes.
fn body(track: u8, relative: i16, flags: u8, words: &str) -> Vec<u8> {
    [&[0x40, track], &relative.to_be_bytes()[..], &[flags], words.as_bytes()].concat()
}

fn block(track: u8, relative: i16, words: &str) -> Vec<u8> {
    el(id::SIMPLE_BLOCK, &body(track, relative, 0x80, words))
}

fn group(track: u8, relative: i16, words: &str) -> Vec<u8> {
    let padding = write::small(0x75a2, &[7]);
    let duration = write::small(id::BLOCK_DURATION, &[0x12, 0x34]);
    el(id::BLOCK_GROUP, &[duration, el(id::BLOCK, &body(track, relative, 0, words)), padding].concat())
}

fn cluster(time: u32, blocks: &[Vec<u8>]) -> Vec<u8> {
    open(id::CLUSTER, &[write::small(id::TIMESTAMP, &time.to_be_bytes()), blocks.concat()].concat())
}

const VIDEO: (u8, &[u8]) = (1, b"V_VP8");
const SOUND: (u8, &[u8]) = (2, b"A_OPUS");

fn track(number: u8, (kind, codec): (u8, &[u8]), more: &[Vec<u8>]) -> Vec<u8> {
    let fields = [
        write::small(id::TRACK_NUMBER, &[number]),
        write::small(id::TRACK_UID, &[77]),
        write::small(id::TRACK_TYPE, &[kind]),
        write::small(id::CODEC_ID, codec),
        more.concat(),
    ];
    el(id::TRACK_ENTRY, &fields.concat())
}

fn file(version: u8, tick_ns: u32, tracks: &[Vec<u8>], clusters: &[Vec<u8>]) -> Vec<u8> {
    let header = el(id::EBML, &[write::small(id::DOC_TYPE_VERSION, &[version]), el(0x4282, b"webm")].concat());
    let info = [write::small(id::TICK, &tick_ns.to_be_bytes()), write::small(id::DURATION, &1.0_f64.to_be_bytes())];
    let body = [el(id::INFO, &info.concat()), el(id::TRACKS, &tracks.concat()), clusters.concat()].concat();
    [header, open(id::SEGMENT, &body)].concat()
}

const MS: u32 = 1_000_000;

fn pictures() -> Vec<u8> {
    let frames = [
        cluster(0, &[block(1, 0, "v0"), block(1, 40, "v40")]),
        cluster(100, &[block(1, 0, "v100"), block(1, 60, "v160"), group(1, 50, "v150")]),
        cluster(9_000, &[block(1, 0, "v9000")]),
    ];
    file(2, MS, &[track(1, VIDEO, &[])], &[frames.concat(), el(id::TAGS, b"tags")])
}

fn packets(times: &[u16]) -> Vec<Vec<u8>> {
    times.iter().map(|time| block(1, i16::try_from(*time).unwrap(), &format!("a{time}"))).collect()
}

fn sound(blocks: &[Vec<u8>]) -> Vec<u8> {
    let private = el(id::CODEC_PRIVATE, b"OpusHead!");
    file(4, MS, &[track(1, SOUND, &[private])], &[cluster(0, blocks)])
}

fn joined(video: &[u8], sound: &[u8], later_ms: f64) -> Option<(Vec<u8>, Joined)> {
    let mut out = Vec::new();
    let [mut video, mut sound] = [video, sound].map(|bytes| Source::new(Cursor::new(bytes)).unwrap());
    let joined = join(&mut video, &mut sound, later_ms, &mut out).unwrap()?;
    Some((out, joined))
}

/// Words, track and time of each block, and `|` where a cluster begins.
#[derive(Default)]
struct Told<'b> {
    bytes: &'b [u8],
    words: Vec<String>,
    tracks: Vec<Track>,
}

impl Visitor for Told<'_> {
    fn info(&mut self, _info: Info) {}

    fn track(&mut self, track: Track) {
        self.tracks.push(track);
    }

    fn block(&mut self, block: Block) {
        let [from, to] = [block.payload.0, block.payload.1].map(|at| usize::try_from(at).unwrap());
        let words = String::from_utf8_lossy(&self.bytes[from..to]);
        self.words.push(format!("{}:{words}@{}", block.track, block.time));
    }

    fn opened(&mut self, element: Element) {
        if element.id == id::CLUSTER {
            self.words.push("|".into());
        }
    }
}

fn told(bytes: &[u8]) -> (String, Vec<Track>) {
    let mut told = Told { bytes, ..Told::default() };
    let end = scan(&mut Source::new(Cursor::new(bytes)).unwrap(), &mut told).unwrap();
    assert!(!end.cut && !end.damaged && !end.more);
    (told.words.join(" "), told.tracks)
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}

#[test]
fn sound_and_picture_follow_each_other_by_time() {
    let (bytes, done) = joined(&pictures(), &sound(&packets(&[0, 20, 40, 90, 120, 160, 5_000, 8_000])), 10.0).unwrap();
    let (words, tracks) = told(&bytes);
    assert_eq!(
        words,
        "| 1:v0@0 2:a0@10 2:a20@30 1:v40@40 2:a40@50 | 1:v100@100 2:a90@100 2:a120@130 1:v160@160 1:v150@150 \
         2:a160@170 2:a5000@5010 | 2:a8000@8010 | 1:v9000@9000"
    );
    assert_eq!(done, Joined { packets: 8, lost_ms: 0.0 });
    assert_eq!(tracks.iter().map(|track| (track.number, track.kind)).collect::<Vec<_>>(), [(1, "video"), (2, "audio")]);
    assert!(has(&bytes, b"OpusHead!") && has(&bytes, b"tags"));
    // Two tracks may not have one id; the version is that of the younger file; the length was of less.
    assert!(has(&bytes, &write::small(id::TRACK_UID, &[77])) && has(&bytes, &write::uint(id::TRACK_UID, 78)));
    assert!(has(&bytes, &write::uint(id::DOC_TYPE_VERSION, 4)));
    assert!(!has(&bytes, &write::small(id::DURATION, &1.0_f64.to_be_bytes())));
}

#[test]
fn what_lies_before_the_zero_is_left_out() {
    let (bytes, done) = joined(&pictures(), &sound(&packets(&[0, 20, 40, 60])), -40.0).unwrap();
    assert_eq!(told(&bytes).0, "| 1:v0@0 2:a40@0 2:a60@20 1:v40@40 | 1:v100@100 1:v160@160 1:v150@150 | 1:v9000@9000");
    assert_eq!(done, Joined { packets: 2, lost_ms: 40.0 });
    assert_eq!(joined(&pictures(), &sound(&packets(&[0, 20])), -40.0), None);
}

#[test]
fn sound_goes_on_after_the_picture_in_clusters_of_its_own() {
    let (bytes, _) = joined(&pictures(), &sound(&packets(&[0, 4_999, 5_000, 20_000])), 30_000.0).unwrap();
    let (words, _) = told(&bytes);
    assert!(words.ends_with("1:v9000@9000 | 2:a0@30000 2:a4999@34999 | 2:a5000@35000 | 2:a20000@50000"), "{words}");
}

#[test]
fn other_ticks_are_counted_to_the_nearest_and_lengths_in_them_are_dropped() {
    let blocks = [block(1, 0, "a0"), group(1, 3, "a3"), block(1, 4, "a4")];
    let there = file(4, 333_333, &[track(1, SOUND, &[])], &[cluster(600, &blocks)]);
    let (bytes, _) = joined(&pictures(), &there, 0.4).unwrap();
    assert!(told(&bytes).0.contains("2:a0@200 2:a3@201 2:a4@202"), "{:?}", told(&bytes).0);
    let length = write::small(id::BLOCK_DURATION, &[0x12, 0x34]);
    assert!(has(&pictures(), &length) && has(&there, &length));
    assert_eq!(memchr::memmem::find_iter(&bytes, &length).count(), 1, "that of the picture stays");
    let (bytes, _) = joined(&pictures(), &sound(&[group(1, 3, "a3")]), 0.0).unwrap();
    assert_eq!(memchr::memmem::find_iter(&bytes, &length).count(), 2, "in the same ticks it is true");
}

#[test]
fn a_repair_completes_it() {
    let (bytes, _) = joined(&pictures(), &sound(&packets(&[0, 9_500])), 0.0).unwrap();
    let mut source = Source::new(Cursor::new(&bytes)).unwrap();
    let repaired = super::super::repair(&mut source, crate::media::RepairOptions::default()).unwrap().unwrap();
    assert_eq!(repaired.repairs, ["sizes added", "length added", "index added", "tags removed"]);
    assert!(repaired.duration_ms.unwrap() >= 9_500.0);
}

#[test]
fn without_sound_or_a_front_there_is_nothing_to_put_in() {
    for other in [pictures(), Vec::new(), sound(&packets(&[0]))[..60].to_vec()] {
        assert_eq!(joined(&pictures(), &other, 0.0), None);
    }
    assert_eq!(joined(&[], &sound(&packets(&[0])), 0.0), None);
}

/// A disk of so many bytes.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_told_from_a_bad_file() {
    let (video, sound) = (pictures(), sound(&packets(&[0])));
    let whole = joined(&video, &sound, 0.0).unwrap().0.len();
    for room in [0, whole / 2, whole - 1] {
        let [mut video, mut sound] = [&video, &sound].map(|bytes| Source::new(Cursor::new(bytes)).unwrap());
        let failed = join(&mut video, &mut sound, 0.0, &mut Full(room));
        assert!(matches!(failed, Err(Trouble::Write(error)) if error.kind() == io::ErrorKind::StorageFull));
    }
}

/// Damage at every byte of either file neither panics nor swells what is written.
#[test]
fn damaged_files_are_joined_or_not() {
    let (video, sound) = (pictures(), sound(&packets(&[0, 20, 40, 5_000])));
    let most = 4 * (video.len() + sound.len());
    for at in 0..video.len().max(sound.len()) {
        for flip in [0xff, 0x80, 0x01] {
            for which in 0..2 {
                let mut files = [video.clone(), sound.clone()];
                let Some(byte) = files[which].get_mut(at) else { continue };
                *byte ^= flip;
                let written = joined(&files[0], &files[1], 3.0).map_or(0, |(bytes, _)| bytes.len());
                assert!(written < most, "{at}: {written}");
                files[which].truncate(at);
                let _ = joined(&files[0], &files[1], -3.0);
            }
        }
    }
}
