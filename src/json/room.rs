//! Parses a value into the room of another: records of a log are mostly made as the one before, so that its objects,
//! keys and texts are filled anew instead of being built from nothing.
//!
//! It reads plain JSON only. What is not, and whatever is unusual in it, is left to the parser that knows all cases;
//! what both of them read, they read alike.

use serde_json::{Map, Number, Value};

use super::{copy, plain};
use crate::walk::same;

/// Levels within each other.
const DEPTH: u8 = 64;
/// Members of an object that are looked at for their room when they come in another order.
const FEW: usize = 64;
/// Bytes of room that a short text may keep from a longer one.
const LOOSE: usize = 4 * 1024;
/// How the keys begin by which the parser tells numbers from objects.
const OWN: &[u8] = b"$serde_json";

/// Objects of longer lists that are kept for those to come.
const SPARE: usize = 64;

/// A value that is needed no more, and objects of lists that were longer.
#[derive(Debug, Default)]
pub(crate) struct Room {
    value: Value,
    spare: Vec<Value>,
}

impl Room {
    /// Takes a value that is needed no more.
    pub(crate) fn give(&mut self, value: Value) {
        self.value = value;
    }

    /// The value that `bytes` are, unless they are not plain.
    pub(crate) fn fill(&mut self, bytes: &[u8]) -> Option<Value> {
        let Some((value, length)) = self.first(bytes) else {
            // Another tree as large comes now.
            self.value = Value::Null;
            return None;
        };
        bytes[length..].iter().all(|byte| b" \n\r\t".contains(byte)).then_some(value)
    }

    /// The value that `bytes` begin with, and how many of them it is, unless they are not plain or it goes on behind
    /// them.
    pub(crate) fn first(&mut self, bytes: &[u8]) -> Option<(Value, usize)> {
        let mut value = self.value.take();
        let mut reader = Reader { bytes, at: 0, spare: &mut self.spare };
        let read = reader.value(&mut value, DEPTH);
        let length = reader.at;
        if read.is_none() {
            self.value = value;
            return None;
        }
        Some((value, length))
    }
}

struct Reader<'t, 'r> {
    bytes: &'t [u8],
    at: usize,
    spare: &'r mut Vec<Value>,
}

/// Each gives `None` where the text is not plain.
impl<'t> Reader<'t, '_> {
    fn blanks(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    /// The next byte that is no blank.
    fn next(&mut self) -> Option<u8> {
        self.blanks();
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn value(&mut self, slot: &mut Value, depth: u8) -> Option<()> {
        match self.next()? {
            b'"' => {
                if let Value::String(text) = slot {
                    self.string(text)
                } else {
                    let mut text = String::new();
                    self.string(&mut text)?;
                    *slot = Value::String(text);
                    Some(())
                }
            }
            b'{' => {
                if !slot.is_object() {
                    *slot = Value::Object(Map::new());
                }
                self.object(slot.as_object_mut()?, depth.checked_sub(1)?)
            }
            b'[' => {
                if !slot.is_array() {
                    *slot = Value::Array(Vec::new());
                }
                self.array(slot.as_array_mut()?, depth.checked_sub(1)?)
            }
            b't' => self.word("rue", slot, Value::Bool(true)),
            b'f' => self.word("alse", slot, Value::Bool(false)),
            b'n' => self.word("ull", slot, Value::Null),
            b'-' | b'0'..=b'9' => self.number(slot),
            _ => None,
        }
    }

    fn word(&mut self, rest: &str, slot: &mut Value, value: Value) -> Option<()> {
        self.bytes.get(self.at..)?.starts_with(rest.as_bytes()).then(|| {
            self.at += rest.len();
            *slot = value;
        })
    }

    fn number(&mut self, slot: &mut Value) -> Option<()> {
        let start = self.at - 1;
        let belongs = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
        self.at += self.bytes[self.at..].iter().take_while(|byte| belongs(byte)).count();
        let bytes = &self.bytes[start..self.at];
        // The same number is written alike, mostly.
        if !matches!(slot, Value::Number(number) if number.as_str().as_bytes() == bytes) {
            let text = str::from_utf8(bytes).ok()?;
            let plain = text.len() < 19 && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
            let whole = if plain { text.parse::<u64>().ok() } else { None };
            *slot = Value::Number(whole.map_or_else(|| text.parse().ok(), |whole| Some(Number::from(whole)))?);
        }
        Some(())
    }

    fn array(&mut self, items: &mut Vec<Value>, depth: u8) -> Option<()> {
        let mut count = 0;
        let mut goes_on = !self.closes(b']');
        while goes_on {
            if count == items.len() {
                self.blanks();
                let spare = if self.bytes.get(self.at) == Some(&b'{') { self.spare.pop() } else { None };
                items.push(spare.unwrap_or_default());
            }
            self.value(&mut items[count], depth)?;
            count += 1;
            goes_on = match self.next()? {
                b',' => true,
                b']' => false,
                _ => return None,
            };
        }
        let room = SPARE - self.spare.len();
        self.spare.extend(items.drain(count..).filter(Value::is_object).take(room));
        Some(())
    }

    fn object(&mut self, map: &mut Map<String, Value>, depth: u8) -> Option<()> {
        if self.closes(b'}') {
            map.clear();
            return Some(());
        }
        let mut count = 0;
        let mut other = None;
        for (name, slot) in map.iter_mut() {
            let key = self.key()?;
            if !same(key, name.as_bytes()) {
                other = Some(key);
                break;
            }
            count += 1;
            self.value(slot, depth)?;
            if !self.goes_on()? {
                keep(map, count);
                return Some(());
            }
        }
        // From here on, members are others than those before, or in another order.
        let mut rest: Vec<(String, Value)> = Vec::new();
        if count < map.len() {
            let mut number = 0;
            map.retain(|name, slot| {
                number += 1;
                if (count + 1..=count + FEW).contains(&number) {
                    rest.push((name.clone(), slot.take()));
                }
                number <= count
            });
        }
        loop {
            let key = match other.take() {
                Some(key) => key,
                None => self.key()?,
            };
            let place = rest.iter().position(|(name, _)| same(key, name.as_bytes()));
            let (name, mut slot) = match place {
                Some(place) => rest.swap_remove(place),
                None => (str::from_utf8(key).ok()?.to_owned(), Value::Null),
            };
            self.value(&mut slot, depth)?;
            map.insert(name, slot);
            if !self.goes_on()? {
                return Some(());
            }
        }
    }

    /// Whether a container ends before anything is in it.
    fn closes(&mut self, byte: u8) -> bool {
        self.blanks();
        let closes = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(closes);
        closes
    }

    /// Whether another member comes.
    fn goes_on(&mut self) -> Option<bool> {
        match self.next()? {
            b',' => Some(true),
            b'}' => Some(false),
            _ => None,
        }
    }

    /// A key without escapes that is one to the other parser too, and the colon behind it.
    fn key(&mut self) -> Option<&'t [u8]> {
        if self.next()? != b'"' {
            return None;
        }
        let length = plain(&self.bytes[self.at..]);
        let key = &self.bytes[self.at..self.at + length];
        self.at += length;
        let ends = self.bytes.get(self.at) == Some(&b'"');
        self.at += 1;
        (ends && !key.starts_with(OWN) && self.next()? == b':').then_some(key)
    }

    /// The rest of a string.
    fn string(&mut self, out: &mut String) -> Option<()> {
        let length = plain(&self.bytes[self.at..]);
        let begin = &self.bytes[self.at..self.at + length];
        self.at += length;
        // What records repeat was read before.
        if self.bytes.get(self.at) == Some(&b'"') && same(begin, out.as_bytes()) {
            self.at += 1;
            return Some(());
        }
        let mut bytes = std::mem::take(out).into_bytes();
        bytes.clear();
        bytes.extend_from_slice(begin);
        self.escaped(&mut bytes)?;
        *out = String::from_utf8(bytes).ok()?;
        if self.bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        self.at += 1;
        if out.capacity() > LOOSE && out.len() < out.capacity() / 4 {
            out.shrink_to_fit();
        }
        Some(())
    }

    /// A string from an escape up to the quote that ends it.
    fn escaped(&mut self, out: &mut Vec<u8>) -> Option<()> {
        while self.bytes.get(self.at)? == &b'\\' {
            let letter = *self.bytes.get(self.at + 1)?;
            self.at += 2;
            match letter {
                b'"' | b'\\' | b'/' => out.push(letter),
                b'n' => out.push(b'\n'),
                b't' => out.push(b'\t'),
                b'r' => out.push(b'\r'),
                b'b' => out.push(0x08),
                b'f' => out.push(0x0c),
                b'u' => out.extend_from_slice(self.letter()?.encode_utf8(&mut [0; 4]).as_bytes()),
                _ => return None,
            }
            self.at += copy(&self.bytes[self.at..], out);
        }
        Some(())
    }

    /// What digits behind `\u` stand for, one half of a pair and the other.
    fn letter(&mut self) -> Option<char> {
        let first = self.unit()?;
        if let Some(letter) = char::from_u32(first) {
            return Some(letter);
        }
        if !self.bytes.get(self.at..)?.starts_with(b"\\u") {
            return None;
        }
        self.at += 2;
        let pair = [u16::try_from(first).ok()?, u16::try_from(self.unit()?).ok()?];
        char::decode_utf16(pair).next()?.ok()
    }

    /// Four digits of base 16.
    fn unit(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..self.at + 4)?;
        self.at += 4;
        digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | char::from(*digit).to_digit(16)?))
    }
}

/// Keeps the first members of an object.
fn keep(map: &mut Map<String, Value>, count: usize) {
    if count < map.len() {
        let mut number = 0;
        map.retain(|_, _| {
            number += 1;
            number <= count
        });
    }
}

#[cfg(test)]
mod tests;
