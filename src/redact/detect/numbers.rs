//! Numbers that check themselves: cards and bank accounts.

use std::ops::Range;

use super::Finding;
use super::bytes::{DIGIT, Set, WORD, begins};

/// Digits of a card, least and most.
const CARD: (usize, usize) = (13, 19);
/// A number of a card has no shorter run of digits and separators, so one look in so many bytes sees each.
const STRIDE: usize = 12;

/// Numbers of cards: an issuer's prefix, its length, and Luhn's sum.
pub(super) fn cards(text: &str, found: &mut Vec<Finding>) {
    let bytes = text.as_bytes();
    let mut at = STRIDE - 1;
    while at < bytes.len() {
        // Of two bytes of a number one at least is a digit.
        if !(bytes[at].is_ascii_digit() || bytes[at - 1].is_ascii_digit()) {
            at += STRIDE;
            continue;
        }
        let (start, end, digits) = number(bytes, at);
        if digits >= CARD.0 && stands_alone(bytes, start, end) {
            found.extend(card(bytes, start, end).map(|range| Finding::credential(range, "card")));
        }
        at = end.max(at) + STRIDE;
    }
}

/// The run of digits around a place, with single blanks or dashes between; start, end, and how many digits.
fn number(bytes: &[u8], at: usize) -> (usize, usize, usize) {
    let joins = |at: usize| {
        b" -".contains(&bytes[at])
            && at > 0
            && bytes[at - 1].is_ascii_digit()
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
    };
    let belongs = |at: usize| bytes[at].is_ascii_digit() || joins(at);
    let mut start = if belongs(at) { at } else { at - 1 };
    let mut end = start + 1;
    // Longer runs are no numbers of cards, and are not measured.
    let most = 2 * CARD.1;
    while start > 0 && end - start < most && belongs(start - 1) {
        start -= 1;
    }
    while end < bytes.len() && end - start < most && belongs(end) {
        end += 1;
    }
    let digits = bytes[start..end].iter().filter(|byte| byte.is_ascii_digit()).count();
    (start, end, digits)
}

/// The card in a run of digits and separators: all of it, or some of its groups, as behind a number of another kind.
fn card(bytes: &[u8], start: usize, end: usize) -> Option<Range<usize>> {
    let joint = |place: &usize| !bytes[*place].is_ascii_digit();
    let joints: Vec<usize> = (start..end).filter(joint).collect();
    // Cards begin with four digits, or are in one piece.
    let group = |start: &usize| matches!(DIGIT.end(bytes, *start, CARD.1 + 1) - start, 4 | 13..=19);
    let starts = || std::iter::once(start).chain(joints.iter().map(|joint| joint + 1)).filter(group);
    let ends = || joints.iter().copied().chain([end]).rev();
    let ranges = starts().flat_map(|start| ends().map(move |end| start..end)).filter(|range| range.len() >= CARD.0);
    ranges.into_iter().find(|range| is_card(&bytes[range.clone()]))
}

/// Whether a number is no piece of a word, a fraction, or a longer number.
fn stands_alone(bytes: &[u8], start: usize, end: usize) -> bool {
    let part = |byte: u8| WORD.has(byte) || b".-".contains(&byte);
    let before = start.checked_sub(1).map(|before| bytes[before]);
    let escape = start >= 2 && bytes[start - 2] == b'\\' && before.is_some_and(|byte| b"nrtbf".contains(&byte));
    let opened = escape || !before.is_some_and(part);
    let dot = |at: usize| bytes.get(at) == Some(&b'.') && !bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
    let closed = dot(end) || !bytes.get(end).copied().is_some_and(part);
    opened && closed
}

/// Whether digits with their separators are a card's.
fn is_card(number: &[u8]) -> bool {
    let mut digits = [0_u8; CARD.1];
    let mut count = 0;
    for byte in number.iter().filter(|byte| byte.is_ascii_digit()) {
        let Some(place) = digits.get_mut(count) else { return false };
        *place = byte - b'0';
        count += 1;
    }
    let digits = &digits[..count];
    if count < CARD.0 {
        return false;
    }
    grouped(number) && issued(digits) && luhn(digits) && digits.iter().any(|digit| *digit != digits[0])
}

/// Whether separators are all the same and cut groups as they are printed.
fn grouped(number: &[u8]) -> bool {
    let Some(sign) = number.iter().find(|byte| !byte.is_ascii_digit()) else { return true };
    let groups: Vec<usize> = number.split(|byte| byte == sign).map(<[u8]>::len).collect();
    let even =
        groups.iter().all(|digits| *digits <= 19) && groups[..groups.len() - 1].iter().all(|digits| *digits == 4);
    number.iter().all(|byte| byte.is_ascii_digit() || byte == sign)
        && (even && groups[groups.len() - 1] <= 4 || groups == [4, 6, 5] || groups == [4, 6, 4])
}

/// Whether a network gives out numbers with this beginning and length.
fn issued(digits: &[u8]) -> bool {
    let first = |count: usize| digits[..count].iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit));
    let (two, three, four) = (first(2), first(3), first(4));
    let length = digits.len();
    match digits[0] {
        4 => matches!(length, 13 | 16 | 19),
        5 => matches!(two, 51..=55) && length == 16 || matches!(two, 50 | 56..=58) && length >= 16,
        2 => matches!(four, 2221..=2720) && length == 16 || matches!(four, 2200..=2204) && length >= 16,
        3 => {
            matches!(two, 34 | 37) && length == 15
                || (matches!(three, 300..=305) || matches!(two, 36 | 38 | 39)) && matches!(length, 14 | 16)
                || matches!(four, 3528..=3589) && length >= 16
        }
        6 => {
            let known = four == 6011 || matches!(two, 62 | 65) || matches!(three, 644..=649);
            length >= 16 && (known || matches!(four, 6304 | 6759 | 6761..=6763))
        }
        8 => two == 81 && length >= 16,
        _ => false,
    }
}

/// Luhn's check: every second digit from the right counts twice.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(*digit) << (place % 2);
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Letters of countries that use IBANs, with the length of theirs.
const IBANS: &[(&[u8; 2], usize)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NL", 18),
    (b"NO", 15),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"SA", 24),
    (b"SC", 31),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
];

/// The least bytes of an IBAN.
const IBAN: usize = 15;

/// The international number of a bank account, in one piece or in groups of four, whose first digits lie between two
/// places: behind the letters of the country.
pub(super) fn iban(bytes: &[u8], digit: usize, digits_end: usize) -> Option<Finding> {
    let at = digit.checked_sub(2).filter(|at| digits_end - digit >= 2 && at + IBAN <= bytes.len())?;
    let country = [bytes[at].to_ascii_uppercase(), bytes[at + 1].to_ascii_uppercase()];
    if !country.iter().all(u8::is_ascii_uppercase) || !begins(bytes, at) {
        return None;
    }
    let place = IBANS.binary_search_by_key(&&country, |(country, _)| country).ok()?;
    iban_end(bytes, at, IBANS[place].1).map(|end| Finding::personal(at..end, "iban"))
}

/// The end of an IBAN of so many characters, when its sum is right.
fn iban_end(bytes: &[u8], start: usize, length: usize) -> Option<usize> {
    let (mut at, mut signs) = (start, Vec::with_capacity(length));
    while signs.len() < length {
        match bytes.get(at)?.to_ascii_uppercase() {
            sign if const { &Set::of("A-Z0-9") }.has(sign) => signs.push(sign),
            b' ' | b'-' if signs.len().is_multiple_of(4) && bytes[at - 1] != bytes[at] => {}
            _ => return None,
        }
        at += 1;
    }
    let rest = signs[4..].iter().chain(&signs[..4]).fold(0_u32, |rest, sign| {
        if sign.is_ascii_digit() {
            (rest * 10 + u32::from(sign - b'0')) % 97
        } else {
            (rest * 100 + u32::from(sign - b'A') + 10) % 97
        }
    });
    (rest == 1 && !bytes.get(at).is_some_and(|next| WORD.has(*next)) && DIGIT.has(signs[2])).then_some(at)
}
