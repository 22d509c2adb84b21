//! Tokens that have a form of their own: JSON Web Tokens, private keys, and what belongs to a key beside it.

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{alphabet, engine::DecodePaddingMode};

use super::Finding;
use super::bytes::{HEX, Set, URL64, WORD, begins, measures, random};
use super::trigger::{Ask, Trigger};

/// Bytes of a token that are looked at.
const LONG: usize = 64 << 10;
/// Bytes after the name of a key in which its secret may stand.
const NEAR: usize = 300;

/// Base64 as it is found: with or without padding, with whatever the last bits are.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
pub(super) const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
pub(super) const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Literals with each hexadecimal digit behind them.
macro_rules! hexadecimal {
    ($literal:literal) => {
        [
            concat!($literal, 0),
            concat!($literal, 1),
            concat!($literal, 2),
            concat!($literal, 3),
            concat!($literal, 4),
            concat!($literal, 5),
            concat!($literal, 6),
            concat!($literal, 7),
            concat!($literal, 8),
            concat!($literal, 9),
            concat!($literal, "a"),
            concat!($literal, "b"),
            concat!($literal, "c"),
            concat!($literal, "d"),
            concat!($literal, "e"),
            concat!($literal, "f"),
        ]
    };
}

pub(super) fn triggers() -> Vec<Trigger> {
    let rule = |literal, anchor, ask| Trigger { literal, anchor, fold: false, ask };
    let mut list = vec![
        rule("eyJ", 0, Ask::Rule(jwt)),
        rule("-----BEGIN ", 4, Ask::Rule(pem)),
        rule("---- BEGIN ", 3, Ask::Rule(pem)),
        rule("Private-Lines:", 7, Ask::Rule(putty)),
        rule("AKIA", 1, Ask::Rule(aws_secret)),
        rule("ASIA", 1, Ask::Rule(aws_secret)),
        rule("-us1", 0, Ask::Rule(mailchimp)),
        rule("-us2", 0, Ask::Rule(mailchimp)),
    ];
    list.extend(hexadecimal!("AC").map(|literal| rule(literal, 0, Ask::Rule(twilio))));
    list.extend(hexadecimal!("SK").map(|literal| rule(literal, 0, Ask::Rule(twilio))));
    list
}

/// A JSON Web Token of three or five parts, or its header and payload alone.
fn jwt(text: &str, start: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    if !begins(bytes, start) {
        return None;
    }
    let mut ends = Vec::with_capacity(5);
    let mut at = start;
    while ends.len() < 5 {
        let end = URL64.end(bytes, at, LONG);
        ends.push(end);
        if bytes.get(end) != Some(&b'.') || !bytes.get(end + 1).is_some_and(|next| URL64.has(*next) || *next == b'.') {
            break;
        }
        at = end + 1;
    }
    let header = URL_SAFE.decode(&bytes[start..ends[0]]).ok()?;
    let header: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&header).ok()?;
    let known = ["alg", "enc", "typ", "kid", "zip"].iter().any(|name| header.contains_key(*name));
    let payload = *ends.get(1)?;
    let end = match ends.len() {
        3 | 5 => *ends.last()?,
        _ => payload,
    };
    (known && payload > ends[0] + 4).then(|| Finding::credential(start..end, "jwt"))
}

/// A private key in PEM, its line ends as they are or escaped, and cut off or not.
fn pem(text: &str, start: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let label = Set::of("A-Z0-9 ");
    let from = start + "-----BEGIN ".len();
    let to = label.end(bytes, from, 40);
    if !text[from..to].contains("PRIVATE KEY") {
        return None;
    }
    let window = &bytes[to..bytes.len().min(to + LONG)];
    let last = memchr::memmem::find(window, b"END ").map(|last| to + last);
    let end = match last {
        Some(last) => Set::of("A-Z0-9 -").end(bytes, last, 60),
        // The armour of a cut key: its letters, and how lines end.
        None => Set::of("A-Za-z0-9+/=\\ :,\r\n-").end(bytes, to, LONG),
    };
    (end > to + 8).then(|| Finding::credential(start..end, "private-key"))
}

/// The secret half of PuTTY's files.
fn putty(text: &str, start: usize) -> Option<Finding> {
    let end = Set::of("A-Za-z0-9+/=\\ :\r\n-").end(text.as_bytes(), start + "Private-Lines:".len(), LONG);
    (end > start + 40).then(|| Finding::credential(start..end, "private-key"))
}

/// The secret that goes with an access key.
fn aws_secret(text: &str, start: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let from = start + 20;
    let window = from.min(bytes.len())..bytes.len().min(from + NEAR);
    let body = Set::of("A-Za-z0-9+/");
    let mut at = window.start;
    while at < window.end {
        let end = body.end(bytes, at, 64);
        let run = at..end;
        let mixed = |one: fn(&u8) -> bool| bytes[run.clone()].iter().any(one);
        if measures(&run, 40, 40)
            && mixed(u8::is_ascii_uppercase)
            && mixed(u8::is_ascii_lowercase)
            && random(&bytes[run.clone()])
        {
            return Some(Finding::credential(run, "aws-secret"));
        }
        at = end.max(at) + 1;
    }
    None
}

/// An account and its token, or the name of a key.
fn twilio(text: &str, start: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let id = start + 2..HEX.end(bytes, start + 2, 33);
    if !begins(bytes, start) || !measures(&id, 32, 32) {
        return None;
    }
    if bytes[start] == b'S' {
        return Some(Finding::credential(start..id.end, "twilio-key"));
    }
    let from = Set::of(":|,;=\"' ").end(bytes, id.end, 4);
    let token = from..HEX.end(bytes, from, 33);
    (from > id.end && measures(&token, 32, 32)).then(|| Finding::credential(token, "twilio-token"))
}

/// 32 digits and the place of a data centre.
fn mailchimp(text: &str, dash: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let start = HEX.start(bytes, dash, 33);
    let end = Set::of("0-9").end(bytes, dash + 3, 3);
    let closed = !bytes.get(end).is_some_and(|next| WORD.has(*next));
    (dash - start == 32 && closed && begins(bytes, start)).then(|| Finding::credential(start..end, "mailchimp-key"))
}
