//! Selectors as Playwright keeps them, told as the locators people write.

/// Bytes of a selector that are looked at.
const LIMIT: usize = 4_000;

/// A selector in the words of a test: `getByRole('button', { name: 'Pay' })`.
pub(super) fn words(selector: &str) -> String {
    let selector = &selector[..selector.floor_char_boundary(LIMIT)];
    let mut out = String::new();
    for part in parts(selector) {
        if !out.is_empty() {
            out.push('.');
        }
        out.push_str(&part_words(part.trim()));
    }
    out
}

/// The parts between `>>`, leaving those within quotes alone.
fn parts(selector: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut at, mut quote) = (0, 0, None);
    let bytes = selector.as_bytes();
    while at < bytes.len() {
        match (bytes[at], quote) {
            (b'\\', Some(_)) => at += 1,
            (byte, Some(open)) if byte == open => quote = None,
            (byte @ (b'"' | b'\'' | b'`'), None) => quote = Some(byte),
            (b'>', None) if bytes.get(at + 1) == Some(&b'>') => {
                found.push(&selector[start..at]);
                start = at + 2;
                at += 1;
            }
            _ => {}
        }
        at += 1;
    }
    found.push(&selector[start..]);
    found
}

fn part_words(part: &str) -> String {
    let (engine, body) = part.split_once('=').unwrap_or(("", part));
    match engine {
        "internal:role" | "role" => role(body),
        "internal:text" => by("Text", body),
        "internal:label" => by("Label", body),
        "internal:testid" => attribute(body).map_or_else(|| css(part), |(_, value)| by("TestId", value)),
        "internal:attr" => match attribute(body) {
            Some(("placeholder", value)) => by("Placeholder", value),
            Some(("alt", value)) => by("AltText", value),
            Some(("title", value)) => by("Title", value),
            _ => css(part),
        },
        "internal:has-text" => format!("filter({{ hasText: {} }})", quoted(body).0),
        "internal:has-not-text" => format!("filter({{ hasNotText: {} }})", quoted(body).0),
        "internal:has" => format!("filter({{ has: {} }})", inner(body)),
        "internal:has-not" => format!("filter({{ hasNot: {} }})", inner(body)),
        "internal:and" => format!("and({})", inner(body)),
        "internal:or" => format!("or({})", inner(body)),
        "internal:control" if body == "enter-frame" => "contentFrame()".into(),
        "internal:describe" => format!("describe({})", quoted(body).0),
        "nth" if body == "0" => "first()".into(),
        "nth" if body == "-1" => "last()".into(),
        "nth" => format!("nth({body})"),
        "css" => css(body),
        _ => css(part),
    }
}

fn css(selector: &str) -> String {
    format!("locator({})", quote(selector))
}

/// A selector within a selector, which stands there as a JSON string.
fn inner(body: &str) -> String {
    serde_json::from_str::<String>(body).map_or_else(|_| quote(body), |selector| css(&selector))
}

/// `getByText('Pay', { exact: true })`: behind a text stands `i` unless it must be exact.
fn by(what: &str, body: &str) -> String {
    let (text, exact) = quoted(body);
    let exact = if exact && what != "TestId" { ", { exact: true }" } else { "" };
    format!("getBy{what}({text}{exact})")
}

/// `[name="value"i]` as name and value.
fn attribute(body: &str) -> Option<(&str, &str)> {
    body.strip_prefix('[')?.strip_suffix(']')?.split_once('=')
}

/// A text or pattern as it is written in a test, and whether it must match exactly.
fn quoted(body: &str) -> (String, bool) {
    let body = body.trim();
    if body.starts_with('/') {
        return (body.into(), false);
    }
    let end = body.rfind('"').map_or(body.len(), |end| end + 1);
    let (text, flag) = body.split_at(end);
    let text = serde_json::from_str::<String>(text).unwrap_or_else(|_| text.trim_matches('"').into());
    (quote(&text), flag != "i" && end != body.len() || body.ends_with('"'))
}

fn quote(text: &str) -> String {
    if text.contains('\'') && !text.contains('"') {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', "\\'"))
    }
}

/// `button[name="Pay"i][checked=true]`.
fn role(body: &str) -> String {
    let (name, rest) = body.find('[').map_or((body, ""), |at| body.split_at(at));
    let mut options = Vec::new();
    for option in bracketed(rest) {
        let Some((key, value)) = option.split_once('=') else { continue };
        if key == "name" || key == "description" {
            let (text, exact) = quoted(value);
            options.push(format!("{key}: {text}"));
            options.extend(exact.then(|| "exact: true".into()));
        } else {
            let key = if key == "include-hidden" { "includeHidden" } else { key };
            options.push(format!("{key}: {value}"));
        }
    }
    if options.is_empty() {
        format!("getByRole({})", quote(name))
    } else {
        format!("getByRole({}, {{ {} }})", quote(name), options.join(", "))
    }
}

/// What stands in each pair of brackets.
fn bracketed(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut quote, mut escaped) = (None, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quote => escaped = true,
            b'"' => quote = !quote,
            b'[' if !quote => start = Some(at + 1),
            b']' if !quote => found.extend(start.take().map(|start| &text[start..at])),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn selectors_read_like_locators() {
        for (selector, expected) in [
            ("internal:role=button[name=\"Pay\"i]", "getByRole('button', { name: 'Pay' })"),
            ("internal:role=button[name=\"Pay\"s]", "getByRole('button', { name: 'Pay', exact: true })"),
            ("internal:role=heading[level=2]", "getByRole('heading', { level: 2 })"),
            ("internal:role=link[name=/a]b/i]", "getByRole('link', { name: /a })"),
            (
                "internal:role=list >> internal:role=listitem >> nth=0",
                "getByRole('list').getByRole('listitem').first()",
            ),
            ("internal:label=\"Email\"i", "getByLabel('Email')"),
            ("internal:text=\"it's\"s", "getByText(\"it's\", { exact: true })"),
            ("internal:text=/^a >> b$/i", "getByText(/^a).locator('b$/i')"),
            ("internal:text=\"a >> b\"i", "getByText('a >> b')"),
            ("internal:testid=[data-testid=\"pay\"s]", "getByTestId('pay')"),
            ("internal:attr=[placeholder=\"Name\"i]", "getByPlaceholder('Name')"),
            ("li >> internal:has-text=\"x\"i >> nth=-1", "locator('li').filter({ hasText: 'x' }).last()"),
            ("iframe >> internal:control=enter-frame >> #pay", "locator('iframe').contentFrame().locator('#pay')"),
            ("div >> internal:has=\"span\"", "locator('div').filter({ has: locator('span') })"),
            ("#pay", "locator('#pay')"),
            ("a[href='x']", "locator(\"a[href='x']\")"),
            ("", "locator('')"),
            ("internal:role=[", "getByRole('')"),
            ("internal:text=\"", "getByText('', { exact: true })"),
        ] {
            assert_eq!(words(selector), expected, "{selector}");
        }
    }
}
