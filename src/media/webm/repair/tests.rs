//! Files of a few dozen bytes, one for every form that recorders write.

use std::io::{Cursor, Read};

use super::*;

/// An element with a size of one byte.
fn el(id: u32, body: &[u8]) -> Vec<u8> {
    write::small(id, body)
}

const OPEN_1: &[u8] = &[0xff];
const OPEN_8: &[u8] = &[0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

/// An element whose size is left open.
fn open(id: u32, unknown: &[u8], body: &[u8]) -> Vec<u8> {
    [&id.to_be_bytes(), unknown, body].concat()
}

const VIDEO: u8 = 1;
const AUDIO: u8 = 2;

fn track(number: u8, kind: u8) -> Vec<u8> {
    let codec: &[u8] = if kind == VIDEO { b"V_VP8" } else { b"A_OPUS" };
    let fields = [el(id::TRACK_NUMBER, &[number]), el(id::TRACK_TYPE, &[kind]), el(id::CODEC_ID, codec)];
    el(id::TRACK_ENTRY, &fields.concat())
}

fn simple(track: u8, time: i16, key: bool) -> Vec<u8> {
    let [high, low] = time.to_be_bytes();
    el(id::SIMPLE_BLOCK, &[0x80 | track, high, low, if key { 0x80 } else { 0 }, 9, 9])
}

/// A block of its own element, as alpha and captions have it.
fn group(track: u8, time: i16, key: bool) -> Vec<u8> {
    let [high, low] = time.to_be_bytes();
    let block = el(id::BLOCK, &[0x80 | track, high, low, 0, 9, 9]);
    let reference = if key { Vec::new() } else { el(id::REFERENCE, &[0xf0]) };
    el(id::BLOCK_GROUP, &[block, reference].concat())
}

fn stamp(ms: u16) -> Vec<u8> {
    el(id::TIMESTAMP, &ms.to_be_bytes())
}

fn ebml() -> Vec<u8> {
    // A limit of four bytes for sizes, which ours exceed.
    el(id::EBML, &[el(0x4282, b"webm"), el(id::MAX_SIZE_LENGTH, &[4])].concat())
}

fn info(more: &[Vec<u8>]) -> Vec<u8> {
    let tick = el(id::TICK, &[0x0f, 0x42, 0x40]);
    el(id::INFO, &[tick, el(id::MUXING_APP, b"x"), more.concat()].concat())
}

/// What `start(1000)` gives, with clusters of these bodies.
fn recorded(unknown: &[u8], tracks: &[Vec<u8>], clusters: &[Vec<u8>]) -> Vec<u8> {
    let clusters = clusters.iter().map(|body| open(id::CLUSTER, unknown, body)).collect::<Vec<_>>().concat();
    let body = [info(&[]), el(id::TRACKS, &tracks.concat()), clusters].concat();
    [ebml(), open(id::SEGMENT, unknown, &body)].concat()
}

fn usual(unknown: &[u8]) -> Vec<u8> {
    let first = [stamp(0), simple(2, 0, true), simple(1, 0, true), simple(1, 100, false)].concat();
    let second = [stamp(1_000), simple(1, -900, false), simple(1, 0, true), simple(1, 100, false)].concat();
    recorded(unknown, &[track(2, AUDIO), track(1, VIDEO)], &[first, second])
}

fn mended(bytes: &[u8], keep_metadata: bool) -> Option<(Vec<u8>, Repaired)> {
    let options = RepairOptions { keep_metadata };
    let repaired = repair(&mut Source::new(Cursor::new(bytes)).unwrap(), options).unwrap()?;
    let mut out = Vec::new();
    repaired.splice.reader(Cursor::new(bytes)).read_to_end(&mut out).unwrap();
    assert_eq!(out.len() as u64, repaired.splice.len());
    Some((out, repaired))
}

/// What a file became, and what was done; what it became needs nothing more.
fn done(bytes: &[u8]) -> (Vec<u8>, Vec<&'static str>) {
    let (out, repaired) = mended(bytes, false).expect("something is to be done");
    assert_eq!(mended(&out, false).map(|(_, again)| again.repairs), None, "{:?}", repaired.repairs);
    (out, repaired.repairs)
}

/// The index of a file that was made by us: time, and place of the cluster in the file.
fn index_of(bytes: &[u8]) -> Vec<(u64, u64)> {
    let mut source = Source::new(Cursor::new(bytes)).unwrap();
    let mut plan = Plan::new(source.len());
    scan(&mut source, &mut plan).unwrap();
    plan.finish();
    let body = plan.segment.unwrap().body;
    let (mut times, mut places) = (Vec::new(), Vec::new());
    plan.old_cues
        .unwrap()
        .each(&mut source, |source, point| {
            point.each(source, |source, field| {
                if field.id == id::CUE_TIME {
                    times.push(field.uint(source)?);
                    return Ok(());
                }
                field.each(source, |source, field| {
                    if field.id == id::CUE_CLUSTER {
                        places.push(body + field.uint(source)?);
                    }
                    Ok(())
                })
            })
        })
        .unwrap();
    for place in &places {
        let at = usize::try_from(*place).unwrap();
        assert_eq!(bytes[at..at + 4], id::CLUSTER.to_be_bytes());
    }
    times.into_iter().zip(places).collect()
}

fn times(bytes: &[u8]) -> Vec<u64> {
    index_of(bytes).into_iter().map(|(time, _)| time).collect()
}

const RECORDED: [&str; 3] = ["sizes added", "length added", "index added"];

#[test]
fn sizes_left_open_in_either_form_are_written() {
    let (one, words) = done(&usual(OPEN_1));
    assert_eq!(words, RECORDED);
    assert_eq!(done(&usual(OPEN_8)), (one.clone(), words));
    assert_eq!(times(&one), [0, 1_000]);
    let length = one.windows(3).position(|window| window == [0x44, 0x89, 0x88]).unwrap() + 3;
    assert!(f64::from_be_bytes(one[length..length + 8].try_into().unwrap()) >= 1_100.0);
    assert!(!one.windows(2).any(|window| window == [0x42, 0xf3]), "the limit for sizes is gone");
    // Every cluster's body is there as it was, behind a size of eight bytes.
    let body = [stamp(1_000), simple(1, -900, false), simple(1, 0, true), simple(1, 100, false)].concat();
    assert!(one.ends_with(&[write::head(id::CLUSTER, body.len() as u64), body].concat()));
}

#[test]
fn a_frame_without_references_is_one_to_begin_at() {
    let clusters = [
        [stamp(0), group(1, 0, true), group(1, 100, false)].concat(),
        [stamp(1_000), group(1, 0, false), group(1, 100, false)].concat(),
        [stamp(2_000), group(1, 0, false), group(1, 100, true)].concat(),
    ];
    assert_eq!(times(&done(&recorded(OPEN_8, &[track(1, VIDEO)], &clusters)).0), [0, 2_100]);
}

#[test]
fn sound_alone_has_an_entry_for_each_cluster() {
    let clusters = [0, 1_000, 2_000].map(|at| [stamp(at), simple(1, 3, true), simple(1, 600, true)].concat());
    assert_eq!(times(&done(&recorded(OPEN_8, &[track(1, AUDIO)], &clusters)).0), [3, 1_003, 2_003]);
}

#[test]
fn times_need_not_begin_at_zero_nor_be_positive() {
    let late = [[stamp(5_000), simple(1, 0, true)].concat(), [stamp(6_000), simple(1, 0, true)].concat()];
    assert_eq!(times(&done(&recorded(OPEN_1, &[track(1, VIDEO)], &late)).0), [5_000, 6_000]);
    let early = [[stamp(0), simple(1, -20, true), simple(1, 500, false)].concat()];
    assert_eq!(times(&done(&recorded(OPEN_1, &[track(1, VIDEO)], &early)).0), [0]);
}

#[test]
fn without_a_frame_to_begin_at_the_start_is_named() {
    let clusters = [[stamp(0), simple(1, 40, false), simple(1, 80, false)].concat()];
    assert_eq!(times(&done(&recorded(OPEN_1, &[track(1, VIDEO)], &clusters)).0), [0]);
}

#[test]
fn a_cut_drops_back_to_the_last_whole_block() {
    let whole = usual(OPEN_8);
    let (kept, _) = done(&whole[..whole.len() - 8]);
    for less in 1..8 {
        let (out, words) = done(&whole[..whole.len() - less]);
        assert_eq!(words, [&RECORDED[..], &["cut end dropped"]].concat());
        assert_eq!(out, kept, "{less} bytes less");
    }
    for at in 0..whole.len() {
        if let Some((out, _)) = mended(&whole[..at], false) {
            assert_eq!(mended(&out, false), None, "cut at {at}");
        }
    }
}

#[test]
fn a_cut_clusters_checksum_becomes_padding() {
    let body = [el(id::CRC, b"abcd"), stamp(0), simple(1, 0, true), simple(1, 900, true)].concat();
    let whole =
        [ebml(), el(id::SEGMENT, &[info(&[]), el(id::TRACKS, &track(1, VIDEO)), el(id::CLUSTER, &body)].concat())];
    let whole = whole.concat();
    let has_checksum = |bytes: &[u8]| bytes.windows(6).any(|window| window == b"\xbf\x84abcd");
    assert!(has_checksum(&done(&whole).0));
    assert!(!has_checksum(&done(&whole[..whole.len() - 1]).0));
}

#[test]
fn damage_costs_no_more_than_its_cluster() {
    let clusters = [0, 1_000, 2_000].map(|at| [stamp(at), simple(1, 0, true), simple(1, 500, false)].concat());
    let whole = recorded(OPEN_8, &[track(1, VIDEO)], &clusters);
    let at = whole.windows(4).position(|window| window == stamp(1_000)).unwrap();
    for bad in [[0x00, 0x00], [0xe7, 0x08], [0xa3, 0x00]] {
        let mut bytes = whole.clone();
        bytes[at..at + 2].copy_from_slice(&bad);
        let (out, words) = done(&bytes);
        assert_eq!(words, [&RECORDED[..], &["damaged part dropped"]].concat(), "{bad:x?}");
        assert_eq!(times(&out), [0, 2_000], "{bad:x?}");
    }
}

#[test]
fn what_follows_the_recording_is_left_out() {
    let (out, words) = done(&[usual(OPEN_8), usual(OPEN_8)].concat());
    assert_eq!(words, [&RECORDED[..], &["second recording dropped"]].concat());
    assert_eq!(out, done(&usual(OPEN_8)).0);
}

fn tagged() -> Vec<u8> {
    let info = info(&[el(0x7ba9, b"my title"), el(id::DATE, &[1; 8]), el(id::DURATION, &2_000_f64.to_be_bytes())]);
    let entry = [el(id::TRACK_NUMBER, &[1]), el(id::TRACK_TYPE, &[VIDEO]), el(id::TRACK_NAME, b"my webcam")].concat();
    let cluster = [stamp(0), simple(1, 0, true), simple(1, 1_000, false)].concat();
    let seek = |id: u32, at: u64| {
        el(id::SEEK, &[el(id::SEEK_ID, &id.to_be_bytes()), write::uint(id::SEEK_POSITION, at)].concat())
    };
    let tracks = el(id::TRACKS, &el(id::TRACK_ENTRY, &entry));
    let cluster = el(id::CLUSTER, &cluster);
    let front = 5 + 21 + info.len() + tracks.len();
    let entry = |at: usize| {
        let place = [el(id::CUE_TRACK, &[1]), write::uint(id::CUE_CLUSTER, at as u64)].concat();
        el(id::CUES, &el(id::CUE_POINT, &[el(id::CUE_TIME, &[0]), el(id::CUE_POSITIONS, &place)].concat()))
    };
    let back = (front + cluster.len()) as u64;
    let more = [el(id::TAGS, b"my tags"), el(id::CHAPTERS, b"my chapters"), el(id::ATTACHMENTS, b"my files")];
    let parts = [el(id::SEEK_HEAD, &seek(id::CUES, back)), info, tracks, cluster, entry(front), more.concat()];
    let body = parts.concat();
    [ebml(), write::head(id::SEGMENT, body.len() as u64), body].concat()
}

#[test]
fn nothing_is_left_of_its_maker_unless_wished() {
    let bytes = tagged();
    let (out, words) = done(&bytes);
    let removed = ["tags removed", "chapters removed", "attachments removed", "index moved to the front"];
    assert_eq!(words, removed);
    assert!(!out.windows(3).any(|window| window == b"my "));
    assert!(!out.windows(8).any(|window| window == [1; 8]), "the date");
    // Its index lies at the end, where players find it too.
    let (out, kept) = mended(&bytes, true).unwrap();
    assert_eq!((kept.repairs, kept.missing), (vec![], vec!["index at the end"]));
    assert_eq!(out, bytes);
}

#[test]
fn what_is_wished_is_kept_and_can_be_found() {
    let mut bytes = tagged();
    let at = bytes.windows(3).position(|window| window == [0x44, 0x89, 0x88]).unwrap() + 3;
    bytes[at..at + 8].fill(0);
    let (out, repaired) = mended(&bytes, true).unwrap();
    assert_eq!(repaired.repairs, ["length added", "index moved to the front"]);
    for text in ["my title", "my webcam", "my tags", "my chapters", "my files"] {
        assert!(out.windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
    assert_eq!(mended(&out, true), None);
}

#[test]
fn an_index_that_points_elsewhere_is_made_anew() {
    for (name, wrong) in [("place of the index", 0), ("place of a cluster", 1)] {
        let mut bytes = tagged();
        let head = if wrong == 0 { [0x53, 0xac, 0x88] } else { [0xf1, 0x88, 0x00] };
        let at = bytes.windows(3).position(|window| window == head).unwrap() + if wrong == 0 { 10 } else { 9 };
        bytes[at] ^= 1;
        let (out, repaired) = mended(&bytes, true).unwrap();
        assert_eq!(repaired.repairs, ["index renewed"], "{name}");
        assert_eq!(times(&out), [0], "{name}");
    }
}

#[test]
fn a_wrong_length_is_corrected() {
    for wrong in [f64::NAN, f64::INFINITY, -1.0, 0.0, 700.0, 90_000.0] {
        let mut bytes = tagged();
        let at = bytes.windows(3).position(|window| window == [0x44, 0x89, 0x88]).unwrap() + 3;
        bytes[at..at + 8].copy_from_slice(&wrong.to_be_bytes());
        let (_, repaired) = mended(&bytes, true).unwrap();
        let length = repaired.duration_ms.unwrap();
        assert!(
            repaired.repairs[0].starts_with("length ") && (1_000.0..=2_000.0).contains(&length),
            "{wrong}: {length}"
        );
    }
}
