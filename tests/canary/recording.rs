//! A recording with secrets in the places that are secret by their structure, whatever stands there.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::secrets::letters;

/// Draws values, and remembers them.
#[derive(Default)]
pub(crate) struct Draw(pub(crate) Vec<String>);

impl Draw {
    /// A value like those that servers make.
    fn token(&mut self) -> String {
        self.0.push(letters(self.0.len() + 700_000, 22));
        self.0[self.0.len() - 1].clone()
    }

    /// A value like those that people choose: no pattern knows it.
    fn word(&mut self) -> String {
        const WORDS: [&str; 6] = ["zebra", "walnut", "copper", "drizzle", "anchor", "violet"];
        let number = self.0.len();
        self.0.push(format!("{}-{}{number}", WORDS[number % 6], WORDS[number / 6 % 6]));
        self.0[number].clone()
    }
}

/// Writes the recording into a folder.
pub(crate) fn write(folder: &Path, draw: &mut Draw) {
    let lines = |rows: &[Value]| rows.iter().map(|row| format!("{row}\n")).collect::<String>();
    let files = [
        ("network.har", json!({ "log": { "version": "1.2", "creator": { "name": "a", "version": "1" }, "entries": entries(draw) } }).to_string()),
        ("console.ndjson", lines(&console(draw))),
        ("actions.ndjson", lines(&actions(draw))),
        ("backend.ndjson", lines(&backend(draw))),
        ("captions.vtt", format!("WEBVTT\n\n00:00.000 --> 00:02.000\nThe password is {}\n", draw.word() + "9X")),
        ("recording.json", description(draw).to_string()),
    ];
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
}

fn entries(draw: &mut Draw) -> Vec<Value> {
    let mut bodies = vec![
        (
            "application/json",
            json!({ "user": "ann", "password": draw.word(), "nested": [{ "client_secret": draw.token() }] })
                .to_string(),
        ),
        (
            "application/x-www-form-urlencoded",
            format!("user=ann&password={}&otp=1&refresh_token={}", draw.word(), draw.token()),
        ),
        (
            "application/json",
            json!({ "query": "mutation($p:String!){login(p:$p)}", "variables": { "password": draw.word() } })
                .to_string(),
        ),
        (
            "multipart/form-data; boundary=b",
            format!("--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n{}\r\n--b--\r\n", draw.word()),
        ),
        ("text/xml", format!("<login><user>ann</user><password>{}</password></login>", draw.word())),
        ("text/plain", json!({ "deep": json!({ "password": draw.word() }).to_string() }).to_string()),
    ];
    let mut entries = Vec::new();
    for (number, (mime, text)) in bodies.drain(..).enumerate() {
        let token = draw.token();
        entries.push(json!({
            "startedDateTime": format!("2026-11-21T09:10:5{number}.000Z"), "time": 10,
            "request": {
                "method": "POST", "httpVersion": "HTTP/2",
                "url": format!("https://ann:{}@shop.test/api/login?access_token={token}&page=2#id_token={}", draw.word(), draw.token()),
                "headers": [
                    { "name": "authorization", "value": format!("Bearer {}", draw.token()) },
                    { "name": "cookie", "value": format!("theme=dark; sid={}; csrf={}", draw.token(), draw.token()) },
                    { "name": "X-Api-Key", "value": draw.token() },
                    { "name": "X-Internal-Thing", "value": draw.token() },
                    { "name": "referer", "value": format!("https://shop.test/reset?reset_token={}", draw.token()) },
                ],
                "cookies": [{ "name": "sid", "value": draw.token() }],
                "queryString": [{ "name": "access_token", "value": token }, { "name": "page", "value": "2" }],
                "postData": { "mimeType": mime, "text": text, "params": [{ "name": "password", "value": draw.word() }] },
                "headersSize": -1, "bodySize": -1,
            },
            "response": {
                "status": 302, "statusText": "Found", "httpVersion": "HTTP/2",
                "redirectURL": format!("https://shop.test/in?code={}&state=1", draw.token()),
                "headers": [
                    { "name": "set-cookie", "value": format!("sid={}; Path=/; HttpOnly", draw.token()) },
                    { "name": "location", "value": format!("/in?session_token={}", draw.token()) },
                ],
                "cookies": [{ "name": "sid", "value": draw.token(), "httpOnly": true }],
                "content": { "mimeType": "application/json", "size": 9, "text": json!({ "access_token": draw.token(), "ok": true }).to_string() },
                "headersSize": -1, "bodySize": -1,
            },
            "_initiator": { "type": "script", "stack": { "callFrames": [{ "functionName": "f", "url": format!("https://shop.test/a.js?token={}", draw.token()), "lineNumber": 1, "columnNumber": 1 }] } },
            "_webSocketMessages": [
                { "type": "send", "time": 1.0, "opcode": 1, "data": json!({ "type": "auth", "password": draw.word() }).to_string() },
                { "type": "receive", "time": 2.0, "opcode": 1, "data": format!("token={}", draw.token()) },
            ],
            "cache": {}, "timings": { "send": 0, "wait": 1, "receive": 1 },
        }));
    }
    entries
}

fn console(draw: &mut Draw) -> Vec<Value> {
    let row = |text: String, args: Value| json!({ "time": "2026-11-21T09:10:51.000Z", "level": "info", "text": text, "args": args });
    vec![
        row(format!("logged in with password={}", draw.word()), json!([])),
        row("credentials".into(), json!([{ "password": draw.word(), "token": draw.token() }])),
        row(format!("{{\"refreshToken\":\"{}\"}}", draw.token()), json!([])),
        row(format!("GET https://shop.test/x?api_key={} failed", draw.token()), json!([])),
        row(format!("at f (https://ann:{}@shop.test/a.js:1:2)", draw.word()), json!([])),
    ]
}

fn actions(draw: &mut Draw) -> Vec<Value> {
    let row = |target: &str, value: String| json!({ "type": "change", "time": "2026-11-21T09:10:52.000Z", "selectors": [[target]], "target": target, "value": value });
    vec![
        row("input[type=password]", draw.word()),
        row("#new-password", draw.word()),
        row("input[autocomplete=one-time-code]", {
            draw.0.push("81947263".into());
            "81947263".into()
        }),
        json!({ "type": "navigate", "time": "2026-11-21T09:10:53.000Z", "url": format!("https://shop.test/in?token={}", draw.token()) }),
    ]
}

fn backend(draw: &mut Draw) -> Vec<Value> {
    let row = |members: Value| {
        let mut row =
            json!({ "time": "2026-11-21T09:10:53.500Z", "level": "info", "service": "api", "msg": "request" });
        row.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        row
    };
    vec![
        row(json!({ "db_password": draw.word(), "headers": { "authorization": format!("Token {}", draw.token()) } })),
        row(json!({ "msg": format!("connecting to amqp://svc:{}@queue.test/v", draw.word()) })),
        row(json!({ "session": { "cookie": format!("sid={}", draw.token()) }, "apiKey": draw.token() })),
    ]
}

fn description(draw: &mut Draw) -> Value {
    json!({
        "format": "recording/1", "title": format!("Login with password={} fails", draw.word()),
        "startedDateTime": "2026-11-21T09:10:50.000Z", "durationMs": 9000,
        "media": [{ "kind": "captions", "file": "captions.vtt", "language": "en" }],
        "panels": { "console": "console.ndjson", "network": "network.har", "actions": "actions.ndjson", "backend": "backend.ndjson" },
        "metadata": {
            "page": { "url": format!("https://shop.test/?session_token={}", draw.token()) },
            "user": { "apiKey": draw.token(), "note": format!("curl -H 'Authorization: Bearer {}'", draw.token()) },
            "custom": { "password": draw.word() },
        },
    })
}
