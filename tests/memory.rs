//! Memory does not depend on the size of a medium or a log. One test, so that nothing else counts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};

use sealcast::bundle::{self, Panels};
use sealcast::header::Header;
use sealcast::import::{ImportOptions, import};
use sealcast::layout::{self, Target};
use sealcast::limits::Bodies;
use sealcast::seal::{Key, Sealing};
use sealcast::sink::Sink;

/// The most memory this process ever had, in KiB.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A sound file of so many bytes, mostly a hole.
fn wav(path: &std::path::Path, bytes: u32) {
    let mut file = File::create(path).unwrap();
    file.write_all(b"RIFF").unwrap();
    file.write_all(&(bytes - 8).to_le_bytes()).unwrap();
    file.write_all(b"WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data").unwrap();
    file.write_all(&(bytes - 44).to_le_bytes()).unwrap();
    file.set_len(bytes.into()).unwrap();
}

fn export(folder: &std::path::Path, lines: u32, bytes: u32) {
    wav(&folder.join("sound.wav"), bytes);
    let mut log = BufWriter::new(File::create(folder.join("console.ndjson")).unwrap());
    for number in 0..lines {
        // Backwards in time, so that the sink has to sort.
        let text = "something that a page would say of itself";
        writeln!(log, "{{\"t\":{},\"level\":\"info\",\"text\":\"{text} {number}\"}}", lines - number).unwrap();
    }
    log.into_inner().unwrap();
    let shares = [
        ("html", "x.html", None, false),
        ("dir", "share", None, false),
        ("dir", "cut", Some(1_000_000), false),
        ("html", "sealed.html", None, true),
    ];
    for (layout, name, split, sealed) in shares {
        let mut options = ImportOptions::default();
        options.inputs = vec![folder.join("console.ndjson"), folder.join("sound.wav")];
        let mut sink = Sink::new(Bodies::Text, [true; 4]);
        let recording = import(&options, &mut sink).unwrap();
        let mut bundle = bundle::build(&recording, sink, Header::plain([1; 16], 1, 0), &Panels::default()).unwrap();
        if sealed {
            bundle.seal(Sealing::new([1; 16], 1, 0, &Key::generate().unwrap(), None, None).unwrap(), None);
        }
        let mut target = Target::new(folder.join(name), false);
        target.split = split;
        layout::write(&mut bundle, layout, &target, &mut ()).unwrap();
    }
}

#[test]
fn memory_does_not_grow_with_the_recording() {
    let small = tempfile::tempdir().unwrap();
    export(small.path(), 20_000, 8_000_000);
    let before = peak();
    let large = tempfile::tempdir().unwrap();
    export(large.path(), 100_000, 60_000_000);
    // The kernel counts loosely: a little less than before is possible.
    let grown = peak().saturating_sub(before);
    assert!(grown < 4 * 1024, "{grown} KiB more than {before}");
}
