//! What the command line adds to the Info panel.

use serde_json::{Map, Value};

use crate::cli::Export;
use crate::error::Error;
use crate::recording::Recording;

/// Metadata from the command line.
#[derive(Debug)]
pub(super) struct Extra {
    tree: Map<String, Value>,
    custom: Map<String, Value>,
}

impl Extra {
    pub(super) fn read(options: &Export) -> Result<Self, Error> {
        let tree = match &options.metadata {
            Some(path) => {
                let text = std::fs::read(path).map_err(Error::io("cannot read", path))?;
                match serde_json::from_slice(text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text)) {
                    Ok(Value::Object(tree)) => tree,
                    Ok(_) => {
                        return Err(Error::input(format!("{} is not a JSON object", path.display()), "wrap it in { }"));
                    }
                    Err(error) => {
                        return Err(Error::input(
                            format!("{} is not JSON: {error}", path.display()),
                            "mend it, or leave out --metadata",
                        ));
                    }
                }
            }
            None => Map::new(),
        };
        let mut custom = Map::new();
        for pair in &options.meta {
            let (key, value) = pair.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or_else(|| {
                Error::usage(
                    format!("--meta {pair:?} has no key and value"),
                    "write --meta KEY=VALUE, as in --meta ticket=4711",
                )
            })?;
            custom.insert(key.into(), value.into());
        }
        Ok(Self { tree, custom })
    }

    pub(super) fn apply(&self, options: &Export, recording: &mut Recording) {
        merge(&mut recording.metadata, self.tree.clone());
        if !self.custom.is_empty() {
            let custom = Map::from_iter([("custom".to_owned(), Value::Object(self.custom.clone()))]);
            merge(&mut recording.metadata, custom);
        }
        if options.title.is_some() {
            recording.title.clone_from(&options.title);
        }
        if options.note.is_some() {
            recording.note.clone_from(&options.note);
        }
    }
}

/// Adds a tree to another; where both have objects they are joined, else the added value wins.
fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Object(held)), Value::Object(added)) => merge(held, added),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}
