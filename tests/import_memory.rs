//! Memory while logs are read and merged does not depend on what is in them. One test, so that nothing else counts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use sealcast::import::{ImportOptions, import};
use sealcast::limits::Bodies;
use sealcast::recording::Recording;
use sealcast::sink::Sink;
use serde_json::Value;

/// Bytes of the member that is too much.
const FAT: usize = 20_000_000;

/// The most memory this process ever had, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn write_repeated(out: &mut impl Write, unit: &[u8], bytes: usize) {
    let chunk = unit.repeat(4096);
    for _ in 0..bytes.div_ceil(chunk.len()) {
        out.write_all(&chunk).unwrap();
    }
}

/// Members that are small as text and large in memory, or large in both: what they begin with, repeat and end with.
const MEMBERS: [[&str; 3]; 7] = [
    ["\"_fat\":[", "1,", "1]"],
    ["\"_fat\":[", "[0],", "1]"],
    ["\"_fat\":[", "{\"\":0},", "1]"],
    ["\"_fat\":{\"a\":[", "[[[[[[0]]]]]],", "1]}"],
    ["\"_fat\":\"", "x", "\""],
    ["\"_fat\":\"", "\u{1}", "\""],
    ["\"_fat\":\"", "\\u0000", "\""],
];

fn read(path: &Path, bodies: Bodies) -> (Recording, Sink) {
    let mut options = ImportOptions::default();
    options.inputs = vec![path.into()];
    let mut sink = Sink::new(bodies, [true; 4]);
    let recording = import(&options, &mut sink).unwrap();
    (recording, sink)
}

/// Reads a file whose second of three records has the fat member; gives that record's row and detail.
fn read_fat(path: &Path, write: impl FnOnce(&mut BufWriter<File>)) -> (Vec<String>, Value, Value) {
    let mut out = BufWriter::new(File::create(path).unwrap());
    write(&mut out);
    out.into_inner().unwrap();
    let (recording, sink) = read(path, Bodies::Text);
    let events: Vec<_> = sink.merge(0.0).unwrap().map(Result::unwrap).collect();
    fs::remove_file(path).unwrap();
    assert_eq!(events.len(), 3, "{:?}", recording.warnings);
    let parse = |bytes: &[u8]| serde_json::from_slice(bytes).unwrap();
    (recording.warnings, parse(&events[1].row), parse(&events[1].detail))
}

fn assert_told(warnings: &[String], detail: &Value, member: &[&str; 3]) {
    assert!(warnings.iter().any(|text| text.contains("too large to be read whole; left out: /")), "{warnings:?}");
    let left_out = detail.pointer("/_sealcast/left_out").and_then(Value::as_object);
    assert!(left_out.is_some_and(|left_out| !left_out.is_empty()), "{member:?}");
}

fn fat_records(folder: &Path) {
    for member in MEMBERS {
        let [open, unit, close] = member;
        let fat = |out: &mut BufWriter<File>| {
            out.write_all(open.as_bytes()).unwrap();
            write_repeated(out, unit.as_bytes(), FAT);
            out.write_all(close.as_bytes()).unwrap();
        };
        let (warnings, row, detail) = read_fat(&folder.join("x.har"), |out| {
            let [thin, end] =
                [r#"{"startedDateTime":"2026-11-21T05:21:00Z","request":{"url":"https://a.example/b"}"#, "}"];
            write!(out, r#"{{"log":{{"entries":[{thin}{end},{thin},"#).unwrap();
            fat(out);
            write!(out, r#","response":{{"status":418,"content":{{"text":"tea"}}}}{end},{thin}{end}]}}}}"#).unwrap();
        });
        assert_told(&warnings, &detail, &member);
        assert_eq!((&row["status"], &row["url"]), (&418.into(), &"https://a.example/b".into()), "{member:?}");
        assert_eq!(detail.pointer("/response/content/text"), Some(&"tea".into()), "{member:?}");

        let (warnings, row, detail) = read_fat(&folder.join("x.ndjson"), |out| {
            write!(out, "{{\"t\":1,\"level\":\"info\",\"text\":\"a\"}}\n{{\"t\":2,\"level\":\"warn\",").unwrap();
            fat(out);
            write!(out, ",\"text\":\"b\"}}\n{{\"t\":3,\"level\":\"info\",\"text\":\"c\"}}\n").unwrap();
        });
        assert_told(&warnings, &detail, &member);
        assert_eq!((&row["text"], &row["level"]), (&"b".into(), &"warn".into()), "{member:?}");
    }
}

/// Where the members themselves are too many, those that come first stay.
fn too_many_members(folder: &Path) {
    let (warnings, row, detail) = read_fat(&folder.join("x.ndjson"), |out| {
        write!(out, "{{\"t\":1,\"level\":\"info\",\"text\":\"a\"}}\n{{\"t\":2,\"level\":\"warn\",\"text\":\"b\"")
            .unwrap();
        write_repeated(out, b",\"m\":1", FAT / 4);
        write!(out, "}}\n{{\"t\":3,\"level\":\"info\",\"text\":\"c\"}}\n").unwrap();
    });
    assert_told(&warnings, &detail, &MEMBERS[0]);
    assert_eq!(row["text"], "b");
}

/// Elements of an array that is too large are kept from its start.
fn a_fat_array_is_cut(folder: &Path) {
    let (_, _, detail) = read_fat(&folder.join("x.ndjson"), |out| {
        write!(
            out,
            "{{\"t\":1,\"text\":\"a\",\"level\":\"info\"}}\n{{\"t\":2,\"level\":\"warn\",\"text\":\"b\",\"args\":["
        )
        .unwrap();
        write_repeated(out, b"1,", FAT);
        write!(out, "1]}}\n{{\"t\":3,\"level\":\"info\",\"text\":\"c\"}}\n").unwrap();
    });
    let kept = detail["args"].as_array().unwrap().len();
    assert!(kept > 50_000, "{kept}");
    let words = detail.pointer("/_sealcast/left_out/~1args").and_then(Value::as_str).unwrap();
    assert_eq!(words, format!("elements after number {kept} not included"));
}

/// What says something about the whole HAR is held while it is read.
fn a_fat_creator_is_passed_over(folder: &Path) {
    let path = folder.join("creator.har");
    let mut out = BufWriter::new(File::create(&path).unwrap());
    for name in ["creator", "browser"] {
        write!(out, "{}\"{name}\":{{\"name\":[", if name == "creator" { "{\"log\":{" } else { "," }).unwrap();
        write_repeated(&mut out, b"1,", 6_000_000);
        out.write_all(b"1]}").unwrap();
    }
    out.write_all(br#","entries":[{"request":{"url":"https://a.example/"}}]}}"#).unwrap();
    out.into_inner().unwrap();
    assert_eq!(read(&path, Bodies::Text).1.len(), 1);
}

/// What is unpacked passes through a file: entries of archives and compressed logs, however large.
fn packed_logs(folder: &Path) {
    // They pack, but not beyond measure, and to more than may be in memory.
    let text: String =
        (1..20_000_u32).map(|at| char::from(b'a' + (at.wrapping_mul(2_654_435_761) >> 24) as u8 % 26)).collect();
    let line = |number: u32| {
        format!("{{\"t\":{number},\"level\":\"info\",\"text\":\"{}\"}}\n", &text[number as usize % 7000..])
    };
    let lines = 5_000;
    let gzip = folder.join("large.ndjson.gz");
    let mut out = flate2::write::GzEncoder::new(File::create(&gzip).unwrap(), flate2::Compression::fast());
    (0..lines).for_each(|number| out.write_all(line(number).as_bytes()).unwrap());
    out.finish().unwrap();
    let zip = folder.join("large.zip");
    let mut out = zip::ZipWriter::new(File::create(&zip).unwrap());
    out.start_file("large.ndjson", zip::write::SimpleFileOptions::default().compression_level(Some(1))).unwrap();
    (0..lines).for_each(|number| out.write_all(line(number).as_bytes()).unwrap());
    out.finish().unwrap();
    for path in [gzip, zip] {
        assert_eq!(read(&path, Bodies::Text).1.len(), u64::from(lines), "{}", path.display());
        fs::remove_file(path).unwrap();
    }
}

/// Each event makes a run of its own, and all runs are open while they are merged.
fn large_events_backwards(folder: &Path) {
    let path = folder.join("large.ndjson");
    let mut out = BufWriter::new(File::create(&path).unwrap());
    let text = "x".repeat(900_000);
    for number in (0..60).rev() {
        writeln!(
            out,
            "{{\"t\":{number},\"level\":\"info\",\"text\":\"a\",\"a\":\"{text}\",\"b\":\"{text}\",\"c\":\"{text}\"}}"
        )
        .unwrap();
    }
    out.into_inner().unwrap();
    let (_, sink) = read(&path, Bodies::Text);
    let times: Vec<_> = sink.merge(0.0).unwrap().map(|event| event.unwrap().time.unwrap()).collect();
    assert_eq!(times, (0..60).map(f64::from).collect::<Vec<_>>());
}

/// A page of many elements, in a wrapper, in lines and packed; and far more windows than are remembered.
fn a_large_page_leaves_its_names(folder: &Path) {
    let element = |number: u32| {
        let text = format!("{{\"type\":3,\"textContent\":\"Button {number}\",\"id\":{}}}", number * 2 + 1);
        format!(
            "{{\"type\":2,\"tagName\":\"button\",\"attributes\":{{\"class\":\"{}\"}},\"childNodes\":[{text}],\"id\":{}}},",
            "x".repeat(90),
            number * 2
        )
    };
    let event = |kind: u32, data: &str| format!("{{\"type\":{kind},\"data\":{data},\"timestamp\":1795238305962}}");
    let click = event(3, "{\"source\":2,\"type\":2,\"id\":20,\"x\":1,\"y\":1}");
    for (open, close, windows) in [("[", "]", 1), ("{\"data\":{\"snapshots\":[", "]}}", 1), ("[\"w", "]\n", 12)] {
        let path = folder.join("page.json");
        let mut out = BufWriter::new(File::create(&path).unwrap());
        for window in 0..windows {
            let pair = windows > 1;
            let open = if pair { format!("{open}{window}\",") } else { open.to_owned() };
            write!(out, "{open}{{\"type\":2,\"data\":{{\"node\":{{\"type\":0,\"childNodes\":[").unwrap();
            (1..if pair { 25_000 } else { 50_000 })
                .for_each(|number| out.write_all(element(number).as_bytes()).unwrap());
            let next = if pair { format!("]\n{open}") } else { ",".to_owned() };
            write!(out, "0],\"id\":1}}}},\"timestamp\":1795238305961}}{next}{click}{close}").unwrap();
        }
        out.into_inner().unwrap();
        let (recording, sink) = read(&path, Bodies::Text);
        let rows: Vec<_> = sink.merge(0.0).unwrap().map(|event| event.unwrap().row).collect();
        assert_eq!(rows.len(), windows, "{:?}", recording.warnings);
        assert!(String::from_utf8_lossy(&rows[0]).contains("Button 10\""), "{open}");
    }
}

/// Requests that never end, connections that never stop, and bodies of some size.
fn endless_requests_are_let_go(folder: &Path) {
    let path = folder.join("cdp.ndjson");
    let mut out = BufWriter::new(File::create(&path).unwrap());
    let body = "x".repeat(900_000);
    for number in 0..30_000 {
        let post = if number % 500 == 0 { body.as_str() } else { "short" };
        writeln!(
            out,
            "{{\"method\":\"Network.requestWillBeSent\",\"params\":{{\"requestId\":\"{number}\",\"timestamp\":{number},\"wallTime\":1795238305,\"request\":{{\"url\":\"https://a.example/\",\"method\":\"POST\",\"postData\":\"{post}\",\"headers\":{{\"a\":\"b\"}}}}}}}}"
        )
        .unwrap();
    }
    for number in 0..30 {
        writeln!(out, "{{\"method\":\"Network.webSocketFrameReceived\",\"params\":{{\"requestId\":\"29999\",\"timestamp\":{number},\"response\":{{\"payloadData\":\"{body}\"}}}}}}").unwrap();
    }
    out.into_inner().unwrap();
    assert_eq!(read(&path, Bodies::Text).1.len(), 30_000);
}

#[test]
fn memory_follows_no_record_however_large() {
    let folder = tempfile::tempdir().unwrap();
    let before = peak();
    fat_records(folder.path());
    too_many_members(folder.path());
    a_fat_array_is_cut(folder.path());
    a_fat_creator_is_passed_over(folder.path());
    packed_logs(folder.path());
    large_events_backwards(folder.path());
    a_large_page_leaves_its_names(folder.path());
    endless_requests_are_let_go(folder.path());
    let grown = peak().saturating_sub(before);
    assert!(grown < 64 * 1024, "{grown} KiB more than {before}");
}
