//! A track of an MP4 or `QuickTime` file, from the boxes below `trak`.

use std::collections::VecDeque;
use std::io::{self, Read, Seek};

use super::boxes::Head;
use super::entry;
use super::keys;
use crate::media::keys::{Keyframes, Keys};
use crate::media::source::{Source, is_malformed};

/// Edits that are looked at; more than a few are an editor's work, not a recorder's.
const MAX_EDITS: u32 = 1_000;

/// The clock of a movie or track, out of `mvhd` or `mdhd`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    /// Units a second.
    pub(super) timescale: u32,
    /// Length in units, as the header claims.
    duration: u64,
    /// Seconds from the start of 1904.
    pub(super) created: u64,
}

impl Clock {
    /// Reads the payload at which the source stands.
    pub(super) fn read<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Self> {
        if source.array::<4>()?[0] == 1 {
            let created = source.u64()?;
            source.array::<8>()?;
            Ok(Self { timescale: source.u32()?, duration: source.u64()?, created })
        } else {
            let created = source.u32()?.into();
            source.array::<4>()?;
            Ok(Self { timescale: source.u32()?, duration: source.u32()?.into(), created })
        }
    }
}

/// What is known of a track. Times are units of its clock unless said otherwise.
#[derive(Clone, Debug, Default)]
pub(super) struct Track {
    pub(super) id: u32,
    handler: Option<[u8; 4]>,
    pub(super) codec: Option<String>,
    clock: Clock,
    /// Pixels shown, after scaling and rotation.
    shown: Option<(u32, u32)>,
    /// Pixels coded.
    coded: Option<(u32, u32)>,
    /// Degrees clockwise.
    pub(super) rotation: u16,
    samples: u64,
    /// Sum of the samples' lengths in `stts`.
    length: u64,
    /// Lengths of the last samples, and how much later than decoded they are shown.
    lengths: Tail,
    shifts: Tail,
    edits: Edits,
    /// Length of a sample in fragments unless the fragment says otherwise.
    pub(super) default_duration: u32,
    /// First and last moment shown by fragments.
    pub(super) fragments: Option<(i64, i64)>,
    /// Where the next fragment starts unless it says so.
    pub(super) next: i64,
    /// What a sample in fragments is unless the fragment says otherwise.
    pub(super) default_flags: u32,
    /// Keyframes of fragments.
    pub(super) keys: Keys,
    /// Where the tables of the index lie: lengths, shifts, numbers of keyframes.
    tables: [Option<Head>; 3],
}

/// What an edit list does to the track's length. Times of `shown` and `empty` are units of the movie's clock.
#[derive(Clone, Copy, Debug, Default)]
struct Edits {
    empty: u64,
    shown: u64,
    /// Where in the track the first edit begins.
    skipped: u64,
}

impl Track {
    pub(super) fn is_video(&self) -> bool {
        self.handler == Some(*b"vide")
    }

    pub(super) fn is_audio(&self) -> bool {
        self.handler == Some(*b"soun")
    }

    /// What it is, in the words of [`crate::media::Track`].
    pub(super) fn kind(&self) -> &'static str {
        match self.handler.as_ref() {
            Some(b"vide") if !self.is_cover() => "video",
            Some(b"soun") => "audio",
            Some(b"text" | b"sbtl" | b"subt" | b"clcp") => "text",
            _ => "other",
        }
    }

    /// A picture of the cover, which players keep as a track of video.
    pub(super) fn is_cover(&self) -> bool {
        matches!(self.codec.as_deref(), Some("jpeg" | "png" | "mjpa" | "mjpb"))
    }

    pub(super) const fn has_samples(&self) -> bool {
        self.samples > 0 || self.fragments.is_some()
    }

    /// Pixels shown across and down.
    pub(super) fn shown_size(&self) -> Option<(u32, u32)> {
        let turn = |(width, height)| if self.rotation % 180 == 90 { (height, width) } else { (width, height) };
        self.shown.or(self.coded).map(turn)
    }

    /// First and last moment of the track in milliseconds.
    pub(super) fn span_ms(&self, movie_timescale: u32) -> Option<(f64, f64)> {
        if !(self.is_video() || self.is_audio()) || self.clock.timescale == 0 || !self.has_samples() {
            return None;
        }
        let unit = 1000.0 / f64::from(self.clock.timescale);
        if let Some((start, end)) = self.fragments {
            // Samples listed in the index come before all fragments.
            let start = if self.samples > 0 { start.min(0) } else { start };
            return Some((start as f64 * unit, end as f64 * unit));
        }
        let length = if self.length > 0 { self.shown_end() } else { self.clock.duration };
        Some((0.0, self.edited_ms(length.saturating_sub(self.edits.skipped) as f64 * unit, movie_timescale)))
    }

    /// When the last sample shown ends. Samples are listed in the order of decoding, and with uneven frame times the
    /// sum of their lengths may lie seconds before it.
    fn shown_end(&self) -> u64 {
        let mut decoded_end = i64::try_from(self.length).unwrap_or(i64::MAX);
        let mut end = decoded_end;
        for (length, shift) in self.lengths.latest().zip(self.shifts.latest()) {
            end = end.max(decoded_end.saturating_add(shift));
            decoded_end = decoded_end.saturating_sub(length);
        }
        u64::try_from(end).unwrap_or(self.length)
    }

    /// The length after edits, which hide an encoder's warm-up or put a late track in its place.
    fn edited_ms(&self, length: f64, movie_timescale: u32) -> f64 {
        if movie_timescale == 0 {
            return length;
        }
        let unit = 1000.0 / f64::from(movie_timescale);
        let shown = if self.edits.shown > 0 { length.min(self.edits.shown as f64 * unit) } else { length };
        shown + self.edits.empty as f64 * unit
    }

    /// Reads a box of the track.
    pub(super) fn take<R: Read + Seek>(&mut self, source: &mut Source<R>, head: &Head) -> io::Result<()> {
        match &head.kind {
            b"tkhd" => self.header(source)?,
            b"mdhd" => self.clock = Clock::read(source)?,
            // QuickTime has a second one below `minf`, for the data's place.
            b"hdlr" if self.handler.is_none() => {
                source.array::<8>()?;
                self.handler = Some(source.array()?);
            }
            b"elst" => self.edit_list(source, head)?,
            b"stsd" => (self.codec, self.coded) = entry::read(source, head, self.is_video())?,
            b"stts" => self.durations(source, head)?,
            b"ctts" => self.shifts(source, head)?,
            b"stss" => self.tables[2] = Some(*head),
            _ => {}
        }
        Ok(())
    }

    fn header<R: Read + Seek>(&mut self, source: &mut Source<R>) -> io::Result<()> {
        let long = source.array::<4>()?[0] == 1;
        source.head(if long { 16 } else { 8 }, 16)?;
        self.id = source.u32()?;
        source.head(if long { 28 } else { 24 }, 28)?;
        let mut matrix = [0; 9];
        for cell in &mut matrix {
            *cell = source.u32()?;
        }
        let [a, b, _, c, d, ..] = matrix.map(u32::cast_signed);
        self.rotation = match (a, b, c, d) {
            (0, 1.., ..=-1, 0) => 90,
            (..=-1, 0, 0, ..=-1) => 180,
            (0, ..=-1, 1.., 0) => 270,
            // Mirrored on its diagonal: width and height change places as well.
            (0, _, _, 0) if b != 0 && c != 0 => 90,
            _ => 0,
        };
        // Both are fixed-point numbers with 16 bits behind the point.
        let (width, height) = (source.u32()? >> 16, source.u32()? >> 16);
        self.shown = (width > 0 && height > 0).then_some((width, height));
        Ok(())
    }

    fn edit_list<R: Read + Seek>(&mut self, source: &mut Source<R>, head: &Head) -> io::Result<()> {
        let long = source.array::<4>()?[0] == 1;
        let mut edits = Edits::default();
        let mut first = true;
        for _ in 0..entries(source.u32()?, head, 8, if long { 20 } else { 12 }).min(MAX_EDITS) {
            let length = if long { source.u64()? } else { source.u32()?.into() };
            let from = if long { source.u64()?.cast_signed() } else { source.u32()?.cast_signed().into() };
            source.array::<4>()?;
            match u64::try_from(from) {
                Err(_) => edits.empty = edits.empty.saturating_add(length),
                Ok(from) => {
                    edits.shown = edits.shown.saturating_add(length);
                    if first {
                        edits.skipped = from;
                    }
                    first = false;
                }
            }
        }
        self.edits = edits;
        Ok(())
    }

    fn durations<R: Read + Seek>(&mut self, source: &mut Source<R>, head: &Head) -> io::Result<()> {
        self.tables[0] = Some(*head);
        source.array::<4>()?;
        let (mut samples, mut length) = (0_u64, 0_u64);
        for _ in 0..entries(source.u32()?, head, 8, 8) {
            let (count, each) = (u64::from(source.u32()?), u64::from(source.u32()?));
            samples = samples.saturating_add(count);
            length = length.saturating_add(count.saturating_mul(each));
            self.lengths.push(i64::try_from(each).unwrap_or(i64::MAX), count);
        }
        (self.samples, self.length) = (samples, length);
        self.next = i64::try_from(length).unwrap_or(i64::MAX);
        Ok(())
    }

    fn shifts<R: Read + Seek>(&mut self, source: &mut Source<R>, head: &Head) -> io::Result<()> {
        self.tables[1] = Some(*head);
        source.array::<4>()?;
        for _ in 0..entries(source.u32()?, head, 8, 8) {
            let count = source.u32()?;
            // Version 0 has it without sign, but writers put negative numbers there all the same.
            self.shifts.push(source.u32()?.cast_signed().into(), count.into());
        }
        Ok(())
    }

    /// The keyframes of index and fragments; `start_ms` is where the movie begins.
    pub(super) fn keyframes<R: Read + Seek>(
        &self,
        source: &mut Source<R>,
        movie_timescale: u32,
        (start_ms, end_ms): (f64, f64),
    ) -> io::Result<Option<Keyframes>> {
        if self.clock.timescale == 0 {
            return Ok(None);
        }
        let mut keys = match keys::listed(source, self.tables, self.samples) {
            // A damaged table only costs what is in it.
            Err(error) if is_malformed(&error) => Keys::default(),
            other => other?,
        };
        let unit = 1000.0 / f64::from(self.clock.timescale);
        let empty =
            if movie_timescale == 0 { 0.0 } else { self.edits.empty as f64 * 1000.0 / f64::from(movie_timescale) };
        let skipped = if self.fragments.is_some() { 0 } else { self.edits.skipped };
        keys.append(self.keys.clone());
        Ok(keys.finish(|time| (time as f64 - skipped as f64) * unit + empty - start_ms, Some(end_ms - start_ms)))
    }
}

/// The last few values of a list of runs: more frames than any codec holds back before it shows them.
#[derive(Clone, Debug, Default)]
struct Tail(VecDeque<i64>);

impl Tail {
    const CAP: usize = 32;

    fn push(&mut self, value: i64, count: u64) {
        for _ in 0..count.min(Self::CAP as u64) {
            if self.0.len() == Self::CAP {
                self.0.pop_front();
            }
            self.0.push_back(value);
        }
    }

    /// The values, last first.
    fn latest(&self) -> impl Iterator<Item = i64> {
        self.0.iter().rev().copied()
    }
}

/// How many entries of a table there are: what it claims, but no more than fit into its box.
pub(super) fn entries(claimed: u32, head: &Head, before: u64, each: u64) -> u32 {
    let room = head.len().saturating_sub(before) / each.max(1);
    claimed.min(u32::try_from(room).unwrap_or(u32::MAX))
}
