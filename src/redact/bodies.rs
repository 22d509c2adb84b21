//! Bodies of requests and responses, by what their media types say.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value};

use super::Redactor;
use super::names::Name;
use super::path::Path;
use super::shape::Sure;
use super::text::{Coding, Edit, Form, Kind};
use crate::limits;

/// Bytes of a tag or a part's head that are looked at.
const HEAD: usize = 4096;
/// Attributes whose values name what a field is for.
const NAMING: &[&str] = &["name", "id", "property", "type", "autocomplete", "key"];

impl Redactor {
    /// Removes secrets of the body that an object with a media type holds.
    pub(super) fn content(&mut self, content: &mut Map<String, Value>, path: &Path<'_>) {
        let mime = content.get("mimeType").and_then(Value::as_str).unwrap_or_default();
        let base64 = content.get("encoding").and_then(Value::as_str) == Some("base64");
        let (kind, is_text) = (kind(mime), limits::is_text(mime, base64));
        let Some(Value::String(text)) = content.get_mut("text") else { return };
        let at = path.key("text");
        if base64 && !is_text {
            return;
        }
        self.body(text, kind, base64, &at);
    }

    /// Removes secrets of a body.
    pub(super) fn body(&mut self, text: &mut String, kind: Kind, base64: bool, path: &Path<'_>) {
        let decoded = base64.then(|| BASE64_STANDARD.decode(text.as_bytes()).ok()).flatten();
        match decoded.and_then(|bytes| String::from_utf8(bytes).ok()) {
            Some(mut plain) => {
                self.tally.looked_at += 1;
                if let Some(changed) = self.scrubbed(&plain, kind, path) {
                    plain = changed;
                    *text = BASE64_STANDARD.encode(plain);
                }
            }
            None => self.text(text, kind, path),
        }
    }

    /// Fields of a `multipart/form-data` body.
    pub(super) fn multipart(&mut self, text: &str, path: &Path<'_>, edits: &mut Vec<Edit>) {
        let boundary = text.lines().next().unwrap_or_default().trim_end();
        if boundary.len() < 4 {
            return;
        }
        let mut start = 0;
        for part in text.split(boundary) {
            let at = start;
            start += part.len() + boundary.len();
            let head_end =
                part.find("\r\n\r\n").map(|end| (end, end + 4)).or_else(|| part.find("\n\n").map(|end| (end, end + 2)));
            let Some((head, body)) = head_end.filter(|(head, _)| *head <= HEAD) else { continue };
            let value = part[body..].trim_end_matches(['\r', '\n']);
            let range = at + body..at + body + value.len();
            let name = part[..head].split("name=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
            match self.names.judge(name) {
                Name::Secret(rule) => edits.push(Edit::secret(range, rule, Sure::Yes, Coding::Plain, Form::Text)),
                Name::Perhaps(rule) if super::shape::is_likely(value) => {
                    edits.push(Edit::secret(range, rule, Sure::Yes, Coding::Plain, Form::Text));
                }
                Name::Perhaps(_) | Name::Plain => {
                    if value.starts_with(['{', '[', '<'])
                        && let Some(changed) = self.scrubbed(value, Kind::Any, path)
                    {
                        edits.push(Edit::text(range, changed));
                    }
                }
            }
        }
    }

    /// Elements and attributes with telling names, in HTML and XML.
    pub(super) fn markup(&mut self, text: &str, edits: &mut Vec<Edit>) {
        let mut place = 0;
        while let Some(open) = text[place..].find('<') {
            let start = place + open + 1;
            let limit = text.floor_char_boundary((start + HEAD).min(text.len()));
            let Some(end) = text[start..limit].find('>').map(|end| start + end) else {
                place = start;
                continue;
            };
            let tag = &text[start..end];
            place = end + 1;
            if !tag.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
                continue;
            }
            let name_end = tag.find(|letter: char| letter.is_whitespace() || letter == '/').unwrap_or(tag.len());
            self.attributes(tag, start, edits);
            let name = tag[..name_end].rsplit(':').next().unwrap_or_default();
            if let Name::Secret(rule) = self.names.judge(name)
                && !tag.ends_with('/')
            {
                let content = text[place..].find('<').unwrap_or(0);
                if content > 0 && !super::shape::is_prose(&text[place..place + content]) {
                    edits.push(Edit::secret(place..place + content, rule, Sure::Yes, Coding::Plain, Form::Text));
                }
            }
            // What a program in the page says is looked at by its patterns, not as markup.
            if name.eq_ignore_ascii_case("script") || name.eq_ignore_ascii_case("style") {
                place = text[place..].find("</").map_or(text.len(), |end| place + end);
            }
        }
    }

    fn attributes(&mut self, tag: &str, start: usize, edits: &mut Vec<Edit>) {
        if !tag.contains('=') {
            return;
        }
        let mut named = Name::Plain;
        let mut value_of = None;
        let mut rest = tag;
        while let Some(equals) = rest.find('=') {
            let name = rest[..equals].trim_end().rsplit(char::is_whitespace).next().unwrap_or_default();
            let after = rest[equals + 1..].trim_start();
            let Some(quote) = after.chars().next().filter(|quote| "\"'".contains(*quote)) else {
                rest = &rest[equals + 1..];
                continue;
            };
            let Some(length) = after[1..].find(quote) else { break };
            let value = &after[1..=length];
            let from = start + (tag.len() - after.len()) + 1;
            let range = from..from + value.len();
            if NAMING.iter().any(|naming| name.eq_ignore_ascii_case(naming)) {
                named = if named == Name::Plain && value.len() <= 64 { self.names.judge(value) } else { named };
            } else if name.eq_ignore_ascii_case("value") || name.eq_ignore_ascii_case("content") {
                value_of = Some((range, value));
            } else if let Name::Secret(rule) = self.names.judge(name)
                && !super::shape::is_prose(value)
            {
                edits.push(Edit::secret(range, rule, Sure::Yes, Coding::Plain, Form::Text));
            }
            rest = &after[length + 2..];
        }
        match (named, value_of) {
            (Name::Secret(rule), Some((range, value))) if !super::shape::is_prose(value) => {
                edits.push(Edit::secret(range, rule, Sure::Yes, Coding::Plain, Form::Text));
            }
            (Name::Perhaps(rule), Some((range, value))) if super::shape::is_likely(value) => {
                edits.push(Edit::secret(range, rule, Sure::Yes, Coding::Plain, Form::Text));
            }
            _ => {}
        }
    }
}

/// How to read a body of a media type.
fn kind(mime: &str) -> Kind {
    let mime = mime.split(';').next().unwrap_or_default().trim();
    let code = ["javascript", "ecmascript", "css", "wasm"].iter().any(|word| mime.ends_with(word));
    if code { Kind::Code } else { Kind::Body }
}
