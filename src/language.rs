//! The languages of the page. The player speaks English of itself; another language travels with the page, as a
//! block of labels that the player reads before it shows anything.

use std::fmt;

use serde_json::Value;

use crate::player::Numbered;

/// The page's words; the player's own language.
const ENGLISH: &str = include_str!("../assets/player/labels.js");
const GERMAN: &str = include_str!("../assets/labels/de.json");

/// A language that pages can be in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
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

    /// The labels as the page carries them, inert: no `<` stands in them. Those that the script asks for by number have
    /// their places in `numbered` for keys.
    ///
    /// # Panics
    /// When labels are not written as they are to be, which a test rules out.
    #[must_use]
    pub fn block(self, numbered: &[Numbered]) -> String {
        let mut all = self.labels();
        for (number, Numbered { key, only }) in numbered.iter().enumerate() {
            let known = if *only { all.remove(*key) } else { all.get(*key).cloned() };
            all.insert(number.to_string(), known.unwrap_or_else(|| (*key).into()));
        }
        Value::from(all).to_string().replace('<', "\\u003c")
    }

    /// What is found by name.
    fn labels(self) -> serde_json::Map<String, Value> {
        let labels = match self {
            Self::English => english().expect("labels.js is a table of texts, a test sees to it"),
            Self::German => GERMAN.to_owned(),
        };
        serde_json::from_str(&labels).expect("labels are JSON, a test sees to it")
    }

    /// A label of one text.
    ///
    /// # Panics
    /// When there is none of this key, which a test rules out for those that are asked for.
    #[must_use]
    pub fn label(self, key: &str) -> String {
        let labels = self.labels();
        labels[key].as_str().expect("the label is a text, a test sees to it").to_owned()
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// The table of the player's `labels.js` as JSON; `None` when more is in it than texts and their forms.
fn english() -> Option<String> {
    let (_, table) = ENGLISH.split_once("export const ENGLISH = ")?;
    let (table, _) = table.split_once("\n};")?;
    let mut json = String::with_capacity(table.len());
    for line in table.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        let mut rest = line;
        while let Some(next) = rest.chars().next() {
            let length = match next {
                '\'' => {
                    let end = end_of_string(rest)?;
                    json += &rest[..end].replace('"', "\\\"").replace("\\'", "'").replacen('\'', "\"", 1);
                    json.pop();
                    json.push('"');
                    end
                }
                c if c.is_ascii_alphabetic() => {
                    let end = rest.find(|c: char| !c.is_ascii_alphanumeric())?;
                    json.extend(["\"", &rest[..end], "\""]);
                    end
                }
                '}' if json.ends_with(',') => {
                    json.pop();
                    json.push('}');
                    1
                }
                '{' | '}' | ':' | ',' => {
                    json.push(next);
                    1
                }
                ' ' => 1,
                _ => return None,
            };
            rest = &rest[length..];
        }
    }
    Some(json.trim_end_matches(',').to_owned() + "}")
}

/// Where the string ends that begins here.
fn end_of_string(text: &str) -> Option<usize> {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '\'' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    })?;
    Some(end.0 + 1)
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
        let block = Language::German.block(&[]);
        assert!(!block.contains('<') && block.contains("\\u003c"));
        let german: Value = serde_json::from_str(&block).unwrap();
        assert!(german["Speed (< and >)"].as_str().unwrap().contains('<'));
        let copy = [Numbered { key: "Copy", only: true }, Numbered { key: "link", only: true }];
        let english: Value = serde_json::from_str(&Language::English.block(&copy)).unwrap();
        assert_eq!(english["0"], "Copy");
        assert_eq!(english["nEvents"]["other"], "{count} events");
        assert!(english["state needs-key"].as_str().unwrap().contains("behind the #;"));
    }
}
