//! Layout `zip`: one archive that opens by double click once it is unpacked.
//!
//! Plain, it holds the folder form with all logs inline; sealed, the one-file form, because a sealed folder
//! needs a server. Media are stored, the page is deflated, which undoes base64's third.

use std::fs::File;
use std::io::{self, BufWriter, Seek as _, SeekFrom};

use tempfile::NamedTempFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::dir::part_name;
use super::hashed::{Hashed, SHA256_LIMIT};
use super::html::{put_in_place, temporary};
use super::inline::PageWriter;
use super::{Incoming, Layout, NO_CACHE, Target, WrittenFile};
use crate::bundle::{Part, PartKind};
use crate::error::Error;
use crate::manifest::{Carrier, PartEntry};
use crate::recording::MediaKind;

/// The fewest bytes that a part takes: what is stored, and what is sealed, which nothing can shrink.
pub(super) fn least(part: &Part, sealed: bool) -> u64 {
    let deflated =
        !matches!(part.kind, PartKind::Media(kind) if !matches!(kind, MediaKind::Captions | MediaKind::Poster));
    if deflated && !sealed { 0 } else { part.length }
}

/// Makes the layout for a file.
pub(super) fn make(target: &Target, sealed: bool) -> Result<Box<dyn Layout>, Error> {
    if target.is_stdout() {
        return Err(Error::usage("an archive cannot go to stdout", "leave out --layout zip, or name a file with -o"));
    }
    target.check_file()?;
    let file = temporary(target)?;
    let out = file.reopen().map_err(Error::io("cannot write", &target.path))?;
    let page = tempfile::tempfile().map_err(Error::io("cannot write a temporary file in", std::env::temp_dir()))?;
    Ok(Box::new(Zip {
        archive: ZipWriter::new(BufWriter::new(out)),
        page: PageWriter::new(BufWriter::new(page), std::env::temp_dir(), false),
        file,
        target: target.clone(),
        sealed,
    }))
}

#[derive(Debug)]
struct Zip {
    archive: ZipWriter<BufWriter<File>>,
    /// The page, kept aside until all media are in the archive: its end names them all.
    page: PageWriter<BufWriter<File>>,
    file: NamedTempFile,
    target: Target,
    sealed: bool,
}

impl Layout for Zip {
    fn carrier(&mut self, part: &Part, _length: u64) -> Carrier {
        match part.kind {
            PartKind::Media(MediaKind::Captions | MediaKind::Poster) | PartKind::Index | PartKind::Log => {
                Carrier::Inline
            }
            PartKind::Media(_) if self.sealed => Carrier::Inline,
            PartKind::Media(_) => Carrier::File(part_name(part, false)),
        }
    }

    fn begin(&mut self, page: &str) -> Result<(), Error> {
        self.page.text(page)
    }

    fn part(&mut self, entry: &PartEntry, _content_type: &str, body: &mut Incoming<'_>) -> Result<u32, Error> {
        let Some(name) = &entry.file else { return self.page.part(entry.id, body) };
        start(&mut self.archive, name, CompressionMethod::Stored, body.length).map_err(failed(&self.target))?;
        body.copy_to(&mut self.archive, &self.target.path)
    }

    fn finish(self: Box<Self>, end: &str) -> Result<Vec<WrittenFile>, Error> {
        let Self { mut archive, page, file, target, .. } = *self;
        let (page, length, _) = page.end(end)?;
        let mut page = page.into_inner().map_err(|error| failed(&target)(error.into_error()))?;
        page.seek(SeekFrom::Start(0)).map_err(failed(&target))?;
        start(&mut archive, "index.html", CompressionMethod::Deflated, length).map_err(failed(&target))?;
        io::copy(&mut page, &mut archive).map_err(failed(&target))?;
        let out = archive.finish().map_err(|error| failed(&target)(error.into()))?;
        let mut out = out.into_inner().map_err(|error| failed(&target)(error.into_error()))?;
        // The archive's writer goes back to fill in lengths, so it is hashed afterwards.
        out.seek(SeekFrom::Start(0)).map_err(failed(&target))?;
        let (bytes, sha256) = hash(&mut out, target.checksums).map_err(failed(&target))?;
        target.check_bytes(bytes)?;
        put_in_place(file, &target)?;
        let path = target.file_name();
        Ok(vec![WrittenFile { path, bytes, sha256, content_type: "application/zip".into(), cache_control: NO_CACHE }])
    }
}

/// Begins an entry. All dates are those of an archive without any, so that equal shares are equal bytes.
fn start(
    archive: &mut ZipWriter<BufWriter<File>>,
    name: &str,
    method: CompressionMethod,
    length: u64,
) -> io::Result<()> {
    let large = length >= u64::from(u32::MAX);
    let options = SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
        .large_file(large);
    archive.start_file(name, options).map_err(io::Error::from)
}

/// Length and hash of a file that is small, or shall have one.
fn hash(file: &mut File, always: bool) -> io::Result<(u64, Option<String>)> {
    let bytes = file.metadata()?.len();
    if bytes > SHA256_LIMIT && !always {
        return Ok((bytes, None));
    }
    let mut hashed = Hashed::new(io::sink(), always);
    io::copy(file, &mut hashed)?;
    hashed.finish().map(|(_, bytes, digest)| (bytes, digest))
}

fn failed(target: &Target) -> impl Fn(io::Error) -> Error {
    let path = target.path.clone();
    move |error| Error::io("cannot write", &path)(error)
}
