//! Clicks in anger and clicks that nothing answers, told from what follows them.
//!
//! Events pass in the order of time. Actions wait here until it is known what came of them; all others go on at once.

use std::collections::VecDeque;

use serde_json::Value;

use crate::event::Stream;
use crate::sink::Stored;

/// The clicks of a burst come within this many ms.
const SOON: f64 = 1000.0;
/// What answers a click comes within this many ms. A page answers sooner, but who goes on with something else after
/// reading has seen something happen.
const ANSWER: f64 = 2500.0;
/// Clicks this many CSS pixels apart are in one place.
const NEAR: f64 = 30.0;
/// Clicks in one place, one soon after the other, that are a burst.
const BURST: usize = 3;
/// Actions that wait at most, and their bytes.
const MOST: usize = 1000;
const MOST_BYTES: usize = 8 << 20;

/// What kind of click a click is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// One of many in one place.
    Rage,
    /// One that nothing followed.
    Dead,
}

impl Sign {
    /// The member of the row.
    pub(crate) const fn member(self) -> &'static str {
        match self {
            Self::Rage => "\"sign\":\"rage\",",
            Self::Dead => "\"sign\":\"dead\",",
        }
    }
}

/// What an action says of itself.
#[derive(Debug)]
struct Action {
    kind: String,
    place: Option<(f64, f64)>,
    target: Option<String>,
    own: Option<Sign>,
    failed: bool,
}

impl Action {
    fn of(event: &Stored) -> Self {
        let row: Value = serde_json::from_slice(&event.row).unwrap_or_default();
        let text = |name: &str| row[name].as_str().map(str::to_owned);
        let kind = text("kind").unwrap_or_default().to_ascii_lowercase();
        let own = if kind.contains("rage") { Some(Sign::Rage) } else { kind.contains("dead").then_some(Sign::Dead) };
        let place = row["x"].as_f64().zip(row["y"].as_f64());
        Self { place, target: text("target").or_else(|| text("label")), own, failed: row["error"].is_string(), kind }
    }

    fn is_click(&self) -> bool {
        self.kind.contains("click") || self.kind == "tap"
    }

    fn is_where(&self, other: &Self) -> bool {
        if self.target.is_some() && other.target.is_some() && self.target != other.target {
            return false;
        }
        match (self.place, other.place) {
            (Some((x, y)), Some((u, v))) => (x - u).hypot(y - v) <= NEAR,
            _ => self.target.is_some() && self.target == other.target,
        }
    }

    /// Whether this is what a click into a field was for.
    fn fills(&self, clicked: &Self) -> bool {
        let typed = ["change", "input", "fill", "type", "key", "select", "upload"];
        typed.iter().any(|kind| self.kind.contains(kind)) && (self.target.is_none() || self.target == clicked.target)
    }
}

/// An event that goes on in its turn.
#[derive(Debug)]
struct Held {
    event: Stored,
    action: Option<Action>,
    answered: bool,
    rage: bool,
}

/// Holds actions back until it is known what followed them.
#[derive(Debug, Default)]
pub(crate) struct Clicks {
    held: VecDeque<Held>,
    /// What is no action goes on at once.
    other: Option<Stored>,
    /// Without other logs nobody can say that nothing followed.
    heard: bool,
    /// Bytes of those that are held.
    bytes: usize,
    now: f64,
    ended: bool,
}

impl Clicks {
    /// Takes the next event; all that `next` has must be taken before.
    pub(crate) fn push(&mut self, event: Stored) {
        self.now = event.time.unwrap_or(self.now);
        if event.stream != Stream::Actions {
            self.heard = true;
            if event.time.is_some() && event.stream != Stream::Backend {
                self.answer(|_| true);
            }
            self.other = Some(event);
            return;
        }
        let action = Action::of(&event);
        let now = self.now;
        let is_one = |held: &Held| event.time.is_some() && held.is_within(SOON, now) && held.is_like(&action);
        let burst = self.held.iter().filter(|held| is_one(held)).count() + 1;
        if burst >= BURST {
            self.held.iter_mut().filter(|held| is_one(held)).for_each(|held| held.rage = true);
        }
        self.answer(|clicked| !(action.is_click() && action.is_where(clicked)));
        // However late: who reads before typing has clicked a field all the same.
        for held in &mut self.held {
            held.answered |= held.action.as_ref().is_some_and(|clicked| action.fills(clicked));
        }
        let rage = burst >= BURST && action.is_click();
        self.bytes += event.row.len() + event.detail.len();
        self.held.push_back(Held { event, action: Some(action), answered: false, rage });
    }

    fn answer(&mut self, answers: impl Fn(&Action) -> bool) {
        let now = self.now;
        for held in self.held.iter_mut().filter(|held| held.is_within(ANSWER, now)) {
            held.answered |= held.action.as_ref().is_some_and(&answers);
        }
    }

    /// Nothing more follows.
    pub(crate) fn end(&mut self) {
        self.ended = true;
    }

    /// Whether the first that waits has waited long enough: for its time, and for the next action.
    fn is_known(&self) -> bool {
        let Some(first) = self.held.front() else { return false };
        let click = first.action.as_ref().is_some_and(Action::is_click);
        !click
            || self.ended
            || first.event.time.is_none()
            || self.held.len() > MOST
            || self.bytes > MOST_BYTES
            || (!first.is_within(ANSWER, self.now) && (first.answered || self.held.len() > 1))
    }
}

impl Held {
    fn is_within(&self, ms: f64, now: f64) -> bool {
        self.event.time.is_some_and(|time| now - time <= ms)
    }

    /// Whether both are clicks in one place.
    fn is_like(&self, action: &Action) -> bool {
        let both = |own: &Action| own.is_click() && action.is_click() && own.is_where(action);
        self.action.as_ref().is_some_and(both)
    }

    fn sign(&self, heard: bool, ended_at: Option<f64>) -> Option<Sign> {
        let action = self.action.as_ref()?;
        if action.own.is_some() || !action.is_click() || action.failed {
            return action.own;
        }
        let over = ended_at.is_none_or(|end| !self.is_within(ANSWER, end));
        let dead = heard && over && !self.answered && self.event.time.is_some();
        if self.rage { Some(Sign::Rage) } else { dead.then_some(Sign::Dead) }
    }
}

/// Events whose company is known, in the order of their stream.
impl Iterator for Clicks {
    type Item = (Stored, Option<Sign>);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(other) = self.other.take() {
            return Some((other, None));
        }
        if !self.is_known() {
            return None;
        }
        // A recording that stops right after a click says nothing of it.
        let ended_at = self.ended.then_some(self.now);
        let held = self.held.pop_front()?;
        self.bytes -= held.event.row.len() + held.event.detail.len();
        let sign = held.sign(self.heard, ended_at);
        Some((held.event, sign))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Signs of the actions among `(stream, time, row)`.
    fn signs(events: &[(Stream, f64, Value)]) -> Vec<Option<Sign>> {
        let mut clicks = Clicks::default();
        let mut out = Vec::new();
        for (stream, time, row) in events {
            clicks.push(Stored {
                stream: *stream,
                time: Some(*time),
                duration: None,
                class: 0,
                failure: None,
                marked: false,
                row: row.to_string().into_bytes(),
                detail: b"{}".to_vec(),
            });
            out.extend(clicks.by_ref());
        }
        clicks.end();
        out.extend(clicks);
        assert_eq!(out.len(), events.len());
        out.into_iter().filter(|(event, _)| event.stream == Stream::Actions).map(|(_, sign)| sign).collect()
    }

    fn click(time: f64, x: f64) -> (Stream, f64, Value) {
        (Stream::Actions, time, json!({"kind": "click", "x": x, "y": 10, "target": "#pay"}))
    }

    fn line(time: f64) -> (Stream, f64, Value) {
        (Stream::Console, time, json!({"level": "info", "text": "x"}))
    }

    #[test]
    fn three_clicks_in_a_place_within_a_second_are_rage() {
        let rage = Some(Sign::Rage);
        assert_eq!(signs(&[click(0.0, 10.0), click(400.0, 12.0), click(900.0, 20.0), line(950.0)]), [rage; 3]);
        assert_eq!(signs(&[click(0.0, 10.0), click(400.0, 12.0), click(900.0, 99.0), line(950.0)]), [None; 3]);
        assert_eq!(
            signs(&[click(0.0, 10.0), line(100.0), click(600.0, 12.0), click(1200.0, 9.0), line(1300.0)]),
            [None; 3]
        );
        let long_ago = [click(0.0, 10.0), click(2000.0, 10.0), click(2200.0, 10.0), click(2400.0, 10.0), line(2401.0)];
        assert_eq!(signs(&long_ago), [None, rage, rage, rage]);
        let elsewhere =
            |target: &str| (Stream::Actions, 0.0, json!({"kind": "click", "x": 1, "y": 1, "target": target}));
        assert_eq!(signs(&[elsewhere("#a"), elsewhere("#b"), elsewhere("#c"), line(1.0)]), [None; 3]);
    }

    #[test]
    fn a_click_is_dead_when_nothing_follows_soon() {
        let after = |answer| signs(&[click(0.0, 10.0), answer, line(9000.0)]);
        assert_eq!(after(line(2501.0)), [Some(Sign::Dead)]);
        assert_eq!(after(line(2500.0)), [None]);
        assert_eq!(after((Stream::Network, 10.0, json!({}))), [None]);
        // A server's own lines are no answer.
        assert_eq!(after((Stream::Backend, 10.0, json!({}))), [Some(Sign::Dead)]);
        assert_eq!(after((Stream::Actions, 500.0, json!({"kind": "navigate"}))), [None, None]);
        assert_eq!(signs(&[click(0.0, 1.0), click(800.0, 2.0), line(9000.0)]), [Some(Sign::Dead); 2]);
    }

    #[test]
    fn a_click_into_a_field_is_answered_by_typing() {
        let typed = |target: &str| (Stream::Actions, 5000.0, json!({"kind": "change", "target": target}));
        assert_eq!(signs(&[line(0.0), click(1.0, 1.0), typed("#pay"), line(9000.0)]), [None, None]);
        assert_eq!(signs(&[line(0.0), click(1.0, 1.0), typed("#else"), line(9000.0)]), [Some(Sign::Dead), None]);
    }

    #[test]
    fn nothing_is_said_without_evidence() {
        assert_eq!(signs(&[click(0.0, 1.0), (Stream::Actions, 5000.0, json!({"kind": "scroll"}))]), [None, None]);
        assert_eq!(signs(&[line(0.0), click(1.0, 1.0), line(500.5)]), [None]);
        assert_eq!(signs(&[line(0.0), click(1.0, 1.0)]), [None]);
        let failed = (Stream::Actions, 0.0, json!({"kind": "click", "error": "timeout"}));
        assert_eq!(signs(&[failed, line(9000.0)]), [None]);
    }

    #[test]
    fn what_the_recording_says_itself_wins() {
        let own = |kind: &str| signs(&[(Stream::Actions, 0.0, json!({"kind": kind})), line(10.0), line(9000.0)]);
        assert_eq!(own("rageClick"), [Some(Sign::Rage)]);
        assert_eq!(own("deadClick"), [Some(Sign::Dead)]);
        assert_eq!(own("click"), [None]);
    }
}
