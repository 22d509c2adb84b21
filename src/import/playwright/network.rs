//! Requests of a trace: entries of a HAR whose bodies lie in files of their own.

use std::io::Read as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json as object};

use super::files::Files;
use crate::error::Error;
use crate::event::{Event, EventTime, Row};
use crate::import::intake::{Intake, Notes};
use crate::import::{dates, har, json};
use crate::limits;

/// Bytes of a body that is read: more is never kept.
const BODY: u64 = 16 * 1024 * 1024;
/// Messages of a WebSocket, and bytes of theirs, that are kept.
const MESSAGES: usize = 2_000;
const MESSAGES_BYTES: u64 = 4 * 1024 * 1024;

/// Takes a line of a network trace; says whether it became an event.
pub(super) fn take(
    mut line: Value,
    files: &Files<'_>,
    notes: &mut Notes,
    intake: &mut Intake<'_>,
) -> Result<bool, Error> {
    let mut entry = match line.get_mut("snapshot").map(Value::take) {
        Some(entry) if entry.get("request").is_some_and(Value::is_object) => entry,
        _ => return Ok(false),
    };
    let stamp = entry.get("startedDateTime").and_then(dates::of_value);
    let time = stamp.map_or(EventTime::Unknown, |stamp| EventTime::Wall(stamp.ms));
    notes.time(time, false);
    messages(&mut entry, files)?;
    for (pointer, member) in
        [("/response/content", "/response/content/text"), ("/request/postData", "/request/postData/text")]
    {
        if let Some(why) = body(entry.pointer_mut(pointer), files)? {
            let own = object!({ "left_out": { member: why } });
            if let Value::Object(members) = &mut entry {
                members.insert(limits::NOTES.into(), own);
            }
        }
    }
    let row = har::row_of(&entry);
    intake.push(Event::new(time, Row::Network(row), entry))?;
    Ok(true)
}

/// The file that a body stands in.
fn file_of(content: &Map<String, Value>) -> Option<String> {
    let named = |key: &str| content.get(key).and_then(Value::as_str).filter(|name| !name.is_empty());
    named("_file").map(str::to_owned).or_else(|| named("_sha1").map(|name| format!("resources/{name}")))
}

/// Puts a body where HARs have it; gives the reason why it is not there.
fn body(content: Option<&mut Value>, files: &Files<'_>) -> Result<Option<String>, Error> {
    let Some(Value::Object(content)) = content else { return Ok(None) };
    let Some(name) = file_of(content) else { return Ok(None) };
    // A share that is extracted has no such files; a HAR that names them would be doubted.
    content.shift_remove("_file");
    content.shift_remove("_sha1");
    if content.contains_key("text") {
        return Ok(None);
    }
    let Some(size) = files.size(&name) else {
        return Ok(Some("the body is not in the trace".into()));
    };
    let mime = content.get("mimeType").and_then(Value::as_str).unwrap_or_default();
    if size > BODY {
        return Ok(Some(format!("body of {size} bytes not included ({mime}; the limit is {} MiB)", BODY >> 20)));
    }
    let Some(bytes) = files.bytes(&name, BODY)? else {
        return Ok(Some("the body cannot be read".into()));
    };
    let text = limits::is_text(mime, false);
    match String::from_utf8(bytes) {
        Ok(body) if text => drop(content.insert("text".into(), body.into())),
        Err(error) if text => {
            content.insert("text".into(), String::from_utf8_lossy(error.as_bytes()).into_owned().into());
        }
        other => {
            let bytes = other.map_or_else(std::string::FromUtf8Error::into_bytes, String::into_bytes);
            content.insert("text".into(), BASE64_STANDARD.encode(bytes).into());
            content.insert("encoding".into(), "base64".into());
        }
    }
    Ok(None)
}

/// What went over a WebSocket stands in the file that would be its body.
fn messages(entry: &mut Value, files: &Files<'_>) -> Result<(), Error> {
    let Some(content) = entry.pointer_mut("/response/content").and_then(Value::as_object_mut) else { return Ok(()) };
    let is_log = |name: &String| name.rsplit_once('.').is_some_and(|(_, ending)| ending == "jsonl");
    let Some(name) = file_of(content).filter(is_log) else { return Ok(()) };
    content.shift_remove("_file");
    content.shift_remove("_sha1");
    let mut bytes = Vec::new();
    files.read(&name, |reader| reader.take(MESSAGES_BYTES).read_to_end(&mut bytes))?;
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let messages: Vec<_> = lines.take(MESSAGES).filter_map(|line| json::parse_object(line).ok()).collect();
    if let Value::Object(members) = entry {
        members.insert("_webSocketMessages".into(), messages.into());
    }
    Ok(())
}
