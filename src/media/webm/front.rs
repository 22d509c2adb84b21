//! What comes before the clusters, made of the file's own elements without those that are not to be carried.

use std::io::{self, Read, Seek};

use super::element::{Element, id};
use super::plan::Plan;
use super::{DEFAULT_TICK, write};
use crate::media::source::Source;
use crate::media::splice::Splice;

/// Elements of Info and of a track beyond this number are no recorder's.
const MAX_CHILDREN: usize = 1_000;
/// Fills the fields that a segment must have, in a file that has none.
const APP: &[u8] = b"sealcast";

/// The front's elements.
pub(super) struct Front {
    pub(super) header: Splice,
    pub(super) info: Splice,
    pub(super) tracks: Splice,
    /// Whether something was left out that may say who made the file, where or when.
    pub(super) private: bool,
}

/// Puts the front together; its length in ticks is `duration`.
pub(super) fn front<R: Read + Seek>(
    source: &mut Source<R>,
    plan: &Plan,
    (header, tracks): (Element, Element),
    duration: f64,
    keep_metadata: bool,
) -> io::Result<Front> {
    // Our sizes have eight bytes, which is what holds where the header sets no other limit.
    let padding = |id| matches!(id, id::VOID | id::CRC);
    let header = filter(source, header, |id| !padding(id) && id != id::MAX_SIZE_LENGTH)?;
    let (info, private_info) = info(source, plan, duration, keep_metadata)?;
    let (tracks, private_tracks) = self::tracks(source, tracks, keep_metadata)?;
    let private = private_info || private_tracks;
    Ok(Front { header: element(id::EBML, &header), info, tracks, private })
}

fn info<R: Read + Seek>(
    source: &mut Source<R>,
    plan: &Plan,
    duration: f64,
    keep_metadata: bool,
) -> io::Result<(Splice, bool)> {
    let has_tick = plan.gather.info.is_some_and(|info| info.tick_ns > 0);
    // The programs' names stay: they are no person's, and players know some of them by their faults.
    let ours = |id| matches!(id, id::TICK | id::MUXING_APP | id::WRITING_APP);
    let made_anew = |id| matches!(id, id::DURATION | id::VOID | id::CRC) || (id == id::TICK && !has_tick);
    let (mut body, mut private) = (Splice::default(), false);
    if let Some(info) = plan.info {
        body = filter(source, info, |id| {
            private |= !ours(id) && !made_anew(id);
            !made_anew(id) && (keep_metadata || ours(id))
        })?;
    } else {
        body.push_bytes(&write::small(id::MUXING_APP, APP));
        body.push_bytes(&write::small(id::WRITING_APP, APP));
    }
    if !has_tick {
        body.push_bytes(&write::uint(id::TICK, DEFAULT_TICK));
    }
    // A single frame at zero has none, and zero may not be written.
    if duration > 0.0 {
        body.push_bytes(&write::small(id::DURATION, &duration.to_be_bytes()));
    }
    Ok((element(id::INFO, &body), private && !keep_metadata))
}

/// The tracks as they are, or without the names people and devices gave them.
fn tracks<R: Read + Seek>(source: &mut Source<R>, tracks: Element, keep_metadata: bool) -> io::Result<(Splice, bool)> {
    let mut entries = Vec::new();
    tracks.each(source, |_, entry| {
        if entry.id == id::TRACK_ENTRY && entries.len() < MAX_CHILDREN {
            entries.push(entry);
        }
        Ok(())
    })?;
    let (mut body, mut named) = (Splice::default(), false);
    for entry in entries {
        let kept = filter(source, entry, |id| {
            named |= id == id::TRACK_NAME;
            !matches!(id, id::TRACK_NAME | id::VOID | id::CRC)
        })?;
        body.append(&element(id::TRACK_ENTRY, &kept));
    }
    if named && !keep_metadata {
        return Ok((element(id::TRACKS, &body), true));
    }
    let mut whole = Splice::default();
    whole.push_file(tracks.start, tracks.known_end()?.saturating_sub(tracks.start));
    Ok((whole, false))
}

/// The children of an element whose ids are wanted.
fn filter<R: Read + Seek>(
    source: &mut Source<R>,
    parent: Element,
    mut wanted: impl FnMut(u32) -> bool,
) -> io::Result<Splice> {
    let mut kept = Splice::default();
    let mut count = 0;
    parent.each(source, |_, child| {
        count += 1;
        if count > MAX_CHILDREN {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if wanted(child.id) {
            kept.push_file(child.start, child.known_end()?.saturating_sub(child.start));
        }
        Ok(())
    })?;
    Ok(kept)
}

fn element(id: u32, body: &Splice) -> Splice {
    let mut whole = Splice::default();
    whole.push_bytes(&write::head(id, body.len()));
    whole.append(body);
    whole
}
