//! What the user typed: into a field for a secret it goes, wherever the record of the action repeats it.

use serde_json::Value;

use super::Redactor;
use super::path::Path;
use super::shape::{self, Sure};
use super::text::Form;
use crate::event::ActionRow;

/// Actions whose value was typed.
const TYPED: &[&str] = &[
    "fill",
    "type",
    "press",
    "change",
    "input",
    "keyDown",
    "keyUp",
    "keydown",
    "keyup",
    "keypress",
    "sendKeys",
    "insertText",
    "paste",
    "select",
    "submit",
];
/// Words of labels and selectors of fields for secrets.
const FIELDS: &[&str] = &[
    "password",
    "passwort",
    "kennwort",
    "contraseña",
    "senha",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "pin",
    "otp",
    "totp",
    "mfa",
    "2fa",
    "tan",
    "secret",
    "token",
    "apikey",
    "cvv",
    "cvc",
    "csc",
    "iban",
    "ssn",
    "cardnumber",
    "ccnumber",
    "creditcard",
    "securitycode",
    "verificationcode",
    "onetimecode",
    "cardno",
];
/// Two words of them that are one field together.
const PAIRS: &[[&str; 2]] = &[
    ["card", "number"],
    ["cc", "number"],
    ["cc", "csc"],
    ["cc", "exp"],
    ["credit", "card"],
    ["security", "code"],
    ["api", "key"],
    ["access", "key"],
    ["verification", "code"],
    ["time", "code"],
    ["sms", "code"],
    ["social", "security"],
    ["mot", "passe"],
    ["recovery", "code"],
    ["authentication", "code"],
];
/// Keys of a record that say which field it was.
const HINTS: &[&str] = &[
    "selector",
    "selectors",
    "target",
    "locator",
    "fieldId",
    "field",
    "name",
    "id",
    "inputType",
    "autocomplete",
    "placeholder",
    "element",
    "ariaLabel",
    "label",
    "subtitle",
    "comment",
    "xpath",
    "css",
    "attributes",
    "elementType",
];
/// Shorter values are replaced only where they stand alone or in quotes.
const SHORT: usize = 4;
/// How deep hints are looked for.
const DEPTH: u8 = 6;

impl Redactor {
    /// Removes what was typed into a field for a secret; in `strict`, into any.
    pub(super) fn typed(&mut self, row: &mut ActionRow, detail: &mut Value) {
        let row_hints = [&row.target, &row.label];
        // The label may be the call with its value.
        let value = row.value.clone().unwrap_or_default();
        let mut hinted = false;
        let mut sensitive = false;
        for hint in row_hints.into_iter().flatten() {
            hinted = true;
            sensitive |= is_field(hint, &value);
        }
        hints(detail, &value, DEPTH, &mut |hint| {
            hinted = true;
            sensitive |= is_field(hint, &value);
        });
        if row.target.is_some() || sensitive {
            self.focus = sensitive;
        } else if row.kind == "navigate" {
            self.focus = false;
        } else if !hinted || row.target.is_none() {
            // Keys go to the field that was used last.
            sensitive |= self.focus;
        }
        let is_typed = TYPED.contains(&row.kind.as_str());
        if !is_typed || !(sensitive || self.strict) || value.is_empty() || is_key(&row.kind, &value) {
            return;
        }
        if shape::is_stand_in(&value) && !value.starts_with(char::is_alphanumeric)
            || shape::is_tag(&value)
            || self.config.leaves(&value)
        {
            return;
        }
        let sure = if sensitive { Sure::Yes } else { Sure::No };
        let root = Path::root("row");
        let tag = self.remove(&value, "typed", sure, &root.key("value")).shown(Form::Text);
        row.value = Some(tag.clone());
        for text in [&mut row.label, &mut row.error].into_iter().flatten() {
            replace(text, &value, &tag);
        }
        let detail_root = Path::root("detail");
        self.replace_typed(detail, &value, &tag, &detail_root);
    }

    fn replace_typed(&mut self, detail: &mut Value, value: &str, tag: &str, path: &Path<'_>) {
        match detail {
            Value::String(text) => {
                if replace(text, value, tag) {
                    self.tally.count(self.at, path, "typed", 1);
                }
            }
            Value::Array(items) => {
                items
                    .iter_mut()
                    .enumerate()
                    .for_each(|(number, item)| self.replace_typed(item, value, tag, &path.item(number)));
            }
            Value::Object(map) => {
                for (key, item) in map.iter_mut() {
                    let names = ["type", "method", "class", "callId", "apiName"].contains(&key.as_str());
                    if !names || item.is_object() {
                        self.replace_typed(item, value, tag, &path.key(key));
                    }
                }
            }
            Value::Number(number) if number.as_str() == value && value.len() >= SHORT => {
                *detail = Value::String(tag.into())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Replaces a value in a text; says whether it stood there.
fn replace(text: &mut String, value: &str, tag: &str) -> bool {
    if text == value {
        tag.clone_into(text);
        return true;
    }
    let changed = if value.chars().count() >= SHORT {
        text.replace(value, tag)
    } else {
        ["\"", "'"].iter().fold(text.clone(), |text, quote| {
            text.replace(&format!("{quote}{value}{quote}"), &format!("{quote}{tag}{quote}"))
        })
    };
    let other = changed != *text;
    *text = changed;
    other
}

/// Calls back with every text that says which field a record is about.
fn hints(value: &Value, typed: &str, depth: u8, call: &mut dyn FnMut(&str)) {
    let Value::Object(map) = value else { return };
    if depth == 0 {
        return;
    }
    for (key, value) in map {
        if HINTS.contains(&key.as_str()) || key == "type" && value != typed && map.contains_key("tagName") {
            texts(value, depth, call);
        } else if ["params", "step", "detail", "target", "data", "node"].contains(&key.as_str()) {
            hints(value, typed, depth - 1, call);
        }
    }
}

fn texts(value: &Value, depth: u8, call: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => call(text),
        Value::Array(items) if depth > 0 => items.iter().for_each(|item| texts(item, depth - 1, call)),
        Value::Object(map) if depth > 0 => map.values().for_each(|item| texts(item, depth - 1, call)),
        _ => {}
    }
}

/// Whether a label or selector is of a field for a secret. What was typed does not count where it is repeated.
fn is_field(hint: &str, typed: &str) -> bool {
    let hint = if typed.len() >= SHORT { hint.replace(typed, "") } else { hint.to_owned() };
    let mut words: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for letter in hint.chars().take(2_000) {
        if !letter.is_alphanumeric() || letter.is_uppercase() && before.is_lowercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words.iter().any(|word| {
        FIELDS.contains(&word.trim_end_matches(|digit: char| digit.is_ascii_digit())) || FIELDS.contains(&word.as_str())
    }) || words.windows(2).any(|pair| PAIRS.iter().any(|[first, second]| pair[0] == *first && pair[1] == *second))
}

/// Whether a value is the name of a key that types nothing.
fn is_key(kind: &str, value: &str) -> bool {
    let key = kind.starts_with("key") || kind == "press";
    key && value.chars().count() > 1
        && value.split('+').all(|part| {
            part.chars().count() == 1
                || part.starts_with(char::is_uppercase) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
        && KEYS
            .iter()
            .any(|name| value.rsplit('+').next().is_some_and(|last| last.starts_with(name)) || value.contains('+'))
}

/// How names of such keys begin.
const KEYS: &[&str] = &[
    "Enter",
    "Tab",
    "Escape",
    "Backspace",
    "Delete",
    "Arrow",
    "Home",
    "End",
    "Page",
    "Shift",
    "Control",
    "Alt",
    "Meta",
    "Caps",
    "Insert",
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "F7",
    "F8",
    "F9",
    "Space",
    "Dead",
    "Unidentified",
    "Process",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_for_secrets_are_known_by_their_labels_and_selectors() {
        for hint in [
            "getByLabel('Password')",
            "#user_password",
            "internal:label=\"Card number\"i",
            "input[autocomplete=cc-csc]",
            "newPassword",
            "otp1",
            "PIN",
        ] {
            assert!(is_field(hint, ""), "{hint}");
        }
        for hint in ["#email", "Shopping cart", "getByLabel('Name')", "pinned", "#passenger", "standard"] {
            assert!(!is_field(hint, ""), "{hint}");
        }
        assert!(!is_field("Fill \"my password\"", "my password"));
    }

    #[test]
    fn keys_that_type_nothing_stay() {
        assert!(is_key("press", "Enter") && is_key("keyDown", "Control+a") && is_key("press", "ArrowDown"));
        assert!(!is_key("keyDown", "h") && !is_key("type", "Enter") && !is_key("press", "Hunter2"));
    }

    #[test]
    fn short_values_go_only_where_they_stand_alone() {
        let mut text = String::from("Fill \"12\" in 12 steps");
        assert!(replace(&mut text, "12", "T"));
        assert_eq!(text, "Fill \"T\" in 12 steps");
    }
}
