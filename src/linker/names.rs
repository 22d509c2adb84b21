//! The short names that a script's variables get.
//!
//! A variable may have the name of another in a scope around it, where its own scope has no use for that other one.
//! `tests/browser/script.test.mjs` compares what the names stand for, before and after.

use std::collections::HashSet;
use std::rc::Rc;

use super::brackets::Brackets;
use super::scopes::Scopes;
use super::uses::{Use, is_keyword};

/// Of each token the short name that it gets, if any; variables whose tokens are all gone need none.
pub(super) fn short<'t>(scopes: &Scopes<'t>, known: &Known<'t>, gone: &[bool]) -> Vec<Option<Rc<str>>> {
    // Names that stay as they are, the browser's and ours.
    let mut taken = known.others.clone();
    let mut own: Vec<Vec<usize>> = vec![Vec::new(); scopes.parents.len()];
    for (number, variable) in scopes.variables.iter().enumerate() {
        if gone[number] {
            continue;
        }
        if gains(variable.name, known.counts[number]) {
            own[variable.scope].push(number);
        } else {
            taken.insert(variable.name);
        }
    }
    let free = (0..).map(nth_name).filter(|name| !taken.contains(name.as_str()) && !is_keyword(name));
    let names: Vec<Rc<str>> = free.map(Rc::from).take(scopes.variables.len()).collect();
    let mut given: Vec<Option<usize>> = vec![None; scopes.variables.len()];
    for (own, used) in own.iter().zip(&known.used_in) {
        let around: HashSet<usize> = used.iter().filter_map(|variable| given[*variable]).collect();
        let free = (0..names.len()).filter(|name| !around.contains(name));
        for (variable, name) in own.iter().zip(free) {
            given[*variable] = Some(name);
        }
    }
    known.variables.iter().map(|variable| given[(*variable)?].map(|name| Rc::clone(&names[name]))).collect()
}

/// Whether a name is worth a shorter one, given how often it stands alone and as a shorthand, which then takes a
/// letter and a colon more.
const fn gains(name: &str, [plain, shorthand]: [usize; 2]) -> bool {
    shorthand == 0 || plain * name.len().saturating_sub(1) > shorthand * 2
}

/// Where which variable is used.
#[derive(Debug)]
pub(super) struct Known<'t> {
    /// Of each token, the variable that it names.
    pub(super) variables: Vec<Option<usize>>,
    /// How often each variable is used, alone and as a shorthand.
    counts: Vec<[usize; 2]>,
    /// Of each scope, the variables of scopes around it that it or one in it uses.
    used_in: Vec<HashSet<usize>>,
    /// Names that the script does not declare.
    others: HashSet<&'t str>,
}

impl<'t> Known<'t> {
    pub(super) fn new(script: &Brackets<'_, 't>, uses: &[Use], scopes: &Scopes<'t>) -> Self {
        let mut known = Self {
            variables: vec![None; uses.len()],
            counts: vec![[0; 2]; scopes.variables.len()],
            used_in: vec![HashSet::new(); scopes.parents.len()],
            others: HashSet::new(),
        };
        for (place, token) in script.tokens().iter().enumerate().filter(|(place, _)| uses[*place] != Use::Fixed) {
            let Some(variable) = scopes.variable(place, token.text) else {
                known.others.insert(token.text);
                continue;
            };
            known.variables[place] = Some(variable);
            known.counts[variable][usize::from(uses[place] == Use::Shorthand)] += 1;
            let mut scope = scopes.around[place];
            while scope != scopes.variables[variable].scope && known.used_in[scope].insert(variable) {
                scope = scopes.parents[scope];
            }
        }
        known
    }
}

/// Letters of the alphabet, those before the others that the script has most of: it packs the better.
const LETTERS: usize = 52;

/// `a`, `b`, … `Z`, `aa`, `ab`, …
fn nth_name(mut number: usize) -> String {
    let letters: Vec<char> = "nasetirlocdukpfbyvghDMTmwSPjIBFAzUYXKLqCQRHOEJxGZVNW".chars().collect();
    let mut name = String::new();
    loop {
        name.insert(0, letters[number % LETTERS]);
        number /= LETTERS;
        if number == 0 {
            return name;
        }
        number -= 1;
    }
}

#[cfg(test)]
mod tests {
    use crate::linker::squeeze::squeeze;

    #[test]
    fn names_are_used_again_where_nothing_else_is_meant() {
        for (script, expected) in [
            (
                "const one = (first) =>\n  first + first;\nfunction two(second) {\n  one(second, second);\n}",
                "let n=n=>n+n;function a(a){n(a,a)}",
            ),
            (
                "function one(first, second) { return second.map((third) => third + first); }",
                "function n(n,a){return a.map(a=>a+n)}",
            ),
            (
                "function one({ first, second: [third] = one }) { third(first); }",
                "function n({first:a,second:[s]=n}){s(a)}",
            ),
            (
                "function one(name) { for (const first of name) { first(); } try { name(); } catch (error) { error(name); } }",
                "function n(n){for(let a of n){a()}try{n()}catch(a){a(n)}}",
            ),
            (
                "function one() { const first = 1; { const first = 2; two(first); } three(first); }",
                "function n(){let n=1;{let n=2;two(n)}three(n)}",
            ),
            ("const one = (first, second) => (first ? second : 1);\nfirst(one);", "let n=(n,a)=>n?a:1;first(n);"),
        ] {
            assert_eq!(squeeze(script).trim_end(), expected);
        }
    }
}
