//! Short names for the custom properties of the style sheets.

use std::collections::BTreeMap;

/// A style in which custom properties have short names, but for those that a script speaks of.
pub(super) fn short(style: &str, script: &str) -> String {
    let spoken: Vec<&str> = names(script).map(|(_, name)| name).collect();
    // Of some the script has the beginning alone, and works out the rest.
    let begun: Vec<&str> =
        names(script).filter(|(at, name)| script[at + name.len()..].starts_with('$')).map(|(_, name)| name).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, name) in names(style) {
        let stays = spoken.contains(&name) || begun.iter().any(|begin| name.starts_with(begin));
        *counts.entry(name).or_default() += usize::from(!stays);
    }
    let mut often: Vec<(&str, usize)> = counts.into_iter().filter(|(_, count)| *count > 0).collect();
    often.sort_by_key(|(name, count)| (usize::MAX - count, *name));
    let letters = || ('a'..='z').map(String::from);
    let free = letters().chain(letters().flat_map(|one| letters().map(move |other| format!("{one}{other}"))));
    let free = free.map(|name| format!("--{name}")).filter(|name| !names(style).any(|(_, taken)| taken == name));
    let anew: BTreeMap<&str, String> = often.iter().map(|(name, _)| *name).zip(free).collect();
    let (mut out, mut done) = (String::with_capacity(style.len()), 0);
    for (at, name) in names(style) {
        out.extend([&style[done..at], anew.get(name).map_or(name, String::as_str)]);
        done = at + name.len();
    }
    out.push_str(&style[done..]);
    out
}

/// What may be names of custom properties, and where they stand.
fn names(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let starts = text.match_indices("--").filter(move |(at, _)| !text[..*at].ends_with(is_part));
    starts.map(move |(at, _)| {
        let end = text[at..].find(|c| !is_part(c)).map_or(text.len(), |length| at + length);
        (at, &text[at..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_script_speaks_of_gets_a_short_name() {
        let style = ":root{--line:1px;--soft:red;--row:2px;--c0:3px;--b:0}.a--soft{margin:var(--soft) var(--soft) var(--line,--row);width:var(--c0)}";
        let expected = ":root{--c:1px;--a:red;--row:2px;--c0:3px;--d:0}.a--soft{margin:var(--a) var(--a) var(--c,--row);width:var(--c0)}";
        let script = "a.get('--row');a.set(`--c${at}`,1);i--soft";
        assert_eq!(short(style, script), expected);
    }
}
