//! Finds declarations that follow each other and can be one: `const a=1;const b=2;` is `let a=1,b=2;`, as the type
//! checker has seen to it that no constant is set again.

use super::tokens::Token;

/// Whether a declaration of variables begins with it.
fn declares(token: &Token<'_>) -> bool {
    token.is("const") || token.is("let")
}

/// For each token, whether it is the end of a declaration that the next one goes on with. Those of the top level stay
/// statements of their own.
pub(super) fn joins(tokens: &[Token<'_>]) -> Vec<bool> {
    // Of each open bracket, whether the statement in it that is being read declares variables.
    let mut open = vec![false];
    let mut found = vec![false; tokens.len()];
    let mut before: Option<&Token<'_>> = None;
    for (place, token) in tokens.iter().enumerate() {
        let begins = before.is_none_or(|before| [";", "{"].iter().any(|sign| before.is(sign)));
        let after_block = before.is_some_and(|before| before.is("}"));
        if let Some(declaration) = open.last_mut() {
            if begins || (after_block && declares(token)) {
                *declaration = declares(token);
            }
            found[place] = *declaration && token.is(";") && tokens.get(place + 1).is_some_and(declares);
        }
        found[place] &= open.len() > 1;
        if token.closes_template() || [")", "]", "}"].iter().any(|sign| token.is(sign)) {
            open.pop();
        }
        if token.opens_template() || ["(", "[", "{"].iter().any(|sign| token.is(sign)) {
            open.push(false);
        }
        before = Some(token);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::squeeze::squeeze;

    #[test]
    fn declarations_next_to_each_other_become_one() {
        for (line, expected) in [
            (
                "if (1) { const self = {}; const [top] = `${ 1 };`; const name = () => { this.a(); }; this.b(); }",
                "if(1){let n={},[a]=`${1};`,s=()=>{this.a()};this.b()}",
            ),
            (
                "if (1) { for (const top of this.b) this.c(top); const self = 1; this.d(); let name; const open = 2; }",
                "if(1){for(let n of this.b)this.c(n);let a=1;this.d();let s,e=2}",
            ),
            ("const self = this.a; const top = this.b;", "let n=this.a;let a=this.b;"),
        ] {
            assert_eq!(squeeze(line), format!("{expected}\n"));
        }
    }
}
