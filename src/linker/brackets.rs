//! Which bracket closes which.

use super::tokens::Token;

/// The tokens of a script, and of each bracket the place of its partner; of any other token, its own.
#[derive(Debug)]
pub(super) struct Brackets<'a, 't> {
    tokens: &'a [Token<'t>],
    partners: Vec<usize>,
}

impl<'a, 't> Brackets<'a, 't> {
    pub(super) fn new(tokens: &'a [Token<'t>]) -> Self {
        let mut partners: Vec<usize> = (0..tokens.len()).collect();
        let mut open = Vec::new();
        for (place, token) in tokens.iter().enumerate() {
            if let Some(before) = closes(token).then(|| open.pop()).flatten() {
                partners[before] = place;
                partners[place] = before;
            }
            if opens(token) {
                open.push(place);
            }
        }
        Self { tokens, partners }
    }

    pub(super) const fn tokens(&self) -> &'a [Token<'t>] {
        self.tokens
    }

    /// The other bracket's place. What stands between two expressions of a template closes one and opens the next:
    /// its partner is the end of the latter.
    pub(super) fn partner(&self, place: usize) -> usize {
        self.partners[place]
    }

    pub(super) fn is(&self, place: usize, text: &str) -> bool {
        self.tokens.get(place).is_some_and(|token| token.is(text))
    }

    /// Whether it is one of some signs or words.
    pub(super) fn is_any(&self, place: usize, texts: &[&str]) -> bool {
        texts.iter().any(|text| self.is(place, text))
    }

    pub(super) fn opens(&self, place: usize) -> bool {
        opens(&self.tokens[place])
    }

    pub(super) fn closes(&self, place: usize) -> bool {
        closes(&self.tokens[place])
    }

    /// The next place at the same depth.
    pub(super) fn next(&self, place: usize) -> usize {
        let mut end = place;
        while self.opens(end) && self.partners[end] > end {
            end = self.partners[end];
        }
        end + 1
    }

    /// The comma, semicolon or closing bracket behind a value that begins at a place.
    pub(super) fn end_of_value(&self, first: usize) -> usize {
        let mut place = first;
        while place < self.tokens.len() && !self.closes(place) && !self.is_any(place, &[",", ";"]) {
            place = self.next(place);
        }
        place
    }

    /// The token behind an arrow function whose body begins at a place.
    pub(super) fn end_of_arrow(&self, first: usize) -> usize {
        if self.is(first, "{") {
            return self.next(first);
        }
        let mut choices = 0_usize;
        let end = self.end_of_value(first);
        let mut place = first;
        while place < end && !(choices == 0 && self.is(place, ":")) {
            match self.tokens[place].text {
                "?" if self.is(place + 1, "?") => place += 1,
                "?" => choices += 1,
                ":" => choices -= 1,
                _ => {}
            }
            place = self.next(place);
        }
        place
    }
}

fn opens(token: &Token<'_>) -> bool {
    token.opens_template() || ["(", "[", "{"].iter().any(|sign| token.is(sign))
}

fn closes(token: &Token<'_>) -> bool {
    token.closes_template() || [")", "]", "}"].iter().any(|sign| token.is(sign))
}
