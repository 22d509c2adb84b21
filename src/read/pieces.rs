//! The files beside the page that carry a part: one, or several that are joined.

use std::path::{Component, Path};

use super::damaged;
use crate::error::Error;
use crate::manifest::PartEntry;

/// The files of a part, in their order.
#[derive(Debug)]
pub(super) struct Pieces(Vec<Piece>);

/// A file, and the stretch of the carrier that it holds, in bytes.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) name: String,
    start: u64,
    pub(super) length: u64,
}

impl Pieces {
    /// The files of a part whose carrier has so many bytes; `None` when it is inline.
    ///
    /// # Errors
    /// [`Error::Damaged`] when they cannot be its files, or one may lie outside the share.
    pub(super) fn of(entry: &PartEntry, length: u64) -> Result<Option<Self>, Error> {
        let listed = match (&entry.file, &entry.files) {
            (None, None) => return Ok(None),
            (Some(name), None) => vec![(name.clone(), length)],
            (None, Some(files)) => files.clone(),
            (Some(_), Some(_)) => return Err(damaged(&format!("part {} has one file and several", entry.id))),
        };
        let mut pieces = Vec::new();
        let mut end = Some(0_u64);
        for (name, length) in listed {
            check_name(&name)?;
            let start = end.unwrap_or(0);
            end = end.and_then(|end| end.checked_add(length));
            pieces.push(Piece { name, start, length });
        }
        if pieces.is_empty() || end != Some(length) {
            return Err(damaged(&format!("the files of part {} do not have its length", entry.id)));
        }
        Ok(Some(Self(pieces)))
    }

    /// All files.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Piece> {
        self.0.iter()
    }

    /// Where a stretch of the carrier lies: files, each with offset and length in it.
    pub(super) fn stretches(&self, offset: u64, length: u64) -> impl Iterator<Item = (&Piece, u64, u64)> {
        let end = offset.saturating_add(length);
        let first = self.0.partition_point(|piece| piece.start + piece.length <= offset);
        self.0[first..].iter().take_while(move |piece| piece.start < end).map(move |piece| {
            let from = offset.max(piece.start);
            (piece, from - piece.start, end.min(piece.start + piece.length) - from)
        })
    }
}

/// Refuses a path that is not one of plain names below the page's folder.
fn check_name(name: &str) -> Result<(), Error> {
    let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    if name.is_empty() || !inside || name.contains('\\') {
        return Err(damaged(&format!("it names a file outside its folder: {name}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Carrier;

    fn cut(lengths: &[u64]) -> PartEntry {
        let files = lengths.iter().enumerate().map(|(number, length)| (format!("parts/7-{number}.bin"), *length));
        PartEntry::new(7, 0, Carrier::Files(files.collect()))
    }

    #[test]
    fn every_stretch_is_found() {
        // An empty file is of no use, but nothing to stumble over either.
        let pieces = Pieces::of(&cut(&[4, 4, 0, 3]), 11).unwrap().unwrap();
        for offset in 0..=11 {
            for length in 0..=11 - offset {
                let places = pieces.stretches(offset, length).flat_map(|(piece, from, count)| {
                    assert!(from + count <= piece.length);
                    (from..from + count).map(|place| piece.start + place)
                });
                assert_eq!(places.collect::<Vec<_>>(), (offset..offset + length).collect::<Vec<_>>());
            }
        }
        let names = pieces.stretches(3, 2).map(|(piece, from, count)| (&piece.name[..], from, count));
        assert_eq!(names.collect::<Vec<_>>(), [("parts/7-0.bin", 3, 1), ("parts/7-1.bin", 0, 1)]);
    }

    #[test]
    fn files_that_cannot_be_those_of_the_part_are_refused() {
        let refused = |entry: &PartEntry, length| Pieces::of(entry, length).unwrap_err().to_string();
        assert!(Pieces::of(&PartEntry::new(7, 0, Carrier::Inline), 11).unwrap().is_none());
        for lengths in [&[][..], &[11, 1], &[4, 6], &[u64::MAX, 12]] {
            assert!(refused(&cut(lengths), 11).contains("do not have its length"), "{lengths:?}");
        }
        assert!(refused(&cut(&[]), 0).contains("do not have its length"));
        let both = PartEntry { file: Some("parts/7.bin".into()), ..cut(&[11]) };
        assert!(refused(&both, 11).contains("one file and several"));
        for name in ["", "/etc/passwd", "../x", "parts/../../x", "parts\\x"] {
            for carrier in [Carrier::File(name.into()), Carrier::Files(vec![(name.into(), 11)])] {
                assert!(refused(&PartEntry::new(7, 11, carrier), 11).contains("outside its folder"), "{name}");
            }
        }
    }
}
