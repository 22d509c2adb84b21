//! Tokens that have a form of their own: JSON Web Tokens, private keys, and what belongs to a key beside it.

use base64::Engine as _;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{alphabet, engine::DecodePaddingMode};

use super::Finding;
use super::bytes::{HEX, Set, URL64, WORD, begins, measures, random};
use super::trigger::{Ask, Trigger};

/// Bytes of a token that are looked at.
const LONG: usize = 64 << 10;
/// Bytes of a token's first part.
const HEADER: usize = 4 << 10;
/// Bytes after the name of a key in which its secret may stand.
const NEAR: usize = 300;

/// What stands between the dashes of PEM.
static LABEL: Set = Set::of("A-Z0-9 ");

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
    let rule = |literal, ask| Trigger { literal, fold: false, ask };
    let mut list = vec![
        rule("eyJ", Ask::Rule(jwt)),
        rule("-----BEGIN ", Ask::Rule(pem)),
        rule("---- BEGIN ", Ask::Rule(pem)),
        rule("Private-Lines:", Ask::Rule(putty)),
        rule("AKIA", Ask::Rule(aws_secret)),
        rule("ASIA", Ask::Rule(aws_secret)),
        rule("-us1", Ask::Rule(mailchimp)),
        rule("-us2", Ask::Rule(mailchimp)),
    ];
    list.extend(hexadecimal!("AC").map(|literal| rule(literal, Ask::Rule(twilio))));
    list.extend(hexadecimal!("SK").map(|literal| rule(literal, Ask::Rule(twilio))));
    list
}

/// A JSON Web Token of three or five parts, or its header and payload alone.
fn jwt(text: &str, start: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    if !begins(bytes, start) {
        return None;
    }
    let header = start..URL64.end(bytes, start, HEADER);
    let clear = URL_SAFE.decode(&bytes[header.clone()]).ok()?;
    let clear: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&clear).ok()?;
    if !["alg", "enc", "typ", "kid", "zip"].iter().any(|name| clear.contains_key(*name)) {
        return None;
    }
    let mut ends = vec![header.end];
    while ends.len() < 5 && bytes.get(ends[ends.len() - 1]) == Some(&b'.') {
        ends.push(URL64.end(bytes, ends[ends.len() - 1] + 1, LONG));
    }
    let end = match ends.len() {
        3 | 5 => *ends.last()?,
        4 => ends[2],
        _ => *ends.get(1)?,
    };
    (end > header.end + 5).then(|| Finding::credential(start..end, "jwt"))
}

/// A private key in PEM, its line ends as they are or escaped, and cut off or not.
fn pem(text: &str, start: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let from = start + "-----BEGIN ".len();
    let to = LABEL.end(bytes, from, 40);
    if !text[from..to].contains("PRIVATE KEY") {
        return None;
    }
    let window = &bytes[to..bytes.len().min(to + LONG)];
    let last = memchr::memmem::find(window, b"END ").map(|last| to + last);
    let end = match last {
        Some(last) => {
            let label = LABEL.end(bytes, last, 60);
            const { &Set::of("-") }.end(bytes, label, 5)
        }
        // The armour of a cut key: its letters, and how lines end.
        None => const { &Set::of("A-Za-z0-9+/=\\ :,\r\n-") }.end(bytes, to, LONG),
    };
    (end > to + 8).then(|| Finding::credential(start..end, "private-key"))
}

/// The secret half of PuTTY's files.
fn putty(text: &str, start: usize) -> Option<Finding> {
    let end = const { &Set::of("A-Za-z0-9+/=\\ :\r\n-") }.end(text.as_bytes(), start + "Private-Lines:".len(), LONG);
    (end > start + 40).then(|| Finding::credential(start..end, "private-key"))
}

/// The secret that goes with an access key.
fn aws_secret(text: &str, start: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let from = start + 20;
    let window = from.min(bytes.len())..bytes.len().min(from + NEAR);
    let body = const { &Set::of("A-Za-z0-9+/") };
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
    let from = const { &Set::of(":|,;=\"' ") }.end(bytes, id.end, 4);
    let token = from..HEX.end(bytes, from, 33);
    (from > id.end && measures(&token, 32, 32)).then(|| Finding::credential(token, "twilio-token"))
}

/// 32 digits and the place of a data centre.
fn mailchimp(text: &str, dash: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let start = HEX.start(bytes, dash, 33);
    let end = const { &Set::of("0-9") }.end(bytes, dash + 3, 3);
    let closed = !bytes.get(end).is_some_and(|next| WORD.has(*next));
    (dash - start == 32 && closed && begins(bytes, start)).then(|| Finding::credential(start..end, "mailchimp-key"))
}
