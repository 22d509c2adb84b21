//! Events that several inputs tell of: a trace and the HAR written beside it, one session exported twice.
//!
//! What an input tells is compared with what those before it told, never with what it told itself. The inputs that
//! know more are read first, so that theirs stays.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher as _};

use crate::event::{Event, EventTime, Row, Stream};

/// Two times this close, in ms, are one.
const SAME: f64 = 5.0;
/// These are one when most of what an input tells is known: tools take the time at different moments of a request,
/// up to 51 ms apart in what was seen, and their clocks are some 20 ms apart on one machine.
const NEAR: f64 = 75.0;
/// Events that are remembered, and those that may turn out to be known; 24 bytes each.
const MOST: usize = 400_000;
/// Events alike, on either side, among which the nearest is looked for.
const ALIKE: usize = 1_000;
/// Inputs that a report names.
const NAMED: usize = 3;

/// An event that an input told of.
#[derive(Clone, Copy, Debug)]
struct Known {
    key: u64,
    at: f64,
    /// The input that told of it, and the last one that told of it again.
    input: u32,
    again: u32,
}

impl Known {
    fn order(&self, key: u64, at: f64) -> std::cmp::Ordering {
        self.key.cmp(&key).then(self.at.total_cmp(&at))
    }
}

/// What the input at hand told of a stream.
#[derive(Debug, Default)]
struct Tally {
    told: u64,
    known: u64,
    /// Those that are known if most are: their numbers in the sink, and what they are remembered by.
    perhaps: Vec<(u64, u64, f64)>,
    of: BTreeSet<u32>,
}

/// What became of an input's stream of which some or all was known.
#[derive(Debug)]
pub(crate) struct Repeated {
    pub(crate) stream: Stream,
    pub(crate) told: u64,
    pub(crate) known: u64,
    /// The inputs that told of it.
    of: Vec<String>,
    /// Events of the sink that are to be forgotten.
    pub(crate) events: Vec<u64>,
}

impl Repeated {
    /// Whether nothing is left of the stream.
    pub(crate) const fn is_whole(&self) -> bool {
        self.told == self.known
    }

    /// The same in words.
    pub(crate) fn words(&self) -> String {
        let (one, many) = match self.stream {
            Stream::Console => ("message", "messages"),
            Stream::Network => ("request", "requests"),
            Stream::Actions => ("action", "actions"),
            Stream::Backend => ("line", "lines"),
        };
        let what = if self.told == 1 { one } else { many };
        let number = if self.is_whole() { String::new() } else { format!("{} of ", self.known) };
        let are = if self.known == 1 { "is" } else { "are" };
        format!("{number}its {} {what} {are} in {}", self.told, self.of.join(", "))
    }
}

/// What the inputs so far told of.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// In the order of their keys and times.
    known: Vec<Known>,
    /// Those of the input at hand.
    fresh: Vec<Known>,
    inputs: Vec<String>,
    tallies: [Tally; 4],
    /// There were more than are remembered.
    full: bool,
}

impl Memory {
    /// Goes on to another input.
    pub(crate) fn begin(&mut self, name: &str) {
        self.inputs.push(name.to_owned());
    }

    /// Whether an event is known for sure. `number` is the one it gets in the sink if not.
    pub(crate) fn knows(&mut self, event: &Event, number: u64) -> bool {
        let stream = usize::from(event.row.stream().number());
        self.tallies[stream].told += 1;
        let Some((key, at)) = key(event) else { return false };
        let input = u32::try_from(self.inputs.len()).unwrap_or(u32::MAX);
        let Some(place) = self.nearest(key, at, input) else {
            self.note(key, at);
            return false;
        };
        let found = &mut self.known[place];
        let sure = (found.at - at).abs() <= SAME;
        let tally = &mut self.tallies[stream];
        if !sure && tally.perhaps.len() >= MOST {
            return false;
        }
        found.again = input;
        tally.of.insert(found.input);
        if sure {
            tally.known += 1;
        } else {
            tally.perhaps.push((number, key, at));
        }
        sure
    }

    /// Ends an input; gives what of it was known.
    pub(crate) fn end(&mut self) -> Vec<Repeated> {
        let mut repeated = Vec::new();
        for (stream, tally) in Stream::ALL.into_iter().zip(std::mem::take(&mut self.tallies)) {
            let Tally { told, mut known, mut perhaps, of } = tally;
            let all = known + perhaps.len() as u64;
            if all * 2 > told {
                known = all;
            } else {
                perhaps.drain(..).for_each(|(_, key, at)| self.note(key, at));
            }
            if known > 0 {
                let names = of.iter().filter_map(|input| self.inputs.get(*input as usize - 1)).take(NAMED);
                let of = names.cloned().collect();
                let events = perhaps.into_iter().map(|(number, ..)| number).collect();
                repeated.push(Repeated { stream, told, known, of, events });
            }
        }
        if !self.fresh.is_empty() {
            if self.known.is_empty() {
                std::mem::swap(&mut self.known, &mut self.fresh);
            } else {
                self.known.append(&mut self.fresh);
            }
            self.fresh = Vec::new();
            self.known.sort_unstable_by(|a, b| a.order(b.key, b.at));
        }
        repeated
    }

    /// A warning, when some were not compared.
    pub(crate) fn gap(&self) -> Option<String> {
        (self.full && self.inputs.len() > 1).then(|| {
            format!("only the first {MOST} events were compared among the inputs; those beyond may be listed twice")
        })
    }

    fn note(&mut self, key: u64, at: f64) {
        let input = u32::try_from(self.inputs.len()).unwrap_or(u32::MAX);
        self.full |= self.known.len() + self.fresh.len() >= MOST;
        if !self.full && input > 0 {
            self.fresh.push(Known { key, at, input, again: 0 });
        }
    }

    /// The nearest of its kind that this input did not tell of yet.
    fn nearest(&self, key: u64, at: f64, input: u32) -> Option<usize> {
        let place = |at: f64| self.known.partition_point(|known| known.order(key, at).is_lt());
        let (from, middle, to) = (place(at - NEAR), place(at), place((at + NEAR).next_up()));
        let around = from.max(middle.saturating_sub(ALIKE))..to.min(middle + ALIKE);
        let distance = |place: usize| (self.known[place].at - at).abs();
        around.filter(|place| self.known[*place].again != input).min_by(|a, b| distance(*a).total_cmp(&distance(*b)))
    }
}

/// What tells an event from others, and its time; `None` for those that are not compared.
fn key(event: &Event) -> Option<(u64, f64)> {
    let (wall, at) = match event.time {
        EventTime::Wall(ms) => (true, ms),
        EventTime::Offset(ms) => (false, ms),
        EventTime::Unknown => return None,
    };
    let mut hasher = DefaultHasher::new();
    (wall, event.row.stream().number()).hash(&mut hasher);
    match &event.row {
        Row::Network(row) => (&row.method, row.url.split('#').next()).hash(&mut hasher),
        // Not all tell where an error comes from, and which kind it is.
        Row::Console(row) if row.uncaught => words(&row.text).hash(&mut hasher),
        Row::Console(row) => (row.text.trim(), row.at.as_deref().map(line)).hash(&mut hasher),
        Row::Action(row) => (&row.kind, &row.label, &row.target, &row.value, &row.url).hash(&mut hasher),
        // Servers say the same in many places at once.
        Row::Backend(_) => return None,
    }
    at.is_finite().then(|| (hasher.finish(), at))
}

/// What an uncaught error says, without what browsers put before it or below it.
fn words(text: &str) -> &str {
    let text = text.lines().next().unwrap_or_default().trim();
    let text = ["Uncaught ", "(in promise) "].iter().fold(text, |text, start| text.strip_prefix(start).unwrap_or(text));
    match text.split_once(": ") {
        Some((name, words)) if name.ends_with("Error") && !name.contains(' ') => words,
        _ => text,
    }
}

/// A place without its column, which not all tell.
fn line(place: &str) -> &str {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match place.rsplit_once(':') {
        Some((line, last)) if number(last) && line.rsplit_once(':').is_some_and(|(_, line)| number(line)) => line,
        _ => place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::ActionRow;

    fn click(at: f64) -> Event {
        Event::new(EventTime::Wall(at), Row::Action(ActionRow::of_kind("click")), serde_json::json!({}))
    }

    /// How many of an input's clicks are known.
    fn known(memory: &mut Memory, times: &[f64]) -> u64 {
        memory.begin("");
        for (at, number) in times.iter().zip(1..) {
            memory.knows(&click(*at), number);
        }
        memory.end().iter().map(|repeated| repeated.known).sum()
    }

    #[test]
    fn each_stands_for_one_in_each_later_input() {
        let mut memory = Memory::default();
        assert_eq!(known(&mut memory, &[0.0, 1.0, 1_000.0]), 0);
        assert_eq!(known(&mut memory, &[0.0, 0.0, 0.0, 1_001.0]), 3);
        assert_eq!(known(&mut memory, &[1.0, 0.0, 1_002.0]), 3);
    }

    #[test]
    fn the_nearest_is_taken() {
        let mut memory = Memory::default();
        known(&mut memory, &[0.0, 30.0, 60.0]);
        assert_eq!(known(&mut memory, &[14.0, 44.0, 74.0]), 3);
    }

    #[test]
    fn near_is_the_same_only_in_a_copy() {
        let mut memory = Memory::default();
        known(&mut memory, &[0.0, 1_000.0]);
        assert_eq!(known(&mut memory, &[40.0, 2_000.0]), 0);
        assert_eq!(known(&mut memory, &[40.0, 1_040.0]), 2);
        assert_eq!(known(&mut memory, &[40.0, 5_000.0, 6_000.0]), 1);
    }

    #[test]
    fn what_is_not_remembered_is_told() {
        let mut memory = Memory { known: Vec::with_capacity(MOST), ..Memory::default() };
        memory.begin("");
        for number in 0..MOST {
            memory.knows(&click(number as f64 * 100.0), 0);
        }
        memory.end();
        assert_eq!(memory.gap(), None);
        assert_eq!(known(&mut memory, &[0.0, MOST as f64 * 100.0]), 1);
        assert!(memory.gap().is_some() && memory.known.len() == MOST);
    }

    #[test]
    fn places_and_words_that_are_told_in_several_ways() {
        assert_eq!(["app.js:3:7", "app.js:3", "app.js", "a:1"].map(line), ["app.js:3", "app.js:3", "app.js", "a:1"]);
        for text in ["Uncaught (in promise) TypeError: no: x\n    at f", "TypeError: no: x", "no: x"] {
            assert_eq!(words(text), "no: x");
        }
    }
}
