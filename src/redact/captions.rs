//! Captions: cues are texts like others, though they lie in a file of their own.

use super::Redactor;
use super::path::Path;
use crate::error::Error;
use crate::recording::Media;
use crate::scratch::{Scratch, failed};

/// Bytes of captions that are read; longer ones are no captions.
const MOST: u64 = 16 * 1024 * 1024;

impl Redactor {
    /// Puts captions without their secrets in the place of those with them.
    pub(super) fn captions(&mut self, medium: &mut Media, scratch: &Scratch) -> Result<(), Error> {
        let length = std::fs::metadata(&medium.path).map_err(Error::io("cannot read", &medium.path))?.len();
        if length > MOST {
            return Err(Error::refused(
                format!("{} is too large for captions to be searched for secrets", medium.path.display()),
                "leave it out, or pass --redact off",
            ));
        }
        let bytes = std::fs::read(&medium.path).map_err(Error::io("cannot read", &medium.path))?;
        let text = String::from_utf8_lossy(&bytes);
        let root = Path::root("captions");
        let lines: String = text
            .split_inclusive('\n')
            .map(|line| {
                let (times, words) = line.split_at(timing(line));
                let mut words = words.to_owned();
                self.twice(&mut words, &root);
                times.to_owned() + &words
            })
            .collect();
        if lines == text {
            return Ok(());
        }
        let path = scratch.folder()?.join("captions.vtt");
        std::fs::write(&path, lines).map_err(failed(&path))?;
        // The name that is shown stays that of the file it was.
        medium.name = medium.shown_name();
        medium.path = path;
        medium.scratch = Some(scratch.clone());
        Ok(())
    }
}

/// Bytes of the times of a cue; what stands behind them may be anything.
fn timing(line: &str) -> usize {
    let Some(arrow) = line.find("-->") else { return 0 };
    let rest = &line[arrow + 3..];
    let end = rest.trim_start();
    line.len() - end.len() + end.find(char::is_whitespace).unwrap_or(end.len())
}
