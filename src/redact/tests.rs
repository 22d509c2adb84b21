//! Secrets in every place where recorders put them.

use serde_json::{Value, json};

use super::*;
use crate::event::{ActionRow, BackendRow, ConsoleRow, Level as Severity, Stream};

const SECRET: &str = "hunter2-Correct9Horse";

fn redactor(level: Level) -> Redactor {
    Redactor::new(level, Config::default())
}

fn network(url: &str) -> Row {
    Row::Network(NetworkRow {
        phases: Vec::new(),
        method: "GET".into(),
        url: url.into(),
        status: 200,
        kind: "fetch".into(),
        mime: None,
        duration: None,
        wait: None,
        size: None,
        error: None,
        canceled: false,
        from: None,
        ids: Ids::default(),
    })
}

fn console(text: &str) -> Row {
    Row::Console(ConsoleRow {
        level: Severity::Info,
        text: text.into(),
        cut: false,
        method: None,
        kind: None,
        uncaught: false,
        at: None,
        repeat: None,
        ids: Ids::default(),
    })
}

/// A row and its detail without their secrets, as JSON text.
fn after(redactor: &mut Redactor, row: Row, detail: Value) -> String {
    let mut event = Event::new(EventTime::Wall(1.0), row, detail);
    redactor.event(&mut event, 1);
    format!("{}\n{}", serde_json::to_string(&event.row).unwrap(), event.detail)
}

fn detail(detail: Value) -> String {
    after(&mut redactor(Level::Standard), network("https://a.test/"), detail)
}

fn body(mime: &str, text: &str) -> String {
    let after = detail(json!({ "response": { "content": { "mimeType": mime, "text": text } } }));
    let value: Value = serde_json::from_str(after.split_once('\n').unwrap().1).unwrap();
    value["response"]["content"]["text"].as_str().unwrap().to_owned()
}

#[test]
fn no_shape_of_record_keeps_a_secret() {
    let bearer = format!("Bearer {SECRET}");
    let cookie = format!("theme=dark; sid={SECRET}");
    for record in [
        json!({ "request": { "headers": [{ "name": "authorization", "value": bearer }] } }),
        json!({ "request": { "headers": [{ "name": "COOKIE", "value": cookie }] } }),
        json!({ "request": { "headers": { "X-Api-Key": SECRET } } }),
        json!({ "request": { "headers": { "x-anything": [SECRET] } } }),
        json!({ "request": { "headers": [["x-csrf-token", SECRET]] } }),
        json!({ "headersText": format!("GET / HTTP/1.1\r\nAuthorization: {bearer}\r\nAccept: */*\r\n") }),
        json!({ "response": { "headers": [{ "name": "Set-Cookie", "value": format!("a={SECRET}; Path=/; HttpOnly") }] } }),
        json!({ "response": { "headers": { "set-cookie": format!("a=1x1x1x\nb={SECRET}; Secure") } } }),
        json!({ "request": { "cookies": [{ "name": "sid", "value": SECRET, "httpOnly": true }] } }),
        json!({ "cookies": { "sid": SECRET } }),
        json!({ "associatedCookies": [{ "blockedReasons": [], "cookie": { "name": "sid", "value": SECRET } }] }),
        json!({ "blockedCookies": [{ "cookieLine": format!("a={SECRET}; Path=/"), "cookie": null }] }),
        json!({ "request": { "queryString": [{ "name": "access_token", "value": SECRET }] } }),
        json!({ "request": { "url": format!("https://a.test/?token={SECRET}&x=1") } }),
        json!({ "response": { "redirectURL": format!("/next?token={SECRET}") } }),
        json!({ "request": { "headers": [{ "name": "Referer", "value": format!("https://a.test/?token={SECRET}") }] } }),
        json!({ "_initiator": { "stack": { "callFrames": [{ "url": format!("https://a.test/x.js?token={SECRET}") }] } } }),
        json!({ "request": { "postData": { "mimeType": "application/json", "text": json!({ "password": SECRET }).to_string() } } }),
        json!({ "request": { "postData": { "mimeType": "application/x-www-form-urlencoded", "text": format!("user=a&user%5Bpassword%5D={SECRET}") } } }),
        json!({ "request": { "postData": { "mimeType": "x", "params": [{ "name": "password", "value": SECRET }] } } }),
        json!({ "request": { "postData": format!("password={SECRET}") } }),
        json!({ "_webSocketMessages": [{ "type": "send", "opcode": 1, "data": json!({ "auth": { "token": SECRET } }).to_string() }] }),
        json!({ "_eventSourceMessages": [{ "data": json!({ "session_token": SECRET }).to_string() }] }),
        json!({ "args": ["password:", SECRET] }),
        json!({ "args": [{ "type": "string", "value": "token =" }, { "type": "string", "value": SECRET }] }),
        json!({ "args": [{ "preview": { "properties": [{ "name": "password", "type": "string", "value": SECRET }] } }] }),
        json!({ "args": [{ "type": "object", "value": [["password", { "type": "string", "value": SECRET }]] }] }),
        json!({ "fields": { "db": { "password": SECRET } } }),
        json!({ "config": { "api_key": SECRET, "nested": [{ "clientSecret": SECRET }] } }),
        json!({ "dsn": format!("postgres://app:{SECRET}@db.test/app") }),
        json!({ "passwords": [SECRET] }),
        json!({ "credentials": { "value": SECRET } }),
    ] {
        let after = detail(record.clone());
        assert!(!after.contains(SECRET) && after.contains("redacted"), "{record} became {after}");
    }
}

#[test]
fn what_is_around_a_secret_stays() {
    let after = detail(json!({ "request": { "headers": [
        { "name": "Authorization", "value": format!("Bearer {SECRET}") },
        { "name": "Cookie", "value": format!("theme=; sid={SECRET}") },
        { "name": "X-Tenant", "value": "acme" },
        { "name": "Accept", "value": "text/html" },
    ] } }));
    for part in
        ["Bearer [redacted auth#1]", "theme=; sid=[redacted auth#1]", "[redacted header#1]", "text/html", "X-Tenant"]
    {
        assert!(after.contains(part), "{part} is not in {after}");
    }
}

#[test]
fn bodies_lose_their_secrets_and_nothing_else() {
    for (mime, before, expected) in [
        (
            "application/json",
            r#"{ "user": "a", "password" : "hunter2hunter2", "n": 1 }"#,
            r#"{ "user": "a", "password" : "[redacted password#1]", "n": 1 }"#,
        ),
        (
            "application/json",
            r#"{"pin":123456,"pinned":true,"name":"pin"}"#,
            r#"{"pin":"[redacted code#1]","pinned":true,"name":"pin"}"#,
        ),
        (
            "application/json",
            r#"[{"name":"api_key","value":"hunter2hunter2"},{"name":"x","value":"y"}]"#,
            r#"[{"name":"api_key","value":"[redacted key#1]"},{"name":"x","value":"y"}]"#,
        ),
        (
            "application/json",
            r#"{"inner":"{\"token\":\"hunter2hunter2\"}"}"#,
            r#"{"inner":"{\"token\":\"[redacted token#1]\"}"}"#,
        ),
        (
            "application/json",
            r#"{"query":"mutation L($p:String!){login(password:$p){id}}","variables":{"p":"x","password":"hunter2hunter2"}}"#,
            r#"{"query":"mutation L($p:String!){login(password:$p){id}}","variables":{"p":"x","password":"[redacted password#1]"}}"#,
        ),
        (
            "application/x-ndjson",
            "{\"a\":1}\n{\"secret\":\"hunter2hunter2\"}\n",
            "{\"a\":1}\n{\"secret\":\"[redacted secret#1]\"}\n",
        ),
        ("application/json", r#"{"token":"hunter2hunter2"#, r#"{"token":"[redacted token#1]"#),
        (
            "text/html",
            r#"<input type="hidden" name="csrf_token" value="hunter2hunter2"><p>password</p>"#,
            r#"<input type="hidden" name="csrf_token" value="[redacted csrf#1]"><p>password</p>"#,
        ),
        (
            "text/xml",
            "<Login><Password>hunter2hunter2</Password><User>a</User></Login>",
            "<Login><Password>[redacted password#1]</Password><User>a</User></Login>",
        ),
        (
            "multipart/form-data",
            "--b1b1\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2hunter2\r\n--b1b1--\r\n",
            "--b1b1\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n[redacted password#1]\r\n--b1b1--\r\n",
        ),
    ] {
        assert_eq!(body(mime, before), expected);
    }
}

#[test]
fn bodies_without_secrets_stay_as_they_are() {
    for (mime, same) in [
        (
            "application/json",
            r#"{"password":"Enter your password","passwordLabel":"Password","token_type":"bearer","expires_in":3600}"#,
        ),
        (
            "application/json",
            r#"{"id":"5f0c2a9d-41bb-4e11-9f31-0f6b2c3d4e5f","sha256":"da39a3ee5e6b4b0d3255bfef95601890afd80709da39a3ee5e6b4b0d3255bfef"}"#,
        ),
        (
            "application/json",
            r#"{"usage":{"prompt_tokens":1523,"max_tokens":4096},"version":"2026.11.2","at":"2026-11-21T05:11:49.000Z"}"#,
        ),
        (
            "application/javascript",
            r#"const login=({password:p,token:t})=>fetch("/api",{body:JSON.stringify({password:p,token:t})});"#,
        ),
        (
            "text/html",
            r#"<label for="password">Password</label><input type="password" name="password" autocomplete="current-password">"#,
        ),
        ("application/json", r#"{"traceId":"7e17711e225477ed3be58fb9862063d5","requestId":"req_eacacc7d247e"}"#),
    ] {
        assert_eq!(body(mime, same), same);
    }
}

#[test]
fn base64_bodies_of_text_are_looked_into() {
    use base64::Engine as _;
    let encode = |text: &str| base64::prelude::BASE64_STANDARD.encode(text);
    let content = json!({ "mimeType": "application/json", "encoding": "base64", "text": encode(r#"{"password":"hunter2hunter2"}"#) });
    let after = detail(json!({ "response": { "content": content } }));
    assert!(after.contains(&encode(r#"{"password":"[redacted password#1]"}"#)), "{after}");
}

#[test]
fn typed_secrets_go_wherever_the_action_repeats_them() {
    let mut row = ActionRow::of_kind("fill");
    row.target = Some("getByLabel('Password')".into());
    row.value = Some("hunter2!".into());
    row.label = Some("Fill \"hunter2!\"".into());
    let record = json!({ "method": "fill", "params": { "selector": "internal:label=\"Password\"i", "value": "hunter2!" }, "step": { "title": "Fill \"hunter2!\"" } });
    let mut redactor = redactor(Level::Standard);
    let text = after(&mut redactor, Row::Action(row), record);
    assert!(!text.contains("hunter2!") && text.matches("[redacted typed#1]").count() == 4, "{text}");
    // Keys go to the field that was used last.
    let mut keys = ActionRow::of_kind("type");
    keys.value = Some("more2typed".into());
    assert!(
        !after(&mut redactor, Row::Action(keys), json!({ "params": { "text": "more2typed" } })).contains("more2typed")
    );
    let mut enter = ActionRow::of_kind("press");
    enter.value = Some("Enter".into());
    assert!(
        after(&mut redactor, Row::Action(enter), json!({ "params": { "key": "Enter" } }))
            .contains("\"value\":\"Enter\"")
    );
}

#[test]
fn what_else_was_typed_goes_in_strict_only() {
    let row = || {
        let mut row = ActionRow::of_kind("change");
        (row.target, row.value) = (Some("#city".into()), Some("Oldenburg".into()));
        Row::Action(row)
    };
    let record = json!({ "selectors": [["#city"]], "value": "Oldenburg" });
    assert!(after(&mut redactor(Level::Standard), row(), record.clone()).contains("Oldenburg"));
    assert!(!after(&mut redactor(Level::Strict), row(), record.clone()).contains("Oldenburg"));
    assert!(after(&mut redactor(Level::Off), row(), record).contains("Oldenburg"));
}

#[test]
fn rows_of_all_streams_lose_their_secrets() {
    let mut redactor = redactor(Level::Standard);
    let backend = Row::Backend(BackendRow {
        level: Severity::Info,
        service: None,
        text: format!("GET https://a.test/?token={SECRET}"),
        cut: false,
        ids: Ids::default(),
    });
    for row in [
        console(&format!("login with password={SECRET}")),
        network(&format!("https://a.test/?api_key={SECRET}")),
        backend,
    ] {
        let text = after(&mut redactor, row, json!({}));
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn a_secret_told_early_goes_when_it_is_known_later() {
    let mut redactor = redactor(Level::Standard);
    let early =
        after(&mut redactor, console(&format!("hello {SECRET}")), json!({ "args": [format!("hello {SECRET}")] }));
    assert!(early.contains(SECRET));
    after(&mut redactor, network("https://a.test/"), json!({ "password": SECRET }));
    let (row, detail) = early.split_once('\n').unwrap();
    let mut stored = Stored {
        stream: Stream::Console,
        time: None,
        duration: None,
        class: 0,
        failure: None,
        marked: false,
        row: row.into(),
        detail: detail.into(),
    };
    redactor.stored(&mut stored, 1);
    let text = [stored.row, stored.detail].map(|bytes| String::from_utf8(bytes).unwrap()).join("\n");
    assert!(!text.contains(SECRET) && text.matches("hello [redacted password#1]").count() == 2, "{text}");
    assert_eq!(redactor.report().by_rule["known-value"], 2);
}

#[test]
fn what_is_redacted_already_stays() {
    let record = json!({ "request": { "headers": [{ "name": "Authorization", "value": "Bearer [redacted auth#3]" }], "url": "https://a.test/?token=redacted-token-2" }, "password": "[redacted password#1]", "cookie": "sid=[redacted cookie#1]" });
    assert!(detail(record.clone()).ends_with(&record.to_string()));
    let text = "log: Authorization: Bearer [redacted auth#3], password=[redacted password#1]";
    assert!(after(&mut redactor(Level::Strict), console(text), json!({})).contains(text));
    // What stands beside a tag is looked at.
    let inner = json!({ "a": "[redacted auth#3]", "token": SECRET }).to_string();
    assert!(!detail(json!({ "text": json!({ "inner": inner }).to_string() })).contains(SECRET));
}

#[test]
fn keys_that_are_secrets_go() {
    let token = "ghp_Zk3VtQ9xLmP2rS8wYbN4cD7fQaBcDeFgHiJk";
    let after = detail(json!({ "byToken": { token: { "user": 1 } } }));
    assert!(!after.contains(token), "{after}");
}

#[test]
fn values_of_unlisted_headers_are_counted_apart_and_not_looked_for() {
    let mut redactor = redactor(Level::Standard);
    let record = json!({ "request": { "headers": [{ "name": "x-feature", "value": "checkout-9-rollout" }] } });
    after(&mut redactor, network("https://a.test/"), record);
    let report = redactor.report();
    assert_eq!((report.total, report.headers_not_listed), (0, 1));
    assert!(redactor.known.is_empty());
}

#[test]
fn places_are_told_without_values() {
    let mut redactor = redactor(Level::Standard);
    after(
        &mut redactor,
        network("https://a.test/"),
        json!({ "request": { "headers": [{ "name": "cookie", "value": format!("sid={SECRET}") }] } }),
    );
    let report = redactor.report();
    assert_eq!((report.by_rule["cookie"], report.by_place["network request headers"]), (1, 1));
    let spot = &redactor.spots()[0];
    assert_eq!((spot.pointer.as_str(), spot.rule, spot.number), ("/detail/request/headers/0/value", "cookie", 1));
}

#[test]
fn the_configuration_adds_and_removes() {
    let config = r#"
        [names]
        add = ["customer"]
        remove = ["pin"]
        [headers]
        allow = ["x-tenant"]
        deny = ["accept"]
        [[patterns]]
        regex = 'EMP-\d{6}'
        [[urls]]
        regex = '^https://intern\.'
        drop = ["query"]
        [allow]
        values = ["demo-token-1234"]
        [pointers]
        remove = ["/detail/secretPlace/*"]
        keep = ["/detail/password"]
    "#;
    let mut redactor = Redactor::new(Level::Standard, Config::parse(config, "f").unwrap());
    let record = json!({
        "customer": "Meier-4711", "pin": "123456", "note": "by EMP-123456", "url": "https://intern.test/?a=b",
        "token": "demo-token-1234", "secretPlace": { "any": "thing" }, "password": "kept-because-1",
        "headers": [{ "name": "X-Tenant", "value": "acme" }, { "name": "Accept", "value": "text/x-own" }],
    });
    let text = after(&mut redactor, network("https://a.test/"), record);
    for gone in ["Meier-4711", "EMP-123456", "?a=b", "\"thing\"", "text/x-own"] {
        assert!(!text.contains(gone), "{gone} is in {text}");
    }
    for kept in ["\"123456\"", "demo-token-1234", "kept-because-1", "acme"] {
        assert!(text.contains(kept), "{kept} is not in {text}");
    }
}
