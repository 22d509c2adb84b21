//! Videos of more than 4 GiB go through in little memory. Slow, and 5 GB of disk: only `tests/run --all` does it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and tells its numbers")]
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{BufWriter, Seek as _, SeekFrom, Write};
use std::path::Path;
use std::time::Instant;

use sealcast::bundle::{self, Panels};
use sealcast::header::Header;
use sealcast::import::{ImportOptions, import};
use sealcast::layout::{self, Target};
use sealcast::limits::Bodies;
use sealcast::sink::Sink;

/// Frames of two hours, and bytes of each: 4.4 GB.
const FRAMES: u32 = 216_000;
const FRAME: u32 = 20_500;
const RATE: u32 = 30;

/// The most memory this process ever had, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [u32::try_from(body.len() + 8).unwrap().to_be_bytes().as_slice(), kind, &body].concat()
}

fn numbers(list: impl IntoIterator<Item = u32>) -> Vec<u8> {
    list.into_iter().flat_map(u32::to_be_bytes).collect()
}

/// An MP4 with its index at the end, a chunk a second; the frames are a hole.
fn mp4(path: &Path, frames: u32) {
    let mut file = File::create(path).unwrap();
    file.write_all(&boxed(b"ftyp", &[b"isom\0\0\x02\0isomiso2avc1mp41"])).unwrap();
    let data = u64::from(frames) * u64::from(FRAME);
    let start = file.stream_position().unwrap() + 16;
    file.write_all(&[numbers([1]), b"mdat".to_vec(), (data + 16).to_be_bytes().to_vec()].concat()).unwrap();
    let end = file.seek(SeekFrom::Current(i64::try_from(data).unwrap())).unwrap();
    let chunks = frames.div_ceil(RATE);
    let offsets: Vec<u8> = (0..chunks)
        .flat_map(|chunk| (start + u64::from(chunk) * u64::from(RATE) * u64::from(FRAME)).to_be_bytes())
        .collect();
    let avcc = boxed(b"avcC", &[&[1, 0x64, 0, 0x1f, 0xff, 0xe0, 0]]);
    let mut entry = vec![0; 78];
    entry[7] = 1;
    entry[24..28].copy_from_slice(&[5, 0, 2, 0xd0]);
    let table = boxed(
        b"stbl",
        &[
            &boxed(b"stsd", &[&numbers([0, 1]), &boxed(b"avc1", &[&entry, &avcc])]),
            &boxed(b"stts", &[&numbers([0, 1, frames, 1_000])]),
            &boxed(b"stss", &[&numbers([0, chunks]), &numbers((0..chunks).map(|chunk| chunk * RATE + 1))]),
            &boxed(b"stsc", &[&numbers([0, 1, 1, RATE, 1])]),
            &boxed(b"stsz", &[&numbers([0, 0, frames]), &numbers((0..frames).map(|_| FRAME))]),
            &boxed(b"co64", &[&numbers([0, chunks]), &offsets]),
        ],
    );
    let scale = RATE * 1_000;
    let handler = boxed(b"hdlr", &[&numbers([0, 0]), b"vide", &[0; 13]]);
    let media = boxed(
        b"mdia",
        &[&boxed(b"mdhd", &[&numbers([0, 0, 0, scale, frames * 1_000, 0])]), &handler, &boxed(b"minf", &[&table])],
    );
    let mut header = numbers([0, 0, 0, 1, 0, frames / RATE * 1_000, 0, 0, 0, 0]);
    header.extend(numbers([0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000, 1_280 << 16, 720 << 16]));
    let movie = boxed(
        b"moov",
        &[
            &boxed(b"mvhd", &[&numbers([0, 0, 0, 1_000, frames / RATE * 1_000]), &[0; 80]]),
            &boxed(b"trak", &[&boxed(b"tkhd", &[&header]), &media]),
        ],
    );
    file.seek(SeekFrom::Start(end)).unwrap();
    file.write_all(&movie).unwrap();
}

/// A `WebM` as recorders write it to a pipe: no sizes, no length, no index, a cluster a second.
fn webm(path: &Path, frames: u32) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let unknown = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let mut put = |bytes: &[u8]| file.write_all(bytes).unwrap();
    put(b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm\x18\x53\x80\x67");
    put(&unknown);
    put(b"\x15\x49\xa9\x66\x87\x2a\xd7\xb1\x83\x0f\x42\x40");
    put(b"\x16\x54\xae\x6b\x99\xae\x97\xd7\x81\x01\x83\x81\x01\x86\x85V_VP8\xe0\x88\xb0\x82\x05\x00\xba\x82\x02\xd0");
    for frame in 0..frames {
        if frame % RATE == 0 {
            file.write_all(b"\x1f\x43\xb6\x75").unwrap();
            file.write_all(&unknown).unwrap();
            file.write_all(b"\xe7\x84").unwrap();
            file.write_all(&(frame / RATE * 1_000).to_be_bytes()).unwrap();
        }
        let within = u16::try_from(frame % RATE * 1_000 / RATE).unwrap().to_be_bytes();
        let key = if frame % RATE == 0 { 0x80 } else { 0 };
        file.write_all(&[&[0xa3][..], &(0x1000_0000 | (FRAME + 4)).to_be_bytes(), &[0x81], &within, &[key]].concat())
            .unwrap();
        file.seek(SeekFrom::Current(FRAME.into())).unwrap();
    }
    let mut file = file.into_inner().unwrap();
    let end = file.stream_position().unwrap();
    file.set_len(end).unwrap();
}

fn export(video: &Path, out: &Path) -> (f64, Vec<String>, u64) {
    let mut options = ImportOptions::default();
    options.inputs = vec![video.to_path_buf()];
    let mut sink = Sink::new(Bodies::Text, [true; 4]);
    let recording = import(&options, &mut sink).unwrap();
    let mut bundle = bundle::build(&recording, sink, Header::plain([1; 16], 1, 0), &Panels::default()).unwrap();
    layout::write(&mut bundle, "dir", &Target::new(out.to_path_buf(), false), &mut ()).unwrap();
    let video = bundle.manifest.video.unwrap();
    (video.duration.unwrap(), video.repairs, video.keyframes.unwrap().count)
}

#[test]
#[ignore = "writes 9 GB"]
fn videos_above_four_gib_take_little_memory() {
    let room = tempfile::tempdir().unwrap();
    for (name, make) in [("x.mp4", mp4 as fn(&Path, u32)), ("x.webm", webm)] {
        let (small, large) = (room.path().join("small").with_extension(name), room.path().join(name));
        make(&small, 300);
        export(&small, &room.path().join(format!("small-{name}")));
        let before = peak();
        make(&large, FRAMES);
        assert!(fs::metadata(&large).unwrap().len() > 4 << 30);
        let (started, out) = (Instant::now(), room.path().join(format!("large-{name}")));
        let (duration, repairs, keys) = export(&large, &out);
        let grown = peak().saturating_sub(before);
        eprintln!("{name}: {grown} KiB more than {before} KiB, {:.1} s, {repairs:?}", started.elapsed().as_secs_f64());
        assert!((duration - 7_200_000.0).abs() < 50.0, "{name}: {duration}");
        assert_eq!(keys, 7_200, "{name}");
        assert!(!repairs.is_empty(), "{name}");
        assert!(grown < 16 * 1024, "{name}: {grown} KiB more than {before}");
        fs::remove_dir_all(&out).unwrap();
    }
}
