//! What the argument parser refuses, in our own form.

use crate::error::Error;

/// Turns the parser's error into a fact and a hint.
#[must_use]
pub fn usage_error(error: &clap::Error) -> Error {
    let text = error.render().to_string();
    let text = text.trim().trim_start_matches("error: ");
    let (fact, rest) = text.split_once("\n\n").unwrap_or((text, ""));
    let fact: Vec<_> = fact.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let tip = rest.lines().find_map(|line| line.trim().strip_prefix("tip: "));
    let usage = rest.lines().find_map(|line| line.trim().strip_prefix("Usage: "));
    let hint = match (tip, usage) {
        (Some(tip), _) => tip.to_owned(),
        (None, Some(usage)) => format!("write {usage}; --help says more"),
        (None, None) => "--help lists what can be written".into(),
    };
    Error::usage(fact.join(" "), hint)
}
