//! `error-context.md`: what the test runner writes of a failed test, for people and their assistants.

use crate::import::intake::Intake;
use crate::import::source::Source;

/// Its first words.
const START: &[u8] = b"# Instructions";
const LIMIT: usize = 16 * 1024;

pub(super) fn sniff(source: &Source) -> bool {
    source.head.starts_with(START) && memchr::memmem::find(&source.head, b"\n# Test info").is_some()
}

/// Title, place and error of the test; a trace of it says the same, and comes first.
pub(super) fn read(source: &Source, intake: &mut Intake<'_>) {
    let text = String::from_utf8_lossy(&source.head);
    let line = |start: &str| text.lines().find_map(|line| line.strip_prefix(start)).map(str::trim);
    // `checkout.spec.js >> checkout › pays`
    let title = line("- Name: ").map(|name| name.split_once(" >> ").map_or(name, |(_, title)| title));
    if let Some(title) = title {
        intake.recording.title.get_or_insert_with(|| title.to_owned());
        intake.describe(&["test", "title"], title.into());
    }
    if let Some(place) = line("- Location: ") {
        intake.describe(&["test", "file"], place.into());
    }
    let error = text.split_once("# Error details").and_then(|(_, rest)| rest.split("```").nth(1));
    let tested = intake.recording.metadata.get("test");
    if let Some(error) = error.filter(|_| tested.is_none_or(|test| test.get("errors").is_none())) {
        let error = error.trim();
        intake.describe(&["test", "error"], error[..error.floor_char_boundary(LIMIT)].into());
    }
    let page = text.split_once("```yaml\n").and_then(|(_, rest)| rest.split("```").next());
    if let Some(page) = page {
        intake.describe(&["test", "page"], page[..page.floor_char_boundary(LIMIT)].trim().into());
    }
    intake.used(source, "playwright", &["info"]);
}
