//! Parts that are cut into files come back as they were, and no file of them can be changed unnoticed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sealcast::bundle::{self, Panels};
use sealcast::header::Header;
use sealcast::import::{ImportOptions, import};
use sealcast::layout::{self, Target};
use sealcast::limits::Bodies;
use sealcast::read::{Opened, Source};
use sealcast::seal::{Key, Secrets};
use sealcast::sink::Sink;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

const SIZE: u64 = 64 * 1024;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/checkout-bug")
}

fn video() -> Vec<u8> {
    fs::read(example().join("video.webm")).unwrap()
}

fn sealcast(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sealcast")).current_dir(folder).args(args).output().unwrap()
}

/// A share of the example, cut; it opens with the options given with it.
struct Share {
    folder: TempDir,
    report: Value,
    opens: &'static [&'static str],
}

impl Share {
    fn new(sealed: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let example = example();
        let mut args = vec!["export", example.to_str().unwrap(), "-o", "share", "--split", "64KiB", "--json"];
        let mut opens = &[][..];
        if sealed {
            args.extend(["--encrypt", "--key-out", "key"]);
            opens = &["--key-file", "key"];
        }
        let done = sealcast(folder.path(), &args);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        Self { report: serde_json::from_slice(&done.stdout).unwrap(), folder, opens }
    }

    fn both() -> [Self; 2] {
        [false, true].map(Self::new)
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("share")
    }

    /// The files of the video's part.
    fn pieces(&self) -> Vec<PathBuf> {
        let done = self.run(&["inspect", "share", "--json"]);
        let manifest = serde_json::from_slice::<Value>(&done.stdout).unwrap()["manifest"].take();
        let id = &manifest["video"]["part"];
        let part = manifest["parts"].as_array().unwrap().iter().find(|part| part["id"] == *id).unwrap();
        assert_eq!(part.get("file"), None);
        let files = part["files"].as_array().unwrap();
        files.iter().map(|file| self.path().join(file[0].as_str().unwrap())).collect()
    }

    fn run(&self, args: &[&str]) -> Output {
        sealcast(self.folder.path(), &[args, self.opens].concat())
    }

    #[track_caller]
    fn refused(&self, args: &[&str], fact: &str) {
        let done = self.run(args);
        let said = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(7), "{said}");
        assert!(said.contains(fact), "{said}");
    }
}

#[test]
fn what_was_cut_is_whole_again() {
    for share in Share::both() {
        let done = share.run(&["verify", "share"]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert!(share.run(&["extract", "share", "-o", "back"]).status.success());
        assert!(fs::read(share.folder.path().join("back/video.webm")).unwrap() == video());
        let link = share.run(&["link", "share", "--url", "https://host.example/"]);
        assert!(link.status.success(), "{}", String::from_utf8_lossy(&link.stderr));
        let text = String::from_utf8(share.run(&["inspect", "share"]).stdout).unwrap();
        assert!(text.contains(&format!("-1.bin and {} more)", share.pieces().len() - 1)), "{text}");
    }
}

#[test]
fn the_files_are_as_the_report_says() {
    let [plain, sealed] = Share::both();
    for share in [&plain, &sealed] {
        let files = share.report["files"].as_array().unwrap();
        for file in files {
            let bytes = fs::read(share.path().join(file["path"].as_str().unwrap())).unwrap();
            assert_eq!(file["bytes"], bytes.len());
            let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(file["sha256"], digest);
        }
        let listed = |path: &PathBuf| {
            let name = path.strip_prefix(share.path()).unwrap().to_str().unwrap();
            files.iter().find(|file| file["path"] == name).unwrap()
        };
        let pieces = share.pieces();
        for piece in &pieces {
            assert_eq!(listed(piece)["content_type"], "application/octet-stream");
            assert_eq!(listed(piece)["cache_control"], "public, max-age=31536000, immutable");
        }
        let (last, others) = pieces.split_last().unwrap();
        assert!(others.len() > 1 && others.iter().all(|piece| listed(piece)["bytes"] == SIZE));
        assert!((1..=SIZE).contains(&listed(last)["bytes"].as_u64().unwrap()));
        assert_eq!(share.report["split_bytes"], SIZE);
        assert!(share.report["warnings"].to_string().contains("and is never cut"), "{}", share.report);
    }
    let joined: Vec<u8> = plain.pieces().iter().flat_map(|piece| fs::read(piece).unwrap()).collect();
    assert!(joined == video());
}

#[test]
fn any_stretch_can_be_read() {
    let expected = video();
    for share in Share::both() {
        let key = fs::read_to_string(share.folder.path().join("key")).ok().map(|text| Key::parse(text.trim()).unwrap());
        let opened = Opened::open(Source::local(&share.path()).unwrap(), &Secrets::new(key.as_ref()), None).unwrap();
        let part = opened.manifest.video.as_ref().unwrap().part;
        for offset in [0, 1, SIZE - 1, SIZE, SIZE + 1, 2 * SIZE - 40_000, expected.len() as u64 - 1] {
            for length in [0, 1, 2, SIZE, SIZE + 2, 3 * SIZE] {
                let length = length.min(expected.len() as u64 - offset);
                let [from, to] = [offset, offset + length].map(|place| usize::try_from(place).unwrap());
                assert!(opened.read(part, offset, length).unwrap() == expected[from..to], "{length} from {offset}");
            }
        }
    }
}

#[test]
fn a_file_that_is_missing_cut_moved_or_longer_is_noticed() {
    for share in Share::both() {
        let pieces = share.pieces();
        let (second, last) = (&pieces[1], &pieces[pieces.len() - 1]);
        for piece in [second, last] {
            let name = piece.strip_prefix(share.path()).unwrap().to_str().unwrap();
            let held = fs::read(piece).unwrap();

            fs::remove_file(piece).unwrap();
            share.refused(&["verify", "share"], &format!("it lacks the file {name}"));
            share.refused(&["extract", "share", "-o", "back"], &format!("it lacks the file {name}"));
            fs::write(piece, &held[..held.len() - 1]).unwrap();
            share.refused(&["verify", "share"], &format!("{name} was cut short"));
            share.refused(&["extract", "share", "-o", "back"], &format!("{name} was cut short"));
            fs::write(piece, [&held[..], b"x"].concat()).unwrap();
            let longer = format!("{name} has {} bytes instead of {}", held.len() + 1, held.len());
            share.refused(&["verify", "share"], &longer);
            fs::write(piece, &held).unwrap();
        }
        let aside = share.path().join("aside");
        for (from, to) in [(&pieces[0], &aside), (second, &pieces[0]), (&aside, second)] {
            fs::rename(from, to).unwrap();
        }
        share.refused(&["verify", "share"], "is not as it was written");
        assert!(!share.folder.path().join("back").exists());
    }
}

#[test]
fn force_replaces_a_cut_share() {
    let share = Share::new(false);
    let example = example();
    for split in [&["--split", "100k"][..], &[]] {
        let args = [&["export", example.to_str().unwrap(), "-o", "share", "--force"], split].concat();
        let done = share.run(&args);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert!(share.run(&["verify", "share"]).status.success());
    }
    assert!(fs::read_dir(share.path().join("parts")).unwrap().all(|part| {
        let name = part.unwrap().file_name().into_string().unwrap();
        !name.contains('-')
    }));
}

#[test]
fn a_part_that_fits_stays_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let example = example();
    let size = video().len().to_string();
    let args = ["export", example.to_str().unwrap(), "-o", "share", "--split", &size, "--json"];
    let report: Value = serde_json::from_slice(&sealcast(folder.path(), &args).stdout).unwrap();
    let files = report["files"].as_array().unwrap();
    assert!(files.iter().any(|file| file["content_type"] == "video/webm" && file["bytes"] == video().len()));
}

#[test]
fn a_medium_that_changes_meanwhile_leaves_nothing() {
    for (change, fact) in [(&[&[0; 10][..]][..], "shorter"), (&[&video(), b"x"], "longer")] {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("video.webm");
        fs::write(&source, video()).unwrap();
        let mut options = ImportOptions::default();
        options.inputs.push(source.clone());
        let mut sink = Sink::new(Bodies::Text, [true; 4]);
        let recording = import(&options, &mut sink).unwrap();
        let mut bundle = bundle::build(&recording, sink, Header::plain([1; 16], 1, 0), &Panels::default()).unwrap();
        fs::write(&source, change.concat()).unwrap();
        let mut target = Target::new(folder.path().join("share"), false);
        target.split = Some(SIZE);
        let error = layout::write(&mut bundle, "dir", &target, &mut ()).unwrap_err();
        assert!(error.to_string().contains(fact), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn no_layout_leaves_a_cut_undone() {
    for (layout, split, fact) in [("html", SIZE, "layout html"), ("zip", SIZE, "layout zip"), ("dir", 0, "--split 0")] {
        let mut target = Target::new("never-written".into(), false);
        target.split = Some(split);
        let error = target.check_split(layout).unwrap_err();
        assert!(error.exit_code() == 2 && error.to_string().contains(fact), "{error}");
    }
}
