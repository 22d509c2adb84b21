//! What comes before the clusters: that of the video, with one track more.

use std::io::{self, Read, Seek};

use super::Deck;
use crate::media::source::Source;
use crate::media::webm::element::{Element, id};
use crate::media::webm::write;

/// Bytes of a front beyond which it is no recorder's.
const MAX_BYTES: usize = 1 << 20;
/// Elements of one of its parts beyond this number are no recorder's.
const MAX_CHILDREN: usize = 1_000;
/// The highest number that a block can say in one byte, and so in any other length.
const MAX_NUMBER: u64 = 126;

/// What is written before the first cluster.
pub(super) struct Front {
    pub(super) bytes: Vec<u8>,
    /// The number of the sound's track in its file and in this one.
    pub(super) number: (u64, u64),
}

/// Puts the front together; `None` where one of the files has none, or no sound.
pub(super) fn front<V: Read + Seek, S: Read + Seek>(
    video: &mut Deck<'_, V>,
    sound: &mut Deck<'_, S>,
) -> io::Result<Option<Front>> {
    let parts = video.seen.header.zip(video.seen.tracks).zip(sound.seen.header.zip(sound.seen.tracks));
    let Some(((header, tracks), (header_there, tracks_there))) = parts else { return Ok(None) };
    let Some(there) = sound.seen.list.iter().find(|track| track.kind == "audio").map(|track| track.number) else {
        return Ok(None);
    };
    let is_taken = |number: u64| video.seen.list.iter().any(|track| track.number == number);
    let free = || (1..=MAX_NUMBER).find(|number| !is_taken(*number));
    let Some(here) = Some(there).filter(|number| *number > 0 && !is_taken(*number)).or_else(free) else {
        return Ok(None);
    };
    let mut bytes = merged(video.source, header, sound.source, header_there)?;
    bytes.extend(write::head(id::SEGMENT, write::UNKNOWN));
    if let Some(info) = video.seen.info {
        // Length and checksum are of what the file was.
        let kept = children(video.source, info, |id| !matches!(id, id::DURATION | id::VOID | id::CRC))?;
        bytes.extend(element(id::INFO, &kept.concat()));
    }
    let mut list = children(video.source, tracks, |id| !matches!(id, id::VOID | id::CRC))?;
    let taken = uids(video.source, tracks)?;
    list.push(entry(sound.source, tracks_there, there, here, &taken)?);
    bytes.extend(element(id::TRACKS, &list.concat()));
    Ok(Some(Front { bytes, number: (there, here) }))
}

/// The video's header, of a version that knows what is in either file.
fn merged<V: Read + Seek, S: Read + Seek>(
    video: &mut Source<V>,
    header: Element,
    sound: &mut Source<S>,
    header_there: Element,
) -> io::Result<Vec<u8>> {
    let version = number(video, header, id::DOC_TYPE_VERSION)?.max(number(sound, header_there, id::DOC_TYPE_VERSION)?);
    let made_anew = |id| matches!(id, id::DOC_TYPE_VERSION | id::MAX_SIZE_LENGTH | id::VOID | id::CRC);
    let mut kept = children(video, header, |id| !made_anew(id))?;
    kept.push(write::uint(id::DOC_TYPE_VERSION, version.unwrap_or(1)));
    Ok(element(id::EBML, &kept.concat()))
}

/// The description of the track of a number, under its new number and an id that no other track has.
fn entry<S: Read + Seek>(
    source: &mut Source<S>,
    tracks: Element,
    there: u64,
    here: u64,
    taken: &[u64],
) -> io::Result<Vec<u8>> {
    for entry in entries(source, tracks)? {
        if number(source, entry, id::TRACK_NUMBER)? != Some(there) {
            continue;
        }
        let given = number(source, entry, id::TRACK_UID)?.unwrap_or(here);
        let uid = (given..u64::MAX).chain(1..given).find(|uid| *uid > 0 && !taken.contains(uid)).unwrap_or(here);
        let made_anew = |id| matches!(id, id::TRACK_NUMBER | id::TRACK_UID | id::VOID | id::CRC);
        let mut kept = vec![write::uint(id::TRACK_NUMBER, here), write::uint(id::TRACK_UID, uid)];
        kept.extend(children(source, entry, |id| !made_anew(id))?);
        return Ok(element(id::TRACK_ENTRY, &kept.concat()));
    }
    Err(io::ErrorKind::InvalidData.into())
}

fn entries<R: Read + Seek>(source: &mut Source<R>, tracks: Element) -> io::Result<Vec<Element>> {
    let mut entries = Vec::new();
    tracks.each(source, |_, child| {
        if child.id == id::TRACK_ENTRY && entries.len() < MAX_CHILDREN {
            entries.push(child);
        }
        Ok(())
    })?;
    Ok(entries)
}

/// The ids of all tracks.
fn uids<R: Read + Seek>(source: &mut Source<R>, tracks: Element) -> io::Result<Vec<u64>> {
    let entries = entries(source, tracks)?;
    let uids = entries.into_iter().map(|entry| number(source, entry, id::TRACK_UID));
    Ok(uids.collect::<io::Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// The first child of an id, as a number.
fn number<R: Read + Seek>(source: &mut Source<R>, parent: Element, wanted: u32) -> io::Result<Option<u64>> {
    let mut found = None;
    parent.each(source, |source, child| {
        if child.id == wanted && found.is_none() {
            found = Some(child.uint(source)?);
        }
        Ok(())
    })?;
    Ok(found)
}

/// The children of an element whose ids are wanted, as they are.
fn children<R: Read + Seek>(
    source: &mut Source<R>,
    parent: Element,
    wanted: impl Fn(u32) -> bool,
) -> io::Result<Vec<Vec<u8>>> {
    let (mut kept, mut room) = (Vec::new(), MAX_BYTES);
    parent.each(source, |source, child| {
        if !wanted(child.id) {
            return Ok(());
        }
        let length = child.known_end()?.saturating_sub(child.start);
        source.go(child.start)?;
        let bytes = source.head(length, room)?;
        if bytes.len() as u64 != length || kept.len() >= MAX_CHILDREN {
            return Err(io::ErrorKind::InvalidData.into());
        }
        room -= bytes.len();
        kept.push(bytes);
        Ok(())
    })?;
    Ok(kept)
}

fn element(id: u32, body: &[u8]) -> Vec<u8> {
    [write::head(id, body.len() as u64).as_slice(), body].concat()
}
