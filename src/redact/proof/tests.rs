use super::*;
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};
use serde_json::{Value, json};

fn originals(values: &[&str]) -> Originals {
    let mut originals = Originals::new();
    values.iter().for_each(|value| originals.add(value, "password"));
    originals
}

/// Every place where one of the values is found, however the bytes come.
fn is_found(originals: &Originals, text: &str) -> bool {
    let whole = Search::new(originals).feed(text.as_bytes()).is_some();
    for size in [1, 7, 64] {
        let mut search = Search::new(originals);
        let found = text.as_bytes().chunks(size).find_map(|piece| search.feed(piece));
        assert_eq!(found.is_some(), whole, "in pieces of {size}: {text}");
    }
    whole
}

#[test]
fn a_value_is_found_in_every_form() {
    let secret = "p\"ä s/w+rd%\\1~";
    let proof = originals(&[secret, "another-value"]);
    let json = Value::from(secret).to_string();
    let twice = Value::from(json!({ "a": secret }).to_string()).to_string();
    let url: String = url_escaped(secret);
    let mut forms = vec![secret.to_owned(), json, twice, url.clone(), url.to_lowercase(), url.replace("%20", "+")];
    for before in 0..3 {
        let text = format!("{}{secret}zz", "x".repeat(before));
        forms.extend([BASE64_STANDARD.encode(&text), BASE64_URL_SAFE.encode(&text)]);
    }
    for form in forms {
        assert!(is_found(&proof, &format!("before {form} behind")), "{form}");
    }
    assert!(!is_found(&proof, &format!("{} {}", &secret[..9], "another-valu")));
}

fn url_escaped(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[test]
fn short_values_are_not_looked_for() {
    assert!(!is_found(&originals(&["hunter2"]), "a hunter2 b"));
    assert!(is_found(&originals(&["hunter22"]), "a hunter22 b"));
}

#[test]
fn of_long_values_the_end_is_looked_for() {
    let long = format!("{}end-of-it", "x1y2".repeat(10_000));
    let proof = originals(&[&long]);
    assert!(proof.held < 64 << 10 && is_found(&proof, &long[long.len() - 2_000..]));
}

#[test]
fn memory_is_bounded_and_what_is_left_out_is_counted() {
    let mut proof = Originals::new();
    for number in 0..3_000 {
        proof.add(&format!("{}{number:012}", "some long value, ".repeat(60)), "token");
    }
    assert!(proof.held <= ROOM && proof.left_out() > 0, "{} bytes", proof.held);
}

#[test]
fn tokens_that_begin_alike_are_told_apart() {
    let values: Vec<_> = (0..2_000).map(|number| format!("eyJhbGciOiJIUzI1NiJ9.{number:08}")).collect();
    let proof = originals(&values.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(proof.first(values[1_234].as_bytes()).map(|hit| hit.0), Some(0));
    assert_eq!(proof.first(b"eyJhbGciOiJIUzI1NiJ9.99999999"), None);
}
