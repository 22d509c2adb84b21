//! `export --from` and `--to`: nothing outside the span remains, all inside does, and no packet is touched.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "helpers of tests may fail, and tests say what they skip"
)]

mod common;

use std::collections::HashSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sealcast::read::{Opened, Source};
use sealcast::seal::{Key, Secrets};
use serde_json::{Value, json};
use tempfile::TempDir;

use common::printed;

/// When the recording begins.
const ZERO: f64 = 1_780_000_000_000.0;
/// The span, in seconds. The keyframe before it lies at 7.133.
const SPAN: [&str; 4] = ["--from", "8", "--to", "0:20"];
const CUT: f64 = 7133.0;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn example() -> PathBuf {
    root().join("examples/checkout-bug/video.webm")
}

/// Exports; gives the report.
#[track_caller]
fn export(input: &Path, out: &Path, options: &[&str]) -> Value {
    let args = [&["export", input.to_str().unwrap(), "-o", out.to_str().unwrap(), "--json"], options].concat();
    serde_json::from_str(&printed(&args)).unwrap()
}

/// A picture that says something behind its end.
fn picture(words: &str) -> Vec<u8> {
    let pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    [BASE64_STANDARD.decode(pixel).unwrap(), words.into()].concat()
}

fn lines(values: &[Value]) -> String {
    values.iter().map(|value| format!("{value}\n")).collect()
}

/// A request that begins at a second and takes so many ms; what comes back says `answer`.
fn request(second: f64, ms: f64, words: &str, answer: &str) -> Value {
    let stamp = |second: f64| ZERO + second * 1e3;
    json!({
        "startedDateTime": stamp(second), "time": ms,
        "request": {"method": "POST", "url": format!("https://a.example/{words}"),
            "headers": [{"name": "x-a", "value": words}], "postData": {"mimeType": "text/plain", "text": words}},
        "response": {"status": 500, "headers": [{"name": "x-request-id", "value": answer}],
            "content": {"mimeType": "text/plain", "text": answer}},
        "timings": {"send": 0, "wait": ms, "receive": 0, "comment": answer},
    })
}

/// A recording with words of every kind: `OUT…` where they lie outside the span, `IN…` where inside.
fn recording() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    fs::copy(example(), folder.path().join("video.webm")).unwrap();
    let mut console = Vec::new();
    let mut entries = Vec::new();
    for (second, words) in [(2.0, "OUT1"), (7.5, "OUT2"), (8.0, "IN1"), (20.0, "IN2"), (20.001, "OUT3"), (30.0, "OUT4")]
    {
        console.push(json!({"t": second * 1e3, "level": "error", "text": format!("{words}-console"), "args": [{"deep": format!("{words}-deep")}]}));
        entries.push(request(second, 0.0, &format!("{words}-network"), &format!("{words}-answer")));
    }
    console.push(json!({"level": "info", "text": "OUT-untimed"}));
    entries.push(request(19.0, 5_000.0, "IN3-network", "OUT5-answer"));
    entries.push(request(5.0, 5_000.0, "OUT6-network", "OUT6-answer"));
    let message =
        |second: f64, words: &str| json!({"type": "receive", "time": (ZERO + second * 1e3) / 1e3, "data": words});
    let mut socket = request(10.0, 1.0, "IN4-network", "IN4-answer");
    socket["_webSocketMessages"] = json!([message(11.0, "IN4-message"), message(21.0, "OUT7-message")]);
    entries.push(socket);
    write("console.ndjson", lines(&console).as_bytes());
    let har = json!({"log": {"version": "1.2", "creator": {"name": "x", "version": "1"},
        "pages": [{"id": "p", "startedDateTime": ZERO, "title": "OUT-title", "_url": "https://a.example/OUT-page"}],
        "entries": entries}});
    write("network.har", har.to_string().as_bytes());
    write(
        "actions.ndjson",
        lines(&[
            json!({"t": 1_000, "type": "click", "label": "OUT8-action"}),
            json!({"t": 9_000, "type": "click", "label": "IN5-action"}),
            json!({"t": 19_500, "type": "click", "label": "IN6-action", "duration": 2_000, "error": "OUT9-error"}),
        ])
        .as_bytes(),
    );
    write(
        "backend.ndjson",
        lines(&[
            json!({"t": 7_999, "level": "info", "service": "s", "message": "OUT10-backend"}),
            json!({"t": 9_000, "level": "info", "service": "s", "message": "IN7-backend"}),
        ])
        .as_bytes(),
    );
    write("captions.vtt", b"WEBVTT OUT11-note\n\nNOTE OUT11-note\n\n00:01.000 --> 00:07.900\nOUT12-subtitle\n\n00:07.000 --> 00:09.000\nIN8-subtitle\n\n00:25.000 --> 00:26.000\nOUT13-subtitle\n");
    write("still.png", &picture("OUT14-still"));
    write("poster.png", &picture("OUT15-poster"));
    let started = "2026-05-28T20:26:40Z";
    let media = json!([
        {"kind": "video", "file": "video.webm"}, {"kind": "captions", "file": "captions.vtt"},
        {"kind": "image", "file": "still.png"}, {"kind": "poster", "file": "poster.png"},
    ]);
    let panels = json!({"console": "console.ndjson", "network": "network.har", "actions": "actions.ndjson", "backend": "backend.ndjson"});
    let description = json!({"format": "recording/1", "title": "IN9-title", "startedDateTime": started, "durationMs": 37_600,
        "media": media, "panels": panels,
        "metadata": {"page": {"url": "https://a.example/OUT-page"}, "test": {"title": "IN10-test", "error": "OUT16-error"}, "system": {"os": "IN11-system"}}});
    write("recording.json", description.to_string().as_bytes());
    folder
}

/// All bytes of a share: manifest and parts as they are, and their blocks inflated.
fn bytes(share: &Path, link: &str) -> (Opened, Vec<Vec<u8>>) {
    let key = link.split("#k=").nth(1).map(|text| Key::parse(text.split('&').next().unwrap()).unwrap());
    let mut secrets = Secrets::default();
    secrets.key = key.as_ref();
    let opened = Opened::open(Source::local(share).unwrap(), &secrets, None).unwrap();
    let whole = |part: u32| opened.read(part, 0, opened.length(part).unwrap()).unwrap();
    let parts = opened.manifest.parts.iter().map(|part| part.id);
    let mut found: Vec<_> = std::iter::once(0).chain(parts).map(whole).collect();
    let streams = &opened.manifest.streams;
    for stream in [&streams.console, &streams.network, &streams.actions, &streams.backend].into_iter().flatten() {
        let index = whole(stream.index);
        let index: Value = serde_json::from_slice(index.trim_ascii()).unwrap();
        for (list, part) in [("rows", stream.rows), ("details", stream.details)] {
            for block in index[list].as_array().unwrap() {
                let [offset, length] = [0, 1].map(|at| block[at].as_u64().unwrap());
                let mut raw = Vec::new();
                let packed = opened.read(part, offset, length).unwrap();
                flate2::read::DeflateDecoder::new(&packed[..]).read_to_end(&mut raw).unwrap();
                found.push(raw);
            }
        }
    }
    (opened, found)
}

/// The words of a kind, as `IN7-console`. Chance puts `IN-Ba` into a picture's bytes, so four letters are asked for.
fn words(bytes: &[u8], kind: &str) -> HashSet<String> {
    let text = String::from_utf8_lossy(bytes);
    let found = text.match_indices(kind).filter_map(|(at, _)| {
        let (number, rest) = text[at + kind.len()..].split_once('-')?;
        let name: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
        let is_word = name.len() >= 4 && number.chars().all(|c| c.is_ascii_digit());
        is_word.then(|| format!("{kind}{number}-{name}"))
    });
    found.collect()
}

#[test]
fn nothing_outside_the_span_remains_and_all_inside_does() {
    let folder = recording();
    let out = tempfile::tempdir().unwrap();
    for name in ["s.html", "s.zip", "s"] {
        for sealed in [false, true] {
            let share = out.path().join(format!("{sealed}-{name}"));
            let options = if sealed { [&SPAN[..], &["--encrypt"]].concat() } else { SPAN.to_vec() };
            let report = export(folder.path(), &share, &options);
            assert_eq!(report["trim"], json!({"from_ms": 8000.0, "to_ms": 20000.0, "cut_ms": CUT}));
            let (opened, found) = bytes(&share, report["link"].as_str().unwrap());
            let all = found.concat();
            assert_eq!(words(&all, "OUT"), HashSet::new(), "{name}");
            let inside = [
                "IN1-console",
                "IN1-deep",
                "IN2-console",
                "IN2-deep",
                "IN1-network",
                "IN1-answer",
                "IN2-network",
                "IN2-answer",
                "IN3-network",
                "IN4-network",
                "IN4-answer",
                "IN4-message",
                "IN5-action",
                "IN6-action",
                "IN7-backend",
                "IN8-subtitle",
                "IN9-title",
                "IN10-test",
                "IN11-system",
            ];
            assert_eq!(words(&all, "IN"), inside.into_iter().map(str::to_owned).collect(), "{name}");
            let video = opened.manifest.video.as_ref().unwrap();
            assert!((video.duration.unwrap() - (20_000.0 - CUT)).abs() < 1.0, "{video:?}");
            // Where there is ffmpeg, the poster is one of what is kept.
            let poster = opened.manifest.poster.as_ref();
            assert!(
                opened.manifest.stills.is_empty()
                    && poster.is_none_or(|poster| poster.name.as_deref() == Some("poster.jpg"))
            );
            assert_eq!(opened.manifest.started, Some(ZERO + CUT));
            let left = &opened.manifest.warnings;
            let says = |words: &str| assert!(left.iter().any(|warning| warning.contains(words)), "{words}: {left:?}");
            ["1 log entry without a time", "2 pictures left out", "metadata left out"].into_iter().for_each(says);
            let video = opened.read(video.part, 0, opened.length(video.part).unwrap()).unwrap();
            no_dropped_picture(&video);
        }
    }
    let share = out.path().join("false-s.html");
    let events = printed(&["inspect", share.to_str().unwrap(), "--timeline"]);
    let times: Vec<f64> =
        events.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["time"].as_f64().unwrap()).collect();
    assert_eq!((times[0], *times.last().unwrap()), (8_000.0 - CUT, 20_000.0 - CUT));
    the_round_trip_keeps_the_span(&share, out.path());
}

/// What is extracted and exported again is what was trimmed.
fn the_round_trip_keeps_the_span(share: &Path, out: &Path) {
    let (folder, again) = (out.join("extracted"), out.join("again.html"));
    printed(&["extract", share.to_str().unwrap(), "-o", folder.to_str().unwrap()]);
    export(&folder, &again, &[]);
    let events = |share: &Path| -> Vec<(Value, Value)> {
        let list = printed(&["inspect", share.to_str().unwrap(), "--timeline"]);
        let event = |line: &str| serde_json::from_str::<Value>(line).unwrap();
        list.lines().map(event).map(|event| (event["id"].clone(), event["time"].clone())).collect()
    };
    assert_eq!(events(share), events(&again));
    let (first, second) = (bytes(share, "").0.manifest, bytes(&again, "").0.manifest);
    assert_eq!(
        (first.started, first.duration, first.marks.failures.len()),
        (second.started, second.duration, second.marks.failures.len())
    );
}

/// Of the pictures of the example before 7.1 s and after 20 s no 32 bytes are in a file.
fn no_dropped_picture(file: &[u8]) {
    let Some(packets) = packets(&example()) else { return };
    let whole = fs::read(example()).unwrap();
    let held: HashSet<&[u8]> = file.windows(32).collect();
    let mut kept = 0;
    for packet in packets {
        let middle = packet.place + packet.size / 2;
        if packet.size < 200 {
            continue;
        }
        let inside = packet.pts > CUT / 1e3 - 0.01 && packet.pts < 19.99;
        assert_eq!(held.contains(&whole[middle..middle + 32]), inside, "{packet:?}");
        kept += usize::from(inside);
    }
    assert!(kept > 10);
}

#[derive(Clone, Debug)]
struct Packet {
    kind: String,
    pts: f64,
    size: usize,
    place: usize,
    hash: String,
}

/// The packets of a file, by ffprobe, when that is there.
fn packets(path: &Path) -> Option<Vec<Packet>> {
    let fields = "packet=codec_type,pts_time,size,pos,data_hash";
    let done = Command::new("ffprobe")
        .args(["-v", "error", "-show_packets", "-show_data_hash", "md5", "-show_entries", fields, "-of", "json"])
        .arg(path)
        .output();
    let Ok(done) = done else {
        eprintln!("ffprobe is not there; packets are not compared");
        return None;
    };
    assert!(done.stderr.is_empty(), "{}: {}", path.display(), String::from_utf8_lossy(&done.stderr));
    let list: Value = serde_json::from_slice(&done.stdout).unwrap();
    let number = |packet: &Value, key: &str| packet[key].as_str().unwrap_or("0").parse().unwrap();
    let packet = |packet: &Value| Packet {
        kind: packet["codec_type"].as_str().unwrap().to_owned(),
        pts: packet["pts_time"].as_str().unwrap_or("0").parse().unwrap(),
        size: number(packet, "size"),
        place: number(packet, "pos"),
        hash: packet["data_hash"].as_str().unwrap().to_owned(),
    };
    Some(list["packets"].as_array().unwrap().iter().map(packet).collect())
}

/// Files to cut: name, from, to, and where the keyframe lies, in seconds.
const FILES: [(&str, f64, f64, f64); 5] = [
    ("tests/media/fragmented.mp4", 1.7, 2.4, 1.2),
    ("tests/media/fragmented.mp4", 0.0, 1.1, 0.0),
    ("tests/media/quicktime-rotated.mov", 1.2, 2.6, 1.0),
    ("tests/media/vp9.mkv", 0.0, 1.0, 0.0),
    ("examples/checkout-bug/video.webm", 8.0, 20.0, 7.133),
];
const SAMPLES: [(&str, f64, f64, f64); 9] = [
    ("video/faststart.mp4", 2.5, 4.5, 2.0),
    ("video/moov-at-end.mp4", 3.9, 60.0, 2.0),
    ("video/fragmented.mp4", 2.5, 4.5, 2.067),
    ("video/obs-like.mkv", 2.5, 4.5, 2.023),
    ("video/vp8-opus.webm", 4.5, 4.9, 4.274),
    ("mediarecorder/mr_avcopus.mp4", 11.0, 15.0, 10.658),
    ("mediarecorder/mr_mp4.mp4", 12.0, 15.0, 11.127),
    ("mediarecorder/mr_h264.webm", 12.0, 17.0, 11.824),
    ("mediarecorder/mr_vp8.webm", 11.0, 15.0, 10.864),
];

#[test]
fn packets_of_a_cut_file_are_those_of_the_span() {
    for (name, from, to, key) in FILES {
        compare(&root().join(name), from, to, key);
    }
    let samples = std::env::var_os("SEALCAST_SAMPLES").map_or_else(|| root().join("../shared/samples"), PathBuf::from);
    for (name, from, to, key) in SAMPLES {
        let path = samples.join(name);
        if path.exists() {
            compare(&path, from, to, key);
        } else {
            eprintln!("{} is not there", path.display());
        }
    }
}

fn compare(path: &Path, from: f64, to: f64, key: f64) {
    let out = tempfile::tempdir().unwrap();
    let share = out.path().join("s.html");
    let report = export(path, &share, &["--from", &from.to_string(), "--to", &to.to_string()]);
    let name = path.display();
    let cut = report["trim"]["cut_ms"].as_f64().unwrap() / 1e3;
    assert!((cut - key).abs() < 0.002, "{name}: {cut}");
    printed(&["extract", share.to_str().unwrap(), "-o", out.path().join("x").to_str().unwrap()]);
    let file = out.path().join("x").join(path.file_name().unwrap());
    // The file as it is carried whole.
    let plain = out.path().join("plain.html");
    let whole = export(path, &plain, &[]);
    printed(&["extract", plain.to_str().unwrap(), "-o", out.path().join("y").to_str().unwrap()]);
    let Some((old, new)) = packets(&out.path().join("y").join(path.file_name().unwrap())).zip(packets(&file)) else {
        return;
    };
    let end = to.min(whole["duration_ms"].as_f64().unwrap() / 1e3);
    let length = report["duration_ms"].as_f64().unwrap() / 1e3;
    assert!((length - (end - cut)).abs() < 0.002, "{name}: {length}, not {}", end - cut);
    for kind in ["video", "audio"] {
        let of = |list: &[Packet]| list.iter().filter(|packet| packet.kind == kind).cloned().collect::<Vec<_>>();
        let (old, new) = (of(&old), of(&new));
        if old.is_empty() {
            continue;
        }
        let at = old.windows(new.len()).position(|list| list.iter().zip(&new).all(|(a, b)| a.hash == b.hash));
        let at = at.unwrap_or_else(|| panic!("{name}: the {kind} packets are no run of the file's"));
        // They are shown when they were.
        for (was, is) in old[at..].iter().zip(&new) {
            assert!((was.pts - is.pts - cut).abs() < 0.002, "{name}: {kind} at {} is at {}", was.pts, is.pts);
        }
        let first = if kind == "video" { cut } else { from };
        let first = if from == 0.0 { -1.0 } else { first - 0.002 };
        let (begins, ends) = (new[0].pts + cut, new.iter().map(|packet| packet.pts + cut).fold(0.0, f64::max));
        let first = old.iter().map(|packet| packet.pts).filter(|pts| *pts > first).fold(f64::MAX, f64::min);
        // Opus has a few ms before its first sample, which ffprobe takes off.
        assert!(
            (begins - first).abs() < if kind == "video" { 0.002 } else { 0.021 },
            "{name}: {kind} begins at {begins}, not {first}"
        );
        assert!(ends < to && ends > end - 0.35, "{name}: {kind} ends at {ends}, not {end}");
    }
    let done =
        Command::new("ffmpeg").args(["-v", "error", "-i"]).arg(&file).args(["-f", "null", "-"]).output().unwrap();
    // ffmpeg gives frames of uneven times the same place in a grid, and complains of itself.
    let said = String::from_utf8(done.stderr).unwrap();
    let said: Vec<_> = said.lines().filter(|line| !line.contains("to muxer in stream")).collect();
    assert!(said.is_empty(), "{name}: {said:?}");
}

/// The recording with a file of sound that begins at 7.5 s, cut to the span.
fn with_sound(sound: &[u8]) -> (Opened, Vec<Vec<u8>>) {
    let out = tempfile::tempdir().unwrap();
    let folder = recording();
    fs::write(folder.path().join("sound.webm"), sound).unwrap();
    let path = folder.path().join("recording.json");
    let mut description: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    description["media"].as_array_mut().unwrap().push(json!({"kind": "audio", "file": "sound.webm", "startMs": 7_500}));
    fs::write(&path, description.to_string()).unwrap();
    let share = out.path().join("s.html");
    export(folder.path(), &share, &SPAN);
    bytes(&share, "")
}

#[test]
fn sound_is_cut_by_its_packets() {
    let mut sound = fs::read(root().join("tests/media/mediarecorder-audio.webm")).unwrap();
    let (opened, parts) = with_sound(&sound);
    let kinds: Vec<_> = opened.manifest.video.unwrap().tracks.into_iter().map(|track| track.kind).collect();
    assert_eq!(kinds, ["video", "audio"]);
    let is_carried = |at: usize| {
        let words = &sound[at..at + 40];
        parts.iter().any(|part| part.windows(40).any(|window| window == words))
    };
    assert!(!is_carried(600) && is_carried(2_000) && is_carried(18_000));
    // In a codec that cannot be put into the video it stays apart.
    let at = sound.windows(6).position(|word| word == b"A_OPUS").unwrap();
    sound[at..at + 6].copy_from_slice(b"A_FLAC");
    let start = with_sound(&sound).0.manifest.audio.unwrap().start.unwrap();
    assert!((8_000.0 - CUT..8_061.0 - CUT).contains(&start), "{start}");
}

#[test]
fn a_format_without_a_cutter_is_copied_by_ffmpeg_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    // Four seconds of silence at 8 kHz.
    let data = vec![128_u8; 32_000];
    let head =
        [b"RIFF".as_slice(), &32_036_u32.to_le_bytes(), b"WAVEfmt ", &16_u32.to_le_bytes(), &[1, 0, 1, 0]].concat();
    let rates = [8_000_u32.to_le_bytes(), 8_000_u32.to_le_bytes()].concat();
    fs::write(path("a.wav"), [&head[..], &rates, &[1, 0, 8, 0], b"data", &32_000_u32.to_le_bytes(), &data].concat())
        .unwrap();
    let args = ["export", "a.wav", "--from", "1", "--to", "2", "--json", "-o", "s.html"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_sealcast"));
    let done = command.current_dir(folder.path()).args(args).env("PATH", "").output().unwrap();
    assert_eq!(done.status.code(), Some(3));
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(said.contains("a.wav cannot be cut") && said.contains("hint: install ffmpeg"), "{said}");
    assert!(!path("s.html").exists());
    if Command::new("ffmpeg").arg("-version").output().is_err() {
        return;
    }
    let report = export(&path("a.wav"), &path("s.html"), &["--from", "1", "--to", "2"]);
    let length = bytes(&path("s.html"), "").0;
    let part = length.manifest.audio.as_ref().unwrap().part;
    assert!((7_000..10_000).contains(&length.length(part).unwrap()), "{report}");
}

#[test]
fn of_frames_those_of_the_span_are_carried() {
    let trace = root().join("tests/import/playwright/version-10/input");
    let out = tempfile::tempdir().unwrap();
    let whole = out.path().join("whole.html");
    export(&trace, &whole, &[]);
    let frames = |share: &Path| {
        let opened = bytes(share, "").0;
        let frames = opened.manifest.frames.clone().unwrap();
        let part = |part: u32| opened.read(part, 0, opened.length(part).unwrap()).unwrap();
        let list: Vec<(usize, usize, f64)> = serde_json::from_slice(part(frames.index).trim_ascii()).unwrap();
        let bytes = part(frames.part);
        let list: Vec<_> = list.iter().map(|(at, length, time)| (bytes[*at..at + length].to_vec(), *time)).collect();
        (list, bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1)
    };
    let (all, _) = frames(&whole);
    let (first, last) = (all[1].1 + 1.0, all[all.len() - 1].1 - 1.0);
    let (from, to) = ((first.ceil()), last.floor());
    let share = out.path().join("part.html");
    export(&trace, &share, &["--from", &format!("{}", from / 1e3), "--to", &format!("{}", to / 1e3)]);
    let (part, length) = frames(&share);
    assert_eq!(part[0], (all[1].0.clone(), 0.0), "the one that is there when the span begins");
    let inside: Vec<_> = all.iter().filter(|(_, time)| *time > from && *time <= to).collect();
    assert_eq!(part.len(), inside.len() + 1);
    assert!(part[1..].iter().zip(&inside).all(|(is, was)| is.0 == was.0 && (is.1 + from - was.1).abs() < 0.01));
    let mut pictures: Vec<_> = part.into_iter().map(|(bytes, _)| bytes).collect();
    pictures.dedup();
    assert_eq!(length, pictures.iter().map(Vec::len).sum::<usize>());
}
