//! What stands in addresses: users and their passwords, and hooks that take messages from whoever knows them.

use super::Finding;
use super::bytes::{Set, URL64, random};
use super::trigger::{Ask, Trigger};

/// Bytes of an address in front of its path that are looked at.
const LONG: usize = 2_048;

pub(super) fn triggers() -> Vec<Trigger> {
    let rule = |literal, ask| Trigger { literal, fold: true, ask: Ask::Rule(ask) };
    vec![
        rule("://", userinfo),
        rule("jdbc:oracle:", oracle),
        rule("hooks.slack.com/", slack),
        rule("/api/webhooks/", discord),
        rule(".webhook.office.com/", teams),
        rule("outlook.office.com/webhook/", teams),
    ]
}

/// Whether the bytes before `://` name a scheme whose passwords may hold what addresses of pages may not.
fn is_store(bytes: &[u8], scheme_end: usize) -> bool {
    let start = const { &Set::of("A-Za-z0-9+.-") }.start(bytes, scheme_end, 32);
    !["http", "https", "ws", "wss", "file"]
        .iter()
        .any(|web| bytes[start..scheme_end].eq_ignore_ascii_case(web.as_bytes()))
}

/// `scheme://user:password@host`, and `scheme://token@host`.
fn userinfo(text: &str, colon: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let from = colon + 3;
    let window = &bytes[from..bytes.len().min(from + LONG)];
    let store = is_store(bytes, colon);
    let stops = |byte: &u8| byte.is_ascii_whitespace() || b"\"'<>`\\".contains(byte) || !store && b"/?#".contains(byte);
    let length = window.iter().position(stops).unwrap_or(window.len());
    let authority = &window[..length];
    // A password of a store may hold slashes and signs: the last one stands before the host.
    let query = memchr::memchr(b'?', authority).filter(|_| store).unwrap_or(length);
    let host = memchr::memrchr(b'@', &authority[..query])?;
    match memchr::memchr(b':', &authority[..host]) {
        // A port and a path are none.
        Some(colon) if authority[colon + 1..].iter().find(|byte| !byte.is_ascii_digit()) == Some(&b'/') => None,
        Some(colon) if colon + 1 < host => Some(Finding::credential(from + colon + 1..from + host, "url-password")),
        Some(_) => None,
        None => (host >= 16 && random(&authority[..host]) && !authority[..host].contains(&b'/'))
            .then(|| Finding::credential(from..from + host, "url-token")),
    }
}

/// `jdbc:oracle:thin:user/password@host`
fn oracle(text: &str, start: usize) -> Option<Finding> {
    let bytes = text.as_bytes();
    let end = bytes.len().min(start + LONG);
    let stop = bytes[start..end].iter().position(|byte| byte.is_ascii_whitespace() || b"\"'<>".contains(byte));
    let words = &bytes[start..stop.map_or(end, |stop| start + stop)];
    let host = memchr::memchr(b'@', words)?;
    let slash = memchr::memchr(b'/', &words[..host])?;
    (slash + 1 < host).then(|| Finding::credential(start + slash + 1..start + host, "url-password"))
}

fn slack(text: &str, start: usize) -> Option<Finding> {
    hook(text, start + "hooks.slack.com/".len(), 30, "slack-webhook")
}

fn discord(text: &str, start: usize) -> Option<Finding> {
    let host = const { &Set::of("a-z.") }.start(text.as_bytes(), start, 20);
    let known = ["discord.com", "discordapp.com"].iter().any(|name| text[host..start].ends_with(name));
    if known { hook(text, start + "/api/webhooks/".len(), 60, "discord-webhook") } else { None }
}

fn teams(text: &str, start: usize) -> Option<Finding> {
    let slash = start + memchr::memchr(b'/', &text.as_bytes()[start..])?;
    hook(text, slash + 1, 60, "teams-webhook")
}

/// The path of a hook, which is its key.
fn hook(text: &str, path: usize, least: usize, rule: &'static str) -> Option<Finding> {
    let bytes = text.as_bytes();
    let end = const { &Set::of("A-Za-z0-9_/@-") }.end(bytes, path, LONG);
    let last = URL64.start(bytes, end, LONG);
    (end - path >= least && end - last >= 8).then(|| Finding::credential(path..end, rule))
}
