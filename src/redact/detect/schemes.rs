//! `Bearer …` and `Basic …`, wherever they stand.

use base64::Engine as _;

use super::Finding;
use super::bytes::{Set, begins};
use super::tokens::STANDARD;
use super::trigger::{Ask, Trigger};

/// Bytes of a credential that are looked at.
const LONG: usize = 16 << 10;
/// Bytes of what tokens consist of, escapes of addresses included.
static TOKEN: Set = Set::of("A-Za-z0-9._~+/=%|:-");

pub(super) fn triggers() -> Vec<Trigger> {
    let rule = |literal, ask| Trigger { literal, fold: true, ask: Ask::Rule(ask) };
    vec![
        rule("bearer ", bearer),
        rule("bearer%20", bearer),
        rule("bearer+", bearer),
        rule("basic ", basic),
        rule("basic%20", basic),
        rule("ntlm tlrm", ntlm),
    ]
}

/// Where the credential behind a scheme begins.
fn behind(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let gap = bytes[start..].iter().position(|byte| b" %+".contains(byte)).map_or(start, |gap| start + gap);
    match bytes[gap] {
        b'%' => gap + 3,
        b' ' => const { &Set::of(" ") }.end(bytes, gap, 8),
        _ => gap + 1,
    }
}

fn bearer(text: &str, start: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let from = behind(text, start);
    let end = TOKEN.end(bytes, from, LONG);
    let token = &text[from..end];
    let token = token.trim_end_matches(['.', ':']);
    // Words that follow in prose, and what a server asks for.
    let plain = token.bytes().all(|byte| byte.is_ascii_alphabetic()) && token.len() < 20;
    let asked = ["realm=", "error=", "scope="].iter().any(|word| token.starts_with(word));
    let sure = begins(bytes, start) && token.len() >= 6 && !plain && !asked;
    sure.then(|| Finding::credential(from..from + token.len(), "bearer"))
}

fn basic(text: &str, start: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let from = behind(text, start);
    let end = const { &Set::of("A-Za-z0-9+/=") }.end(bytes, from, LONG);
    let clear = STANDARD.decode(text[from..end].trim_end_matches('=')).ok()?;
    let pair = clear.contains(&b':') && clear.iter().all(|byte| !byte.is_ascii_control());
    (begins(bytes, start) && pair).then(|| Finding::credential(from..end, "basic"))
}

fn ntlm(text: &str, start: usize) -> Option<Finding> {
    let from = start + "ntlm ".len();
    let end = const { &Set::of("A-Za-z0-9+/=") }.end(text.as_bytes(), from, LONG);
    (end - from >= 20).then(|| Finding::credential(from..end, "ntlm"))
}
