//! Where a JSON value ends: brackets and strings counted, nothing else understood.

use crate::json::mark;

/// Bytes that say something within a container, outside of strings.
static TELLING: [bool; 256] = {
    let mut telling = [false; 256];
    let mut at = 0;
    while at < b"\"{}[]".len() {
        telling[b"\"{}[]"[at] as usize] = true;
        at += 1;
    }
    telling
};

/// Finds the end of one value, fed in as many pieces as come.
#[derive(Debug, Default)]
pub(super) struct Scan {
    depth: u64,
    string: bool,
    escape: bool,
    nested: bool,
}

impl Scan {
    /// Finds the end of the container whose beginning has passed.
    pub(super) fn within() -> Self {
        Self { depth: 1, nested: true, ..Self::default() }
    }

    /// Offset behind the value's end, when it lies within `bytes`.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            if self.escape {
                self.escape = false;
            } else if self.string {
                at += mark(&bytes[at..])?;
                match bytes[at] {
                    b'\\' if at + 1 < bytes.len() => at += 1,
                    b'\\' => self.escape = true,
                    _ if self.depth == 0 => return Some(at + 1),
                    _ => self.string = false,
                }
            } else {
                if self.depth > 0 {
                    at += bytes[at..].iter().position(|byte| TELLING[usize::from(*byte)])?;
                }
                if let Some(end) = self.structure(bytes[at]) {
                    return Some(at + end);
                }
            }
            at += 1;
        }
        None
    }

    /// One byte outside strings: how far behind it the value ends, when it ends here.
    #[inline]
    fn structure(&mut self, byte: u8) -> Option<usize> {
        match byte {
            b'"' => {
                self.string = true;
                self.nested = true;
            }
            b'{' | b'[' => {
                self.depth += 1;
                self.nested = true;
            }
            b'}' | b']' if self.depth <= 1 => return Some(usize::try_from(self.depth).unwrap_or(0)),
            b'}' | b']' => self.depth -= 1,
            b',' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => return Some(0),
            _ => {}
        }
        None
    }

    /// Whether what was fed is a number, a literal, or nothing.
    pub(super) const fn scalar(&self) -> bool {
        !self.nested
    }
}
