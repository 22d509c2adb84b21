//! What was taken out, remembered while a share is made, and the proof that none of it is in the share.
//!
//! The proof reads what the page will read, and knows nothing of how it was redacted: it inflates the finished parts
//! and looks in them for each value, as it is and as JSON, addresses and base64 write it.

mod forms;
mod parts;

use std::collections::HashMap;

use crate::bundle::Bundle;
use crate::error::Error;

/// The least bytes of a value that can be told from chance.
const LEAST: usize = 8;
/// Bytes of all forms that are held; what comes when it is full is counted.
const ROOM: usize = 16 << 20;
/// Of longer values only this many last bytes are looked for.
pub(super) const LONG: usize = 1 << 10;
/// Bits that say which ends of forms there are, a power of two; and fewer flags, which stay in the processor's cache
/// and answer for most places.
const BITS: usize = 1 << 20;
const FLAGS: usize = 1 << 14;

/// Credentials that were taken out: a set of bounded size.
#[derive(Debug)]
pub(crate) struct Originals {
    forms: Vec<(Box<[u8]>, &'static str)>,
    /// Forms by their last bytes, for tokens begin alike.
    ends: HashMap<[u8; LEAST], Vec<usize>>,
    bits: Vec<u64>,
    flags: Box<[bool; FLAGS]>,
    held: usize,
    longest: usize,
    left_out: u64,
}

/// Where a value is that should be gone.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// The byte it starts at.
    pub(crate) at: u64,
    /// The rule that had taken it out.
    pub(crate) rule: &'static str,
}

impl Originals {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self {
            forms: Vec::new(),
            ends: HashMap::new(),
            bits: vec![0; BITS / 64],
            flags: Box::new([false; FLAGS]),
            held: 0,
            longest: 0,
            left_out: 0,
        }
    }

    /// Remembers a value that a rule took out, when it is long enough to be told from chance.
    pub(crate) fn add(&mut self, value: &str, rule: &'static str) {
        if value.len() < LEAST {
            return;
        }
        for form in forms(value) {
            self.hold(form, rule);
        }
    }

    fn hold(&mut self, form: Vec<u8>, rule: &'static str) {
        let Some(end) = form.last_chunk::<LEAST>().copied() else { return };
        let same = self.ends.entry(end).or_default();
        if same.iter().any(|number| *self.forms[*number].0 == *form) {
            return;
        }
        if self.held + form.len() > ROOM {
            self.left_out += 1;
            return;
        }
        let hash = hash(end);
        self.bits[place(hash, BITS) / 64] |= 1 << (place(hash, BITS) % 64);
        self.flags[place(hash, FLAGS)] = true;
        self.held += form.len();
        self.longest = self.longest.max(form.len());
        same.push(self.forms.len());
        self.forms.push((form.into(), rule));
    }

    /// Forms that there was no room for.
    #[cfg(test)]
    pub(crate) const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The first value in these bytes.
    fn first(&self, bytes: &[u8]) -> Option<(usize, &'static str)> {
        if self.forms.is_empty() {
            return None;
        }
        let ends = |start: usize| bytes.get(start..)?.first_chunk::<LEAST>();
        let flag = |end: &[u8; LEAST]| self.flags[place(hash(*end), FLAGS)];
        let mut at = 0;
        // Four places at once, for hardly any has a flag.
        while let Some(four) = bytes.get(at..).and_then(<[u8]>::first_chunk::<{ LEAST + 3 }>) {
            if four.array_windows().fold(false, |any, end| any | flag(end))
                && let Some(hit) = (at..at + 4).find_map(|start| self.ending(bytes, start, *ends(start)?))
            {
                return Some(hit);
            }
            at += 4;
        }
        (at..bytes.len()).find_map(|start| self.ending(bytes, start, *ends(start)?))
    }

    /// The value whose form ends with these bytes at a place.
    fn ending(&self, bytes: &[u8], start: usize, end: [u8; LEAST]) -> Option<(usize, &'static str)> {
        let hash = hash(end);
        if self.flags[place(hash, FLAGS)] && self.may_end(hash) { self.verify(bytes, start + LEAST, end) } else { None }
    }

    fn may_end(&self, hash: u64) -> bool {
        let bit = place(hash, BITS);
        self.bits[bit / 64] >> (bit % 64) & 1 == 1
    }

    #[cold]
    fn verify(&self, bytes: &[u8], end: usize, last: [u8; LEAST]) -> Option<(usize, &'static str)> {
        let forms = self.ends.get(&last)?.iter().map(|number| &self.forms[*number]);
        let mut ending = forms.filter(|(form, _)| bytes[..end].ends_with(form));
        ending.next().map(|(form, rule)| (end - form.len(), *rule))
    }
}

/// All that is looked for of a value: of a long one, its end.
pub(super) fn forms(value: &str) -> Vec<Vec<u8>> {
    forms::of(&value[value.ceil_char_boundary(value.len().saturating_sub(LONG))..])
}

/// Looks for what was taken out in every text part of a bundle, before it is sealed.
///
/// # Errors
/// When it is there, naming the part, the rule and the place, or when a part cannot be read.
pub(crate) fn scan(originals: &Originals, bundle: &Bundle) -> Result<(), Error> {
    parts::scan(originals, bundle)
}

const fn hash(end: [u8; LEAST]) -> u64 {
    u64::from_le_bytes(end).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Which of so many tells of a hash.
const fn place(hash: u64, of: usize) -> usize {
    (hash >> (u64::BITS - of.trailing_zeros())) as usize
}

/// Looks through bytes that come in pieces, for what may lie across their borders too.
struct Search<'o> {
    originals: &'o Originals,
    /// The end of what was looked through, and what came last.
    window: Vec<u8>,
    /// Where the window starts.
    start: u64,
}

impl<'o> Search<'o> {
    const fn new(originals: &'o Originals) -> Self {
        Self { originals, window: Vec::new(), start: 0 }
    }

    /// The first value in what came so far, if there is one that was not there before.
    fn feed(&mut self, piece: &[u8]) -> Option<Hit> {
        let keep = self.window.len().min(self.originals.longest.saturating_sub(1));
        let gone = self.window.len() - keep;
        self.window.drain(..gone);
        self.start += gone as u64;
        self.window.extend_from_slice(piece);
        let (at, rule) = self.originals.first(&self.window)?;
        Some(Hit { at: self.start + at as u64, rule })
    }
}

#[cfg(test)]
mod tests;
