use super::*;

const TEXTS: &[&str] = &[
    r#"{"a":1,"b":[{"c":"d","e":null},{"c":"f"}],"g":{"h":true,"i":false}}"#,
    r#" {"a" : -1.50e7 , "b":[ {"c":"\u00e4\ud83d\ude00\n\"\\\/\b\f\r\t","e":"x"} ] ,"g":{"i":"","h":{}},"z":[[]]} "#,
    r#"{"b":[],"a":{"a":{"a":[1,2,3,"4"]}},"a":5}"#,
    r#"{"g":{"h":true,"i":false,"j":0,"k":-0,"l":0.0,"m":1E5,"n":1e-5,"o":123456789012345678901234567890}}"#,
    r#"{"b":[{"c":"a text that is longer than a few bytes","e":7}],"a":"ä text of öther letters ❤ than those"}"#,
    r#"{"\u0061":1,"$serde_json::private::Number":"1"}"#,
    r#"{"n":{"$serde_json::private::Number":"1"}}"#,
    r#"{"a":1,"$serde_json::private::Number":"5"}"#,
    r#"{"$serde_json::private::Number":"x"}"#,
    r#"["a",{"b":"c"}]"#,
    "7",
    "\"\\ud800\"",
    "\"\u{1}\"",
    r#"{"a":01}"#,
    r#"{"a":1.}"#,
    r#"{"a":- 1}"#,
    r#"{"a":1}x"#,
    r#"{"a":1,}"#,
    r#"{"a":tru}"#,
    "",
];

/// What is read is what the other parser reads, whatever the room was.
fn check(text: &[u8], room: &Value) {
    let mut from = Room { value: room.clone(), spare: vec![room.clone()] };
    if let Some(filled) = from.fill(text) {
        let shown = String::from_utf8_lossy(text);
        let parsed: Value = serde_json::from_slice(text).unwrap_or_else(|error| panic!("{shown}: {error}"));
        assert_eq!(filled.to_string(), parsed.to_string(), "{shown} in {room}");
        assert_eq!(filled, parsed, "{shown} in {room}");
    }
}

#[test]
fn a_value_is_read_alike_into_any_room() {
    for before in TEXTS {
        let room = serde_json::from_str(before).unwrap_or_default();
        for text in TEXTS {
            check(text.as_bytes(), &room);
            for end in 0..text.len() {
                check(&text.as_bytes()[..end], &room);
                for byte in [b'"', b'\\', b',', b'}', b'0', b'e', b'\x1f', b'\x80'] {
                    let mut changed = text.as_bytes().to_vec();
                    changed[end] = byte;
                    check(&changed, &room);
                }
            }
        }
    }
}

fn is_plain(text: &str) -> bool {
    Room::default().fill(text.as_bytes()).is_some()
}

#[test]
fn plain_values_are_read_here() {
    for text in &TEXTS[..5] {
        assert!(is_plain(text), "{text}");
    }
    for text in &TEXTS[5..] {
        let plain = text.starts_with(['[', '7']);
        assert_eq!(is_plain(text), plain, "{text}");
    }
    let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    assert!(is_plain(&deep(64)) && !is_plain(&deep(65)));
}

#[test]
fn room_does_not_grow_with_what_was_there_before() {
    let mut room = Room::default();
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(1 << 20));
    let value = room.fill(long.as_bytes()).unwrap();
    room.give(value);
    let value = room.fill(b"{\"a\":\"b\"}").unwrap();
    let Some(Value::String(text)) = value.get("a") else { panic!("{value}") };
    assert!(text.capacity() <= LOOSE);
    let many = format!("[{}]", vec!["{\"a\":1}"; 1000].join(","));
    let value = room.fill(many.as_bytes()).unwrap();
    room.give(value);
    assert_eq!(room.fill(b"[]"), Some(Value::Array(Vec::new())));
    assert_eq!(room.spare.len(), SPARE);
}

#[test]
fn a_record_that_is_not_plain_leaves_no_tree_behind() {
    let mut room = Room::default();
    assert_eq!(room.fill(br#"["a text","\ud800"]"#), None);
    assert_eq!(room.value, Value::Null);
}

#[test]
fn the_first_value_ends_where_it_ends() {
    let mut room = Room::default();
    let text = r#" {"a":[1,"}"]}, {"a":2}"#;
    let (value, length) = room.first(text.as_bytes()).unwrap();
    assert_eq!((value.to_string().as_str(), &text[length..]), (r#"{"a":[1,"}"]}"#, r#", {"a":2}"#));
    room.give(value);
    for end in 0..length {
        assert_eq!(room.first(&text.as_bytes()[..end]), None);
    }
    assert!(room.fill(b"{\"a\":1}\x0c").is_none() && room.fill(b"{\"a\":1} \n").is_some());
}
