//! A file to import: where it is, how it is shown, and how it begins.

use std::cell::OnceCell;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::archive::{self, Archive};
use super::bounded::{Bounded, RATIO};
use super::intake::{Unread, shown};
use super::ndjson::Kind;
use super::unwrap::{self, Wrapping};
use crate::error::Error;
use crate::scratch::{self, Filled, ROOM, Scratch};

/// Bytes looked at to tell what a file is.
const HEAD: u64 = 64 * 1024;

/// A file whose format is to be found, or known.
#[derive(Debug)]
pub(crate) struct Source {
    /// The file whose bytes are read: the input, or what it was unpacked to.
    pub(crate) path: PathBuf,
    /// The path in reports: as given, or below the archive it lies in.
    pub(crate) place: PathBuf,
    /// The same for people.
    pub(crate) name: String,
    pub(crate) size: u64,
    /// The beginning, without compression, byte order mark or JSONP call.
    pub(crate) head: Vec<u8>,
    /// Bytes before that in the file.
    start: u64,
    /// What it is wrapped in, until that is undone.
    wrapping: Option<Wrapping>,
    archive: Option<Archive>,
    /// Which kind of log it is, once that was asked.
    pub(super) kind: OnceCell<Option<Kind>>,
}

impl Source {
    /// Looks at how a file begins, and no further.
    pub(crate) fn peek(path: &Path) -> Result<Self, Unread> {
        let failed = || Error::io("cannot read", path);
        let meta = std::fs::metadata(path).map_err(failed())?;
        // A pipe would block, and can be read but once.
        if !meta.is_file() {
            return Err(Unread::Skip("it is not a regular file".into()));
        }
        let mut head = Vec::new();
        let mut file = File::open(path).map_err(failed())?;
        file.by_ref().take(HEAD).read_to_end(&mut head).map_err(failed())?;
        let wrapping = Wrapping::of(&head);
        if let Some(wrapping) = wrapping {
            file.seek(SeekFrom::Start(0)).map_err(failed())?;
            head = unwrap::beginning(wrapping.undo(file), HEAD);
        }
        Ok(Self { wrapping, ..Self::new(path, meta.len(), head) })
    }

    /// Opens a file to be read: what it is wrapped in is undone, and an archive is listed. The text says what of a
    /// wrapped file was lost.
    pub(super) fn open(path: &Path, place: &Path, scratch: &Scratch) -> Result<(Self, Option<String>), Unread> {
        let mut source = Self::peek(path)?;
        source.name = shown(place);
        source.place = place.to_path_buf();
        let mut lost = None;
        if let Some(wrapping) = source.wrapping.take() {
            lost = source.undo(wrapping, scratch)?;
        }
        if archive::is_archive(&source.head) {
            source.archive = Some(Archive::open(&source.path, &source.name)?);
        }
        Ok((source, lost))
    }

    /// A file of which this is known.
    pub(super) fn new(path: &Path, size: u64, mut head: Vec<u8>) -> Self {
        let start = unwrap::text_start(&head);
        head.drain(..start);
        Self {
            path: path.to_path_buf(),
            place: path.to_path_buf(),
            name: shown(path),
            size: size.saturating_sub(start as u64),
            head,
            start: start as u64,
            wrapping: None,
            archive: None,
            kind: OnceCell::new(),
        }
    }

    /// Writes what is in a wrapped file to one of the scratch, which takes its place: records are looked up in it
    /// again, and media are carried by path.
    fn undo(&mut self, wrapping: Wrapping, scratch: &Scratch) -> Result<Option<String>, Unread> {
        let file = File::open(&self.path).map_err(self.failed())?;
        let packed = file.metadata().map_err(self.failed())?.len();
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let name = [".gz", ".z"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name).to_owned();
        let folder = scratch.folder()?;
        let path = folder.join(name);
        let failed = || scratch::failed(&folder);
        let mut out = OpenOptions::new().write(true).create_new(true).open(&path).map_err(failed())?;
        let mut reader = Bounded::new(wrapping.undo(BufReader::new(file)), packed);
        let filled = scratch.fill(&mut reader, &mut out, &folder)?;
        let hint = "do not unpack it by other means before you know who made it";
        if wrapping.is_packed() && reader.burst() {
            let fact = format!("{} unpacks to more than {RATIO} times its size", self.name);
            return Err(Error::refused(fact, hint).into());
        }
        let lost = match filled {
            Filled::Whole => None,
            Filled::Full => {
                let fact = format!("{} would unpack to more than {} GiB, with all else", self.name, ROOM >> 30);
                return Err(Error::refused(fact, hint).into());
            }
            Filled::Broken(error) => match Error::io("cannot read", &self.path)(error) {
                Error::Io { source, .. } => Some(format!(
                    "{}: its compressed data is cut off or damaged ({source}); what comes before is used",
                    self.name
                )),
                other => return Err(other.into()),
            },
        };
        let size = out.metadata().map_err(failed())?.len();
        let (place, name) = (std::mem::take(&mut self.place), std::mem::take(&mut self.name));
        let head = unwrap::beginning(File::open(&path).map_err(failed())?, HEAD);
        *self = Self { place, name, ..Self::new(&path, size, head) };
        Ok(lost)
    }

    /// What is in it, when it is an archive.
    pub(crate) const fn archive(&self) -> Option<&Archive> {
        self.archive.as_ref()
    }

    /// Reads the file from its start.
    pub(crate) fn reader(&self) -> Result<BufReader<File>, Error> {
        let mut file = File::open(&self.path).map_err(self.failed())?;
        file.seek(SeekFrom::Start(self.start)).map_err(self.failed())?;
        Ok(BufReader::with_capacity(128 * 1024, file))
    }

    /// Reads a stretch of what the reader gives.
    pub(crate) fn stretch(&self, place: Range<u64>) -> Result<impl Read, Error> {
        let mut reader = self.reader()?;
        reader.seek(SeekFrom::Start(self.start.saturating_add(place.start))).map_err(self.failed())?;
        Ok(reader.take(place.end - place.start))
    }

    /// For `map_err` while reading.
    pub(crate) fn failed(&self) -> impl FnOnce(std::io::Error) -> Error + use<'_> {
        Error::io("cannot read", &self.place)
    }

    /// The file's name in lower case.
    pub(crate) fn file_name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default()
    }

    /// Whether the head is the whole file.
    pub(crate) const fn is_short(&self) -> bool {
        self.size <= self.head.len() as u64
    }
}
