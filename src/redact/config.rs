//! What a sharer wants otherwise: `--redact-config FILE.toml`.

use std::path::Path;

use regex::Regex;
use serde::Deserialize;

use crate::error::Error;

/// The file as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    names: Names,
    headers: Headers,
    patterns: Vec<Pattern>,
    urls: Vec<UrlRule>,
    allow: Allow,
    pointers: Pointers,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Names {
    add: Vec<String>,
    remove: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Headers {
    allow: Vec<String>,
    deny: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pattern {
    regex: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UrlRule {
    regex: String,
    drop: Vec<Part>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Allow {
    values: Vec<String>,
    patterns: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Pointers {
    remove: Vec<String>,
    keep: Vec<String>,
}

/// A part of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Part {
    /// Name and password before the host.
    Userinfo,
    /// What stands between the host and `?`.
    Path,
    /// What stands behind `?`.
    Query,
    /// What stands behind `#`.
    Fragment,
}

/// What a sharer wants to be redacted beside, or instead of, what is by itself.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Config {
    pub(super) names: (Vec<String>, Vec<String>),
    allowed_headers: Vec<String>,
    denied_headers: Vec<String>,
    pub(super) patterns: Vec<Regex>,
    pub(super) urls: Vec<(Regex, Vec<Part>)>,
    allowed: Vec<String>,
    allowed_patterns: Vec<Regex>,
    removed: Vec<Vec<String>>,
    kept: Vec<Vec<String>>,
}

/// What a pointer of the configuration says of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pointed {
    Remove,
    Keep,
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, or says what nobody understands: the line is named.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(Error::io("cannot read", path))?;
        Self::parse(&text, &path.display().to_string())
    }

    pub(super) fn parse(text: &str, file: &str) -> Result<Self, Error> {
        let wrong = |error: &dyn std::fmt::Display, place: Option<usize>| {
            let line = place.map_or_else(String::new, |place| {
                format!(" line {}", text[..place.min(text.len())].matches('\n').count() + 1)
            });
            Error::usage(
                format!("{file}{line}: {error}"),
                "mend the file; README.md, \"Redaction\", lists what it may say",
            )
        };
        let written: Written = toml::from_str(text).map_err(|error| {
            let words = error.message().lines().next().unwrap_or_default().replace('`', "");
            wrong(&words, error.span().map(|span| span.start))
        })?;
        let regex = |pattern: &str| {
            Regex::new(pattern).map_err(|error| {
                let words = error.to_string();
                let words = words.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                wrong(&format!("the pattern {pattern} cannot be read: {words}"), None)
            })
        };
        let pointers = |pointers: &[String]| {
            let steps = |pointer: &String| match pointer.strip_prefix('/') {
                Some(steps) => Ok(steps.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect()),
                None => Err(wrong(
                    &format!("{pointer} is no JSON pointer: it begins with /row, /detail or /metadata"),
                    None,
                )),
            };
            pointers.iter().map(steps).collect::<Result<Vec<Vec<String>>, Error>>()
        };
        let lower = |names: &[String]| names.iter().map(|name| name.to_ascii_lowercase()).collect();
        Ok(Self {
            patterns: written.patterns.iter().map(|pattern| regex(&pattern.regex)).collect::<Result<_, _>>()?,
            urls: written
                .urls
                .iter()
                .map(|rule| Ok((regex(&rule.regex)?, rule.drop.clone())))
                .collect::<Result<_, Error>>()?,
            allowed_patterns: written.allow.patterns.iter().map(|pattern| regex(pattern)).collect::<Result<_, _>>()?,
            removed: pointers(&written.pointers.remove)?,
            kept: pointers(&written.pointers.keep)?,
            allowed_headers: lower(&written.headers.allow),
            denied_headers: lower(&written.headers.deny),
            allowed: written.allow.values,
            names: (written.names.add, written.names.remove),
        })
    }

    /// Whether a header was put on the list of those that hold no secret.
    pub(super) fn allows(&self, header: &str) -> bool {
        self.allowed_headers.iter().any(|name| name.eq_ignore_ascii_case(header))
    }

    /// Whether a header was taken off that list.
    pub(super) fn denies(&self, header: &str) -> bool {
        self.denied_headers.iter().any(|name| name.eq_ignore_ascii_case(header))
    }

    /// Whether a value was said to be no secret.
    pub(super) fn leaves(&self, value: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed == value)
            || self.allowed_patterns.iter().any(|pattern| pattern.is_match(value))
    }

    /// The parts of an address that go as a whole.
    pub(super) fn dropped(&self, url: &str) -> Vec<Part> {
        let fits = |(pattern, parts): &(Regex, Vec<Part>)| pattern.is_match(url).then(|| parts.clone());
        self.urls.iter().filter_map(fits).flatten().collect()
    }

    pub(super) const fn has_pointers(&self) -> bool {
        !self.removed.is_empty() || !self.kept.is_empty()
    }

    pub(super) fn pointed(&self, path: &super::path::Path<'_>) -> Option<Pointed> {
        let fits = |patterns: &[Vec<String>]| patterns.iter().any(|pattern| path.fits(pattern));
        if fits(&self.kept) {
            return Some(Pointed::Keep);
        }
        fits(&self.removed).then_some(Pointed::Remove)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_understands_is_named_with_its_line() {
        for (text, words) in [
            ("[names]\nadd = [\"a\"]\nadded = [\"b\"]\n", "f line 3: unknown field added"),
            ("colour = 1\n", "f line 1: unknown field colour"),
            ("[names]\nadd = 3\n", "f line 2: invalid type"),
            ("[[patterns]]\nregex = \"(\"\n", "f: the pattern ( cannot be read: unclosed group"),
            ("[pointers]\nkeep = [\"detail/x\"]\n", "f: detail/x is no JSON pointer"),
            ("[[urls]]\nregex = \"x\"\ndrop = [\"host\"]\n", "f line 3: unknown variant host"),
        ] {
            let error = Config::parse(text, "f").unwrap_err();
            assert!(error.to_string().starts_with(words), "{error}");
            assert_eq!(error.exit_code(), 2);
        }
    }
}
