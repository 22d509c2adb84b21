//! The media that play, made to seek, or refused because nobody would see them.

use std::fs::File;

use super::intake::{Intake, shown};
use crate::error::Error;
use crate::media;
use crate::recording::MediaKind;

/// Has the media that play carried so that they seek.
pub(super) fn mend(intake: &mut Intake<'_>, keep_metadata: bool) -> Result<(), Error> {
    let options = media::RepairOptions { keep_metadata };
    let mut media = std::mem::take(&mut intake.recording.media);
    for medium in media.iter_mut().filter(|medium| matches!(medium.kind, MediaKind::Video | MediaKind::Audio)) {
        let Some(repaired) = media::repair(&medium.path, options)? else { continue };
        // What was repaired plays otherwise than it did: with other times, and without what was dropped.
        let file = File::open(&medium.path).map_err(Error::io("cannot read", &medium.path))?;
        match media::probe_reader(repaired.splice.reader(file), &medium.path) {
            Ok(probe) => medium.learn(probe),
            Err(error @ Error::Interrupted) => return Err(error),
            Err(_) => {}
        }
        medium.duration_ms = repaired.duration_ms.or(medium.duration_ms);
        if let Some(words) = repaired.warning {
            intake.warn(format!("{} {words}", shown(&intake.place(&medium.path))));
        }
        medium.repaired = Some(repaired);
    }
    intake.recording.media = media;
    Ok(())
}

/// An error when the video that would play is one that browsers refuse.
pub(super) fn refuse_unplayable(intake: &mut Intake<'_>) -> Result<(), Error> {
    let plays = intake.recording.media.iter().any(|medium| medium.kind == MediaKind::Video);
    intake.refused.take().filter(|_| !plays).map_or(Ok(()), Err)
}
