//! Flows: lists of steps to do, without the times at which they were done. The rows keep their order.

mod side;
mod steps;

use memchr::memmem;
use serde_json::Value;

use super::intake::{Intake, Notes, Unread};
use super::source::Source;
use super::{actions, json, weight};
use crate::event::{Event, EventTime, Row};

/// Bytes that a flow may have.
const LIMIT: u64 = 16 * 1024 * 1024;

/// Whether a file is a flow of the Recorder of Chromium's developer tools, or a project of Selenium IDE.
pub(super) fn sniff(source: &Source) -> bool {
    let head = &source.head;
    let holds = |needle: &[u8]| memmem::find(head, needle).is_some();
    let object = head.trim_ascii_start().first() == Some(&b'{');
    // Told apart from a log by its first members, the rest is looked at by the parser.
    let recorder = holds(b"\"steps\"") && holds(b"\"title\"");
    let selenium = holds(b"\"tests\"") && holds(b"\"commands\"");
    object && source.size <= LIMIT && (recorder || selenium) && parsed(source).is_some_and(|flow| is_flow(&flow))
}

fn is_flow(flow: &Value) -> bool {
    let steps = |list: &Value, key: &str| {
        let first = list.as_array().and_then(|items| items.first()?.get(key));
        first.is_some_and(|found| found.is_string() || found.is_array())
    };
    flow.get("title").is_some_and(Value::is_string) && flow.get("steps").is_some_and(|list| steps(list, "type"))
        || flow.get("tests").is_some_and(|list| steps(list, "commands"))
}

fn parsed(source: &Source) -> Option<Value> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut source.stretch(0..source.size).ok()?, &mut bytes).ok()?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    weight::fits(bytes).then(|| json::parse_object(bytes).ok()).flatten()
}

pub(super) fn read(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    let Some(flow) = parsed(source) else { return Err(Unread::Skip("it is no flow that can be read".into())) };
    let title = json::string(&flow, &["title", "name"]);
    if intake.recording.title.is_none() {
        intake.recording.title = title;
    }
    let mut notes = Notes::new(source);
    let rows = if flow.get("steps").is_some() { steps::rows(flow) } else { side::rows(flow, &mut notes) };
    if rows.is_empty() {
        return Err(Unread::Skip("it has no steps".into()));
    }
    for (row, detail) in rows {
        notes.time(EventTime::Unknown, false);
        intake.push(Event::new(EventTime::Unknown, Row::Action(row), detail))?;
    }
    notes.finish(intake);
    intake.used(source, "flow", &["actions"]);
    Ok(())
}

/// The row of a step, as that of a log of actions.
fn row(step: &Value) -> crate::event::ActionRow {
    match actions::row_of(step) {
        Row::Action(row) => row,
        _ => crate::event::ActionRow::of_kind("step"),
    }
}
