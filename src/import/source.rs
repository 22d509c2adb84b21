//! A file to import: where it is, how it is shown, and how it begins.

use std::cell::OnceCell;
use std::fs::File;
use std::io::{BufReader, Read, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::intake::{Unread, shown};
use super::ndjson::Kind;
use crate::error::Error;

/// Bytes looked at to tell what a file is.
const HEAD: u64 = 64 * 1024;

/// A file whose format is to be found, or known.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    /// The path for people.
    pub(crate) name: String,
    pub(crate) size: u64,
    /// The beginning, without a byte order mark.
    pub(crate) head: Vec<u8>,
    /// Which kind of log it is, once that was asked.
    pub(super) kind: OnceCell<Option<Kind>>,
}

impl Source {
    /// Looks at a file.
    pub(crate) fn open(path: &Path) -> Result<Self, Unread> {
        let failed = || Error::io("cannot read", path);
        let meta = std::fs::metadata(path).map_err(failed())?;
        // A pipe would block, and can be read but once.
        if !meta.is_file() {
            return Err(Unread::Skip("it is not a regular file".into()));
        }
        let mut head = Vec::new();
        File::open(path).map_err(failed())?.take(HEAD).read_to_end(&mut head).map_err(failed())?;
        if head.starts_with(b"\xef\xbb\xbf") {
            head.drain(..3);
        }
        Ok(Self::new(path, meta.len(), head))
    }

    /// A file of which this is known.
    pub(super) fn new(path: &Path, size: u64, head: Vec<u8>) -> Self {
        Self { path: path.to_path_buf(), name: shown(path), size, head, kind: OnceCell::new() }
    }

    /// Reads the file from its start.
    pub(crate) fn reader(&self) -> Result<BufReader<File>, Error> {
        File::open(&self.path).map(|file| BufReader::with_capacity(128 * 1024, file)).map_err(self.failed())
    }

    /// Reads a stretch of the file.
    pub(crate) fn stretch(&self, place: Range<u64>) -> Result<impl Read, Error> {
        let mut reader = self.reader()?;
        reader.seek(SeekFrom::Start(place.start)).map_err(self.failed())?;
        Ok(reader.take(place.end - place.start))
    }

    /// For `map_err` while reading.
    pub(crate) fn failed(&self) -> impl FnOnce(std::io::Error) -> Error + use<'_> {
        Error::io("cannot read", &self.path)
    }

    /// The file's name in lower case.
    pub(crate) fn file_name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default()
    }

    /// Whether the head is the whole file.
    pub(crate) const fn is_short(&self) -> bool {
        self.size <= HEAD
    }
}
