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
    /// What it was called with, as JSON.
    args: Vec<u8>,
    /// The line itself, then those that repeat it.
    pub(crate) spots: Vec<Spot>,
}

impl Run {
    pub(crate) fn new(row: Vec<u8>, detail: &[u8], spot: Spot) -> Self {
        Self { row, args: args(detail).to_vec(), spots: vec![spot] }
    }

    /// Whether a line is the same once more. Of one that goes on in its detail nobody can tell by the row.
    pub(crate) fn holds(&self, row: &[u8], detail: &[u8], spot: Spot) -> bool {
        let soon = match (self.spots[0].time, spot.time) {
            (Some(first), Some(time)) => time - first <= RUN_MS,
            (first, time) => first == time,
        };
        let equal = self.row == row && memmem::find(row, b"\"cut\":true").is_none() && self.args == args(detail);
        soon && self.spots.len() < RUN_LINES && equal
    }
}

/// From the arguments on, what a detail says; all of it when they come to no end.
fn args(detail: &[u8]) -> &[u8] {
    let Some(start) = memmem::find(detail, b"\"args\":[") else { return &[] };
    let found = &detail[start + b"\"args\":".len()..];
    let (mut depth, mut quoted, mut escaped) = (0_u64, false, false);
    for (place, byte) in found.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return &found[..=place];
        }
    }
    found
}

/// The groups that are open at a row.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    open: Vec<u64>,
    /// How many are open beyond those.
    deeper: u64,
}

impl Groups {
    /// The members of a row with the groups that it lies in before them, and whether it ends one. `number` is the
    /// row's.
    pub(crate) fn place(&mut self, event: &Stored, number: u64) -> (Vec<u8>, bool) {
        let mut row = Vec::with_capacity(event.row.len() + 24);
        if !self.open.is_empty() {
            let open: Vec<_> = self.open.iter().map(u64::to_string).collect();
            row.extend_from_slice(format!("\"groups\":[{}],", open.join(",")).as_bytes());
        }
        row.extend_from_slice(&event.row[1..]);
        let turn = turn(&event.row);
        match turn {
            Some(true) if self.open.len() < DEEPEST => self.open.push(number),
            Some(true) => self.deeper += 1,
            Some(false) if self.deeper > 0 => self.deeper -= 1,
            Some(false) => drop(self.open.pop()),
            None => {}
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
    use crate::event::Stream;

    const HERE: Spot = Spot { time: Some(5.0), detail: (0, 0), class: 0 };

    #[test]
    fn equal_lines_run_for_a_second() {
        let run = Run::new(b"a".to_vec(), b"{}", HERE);
        assert!(run.holds(b"a", b"{}", Spot { time: Some(1005.0), ..HERE }));
        assert!(!run.holds(b"a", b"{}", Spot { time: Some(1005.1), ..HERE }));
        assert!(!run.holds(b"b", b"{}", HERE));
        assert!(!run.holds(b"a", b"{}", Spot { time: None, ..HERE }));
        assert!(Run::new(b"a".to_vec(), b"{}", Spot { time: None, ..HERE }).holds(
            b"a",
            b"{}",
            Spot { time: None, ..HERE }
        ));
    }

    #[test]
    fn lines_with_other_arguments_are_others() {
        let run = Run::new(b"a".to_vec(), br#"{"time":1,"args":[{"id":"]1"}],"x":1}"#, HERE);
        assert!(run.holds(b"a", br#"{"time":2,"args":[{"id":"]1"}],"x":2}"#, HERE));
        assert!(!run.holds(b"a", br#"{"time":1,"args":[{"id":"]2"}],"x":1}"#, HERE));
        assert!(!run.holds(b"a", br#"{"time":1}"#, HERE));
        let cut = br#""text":"x","cut":true}"#;
        assert!(!Run::new(cut.to_vec(), b"{}", HERE).holds(cut, b"{}", HERE));
    }

    #[test]
    fn groups_deeper_than_the_deepest_close_in_turn() {
        let mut groups = Groups::default();
        let mut place = |row: &str, number| {
            let row = row.as_bytes().to_vec();
            let event = Stored {
                stream: Stream::Console,
                time: None,
                duration: None,
                class: 0,
                failure: None,
                marked: false,
                row,
                detail: Vec::new(),
            };
            let (_, ends) = groups.place(&event, number);
            assert_eq!(ends, event.row.ends_with(b"End\"}"));
            groups.open.len()
        };
        for number in 0..20 {
            place(r#"{"method":"group"}"#, number);
        }
        let depths: Vec<_> = (20..26).map(|number| place(r#"{"method":"groupEnd"}"#, number)).collect();
        assert_eq!(depths, [16, 16, 16, 16, 15, 14]);
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
