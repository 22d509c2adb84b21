//! Values that stand next to a name which says that they are secret: `password=…`, `"token": "…"`, in logs, in
//! source, in markup, in forms.

mod value;

use std::ops::Range;

use super::Finding;
use super::bytes::{Set, WORD};
use super::trigger::{Ask, Trigger};

/// A name of secrets, and what its values are like.
pub(super) struct Name {
    literal: &'static str,
    anchor: usize,
    kind: Kind,
}

/// What the values of a name are like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Chosen by people: anything may be one.
    Password,
    /// Drawn by machines: letters and digits in disorder.
    Token,
    /// Of a header of cookies: pairs.
    Cookies,
}

const fn name(literal: &'static str, anchor: usize, kind: Kind) -> Name {
    Name { literal, anchor, kind }
}

static NAMES: &[Name] = &[
    name("password", 2, Kind::Password),
    name("passwort", 2, Kind::Password),
    name("passwd", 2, Kind::Password),
    name("passphrase", 2, Kind::Password),
    name("passcode", 2, Kind::Password),
    name("pwd", 0, Kind::Password),
    name("secret", 1, Kind::Token),
    name("token", 1, Kind::Token),
    name("api_key", 2, Kind::Token),
    name("api-key", 2, Kind::Token),
    name("apikey", 2, Kind::Token),
    name("access_key", 4, Kind::Token),
    name("access-key", 4, Kind::Token),
    name("accesskey", 4, Kind::Token),
    name("account_key", 5, Kind::Token),
    name("accountkey", 5, Kind::Token),
    name("private_key", 5, Kind::Token),
    name("privatekey", 5, Kind::Token),
    name("signing_key", 5, Kind::Token),
    name("encryption_key", 8, Kind::Token),
    name("auth_key", 2, Kind::Token),
    name("authkey", 2, Kind::Token),
    name("auth-key", 2, Kind::Token),
    name("app_key", 2, Kind::Token),
    name("application-key", 9, Kind::Token),
    name("license-key", 5, Kind::Token),
    name("credential", 3, Kind::Token),
    name("authorization", 4, Kind::Token),
    name("x-auth", 0, Kind::Token),
    name("sessionid", 5, Kind::Token),
    name("session_id", 6, Kind::Token),
    name("session-id", 6, Kind::Token),
    name("sessid", 2, Kind::Token),
    name("jwt", 0, Kind::Token),
    name("signature", 2, Kind::Token),
    name("sig=", 1, Kind::Token),
    name("csrf", 0, Kind::Token),
    name("xsrf", 0, Kind::Token),
    name("cookie", 2, Kind::Cookies),
];

pub(super) fn triggers() -> Vec<Trigger> {
    let trigger =
        |name: &'static Name| Trigger { literal: name.literal, anchor: name.anchor, fold: true, ask: Ask::Name(name) };
    NAMES.iter().map(trigger).collect()
}

/// What may follow in a name without making it another: `secretKey`, `password2`, `token_value`.
const ENDINGS: &[&str] = &[
    "",
    "s",
    "key",
    "accesskey",
    "value",
    "val",
    "string",
    "text",
    "token",
    "old",
    "new",
    "current",
    "confirm",
    "confirmation",
    "again",
    "repeat",
    "verify",
    "id",
    "base64",
    "b64",
    "hex",
    "pem",
    "prod",
    "dev",
    "test",
    "live",
];
/// Tokens that let nobody in.
const HARMLESS: &[&str] =
    &["pagetoken", "nexttoken", "continuationtoken", "synctoken", "pagingtoken", "canceltoken", "tokenid"];
/// Bytes of a name.
const NAME: usize = 64;

/// The value of the name that holds a literal.
pub(super) fn find(name: &Name, text: &str, literal: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let part = Set::of("A-Za-z0-9_.-");
    let stem = literal + name.literal.trim_end_matches('=').len();
    let end = part.end(bytes, stem, 24);
    if name.kind == Kind::Cookies {
        return cookies(text, end, found);
    }
    let start = part.start(bytes, literal, NAME);
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let ending = plain(&text[stem..end]);
    let ending = ending.trim_end_matches(|digit: char| digit.is_ascii_digit());
    let whole = plain(&text[start..end]);
    if !ENDINGS.contains(&ending) || HARMLESS.iter().any(|harmless| whole.ends_with(harmless)) {
        return;
    }
    let Some(value) = value::after(text, end, start.checked_sub(1).map(|before| bytes[before])) else { return };
    let secret = match name.kind {
        Kind::Password => value.could_be_password(text),
        Kind::Token | Kind::Cookies => value.could_be_token(text),
    };
    if secret {
        let rule = if name.kind == Kind::Password { "password" } else { "token" };
        found.push(Finding::credential(value.range, rule));
    }
}

/// Attributes of cookies, whose values say nothing.
const ATTRIBUTES: &[&str] = &["path", "expires", "max-age", "domain", "samesite", "priority", "version"];

/// The values of the pairs in a header.
fn cookies(text: &str, from: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let quotes = Set::of("\\\"' ");
    let colon = quotes.end(bytes, from, 6);
    if !matches!(bytes.get(colon), Some(b':' | b'=')) {
        return;
    }
    let mut at = quotes.end(bytes, colon + 1, 6);
    let limit = bytes.len().min(at + 16_384);
    let ends = |byte: &u8| b"\r\n\"'\\".contains(byte);
    let limit = bytes[at..limit].iter().position(ends).map_or(limit, |length| at + length);
    while at < limit {
        let end = memchr::memchr(b';', &bytes[at..limit]).map_or(limit, |length| at + length);
        if let Some(equals) = memchr::memchr(b'=', &bytes[at..end]).map(|length| at + length) {
            let name = String::from_utf8_lossy(&bytes[at..equals]);
            let own = ATTRIBUTES.iter().any(|attribute| name.trim().eq_ignore_ascii_case(attribute));
            let value = trimmed(bytes, equals + 1..end);
            let word = WORD.end(bytes, at + usize::from(bytes[at] == b' '), NAME) > at;
            if !own && word && value.len() >= 4 {
                found.push(Finding::credential(value, "cookie"));
            }
        }
        at = end + 1;
    }
}

/// A range without the blanks around it.
fn trimmed(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let inner = bytes[range.clone()].trim_ascii_start();
    let start = range.end - inner.len();
    start..start + inner.trim_ascii_end().len()
}
