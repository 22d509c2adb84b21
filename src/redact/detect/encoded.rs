//! Looks into text that is encoded, as base64 or as addresses encode it.

use base64::Engine as _;

use super::bytes::{BASE64, HEX, Set, URL64};
use super::tokens::{STANDARD, URL_SAFE};
use super::{Finding, within};

/// Shorter text in base64 holds nothing that the rules know.
const SHORT: usize = 24;
/// Bytes of encoded text that are decoded.
const LONG: usize = 256 << 10;
/// Bytes that are decoded to see whether there is text at all.
const PROBE: usize = 16;

/// Bytes of a path in which the start of base64 is looked for.
const PATH: usize = 2_048;

/// Bytes of a block of which every second one is looked at: of a run of so many bytes as hold something, one block is
/// a part, wherever it begins.
const BLOCK: usize = 8;
const STRIDE: usize = SHORT - BLOCK;

/// Base64 that hides something secret goes as a whole.
pub(super) fn base64(text: &str, strict: bool, depth: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let either = const { &Set::of("A-Za-z0-9+/_-") };
    let is_either = |byte: u8| {
        ((byte | 0x20).wrapping_sub(b'a') < 26)
            | (byte.wrapping_sub(b'/') < 11)
            | (byte == b'+')
            | (byte == b'-')
            | (byte == b'_')
    };
    let (mut at, mut done) = (0, 0);
    while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk::<BLOCK>) {
        if !block.iter().fold(true, |all, byte| all & is_either(*byte)) {
            at += STRIDE;
            continue;
        }
        let start = either.start(bytes, at, at - done);
        let end = either.end(bytes, at, LONG);
        if end - start >= SHORT {
            run(text, start, end, strict, depth, found);
        }
        (at, done) = (end, end);
    }
}

/// Decodes a run, from its start, or from behind the last slashes of a path.
fn run(text: &str, start: usize, end: usize, strict: bool, depth: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    if bytes[start..end].iter().all(|byte| HEX.has(*byte)) {
        return;
    }
    let mut from = start;
    loop {
        let probe = bytes.get(from..from + PROBE).filter(|_| from + SHORT <= end);
        let safe = probe.is_some_and(|probe| probe.iter().any(|byte| b"-_".contains(byte)));
        if probe.is_some_and(|probe| is_readable(probe, safe)) {
            return open(text, from, strict, depth, found);
        }
        match memchr::memchr(b'/', &bytes[from..end]) {
            Some(slash) if from - start < PATH => from += slash + 1,
            _ => return,
        }
    }
}

/// Looks into text that begins at a place.
fn open(text: &str, from: usize, strict: bool, depth: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let (safe, standard) = (URL64.end(bytes, from, LONG), BASE64.end(bytes, from, LONG));
    let end = safe.max(standard);
    let Some(decoded) = decode(&bytes[from..end], safe > standard) else { return };
    let mut inner = Vec::new();
    within(&decoded, strict, depth + 1, &mut inner);
    if let Some(worst) = inner.iter().min_by_key(|finding| finding.class) {
        let padded = const { &Set::of("=") }.end(bytes, end, 2);
        found.push(Finding { range: from..padded, ..worst.clone() });
    }
}

fn is_readable(probe: &[u8], safe: bool) -> bool {
    let engine = if safe { &URL_SAFE } else { &STANDARD };
    engine.decode(probe).is_ok_and(|clear| clear.iter().all(|byte| is_text(*byte)))
}

/// The text that a run encodes, if it is text.
fn decode(run: &[u8], safe: bool) -> Option<String> {
    let engine = if safe { &URL_SAFE } else { &STANDARD };
    let whole = if run.len() % 4 == 1 { &run[..run.len() - 1] } else { run };
    let bytes = engine.decode(whole).ok()?;
    let readable = bytes.iter().filter(|byte| is_text(**byte) || **byte >= 0x80).count();
    (readable * 20 >= bytes.len() * 19).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

const fn is_text(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n')
}

/// What addresses encode; the findings keep the places they have in the encoded text.
pub(super) fn percent(text: &str, strict: bool, depth: usize, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let part = const { &Set::of("A-Za-z0-9%._~+*!()-") };
    let mut at = 0;
    while let Some(sign) = memchr::memchr(b'%', &bytes[at..]).map(|length| at + length) {
        at = sign + 1;
        if !is_escape(bytes, sign) {
            continue;
        }
        let start = part.start(bytes, sign, 256);
        let end = part.end(bytes, sign, LONG);
        let (clear, places) = unescape(&bytes[start..end]);
        let clear = String::from_utf8_lossy(&clear);
        // Bytes that are no text were replaced by more: their places are lost.
        if matches!(clear, std::borrow::Cow::Borrowed(_)) {
            let mut inner = Vec::new();
            within(&clear, strict, depth + 1, &mut inner);
            for finding in inner {
                let range = start + places[finding.range.start]..start + places[finding.range.end];
                found.push(Finding { range, ..finding });
            }
        }
        at = end;
    }
}

fn is_escape(bytes: &[u8], sign: usize) -> bool {
    bytes.get(sign + 1..sign + 3).is_some_and(|two| two.iter().all(|digit| HEX.has(*digit)))
}

/// Decoded bytes, and where each of them, and the end, was.
fn unescape(bytes: &[u8]) -> (Vec<u8>, Vec<usize>) {
    let (mut clear, mut places, mut at) = (Vec::with_capacity(bytes.len()), Vec::with_capacity(bytes.len() + 1), 0);
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or_default() as u8;
    while at < bytes.len() {
        places.push(at);
        if bytes[at] == b'%' && is_escape(bytes, at) {
            clear.push(digit(bytes[at + 1]) << 4 | digit(bytes[at + 2]));
            at += 3;
        } else {
            clear.push(bytes[at]);
            at += 1;
        }
    }
    places.push(at);
    (clear, places)
}
