//! Where a string stands, without a copy of any key while nothing is found there.

use crate::walk::same;

/// A way from the root to a value; each step lies on the stack of the walk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'a> {
    parent: Option<&'a Self>,
    step: Step<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

/// Keys that reports name, in order; others may be anything, secrets too.
const WORDS: &[&str] = &[
    "_body",
    "_eventSourceMessages",
    "_initiator",
    "_source",
    "_webSocketMessages",
    "args",
    "at",
    "body",
    "captions",
    "comment",
    "content",
    "cookies",
    "custom",
    "data",
    "error",
    "fields",
    "headers",
    "label",
    "language",
    "log",
    "message",
    "metadata",
    "name",
    "note",
    "page",
    "params",
    "payload",
    "postData",
    "queryString",
    "redirectURL",
    "request",
    "requestBody",
    "response",
    "responseBody",
    "selectors",
    "service",
    "stack",
    "stackTrace",
    "step",
    "system",
    "target",
    "text",
    "title",
    "url",
    "value",
    "warning",
];
/// A kind of place: the first two of its keys that reports name, by their places among them from 1; none is 0.
pub(super) type Place = [u8; 2];
/// Characters of a key in a pointer.
const KEY: usize = 40;

/// The words of a kind of place: `request`, `headers`. Empty ones come last.
pub(super) fn words(place: Place) -> [&'static str; 2] {
    place.map(|word| usize::from(word).checked_sub(1).map_or("", |word| WORDS[word]))
}

impl<'a> Path<'a> {
    pub(super) const fn root(name: &'a str) -> Self {
        Self { parent: None, step: Step::Key(name) }
    }

    pub(super) const fn key(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Key(name) }
    }

    pub(super) const fn item(&'a self, number: usize) -> Self {
        Self { parent: Some(self), step: Step::Item(number) }
    }

    fn steps(&self) -> Vec<Step<'a>> {
        let mut steps = Vec::new();
        let mut path = Some(self);
        while let Some(at) = path {
            steps.push(at.step);
            path = at.parent;
        }
        steps.reverse();
        steps
    }

    /// The kind of place, as reports count it.
    pub(super) fn place(&self) -> Place {
        let mut place = [0; 2];
        let mut path = Some(self);
        while let Some(at) = path {
            if let Step::Key(key) = at.step
                && let Some(word) = WORDS.iter().position(|word| same(word, key))
            {
                place = [word as u8 + 1, place[0]];
            }
            path = at.parent;
        }
        place
    }

    /// The place as a JSON pointer. Keys that are long may be secrets themselves.
    pub(super) fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in self.steps() {
            pointer.push('/');
            match step {
                Step::Key(key) if key.len() > KEY || super::shape::is_likely(key) => pointer.push('…'),
                Step::Key(key) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
                Step::Item(number) => pointer.push_str(&number.to_string()),
            }
        }
        pointer
    }

    /// Whether a pattern of keys, in which `*` stands for any one key, leads here.
    pub(super) fn fits(&self, pattern: &[String]) -> bool {
        let steps = self.steps();
        steps.len() == pattern.len()
            && steps.iter().zip(pattern).all(|(step, wanted)| match step {
                _ if wanted == "*" => true,
                Step::Key(key) => key == wanted,
                Step::Item(number) => wanted.parse() == Ok(*number),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_without_keys_that_may_be_secrets() {
        let root = Path::root("detail");
        let (request, long) = (root.key("request"), "x".repeat(50));
        let headers = request.key("headers");
        let (item, other) = (headers.item(3), headers.key(&long));
        let value = item.key("value");
        assert_eq!(
            (words(value.place()), value.pointer()),
            (["request", "headers"], "/detail/request/headers/3/value".into())
        );
        assert_eq!(other.pointer(), "/detail/request/headers/…");
        assert_eq!((words(request.place()), words(root.place())), (["request", ""], ["", ""]));
        assert!(WORDS.len() < 255);
        let pattern = ["detail", "*", "headers", "3", "value"].map(str::to_owned);
        assert!(value.fits(&pattern) && !item.fits(&pattern));
    }
}
