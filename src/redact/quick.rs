//! What is remembered of the few names and texts that records repeat.

use std::hash::Hasher;
use std::ops::Range;

use super::text::Kind;
use crate::walk::same;

/// Names that are remembered, a power of two, places where each of them can be, and bytes of the longest.
const NAMES: usize = 4096;
const PLACES: usize = 4;
const NAME: usize = 80;
/// Short texts that are remembered, a power of two, and bytes of the longest of them.
const TEXTS: usize = 2048;
const TEXT: usize = 2048;
/// The same of longer ones: what is polled, and what every page loads.
const LONG_TEXTS: usize = 128;
const LONG_TEXT: usize = 16 * 1024;

/// Quick on short texts. Whoever makes texts collide slows down the export of their own recording.
#[derive(Debug, Default)]
pub(super) struct Quick(u64);

impl Quick {
    const fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        words.iter().for_each(|word| self.mix(u64::from_le_bytes(*word)));
        self.mix(rest.iter().fold(rest.len() as u64, |word, byte| word << 8 | u64::from(*byte)));
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

/// What was found out about names, so that it is found out once: each stands in one of a few places by its hash.
#[derive(Debug)]
pub(super) struct Remembered<T>(Vec<Option<(Box<str>, T)>>);

impl<T: Copy> Default for Remembered<T> {
    fn default() -> Self {
        Self(vec![None; NAMES + PLACES - 1])
    }
}

impl<T: Copy> Remembered<T> {
    pub(super) fn get(&self, name: &str) -> Option<T> {
        let held = self.0[Self::places(name)].iter().flatten();
        held.into_iter().find(|(held, _)| same(held.as_bytes(), name)).map(|(_, what)| *what)
    }

    pub(super) fn put(&mut self, name: &str, what: T) {
        if name.len() <= NAME {
            let places = &mut self.0[Self::places(name)];
            let place = places.iter().position(Option::is_none).unwrap_or(0);
            places[place] = Some((name.into(), what));
        }
    }

    fn places(name: &str) -> Range<usize> {
        let mut hash = Quick::default();
        hash.write(name.as_bytes());
        let first = hash.finish() as usize % NAMES;
        first..first + PLACES
    }
}

/// Texts of which nothing was removed, and nothing will be when they come again. The whole text is compared, for
/// what only has the same hash may hold a secret.
#[derive(Debug)]
pub(super) struct Harmless(Vec<(Kind, String)>);

impl Harmless {
    pub(super) fn new() -> Self {
        Self(vec![(Kind::Any, String::new()); TEXTS + LONG_TEXTS])
    }

    /// Where a text of a kind is remembered, if it is one of those that are.
    pub(super) fn place(text: &str, kind: Kind) -> Option<usize> {
        if text.len() > LONG_TEXT {
            return None;
        }
        let (first, count) = if text.len() <= TEXT { (0, TEXTS) } else { (TEXTS, LONG_TEXTS) };
        let mut hash = Quick(kind as u64);
        hash.write(text.as_bytes());
        Some(first + hash.finish() as usize % count)
    }

    pub(super) fn has(&self, place: usize, text: &str, kind: Kind) -> bool {
        let (of, held) = &self.0[place];
        *of == kind && held == text
    }

    pub(super) fn put(&mut self, place: usize, text: &str, kind: Kind) {
        let (of, held) = &mut self.0[place];
        *of = kind;
        held.clear();
        held.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::path::Path;
    use crate::redact::{Config, Level, Redactor};

    #[test]
    fn a_text_is_known_as_what_it_is_alone() {
        let mut harmless = Harmless::new();
        let place = |text: &str, kind| Harmless::place(text, kind).unwrap();
        let at = place("some text", Kind::Any);
        harmless.put(at, "some text", Kind::Any);
        assert!(harmless.has(at, "some text", Kind::Any));
        assert!(!harmless.has(at, "some text", Kind::Url) && !harmless.has(at, "some texx", Kind::Any));
        harmless.put(at, "other", Kind::Url);
        assert!(!harmless.has(at, "some text", Kind::Any) && harmless.has(at, "other", Kind::Url));
        assert!(place(&"x".repeat(TEXT), Kind::Body) < TEXTS && place(&"x".repeat(TEXT + 1), Kind::Body) >= TEXTS);
        assert!(Harmless::place(&"x".repeat(LONG_TEXT + 1), Kind::Any).is_none());
    }

    #[test]
    fn names_are_remembered_until_too_many_others_come() {
        let mut names = Remembered::default();
        let name = |number: usize| format!("name-{number}");
        for number in 0..10 * NAMES {
            assert_eq!(names.get(&name(number)), None);
            names.put(&name(number), number);
            assert_eq!(names.get(&name(number)), Some(number));
        }
        let kept: Vec<_> =
            (0..10 * NAMES).filter_map(|number| names.get(&name(number)).map(|what| (number, what))).collect();
        assert!(kept.len() > NAMES / 2 && kept.iter().all(|(number, what)| number == what));
        names.put(&"x".repeat(NAME + 1), 0);
        assert_eq!(names.get(&"x".repeat(NAME + 1)), None);
    }

    #[test]
    fn hashes_differ_by_every_byte() {
        let hash = |text: &str| {
            let mut hash = Quick::default();
            hash.write(text.as_bytes());
            hash.finish()
        };
        let texts = ["", "a", "b", "ab", "ba", "a\0", "abcdefgh", "abcdefgi", "abcdefgh\0", "abcdefgh1", "1abcdefgh"];
        let hashes: std::collections::HashSet<_> = texts.iter().map(|text| hash(text)).collect();
        assert_eq!(hashes.len(), texts.len());
    }

    #[test]
    fn a_text_that_was_harmless_says_nothing_of_one_like_it() {
        let mut redactor = Redactor::new(Level::Standard, Config::default());
        let root = Path::root("row");
        for round in 0..3 {
            for number in 0..5_000 {
                let mut harmless = format!("order {number} of a customer is on its way");
                redactor.text(&mut harmless, Kind::Any, &root);
                assert_eq!(harmless, format!("order {number} of a customer is on its way"));
            }
            let mut secret = "https://a.test/?token=hunter2-Correct9Horse".to_owned();
            redactor.text(&mut secret, Kind::Url, &root);
            assert_eq!(secret, "https://a.test/?token=redacted-token-1", "in round {round}");
        }
        // What says nothing as a text can be an address.
        for kind in [Kind::Any, Kind::Url] {
            let mut text = "/x/reset/3f2b9c8d7e6f5a4b3c2d1e0f".to_owned();
            redactor.text(&mut text, kind, &root);
            assert_eq!(text.ends_with("redacted-url-1"), kind == Kind::Url, "{text}");
        }
    }
}
