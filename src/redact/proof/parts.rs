//! Reads the finished parts of a bundle as the page will read them.

use std::collections::HashMap;
use std::io::{self, BufReader, Read};

use serde_json::Value;

use super::{Hit, Originals, Search};
use crate::blocks::BLOCK_BYTES;
use crate::bundle::{Bundle, Part, PartKind};
use crate::deflate::Unpacker;
use crate::error::Error;
use crate::event::Stream;
use crate::interrupt;
use crate::manifest::{BlockRef, StreamIndex};
use crate::recording::MediaKind;

/// Bytes looked through at once.
const PIECE: usize = 128 << 10;
/// The most bytes of a block: what cannot be deflated is a little longer than it was.
const MOST: u64 = 2 * BLOCK_BYTES as u64;

/// See [`super::scan`].
pub(super) fn scan(originals: &Originals, bundle: &Bundle) -> Result<(), Error> {
    if originals.forms.is_empty() {
        return Ok(());
    }
    let manifest = serde_json::to_vec(&bundle.manifest).expect("a manifest has no keys but strings");
    refuse(Search::new(originals).feed(&manifest), "the manifest")?;
    let blocks = blocks(bundle)?;
    for part in &bundle.parts {
        interrupt::check()?;
        let read = || -> Result<Option<Hit>, Error> {
            let bytes = BufReader::with_capacity(PIECE, part.open()?);
            let hit = match part.kind {
                PartKind::Log if is_frames(bundle, part) => Ok(None),
                PartKind::Log => inflated(originals, blocks.get(&part.id).map_or(&[], Vec::as_slice), bytes),
                PartKind::Index | PartKind::Media(MediaKind::Captions) => whole(&mut Search::new(originals), bytes),
                PartKind::Media(_) => Ok(None),
            };
            hit.map_err(Error::io("cannot read", part.path()))
        };
        refuse(read()?, &name(bundle, part))?;
    }
    Ok(())
}

fn refuse(hit: Option<Hit>, part: &str) -> Result<(), Error> {
    let Some(Hit { at, rule }) = hit else { return Ok(()) };
    Err(Error::refused(
        format!(
            "nothing was written: {part} would still hold a secret that the rule {rule} had taken out, at byte {at}"
        ),
        "name its field or its pattern in a file for --redact-config, or leave that input out",
    ))
}

/// Looks through bytes as they are.
fn whole(search: &mut Search<'_>, mut bytes: impl Read) -> io::Result<Option<Hit>> {
    let mut piece = vec![0; PIECE];
    loop {
        match bytes.read(&mut piece)? {
            0 => return Ok(None),
            count => {
                if let Some(hit) = search.feed(&piece[..count]) {
                    return Ok(Some(hit));
                }
            }
        }
    }
}

/// Looks through blocks, one after the other, as if they were one: details lie across their borders. Each has to be as
/// long as its index says, and nothing may lie between or behind them.
fn inflated(originals: &Originals, blocks: &[BlockRef], mut bytes: impl Read) -> io::Result<Option<Hit>> {
    let mut search = Search::new(originals);
    let mut unpacker = Unpacker::new();
    let (mut packed, mut raw) = (Vec::new(), Vec::new());
    let mut passed = 0;
    for &[offset, length, raw_length] in blocks {
        if offset != passed || length > MOST || raw_length > BLOCK_BYTES as u64 {
            return Err(io::Error::other("a block is not where its index says"));
        }
        packed.resize(length as usize, 0);
        raw.resize(raw_length as usize, 0);
        bytes.read_exact(&mut packed)?;
        unpacker.unpack(&packed, &mut raw)?;
        if let Some(hit) = search.feed(&raw) {
            return Ok(Some(hit));
        }
        passed += length;
    }
    if bytes.read(&mut [0])? > 0 { Err(io::Error::other("something lies behind the last block")) } else { Ok(None) }
}

/// The blocks of each part that has some, by its id, as the page finds them.
fn blocks(bundle: &Bundle) -> Result<HashMap<u32, Vec<BlockRef>>, Error> {
    let mut blocks = HashMap::new();
    blocks.extend(bundle.manifest.order.iter().map(|order| (order.part, order.blocks.clone())));
    for facts in Stream::ALL.into_iter().filter_map(|stream| bundle.manifest.streams.get(stream)) {
        let Some(part) = bundle.parts.iter().find(|part| part.id == facts.index) else { continue };
        let index: StreamIndex = serde_json::from_reader(BufReader::new(part.open()?))
            .map_err(|error| Error::io("cannot read", part.path())(error.into()))?;
        let number = |row: &[Value], place: usize| row.get(place).and_then(Value::as_u64).unwrap_or(0);
        let rows = index.rows.iter().map(|row| [number(row, 0), number(row, 1), number(row, 2)]).collect();
        blocks.extend([(facts.rows, rows), (facts.details, index.details)]);
    }
    Ok(blocks)
}

/// Pictures lie where logs lie, and are no text.
fn is_frames(bundle: &Bundle, part: &Part) -> bool {
    bundle.manifest.frames.as_ref().is_some_and(|frames| frames.part == part.id)
}

/// What a part is, in words.
fn name(bundle: &Bundle, part: &Part) -> String {
    for stream in Stream::ALL {
        let Some(facts) = bundle.manifest.streams.get(stream) else { continue };
        for (id, what) in [(facts.index, "index"), (facts.rows, "rows"), (facts.details, "details")] {
            if id == part.id {
                return format!("the {what} of {}", stream.name());
            }
        }
    }
    match part.kind {
        PartKind::Media(_) => format!("the captions (part {})", part.id),
        PartKind::Index | PartKind::Log => format!("part {}", part.id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deflate::Packer;

    #[test]
    fn blocks_are_read_as_their_index_says_or_not_at_all() {
        let mut originals = Originals::new();
        originals.add("hunter2-Correct9Horse", "password");
        let (mut part, mut blocks, mut packer, mut room) = (Vec::new(), Vec::new(), Packer::new(1), Vec::new());
        for raw in ["nothing here, hunter2-Cor", "rect9Horse, and no more"] {
            let packed = packer.pack(raw.as_bytes(), &mut room).unwrap();
            blocks.push([part.len() as u64, packed.len() as u64, raw.len() as u64]);
            part.extend_from_slice(packed);
        }
        let look = |blocks: &[BlockRef], part: &[u8]| inflated(&originals, blocks, part);
        assert_eq!(look(&blocks, &part).unwrap(), Some(Hit { at: 14, rule: "password" }));
        assert_eq!(look(&blocks[..1], &part[..blocks[1][0] as usize]).unwrap(), None);
        // What the index does not tell of is no reason to pass over it.
        assert!(look(&blocks[..1], &part).is_err() && look(&[], &part).is_err());
        for (block, number, by) in [(0, 1, 1), (0, 2, 1), (1, 0, 1), (1, 1, 1), (0, 2, BLOCK_BYTES as u64)] {
            let mut wrong = blocks.clone();
            wrong[block][number] += by;
            assert!(look(&wrong, &part).is_err(), "{wrong:?}");
        }
    }
}
