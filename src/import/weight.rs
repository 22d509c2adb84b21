//! What a value will take in memory once parsed: a number of two bytes becomes a hundred, so that the length of a
//! text says little.

use crate::json::string_end;

/// Bytes that one value and all within it may take.
pub(super) const LIMIT: usize = 24 * 1024 * 1024;
/// The most bytes of memory that one of text becomes: lists within lists.
const WORST: usize = 166;
/// An element of an array, and a member of an object: a slot of a list each, and something on the heap.
const ELEMENT: usize = 108;
/// See [`ELEMENT`].
pub(super) const MEMBER: usize = 222;
/// Containers begin with room for a few.
const ARRAY: usize = 332;
const OBJECT: usize = 432;
/// What comes with a text, however short.
const TEXT: usize = 40;
/// A raw control character is mended to six bytes, and written out as six again; a byte that is no UTF-8 becomes
/// three in each copy.
const CONTROL: usize = 11;
const STRAY: usize = 8;

/// Whether a value may be parsed.
pub(super) fn fits(bytes: &[u8]) -> bool {
    bytes.len() <= LIMIT / WORST || of(bytes, LIMIT).is_some()
}

/// About how many bytes a value takes, on the way as well; `None` when they are more than `limit`.
pub(super) fn of(bytes: &[u8], limit: usize) -> Option<usize> {
    let valid = std::str::from_utf8(bytes).is_ok();
    let mut sum = ELEMENT;
    // A bit a level, the innermost lowest: whether it is an object. Parsers give up before it overflows.
    let mut objects = 0_u128;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let end = string_end(bytes, at);
                let text = &bytes[at..end];
                sum += TEXT + text.len() + CONTROL * text.iter().filter(|byte| **byte < 0x20).count();
                if !valid {
                    sum += STRAY * text.iter().filter(|byte| **byte >= 0x80).count();
                }
                at = end + 1;
            }
            b'[' | b'{' => {
                let object = byte == b'{';
                objects = objects << 1 | u128::from(object);
                if !matches!(bytes.get(at), Some(b']' | b'}')) {
                    sum += if object { OBJECT } else { ARRAY };
                }
            }
            b']' | b'}' => objects >>= 1,
            b',' => sum += if objects & 1 == 1 { MEMBER } else { ELEMENT },
            _ => {}
        }
        if sum > limit {
            return None;
        }
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weight_follows_what_a_parser_builds() {
        let weight = |text: &str| of(text.as_bytes(), LIMIT).unwrap();
        assert!(weight(&"1,".repeat(1000)) > 100 * 1000);
        assert!(weight(&"[0],".repeat(1000)) > 400 * 1000);
        assert!(weight(&"{\"\":0},".repeat(1000)) > 490 * 1000);
        assert!(weight(&format!("{{{}}}", "\"m\":1,".repeat(1000))) > 220 * 1000);
        let text = weight(&format!("\"{}\"", "x\\\"".repeat(1000)));
        assert!((3000..3200).contains(&text), "{text}");
        assert!(weight(&format!("\"{}\"", "\u{1}".repeat(1000))) > 12 * 1000);
        assert!(of(b"\"\xff\xff\xff\xff\"", LIMIT).unwrap() > weight("\"abcd\"") + 30);
        // Torn, and deeper than any level is counted.
        for text in ["\"", "\"\\", "[", &"[".repeat(1000), &"]".repeat(1000)] {
            weight(text);
        }
    }

    #[test]
    fn nothing_outweighs_the_worst() {
        for text in ["[0],", "1,", "{\"\":0},", "[[0],[0]],", "\"\",", "{},", "[\"\"],", "[[[[[[[[0]]]]]]]],"] {
            let text = text.repeat(10_000);
            let weight = of(text.as_bytes(), usize::MAX).unwrap();
            assert!(weight <= text.len() * WORST + ELEMENT, "{} bytes weigh {weight}", text.len());
        }
        assert!(fits(&[b'x'; LIMIT / WORST]) && !fits("1,".repeat(LIMIT / 100).as_bytes()));
    }
}
