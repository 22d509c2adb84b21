//! Rows of what the user did and what the page said.

use serde_json::{Map, Value, json};

use super::nodes::Nodes;
use crate::event::ActionRow;
use crate::import::{json as look, printf};

/// What the console's recorder adds to an error's stack.
const STACK_END: &str = "\nEnd of stack for Error object";

pub(super) fn pointed(kind: &str, nodes: &Nodes, data: &Value) -> ActionRow {
    let id = data.get("id").and_then(Value::as_u64).map(|id| nodes.control(id));
    ActionRow {
        label: id.and_then(|id| nodes.label(id)),
        target: id.and_then(|id| nodes.target(id)),
        x: look::number(data, &["x"]),
        y: look::number(data, &["y"]),
        ..ActionRow::of_kind(kind)
    }
}

/// What was typed or chosen, and the detail of it. Of a group of radio buttons those that went off say nothing.
pub(super) fn typed(id: u64, nodes: &Nodes, mut data: Value) -> Option<(ActionRow, Value)> {
    let checked = data.get("isChecked").is_some_and(|flag| *flag == true);
    let text = look::string(&data, &["text"]);
    let value = match nodes.field(id) {
        Some("radio") if !checked => return None,
        Some("radio" | "checkbox") => Some(if checked { "checked" } else { "not checked" }.to_owned()),
        _ => text,
    };
    let masked = value.as_deref().is_some_and(|value| value.chars().all(|letter| letter == '*'));
    if let (true, Value::Object(detail)) = (masked, &mut data) {
        detail.insert("masked".into(), true.into());
    }
    let row = ActionRow { label: nodes.label(id), target: nodes.target(id), value, ..ActionRow::of_kind("change") };
    Some((row, data))
}

/// A console call as one of our own lines. Its arguments come as JSON in strings.
pub(super) fn console(payload: Value) -> Value {
    let level = look::string(&payload, &["level"]).unwrap_or_else(|| "log".into());
    let list = |key: &str| payload.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let args: Vec<_> = list("payload").iter().map(argument).collect();
    let text = if args.is_empty() { format!("console.{level}") } else { printf::render(&args) };
    let frames: Vec<_> = list("trace").iter().filter_map(|line| frame(line.as_str()?)).collect();
    let mut record = Map::from_iter([
        ("type".to_owned(), json!(level)),
        ("text".to_owned(), json!(text)),
        ("args".to_owned(), args.into()),
    ]);
    if !frames.is_empty() {
        record.insert("stackTrace".into(), json!({ "callFrames": frames }));
    }
    record.into()
}

fn argument(item: &Value) -> Value {
    let Value::String(text) = item else { return item.clone() };
    match look::parse(text.as_bytes()) {
        Ok(Value::String(text)) => text.trim_end_matches(STACK_END).into(),
        Ok(value) => value,
        // One that was cut has no second quote.
        Err(_) => text.strip_prefix('"').unwrap_or(text).into(),
    }
}

/// A line of a stack: `function (url:line:column)`, or the place alone. Lines count from 1 there, and from 0 in
/// protocols.
fn frame(line: &str) -> Option<Value> {
    let (name, place) = match line.rsplit_once(" (") {
        Some((name, place)) => (name, place.strip_suffix(')').unwrap_or(place)),
        None => ("", line),
    };
    let (rest, column) = place.rsplit_once(':')?;
    let (url, row) = rest.rsplit_once(':')?;
    let number = |text: &str| text.parse::<u64>().ok().map(|number| number.saturating_sub(1));
    Some(json!({ "functionName": name, "url": url, "lineNumber": number(row)?, "columnNumber": number(column)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_and_frames_are_unwrapped() {
        let record = console(json!({"level": "warn", "trace": ["f (http://a/x.js:5:11)", "http://a/x.js:7:33", "odd"],
            "payload": ["\"%s is\"", "\"Error: soft\\n    at f\\nEnd of stack for Error object\"", "{\"a\":1}", "402", "bare", "\"cut"]}));
        assert_eq!(record["text"], "Error: soft\n    at f is {a: 1} 402 bare cut");
        assert_eq!(record["type"], "warn");
        let frames = record.pointer("/stackTrace/callFrames").unwrap();
        let expected = json!([
            {"functionName": "f", "url": "http://a/x.js", "lineNumber": 4, "columnNumber": 10},
            {"functionName": "", "url": "http://a/x.js", "lineNumber": 6, "columnNumber": 32},
        ]);
        assert_eq!(frames, &expected);
    }
}
