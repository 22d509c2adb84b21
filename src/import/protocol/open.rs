//! Requests that began and did not end yet.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde_json::Value;

/// Requests that are waited for, and the bytes of what is known of them.
const OPEN: usize = 4_000;
const BYTES: usize = 12 * 1024 * 1024;
/// Requests that ended are kept a little longer: some of their events come late.
const ENDED: usize = 64;

/// What is known of requests, by the protocol's id, in the order in which they began.
#[derive(Debug, Default)]
pub(super) struct Open<T> {
    next: u64,
    numbers: HashMap<String, u64>,
    held: BTreeMap<u64, Held<T>>,
    ended: VecDeque<u64>,
    bytes: usize,
}

#[derive(Debug)]
struct Held<T> {
    id: String,
    bytes: usize,
    known: T,
}

impl<T: Default> Open<T> {
    /// What is known of a request, begun unless it is there.
    pub(super) fn at(&mut self, id: &str) -> &mut T {
        let number = *self.numbers.entry(id.to_owned()).or_insert_with(|| {
            self.next += 1;
            self.next
        });
        let held = self.held.entry(number).or_insert_with(|| {
            self.bytes += id.len();
            Held { id: id.to_owned(), bytes: id.len(), known: T::default() }
        });
        &mut held.known
    }

    pub(super) fn get(&mut self, id: &str) -> Option<&mut T> {
        let number = self.numbers.get(id)?;
        self.held.get_mut(number).map(|held| &mut held.known)
    }

    /// Says how many bytes were added to a request.
    pub(super) fn grew(&mut self, id: &str, bytes: usize) {
        if let Some(held) = self.numbers.get(id).and_then(|number| self.held.get_mut(number)) {
            held.bytes += bytes;
            self.bytes += bytes;
        }
    }

    pub(super) fn take(&mut self, id: &str) -> Option<T> {
        let number = *self.numbers.get(id)?;
        self.remove(number)
    }

    /// Marks a request as ended.
    pub(super) fn end(&mut self, id: &str) {
        if let Some(number) = self.numbers.get(id) {
            self.ended.push_back(*number);
        }
    }

    /// One that need not, or cannot, be kept any longer.
    pub(super) fn surplus(&mut self) -> Option<T> {
        while self.ended.len() > ENDED {
            let number = self.ended.pop_front()?;
            if let Some(known) = self.remove(number) {
                return Some(known);
            }
        }
        if self.held.len() > OPEN || self.bytes > BYTES { self.first() } else { None }
    }

    /// The one that began first.
    pub(super) fn first(&mut self) -> Option<T> {
        let number = *self.held.first_key_value()?.0;
        self.remove(number)
    }

    fn remove(&mut self, number: u64) -> Option<T> {
        let held = self.held.remove(&number)?;
        self.bytes -= held.bytes;
        if self.numbers.get(&held.id) == Some(&number) {
            self.numbers.remove(&held.id);
        }
        Some(held.known)
    }
}

/// About how many bytes a value takes.
pub(super) fn weight(value: &Value) -> usize {
    64 + match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(map) => map.iter().map(|(key, value)| 100 + key.len() + weight(value)).sum(),
        _ => 32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_first_and_never_twice() {
        let mut open = Open::<u32>::default();
        for number in 0..=OPEN as u32 {
            *open.at(&number.to_string()) = number;
        }
        assert_eq!(open.surplus(), Some(0));
        assert_eq!(open.surplus(), None);
        open.grew("5", BYTES);
        assert_eq!(open.surplus(), Some(1));
        assert_eq!(open.take("5"), Some(5));
        assert_eq!(open.surplus(), None);
        *open.at("5") = 55;
        for number in 5..=5 + ENDED as u32 {
            open.end(&number.to_string());
        }
        assert_eq!(open.surplus(), Some(55));
        assert_eq!((open.surplus(), open.first()), (None, Some(2)));
    }
}
