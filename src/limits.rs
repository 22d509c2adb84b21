//! What of an event is kept: which bodies, and how long a string may be.

use serde_json::{Map, Value, json};

use crate::event::{Event, Row};
use crate::recording::Recording;
use crate::walk::{self, Place, Visitor, member_mut};

/// Characters of a row's text that the list can show; the detail holds the rest.
const ROW_TEXT: usize = 2_000;
/// Bytes of a body of text that are kept.
const TEXT_BODY: usize = 256 * 1024;
/// Bytes of any body kept with [`Bodies::All`], as they stand in the source (base64 included).
const ANY_BODY: usize = 16 * 1024 * 1024;
/// Bytes of any other string.
const STRING: usize = 1024 * 1024;
/// Member of a detail where the exporter writes what it left out.
pub const NOTES: &str = "_sealcast";

/// Which request and response bodies go into the share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Bodies {
    /// None at all.
    None,
    /// Text, JSON and forms, up to 256 KiB each.
    #[default]
    Text,
    /// Everything, up to 16 MiB each.
    All,
}

/// Cuts an event down to what the share shall hold, and notes in the detail what was left out.
pub fn apply(event: &mut Event, bodies: Bodies) {
    let notes = leave_out(event, bodies);
    cut(event, bodies, notes);
}

/// Takes bodies out of an event that the share shall not hold; gives the notes on them. No string is cut.
pub(crate) fn leave_out(event: &mut Event, bodies: Bodies) -> Map<String, Value> {
    let mut notes = Map::new();
    if let Row::Network(_) = event.row {
        cut_bodies(&mut event.detail, bodies, &mut notes);
    }
    notes
}

/// Cuts the strings of an event, and notes in the detail what was left out.
pub(crate) fn cut(event: &mut Event, bodies: Bodies, notes: Map<String, Value>) {
    cut_row(&mut event.row);
    let mut cutter = Cutter { limit: if bodies == Bodies::All { ANY_BODY } else { STRING }, notes };
    // Most have nothing to cut, and a walk that knows every place costs more than a look.
    if !walk::is_within(&event.detail, ROW_TEXT, cutter.limit) {
        walk::event(event, &mut cutter);
    } else if !walk::is_row_within(&event.row, ROW_TEXT) {
        walk::row(event, &mut cutter);
    }
    if !cutter.notes.is_empty() {
        write_notes(&mut event.detail, cutter.notes);
    }
}

/// The list says of these that there is more; of other members the detail alone holds the rest.
fn cut_row(row: &mut Row) {
    match row {
        Row::Console(row) => row.cut |= cut_chars(&mut row.text, ROW_TEXT),
        Row::Backend(row) => row.cut |= cut_chars(&mut row.text, ROW_TEXT),
        Row::Network(_) | Row::Action(_) => {}
    }
}

/// Shortens a text to a number of characters; says whether it did.
fn cut_chars(text: &mut String, limit: usize) -> bool {
    if text.len() <= limit {
        return false;
    }
    let Some((end, _)) = text.char_indices().nth(limit) else { return false };
    text.truncate(end);
    true
}

/// Shortens a text to a number of bytes at a character's border; says whether it did.
fn cut_bytes(text: &mut String, limit: usize) -> bool {
    if text.len() <= limit {
        return false;
    }
    text.truncate(text.floor_char_boundary(limit));
    true
}

/// Where a request's record may hold bodies: HAR's places, and those of recorders that know no HAR.
const BODIES: [(&[&str], &[&str]); 5] = [
    (&["request", "postData"], &["text", "params"]),
    (&["response", "content"], &["text"]),
    (&["request"], &["body", "_body"]),
    (&["response"], &["body", "_body"]),
    (&[], &["body", "_body", "requestBody", "responseBody", "request_body", "response_body"]),
];

fn cut_bodies(detail: &mut Value, bodies: Bodies, notes: &mut Map<String, Value>) {
    for (path, members) in BODIES {
        let found = path.iter().try_fold(&mut *detail, |value, key| member_mut(value.as_object_mut()?, key));
        let Some(Value::Object(body)) = found else { continue };
        for member in members {
            if let Some(why) = body_verdict(body, member, bodies) {
                body.shift_remove(*member);
                let pointer: String = path.iter().chain([member]).flat_map(|key| ["/", key]).collect();
                notes.insert(pointer, why.into());
            }
        }
    }
    if bodies == Bodies::None {
        for member in ["_webSocketMessages", "_eventSourceMessages"] {
            if let Some(Value::Array(messages)) = detail.get_mut(member) {
                let why = format!("{} messages not included (bodies were left out)", messages.len());
                messages.clear();
                notes.insert(format!("/{member}"), why.into());
            }
        }
    }
}

/// Why a body stays out, or `None` when it goes in.
fn body_verdict(body: &Map<String, Value>, member: &str, bodies: Bodies) -> Option<String> {
    let held = walk::member(body, member)?;
    let mime = body.get("mimeType").and_then(Value::as_str).unwrap_or_default();
    let base64 = body.get("encoding").and_then(Value::as_str) == Some("base64");
    let bytes = match held {
        Value::String(text) if text.is_empty() => return None,
        Value::String(text) if base64 => text.len() / 4 * 3,
        Value::String(text) => text.len(),
        Value::Null => return None,
        Value::Array(items) if items.is_empty() => return None,
        other => other.to_string().len(),
    };
    let kind = mime.split(';').next().unwrap_or_default().trim();
    let kind = if kind.is_empty() { "of unknown type" } else { kind };
    match bodies {
        Bodies::None => Some(format!("body of {bytes} bytes not included ({kind}; bodies were left out)")),
        Bodies::Text if !is_text(mime, base64) => Some(format!("binary body of {bytes} bytes not included ({kind})")),
        Bodies::Text if bytes > TEXT_BODY => {
            Some(format!("body of {bytes} bytes not included ({kind}; the limit is {} KiB)", TEXT_BODY / 1024))
        }
        Bodies::All if bytes > ANY_BODY => {
            Some(format!("body of {bytes} bytes not included ({kind}; the limit is {} MiB)", ANY_BODY / 1024 / 1024))
        }
        Bodies::Text | Bodies::All => None,
    }
}

/// Whether a media type is one people read. Without a type, the encoding decides.
#[must_use]
pub fn is_text(mime: &str, base64: bool) -> bool {
    let kind = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind.is_empty() || kind == "x-unknown" {
        return !base64;
    }
    kind.starts_with("text/")
        || kind.ends_with("+json")
        || kind.ends_with("+xml")
        || kind.starts_with("multipart/")
        || [
            "json",
            "xml",
            "javascript",
            "ecmascript",
            "x-www-form-urlencoded",
            "graphql",
            "ndjson",
            "yaml",
            "x-protobuf-text",
        ]
        .iter()
        .any(|word| {
            kind.strip_prefix("application/")
                .is_some_and(|rest| rest.trim_start_matches("x-") == *word || rest == *word)
        })
}

/// Caps every string, whatever it is.
struct Cutter {
    limit: usize,
    notes: Map<String, Value>,
}

impl Visitor for Cutter {
    fn key(&mut self, _place: &Place<'_>, key: &str) -> Option<String> {
        if key.len() <= ROW_TEXT {
            return None;
        }
        let mut key = key.to_owned();
        cut_chars(&mut key, ROW_TEXT).then_some(key)
    }

    fn string(&mut self, place: &Place<'_>, text: &mut String) {
        if place.path.first().is_some_and(|first| first == "row") {
            cut_chars(text, ROW_TEXT);
            return;
        }
        let bytes = text.len();
        if cut_bytes(text, self.limit) {
            let pointer: String = place.path[1..].iter().flat_map(|key| ["/".into(), escape(key)]).collect();
            self.notes.insert(pointer, format!("cut at {} of {bytes} bytes", text.len()).into());
        }
    }
}

/// Cuts what is not an event down likewise.
pub fn apply_to_recording(recording: &mut Recording) {
    walk::recording(recording, &mut Cutter { limit: STRING, notes: Map::new() });
}

/// A key as JSON Pointer writes it.
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Writes into a detail what is missing at which place of it.
pub(crate) fn write_notes(detail: &mut Value, notes: Map<String, Value>) {
    let Value::Object(detail) = detail else { return };
    let own = detail.entry(NOTES).or_insert_with(|| json!({}));
    if !own.is_object() {
        *own = json!({});
    }
    let left_out = own.as_object_mut().map(|own| own.entry("left_out").or_insert_with(|| json!({})));
    match left_out {
        Some(Value::Object(left_out)) => left_out.extend(notes),
        Some(other) => *other = Value::Object(notes),
        None => {}
    }
}
