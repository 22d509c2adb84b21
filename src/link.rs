//! The link to a share, and the code that embeds it. What holds a fragment may hold a key, and is wiped from memory.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use crate::error::Error;

/// Builds the link to a share that is reachable at `url`. A folder's page and a missing file name are
/// filled in; a URL that has a query already gets nothing appended.
///
/// # Errors
/// When the URL is not one, or not http(s).
pub fn link(url: &str, name: &str, fragment: &str) -> Result<Zeroizing<String>, Error> {
    let url = url.trim();
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    if host.is_none_or(str::is_empty) || url.contains(char::is_whitespace) {
        return Err(Error::usage(format!("{url:?} is not a URL"), "write it whole: https://host/path/"));
    }
    if url.contains('#') {
        return Err(Error::usage("the URL has a fragment already", "leave out the # and what follows it"));
    }
    Ok(with_fragment(&place(url, name), fragment))
}

/// The origin of a key share's URL, as a policy names it.
///
/// # Errors
/// When it is neither https nor on this machine.
pub fn origin(url: &str) -> Result<String, Error> {
    let refused = || {
        Error::usage(
            format!("{url:?} is no place for a key share"),
            "write an https URL, or one on 127.0.0.1 or localhost",
        )
    };
    let (scheme, rest) = url.split_once("://").ok_or_else(refused)?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c));
    let name = if host.starts_with('[') { host.split_inclusive(']').next() } else { host.split(':').next() };
    let local = matches!(name, Some("127.0.0.1" | "localhost" | "[::1]"));
    let allowed = scheme == "https" || (scheme == "http" && local);
    if plain && allowed && !url.contains(char::is_whitespace) {
        // As browsers write an origin, which the page compares.
        let usual = if scheme == "https" { ":443" } else { ":80" };
        Ok(format!("{scheme}://{}", host.strip_suffix(usual).unwrap_or(host).to_ascii_lowercase()))
    } else {
        Err(refused())
    }
}

/// The page's own URL, with a version so that a mail gateway that escapes `#` leaves a query to repair.
fn place(url: &str, name: &str) -> String {
    if url.contains('?') {
        return url.into();
    }
    let last = url.rsplit('/').next().unwrap_or_default();
    let path_given = url.matches('/').count() > 2;
    let is_page = path_given && [".html", ".htm", ".zip"].iter().any(|ending| last.ends_with(ending));
    let slash = if url.ends_with('/') { "" } else { "/" };
    if is_page { format!("{url}?v=1") } else { format!("{url}{slash}{}?v=1", encode(name)) }
}

/// The link of a share that lies beside whoever opens it.
#[must_use]
pub fn local_link(name: &str, fragment: &str) -> Zeroizing<String> {
    with_fragment(&format!("{}?v=1", encode(name)), fragment)
}

fn with_fragment(url: &str, fragment: &str) -> Zeroizing<String> {
    joined(&if fragment.is_empty() { [url, "", ""] } else { [url, "#", fragment] })
}

/// Text put together in one allocation: a string that grows leaves what it held behind.
pub(crate) fn joined(parts: &[&str]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(parts.iter().map(|part| part.len()).sum()));
    parts.iter().for_each(|part| text.push_str(part));
    text
}

/// What stays as it is in a URL's path.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A relative path as it stands in a URL.
pub(crate) fn encode(name: &str) -> String {
    utf8_percent_encode(name, PATH).to_string()
}

/// The code that shows a share in another page.
#[must_use]
pub fn embed_html(link: &str, title: &str) -> Zeroizing<String> {
    joined(&[
        "<iframe src=\"",
        &escape(link),
        if link.contains('#') { "&" } else { "#" },
        "embed=1\" title=\"",
        &escape(title),
        "\" style=\"width:100%;aspect-ratio:16/9;border:0\" loading=\"lazy\" \
         allow=\"fullscreen *; clipboard-write *; autoplay *\" referrerpolicy=\"no-referrer\"></iframe>",
    ])
}

fn escape(text: &str) -> Zeroizing<String> {
    let mut escaped = Zeroizing::new(String::with_capacity(text.len().saturating_mul("&quot;".len())));
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_the_page() {
        for (url, name, expected) in [
            ("https://b.example/x/", "index.html", "https://b.example/x/index.html?v=1"),
            ("https://b.example/x", "index.html", "https://b.example/x/index.html?v=1"),
            ("https://b.example", "a b.html", "https://b.example/a%20b.html?v=1"),
            ("https://b.example/x/bug.html", "bug.html", "https://b.example/x/bug.html?v=1"),
            ("https://b.example/x/bug.zip", "bug.zip", "https://b.example/x/bug.zip?v=1"),
            (
                "https://b.example/bug.html?X-Amz-Signature=1",
                "bug.html",
                "https://b.example/bug.html?X-Amz-Signature=1",
            ),
        ] {
            assert_eq!(*link(url, name, "").unwrap(), expected);
        }
        assert_eq!(
            *link("https://b.example/x/", "index.html", "t=3").unwrap(),
            "https://b.example/x/index.html?v=1#t=3"
        );
        for url in ["b.example/x", "ftp://b.example/", "https:///x", "https://b.example/#a", "https://b.example/a b"] {
            assert_eq!(link(url, "index.html", "").unwrap_err().exit_code(), 2, "{url}");
        }
    }

    #[test]
    fn a_key_share_has_a_safe_origin() {
        assert_eq!(origin("https://keys.example/a/b?c").unwrap(), "https://keys.example");
        assert_eq!(origin("http://127.0.0.1:8000/s").unwrap(), "http://127.0.0.1:8000");
        assert_eq!(origin("http://[::1]:8000/s").unwrap(), "http://[::1]:8000");
        assert_eq!(origin("https://Keys.Example:443/a").unwrap(), "https://keys.example");
        for url in ["http://keys.example/", "ftp://x/", "https://a;b/", "https://u@h/", "https:///", "https://a b/"] {
            assert_eq!(origin(url).unwrap_err().exit_code(), 2, "{url}");
        }
    }

    #[test]
    fn a_title_stays_inside_its_attribute() {
        let html = embed_html("a.html?v=1", "\"><script>alert(1)</script>");
        assert!(html.contains("title=\"&quot;&gt;&lt;script&gt;"), "{html:?}");
        assert!(html.starts_with("<iframe src=\"a.html?v=1#embed=1\""), "{html:?}");
    }
}
