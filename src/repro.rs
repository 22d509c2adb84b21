//! An action as a line of a Playwright test, for a person to finish.
//!
//! Strings of a recording become string literals and nothing else; locators of Playwright's own are taken as code only
//! after they were read as such. What was redacted comes from the environment.

use serde_json::Value;

/// Details of more bytes are not looked into.
const DETAIL_BYTES: usize = 64 * 1024;
const TAG: &str = "[redacted ";
/// What a locator may call.
const CALLS: [&str; 12] = [
    "getByRole",
    "getByText",
    "getByLabel",
    "getByTestId",
    "getByPlaceholder",
    "getByAltText",
    "getByTitle",
    "locator",
    "filter",
    "first",
    "last",
    "nth",
];
/// What it may say besides.
const WORDS: [&str; 13] = [
    "true",
    "false",
    "name",
    "exact",
    "hasText",
    "hasNotText",
    "level",
    "checked",
    "disabled",
    "expanded",
    "pressed",
    "selected",
    "includeHidden",
];

/// The line of an action, given its row and detail as JSON; `first` is whether nothing was opened before.
pub(crate) fn line(row: &[u8], detail: &[u8], first: &mut bool) -> Option<String> {
    let row: Value = serde_json::from_slice(row).ok()?;
    let detail = Some(detail).filter(|detail| detail.len() <= DETAIL_BYTES);
    let detail = detail.and_then(|detail| serde_json::from_slice(detail).ok()).unwrap_or(Value::Null);
    let kind = row["kind"].as_str()?.to_ascii_lowercase();
    let value = row["value"].as_str();
    let typed =
        value.filter(|value| !value.trim_matches(['•', '*']).is_empty()).map_or_else(|| secret("VALUE"), literal);
    if kind.contains("navig") || kind == "goto" {
        let url = row["url"].as_str()?;
        let call = if std::mem::take(first) { "goto" } else { "waitForURL" };
        return Some(format!("await page.{call}({});", literal(url)));
    }
    if kind == "press" || kind.starts_with("key") {
        value.filter(|_| kind != "keyup")?;
        return Some(format!("await page.keyboard.press({typed});"));
    }
    let types = ["change", "input", "fill", "type"].iter().any(|word| kind.contains(word));
    let call = match kind.as_str() {
        "check" | "uncheck" | "hover" => format!("{kind}()"),
        double if double.starts_with("dbl") || double.starts_with("double") => "dblclick()".into(),
        click if click.contains("click") || click == "tap" => "click()".into(),
        select if select.contains("select") => format!("selectOption({typed})"),
        _ if types => format!("fill({typed})"),
        _ => return None,
    };
    Some(format!("await page.{}.{call};", locator(&row, &detail, types)?))
}

/// The surest way to the target: what people see of it before what only the page knows.
fn locator(row: &Value, detail: &Value, types: bool) -> Option<String> {
    let (label, target) = (row["label"].as_str(), row["target"].as_str());
    if let Some(target) = target.filter(|target| ["getBy", "locator("].iter().any(|start| target.starts_with(start))) {
        return is_locator(target).then(|| target.to_owned());
    }
    // A selector of several parts leads through frames.
    let one = |selector: &'_ Value| match selector {
        Value::Array(parts) if parts.len() == 1 => parts[0].as_str().map(str::to_owned),
        other => other.as_str().map(str::to_owned),
    };
    let given = detail["selectors"].as_array().into_iter().flatten().filter_map(one);
    let all: Vec<_> = given.chain(target.map(str::to_owned)).collect();
    let within = |start: &str, end: &str| {
        all.iter().find_map(|selector| selector.strip_prefix(start)?.strip_suffix(end)).map(str::to_owned)
    };
    if let Some(id) = within("[data-testid=\"", "\"]").filter(|id| !id.contains(['"', '\\'])) {
        return Some(format!("getByTestId({})", literal(&id)));
    }
    let spoken = within("aria/", "\"]");
    let spoken = spoken.as_deref().and_then(|text| text.split_once("[role=\"")).map(|(name, role)| (role, name));
    let role = spoken.or_else(|| detail["role"].as_str().zip(label)).filter(|(_, name)| !name.is_empty());
    if let Some((role, name)) = role {
        return Some(format!("getByRole({}, {{ name: {} }})", literal(role), literal(name)));
    }
    if let Some(label) = label.filter(|_| types) {
        return Some(format!("getByLabel({})", literal(label)));
    }
    let spoken = ["aria/", "text/", "xpath/", "pierce/"];
    let css = all.iter().find(|selector| !spoken.iter().any(|start| selector.starts_with(start)));
    css.map(|css| format!("locator({})", literal(css)))
        .or_else(|| label.map(|label| format!("getByText({})", literal(label))))
}

/// Whether a text is a chain of calls of known names with literals, and nothing besides.
fn is_locator(text: &str) -> bool {
    let mut rest = text;
    let mut open = Vec::new();
    while let Some(letter) = rest.chars().next() {
        let word = |more: fn(char) -> bool| rest.find(|letter: char| !more(letter)).unwrap_or(rest.len());
        let length = match letter {
            '\'' | '"' => match string_length(rest, letter) {
                Some(length) if !open.is_empty() => length,
                _ => return false,
            },
            letter if letter.is_ascii_alphabetic() => {
                let length = word(|letter| letter.is_ascii_alphanumeric());
                let (name, after) = rest.split_at(length);
                let known = if after.starts_with('(') {
                    CALLS.contains(&name)
                } else {
                    WORDS.contains(&name) && !open.is_empty()
                };
                if !known {
                    return false;
                }
                length
            }
            '0'..='9' | '-' | ',' | ':' | ' ' if !open.is_empty() => 1,
            '.' if open.is_empty() => 1,
            '(' | '{' => {
                open.push(letter);
                1
            }
            ')' | '}' if open.pop() == Some(if letter == ')' { '(' } else { '{' }) => 1,
            _ => return false,
        };
        rest = &rest[length..];
    }
    open.is_empty() && text.ends_with(')')
}

/// Bytes of the literal that a text begins with.
fn string_length(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            letter if letter == quote => return Some(at + 1),
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => return None,
            _ => {}
        }
    }
    None
}

/// A text as JavaScript.
fn literal(text: &str) -> String {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, tag, after)) = next_tag(rest) {
        if !before.is_empty() {
            parts.push(Value::from(before).to_string());
        }
        parts.push(secret(tag));
        rest = after;
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(Value::from(rest).to_string());
    }
    parts.join(" + ")
}

/// What stands before a tag of the redaction, its name and number, and what follows.
fn next_tag(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(TAG)?;
    let (tag, after) = rest.split_once(']')?;
    let fits = tag.contains('#') && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-#".contains(&byte));
    fits.then_some((before, tag, after))
}

fn secret(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' })
        .collect();
    format!("(process.env.{name} ?? '')")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[expect(clippy::needless_pass_by_value, reason = "reads better")]
    fn of(row: Value, detail: Value) -> String {
        let mut first = false;
        line(row.to_string().as_bytes(), detail.to_string().as_bytes(), &mut first).unwrap_or_default()
    }

    #[test]
    fn only_the_first_page_is_gone_to() {
        let row = json!({"kind": "navigate", "url": "https://a.test/"}).to_string();
        let mut first = true;
        let mut next = || line(row.as_bytes(), b"{}", &mut first).unwrap();
        assert_eq!(next(), r#"await page.goto("https://a.test/");"#);
        assert_eq!(next(), r#"await page.waitForURL("https://a.test/");"#);
    }

    #[test]
    fn the_surest_locator_is_taken() {
        let click = json!({"kind": "click", "label": "Pay", "target": "#pay"});
        let selectors = |list: Value| json!({ "selectors": list });
        assert_eq!(
            of(click.clone(), selectors(json!([["#pay"], ["aria/Pay now[role=\"button\"]"]]))),
            r#"await page.getByRole("button", { name: "Pay now" }).click();"#
        );
        assert_eq!(
            of(click.clone(), selectors(json!([["#pay"], ["[data-testid=\"pay\"]"]]))),
            r#"await page.getByTestId("pay").click();"#
        );
        assert_eq!(
            of(click.clone(), selectors(json!([["#frame", "#in"]]))),
            r##"await page.locator("#pay").click();"##
        );
        assert_eq!(of(click, json!({"role": "button"})), r#"await page.getByRole("button", { name: "Pay" }).click();"#);
        assert_eq!(
            of(json!({"kind": "change", "label": "E-mail", "target": "#e", "value": "a@b"}), json!({})),
            r#"await page.getByLabel("E-mail").fill("a@b");"#
        );
        assert_eq!(
            of(json!({"kind": "doubleClick", "label": "Text"}), json!({})),
            r#"await page.getByText("Text").dblclick();"#
        );
        assert_eq!(
            of(json!({"kind": "keyDown", "value": "Enter"}), json!({})),
            r#"await page.keyboard.press("Enter");"#
        );
        assert_eq!(of(json!({"kind": "keyUp", "value": "Enter"}), json!({})), "");
        assert_eq!(of(json!({"kind": "levitate", "label": "x"}), json!({})), "");
        let own = "getByRole('button', { name: 'Pay', exact: true }).first()";
        assert_eq!(of(json!({"kind": "click", "target": own}), json!({})), format!("await page.{own}.click();"));
    }

    #[test]
    fn secrets_come_from_the_environment() {
        let fill = |value: Value| of(json!({"kind": "fill", "label": "P", "value": value}), json!({}));
        assert_eq!(
            fill(json!("[redacted e-mail#2]")),
            r#"await page.getByLabel("P").fill((process.env.E_MAIL_2 ?? ''));"#
        );
        assert_eq!(
            fill(json!("a[redacted auth#1]b")),
            r#"await page.getByLabel("P").fill("a" + (process.env.AUTH_1 ?? '') + "b");"#
        );
        assert_eq!(fill(json!("••••")), r#"await page.getByLabel("P").fill((process.env.VALUE ?? ''));"#);
        assert_eq!(fill(Value::Null), r#"await page.getByLabel("P").fill((process.env.VALUE ?? ''));"#);
        assert_eq!(fill(json!("[redacted x;y#1]")), r#"await page.getByLabel("P").fill("[redacted x;y#1]");"#);
    }

    #[test]
    fn nothing_of_a_recording_becomes_code() {
        for evil in [
            "getByText('a'); process.exit()",
            r"getByText('a\\'); evil(); ('b')",
            "getByText('a').evaluate('x')",
            "getByText(`${x}`)",
            "getByText('a', x)",
            "getByText('a')) + (locator('b')",
            "getByText('a\nb')",
            "getByText",
            "locator('a'",
            "locator('a'}",
            "locator('a').first",
            "locator('a')'b'",
            "locator('a'),first()",
        ] {
            assert!(!is_locator(evil), "{evil}");
            assert_eq!(of(json!({"kind": "click", "target": evil}), json!({})), "", "{evil}");
        }
        assert!(is_locator(r"locator('it\'s').nth(-1)"));
        let text = "\"); process.exit(); (\"\\\n";
        let made =
            of(json!({"kind": "change", "label": text, "value": text, "target": text}), json!({"selectors": [text]}));
        assert_eq!(made, format!("await page.getByLabel({0}).fill({0});", Value::from(text)));
    }
}
