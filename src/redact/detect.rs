//! Finds secrets by their looks in a text of any kind: keys of providers, tokens, private keys, passwords in
//! addresses, values next to names that say secret, card numbers, and, when asked, what tells of a person.
//!
//! One pass looks up every three bytes in a table of what a finding can begin with; the rules run where it
//! says so, and nowhere else. Digits and encoded text have no beginnings, and are found by strides.

mod address;
mod bytes;
mod encoded;
mod keys;
mod named;
mod numbers;
mod personal;
mod schemes;
mod tokens;
mod trigger;

use std::ops::Range;

pub(super) use bytes::Set;

/// What a pattern found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Bytes of the text.
    pub(crate) range: Range<usize>,
    /// Name of the rule, for the report.
    pub(crate) rule: &'static str,
    /// What is at stake.
    pub(crate) class: Class,
}

/// What a finding is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Something that lets its holder in, or pay.
    Credential,
    /// Something that tells who somebody is.
    Personal,
}

impl Finding {
    const fn credential(range: Range<usize>, rule: &'static str) -> Self {
        Self { range, rule, class: Class::Credential }
    }

    const fn personal(range: Range<usize>, rule: &'static str) -> Self {
        Self { range, rule, class: Class::Personal }
    }
}

/// All findings in a text, ascending, not overlapping; personal ones only when `strict`.
/// The list is emptied first, and can be used again.
pub(crate) fn detect(text: &str, strict: bool, found: &mut Vec<Finding>) {
    found.clear();
    within(text, strict, 0, found);
}

/// How often a text is decoded and looked at again.
const DEPTH: usize = 2;

/// Looks at a text that was decoded `depth` times.
fn within(text: &str, strict: bool, depth: usize, found: &mut Vec<Finding>) {
    trigger::scan(text, found);
    numbers::cards(text, found);
    if strict {
        personal::emails(text, found);
        personal::numbers(text, found);
    }
    if depth < DEPTH {
        encoded::base64(text, strict, depth, found);
        encoded::percent(text, strict, depth, found);
    }
    found.retain(|finding| !is_tag(&text[finding.range.clone()]));
    merge(found);
}

/// Whether redaction wrote this in the place of a value.
fn is_tag(text: &str) -> bool {
    text.starts_with("[redacted ") || text.starts_with("redacted-")
}

/// Rules that know where a value stands, and not whose it is.
const GENERAL: &[&str] = &["password", "token", "cookie", "bearer", "basic"];

/// Puts findings in order and joins those that overlap, so that nothing of either stays.
fn merge(found: &mut Vec<Finding>) {
    if found.len() < 2 {
        return;
    }
    found.sort_by_key(|finding| (finding.range.start, usize::MAX - finding.range.end));
    found.dedup_by(|next, kept| {
        let overlaps = next.range.start < kept.range.end;
        if overlaps {
            kept.range.end = kept.range.end.max(next.range.end);
            let says_more = GENERAL.contains(&kept.rule) && !GENERAL.contains(&next.rule);
            if next.class < kept.class || next.class == kept.class && says_more {
                (kept.class, kept.rule) = (next.class, next.rule);
            }
        }
        overlaps
    });
}

#[cfg(test)]
mod tests;
