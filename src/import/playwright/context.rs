//! What the first line of a trace says: whose it is, and how its clock stands to the wall's.

use std::io::{self, BufRead};

use serde_json::{Value, json as object};

use super::attached::Attachment;
use super::lines::Lines;
use super::text;
use crate::event::EventTime;
use crate::import::intake::{Intake, Notes};
use crate::import::json;

/// The newest version of traces that is known.
const NEWEST: f64 = 10.0;
/// Lines looked at for a clock, where the first does not tell.
const CLOCK_LINES: usize = 2_000;
/// Errors of a test that are listed.
const ERRORS: usize = 20;

/// A moment on the wall's clock and on the trace's own, which counts from nowhere in particular.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Clock {
    wall: f64,
    own: f64,
}

impl Clock {
    /// When something happened that a trace gives this time.
    pub(super) fn at(clock: Option<Self>, own: Option<f64>) -> EventTime {
        match (clock, own) {
            (Some(clock), Some(own)) => EventTime::Wall(clock.wall + (own - clock.own)),
            _ => EventTime::Unknown,
        }
    }

    /// The same as a number.
    pub(super) fn wall(clock: Option<Self>, own: f64) -> Option<f64> {
        clock.map(|clock| clock.wall + (own - clock.own))
    }

    /// Traces before version 7 do not say where their clock stands; their first action does.
    pub(super) fn find(input: impl BufRead, notes: &mut Notes) -> io::Result<Option<Self>> {
        let mut lines = Lines::new(input, "");
        let mut started = None;
        let mut first = None;
        for _ in 0..CLOCK_LINES {
            let Some(line) = lines.next(notes)? else { break };
            let number = |keys: &[&str]| json::number(&line, keys).filter(|ms| *ms > 0.0);
            let wall = number(&["wallTime", "metadata.wallTime"]);
            let own = number(&["monotonicTime", "startTime", "metadata.startTime"]);
            if let (Some(wall), Some(own)) = (wall, own) {
                return Ok(Some(Self { wall, own }));
            }
            if line["type"] == "context-options" {
                started = wall;
            }
            first = first.or(own).or(number(&["time", "timestamp"]));
        }
        Ok(started.zip(first).map(|(wall, own)| Self { wall, own }))
    }
}

/// What traces tell of the run as a whole.
#[derive(Debug, Default)]
pub(super) struct About {
    title: Option<String>,
    version: Option<String>,
    browser: Option<String>,
    platform: Option<String>,
    viewport: Option<Value>,
    user_agent: Option<String>,
    errors: Vec<String>,
    pub(super) attachments: Vec<Attachment>,
    /// Frames carry the times they were shown at.
    pub(super) exact: bool,
}

impl About {
    /// Takes the first line of a trace.
    pub(super) fn context(&mut self, line: &Value, name: &str, notes: &mut Notes) {
        let version = json::number(line, &["version"]).unwrap_or(0.0);
        if version > NEWEST {
            let text =
                format_args!("{name} is of version {version}, newer than is known; what is known of it was read");
            notes.add("newer versions", text);
        }
        self.exact |= version >= NEWEST;
        let text = |keys: &[&str]| json::string(line, keys);
        self.title = self.title.take().or_else(|| text(&["title"]));
        self.version = self.version.take().or_else(|| text(&["playwrightVersion"]));
        self.browser = self.browser.take().or_else(|| text(&["browserName"]));
        self.platform = self.platform.take().or_else(|| text(&["platform"]));
        self.user_agent = self.user_agent.take().or_else(|| text(&["options.userAgent"]));
        let viewport = json::get(line, "options.viewport").filter(|size| json::number(size, &["width"]).is_some());
        self.viewport = self.viewport.take().or_else(|| viewport.cloned());
    }

    /// Takes an error of the test, as it stands on the terminal.
    pub(super) fn error(&mut self, error: String) {
        if self.errors.len() < ERRORS && !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    /// Hands all over for the Info panel.
    pub(super) fn finish(self, intake: &mut Intake<'_>) {
        if let Some(full) = self.title {
            let (place, title) = without_place(&full);
            if intake.recording.title.is_none() {
                intake.recording.title = Some(title.to_owned());
            }
            intake.describe(&["test", "title"], title.into());
            if !place.is_empty() {
                intake.describe(&["test", "file"], place.into());
            }
        }
        match &self.errors[..] {
            [] => {}
            [only] => intake.describe(&["test", "error"], only.as_str().into()),
            several => intake.describe(&["test", "errors"], several.into()),
        }
        if !self.attachments.is_empty() {
            let list = self.attachments.iter().map(|one| object!({ "name": one.name, "type": one.kind }));
            intake.describe(&["test", "attachments"], list.collect());
        }
        let system = [
            ("browser", self.browser.map(|name| object!({ "name": name }))),
            ("os", self.platform.map(Value::from)),
            ("viewport", self.viewport),
            ("userAgent", self.user_agent.map(Value::from)),
        ];
        for (key, value) in system {
            if let Some(value) = value {
                intake.describe(&["system", key], value);
            }
        }
        let version = self.version.map(|version| object!({ "name": "Playwright", "version": version }));
        intake.describe(&["creator"], version.unwrap_or_else(|| object!({ "name": "Playwright" })));
    }
}

/// `checkout.spec.js:3 › checkout › pays` as the place and the test's own title.
pub(super) fn without_place(full: &str) -> (&str, &str) {
    full.split_once(" › ").filter(|(place, _)| is_place(place)).unwrap_or(("", full))
}

/// Whether a text is a file of tests and a line in it.
fn is_place(text: &str) -> bool {
    let line = text.rsplit_once(':').is_some_and(|(_, line)| line.bytes().all(|byte| byte.is_ascii_digit()));
    line && text.contains('.')
}

/// The words of an error, wherever a version keeps them.
pub(super) fn error_of(value: &Value) -> Option<String> {
    let keys = ["error.message", "error.error.message", "error.value", "error.error.value"];
    json::string(value, &keys).map(|error| text::plain(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::source::Source;

    fn clock(text: &str) -> Option<Clock> {
        let source = Source::new("t.zip".as_ref(), 0, Vec::new());
        Clock::find(text.as_bytes(), &mut Notes::new(&source)).unwrap()
    }

    #[test]
    fn clocks_of_every_version() {
        let expected = Some(Clock { wall: 5_000.0, own: 70.0 });
        assert_eq!(clock(r#"{"type":"context-options","wallTime":5000,"monotonicTime":70}"#), expected);
        let later = "{\"type\":\"context-options\",\"wallTime\":4000}\n{\"type\":\"console\",\"time\":60}\n";
        let before = r#"{"type":"before","wallTime":5000,"startTime":70}"#;
        assert_eq!(clock(&format!("{later}{before}")), expected);
        let action = r#"{"type":"action","metadata":{"wallTime":5000,"startTime":70}}"#;
        assert_eq!(clock(&format!("{later}{action}")), expected);
        assert_eq!(clock(later), Some(Clock { wall: 4_000.0, own: 60.0 }));
        assert_eq!(clock("{\"type\":\"context-options\"}"), None);
        assert_eq!(Clock::at(expected, Some(71.5)), EventTime::Wall(5_001.5));
        assert_eq!(Clock::at(expected, None), EventTime::Unknown);
    }

    #[test]
    fn only_files_with_a_line_are_places() {
        assert!(is_place("checkout.spec.js:3"));
        assert!(!is_place("checkout") && !is_place("a: b") && !is_place("v1.2:x"));
    }
}
