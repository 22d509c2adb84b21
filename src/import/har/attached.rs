//! Bodies that lie beside a HAR, and the messages of sockets and event streams.

use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::import::intake::{Intake, MISSING_BODY, Notes, shown};
use crate::import::source::Source;
use crate::import::{dates, expand, json, weight};
use crate::limits;

/// Bytes of an attached body that are read; no larger one is shown.
const BODY: u64 = 8 << 20;
/// Bytes of all attached bodies of a HAR: many entries may name one file.
pub(super) const BODIES: u64 = 1 << 30;
/// Bytes of attached messages that are read.
const MESSAGES: u64 = 2 << 20;
/// Members that list messages.
const LISTS: [&str; 2] = ["_webSocketMessages", "_eventSourceMessages"];

/// Puts into an entry what it keeps elsewhere as long as there is room for it, and writes all times of messages as
/// milliseconds since 1970.
///
/// # Errors
/// When an entry names a file outside of the HAR's folder, or one cannot be read.
pub(super) fn complete(
    entry: &mut Value,
    source: &Source,
    notes: &mut Notes,
    intake: &mut Intake<'_>,
    room: &mut u64,
) -> Result<(), Error> {
    for keys in [["request", "postData"], ["response", "content"]] {
        let body = || keys.iter().try_fold(&*entry, |value, key| json::member(value, key));
        let Some(file) = body().and_then(|body| json::string(body, &["_file"])) else { continue };
        let pointer = &format!("/{}", keys.join("/"));
        let Some(path) = beside(&file, source, intake)? else {
            notes.once(MISSING_BODY);
            continue;
        };
        // What belongs to the HAR is nothing by itself.
        intake.is_new(&path);
        let attached = intake.open(&path).ok().and_then(|body| Some((body.reader().ok()?, body.size)));
        let Some((reader, size)) = attached else {
            notes.once(MISSING_BODY);
            continue;
        };
        let mut bytes = Vec::new();
        let is_messages = path.extension().is_some_and(|ending| ending == "jsonl");
        let limit = if is_messages { MESSAGES } else { BODY }.min(*room);
        *room -= size.min(limit);
        if is_messages || size <= limit {
            reader.take(limit).read_to_end(&mut bytes).map_err(source.failed())?;
        }
        if is_messages {
            let messages = messages(&bytes, size > limit);
            put(entry, "", LISTS[0], messages);
        } else if size > limit {
            leave_out(entry, pointer, size);
        } else {
            fill(entry, pointer, bytes);
        }
    }
    for list in LISTS {
        let messages = entry.get_mut(list).and_then(Value::as_array_mut);
        messages.into_iter().flatten().for_each(unify_time);
    }
    Ok(())
}

/// Where a body's file lies, or `None` when it is not there or is none of those that are looked at.
fn beside(file: &str, source: &Source, intake: &Intake<'_>) -> Result<Option<PathBuf>, Error> {
    let relative = Path::new(file);
    let plain = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let folder = source.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // On Windows a backslash would part names, and a colon name a drive.
    if !plain || file.contains('\\') {
        return Err(Error::refused(
            format!("{} names {}, which is not inside its folder", source.name, shown(relative)),
            "a HAR names the files of its bodies by their path below its own folder; do not trust this one",
        ));
    }
    let ignored = |part: Component<'_>| part != Component::CurDir && expand::is_ignored(part.as_os_str());
    if relative.components().any(ignored) {
        return Ok(None);
    }
    let path = folder.join(relative);
    match (path.canonicalize(), folder.canonicalize()) {
        (Ok(target), Ok(root)) if !target.starts_with(&root) => Err(expand::leads_out(&intake.place(&path))),
        (Ok(target), Ok(_)) if target.is_file() => Ok(Some(path)),
        _ => Ok(None),
    }
}

/// Frames as Playwright attaches them, one JSON object a line.
fn messages(bytes: &[u8], cut: bool) -> Value {
    let mut left = weight::LIMIT / 4;
    let mut messages = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()) {
        let Some(weight) = weight::of(line, left) else { break };
        left -= weight;
        messages.extend(json::parse_object(line));
    }
    if cut {
        messages.push(Value::from_iter([("data", "… the rest is too large")]));
    }
    messages.into()
}

fn put(entry: &mut Value, pointer: &str, key: &str, value: Value) {
    if let Some(Value::Object(map)) = entry.pointer_mut(pointer) {
        map.insert(key.into(), value);
    }
}

/// Says in the entry that a body is missing, as for bodies that are left out later.
fn leave_out(entry: &mut Value, pointer: &str, size: u64) {
    let words = format!("body of {size} bytes not included (too large)");
    limits::write_notes(entry, Map::from_iter([(format!("{pointer}/text"), words.into())]));
}

fn fill(entry: &mut Value, pointer: &str, bytes: Vec<u8>) {
    let mime = entry.pointer(pointer).and_then(|body| json::string(body, &["mimeType"])).unwrap_or_default();
    let text = limits::is_text(&mime, false);
    let valid = String::from_utf8(bytes);
    let (body, base64) = match valid {
        Ok(body) if text || !body.contains('\0') => (body, false),
        Ok(body) => (BASE64_STANDARD.encode(body), true),
        Err(error) if text && !mime.is_empty() && mime != "x-unknown" => {
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), false)
        }
        Err(error) => (BASE64_STANDARD.encode(error.as_bytes()), true),
    };
    put(entry, pointer, "text", body.into());
    if base64 {
        put(entry, pointer, "encoding", "base64".into());
    } else if let Some(Value::Object(body)) = entry.pointer_mut(pointer) {
        body.shift_remove("encoding");
    }
}

/// Browsers and proxies write seconds, Playwright milliseconds.
fn unify_time(message: &mut Value) {
    let time = message.get("time");
    let stamp = time.and_then(dates::of_value).filter(|stamp| time.and_then(Value::as_f64) != Some(stamp.ms));
    if let Some(stamp) = stamp {
        put(message, "", "time", stamp.ms.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn seconds_become_milliseconds() {
        for (time, expected) in [
            (json!(1_795_238_731.775), json!(1_795_238_731_775.0)),
            (json!(1_795_238_731_775.5), json!(1_795_238_731_775.5)),
            (json!("never"), json!("never")),
            (json!(3), json!(3)),
        ] {
            let mut message = json!({ "time": time });
            unify_time(&mut message);
            assert_eq!(message, json!({ "time": expected }));
        }
    }

    #[test]
    fn bodies_are_text_where_they_can_be() {
        let body = |mime: &str, bytes: &[u8]| {
            let mut entry = json!({"response": {"content": {"mimeType": mime}}});
            fill(&mut entry, "/response/content", bytes.to_vec());
            let content = &entry["response"]["content"];
            (content["text"].as_str().unwrap().to_owned(), content.get("encoding").is_some())
        };
        assert_eq!(body("text/plain", b"a\xff"), ("a\u{fffd}".into(), false));
        assert_eq!(body("image/png", b"\xff"), ("/w==".into(), true));
        assert_eq!(body("", b"\xff"), ("/w==".into(), true));
        assert_eq!(body("application/x-odd", b"words"), ("words".into(), false));
        assert_eq!(body("application/x-odd", b"a\0"), ("YQA=".into(), true));
    }

    #[test]
    fn messages_are_read_line_by_line() {
        let read = messages(b"{\"data\":\"a\"}\n\nbroken\n{\"data\":\"b\"}", true);
        assert_eq!(read, json!([{"data": "a"}, {"data": "b"}, {"data": "… the rest is too large"}]));
    }
}
