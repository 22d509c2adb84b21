//! Commands of Selenium IDE.

use serde_json::Value;

use super::json;
use crate::event::ActionRow;
use crate::import::intake::Notes;

/// Words for commands that do what steps of other recorders do.
const KINDS: [(&str, &str); 14] = [
    ("open", "navigate"),
    ("click", "click"),
    ("clickAt", "click"),
    ("doubleClick", "doubleClick"),
    ("doubleClickAt", "doubleClick"),
    ("type", "change"),
    ("sendKeys", "change"),
    ("editContent", "change"),
    ("select", "change"),
    ("check", "change"),
    ("uncheck", "change"),
    ("mouseOver", "hover"),
    ("setWindowSize", "setViewport"),
    ("selectWindow", "switchTab"),
];

/// The commands of all tests, in order. Those that are switched off are left out.
pub(super) fn rows(mut project: Value, notes: &mut Notes) -> Vec<(ActionRow, Value)> {
    let base = json::string(&project, &["url"]).unwrap_or_default();
    let Some(Value::Array(tests)) = project.get_mut("tests").map(Value::take) else { return Vec::new() };
    let several = tests.len() > 1;
    let mut rows = Vec::new();
    for mut test in tests {
        let name = json::string(&test, &["name"]).filter(|_| several);
        if let Some(name) = name {
            let marker = ActionRow { label: Some(name.clone()), ..ActionRow::of_kind("marker") };
            rows.push((marker, serde_json::json!({ "test": name })));
        }
        let Some(Value::Array(commands)) = test.get_mut("commands").map(Value::take) else { continue };
        for command in commands {
            let named = json::string(&command, &["command"]);
            match named.as_deref() {
                Some(off) if off.starts_with("//") => {
                    notes.add("commands", format_args!("the command {} is switched off and was left out", &off[2..]));
                }
                Some(kind) => rows.push((row(kind, &command, &base), command)),
                None => {}
            }
        }
    }
    rows
}

fn row(command: &str, step: &Value, base: &str) -> ActionRow {
    let kind = KINDS.iter().find(|(own, _)| *own == command).map_or(command, |(_, kind)| kind);
    let target = json::string(step, &["target"]);
    let comment = json::string(step, &["comment"]);
    let mut row = ActionRow::of_kind(kind);
    row.value = json::string(step, &["value"]);
    match kind {
        "navigate" => row.url = target.map(|target| whole(base, &target)),
        "setViewport" => row.label = target.map(|size| size.replacen('x', " × ", 1)),
        _ => {
            row.label = target.as_deref().and_then(spoken);
            row.target = target;
        }
    }
    if comment.is_some() {
        row.label = comment;
    }
    row
}

/// An address below the project's.
fn whole(base: &str, path: &str) -> String {
    if path.contains("://") { path.to_owned() } else { format!("{}{path}", base.trim_end_matches('/')) }
}

/// The words in a locator that has some: a link's text, or the text that a path looks for.
fn spoken(target: &str) -> Option<String> {
    let (how, what) = target.split_once('=')?;
    match how {
        "linkText" | "partialLinkText" | "link" | "name" | "label" => Some(what.to_owned()),
        "xpath" => {
            let quoted = what.split_once("text()")?.1.split(['\'', '"']).nth(1)?;
            (!quoted.is_empty()).then(|| quoted.to_owned())
        }
        _ => None,
    }
}
