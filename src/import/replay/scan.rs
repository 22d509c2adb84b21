//! Tokens of JSON as its bytes pass, whatever their number and depth. What is no JSON gives tokens too, of no use.

use std::io::BufRead;

/// Bytes of a string that are kept.
const STRING: usize = 1024;

#[derive(Debug, PartialEq)]
pub(super) enum Token {
    Object,
    Array,
    /// The end of either.
    End,
    Key(String),
    Text(String),
    /// A number; booleans are 0 and 1, and null is no number.
    Number(f64),
}

#[derive(Debug)]
pub(super) struct Scan<R> {
    input: R,
    /// A string that is a key when a colon follows it.
    held: Option<String>,
}

impl<R: BufRead> Scan<R> {
    pub(super) const fn new(input: R) -> Self {
        Self { input, held: None }
    }

    /// The next token, or `None` at the end.
    pub(super) fn next(&mut self) -> std::io::Result<Option<Token>> {
        loop {
            let Some(byte) = self.peek()? else { return Ok(self.held.take().map(Token::Text)) };
            if let Some(held) = self.held.take() {
                match byte {
                    b' ' | b'\t' | b'\r' | b'\n' => self.held = Some(held),
                    b':' => {
                        self.input.consume(1);
                        return Ok(Some(Token::Key(held)));
                    }
                    _ => return Ok(Some(Token::Text(held))),
                }
            }
            let token = match byte {
                b'{' => Token::Object,
                b'[' => Token::Array,
                b'}' | b']' => Token::End,
                b'"' => {
                    self.input.consume(1);
                    self.held = Some(self.string()?);
                    continue;
                }
                b'-' | b'0'..=b'9' | b'a'..=b'z' => return self.scalar().map(Some),
                _ => {
                    self.input.consume(1);
                    continue;
                }
            };
            self.input.consume(1);
            return Ok(Some(token));
        }
    }

    fn peek(&mut self) -> std::io::Result<Option<u8>> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    /// A string after its first quote.
    fn string(&mut self) -> std::io::Result<String> {
        let mut raw = vec![b'"'];
        let mut escaped = false;
        loop {
            let bytes = self.input.fill_buf()?;
            if bytes.is_empty() {
                break;
            }
            let mut end = None;
            for (at, byte) in bytes.iter().enumerate() {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' => escaped = true,
                    b'"' => {
                        end = Some(at);
                        break;
                    }
                    _ => {}
                }
            }
            let used = end.unwrap_or(bytes.len());
            let room = STRING.saturating_sub(raw.len());
            raw.extend_from_slice(&bytes[..used.min(room)]);
            self.input.consume(used + usize::from(end.is_some()));
            if end.is_some() {
                break;
            }
        }
        let whole = raw.len() < STRING;
        raw.push(b'"');
        Ok(match serde_json::from_slice(&raw) {
            Ok(text) if whole => text,
            _ => String::from_utf8_lossy(&raw[1..raw.len() - 1]).into_owned(),
        })
    }

    fn scalar(&mut self) -> std::io::Result<Token> {
        let mut raw = String::new();
        while let Some(byte) = self.peek()? {
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')) {
                break;
            }
            if raw.len() < 40 {
                raw.push(char::from(byte));
            }
            self.input.consume(1);
        }
        Ok(Token::Number(match raw.as_str() {
            "true" => 1.0,
            "false" => 0.0,
            other => other.parse().unwrap_or(f64::NAN),
        }))
    }
}
