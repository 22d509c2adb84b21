//! Names and links that files really have, which no case in the repository can hold.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::fs;
use std::path::{Path, PathBuf};

use sealcast::Error;
use sealcast::header::Header;
use sealcast::import::{ImportOptions, import};
use sealcast::limits::Bodies;
use sealcast::page::Page;
use sealcast::recording::{MediaKind, Recording};
use sealcast::sink::Sink;

const LINE: &str = "{\"t\":1,\"level\":\"info\",\"text\":\"hello\"}\n";

fn read(inputs: &[&Path]) -> (Result<Recording, Error>, u64) {
    let mut options = ImportOptions::default();
    options.inputs = inputs.iter().map(PathBuf::from).collect();
    let mut sink = Sink::new(Bodies::Text, [true; 4]);
    let result = import(&options, &mut sink);
    (result, sink.len())
}

fn exit_code(input: &Path) -> (u8, String) {
    let error = read(&[input]).0.unwrap_err();
    assert!(error.hint().is_some(), "{error}");
    (error.exit_code(), error.to_string())
}

#[test]
fn an_empty_folder_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let (code, fact) = exit_code(folder.path());
    assert_eq!(code, 3);
    assert!(fact.contains("the folder is empty"), "{fact}");
    fs::write(folder.path().join(".env"), "x").unwrap();
    assert_eq!(exit_code(folder.path()).0, 3);
}

#[test]
fn a_path_that_is_not_there_is_an_error_of_its_own() {
    assert_eq!(exit_code(Path::new("no such file")).0, 1);
}

#[test]
fn names_of_every_kind_work() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("{}.ndjson", "x".repeat(248));
    let names = [
        "with space.ndjson",
        "it's \"quoted\".ndjson",
        "תיעוד.ndjson",
        "-o.ndjson",
        "a$b&c;d.ndjson",
        "%23#x?.ndjson",
        &long,
    ];
    for (number, name) in names.iter().enumerate() {
        fs::write(folder.path().join(name), LINE.replace("hello", &number.to_string())).unwrap();
    }
    let (recording, events) = read(&[folder.path()]);
    assert_eq!((recording.unwrap().inputs.len(), events), (names.len(), names.len() as u64));
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text_work_and_are_shown_harmlessly() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"a\xff\x1b[31m\xe2\x80\xae.ndjson");
    fs::write(folder.path().join(name), LINE).unwrap();
    let (recording, events) = read(&[folder.path()]);
    let recording = recording.unwrap();
    assert_eq!(events, 1);
    // The report holds the name itself; whoever prints it makes it harmless.
    assert_eq!(recording.inputs[0].path, folder.path().join(name).to_string_lossy());
}

#[cfg(unix)]
#[test]
fn a_name_cannot_begin_a_line_of_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let notes = folder.path().join("line1\nerror: \u{1b}[31m.txt");
    fs::write(&notes, "words").unwrap();
    let (code, fact) = exit_code(&notes);
    assert_eq!(code, 3);
    assert!(fact.contains("line1\\u{a}error: \\u{1b}[31m.txt"), "{fact}");
    let log = folder.path().join("console.ndjson");
    fs::write(&log, LINE).unwrap();
    let recording = read(&[&log, &notes]).0.unwrap();
    assert!(recording.warnings[0].contains("line1\\u{a}error"), "{:?}", recording.warnings);
    assert!(recording.inputs.iter().any(|input| input.path == notes.to_string_lossy()), "{:?}", recording.inputs);
}

#[test]
fn a_file_given_twice_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("console.ndjson");
    fs::write(&file, LINE).unwrap();
    let (recording, events) = read(&[folder.path(), &file]);
    assert_eq!((recording.unwrap().inputs.len(), events), (1, 1));
}

#[test]
fn an_input_that_was_named_but_not_used_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let (log, notes) = (folder.path().join("console.ndjson"), folder.path().join("notes.txt"));
    fs::write(&log, LINE).unwrap();
    fs::write(&notes, "words").unwrap();
    let recording = read(&[&log, &notes]).0.unwrap();
    assert!(recording.warnings[0].contains("notes.txt was not used"), "{:?}", recording.warnings);
    assert_eq!(read(&[folder.path()]).0.unwrap().warnings, [""; 0]);
}

#[test]
fn a_share_is_not_taken_for_a_recording() {
    let folder = tempfile::tempdir().unwrap();
    let page = Page::plain(&Header::plain([7; 16], 1, 0), "a title").render();
    let (share, file) = (folder.path().join("share"), folder.path().join("one.html"));
    fs::create_dir(&share).unwrap();
    fs::write(share.join("index.html"), &page).unwrap();
    fs::write(share.join("console.ndjson"), LINE).unwrap();
    fs::write(&file, &page).unwrap();
    // Given by themselves they are called what they are.
    for given in [&share, &file] {
        let (code, fact) = exit_code(given);
        assert_eq!(code, 3);
        assert!(fact.contains("it is a share made by sealcast already"), "{fact}");
    }
    let fact = exit_code(folder.path()).1;
    assert!(fact.contains("only hidden files and shares"), "{fact}");
    // In a folder they are own output of an earlier run, and no word is lost over them.
    fs::write(folder.path().join("console.ndjson"), LINE).unwrap();
    let (recording, events) = read(&[folder.path()]);
    let recording = recording.unwrap();
    assert_eq!((events, recording.inputs.len()), (1, 1), "{:?}", recording.inputs);
    assert!(recording.warnings.is_empty(), "{:?}", recording.warnings);
}

#[test]
fn a_named_poster_wins_over_that_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let png = b"\x89PNG\r\n\x1a\n and so on";
    let (own, named) = (folder.path().join("own.png"), folder.path().join("named.png"));
    fs::write(&own, png).unwrap();
    fs::write(&named, png).unwrap();
    fs::write(folder.path().join("console.ndjson"), LINE).unwrap();
    let description = r#"{"format":"recording/1","media":[{"kind":"poster","file":"own.png"}],"panels":{"console":"console.ndjson"}}"#;
    fs::write(folder.path().join("recording.json"), description).unwrap();
    let mut options = ImportOptions::default();
    options.inputs = vec![folder.path().into()];
    options.poster = Some(named.clone());
    let recording = import(&options, &mut Sink::new(Bodies::Text, [true; 4])).unwrap();
    let media: Vec<_> = recording.media.iter().map(|media| (media.kind, &media.path)).collect();
    assert_eq!(media, [(MediaKind::Poster, &named)]);
    let loser = recording.inputs.iter().find(|input| input.path == own.to_string_lossy()).unwrap();
    assert_eq!(loser.skipped.as_deref(), Some("another was named with --poster"));
}

#[test]
fn logs_whose_panels_are_left_out_are_not_called_no_logs() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("console.ndjson");
    fs::write(&log, LINE).unwrap();
    let mut options = ImportOptions::default();
    options.inputs = vec![log];
    let error = import(&options, &mut Sink::new(Bodies::Text, [false; 4])).unwrap_err();
    assert_eq!(error.exit_code(), 3);
    let fact = "nothing is left to show: the inputs hold only panels that are left out (console)";
    assert_eq!(error.to_string(), fact);
    assert_eq!(error.hint().as_deref(), Some("add console to --panels, or pass a video too"));
}

#[test]
fn a_body_beside_a_har_is_read_within_measure() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let body = |kind: &str, name: &str| format!(r#""{kind}":{{"mimeType":"text/plain","_file":"{name}"}}"#);
    let large = body("content", "large.txt");
    let entry = format!(
        r#"{{"request":{{"url":"https://a.example/",{}}},"response":{{{large}}}}}"#,
        body("postData", "large.txt")
    );
    file("x.har", format!(r#"{{"log":{{"entries":[{entry}]}}}}"#).as_bytes());
    file("large.txt", &vec![b'x'; 9 << 20]);
    let mut options = ImportOptions::default();
    options.inputs = vec![folder.path().into()];
    let mut sink = Sink::new(Bodies::All, [true; 4]);
    let recording = import(&options, &mut sink).unwrap();
    assert_eq!(recording.inputs.len(), 1, "{:?}", recording.inputs);
    let event = sink.merge(0.0).unwrap().next().unwrap().unwrap();
    let detail: serde_json::Value = serde_json::from_slice(&event.detail).unwrap();
    let words = "body of 9437184 bytes not included (too large)";
    let left_out = serde_json::json!({"/request/postData/text": words, "/response/content/text": words});
    assert_eq!(detail["_sealcast"]["left_out"], left_out);
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A folder with a log, and outside of it another.
    fn folder() -> (tempfile::TempDir, PathBuf) {
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("inner");
        fs::create_dir(&inner).unwrap();
        fs::write(inner.join("console.ndjson"), LINE).unwrap();
        fs::write(outer.path().join("outside.ndjson"), LINE).unwrap();
        (outer, inner)
    }

    #[test]
    fn a_link_out_of_the_folder_is_refused() {
        let (_outer, inner) = folder();
        symlink("../outside.ndjson", inner.join("link.ndjson")).unwrap();
        let (code, fact) = exit_code(&inner);
        assert_eq!(code, 4);
        assert!(fact.contains("link.ndjson leads out of its folder"), "{fact}");
    }

    #[test]
    fn a_linked_folder_outside_is_refused() {
        let (outer, inner) = folder();
        symlink(outer.path(), inner.join("up")).unwrap();
        assert_eq!(exit_code(&inner).0, 4);
    }

    #[test]
    fn links_within_the_folder_and_to_nothing_are_passed_over() {
        let (_outer, inner) = folder();
        symlink("console.ndjson", inner.join("same.ndjson")).unwrap();
        symlink("gone.ndjson", inner.join("dangling.ndjson")).unwrap();
        symlink(".", inner.join("loop")).unwrap();
        let (recording, events) = read(&[&inner]);
        assert_eq!(events, 1);
        assert!(
            recording.unwrap().inputs.iter().any(|input| input.skipped.as_deref() == Some("it is a link to nothing"))
        );
    }

    #[test]
    fn a_description_cannot_lead_out_by_a_link() {
        let (_outer, inner) = folder();
        symlink("../outside.ndjson", inner.join("link.ndjson")).unwrap();
        fs::write(
            inner.join("recording.json"),
            r#"{"format":"recording/1","media":[],"panels":{"console":"link.ndjson"}}"#,
        )
        .unwrap();
        assert_eq!(exit_code(&inner).0, 4);
    }

    #[test]
    fn a_har_cannot_lead_out_by_a_link() {
        let (_outer, inner) = folder();
        symlink("../outside.ndjson", inner.join("body.txt")).unwrap();
        let har = inner.join("x.har");
        let entry = r#"{"request":{"url":"https://a.example/"},"response":{"content":{"_file":"body.txt"}}}"#;
        fs::write(&har, format!(r#"{{"log":{{"entries":[{entry}]}}}}"#)).unwrap();
        let (code, fact) = exit_code(&har);
        assert_eq!(code, 4);
        assert!(fact.contains("body.txt leads out of its folder"), "{fact}");
    }

    #[test]
    fn an_input_may_be_a_link_itself() {
        let (outer, inner) = folder();
        let link = outer.path().join("link");
        symlink(&inner, &link).unwrap();
        assert_eq!(read(&[&link]).1, 1);
    }

    #[test]
    fn a_pipe_is_not_waited_for() {
        let (_outer, inner) = folder();
        let pipe = inner.join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if made.is_ok_and(|status| status.success()) {
            assert_eq!(read(&[&inner]).1, 1);
        }
    }
}
