//! Gives a file of known sizes, with its length and an index in front.

use std::io::{self, Read, Seek};

use crate::media::repair::{RepairOptions, Repaired};
use crate::media::source::Source;

/// How the file is to be carried; `None` = as it is.
#[expect(clippy::unnecessary_wraps, reason = "reading fails")]
pub(in crate::media) const fn repair<R: Read + Seek>(
    _source: &mut Source<R>,
    _options: RepairOptions,
) -> io::Result<Option<Repaired>> {
    Ok(None)
}
