//! Which declaration each variable of a script belongs to.
//!
//! Every pair of braces is a scope, and so is a function from its parameters to its end. What the head of a loop
//! declares counts to the scope around the loop.

use std::collections::HashMap;

use super::brackets::Brackets;
use super::uses::Use;

/// Words before parentheses that are followed by braces and make no function.
const HEADS: [&str; 4] = ["if", "for", "while", "switch"];

/// A declared name.
#[derive(Debug)]
pub(super) struct Variable<'t> {
    pub(super) name: &'t str,
    pub(super) scope: usize,
}

/// The scopes of a script, each behind the one that it lies in; the first is all of it.
#[derive(Debug)]
pub(super) struct Scopes<'t> {
    /// Of each scope, the one around it.
    pub(super) parents: Vec<usize>,
    /// Of each token, the innermost scope that it lies in.
    pub(super) around: Vec<usize>,
    /// In the order of their declarations.
    pub(super) variables: Vec<Variable<'t>>,
    declared: HashMap<(usize, &'t str), usize>,
}

impl<'t> Scopes<'t> {
    pub(super) fn new(script: &Brackets<'_, 't>, uses: &[Use]) -> Self {
        let around = vec![0; script.tokens().len()];
        let mut scopes = Self { parents: vec![0], around, variables: Vec::new(), declared: HashMap::new() };
        for (first, last) in spans(script) {
            let number = scopes.parents.len();
            scopes.parents.push(scopes.around[first]);
            scopes.around[first..=last].fill(number);
        }
        for (place, from) in declarations(script, uses) {
            // The braces of a pattern are none of the scopes that its names are for.
            let (scope, name) = (scopes.around[from], script.tokens()[place].text);
            let next = scopes.variables.len();
            if *scopes.declared.entry((scope, name)).or_insert(next) == next {
                scopes.variables.push(Variable { name, scope });
            }
        }
        scopes
    }

    /// The variable that a name stands for at a place; `None` for what is not the script's.
    pub(super) fn variable(&self, place: usize, name: &'t str) -> Option<usize> {
        let mut scope = self.around[place];
        loop {
            match self.declared.get(&(scope, name)) {
                Some(variable) => return Some(*variable),
                None if scope == 0 => return None,
                None => scope = self.parents[scope],
            }
        }
    }
}

/// First and last token of all scopes but the first, those around others before them.
fn spans(script: &Brackets<'_, '_>) -> Vec<(usize, usize)> {
    let count = script.tokens().len();
    let mut spans = Vec::new();
    // Braces that belong to a function's scope.
    let mut bodies = vec![false; count + 1];
    for place in 0..count {
        if script.is(place, "=>") {
            let first = if script.is(place - 1, ")") { script.partner(place - 1) } else { place - 1 };
            bodies[place + 1] = true;
            spans.push((first, script.end_of_arrow(place + 1) - 1));
        } else if let Some(first) = parameters(script, place) {
            bodies[place + 1] = true;
            spans.extend(script.is(place + 1, "{").then(|| (first, script.partner(place + 1))));
        } else if script.is(place, "{") && !bodies[place] {
            spans.push((place, script.partner(place)));
        }
    }
    spans.sort_unstable_by_key(|&(first, last)| (first, std::cmp::Reverse(last)));
    spans
}

/// Places of the tokens that declare a name, each with a place in the scope that it is for.
fn declarations(script: &Brackets<'_, '_>, uses: &[Use]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for place in 0..script.tokens().len() {
        let bound = |first| bound(script, uses, first).into_iter().map(move |name| (name, first - 1));
        if script.is_any(place, &["let", "const", "var"]) {
            found.extend(bound(place + 1));
        } else if script.is_any(place, &["class", "function"]) {
            found.push((if script.is(place + 1, "*") { place + 2 } else { place + 1 }, place));
        } else if script.is(place, "=>") && !script.is(place - 1, ")") {
            found.push((place - 1, place - 1));
        } else if let Some(first) = parameters(script, place) {
            found.extend(bound(first + 1));
        }
    }
    found.retain(|(name, _)| uses[*name] != Use::Fixed);
    found
}

/// The parenthesis that opens a function's parameters, or a caught error's, if that at a place closes them.
fn parameters(script: &Brackets<'_, '_>, place: usize) -> Option<usize> {
    let first = script.is(place, ")").then(|| script.partner(place))?;
    let is_head = first > 0 && script.is_any(first - 1, &HEADS);
    (script.is(place + 1, "=>") || (script.is(place + 1, "{") && !is_head)).then_some(first)
}

/// The names in a list of patterns, whose first token is at a place; what they are set to is passed over.
fn bound(script: &Brackets<'_, '_>, uses: &[Use], first: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut place = first;
    while place < uses.len() {
        if script.closes(place) {
            if depth == 0 {
                break;
            }
            depth -= 1;
        } else if script.opens(place) {
            depth += 1;
        } else if depth == 0 && script.is_any(place, &[";", "of", "in"]) {
            break;
        } else if script.is(place, "=") {
            place = script.end_of_value(place + 1);
            continue;
        } else if uses[place] != Use::Fixed {
            found.push(place);
        }
        place += 1;
    }
    found
}
