//! What the user did: steps as the recorder of Chromium's developer tools names them, and their likes.

use serde_json::Value;

use super::intake::{Intake, Unread};
use super::source::Source;
use super::{json, ndjson};
use crate::event::{ActionRow, Row};

/// Where the kind of a step stands.
const KIND: [&str; 5] = ["type", "action", "kind", "event", "name"];
/// Other words for the kinds we name.
const ALIASES: [(&str, &[&str]); 7] = [
    ("navigate", &["navigate", "navigation", "goto", "pageview", "page_navigation", "page-navigation", "load"]),
    ("click", &["click", "tap", "mouseclick"]),
    ("doubleClick", &["doubleclick", "dblclick", "double_click", "double-click"]),
    ("change", &["change", "input", "fill", "textinput", "text_input", "text-input"]),
    ("keyDown", &["keydown", "keypress", "press", "key_down"]),
    ("keyUp", &["keyup", "key_up"]),
    ("switchTab", &["switchtab", "tabswitch", "tab_switch", "switch_tab", "tab-switch"]),
];
/// Kinds that need no other word.
const KINDS: [&str; 18] = [
    "hover",
    "scroll",
    "setviewport",
    "close",
    "waitforelement",
    "waitforexpression",
    "customstep",
    "emulatenetworkconditions",
    "submit",
    "resize",
    "marker",
    "focus",
    "blur",
    "select",
    "check",
    "drag",
    "contextmenu",
    "rightclick",
];
/// Members that say what a step was done to.
const TARGETS: [&str; 18] = [
    "selectors",
    "selector",
    "element",
    "target",
    "field",
    "fieldId",
    "url",
    "label",
    "offsetX",
    "x",
    "coordinates",
    "key",
    "value",
    "width",
    "pageId",
    "tabId",
    "title",
    "text",
];

pub(super) fn sniff(source: &Source) -> bool {
    ndjson::kind(source) == Some(ndjson::Kind::Actions)
}

pub(super) fn read(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    ndjson::read(source, "actions", "actions", |record| (row_of(&record), record), intake)
}

/// Whether a record is a step: a known kind, something it was done to, and no level.
pub(super) fn is_action(record: &Value) -> bool {
    let known = KIND.iter().any(|key| record.get(key).and_then(Value::as_str).is_some_and(is_known));
    known && json::get(record, "level").is_none() && TARGETS.iter().any(|key| record.get(key).is_some())
}

fn is_known(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    KINDS.contains(&kind.as_str()) || ALIASES.iter().any(|(_, names)| names.contains(&kind.as_str()))
}

fn kind(record: &Value) -> String {
    let named = json::text(record, &KIND).unwrap_or("step".into());
    let lower = named.to_ascii_lowercase();
    match ALIASES.iter().find(|(_, names)| names.contains(&lower.as_str())) {
        Some((kind, _)) => (*kind).into(),
        None => named.into_owned(),
    }
}

/// The row of a record.
pub(super) fn row_of(record: &Value) -> Row {
    let kind = kind(record);
    let target = target(record);
    let value = match kind.as_str() {
        "keyDown" | "keyUp" => json::string(record, &["key", "value", "code"]),
        _ => json::string(record, &["value", "inputValue"]),
    };
    Row::Action(ActionRow {
        label: label(record, &kind),
        target,
        value,
        url: json::string(record, &["url", "href", "to", "pageUrl", "page.url"]),
        // Offsets within an element are no places in the page.
        x: json::number(record, &["x", "clientX", "coordinates.x", "position.x", "point.x"]),
        y: json::number(record, &["y", "clientY", "coordinates.y", "position.y", "point.y"]),
        duration: json::number(record, &["durationMs", "duration"]).filter(|ms| *ms >= 0.0),
        error: json::string(record, &["error", "error.message"]),
        kind,
    })
}

fn label(record: &Value, kind: &str) -> Option<String> {
    let keys = [
        "label",
        "text",
        "name",
        "aria",
        "ariaLabel",
        "aria-label",
        "element.text",
        "element.label",
        "element.innerText",
    ];
    // The kind itself may stand under `name`.
    let own = keys.iter().find_map(|key| json::text(record, &[key]).filter(|text| !is_known(text)));
    let own = own.map(std::borrow::Cow::into_owned);
    own.or_else(|| spoken(record))
        .or_else(|| json::string(record, &["title"]).filter(|_| matches!(kind, "navigate" | "switchTab")))
}

/// The name in a selector by role or text, as in `aria/Pay now`.
fn spoken(record: &Value) -> Option<String> {
    let mut all = selectors(record).into_iter();
    all.find_map(|selector| {
        let name = selector.strip_prefix("aria/").or_else(|| selector.strip_prefix("text/"))?;
        // The Recorder may add the role, as in `aria/Pay now[role="button"]`.
        name.split("[role=").next().filter(|name| !name.is_empty()).map(str::to_owned)
    })
}

/// The selectors of a step; those of frames within frames are joined.
fn selectors(record: &Value) -> Vec<String> {
    let Some(list) = record.get("selectors").and_then(Value::as_array) else { return Vec::new() };
    let one = |selector: &Value| match selector {
        Value::Array(parts) => parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" >> "),
        other => other.as_str().unwrap_or_default().to_owned(),
    };
    list.iter().map(one).filter(|selector| !selector.is_empty()).collect()
}

/// The selector that says most to a person: an id or test id, else CSS, else what there is.
fn target(record: &Value) -> Option<String> {
    let rank = |selector: &String| match selector.as_str() {
        id if id.starts_with('#') || id.contains("data-test") || id.contains("data-qa") => 0,
        spoken if spoken.starts_with("aria/") || spoken.starts_with("text/") => 2,
        deep if deep.starts_with("xpath/") || deep.starts_with("pierce/") || deep.starts_with('/') => 3,
        _ => 1,
    };
    let best = selectors(record).into_iter().min_by_key(rank);
    let keys = [
        "selector",
        "element",
        "element.selector",
        "target.selector",
        "field",
        "fieldId",
        "field.id",
        "elementId",
        "element.id",
        "element.tag",
        "element.tagName",
    ];
    let target = || json::string(record, &["target"]).filter(|target| target != "main");
    best.or_else(|| json::string(record, &keys)).or_else(target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn action(record: &Value) -> ActionRow {
        match row_of(record) {
            Row::Action(row) => row,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_step_of_the_recorder() {
        let row = action(&json!({"type": "click", "target": "main", "offsetX": 10, "offsetY": 8.5, "durationMs": 12,
            "selectors": [["aria/[role=\"main\"]"], ["aria/Pay now[role=\"button\"]"], ["#frame", "button.pay"], ["xpath///*[@id=\"x\"]"], ["#pay"]]}));
        assert_eq!(
            (row.kind.as_str(), row.label.as_deref(), row.target.as_deref()),
            ("click", Some("Pay now"), Some("#frame >> button.pay"))
        );
        assert_eq!((row.x, row.y, row.duration), (None, None, Some(12.0)));
    }

    #[test]
    fn other_words_for_the_same() {
        let click = action(&json!({"type": "click", "element": "button#pay", "coordinates": {"x": 1, "y": 2}}));
        assert_eq!((click.target.as_deref(), click.x, click.y), (Some("button#pay"), Some(1.0), Some(2.0)));
        let input = action(&json!({"type": "input", "fieldId": "email", "value": "a@example.com"}));
        assert_eq!(
            (input.kind.as_str(), input.target.as_deref(), input.value.as_deref()),
            ("change", Some("email"), Some("a@example.com"))
        );
        let navigation = action(&json!({"action": "navigation", "url": "http://a/", "title": "A"}));
        assert_eq!((navigation.kind.as_str(), navigation.label.as_deref()), ("navigate", Some("A")));
        let own = action(&json!({"type": "teleport", "error": {"message": "no"}}));
        assert_eq!((own.kind.as_str(), own.error.as_deref()), ("teleport", Some("no")));
    }
}
