//! JSON as bytes: the details of events are written, and most of what they are made of read, with little ado.

use serde_json::Value;

/// Appends a value as JSON without blanks, as `serde_json` writes it.
pub(crate) fn append(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => out.extend_from_slice(number.as_str().as_bytes()),
        Value::String(text) => quote(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    out.push(b',');
                }
                append(item, out);
            }
            out.push(b']');
        }
        Value::Object(map) => {
            out.push(b'{');
            for (number, (key, item)) in map.iter().enumerate() {
                if number > 0 {
                    out.push(b',');
                }
                quote(key, out);
                out.push(b':');
                append(item, out);
            }
            out.push(b'}');
        }
    }
}

fn quote(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    out.push(b'"');
    loop {
        let (plain, special) = rest.split_at(plain(rest));
        out.extend_from_slice(plain);
        let Some((byte, behind)) = special.split_first() else { break };
        let letter = match byte {
            b'"' | b'\\' => *byte,
            0x08 => b'b',
            0x0c => b'f',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            _ => b'u',
        };
        out.extend_from_slice(&[b'\\', letter]);
        if letter == b'u' {
            out.extend_from_slice(format!("{byte:04x}").as_bytes());
        }
        rest = behind;
    }
    out.push(b'"');
}

/// Bytes before the first that a string cannot hold as it is: a quote, a backslash, or one below the blank.
pub(crate) fn plain(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks();
    for (number, word) in words.iter().enumerate() {
        let special = special(u64::from_le_bytes(*word));
        if special != 0 {
            return number * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    if rest.is_empty() {
        return bytes.len();
    }
    if let Some(last) = bytes.last_chunk() {
        // Those of them that were looked at before are plain.
        let special = special(u64::from_le_bytes(*last));
        return if special == 0 { bytes.len() } else { bytes.len() - 8 + special.trailing_zeros() as usize / 8 };
    }
    rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len())
}

/// A bit in each byte of eight that is special; those above the lowest may be wrong.
const fn special(word: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x8080_8080_8080_8080;
    let (quote, slash) = (word ^ (ONES * b'"' as u64), word ^ (ONES * b'\\' as u64));
    let low = word.wrapping_sub(ONES * 0x20) & !word;
    (quote.wrapping_sub(ONES) & !quote | slash.wrapping_sub(ONES) & !slash | low) & TOPS
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_written_as_the_library_writes_them() {
        let all: String = (0..=0x2100).filter_map(char::from_u32).collect();
        let number: Value = serde_json::from_str("-12345678901234567890.50E+7").unwrap();
        for value in [
            json!(null),
            json!([]),
            json!({}),
            json!([true, false, null, 0, -1.5, "", [[]], {"a": {}}]),
            json!({"a\"\n": all, "b": [number, "😀", "\\"], "": 1}),
        ] {
            let mut out = b"before".to_vec();
            append(&value, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), format!("before{value}"));
        }
    }

    #[test]
    fn what_ends_a_plain_text_is_found_at_every_place() {
        for before in 0..40 {
            for special in ["\"", "\\", "\u{0}", "\u{1f}", ""] {
                for rest in ["", "x\"x\\x", "äöü  !#[]\u{7f}"] {
                    let text: String = "ä !#]".chars().cycle().take(before).collect();
                    let rest = if special.is_empty() { "" } else { rest };
                    assert_eq!(plain(format!("{text}{special}{rest}").as_bytes()), text.len(), "{text}{special}{rest}");
                }
            }
        }
    }
}
