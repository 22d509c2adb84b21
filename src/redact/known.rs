//! The values that were removed, so that none of them survives elsewhere: held in memory until the share is written.
//!
//! They are looked for in the forms that the proof knows: as they are, as JSON, URLs and base64 write them. Every form
//! has at least eight bytes, so that of any five neighbouring places in a text one holds four bytes of it: the search looks at each fifth
//! place only.

use std::collections::HashMap;
use std::collections::HashSet;

use super::proof;
use super::tags::Tag;

/// Values, and bytes of all their forms, that are held.
const VALUES: usize = 64 * 1024;
const BYTES: usize = 8 * 1024 * 1024;
/// The least bytes of a form.
const LEAST: usize = 8;
/// Bytes compared at once, and the distance between places where they are.
const WINDOW: usize = 4;
const STRIDE: usize = LEAST - WINDOW + 1;
const BITS: usize = 1 << 18;

/// The removed values that are looked for.
#[derive(Debug)]
pub(crate) struct Known {
    values: HashSet<Box<str>>,
    /// All forms, and the tag of the value of each.
    forms: Vec<(Box<[u8]>, Tag)>,
    held: HashSet<Box<[u8]>>,
    windows: HashMap<[u8; WINDOW], Vec<(u32, u32)>>,
    bits: Vec<u64>,
    bytes: usize,
    longest: usize,
    /// Values that there was no room for.
    pub(super) left_out: u64,
}

/// Where a value stands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) range: std::ops::Range<usize>,
    pub(crate) tag: Tag,
}

impl Known {
    pub(super) fn new() -> Self {
        Self {
            values: HashSet::new(),
            forms: Vec::new(),
            held: HashSet::new(),
            windows: HashMap::new(),
            bits: vec![0; BITS / 64],
            bytes: 0,
            longest: 0,
            left_out: 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// Takes a value; says whether it is new and held.
    pub(super) fn add(&mut self, value: &str, tag: Tag) -> bool {
        if self.values.contains(value) {
            return false;
        }
        if self.values.len() >= VALUES || self.bytes + value.len() * 8 > BYTES {
            self.left_out += 1;
            return false;
        }
        self.values.insert(value.into());
        // The proof looks for the ends of long values.
        let forms =
            proof::forms(value).into_iter().chain((value.len() > proof::LONG).then(|| value.as_bytes().to_vec()));
        for form in forms {
            if form.len() >= LEAST && self.held.insert(form.clone().into()) {
                self.bytes += form.len() * 2;
                self.longest = self.longest.max(form.len());
                self.index(form.into(), tag);
            }
        }
        true
    }

    /// Notes eight bytes of a form in each of their five windows: the last ones, for tokens begin alike.
    fn index(&mut self, form: Box<[u8]>, tag: Tag) {
        let number = u32::try_from(self.forms.len()).unwrap_or(u32::MAX);
        let crowd = |start: usize| {
            let count = |place| self.windows.get(&window(&form, place)).map_or(0, Vec::len);
            (start..start + STRIDE).map(count).max().unwrap_or(0)
        };
        let last = form.len() - LEAST;
        let start = [last, last / 2, last / 3, 0].into_iter().min_by_key(|start| crowd(*start)).unwrap_or(last);
        for place in start..start + STRIDE {
            let window = window(&form, place);
            let bit = bit(window);
            self.bits[bit / 64] |= 1 << (bit % 64);
            self.windows.entry(window).or_default().push((number, u32::try_from(place).unwrap_or(u32::MAX)));
        }
        self.forms.push((form, tag));
    }

    /// The first place, from one on, where a value stands in whatever form.
    pub(crate) fn find(&self, bytes: &[u8], from: usize) -> Option<Hit> {
        if self.forms.is_empty() {
            return None;
        }
        let mut place = from;
        while place + WINDOW <= bytes.len() {
            let window = window(bytes, place);
            let bit = bit(window);
            if self.bits[bit / 64] >> (bit % 64) & 1 == 1
                && let Some(hit) = self.verify(bytes, place, window)
            {
                return Some(hit);
            }
            place += STRIDE;
        }
        None
    }

    #[cold]
    fn verify(&self, bytes: &[u8], place: usize, window: [u8; WINDOW]) -> Option<Hit> {
        let fits = |(number, offset): &(u32, u32)| {
            let (form, tag) = &self.forms[*number as usize];
            let start = place.checked_sub(*offset as usize)?;
            bytes[start..].starts_with(form).then(|| Hit { range: start..start + form.len(), tag: *tag })
        };
        self.windows.get(&window)?.iter().filter_map(fits).max_by_key(|hit| hit.range.len())
    }

    /// A text with the tags of all values that stand in it, and how many there were; `None` when there are none.
    pub(super) fn replace(&self, text: &str) -> Option<(String, u64)> {
        let mut hit = self.find(text.as_bytes(), 0)?;
        let mut text = text.to_owned();
        let mut count = 0;
        loop {
            // A form ends inside a character only where the text is not what it was made of.
            let start = text.floor_char_boundary(hit.range.start);
            let end = text.ceil_char_boundary(hit.range.end);
            let in_url =
                text[..start].rfind("://").is_some_and(|scheme| !text[scheme..start].contains([' ', '"', '\n']));
            let tag = if in_url { hit.tag.url() } else { hit.tag.text() };
            text.replace_range(start..end, &tag);
            count += 1;
            match self.find(text.as_bytes(), start.saturating_sub(self.longest)) {
                Some(next) => hit = next,
                None => return Some((text, count)),
            }
        }
    }
}

fn window(bytes: &[u8], place: usize) -> [u8; WINDOW] {
    let mut window = [0; WINDOW];
    window.copy_from_slice(&bytes[place..place + WINDOW]);
    window
}

const fn bit(window: [u8; WINDOW]) -> usize {
    (u32::from_le_bytes(window).wrapping_mul(0x9E37_79B1) >> 14) as usize
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD_NO_PAD;
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

    use super::*;
    use crate::redact::tags::Tags;

    fn known(values: &[&str]) -> Known {
        let (mut known, mut tags) = (Known::new(), Tags::new());
        for value in values {
            known.add(value, tags.of(value, "token"));
        }
        known
    }

    #[test]
    fn values_are_found_at_every_place_and_in_every_form() {
        let secret = "p\"ss w/rd+9ä";
        let known = known(&[secret]);
        for before in 0..12 {
            let padding = "x".repeat(before);
            let base64 = BASE64_STANDARD_NO_PAD.encode(format!("{padding}{secret} and more"));
            let json = serde_json::to_string(secret).unwrap();
            for form in [
                secret.to_owned(),
                json[1..json.len() - 1].to_owned(),
                json[1..json.len() - 1].replace('/', "\\/"),
                utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
                utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string().replace("%20", "+"),
                base64,
            ] {
                let text = format!("{padding}{form}{padding}");
                let (replaced, count) = known.replace(&text).unwrap_or_else(|| panic!("{text}"));
                assert!(count == 1 && replaced.contains("[redacted token#1]"), "{text} became {replaced}");
                assert!(known.find(replaced.as_bytes(), 0).is_none());
            }
        }
    }

    #[test]
    fn many_alike_are_told_apart() {
        let values: Vec<_> = (0..3000).map(|number| format!("eyJhbGciOiJIUzI1NiJ9.{number:08}")).collect();
        let values: Vec<_> = values.iter().map(String::as_str).collect();
        let known = known(&values);
        assert_eq!(known.replace(&format!("a {} b", values[1234])).unwrap().0, "a [redacted token#1235] b");
    }

    #[test]
    fn several_in_a_text_are_all_replaced() {
        let known = known(&["first-secret-1", "second-secret-2"]);
        let (text, count) =
            known.replace("second-secret-2first-secret-1 first-secret-1 http://a.test/first-secret-1").unwrap();
        assert_eq!(text, "[redacted token#2][redacted token#1] [redacted token#1] http://a.test/redacted-token-1");
        assert_eq!(count, 4);
    }

    #[test]
    fn memory_is_bounded() {
        let (mut known, mut tags) = (Known::new(), Tags::new());
        for number in 0..VALUES + 10 {
            let value = format!("value-number-{number:010}");
            known.add(&value, tags.of(&value, "token"));
        }
        assert!(known.values.len() <= VALUES && known.left_out > 0 && known.bytes <= 2 * BYTES);
    }
}
