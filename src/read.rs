//! Opens a share again: finds header, blocks and end in the page, and reads parts at random.

mod archive;
mod events;
mod scan;

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use zip::ZipArchive;

use crate::error::Error;
use crate::event::Stream;
use crate::header::{Header, HeaderError};
use crate::layout::DATA_BLOCK_BYTES;
use crate::manifest::{Manifest, StreamParts};
pub use events::{Events, ReadEvent};
use events::{StreamReader, unpack_all};
use scan::{DataBlock, Scan};

/// Bytes a manifest may have.
const MANIFEST_LIMIT: u64 = 64 * 1024 * 1024;
/// A share, open for reading.
#[derive(Debug)]
#[non_exhaustive]
pub struct Opened {
    /// Its header.
    pub header: Header,
    /// Its manifest.
    pub manifest: Manifest,
    /// Id, length and CRC-32 of every part, the manifest being 0.
    pub end: Vec<(u32, u64, u32)>,
    page: PathBuf,
    file: File,
    blocks: HashMap<u32, Vec<DataBlock>>,
    around: Vec<u8>,
    beside: Beside,
}

/// Where the parts that are files lie.
#[derive(Debug)]
enum Beside {
    /// In the page's folder.
    Folder(PathBuf),
    /// In the archive that holds the page too.
    Archive(RefCell<ZipArchive<File>>),
}

#[derive(Deserialize)]
struct End {
    parts: Vec<(u32, u64, u32)>,
}

impl Opened {
    /// Opens an HTML file, or a folder with an `index.html`.
    ///
    /// # Errors
    /// When it cannot be read, is no share, is of a newer version, or is damaged.
    pub fn open(target: &Path) -> Result<Self, Error> {
        let page = if target.is_dir() { target.join("index.html") } else { target.to_path_buf() };
        let mut file = File::open(&page).map_err(Error::io("cannot open", &page))?;
        let mut beside = Beside::Folder(page.parent().unwrap_or_else(|| Path::new("")).to_path_buf());
        if archive::is_archive(&mut file).map_err(Error::io("cannot read", &page))? {
            let (unpacked, archive) = archive::open(file, &page)?;
            file = unpacked;
            beside = Beside::Archive(RefCell::new(archive));
        }
        let scan = Scan::of(&page, &file)?;
        let not_a_share = || {
            Error::input(
                format!("{} is not a share made by sealcast", target.display()),
                "name the HTML file or the folder that sealcast export wrote",
            )
        };
        if scan.around.starts_with(b"<!doctype html>\r\n") {
            return Err(damaged("its line ends were changed on the way"));
        }
        let header = parse_header(&scan.header.ok_or_else(not_a_share)?)?;
        if scan.twice {
            return Err(damaged("it has two headers or two ends"));
        }
        if header.is_sealed() {
            return Err(Error::input("the share is sealed", "open it in a browser with its whole link"));
        }
        let end = scan.end.ok_or_else(|| damaged("its end is missing: the file was cut short"))?;
        let End { parts } = serde_json::from_str(&end).map_err(|_| damaged("its end block is not readable"))?;
        let mut opened = Self {
            header,
            manifest: Manifest::default(),
            end: parts,
            page,
            file,
            blocks: scan.blocks,
            around: scan.around,
            beside,
        };
        let length = opened.length(0)?;
        if length > MANIFEST_LIMIT {
            return Err(damaged("its manifest is too large to be one"));
        }
        let manifest = opened.read(0, 0, length)?;
        opened.manifest = serde_json::from_slice(&manifest).map_err(|_| damaged("its manifest is not readable"))?;
        opened.check_parts()?;
        Ok(opened)
    }

    /// The page's file name.
    #[must_use]
    pub fn page_name(&self) -> String {
        self.page.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Whether manifest, end block and data blocks speak of the same parts and lengths.
    fn check_parts(&self) -> Result<(), Error> {
        let listed =
            std::iter::once((0, self.length(0)?)).chain(self.manifest.parts.iter().map(|part| (part.id, part.length)));
        if !listed.eq(self.end.iter().map(|entry| (entry.0, entry.1))) {
            return Err(damaged("its manifest and its end list different parts"));
        }
        let inline = |id: &u32| self.manifest.parts.iter().all(|part| part.id != *id || part.file.is_none());
        if self.blocks.keys().any(|id| !inline(id) || !self.end.iter().any(|entry| entry.0 == *id)) {
            return Err(damaged("it has a data block of no part"));
        }
        self.end.iter().filter(|entry| inline(&entry.0)).try_for_each(|entry| self.check_carrier(entry.0))
    }

    /// Everything of the page outside its data blocks.
    #[must_use]
    pub fn around(&self) -> &[u8] {
        &self.around
    }

    /// Whether a part's carrier holds as many bytes as the end block says, no more and no fewer.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it does not.
    pub fn check_carrier(&self, part: u32) -> Result<(), Error> {
        let length = self.length(part)?;
        let entry = self.manifest.parts.iter().find(|entry| entry.id == part);
        let held = match entry.and_then(|entry| entry.file.as_ref()) {
            Some(name) => self.file_length(name)?,
            None => self.inline_length(part)?,
        };
        if held == length { Ok(()) } else { Err(damaged(&format!("part {part} has {held} bytes instead of {length}"))) }
    }

    fn inline_length(&self, part: u32) -> Result<u64, Error> {
        let blocks = self.blocks.get(&part).map_or(&[][..], Vec::as_slice);
        let last = blocks.last().ok_or_else(|| damaged(&format!("part {part} is missing")))?;
        let text = read_at(&mut &self.file, last.offset, last.length).map_err(Error::io("cannot read", &self.page))?;
        let raw =
            BASE64_STANDARD.decode(text).map_err(|_| damaged(&format!("part {part} has a damaged data block")))?;
        let full = DATA_BLOCK_BYTES as u64;
        let whole = blocks.iter().rev().skip(1).all(|block| block.length == full / 3 * 4);
        if !whole || raw.len() as u64 > full {
            return Err(damaged(&format!("part {part} has a data block of another size")));
        }
        Ok((blocks.len() as u64 - 1) * full + raw.len() as u64)
    }

    /// Length of a part in bytes.
    ///
    /// # Errors
    /// When there is no such part.
    pub fn length(&self, part: u32) -> Result<u64, Error> {
        let entry = self.end.iter().find(|entry| entry.0 == part);
        entry.map(|entry| entry.1).ok_or_else(|| damaged(&format!("part {part} is missing")))
    }

    /// Reads a stretch of a part.
    ///
    /// # Errors
    /// When it reaches past the part, or the file cannot be read.
    pub fn read(&self, part: u32, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
        let whole = self.length(part)?;
        if offset.checked_add(length).is_none_or(|end| end > whole) {
            return Err(damaged(&format!("part {part} is shorter than the index says")));
        }
        let entry = self.manifest.parts.iter().find(|entry| entry.id == part);
        match entry.and_then(|entry| entry.file.as_ref()) {
            Some(name) => self.read_file(name, offset, length),
            None => self.read_inline(part, offset, length),
        }
    }

    fn read_file(&self, name: &str, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
        let inside = Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if !inside || name.contains('\\') {
            return Err(damaged(&format!("it names a file outside its folder: {name}")));
        }
        match &self.beside {
            Beside::Folder(folder) => {
                let path = folder.join(name);
                let mut file = File::open(&path).map_err(Error::io("cannot open", &path))?;
                read_at(&mut file, offset, length).map_err(Error::io("cannot read", &path))
            }
            Beside::Archive(archive) => {
                let mut archive = archive.borrow_mut();
                let mut entry =
                    archive.by_name_seek(name).map_err(|_| damaged(&format!("it lacks the file {name}")))?;
                read_at(&mut entry, offset, length).map_err(Error::io("cannot read", &self.page))
            }
        }
    }

    fn file_length(&self, name: &str) -> Result<u64, Error> {
        match &self.beside {
            Beside::Folder(folder) => {
                let path = folder.join(name);
                std::fs::metadata(&path).map(|data| data.len()).map_err(Error::io("cannot read", &path))
            }
            Beside::Archive(archive) => {
                let mut archive = archive.borrow_mut();
                let entry = archive.by_name_seek(name).map_err(|_| damaged(&format!("it lacks the file {name}")))?;
                Ok(entry.size())
            }
        }
    }

    fn read_inline(&self, part: u32, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
        let blocks = self.blocks.get(&part).map_or(&[][..], Vec::as_slice);
        let size = DATA_BLOCK_BYTES as u64;
        let mut bytes = Vec::new();
        let mut position = offset;
        while position < offset + length {
            let block = usize::try_from(position / size).ok().and_then(|place| blocks.get(place));
            let block = block.ok_or_else(|| damaged(&format!("part {part} lacks a data block")))?;
            let text =
                read_at(&mut &self.file, block.offset, block.length).map_err(Error::io("cannot read", &self.page))?;
            let raw =
                BASE64_STANDARD.decode(text).map_err(|_| damaged(&format!("part {part} has a damaged data block")))?;
            let from = usize::try_from(position % size).unwrap_or(usize::MAX);
            let wanted = usize::try_from(offset + length - position).unwrap_or(usize::MAX);
            let slice = raw.get(from..).filter(|slice| !slice.is_empty());
            let slice = slice.ok_or_else(|| damaged(&format!("part {part} has a short data block")))?;
            let slice = &slice[..slice.len().min(wanted)];
            bytes.extend_from_slice(slice);
            position += slice.len() as u64;
        }
        Ok(bytes)
    }

    /// The parts of a stream, when it has events.
    #[must_use]
    pub fn stream(&self, stream: Stream) -> Option<&StreamParts> {
        self.manifest.streams.get(stream)
    }

    /// Reads events in the order of time.
    ///
    /// # Errors
    /// When an index is damaged.
    pub fn events(&self) -> Result<Events<'_>, Error> {
        let order = match &self.manifest.order {
            Some(order) => unpack_all(self, order.part, &order.blocks)?,
            None => Vec::new(),
        };
        if self.manifest.order.as_ref().is_some_and(|listed| listed.count != order.len() as u64) {
            return Err(damaged("its order has another length than the manifest says"));
        }
        let mut streams = Vec::new();
        for stream in Stream::ALL {
            streams.push(self.stream(stream).map(|parts| StreamReader::new(self, parts.clone())).transpose()?);
        }
        Ok(Events { order, next: 0, streams })
    }
}

fn damaged(fact: &str) -> Error {
    Error::damaged(format!("the share is damaged: {fact}"), "get it again from whoever made it, or export it anew")
}

fn parse_header(text: &str) -> Result<Header, Error> {
    Header::parse(text).map_err(|error| match error {
        HeaderError::Newer(version) => Error::input(
            format!("the share has format version {version}, made by a newer sealcast"),
            "update sealcast and try again",
        ),
        HeaderError::UnknownSuite(suite) => Error::input(
            format!("the share is sealed in a way this sealcast does not know ({suite:?})"),
            "update sealcast and try again",
        ),
        HeaderError::Iterations(_) | HeaderError::NotCanonical => damaged("its header was changed"),
    })
}

fn read_at(file: &mut (impl Read + Seek), offset: u64, length: u64) -> std::io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
}
