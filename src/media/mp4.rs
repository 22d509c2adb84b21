//! MP4 and `QuickTime`: one walk over the boxes, wherever `moov` lies, whether the samples are listed in it or in
//! fragments. Lengths come from the samples: recorders leave the headers' durations at zero or at the first fragment's.

mod boxes;
mod compose;
mod cut;
mod edits;
mod entry;
mod fragments;
mod join;
mod keys;
mod listed;
mod mux;
mod offsets;
mod packets;
mod private;
mod repair;
mod tables;
mod track;
mod trak;
mod tree;

use std::io::{self, Read, Seek};

use super::source::{Source, is_malformed};
use super::{Created, Facts, Keyframes};
use crate::interrupt;
use boxes::Walk;
pub(super) use cut::cut;
use fragments::Run;
pub(super) use mux::mux;
pub(super) use packets::packets;
pub(super) use repair::repair;
use track::{Clock, Track};

/// Where the dates of MP4 count from: the start of 1904, in ms since 1970.
const EPOCH_MS: f64 = -2_082_844_800_000.0;
/// More tracks than this are not looked at.
const MAX_TRACKS: usize = 64;

/// What the walk has gathered.
#[derive(Default)]
struct Movie {
    has_index: bool,
    /// Units a second of the times that belong to no track.
    timescale: u32,
    created: Option<Created>,
    tracks: Vec<Track>,
    /// Which track the boxes belong to that come next; `None` when there are too many.
    current: Option<usize>,
    run: Option<Run>,
}

/// What there is to say about an MP4 or `QuickTime` file.
pub(super) fn probe<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Facts> {
    let mut movie = Movie::default();
    let mut walk = Walk::new(0, source.len());
    let mut cut = false;
    loop {
        match movie.step(source, &mut walk) {
            Ok(true) => {}
            Ok(false) => break,
            // What was read so far is what there is.
            Err(error) if is_malformed(&error) => {
                cut = true;
                break;
            }
            Err(error) => return Err(error),
        }
    }
    let keyframes = movie.keyframes(source)?;
    Ok(Facts { cut: cut || walk.cut(), keyframes, ..movie.facts() })
}

impl Movie {
    fn step<R: Read + Seek>(&mut self, source: &mut Source<R>, walk: &mut Walk) -> io::Result<bool> {
        let Some(head) = walk.next(source)? else { return Ok(false) };
        match &head.kind {
            b"moov" => self.has_index = true,
            b"mvhd" => {
                let clock = Clock::read(source)?;
                self.timescale = clock.timescale;
                self.created = Created::since(EPOCH_MS, clock.created as f64 * 1e3);
            }
            b"trak" => self.add_track(),
            b"moof" => {
                interrupt::check_io()?;
                self.run = None;
            }
            b"trex" => fragments::defaults(source, &mut self.tracks)?,
            b"tfhd" => self.run = Run::read(source, &self.tracks)?,
            b"tfdt" | b"trun" => {
                if let Some(run) = &mut self.run {
                    run.take(source, &head, &mut self.tracks)?;
                }
            }
            _ => {
                if let Some(track) = self.current.and_then(|at| self.tracks.get_mut(at)) {
                    track.take(source, &head)?;
                }
            }
        }
        Ok(true)
    }

    fn add_track(&mut self) {
        self.current = (self.tracks.len() < MAX_TRACKS).then_some(self.tracks.len());
        if self.current.is_some() {
            self.tracks.push(Track::default());
        }
    }

    fn facts(&self) -> Facts {
        let mut facts = Facts { no_index: !self.has_index, ..Facts::default() };
        let media = || self.tracks.iter().filter(|track| track.is_video() || track.is_audio());
        facts.has_frames = media().any(Track::has_samples);
        facts.duration_ms = self.duration_ms();
        facts.created = self.created;
        if let Some(track) = self.video() {
            facts.add(true, track.codec.clone(), track.shown_size());
            facts.rotation = track.rotation;
        }
        if let Some(track) = media().find(|track| track.is_audio()) {
            facts.add(false, track.codec.clone(), None);
        }
        for track in &self.tracks {
            let size = if track.is_video() { track.shown_size() } else { None };
            facts.list(track.kind(), track.codec.clone(), size);
        }
        facts
    }

    /// The moving picture.
    fn video(&self) -> Option<&Track> {
        self.tracks.iter().find(|track| track.is_video() && !track.is_cover())
    }

    fn keyframes<R: Read + Seek>(&self, source: &mut Source<R>) -> io::Result<Option<Keyframes>> {
        let Some((track, span)) = self.video().zip(self.span_ms()) else { return Ok(None) };
        track.keyframes(source, self.timescale, span)
    }

    /// The longest track's length; of fragments, from the first sample of all to the last.
    fn duration_ms(&self) -> Option<f64> {
        let (start, end) = self.span_ms()?;
        Some(end - start).filter(|ms| ms.is_finite() && *ms >= 0.0)
    }

    fn span_ms(&self) -> Option<(f64, f64)> {
        let spans = self.tracks.iter().filter_map(|track| track.span_ms(self.timescale));
        spans.reduce(|(start, end), span| (span.0.min(start), span.1.max(end)))
    }
}

#[cfg(test)]
pub(in crate::media::mp4) mod tests {
    use std::io::Cursor;

    use super::*;

    pub(super) fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let mut bytes = u32::try_from(body.len() + 8).unwrap().to_be_bytes().to_vec();
        bytes.extend_from_slice(kind);
        bytes.extend_from_slice(body);
        bytes
    }

    fn facts(bytes: Vec<u8>) -> Facts {
        probe(&mut Source::new(Cursor::new(bytes)).unwrap()).unwrap()
    }

    #[test]
    fn deep_nesting_ends() {
        let mut bytes = Vec::new();
        for _ in 0..3_000 {
            bytes = boxed(b"moov", &bytes);
        }
        assert!(!facts(bytes).has_frames);
    }

    #[test]
    fn a_count_of_samples_without_data_costs_nothing() {
        let mut stts = vec![0; 4];
        stts.extend_from_slice(&u32::MAX.to_be_bytes());
        let stbl = boxed(b"stbl", &boxed(b"stts", &stts));
        let bytes = boxed(b"moov", &boxed(b"trak", &boxed(b"mdia", &boxed(b"minf", &stbl))));
        assert!(!facts(bytes).has_frames);
    }

    #[test]
    fn no_moov_is_noticed() {
        assert!(facts(boxed(b"ftyp", b"isom\0\0\0\0")).no_index);
    }
}
