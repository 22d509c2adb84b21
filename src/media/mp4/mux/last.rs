//! The last picture of a film, which stands until the sound ends.

use super::super::compose;
use super::super::edits::Edits;
use super::super::join::timescale;
use super::super::tree::{Node, Tree, u32_at};
use crate::media::packets::scaled;

/// A track of video, and what it stands in.
pub(super) struct Last<'m> {
    pub(super) moov: &'m [u8],
    pub(super) tree: &'m Tree,
    pub(super) trak: usize,
    /// Units a second of the movie's clock.
    pub(super) movie: u32,
}

impl Last<'_> {
    /// The boxes of the track that have to change for its last picture to stand until a moment, in units of the
    /// movie's clock, and their places; none where it stands so long already. `None` where it cannot, or the track is
    /// an editor's work.
    pub(super) fn stands_until(&self, end: u64) -> Option<Vec<(usize, Vec<u8>)>> {
        let [header, media] = [self.find(&[b"tkhd"])?, self.find(&[b"mdia", b"mdhd"])?];
        let times = self.find(&[b"mdia", b"minf", b"stbl", b"stts"])?;
        let list = self.find(&[b"edts", b"elst"]);
        let scale = timescale(&self.bytes(media)[self.head(media)..])?;
        let length = compose::length(self.bytes(media), self.node(media))?;
        let edits = match list {
            Some(list) => Edits::read(&self.bytes(list)[self.head(list)..])?,
            None => Edits::default(),
        };
        let shown = match edits.skipped {
            Some(_) => edits.length,
            None => scaled(length, self.movie, scale)?,
        };
        if shown == 0 {
            return None;
        }
        let more = end.saturating_sub(edits.pause).saturating_sub(shown);
        if more == 0 {
            return Some(Vec::new());
        }
        let units = scaled(more, scale, self.movie)?;
        let mut anew = vec![
            (header, self.lengthened(header, end)?),
            (media, self.lengthened(media, length.checked_add(units)?)?),
            (times, lengthen_last(self.bytes(times), self.head(times), u32::try_from(units).ok()?)?),
        ];
        if let Some(list) = list.filter(|_| edits.skipped.is_some()) {
            anew.push((list, self.edited(list, shown.checked_add(more)?)?));
        }
        Some(anew)
    }

    fn find(&self, path: &[&[u8; 4]]) -> Option<usize> {
        self.tree.find(self.trak, path)
    }

    fn node(&self, at: usize) -> Node {
        self.tree.nodes[at]
    }

    /// Bytes of a box, and how many of them are its head.
    fn bytes(&self, at: usize) -> &[u8] {
        &self.moov[self.node(at).start..self.node(at).end]
    }

    fn head(&self, at: usize) -> usize {
        self.node(at).body - self.node(at).start
    }

    fn lengthened(&self, at: usize, length: u64) -> Option<Vec<u8>> {
        let mut bytes = self.bytes(at).to_vec();
        compose::set_length(&mut bytes, self.node(at), length)?;
        Some(bytes)
    }

    /// The list of edits with another length of its last.
    fn edited(&self, at: usize, length: u64) -> Option<Vec<u8>> {
        let mut bytes = self.bytes(at).to_vec();
        let body = bytes.get_mut(self.head(at)..)?;
        let last = usize::try_from(u32_at(body, 4)?).ok()?.checked_sub(1)?;
        if *body.first()? == 1 {
            body.get_mut(8 + 20 * last..)?.first_chunk_mut::<8>().map(|place| *place = length.to_be_bytes())?;
        } else {
            let length = u32::try_from(length).ok()?.to_be_bytes();
            body.get_mut(8 + 12 * last..)?.first_chunk_mut::<4>().map(|place| *place = length)?;
        }
        Some(bytes)
    }
}

/// The table of lengths with a last sample that is so much longer.
fn lengthen_last(table: &[u8], head: usize, units: u32) -> Option<Vec<u8>> {
    let count = usize::try_from(u32_at(table, head + 4)?).ok()?;
    let last = count.checked_sub(1)?.checked_mul(8)?.checked_add(head + 8)?;
    let (samples, each) = (u32_at(table, last)?, u32_at(table, last + 4)?);
    let others = samples.checked_sub(1)?;
    let kept = if others > 0 { [others.to_be_bytes(), each.to_be_bytes()].concat() } else { Vec::new() };
    let alone = [1_u32.to_be_bytes(), each.checked_add(units)?.to_be_bytes()].concat();
    let entries = if others > 0 { count + 1 } else { count };
    let mut out = vec![0; 4];
    out.extend_from_slice(b"stts\0\0\0\0");
    out.extend_from_slice(&u32::try_from(entries).ok()?.to_be_bytes());
    out.extend_from_slice(table.get(head + 8..last)?);
    out.extend([kept, alone].concat());
    let size = u32::try_from(out.len()).ok()?;
    out[..4].copy_from_slice(&size.to_be_bytes());
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::boxed;
    use super::*;

    fn numbers(numbers: &[u32]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
    }

    /// A track of pictures of 0.1 s, shown after a pause of 0.5 s and without the first two units.
    fn track(length: u32, times: &[u32], end: u32) -> Vec<u8> {
        let stbl = boxed(b"stbl", &boxed(b"stts", &numbers(times)));
        let media = [boxed(b"mdhd", &numbers(&[0, 0, 0, 10, length, 0])), boxed(b"minf", &stbl)].concat();
        let list = boxed(b"elst", &numbers(&[0, 2, 500, u32::MAX, 1 << 16, (end - 500), 2, 1 << 16]));
        let parts = [boxed(b"tkhd", &numbers(&[7, 0, 0, 1, 0, end])), boxed(b"edts", &list), boxed(b"mdia", &media)];
        boxed(b"trak", &parts.concat())
    }

    fn until(moov: &[u8], end: u64) -> Option<Vec<u8>> {
        let tree = Tree::read(moov).unwrap();
        let mut anew = Last { moov, tree: &tree, trak: 0, movie: 1_000 }.stands_until(end)?;
        anew.sort_unstable_by_key(|(at, _)| *at);
        let mut out = Vec::new();
        tree.rewrite(&mut out, moov, anew)?;
        Some(out)
    }

    #[test]
    fn the_last_picture_stands_until_the_end() {
        let film = track(22, &[0, 1, 22, 1], 2_500);
        assert_eq!(until(&film, 3_500).unwrap(), track(32, &[0, 2, 21, 1, 1, 11], 3_500));
        let one = track(22, &[0, 2, 21, 1, 1, 1], 2_500);
        assert_eq!(until(&one, 3_500).unwrap(), track(32, &[0, 2, 21, 1, 1, 11], 3_500));
        assert_eq!(until(&film, 2_500), Some(film.clone()), "it does so already");
        assert_eq!(until(&film, u64::MAX), None, "no field says so much");
        let mut edited = film.clone();
        let pause = film.windows(4).position(|four| four == [0xff; 4]).unwrap();
        edited[pause..pause + 4].fill(0);
        assert_eq!(until(&edited, 3_500), None, "two stretches of it");
        assert_eq!(until(&track(22, &[0, 1, 22, 1], 500), 3_500), None, "nobody says how long it stands");
    }
}
