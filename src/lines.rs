//! What the lines of a console are to each other: equal ones that follow each other, and groups.

use memchr::memmem;
use serde_json::Value;

use crate::sink::Stored;

/// Lines count as repeated within this many ms of the first.
const RUN_MS: f64 = 1000.0;
/// Lines that are kept in mind at most.
const RUN_LINES: usize = 10_000;
/// Groups within groups that are told apart.
const DEEPEST: usize = 16;

/// Where and when an event is, without what it says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    /// Milliseconds from the timeline's zero.
    pub(crate) time: Option<f64>,
    /// Offset and length of the detail in bytes.
    pub(crate) detail: (u64, usize),
    /// Class for the index.
    pub(crate) class: usize,
}

/// A line, and how many equal ones follow.
#[derive(Debug)]
pub(crate) struct Run {
    /// Members of the row as JSON, without braces.
    pub(crate) row: Vec<u8>,
    /// The line itself, then those that repeat it.
    pub(crate) spots: Vec<Spot>,
}

impl Run {
    pub(crate) fn new(row: Vec<u8>, spot: Spot) -> Self {
        Self { row, spots: vec![spot] }
    }

    /// Whether a line is the same once more.
    pub(crate) fn holds(&self, row: &[u8], spot: Spot) -> bool {
        let soon = match (self.spots[0].time, spot.time) {
            (Some(first), Some(time)) => time - first <= RUN_MS,
            (first, time) => first == time,
        };
        soon && self.spots.len() < RUN_LINES && self.row == row
    }
}

/// The groups that are open at a row.
#[derive(Debug, Default)]
pub(crate) struct Groups(Vec<u64>);

impl Groups {
    /// The members of a row with the groups that it lies in before them, and whether it ends one. `number` is the
    /// row's.
    pub(crate) fn place(&mut self, event: &Stored, number: u64) -> (Vec<u8>, bool) {
        let mut row = Vec::with_capacity(event.row.len() + 24);
        if !self.0.is_empty() {
            let open: Vec<_> = self.0.iter().map(u64::to_string).collect();
            row.extend_from_slice(format!("\"groups\":[{}],", open.join(",")).as_bytes());
        }
        row.extend_from_slice(&event.row[1..]);
        let turn = turn(&event.row);
        match turn {
            Some(true) if self.0.len() < DEEPEST => self.0.push(number),
            Some(false) => drop(self.0.pop()),
            _ => {}
        }
        (row, turn == Some(false))
    }
}

/// Whether a row opens a group or closes one.
fn turn(row: &[u8]) -> Option<bool> {
    // Few rows have it, and reading all of them as JSON would take as long as packing them.
    memmem::find(row, b"roup")?;
    let row: Value = serde_json::from_slice(row).ok()?;
    match row.get("method")?.as_str()?.to_ascii_lowercase().as_str() {
        "group" | "groupcollapsed" | "startgroup" | "startgroupcollapsed" => Some(true),
        "groupend" | "endgroup" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Spot = Spot { time: Some(5.0), detail: (0, 0), class: 0 };

    #[test]
    fn equal_lines_run_for_a_second() {
        let run = Run::new(b"a".to_vec(), HERE);
        assert!(run.holds(b"a", Spot { time: Some(1005.0), ..HERE }));
        assert!(!run.holds(b"a", Spot { time: Some(1005.1), ..HERE }));
        assert!(!run.holds(b"b", HERE));
        assert!(!run.holds(b"a", Spot { time: None, ..HERE }));
        assert!(Run::new(b"a".to_vec(), Spot { time: None, ..HERE }).holds(b"a", Spot { time: None, ..HERE }));
    }

    #[test]
    fn a_row_opens_and_closes_groups_by_its_method_only() {
        assert_eq!(turn(br#"{"text":"x","method":"startGroup"}"#), Some(true));
        assert_eq!(turn(br#"{"text":"x","method":"groupCollapsed"}"#), Some(true));
        assert_eq!(turn(br#"{"text":"x","method":"endGroup"}"#), Some(false));
        assert_eq!(turn(br#"{"text":"\"method\":\"endGroup\"","method":"table"}"#), None);
        assert_eq!(turn(br#"{"text":"group"}"#), None);
    }
}
