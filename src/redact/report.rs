//! What was removed: counts by rule and by place, and the first places one by one. Never a value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::path::{self, Path, Place};
use crate::event::Stream;

/// Places that are listed one by one.
const LISTED: usize = 200;

/// Counts of what was removed, as the manifest and `export --json` carry them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Report {
    /// `standard`, `strict` or `off`.
    pub level: String,
    /// Values that were removed as secrets or personal data.
    pub total: u64,
    /// The same by the rule that removed them.
    pub by_rule: BTreeMap<String, u64>,
    /// The same by where they stood, as in `network request headers`.
    pub by_place: BTreeMap<String, u64>,
    /// Values of headers that were removed only because their headers are not on the list of those that hold no secret.
    pub headers_not_listed: u64,
    /// Texts that were looked at.
    pub looked_at: u64,
    /// Removed values that were too many to be looked for where nothing tells of them.
    #[serde(skip_serializing_if = "is_zero")]
    pub not_looked_for: u64,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// One place where a secret stood.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Spot {
    /// The stream, or `None` for what is not an event.
    pub stream: Option<Stream>,
    /// Number of the event among all, in the order in which they were read; from 1.
    pub number: u64,
    /// The time of the event as its source gives it, in ms since 1970 or from the recording's zero.
    pub time: Option<f64>,
    /// Where in the row or detail, as a JSON pointer.
    pub pointer: String,
    /// Which rule found it.
    pub rule: &'static str,
}

/// Counts while events pass.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) by_rule: BTreeMap<&'static str, u64>,
    pub(super) by_place: BTreeMap<(Option<Stream>, Place), u64>,
    pub(super) headers_not_listed: u64,
    pub(super) looked_at: u64,
    pub(super) spots: Vec<Spot>,
}

/// The event at hand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct At {
    pub(super) stream: Option<Stream>,
    pub(super) number: u64,
    pub(super) time: Option<f64>,
}

impl Tally {
    pub(super) fn count(&mut self, at: At, path: &Path<'_>, rule: &'static str, count: u64) {
        *self.by_rule.entry(rule).or_default() += count;
        *self.by_place.entry((at.stream, path.place())).or_default() += count;
        if self.spots.len() < LISTED {
            let At { stream, number, time } = at;
            self.spots.push(Spot { stream, number, time, pointer: path.pointer(), rule });
        }
    }

    pub(super) fn report(&self, level: &str) -> Report {
        let by_place = self.by_place.iter().map(|((stream, place), count)| {
            let stream = stream.map_or("recording", Stream::name);
            (format!("{stream} {}", path::words(*place).join(" ")).trim_end().to_owned(), *count)
        });
        Report {
            level: level.into(),
            total: self.by_rule.values().sum(),
            by_rule: self.by_rule.iter().map(|(rule, count)| ((*rule).to_owned(), *count)).collect(),
            by_place: by_place.collect(),
            headers_not_listed: self.headers_not_listed,
            looked_at: self.looked_at,
            not_looked_for: 0,
        }
    }
}

impl Report {
    /// What was removed in a line: `41 values: 12 cookie, 8 authorization`, the most first.
    #[must_use]
    pub fn words(&self) -> String {
        let mut rules: Vec<_> = self.by_rule.iter().collect();
        rules.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let rules: Vec<_> = rules.into_iter().map(|(rule, count)| format!("{count} {rule}")).collect();
        let list = if rules.is_empty() { String::new() } else { format!(": {}", rules.join(", ")) };
        let values = if self.total == 1 { "value" } else { "values" };
        let headers = match self.headers_not_listed {
            0 => String::new(),
            1 => "; and 1 value of a header that is not on the list".into(),
            count => format!("; and {count} values of headers that are not on the list"),
        };
        format!("{} {values}{list}{headers}", self.total)
    }
}
