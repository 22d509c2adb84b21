//! Files of a few dozen bytes, in which every block says when it is shown.

use std::io::{Cursor, Read};

use super::*;

fn el(id: u32, body: &[u8]) -> Vec<u8> {
    write::small(id, body)
}

fn block(track: u8, relative: i16, key: bool, words: &str) -> Vec<u8> {
    let head = [&[0x80 | track], &relative.to_be_bytes()[..], &[if key { 0x80 } else { 0 }]].concat();
    el(id::SIMPLE_BLOCK, &[head, words.into()].concat())
}

fn group(track: u8, relative: i16, words: &str) -> Vec<u8> {
    let head = [&[0x80 | track], &relative.to_be_bytes()[..], &[0]].concat();
    let reference = el(id::REFERENCE, &[0xf0]);
    el(id::BLOCK_GROUP, &[el(id::BLOCK, &[head, words.into()].concat()), reference].concat())
}

fn cluster(ms: u16, blocks: &[Vec<u8>]) -> Vec<u8> {
    let body = [el(id::TIMESTAMP, &ms.to_be_bytes()), el(id::PREV_SIZE, &[9]), blocks.concat(), el(id::VOID, b"void")];
    let body = body.concat();
    [write::head(id::CLUSTER, body.len() as u64), body].concat()
}

/// A file with a track of video and one of sound.
fn file(clusters: &[Vec<u8>]) -> Vec<u8> {
    let track = |number: u8, codec: &[u8]| {
        let fields = [el(id::TRACK_NUMBER, &[number]), el(id::TRACK_TYPE, &[number]), el(id::CODEC_ID, codec)];
        el(id::TRACK_ENTRY, &fields.concat())
    };
    let tracks = el(id::TRACKS, &[track(1, b"V_VP8"), track(2, b"A_OPUS")].concat());
    let info =
        el(id::INFO, &[el(id::TICK, &[0x0f, 0x42, 0x40]), el(id::MUXING_APP, b"x"), el(0x7ba9, b"title")].concat());
    let tags = [write::head(id::TAGS, 4), b"tags".to_vec()].concat();
    let body = [info, tracks, clusters.concat(), tags].concat();
    [el(id::EBML, &el(0x4282, b"webm")), write::head(id::SEGMENT, body.len() as u64), body].concat()
}

fn recorded() -> Vec<u8> {
    file(&[
        cluster(0, &[block(1, 0, true, "v000"), block(2, 0, true, "a000"), block(1, 40, false, "v040")]),
        cluster(
            100,
            &[
                block(2, 0, true, "a100"),
                block(1, 20, false, "v120"),
                block(1, 40, true, "v140"),
                // Stored behind the keyframe, shown before it.
                group(1, 30, "v130"),
                block(2, 60, true, "a160"),
                group(1, 80, "v180"),
                block(2, 100, true, "a200"),
            ],
        ),
        cluster(
            220,
            &[
                block(1, 0, false, "v220"),
                block(2, 20, true, "a240"),
                block(1, 80, false, "v300"),
                // Needs the one before.
                block(1, 40, false, "v260"),
                block(2, 60, true, "a280"),
            ],
        ),
        cluster(400, &[block(1, 0, true, "v400"), block(2, 0, true, "a400")]),
    ])
}

fn outcome(file: &[u8], from: f64, to: f64) -> Result<(Vec<u8>, Cut), Uncut> {
    let mut source = Source::new(Cursor::new(file)).unwrap();
    let cut = cut(&mut source, Keep { from, to }).unwrap()?;
    let mut bytes = Vec::new();
    cut.repaired.splice.reader(Cursor::new(file)).read_to_end(&mut bytes).unwrap();
    Ok((bytes, cut))
}

/// What the blocks of a file say, and when they are shown in it.
fn told(bytes: &[u8]) -> Vec<(String, i64)> {
    struct Told(Vec<Block>);
    impl Visitor for Told {
        fn info(&mut self, _info: Info) {}
        fn track(&mut self, _track: Track) {}
        fn block(&mut self, block: Block) {
            self.0.push(block);
        }
    }
    let mut told = Told(Vec::new());
    scan(&mut Source::new(Cursor::new(bytes)).unwrap(), &mut told).unwrap();
    let words = |block: Block| {
        let [from, to] = [block.payload.0, block.payload.1].map(|at| usize::try_from(at).unwrap());
        (String::from_utf8(bytes[from..to].to_vec()).unwrap(), block.time)
    };
    told.0.into_iter().map(words).collect()
}

#[test]
fn the_picture_begins_with_its_keyframe_and_the_sound_with_the_span() {
    let (bytes, cut) = outcome(&recorded(), 150.0, 250.0).unwrap();
    let expected = [("v140", 0), ("a160", 20), ("v180", 40), ("a200", 60), ("v220", 80)];
    assert_eq!(told(&bytes), expected.map(|(words, time)| (words.to_owned(), time)));
    assert_eq!((cut.at, cut.repaired.duration_ms), (140.0, Some(110.0)));
    for gone in ["void", "tags", "title", "v120", "v130", "a100", "a240", "v260"] {
        assert!(memchr::memmem::find(&bytes, gone.as_bytes()).is_none(), "{gone}");
    }
}

#[test]
fn what_needs_a_later_picture_goes_with_it() {
    let (bytes, _) = outcome(&recorded(), 0.0, 290.0).unwrap();
    let words: Vec<_> = told(&bytes).into_iter().map(|(words, _)| words).collect();
    let expected = ["v000", "a000", "v040", "a100", "v120", "v140", "v130", "a160", "v180", "a200", "v220", "a240"];
    assert_eq!(words, expected);
}

#[test]
fn an_index_leads_to_the_new_clusters() {
    let (bytes, _) = outcome(&recorded(), 150.0, f64::INFINITY).unwrap();
    let mut source = Source::new(Cursor::new(&bytes)).unwrap();
    let again = super::super::repair(&mut source, crate::media::RepairOptions::default()).unwrap();
    assert_eq!(again, None, "it has all that a repair would put in");
}

#[test]
fn a_span_without_a_picture_is_empty() {
    for (from, to) in [(500.0, 600.0), (f64::NEG_INFINITY, 0.0)] {
        assert!(matches!(outcome(&recorded(), from, to), Err(Uncut::Empty)));
    }
}
