//! The packets of sound that the index of an MP4 or `QuickTime` file lists.

use std::io::{self, Read, Seek};

use super::cut::tracks;
use super::edits::Edits;
use super::join::{movie_timescale, timescale};
use super::listed::Listed;
use super::mux::Index;
use super::tree::{Tree, u32_at};
use crate::media::opus;
use crate::media::packets::{Codec, Packet, Packets, scaled};
use crate::media::source::Source;

/// Entries of sound that is taken: AAC or MP3, as is said further in, and Opus.
const TAKEN: [&[u8; 4]; 2] = [b"mp4a", b"Opus"];

/// The packets of the first track of sound, but for those at its end that were never written; `None` for sound in other
/// entries, for fragments, and for an index that makes no sense.
pub(in crate::media) fn packets<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<Packets>> {
    let Some(index) = Index::read(source)? else { return Ok(None) };
    Ok(listed(&index.moov, &index.tree, source.len()))
}

fn listed(moov: &[u8], tree: &Tree, all: u64) -> Option<Packets> {
    let trak = tracks(moov, tree).1.into_iter().next()?;
    let body = |path: &[&[u8; 4]]| tree.below(trak, path).and_then(|node| moov.get(node.body..node.end));
    let (rate, movie) = (timescale(body(&[b"mdia", b"mdhd"])?)?, movie_timescale(moov, tree)?);
    let mut packets = Packets::new(entry(body(&[b"mdia", b"minf", b"stbl", b"stsd"])?)?, rate);
    let (mut is_cut, mut later) = (false, None);
    for entry in Listed::new(moov, tree, trak)? {
        let entry = entry?;
        // What was never written ends the list.
        if entry.offset.saturating_add(entry.sample.size.into()) > all {
            is_cut = true;
            continue;
        }
        if is_cut || entry.description != 1 || *later.get_or_insert(entry.sample.shift) != entry.sample.shift {
            return None;
        }
        let packet = Packet { offset: entry.offset, size: entry.sample.size, duration: entry.sample.duration };
        packets.push(packet, all)?;
    }
    let edits = body(&[b"edts", b"elst"]).map_or(Some(Edits::default()), Edits::read)?;
    let own = match &packets.codec {
        // Without a list browsers go by Opus' own word, and what is heard first is at zero all the same.
        Codec::Entry(entry) => opus::entry_skipped(entry).and_then(|own| scaled(own.into(), rate, opus::RATE)),
        Codec::Opus(_) => None,
    };
    packets.skipped = edits.skipped.map_or(Some(own.unwrap_or(0)), |skipped| u64::try_from(skipped).ok())?;
    let pause = i64::try_from(scaled(edits.pause, rate, movie)?).ok()?;
    packets.start = pause.checked_sub_unsigned(packets.skipped)?.checked_add(later?.into())?;
    packets.heard = Some(scaled(edits.length, rate, movie)?).filter(|heard| *heard > 0);
    Some(packets).filter(|packets| !packets.list.is_empty())
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

#[cfg(test)]
mod tests {
    use super::super::tests::boxed;
    use super::*;

    fn numbers(numbers: &[u32]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
    }

    /// Sound whose packets of ten bytes and 20 ms each lie at these places, and as many lengths.
    fn sound(entry: &[u8], rate: u32, places: &[u32], lengths: u32, more: &[u8]) -> Vec<u8> {
        let count = u32::try_from(places.len()).unwrap();
        let tables = [
            boxed(b"stsd", &[&numbers(&[0, 1]), entry].concat()),
            boxed(b"stts", &numbers(&[0, 1, lengths, rate / 50])),
            boxed(b"stsc", &numbers(&[0, 1, 1, 1, 1])),
            boxed(b"stsz", &numbers(&[0, 10, count])),
            boxed(b"stco", &[numbers(&[0, count]), numbers(places)].concat()),
        ];
        let media = [
            boxed(b"mdhd", &numbers(&[0, 0, 0, rate, rate / 50 * count, 0])),
            boxed(b"hdlr", b"\0\0\0\0\0\0\0\0soun\0\0\0\0\0\0\0\0\0\0\0\0\0"),
            boxed(b"minf", &boxed(b"stbl", &tables.concat())),
        ];
        let trak = boxed(b"trak", &[boxed(b"mdia", &media.concat()), more.to_vec()].concat());
        [boxed(b"mvhd", &numbers(&[0, 0, 0, 1_000, 0])), trak].concat()
    }

    fn read(moov: &[u8], all: u64) -> Option<Packets> {
        listed(moov, &Tree::read(moov).unwrap(), all)
    }

    #[test]
    fn only_what_was_never_written_at_the_end_is_left_out() {
        let count = |places: &[u32], lengths| {
            let moov = sound(&boxed(b"mp4a", &[0; 28]), 48_000, places, lengths, &[]);
            read(&moov, 100).map(|packets| packets.list.len())
        };
        assert_eq!(count(&[10, 20, 30], 3), Some(3));
        assert_eq!(count(&[10, 20, 91, 101], 4), Some(2));
        assert_eq!(count(&[10, 20, 91, 30], 4), None, "more comes behind");
        assert_eq!(count(&[10, 20, 30], 2), None, "tables that do not fit each other");
    }

    #[test]
    fn opus_tells_what_is_not_heard_where_no_list_does() {
        let entry = opus::entry(b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0").unwrap();
        let facts = |rate, list: Option<&[u32]>| {
            let list = list.map_or_else(Vec::new, |list| boxed(b"edts", &boxed(b"elst", &numbers(list))));
            let packets = read(&sound(&entry, rate, &[10, 20, 30], 3, &list), 100).unwrap();
            (packets.start, packets.skipped, packets.heard)
        };
        assert_eq!(facts(48_000, None), (-312, 312, None));
        assert_eq!(facts(48_000, Some(&[0, 0])), (-312, 312, None));
        assert_eq!(facts(24_000, None), (-156, 156, None));
        assert_eq!(facts(48_000, Some(&[0, 1, 50, 100, 1 << 16])), (-100, 100, Some(2_400)));
        assert_eq!(facts(48_000, Some(&[0, 1, 50, 0, 1 << 16])), (0, 0, Some(2_400)));
    }
}
