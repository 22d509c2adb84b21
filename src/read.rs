//! Opens a share again: finds header, blocks and end in the page, and reads parts at random.

mod archive;
mod beside;
mod carrier;
mod events;
mod pieces;
mod scan;
mod source;

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use serde::Deserialize;

use crate::error::Error;
use crate::event::Stream;
use crate::header::{Header, HeaderError};
use crate::layout::WORKER;
use crate::manifest::{Manifest, PartEntry, StreamParts};
use crate::seal::{Checks, Commitment, OpenError, Opener, Root, Secrets, sealed_len, unlock};
use beside::Beside;
use carrier::{Carried, Carriers};
pub use events::{Events, ReadEvent};
use events::{StreamReader, unpack_all};
use pieces::Pieces;
use scan::Scan;
pub use source::Source;

/// Bytes of a service worker that are read: more than any has.
const WORKER_LIMIT: u64 = 1024 * 1024;
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
    carriers: Rc<Carriers>,
    around: Vec<u8>,
    checks: Option<Checks>,
    root: Option<Root>,
    /// Sealed parts that were read from, by id.
    openers: RefCell<HashMap<u32, Opener<Carried>>>,
}

#[derive(Deserialize)]
struct End {
    parts: Vec<(u32, u64, u32)>,
}

impl Opened {
    /// Opens a share. A sealed one is opened with the secrets; it must not have expired at `now`, in seconds since
    /// 1970, when that is given.
    ///
    /// # Errors
    /// When it is no share, is of a newer version, is sealed for other secrets, has expired, or is damaged.
    pub fn open(source: Source, secrets: &Secrets<'_>, now: Option<u64>) -> Result<Self, Error> {
        let Source { named, page, file, beside, scan } = source;
        let (header, checks) = head(&scan, &named)?;
        let root = checks.as_ref().map(|checks| unlock(&header, checks, secrets, now)).transpose()?;
        let end = scan.end.ok_or_else(|| damaged("its end is missing: the file was cut short"))?;
        let End { parts: end } = serde_json::from_str(&end).map_err(|_| damaged("its end block is not readable"))?;
        let (files, last) = (HashMap::new(), RefCell::new(None));
        let carriers = Carriers { page, file, blocks: scan.blocks, beside, end, files, last };
        let mut opened = Self {
            header,
            manifest: Manifest::default(),
            carriers: Rc::new(carriers),
            around: scan.around,
            checks,
            root,
            openers: RefCell::default(),
        };
        opened.read_manifest()?;
        Ok(opened)
    }

    fn read_manifest(&mut self) -> Result<(), Error> {
        let length = self.length(0)?;
        if length > MANIFEST_LIMIT {
            return Err(damaged("its manifest is too large to be one"));
        }
        let manifest = self.read(0, 0, length)?;
        self.manifest = serde_json::from_slice(&manifest).map_err(|_| damaged("its manifest is not readable"))?;
        // The opener of the manifest goes, so that the carriers are free to learn of the files.
        self.openers.borrow_mut().clear();
        self.check_parts(length)?;
        let mut files = HashMap::new();
        for entry in &self.manifest.parts {
            files.extend(Pieces::of(entry, self.carriers.length(entry.id)?)?.map(|pieces| (entry.id, pieces)));
        }
        Rc::get_mut(&mut self.carriers).ok_or_else(|| damaged("its manifest is in use"))?.files = files;
        self.check_inline()
    }

    /// Id, carried length and CRC-32 of every part, the manifest being 0.
    #[must_use]
    pub fn end(&self) -> &[(u32, u64, u32)] {
        &self.carriers.end
    }

    /// The checks of a sealed share.
    #[must_use]
    pub const fn checks(&self) -> Option<&Checks> {
        self.checks.as_ref()
    }

    /// Reads a stretch of a part as it is carried.
    ///
    /// # Errors
    /// When it reaches past the part, or the file cannot be read.
    pub fn read_carried(&self, part: u32, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
        self.carriers.read(part, offset, length)
    }

    /// Whether a part's carrier holds as many bytes as the end block says, no more and no fewer.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it does not.
    pub fn check_carrier(&self, part: u32) -> Result<(), Error> {
        self.carriers.check(part)
    }

    /// Length of a part in bytes, once opened.
    ///
    /// # Errors
    /// When there is no such part, or it is not authentic.
    pub fn length(&self, part: u32) -> Result<u64, Error> {
        if self.root.is_none() {
            return self.carriers.length(part);
        }
        self.with_opener(part, |opener| Ok(opener.len()))
    }

    /// Reads a stretch of a part, opened.
    ///
    /// # Errors
    /// When it reaches past the part, is not authentic, or the file cannot be read.
    pub fn read(&self, part: u32, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
        if self.root.is_none() {
            return self.carriers.read(part, offset, length);
        }
        self.with_opener(part, |opener| {
            if offset.checked_add(length).is_none_or(|end| end > opener.len()) {
                return Err(damaged(&format!("part {part} is shorter than the index says")));
            }
            let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
            opener.read_at(offset, &mut bytes).map_err(|error| self.failed(error))?;
            Ok(bytes)
        })
    }

    /// Does something with the opener of a sealed part.
    fn with_opener<T>(
        &self,
        part: u32,
        then: impl FnOnce(&mut Opener<Carried>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut openers = self.openers.borrow_mut();
        let opener = match openers.entry(part) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(self.opener(part)?),
        };
        then(opener)
    }

    fn opener(&self, part: u32) -> Result<Opener<Carried>, Error> {
        let root = self.root.as_ref().ok_or_else(|| damaged("it is not sealed"))?;
        let source = Carried::new(&self.carriers, part)?;
        if part == 0 {
            return root.open_manifest(source).map_err(|error| self.failed(error));
        }
        let entry = self.manifest.parts.iter().find(|entry| entry.id == part);
        let commitment = entry.and_then(|entry| Commitment::parse(entry.commitment.as_ref()?));
        let commitment = commitment.ok_or_else(|| damaged(&format!("its manifest does not name part {part}")))?;
        root.open_part(part, commitment, source).map_err(|error| self.failed(error))
    }

    /// An error of a carrier comes out as it was; anything else is said of the page.
    fn failed(&self, error: OpenError) -> Error {
        let error = std::io::Error::from(error);
        match error.downcast::<Error>() {
            Ok(error) => error,
            Err(error) => Error::io("cannot read", &self.carriers.page)(error),
        }
    }

    /// The page's file name.
    #[must_use]
    pub fn page_name(&self) -> String {
        self.carriers.page.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Whether manifest and end block speak of the same parts and lengths, that of the manifest given.
    fn check_parts(&self, manifest: u64) -> Result<(), Error> {
        let carried = |length| if self.root.is_some() { sealed_len(length) } else { Some(length) };
        let parts = self.manifest.parts.iter().map(|part| (part.id, carried(part.length)));
        let listed = std::iter::once((0, carried(manifest))).chain(parts);
        if !listed.eq(self.end().iter().map(|entry| (entry.0, Some(entry.1)))) {
            return Err(damaged("its manifest and its end list different parts"));
        }
        Ok(())
    }

    /// Whether the data blocks are those of the parts that are not files.
    fn check_inline(&self) -> Result<(), Error> {
        let inline = |id: &u32| !self.carriers.files.contains_key(id);
        if self.carriers.blocks.keys().any(|id| !inline(id) || !self.end().iter().any(|entry| entry.0 == *id)) {
            return Err(damaged("it has a data block of no part"));
        }
        self.end().iter().filter(|entry| inline(&entry.0)).try_for_each(|entry| self.check_carrier(entry.0))
    }

    /// The service worker that lies beside the page, where one is needed.
    ///
    /// # Errors
    /// When it is needed and cannot be read.
    pub fn worker(&self) -> Result<Option<Vec<u8>>, Error> {
        let beside = |part: &PartEntry| part.files.is_some() || (part.file.is_some() && self.header.is_sealed());
        if !matches!(self.carriers.beside, Beside::Archive(_)) && self.manifest.parts.iter().any(beside) {
            let length = self.carriers.beside.length(WORKER)?.min(WORKER_LIMIT);
            return self.carriers.beside.read(WORKER, 0, length).map(Some);
        }
        Ok(None)
    }

    /// Everything of the page outside its data blocks.
    #[must_use]
    pub fn around(&self) -> &[u8] {
        &self.around
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

/// Header and checks of a page.
fn head(scan: &Scan, named: &str) -> Result<(Header, Option<Checks>), Error> {
    if scan.around.starts_with(b"<!doctype html>\r\n") {
        return Err(damaged("its line ends were changed on the way"));
    }
    let header = scan.header.as_ref().ok_or_else(|| {
        Error::input(
            format!("{named} is not a share made by sealcast"),
            "name the HTML file, the archive or the folder that sealcast export wrote",
        )
    })?;
    let header = parse_header(header)?;
    if scan.twice {
        return Err(damaged("it has two headers or two ends"));
    }
    if !header.is_sealed() {
        return Ok((header, None));
    }
    let checks = scan.checks.as_ref().and_then(|checks| Checks::parse(checks));
    Ok((header, Some(checks.ok_or_else(|| damaged("its checks are missing or were changed"))?)))
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
