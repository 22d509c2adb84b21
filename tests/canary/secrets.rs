//! Secrets that nobody gave out, each of them drawn anew, and the ways in which they can be written.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;

/// A secret, and the text it is planted in.
#[derive(Clone, Debug)]
pub(crate) struct Secret {
    /// What stands in the recording.
    pub(crate) text: String,
    /// What must not stand in the share.
    pub(crate) value: String,
}

/// Letters in disorder that are the same each time.
pub(crate) fn letters(seed: usize, length: usize) -> String {
    const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
    let mut state = 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed as u64 + 1);
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(ALPHABET[usize::try_from(state >> 33).unwrap() % ALPHABET.len()])
    };
    let mut text: String = (0..length.saturating_sub(2)).map(|_| draw()).collect();
    // Whatever is drawn, letters of all kinds are there.
    text.insert(text.len() / 2, '7');
    text.insert(text.len() / 3, 'k');
    text
}

fn hex(seed: usize, length: usize) -> String {
    letters(seed, length)
        .bytes()
        .enumerate()
        .map(|(place, byte)| char::from_digit((u32::from(byte) + place as u32 * 5) % 16, 16).unwrap())
        .collect()
}

/// Digits of a card with a right sum, of an issuer's numbers.
pub(crate) fn card(seed: usize) -> String {
    let digits: Vec<u32> =
        format!("4{:014}", seed * 7_919 + 12_345_678).bytes().map(|byte| u32::from(byte - b'0')).collect();
    let doubled = |(place, digit): (usize, &u32)| if place % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { *digit };
    let sum: u32 = digits.iter().enumerate().map(doubled).sum();
    let text: String = digits.iter().map(u32::to_string).collect();
    format!("{text}{}", (10 - sum % 10) % 10)
}

fn jwt(seed: usize) -> String {
    let part = |json: &str| BASE64_URL_SAFE_NO_PAD.encode(json);
    format!("{}.{}.{}", part(r#"{"alg":"HS256"}"#), part(&format!(r#"{{"sub":"{seed}"}}"#)), letters(seed, 43))
}

/// A secret that patterns know wherever it stands; there are as many kinds as arms.
pub(crate) fn credential(seed: usize) -> Secret {
    let of = |text: String| Secret { value: text.clone(), text };
    let within = |value: String, text: &dyn Fn(&str) -> String| Secret { text: text(&value), value };
    match seed % 25 {
        0 => of(format!("ghp_{}", letters(seed, 36))),
        1 => of(format!("AKIA{}", letters(seed, 16).to_uppercase())),
        2 => of(format!("xoxb-{}-{}", seed + 1_000_000_000, letters(seed, 24))),
        3 => of(format!("sk_live_{}", letters(seed, 24))),
        4 => of(jwt(seed)),
        5 => of(card(seed)),
        6 => within(letters(seed, 12), &|value| format!("postgres://ann:{value}@db.test:5432/shop")),
        7 => within(letters(seed, 24), &|value| format!("Authorization: Bearer {value}")),
        8 => within(letters(seed, 10), &|value| format!("password={value}")),
        9 => within(letters(seed, 20), &|value| format!("the api_key: {value}")),
        10 => of(format!("glpat-{}", letters(seed, 20))),
        11 => of(format!("AIza{}", letters(seed, 35))),
        12 => of(format!("npm_{}", letters(seed, 36))),
        13 => of(format!("sk-ant-api03-{}", letters(seed, 80))),
        14 => of(format!("hf_{}", letters(seed, 34))),
        15 => of(format!("dop_v1_{}", hex(seed, 64))),
        16 => of(format!("shpat_{}", hex(seed, 32))),
        17 => {
            within(letters(seed, 64), &|value| format!("-----BEGIN PRIVATE KEY----- {value} -----END PRIVATE KEY-----"))
        }
        18 => within(letters(seed, 12), &|value| format!("https://ann:{value}@example.test/x")),
        19 => within(letters(seed, 14), &|value| format!("Server=db;User Id=sa;Password={value};")),
        20 => within(letters(seed, 14), &|value| format!(r#"{{"password":"{value}"}}"#)),
        21 => within(BASE64_STANDARD.encode(format!("ann:{}", letters(seed, 12))), &|value| {
            format!("authorization: Basic {value}")
        }),
        22 => within(letters(seed, 24), &|value| format!("https://example.test/cb?access_token={value}&x=1")),
        23 => of(format!("SG.{}.{}", letters(seed, 22), letters(seed + 1, 43))),
        _ => within(BASE64_STANDARD_NO_PAD.encode(format!("the key is ghp_{}!!", letters(seed, 36))), &|value| {
            format!("data={value}")
        }),
    }
}

/// What tells who somebody is.
pub(crate) fn personal(seed: usize) -> Secret {
    let of = |text: String| Secret { value: text.clone(), text };
    match seed % 3 {
        0 => of(format!("{}@example{seed}.test", letters(seed, 8).to_lowercase())),
        1 => of(format!("+4930{:07}", seed * 13 + 1_000_000)),
        _ => of(iban(seed)),
    }
}

/// A German account number with a right sum.
fn iban(seed: usize) -> String {
    let account = format!("{:018}", seed * 104_729 + 370_400_440_532_013);
    let rest = format!("{account}131400").bytes().fold(0, |rest, byte| (rest * 10 + u32::from(byte - b'0')) % 97);
    format!("DE{:02}{account}", 98 - rest)
}

/// Every way in which a value could have survived.
pub(crate) fn forms(value: &str) -> Vec<Vec<u8>> {
    let json = |text: &str| Value::from(text).to_string().trim_matches('"').to_owned();
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let address: String = value
        .bytes()
        .map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let mut forms = vec![value.to_owned(), json(value), json(&json(value)), address.to_lowercase(), address];
    for before in 0..3 {
        let bytes = [&b"\0\0"[..before], value.as_bytes()].concat();
        let (first, last) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
        forms.push(BASE64_STANDARD_NO_PAD.encode(&bytes)[first..last].to_owned());
        forms.push(BASE64_URL_SAFE_NO_PAD.encode(&bytes)[first..last].to_owned());
    }
    forms.into_iter().map(String::into_bytes).collect()
}

/// The first form of a value that stands in bytes.
pub(crate) fn survivor(bytes: &[u8], value: &str) -> Option<String> {
    let form = forms(value).into_iter().find(|form| memchr::memmem::find(bytes, form).is_some())?;
    let at = memchr::memmem::find(bytes, &form)?;
    let around = &bytes[at.saturating_sub(80)..bytes.len().min(at + form.len() + 40)];
    Some(String::from_utf8_lossy(around).into_owned())
}
