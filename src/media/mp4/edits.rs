//! When a track is shown: the edit list out of what fragments and an older list say.

use super::tables::{close, put_head};
use super::tree::{u32_at, u64_at};

/// What an older list says: the track is shown from a moment of its own on, after a pause.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Edits {
    /// Units of the movie's clock before anything is shown.
    pub(super) pause: u64,
    /// Units of the track's clock that are skipped.
    pub(super) skipped: Option<i64>,
    /// Units of the movie's clock that are shown then; none where that is not said.
    pub(super) length: u64,
}

impl Edits {
    /// Reads the body of `elst`; `None` for an editor's work.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let long = *body.first()? == 1;
        let mut edits = Self::default();
        for at in 0..usize::try_from(u32_at(body, 4)?).ok()?.min(4) {
            let (length, from) = if long {
                (u64_at(body, 8 + 20 * at)?, u64_at(body, 16 + 20 * at)?.cast_signed())
            } else {
                (u32_at(body, 8 + 12 * at)?.into(), u32_at(body, 12 + 12 * at)?.cast_signed().into())
            };
            match (from, edits.skipped) {
                (-1, None) => edits.pause = edits.pause.checked_add(length)?,
                (0.., None) => (edits.skipped, edits.length) = (Some(from), length),
                _ => return None,
            }
        }
        Some(edits)
    }
}

impl Edits {
    /// When what is composed at a time of the track is shown, in ms of the movie.
    pub(super) fn shown_ms(&self, time: i64, timescale: u32, movie: u32) -> f64 {
        let time = time.saturating_sub(self.skipped.unwrap_or(0)) as f64;
        (time / f64::from(timescale) + self.pause as f64 / f64::from(movie)) * 1e3
    }
}

/// A pause in seconds that is worth being kept by Firefox, which passes over those of a list.
const WORTH: f64 = 0.005;
/// Units by which samples may be shown later than they are decoded; twice as many are an error to ffmpeg.
const MOST_SHIFT: i64 = 1 << 27;

/// When a track is shown, in seconds; media times are units of its clock from its first sample on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Showing {
    /// First moment, on the movie's time.
    pub(super) at: f64,
    /// The same on the track's time.
    media: i64,
    /// Length.
    pub(super) length: f64,
    /// Units a second of the track's clock.
    timescale: u32,
    /// Whether samples lie before that moment, which nobody is to see or hear.
    hides: bool,
}

impl Showing {
    /// Of a track whose first sample is decoded at `base`, and shown as `shown` says from then on.
    pub(super) fn new(edits: Edits, base: i64, shown: (i64, i64), timescale: u32, movie: u32) -> Option<Self> {
        let unit = 1.0 / f64::from(timescale);
        let first = base.checked_add(shown.0)?.max(base);
        let (from, at) = match edits.skipped {
            None => (first, first as f64 * unit),
            Some(skipped) => {
                let from = first.max(skipped);
                (from, from.checked_sub(skipped)? as f64 * unit + edits.pause as f64 / f64::from(movie))
            }
        };
        let media = from.checked_sub(base)?;
        let length = shown.1.checked_sub(media).filter(|length| *length > 0)? as f64 * unit;
        Some(Self { at, media, length, timescale, hides: from > first })
    }

    /// The pause before it and its length in units of the movie's clock, when the movie begins at `start`.
    pub(super) fn units(&self, start: f64, movie: u32) -> (u64, u64) {
        // Casts stop at the ends of the range.
        let units = |seconds: f64| (seconds * f64::from(movie)).round() as u64;
        (units(self.at - start), units(self.length))
    }

    /// By how much all is shown later than on the track's own time, or earlier, in units of its clock; none where only a
    /// pause in a list can say so, because there is too much of it, or something is hidden behind it.
    fn shift(&self, start: f64) -> Option<i64> {
        let pause = self.at - start;
        if pause < WORTH || self.hides {
            return None;
        }
        let shift = (pause * f64::from(self.timescale)).round() as i64;
        Some(shift.saturating_sub(self.media)).filter(|shift| *shift <= MOST_SHIFT)
    }

    /// How much later everything is shown than the samples say, when the movie begins at `start`.
    pub(super) fn later(&self, start: f64) -> u32 {
        self.shift(start).and_then(|shift| u32::try_from(shift).ok()).unwrap_or(0)
    }

    /// Writes `edts`, when it says anything.
    pub(super) fn write(&self, out: &mut Vec<u8>, start: f64, movie: u32) -> Option<()> {
        let (pause, length) = self.units(start, movie);
        let edits = match self.shift(start) {
            Some(0..) => Vec::new(),
            Some(shift) => vec![(pause.saturating_add(length), shift.saturating_neg())],
            None if pause > 0 => vec![(pause, -1), (length, self.media)],
            None if self.media > 0 => vec![(length, self.media)],
            None => Vec::new(),
        };
        if edits.is_empty() {
            return Some(());
        }
        let (outer, inner) = (out.len(), out.len() + 8);
        put_head(out, b"edts", 0)?;
        put_head(out, b"elst", 0)?;
        out.extend_from_slice(&[1, 0, 0, 0]);
        out.extend_from_slice(&u32::try_from(edits.len()).ok()?.to_be_bytes());
        for (length, from) in edits {
            out.extend_from_slice(&length.to_be_bytes());
            out.extend_from_slice(&from.to_be_bytes());
            out.extend_from_slice(&[0, 1, 0, 0]);
        }
        close(&mut out[inner..], 0)?;
        close(&mut out[outer..], 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_moment_shown_is_where_the_track_begins() {
        // Two frames of delay, and fragments that begin at 100 s.
        let plain = Showing::new(Edits::default(), 1_000, (2, 52), 10, 1_000).unwrap();
        assert_eq!((plain.at, plain.media, plain.length), (100.2, 2, 5.0));
        assert_eq!(plain.units(100.0, 1_000), (200, 5_000));
        assert_eq!(plain.shift(99.0), Some(10));
        assert_eq!((plain.shift(100.0), plain.shift(100.1)), (Some(0), Some(-1)));
        assert_eq!((plain.shift(100.2), plain.shift(-1e9)), (None, None), "no pause, and too long a one");
        let edits = Edits { pause: 500, skipped: Some(2), ..Edits::default() };
        let edited = Showing::new(edits, 0, (2, 52), 10, 1_000).unwrap();
        assert_eq!((edited.at, edited.media, edited.length), (0.5, 2, 5.0));
        assert_eq!(edited.shift(0.0), Some(3));
        // What was cut off must not come back.
        let cut = Showing::new(Edits { skipped: Some(3), ..edits }, 0, (2, 52), 10, 1_000).unwrap();
        assert_eq!((cut.at, cut.media, cut.shift(0.0)), (0.5, 3, None));
        assert!(Showing::new(Edits { skipped: Some(60), ..Edits::default() }, 0, (2, 52), 10, 1_000).is_none());
    }

    #[test]
    fn lists_of_editors_are_refused() {
        let list = |times: &[i32]| {
            let mut body = vec![0; 4];
            body.extend_from_slice(&u32::try_from(times.len()).unwrap().to_be_bytes());
            for time in times {
                body.extend_from_slice(&[0, 0, 0, 9]);
                body.extend_from_slice(&time.to_be_bytes());
                body.extend_from_slice(&[0, 1, 0, 0]);
            }
            Edits::read(&body).map(|edits| (edits.pause, edits.skipped))
        };
        assert_eq!(list(&[]), Some((0, None)));
        assert_eq!(list(&[-1, 7]), Some((9, Some(7))));
        assert_eq!(list(&[7, 0]), None);
        assert_eq!(list(&[0, -1]), None);
    }
}
