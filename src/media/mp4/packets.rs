//! The packets of sound that the index of an MP4 or `QuickTime` file lists.

use std::io::{self, Read, Seek};

use super::cut::tracks;
use super::edits::Edits;
use super::join::timescale;
use super::listed::Listed;
use super::mux::Index;
use super::tree::{Tree, u32_at};
use crate::media::packets::{Codec, Packet, Packets};
use crate::media::source::Source;

/// Sound that MP4 files may hold, and all browsers play.
const TAKEN: [&[u8; 4]; 2] = [b"mp4a", b"Opus"];

/// The packets of the first track of sound; `None` for other sound than AAC and Opus, for fragments, and for an index
/// that makes no sense.
pub(in crate::media) fn packets<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<Packets>> {
    let Some(index) = Index::read(source)? else { return Ok(None) };
    Ok(listed(&index.moov, &index.tree, source.len()))
}

fn listed(moov: &[u8], tree: &Tree, all: u64) -> Option<Packets> {
    let trak = tracks(moov, tree).1.into_iter().next()?;
    let body = |path: &[&[u8; 4]]| tree.below(trak, path).and_then(|node| moov.get(node.body..node.end));
    let (rate, movie) = (timescale(body(&[b"mdia", b"mdhd"])?)?, index_timescale(moov, tree)?);
    let mut packets = Packets::new(entry(body(&[b"mdia", b"minf", b"stbl", b"stsd"])?)?, rate);
    for entry in Listed::new(moov, tree, trak)? {
        // What was never written ends the list.
        let Some(entry) = entry.filter(|entry| entry.offset.saturating_add(entry.sample.size.into()) <= all) else {
            break;
        };
        if entry.description != 1 || entry.sample.shift != 0 {
            return None;
        }
        let packet = Packet { offset: entry.offset, size: entry.sample.size, duration: entry.sample.duration };
        packets.push(packet, all)?;
    }
    let edits = body(&[b"edts", b"elst"]).map_or(Some(Edits::default()), Edits::read)?;
    if let Some(skipped) = edits.skipped {
        packets.skipped = u64::try_from(skipped).ok()?;
        let units = |length: u64| {
            let (length, rate, movie) = (u128::from(length), u128::from(rate), u128::from(movie));
            u64::try_from(length.checked_mul(rate)?.div_ceil(movie)).ok()
        };
        packets.start = i64::try_from(units(edits.pause)?).ok()?.checked_sub(skipped)?;
        packets.heard = Some(units(edits.length)?).filter(|heard| *heard > 0);
    }
    Some(packets).filter(|packets| !packets.list.is_empty())
}

fn index_timescale(moov: &[u8], tree: &Tree) -> Option<u32> {
    let node = tree.nodes[tree.child(None, b"mvhd")?];
    timescale(moov.get(node.body..node.end)?)
}

/// The one description of the body of `stsd`.
fn entry(body: &[u8]) -> Option<Codec> {
    let (count, size) = (u32_at(body, 4)?, usize::try_from(u32_at(body, 8)?).ok()?);
    let entry = body.get(8..8_usize.checked_add(size)?)?;
    let is_taken = TAKEN.iter().any(|kind| entry.get(4..8) == Some(kind.as_slice()));
    // QuickTime's own versions have other fields, which not all players expect in an MP4.
    let is_plain = entry.get(16..18) == Some(&[0, 0]);
    (count == 1 && is_taken && is_plain).then(|| Codec::Entry(entry.to_vec()))
}
