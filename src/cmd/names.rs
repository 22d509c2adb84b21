//! What a share is called when nobody says.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::export::absolute;
use crate::error::Error;

/// `./NAME.html` after the input.
pub(super) fn default_name(input: &Path, suffix: &str) -> PathBuf {
    let mut name = input_name(input);
    // File systems take names of 255 bytes; the input's may be that long already.
    if name.len() > NAME_BYTES {
        let text = name.to_string_lossy();
        name = text[..text.floor_char_boundary(NAME_BYTES)].into();
    }
    name.push(suffix);
    PathBuf::from(name)
}

/// A folder's name, or a file's without its ending.
pub(super) fn input_name(input: &Path) -> OsString {
    let input = absolute(input);
    let stem = if input.is_dir() { input.file_name() } else { input.file_stem() };
    stem.map_or_else(|| "recording".into(), ToOwned::to_owned)
}

/// Bytes of the input's name that go into the output's.
const NAME_BYTES: usize = 200;

/// A fresh id.
pub(super) fn bundle_id() -> Result<[u8; 16], Error> {
    let mut id = [0; 16];
    getrandom::fill(&mut id)
        .map_err(|error| Error::failed(format!("the operating system gives no random bytes: {error}"), "try again"))?;
    Ok(id)
}
