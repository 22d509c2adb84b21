//! Sealed shares from the command line: nobody reads them without their secrets, and with them all comes back.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;
use tempfile::TempDir;

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/checkout-bug")
}

fn sealcast(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sealcast")).current_dir(folder).args(args).output().unwrap()
}

/// A folder with a password in it, and the report of an export into it.
fn share(out: &str, options: &[&str]) -> (TempDir, Value) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("password"), "Schlüssel\n").unwrap();
    let example = example();
    let args = [&["export", example.to_str().unwrap(), "-o", out, "--json", "--poster", "none"], options].concat();
    let done = sealcast(folder.path(), &args);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let report = serde_json::from_slice(&done.stdout).unwrap();
    (folder, report)
}

/// What the command says, and how it ends.
fn run(folder: &TempDir, args: &[&str]) -> (i32, String) {
    let done = sealcast(folder.path(), args);
    let said = [done.stdout, done.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (done.status.code().unwrap(), said)
}

#[track_caller]
fn fails(folder: &TempDir, args: &[&str], code: i32, words: &str) {
    let (ended, said) = run(folder, args);
    assert_eq!(ended, code, "{args:?}: {said}");
    assert!(said.contains(words) && said.contains("\nhint: "), "{args:?}: {said}");
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    walk.filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            (entry.path().strip_prefix(folder).unwrap().to_string_lossy().into(), fs::read(entry.path()).unwrap())
        })
        .collect()
}

const LAYOUTS: [&str; 3] = ["s.html", "s.zip", "s"];

#[test]
fn nothing_of_the_recording_can_be_read_without_the_key() {
    let video = fs::read(example().join("video.webm")).unwrap();
    for out in LAYOUTS {
        let (folder, report) = share(out, &["--encrypt", "--title", "Of Dana Reyes"]);
        let written = if out == "s" {
            files(&folder.path().join(out))
        } else {
            vec![(out.into(), fs::read(folder.path().join(out)).unwrap())]
        };
        let key = report["link"].as_str().unwrap().split("#k=").nth(1).unwrap().to_owned();
        for (name, mut bytes) in written {
            if out == "s.zip" {
                let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
                assert_eq!(archive.len(), 1, "the one-file form, and no script");
                bytes = Vec::new();
                archive.by_name("index.html").unwrap().read_to_end(&mut bytes).unwrap();
            }
            // Blocks are base64, so what is searched for is searched for in what they decode to as well.
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let blocks =
                text.split("data-part=\"").skip(1).filter_map(|rest| rest.split_once("\">")?.1.split('<').next());
            let decoded: Vec<u8> = blocks.flat_map(|block| BASE64_STANDARD.decode(block).unwrap()).collect();
            for place in [&bytes, &decoded] {
                for secret in [&b"Dana Reyes"[..], b"checkout", b"video/webm", &video[9000..9040], key.as_bytes()] {
                    let found = memchr::memmem::find(place, secret).is_some();
                    assert!(!found, "{name} of {out} shows {}", String::from_utf8_lossy(secret));
                }
            }
            assert!(!name.ends_with(".webm"), "a name tells what is inside: {name}");
        }
        assert_eq!(report["encrypted"], true);
    }
}

#[test]
fn every_way_to_name_share_and_key_opens_it() {
    for out in LAYOUTS {
        let (folder, _) = share(out, &["--encrypt", "--key-out", "key", "--link-out", "link"]);
        let link = fs::read_to_string(folder.path().join("link")).unwrap();
        let fragment = link.trim().split('#').nth(1).unwrap();
        let at = |place: &str| format!("{place}#{fragment}");
        let url = format!("file://{}", folder.path().join(out).display());
        let ways: [&[&str]; 5] = [
            &[out, "--key-file", "key"],
            &[&at(out)],
            &[&at(&format!("{out}?v=1"))],
            &[&at(&url)],
            &["--link-file", "link"],
        ];
        for way in ways {
            // A link of an archive or a folder names the page in it, which is not there by that name.
            let (code, said) = run(&folder, &[&["verify"], way].concat());
            assert_eq!(code, 0, "{out} {way:?}: {said}");
            assert!(said.contains("parts whole, page as this version writes it"), "{said}");
        }
        let (code, said) = run(&folder, &["inspect", &at(out), "--timeline"]);
        assert_eq!((code, said.lines().count()), (0, 120), "{said}");
        assert_eq!(run(&folder, &["extract", &at(out), "-o", "back"]).0, 0);
        assert_eq!(
            fs::read(folder.path().join("back/video.webm")).unwrap(),
            fs::read(example().join("video.webm")).unwrap()
        );
        let (_, said) =
            run(&folder, &["link", out, "--key-file", "key", "--url", "https://files.example/x/", "--at", "1:23"]);
        assert!(
            said.starts_with("https://files.example/x/") && said.contains(&format!("#{fragment}&t=83\n")),
            "{said}"
        );
    }
}

#[test]
fn export_extract_export_keeps_a_sealed_share_whole() {
    let (folder, _) = share("s", &["--encrypt", "--key-out", "key"]);
    assert_eq!(run(&folder, &["extract", "s", "--key-file", "key", "-o", "back"]).0, 0);
    assert_eq!(run(&folder, &["export", "back", "-o", "again.html", "--encrypt", "--key-file", "key"]).0, 0);
    let events = |share: &str| run(&folder, &["inspect", share, "--key-file", "key", "--timeline"]).1;
    assert_eq!(events("s"), events("again.html"));
}

#[test]
fn each_missing_or_wrong_secret_has_its_words() {
    let (folder, report) = share("s.html", &["--password-file", "password", "--key-out", "key"]);
    let key = report["link"].as_str().unwrap().split('#').nth(1).unwrap();
    let other = format!("k={}", BASE64_URL_SAFE_NO_PAD.encode([9; 32]));
    fs::write(folder.path().join("other"), "schlüssel\n").unwrap();
    fs::write(folder.path().join("empty"), "\n").unwrap();
    fs::write(folder.path().join("latin"), b"Schl\xfcssel").unwrap();
    let good = format!("s.html#{key}");
    fails(&folder, &["verify", "s.html"], 2, "its key is not given");
    fails(&folder, &["verify", &good], 2, "a password too");
    fails(&folder, &["verify", &good, "--password-file", "other"], 7, "password");
    fails(&folder, &["verify", &good, "--password-file", "empty"], 2, "the password is empty");
    fails(&folder, &["verify", &good, "--password-file", "latin"], 2, "not UTF-8");
    fails(&folder, &["verify", &format!("s.html#{other}"), "--password-file", "password"], 7, "key");
    fails(&folder, &["verify", &good[..good.len() - 1], "--password-file", "password"], 7, "key");
    assert_eq!(run(&folder, &["verify", &good, "--password-file", "password"]).0, 0);
}

#[test]
fn what_was_changed_is_refused() {
    let (folder, _) = share("s.html", &["--encrypt", "--key-out", "key", "--expires", "1h"]);
    let page = fs::read_to_string(folder.path().join("s.html")).unwrap();
    let expires = page.split("\"expires\":").nth(1).unwrap().split(',').next().unwrap().to_owned();
    let later = expires.parse::<u64>().unwrap() + 60;
    let data = page.find("data-part=\"9\">").unwrap() + 400;
    let turned = if page.as_bytes()[data] == b'A' { "B" } else { "A" };
    let changes = [
        page.replace(&format!("\"expires\":{expires}"), &format!("\"expires\":{later}")),
        page.replace("\"kdf\":null,", ""),
        page.replace("id=\"end\"", "id=\"END\""),
        [&page[..data], turned, &page[data + 1..]].concat(),
        page.replacen("connect-src 'self'", "connect-src 'self' https://evil.example", 1),
        page.replace("</body>", "<img src=\"https://evil.example/\"></body>"),
    ];
    for (number, changed) in changes.into_iter().enumerate() {
        assert_ne!(changed, page, "change {number} found nothing");
        fs::write(folder.path().join("changed.html"), changed).unwrap();
        fails(&folder, &["verify", "changed.html", "--key-file", "key"], 7, "");
    }
}

#[test]
fn a_changed_service_worker_is_refused() {
    let (folder, report) = share("s", &["--encrypt", "--key-out", "key"]);
    let worker = report["files"].as_array().unwrap().iter().find(|file| file["path"] == "sw.js").unwrap();
    assert_eq!(worker["content_type"], "text/javascript; charset=utf-8");
    assert_eq!(worker["cache_control"], "no-cache");
    let path = folder.path().join("s/sw.js");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text + "fetch('https://evil.example/')").unwrap();
    fails(&folder, &["verify", "s", "--key-file", "key"], 7, "sw.js is not what this version");
    fs::remove_file(path).unwrap();
    fails(&folder, &["verify", "s", "--key-file", "key"], 7, "sw.js");
}

#[test]
fn an_expired_share_is_still_verified_and_opens_no_more() {
    for seal in [&["--encrypt", "--key-out", "key"][..], &["--password-file", "password", "--key-out", "key"]] {
        let (folder, _) = share("s.html", &[seal, &["--expires", "1s"]].concat());
        thread::sleep(std::time::Duration::from_millis(2100));
        let opens = ["--key-file", "key", "--password-file", "password"];
        let (code, said) = run(&folder, &[&["verify", "s.html"], &opens[..]].concat());
        assert_eq!(code, 6, "{said}");
        assert!(said.contains("parts whole") && said.contains("error: the share expired"), "{said}");
        fails(&folder, &[&["inspect", "s.html"], &opens[..]].concat(), 6, "expired");
        fails(&folder, &[&["extract", "s.html", "-o", "back"], &opens[..]].concat(), 6, "expired");
        assert!(!folder.path().join("back").exists());
    }
}

#[test]
fn the_key_stands_where_it_was_asked_for_and_nowhere_else() {
    let (folder, report) =
        share("s.html", &["--encrypt", "--key-out", "key", "--link-out", "link", "--url", "https://h.example/"]);
    let key = fs::read_to_string(folder.path().join("key")).unwrap();
    assert_eq!(key.trim().len(), 43);
    assert!(!report.to_string().contains(key.trim()), "{report}");
    assert_eq!(report["link"], "https://h.example/s.html?v=1");
    assert_eq!(
        fs::read_to_string(folder.path().join("link")).unwrap(),
        format!("https://h.example/s.html?v=1#k={key}")
    );
    #[cfg(unix)]
    for name in ["key", "link"] {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    // Nothing is replaced by accident, and a refused run leaves no key behind.
    let example = example();
    let example = example.to_str().unwrap();
    fails(&folder, &["export", example, "-o", "t.html", "--encrypt", "--key-out", "key"], 1, "key");
    assert!(!folder.path().join("t.html").exists());
    fails(&folder, &["export", example, "-o", "s.html", "--encrypt", "--key-out", "new"], 1, "s.html");
    assert!(!folder.path().join("new").exists());
    fails(&folder, &["export", example, "-o", "u.html", "--key-out", "new"], 2, "without --encrypt");
    // The same key seals another share, under its own salts.
    assert_eq!(run(&folder, &["export", example, "-o", "v.html", "--key-file", "key", "-q"]).0, 0);
    assert_eq!(run(&folder, &["verify", "v.html", "--key-file", "key"]).0, 0);
    // The default name tells nothing.
    assert_eq!(run(&folder, &["export", example, "--encrypt", "-q"]).0, 0);
    let names: Vec<_> = files(folder.path()).into_iter().map(|(name, _)| name).collect();
    assert!(
        names.iter().any(|name| name.len() == 23 && name.starts_with("recording-") && name.ends_with(".html")),
        "{names:?}"
    );
}

/// Answers every request with this status and body; gives its address. Lives as long as the process.
fn server(status: u16, body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(&body).unwrap();
        }
    });
    format!("http://{address}/share")
}

#[test]
fn a_key_share_is_half_of_the_key() {
    let share_with = |url: &str, more: &[&str]| {
        share(
            "s.html",
            &[&["--encrypt", "--key-share", "half", "--key-share-url", url, "--link-out", "link"], more].concat(),
        )
        .0
    };
    let gone = server(404, Vec::new());
    let folder = share_with(&gone, &[]);
    let half = fs::read(folder.path().join("half")).unwrap();
    assert_eq!(half.len(), 32);
    assert_eq!(run(&folder, &["verify", "--link-file", "link", "--key-share", "half"]).0, 0);
    fails(&folder, &["verify", "--link-file", "link"], 5, "taken back");
    fs::write(folder.path().join("half"), [1; 32]).unwrap();
    fails(&folder, &["verify", "--link-file", "link", "--key-share", "half"], 7, "damaged");
    fs::write(folder.path().join("half"), [1; 31]).unwrap();
    fails(&folder, &["verify", "--link-file", "link", "--key-share", "half"], 2, "exactly 32 bytes");
    // The page asks its own place only; so do we.
    let link = fs::read_to_string(folder.path().join("link")).unwrap();
    let elsewhere = BASE64_URL_SAFE_NO_PAD.encode(server(200, half));
    let changed = format!("{}&s={elsewhere}", link.trim().split("&s=").next().unwrap());
    fails(&folder, &["verify", &changed], 7, "the link was changed");
    // Where it is there, it is fetched.
    let folder = share_with("http://127.0.0.1:9/x", &[]);
    let half = fs::read(folder.path().join("half")).unwrap();
    let place = server(200, half.clone());
    let origin = place.trim_end_matches("/share");
    let page = fs::read_to_string(folder.path().join("s.html")).unwrap();
    fs::write(folder.path().join("s.html"), page.replace("http://127.0.0.1:9", origin)).unwrap();
    let link = fs::read_to_string(folder.path().join("link")).unwrap();
    let changed = format!("{}&s={}", link.trim().split("&s=").next().unwrap(), BASE64_URL_SAFE_NO_PAD.encode(&place));
    assert_eq!(run(&folder, &["verify", &changed]), (0, "15 parts whole, page as this version writes it\n".into()));
    for url in ["http://keys.example/x", "ftp://127.0.0.1/x", "https://u:p@keys.example/"] {
        let args = ["export", ".", "-o", "u.html", "--key-share", "new", "--key-share-url", url];
        fails(&folder, &args, 2, "is no place for a key share");
    }
    assert!(!folder.path().join("new").exists());
}

#[test]
fn markup_in_the_place_of_an_origin_is_not_the_page_we_write() {
    let url = "https://keys.example/x";
    let options = ["--encrypt", "--key-out", "key", "--key-share", "half", "--key-share-url", url];
    let (folder, _) = share("s.html", &options);
    let opens = ["--key-file", "key", "--key-share", "half"];
    assert_eq!(run(&folder, &[&["verify", "s.html"], &opens[..]].concat()).0, 0);
    let page = fs::read_to_string(folder.path().join("s.html")).unwrap();
    for other in
        ["https://keys.example\"><form action=https://evil.example>", "https://keys.example https://evil.example"]
    {
        let changed =
            page.replacen("connect-src 'self' https://keys.example", &format!("connect-src 'self' {other}"), 1);
        assert_ne!(changed, page);
        fs::write(folder.path().join("changed.html"), changed).unwrap();
        fails(&folder, &[&["verify", "changed.html"], &opens[..]].concat(), 7, "the page around the recording");
    }
}

#[test]
fn outputs_never_destroy_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let example = example();
    fs::create_dir(folder.path().join("adir")).unwrap();
    let refused: [(&[&str], i32, &str); 6] = [
        (&["-o", "c.html", "--key-out", "./c.html", "--force"], 2, "written twice"),
        (&["-o", "c.html", "--key-out", "k", "--link-out", "k"], 2, "written twice"),
        (&["-o", "c", "--key-out", "c/key", "--force"], 2, "written twice"),
        (&["-o", "c.html", "--key-out", "adir", "--force"], 1, "is not a file"),
        (&["-o", "-"], 2, "nobody would learn the key"),
        (&["-o", "-", "--key-out", "k", "--link-out", "l"], 2, "no name to link to"),
    ];
    for (options, code, words) in refused {
        let args = [&["export", example.to_str().unwrap(), "--encrypt"], options].concat();
        fails(&folder, &args, code, words);
        let left: Vec<_> = files(folder.path()).into_iter().map(|(name, _)| name).collect();
        assert!(left.is_empty(), "{options:?} left {left:?}");
    }
    let done =
        sealcast(folder.path(), &["export", example.to_str().unwrap(), "--encrypt", "-o", "-", "--key-out", "k"]);
    assert!(done.status.success() && done.stdout.starts_with(b"<!doctype html>"));
}

#[test]
fn no_server_hears_of_a_link_that_cannot_be_opened() {
    let gone = server(404, Vec::new());
    let options = ["--encrypt", "--key-share", "half", "--key-share-url", &gone, "--link-out", "link"];
    let (folder, _) = share("s.html", &options);
    let link = fs::read_to_string(folder.path().join("link")).unwrap();
    let (place, fragment) = link.trim().split_once('#').unwrap();
    let half = fragment.split_once('&').unwrap().1;
    let other = BASE64_URL_SAFE_NO_PAD.encode([9; 32]);
    fails(&folder, &["verify", &format!("{place}#{half}")], 2, "its key is not given");
    fails(&folder, &["verify", &format!("{place}#k={other}&{half}")], 7, "key");
    fails(&folder, &["verify", link.trim()], 5, "taken back");
    // Without its place the link would lead nowhere.
    let key = fragment.split_once('&').unwrap().0;
    let args = ["link", &format!("{place}#{key}"), "--key-share", "half", "--url", "https://h.example/"];
    fails(&folder, &args, 2, "where the key share is");
}
