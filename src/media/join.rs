//! Puts a file of sound into a video that has none.

use std::io::{Read, Seek, Write};
use std::path::Path;

use super::source::Source;
use super::webm;
use crate::error::Error;
pub use webm::Joined;

/// Writes the tracks of a `WebM` or Matroska video and the first track of sound of another such file into a third,
/// with the sound so many milliseconds later. It has neither length nor index; [`super::repair`] adds them. `None`
/// when it comes to nothing, because there is no sound or one of the files is damaged at its front.
///
/// `places` are the video's and the new file's, for messages.
///
/// # Errors
/// When a file cannot be read, or the new one not be written.
pub fn join_reader<V: Read + Seek, S: Read + Seek>(
    video: V,
    sound: S,
    later_ms: f64,
    mut out: impl Write,
    places: (&Path, &Path),
) -> Result<Option<Joined>, Error> {
    let unread = |error| Error::io("cannot read and put together", places.0)(error);
    let (mut video, mut sound) = (Source::new(video).map_err(unread)?, Source::new(sound).map_err(unread)?);
    webm::join(&mut video, &mut sound, later_ms, &mut out).map_err(|trouble| match trouble {
        webm::Trouble::Read(error) => unread(error),
        webm::Trouble::Write(error) => Error::io("cannot write a temporary file in", places.1)(error),
    })
}
