//! Layouts: how a bundle's parts become files.

mod dir;
mod hashed;
mod html;
mod inline;
mod limit;
mod target;
mod zip;

#[cfg(test)]
pub(crate) use dir::INLINE_LOG_BYTES;
pub(crate) use dir::{WORKER, extension};
pub use hashed::SHA256_LIMIT;
pub(crate) use inline::{DATA_BLOCK_BYTES, end_json, hex};

use std::fmt;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

pub use limit::{Limit, check_size};
pub use target::{SPLIT_MIN, Target};

use crate::bundle::{Bundle, Measured, Part};
use crate::error::Error;
use crate::manifest::{Carrier, PartEntry};
use crate::page::Page;
use crate::seal::{Sealer, pad_json, sealed_len};

/// A way to lay out a bundle. The writer calls `begin`, then `part` for the manifest (id 0) and every other
/// part in order, then `finish`; nothing is to be seen at the target before `finish` is through.
pub trait Layout: fmt::Debug {
    /// What a part goes into, paths being relative to the page; `length` is that of the part as it is carried, in
    /// bytes. Asked of every part before `begin`.
    fn carrier(&mut self, part: &Part, length: u64) -> Carrier;
    /// Starts the page.
    ///
    /// # Errors
    /// When the target cannot be written.
    fn begin(&mut self, page: &str) -> Result<(), Error>;
    /// Writes a part and gives its CRC-32.
    ///
    /// # Errors
    /// When the part cannot be read or the target not written.
    fn part(&mut self, entry: &PartEntry, content_type: &str, body: &mut Incoming<'_>) -> Result<u32, Error>;
    /// Writes the end block and puts the whole in place.
    ///
    /// # Errors
    /// When the target cannot be written, or has come to exist meanwhile.
    fn finish(self: Box<Self>, end: &str) -> Result<Vec<WrittenFile>, Error>;
}

/// A layout's name, what its shares are like, and how to make one for a target.
struct Entry {
    name: &'static str,
    title: &'static str,
    /// Endings of targets that ask for this layout.
    endings: &'static [&'static str],
    /// What a name without ending gets.
    suffix: &'static str,
    /// The page inside the target, when the target is a folder.
    page: Option<&'static str>,
    /// Whether everything is in the page, whose size browsers limit; a sealed bundle may be laid out differently.
    single: fn(bool) -> bool,
    /// The fewest bytes that a part takes in the share, sealed or not.
    least: fn(&Part, bool) -> u64,
    /// Why its parts are never cut into several files; `None` = they can be.
    uncut: Option<&'static str>,
    /// Makes the layout.
    make: Make,
}

/// Makes a layout for a target.
type Make = fn(&Target, bool) -> Result<Box<dyn Layout>, Error>;

/// Every layout there is; the last takes the targets that no other asks for.
const LAYOUTS: &[Entry] = &[
    Entry {
        name: "html",
        title: "one HTML file with everything inside",
        endings: &["html", "htm"],
        suffix: ".html",
        page: None,
        single: |_| true,
        least: html::least,
        uncut: Some("one HTML file has no files beside it"),
        make: html::make,
    },
    Entry {
        name: "zip",
        title: "an archive to unpack and open by double click",
        endings: &["zip"],
        suffix: ".zip",
        page: None,
        single: |sealed| sealed,
        least: zip::least,
        uncut: Some("an archive is unpacked and opened by double click, which takes files of any size"),
        make: zip::make,
    },
    Entry {
        name: "dir",
        title: "a folder: index.html and media beside it",
        endings: &[],
        suffix: "-share",
        page: Some("index.html"),
        single: |_| false,
        least: |part, _| part.length,
        uncut: None,
        make: dir::make,
    },
];

fn entry(name: &str) -> Result<&'static Entry, Error> {
    LAYOUTS
        .iter()
        .find(|entry| entry.name == name)
        .ok_or_else(|| Error::usage(format!("there is no layout {name}"), format!("layouts: {}", names().join(", "))))
}

/// The names of all layouts, for help and completions.
#[must_use]
pub fn names() -> Vec<&'static str> {
    LAYOUTS.iter().map(|entry| entry.name).collect()
}

/// Name and title of all layouts.
pub fn titles() -> impl Iterator<Item = (&'static str, &'static str)> {
    LAYOUTS.iter().map(|entry| (entry.name, entry.title))
}

/// What a layout's targets are called after, as in `.html`.
///
/// # Errors
/// When there is no such layout.
pub fn suffix(layout: &str) -> Result<&'static str, Error> {
    entry(layout).map(|entry| entry.suffix)
}

/// The endings of names that ask for a layout; none = any other name does.
///
/// # Errors
/// When there is no such layout.
pub(crate) fn endings(layout: &str) -> Result<&'static [&'static str], Error> {
    entry(layout).map(|entry| entry.endings)
}

/// A file of the share as it was written.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WrittenFile {
    /// Relative to the share's folder, or the file's name.
    pub path: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 in lower-case hex; `None` above [`SHA256_LIMIT`].
    pub sha256: Option<String>,
    /// Type to serve it with.
    pub content_type: String,
    /// Caching to serve it with.
    pub cache_control: &'static str,
}

/// Type of files that are of no use by themselves.
const OPAQUE: &str = "application/octet-stream";
/// How pages are cached: asked for again each time, because they expire.
const NO_CACHE: &str = "no-cache";

/// Hears of bytes written.
pub trait Progress {
    /// The whole will have about this many bytes.
    fn total(&mut self, bytes: u64);
    /// So many more bytes are written.
    fn advance(&mut self, bytes: u64);
}

/// Nobody listens.
impl Progress for () {
    fn total(&mut self, _bytes: u64) {}
    fn advance(&mut self, _bytes: u64) {}
}

/// A part on its way into a layout: counted, and stopped when the run is interrupted.
pub struct Incoming<'a> {
    inner: Measured<Box<dyn Read + 'a>>,
    /// Bytes of the part as it is carried.
    length: u64,
    path: PathBuf,
    progress: &'a mut dyn Progress,
}

impl fmt::Debug for Incoming<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Incoming<'_> {
    /// Fills the buffer as far as the part reaches; 0 = end.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        crate::interrupt::check()?;
        let mut filled = 0;
        while filled < buffer.len() {
            match self.inner.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::io("cannot read", &self.path)(error)),
            }
        }
        self.progress.advance(filled as u64);
        Ok(filled)
    }

    /// Copies the part; gives its CRC-32. `named` is the file that errors name.
    fn copy_to(&mut self, out: &mut impl Write, named: &Path) -> Result<u32, Error> {
        let mut crc = crc32fast::Hasher::new();
        self.copy_most(u64::MAX, out, named, &mut crc)?;
        Ok(crc.finalize())
    }

    /// Copies on, so many bytes at most.
    fn copy_most(
        &mut self,
        most: u64,
        out: &mut impl Write,
        named: &Path,
        crc: &mut crc32fast::Hasher,
    ) -> Result<(), Error> {
        let mut buffer = vec![0; COPY_BYTES];
        let mut left = most;
        while left > 0 {
            let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(COPY_BYTES);
            let count = self.fill(&mut buffer[..wanted])?;
            if count == 0 {
                break;
            }
            crc.update(&buffer[..count]);
            out.write_all(&buffer[..count]).map_err(Error::io("cannot write", named))?;
            left -= count as u64;
        }
        Ok(())
    }
}

/// Bytes copied at once.
const COPY_BYTES: usize = 256 * 1024;

/// Lays out a bundle at its target, whole or not at all.
///
/// # Errors
/// When the layout is unknown or cannot cut parts as the target asks, a part cannot be read, or the target cannot be
/// written.
pub fn write(
    bundle: &mut Bundle,
    layout: &str,
    target: &Target,
    progress: &mut dyn Progress,
) -> Result<Vec<WrittenFile>, Error> {
    target.check_split(layout)?;
    let mut layout = (entry(layout)?.make)(target, bundle.seal.is_some())?;
    let mut sealers = Vec::new();
    bundle.manifest.parts.clear();
    for part in &bundle.parts {
        let sealer = bundle.seal.as_ref().map(|seal| seal.root.sealer(part.id)).transpose()?;
        let length = if sealer.is_some() { part.padded_length() } else { part.length };
        let carried = carried_length(length, sealer.is_some(), &part.path())?;
        let mut entry = PartEntry::new(part.id, length, layout.carrier(part, carried));
        entry.commitment = sealer.as_ref().map(|sealer| sealer.commitment().to_text());
        sealers.push(sealer);
        bundle.manifest.parts.push(entry);
    }
    let mut manifest = serde_json::to_vec(&bundle.manifest).expect("a manifest has no keys but strings");
    let sealer = bundle.seal.as_ref().map(|seal| seal.root.sealer(0)).transpose()?;
    if sealer.is_some() {
        pad_json(&mut manifest);
    }
    progress.total(bundle.parts.iter().map(|part| part.length).sum());

    let seal = bundle.seal.as_ref();
    let page = Page {
        header: &bundle.header,
        checks: seal.map(|seal| &seal.checks),
        language: bundle.language,
        title: bundle.public_title(),
        share_origin: seal.and_then(|seal| seal.share_origin.as_deref()),
    };
    layout.begin(&page.render())?;
    let head = PartEntry::new(0, manifest.len() as u64, Carrier::Inline);
    let outgoing = Outgoing {
        entry: &head,
        content_type: "application/json",
        body: Box::new(&manifest[..]),
        sealer,
        path: target.path.clone(),
    };
    let mut end = vec![outgoing.send(&mut *layout, progress)?];
    for ((part, entry), sealer) in bundle.parts.iter().zip(&bundle.manifest.parts).zip(sealers) {
        let body = if sealer.is_some() { part.open_padded()? } else { part.open()? };
        let outgoing = Outgoing { entry, content_type: &part.content_type, body, sealer, path: part.path() };
        end.push(outgoing.send(&mut *layout, progress)?);
    }
    layout.finish(&end_json(&end))
}

/// Length of a part as it is carried.
fn carried_length(length: u64, sealed: bool, path: &Path) -> Result<u64, Error> {
    let too_long = || Error::refused(format!("{} is too long to be sealed", path.display()), "cut it first");
    if sealed { sealed_len(length).ok_or_else(too_long) } else { Ok(length) }
}

/// A part on its way out, sealed or not.
struct Outgoing<'a> {
    entry: &'a PartEntry,
    content_type: &'a str,
    body: Box<dyn Read + 'a>,
    sealer: Option<Sealer>,
    path: PathBuf,
}

impl Outgoing<'_> {
    /// Passes the part on; gives its line of the end block.
    fn send(self, layout: &mut dyn Layout, progress: &mut dyn Progress) -> Result<(u32, u64, u32), Error> {
        let Self { entry, content_type, body, sealer, path } = self;
        let length = carried_length(entry.length, sealer.is_some(), &path)?;
        let (inner, content_type): (Box<dyn Read + '_>, _) = match sealer {
            None => (body, content_type),
            // What is sealed is of no type that a host should know.
            Some(sealer) => (Box::new(sealer.seal(body, entry.length)), OPAQUE),
        };
        let mut body = Incoming { inner: Measured::new(inner, length), length, path, progress };
        let crc = layout.part(entry, content_type, &mut body)?;
        Ok((entry.id, length, crc))
    }
}
