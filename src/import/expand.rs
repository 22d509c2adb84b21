//! From the inputs on the command line to the files to look at.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::intake::{Intake, shown};
use super::source::Source;
use super::{folder, refusals};
use crate::error::Error;

/// Folders below the one named that are looked into.
const DEPTH: usize = 3;
/// Files one folder may hold.
const FILES: usize = 20_000;

/// Every file the inputs stand for, in a fixed order. A recording folder stands for its `recording.json`.
pub(super) fn expand(inputs: &[PathBuf], intake: &mut Intake<'_>) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for input in inputs {
        let meta = std::fs::metadata(input).map_err(Error::io("cannot read", input))?;
        if !meta.is_dir() {
            files.push(input.clone());
            continue;
        }
        if is_share(input) {
            intake.skipped(input, "unknown", refusals::SHARE);
            continue;
        }
        let before = files.len();
        folder_files(input, &mut files, intake)?;
        if files.len() == before && !intake.recording.inputs.iter().any(|report| report.skipped.is_some()) {
            let held = if intake.shares { "hidden files and shares" } else { "hidden files" };
            intake.skipped(input, "unknown", format!("the folder is empty, or holds only {held}"));
        }
    }
    Ok(files)
}

/// The files of a folder, or its description when it has one.
pub(super) fn folder_files(root: &Path, files: &mut Vec<PathBuf>, intake: &mut Intake<'_>) -> Result<(), Error> {
    match description(root) {
        Some(description) => files.push(description),
        None => below(root, files, intake)?,
    }
    Ok(())
}

/// The files below a folder: not those hidden, not those of tools, none outside.
pub(super) fn below(root: &Path, files: &mut Vec<PathBuf>, intake: &mut Intake<'_>) -> Result<(), Error> {
    let inside = root.canonicalize().map_err(Error::io("cannot read", root))?;
    let mut walk = WalkDir::new(root).max_depth(DEPTH).sort_by_file_name().into_iter();
    let first = files.len();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                intake.skipped(error.path().unwrap_or(root), "unknown", "it cannot be read");
                continue;
            }
        };
        let ignored = entry.depth() > 0 && is_ignored(entry.file_name());
        if entry.file_type().is_dir() {
            let found = description(entry.path()).filter(|_| !ignored);
            let share = entry.depth() > 0 && !ignored && is_share(entry.path());
            intake.shares |= share;
            if entry.depth() > 0 && (ignored || found.is_some() || share) {
                walk.skip_current_dir();
                files.extend(found);
            } else if entry.depth() == DEPTH {
                let why =
                    format!("it lies {DEPTH} folders deep, and is not looked into: pass it, or a folder nearer to it");
                intake.skipped(entry.path(), "unknown", why);
            }
        } else if !ignored && is_wanted(&entry, &inside, intake)? {
            files.push(entry.into_path());
        }
        if files.len() - first > FILES {
            return Err(Error::input(
                format!("{} holds more than {FILES} files", shown(root)),
                "pass the files of the recording, or a folder with nothing else in it",
            ));
        }
    }
    Ok(())
}

/// The `recording.json` that makes a folder a recording folder.
fn description(folder: &Path) -> Option<PathBuf> {
    let path = folder.join("recording.json");
    Source::peek(&path).is_ok_and(|source| folder::sniff(&source)).then_some(path)
}

pub(super) fn is_ignored(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
        || ["node_modules", "Thumbs.db", "desktop.ini", "__MACOSX"].iter().any(|ignored| name == *ignored)
}

/// Whether a folder is a share that sealcast wrote.
pub(super) fn is_share(folder: &Path) -> bool {
    Source::peek(&folder.join("index.html")).is_ok_and(|page| refusals::is_share(&page))
}

/// Whether a file of a folder is to be looked at. A link is not followed; one that leads out ends the run.
fn is_wanted(entry: &DirEntry, inside: &Path, intake: &mut Intake<'_>) -> Result<bool, Error> {
    let path = entry.path();
    if !entry.path_is_symlink() {
        let share = Source::peek(path).is_ok_and(|page| refusals::is_share(&page));
        intake.shares |= share;
        return Ok(!share);
    }
    match path.canonicalize() {
        Ok(target) if target.starts_with(inside) => {}
        Ok(_) => return Err(leads_out(path)),
        Err(_) => intake.skipped(path, "unknown", "it is a link to nothing"),
    }
    Ok(false)
}

/// The refusal of a link or path that leaves its folder.
pub(super) fn leads_out(path: &Path) -> Error {
    Error::refused(
        format!("{} leads out of its folder", shown(path)),
        "copy the file it points to into the folder, or pass that file itself",
    )
}
