//! Fragments: `moof` boxes with samples of their own, whose lengths no header sums up.

use std::io::{self, Read, Seek};

use super::boxes::Head;
use super::track::{Track, entries};
use crate::media::source::Source;

/// The flag of a sample that needs others.
const NOT_KEY: u32 = 0x1_0000;

/// Reads `trex`: what holds for all fragments of a track.
pub(super) fn defaults<R: Read + Seek>(source: &mut Source<R>, tracks: &mut [Track]) -> io::Result<()> {
    source.array::<4>()?;
    let id = source.u32()?;
    source.array::<4>()?;
    let duration = source.u32()?;
    source.array::<4>()?;
    let flags = source.u32()?;
    if let Some(track) = tracks.iter_mut().find(|track| track.id == id) {
        (track.default_duration, track.default_flags) = (duration, flags);
    }
    Ok(())
}

/// The samples of one track in one fragment.
#[derive(Debug)]
pub(super) struct Run {
    track: usize,
    duration: u32,
    flags: u32,
}

impl Run {
    /// Reads `tfhd`; `None` when the track is not known.
    pub(super) fn read<R: Read + Seek>(source: &mut Source<R>, tracks: &[Track]) -> io::Result<Option<Self>> {
        let flags = source.u32()?;
        let id = source.u32()?;
        let Some(track) = tracks.iter().position(|track| track.id == id) else { return Ok(None) };
        let before = present(flags, 1, 8) + present(flags, 2, 4);
        source.head(before, 12)?;
        let duration = if flags & 8 == 0 { tracks[track].default_duration } else { source.u32()? };
        source.head(present(flags, 0x10, 4), 4)?;
        let sample_flags = if flags & 0x20 == 0 { tracks[track].default_flags } else { source.u32()? };
        Ok(Some(Self { track, duration, flags: sample_flags }))
    }

    /// Reads `tfdt` or `trun`.
    pub(super) fn take<R: Read + Seek>(
        &mut self,
        source: &mut Source<R>,
        head: &Head,
        tracks: &mut [Track],
    ) -> io::Result<()> {
        let Some(track) = tracks.get_mut(self.track) else { return Ok(()) };
        if head.kind == *b"tfdt" {
            let long = source.array::<4>()?[0] == 1;
            let time = if long { source.u64()? } else { source.u32()?.into() };
            track.next = i64::try_from(time).unwrap_or(i64::MAX);
            return Ok(());
        }
        self.samples(source, head, track)
    }

    fn samples<R: Read + Seek>(&self, source: &mut Source<R>, head: &Head, track: &mut Track) -> io::Result<()> {
        let flags = source.u32()?;
        let count = source.u32()?;
        let before = present(flags, 1, 4) + present(flags, 4, 4);
        source.head(present(flags, 1, 4), 4)?;
        let mut first_flags = if flags & 4 == 0 { None } else { Some(source.u32()?) };
        let fields = u64::from((flags & 0xf00).count_ones());
        if fields == 0 {
            // All of them at once: a group of pictures begins with the first.
            key(track, first_flags.unwrap_or(self.flags), track.next);
            let length = i64::from(count).saturating_mul(self.duration.into());
            show(track, track.next, track.next.saturating_add(length));
            track.next = track.next.saturating_add(length);
            return Ok(());
        }
        for _ in 0..entries(count, head, 8 + before, 4 * fields) {
            let length = if flags & 0x100 == 0 { self.duration } else { source.u32()? };
            source.head(present(flags, 0x200, 4), 4)?;
            let own_flags = if flags & 0x400 == 0 { self.flags } else { source.u32()? };
            let sample_flags = first_flags.take().filter(|_| flags & 0x400 == 0).unwrap_or(own_flags);
            // Version 0 has it without sign, but writers put negative numbers there all the same.
            let shift = if flags & 0x800 == 0 { 0 } else { i64::from(source.u32()?.cast_signed()) };
            let shown = track.next.saturating_add(shift);
            key(track, sample_flags, shown);
            show(track, shown, shown.saturating_add(length.into()));
            track.next = track.next.saturating_add(length.into());
        }
        Ok(())
    }
}

/// Takes note of a sample that needs no other.
fn key(track: &mut Track, flags: u32, shown: i64) {
    if track.is_video() && flags & NOT_KEY == 0 {
        track.keys.push(shown);
    }
}

/// Bytes of a field that a flag announces.
const fn present(flags: u32, flag: u32, bytes: u64) -> u64 {
    if flags & flag == 0 { 0 } else { bytes }
}

/// Widens what the fragments of a track show.
fn show(track: &mut Track, from: i64, to: i64) {
    let (start, end) = track.fragments.unwrap_or((from, to));
    track.fragments = Some((start.min(from), end.max(to)));
}
