//! Reads a script as words, signs and literals.

/// Words after which a slash begins a regular expression.
const BEFORE_REGEX: [&str; 6] = ["return", "typeof", "case", "in", "of", "await"];

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, private names with their `#`, or a keyword.
    Word,
    /// `...`, `?.`, `=>`, or a single sign.
    Sign,
    /// A number, string or regular expression, or a template as far as the next `${`.
    Literal,
}

/// A token as it stands in the script.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    /// What stands before it.
    pub(super) gap: Gap,
}

/// What stands between two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    None,
    Blank,
    Line,
}

impl Token<'_> {
    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text && self.kind != Kind::Literal
    }

    /// Whether an expression in a template begins behind it.
    pub(super) fn opens_template(&self) -> bool {
        self.kind == Kind::Literal && self.text.ends_with("${") && self.text.starts_with(['`', '}'])
    }

    /// Whether it goes on with a template behind an expression.
    pub(super) fn closes_template(&self) -> bool {
        self.kind == Kind::Literal && self.text.starts_with('}')
    }
}

/// Reads tokens; strings, templates' pieces and regular expressions do not reach beyond their line.
pub(super) struct Tokens<'t> {
    rest: &'t str,
    before: Option<Token<'t>>,
    /// Depth of braces at which each open template goes on.
    templates: Vec<usize>,
    depth: usize,
}

pub(super) const fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$') || !c.is_ascii()
}

impl<'t> Tokens<'t> {
    pub(super) const fn new(script: &'t str) -> Self {
        Self { rest: script, before: None, templates: Vec::new(), depth: 0 }
    }

    /// What the next token is, and its length in bytes.
    fn measure(&mut self, first: char) -> (Kind, usize) {
        let after = self.rest[first.len_utf8()..].chars().next();
        match first {
            '\'' | '"' => (Kind::Literal, self.string(first)),
            '`' => (Kind::Literal, self.template()),
            '}' if self.templates.last() == Some(&self.depth) => {
                self.templates.pop();
                (Kind::Literal, self.template())
            }
            '/' if self.regex_may_begin() => (Kind::Literal, self.regex()),
            '.' if self.rest.starts_with("...") => (Kind::Sign, 3),
            '=' if after == Some('>') => (Kind::Sign, 2),
            '?' if after == Some('.') => (Kind::Sign, 2),
            '.' | '0'..='9' if first != '.' || after.is_some_and(|c| c.is_ascii_digit()) => {
                (Kind::Literal, self.run(|c| is_word(c) || c == '.'))
            }
            '#' => (Kind::Word, 1 + self.rest[1..].find(|c| !is_word(c)).unwrap_or(self.rest.len() - 1)),
            c if is_word(c) => (Kind::Word, self.run(is_word)),
            c => (Kind::Sign, c.len_utf8()),
        }
    }

    fn run(&self, belongs: impl Fn(char) -> bool) -> usize {
        self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len())
    }

    fn string(&self, quote: char) -> usize {
        let mut escaped = true;
        let end = self.rest.find(|c| {
            let ends = c == quote && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        end.map_or(self.rest.len(), |end| end + 1)
    }

    /// From a backquote or a closing brace to the template's end or its next `${`.
    fn template(&mut self) -> usize {
        let bytes = self.rest.as_bytes();
        let mut place = 1;
        while place < bytes.len() {
            match bytes[place] {
                b'\\' => place += 1,
                b'`' => return place + 1,
                b'$' if bytes.get(place + 1) == Some(&b'{') => {
                    self.templates.push(self.depth);
                    return place + 2;
                }
                _ => {}
            }
            place += 1;
        }
        bytes.len()
    }

    fn regex_may_begin(&self) -> bool {
        match self.before {
            None => true,
            Some(Token { kind: Kind::Word, text, .. }) => BEFORE_REGEX.contains(&text),
            Some(Token { kind: Kind::Sign, text, .. }) => text != ")" && text != "]",
            Some(token) => token.opens_template(),
        }
    }

    fn regex(&self) -> usize {
        let bytes = self.rest.as_bytes();
        let (mut place, mut class) = (1, false);
        while place < bytes.len() {
            match bytes[place] {
                b'\\' => place += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => {
                    let flags = self.rest[place + 1..].find(|c| !is_word(c));
                    return flags.map_or(bytes.len(), |flags| place + 1 + flags);
                }
                _ => {}
            }
            place += 1;
        }
        bytes.len()
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        let trimmed = self.rest.trim_start();
        let gap = match &self.rest[..self.rest.len() - trimmed.len()] {
            "" => Gap::None,
            blanks if blanks.contains('\n') => Gap::Line,
            _ => Gap::Blank,
        };
        self.rest = trimmed;
        let (kind, length) = self.measure(trimmed.chars().next()?);
        let (text, rest) = trimmed.split_at(length.min(trimmed.len()));
        self.rest = rest;
        match text {
            "{" => self.depth += 1,
            "}" => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        let token = Token { kind, text, gap };
        self.before = Some(token);
        Some(token)
    }
}
