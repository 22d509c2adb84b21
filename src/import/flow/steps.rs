//! Steps of the Recorder.

use serde_json::Value;

use super::{json, row};
use crate::event::ActionRow;

pub(super) fn rows(mut flow: Value) -> Vec<(ActionRow, Value)> {
    let Some(Value::Array(steps)) = flow.get_mut("steps").map(Value::take) else { return Vec::new() };
    let objects = steps.into_iter().filter(Value::is_object);
    objects.map(|step| (labelled(&step), step)).collect()
}

/// The row of a step; of steps that concern no element, what they are about is the label.
fn labelled(step: &Value) -> ActionRow {
    let mut row = row(step);
    let size = || Some(format!("{} × {}", json::text(step, &["width"])?, json::text(step, &["height"])?));
    let label = match row.kind.as_str() {
        "navigate" => json::string(step, &["assertedEvents.0.title"]).or_else(|| asserted(step)),
        "setViewport" => size(),
        "waitForExpression" => json::string(step, &["expression"]),
        "waitForElement" => None,
        "customStep" => json::string(step, &["name"]),
        "scroll" => Some(format!(
            "to {}, {}",
            json::text(step, &["x"]).unwrap_or("0".into()),
            json::text(step, &["y"]).unwrap_or("0".into())
        )),
        _ => None,
    };
    // Where a page was scrolled to is not where the pointer was.
    if row.kind == "scroll" {
        (row.x, row.y) = (None, None);
    }
    if label.is_some() {
        row.label = label;
    }
    row
}

/// The title of the page that a step is expected to lead to.
fn asserted(step: &Value) -> Option<String> {
    json::string(step.pointer("/assertedEvents/0")?, &["title"])
}
