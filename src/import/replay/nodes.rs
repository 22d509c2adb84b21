//! What the elements of a page are called: taken out of a snapshot of any size and depth while its bytes pass.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};

use super::scan::{Scan, Token};

/// Bytes that the elements of a page may take; those beyond have no name.
pub(super) const BYTES: usize = 14 * 1024 * 1024;
/// Labels of fields that are known, and levels of the page that are followed.
const LABELS: usize = 6_000;
const DEPTH: usize = 4_000;
/// Bytes that a name may have; what is longer is a part of the page and not the name of anything.
const NAME: usize = 100;
/// Ancestors that are asked for a name.
const ANCESTORS: usize = 8;
/// Attributes that are kept.
const KEPT: [&str; 14] = [
    "aria-label",
    "alt",
    "title",
    "placeholder",
    "value",
    "name",
    "id",
    "class",
    "type",
    "for",
    "role",
    "data-testid",
    "data-test",
    "data-qa",
];
/// Those that name an element, best first; its text comes after the first.
const NAMES: [&str; 5] = ["aria-label", "alt", "title", "placeholder", "value"];

/// An element.
#[derive(Debug, Default)]
struct Node {
    parent: Option<u64>,
    tag: String,
    attributes: Vec<(&'static str, String)>,
    text: Text,
}

/// The text within an element, while it is short.
#[derive(Debug, Default)]
struct Text {
    short: String,
    long: bool,
}

impl Text {
    fn add(&mut self, more: &str) {
        let more = more.trim();
        if self.long || more.is_empty() {
            return;
        }
        self.long = self.short.len() + more.len() > NAME;
        if self.long {
            self.short = String::new();
            return;
        }
        if !self.short.is_empty() {
            self.short.push(' ');
        }
        self.short.push_str(more);
    }
}

impl Node {
    /// About what it takes in memory.
    fn bytes(&self) -> usize {
        let attributes: usize = self.attributes.iter().map(|(_, value)| 64 + value.len()).sum();
        250 + self.tag.len() + self.text.short.len() + attributes
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(own, _)| *own == name).map(|(_, value)| value.trim());
        found.filter(|value| !value.is_empty())
    }
}

/// The elements of a page as last seen, by the recorder's ids.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    nodes: HashMap<u64, Node>,
    /// Texts of labels, by the id they are for.
    labels: HashMap<String, String>,
    pub(super) title: Option<String>,
    pub(super) bytes: usize,
}

impl Nodes {
    /// Forgets a page.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What is clicked when an element is: the control it is a part of, or itself.
    pub(super) fn control(&self, id: u64) -> u64 {
        let mut at = id;
        for _ in 0..ANCESTORS {
            let Some(node) = self.nodes.get(&at) else { break };
            let tag = matches!(node.tag.as_str(), "button" | "a" | "summary" | "option" | "label");
            let role = matches!(node.attribute("role"), Some("button" | "link" | "menuitem" | "tab" | "option"));
            if (tag || role) && self.name(node).is_some() {
                return at;
            }
            let Some(parent) = node.parent else { break };
            at = parent;
        }
        id
    }

    /// Words for an element: its own, or those of the nearest ancestor that has some.
    pub(super) fn label(&self, id: u64) -> Option<String> {
        let mut at = Some(id);
        for _ in 0..ANCESTORS {
            let node = self.nodes.get(&at?)?;
            if let Some(name) = self.name(node) {
                return Some(name);
            }
            at = node.parent;
        }
        None
    }

    fn name(&self, node: &Node) -> Option<String> {
        if matches!(node.tag.as_str(), "body" | "html") {
            return None;
        }
        let field = matches!(node.tag.as_str(), "input" | "textarea" | "select");
        let labelled = || self.labels.get(node.attribute("id")?).map(String::as_str);
        // The value of a field is what was typed; that of a button is what stands on it.
        let button = matches!(node.attribute("type"), Some("submit" | "button" | "reset"));
        let named = |name: &str| node.attribute(name).filter(|_| name != "value" || button);
        let text = Some(node.text.short.as_str()).filter(|text| !text.is_empty() && !field);
        let first = node.attribute(NAMES[0]).or_else(labelled).or(text);
        first.or_else(|| NAMES[1..].iter().find_map(|name| named(name))).map(str::to_owned)
    }

    /// A selector that a person may read.
    pub(super) fn target(&self, id: u64) -> Option<String> {
        let node = self.nodes.get(&id)?;
        if let Some(own) = node.attribute("id") {
            return Some(format!("#{own}"));
        }
        for key in ["data-testid", "data-test", "data-qa", "name"] {
            if let Some(value) = node.attribute(key) {
                return Some(format!("{}[{key}=\"{value}\"]", node.tag));
            }
        }
        let class = node.attribute("class");
        Some(class.map_or_else(|| node.tag.clone(), |class| format!("{}.{class}", node.tag)))
    }

    /// The `type` of a field.
    pub(super) fn field(&self, id: u64) -> Option<&str> {
        self.nodes.get(&id)?.attribute("type")
    }

    /// Adds the elements of a snapshot, or of a part of a page.
    pub(super) fn add(&mut self, input: impl Read) -> std::io::Result<()> {
        self.scan(BufReader::with_capacity(64 * 1024, input))
    }

    fn scan(&mut self, input: impl BufRead) -> std::io::Result<()> {
        let mut scan = Scan::new(input);
        let mut open: Vec<Open> = Vec::new();
        while let Some(token) = scan.next()? {
            match token {
                Token::Object | Token::Array if open.len() >= DEPTH => return Ok(()),
                Token::Object => {
                    let attributes = open.last().is_some_and(|open| open.key == "attributes" && !open.array);
                    open.push(Open { attributes, ..Open::default() });
                }
                Token::Array => open.push(Open { array: true, ..Open::default() }),
                Token::End => {
                    if let Some(done) = open.pop() {
                        self.close(done, &mut open);
                    }
                }
                Token::Key(key) => {
                    if let Some(open) = open.last_mut() {
                        open.key = key;
                    }
                }
                Token::Text(text) => value(&mut open, Some(text), None),
                Token::Number(number) => value(&mut open, None, Some(number)),
            }
        }
        Ok(())
    }

    /// Makes of an object what it is, and tells the object around it.
    fn close(&mut self, done: Open, open: &mut [Open]) {
        let around = open.iter_mut().rev().find(|open| !open.array);
        let Some(around) = around else { return };
        if done.attributes {
            around.own = done.own;
        } else if let (Some(tag), Some(id)) = (done.tag, done.id) {
            let mut text = done.inner;
            if matches!(tag.as_str(), "style" | "script" | "noscript" | "svg") {
                text = Text::default();
            }
            if tag == "title" && self.title.is_none() && !text.short.is_empty() {
                self.title = Some(text.short.clone());
            }
            self.adopt(&done.children, id);
            // What can be chosen or was typed is not what the field is called.
            if !matches!(tag.as_str(), "select" | "datalist" | "textarea") {
                if text.long { around.inner.long = true } else { around.inner.add(&text.short) }
            }
            around.children.push(id);
            let node = Node { parent: None, tag, attributes: done.own, text };
            self.put(id, node);
        } else if let Some(text) = done.text {
            if !done.style {
                around.inner.add(&text);
            }
        } else if let Some(parent) = done.parent {
            self.adopt(&done.children, parent);
            if let Some(node) = self.nodes.get_mut(&parent) {
                node.text.add(&done.inner.short);
            }
        }
    }

    fn adopt(&mut self, children: &[u64], parent: u64) {
        for child in children {
            if let Some(node) = self.nodes.get_mut(child) {
                node.parent = Some(parent);
            }
        }
    }

    fn put(&mut self, id: u64, node: Node) {
        if let (Some(field), false) = (node.attribute("for"), node.text.short.is_empty())
            && self.labels.len() < LABELS
        {
            self.labels.insert(field.to_owned(), node.text.short.clone());
        }
        let bytes = node.bytes();
        if self.bytes + bytes <= BYTES {
            self.bytes += bytes;
            self.bytes -= self.nodes.insert(id, node).map_or(0, |old| old.bytes());
        }
    }
}

/// An object or array that is not at its end yet.
#[derive(Debug, Default)]
struct Open {
    array: bool,
    /// Whether it is the attributes of an element.
    attributes: bool,
    key: String,
    id: Option<u64>,
    /// Where a new part of the page goes.
    parent: Option<u64>,
    tag: Option<String>,
    text: Option<String>,
    style: bool,
    own: Vec<(&'static str, String)>,
    inner: Text,
    children: Vec<u64>,
}

fn value(open: &mut [Open], text: Option<String>, number: Option<f64>) {
    let Some(open) = open.last_mut().filter(|open| !open.array) else { return };
    let whole = number.and_then(crate::import::json::whole);
    match (open.key.as_str(), text) {
        (key, Some(text)) if open.attributes => {
            if let Some(name) = KEPT.iter().find(|name| **name == key)
                && text.len() <= NAME
                && open.own.len() < KEPT.len()
            {
                let first = || text.split_whitespace().next().unwrap_or_default().to_owned();
                let text = if key == "class" { first() } else { text };
                open.own.push((name, text));
            }
        }
        ("tagName", Some(tag)) if tag.len() <= NAME => open.tag = Some(tag.to_ascii_lowercase()),
        ("textContent", Some(text)) => open.text = Some(text),
        ("id", None) => open.id = whole,
        ("parentId", None) => open.parent = whole,
        ("isStyle", None) => open.style = number == Some(1.0),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn nodes() -> Nodes {
        let text = |id: u64, text: &str| json!({"type": 3, "textContent": text, "id": id});
        let element = |id: u64, tag: &str, attributes: serde_json::Value, inner: serde_json::Value| json!({"type": 2, "tagName": tag, "attributes": attributes, "childNodes": inner, "id": id});
        let page = json!({"data": {"node": {"type": 0, "id": 1, "childNodes": [element(2, "html", json!({}), json!([
        element(3, "title", json!({}), json!([text(4, "Shop")])),
        element(5, "body", json!({}), json!([
            element(6, "button", json!({"id": "pay", "class": "a b"}), json!([
                element(7, "svg", json!({}), json!([element(8, "path", json!({}), json!([]))])),
                element(9, "b", json!({}), json!([text(10, " Pay ")])), text(11, "now")])),
            element(12, "label", json!({"for": "mail"}), json!([text(13, "E-mail")])),
            element(14, "input", json!({"id": "mail", "type": "email", "value": "typed"}), json!([])),
            element(15, "input", json!({"type": "submit", "value": "Go", "name": "go"}), json!([])),
            element(16, "p", json!({}), json!([text(17, &"long ".repeat(50)), element(18, "i", json!({}), json!([]))])),
            element(19, "style", json!({}), json!([text(20, "a{}")])),
            element(21, "label", json!({}), json!([text(22, "Country"), element(23, "select", json!({"name": "to"}), json!([
                element(24, "option", json!({}), json!([text(25, "Ireland")])),
                element(26, "option", json!({}), json!([text(27, "Italy")]))]))])),
        ]))]))]}}});
        let mut nodes = Nodes::default();
        nodes.add(page.to_string().as_bytes()).unwrap();
        nodes
    }

    #[test]
    fn elements_are_called_by_their_own_words_or_those_around_them() {
        let mut nodes = nodes();
        for (id, label, target) in [
            (6, Some("Pay now"), "#pay"),
            (8, Some("Pay now"), "path"),
            (9, Some("Pay"), "b"),
            (nodes.control(9), Some("Pay now"), "#pay"),
            (nodes.control(14), Some("E-mail"), "#mail"),
            (14, Some("E-mail"), "#mail"),
            (15, Some("Go"), "input[name=\"go\"]"),
            (18, None, "i"),
            (19, None, "style"),
            (21, Some("Country"), "label"),
            (23, Some("Country"), "select[name=\"to\"]"),
            (26, Some("Italy"), "option"),
        ] {
            assert_eq!((nodes.label(id).as_deref(), nodes.target(id).as_deref()), (label, Some(target)), "{id}");
        }
        assert_eq!((nodes.title.as_deref(), nodes.field(14)), (Some("Shop"), Some("email")));
        assert_eq!((nodes.label(99), nodes.target(99)), (None, None));
        let adds = json!({"adds": [{"parentId": 18, "nextId": null, "node": {"type": 2, "tagName": "a",
            "attributes": {"aria-label": "More"}, "childNodes": [], "id": 30}},
            {"parentId": 18, "node": {"type": 3, "textContent": "late", "id": 31}}]});
        nodes.add(adds.to_string().as_bytes()).unwrap();
        assert_eq!((nodes.label(30).as_deref(), nodes.label(18).as_deref()), (Some("More"), Some("late")));
    }

    #[test]
    fn depth_and_torn_ends_do_no_harm() {
        let deep = "{\"childNodes\":[".repeat(100_000);
        for text in [deep.as_str(), "{\"a", "{\"a\":\"\\", "]]}}", "\"\\ud800\"", "{\"id\":1e999,\"tagName\":\"x\"}"] {
            Nodes::default().add(text.as_bytes()).unwrap();
        }
    }
}
