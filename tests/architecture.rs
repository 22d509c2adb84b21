//! Holds ARCHITECTURE.md's borders: what may not be named where.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder with this ending.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    walkdir::WalkDir::new(root().join(folder))
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file() && path.to_string_lossy().ends_with(ending))
        .collect()
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

/// A file's lines outside its tests and comments.
fn code(path: &Path) -> Vec<String> {
    let text = text(path);
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
    let comment = |line: &str| ["//", "*", "/*"].iter().any(|mark| line.trim_start().starts_with(mark));
    code.lines().filter(|line| !comment(line)).map(str::to_owned).collect()
}

fn assert_absent(paths: &[PathBuf], words: &[&str]) {
    for path in paths {
        for line in code(path) {
            for word in words {
                assert!(!line.contains(word), "{} names {word}: {line}", path.display());
            }
        }
    }
}

#[test]
fn the_core_knows_no_foreign_format_no_template_and_no_command_line() {
    let core = [
        "recording",
        "event",
        "sink",
        "sink/spool",
        "walk",
        "limits",
        "manifest",
        "blocks",
        "marks",
        "header",
        "redact",
    ];
    let core: Vec<_> = core.iter().map(|name| root().join(format!("src/{name}.rs"))).collect();
    assert_absent(
        &core,
        &["clap", "minijinja", "crate::cli", "crate::cmd", "crate::import", "crate::layout", "crate::page"],
    );
}

#[test]
fn the_library_never_prints_or_exits() {
    let mut library = files("src", ".rs");
    // Neither the program nor what cargo runs before it is part of the library.
    library.retain(|path| !path.ends_with("main.rs") && !path.ends_with("build.rs"));
    assert_absent(&library, &["println!", "eprintln!", "print!(", "process::exit"]);
    // A page that goes to stdout is a result, written where every page is written.
    library.retain(|path| !path.starts_with(root().join("src/cmd")) && !path.ends_with("layout/html.rs"));
    assert_absent(&library, &["io::stdout", "io::stderr"]);
}

#[test]
fn the_player_makes_no_markup_of_strings_and_names_no_address() {
    let mut scripts = files("assets", ".js");
    assert!(!scripts.is_empty());
    let words = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc"];
    assert_absent(&scripts, &words);
    // The place of a key share may be on this very computer.
    let mut elsewhere = scripts.clone();
    elsewhere.retain(|path| !path.ends_with("share.js"));
    assert_absent(&elsewhere, &["localhost"]);
    scripts.retain(|path| !path.ends_with("dom.js"));
    for path in &scripts {
        for line in code(path) {
            let address = ["http://", "https://"].iter().any(|scheme| {
                line.split(scheme).skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
            });
            assert!(!address, "{} names an address: {line}", path.display());
        }
    }
}

#[test]
fn deciding_modules_touch_no_dom() {
    let deciding = [
        "header",
        "expiry",
        "fragment",
        "time",
        "query",
        "shapes",
        "sieve",
        "scan",
        "failure",
        "base64",
        "crc32",
        "order",
        "format",
        "ansi",
        "curl",
        "body",
        "diff",
        "json",
        "sort",
        "cobblestone",
        "schedule",
        "unlock",
        "pieces",
        "range",
        "sync",
        "vtt",
        "transcript",
        "messages",
        "link",
    ];
    let deciding: Vec<_> = deciding.iter().map(|name| root().join(format!("assets/player/{name}.js"))).collect();
    assert_absent(&deciding, &["document.", "window.", "createElement", "./dom.js"]);
}

#[test]
fn files_can_be_seen_at_once() {
    let mut paths = files("src", ".rs");
    paths.extend(files("assets", ".js"));
    paths.extend(files("assets", ".css"));
    paths.extend(files("examples", ".mjs"));
    // A table of words grows with the page.
    paths.retain(|path| !path.ends_with("labels.js"));
    for path in paths {
        let lines = text(&path).lines().count();
        assert!(lines <= 400, "{} has {lines} lines", path.display());
    }
}
