//! Makes media files seek: what recorders leave out is put in, without touching a frame.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use super::fault::Fault;
use super::source::Source;
use super::splice::Splice;
use super::{SNIFF_LEN, mp4, sniff, webm};
use crate::error::Error;

/// What may be changed.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct RepairOptions {
    /// Leave places, devices, authors and dates in the file.
    pub keep_metadata: bool,
}

/// A file that is carried otherwise than it is.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Repaired {
    /// What is carried.
    pub splice: Splice,
    /// What was done, in words: `index moved to the front`.
    pub repairs: Vec<&'static str>,
    /// What the file lacks or has in the wrong place, mended or not, in words: `index at the end`.
    pub missing: Vec<&'static str>,
    /// Length in milliseconds, where it was measured anew.
    pub duration_ms: Option<f64>,
    /// Why it may not seek, or still tells of its maker, in words that follow the file's name.
    pub warning: Option<&'static str>,
    /// Whether the file has no index for all of it.
    pub(crate) unindexed: bool,
}

impl Repaired {
    /// A file that should be changed and cannot be.
    pub(super) fn left_alone(length: u64, warning: &'static str) -> Self {
        Self { warning: Some(warning), ..Self::as_it_is(length) }
    }

    /// A file that is carried as it is.
    pub(super) fn as_it_is(length: u64) -> Self {
        let mut splice = Splice::default();
        splice.push_file(0, length);
        Self { splice, ..Self::default() }
    }

    /// Notes what was found.
    pub(super) fn lacking(self, faults: &[Fault]) -> Self {
        let without = [Fault::Index, Fault::WrongIndex, Fault::Fragments, Fault::BareFragments];
        let unindexed = faults.iter().any(|fault| without.contains(fault));
        Self { missing: faults.iter().map(|fault| fault.found()).collect(), unindexed, ..self }
    }
}

/// How a media file is to be carried so that it seeks and tells nothing of its maker; `None` = as it is, with nothing
/// to say against it.
///
/// # Errors
/// When it cannot be read.
pub fn repair(path: &Path, options: RepairOptions) -> Result<Option<Repaired>, Error> {
    let file = File::open(path).map_err(Error::io("cannot read", path))?;
    repair_reader(file, path, options)
}

/// The same for bytes that are already open; `name` is for messages only.
///
/// # Errors
/// As [`repair`].
pub fn repair_reader<R: Read + Seek>(
    reader: R,
    name: &Path,
    options: RepairOptions,
) -> Result<Option<Repaired>, Error> {
    let mut source = Source::new(reader).map_err(Error::io("cannot read", name))?;
    repair_source(&mut source, options).map_err(Error::io("cannot read", name))
}

fn repair_source<R: Read + Seek>(source: &mut Source<R>, options: RepairOptions) -> std::io::Result<Option<Repaired>> {
    let head = source.head(SNIFF_LEN as u64, SNIFF_LEN)?;
    match sniff(&head) {
        Some("video/webm" | "video/x-matroska" | "audio/webm") => webm::repair(source, options),
        Some("video/mp4" | "video/quicktime" | "audio/mp4") => mp4::repair(source, options),
        _ => Ok(None),
    }
}
