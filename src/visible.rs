//! Text of others made fit for a terminal and a message.

use std::borrow::Cow;

/// Writes control characters, line ends among them, and characters that change direction as `\u{…}`, so that a
/// name can neither drive the terminal, nor pass for another, nor begin a line of its own.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}' | '\u{061c}')
    };
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if hidden(letter) { out.extend(letter.escape_unicode()) } else { out.push(letter) }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_obeyed_is_shown() {
        assert_eq!(visible("plain, ä and 日本"), "plain, ä and 日本");
        assert_eq!(visible("a\nb\u{1b}[31m\u{202e}c"), "a\\u{a}b\\u{1b}[31m\\u{202e}c");
        assert_eq!(visible(&visible("a\nb")), visible("a\nb"));
    }
}
