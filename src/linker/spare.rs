//! Signs that a script means the same without: parentheses that group what is one value anyway (casts of the type
//! checker leave them), those around an arrow function's only parameter, and commas behind the last of a list.

use super::brackets::Brackets;
use super::tokens::Kind;
use super::uses::{Use, is_keyword};

/// Of each token, whether it can be left out.
pub(super) fn spare(script: &Brackets<'_, '_>, uses: &[Use]) -> Vec<bool> {
    let mut spare = vec![false; script.tokens().len()];
    for place in 1..spare.len() {
        if script.is(place, ",") {
            spare[place] = script.is_any(place + 1, &["}", ")", "]"]) && !script.is_any(place - 1, &[",", "["]);
        } else if script.is(place, "(") && (is_parameter(script, uses, place) || groups_little(script, place)) {
            spare[place] = true;
            spare[script.partner(place)] = true;
        }
    }
    spare
}

fn is_parameter(script: &Brackets<'_, '_>, uses: &[Use], place: usize) -> bool {
    script.partner(place) == place + 2 && script.is(place + 3, "=>") && uses[place + 1] == Use::Variable
}

/// Whether the parentheses stand where a value does, around one that holds together without them.
fn groups_little(script: &Brackets<'_, '_>, place: usize) -> bool {
    let last = script.partner(place);
    // A call of something named as the keyword is.
    if last == place + 1 || (script.is(place - 1, "return") && script.is_any(place.saturating_sub(2), &[".", "?."])) {
        return false;
    }
    if script.is(place - 1, "=>") {
        let whole = script.end_of_arrow(place) == last + 1;
        return whole && !script.is_any(place + 1, &["{", "("]) && script.end_of_value(place + 1) == last;
    }
    let begins = ["=", "(", "[", ",", ":", "?", "return", "&", "|", "!", "+", "-", "<", ">", "*"];
    let is_arrow = script.is(last + 1, "=>");
    script.is_any(place - 1, &begins) && !is_arrow && (is_chain(script, place + 1, last) || is_value(script, place))
}

/// Whether the parentheses are all there is between what begins a value and what ends it.
fn is_value(script: &Brackets<'_, '_>, place: usize) -> bool {
    let last = script.partner(place);
    let before = &script.tokens()[place.saturating_sub(2)];
    let begins = match script.tokens()[place - 1].text {
        "(" | "[" | "," | ":" | "return" => true,
        "?" => !before.is("?"),
        // And not the end of a comparison.
        "=" => before.kind == Kind::Word || [")", "]", "}"].iter().any(|sign| before.is(sign)),
        _ => false,
    };
    begins && script.is_any(last + 1, &[")", "]", "}", ",", ";", ":"]) && script.end_of_value(place + 1) == last
}

/// Whether the tokens are names, each a member of the one before, with calls: `a.b(c)[d]`.
fn is_chain(script: &Brackets<'_, '_>, first: usize, end: usize) -> bool {
    let tokens = script.tokens();
    let is_name = tokens[first].kind == Kind::Word && (!is_keyword(tokens[first].text) || tokens[first].is("this"));
    let mut place = first + 1;
    while place < end {
        place = match tokens[place].text {
            "." => place + 2,
            "(" | "[" => script.next(place),
            _ => return false,
        };
    }
    is_name && place == end
}

#[cfg(test)]
mod tests {
    use crate::linker::squeeze::squeeze;

    #[test]
    fn what_changes_nothing_goes() {
        for (script, expected) in [
            ("f((1, 2), [1, 2,], { a: 1, });", "f((1,2),[1,2],{a:1});"),
            ("f([,], [1,,]);", "f([,],[1,,]);"),
            ("return (this.a(1)[2].b);", "return this.a(1)[2].b;"),
            ("return (this.a ?? 1).b;", "return(this.a??1).b;"),
            ("f((this?.a).b, (new A()).b, (1).b);", "f((this?.a).b,(new A()).b,(1).b);"),
            (
                "f(() => ({ a: 1 }), () => (1 + 2), () => (1, 2), () => (1) + 2);",
                "f(()=>({a:1}),()=>1+2,()=>(1,2),()=>(1)+2);",
            ),
            ("let a = (1 + 2), b = [(1 ?? 2)]; return (await a);", "let n=1+2,a=[1??2];return await n;"),
            ("f(a === (1 || 2), a ?? (1 || 2), (1 + 2) * 3, (1, 2));", "f(a===(1||2),a??(1||2),(1+2)*3,(1,2));"),
            ("f(a ? (1 ? 2 : 3) : (4 ? 5 : 6));", "f(a?1?2:3:4?5:6);"),
            (
                "f(a.return(1), a?.return(), { return: () => a.return() });",
                "f(a.return(1),a?.return(),{return:()=>a.return()});",
            ),
            ("f(async (one) => one, ({ a }) => 1, (...all) => all);", "f(async n=>n,({a})=>1,(...n)=>n);"),
        ] {
            assert_eq!(squeeze(script).trim_end(), expected);
        }
    }
}
