//! What the fuzz targets do with their bytes: read them as the program would, to the end.
//!
//! Each function says whether the bytes were what its target is about. Those that were something else do not join
//! its corpus, or every target would wander off to the formats that are easiest to reach.

use std::fs;
use std::io::{Cursor, Read as _};
use std::path::Path;

use sealcast::Error;
use sealcast::event::{Event, EventTime, Row};
use sealcast::import::{ImportOptions, import};
use sealcast::limits::Bodies;
use sealcast::media::{self, RepairOptions};
use sealcast::read::{Opened, Source};
use sealcast::redact::{Config, Level, Redactor};
use sealcast::seal::Secrets;
use sealcast::sink::Sink;
use sealcast::verify::verify;
use tempfile::TempDir;

/// Files that a mutated `recording.json` may name.
const BESIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/import/recording/whole/input");
/// A film and a file of sound that are whole.
const FILM: &[u8] = include_bytes!("../../tests/media/quicktime-rotated.mov");
const SOUND: &[u8] = include_bytes!("../../tests/media/mediarecorder-audio.webm");

/// The body of a target's file: what is done with the bytes.
#[macro_export]
macro_rules! target {
    ($read:expr) => {
        libfuzzer_sys::fuzz_target!(|bytes: &[u8]| -> libfuzzer_sys::Corpus {
            let read: fn(&[u8]) -> bool = $read;
            if read(bytes) { libfuzzer_sys::Corpus::Keep } else { libfuzzer_sys::Corpus::Reject }
        });
    };
}

/// Imports the bytes as a file for the importer of that name in the table, or as an `archive` of any.
///
/// # Panics
/// When importing does, when its error says nothing to a user, or when an event is not what a page can show.
#[must_use]
pub fn import_as(name: &str, bytes: &[u8]) -> bool {
    match formats(name, bytes) {
        Ok(formats) => name == "archive" || formats.iter().any(|format| format == name),
        Err(error) => {
            assert!(matches!(error.exit_code(), 3 | 4), "{error}");
            // What cannot be used is worth keeping: it may be the format, broken.
            explained(&error)
        }
    }
}

/// The formats that the bytes were read as, once all their events are made.
fn formats(name: &str, bytes: &[u8]) -> Result<Vec<String>, Error> {
    let folder = room();
    let mut sink = Sink::new(Bodies::All, [true; 4]);
    let recording = import(&options(name, bytes, folder.path()), &mut sink)?;
    for event in sink.merge(recording.clock.zero.unwrap_or(0.0))? {
        let event = event?;
        assert!(event.time.is_none_or(f64::is_finite));
        for text in [&event.row, &event.detail] {
            assert!(serde_json::from_slice::<serde_json::Value>(text).unwrap().is_object());
        }
    }
    let used = recording.inputs.into_iter().filter(|input| input.skipped.is_none());
    Ok(used.map(|input| input.format).collect())
}

/// Looks into the bytes as into a media file.
///
/// # Panics
/// When the probe does, or when its error says nothing to a user.
#[must_use]
pub fn probe(bytes: &[u8]) -> bool {
    match media::probe_reader(Cursor::new(bytes), Path::new("input")) {
        Ok(probe) => {
            assert!(probe.duration_ms.is_none_or(f64::is_finite));
            true
        }
        Err(error) => explained(&error),
    }
}

/// Repairs the bytes as a media file, reads all of what would be carried for it, and looks into that.
///
/// # Panics
/// When the repair does, or when what it gives is not what it says, or far more than the file.
#[must_use]
pub fn repair(bytes: &[u8]) -> bool {
    let name = Path::new("input");
    let mut changed = false;
    for keep in [false, true] {
        let mut options = RepairOptions::default();
        options.keep_metadata = keep;
        let Some(repaired) = media::repair_reader(Cursor::new(bytes), name, options).unwrap() else { continue };
        assert!(repaired.duration_ms.is_none_or(|ms| ms.is_finite() && ms >= 0.0));
        let mut carried = Vec::new();
        repaired.splice.reader(Cursor::new(bytes)).read_to_end(&mut carried).unwrap();
        assert_eq!(carried.len() as u64, repaired.splice.len());
        assert!(carried.len() < 8 * bytes.len() + 10_000, "{} bytes of {}", carried.len(), bytes.len());
        let _ = probe(&carried);
        changed = true;
    }
    changed
}

/// Puts the sound of the bytes into the bytes as a video, and into and out of whole files, a little earlier and later,
/// and repairs what comes of it.
///
/// # Panics
/// When putting together does, or when it gives far more than the file.
#[must_use]
pub fn join(bytes: &[u8]) -> bool {
    let name = Path::new("input");
    let mut put_in = false;
    // MP4 gets one index before sound is put in.
    let repaired = media::repair_reader(Cursor::new(bytes), name, RepairOptions::default()).unwrap();
    let mut carried = Vec::new();
    if let Some(repaired) = repaired {
        repaired.splice.reader(Cursor::new(bytes)).read_to_end(&mut carried).unwrap();
    }
    let pairs = [(bytes, bytes), (&carried, SOUND), (FILM, &carried), (FILM, bytes)];
    for (later_ms, (video, sound)) in [-40.5, 350.0].into_iter().flat_map(|later| pairs.map(|pair| (later, pair))) {
        let mut out = Vec::new();
        let joined = media::join_reader(Cursor::new(video), Cursor::new(sound), later_ms, &mut out, (name, name));
        let most = video.len() + sound.len();
        assert!(out.len() < 8 * most + 10_000, "{} bytes of {most}", out.len());
        if joined.unwrap().is_some() {
            put_in = true;
            let _ = repair(&out);
        }
    }
    put_in
}

/// Opens the bytes as a share, a page or an archive, and reads all that is in it.
///
/// # Panics
/// When opening or reading does, or when an error says nothing to a user.
#[must_use]
pub fn open_share(bytes: &[u8]) -> bool {
    read_share(bytes).map_or_else(|error| explained(&error), |()| true)
}

fn read_share(bytes: &[u8]) -> Result<(), Error> {
    let folder = room();
    let page = folder.path().join("index.html");
    fs::write(&page, bytes).unwrap();
    let opened = Opened::open(Source::local(&page)?, &Secrets::default(), None)?;
    let events = opened.events()?.try_for_each(|event| event.map(drop));
    // A share of which some part was changed may be whole in others.
    let verdict = verify(&opened, None).map(drop);
    events.and(verdict)
}

fn room() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Every error has a hint.
fn explained(error: &Error) -> bool {
    assert!(error.hint().is_some(), "{error}");
    true
}

/// The bytes where an importer looks for them, and the options that lead it there: those that name a format make it
/// read what has no sign of it, too.
fn options(name: &str, bytes: &[u8], folder: &Path) -> ImportOptions {
    let mut options = ImportOptions::default();
    let path = folder.join(match name {
        "recording" => "recording.json",
        "playwright" => "trace.trace",
        _ => "input",
    });
    fs::write(&path, bytes).unwrap();
    match name {
        "video" => options.video = Some(path),
        "audio" => options.audio = Some(path),
        "har" => options.har = Some(path),
        "actions" => options.actions = Some(path),
        "backend" => options.backend = Some(path),
        "console" => options.console = Some(path),
        "captions" => {
            // Captions alone are nothing to show.
            let log = folder.join("console.ndjson");
            fs::write(&log, r#"{"level":"info","text":"a","time":1}"#).unwrap();
            options.inputs = vec![log];
            options.captions = Some(path);
        }
        "recording" => {
            for beside in fs::read_dir(BESIDE).unwrap().map(|entry| entry.unwrap().path()) {
                let name = beside.file_name().unwrap();
                if beside.is_file() && name != "recording.json" {
                    fs::copy(&beside, folder.join(name)).unwrap();
                }
            }
            options.inputs = vec![folder.into()];
        }
        "playwright" => {
            // Lines of either file are told by what they hold.
            fs::write(folder.join("trace.network"), bytes).unwrap();
            options.inputs = vec![path];
        }
        _ => options.inputs = vec![path],
    }
    options
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use sealcast::bundle::{self, Panels};
    use sealcast::header::Header;
    use sealcast::import::IMPORTERS;
    use sealcast::layout::{self, Target};

    use super::*;

    fn files(folder: &str) -> Vec<PathBuf> {
        let walk = walkdir::WalkDir::new(Path::new("../tests").join(folder)).sort_by_file_name();
        walk.into_iter().map(|entry| entry.unwrap().into_path()).filter(|path| path.is_file()).collect()
    }

    #[test]
    fn every_importer_is_reached_from_its_golden_cases() {
        for importer in IMPORTERS {
            let mut reached = false;
            for path in files(&format!("import/{}", importer.name)) {
                let bytes = fs::read(path).unwrap();
                let _ = import_as(importer.name, &bytes);
                reached |=
                    formats(importer.name, &bytes).is_ok_and(|read| read.iter().any(|name| name == importer.name));
            }
            assert!(reached, "{}", importer.name);
        }
    }

    #[test]
    fn archives_are_reached_from_golden_cases() {
        let mut found = files("import");
        found.retain(|path| path.extension().is_some_and(|ending| ending == "zip"));
        let reached = |path: &&PathBuf| formats("archive", &fs::read(path).unwrap()).is_ok();
        assert_eq!(found.iter().filter(reached).count(), 2);
    }

    #[test]
    fn media_are_probed() {
        assert!(files("media").iter().all(|path| probe(&fs::read(path).unwrap())));
    }

    #[test]
    fn media_are_repaired() {
        assert!(files("media").iter().all(|path| repair(&fs::read(path).unwrap())));
    }

    #[test]
    fn sound_is_put_in() {
        let webm = |path: &&PathBuf| path.to_string_lossy().contains("mediarecorder-vp9.webm");
        let file = files("media").into_iter().find(|path| webm(&path)).unwrap();
        assert!(join(&fs::read(file).unwrap()) && !join(b""));
    }

    #[test]
    fn a_share_opens_whole_and_not_when_cut() {
        let folder = room();
        let mut options = ImportOptions::default();
        options.inputs = vec!["../tests/import/console/lines/input.ndjson".into()];
        let mut sink = Sink::new(Bodies::Text, [true; 4]);
        let recording = import(&options, &mut sink).unwrap();
        let header = Header::plain([7; 16], 1_800_000_000, 0);
        let mut bundle = bundle::build(&recording, sink, header, &Panels::default()).unwrap();
        let page = folder.path().join("share.html");
        layout::write(&mut bundle, "html", &Target::new(page.clone(), false), &mut ()).unwrap();
        let bytes = fs::read(&page).unwrap();
        read_share(&bytes).unwrap();
        let cut = &bytes[..bytes.len() - 60];
        assert!(read_share(cut).is_err() && open_share(cut));
    }
}

/// Takes secrets out of the bytes as a request's record, and out of the text they are.
///
/// # Panics
/// When redaction does, or when it finds more in what it has left.
#[must_use]
pub fn redact(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let detail = match serde_json::from_str(text) {
        Ok(serde_json::Value::Object(members)) => serde_json::Value::Object(members),
        _ => serde_json::json!({ "text": text }),
    };
    let network = serde_json::json!({ "method": "GET", "url": text, "status": 200, "kind": "fetch" });
    let console = serde_json::json!({ "level": "info", "text": text });
    let rows = [
        serde_json::from_value(network).map(Row::Network).unwrap(),
        serde_json::from_value(console).map(Row::Console).unwrap(),
    ];
    for row in rows {
        for level in [Level::Standard, Level::Strict] {
            let mut event = Event::new(EventTime::Unknown, row.clone(), detail.clone());
            Redactor::new(level, Config::default()).event(&mut event, 1);
            let once = seen(&event);
            Redactor::new(level, Config::default()).event(&mut event, 1);
            assert_eq!(once, seen(&event), "what was redacted is redacted again");
        }
    }
    true
}

/// An event as text.
fn seen(event: &Event) -> String {
    format!("{} {}", serde_json::to_string(&event.row).unwrap(), event.detail)
}
