//! What is found, and what must stay.

use super::*;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// Rules and what they found.
fn rules(text: &str, strict: bool) -> Vec<(&'static str, &str)> {
    let mut found = Vec::new();
    detect(text, strict, &mut found);
    found.iter().map(|finding| (finding.rule, &text[finding.range.clone()])).collect()
}

/// What is left of a text without its findings.
fn left(text: &str) -> String {
    let mut found = Vec::new();
    detect(text, false, &mut found);
    let mut left = text.to_owned();
    found.iter().rev().for_each(|finding| left.replace_range(finding.range.clone(), "¶"));
    left
}

/// Letters in disorder, of one of the alphabets keys are written in.
fn body(kind: &str, length: usize) -> String {
    let alphabet: &[u8] = match kind {
        "hex" => b"0123456789abcdef",
        "upper" => b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789",
        "digit" => b"0123456789",
        "url" => b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-",
        "base64" => b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/",
        _ => b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    };
    let mut state = 0x2545_F491_4F6C_DD1D_u64 ^ length as u64;
    let mut draw = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(alphabet[(state >> 33) as usize % alphabet.len()])
    };
    // The first and the last are no signs, so that words end where they should.
    let drawn: String = (0..length).map(&mut draw).collect();
    drawn.replace(['-', '_'], "k")
}

/// Keys as providers give them out: `{kind:length}` stands for letters drawn at random, so that no key is here.
const SHAPES: &str = include_str!("shapes.txt");

/// Fills in what a shape leaves open.
fn filled(shape: &str) -> String {
    let mut pieces = shape.split('{');
    let mut text = pieces.next().unwrap().to_owned();
    for piece in pieces {
        let (open, rest) = piece.split_once('}').unwrap();
        let (kind, length) = open.split_once(':').unwrap();
        text += &body(kind, length.parse().unwrap());
        text += rest;
    }
    text
}

#[test]
fn keys_of_providers_are_found_wherever_they_stand() {
    let mut count = 0;
    for line in SHAPES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (rule, shape) = line.split_once(' ').unwrap();
        let key = filled(shape);
        for text in [
            key.clone(),
            format!("got {key} from the server"),
            format!(r#"{{"a":"{key}"}}"#),
            format!(r#"{{\"a\":\"{key}\"}}"#),
            format!("line\\n{key}\\n"),
            format!("https://api.test/x?k={key}&b=1"),
            format!("‘{key}’"),
        ] {
            let found = rules(&text, false);
            let whole = found.iter().any(|(name, what)| *name == rule && what.contains(key.trim_end_matches('=')));
            assert!(whole, "{rule} is not found in {text}: {found:?}");
            assert!(rules(&format!("{}§", text.replace(&key, "key")), false).is_empty());
        }
        let hidden = BASE64_STANDARD.encode(format!("the key is {key} and so on"));
        assert_eq!(left(&format!("data {hidden}.")), "data ¶.", "{rule} in base64");
        let address: String = key.bytes().map(|byte| format!("%{byte:02X}")).collect();
        assert!(
            !rules(&format!("u=https%3A%2F%2Fa.test%2F%3Fk%3D{address}&b=1"), false).is_empty(),
            "{rule} in an address"
        );
        count += 1;
    }
    assert!(count >= 100, "{count} shapes");
}

#[test]
fn values_beside_names_are_found() {
    for (text, expected) in [
        ("user=ann&password=hunter2&x=1", "user=ann&password=¶&x=1"),
        (r#"{"user":"ann","password":"hunter2"}"#, r#"{"user":"ann","password":"¶"}"#),
        (r#"{\"password\": \"hun\\\"ter2\"}"#, r#"{\"password\": \"¶\"}"#),
        (r#"{"a":"{\"password\":\"hunter2\"}"}"#, r#"{"a":"{\"password\":\"¶\"}"}"#),
        ("db_password: hunter2", "db_password: ¶"),
        ("password is hunter2, she said", "password is ¶, she said"),
        ("MYSQL_PWD=swordfish", "MYSQL_PWD=¶"),
        ("<password>hunter2</password>", "<password>¶</password>"),
        (
            r#"<input type="password" name="password" value="hunter2">"#,
            r#"<input type="password" name="password" value="¶">"#,
        ),
        (r#"{"name":"password","value":"hunter2"}"#, r#"{"name":"password","value":"¶"}"#),
        ("name=\"password\"\r\n\r\nhunter2\r\n--b", "name=\"password\"\r\n\r\n¶\r\n--b"),
        ("Server=db;User Id=sa;Password=p4ss!word;Encrypt=no", "Server=db;User Id=sa;Password=¶;Encrypt=no"),
        ("return_to%3Fpassword%3Dhunter2", "return_to%3Fpassword%3D¶"),
        ("token: 3f9a8c7b6d5e4f3a2b1c", "token: ¶"),
        (r#""accessToken":"Qm9vbSBiYW5nIDE5ODQ""#, r#""accessToken":"¶""#),
        ("client_secret=8fK2mQ9xLw4T&grant=code", "client_secret=¶&grant=code"),
        ("x-api-key: 9f8e7d6c5b4a39281706", "x-api-key: ¶"),
        ("Cookie: sid=s%3Aabc123.def; theme=dark1", "Cookie: sid=¶; theme=¶"),
        (
            "Set-Cookie: sid=abc123def; Path=/; Max-Age=3600; HttpOnly",
            "Set-Cookie: sid=¶; Path=/; Max-Age=3600; HttpOnly",
        ),
        ("Authorization: Bearer abc123.def456-ghi", "Authorization: Bearer ¶"),
        ("curl -H 'authorization: Basic YW5uOmh1bnRlcjI='", "curl -H 'authorization: Basic ¶'"),
    ] {
        assert_eq!(left(text), expected, "{:?}", rules(text, false));
    }
}

#[test]
fn passwords_in_addresses_are_found() {
    for (text, expected) in [
        ("postgres://ann:p4ss@db:5432/shop", "postgres://ann:¶@db:5432/shop"),
        ("mongodb+srv://ann:p@ss/w@db.test/x?y=1", "mongodb+srv://ann:¶@db.test/x?y=1"),
        ("redis://:hunter2@cache:6379", "redis://:¶@cache:6379"),
        ("https://ann:hunter2@example.test/path", "https://ann:¶@example.test/path"),
        ("https://9f8e7d6c5b4a39281706abcd@sentry.test/1", "https://¶@sentry.test/1"),
        ("jdbc:oracle:thin:scott/t1ger@//db:1521/x", "jdbc:oracle:thin:scott/¶@//db:1521/x"),
        ("https://example.test:8080/@scope/pkg", "https://example.test:8080/@scope/pkg"),
        ("http://ann@example.test/", "http://ann@example.test/"),
        ("ftp://files.test/a@b", "ftp://files.test/a@b"),
    ] {
        assert_eq!(left(text), expected);
    }
}

#[test]
fn tokens_of_several_parts_are_found() {
    let part = |json: &str| base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(json);
    let header = part(r#"{"alg":"HS256","typ":"JWT"}"#);
    let payload = part(r#"{"sub":"ann","exp":1800000000}"#);
    for token in [
        format!("{header}.{payload}.{}", body("url", 43)),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!(
            "{}.{}.{}.{}.{}",
            part(r#"{"enc":"A256GCM","alg":"dir"}"#),
            "",
            body("url", 16),
            body("url", 60),
            body("url", 22)
        ),
    ] {
        assert_eq!(left(&format!("seen {token} here")).replace("¶.", "¶"), "seen ¶ here", "{token}");
    }
}

#[test]
fn private_keys_are_found_whole() {
    let lines = format!("{}\n{}\n", body("base64", 64), body("base64", 40));
    for (from, to) in [
        ("-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"),
        ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "-----END OPENSSH PRIVATE KEY-----"),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----", "-----END PGP PRIVATE KEY BLOCK-----"),
        ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", "---- END SSH2 ENCRYPTED PRIVATE KEY ----"),
    ] {
        let key = format!("{from}\n{lines}{to}");
        assert_eq!(left(&format!("a {key} b")), "a ¶ b");
        let escaped = key.replace('\n', "\\n");
        assert_eq!(left(&format!("{{\"k\":\"{escaped}\"}}")), "{\"k\":\"¶\"}");
        assert_eq!(left(&format!("a {from}\n{lines}")), "a ¶");
    }
    let public = format!("-----BEGIN PUBLIC KEY-----\n{lines}-----END PUBLIC KEY-----");
    assert_eq!(left(&public), public);
}

#[test]
fn cards_are_told_from_other_numbers() {
    for card in [
        "4242424242424242",
        "4111 1111 1111 1111",
        "5555-5555-5555-4444",
        "378282246310005",
        "3782 822463 10005",
        "6011111111111117",
        "30569309025904",
        "3566002020360505",
    ] {
        for text in [
            format!("paid with {card}."),
            format!("\"{card}\""),
            format!("x\\n{card}"),
            format!("{}{card}", " ".repeat(9)),
        ] {
            assert_eq!(rules(&text, false).first(), Some(&("card", card)), "{text}");
        }
    }
}

#[test]
fn personal_data_is_found_when_asked_for() {
    for (text, rule, what) in [
        ("mail ann.b+c@example.co.uk now", "email", "ann.b+c@example.co.uk"),
        ("<jörg@example.de>", "email", "jörg@example.de"),
        ("call +49 30 901820 now", "phone", "+49 30 901820"),
        ("tel +14155552671", "phone", "+14155552671"),
        ("(415) 555-2671", "phone", "(415) 555-2671"),
        ("030 / no, 030 9018200", "phone", "030 9018200"),
        // Of these, only what stands alone looks like one.
        ("call 555 123 4567 now", "phone", "555 123 4567"),
        ("call 1 555 123 4567 now", "phone", "1 555 123 4567"),
        ("call 02 9876 5432 now", "phone", "02 9876 5432"),
        ("call 00 49 30 901820 now", "phone", "00 49 30 901820"),
        ("IBAN DE89 3704 0044 0532 0130 00.", "iban", "DE89 3704 0044 0532 0130 00"),
        ("GB82WEST12345698765432", "iban", "GB82WEST12345698765432"),
    ] {
        assert_eq!(rules(text, true), [(rule, what)], "{text}");
        assert_eq!(rules(text, false), [], "{text}");
    }
    for text in
        ["GB82WEST12345698765433", "logo@2x.png", "2024-01-02 03:04:05", "v1.2.3-4", "@scope/pkg", "10.0.0.1:8080"]
    {
        assert_eq!(rules(text, true), [], "{text}");
    }
}

#[test]
fn encoded_text_is_looked_into_wherever_it_begins() {
    for secret in ["password=hunter2-Correct", "password: Tr0ub4dor&3"] {
        let encoded = BASE64_STANDARD.encode(secret);
        let encoded = encoded.trim_end_matches('=');
        for before in 0..50 {
            for filler in [".", "ab.", "abcdefghijkl."] {
                let filler: String = filler.chars().cycle().take(before).collect();
                let text = format!("{filler}.{encoded}.{filler}");
                assert_eq!(rules(&text, false), [("password", encoded)], "{text}");
            }
        }
    }
}

#[test]
fn numbers_of_people_are_found_wherever_they_stand() {
    for number in
        ["+49 30 1234567", "(555) 123-4567", "+1 (555) 123-4567", "030 1234-5678", "DE89 3704 0044 0532 0130 00"]
    {
        for before in
            ["", "x ", "12 apples, ", "1234567890123456789012345678901234567890, ", "f(a, 12);  ", "(1)\n", "[7,8] +a "]
        {
            for behind in ["", " x", ", 17", ")", "\n+1"] {
                let text = format!("{before}{number}{behind}");
                let found = rules(&text, true);
                assert!(found.len() == 1 && found[0].1 == number, "{text}: {found:?}");
            }
        }
    }
}

#[test]
fn numbers_of_phones_are_found_among_others() {
    let row = "12 34 56 78 90 ".repeat(5);
    let phones = [
        "+49 30 1234567",
        "+1 555 123 4567",
        "(555) 123-4567",
        "415-555-2671",
        "030 7654321",
        "030 1234-5678",
        "0044 20 7946 0958",
    ];
    for number in phones {
        for other in phones.into_iter().chain(["", "2", "id 42", "3 (4)", "9876543", "2026-11-22", &row]) {
            for text in
                [format!("{other} {number}"), format!("{number} {other}"), format!("{number} 12 {other} {number}")]
            {
                let mut rest = text.clone().into_bytes();
                let mut found = Vec::new();
                detect(&text, true, &mut found);
                found.iter().for_each(|finding| rest[finding.range.clone()].fill(b'#'));
                let rest = String::from_utf8(rest).unwrap();
                let left = [number, other].iter().any(|phone| {
                    phones.contains(phone)
                        && phone.split([' ', '(', ')', '-']).any(|group| group.len() > 3 && rest.contains(group))
                });
                assert!(!left, "{text} became {rest}");
            }
        }
    }
    for text in [
        "1 2 3 4 5 6 7 8 9 10 11",
        "2026-11-22 10 20",
        "100 200 300 400",
        "42 10.0.0.1 80",
        "12-345-6789-01",
        "1 000 000 000 and 25 050 234 567",
        "00000000: 0000 0000 0000 0000",
        "00 00 00 18 66 74 79 70 6d",
        "001 002 003 004 005 006",
        "00.000 00.125 00.250 00.375",
        "10:15:20 200 512 1024 35",
        "GET /a/1 200 345 1024 12",
        "viewBox=\"0 0 200 300 1200 80\"",
        "matrix(1 0 0 1 100 200 3000)",
        "cpu 101 290 3084 46828",
        "2026-05-22 083015 1234 INFO",
        "22 05 2026 14 30 00",
        "rgb 0 128 255 1024",
    ] {
        assert_eq!(rules(text, true), [], "{text}");
    }
}

/// Lines that look like secrets and are none.
#[test]
fn lookalikes_stay() {
    for line in include_str!("stays.txt").lines() {
        assert_eq!(rules(line, false), [], "{line}");
    }
}

#[test]
fn what_was_taken_out_is_not_found_again() {
    for text in [
        "password=[redacted password#1]",
        "https://a:redacted-url-password-1@b.test/",
        "Bearer redacted-bearer-12",
        "\"token\":\"[redacted token#12]\"",
        "?token=redacted-token-10&x=1",
        "token=redacted-token-10%20x",
    ] {
        assert_eq!(rules(text, true), [], "{text}");
    }
}

#[test]
fn no_text_makes_it_slow() {
    for piece in [
        "eyJ-",
        "password",
        "4",
        "4-",
        "a@",
        "://:",
        "%41",
        "-----BEGIN PRIVATE KEY",
        "AKIA",
        "cookie:=",
        "\\",
        "\\\"password\\\":\\\"",
        "a.",
        "/",
        "Zm9v",
        "+1",
        "1 ",
        "00 ",
        "+1 ",
        "(1",
        "(",
        "token=",
    ] {
        let text = piece.repeat((1 << 16) / piece.len());
        let mut found = Vec::new();
        // One that looks at everything again and again does not come back in time.
        detect(&text, true, &mut found);
    }
}
