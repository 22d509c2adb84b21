//! What is too large for where it goes is refused, and leaves nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output};

fn sealcast(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sealcast")).current_dir(folder).args(args).output().unwrap()
}

/// A folder with a video of so many megabytes, most of them zeros that take no room on the disk.
fn folder_with_video(megabytes: u64) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let video = folder.path().join("bug.webm");
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/checkout-bug/video.webm"), &video).unwrap();
    File::options().write(true).open(video).unwrap().set_len(megabytes * 1_000_000).unwrap();
    folder
}

/// Exit code and messages of an export; of one that is refused nothing may be left.
fn exported(folder: &Path, args: &[&str]) -> (i32, String) {
    let done = sealcast(folder, &[&["export", "bug.webm", "--poster", "none"], args].concat());
    let code = done.status.code().unwrap();
    if code != 0 {
        assert_eq!(fs::read_dir(folder).unwrap().count(), 1, "{args:?} left something");
        assert!(done.stdout.is_empty());
    }
    (code, String::from_utf8(done.stderr).unwrap())
}

#[test]
fn every_place_has_its_limit_and_max_size_goes_before_it() {
    for (megabytes, refusing, taking) in [
        (11, &["jira"][..], &["email", "github", "zendesk", "s3", "iframe"][..]),
        (19, &["jira", "email"], &["github", "zendesk", "s3", "iframe"]),
        (26, &["jira", "email", "github"], &["zendesk", "s3", "iframe"]),
        (51, &["jira", "email", "github", "zendesk"], &["s3", "iframe"]),
    ] {
        let folder = folder_with_video(megabytes);
        for place in refusing {
            for sealed in [&[][..], &["--encrypt"]] {
                let (code, said) = exported(folder.path(), &[&["--for", place][..], sealed].concat());
                assert_eq!(code, 4, "{megabytes} MB for {place}: {said}");
                assert!(said.contains("error: the share has at least ") && said.contains("\nhint: "), "{said}");
            }
            assert_eq!(exported(folder.path(), &["--for", place, "--max-size", "1G", "--dry-run"]).0, 0);
        }
        for place in taking {
            assert_eq!(exported(folder.path(), &["--for", place, "--dry-run"]).0, 0, "{megabytes} MB for {place}");
            assert_eq!(exported(folder.path(), &["--for", place, "--max-size", "10MB"]).0, 4);
        }
    }
}

#[test]
fn one_file_of_more_than_250_mb_needs_max_size() {
    let folder = folder_with_video(251);
    let (code, said) = exported(folder.path(), &[]);
    assert_eq!(code, 4);
    assert!(said.contains("251 MB of video are too much for one HTML file (the limit is 250 MB)\nhint: "), "{said}");
    assert!(said.contains("--layout zip or dir"), "{said}");
    // Base64 makes 335 MB of it.
    assert_eq!(exported(folder.path(), &["--max-size", "300MB"]).0, 4);
    let (code, said) = exported(folder.path(), &["--max-size", "340MB", "--dry-run"]);
    assert_eq!(code, 0);
    assert!(said.starts_with("warning: one HTML file with 251 MB of video opens slowly"), "{said}");
    for layout in ["zip", "dir"] {
        assert_eq!(exported(folder.path(), &["--layout", layout, "--dry-run"]).0, 0);
    }
}

#[test]
fn what_turns_out_too_large_is_taken_back() {
    let folder = folder_with_video(2);
    // More than the video's bytes, which are known before; less than the whole page.
    for (layout, size) in [("html", "2_700_000"), ("zip", "2_010_000"), ("dir", "2_010_000")] {
        for out in [&["-o", "out", "--layout", layout][..], &["-o", "-"]] {
            let (code, said) = exported(folder.path(), &[out, &["--max-size", size]].concat());
            assert!(code == 4 && (out[1] == "-" || !said.contains("at least")), "{layout}: {said}");
        }
    }
    let done = sealcast(folder.path(), &["export", "bug.webm", "-o", "-", "--max-size", "5MB"]);
    assert!(done.status.success());
    assert!(done.stdout.ends_with(b"</html>\n") && done.stdout.len() > 2_700_000, "{}", done.stdout.len());
}

#[test]
fn the_qr_code_of_a_link_goes_to_stderr() {
    let folder = folder_with_video(2);
    let made = sealcast(folder.path(), &["export", "bug.webm", "-o", "bug.html", "--encrypt", "--link-out", "link"]);
    assert!(made.status.success());
    let shown = sealcast(folder.path(), &["link", "--link-file", "link", "--url", "https://b.example/", "--qr"]);
    let link = String::from_utf8(shown.stdout).unwrap();
    assert!(link.starts_with("https://b.example/bug.html?v=1#k=") && link.ends_with('\n'), "{link}");
    let drawn = String::from_utf8(shown.stderr).unwrap();
    assert!(drawn.lines().count() > 20 && drawn.starts_with("████"), "{drawn}");
}
