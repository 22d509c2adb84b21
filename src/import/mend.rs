//! The media that play, made to seek, or refused because nobody would see them.

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
        if let Some(words) = repaired.warning {
            intake.warn(format!("{} {words}", shown(&intake.place(&medium.path))));
        }
        medium.carry(repaired)?;
    }
    intake.recording.media = media;
    Ok(())
}

/// An error when the video that would play is one that browsers refuse.
pub(super) fn refuse_unplayable(intake: &mut Intake<'_>) -> Result<(), Error> {
    let plays = intake.recording.media.iter().any(|medium| medium.kind == MediaKind::Video);
    intake.refused.take().filter(|_| !plays).map_or(Ok(()), Err)
}
