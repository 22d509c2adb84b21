//! Reads the finished parts of a bundle as the page will read them.

use std::io::{BufRead, BufReader, Read};

use flate2::bufread::DeflateDecoder;

use super::{Hit, Originals, Search};
use crate::bundle::{Bundle, Part, PartKind};
use crate::error::Error;
use crate::event::Stream;
use crate::interrupt;
use crate::recording::MediaKind;

/// Bytes looked through at once.
const PIECE: usize = 128 << 10;

/// See [`super::scan`].
pub(super) fn scan(originals: &Originals, bundle: &Bundle) -> Result<(), Error> {
    if originals.forms.is_empty() {
        return Ok(());
    }
    let manifest = serde_json::to_vec(&bundle.manifest).expect("a manifest has no keys but strings");
    refuse(Search::new(originals).feed(&manifest), "the manifest")?;
    for part in &bundle.parts {
        interrupt::check()?;
        let read = || -> Result<Option<Hit>, Error> {
            let bytes = BufReader::with_capacity(PIECE, part.open()?);
            let hit = match part.kind {
                PartKind::Log if is_frames(bundle, part) => Ok(None),
                PartKind::Log => inflated(originals, bytes),
                PartKind::Index | PartKind::Media(MediaKind::Captions) => whole(&mut Search::new(originals), bytes),
                PartKind::Media(_) => Ok(None),
            };
            hit.map_err(Error::io("cannot read", part.path()))
        };
        refuse(read()?, &name(bundle, part))?;
    }
    Ok(())
}

fn refuse(hit: Option<Hit>, part: &str) -> Result<(), Error> {
    let Some(Hit { at, rule }) = hit else { return Ok(()) };
    Err(Error::refused(
        format!(
            "nothing was written: {part} would still hold a secret that the rule {rule} had taken out, at byte {at}"
        ),
        "name its field or its pattern in a file for --redact-config, or leave that input out",
    ))
}

/// Looks through bytes as they are.
fn whole(search: &mut Search<'_>, mut bytes: impl Read) -> std::io::Result<Option<Hit>> {
    let mut piece = vec![0; PIECE];
    loop {
        match bytes.read(&mut piece)? {
            0 => return Ok(None),
            count => {
                if let Some(hit) = search.feed(&piece[..count]) {
                    return Ok(Some(hit));
                }
            }
        }
    }
}

/// Looks through blocks, one after the other, as if they were one: details lie across their borders.
fn inflated(originals: &Originals, mut blocks: impl BufRead) -> std::io::Result<Option<Hit>> {
    let mut search = Search::new(originals);
    while !blocks.fill_buf()?.is_empty() {
        if let Some(hit) = whole(&mut search, DeflateDecoder::new(&mut blocks))? {
            return Ok(Some(hit));
        }
    }
    Ok(None)
}

/// Pictures lie where logs lie, and are no text.
fn is_frames(bundle: &Bundle, part: &Part) -> bool {
    bundle.manifest.frames.as_ref().is_some_and(|frames| frames.part == part.id)
}

/// What a part is, in words.
fn name(bundle: &Bundle, part: &Part) -> String {
    for stream in Stream::ALL {
        let Some(facts) = bundle.manifest.streams.get(stream) else { continue };
        for (id, what) in [(facts.index, "index"), (facts.rows, "rows"), (facts.details, "details")] {
            if id == part.id {
                return format!("the {what} of {}", stream.name());
            }
        }
    }
    match part.kind {
        PartKind::Media(_) => format!("the captions (part {})", part.id),
        PartKind::Index | PartKind::Log => format!("part {}", part.id),
    }
}
