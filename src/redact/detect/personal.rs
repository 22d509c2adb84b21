//! What tells who somebody is: addresses of mail, numbers of phones.

use super::Finding;
use super::bytes::{DIGIT, Set, WORD, first};
use super::numbers::iban;

/// What the name before the sign is made of; quotes, slashes and what parts a form could be, but never are.
static LOCAL: Set = Set::of("A-Za-z0-9.!#$*+^_~-");
static HOST: Set = Set::of("A-Za-z0-9.-");

/// Addresses of mail.
pub(super) fn emails(text: &str, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    for sign in memchr::memchr_iter(b'@', bytes) {
        found.extend(email(text, sign));
    }
}

fn email(text: &str, sign: usize) -> Option<Finding> {
    let own =
        |letter: &(usize, char)| if letter.1.is_ascii() { LOCAL.has(letter.1 as u8) } else { letter.1.is_alphabetic() };
    let start = text[..sign].char_indices().rev().take(64).take_while(own).last().map_or(sign, |(at, _)| at);
    let to = text.floor_char_boundary(text.len().min(sign + 254));
    let part = |byte: u8| HOST.has(byte) || byte >= 0x80;
    let end = text[sign + 1..to].bytes().position(|byte| !part(byte)).map_or(to, |length| sign + 1 + length);
    let host = text[sign + 1..end].trim_end_matches(['.', '-']);
    let (name, top) = host.rsplit_once('.')?;
    // A package and its version, or a picture for a finer screen.
    let letters = top.len() >= 2 && top.chars().all(char::is_alphabetic);
    let file = ["png", "jpg", "jpeg", "webp", "svg", "gif", "js", "mjs", "css", "ts"]
        .contains(&top.to_ascii_lowercase().as_str());
    (start < sign && !name.is_empty() && letters && !file)
        .then(|| Finding::personal(start..sign + 1 + host.len(), "email"))
}

/// Signs between the digits of a number.
static JOINS: Set = Set::of(" ().-");
/// The least digits of a number, and the most bytes that are looked at at once.
const DIGITS: usize = 8;
const LONGEST: usize = 32;

/// Numbers of phones, international ones and those written in groups, and of bank accounts.
pub(super) fn numbers(text: &str, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    // Behind the digits before.
    let mut at = 0;
    while let Some(digit) = first(&bytes[at..], |byte| byte.is_ascii_digit()).map(|place| at + place) {
        let start = opened(bytes, at, digit);
        at = DIGIT.end(bytes, digit, usize::MAX);
        found.extend(iban(bytes, digit, at));
        // Digits alone are no number of a phone.
        let alone = start == digit && !bytes.get(at).is_some_and(|next| JOINS.has(*next));
        if !alone && at - digit <= LONGEST && stands_apart(bytes, start) {
            // Another one may begin within it: what both are found in goes.
            found.extend(phone(bytes, start).map(|end| Finding::personal(start..end, "phone")));
        }
    }
}

/// Where the number of a phone that begins at a place ends; other numbers may stand before and behind it.
fn phone(bytes: &[u8], start: usize) -> Option<usize> {
    let whole = extent(bytes, start);
    let behind = bytes[..start].ends_with(b" ") && bytes[..start - 1].last().is_some_and(u8::is_ascii_digit);
    if !may_begin(&bytes[start..whole], behind) {
        return None;
    }
    let mut end = whole;
    while end - start >= DIGITS {
        if is_phone(bytes, start, end, behind || end < whole) {
            return Some(end);
        }
        let blank = memchr::memrchr(b' ', &bytes[start..end])?;
        end = start + bytes[start..start + blank].iter().rposition(u8::is_ascii_digit)? + 1;
    }
    None
}

/// Whether a row of numbers may begin with one of a phone, perhaps `behind` others: of long rows every number is asked.
fn may_begin(row: &[u8], behind: bool) -> bool {
    match row {
        // No country's number begins with a zero.
        [b'0', b'0', rest @ ..] => {
            let country = rest.iter().find(|byte| byte.is_ascii_digit()) != Some(&b'0');
            country && (!behind || rest.first().is_some_and(u8::is_ascii_digit))
        }
        [b'1'..=b'9', ..] => !behind || row.contains(&b'-'),
        _ => true,
    }
}

/// Where a number begins whose first digit is at a place: a sign or a bracket may stand before it.
fn opened(bytes: &[u8], from: usize, digit: usize) -> usize {
    let mut start = digit;
    for place in (from.max(digit.saturating_sub(3))..digit).rev() {
        if matches!(bytes[place], b'+' | b'(') {
            start = place;
        }
        if !JOINS.has(bytes[place]) {
            break;
        }
    }
    start
}

/// Where digits and the signs between them end.
fn extent(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut last) = (start + 1, start + 1);
    while at < bytes.len() && at - start < LONGEST {
        if bytes[at].is_ascii_digit() {
            last = at + 1;
        } else if !JOINS.has(bytes[at]) || at - last >= 2 {
            break;
        }
        at += 1;
    }
    last
}

/// Whether a number is not the end of something longer; one with a sign may stand in an address.
fn stands_apart(bytes: &[u8], start: usize) -> bool {
    let part = |byte: u8| WORD.has(byte) || bytes[start] != b'+' && b".-:/%".contains(&byte);
    !start.checked_sub(1).is_some_and(|place| part(bytes[place]))
}

/// Whether digits and signs are the number of a phone; `among` others in a row, where tables and amounts are too.
fn is_phone(bytes: &[u8], start: usize, end: usize, among: bool) -> bool {
    let number = &bytes[start..end];
    // A number with a sign may stand before that of a line.
    let part = |byte: u8| WORD.has(byte) || number[0] != b'+' && b":%".contains(&byte);
    if bytes.get(end).is_some_and(|next| part(*next)) {
        return false;
    }
    let mut groups = [0; 4];
    let (mut count, mut digits) = (0, 0);
    for group in number.split(|byte| !byte.is_ascii_digit()).map(<[u8]>::len).filter(|digits| *digits > 0) {
        groups.get_mut(count).into_iter().for_each(|place| *place = group);
        count += 1;
        digits += group;
    }
    let three = count == 3 && groups[..3] == [3, 3, 4];
    // As amounts and counters are written.
    let even = groups[..count.min(4)].iter().all(|digits| *digits == 3);
    let dashed = || !among || number.contains(&b'-');
    match number[0] {
        b'+' => (DIGITS..=15).contains(&digits),
        // Groups as North America writes them: dots and dashes make dates and versions otherwise.
        b'(' => three && number[4] == b')',
        b'1' if count == 4 => groups == [1, 3, 3, 4] && dashed(),
        b'0' if number.starts_with(b"00") => count >= 2 && (9..=17).contains(&digits) && !even,
        b'0' => {
            let grouped = count >= 2 && groups[0] >= 2 && groups[1] >= 3 && !number.contains(&b'.');
            (9..=12).contains(&digits) && grouped && !(among && (even || !(3..=5).contains(&groups[0])))
        }
        _ => three && dashed(),
    }
}
