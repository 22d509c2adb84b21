//! The files of a trace: entries of its archive, or those of a folder it was unpacked to.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use crate::error::Error;
use crate::import::archive::{Archive, Entry};
use crate::import::intake::{Intake, Unread};
use crate::import::source::Source;

/// Traces that one archive or folder may hold: one for the test, and one for each context.
const TRACES: usize = 200;

/// What an unpacked trace consists of.
const FOLDERS: [&str; 4] = ["resources", "screencast", "attachments", "src"];
const ENDINGS: [&str; 3] = ["trace", "network", "stacks"];
/// Files of it that are looked at.
const CLAIMED: usize = 100_000;

/// Where a trace's files are read from.
pub(super) enum Files<'a> {
    Archive { archive: &'a Archive, entries: HashMap<&'a str, &'a Entry> },
    Folder(PathBuf),
}

impl<'a> Files<'a> {
    /// The files around a source: those of the archive it is, or those beside the trace it is.
    pub(super) fn of(source: &'a Source) -> Result<Self, Unread> {
        let Some(archive) = source.archive() else {
            let folder = source.path.parent().filter(|folder| !folder.as_os_str().is_empty());
            return Ok(Self::Folder(folder.unwrap_or(Path::new(".")).to_path_buf()));
        };
        let first = archive.entries().iter().find(|entry| is_trace(archive, entry));
        let first = first.ok_or_else(|| Unread::Skip("it holds no trace".into()))?;
        let prefix = first.name.rfind('/').map_or("", |at| &first.name[..=at]).to_owned();
        let below = |entry: &'a Entry| entry.name.strip_prefix(&prefix).map(|name| (name, entry));
        Ok(Self::Archive { archive, entries: archive.entries().iter().filter_map(below).collect() })
    }

    /// The traces, those of the test before those of its browsers.
    pub(super) fn traces(&self) -> Result<Vec<String>, Error> {
        let mut names: Vec<String> = match self {
            Self::Archive { entries, .. } => entries.keys().map(|name| (*name).to_owned()).collect(),
            Self::Folder(folder) => {
                let entries = std::fs::read_dir(folder).map_err(Error::io("cannot read", folder))?;
                entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
            }
        };
        names.retain(|name| name.ends_with(".trace") && !name.contains('/'));
        names.sort_by_key(|name| (name != "test.trace", name.clone()));
        names.truncate(TRACES);
        Ok(names)
    }

    /// Keeps the files of an unpacked trace from being read for themselves.
    pub(super) fn claim(&self, intake: &mut Intake<'_>) {
        let Self::Folder(folder) = self else { return };
        let own = |entry: &walkdir::DirEntry| {
            let name = entry.file_name().to_string_lossy();
            let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
            entry.depth() != 1 || FOLDERS.contains(&&*name) || ENDINGS.contains(&ending)
        };
        for entry in walkdir::WalkDir::new(folder).max_depth(2).into_iter().filter_entry(own).flatten().take(CLAIMED) {
            if entry.file_type().is_file() {
                intake.is_new(entry.path());
            }
        }
    }

    /// How many bytes a file has; `None` when it is not there. Names come from the trace and may be anything.
    pub(super) fn size(&self, name: &str) -> Option<u64> {
        match self {
            Self::Archive { entries, .. } => entries.get(name).map(|entry| entry.size),
            Self::Folder(_) => self.path(name).and_then(|path| Some(path.metadata().ok()?.len())),
        }
    }

    /// A file's place in the folder, unless the name leads elsewhere.
    fn path(&self, name: &str) -> Option<PathBuf> {
        let Self::Folder(folder) = self else { return None };
        let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if !plain || name.contains(['\\', ':']) {
            return None;
        }
        let path = folder.join(name);
        let inside = path.canonicalize().ok()?.starts_with(folder.canonicalize().ok()?);
        (inside && path.is_file()).then_some(path)
    }

    /// Reads a file; `None` when it is not there or cannot be read.
    pub(super) fn read<T>(
        &self,
        name: &str,
        read: impl FnOnce(&mut dyn Read) -> io::Result<T>,
    ) -> Result<Option<T>, Error> {
        let done = match self {
            Self::Archive { archive, entries, .. } => match entries.get(name) {
                Some(entry) => archive.read(entry, read),
                None => return Ok(None),
            },
            Self::Folder(_) => {
                let Some(path) = self.path(name) else { return Ok(None) };
                let file = File::open(&path).map_err(Error::io("cannot read", &path))?;
                read(&mut BufReader::new(file)).map_err(|error| Error::io("cannot read", &path)(error).into())
            }
        };
        match done {
            Ok(value) => Ok(Some(value)),
            Err(Unread::Skip(_)) => Ok(None),
            Err(Unread::Fatal(error)) => Err(error),
        }
    }

    /// A whole file, if it has no more than so many bytes.
    pub(super) fn bytes(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>, Error> {
        let mut bytes = Vec::new();
        let read = self.read(name, |reader| reader.take(limit + 1).read_to_end(&mut bytes))?;
        Ok(read.filter(|_| bytes.len() as u64 <= limit).map(|_| bytes))
    }

    /// A file on disk: where it lies, or where it is unpacked to.
    pub(super) fn on_disk(&self, name: &str, intake: &Intake<'_>) -> Result<Option<PathBuf>, Error> {
        match self {
            Self::Folder(_) => Ok(self.path(name)),
            Self::Archive { archive, entries, .. } => {
                let Some(entry) = entries.get(name) else { return Ok(None) };
                let folder = intake.scratch().folder()?;
                match archive.unpack(entry, &folder, intake.scratch()) {
                    Ok(path) => Ok(Some(path)),
                    Err(Unread::Skip(_)) => Ok(None),
                    Err(Unread::Fatal(error)) => Err(error),
                }
            }
        }
    }
}

/// Whether an entry is a trace by its first line.
pub(super) fn is_trace(archive: &Archive, entry: &Entry) -> bool {
    entry.name.ends_with(".trace") && super::begins_trace(&archive.head(entry, 8 * 1024))
}
