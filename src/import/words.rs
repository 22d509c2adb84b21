//! Lines of text: each with its number, whatever bytes it is made of and however long it is.

use super::intake::Notes;
use super::ndjson;
use super::source::Source;
use crate::error::Error;

/// Lines of the head that are looked at to tell what a file is.
const SAMPLES: usize = 60;

/// Hands out the lines of a file, without what ends them. One too long to be held is passed over.
pub(super) fn lines(
    source: &Source,
    notes: &mut Notes,
    mut take: impl FnMut(&str) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut input = source.reader()?;
    let mut line = Vec::new();
    let mut number = 0_u64;
    while let Some(length) = ndjson::next_line(&mut input, &mut line).map_err(source.failed())? {
        number += 1;
        if line.len() as u64 != length {
            notes.add("lines skipped", format_args!("line {number} was skipped: it is too large"));
            continue;
        }
        let bytes = if number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line) } else { &line };
        let text = String::from_utf8_lossy(bytes);
        take(text.trim_end_matches(['\n', '\r']))?;
    }
    Ok(())
}

/// The first lines of a file of text; nothing of one that is no text.
pub(super) fn first(source: &Source) -> Vec<String> {
    let text = String::from_utf8_lossy(&source.head);
    let strange = |letter: &char| matches!(letter, '\0' | '\u{fffd}');
    if text.chars().filter(strange).count() > 8 {
        return Vec::new();
    }
    let mut lines: Vec<_> = text.lines().take(SAMPLES).map(str::to_owned).collect();
    // The last may have been cut by the head's end.
    if !source.is_short() && lines.len() > 1 && lines.len() < SAMPLES {
        lines.pop();
    }
    lines
}
