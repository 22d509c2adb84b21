//! Zip archives as inputs: what is in them is listed and unpacked with nothing believed of what they say.
//!
//! A format that needs a whole archive (a trace, say) takes it as any other file: its `sniff` and `read` look at
//! [`Source::archive`](super::source::Source), and its row in the table of importers comes before all that could
//! mistake it. An archive that no row takes is unpacked and treated as the folder it holds.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zip::read::{ZipArchiveMetadata, ZipFileEntry};
use zip::{ZipArchive, ZipReadOptions};

use super::bounded::{Bounded, RATIO};
use super::intake::{Unread, shown};
use crate::error::Error;
use crate::scratch::{self, Filled, ROOM, Scratch};

/// Entries an archive may have.
const ENTRIES: usize = 20_000;
/// Bytes its list of entries may have, names, comments and all: the list is held in memory.
const LIST: u64 = 5 << 20;
/// Bytes of a name, and folders in it.
const NAME: usize = 4096;
const LEVELS: usize = 32;
/// The bits of a Unix mode that tell files from all else, and a file's.
const KIND: u32 = 0o170_000;
const FILE: u32 = 0o100_000;

/// An archive whose list of entries was found harmless.
#[derive(Debug)]
pub(crate) struct Archive {
    path: PathBuf,
    /// The archive's name for people.
    name: String,
    list: Arc<ZipArchiveMetadata>,
    entries: Vec<Entry>,
}

/// A file in an archive.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its path below the archive's root, parted by `/`; no part is empty, `.` or `..`.
    pub(crate) name: String,
    /// Bytes it says to have.
    pub(crate) size: u64,
    packed: u64,
    /// Its place in the list.
    index: usize,
}

/// What is said where an archive is expected.
pub(super) const NONE: &str = "it is not a zip archive";

/// Whether a file begins as archives do, also one with nothing in it.
pub(super) fn is_archive(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

impl Archive {
    /// Lists an archive.
    ///
    /// # Errors
    /// [`Error::Refused`] when an entry is unsafe or there are too many; [`Unread::Skip`] when the list cannot be
    /// read.
    pub(crate) fn open(path: &Path, name: &str) -> Result<Self, Unread> {
        let file = File::open(path).map_err(Error::io("cannot read", path))?;
        let mut counted = Counted { inner: file, left: LIST };
        let list = ZipArchive::new(BufReader::new(&mut counted)).map(|zip| zip.metadata());
        let list = match list {
            Ok(list) => list,
            Err(_) if counted.left == 0 => return Err(refused(name, "has a list of files beyond all measure")),
            Err(error) => {
                return Err(Unread::Skip(format!("it is a damaged or cut zip archive ({error}); get it again, whole")));
            }
        };
        if list.len() > ENTRIES {
            return Err(refused(name, &format!("holds {} files; at most {ENTRIES} are read", list.len())));
        }
        if list.has_duplicate_names() {
            return Err(refused(name, "holds two files of the same name"));
        }
        let mut archive = Self { path: path.to_path_buf(), name: name.into(), list, entries: Vec::new() };
        archive.entries = archive.list_entries()?;
        Ok(archive)
    }

    fn list_entries(&self) -> Result<Vec<Entry>, Unread> {
        let mut entries = Vec::new();
        let mut names = HashSet::new();
        let mut sum = 0_u64;
        for index in 0..self.list.len() {
            let Ok(raw) = self.list.entry(index) else { continue };
            let Some(entry) = self.entry_of(&raw, index)? else { continue };
            sum = sum.saturating_add(entry.size);
            if sum > ROOM {
                return Err(refused(&self.name, &format!("unpacks to more than {} GiB", ROOM >> 30)));
            }
            if !names.insert(entry.name.clone()) {
                return Err(self.unsafe_entry(&entry.name, "is there twice"));
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    /// The entry of a record, or `None` for a folder.
    fn entry_of(&self, raw: &ZipFileEntry<'_>, index: usize) -> Result<Option<Entry>, Unread> {
        let name = match std::str::from_utf8(raw.name_raw()) {
            Ok(name) => name.to_owned(),
            Err(_) => raw
                .name()
                .map_or_else(|_| String::from_utf8_lossy(raw.name_raw()).into_owned(), std::borrow::Cow::into_owned),
        };
        let parts = match parts(&name) {
            Ok(parts) => parts.join("/"),
            Err(why) => return Err(self.unsafe_entry(&name, why)),
        };
        if raw.is_symlink() {
            return Err(self.unsafe_entry(&name, "is a symbolic link"));
        }
        if name.ends_with('/') {
            return Ok(None);
        }
        if raw.unix_mode().is_some_and(|mode| !matches!(mode & KIND, 0 | FILE)) {
            return Err(self.unsafe_entry(&name, "is neither a file nor a folder"));
        }
        if raw.encrypted() {
            let fact = format!("{} is encrypted", self.shown(&name));
            return Err(Error::refused(fact, "unpack the archive with its password and pass the folder").into());
        }
        Ok(Some(Entry { name: parts, size: raw.size(), packed: raw.compressed_size(), index }))
    }

    /// The files in it, in the order of its list.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The name of an entry for people.
    pub(crate) fn shown(&self, name: &str) -> String {
        format!("{}/{}", self.name, shown(name.as_ref()))
    }

    /// Reads an entry. Its reader gives what there is and no more than an entry of its packed size can honestly
    /// hold, whatever size it states.
    ///
    /// # Errors
    /// [`Error::Refused`] when it unpacks beyond measure; [`Unread::Skip`] when it is damaged or `read` fails.
    pub(crate) fn read<T>(
        &self,
        entry: &Entry,
        read: impl FnOnce(&mut dyn Read) -> io::Result<T>,
    ) -> Result<T, Unread> {
        let file = File::open(&self.path).map_err(Error::io("cannot read", &self.path))?;
        let mut file = BufReader::with_capacity(64 * 1024, file);
        let damaged = |error: &dyn std::fmt::Display| Unread::Skip(format!("it cannot be unpacked: {error}"));
        let raw = self.list.entry(entry.index).map_err(|error| damaged(&error))?;
        let inner = raw.with_reader(&mut file, ZipReadOptions::new()).map_err(|error| damaged(&error))?;
        let mut bounded = Bounded::new(inner, entry.packed);
        let result = read(&mut bounded);
        if bounded.burst() {
            let why = format!("unpacks to more than {RATIO} times its size");
            return Err(self.unsafe_entry(&entry.name, &why));
        }
        result.map_err(|error| match Error::io("cannot read", &self.path)(error) {
            Error::Interrupted => Unread::Fatal(Error::Interrupted),
            Error::Io { source, .. } => damaged(&source),
            other => Unread::Fatal(other),
        })
    }

    /// The beginning of an entry, for a look at what it is; empty when it cannot be read.
    pub(crate) fn head(&self, entry: &Entry, bytes: u64) -> Vec<u8> {
        let mut head = Vec::new();
        let read = self.read(entry, |reader| reader.take(bytes).read_to_end(&mut head));
        if read.is_err() {
            head.clear();
        }
        head
    }

    /// Unpacks an entry below a folder of the scratch, in folders of its own as its name says.
    ///
    /// # Errors
    /// As [`Archive::read`], and when the file cannot be written.
    pub(crate) fn unpack(&self, entry: &Entry, folder: &Path, scratch: &Scratch) -> Result<PathBuf, Unread> {
        let path = folder.join(&entry.name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| unwritable(error, parent))?;
        }
        // Names that differ only by case are one file on some systems.
        let mut out =
            OpenOptions::new().write(true).create_new(true).open(&path).map_err(|error| unwritable(error, &path))?;
        let filled = self.read(entry, |reader| match scratch.fill(reader, &mut out, &path) {
            Ok(Filled::Broken(error)) => Err(error),
            other => Ok(other),
        })?;
        match filled? {
            Filled::Full => {
                Err(self
                    .unsafe_entry(&entry.name, &format!("would unpack to more than {} GiB, with all else", ROOM >> 30)))
            }
            _ => Ok(path),
        }
    }

    fn unsafe_entry(&self, name: &str, why: &str) -> Unread {
        refused(&self.shown(name), why)
    }
}

fn refused(what: &str, why: &str) -> Unread {
    let hint = "do not unpack it by other means before you know who made it; pass the files of the recording instead";
    Error::refused(format!("{what} {why}"), hint).into()
}

/// A file that cannot be made by its name is left out; a disk that is full ends the run.
fn unwritable(error: io::Error, path: &Path) -> Unread {
    use io::ErrorKind::{AlreadyExists, InvalidFilename, InvalidInput, IsADirectory, NotADirectory};
    match error.kind() {
        AlreadyExists | InvalidFilename | InvalidInput | IsADirectory | NotADirectory => {
            Unread::Skip("no file can have its name beside the others".into())
        }
        _ => scratch::failed(path)(error).into(),
    }
}

/// The parts of an entry's name, or what is unsafe about it.
fn parts(name: &str) -> Result<Vec<&str>, &'static str> {
    let drive = |name: &str| matches!(name.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    if name.is_empty() || name.len() > NAME || name.contains('\0') {
        return Err("has no name that a file could have");
    }
    if name.contains('\\') {
        return Err("has a backslash in its name, which leads elsewhere on some systems");
    }
    if name.starts_with('/') || drive(name) {
        return Err("has an absolute path");
    }
    let parts: Vec<_> = name.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    match &parts[..] {
        parts if parts.contains(&"..") => Err("leads out of the archive"),
        parts if parts.len() > LEVELS => Err("lies too deep in folders"),
        [] if !name.ends_with('/') => Err("has no name that a file could have"),
        _ => Ok(parts),
    }
}

/// Ends with nothing left once a number of bytes has been read.
struct Counted<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.left = self.left.saturating_sub(count as u64);
        if self.left == 0 { Err(io::Error::other("too much of it")) } else { Ok(count) }
    }
}

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_known() {
        for name in ["", "/", "/etc/passwd", "../x", "a/../../x", "a/..", "c:x", "C:/x", "a\\b", "a\0b", ".", "./."] {
            assert!(parts(name).is_err() || name == "/", "{name:?}");
        }
        assert!(parts(&"a/".repeat(40)).is_err() && parts(&"a".repeat(5000)).is_err());
        assert_eq!(parts("a//./b c/ü.har"), Ok(vec!["a", "b c", "ü.har"]));
        assert_eq!(parts("a..b/...c"), Ok(vec!["a..b", "...c"]));
    }
}
