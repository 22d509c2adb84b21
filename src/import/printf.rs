//! Console arguments as one line of text, as the console itself would print them.

use serde_json::Value;

use super::json;

/// Levels of nested values that are written out.
const DEPTH: usize = 3;
/// Members of one value that are written out.
const MEMBERS: usize = 50;

/// The arguments of a console call as text: `%s` and its like are filled in, the rest follows after spaces.
pub(super) fn render(args: &[Value]) -> String {
    let mut rest = args.iter();
    let mut out = match args.first().map(plain) {
        Some(Value::String(format)) if format.contains('%') => {
            rest.next();
            fill(format, &mut rest)
        }
        _ => String::new(),
    };
    for arg in rest {
        if !out.is_empty() {
            out.push(' ');
        }
        write(arg, 0, &mut out);
    }
    out
}

fn fill<'v>(format: &str, args: &mut impl Iterator<Item = &'v Value>) -> String {
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        let directive = found.as_bytes().get(1).copied().unwrap_or_default();
        let known = matches!(directive, b's' | b'd' | b'i' | b'f' | b'o' | b'O' | b'c' | b'%');
        rest = &found[if known { 2 } else { 1 }..];
        match (directive, known) {
            (b'%', _) => out.push('%'),
            (b'c', _) => drop(args.next()),
            (_, true) => match args.next() {
                Some(arg) => directed(directive, arg, &mut out),
                None => out.push_str(&found[..2]),
            },
            (_, false) => out.push('%'),
        }
    }
    out.push_str(rest);
    out
}

fn directed(directive: u8, arg: &Value, out: &mut String) {
    let number = json::as_number(plain(arg));
    match (directive, number) {
        (b'd' | b'i', Some(number)) => out.push_str(&number.trunc().to_string()),
        (b'f', Some(number)) => out.push_str(&number.to_string()),
        (b'd' | b'i' | b'f', None) => out.push_str("NaN"),
        _ => write(arg, 0, out),
    }
}

/// The value inside a remote object of CDP or `BiDi`, or the value itself.
fn plain(arg: &Value) -> &Value {
    let remote = arg.get("type").is_some_and(Value::is_string);
    arg.get("value").filter(|_| remote).unwrap_or(arg)
}

fn write(arg: &Value, depth: usize, out: &mut String) {
    let value = plain(arg);
    match value {
        Value::String(text) if depth == 0 => out.push_str(text),
        Value::Object(map) if map.get("type").is_some_and(Value::is_string) && map.get("value").is_none() => {
            out.push_str(&described(value));
        }
        Value::Object(_) | Value::Array(_) if depth >= DEPTH => out.push('…'),
        Value::Object(map) => {
            let members = map.iter().map(|(key, value)| (Some(key.as_str()), value));
            list(members, map.len(), ['{', '}'], depth, out);
        }
        Value::Array(items) if arg.get("type").is_some_and(|kind| kind == "object" || kind == "map") => {
            let pair = |item: &'_ Value| item.as_array().is_some_and(|pair| pair.len() == 2);
            let members = items.iter().filter(|item| pair(item)).map(|item| (item[0].as_str(), &item[1]));
            list(members, items.len(), ['{', '}'], depth, out);
        }
        Value::Array(items) => list(items.iter().map(|item| (None, item)), items.len(), ['[', ']'], depth, out),
        other => out.push_str(&other.to_string()),
    }
}

/// A remote object without a value: its preview, or its description.
fn described(remote: &Value) -> String {
    // An error's preview is its stack as a property.
    let error = remote.get("subtype").is_some_and(|subtype| subtype == "error");
    if let Some(preview) = remote.get("preview").filter(|preview| preview.is_object() && !error) {
        return preview_text(preview);
    }
    let kind = || remote.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    json::string(remote, &["unserializableValue", "description", "className"]).unwrap_or_else(kind)
}

/// The preview of CDP: an object's first properties as text.
fn preview_text(preview: &Value) -> String {
    let Some(properties) = preview.get("properties").and_then(Value::as_array) else {
        return json::string(preview, &["description"]).unwrap_or_default();
    };
    let array = preview.get("subtype").is_some_and(|subtype| subtype == "array");
    let one = |property: &Value| {
        let value = json::string(property, &["value"]).unwrap_or_default();
        let quoted =
            if property.get("type").is_some_and(|kind| kind == "string") { format!("'{value}'") } else { value };
        if array { quoted } else { format!("{}: {quoted}", json::text(property, &["name"]).unwrap_or_default()) }
    };
    let mut parts: Vec<_> = properties.iter().map(one).collect();
    if preview.get("overflow").is_some_and(|overflow| overflow == true) {
        parts.push("…".into());
    }
    let inner = parts.join(", ");
    if array { format!("[{inner}]") } else { format!("{{{inner}}}") }
}

fn list<'v>(
    members: impl Iterator<Item = (Option<&'v str>, &'v Value)>,
    count: usize,
    [open, close]: [char; 2],
    depth: usize,
    out: &mut String,
) {
    out.push(open);
    for (number, (key, value)) in members.take(MEMBERS).enumerate() {
        if number > 0 {
            out.push_str(", ");
        }
        if let Some(key) = key {
            out.push_str(key);
            out.push_str(": ");
        }
        write(value, depth + 1, out);
    }
    if count > MEMBERS {
        out.push_str(", …");
    }
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn arguments_read_as_in_the_console() {
        for (args, expected) in [
            (json!(["plain", 1, null, true]), "plain 1 null true"),
            (
                json!(["%s has %d of %i, %f, %c styled %% %o %O", "x", 3.9, "4", 2.5, "color: red", {"a": [1, "b"]}, [2]]),
                "x has 3 of 4, 2.5,  styled % {a: [1, \"b\"]} [2]",
            ),
            (json!(["100% %s", "sure"]), "100% sure"),
            (json!(["%s and %s", "one"]), "one and %s"),
            (json!(["%d", "x"]), "NaN"),
            (json!([{"type": "string", "value": "%s!"}, {"type": "string", "value": "remote"}]), "remote!"),
            (json!([{"type": "undefined"}, {"type": "number", "unserializableValue": "-0"}]), "undefined -0"),
            (json!([{"type": "object", "description": "Error: x\n    at y"}]), "Error: x\n    at y"),
            (
                json!([{"type": "object", "preview": {"overflow": true, "properties": [
                {"name": "a", "type": "number", "value": "1"}, {"name": "b", "type": "string", "value": "c"}]}}]),
                "{a: 1, b: 'c', …}",
            ),
            (
                json!([{"type": "object", "subtype": "error", "description": "Error: x",
                "preview": {"properties": [{"name": "stack", "type": "string", "value": "Error: x"}]}}]),
                "Error: x",
            ),
            (json!([{"type": "object", "value": [["k", {"type": "string", "value": "v"}]]}]), "{k: \"v\"}"),
            (json!([{"type": "array", "value": [{"type": "number", "value": 1}]}]), "[1]"),
            (json!([[[[[1]]]]]), "[[[…]]]"),
            (json!([]), ""),
        ] {
            assert_eq!(render(args.as_array().unwrap()), expected, "{args}");
        }
    }
}
