//! What made the page ask: one form for the ways in which tools write it.

use serde_json::{Value, json as object};

use crate::import::json;

/// Bytes of an initiator in a text of its own.
const DETAIL: usize = 64 * 1024;

/// Makes `_initiator` the object that developer tools write. `WebPagetest` and Browsertime have a URL there, a line
/// counted from 1 beside it, and at best the object as a text elsewhere.
pub(super) fn unify(entry: &mut Value) {
    if entry.get("_initiator").is_some_and(Value::is_object) {
        return;
    }
    let whole = json::text(entry, &["_initiator_detail"]).filter(|text| text.len() <= DETAIL);
    let whole = whole.and_then(|text| json::parse_object(text.as_bytes()).ok());
    let Some(initiator) = whole.or_else(|| assembled(entry)) else { return };
    if let Value::Object(entry) = entry {
        entry.insert("_initiator".into(), initiator);
        entry.shift_remove("_initiator_detail");
    }
}

fn assembled(entry: &Value) -> Option<Value> {
    let url = json::string(entry, &["_initiator"])?;
    let kind = json::string(entry, &["_initiator_type"]).unwrap_or_else(|| "other".into());
    let line = json::number(entry, &["_initiator_line"]).and_then(json::whole).and_then(|line| line.checked_sub(1));
    Some(match line {
        Some(line) => object!({ "type": kind, "url": url, "lineNumber": line }),
        None => object!({ "type": kind, "url": url }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_becomes_one() {
        let unified = |mut entry: Value| {
            unify(&mut entry);
            entry["_initiator"].take()
        };
        let own = object!({"type": "script", "stack": {"callFrames": []}});
        assert_eq!(unified(object!({"_initiator": own, "_initiator_detail": "{}"})), own);
        assert_eq!(unified(object!({"_initiator": "u", "_initiator_detail": own.to_string()})), own);
        let line = object!({"_initiator": "u", "_initiator_line": "12", "_initiator_type": "parser"});
        assert_eq!(unified(line), object!({"type": "parser", "url": "u", "lineNumber": 11}));
        assert_eq!(unified(object!({"_initiator": "u", "_initiator_line": 0})), object!({"type": "other", "url": "u"}));
        assert_eq!(unified(object!({"_initiator_detail": "["})), Value::Null);
    }
}
