//! Leaves the blanks out of a script where no reader of scripts needs them, and gives its variables short names.
//!
//! Strings, templates, regular expressions and the names of properties pass as they are.

use super::brackets::Brackets;
use super::constants::Constants;
use super::joins::joins;
use super::names::{self, Known};
use super::scopes::Scopes;
use super::spare::spare;
use super::tokens::{Gap, Kind, Token, Tokens, is_word};
use super::uses::{Use, uses};

/// A script without needless blanks and signs, its variables by short names.
pub(super) fn squeeze(script: &str) -> String {
    let tokens: Vec<Token<'_>> = Tokens::new(script).collect();
    let uses = uses(&tokens);
    let brackets = Brackets::new(&tokens);
    let scopes = Scopes::new(&brackets, &uses);
    let known = Known::new(&brackets, &uses, &scopes);
    let constants = Constants::new(&brackets, &uses, &scopes, &known);
    let (names, spare) = (names::short(&scopes, &known, &constants.replaced), spare(&brackets, &uses));
    let mut out = String::with_capacity(script.len());
    let mut goes_on = false;
    let mut gap = Gap::None;
    for (place, (token, joined)) in tokens.iter().zip(joins(&tokens)).enumerate() {
        gap = gap.max(token.gap);
        // The word that began what now is part of the declaration before it.
        if std::mem::replace(&mut goes_on, joined) {
            continue;
        }
        if joined {
            out.push(',');
            continue;
        }
        if spare[place] || constants.gone[place] {
            gap = gap.max(Gap::Blank);
            continue;
        }
        let name = constants.values[place].or(names[place].as_deref());
        let named = place > 0 && brackets.is_any(place - 1, &[".", "?."]);
        let word = if named { token.text } else { shortest(token) };
        let word = name.filter(|_| uses[place] == Use::Variable).unwrap_or(word);
        let number = word.starts_with(|c: char| c.is_ascii_digit()).then(|| shorter(word));
        let text = number.as_deref().unwrap_or(word);
        match std::mem::replace(&mut gap, Gap::None) {
            // Behind a division nothing can be taken for flags.
            _ if place > 0 && tokens[place - 1].is("/") && text.starts_with(is_word) => {}
            gap => put_gap(&mut out, gap, text),
        }
        // No statement of ours is empty, so the one before the brace ends with it.
        if token.is("}") && out.ends_with(';') {
            out.pop();
        }
        out.push_str(text);
        if let Some(name) = name.filter(|_| uses[place] == Use::Shorthand) {
            out.extend([":", name]);
        }
    }
    out.push('\n');
    out
}

/// What means the same as a word of the language.
fn shortest<'t>(token: &Token<'t>) -> &'t str {
    match token.text {
        _ if token.kind == Kind::Literal => token.text,
        "const" => "let",
        "true" => "!0",
        "undefined" => "void 0",
        "false" => "!1",
        text => text,
    }
}

/// A number without what is there for those who read it: marks between its digits, and the zero before a fraction.
fn shorter(number: &str) -> String {
    let digits = number.replace('_', "");
    if digits.starts_with("0.") { digits[1..].to_owned() } else { digits }
}

/// A blank stays between two words, and between signs that would become another together.
fn put_gap(out: &mut String, gap: Gap, text: &str) {
    let (Some(before), Some(after)) = (out.chars().last(), text.chars().next()) else { return };
    let word = |c| is_word(c) || c == '#';
    // A word behind a regular expression would be its flags.
    let joined =
        matches!((before, after), ('+', '+') | ('-', '-') | ('/', '/' | '*')) || (before == '/' && word(after));
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
            ("if (/ \\/ [ / ] /.test( 1 )) this.y = 4 / 2 / 1;", "if(/ \\/ [ / ] /.test(1))this.y=4/2/1;"),
            ("return / a /.source in this;", "return/ a /.source in this;"),
            ("this.s = 'it\\'s  so' + 1 .toFixed();", "this.s='it\\'s  so'+1 .toFixed();"),
            ("if (1) {\n\n  this.a();\n}", "if(1){this.a()}"),
            ("return true === this.true || ' true ';", "return!0===this.true||' true ';"),
        ] {
            assert_eq!(squeeze(line), format!("{expected}\n"));
        }
    }
}
