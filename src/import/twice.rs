//! Requests that two inputs tell of: a trace, and the HAR that was written beside it.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::event::{EventTime, NetworkRow};

/// Two starts this close, in ms, are one.
const SAME: f64 = 5.0;
/// Requests that are remembered.
const MOST: usize = 200_000;

/// The requests of one kind of input.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    starts: HashMap<u64, Vec<f64>>,
    count: usize,
}

impl Requests {
    /// Remembers a request.
    pub(crate) fn note(&mut self, row: &NetworkRow, time: EventTime) {
        if let (EventTime::Wall(ms), true) = (time, self.count < MOST) {
            self.starts.entry(key(row)).or_default().push(ms);
            self.count += 1;
        }
    }

    /// Whether a request was remembered; it stands for one only.
    pub(crate) fn has(&mut self, row: &NetworkRow, time: EventTime) -> bool {
        let EventTime::Wall(ms) = time else { return false };
        let Some(starts) = self.starts.get_mut(&key(row)) else { return false };
        let found = starts.iter().position(|start| (start - ms).abs() <= SAME);
        found.map(|place| starts.swap_remove(place)).is_some()
    }
}

fn key(row: &NetworkRow) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&row.method, &row.url).hash(&mut hasher);
    hasher.finish()
}
