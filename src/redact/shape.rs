//! What a value looks like, whatever it is called.

/// Values that stand for a secret which is not there.
const STAND_INS: &[&str] = &[
    "null",
    "undefined",
    "none",
    "true",
    "false",
    "yes",
    "no",
    "string",
    "number",
    "text",
    "password",
    "hidden",
    "required",
    "optional",
    "missing",
    "invalid",
    "empty",
    "redacted",
    "filtered",
    "removed",
    "masked",
    "omitted",
    "include",
    "same-origin",
    "omit",
    "token",
    "bearer",
    "basic",
    "object",
    "[object object]",
    "n/a",
];

/// Whether a value is no secret even under a secret's name: empty, a stand-in, or removed already.
pub(super) fn is_stand_in(value: &str) -> bool {
    let value = value.trim();
    if value.is_empty() || is_tag(value) {
        return true;
    }
    let plain = value.trim_matches(['[', ']', '<', '>', '(', ')', '{', '}', '$', '%']);
    STAND_INS.iter().any(|word| plain.eq_ignore_ascii_case(word) || value.eq_ignore_ascii_case(word))
        || value.chars().all(|letter| "*•●xX.…-_".contains(letter))
}

/// Whether a text begins with a tag that redaction put there.
pub(super) fn is_tag(value: &str) -> bool {
    value.strip_prefix("[redacted ").is_some_and(|rest| rest.contains(']')) || is_url_tag(value)
}

/// Where tags stand in a text.
pub(super) fn tags(text: &str) -> Vec<std::ops::Range<usize>> {
    let find = |place: usize| {
        let rest = &text[place..];
        let before = place.checked_sub(1).map(|before| text.as_bytes()[before]);
        let word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.#".contains(byte);
        let end = place + 9 + rest.bytes().skip(9).take_while(word).count();
        match text.as_bytes().get(place + 8) {
            Some(b' ') if before == Some(b'[') && text.as_bytes().get(end) == Some(&b']') => Some(place - 1..end + 1),
            Some(b'-') if is_url_tag(text.get(place..end)?.trim_end_matches(['.', '-', '#'])) => Some(place..end),
            _ => None,
        }
    };
    memchr::memmem::find_iter(text.as_bytes(), b"redacted").filter_map(find).collect()
}

fn is_url_tag(value: &str) -> bool {
    let number = value.strip_prefix("redacted-").and_then(|rest| rest.rsplit_once('-'));
    number.is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a value tells of a secret in words, as translations do: `Enter your password`.
pub(super) fn is_prose(value: &str) -> bool {
    if value.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let lower = value.to_ascii_lowercase();
    ["passw", "token", "secret", "code", "kennwort", "credential"].iter().any(|word| lower.contains(word))
}

/// Counts of what a value is made of.
#[derive(Clone, Copy, Debug, Default)]
struct Made {
    upper: usize,
    lower: usize,
    digits: usize,
    other: usize,
}

fn made(value: &str) -> Made {
    let mut made = Made::default();
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' => made.upper += 1,
            b'a'..=b'z' => made.lower += 1,
            b'0'..=b'9' => made.digits += 1,
            _ => made.other += 1,
        }
    }
    made
}

/// `8-4-4-4-12` digits of base 16.
pub(super) fn is_uuid(value: &str) -> bool {
    value.len() == 36
        && value.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_hex(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_opaque(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.~+/=%:|".contains(&byte)
}

/// Whether a value under no telling name looks like a token: long, of all kinds of characters, in no order.
pub(super) fn is_token(value: &str) -> bool {
    if value.len() < 24
        || value.len() > 8192
        || !value.bytes().all(|byte| is_opaque(byte) && byte != b'/' && byte != b':')
    {
        return false;
    }
    let made = made(value);
    if made.upper < 3 || made.lower < 3 || made.digits < 2 || is_uuid(value) || is_hex(value) {
        return false;
    }
    !is_wordy(value) && entropy(value) >= 3.6
}

/// Whether a value under a name that may tell of a secret looks like one.
pub(super) fn is_likely(value: &str) -> bool {
    if value.len() < 16 || value.len() > 8192 || is_uuid(value) || is_tag(value) || !value.bytes().all(is_opaque) {
        return false;
    }
    let made = made(value);
    let mixed = made.digits >= 2 && made.upper + made.lower >= 4;
    mixed && !value.starts_with(['/', '.']) && !value.contains("://") && !is_wordy(value) && entropy(value) >= 3.0
}

/// Whether words make up most of a value: long stretches of one case between separators.
fn is_wordy(value: &str) -> bool {
    let parts: Vec<&str> =
        value.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let wordy = |part: &&&str| {
        let letters = part.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let rest = letters.strip_prefix(|letter: char| letter.is_ascii_uppercase()).unwrap_or(letters);
        part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit())
            || (!rest.is_empty()
                && rest.len() < 16
                && rest.bytes().all(|byte| byte.is_ascii_lowercase())
                && part.len() - letters.len() <= 4)
            || (part.len() < 12 && part.bytes().all(|byte| byte.is_ascii_uppercase()))
    };
    let words: usize = parts.iter().filter(wordy).map(|part| part.len()).sum();
    parts.len() > 2 && words * 3 > value.len() * 2
}

/// Bits a character, by how often each occurs.
fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    value.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let all = value.len() as f64;
    let bits = |count: &&u32| {
        let share = f64::from(**count) / all;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count > 0).map(|count| bits(&count)).sum()
}

/// How sure it is that a removed value is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sure {
    /// It may be anything: it was removed because nobody vouched for it, or it is no credential.
    No,
    /// It stood where secrets stand, among other things: a cookie, a long value in a URL.
    Half,
    /// A name or a pattern said so.
    Yes,
}

/// Whether a removed value is looked for elsewhere: at least 8 characters, and not a word or number that stands in
/// recordings for other reasons.
pub(super) fn is_telling(value: &str, sure: Sure) -> bool {
    if value.len() < 8 || value.len() > 16 * 1024 || value.contains("://") && !value.contains('@') {
        return false;
    }
    let made = made(value);
    let letters = made.upper + made.lower;
    match sure {
        Sure::No => false,
        Sure::Half => {
            value.len() >= 12
                && letters >= 2
                && made.digits >= 2
                && !value.starts_with(['/', '{', '['])
                && !value.contains([' ', ','])
                && !(value.len() > 9 && is_date(value))
                && !is_uuid(value)
        }
        Sure::Yes if letters == 0 && made.other == 0 => value.len() >= 15,
        Sure::Yes => {
            let signs = value.bytes().any(|byte| !byte.is_ascii_alphanumeric() && !b"-_./ ".contains(&byte));
            let mixed = made.lower > 0 && made.upper > 0 && !value[1..].bytes().all(|byte| byte.is_ascii_lowercase());
            (made.digits > 0 && letters > 0 || signs || mixed || value.len() >= 16) && !is_date(value)
        }
    }
}

fn is_date(value: &str) -> bool {
    let bytes = value.as_bytes();
    bytes.len() >= 10 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4] == b'-' && bytes[7] == b'-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_from_ids_hashes_and_names() {
        for value in ["ya29.a0AfB_byC3k9Xv2LmQ8sT1uWzY", "Zk3VtQ9xLmP2rS8wYbN4cD7f", "s%3AQw3rTy9uIoP1aS2dF4gH.7Qm1xK"]
        {
            assert!(is_token(value), "{value}");
        }
        for value in [
            "5f0c2a9d-41bb-4e11-9f31-0f6b2c3d4e5f",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "my-very-long-product-name-2026",
            "MyVeryLongComponentNameInReact",
            "2026-11-21T05:11:49.000Z",
            "index-DiwrgTda.js",
            "en-US",
            "Product-Details-Page-Version-12",
        ] {
            assert!(!is_token(value), "{value}");
        }
        assert!(is_likely("3f2b9c8d7e6f5a4b3c2d1e0f"));
        assert!(!is_likely("cart.item.title.long.12"));
        assert!(!is_likely("5f0c2a9d-41bb-4e11-9f31-0f6b2c3d4e5f"));
    }

    #[test]
    fn words_and_numbers_are_not_looked_for_elsewhere() {
        for value in
            ["password", "Password", "12345678", "in-stock", "2026-11-21T05:11:49Z", "https://shop.example/", "short1"]
        {
            assert!(!is_telling(value, Sure::Yes), "{value}");
        }
        for value in ["hunter2hunter2", "letmein!", "correct horse battery", "4111111111111111", "camelCase"] {
            assert!(is_telling(value, Sure::Yes), "{value}");
        }
        for value in ["Europe/Berlin", "1280x800", "America/Buenos_Aires", "accepted"] {
            assert!(!is_telling(value, Sure::Half), "{value}");
        }
        assert!(is_telling("GA1.1.1234.5678", Sure::Half));
    }

    #[test]
    fn tags_are_found_in_texts() {
        let text = "a [redacted auth#3] b?token=redacted-aws-key-12&x [redacted] redacted-x";
        let found: Vec<_> = tags(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["[redacted auth#3]", "redacted-aws-key-12"]);
    }

    #[test]
    fn stand_ins_stay() {
        for value in
            ["", "****", "null", "[Filtered]", "[redacted auth#3]", "redacted-token-12", "••••••••", "<password>"]
        {
            assert!(is_stand_in(value), "{value}");
        }
        assert!(!is_stand_in("hunter2"));
    }
}
