//! Archives as inputs: what is in them is read, what is hostile in them is refused by name, and nothing is left
//! behind.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use sealcast::Error;
use sealcast::import::{ImportOptions, import};
use sealcast::limits::Bodies;
use sealcast::recording::{MediaKind, Recording};
use sealcast::sink::Sink;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const LINE: &[u8] = b"{\"t\":1,\"level\":\"info\",\"text\":\"hello\"}\n";
const WEBM: &str = "tests/import/recording/nothing-listed/input/a.webm";

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The same bytes with one text in place of another of the same length, wherever it stands.
fn replaced(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<_> = memchr::memmem::find_iter(&bytes, from).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

fn read(options: &ImportOptions) -> (Result<Recording, Error>, u64) {
    let mut sink = Sink::new(Bodies::Text, [true; 4]);
    let result = import(options, &mut sink);
    (result, sink.len())
}

/// Reads an archive of these bytes, by the name of `a.zip`.
fn read_bytes(bytes: &[u8]) -> (Result<Recording, Error>, u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    fs::write(&path, bytes).unwrap();
    let mut options = ImportOptions::default();
    options.inputs = vec![path];
    let read = read(&options);
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    read
}

fn assert_refused(bytes: &[u8], words: &str) {
    let (result, events) = read_bytes(bytes);
    let error = result.unwrap_err();
    assert_eq!((error.exit_code(), events), (4, 0), "{error}");
    assert!(error.to_string().contains(words), "{error} does not say {words:?}");
    assert!(error.hint().is_some());
}

#[test]
fn an_archive_is_the_folder_in_it() {
    let webm = fs::read(WEBM).unwrap();
    let bytes = zip(&[
        ("case 7/video.webm", &webm),
        ("case 7/logs/console.ndjson", LINE),
        ("case 7/.env", b"SECRET=1"),
        ("case 7/.hidden/console.ndjson", LINE),
        ("__MACOSX/case 7/._console.ndjson", LINE),
        ("case 7/notes.txt", b"words"),
    ]);
    let (result, events) = read_bytes(&bytes);
    let recording = result.unwrap();
    let mut shown: Vec<_> =
        recording.inputs.iter().map(|input| input.path.split_once("a.zip/").unwrap().1.replace('\\', "/")).collect();
    shown.sort();
    assert_eq!(shown, ["case 7/logs/console.ndjson", "case 7/notes.txt", "case 7/video.webm"]);
    assert_eq!(events, 1);
    let [video] = &recording.media[..] else { panic!("{:?}", recording.media) };
    assert_eq!((video.kind, fs::read(&video.path).unwrap() == webm), (MediaKind::Video, true));
    let path = video.path.clone();
    drop(recording);
    assert!(!path.exists(), "{} is left behind", path.display());
}

#[test]
fn a_recording_folder_may_be_packed() {
    let description = br#"{"format":"recording/1","title":"Packed","panels":{"console":"c.ndjson"}}"#;
    let (result, events) = read_bytes(&zip(&[("recording.json", description), ("c.ndjson", LINE), ("d.ndjson", LINE)]));
    assert_eq!((result.unwrap().title.as_deref(), events), (Some("Packed"), 1));
    let away = br#"{"format":"recording/1","panels":{"console":"../c.ndjson"}}"#;
    assert_refused(&zip(&[("recording.json", away)]), "which is not inside the folder");
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    for (name, why) in [
        ("../x.ndjson", "a.zip/../x.ndjson leads out of the archive"),
        ("a/../../x.ndjson", "leads out of the archive"),
        ("/etc/x.ndjson", "has an absolute path"),
        ("C:/x.ndjson", "has an absolute path"),
        ("a\\x.ndjson", "has a backslash in its name"),
        ("..\\x.ndjson", "has a backslash in its name"),
        ("a\u{1b}[31m/../../x", "a\\u{1b}[31m/../../x leads out"),
    ] {
        // A writer that means well mends such names.
        let plain: String =
            name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
        assert_refused(&replaced(zip(&[("c.ndjson", LINE), (&plain, LINE)]), plain.as_bytes(), name.as_bytes()), why);
    }
    assert_refused(&replaced(zip(&[("zzz/", b"")]), b"zzz/", b"../a"), "leads out of the archive");
}

#[test]
fn links_and_doubles_are_refused() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("link.ndjson", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    assert_refused(&zip.finish().unwrap().into_inner(), "a.zip/link.ndjson is a symbolic link");
    let doubles = self::zip(&[("a.ndjson", LINE), ("b.ndjson", LINE)]);
    assert_refused(&replaced(doubles, b"b.ndjson", b"a.ndjson"), "two files of the same name");
    let doubles = self::zip(&[("a/c.ndjson", LINE), ("a/_/c.ndjson", LINE)]);
    assert_refused(&replaced(doubles, b"a/_/c", b"a/./c"), "a.zip/a/c.ndjson is there twice");
}

#[test]
fn encrypted_entries_are_refused() {
    let mut bytes = zip(&[("a.ndjson", LINE)]);
    // The flags stand six bytes behind the start of a file's header, and eight behind that of its record.
    for (signature, at) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let place = memchr::memmem::find(&bytes, signature).unwrap();
        bytes[place + at] |= 1;
    }
    assert_refused(&bytes, "a.zip/a.ndjson is encrypted");
}

#[test]
fn bombs_are_refused_before_they_fill_the_disk() {
    let zeros = vec![b'0'; 32 << 20];
    assert_refused(&zip(&[("c.ndjson", LINE), ("bomb.har", &zeros)]), "a.zip/bomb.har unpacks to more than 200 times");
    // Sizes that lie about it change nothing, and neither does a stored size of terabytes.
    let size = u32::try_from(zeros.len()).unwrap().to_le_bytes();
    let small = replaced(zip(&[("bomb.har", &zeros)]), &size, &100_u32.to_le_bytes());
    let (result, _) = read_bytes(&small);
    assert!(result.is_err());
    let huge = zip(&[("a.har", &[b' '; 77_777]), ("b.har", LINE)]);
    let huge = replaced(huge, &77_777_u32.to_le_bytes(), &0xffff_fff0_u32.to_le_bytes());
    assert_refused(&huge, "unpacks to more than 2 GiB");
}

#[test]
fn too_many_entries_are_refused() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..20_001 {
        zip.start_file(format!("{number}"), SimpleFileOptions::default().compression_method(CompressionMethod::Stored))
            .unwrap();
    }
    assert_refused(&zip.finish().unwrap().into_inner(), "holds 20001 files; at most 20000 are read");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..100 {
        zip.start_file(format!("{number:060000}"), SimpleFileOptions::default()).unwrap();
    }
    assert_refused(&zip.finish().unwrap().into_inner(), "has a list of files beyond all measure");
}

#[test]
fn a_damaged_entry_costs_only_itself() {
    let noise: Vec<u8> = (0..5000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let mut bytes = zip(&[("a.ndjson", LINE), ("b.har", &noise)]);
    let place = memchr::memmem::find(&bytes, b"b.har").unwrap() + 500;
    bytes[place] ^= 0xff;
    let (result, events) = read_bytes(&bytes);
    let recording = result.unwrap();
    assert_eq!(events, 1);
    assert!(
        recording.warnings.iter().any(|text| text.contains("a.zip/b.har was left out: it cannot be unpacked")),
        "{:?}",
        recording.warnings
    );
}

#[test]
fn a_cut_archive_is_said_to_be_one() {
    let whole = zip(&[("a.ndjson", LINE)]);
    for length in [10, whole.len() / 2, whole.len() - 5] {
        let error = read_bytes(&whole[..length]).0.unwrap_err();
        assert_eq!(error.exit_code(), 4);
        assert!(error.to_string().contains("it is a damaged or cut zip archive"), "{error}");
    }
    let error = read_bytes(&zip(&[])).0.unwrap_err();
    assert!(error.to_string().contains("the archive is empty"), "{error}");
}

#[test]
fn an_archive_in_an_archive_is_not_opened() {
    let inner = zip(&[("a.ndjson", LINE)]);
    let (result, events) = read_bytes(&zip(&[("a.ndjson", LINE), ("inner.zip", &inner)]));
    let recording = result.unwrap();
    assert_eq!(events, 1);
    assert!(
        recording
            .inputs
            .iter()
            .any(|input| input.skipped.as_deref().is_some_and(|why| why.contains("within an archive")))
    );
}

#[test]
fn a_document_is_no_recording() {
    let error = read_bytes(&zip(&[("[Content_Types].xml", b"<x/>"), ("word/media/1.png", b"\x89PNG\r\n\x1a\n")]))
        .0
        .unwrap_err();
    assert!(error.to_string().contains("it is a document or a program in a zip archive"), "{error}");
}

#[test]
fn an_option_may_name_an_archive_of_one_such_file() {
    let folder = tempfile::tempdir().unwrap();
    let har: &[u8] = br#"{"log":{"entries":[{"request":{"url":"https://a.example/"}}]}}"#;
    let path = folder.path().join("session.har.zip");
    let mut options = ImportOptions::default();
    options.har = Some(path.clone());
    fs::write(&path, zip(&[("har.har", har), ("body.json", b"{}")])).unwrap();
    assert_eq!(read(&options).1, 1);
    fs::write(&path, zip(&[("1.har", har), ("2.har", har)])).unwrap();
    let error = read(&options).0.unwrap_err();
    assert_eq!(error.exit_code(), 3);
    assert!(error.to_string().contains("session.har.zip/2.har"), "{error}");
    fs::write(&path, zip(&[("notes.txt", b"words")])).unwrap();
    assert!(read(&options).0.unwrap_err().to_string().contains("no file in the archive is of the format har"));
}

/// Every byte of an archive in turn is damaged: whatever becomes of it, nothing panics, hangs, or is left behind.
#[test]
fn any_damage_is_survived() {
    let har = br#"{"log":{"entries":[{"request":{"url":"https://a.example/"},"response":{"status":200}}]}}"#;
    let whole = zip(&[("a/network.har", har), ("a/console.ndjson", LINE), ("a/empty", b"")]);
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= if place % 2 == 0 { 0x10 } else { 0xff };
        let _ = read_bytes(&bytes);
    }
    for length in 0..whole.len() {
        assert!(read_bytes(&whole[..length]).0.is_err(), "{length}");
    }
}

/// A medium out of an archive outlives its recording inside a bundle.
#[test]
fn unpacked_media_are_there_until_the_share_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("a.zip");
    // One that needs no repair is carried as it is.
    let webm = fs::read("examples/checkout-bug/video.webm").unwrap();
    File::create(&path).unwrap().write_all(&zip(&[("v.webm", &webm)])).unwrap();
    let mut options = ImportOptions::default();
    options.inputs = vec![path];
    let mut sink = Sink::new(Bodies::Text, [true; 4]);
    let recording = import(&options, &mut sink).unwrap();
    let header = sealcast::header::Header::plain([1; 16], 1, 0);
    let bundle = sealcast::bundle::build(&recording, sink, header, &sealcast::bundle::Panels::default()).unwrap();
    let unpacked: PathBuf = recording.media[0].path.clone();
    drop(recording);
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut bundle.parts[0].open().unwrap(), &mut bytes).unwrap();
    assert!(bytes == webm);
    drop(bundle);
    assert!(!Path::new(&unpacked).exists());
}
