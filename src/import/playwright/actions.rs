//! What the test did in the browser: calls that a user could have made, each with its end.

use std::collections::{HashMap, VecDeque};

use serde_json::{Value, json as object};

use super::context::{Clock, error_of};
use super::selector;
use super::steps::{Step, Steps};
use super::text;
use crate::event::{ActionRow, Event, EventTime, Row};
use crate::import::json;

/// Bytes of calls that may wait for their ends.
const BYTES: usize = 8 * 1024 * 1024;
/// Lines of a call's own log that are kept.
const LOGS: usize = 40;

/// Calls that are actions of a user, and what to call them.
const KINDS: [(&str, &str); 37] = [
    ("goto", "navigate"),
    ("goBack", "back"),
    ("goForward", "forward"),
    ("reload", "reload"),
    ("click", "click"),
    ("dblclick", "doubleClick"),
    ("tap", "tap"),
    ("fill", "fill"),
    ("type", "type"),
    ("press", "press"),
    ("check", "check"),
    ("uncheck", "uncheck"),
    ("setChecked", "check"),
    ("selectOption", "select"),
    ("selectText", "select"),
    ("setInputFiles", "upload"),
    ("hover", "hover"),
    ("focus", "focus"),
    ("blur", "blur"),
    ("dragAndDrop", "drag"),
    ("dispatchEvent", "dispatch"),
    ("scrollIntoViewIfNeeded", "scroll"),
    ("keyboardPress", "press"),
    ("keyboardType", "type"),
    ("keyboardInsertText", "type"),
    ("keyboardDown", "keyDown"),
    ("keyboardUp", "keyUp"),
    ("mouseClick", "click"),
    ("mouseDown", "mouseDown"),
    ("mouseUp", "mouseUp"),
    ("mouseWheel", "scroll"),
    ("touchscreenTap", "tap"),
    ("setViewportSize", "setViewport"),
    ("bringToFront", "switchTab"),
    ("screenshot", "screenshot"),
    ("setContent", "setContent"),
    ("expect", "assert"),
];
/// Classes whose calls they are.
const CLASSES: [&str; 5] = ["Frame", "Page", "ElementHandle", "Keyboard", "Mouse"];

/// Calls that have begun.
#[derive(Debug, Default)]
pub(super) struct Calls {
    open: HashMap<String, (Value, usize)>,
    order: VecDeque<String>,
    bytes: usize,
    /// Start and end of those that ended, on the wall's clock.
    pub(super) spans: Vec<(f64, f64)>,
}

/// What a call is called, if it is one that a user could have made.
fn kind(call: &Value) -> Option<&'static str> {
    let class = json::text(call, &["class", "type"])?;
    let method = json::text(call, &["method"])?;
    if class == "Tracing" && method == "tracingGroup" {
        return Some("group");
    }
    if !CLASSES.contains(&class.as_ref()) {
        return None;
    }
    KINDS.iter().find(|(name, _)| *name == method).map(|(_, kind)| *kind)
}

impl Calls {
    /// Takes the line that opens a call; gives one that had to make room for it.
    pub(super) fn before(&mut self, mut line: Value) -> Option<Value> {
        kind(&line)?;
        let id = json::string(&line, &["callId"])?;
        if let Value::Object(members) = &mut line {
            members.shift_remove("beforeSnapshot");
        }
        let size = line.to_string().len();
        self.bytes += size;
        if self.open.insert(id.clone(), (line, size)).is_none() {
            self.order.push_back(id);
        }
        if self.bytes > BYTES { self.oldest() } else { None }
    }

    fn oldest(&mut self) -> Option<Value> {
        while let Some(id) = self.order.pop_front() {
            if let Some(call) = self.close(&id) {
                return Some(call);
            }
        }
        None
    }

    fn close(&mut self, id: &str) -> Option<Value> {
        let (call, size) = self.open.remove(id)?;
        self.bytes = self.bytes.saturating_sub(size);
        Some(call)
    }

    fn member(&mut self, line: &Value, name: &str, value: Option<Value>) {
        let call = json::text(line, &["callId"]).and_then(|id| self.open.get_mut(id.as_ref()));
        if let (Some((Value::Object(call), _)), Some(value)) = (call, value) {
            call.insert(name.into(), value);
        }
    }

    /// Takes where a call pointed.
    pub(super) fn input(&mut self, line: &Value) {
        for name in ["point", "box"] {
            self.member(line, name, line.get(name).cloned());
        }
    }

    /// Takes a line of a call's log.
    pub(super) fn log(&mut self, line: &Value) {
        let call = json::text(line, &["callId"]).and_then(|id| self.open.get_mut(id.as_ref()));
        let (Some((Value::Object(call), _)), Some(words)) = (call, json::text(line, &["message"])) else { return };
        let words = &words[..words.floor_char_boundary(1_000)];
        let log = call.entry("log").or_insert_with(|| object!([]));
        if let Some(log) = log.as_array_mut().filter(|log| log.len() < LOGS) {
            log.push(words.into());
        }
    }

    /// Takes the line that ends a call, and gives the call.
    pub(super) fn after(&mut self, line: &Value) -> Option<Value> {
        for name in ["endTime", "error", "point", "attachments"] {
            self.member(line, name, line.get(name).cloned());
        }
        self.close(&json::text(line, &["callId"])?)
    }

    /// The calls that never ended.
    pub(super) fn rest(&mut self) -> Vec<Value> {
        std::iter::from_fn(|| self.oldest()).collect()
    }

    /// The event of a call, in the words of the test's step when there is one.
    pub(super) fn event(&mut self, call: Value, clock: Option<Clock>, steps: &mut Steps) -> Option<Event> {
        let kind = kind(&call)?;
        let ids = ["stepId", "callId"].iter().filter_map(|key| json::string(&call, &[key]));
        let id = ids.into_iter().find(|id| steps.has(id));
        let step = id.and_then(|id| steps.claim(&id));
        let start = json::number(&call, &["startTime"]);
        let end = json::number(&call, &["endTime"]);
        let span =
            start.and_then(|own| Clock::wall(clock, own)).zip(end.or(start).and_then(|own| Clock::wall(clock, own)));
        if kind == "assert" {
            self.spans.extend(span);
        }
        let row = row(kind, &call, step, start.zip(end).map(|(start, end)| (end - start).max(0.0)));
        let mut detail = call;
        if let (Some(step), Value::Object(members)) = (step, &mut detail) {
            members.insert("step".into(), step.line.clone());
        }
        Some(Event::new(Clock::at(clock, start), Row::Action(row), detail))
    }
}

fn row(kind: &str, call: &Value, step: Option<&Step>, duration: Option<f64>) -> ActionRow {
    let params = call.get("params").unwrap_or(&Value::Null);
    let number = |keys: &[&str]| json::number(call, keys);
    let locator = step.and_then(|step| step.subtitle.clone()).filter(|_| kind != "navigate");
    let selector = || json::text(params, &["selector", "source"]).map(|selector| selector::words(&selector));
    let target = locator.or_else(|| selector().filter(|_| kind != "setContent"));
    let error = step.and_then(|step| step.error.clone()).or_else(|| error_of(call));
    ActionRow {
        kind: kind.into(),
        label: json::string(call, &["title"]).filter(|_| kind == "group"),
        target,
        value: value(kind, call, params, step),
        url: json::string(params, &["url"]),
        x: number(&["point.x", "params.x", "params.position.x"]),
        y: number(&["point.y", "params.y", "params.position.y"]),
        duration: duration.map(tidy),
        error: error.map(|error| text::brief(&error).to_owned()),
    }
}

/// What was typed, chosen or expected.
fn value(kind: &str, call: &Value, params: &Value, step: Option<&Step>) -> Option<String> {
    match kind {
        "assert" => {
            // `Expect "toHaveText"` or `expect.toHaveText`: the name of the check is what it says.
            let title = step.map(|step| step.title.as_str()).filter(|title| !title.is_empty());
            let check = title.map(str::to_owned).or_else(|| json::string(call, &["title", "apiName"]));
            let check = check.or_else(|| json::string(params, &["expression"]))?;
            let check = check.trim_start_matches("Expect ").trim_start_matches("expect.").trim_matches('"').to_owned();
            let not = params.get("isNot").is_some_and(|flag| *flag == true);
            let not = if not && !check.contains("not") { "not." } else { "" };
            let expected = step.and_then(|step| json::string(&step.line, &["params.expected"]));
            let expected = expected.or_else(|| json::string(params.pointer("/expectedText/0")?, &["string"]));
            Some(expected.map_or_else(|| format!("{not}{check}"), |expected| format!("{not}{check} {expected}")))
        }
        "select" => {
            let options = params.get("options")?.as_array()?.iter();
            let chosen: Vec<_> = options
                .filter_map(|option| json::string(option, &["valueOrLabel", "value", "label", "index"]))
                .collect();
            (!chosen.is_empty()).then(|| chosen.join(", "))
        }
        "upload" => {
            let list = params.get("localPaths").or_else(|| params.get("payloads")).or_else(|| params.get("files"))?;
            let name = |file: &Value| file.as_str().map(str::to_owned).or_else(|| json::string(file, &["name"]));
            let names: Vec<_> = list.as_array()?.iter().filter_map(name).collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        "drag" => json::text(params, &["target"]).map(|target| format!("to {}", selector::words(&target))),
        "dispatch" => json::string(params, &["type"]),
        "navigate" | "setContent" | "group" => None,
        _ => json::string(params, &["value", "text", "key"]),
    }
}

/// To the microsecond: subtracting decimal fractions leaves crumbs.
fn tidy(ms: f64) -> f64 {
    (ms * 1e3).round() / 1e3
}

/// The event of a step that no call of a browser carries out.
pub(super) fn step_event(step: Step) -> Event {
    let kind = match step.method.as_str() {
        "expect" => "assert",
        "test.step" | "step" => "step",
        _ => "call",
    };
    let title = step.title.trim_start_matches("Expect ").trim_matches('"').to_owned();
    let title = step.subtitle.filter(|_| kind != "step").map_or(title.clone(), |what| format!("{title} {what}"));
    let row = ActionRow {
        kind: kind.into(),
        label: Some(title),
        target: None,
        value: None,
        url: json::string(&step.line, &["params.url"]),
        x: None,
        y: None,
        duration: step.start.zip(step.end).map(|(start, end)| tidy((end - start).max(0.0))),
        error: step.error.map(|error| text::brief(&error).to_owned()),
    };
    Event::new(step.start.map_or(EventTime::Unknown, EventTime::Wall), Row::Action(row), step.line)
}
