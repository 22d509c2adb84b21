use std::io::Cursor;

use super::super::tests::boxed;
use super::*;
use crate::media::packets::Codec;

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// A track of samples of ten bytes, four a second, so many to a chunk.
fn track(id: u32, offset: u32, samples: u32, chunk: u32) -> Vec<u8> {
    let offsets: Vec<u32> = (0..samples / chunk).map(|at| offset + at * chunk * 10).collect();
    let tables = [
        boxed(b"stsd", b"\0\0\0\0\0\0\0\x01\0\0\0\x10abcd\0\0\0\0\0\0\0\x01"),
        boxed(b"stts", &numbers(&[0, 1, samples, 250])),
        boxed(b"sdtp", b"kept"),
        boxed(b"stsc", &numbers(&[0, 1, 1, chunk, 1])),
        boxed(b"stsz", &numbers(&[0, 10, samples])),
        boxed(b"stco", &[numbers(&[0, samples / chunk]), numbers(&offsets)].concat()),
    ];
    let media = [
        boxed(b"mdhd", &numbers(&[0, 0, 0, 1_000, 250 * samples, 0])),
        boxed(b"hdlr", b"\0\0\0\0\0\0\0\0vide\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        boxed(b"minf", &boxed(b"stbl", &tables.concat())),
    ];
    let header = boxed(b"tkhd", &numbers(&[7, 0, 0, id, 0, 250 * samples]));
    boxed(b"trak", &[header, boxed(b"mdia", &media.concat())].concat())
}

fn header(length: u32, next: u32) -> Vec<u8> {
    let mut body = numbers(&[0, 0, 0, 1_000, length]);
    body.resize(96, 0);
    boxed(b"mvhd", &[body, numbers(&[next])].concat())
}

/// A file of two tracks, the samples of one behind those of the other.
fn film() -> Vec<u8> {
    film_of(2_000, &[])
}

/// The same with a length, and more in its second track.
fn film_of(length: u32, more: &[u8]) -> Vec<u8> {
    let second = |at| {
        let track = track(2, at, 8, 2);
        boxed(b"trak", &[&track[8..], more].concat())
    };
    let moov = |at| [header(length, 3), track(1, at, 8, 8), second(at + 80), vec![0; 4]].concat();
    let front = boxed(b"ftyp", b"isomisom");
    let at = u32::try_from(front.len() + moov(0).len() + 16).unwrap();
    let samples: Vec<u8> = (0..16).flat_map(|sample| [sample; 10]).collect();
    [front, boxed(b"moov", &moov(at)), boxed(b"mdat", &samples), boxed(b"free", b"gone")].concat()
}

/// Packets of a second of Opus, 0.1 s each, that lie with a byte between them.
fn sound() -> (Vec<u8>, Packets) {
    let bytes: Vec<u8> = (0..10).flat_map(|packet| [b'-', 100 + packet, 100 + packet]).collect();
    let mut packets = Packets::new(Codec::Opus(b"OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0".to_vec()), 48_000);
    for at in 0..10 {
        packets.push(Packet { offset: 3 * at + 1, size: 2, duration: 4_800 }, 30).unwrap();
    }
    (bytes, packets)
}

fn muxed(film: Vec<u8>, later_ms: f64) -> Option<(Vec<u8>, Joined)> {
    let (bytes, packets) = sound();
    let mut sources = (Source::new(Cursor::new(film)).unwrap(), Source::new(Cursor::new(bytes)).unwrap());
    let mut out = Vec::new();
    let joined = mux(&mut sources.0, &mut sources.1, packets, later_ms, &mut out).unwrap();
    joined.map(|joined| (out, joined))
}

/// What each track's samples begin with, in their order, and where they lie.
fn samples(file: &[u8]) -> Vec<Vec<(u8, u64)>> {
    let index = Index::read(&mut Source::new(Cursor::new(file)).unwrap()).unwrap().unwrap();
    let tracks = index.tree.children(None).filter(|at| index.tree.nodes[*at].kind == *b"trak");
    let list = |trak| Listed::new(&index.moov, &index.tree, trak).unwrap().map(|entry| entry.unwrap().offset);
    tracks.map(|trak| list(trak).map(|at| (file[usize::try_from(at).unwrap()], at)).collect()).collect()
}

#[test]
fn all_samples_stay_and_follow_each_other_by_time() {
    let (file, joined) = muxed(film(), 700.0).unwrap();
    assert_eq!(joined, Joined { packets: 10, lost_ms: 0.0 });
    let tracks = samples(&file);
    let firsts = |track: usize| tracks[track].iter().map(|(first, _)| *first).collect::<Vec<_>>();
    assert_eq!((firsts(0), firsts(1)), ((0..8).collect(), (8..16).collect()));
    // 0.7 s of silence, in packets of 20 ms.
    assert_eq!(firsts(2), [vec![0xf8; 35], (100..110).collect()].concat());
    // Half a second of each after the other.
    let mut order: Vec<_> = tracks.iter().flatten().collect();
    order.sort_by_key(|(_, at)| *at);
    let mut order: Vec<u8> = order.into_iter().map(|(first, _)| *first).collect();
    order.dedup();
    let expected = [
        0, 1, 8, 9, 0xf8, 2, 3, 10, 11, 0xf8, 100, 101, 102, 4, 5, 12, 13, 103, 104, 105, 106, 107, 6, 7, 14, 15, 108,
        109,
    ];
    assert_eq!(order, expected);
}

#[test]
fn what_is_known_of_the_film_stays_and_it_lasts_as_long_as_all() {
    let (file, _) = muxed(film(), 1_500.0).unwrap();
    let index = Index::read(&mut Source::new(Cursor::new(&file)).unwrap()).unwrap().unwrap();
    assert!(index.moov.starts_with(&header(2_500, 4)));
    assert_eq!(file.windows(4).filter(|four| four == b"kept").count(), 2);
    assert!(!file.windows(4).any(|four| four == b"gone") && file.starts_with(&boxed(b"ftyp", b"isomisom")));
    let trak = index.tree.children(None).last().unwrap();
    let list = index.tree.below(trak, &[b"edts", b"elst"]).unwrap();
    let edits = Edits::read(&index.moov[list.body..list.end]).unwrap();
    assert_eq!((edits.pause, edits.skipped, edits.length), (0, Some(0), 2_500));
    let facts = super::super::probe(&mut Source::new(Cursor::new(&file)).unwrap()).unwrap();
    assert_eq!(facts.duration_ms, Some(2_500.0));
}

#[test]
fn a_film_that_says_nothing_of_its_length_is_as_long_as_its_tracks() {
    for length in [0, u32::MAX, 2_000] {
        for (later_ms, whole) in [(700.0, 2_000), (1_500.0, 2_500)] {
            let (file, _) = muxed(film_of(length, &[]), later_ms).unwrap();
            let index = Index::read(&mut Source::new(Cursor::new(&file)).unwrap()).unwrap().unwrap();
            assert!(index.moov.starts_with(&header(whole, 4)), "{length} {later_ms}");
        }
    }
}

#[test]
fn an_editors_work_is_refused() {
    let edits = |list: &[u32]| boxed(b"edts", &boxed(b"elst", &numbers(list)));
    assert!(muxed(film_of(2_000, &edits(&[0, 1, 1_000, 0, 1 << 16])), 700.0).is_some());
    assert!(muxed(film_of(2_000, &edits(&[0, 2, 1_000, 0, 1 << 16, 500, 0, 1 << 16])), 700.0).is_none());
    assert!(muxed(film_of(2_000, &edits(&[0, 1, 1_000])), 700.0).is_none(), "a list that is cut");
}

#[test]
fn a_film_that_grows_beyond_four_bytes_gets_wide_offsets() {
    let bytes = film();
    let index = Index::read(&mut Source::new(Cursor::new(&bytes)).unwrap()).unwrap().unwrap();
    let mut film = Film::new(&index.moov, &index.tree, bytes.len() as u64).unwrap();
    film.add(sound().1, 0.0, &[]).unwrap();
    let wide = |before| {
        let out = film.index(before).unwrap();
        out.windows(4).filter(|four| four == b"co64").count()
    };
    assert_eq!((wide(0), wide(u64::from(u32::MAX) - 2_000), wide(u32::MAX.into())), (0, 0, 3));
    // Those of the others still fit when only the last samples lie beyond.
    let length = film.index(0).unwrap().len() as u64;
    assert_eq!(wide(u64::from(u32::MAX) + 1 - length - (film.length - 20)), 1);
}

#[test]
fn what_makes_no_sense_is_refused() {
    assert!(muxed(film(), 1e15).is_none(), "longer than its header can say");
    assert!(muxed(film(), -1_000.0).is_none(), "nothing is heard");
    assert!(muxed(film()[..film().len() - 30].to_vec(), 0.0).is_none(), "samples that are not there");
    let with = |from: &[u8], to: &[u8]| {
        let mut bytes = film();
        let at = bytes.windows(from.len()).position(|four| four == from).unwrap();
        bytes[at..at + to.len()].copy_from_slice(to);
        muxed(bytes, 0.0)
    };
    assert!(with(b"sdtp", b"stco").is_none(), "two tables of places");
    assert!(with(b"stsz", b"stz2").is_none(), "a table of another kind");
    assert!(with(b"stsz\0\0\0\0\0\0\0\x0a", b"stsz\0\0\0\0\0\0\0\xff").is_none(), "samples that overlap");
    assert!(with(b"ftyp", b"ftyp").is_some());
}
