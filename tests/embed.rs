//! `sealcast embed`: the code, what is said of it, and what it does not do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

const URL: &str = "https://b.example/bug/";
const POPUPS: &str = "allow-popups allow-popups-to-escape-sandbox";

fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_sealcast")).current_dir(folder).args(args).output().unwrap();
    let [out, err] = [done.stdout, done.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (done.status.code().unwrap(), out, err)
}

/// A share of the example in a folder of its own.
fn share(out: &str, options: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("password"), "Schlüssel\n").unwrap();
    let example: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/checkout-bug");
    let (code, _, err) =
        run(folder.path(), &[&["export", example.to_str().unwrap(), "-o", out, "-q"], options].concat());
    assert_eq!(code, 0, "{err}");
    folder
}

fn embed(folder: &TempDir, args: &[&str]) -> (String, String) {
    let (code, out, err) = run(folder.path(), &[&["embed"], args].concat());
    assert_eq!(code, 0, "{err}");
    (out, err)
}

fn value<'c>(code: &'c str, attribute: &str) -> &'c str {
    let (_, rest) = code.split_once(&format!(" {attribute}=\"")).unwrap();
    rest.split('"').next().unwrap()
}

#[test]
fn stdout_has_the_code_alone_and_stderr_explains_each_attribute() {
    let folder = share("bug.html", &["--expires", "never"]);
    let options = ["--at", "1m30s", "--loop", "--no-controls", "--no-panels", "--theme", "dark", "--width", "640"];
    let (out, err) = embed(&folder, &[&["bug.html", "--url", URL], &options[..]].concat());
    assert_eq!(out.lines().count(), 1);
    assert!(out.starts_with("<iframe src=\"") && out.ends_with("></iframe>\n"), "{out}");
    let src =
        "https://b.example/bug/bug.html?v=1#t=90&amp;embed=1&amp;loop=1&amp;controls=0&amp;panels=0&amp;theme=dark";
    assert_eq!(value(&out, "src"), src);
    assert_eq!(value(&out, "title"), "Card payment fails after changing the country");
    assert_eq!(value(&out, "style"), "width:640px;max-width:100%;aspect-ratio:1280/720;border:0");
    assert_eq!(value(&out, "loading"), "lazy");
    assert_eq!(value(&out, "referrerpolicy"), "no-referrer");
    let names: Vec<_> = err.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, ["src", "title", "style", "loading", "allow", "sandbox", "referrerpolicy"], "{err}");
    assert!(!err.contains("warning"), "{err}");
}

#[test]
fn it_warns_with_the_date_when_the_share_expires() {
    let folder = share("bug.html", &["--expires", "7d"]);
    let (out, err) = embed(&folder, &["bug.html", "--url", URL, "--json"]);
    let object: Value = serde_json::from_str(&out).unwrap();
    let expires = object["expires_at"].as_str().unwrap();
    let warning = object["warnings"][0].as_str().unwrap();
    assert!(warning.contains(expires) && warning.contains("--expires never"), "{warning}");
    assert!(err.contains(&format!("warning: {warning}")), "{err}");
    assert!(
        object["embed_html"]
            .as_str()
            .unwrap()
            .starts_with("<iframe src=\"https://b.example/bug/bug.html?v=1#embed=1\"")
    );
    assert_eq!(object["link"], "https://b.example/bug/bug.html?v=1");
    assert_eq!(object["attributes"].as_object().unwrap().len(), 7);
}

#[test]
fn of_a_sealed_share_it_says_who_holds_the_key_and_shows_it_once() {
    let folder =
        share("bug.html", &["--encrypt", "--key-out", "key", "--password-file", "password", "--expires", "never"]);
    let args = ["bug.html", "--key-file", "key", "--password-file", "password", "--url", URL];
    let (out, err) = embed(&folder, &args);
    let key = fs::read_to_string(folder.path().join("key")).unwrap();
    assert!(value(&out, "src").contains(&format!("#k={}&amp;embed=1", key.trim())), "{out}");
    assert_eq!(value(&out, "title"), "Screen recording");
    assert_eq!(value(&out, "sandbox"), format!("allow-scripts allow-same-origin {POPUPS} allow-forms"));
    assert!(err.contains("holds its key") && err.contains("password in the frame"), "{err}");
    assert!(!err.contains(key.trim()), "{err}");
    let (out, _) = embed(&folder, &[&args[..], &["--json"]].concat());
    assert_eq!(out.matches(key.trim()).count(), 2, "in link and embed_html");
    let (code, _, err) = run(folder.path(), &["embed", "bug.html", "--url", URL]);
    assert_eq!((code, err.contains("hint: ")), (2, true), "{err}");
}

#[test]
fn a_title_is_never_markup() {
    let folder = share("bug.html", &["--title", "\"><script>alert(1)</script>"]);
    let (out, _) = embed(&folder, &["bug.html", "--url", URL]);
    assert_eq!(out.matches('<').count(), 2, "{out}");
    assert_eq!(value(&out, "title"), "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
}

#[test]
fn the_sandbox_follows_the_layout() {
    let whole = share("bug.html", &[]);
    let (out, _) = embed(&whole, &["bug.html", "--url", URL, "--isolated"]);
    assert_eq!(value(&out, "sandbox"), format!("allow-scripts {POPUPS}"));
    let beside = share("share", &[]);
    let (code, _, err) = run(beside.path(), &["embed", "share", "--url", URL, "--isolated"]);
    assert!(code == 2 && err.contains("--isolated"), "{err}");
    let (out, _) = embed(&beside, &["share", "--url", URL]);
    assert_eq!(value(&out, "sandbox"), format!("allow-scripts allow-same-origin {POPUPS}"));
    assert_eq!(value(&out, "src"), "https://b.example/bug/index.html?v=1#embed=1");
}

#[test]
fn autoplay_is_muted_and_says_so() {
    let folder = share("bug.html", &[]);
    let (out, err) = embed(&folder, &["bug.html", "--url", URL, "--autoplay"]);
    assert!(value(&out, "src").ends_with("&amp;autoplay=1&amp;muted=1"), "{out}");
    assert!(err.contains("without sound (muted=1)"), "{err}");
}

#[test]
fn what_a_frame_cannot_show_is_refused_or_said() {
    let folder = share("bug.zip", &[]);
    let (out, err) = embed(&folder, &["bug.zip", "--url", "http://b.example/bug/"]);
    assert!(value(&out, "src").starts_with("http://b.example/bug/index.html?v=1#"), "{out}");
    assert!(err.contains("no http page in the frame of an https page"), "{err}");
    for args in [&["--url", "https://b.example/bug.zip"][..], &["--url", "b.example"], &["--url", URL, "--at", "soon"]]
    {
        let (code, out, err) = run(folder.path(), &[&["embed", "bug.zip"], args].concat());
        assert!(code == 2 && out.is_empty() && err.contains("hint: "), "{args:?}: {err}");
    }
}
