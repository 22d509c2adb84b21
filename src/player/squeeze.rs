//! Leaves the blanks out of a script where no reader of scripts needs them, and gives its variables short names.
//!
//! Statements of the top level stay on lines of their own; strings, templates, regular expressions and the names of
//! properties pass as they are.

use std::collections::BTreeSet;

use super::joins::{declares, joins};
use super::names::{self, Depth, Use};
use super::tokens::{Gap, Token, Tokens, is_word};

/// A script without needless blanks, its variables by short names; `top_level` are those it declares for all of it.
pub(super) fn squeeze(script: &str, top_level: &BTreeSet<&str>) -> String {
    let tokens: Vec<Token<'_>> = Tokens::new(script).collect();
    let uses = names::uses(&tokens);
    let mut short = names::short(&tokens, &uses, top_level);
    let mut depth = Depth::default();
    let mut out = String::with_capacity(script.len());
    let mut goes_on = false;
    for ((token, how), joined) in tokens.iter().zip(uses).zip(joins(&tokens)) {
        let name = short.next(token);
        if std::mem::replace(&mut goes_on, joined) {
            // The word that began what now is part of the declaration before it.
            depth.pass(token);
            continue;
        }
        if joined {
            depth.pass(token);
            out.push(',');
            continue;
        }
        let word = if declares(token) { "let" } else { token.text };
        let text = name.filter(|_| how == Use::Variable).unwrap_or(word);
        match token.gap {
            Gap::Line if depth.is_top() => out.push('\n'),
            _ => put_gap(&mut out, token.gap, text),
        }
        depth.pass(token);
        // No statement of ours is empty, so the one before the brace ends with it.
        if token.is("}") && out.ends_with(';') {
            out.pop();
        }
        out.push_str(text);
        if let Some(name) = name.filter(|_| how == Use::Shorthand) {
            out.extend([":", name]);
        }
    }
    out.push('\n');
    out
}

/// A blank stays between two words, and between signs that would become another together.
fn put_gap(out: &mut String, gap: Gap, text: &str) {
    let (Some(before), Some(after)) = (out.chars().last(), text.chars().next()) else { return };
    let word = |c| is_word(c) || c == '#';
    let joined = matches!((before, after), ('+', '+') | ('-', '-') | ('/', _) | (_, '/'));
    let apart = joined || (word(before) && word(after)) || (before.is_ascii_digit() && after == '.');
    if gap != Gap::None && apart {
        out.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_needless_blanks_go() {
        for (line, expected) in [
            ("  this.a = 1 + +2 - -3;", "this.a=1+ +2- -3;"),
            (
                "return this === 'a  b' ? \" c \" : `d ${ 1 + `f ${ 2 }  h` }  i`;",
                "return this==='a  b'?\" c \":`d ${1+`f ${2}  h`}  i`;",
            ),
            ("if (/ \\/ [ / ] /.test( 1 )) this.y = 4 / 2 / 1;", "if(/ \\/ [ / ] /.test(1))this.y=4 / 2 / 1;"),
            ("return / a /.source in this;", "return / a /.source in this;"),
            ("this.s = 'it\\'s  so' + 1 .toFixed();", "this.s='it\\'s  so'+1 .toFixed();"),
            ("if (1) {\n\n  this.a();\n}", "if(1){this.a()}"),
        ] {
            assert_eq!(squeeze(line, &BTreeSet::new()), format!("{expected}\n"));
        }
    }
}
