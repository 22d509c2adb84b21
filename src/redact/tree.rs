//! Values of parsed JSON: details of events and metadata, as their recorders shape them.

use serde_json::{Map, Value};

use super::Redactor;
use super::headers;
use super::names::Name;
use super::path::Path;
use super::shape::{self, Sure};
use super::text::{Form, Kind};

/// Keys of objects that name what their neighbour `value` is.
const NAMES: [&str; 3] = ["name", "key", "header"];
/// Digits of numbers that cards may have.
const CARD: std::ops::RangeInclusive<usize> = 13..=19;

impl Redactor {
    /// Removes what is secret in a value.
    pub(super) fn value(&mut self, value: &mut Value, path: &Path<'_>) {
        match value {
            Value::String(text) => self.text(text, Kind::Any, path),
            Value::Array(items) => self.items(items, path),
            Value::Object(map) => self.map(map, path),
            Value::Number(number) => {
                let digits = number.as_str();
                if CARD.contains(&digits.len())
                    && digits.bytes().all(|byte| byte.is_ascii_digit())
                    && let Some(changed) = self.scrubbed(digits, Kind::Code, path)
                {
                    *value = Value::String(changed);
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    pub(super) fn map(&mut self, map: &mut Map<String, Value>, path: &Path<'_>) {
        if map.contains_key("mimeType") && map.get("text").is_some_and(Value::is_string) {
            self.content(map, path);
        }
        let named = self.neighbour(map);
        let is_cookie = map.contains_key("httpOnly") || map.contains_key("sameSite");
        let has_body = map.contains_key("mimeType");
        let binary = map.get("opcode").and_then(Value::as_i64) == Some(2);
        for (key, value) in map.iter_mut() {
            let at = path.key(key);
            match key.as_str() {
                "text" if has_body && value.is_string() => {}
                "value" if is_cookie => {
                    if let Value::String(text) = value {
                        self.whole(text, "cookie", Sure::Yes, &at);
                    }
                }
                "value" if named != Name::Plain => self.said(named, value, &at),
                "data" if binary => {
                    if let Value::String(text) = value {
                        self.body(text, Kind::Any, true, &at);
                    }
                }
                _ => self.member(key, value, &at),
            }
        }
        self.rename(map, path);
    }

    /// Gives other keys to members whose keys are secrets themselves.
    fn rename(&mut self, map: &mut Map<String, Value>, path: &Path<'_>) {
        let mut renamed = Vec::new();
        for (number, key) in map.keys().enumerate() {
            renamed.extend(self.renamed(key, path).map(|other| (number, other)));
        }
        if !renamed.is_empty() {
            let mut renamed = renamed.into_iter().peekable();
            let entries = std::mem::take(map).into_iter().enumerate();
            let other = |(number, (key, value))| match renamed.next_if(|(place, _)| *place == number) {
                Some((_, key)) => (key, value),
                None => (key, value),
            };
            *map = entries.map(other).collect();
        }
    }

    /// What an object's name says of its value.
    fn neighbour(&mut self, map: &Map<String, Value>) -> Name {
        if !map.contains_key("value") {
            return Name::Plain;
        }
        let name = NAMES.iter().find_map(|key| map.get(*key).and_then(Value::as_str));
        name.map_or(Name::Plain, |name| self.names.judge(name))
    }

    /// Another key for one that is a secret itself, as in maps by token.
    fn renamed(&mut self, key: &str, path: &Path<'_>) -> Option<String> {
        let short = key.len() < 16 && !(self.strict && key.contains('@'));
        if short && key.bytes().filter(u8::is_ascii_digit).count() < 8 {
            return None;
        }
        self.scrubbed(key, Kind::Any, path)
    }

    fn member(&mut self, key: &str, value: &mut Value, path: &Path<'_>) {
        if self.config.has_pointers() && self.pointed(value, path) {
            return;
        }
        match key {
            "headers" | "requestHeaders" | "responseHeaders" | "request_headers" | "response_headers"
            | "extraHTTPHeaders" => {
                self.headers(value, path);
            }
            "cookies" | "associatedCookies" | "blockedCookies" | "exemptedCookies" | "requestCookies"
            | "responseCookies" => {
                self.cookies(value, path);
            }
            // As logs of servers have them, without headers around.
            "cookie" | "Cookie" | "set-cookie" | "Set-Cookie" if value.is_string() => {
                self.header_value(key, value, path)
            }
            "headersText" | "requestHeadersText" => self.header_lines(value, path),
            "url" | "redirectURL" | "href" | "referrer" | "uri" | "documentURL" | "_documentURL" | "path" | "to"
            | "from" => match value {
                Value::String(text) => self.text(text, Kind::Url, path),
                other => self.value(other, path),
            },
            "body" | "_body" | "requestBody" | "responseBody" | "request_body" | "response_body" | "postData"
            | "payload" => match value {
                Value::String(text) => self.body(text, Kind::Body, false, path),
                other => self.value(other, path),
            },
            // Words of the recorders' own.
            "startedDateTime" | "httpVersion" | "mimeType" | "method" | "statusText" | "status" | "timings"
            | "_resourceType" | "functionName" => {
                if !value.as_str().is_some_and(is_own_word) {
                    self.value(value, path);
                }
            }
            _ => match self.names.judge(key) {
                Name::Plain => self.value(value, path),
                said => self.said(said, value, path),
            },
        }
    }

    /// A value of which its name says that it is secret.
    pub(super) fn said(&mut self, said: Name, value: &mut Value, path: &Path<'_>) {
        match (said, value) {
            (Name::Secret("authorization"), Value::String(text)) => {
                let mut owned = std::mem::take(text);
                self.header("authorization", &mut owned, path);
                *text = owned;
            }
            (Name::Secret(_), Value::String(text)) if shape::is_prose(text) => self.text(text, Kind::Any, path),
            (Name::Secret(rule), Value::String(text)) => self.whole(text, rule, Sure::Yes, path),
            (Name::Perhaps(rule), Value::String(text)) if shape::is_likely(text) => {
                self.whole(text, rule, Sure::Yes, path)
            }
            (Name::Secret(rule @ ("password" | "card" | "code" | "named")), value @ Value::Number(_)) => {
                let digits = value.to_string();
                if digits.len() >= 3 {
                    let tag = self.remove(&digits, rule, Sure::Yes, path);
                    *value = Value::String(tag.shown(Form::Text));
                }
            }
            (Name::Secret(_), Value::Array(items)) if items.iter().any(Value::is_string) => {
                for (number, item) in items.iter_mut().enumerate() {
                    self.said(said, item, &path.item(number));
                }
            }
            // The value of an object preview, or of a remote value.
            (Name::Secret(_), Value::Object(map)) if map.get("value").is_some_and(Value::is_string) => {
                if let Some(value) = map.get_mut("value") {
                    self.said(said, value, &path.key("value"));
                }
                self.map(map, path);
            }
            (Name::Secret("password"), Value::Object(map)) => {
                for (key, value) in map.iter_mut() {
                    self.said(said, value, &path.key(key));
                }
            }
            (_, value) => self.value(value, path),
        }
    }

    /// Removes a string as a whole, unless nothing is there to remove.
    pub(super) fn whole(&mut self, text: &mut String, rule: &'static str, sure: Sure, path: &Path<'_>) {
        self.tally.looked_at += 1;
        if shape::is_stand_in(text) || self.config.leaves(text) {
            return;
        }
        let value = if rule == "cookie" { super::text::Coding::Percent.decode(text) } else { text.as_str().into() };
        *text = self.remove(&value, rule, sure, path).shown(Form::Text);
    }

    /// Items of a list: pairs of a name and its value, and arguments of which one names the next.
    fn items(&mut self, items: &mut [Value], path: &Path<'_>) {
        let mut said = Name::Plain;
        for (number, item) in items.iter_mut().enumerate() {
            let at = path.item(number);
            match std::mem::replace(&mut said, self.announced(item)) {
                Name::Secret(rule) if argument(item).is_some_and(is_chosen) => self.said(Name::Secret(rule), item, &at),
                _ => self.value(item, &at),
            }
        }
    }

    /// What a text that ends with a name says of the one behind it: `password:`.
    fn announced(&mut self, item: &Value) -> Name {
        let Some(text) = argument(item).filter(|text| text.len() <= 80) else { return Name::Plain };
        let text = text.trim_end_matches([':', '=', ' ', '>']);
        let start = text
            .rfind(|letter: char| !letter.is_ascii_alphanumeric() && !"_-".contains(letter))
            .map_or(0, |end| end + 1);
        text.get(start..).map_or(Name::Plain, |name| self.names.judge(name))
    }

    /// Headers in whatever way a recorder writes them.
    pub(super) fn headers(&mut self, headers: &mut Value, path: &Path<'_>) {
        match headers {
            Value::Array(items) => {
                for (number, item) in items.iter_mut().enumerate() {
                    let at = path.item(number);
                    match item {
                        Value::Object(map) if map.contains_key("name") && map.contains_key("value") => {
                            self.named_header(map, &at)
                        }
                        Value::Object(_) => self.headers(item, &at),
                        Value::Array(pair) => {
                            if let [Value::String(name), Value::String(value)] = &mut pair[..] {
                                self.header(name, value, &at.item(1));
                            } else {
                                self.items(pair, &at);
                            }
                        }
                        other => self.value(other, &at),
                    }
                }
            }
            Value::Object(map) => {
                for (name, value) in map.iter_mut() {
                    self.header_value(name, value, &path.key(name));
                }
                self.rename(map, path);
            }
            Value::String(_) => self.header_lines(headers, path),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn named_header(&mut self, map: &mut Map<String, Value>, path: &Path<'_>) {
        let mut value = map.get_mut("value").map(Value::take).unwrap_or_default();
        let name = map.get("name").and_then(Value::as_str).unwrap_or_default();
        self.header_value(name, &mut value, &path.key("value"));
        if let Some(place) = map.get_mut("value") {
            *place = value;
        }
        if let Some(Value::String(name)) = map.get_mut("name")
            && !headers::is_listed(name)
            && let Some(other) = self.renamed(name, path)
        {
            *name = other;
        }
        if map.len() > 2 {
            map.iter_mut()
                .filter(|(key, _)| *key != "name" && *key != "value")
                .for_each(|(key, value)| self.member(key, value, &path.key(key)));
            self.rename(map, path);
        }
    }

    fn header_value(&mut self, name: &str, value: &mut Value, path: &Path<'_>) {
        match value {
            Value::String(text) => self.header(name, text, path),
            Value::Array(items) => {
                items
                    .iter_mut()
                    .enumerate()
                    .for_each(|(number, item)| self.header_value(name, item, &path.item(number)));
            }
            Value::Object(map) => map
                .iter_mut()
                .filter(|(key, _)| *key == "value")
                .for_each(|(_, value)| self.header_value(name, value, path)),
            Value::Number(_) | Value::Null | Value::Bool(_) => {}
        }
    }

    /// Headers as they went over the wire.
    fn header_lines(&mut self, value: &mut Value, path: &Path<'_>) {
        let Value::String(text) = value else { return };
        let lines = text.split_inclusive('\n').map(|line| {
            let plain = line.trim_end_matches(['\r', '\n']);
            let Some((name, held)) = plain.split_once(':').filter(|(name, _)| !name.is_empty() && !name.contains(' '))
            else {
                return self.scrubbed(line, Kind::Any, path).unwrap_or_else(|| line.to_owned());
            };
            let mut held = held.trim_start().to_owned();
            self.header(name, &mut held, path);
            format!("{name}: {held}{}", &line[plain.len()..])
        });
        *text = lines.collect();
    }
}

/// Whether a text is one of the words and dates that recorders use: too plain to hide anything in.
fn is_own_word(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b" /.+;_-".contains(&byte);
    let date = text.len() <= 35
        && text.as_bytes().get(4) == Some(&b'-')
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"TZ:.+-".contains(&byte));
    date || text.len() <= 40 && (digits == 0 || digits < 4 && text.len() <= 12) && text.bytes().all(plain)
}

/// The text of a console's argument.
fn argument(item: &Value) -> Option<&str> {
    item.as_str().or_else(|| item.get("value").and_then(Value::as_str))
}

/// Whether a text could have been chosen as a secret: one word, and not of letters only.
fn is_chosen(text: &str) -> bool {
    text.len() >= 4
        && !text.contains(char::is_whitespace)
        && text.bytes().any(|byte| !byte.is_ascii_alphabetic() && !b"_-.".contains(&byte))
}
