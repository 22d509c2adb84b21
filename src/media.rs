//! STUB, to be replaced by the real probe: tells media types apart by their first bytes only.

use std::io::Read;
use std::path::Path;

use crate::error::Error;

/// What is known of a video or audio file.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Probe {
    /// Media type without parameters.
    pub mime_type: String,
    /// Codecs as `canPlayType` wants them.
    pub codecs: Option<String>,
    /// Length in milliseconds.
    pub duration_ms: Option<f64>,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// Whether there is a picture.
    pub has_video: bool,
    /// Whether there is sound.
    pub has_audio: bool,
}

/// Looks into a video or audio file.
///
/// # Errors
/// When it cannot be read or is neither.
pub fn probe(path: &Path) -> Result<Probe, Error> {
    let mut head = Vec::new();
    let file = std::fs::File::open(path).map_err(Error::io("cannot read", path))?;
    file.take(4096).read_to_end(&mut head).map_err(Error::io("cannot read", path))?;
    let mime = sniff(&head).ok_or_else(|| Error::input("not a video or sound", "check the file"))?;
    // Codec ids of Matroska.
    let sound = memchr::memmem::find(&head, b"A_OPUS").is_some() && memchr::memmem::find(&head, b"V_VP").is_none();
    let has_video = mime.starts_with("video/") && !sound;
    Ok(Probe { mime_type: mime.into(), has_video, has_audio: !has_video, ..Probe::default() })
}

/// The media type by magic numbers.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<&'static str> {
    Some(match head {
        [0x1a, 0x45, 0xdf, 0xa3, ..] => {
            if memchr::memmem::find(&head[..head.len().min(64)], b"matroska").is_some() {
                "video/x-matroska"
            } else {
                "video/webm"
            }
        }
        [_, _, _, _, b'f', b't', b'y', b'p', b'q', b't', ..] => "video/quicktime",
        [_, _, _, _, b'f', b't', b'y', b'p', b'M', b'4', b'A', ..] => "audio/mp4",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "video/mp4",
        [b'O', b'g', b'g', b'S', ..] => "audio/ogg",
        [b'I', b'D', b'3', ..] => "audio/mpeg",
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => "audio/wav",
        _ if head.starts_with(b"WEBVTT") => "text/vtt",
        _ => return None,
    })
}
