//! Leaves the blanks out of a line of script where no reader of scripts needs them.
//!
//! Names, strings, templates and regular expressions pass as they are, and lines stay lines, so that what a
//! reader sees in the page's source is what stands in `assets/player/`.

/// Words after which a slash begins a regular expression.
const BEFORE_REGEX: [&str; 6] = ["return", "typeof", "case", "in", "of", "await"];

/// A line without needless blanks. Strings and templates must not reach beyond the line.
pub(super) fn squeeze(line: &str) -> String {
    let mut squeezer =
        Squeezer { rest: line.trim(), out: String::with_capacity(line.len()), templates: Vec::new(), depth: 0 };
    while let Some(next) = squeezer.rest.chars().next() {
        squeezer.step(next);
    }
    squeezer.out
}

struct Squeezer<'t> {
    rest: &'t str,
    out: String,
    /// Depth of braces at which each open template goes on.
    templates: Vec<usize>,
    depth: usize,
}

impl Squeezer<'_> {
    fn step(&mut self, next: char) {
        match next {
            ' ' => self.blank(),
            '\'' | '"' => self.literal(next),
            '`' => self.template(),
            '/' if self.regex_may_begin() => self.regex(),
            '{' => {
                self.depth += 1;
                self.take(1);
            }
            '}' if self.templates.last() == Some(&self.depth) => {
                self.templates.pop();
                self.template();
            }
            '}' => {
                self.depth = self.depth.saturating_sub(1);
                self.take(1);
            }
            _ => self.take(next.len_utf8()),
        }
    }

    /// Moves bytes to the output.
    fn take(&mut self, bytes: usize) {
        let (now, later) = self.rest.split_at(bytes.min(self.rest.len()));
        self.out.push_str(now);
        self.rest = later;
    }

    /// A blank stays between two words, and between signs that would become another together.
    fn blank(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '#');
        let (Some(before), Some(after)) = (self.out.chars().last(), self.rest.chars().next()) else { return };
        let joined = matches!((before, after), ('+', '+') | ('-', '-') | ('/', _) | (_, '/'));
        if joined || (word(before) && word(after)) || (before.is_ascii_digit() && after == '.') {
            self.out.push(' ');
        }
    }

    fn literal(&mut self, quote: char) {
        let mut escaped = true;
        let end = self.rest.find(|c| {
            let ends = c == quote && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        self.take(end.map_or(self.rest.len(), |end| end + 1));
    }

    /// From a backquote or a closing brace to the template's end or its next `${`.
    fn template(&mut self) {
        let bytes = self.rest.as_bytes();
        let mut place = 1;
        while place < bytes.len() {
            match bytes[place] {
                b'\\' => place += 1,
                b'`' => return self.take(place + 1),
                b'$' if bytes.get(place + 1) == Some(&b'{') => {
                    self.templates.push(self.depth);
                    return self.take(place + 2);
                }
                _ => {}
            }
            place += 1;
        }
        self.take(bytes.len());
    }

    fn regex_may_begin(&self) -> bool {
        let before = self.out.trim_end();
        let word_start =
            before.rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).map_or(0, |place| place + 1);
        match before.chars().last() {
            None => true,
            Some(_) if BEFORE_REGEX.contains(&&before[word_start..]) => true,
            Some(last) => "(,=:[!&|?{};+-*%<>~^".contains(last),
        }
    }

    fn regex(&mut self) {
        let bytes = self.rest.as_bytes();
        let (mut place, mut class) = (1, false);
        while place < bytes.len() {
            match bytes[place] {
                b'\\' => place += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => return self.take(place + 1),
                _ => {}
            }
            place += 1;
        }
        self.take(bytes.len());
    }
}

#[cfg(test)]
mod tests {
    use super::squeeze;

    #[test]
    fn only_needless_blanks_go() {
        for (line, expected) in [
            ("  const a = b + +c - -d;", "const a=b+ +c- -d;"),
            (
                "return x === 'a  b' ? \" c \" : `d ${ e + `f ${ g }  h` }  i`;",
                "return x==='a  b'?\" c \":`d ${e+`f ${g}  h`}  i`;",
            ),
            ("if (/ \\/ [ / ] /.test( x )) y = a / b / c;", "if(/ \\/ [ / ] /.test(x))y=a / b / c;"),
            ("return / a /.source in b;", "return / a /.source in b;"),
            ("for (const x of [ 1, 2 ]) f({ x });", "for(const x of[1,2])f({x});"),
            ("class A { #b = 1; get c() { return this.#b; } }", "class A{#b=1;get c(){return this.#b;}}"),
            ("const s = 'it\\'s  so' + 1 .toFixed();", "const s='it\\'s  so'+1 .toFixed();"),
            ("async (a) => ({ ...a, b: `\\`  ${a}` })", "async(a)=>({...a,b:`\\`  ${a}`})"),
        ] {
            assert_eq!(squeeze(line), expected);
        }
    }
}
