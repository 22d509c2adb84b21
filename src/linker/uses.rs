//! Which words of a script are variables: all but keywords and the names of properties.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::tokens::{Kind, Token};

/// How a token uses a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// No variable: a sign, a literal, a keyword or a property.
    Fixed,
    Variable,
    /// A property and the variable of the same name, as in `{ time }`.
    Shorthand,
}

static KEYWORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "arguments async await break case catch class const continue debugger default delete do else enum eval export \
     extends false finally for function if implements import in instanceof interface let new null of package private \
     protected public return static super switch this throw true try typeof undefined var void while with yield"
        .split_whitespace()
        .collect()
});

pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(word)
}

/// How each token uses its name.
pub(super) fn uses(tokens: &[Token<'_>]) -> Vec<Use> {
    let mut reader = Reader::default();
    let next = tokens.iter().skip(1).map(Some).chain([None]);
    let roles = tokens.iter().zip(next).map(|(token, next)| (token, reader.read(token, next)));
    roles.map(|(token, how)| if is_keyword(token.text) { Use::Fixed } else { how }).collect()
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
    use crate::linker::squeeze::squeeze;

    #[test]
    fn variables_are_shortened_and_properties_stay() {
        for (script, expected) in [
            ("const value = this.value + value;", "let n=this.value+n;"),
            (
                "let value; f({ value, other: value, 'a b': value, value: 1 }, value)",
                "let n;f({value:n,other:n,'a b':n,value:1},n)",
            ),
            (
                "let value; class Word extends value { value = value; #value = value; get value() { return value.value; } static from() {} }",
                "let n;class a extends n{value=n;#value=n;get value(){return n.value}static from(){}}",
            ),
            ("let value; `value ${value ? `${value}` : { value }} value`", "let n;`value ${n?`${n}`:{value:n}} value`"),
            (
                "f({ async value(value) { value(value); }, get value() {}, class: value })",
                "f({async value(n){n(n)},get value(){},class:value})",
            ),
            ("document.value = window?.value ?? document;", "document.value=window?.value??document;"),
            ("let value; if (value) { value(); } else { value.value(); }", "let n;if(n){n()}else{n.value()}"),
            ("let value; f({ a: 1, ...value }, value ? value : 1)", "let n;f({a:1,...n},n?n:1)"),
        ] {
            assert_eq!(squeeze(script).trim_end(), expected);
        }
    }
}
