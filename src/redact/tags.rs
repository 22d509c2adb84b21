//! What stands in place of a removed value: a word and a number, the same for equal values.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, BuildHasherDefault};

use super::quick::Quick;

/// Values whose tags are remembered; equal values beyond them get numbers of their own.
const REMEMBERED: usize = 256 * 1024;

/// A word for what was removed, and the number of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    word: &'static str,
    number: u32,
}

impl Tag {
    /// As it stands in text.
    pub(crate) fn text(self) -> String {
        format!("[redacted {}#{}]", self.word, self.number)
    }

    /// As it stands in URLs, where brackets and signs would have to be escaped.
    pub(crate) fn url(self) -> String {
        format!("redacted-{}-{}", self.word, self.number)
    }
}

impl Tag {
    /// As it stands in a text of a form.
    pub(super) fn shown(self, form: super::text::Form) -> String {
        match form {
            super::text::Form::Text => self.text(),
            super::text::Form::Url => self.url(),
        }
    }
}

/// Gives tags. Of values only keyed hashes are kept, and the keys go with this.
#[derive(Debug)]
pub(super) struct Tags {
    keys: [RandomState; 2],
    known: HashMap<(u64, u64), Tag, BuildHasherDefault<Quick>>,
    counts: HashMap<&'static str, u32>,
}

impl Tags {
    pub(super) fn new() -> Self {
        Self { keys: [RandomState::new(), RandomState::new()], known: HashMap::default(), counts: HashMap::new() }
    }

    /// The tag of a value: the one it has, or the next of its word.
    pub(super) fn of(&mut self, value: &str, rule: &'static str) -> Tag {
        let hash = (self.keys[0].hash_one(value), self.keys[1].hash_one(value));
        if let Some(tag) = self.known.get(&hash) {
            return *tag;
        }
        let word = word(rule);
        let number = self.counts.entry(word).and_modify(|count| *count += 1).or_insert(1);
        let tag = Tag { word, number: *number };
        if self.known.len() < REMEMBERED {
            self.known.insert(hash, tag);
        }
        tag
    }
}

/// The word for values that a rule removes: of most rules their own name.
fn word(rule: &'static str) -> &'static str {
    match rule {
        "authorization" | "basic-auth" => "auth",
        "url-userinfo" | "url-path" | "url-query" | "url-fragment" => "url",
        "header-not-listed" => "header",
        _ => rule,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_equal_tags() {
        let mut tags = Tags::new();
        let first = tags.of("a", "authorization");
        assert_eq!(first.text(), "[redacted auth#1]");
        assert_eq!(tags.of("b", "authorization").url(), "redacted-auth-2");
        assert_eq!(tags.of("a", "cookie"), first);
        assert_eq!(tags.of("c", "cookie").text(), "[redacted cookie#1]");
    }
}
