//! JSON as bytes: the details of events are written, and most of what they are made of read, with little ado.

pub(crate) mod room;

use memchr::memchr2;
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
        rest = &rest[copy(rest, out)..];
        let Some((byte, behind)) = rest.split_first() else { break };
        escape(*byte, out);
        rest = behind;
    }
    out.push(b'"');
}

/// Copies what stands before the first byte that a string cannot hold as it is; gives how many bytes these are.
pub(crate) fn copy(bytes: &[u8], out: &mut Vec<u8>) -> usize {
    let mut at = 0;
    // Where one is special, another one mostly is near. Of eight that are copied at once, too many go again.
    while at < NEAR
        && let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk)
    {
        out.extend_from_slice(word);
        let special = special(u64::from_le_bytes(*word));
        if special != 0 {
            let place = special.trailing_zeros() as usize / 8;
            out.truncate(out.len() - word.len() + place);
            return at + place;
        }
        at += word.len();
    }
    if at < NEAR {
        // Fewer than eight are left, with a zero behind them.
        let word = ending(bytes, bytes.len() - at);
        let place = special(word).trailing_zeros() as usize / 8;
        out.extend_from_slice(&word.to_le_bytes());
        out.truncate(out.len() - size_of_val(&word) + place);
        return at + place;
    }
    let end = at + plain(&bytes[at..]);
    out.extend_from_slice(&bytes[at..end]);
    end
}

/// The last few of some bytes, fewer than eight, and zeros behind them.
fn ending(bytes: &[u8], count: usize) -> u64 {
    if let Some(last) = bytes.last_chunk() {
        return u64::from_le_bytes(*last).checked_shr(64 - 8 * count as u32).unwrap_or(0);
    }
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (8 * (count - 4))
        }
        _ => bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

fn escape(byte: u8, out: &mut Vec<u8>) {
    let letter = match byte {
        b'"' | b'\\' => byte,
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
}

/// Bytes among which what is special is looked for by eights, and behind which by more.
const NEAR: usize = 32;

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

/// Bytes before the first quote or backslash, if there is one.
pub(crate) fn mark(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < NEAR
        && let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk)
    {
        let special = special(u64::from_le_bytes(*word));
        if special != 0 {
            at += special.trailing_zeros() as usize / 8;
            break;
        }
        at += word.len();
    }
    match bytes.get(at)? {
        b'"' | b'\\' => Some(at),
        _ => memchr2(b'"', b'\\', &bytes[at..]).map(|rest| at + rest),
    }
}

/// The place of the quote that ends a string, of which this place is within, or the end of all.
pub(crate) fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(found) = mark(bytes.get(at..).unwrap_or_default()) {
        at += found;
        if bytes[at] == b'"' {
            return at;
        }
        at += 2;
    }
    bytes.len()
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

    #[test]
    fn the_end_of_a_string_is_found_behind_every_escape() {
        for before in 0..70 {
            for (special, ends) in
                [("", true), ("\\\"", true), ("\\\\", true), ("\u{1}\n", true), ("\\\\\\\"", true), ("", false)]
            {
                let inner = format!("{}{special}{}", "ä b".repeat(before), "x".repeat(before / 3));
                let text = if ends { format!("{inner}\"rest\"") } else { inner.clone() };
                assert_eq!(string_end(text.as_bytes(), 0), inner.len(), "{text}");
            }
        }
        assert_eq!((string_end(b"\\", 0), string_end(b"", 0), string_end(b"a", 3)), (1, 0, 1));
    }

    #[test]
    fn copies_end_where_plain_text_ends() {
        for before in 0..50 {
            for special in ["\"", "\\", "\u{0}", ""] {
                let (text, mut out) = (format!("{}{special}", "ü".repeat(before)), b"x".to_vec());
                let length =
                    copy(format!("{text}{}", if special.is_empty() { "" } else { "rest" }).as_bytes(), &mut out);
                assert_eq!((length, &out[1..]), (before * 2, "ü".repeat(before).as_bytes()));
            }
        }
    }
}
