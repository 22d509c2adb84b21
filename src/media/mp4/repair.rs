//! Puts the index in front of the samples, gives fragments an index, and takes out what tells of the maker.

use std::io::{self, Read, Seek};

use super::boxes::{self, Head};
use super::offsets::Offsets;
use super::tree::Tree;
use super::{join, private};
use crate::interrupt;
use crate::media::fault::Fault;
use crate::media::repair::{RepairOptions, Repaired};
use crate::media::source::{Source, is_malformed};
use crate::media::splice::Splice;

/// A larger index is not held in memory: that of a day's recording has some 30 MiB.
pub(super) const MAX_INDEX: usize = 64 << 20;
/// Boxes of a file's own level that are looked at, fragments apart.
const MAX_BOXES: usize = 1 << 16;

const TOO_LARGE: &str = "has an index too large to be looked into; it is carried as it is";
const STRANGE: &str = "has an index that is damaged or of an unknown kind; it is carried as it is, and may not seek";
/// Bytes of a box's head.
const HEAD: u64 = 8;
/// What was done.
const REMOVED: &str = "metadata removed";

/// How the file is to be carried; `None` = as it is.
pub(in crate::media) fn repair<R: Read + Seek>(
    source: &mut Source<R>,
    options: RepairOptions,
) -> io::Result<Option<Repaired>> {
    let length = source.len();
    let layout = match Layout::read(source) {
        Err(error) if is_malformed(&error) => return Ok(Some(Repaired::left_alone(length, STRANGE))),
        result => result?,
    };
    let faults = layout.faults();
    let done = match layout.repair(source, options) {
        Err(error) if is_malformed(&error) => Err(STRANGE),
        result => result?,
    };
    let done = done.unwrap_or_else(|warning| Some(Repaired::left_alone(length, warning)));
    let done = done.or_else(|| (!faults.is_empty()).then(|| Repaired::as_it_is(length)));
    Ok(done.map(|repaired| repaired.lacking(&faults)))
}

/// What a repair comes to, or why there is none.
type Outcome = Result<Option<Repaired>, &'static str>;

/// The boxes of a file's own level.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// In the order of the file; without those of fragments, once there was one.
    pub(super) boxes: Vec<Head>,
    pub(super) is_fragmented: bool,
    /// The fragments are listed somewhere.
    has_list: bool,
    /// The last box claims more bytes than there are.
    is_cut: bool,
    is_too_long: bool,
}

impl Layout {
    pub(super) fn read<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Self> {
        let mut layout = Self::default();
        let mut at = 0;
        while let Some(head) = boxes::top(source, at)? {
            at = head.end;
            layout.is_cut |= head.is_cut;
            layout.has_list |= matches!(&head.kind, b"sidx" | b"mfra");
            match &head.kind {
                b"moof" => {
                    interrupt::check_io()?;
                    layout.is_fragmented = true;
                }
                b"mdat" | b"styp" | b"sidx" | b"prft" | b"emsg" if layout.is_fragmented => {}
                _ if layout.boxes.len() == MAX_BOXES => layout.is_too_long = true,
                _ => layout.boxes.push(head),
            }
        }
        Ok(layout)
    }

    /// What players would miss.
    fn faults(&self) -> Vec<Fault> {
        let index = self.boxes.iter().find(|head| head.kind == *b"moov");
        let is_late = !self.is_fragmented && index.is_some_and(|index| self.is_late(*index));
        let fragments = if self.has_list { Fault::Fragments } else { Fault::BareFragments };
        [
            is_late.then_some(Fault::LateIndex),
            self.is_fragmented.then_some(fragments),
            self.is_cut.then_some(Fault::Cut),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn repair<R: Read + Seek>(mut self, source: &mut Source<R>, options: RepairOptions) -> io::Result<Outcome> {
        let mut indices = self.boxes.iter().filter(|head| head.kind == *b"moov");
        let Some(&index) = indices.next() else { return Ok(Ok(None)) };
        if indices.next().is_some() || self.is_too_long {
            return Ok(Err(STRANGE));
        }
        if index.len() > MAX_INDEX as u64 {
            return Ok(Err(TOO_LARGE));
        }
        source.go(index.body)?;
        let mut moov = source.head(index.len(), MAX_INDEX)?;
        let Some(mut tree) = Tree::read(&moov) else { return Ok(Err(STRANGE)) };
        if tree.child(None, b"cmov").is_some() {
            return Ok(Err(STRANGE));
        }
        let blanked = !options.keep_metadata && private::blank(&mut moov, &mut tree);
        let (fragments, cut) = (self.is_fragmented, self.is_cut);
        let alone = blanked.then(|| with(in_place(source.len(), index, &moov), true));
        let before = self.boxes.len();
        self.boxes.retain(|head| options.keep_metadata || !private::TAGS.contains(&&head.kind));
        let dropped = self.boxes.len() < before;
        let moved = if self.is_fragmented {
            let stays = |head: &Head| !head.is_open && stays_beside_fragments(&head.kind);
            let front: Vec<Head> = self.boxes.into_iter().filter(stays).collect();
            join::join(source, &moov, &tree, &front)?
        } else if dropped || self.is_late(index) {
            self.reordered(index, &moov, &tree)
        } else {
            return Ok(Ok(alone));
        };
        Ok(match (moved, alone) {
            (Ok(mut repaired), _) => {
                repaired.repairs.extend((fragments && cut).then_some(Fault::Cut.mended()));
                Ok(Some(with(repaired, blanked || dropped)))
            }
            // What cannot be moved is blanked all the same.
            (Err(warning), Some(alone)) => Ok(Some(Repaired { warning: Some(warning), ..alone })),
            (Err(warning), None) => Err(warning),
        })
    }

    /// Whether samples come before the index.
    fn is_late(&self, index: Head) -> bool {
        self.boxes.iter().any(|head| head.kind == *b"mdat" && head.start < index.start)
    }

    /// For a file whose index lists all samples, which move.
    fn reordered(self, index: Head, moov: &[u8], tree: &Tree) -> Result<Repaired, &'static str> {
        let Some(offsets) = Offsets::read(moov, tree) else { return Err(STRANGE) };
        let late = self.is_late(index);
        let order = Order::new(self.boxes, late, &offsets);
        let Some(moov) = offsets.moved(|offset, length| order.moved(offset, length)) else { return Err(STRANGE) };
        let Some(splice) = order.splice(&moov) else { return Err(TOO_LARGE) };
        let repairs = if late { vec![Fault::LateIndex.mended()] } else { Vec::new() };
        Ok(Repaired { splice, repairs, ..Repaired::default() })
    }
}

/// The file with another index of the same length.
fn in_place(file_length: u64, index: Head, moov: &[u8]) -> Repaired {
    let mut splice = Splice::default();
    splice.push_file(0, index.body);
    splice.push_bytes(moov);
    splice.push_file(index.end, file_length.saturating_sub(index.end));
    Repaired { splice, ..Repaired::default() }
}

fn with(mut repaired: Repaired, removed: bool) -> Repaired {
    repaired.repairs.extend(removed.then_some(REMOVED));
    repaired
}

/// Whether a box means the same once the fragments are gone.
pub(super) fn stays_beside_fragments(kind: &[u8; 4]) -> bool {
    !matches!(kind, b"moov" | b"mdat" | b"free" | b"skip" | b"wide" | b"sidx" | b"ssix" | b"mfra" | b"styp")
}

/// The boxes as they shall follow each other.
#[derive(Debug)]
struct Order {
    /// Boxes before the index, each with the bytes of all other boxes before it.
    front: Vec<(Head, u64)>,
    /// Boxes behind it. Both lists are in the order of the file.
    rest: Vec<(Head, u64)>,
}

impl Order {
    /// With the index behind `ftyp`, or where it is.
    fn new(boxes: Vec<Head>, late: bool, offsets: &Offsets<'_>) -> Self {
        let padding = |head: &Head| matches!(&head.kind, b"free" | b"skip" | b"wide");
        // What an editor calls free may hold samples all the same.
        let spans: Vec<Head> = boxes.iter().copied().filter(padding).collect();
        let mut used = vec![false; spans.len()];
        if late && !spans.is_empty() {
            for offset in offsets.all() {
                let at = spans.partition_point(|head| head.end <= offset);
                if let Some(used) = used.get_mut(at).filter(|_| spans[at].start <= offset) {
                    *used = true;
                }
            }
        }
        let is_used = |head: &Head| spans.binary_search_by_key(&head.start, |span| span.start).is_ok_and(|at| used[at]);
        let index = boxes.iter().position(|head| head.kind == *b"moov").unwrap_or(boxes.len());
        let (mut front, mut rest) = (Vec::new(), Vec::new());
        for (at, head) in boxes.into_iter().enumerate() {
            match &head.kind {
                b"moov" => {}
                _ if late && padding(&head) && !is_used(&head) => {}
                b"ftyp" if at == 0 => front.push(head),
                _ if !late && at < index => front.push(head),
                _ => rest.push(head),
            }
        }
        let mut total = 0_u64;
        let mut counted = |head: Head| {
            let before = total;
            total = total.saturating_add(head.end - head.start);
            (head, before)
        };
        let front = front.into_iter().map(&mut counted).collect();
        Self { front, rest: rest.into_iter().map(counted).collect() }
    }

    /// Where an offset leads, given the length of the index's body.
    fn moved(&self, offset: u64, index: u64) -> u64 {
        let within = |list: &[(Head, u64)]| {
            let at = list.partition_point(|(head, _)| head.end <= offset);
            let (head, before) = list.get(at).filter(|(head, _)| head.start <= offset)?;
            Some(before.saturating_add(offset - head.start))
        };
        within(&self.front)
            .or_else(|| Some(within(&self.rest)?.saturating_add(index).saturating_add(HEAD)))
            // It led nowhere before.
            .unwrap_or(offset)
    }

    fn splice(&self, moov: &[u8]) -> Option<Splice> {
        let mut splice = Splice::default();
        for (head, _) in &self.front {
            splice.push_file(head.start, head.end - head.start);
        }
        splice.push_bytes(&(u32::try_from(moov.len()).ok()?.checked_add(8)?).to_be_bytes());
        splice.push_bytes(b"moov");
        splice.push_bytes(moov);
        for (head, _) in &self.rest {
            splice.push_file(head.start, head.end - head.start);
        }
        Some(splice)
    }
}
