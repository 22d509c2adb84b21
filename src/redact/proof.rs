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
/// Bytes of a window, and the distance between those that are looked at: each end of a form holds one.
const WINDOW: usize = 4;
const STRIDE: usize = LEAST - WINDOW + 1;
/// Words of bits that say which ends of forms there are, a power of two; and fewer that say which windows, which stay
/// in the processor's cache and answer for most places.
const ENDS: usize = 1 << 14;
const WINDOWS: usize = 1 << 11;

/// Credentials that were taken out: a set of bounded size.
#[derive(Debug)]
pub(crate) struct Originals {
    forms: Vec<(Box<[u8]>, &'static str)>,
    /// Forms by their last bytes, for tokens begin alike.
    ends: HashMap<[u8; LEAST], Vec<usize>>,
    end_bits: Bits<ENDS>,
    window_bits: Bits<WINDOWS>,
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
            end_bits: Bits::new(),
            window_bits: Bits::new(),
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
        self.end_bits.set(u64::from_le_bytes(end));
        end.array_windows().for_each(|window| self.window_bits.set(u32::from_le_bytes(*window).into()));
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
        let mut at = 0;
        while let Some(window) = bytes.get(at..).and_then(<[u8]>::first_chunk::<WINDOW>) {
            if self.window_bits.has(u32::from_le_bytes(*window).into())
                && let Some(hit) = (at.saturating_sub(STRIDE - 1)..=at).find_map(|start| self.ending(bytes, start))
            {
                return Some(hit);
            }
            at += STRIDE;
        }
        None
    }

    /// The value of which a form has its last bytes at a place.
    #[inline(never)]
    fn ending(&self, bytes: &[u8], start: usize) -> Option<(usize, &'static str)> {
        let end = bytes.get(start..)?.first_chunk::<LEAST>()?;
        if self.end_bits.has(u64::from_le_bytes(*end)) { self.verify(bytes, start + LEAST, *end) } else { None }
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

/// Which of many words there are, as far as one bit a hash can tell.
#[derive(Debug)]
struct Bits<const WORDS: usize>(Box<[u64; WORDS]>);

impl<const WORDS: usize> Bits<WORDS> {
    fn new() -> Self {
        Self(Box::new([0; WORDS]))
    }

    fn set(&mut self, word: u64) {
        let place = Self::place(word);
        self.0[place / 64] |= 1 << (place % 64);
    }

    fn has(&self, word: u64) -> bool {
        let place = Self::place(word);
        self.0[place / 64] >> (place % 64) & 1 == 1
    }

    const fn place(word: u64) -> usize {
        (word.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - (64 * WORDS).trailing_zeros())) as usize
    }
}

/// Looks through bytes that come in pieces, for what may lie across their borders too.
struct Search<'o> {
    originals: &'o Originals,
    /// The end of what was looked through, of which something may be a part that goes on.
    tail: Vec<u8>,
    /// Bytes that came.
    passed: u64,
}

impl<'o> Search<'o> {
    const fn new(originals: &'o Originals) -> Self {
        Self { originals, tail: Vec::new(), passed: 0 }
    }

    /// The first value in what came so far, if there is one that was not there before.
    fn feed(&mut self, piece: &[u8]) -> Option<Hit> {
        let reach = self.originals.longest.saturating_sub(1);
        let (tail, start) = (self.tail.len(), self.passed);
        self.tail.extend_from_slice(&piece[..piece.len().min(reach)]);
        let across = self.originals.first(&self.tail).map(|(at, rule)| (start + at as u64 - tail as u64, rule));
        let hit = across.or_else(|| self.originals.first(piece).map(|(at, rule)| (start + at as u64, rule)));
        self.tail.extend_from_slice(piece.get(reach..).map_or(&[], |rest| &rest[rest.len().saturating_sub(reach)..]));
        self.tail.drain(..self.tail.len().saturating_sub(reach));
        self.passed += piece.len() as u64;
        hit.map(|(at, rule)| Hit { at, rule })
    }
}

#[cfg(test)]
mod tests;
