//! What tells who somebody is: addresses of mail, numbers of phones.

use super::Finding;
use super::bytes::{Set, WORD};

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
/// What a number begins with.
static FIRST: Set = Set::of("0-9+(");
/// The least digits of a number.
const DIGITS: usize = 8;

/// Numbers of phones: international ones, and those written in groups.
pub(super) fn phones(text: &str, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|byte| FIRST.has(*byte)) {
        let start = at + next;
        let end = extent(bytes, start);
        if end - start >= DIGITS && is_phone(bytes, start, end) {
            found.push(Finding::personal(start..end, "phone"));
        }
        at = end.max(start + 1);
    }
}

/// Where digits and the signs between them end.
fn extent(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut last) = (start + 1, start + 1);
    while at < bytes.len() && at - start < 32 {
        if bytes[at].is_ascii_digit() {
            last = at + 1;
        } else if !JOINS.has(bytes[at]) || at - last >= 2 {
            break;
        }
        at += 1;
    }
    last
}

fn is_phone(bytes: &[u8], start: usize, end: usize) -> bool {
    let number = &bytes[start..end];
    // Behind a sign of its own a number may stand in an address, or before a line's number.
    let own = number[0] == b'+';
    let before = |byte: u8| WORD.has(byte) || !own && b".-:/%".contains(&byte);
    let behind = |byte: u8| WORD.has(byte) || !own && b":%".contains(&byte);
    let alone = !start.checked_sub(1).is_some_and(|place| before(bytes[place]))
        && !bytes.get(end).is_some_and(|next| behind(*next));
    let groups: Vec<usize> =
        number.split(|byte| !byte.is_ascii_digit()).map(<[u8]>::len).filter(|digits| *digits > 0).collect();
    let digits: usize = groups.iter().sum();
    if !alone {
        return false;
    }
    match number[0] {
        b'+' => (DIGITS..=15).contains(&digits) && groups[0] > 0,
        // Groups as North America writes them: dots and dashes make dates and versions otherwise.
        b'(' => groups == [3, 3, 4] && number[4] == b')',
        b'1' if groups.len() == 4 => groups == [1, 3, 3, 4],
        b'0' if number.starts_with(b"00") => groups.len() >= 2 && (9..=17).contains(&digits),
        b'0' => {
            groups.len() >= 2
                && (9..=12).contains(&digits)
                && groups[0] >= 2
                && groups[1] >= 3
                && !number.contains(&b'.')
        }
        _ => groups == [3, 3, 4],
    }
}
