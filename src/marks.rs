//! Places on the scrub bar, and the failure the page lands on.

use crate::blocks::round;
use crate::event::{FailureKind, Stream};
use crate::manifest::{Failures, Marks};
use crate::sink::Stored;

/// Marks of a kind that a scrub bar can tell apart.
pub(crate) const MARK_LIMIT: usize = 1_000;

/// Notes failures and actions as the events pass in the order of time.
#[derive(Debug)]
pub(crate) struct Marker {
    span: (f64, f64),
    failures: Thinned<Failure>,
    actions: Thinned<(f64, u64)>,
    count: u64,
    first: Option<Failure>,
}

#[derive(Clone, Copy, Debug)]
struct Failure {
    time: Option<f64>,
    stream: Stream,
    row: u64,
    kind: FailureKind,
}

impl Failure {
    fn entry(self) -> (Option<f64>, String, u64, String) {
        (self.time, self.stream.name().into(), self.row, self.kind.name().into())
    }
}

impl Marker {
    /// A marker for events within these limits.
    pub(crate) const fn new(span: (f64, f64)) -> Self {
        Self { span, failures: Thinned::new(), actions: Thinned::new(), count: 0, first: None }
    }

    pub(crate) fn note(&mut self, event: &Stored, row: u64) {
        let time = event.time.map(round);
        let place = self.place(time);
        if let Some(kind) = event.failure {
            let failure = Failure { time, stream: event.stream, row, kind };
            self.count += 1;
            if self.first.is_none_or(|first| kind < first.kind) {
                self.first = Some(failure);
            }
            self.failures.push(place, failure, |held, new| new.kind < held.kind);
        }
        if let (Stream::Actions, Some(time)) = (event.stream, time) {
            self.actions.push(place, (time, row), |_, _| false);
        }
    }

    /// Which of the bar's places a time falls on; what has no time has none.
    fn place(&self, time: Option<f64>) -> Option<usize> {
        let length = self.span.1 - self.span.0;
        let share = if length > 0.0 { (time? - self.span.0) / length } else { 0.0 };
        Some((share.clamp(0.0, 1.0) * (MARK_LIMIT - 1) as f64) as usize)
    }

    pub(crate) fn finish(self) -> (Failures, Marks) {
        let failures = Failures { count: self.count, first: self.first.map(Failure::entry) };
        let marks = Marks {
            failures: self.failures.finish().into_iter().map(Failure::entry).collect(),
            actions: self.actions.finish(),
        };
        (failures, marks)
    }
}

/// Keeps everything while that is little, else one a place.
#[derive(Debug)]
struct Thinned<T> {
    all: Vec<T>,
    places: Vec<(usize, T)>,
}

impl<T: Copy> Thinned<T> {
    const fn new() -> Self {
        Self { all: Vec::new(), places: Vec::new() }
    }

    /// Of several at one place the first stays, unless a later one is `better`.
    fn push(&mut self, place: Option<usize>, item: T, better: impl Fn(&T, &T) -> bool) {
        if self.all.len() <= MARK_LIMIT {
            self.all.push(item);
        }
        let Some(place) = place else { return };
        match self.places.last_mut() {
            Some((last, held)) if *last == place => {
                if better(held, &item) {
                    *held = item;
                }
            }
            _ => self.places.push((place, item)),
        }
    }

    fn finish(self) -> Vec<T> {
        if self.all.len() <= MARK_LIMIT { self.all } else { self.places.into_iter().map(|(_, item)| item).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(number: u32, timed: bool) -> Stored {
        Stored {
            stream: Stream::Console,
            time: timed.then_some(f64::from(number)),
            duration: None,
            class: 0,
            failure: Some(if number == 700 { FailureKind::Uncaught } else { FailureKind::Console }),
            marked: true,
            row: Vec::new(),
            detail: Vec::new(),
        }
    }

    fn marks(count: u32, timed: impl Fn(u32) -> bool) -> (Failures, Marks) {
        let mut marker = Marker::new((0.0, f64::from(count)));
        for number in 0..count {
            marker.note(&failure(number, timed(number)), number.into());
        }
        marker.finish()
    }

    #[test]
    fn few_marks_are_all_kept() {
        let (failures, marks) = marks(900, |number| number % 2 == 0);
        assert_eq!((failures.count, marks.failures.len()), (900, 900));
        assert_eq!(failures.first.unwrap().2, 700);
    }

    #[test]
    fn many_marks_are_thinned_whatever_their_times() {
        for timed in [|_| true, |number| number % 2 == 0, |_| false] {
            let (failures, marks) = marks(12_000, timed);
            assert_eq!(failures.count, 12_000);
            assert!(marks.failures.len() <= MARK_LIMIT, "{}", marks.failures.len());
        }
        let (_, marks) = marks(12_000, |_| true);
        assert!(marks.failures.iter().any(|failure| failure.3 == "uncaught"));
    }
}
