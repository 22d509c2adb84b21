//! Addresses: passwords before the host, telling parameters, tokens in paths and behind `#`.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Redactor;
use super::config::Part;
use super::detect::Set;
use super::names::Name;
use super::path::Path;
use super::shape::{self, Sure};
use super::text::{Coding, Edit, Form, Kind};

/// Segments of a path behind which what follows lets in whoever knows it.
const BEFORE_TOKENS: &[&str] = &[
    "activate",
    "activation",
    "confirm",
    "confirmation",
    "invitation",
    "invitations",
    "invite",
    "invites",
    "magic",
    "magic-link",
    "password-reset",
    "reset",
    "reset-password",
    "share",
    "token",
    "tokens",
    "unsubscribe",
    "verify",
    "verify-email",
];
/// What stands behind the scheme of an address.
static SCHEME_END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("://"));
/// Bytes that end an address in a text.
static ENDS: Set = Set::of(" \t\r\n\"'`<>\\^{}|()[],");
/// Bytes of the longest address that is looked into.
const LONGEST: usize = 64 * 1024;

impl Redactor {
    /// Finds the addresses in a text, and what is secret in them.
    pub(super) fn urls(&mut self, text: &str, path: &Path<'_>, edits: &mut Vec<Edit>) {
        let bytes = text.as_bytes();
        let mut done = 0;
        for place in SCHEME_END.find_iter(bytes) {
            if place < done || place == 0 || !bytes[place - 1].is_ascii_alphanumeric() {
                continue;
            }
            let is_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
            let start =
                bytes[done..place].iter().rposition(|byte| !is_scheme(byte)).map_or(done, |other| done + other + 1);
            let rest = &bytes[place..bytes.len().min(place + LONGEST)];
            let end = place + rest.iter().position(|byte| ENDS.has(*byte) || !byte.is_ascii()).unwrap_or(rest.len());
            let end = end - bytes[place + 3..end].iter().rev().take_while(|byte| b".;:!?*".contains(byte)).count();
            if text.is_char_boundary(end) && needs_a_look(&bytes[place + 3..end]) || !self.config.urls.is_empty() {
                self.url(text, start..end, path, edits);
            }
            done = end;
        }
    }

    /// What is secret in one address, which may begin with its path.
    pub(super) fn url(&mut self, text: &str, range: Range<usize>, path: &Path<'_>, edits: &mut Vec<Edit>) {
        let url = &text[range.clone()];
        if url.starts_with("data:") || url.starts_with("blob:") && !url.contains('?') {
            return;
        }
        let dropped = self.config.dropped(url);
        let (rest, fragment) = split(range.start, url, '#');
        let (rest, query) = split(range.start, rest, '?');
        let authority = rest.find("://").map(|scheme| scheme + 3);
        let host_end = authority.map_or(0, |start| rest[start..].find('/').map_or(rest.len(), |slash| start + slash));
        if let Some(start) = authority
            && let Some(at) = rest[start..host_end].rfind('@')
        {
            let from = range.start + start;
            self.userinfo(&rest[start..start + at], from, dropped.contains(&Part::Userinfo), edits);
        }
        if dropped.contains(&Part::Path) && host_end < rest.len() {
            edits.push(whole(range.start + host_end + 1..range.start + rest.len(), "url-path"));
        } else {
            self.segments(rest, host_end, range.start, edits);
        }
        if let Some((start, query)) = query {
            match dropped.contains(&Part::Query) {
                true => edits.push(whole(start..start + query.len(), "url-query")),
                false => self.pairs(text, start..start + query.len(), path, edits),
            }
        }
        if let Some((start, fragment)) = fragment {
            match dropped.contains(&Part::Fragment) || self.strict && !fragment.starts_with(['/', '!']) {
                true => edits.push(whole(start..start + fragment.len(), "url-fragment")),
                false => self.fragment(text, start..start + fragment.len(), path, edits),
            }
        }
    }

    fn userinfo(&mut self, info: &str, start: usize, all: bool, edits: &mut Vec<Edit>) {
        let (user, password) = info.split_once(':').map_or((info, None), |(user, password)| (user, Some(password)));
        if all || password.is_none_or(str::is_empty) || shape::is_likely(user) {
            edits.push(Edit::secret(start..start + user.len(), "url-userinfo", Sure::Half, Coding::Percent, Form::Url));
        }
        if let Some(password) = password {
            let from = start + user.len() + 1;
            edits.push(Edit::secret(
                from..from + password.len(),
                "url-userinfo",
                Sure::Yes,
                Coding::Percent,
                Form::Url,
            ));
        }
    }

    /// Segments of a path that are tokens, and parameters in them (`;jsessionid=…`).
    fn segments(&mut self, rest: &str, from: usize, start: usize, edits: &mut Vec<Edit>) {
        let mut before = "";
        let mut place = from;
        for segment in rest[from..].split('/') {
            let at = start + place;
            place += segment.len() + 1;
            let (plain, parameters) =
                segment.split_once(';').map_or((segment, None), |(plain, rest)| (plain, Some(rest)));
            let told = BEFORE_TOKENS.iter().any(|word| word.eq_ignore_ascii_case(before));
            let likely = told && plain.len() >= 16 && (shape::is_likely(plain) || shape::is_uuid(plain));
            if plain.len() >= 16 && (likely || shape::is_token(plain)) && !is_file(plain) {
                let sure = if likely { Sure::Yes } else { Sure::Half };
                edits.push(Edit::secret(at..at + plain.len(), "url-path", sure, Coding::Percent, Form::Url));
            }
            if let Some((name, value)) = parameters.and_then(|parameters| parameters.split_once('=')) {
                let from = at + plain.len() + 1 + name.len() + 1;
                if let Name::Secret(rule) | Name::Perhaps(rule) = self.names.judge(name) {
                    edits.push(Edit::secret(from..from + value.len(), rule, Sure::Yes, Coding::Percent, Form::Url));
                }
            }
            before = segment;
        }
    }

    /// A fragment is a place in the page, a route of the program, or parameters.
    fn fragment(&mut self, text: &str, range: Range<usize>, path: &Path<'_>, edits: &mut Vec<Edit>) {
        let fragment = &text[range.clone()];
        if fragment.starts_with(['/', '!']) {
            let (route, query) = split(range.start, fragment, '?');
            self.segments(route, 0, range.start, edits);
            if let Some((start, query)) = query {
                self.pairs(text, start..start + query.len(), path, edits);
            }
        } else if fragment.contains('=') {
            self.pairs(text, range, path, edits);
        } else if fragment.len() >= 16 && (shape::is_likely(fragment) || shape::is_token(fragment)) {
            edits.push(Edit::secret(range, "url-fragment", Sure::Half, Coding::Percent, Form::Url));
        }
    }

    /// Values of `name=value&name=value`, in addresses and forms.
    pub(super) fn pairs(&mut self, text: &str, range: Range<usize>, path: &Path<'_>, edits: &mut Vec<Edit>) {
        let mut start = range.start;
        for pair in text[range].split('&') {
            let at = start;
            start += pair.len() + 1;
            let Some((name, value)) = pair.split_once('=') else {
                if shape::is_token(pair) {
                    edits.push(Edit::secret(at..at + pair.len(), "url-query", Sure::Half, Coding::Percent, Form::Url));
                }
                continue;
            };
            let from = at + name.len() + 1;
            let range = from..from + value.len();
            let name = Coding::Percent.decode(name);
            // `user[password]` and `card.number` are named by their last part.
            let last = name.trim_end_matches(']').rsplit(['[', '.']).next().unwrap_or_default();
            let judged = match self.names.judge(last) {
                Name::Plain if last.len() != name.len() => self.names.judge(&name),
                judged => judged,
            };
            match judged {
                Name::Secret(rule) => edits.push(Edit::secret(range, rule, Sure::Yes, Coding::Percent, Form::Url)),
                Name::Perhaps(rule) if shape::is_likely(&Coding::Percent.decode(value)) => {
                    edits.push(Edit::secret(range, rule, Sure::Yes, Coding::Percent, Form::Url));
                }
                Name::Perhaps(_) | Name::Plain => self.parameter(value, range, path, edits),
            }
        }
    }

    /// The value of a parameter whose name says nothing: a token, or an address or JSON with secrets of its own.
    fn parameter(&mut self, value: &str, range: Range<usize>, path: &Path<'_>, edits: &mut Vec<Edit>) {
        if value.len() < 8 {
            return;
        }
        let decoded = Coding::Percent.decode(value);
        if shape::is_token(&decoded) {
            edits.push(Edit::secret(range, "url-query", Sure::Half, Coding::Percent, Form::Url));
        } else if decoded.len() != value.len() || decoded.contains("://") {
            let kind = if decoded.starts_with('/') { Kind::Url } else { Kind::Any };
            if let Some(changed) = self.scrubbed(&decoded, kind, path) {
                edits.push(Edit::text(
                    range,
                    utf8_percent_encode(&changed, NON_ALPHANUMERIC).to_string().replace("%2D", "-"),
                ));
            }
        }
    }
}

fn whole(range: Range<usize>, rule: &'static str) -> Edit {
    Edit::secret(range, rule, Sure::No, Coding::Percent, Form::Url)
}

/// What stands before a sign, and what behind it with its place in the whole text.
fn split(start: usize, text: &str, sign: char) -> (&str, Option<(usize, &str)>) {
    match text.find(sign) {
        Some(place) => (&text[..place], Some((start + place + 1, &text[place + 1..]))),
        None => (text, None),
    }
}

/// Whether an address has any part that could hold a secret.
fn needs_a_look(url: &[u8]) -> bool {
    memchr::memchr3(b'?', b'#', b'@', url).is_some()
        || memchr::memchr(b';', url).is_some()
        || url.len() > 24 && url.split(|byte| *byte == b'/').any(|segment| segment.len() >= 16)
}

/// Whether a segment ends as names of files do.
fn is_file(segment: &str) -> bool {
    let ending = segment.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| {
        (2..=5).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && ending.bytes().any(|byte| byte.is_ascii_lowercase())
            && !segment.starts_with("eyJ")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Config, Level};

    fn url(url: &str) -> String {
        let mut redactor = Redactor::new(Level::Standard, Config::default());
        let mut url = url.to_owned();
        redactor.text(&mut url, Kind::Url, &Path::root("row"));
        url
    }

    #[test]
    fn addresses_lose_what_is_secret_and_stay_addresses() {
        for (before, expected) in [
            ("https://a.test/x?token=hunter2hunter2&page=2", "https://a.test/x?token=redacted-token-1&page=2"),
            ("https://me:hunter2hunter2@a.test/x", "https://me:redacted-url-1@a.test/x"),
            ("https://0123456789abcdef0123456789abcdef@o1.sentry.test/4", "https://redacted-url-1@o1.sentry.test/4"),
            (
                "https://a.test/cb#access_token=hunter2hunter2&state=1",
                "https://a.test/cb#access_token=redacted-token-1&state=1",
            ),
            ("https://a.test/reset/3f2b9c8d7e6f5a4b3c2d1e0f/step", "https://a.test/reset/redacted-url-1/step"),
            ("https://a.test/d/Zk3VtQ9xLmP2rS8wYbN4cD7fQ/edit", "https://a.test/d/redacted-url-1/edit"),
            (
                "https://a.test/x;jsessionid=0A1B2C3D4E5F60718293?a=1",
                "https://a.test/x;jsessionid=redacted-session-1?a=1",
            ),
            ("/next?code=Ab12Cd34Ef56Gh78Ij90&lang=de", "/next?code=redacted-code-1&lang=de"),
            (
                "https://a.test/?next=https%3A%2F%2Fb.test%2F%3Ftoken%3Dhunter2hunter2",
                "https://a.test/?next=https%3A%2F%2Fb%2Etest%2F%3Ftoken%3Dredacted-token-1",
            ),
        ] {
            assert_eq!(url(before), expected);
        }
    }

    #[test]
    fn addresses_without_secrets_stay_as_they_are() {
        for same in [
            "https://a.test/orders/5f0c2a9d-41bb-4e11-9f31-0f6b2c3d4e5f?page=2&sort=created_at",
            "https://a.test/assets/index-DiwrgTda.js?v=4bd1b696182b6b13bdad92e3",
            "https://a.test/_next/static/chunks/4bd1b696-182b6b13bdad92e3.js",
            "https://a.test/#/checkout/step-2",
            "https://a.test/docs#a-heading-with-many-words-in-it",
            "https://a.test/search?q=how+to+reset+a+password&code=404&state=open&key=title",
            "https://a.test/?utm_source=newsletter&t=1795237909002",
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4",
            "http://127.0.0.1:8080/a?redirect=%2Fcart",
        ] {
            assert_eq!(url(same), same);
        }
    }
}
