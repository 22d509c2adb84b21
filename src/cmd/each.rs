//! `sealcast export --all`: one share of each test.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization as _;

use super::console::Console;
use super::export::{import_options, one};
use crate::cli::Export;
use crate::destination::Destination;
use crate::error::Error;
use crate::import;
use crate::layout;
use crate::visible::visible;

/// Bytes of a test's title that go into a file name: file systems take 255, and an ending follows.
const NAME: usize = 120;
/// Names that Windows keeps for itself, whatever their ending.
const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

pub(super) fn run(options: &Export, console: &mut Console) -> Result<(), Error> {
    let folder = options.output.clone().unwrap_or_default();
    if folder.as_os_str() == "-" {
        let fact = "with --all there is more than one page, and stdout takes one";
        return Err(Error::usage(fact, "name a folder with -o"));
    }
    let tests = import::tests(&import_options(options))?;
    if tests.is_empty() {
        let fact = "there are no tests among the inputs";
        return Err(Error::input(fact, "leave out --all, or pass the folder that a test run wrote (test-results)"));
    }
    let place = options.destination.as_deref().map(Destination::find).transpose()?;
    let best = place.map_or("html", Destination::layout);
    let suffix = layout::suffix(options.layout.as_deref().unwrap_or(best))?;
    if !options.dry_run {
        std::fs::create_dir_all(&folder).map_err(Error::io("cannot create the folder", &folder))?;
    }
    let sealed = options.encrypt || options.password_file.is_some();
    let mut names = Names::default();
    let mut failed = Vec::new();
    for test in &tests {
        // The name of a sealed share must not tell what is in it.
        let name = names.of(if sealed { "test" } else { &test.title });
        let mut own = options.clone();
        (own.all, own.test) = (false, Some(test.name.clone()));
        own.output = Some(folder.join(format!("{name}{suffix}")));
        own.layout.get_or_insert_with(|| best.to_owned());
        if !options.quiet && !options.json {
            console.note(&format!("test {}:", visible(&test.title)));
        }
        match one(own, console) {
            Ok(()) => {}
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) => {
                console.warn(&format!("no share of {}: {error}", test.title));
                failed.push(error);
            }
        }
    }
    match (failed.len(), failed.pop()) {
        (_, None) => Ok(()),
        (count, Some(last)) if count == tests.len() => Err(last),
        (count, _) => Err(Error::failed(
            format!("{count} of {} tests gave no share", tests.len()),
            "the warnings say why; the other shares are whole",
        )),
    }
}

/// File names, of which none is given twice, not even where case does not count.
#[derive(Debug, Default)]
struct Names(HashSet<String>);

impl Names {
    /// A name for a title, safe on every file system.
    fn of(&mut self, title: &str) -> String {
        let mut name = String::new();
        for letter in title.nfc() {
            let kept = letter.is_alphanumeric() || matches!(letter, '_' | '.');
            match (kept, name.ends_with('-')) {
                (true, _) => name.push(letter),
                (false, false) => name.push('-'),
                (false, true) => {}
            }
        }
        name.truncate(name.floor_char_boundary(NAME));
        let name = name.trim_matches(['-', '.']);
        let stem = name.split('.').next().unwrap_or_default().to_lowercase();
        let stem = stem.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let name = if name.is_empty() || RESERVED.contains(&stem) { format!("test-{name}") } else { name.to_owned() };
        let name = name.trim_end_matches('-').to_owned();
        let mut number = 1;
        let mut unique = name.clone();
        while !self.0.insert(unique.to_lowercase()) {
            number += 1;
            unique = format!("{name}-{number}");
        }
        unique
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn titles_become_names_for_every_file_system() {
        let mut names = Names::default();
        for (title, expected) in [
            ("checkout › pays with a card", "checkout-pays-with-a-card"),
            ("Checkout / pays: with a card?", "Checkout-pays-with-a-card-2"),
            ("../../etc/passwd", "etc-passwd"),
            ("a\\b\u{202e}\0c\n", "a-b-c"),
            ("", "test"),
            ("...", "test-2"),
            ("NUL", "test-NUL"),
            ("com1.txt", "test-com1.txt"),
            ("grüßt 日本", "grüßt-日本"),
            ("gru\u{308}ßt 日本", "grüßt-日本-2"),
        ] {
            assert_eq!(names.of(title), expected, "{title:?}");
        }
        assert!(names.of(&"ä".repeat(500)).len() <= super::NAME);
    }
}
