//! Keeps a span of a media file, without touching a frame: video from a keyframe on, sound by its packets.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use super::repair::Repaired;
use super::source::Source;
use super::splice::Splice;
use super::{SNIFF_LEN, mp4, sniff, webm};
use crate::error::Error;

/// What was done, for the list of repairs.
pub(super) const CUT: &str = "cut to the span";

/// A span of a file, in ms from the file's own zero; without a bound it reaches to infinity there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keep {
    pub(crate) from: f64,
    pub(crate) to: f64,
}

impl Keep {
    /// Whether what begins and ends at these times lies in the span.
    pub(super) fn holds(&self, from: f64, to: f64) -> bool {
        from >= self.from && to <= self.to
    }

    /// Where the kept file has its zero, given the first moments that are kept: the file's own where all before `to`
    /// is kept, else the first of them.
    pub(super) fn zero(&self, first: impl Iterator<Item = f64>) -> f64 {
        if self.from <= 0.0 { 0.0 } else { first.reduce(f64::min).unwrap_or(0.0).max(0.0) }
    }
}

/// What is carried of a file that was cut.
#[derive(Debug)]
pub(crate) struct Cut {
    /// The file.
    pub(crate) repaired: Repaired,
    /// Where in the old file the new one begins, in ms.
    pub(crate) at: f64,
}

/// Why a file was not cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Uncut {
    /// It is in a format that is not cut here.
    Foreign,
    /// It is damaged, or made in an unusual way.
    Strange,
    /// Nothing of it lies in the span.
    Empty,
}

/// Cuts a file as it would be carried.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn cut(path: &Path, carried: Option<&Repaired>, keep: Keep) -> Result<Result<Cut, Uncut>, Error> {
    let file = File::open(path).map_err(Error::io("cannot read", path))?;
    let cut = match carried {
        None => cut_reader(file, keep),
        Some(carried) => cut_reader(carried.splice.reader(file), keep).map(|cut| through(cut?, carried)),
    };
    cut.map_err(Error::io("cannot read", path))
}

fn cut_reader<R: Read + Seek>(reader: R, keep: Keep) -> io::Result<Result<Cut, Uncut>> {
    let mut source = Source::new(reader)?;
    let head = source.head(SNIFF_LEN as u64, SNIFF_LEN)?;
    match sniff(&head) {
        Some("video/webm" | "video/x-matroska" | "audio/webm") => webm::cut(&mut source, keep),
        Some("video/mp4" | "video/quicktime" | "audio/mp4") => mp4::cut(&mut source, keep),
        _ => Ok(Err(Uncut::Foreign)),
    }
}

/// A cut of a file that is carried otherwise than it is, as one of the file.
fn through(cut: Cut, carried: &Repaired) -> Result<Cut, Uncut> {
    let splice: Splice = cut.repaired.splice.through(&carried.splice).ok_or(Uncut::Strange)?;
    let repairs = carried.repairs.iter().chain(&cut.repaired.repairs).copied().collect();
    Ok(Cut { repaired: Repaired { splice, repairs, ..cut.repaired }, ..cut })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::repair_reader;
    use super::*;

    /// Damage at every few bytes neither panics nor takes long, and what comes out is no more than the file was.
    #[test]
    fn damaged_files_are_cut_or_not() {
        let media = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/media/");
        for name in ["fragmented.mp4", "quicktime-rotated.mov", "mediarecorder.webm", "vp9.mkv"] {
            let whole = std::fs::read(format!("{media}{name}")).unwrap();
            let mended = repair_reader(Cursor::new(&whole), Path::new(name), super::super::RepairOptions::default());
            let mut carried = Vec::new();
            mended.unwrap().unwrap().splice.reader(Cursor::new(&whole)).read_to_end(&mut carried).unwrap();
            let keep = Keep { from: 300.0, to: 1_300.0 };
            assert!(cut_reader(Cursor::new(&carried), keep).unwrap().is_ok(), "{name}");
            for at in (0..carried.len()).step_by(carried.len() / 400 + 1) {
                let mut bytes = carried.clone();
                bytes[at] ^= 0xff;
                if let Ok(cut) = cut_reader(Cursor::new(&bytes), keep).unwrap() {
                    assert!(cut.repaired.splice.len() < 2 * whole.len() as u64);
                }
                bytes.truncate(at);
                let _ = cut_reader(Cursor::new(&bytes), keep).unwrap();
            }
        }
    }
}
