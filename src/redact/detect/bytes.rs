//! Classes of bytes, runs of them, and how random a run looks.

use std::ops::Range;

/// A set of bytes.
#[derive(Clone, Copy)]
pub(in crate::redact) struct Set([bool; 256]);

impl Set {
    /// The bytes of a pattern as in `a-z0-9_`; a dash that means itself stands last.
    pub(in crate::redact) const fn of(pattern: &str) -> Self {
        let (bytes, mut set, mut at) = (pattern.as_bytes(), [false; 256], 0);
        while at < bytes.len() {
            if at + 2 < bytes.len() && bytes[at + 1] == b'-' {
                let mut byte = bytes[at];
                while byte <= bytes[at + 2] {
                    set[byte as usize] = true;
                    byte += 1;
                }
                at += 3;
            } else {
                set[bytes[at] as usize] = true;
                at += 1;
            }
        }
        Self(set)
    }

    pub(in crate::redact) const fn has(&self, byte: u8) -> bool {
        self.0[byte as usize]
    }

    /// End of the run that begins at a place, of this many bytes at most.
    pub(in crate::redact) fn end(&self, bytes: &[u8], from: usize, most: usize) -> usize {
        let to = bytes.len().min(from.saturating_add(most));
        bytes[from..to].iter().position(|byte| !self.has(*byte)).map_or(to, |length| from + length)
    }

    /// Start of the run that ends at a place, of this many bytes at most.
    pub(super) fn start(&self, bytes: &[u8], to: usize, most: usize) -> usize {
        let from = to.saturating_sub(most);
        bytes[from..to].iter().rposition(|byte| !self.has(*byte)).map_or(from, |before| from + before + 1)
    }
}

pub(super) static WORD: Set = Set::of("A-Za-z0-9_");
pub(super) static DIGIT: Set = Set::of("0-9");
pub(super) static HEX: Set = Set::of("0-9a-fA-F");
pub(super) static URL64: Set = Set::of("A-Za-z0-9_-");
pub(super) static BASE64: Set = Set::of("A-Za-z0-9+/");

/// The place of the first byte of a kind, looked for by sixteens.
pub(super) fn first(bytes: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    let (blocks, _) = bytes.as_chunks::<16>();
    let none = |block: &&[u8; 16]| !block.iter().fold(false, |any, byte| any | is(*byte));
    let before = blocks.iter().take_while(none).count() * 16;
    bytes[before..].iter().position(|byte| is(*byte)).map(|place| before + place)
}

/// Whether a word begins here: behind no letter and no digit, unless that letter ends an escape such as `\n`.
pub(super) fn begins(bytes: &[u8], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| bytes[before]) else { return true };
    if !before.is_ascii_alphanumeric() {
        return true;
    }
    let escape = at >= 2 && bytes[at - 2] == b'\\' && b"nrtbf".contains(&before);
    let unicode = at >= 6 && bytes[at - 6..].starts_with(b"\\u00") && HEX.has(bytes[at - 2]) && HEX.has(before);
    escape || unicode
}

/// Bytes that say enough of how random a value is.
const SAMPLE: usize = 256;

/// Whether bytes look drawn at random: letters and digits, few of them often.
pub(super) fn random(bytes: &[u8]) -> bool {
    let bytes = &bytes[..bytes.len().min(SAMPLE)];
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    bytes.len() >= 8 && digits > 0 && letters > 0 && entropy(bytes) >= if bytes.len() < 16 { 2.5 } else { 3.0 }
}

/// Shannon's entropy in bits a byte.
pub(super) fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    bytes.iter().for_each(|byte| counts[usize::from(*byte)] += 1);
    let length = f64::from(u32::try_from(bytes.len().max(1)).unwrap_or(u32::MAX));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / length)
        .map(|share| -share * share.log2())
        .sum()
}

/// Whether a range has a length between two.
pub(super) const fn measures(range: &Range<usize>, least: usize, most: usize) -> bool {
    let length = range.end - range.start;
    least <= length && length <= most
}
