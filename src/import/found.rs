//! Files that were found or named, each read as what it is, archives as the folders they hold.

use std::path::{Path, PathBuf};

use super::intake::{Intake, Unread, shown};
use super::source::Source;
use super::{archive, by_content, expand, gives, har, named_for, playwright, refusals, runs};
use crate::error::Error;

/// What is in the archives that documents and programs are, and whose pictures are no stills of a recording.
const DOCUMENTS: [&str; 4] =
    ["[Content_Types].xml", "META-INF/MANIFEST.MF", "META-INF/manifest.xml", "AndroidManifest.xml"];

/// Reads a file named by an option: as what it was named, or not at all.
pub(super) fn read_named(name: &'static str, path: &Path, intake: &mut Intake<'_>) -> Result<(), Error> {
    let result = intake.open(path).and_then(|source| match source.archive() {
        Some(_) if !gives(name, &source) => {
            let inner = only(name, &source, intake)?;
            intake.read(&inner, named_for(name, &inner))
        }
        _ => intake.read(&source, named_for(name, &source)),
    });
    match result {
        Ok(()) => Ok(()),
        Err(Unread::Fatal(error)) => Err(error),
        Err(Unread::Skip(why)) => {
            let make: fn(String, &'static str) -> Error = if intake.damaged { Error::refused } else { Error::input };
            let fact = format!("{} cannot be used for --{name}: {why}", shown(path));
            Err(make(fact, "check the file, or leave the option out"))
        }
    }
}

/// The one file of an archive that an option can mean.
fn only(name: &str, source: &Source, intake: &mut Intake<'_>) -> Result<Source, Unread> {
    let wanted = if name == "poster" { "image" } else { name };
    let mut found = Vec::new();
    for path in unpack(source, intake)? {
        let Ok(inner) = intake.open(&path) else { continue };
        if by_content(&inner).is_some_and(|importer| importer.name == wanted) {
            found.push(inner);
        }
    }
    match found.len() {
        0 => Err(Unread::Skip(format!("no file in the archive is of the format {wanted}"))),
        1 => Ok(found.remove(0)),
        count => {
            let list: Vec<_> = found.iter().map(|inner| &*inner.name).collect();
            Err(Error::input(
                format!("{} holds {count} files that --{name} could mean: {}", source.name, list.join(", ")),
                "unpack it and name one of them",
            )
            .into())
        }
    }
}

/// Reads files as what their content says they are. Of those that tell of the same, the one that knows more comes
/// first, and stays. Those that call others their own come before these, so that they are not read for themselves.
pub(super) fn read_all(files: Vec<PathBuf>, given: &[PathBuf], intake: &mut Intake<'_>) -> Result<(), Error> {
    let mut files = runs::choose(files, given, intake)?;
    files.sort_by_cached_key(|path| rank(path, intake));
    for path in files {
        if intake.is_new(&path) {
            read_found(&path, given, intake)?;
        }
    }
    Ok(())
}

/// The place of a file in the order of reading.
fn rank(path: &Path, intake: &mut Intake<'_>) -> u8 {
    let Ok(source) = Source::peek(path) else { return 6 };
    if archive::is_archive(&source.head) {
        // What else is in archives cannot be told before they are unpacked.
        let trace = intake.open(path).is_ok_and(|source| playwright::sniff(&source));
        return if trace { 0 } else { 2 };
    }
    match by_content(&source).map(|importer| importer.name) {
        Some("playwright") => 0,
        Some("cdp" | "bidi") => 1,
        _ if owns(&source) => 3,
        Some("har") => 4,
        Some("rrweb") => 5,
        _ => 6,
    }
}

/// Whether a file may call others its own: `intake.is_new` of their paths is how its importer does. A format that
/// gathers what lies in its folder joins here.
fn owns(source: &Source) -> bool {
    har::may_own_files(source)
}

/// Reads a file as what its content says it is, or reports why not. One that was found in a folder and cannot
/// be opened is no reason to stop.
fn read_found(path: &Path, given: &[PathBuf], intake: &mut Intake<'_>) -> Result<(), Error> {
    let mut format = "unknown";
    let opened = intake.open(path).map_err(|unread| match unread {
        Unread::Fatal(error @ Error::Io { .. }) if !given.iter().any(|given| given == path) => {
            Unread::Skip(error.to_string())
        }
        other => other,
    });
    let read = opened.and_then(|source| match by_content(&source) {
        Some(importer) => {
            format = importer.name;
            intake.read(&source, importer.read)
        }
        None if source.archive().is_some() => {
            if intake.is_unpacked(path) {
                return Err(Unread::Skip("it is an archive within an archive; unpack the outer one".into()));
            }
            let files = unpack(&source, intake)?;
            Ok(read_all(files, given, intake)?)
        }
        None => Err(Unread::Skip(refusals::reason(&source))),
    });
    match read {
        Err(Unread::Fatal(error)) => return Err(error),
        Err(Unread::Skip(why)) => intake.skipped(path, format, why),
        Ok(()) => {}
    }
    Ok(())
}

/// Unpacks an archive and gives the files of the folder it holds. Hidden files stay packed; what is damaged is left
/// out.
fn unpack(source: &Source, intake: &mut Intake<'_>) -> Result<Vec<PathBuf>, Unread> {
    let Some(archive) = source.archive() else { return Err(Unread::Skip(archive::NONE.into())) };
    if archive.entries().iter().any(|entry| DOCUMENTS.contains(&&*entry.name)) {
        return Err(Unread::Skip("it is a document or a program in a zip archive".into()));
    }
    let root = intake.scratch().folder()?;
    intake.stands_for(&root, &source.place);
    for entry in archive.entries() {
        if entry.name.split('/').any(|part| expand::is_ignored(part.as_ref())) {
            continue;
        }
        match archive.unpack(entry, &root, intake.scratch()) {
            Ok(_) => {}
            Err(Unread::Skip(why)) => {
                // What came out before the damage is not told from a whole file later.
                let path = root.join(&entry.name);
                let _ = std::fs::remove_file(&path);
                intake.warn(format!("{} was left out: {why}", archive.shown(&entry.name)));
                intake.skipped(&path, "unknown", why);
            }
            Err(fatal) => return Err(fatal),
        }
    }
    let folder = innermost(root);
    if expand::is_share(&folder) {
        return Err(Unread::Skip(refusals::SHARE.into()));
    }
    let mut files = Vec::new();
    expand::folder_files(&folder, &mut files, intake)?;
    if files.is_empty() {
        return Err(Unread::Skip("the archive is empty, or holds nothing that is looked at".into()));
    }
    Ok(files)
}

/// Archives mostly hold one folder that holds the rest.
fn innermost(mut folder: PathBuf) -> PathBuf {
    while let Ok(entries) = std::fs::read_dir(&folder) {
        let mut entries = entries.flatten();
        match (entries.next(), entries.next()) {
            (Some(only), None) if only.file_type().is_ok_and(|kind| kind.is_dir()) => folder = only.path(),
            _ => break,
        }
    }
    folder
}
