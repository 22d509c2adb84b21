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
    kind: Kind,
}

/// What the values of a name are like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Chosen by people: anything may be one.
    Password,
    /// Drawn by machines: letters and digits in disorder.
    Token,
    /// The same, but a UUID tells sessions apart and opens none.
    Session,
    /// Of a header of cookies: pairs.
    Cookies,
}

const fn name(literal: &'static str, kind: Kind) -> Name {
    Name { literal, kind }
}

static NAMES: &[Name] = &[
    name("password", Kind::Password),
    name("passwort", Kind::Password),
    name("passwd", Kind::Password),
    name("passphrase", Kind::Password),
    name("passcode", Kind::Password),
    name("pwd", Kind::Password),
    name("secret", Kind::Token),
    name("token", Kind::Token),
    name("api_key", Kind::Token),
    name("api-key", Kind::Token),
    name("apikey", Kind::Token),
    name("access_key", Kind::Token),
    name("access-key", Kind::Token),
    name("accesskey", Kind::Token),
    name("account_key", Kind::Token),
    name("accountkey", Kind::Token),
    name("private_key", Kind::Token),
    name("privatekey", Kind::Token),
    name("signing_key", Kind::Token),
    name("encryption_key", Kind::Token),
    name("auth_key", Kind::Token),
    name("authkey", Kind::Token),
    name("auth-key", Kind::Token),
    name("app_key", Kind::Token),
    name("application-key", Kind::Token),
    name("license-key", Kind::Token),
    name("credential", Kind::Token),
    name("authorization", Kind::Token),
    name("x-auth", Kind::Token),
    name("sessionid", Kind::Session),
    name("session_id", Kind::Session),
    name("session-id", Kind::Session),
    name("sessid", Kind::Token),
    name("jwt", Kind::Token),
    name("signature", Kind::Token),
    name("sig=", Kind::Token),
    name("csrf", Kind::Token),
    name("xsrf", Kind::Token),
    name("cookie", Kind::Cookies),
];

pub(super) fn triggers() -> Vec<Trigger> {
    let trigger = |name: &'static Name| Trigger { literal: name.literal, fold: true, ask: Ask::Name(name) };
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
    let part = const { &Set::of("A-Za-z0-9_.-") };
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
        Kind::Session => value.could_be_token(text) && !value.is_uuid(text),
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
    let quotes = const { &Set::of("\\\"' ") };
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
