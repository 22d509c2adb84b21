//! Texts of test runners: colours for terminals taken out, the first lines told.

/// Bytes of a text that is kept to be shown.
const LIMIT: usize = 16 * 1024;

/// A text without the escapes that colour it on a terminal.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = &text[..text.floor_char_boundary(LIMIT * 2)];
    while let Some(at) = rest.find('\u{1b}') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(sequence) = rest.strip_prefix('[') else { continue };
        let end = sequence.find(|letter: char| ('@'..='~').contains(&letter));
        rest = end.map_or("", |end| &sequence[end + 1..]);
    }
    out.push_str(rest);
    out.truncate(out.floor_char_boundary(LIMIT));
    out
}

/// What an error says, without the log of how it came to be.
pub(super) fn brief(error: &str) -> &str {
    let end = ["\nCall log:", "\n=====", "\n  - "].iter().filter_map(|log| error.find(log)).min();
    error[..end.unwrap_or(error.len())].trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out() {
        assert_eq!(plain("Error: \u{1b}[2mexpect(\u{1b}[22m\u{1b}[31mx\u{1b}[39m)\u{1b}"), "Error: expect(x)");
        assert_eq!(plain("a\u{1b}[38;5;1"), "a");
        assert_eq!(plain(&"ä".repeat(LIMIT)).len(), LIMIT);
        assert_eq!(brief("no\n\nLocator: x\n\nCall log:\n - y"), "no\n\nLocator: x");
    }
}
