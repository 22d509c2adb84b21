//! The layout `zip` as other programs read it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use zip::{CompressionMethod, DateTime, ZipArchive};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn export(folder: &Path, args: &[&str]) {
    let done = Command::new(env!("CARGO_BIN_EXE_sealcast")).current_dir(folder).arg("export").args(args).output();
    let done = done.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// Equal shares are equal bytes, what is compressed already is not compressed again, and nothing in it is a file that
/// a mail gateway takes for a program.
#[test]
fn an_archive_has_no_dates_no_scripts_and_media_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let example = Path::new(ROOT).join("examples/checkout-bug");
    for (file, seal) in [("plain.zip", &[][..]), ("sealed.zip", &["--encrypt"])] {
        export(folder.path(), &[&[example.to_str().unwrap(), "-o", file], seal].concat());
        let mut archive = ZipArchive::new(File::open(folder.path().join(file)).unwrap()).unwrap();
        let mut media = 0;
        for at in 0..archive.len() {
            let entry = archive.by_index_raw(at).unwrap();
            let name = entry.name().unwrap();
            let date = entry.last_modified().unwrap();
            assert_eq!(date, DateTime::default(), "{name}");
            assert_eq!((date.year(), date.month(), date.day(), date.hour(), date.minute()), (1980, 1, 1, 0, 0));
            assert!(!name.ends_with(".js"), "{name}");
            let is_page = name == "index.html";
            assert!(is_page || name.starts_with("parts/"), "{name}");
            media += u32::from(!is_page);
            let method = if is_page { CompressionMethod::Deflated } else { CompressionMethod::Stored };
            assert_eq!(entry.compression(), method, "{name}");
        }
        assert_eq!(media > 0, seal.is_empty(), "{file}");
    }
}

/// An entry beyond what four bytes can count.
#[test]
#[ignore = "writes an archive of more than 4 GiB"]
fn a_large_entry_is_one_that_others_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut sound = File::create(folder.path().join("sound.wav")).unwrap();
    sound
        .write_all(b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data")
        .unwrap();
    let length = (1 << 32) + 4_321;
    sound.set_len(length).unwrap();
    drop(sound);
    export(folder.path(), &["sound.wav", "-o", "large.zip"]);
    fs::remove_file(folder.path().join("sound.wav")).unwrap();
    let path = folder.path().join("large.zip");
    let mut archive = ZipArchive::new(File::open(&path).unwrap()).unwrap();
    let sizes: Vec<u64> = (0..archive.len()).map(|at| archive.by_index_raw(at).unwrap().size()).collect();
    assert!(sizes.contains(&length), "{sizes:?}");
    let python = "import sys, zipfile; sys.exit(zipfile.ZipFile(sys.argv[1]).testzip() is not None)";
    for (program, args) in [("unzip", &["-tqq"][..]), ("python3", &["-c", python])] {
        match Command::new(program).args(args).arg(&path).status() {
            Ok(status) => assert!(status.success(), "{program}: {status}"),
            Err(error) => eprintln!("not tried: {program}: {error}"),
        }
    }
}
