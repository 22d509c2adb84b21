//! Cookies as what they are: names and attributes stay, values go.

use serde_json::Value;

use super::Redactor;
use super::names::Name;
use super::path::Path;
use super::shape::{self, Sure};
use super::text::{Coding, Edit, Form};

/// Words of which one is in the name of a cookie that keeps how a page is to look.
const PREFERENCES: [&str; 7] = ["theme", "scheme", "locale", "language", "lang", "currency", "timezone"];
/// Longest value of such a cookie.
const PREFERENCE: usize = 24;

/// Longest name of a cookie.
const NAME: usize = 256;

impl Redactor {
    /// Removes the values of a `Cookie` header.
    pub(super) fn cookie_header(&mut self, value: &mut String, path: &Path<'_>) {
        let mut edits = Vec::new();
        let mut start = 0;
        for pair in value.split(';') {
            self.cookie_pair(pair, start, &mut edits);
            start += pair.len() + 1;
        }
        self.edit(value, edits, path);
    }

    /// Removes the values of one or more `Set-Cookie` headers, a line each; attributes stay.
    pub(super) fn set_cookie_header(&mut self, value: &mut String, path: &Path<'_>) {
        let mut edits = Vec::new();
        let mut start = 0;
        for line in value.split('\n') {
            self.cookie_pair(line.split(';').next().unwrap_or_default(), start, &mut edits);
            start += line.len() + 1;
        }
        self.edit(value, edits, path);
    }

    fn cookie_pair(&mut self, pair: &str, start: usize, edits: &mut Vec<Edit>) {
        let Some((name, value)) = pair.split_once('=') else {
            if !shape::is_stand_in(pair) {
                edits.push(Edit::secret(start..start + pair.len(), "cookie", Sure::Half, Coding::Percent, Form::Text));
            }
            return;
        };
        let from = start + name.len() + 1;
        let (trimmed, from) = match value.trim().strip_prefix('"') {
            Some(inner) => (inner.trim_end_matches('"'), from + value.find('"').unwrap_or(0) + 1),
            None => (value.trim(), from + (value.len() - value.trim_start().len())),
        };
        if !shape::is_stand_in(trimmed) && !self.config.leaves(trimmed) && !self.is_preference(name.trim(), trimmed) {
            let sure = self.cookie_sure(name.trim());
            edits.push(Edit::secret(from..from + trimmed.len(), "cookie", sure, Coding::Percent, Form::Text));
        }
    }

    /// How sure it is that a cookie is a credential.
    fn cookie_sure(&mut self, name: &str) -> Sure {
        let named = name.len() < NAME && self.names.judge(name) != Name::Plain;
        if named { Sure::Yes } else { Sure::Half }
    }

    /// Whether a cookie only says how a page is to look: plain words under a name for that, as `theme=dark`. They stay
    /// but in `strict`.
    fn is_preference(&mut self, name: &str, value: &str) -> bool {
        let mut words = value.split(['-', '_', '/']);
        let plain = |word: &str| (1..=12).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphabetic());
        if self.strict || value.len() > PREFERENCE || !words.all(plain) {
            return false;
        }
        let mut words = name.split(|c: char| !c.is_ascii_alphabetic());
        let named = words.any(|word| PREFERENCES.iter().any(|known| word.eq_ignore_ascii_case(known)));
        // Whatever else is said of the name counts more.
        named && self.cookie_sure(name) == Sure::Half
    }

    /// Removes the values of cookies in whatever way a recorder writes them.
    pub(super) fn cookies(&mut self, cookies: &mut Value, path: &Path<'_>) {
        match cookies {
            Value::String(text) => self.cookie_header(text, path),
            Value::Array(items) => {
                for (number, item) in items.iter_mut().enumerate() {
                    self.cookies(item, &path.item(number));
                }
            }
            Value::Object(map) if map.contains_key("value") => self.cookie(cookies, path),
            Value::Object(map) => {
                let recorded = ["cookie", "cookieLine", "blockedReasons"].iter().any(|key| map.contains_key(*key));
                for (name, value) in map.iter_mut() {
                    let at = path.key(name);
                    match value {
                        _ if recorded && name == "cookieLine" => self.line(value, &at),
                        _ if recorded && name != "cookie" => self.value(value, &at),
                        Value::String(text) if self.is_preference(name, text) => {}
                        Value::String(text) => {
                            let sure = self.cookie_sure(name);
                            self.whole(text, "cookie", sure, &at);
                        }
                        _ => self.cookies(value, &at),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn line(&mut self, value: &mut Value, path: &Path<'_>) {
        if let Value::String(line) = value {
            self.set_cookie_header(line, path);
        }
    }

    /// Removes the value of a cookie that is an object with its attributes.
    pub(super) fn cookie(&mut self, cookie: &mut Value, path: &Path<'_>) {
        let Value::Object(map) = cookie else { return };
        let name = map.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let sure = self.cookie_sure(&name);
        for (key, value) in map.iter_mut() {
            let at = path.key(key);
            match value {
                Value::String(text) if key == "value" && self.is_preference(&name, text) => {}
                Value::String(text) if key == "value" => self.whole(text, "cookie", sure, &at),
                Value::Object(inner) if key == "value" => {
                    if let Some(Value::String(text)) = inner.get_mut("value") {
                        self.whole(text, "cookie", sure, &at.key("value"));
                    }
                }
                _ if key == "name" => {}
                _ => self.value(value, &at),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::redact::{Config, Level};

    /// Cookies as a header and as an object after redaction.
    fn after(redactor: &mut Redactor, header: &str, listed: Value) -> (String, Value) {
        let path = Path::root("network");
        let (mut header, mut listed) = (header.to_owned(), listed);
        redactor.cookie_header(&mut header, &path);
        redactor.cookies(&mut listed, &path);
        (header, listed)
    }

    #[test]
    fn those_for_the_looks_of_a_page_stay() {
        let mut standard = Redactor::new(Level::Standard, Config::default());
        for kept in ["theme=dark", "app_theme=high-contrast; NEXT_LOCALE=de-DE", "timezone=Europe/Berlin"] {
            assert_eq!(after(&mut standard, kept, json!({})).0, kept);
        }
        for gone in ["theme=s3cr3t", "theme=abcdefghijklmnopqrs", "sid=dark", "lang=a b", "a=dark", "theme_token=dark"]
        {
            assert_ne!(after(&mut standard, gone, json!({})).0, gone);
        }
        let listed = json!([{ "name": "lang", "value": "de" }, { "theme": "dark" }]);
        assert_eq!(after(&mut standard, "", listed.clone()).1, listed);
    }

    #[test]
    fn but_not_when_the_sharer_says_so() {
        let named = Config::parse("[names]\nadd = [\"theme\"]\n", "r.toml").unwrap();
        for (level, config) in [(Level::Strict, Config::default()), (Level::Standard, named)] {
            let (header, listed) = after(&mut Redactor::new(level, config), "theme=dark", json!({ "theme": "dark" }));
            assert!(!header.contains("dark") && !listed.to_string().contains("dark"), "{header} {listed}");
        }
    }
}
