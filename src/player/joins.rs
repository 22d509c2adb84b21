//! Finds constants that follow each other and can share one declaration: `const a=1;const b=2;` is `const a=1,b=2;`.

use super::tokens::Token;

/// For each token, whether it is the end of a constant's declaration that the next one goes on with. Those of the
/// top level stay statements of their own.
pub(super) fn joins(tokens: &[Token<'_>]) -> Vec<bool> {
    // Of each open bracket, whether the statement in it that is being read declares constants.
    let mut open = vec![false];
    let mut found = vec![false; tokens.len()];
    let mut before: Option<&Token<'_>> = None;
    for (place, token) in tokens.iter().enumerate() {
        let begins = before.is_none_or(|before| [";", "{"].iter().any(|sign| before.is(sign)));
        let after_block = before.is_some_and(|before| before.is("}"));
        if let Some(constant) = open.last_mut() {
            if begins || (after_block && token.is("const")) {
                *constant = token.is("const");
            }
            found[place] = *constant && token.is(";") && tokens.get(place + 1).is_some_and(|next| next.is("const"));
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
    fn constants_next_to_each_other_share_a_declaration() {
        for (line, expected) in [
            (
                "if (1) { const a = {}; const [b] = `${ 1 };`; const c = () => { this.a(); }; this.b(); }",
                "if(1){const a={},[b]=`${1};`,c=()=>{this.a()};this.b()}",
            ),
            (
                "if (1) { for (const a of this.b) this.c(a); const a = 1; let d; const c = 2; }",
                "if(1){for(const a of this.b)this.c(a);const a=1;let d;const c=2}",
            ),
            ("const a = 1; const b = 2;", "const a=1;const b=2;"),
        ] {
            assert_eq!(
                squeeze(line, &["a", "b", "c", "d"].into()).replace(['e', 'f', 'g'], "?"),
                format!("{expected}\n").replace(['e', 'f', 'g'], "?")
            );
        }
    }
}
