//! Texts of any kind: what of them is secret by their structure first, then by its looks.

use std::ops::Range;

use percent_encoding::percent_decode_str;

use super::Redactor;
use super::detect::{self, Class};
use super::path::Path;
use super::quick::Harmless;
use super::shape::{self, Sure};

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Its beginning says.
    Any,
    /// A body that may be a form too.
    Body,
    /// Source code, in which names and values are those of the program.
    Code,
    /// One address, perhaps a relative one.
    Url,
}

/// In which form a tag stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// In brackets.
    Text,
    /// Without a character that URLs escape.
    Url,
}

/// How a value is written in the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// As it is.
    Plain,
    /// As a JSON string writes it.
    Json,
    /// As URLs write it.
    Percent,
}

/// A stretch of a text and what stands there instead.
#[derive(Debug)]
pub(super) struct Edit {
    range: Range<usize>,
    put: Put,
}

#[derive(Debug)]
enum Put {
    Secret {
        rule: &'static str,
        sure: Sure,
        coding: Coding,
        form: Form,
    },
    /// What a value that was decoded reads without its secrets, encoded again.
    Text(String),
}

impl Edit {
    pub(super) const fn secret(
        range: Range<usize>,
        rule: &'static str,
        sure: Sure,
        coding: Coding,
        form: Form,
    ) -> Self {
        Self { range, put: Put::Secret { rule, sure, coding, form } }
    }

    pub(super) const fn text(range: Range<usize>, text: String) -> Self {
        Self { range, put: Put::Text(text) }
    }
}

/// Bytes that a finding around a tag has more than the tag when it is of the tag: `Bearer [redacted auth#3]`.
const AROUND_TAG: usize = 8;
/// How deep texts in texts are looked into.
const DEPTH: u8 = 5;

impl Redactor {
    /// Removes what is secret in a text.
    pub(super) fn text(&mut self, text: &mut String, kind: Kind, path: &Path<'_>) {
        self.tally.looked_at += 1;
        if let Some(changed) = self.scrubbed(text, kind, path) {
            *text = changed;
        }
    }

    /// What a text reads without its secrets, unless it has none.
    pub(super) fn scrubbed(&mut self, text: &str, kind: Kind, path: &Path<'_>) -> Option<String> {
        if text.len() < 6 || self.depth >= DEPTH {
            return None;
        }
        let place = Harmless::place(text, kind);
        if place.is_some_and(|place| self.harmless.has(place, text, kind)) {
            return None;
        }
        self.depth += 1;
        let edits = self.edits(text, kind, path);
        self.depth -= 1;
        let changed = self.apply(text, edits, path);
        // Within other texts, not everything is looked for any more.
        if let (Some(place), None, 0) = (place, &changed, self.depth) {
            self.harmless.put(place, text, kind);
        }
        changed
    }

    fn edits(&mut self, text: &str, kind: Kind, path: &Path<'_>) -> Vec<Edit> {
        let mut edits = Vec::new();
        let first = text.trim_start().as_bytes().first().copied().unwrap_or(b' ');
        match kind {
            Kind::Url => self.url(text, 0..text.len(), path, &mut edits),
            Kind::Code => {}
            Kind::Any | Kind::Body => match first {
                b'{' | b'[' => self.json(text, path, &mut edits),
                b'<' => self.markup(text, &mut edits),
                b'-' if text.starts_with("--") => self.multipart(text, path, &mut edits),
                _ if kind == Kind::Body && is_form(text) => self.pairs(text, 0..text.len(), path, &mut edits),
                _ => {}
            },
        }
        if kind != Kind::Url {
            self.urls(text, path, &mut edits);
        }
        self.patterns(text, kind, &mut edits);
        edits
    }

    /// What patterns find.
    fn patterns(&mut self, text: &str, kind: Kind, edits: &mut Vec<Edit>) {
        let mut found = std::mem::take(&mut self.found);
        detect::detect(text, self.strict, &mut found);
        for finding in &found {
            let sure = if finding.class == Class::Credential { Sure::Yes } else { Sure::No };
            let form = if kind == Kind::Url || is_in_url(text, finding.range.start) { Form::Url } else { Form::Text };
            edits.push(Edit::secret(finding.range.clone(), finding.rule, sure, Coding::Plain, form));
        }
        self.found = found;
        let Self { config, .. } = self;
        for pattern in &config.patterns {
            for found in pattern.find_iter(text).filter(|found| !found.is_empty()) {
                edits.push(Edit::secret(found.range(), "pattern", Sure::Yes, Coding::Plain, Form::Text));
            }
        }
    }

    /// Makes edits in a text.
    pub(super) fn edit(&mut self, text: &mut String, edits: Vec<Edit>, path: &Path<'_>) {
        if let Some(changed) = self.apply(text, edits, path) {
            *text = changed;
        }
    }

    /// A text with its edits made; of those that overlap, the first stays whole.
    fn apply(&mut self, text: &str, mut edits: Vec<Edit>, path: &Path<'_>) -> Option<String> {
        if edits.is_empty() {
            return None;
        }
        // What was redacted before stays as it is, whatever stands around it.
        let tags = shape::tags(text);
        edits.retain(|Edit { range, put }| {
            let of_tag = |tag: &Range<usize>| {
                tag.start < range.end && range.start < tag.end && range.len() <= tag.len() + AROUND_TAG
            };
            matches!(put, Put::Text(_)) || !tags.iter().any(of_tag)
        });
        edits.sort_by_key(|edit| edit.range.start);
        let mut out = String::new();
        let mut done = 0;
        let mut changed = false;
        for Edit { mut range, put } in edits {
            if range.end <= done || range.start < done && matches!(put, Put::Text(_)) {
                continue;
            }
            range.start = range.start.max(done);
            let (Some(before), Some(value)) = (text.get(done..range.start), text.get(range.clone())) else { continue };
            let with = match put {
                Put::Text(text) => text,
                Put::Secret { rule, sure, coding, form } => {
                    let value = coding.decode(value);
                    if shape::is_stand_in(&value) || self.config.leaves(&value) {
                        continue;
                    }
                    self.remove(&value, rule, sure, path).shown(form)
                }
            };
            out.push_str(before);
            out.push_str(&with);
            done = range.end;
            changed = true;
        }
        out.push_str(text.get(done..)?);
        changed.then_some(out)
    }
}

impl Coding {
    pub(super) fn decode(self, value: &str) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Json if value.contains('\\') => {
                serde_json::from_str::<String>(&format!("\"{value}\"")).map_or_else(|_| value.into(), Into::into)
            }
            Self::Percent if value.contains('%') => {
                percent_decode_str(value).decode_utf8().unwrap_or_else(|_| value.into())
            }
            Self::Plain | Self::Json | Self::Percent => value.into(),
        }
    }
}

/// Whether a place lies within an address.
fn is_in_url(text: &str, place: usize) -> bool {
    let from = text.floor_char_boundary(place.saturating_sub(2048));
    let before = &text[from..place];
    let word = before.rfind([' ', '"', '\'', '\n', '<', '>', '(']).map_or(before, |end| &before[end..]);
    word.contains("://")
}

/// Whether a body without a type looks like a form: `name=value&name=value`.
fn is_form(text: &str) -> bool {
    let Some(end) = text.find('=') else { return false };
    let name = &text[..end];
    !name.is_empty()
        && name.len() <= 128
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.[]%$~:+".contains(&byte))
        && !text[end..].trim_end().contains([' ', '\n', '"', '<', '{'])
}
