//! Which words of a script are variables, and the short names they get.
//!
//! A name of the top level gets the same short name in all of the script, any other the same in all of its statement
//! of the top level, so that nobody needs to know which scope a variable belongs to. What has to be told apart is
//! variables from the names of properties, which stay. `tests/player/script.test.mjs` compares both scripts' trees.

use std::collections::{BTreeMap, BTreeSet};

use super::tokens::{Gap, Kind, Token};

/// How a token uses a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// No name of ours: a sign, a literal, a keyword, a property, or what belongs to the browser.
    Fixed,
    Variable,
    /// A property and the variable of the same name, as in `{ time }`.
    Shorthand,
}

/// Words of the language, and those that mean something only in some places.
const KEYWORDS: &str = "arguments as async await break case catch class const continue debugger default delete do else \
    enum eval export extends false finally for from function get if implements import in instanceof interface let new \
    null of package private protected public return set static super switch this throw true try typeof undefined var \
    void while with yield";

/// What the browser gives.
const GLOBALS: &str = include_str!("globals.txt");

/// How each token uses its name.
pub(super) fn uses(tokens: &[Token<'_>]) -> Vec<Use> {
    let fixed: BTreeSet<&str> = KEYWORDS.split_whitespace().chain(GLOBALS.split_whitespace()).collect();
    let mut reader = Reader::default();
    let next = tokens.iter().skip(1).map(Some).chain([None]);
    let roles = tokens.iter().zip(next).map(|(token, next)| (token, reader.read(token, next)));
    roles.map(|(token, how)| if fixed.contains(token.text) { Use::Fixed } else { how }).collect()
}

/// Short names for the variables that gain by it: those of the top level for all of the script, the others for
/// each statement of the top level anew.
pub(super) fn short<'t>(tokens: &[Token<'t>], uses: &[Use], top_level: &BTreeSet<&str>) -> Short<'t> {
    let mut counts: BTreeMap<(usize, &str), [usize; 2]> = BTreeMap::new();
    let mut regions = Regions::default();
    for (token, how) in tokens.iter().zip(uses) {
        let region = regions.of(token);
        let region = if top_level.contains(token.text) { EVERYWHERE } else { region };
        match how {
            Use::Fixed => {}
            Use::Variable => counts.entry((region, token.text)).or_default()[0] += 1,
            Use::Shorthand => counts.entry((region, token.text)).or_default()[1] += 1,
        }
    }
    // Two letters and a colon more for each shorthand.
    let gains = |name: &str, [plain, shorthand]: [usize; 2]| plain * (name.len().saturating_sub(1)) > shorthand * 3;
    let (mut gaining, staying): (Vec<_>, Vec<_>) = counts.into_iter().partition(|((_, name), uses)| gains(name, *uses));
    let fixed = KEYWORDS.split_whitespace().chain(GLOBALS.split_whitespace());
    let taken: BTreeSet<&str> = staying.into_iter().map(|((_, name), _)| name).chain(fixed).collect();
    gaining.sort_by_key(|((_, name), [plain, shorthand])| (std::cmp::Reverse(plain + shorthand), *name));
    let free = |name: &String| !taken.contains(name.as_str());
    let (single, longer) = (|| (0..LETTERS).map(nth_name).filter(free), || (LETTERS..).map(nth_name).filter(free));
    let mut short = BTreeMap::new();
    let mut top = longer();
    for ((region, name), _) in gaining.iter().filter(|((region, _), _)| *region == EVERYWHERE) {
        short.insert((*region, *name), top.next().expect("names do not end"));
    }
    // Names that are nobody's at the top level follow where its own end.
    let rest: Vec<String> = top.take(gaining.len().min(MOST_LOCALS)).collect();
    let mut given: BTreeMap<usize, usize> = BTreeMap::new();
    let letters: Vec<String> = single().chain(rest).collect();
    for ((region, name), _) in gaining.iter().filter(|((region, _), _)| *region != EVERYWHERE) {
        let count = given.entry(*region).or_default();
        if let Some(letter) = letters.get(*count) {
            short.insert((*region, *name), letter.clone());
        }
        *count += 1;
    }
    Short { names: short, regions: Regions::default() }
}

/// Region of the names that are declared at the top level.
const EVERYWHERE: usize = usize::MAX;
/// More names of its own no statement has; those beyond keep theirs.
const MOST_LOCALS: usize = 1_000;

/// Which short name a token's word has.
#[derive(Debug)]
pub(super) struct Short<'t> {
    names: BTreeMap<(usize, &'t str), String>,
    regions: Regions,
}

impl<'t> Short<'t> {
    /// The short name of the next token.
    pub(super) fn next(&mut self, token: &Token<'t>) -> Option<&str> {
        let region = self.regions.of(token);
        let name = self.names.get(&(EVERYWHERE, token.text)).or_else(|| self.names.get(&(region, token.text)));
        name.map(String::as_str)
    }
}

/// Counts the statements of the top level: nothing that is declared in one is known in another.
#[derive(Debug, Default)]
struct Regions {
    number: usize,
    depth: Depth,
    ended: bool,
}

impl Regions {
    /// Number of the statement that the next token belongs to.
    fn of(&mut self, token: &Token<'_>) -> usize {
        let declares = ["function", "async", "class", "const", "let"].iter().any(|word| token.is(word));
        if self.depth.is_top() && self.ended && token.gap == Gap::Line && declares {
            self.number += 1;
        }
        self.depth.pass(token);
        self.ended = token.is(";") || token.is("}");
        self.number
    }
}

/// Letters of the alphabet, small and large.
const LETTERS: usize = 52;

/// `a`, `b`, … `Z`, `aa`, `ab`, …
fn nth_name(mut number: usize) -> String {
    let letters: Vec<char> = ('a'..='z').chain('A'..='Z').collect();
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

/// How many brackets of all kinds are open.
#[derive(Debug, Default)]
pub(super) struct Depth(usize);

impl Depth {
    pub(super) const fn is_top(&self) -> bool {
        self.0 == 0
    }

    pub(super) fn pass(&mut self, token: &Token<'_>) {
        let is = |signs: [&str; 3]| signs.iter().any(|sign| token.is(sign));
        match (token.opens_template(), token.closes_template()) {
            (true, false) => self.0 += 1,
            (false, true) => self.0 = self.0.saturating_sub(1),
            _ if is(["(", "[", "{"]) => self.0 += 1,
            _ if is([")", "]", "}"]) => self.0 = self.0.saturating_sub(1),
            _ => {}
        }
    }
}

/// What is open around a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    /// Parentheses, brackets, statements, an expression in a template: names are variables.
    Plain,
    /// The braces of an object or of a pattern; `true` where a key may stand.
    Object(bool),
    /// The braces of a class; `true` where a member may stand.
    Class(bool),
}

#[derive(Debug, Default)]
struct Reader<'t> {
    frames: Vec<Frame>,
    before: Option<Token<'t>>,
    /// A class whose braces have not come yet.
    class: bool,
}

impl<'t> Reader<'t> {
    fn read(&mut self, token: &Token<'t>, next: Option<&Token<'t>>) -> Use {
        let how = if token.kind == Kind::Word { self.word(token, next) } else { Use::Fixed };
        self.move_on(token);
        self.before = Some(*token);
        how
    }

    fn word(&mut self, token: &Token<'t>, next: Option<&Token<'t>>) -> Use {
        if self.before.is_some_and(|before| before.is(".") || before.is("?.")) {
            return Use::Fixed;
        }
        let next_is = |signs: &[&str]| next.is_some_and(|next| signs.iter().any(|sign| next.is(sign)));
        match self.frames.last_mut() {
            Some(Frame::Object(key) | Frame::Class(key)) if *key => {
                let word_follows = next.is_some_and(|next| next.kind == Kind::Word || next.is("[") || next.is("*"));
                if matches!(token.text, "get" | "set" | "async" | "static") && word_follows {
                    return Use::Fixed;
                }
                *key = false;
                let is_shorthand = matches!(self.frames.last(), Some(Frame::Object(_))) && next_is(&[",", "}", "="]);
                if is_shorthand { Use::Shorthand } else { Use::Fixed }
            }
            _ if token.text.starts_with('#') => Use::Fixed,
            _ => {
                self.class |= token.is("class");
                Use::Variable
            }
        }
    }

    /// Opens and closes what the token opens and closes.
    fn move_on(&mut self, token: &Token<'t>) {
        if token.closes_template() {
            self.frames.pop();
        }
        if token.opens_template() {
            self.frames.push(Frame::Plain);
        }
        if token.kind != Kind::Sign {
            return;
        }
        match (token.text, self.frames.last_mut()) {
            ("{", _) => {
                let frame = self.braces();
                self.frames.push(frame);
            }
            ("(" | "[", Some(Frame::Object(key))) => {
                *key = false;
                self.frames.push(Frame::Plain);
            }
            ("(" | "[", _) => self.frames.push(Frame::Plain),
            ("}" | ")" | "]", _) => {
                self.frames.pop();
                if let ("}", Some(Frame::Class(key))) = (token.text, self.frames.last_mut()) {
                    *key = true;
                }
            }
            (",", Some(Frame::Object(key))) | (";", Some(Frame::Class(key))) => *key = true,
            ("..." | ":", Some(Frame::Object(key))) => *key = false,
            _ => {}
        }
    }

    /// What the braces are that open now: told by what stands before them.
    fn braces(&mut self) -> Frame {
        if std::mem::take(&mut self.class) {
            return Frame::Class(true);
        }
        let Some(before) = self.before else { return Frame::Plain };
        let block = match before.kind {
            Kind::Sign => matches!(before.text, ")" | "=>" | ";" | "{" | "}"),
            Kind::Word => matches!(before.text, "else" | "do" | "try" | "finally" | "catch"),
            Kind::Literal => false,
        };
        if block { Frame::Plain } else { Frame::Object(true) }
    }
}

#[cfg(test)]
mod tests {
    use crate::player::squeeze::squeeze;

    #[test]
    fn variables_are_shortened_and_properties_stay() {
        for (script, expected) in [
            ("const value = this.value + value;", "let aa=this.value+aa;"),
            ("f({ value, other: value, 'a b': value, value: 1 }, value)", "f({value:aa,other:aa,'a b':aa,value:1},aa)"),
            ("function f({ first, second: [third] = value }) { third(); }", "function f({first,second:[a]=aa}){a()}"),
            (
                "class Word extends value { value = value; #value = value; get value() { return value.value; } static from() {} }",
                "class a extends aa{value=aa;#value=aa;get value(){return aa.value}static from(){}}",
            ),
            ("`value ${value ? `${value}` : { value }} value`", "`value ${aa?`${aa}`:{value:aa}} value`"),
            (
                "f({ async value(value) {}, get value() {}, class: value })",
                "f({async value(aa){},get value(){},class:aa})",
            ),
            ("document.value = window?.value ?? document;", "document.value=window?.value??document;"),
            ("if (value) { value(); } else { value.value(); }", "if(aa){aa()}else{aa.value()}"),
            ("f({ a: 1, ...value }, value ? value : 1)", "f({a:1,...aa},aa?aa:1)"),
        ] {
            assert_eq!(squeeze(script, &["value"].into()).trim_end(), expected);
        }
    }

    #[test]
    fn statements_of_the_top_level_share_no_names_of_their_own() {
        let script = "const one = (first) =>\n  first + first;\nfunction two(second) {\n  one(second, second);\n}";
        let expected = "let aa=(a)=>\na+a;\nfunction ab(a){aa(a,a)}\n";
        assert_eq!(squeeze(script, &["one", "two"].into()), expected);
    }
}
