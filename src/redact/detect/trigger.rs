//! The one pass over the bytes: where three of them, in whatever case, could be in something secret, the rules
//! that know them are asked.

use std::sync::LazyLock;

use super::{Finding, address, keys, named, schemes, tokens};

/// A literal, which of its bytes are looked for, and what is asked when it is there.
pub(super) struct Trigger {
    pub(super) literal: &'static str,
    /// Whether upper and lower case are the same.
    pub(super) fold: bool,
    pub(super) ask: Ask,
}

/// What is asked about a literal.
pub(super) enum Ask {
    /// A provider's key, by its place in the table.
    Key(&'static keys::Key),
    /// A name whose value is secret.
    Name(&'static named::Name),
    /// A function of the text and the literal's place.
    Rule(fn(&str, usize) -> Option<Finding>),
}

const SLOTS: usize = 1 << 16;

struct Table {
    /// One bit a hash, so that the pass touches 8 KiB.
    bits: Vec<u64>,
    /// Triggers by hash, in order, and where in their literals the three bytes stand.
    list: Vec<(usize, usize, Trigger)>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { bits: vec![0; SLOTS / 64], list: Vec::new() };
    let lists = [keys::triggers(), named::triggers(), tokens::triggers(), schemes::triggers(), address::triggers()];
    for trigger in lists.into_iter().flatten() {
        let (anchor, three) = rarest(trigger.literal);
        let slot = slot([three[0], three[1], three[2], 0]);
        table.bits[slot / 64] |= 1 << (slot % 64);
        table.list.push((slot, anchor, trigger));
    }
    table.list.sort_by_key(|(slot, ..)| *slot);
    table
});

/// Where the first three of four bytes are in the table: upper and lower case in the same place.
const fn slot(four: [u8; 4]) -> usize {
    // The factor has no low bits: the fourth byte leaves no trace.
    ((u32::from_le_bytes(four) | 0x2020_2020).wrapping_mul(0x3779_B100) >> 16) as usize
}

/// The three bytes of a literal that texts have least, and where they stand in it.
fn rarest(literal: &str) -> (usize, [u8; 3]) {
    // Letters by how often they are in English, and in names that programs use.
    let common =
        |byte: &u8| b" etaoinsrhldcumfpgwybvk".iter().rev().position(|letter| *letter == byte.to_ascii_lowercase());
    let weight = |three: &[u8]| three.iter().map(|byte| common(byte).unwrap_or_default()).sum::<usize>();
    let windows = literal.as_bytes().windows(3).enumerate();
    let (anchor, three) = windows.min_by_key(|(_, three)| weight(three)).expect("literals have three bytes");
    (anchor, [three[0], three[1], three[2]])
}

/// Asks every rule whose beginning is in the text.
pub(super) fn scan(text: &str, found: &mut Vec<Finding>) {
    let table = &*TABLE;
    let bits: &[u64; SLOTS / 64] = table.bits.as_slice().try_into().expect("the table has as many bits as slots");
    let may = |slot: usize| bits[slot / 64] >> (slot % 64) & 1 == 1;
    let bytes = text.as_bytes();
    let mut at = 0;
    // Four places at once, for hardly any is in the table.
    while let Some(places) = bytes.get(at..).and_then(<[u8]>::first_chunk::<7>) {
        if places.array_windows().fold(false, |any, four| any | may(slot(*four))) {
            for (place, four) in places.array_windows().enumerate() {
                if may(slot(*four)) {
                    ask(table, text, at + place, slot(*four), found);
                }
            }
        }
        at += 4;
    }
    for (place, three) in bytes[at..].windows(3).enumerate() {
        let slot = slot([three[0], three[1], three[2], 0]);
        if may(slot) {
            ask(table, text, at + place, slot, found);
        }
    }
}

#[cold]
fn ask(table: &Table, text: &str, at: usize, slot: usize, found: &mut Vec<Finding>) {
    let first = table.list.partition_point(|(other, ..)| *other < slot);
    for (_, anchor, trigger) in table.list[first..].iter().take_while(|(other, ..)| *other == slot) {
        let Some(start) = at.checked_sub(*anchor) else { continue };
        let literal = trigger.literal.as_bytes();
        let Some(there) = text.as_bytes().get(start..start + literal.len()) else { continue };
        if !(there == literal || trigger.fold && there.eq_ignore_ascii_case(literal)) {
            continue;
        }
        match &trigger.ask {
            Ask::Key(key) => found.extend(key.find(text.as_bytes(), start)),
            Ask::Name(name) => named::find(name, text, start, found),
            Ask::Rule(rule) => found.extend(rule(text, start)),
        }
    }
}
