//! Values of parsed JSON: details of events and metadata, as their recorders shape them.

use serde_json::{Map, Value};

use super::Redactor;
use super::headers::Header;
use super::names::Name;
use super::path::Path;
use super::shape::{self, Sure};
use super::text::{Form, Kind};
use crate::walk::{member, member_mut};

/// Keys of objects that name what their neighbour `value` is.
const NAMES: [&str; 3] = ["name", "key", "header"];
/// Digits of numbers that cards may have.
const CARD: std::ops::RangeInclusive<usize> = 13..=19;

/// What the value of a member is by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Headers,
    Cookies,
    /// A header among other members, as logs of servers have them.
    Cookie,
    HeaderLines,
    Url,
    Body,
    /// A word of the recorders' own.
    Word,
    Named(Name),
}

impl Role {
    fn of(key: &str) -> Option<Self> {
        Some(match key {
            "headers" | "requestHeaders" | "responseHeaders" | "request_headers" | "response_headers"
            | "extraHTTPHeaders" => Self::Headers,
            "cookies" | "associatedCookies" | "blockedCookies" | "exemptedCookies" | "requestCookies"
            | "responseCookies" => Self::Cookies,
            "cookie" | "Cookie" | "set-cookie" | "Set-Cookie" => Self::Cookie,
            "headersText" | "requestHeadersText" => Self::HeaderLines,
            "url" | "redirectURL" | "href" | "referrer" | "uri" | "documentURL" | "_documentURL" | "path" | "to"
            | "from" => Self::Url,
            "body" | "_body" | "requestBody" | "responseBody" | "request_body" | "response_body" | "postData"
            | "payload" => Self::Body,
            "startedDateTime" | "httpVersion" | "mimeType" | "method" | "statusText" | "status" | "timings"
            | "_resourceType" | "functionName" => Self::Word,
            _ => return None,
        })
    }
}

/// What the members of an object tell of each other.
#[derive(Clone, Copy, Debug, Default)]
struct Telling {
    has_body: bool,
    /// Whether there is a text, and whether there is a value.
    text: bool,
    value: bool,
    is_cookie: bool,
    binary: bool,
}

impl Telling {
    fn of(map: &Map<String, Value>) -> Self {
        let mut telling = Self::default();
        for (key, value) in map {
            match key.as_str() {
                "mimeType" => telling.has_body = true,
                "text" => telling.text = value.is_string(),
                "value" => telling.value = true,
                "httpOnly" | "sameSite" => telling.is_cookie = true,
                "opcode" => telling.binary = value.as_i64() == Some(2),
                _ => {}
            }
        }
        telling
    }
}

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
        let Telling { has_body, text, value, is_cookie, binary } = Telling::of(map);
        if has_body && text {
            self.content(map, path);
        }
        let named = if value { self.neighbour(map) } else { Name::Plain };
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
        let name = NAMES.iter().find_map(|key| member(map, key).and_then(Value::as_str));
        name.map_or(Name::Plain, |name| self.names.judge(name))
    }

    /// Another key for one that is a secret itself, as in maps by token.
    fn renamed(&mut self, key: &str, path: &Path<'_>) -> Option<String> {
        let short = key.len() < 16 && !(self.strict && key.contains('@'));
        if short && (key.len() < 8 || key.bytes().filter(u8::is_ascii_digit).count() < 8) {
            return None;
        }
        self.scrubbed(key, Kind::Any, path)
    }

    fn member(&mut self, key: &str, value: &mut Value, path: &Path<'_>) {
        if self.config.has_pointers() && self.pointed(value, path) {
            return;
        }
        let role = self.role(key);
        match (role, &mut *value) {
            (Role::Headers, _) => self.headers(value, path),
            (Role::Cookies, _) => self.cookies(value, path),
            (Role::Cookie, Value::String(_)) => self.header_value(key, value, path),
            (Role::HeaderLines, _) => self.header_lines(value, path),
            (Role::Url, Value::String(text)) => self.text(text, Kind::Url, path),
            (Role::Body, Value::String(text)) => self.body(text, Kind::Body, false, path),
            (Role::Word, Value::String(text)) if is_own_word(text) => {}
            (Role::Cookie, _) => {
                let said = self.names.judge(key);
                self.said(said, value, path);
            }
            (Role::Named(said), _) if said != Name::Plain => self.said(said, value, path),
            _ => self.value(value, path),
        }
    }

    fn role(&mut self, key: &str) -> Role {
        if let Some(known) = self.roles.get(key) {
            return known;
        }
        let role = Role::of(key).unwrap_or_else(|| Role::Named(self.names.judge(key)));
        self.roles.put(key, role);
        role
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
                        Value::Object(map) if member(map, "name").and(member(map, "value")).is_some() => {
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
        let mut value = member_mut(map, "value").map(Value::take).unwrap_or_default();
        let name = member(map, "name").and_then(Value::as_str).unwrap_or_default();
        self.header_value(name, &mut value, &path.key("value"));
        if let Some(place) = member_mut(map, "value") {
            *place = value;
        }
        if let Some(Value::String(name)) = member_mut(map, "name")
            && self.of_header(name) != Header::Listed
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
    item.as_str().or_else(|| member(item.as_object()?, "value").and_then(Value::as_str))
}

/// Whether a text could have been chosen as a secret: one word, and not of letters only.
fn is_chosen(text: &str) -> bool {
    text.len() >= 4
        && !text.contains(char::is_whitespace)
        && text.bytes().any(|byte| !byte.is_ascii_alphabetic() && !b"_-.".contains(&byte))
}
