//! The page's player: what the linker made of `assets/` when the program was built.

/// Script and style of the page.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Player {
    /// Runs first, in the oldest syntax.
    pub boot: &'static str,
    /// The linked modules.
    pub script: &'static str,
    /// All style sheets.
    pub style: &'static str,
    /// The labels that the script asks for by their places in this list.
    pub labels: Vec<Numbered>,
}

/// A label that the script asks for by number.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Numbered {
    /// Its key in `labels.js`; one that is not there is its own English.
    pub key: &'static str,
    /// Whether nothing asks for it by its key.
    pub only: bool,
}

macro_rules! linked {
    ($name:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/", $name))
    };
}

/// The player of this version.
#[must_use]
pub fn player() -> Player {
    let labels = linked!("labels.txt").lines().map(|line| match line.strip_prefix('=') {
        Some(key) => Numbered { key, only: true },
        None => Numbered { key: &line[1..], only: false },
    });
    Player {
        boot: linked!("boot.js"),
        script: linked!("script.js"),
        style: linked!("style.css"),
        labels: labels.collect(),
    }
}

/// The service worker of this version, which plays sealed files and files that were cut.
#[must_use]
pub const fn worker() -> &'static str {
    linked!("sw.js")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linker;

    #[test]
    fn what_is_compiled_in_is_what_the_linker_makes() {
        let linked = linker::player().unwrap();
        let Player { boot, script, style, labels } = player();
        assert_eq!((boot, script, style), (&*linked.boot, &*linked.script, &*linked.style));
        let labels: Vec<_> = labels.iter().map(|label| (label.key.to_owned(), label.only)).collect();
        assert_eq!(labels, linked.labels);
        assert_eq!(worker(), linker::worker().unwrap());
    }
}
