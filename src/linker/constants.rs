//! Constants of the top level that are a number or a text: where that is no longer than their names, it stands in
//! their place.

use super::brackets::Brackets;
use super::names::Known;
use super::scopes::Scopes;
use super::tokens::Kind;
use super::uses::Use;

/// A text so long, in bytes with its quotes, is worth standing more than once.
const SHORT: usize = 5;

/// What becomes of a script's tokens.
#[derive(Debug)]
pub(super) struct Constants<'t> {
    /// Of each token, what stands in its place.
    pub(super) values: Vec<Option<&'t str>>,
    /// Of each token, whether it belongs to a declaration that is not needed any more.
    pub(super) gone: Vec<bool>,
    /// Of each variable, whether it is one that is not needed any more.
    pub(super) replaced: Vec<bool>,
}

impl<'t> Constants<'t> {
    pub(super) fn new(script: &Brackets<'_, 't>, uses: &[Use], scopes: &Scopes<'t>, known: &Known<'t>) -> Self {
        let tokens = script.tokens();
        let replaced = vec![false; scopes.variables.len()];
        let mut constants = Self { values: vec![None; tokens.len()], gone: vec![false; tokens.len()], replaced };
        let mut places = vec![Vec::new(); scopes.variables.len()];
        for (place, variable) in known.variables.iter().enumerate() {
            if let Some(variable) = variable {
                places[*variable].push(place);
            }
        }
        for (place, window) in tokens.windows(5).enumerate().filter(|(place, _)| scopes.around[*place] == 0) {
            let [word, _, sign, value, end] = window else { continue };
            let plain =
                value.kind == Kind::Literal && value.text.starts_with(|c: char| c.is_ascii_digit() || c == '\'');
            let Some(variable) = known.variables[place + 1].filter(|_| plain) else { continue };
            if !word.is("const") || !sign.is("=") || !end.is(";") {
                continue;
            }
            let used = &places[variable][1..];
            let alone = used.iter().all(|place| uses[*place] == Use::Variable && !script.is(place + 1, "."));
            if alone && (used.len() == 1 || value.text.len() <= SHORT) {
                used.iter().for_each(|place| constants.values[*place] = Some(value.text));
                constants.gone[place..place + 5].fill(true);
                constants.replaced[variable] = true;
            }
        }
        constants
    }
}

#[cfg(test)]
mod tests {
    use crate::linker::squeeze::squeeze;

    #[test]
    fn small_values_stand_for_their_names() {
        for (script, expected) in [
            ("const LIMIT = 200;\nf(LIMIT, -LIMIT);", "f(200,-200);"),
            ("const WORDS = 'more than a name';\nf(WORDS);", "f('more than a name');"),
            ("const WORDS = 'more than a name';\nf(WORDS, WORDS);", "let n='more than a name';f(n,n);"),
            ("const LIMIT = 200;\nfunction one(LIMIT) { return LIMIT; }", "function n(n){return n}"),
            ("const LIMIT = 200;\nf({ LIMIT }, LIMIT.toFixed());", "let n=200;f({LIMIT:n},n.toFixed());"),
            ("let count = 0;\ncount += 1;", "let n=0;n+=1;"),
        ] {
            assert_eq!(squeeze(script).trim(), expected);
        }
    }
}
