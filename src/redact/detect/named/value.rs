//! What stands behind a name, and whether it could be the secret itself and not a word about it.

use std::ops::Range;

use super::super::bytes::{Set, random};

/// A value behind a name.
pub(super) struct Value {
    pub(super) range: Range<usize>,
    quoted: bool,
    how: How,
}

/// What joins a value to its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// `name=value` without a blank.
    Tight,
    /// `name: value`, `name = value`
    Loose,
    /// `name is value`
    Prose,
}

/// Bytes of a value that are looked at.
const LONG: usize = 8 << 10;
/// Bytes of the longest word about a secret.
const WORD: usize = 80;
/// Blanks, and the backslashes of quotes inside quotes.
static GAP: Set = Set::of(" \t");
static BACKSLASH: Set = Set::of("\\");

/// The value that follows a name, which ends at a place and begins behind a byte.
pub(super) fn after(text: &str, name_end: usize, before: Option<u8>) -> Option<Value> {
    let bytes = text.as_bytes();
    let mut at = name_end;
    let closed = close_quote(bytes, &mut at);
    if before == Some(b'<') && bytes.get(at) == Some(&b'>') {
        return element(bytes, at + 1);
    }
    if closed && let Some(value) = member(text, at) {
        return Some(value);
    }
    let gap = GAP.end(bytes, at, 4);
    let blank = gap > at;
    at = gap;
    let how = match bytes.get(at)? {
        b'=' | b':' => {
            let signs = const { &Set::of("=:>") }.end(bytes, at, 3);
            let first = bytes[at];
            at = GAP.end(bytes, signs, 4);
            if blank || at > signs || first == b':' { How::Loose } else { How::Tight }
        }
        // `password%3Dhunter2` where addresses stand inside addresses.
        b'%' if text[at..].starts_with("%3D") || text[at..].starts_with("%3d") => {
            at += 3;
            How::Tight
        }
        b'i' if blank && text[at..].starts_with("is ") => {
            at = GAP.end(bytes, at + 3, 4);
            How::Prose
        }
        _ => return None,
    };
    Some(value(text, at, how))
}

/// Steps over a closing quote, escaped or not.
fn close_quote(bytes: &[u8], at: &mut usize) -> bool {
    let quote = BACKSLASH.end(bytes, *at, 8);
    let closed = matches!(bytes.get(quote), Some(b'"' | b'\'' | b'`'));
    if closed {
        *at = quote + 1;
    }
    closed
}

/// `<password>…</password>`
fn element(bytes: &[u8], from: usize) -> Option<Value> {
    let length = memchr::memchr(b'<', &bytes[from..bytes.len().min(from + LONG)])?;
    Some(Value { range: from..from + length, quoted: true, how: How::Loose })
}

/// What belongs to a name that is itself a value: `"name":"password","value":"…"`, `name="password" value="…"`,
/// and the part of a form under `name="password"`.
fn member(text: &str, from: usize) -> Option<Value> {
    let bytes = text.as_bytes();
    let mut breaks = from;
    for line_end in ["\r\n\r\n", "\\r\\n\\r\\n", "\n\n", "\\n\\n"] {
        if text[from..].starts_with(line_end) {
            breaks = from + line_end.len();
        }
    }
    if breaks > from {
        let end = [b'\r', b'\n', b'\\'].iter().filter_map(|end| memchr::memchr(*end, &bytes[breaks..])).min();
        let end = end.map_or(bytes.len(), |length| breaks + length).min(breaks + LONG);
        return Some(Value { range: breaks..text.floor_char_boundary(end), quoted: true, how: How::Tight });
    }
    let to = text.floor_char_boundary(bytes.len().min(from + 120));
    let tag = text[from..to].split(['<', '>', '}', ']']).next()?;
    let word = tag.find("value")?;
    let between = &tag[..word];
    let near = between.bytes().all(|byte| b" \t\r\n,\\\"'".contains(&byte)) || between.starts_with(' ');
    let mut at = from + word + "value".len();
    close_quote(bytes, &mut at);
    at = GAP.end(bytes, at, 4);
    if !near || !matches!(bytes.get(at)?, b'=' | b':') {
        return None;
    }
    let at = GAP.end(bytes, at + 1, 4);
    let value = value(text, at, How::Loose);
    value.quoted.then_some(value)
}

/// The value that begins at a place.
fn value(text: &str, at: usize, how: How) -> Value {
    let bytes = text.as_bytes();
    let quote = BACKSLASH.end(bytes, at, 8);
    if let Some(mark @ (b'"' | b'\'' | b'`')) = bytes.get(quote) {
        let (start, escapes) = (quote + 1, quote - at);
        let end = closing(bytes, start, *mark, escapes);
        return Value { range: start..text.floor_char_boundary(end), quoted: true, how };
    }
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b",;&\"'<>(){}[]|\\`".contains(byte);
    let limit = bytes.len().min(at + LONG);
    let length = bytes[at..limit].iter().position(ends);
    let end = length.map_or_else(|| text.floor_char_boundary(limit), |length| at + length);
    Value { range: at..end.max(at), quoted: false, how }
}

/// Where a quoted value ends: at a quote with as many backslashes as the one that opened it.
fn closing(bytes: &[u8], start: usize, mark: u8, escapes: usize) -> usize {
    let limit = bytes.len().min(start + LONG);
    let mut at = start;
    while let Some(length) = memchr::memchr(mark, &bytes[at..limit]) {
        let quote = at + length;
        let own = quote - BACKSLASH.start(bytes, quote, quote - start);
        if own <= escapes {
            return quote - own;
        }
        at = quote + 1;
    }
    limit
}

/// Words that stand where a secret would, and are none.
const WORDS: &[&str] = &[
    "null",
    "undefined",
    "none",
    "true",
    "false",
    "string",
    "number",
    "boolean",
    "function",
    "required",
    "optional",
    "invalid",
    "incorrect",
    "missing",
    "expired",
    "wrong",
    "empty",
    "hidden",
    "redacted",
    "return",
    "void",
    "async",
    "await",
    "text",
    "reset",
    "change",
    "changed",
    "forgot",
    "confirm",
    "visible",
    "valid",
    "unset",
    "object",
    "array",
    "this",
    "must",
    "cannot",
    "should",
    "please",
    "your",
    "that",
    "with",
    "from",
    "enabled",
    "disabled",
    "default",
    "updated",
    "failed",
    "success",
    "unknown",
    "strong",
    "weak",
    "medium",
    "plain",
    "submit",
    "button",
    "email",
    "username",
    "login",
    "enter",
    "bearer",
    "basic",
    "example",
    "current-password",
    "new-password",
    "off",
    "same-origin",
    "include",
    "omit",
    "new",
    "yes",
    "not",
    "nil",
    "typeof",
    "const",
    "let",
    "var",
    "int",
    "bool",
    "varchar",
    "char",
];
/// Ends of names: what ends so is the name of a secret and no secret.
const NAMES: &[&str] = &[
    "password",
    "passwort",
    "passwd",
    "pwd",
    "passphrase",
    "token",
    "secret",
    "key",
    "value",
    "field",
    "input",
    "label",
    "placeholder",
    "credential",
    "credentials",
    "hash",
    "error",
    "required",
    "invalid",
];

impl Value {
    pub(super) fn could_be_password(&self, text: &str) -> bool {
        let value = &text[self.range.clone()];
        // The folder at hand goes by the same name.
        let path = value.starts_with('/') && value[1..].contains('/');
        if value.len() < 4 || path || self.is_word(text) {
            return false;
        }
        let letters = value.bytes().all(|byte| byte.is_ascii_alphabetic());
        match self.how {
            How::Tight => true,
            How::Loose if self.quoted => !is_sentence(value),
            // One word at the end of the line is a value; in the middle of one it is prose.
            How::Loose => !letters || self.ends_line(text),
            How::Prose => self.quoted || !letters && value.len() >= 6,
        }
    }

    pub(super) fn could_be_token(&self, text: &str) -> bool {
        let value = &text[self.range.clone()];
        let bytes = value.as_bytes();
        let plain = || const { &Set::of("A-Za-z0-9_.~+/=%:|@!#$*-") }.end(bytes, 0, LONG) == bytes.len();
        let long = bytes.len() >= if self.how == How::Prose { 12 } else { 8 };
        // A path, an address or a version is none.
        let algorithm = value.starts_with("SHA") || value.starts_with("sha") && value.len() < 20;
        let place = algorithm
            || value.starts_with('/')
            || value.starts_with("http") && value.contains("://")
            || value.starts_with("./");
        long && !place && random(bytes) && plain() && !self.is_word(text)
    }

    pub(super) fn is_uuid(&self, text: &str) -> bool {
        let value = &text.as_bytes()[self.range.clone()];
        let dash = |place: usize| [8, 13, 18, 23].contains(&place);
        value.len() == 36
            && value
                .iter()
                .enumerate()
                .all(|(place, byte)| if dash(place) { *byte == b'-' } else { byte.is_ascii_hexdigit() })
    }

    /// Whether it is a word of a language, a placeholder, or source code.
    fn is_word(&self, text: &str) -> bool {
        let value =
            text[self.range.start..text.floor_char_boundary(self.range.end.min(self.range.start + WORD))].trim();
        let lower = value.to_ascii_lowercase();
        let same = value.bytes().all(|byte| Some(byte) == value.bytes().next());
        let opens =
            ["${", "{{", "$(", "[redacted", "[filtered", "[object", "[removed", "***", "•••", "xxxx", "%s", "%{"];
        let marked = opens.iter().any(|open| lower.starts_with(open));
        let spoken = !value.bytes().any(|byte| byte.is_ascii_alphanumeric() || byte >= 0x80);
        let known = WORDS.contains(&lower.trim_end_matches(['.', '!', ':', '?']));
        let named = NAMES.iter().any(|name| lower.ends_with(name));
        same || marked || spoken || known || named || !self.quoted && self.is_code(text)
    }

    /// Whether an unquoted value is a call, an index, or a member of something.
    fn is_code(&self, text: &str) -> bool {
        let value = &text[self.range.clone()];
        let call = matches!(text.as_bytes().get(self.range.end), Some(b'(' | b'['));
        let identifier = |part: &str| {
            !part.is_empty()
                && !part.starts_with(|first: char| first.is_ascii_digit())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_$".contains(&byte))
        };
        let dotted = value.contains('.') && value.split('.').all(identifier);
        let digits = value.bytes().filter(u8::is_ascii_digit).count();
        call || dotted && (digits < 2 || value.len() < 8)
    }

    /// Whether nothing but the end of a line or a sign follows.
    fn ends_line(&self, text: &str) -> bool {
        !matches!(text.as_bytes().get(self.range.end), Some(b' '))
            || text[self.range.end..].trim_start_matches(' ').starts_with(['\r', '\n'])
    }
}

/// Whether a quoted text speaks about a password.
fn is_sentence(value: &str) -> bool {
    let words = value.split(' ').filter(|word| !word.is_empty()).count();
    let capital = value.starts_with(char::is_uppercase);
    words > 1 && (capital || words > 6 || value.ends_with(['.', '!', '?', ':', '…']))
}
