//! The steps of a test as its runner tells them. Those that a browser's trace tells too lend it their words.

use std::collections::HashMap;

use serde_json::Value;

use super::context::{Clock, error_of};
use super::text;
use crate::import::json;

/// Steps, and bytes of theirs, that are kept.
const STEPS: usize = 20_000;
const BYTES: usize = 8 * 1024 * 1024;

/// A step of a test.
#[derive(Debug, Default)]
pub(super) struct Step {
    pub(super) method: String,
    /// `Fill "x"`, or the name that the test gave it.
    pub(super) title: String,
    /// The locator, or what else the step was about.
    pub(super) subtitle: Option<String>,
    pub(super) parent: Option<String>,
    pub(super) start: Option<f64>,
    pub(super) end: Option<f64>,
    pub(super) error: Option<String>,
    /// The line as it stands.
    pub(super) line: Value,
    used: bool,
}

/// All steps of a test, by their ids.
#[derive(Debug, Default)]
pub(super) struct Steps {
    map: HashMap<String, Step>,
    order: Vec<String>,
    bytes: usize,
}

impl Steps {
    /// Takes the line that opens a step. Times are the wall's.
    pub(super) fn before(&mut self, line: Value, clock: Option<Clock>) {
        let Some(id) = json::string(&line, &["callId"]) else { return };
        let size = line.to_string().len();
        if self.order.len() >= STEPS || self.bytes + size > BYTES {
            return;
        }
        self.bytes += size;
        let text = |keys: &[&str]| json::string(&line, keys);
        let step = Step {
            method: text(&["method"]).unwrap_or_default(),
            title: text(&["title", "apiName"]).map(|title| text::plain(&title)).unwrap_or_default(),
            subtitle: text(&["subtitle", "params.locator", "params.selector"]),
            parent: text(&["parentId"]),
            start: json::number(&line, &["startTime"]).and_then(|own| Clock::wall(clock, own)),
            end: None,
            error: None,
            used: false,
            line,
        };
        if self.map.insert(id.clone(), step).is_none() {
            self.order.push(id);
        }
    }

    /// Takes the line that ends one.
    pub(super) fn after(&mut self, line: &Value, clock: Option<Clock>) {
        let Some(step) = json::text(line, &["callId"]).and_then(|id| self.map.get_mut(id.as_ref())) else { return };
        step.end = json::number(line, &["endTime"]).and_then(|own| Clock::wall(clock, own));
        step.error = error_of(line);
        if let (Some(attached), Value::Object(members)) = (line.get("attachments"), &mut step.line) {
            members.insert("attachments".into(), attached.clone());
        }
    }

    /// The latest end of a step with an error.
    pub(super) fn failed_at(&self) -> Option<f64> {
        self.map.values().filter(|step| step.error.is_some()).filter_map(|step| step.end).reduce(f64::max)
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.map.contains_key(id)
    }

    /// The step that a call of the browser's trace carries out.
    pub(super) fn claim(&mut self, id: &str) -> Option<&Step> {
        let step = self.map.get_mut(id)?;
        step.used = true;
        Some(step)
    }

    /// Whether a step belongs to what the runner does by itself.
    fn is_inner(&self, step: &Step) -> bool {
        let mut step = step;
        for _ in 0..64 {
            if step.method == "fixture" {
                return true;
            }
            let Some(parent) = step.parent.as_ref().and_then(|id| self.map.get(id)) else { return false };
            step = parent;
        }
        true
    }

    /// The steps that only the test knows, in their order: its own groups, checks, and calls of no browser.
    pub(super) fn rest(mut self, calls: &[(f64, f64)]) -> Vec<Step> {
        let told = |step: &Step| {
            let span = step.start.zip(step.end.or(step.start));
            span.is_some_and(|(from, to)| calls.iter().any(|(start, end)| *start <= to + 20.0 && *end >= from - 20.0))
        };
        let wanted = |step: &Step| match step.method.as_str() {
            "test.step" | "step" => true,
            "expect" | "pw:api" => !self.is_inner(step) && !told(step),
            _ => false,
        };
        let keep: Vec<_> = self.order.iter().map(|id| self.map.get(id).is_some_and(|s| !s.used && wanted(s))).collect();
        let order = std::mem::take(&mut self.order);
        order.into_iter().zip(keep).filter(|(_, keep)| *keep).filter_map(|(id, _)| self.map.remove(&id)).collect()
    }
}
