//! The ways in which one value can be written.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What `encodeURIComponent` encodes.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');
/// What forms encode, but for the blank.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'*');

/// A value as it is, in JSON once and twice, in addresses and forms, and in base64.
pub(super) fn of(value: &str) -> Vec<Vec<u8>> {
    let once = escaped(value);
    let mut forms = vec![value.to_owned(), escaped(&once), once.replace('/', "\\/"), ascii(&once), once];
    let addresses = [COMPONENT, FORM, NON_ALPHANUMERIC].map(|set| utf8_percent_encode(value, set).to_string());
    forms.extend(addresses.iter().map(|form| lower(form)));
    forms.extend(addresses.iter().map(|form| form.replace("%20", "+")));
    forms.extend(addresses);
    let mut forms: Vec<Vec<u8>> = forms.into_iter().map(String::into_bytes).collect();
    for before in 0..3 {
        forms.extend(base64(value, before));
    }
    forms
}

/// The inside of a JSON string.
fn escaped(text: &str) -> String {
    let json = serde_json::to_string(text).unwrap_or_default();
    json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or_default().to_owned()
}

/// JSON whose writer knew ASCII alone.
fn ascii(json: &str) -> String {
    let mut units = [0; 2];
    let escape = |letter: char, units: &mut [u16; 2]| match letter {
        ' '..='~' => letter.to_string(),
        other => other.encode_utf16(units).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
    };
    json.chars().map(|letter| escape(letter, &mut units)).collect()
}

/// The same with the digits of escapes in lower case.
fn lower(form: &str) -> String {
    let mut pieces = form.split('%');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (digits, rest) = piece.split_at(piece.len().min(2));
        text.extend(["%", &digits.to_ascii_lowercase(), rest]);
    }
    text
}

/// What of a value in base64 does not depend on its neighbours, behind so many bytes over a multiple of three.
fn base64(value: &str, before: usize) -> [Vec<u8>; 2] {
    let bytes = [&[0; 2][..before], value.as_bytes()].concat();
    let (first, last) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
    [BASE64_STANDARD_NO_PAD.encode(&bytes), BASE64_URL_SAFE_NO_PAD.encode(&bytes)]
        .map(|text| text.as_bytes().get(first..last).unwrap_or_default().to_vec())
}
