//! The languages of the page. The player speaks English of itself; another language travels with the page, as a
//! block of labels that the player reads before it shows anything.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::assets::{ENGLISH, GERMAN};

/// A language that pages can be in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Language {
    /// English, which needs no block.
    #[default]
    English,
    /// German.
    German,
}

/// A label: one text, or one for each plural form.
#[derive(Deserialize)]
#[serde(untagged)]
enum Label {
    Text(String),
    Forms(serde::de::IgnoredAny),
}

impl Language {
    /// All there are, in the order of the help.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its BCP 47 tag, as `--lang` takes it and `<html lang>` says it.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The language of a tag.
    #[must_use]
    pub fn find(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The language a page is in, read back from its first lines; English where it says none that is known.
    #[must_use]
    pub fn of_page(page: &str) -> Self {
        let tag = page.split_once("<html lang=\"").and_then(|(_, rest)| rest.split_once('"'));
        tag.and_then(|(tag, _)| Self::find(tag)).unwrap_or_default()
    }

    /// The labels as the page carries them, inert: no `<` stands in them. None for the player's own language.
    #[must_use]
    pub fn block(self) -> Option<String> {
        (self != Self::English).then(|| GERMAN.trim_end().replace('<', "\\u003c"))
    }

    /// A label of one text.
    ///
    /// # Panics
    /// When there is none of this key, which a test rules out for those that are asked for.
    #[must_use]
    pub fn label(self, key: &str) -> String {
        let found = if self == Self::English { english(key) } else { translated(GERMAN, key) };
        found.unwrap_or_else(|| panic!("the label {key} is there, a test sees to it"))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// A label out of the player's own table, which has one on each line.
fn english(key: &str) -> Option<String> {
    let start = format!("  {key}: '");
    let line = ENGLISH.lines().find_map(|line| line.strip_prefix(&start))?;
    line.strip_suffix("',").map(Into::into)
}

fn translated(labels: &str, key: &str) -> Option<String> {
    let mut labels: BTreeMap<String, Label> = serde_json::from_str(labels).ok()?;
    match labels.remove(key)? {
        Label::Text(text) => Some(text),
        Label::Forms(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_words_that_stand_outside_the_player() {
        for language in Language::ALL {
            for key in ["opening", "noScript", "neutralTitle"] {
                assert!(!language.label(key).is_empty());
            }
            assert_eq!(Language::find(language.tag()), Some(language));
        }
        assert_eq!(Language::German.label("neutralTitle"), "Bildschirmaufzeichnung");
        assert_eq!(Language::English.label("neutralTitle"), "Screen recording");
    }

    #[test]
    fn a_block_of_labels_is_inert_and_still_json() {
        let block = Language::German.block().unwrap();
        assert!(!block.contains('<') && block.contains("\\u003c"));
        assert!(
            serde_json::from_str::<serde_json::Value>(&block).unwrap()["Speed (< and >)"]
                .as_str()
                .unwrap()
                .contains('<')
        );
        assert_eq!(Language::English.block(), None);
    }
}
