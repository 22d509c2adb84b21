//! Puts a file of sound into a video that has none.

use std::io::{self, Read, Seek, Write};
use std::path::Path;

use super::frames::{self, Kind};
use super::packets::Packets;
use super::source::{Source, is_malformed};
use super::{SNIFF_LEN, mp4, sniff, webm};
use crate::error::Error;

/// Bytes copied at a time.
const CHUNK: usize = 64 * 1024;

/// What was put in.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Joined {
    /// Packets of sound.
    pub packets: u64,
    /// Milliseconds of sound that lie before the picture's zero and were left out.
    pub lost_ms: f64,
}

/// What stops the work.
#[derive(Debug)]
pub(in crate::media) enum Trouble {
    /// A file cannot be read.
    Read(io::Error),
    /// What is made cannot be written.
    Write(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

/// Writes the tracks of a video and the first track of sound of another file into a third, with the sound so many
/// milliseconds later: of two `WebM` or Matroska files one that has neither length nor index, which
/// [`super::repair`] adds; of MP4 or `QuickTime`, with an index that lists all samples, and sound in AAC, MP3 or
/// Opus an MP4 file. `None` when it comes to nothing, because there is no such sound, or one of the files is damaged at its
/// front or made in an unusual way.
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
    join(&mut video, &mut sound, later_ms, &mut out).map_err(|trouble| match trouble {
        Trouble::Read(error) => unread(error),
        Trouble::Write(error) => Error::io("cannot write a temporary file in", places.1)(error),
    })
}

/// Writes the Opus of an MP4 file as a `WebM` file, for [`join_reader`]; says whether there is any.
///
/// `places` are the file's and the new one's, for messages.
///
/// # Errors
/// When the file cannot be read, or the new one not be written.
pub fn opus_to_webm<R: Read + Seek>(reader: R, mut out: impl Write, places: (&Path, &Path)) -> Result<bool, Error> {
    let done = Source::new(reader).map_err(Trouble::Read).and_then(|mut source| match packets(&mut source)? {
        Some(packets) => webm::wrap(&mut source, &packets, &mut out),
        None => Ok(None),
    });
    done.map(|done| done.is_some()).map_err(|trouble| match trouble {
        Trouble::Read(error) => Error::io("cannot read", places.0)(error),
        Trouble::Write(error) => Error::io("cannot write a temporary file in", places.1)(error),
    })
}

fn join<V: Read + Seek, S: Read + Seek>(
    video: &mut Source<V>,
    sound: &mut Source<S>,
    later_ms: f64,
    out: &mut impl Write,
) -> Result<Option<Joined>, Trouble> {
    if !is_mp4(kind(video)?) {
        return webm::join(video, sound, later_ms, out);
    }
    let Some(packets) = packets(sound)? else { return Ok(None) };
    mp4::mux(video, sound, packets, later_ms, out)
}

/// The sound of a file packet by packet, where it can be had.
fn packets<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<Packets>> {
    let found = match kind(source)? {
        Some("video/webm" | "video/x-matroska") => webm::packets(source),
        Some("audio/mpeg") => frames::packets(source, Kind::Mp3),
        Some("audio/aac") => frames::packets(source, Kind::Adts),
        kind if is_mp4(kind) => mp4::packets(source),
        _ => Ok(None),
    };
    match found {
        Err(error) if is_malformed(&error) => Ok(None),
        found => found,
    }
}

fn kind<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<&'static str>> {
    source.go(0)?;
    let head = source.head(SNIFF_LEN as u64, SNIFF_LEN)?;
    source.go(0)?;
    Ok(sniff(&head))
}

fn is_mp4(kind: Option<&str>) -> bool {
    matches!(kind, Some("video/mp4" | "video/quicktime" | "audio/mp4"))
}

/// Copies a stretch of a file.
pub(in crate::media) fn copy<R: Read + Seek>(
    source: &mut Source<R>,
    out: &mut impl Write,
    offset: u64,
    mut length: u64,
) -> Result<(), Trouble> {
    source.go(offset)?;
    while length > 0 {
        let bytes = source.head(length, CHUNK)?;
        if bytes.is_empty() {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        out.write_all(&bytes).map_err(Trouble::Write)?;
        length = length.saturating_sub(bytes.len() as u64);
    }
    Ok(())
}
