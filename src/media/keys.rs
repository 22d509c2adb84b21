//! Where a picture can be decoded without those before it.

use serde::{Deserialize, Serialize};

/// Keyframes that are listed, at most; of more, as many are left out between each two.
pub const KEYFRAME_LIMIT: usize = 4000;

/// The keyframes of a video.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Keyframes {
    /// How many there are.
    pub count: u64,
    /// The longest time in ms from one to the next, or from the last to the end.
    pub gap: u64,
    /// When they are shown, thinned: ms from the one before, the first from the video's start.
    pub times: Vec<u64>,
}

impl Keyframes {
    /// When those that are listed are shown, in ms from the video's start.
    pub fn at(&self) -> impl Iterator<Item = u64> {
        self.times.iter().scan(0_u64, |at, distance| {
            *at = at.saturating_add(*distance);
            Some(*at)
        })
    }
}

/// Gathers keyframes as they pass by, in the order of time; memory stays the same however many there are.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    times: Vec<i64>,
    count: u64,
    /// Every so many are held.
    stride: u64,
    last: Option<i64>,
    gap: i64,
}

impl Default for Keys {
    fn default() -> Self {
        Self { times: Vec::new(), count: 0, stride: 1, last: None, gap: 0 }
    }
}

impl Keys {
    /// Takes in one, in units of the track's clock.
    pub(super) fn push(&mut self, time: i64) {
        if let Some(last) = self.last {
            self.gap = self.gap.max(time.saturating_sub(last));
        }
        self.last = Some(time);
        if self.times.len() == 2 * KEYFRAME_LIMIT {
            let mut keep = false;
            self.times.retain(|_| {
                keep = !keep;
                keep
            });
            self.stride *= 2;
        }
        if self.count.is_multiple_of(self.stride) {
            self.times.push(time);
        }
        self.count += 1;
    }

    /// Adds those of another list, which come later.
    pub(super) fn append(&mut self, other: Self) {
        let count = self.count + other.count;
        other.times.into_iter().for_each(|time| self.push(time));
        (self.count, self.gap) = (count, self.gap.max(other.gap));
    }

    /// Says that there are more than were pushed, of which every so many was.
    pub(super) const fn of(&mut self, count: u64) {
        self.count = count;
    }

    /// What there is to say, given how to make ms of the track's units, and when the video ends.
    pub(super) fn finish(mut self, ms: impl Fn(i64) -> f64, end_ms: Option<f64>) -> Option<Keyframes> {
        // Casts stop at the ends of the range, and what lies before the start is shown at the start.
        let whole = |time: i64| ms(time).round().max(0.0) as u64;
        let last = whole(self.last?);
        let rest = end_ms.map_or(0, |end| (end.max(0.0) as u64).saturating_sub(last));
        let gap = ((ms(self.gap) - ms(0)).round().max(0.0) as u64).max(rest);
        self.times.sort_unstable();
        let step = self.times.len().div_ceil(KEYFRAME_LIMIT);
        let mut before = 0;
        let times = self.times.iter().step_by(step).map(|time| {
            let at = whole(*time);
            let distance = at - before;
            before = at;
            distance
        });
        Some(Keyframes { times: times.collect(), count: self.count, gap })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_distances_and_the_end_counts_for_the_gap() {
        let mut keys = Keys::default();
        [10, 20, 50].into_iter().for_each(|time| keys.push(time));
        let found = keys.clone().finish(|time| time as f64 * 100.0 - 1_000.0, Some(4_500.0)).unwrap();
        assert_eq!(found, Keyframes { count: 3, gap: 3_000, times: vec![0, 1_000, 3_000] });
        assert_eq!(found.at().collect::<Vec<_>>(), [0, 1_000, 4_000]);
        assert_eq!(keys.finish(|time| time as f64 * 100.0, Some(15_000.0)).unwrap().gap, 10_000);
        assert!(Keys::default().finish(|time| time as f64, None).is_none());
    }

    #[test]
    fn many_are_thinned_evenly() {
        let mut keys = Keys::default();
        (0..1_000_000).for_each(|time| keys.push(time));
        let found = keys.finish(|time| time as f64, None).unwrap();
        assert_eq!((found.count, found.gap), (1_000_000, 1));
        assert!(found.times.len() <= KEYFRAME_LIMIT && found.times.len() > KEYFRAME_LIMIT / 4);
        let first = found.times[1];
        assert!(found.times[1..].iter().all(|distance| *distance == first));
    }
}
