//! Plants secrets into files: into one kind of place after the other, so that what is broken by it stays whole else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// A file that can be planted in.
pub(crate) struct Bed {
    pub(crate) path: PathBuf,
    kind: Kind,
}

enum Kind {
    /// One document, or one a line.
    Json(Vec<Value>),
    Text(String),
}

impl Bed {
    /// Reads a file; `None` when it is neither JSON nor text.
    pub(crate) fn read(path: &Path) -> Option<Self> {
        let bytes = fs::read(path).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        if text.contains('\0') {
            return None;
        }
        let clean = text.trim_start_matches('\u{feff}');
        let kind = match serde_json::from_str(clean) {
            Ok(document) => Kind::Json(vec![document]),
            Err(_) => {
                let lines: Result<Vec<Value>, _> =
                    clean.lines().filter(|line| !line.trim().is_empty()).map(serde_json::from_str).collect();
                lines.map_or(Kind::Text(text), Kind::Json)
            }
        };
        Some(Self { path: path.to_owned(), kind })
    }

    /// Places to plant in: of members, their names from the root; of text, one for all lines.
    pub(crate) fn places(&self) -> BTreeSet<String> {
        let mut places = BTreeSet::new();
        match &self.kind {
            Kind::Json(documents) => {
                documents.iter().for_each(|document| list(document, &mut String::new(), &mut places))
            }
            Kind::Text(_) => drop(places.insert("line".into())),
        }
        places
    }

    /// The file with a text planted in every place of a name.
    pub(crate) fn planted(&self, place: &str, text: &str) -> String {
        match &self.kind {
            Kind::Text(lines) => lines
                .lines()
                .map(|line| if line.is_empty() { "\n".into() } else { format!("{line} {text}\n") })
                .collect(),
            Kind::Json(documents) => {
                let one = |document: &Value| {
                    let mut document = document.clone();
                    plant(&mut document, &mut String::new(), place, text);
                    document.to_string() + "\n"
                };
                documents.iter().map(one).collect()
            }
        }
    }
}

fn list(value: &Value, path: &mut String, places: &mut BTreeSet<String>) {
    visit(value, path, &mut |value, path| match value {
        Value::String(_) => drop(places.insert(path.to_owned())),
        Value::Object(_) => drop(places.insert(format!("{path}/+"))),
        _ => {}
    });
}

fn visit(value: &Value, path: &mut String, seen: &mut dyn FnMut(&Value, &str)) {
    seen(value, path);
    let length = path.len();
    match value {
        Value::Array(items) => items.iter().for_each(|item| {
            path.push_str("/*");
            visit(item, path, seen);
            path.truncate(length);
        }),
        Value::Object(members) => members.iter().for_each(|(key, item)| {
            path.push('/');
            path.push_str(key);
            visit(item, path, seen);
            path.truncate(length);
        }),
        _ => {}
    }
}

fn plant(value: &mut Value, path: &mut String, place: &str, text: &str) {
    if let Value::String(held) = value
        && path == place
    {
        // A path or an address stays one.
        let sign = if held.contains("://") && !text.contains(' ') { '/' } else { ' ' };
        held.push(sign);
        held.push_str(text);
    }
    let length = path.len();
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| {
            path.push_str("/*");
            plant(item, path, place, text);
            path.truncate(length);
        }),
        Value::Object(members) => {
            let own = format!("{path}/+") == place;
            members.iter_mut().for_each(|(key, item)| {
                path.push('/');
                path.push_str(key);
                plant(item, path, place, text);
                path.truncate(length);
            });
            if own {
                add(members, text);
            }
        }
        _ => {}
    }
}

/// A member that no program knows, and one whose name is the secret.
fn add(members: &mut Map<String, Value>, text: &str) {
    members.insert("remark".into(), Value::from(format!("see {text}")));
    members.insert(format!("for {text}"), Value::from(1));
}
