//! What is found, and what must stay.

use super::*;

fn rules(text: &str, strict: bool) -> Vec<(&'static str, &str)> {
    let mut found = Vec::new();
    detect(text, strict, &mut found);
    found.iter().map(|finding| (finding.rule, &text[finding.range.clone()])).collect()
}

#[test]
fn a_password_in_a_form() {
    assert_eq!(rules("user=ann&password=hunter2&x=1", false), [("password", "hunter2")]);
}
