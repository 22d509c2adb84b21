//! Video and sound.

use std::path::PathBuf;

use crate::error::Error;
use crate::import::transcode;
use crate::media::{self, Keep, Uncut};
use crate::recording::{Media, MediaKind, Recording};
use crate::scratch::Scratch;
use crate::visible::visible;
use crate::when::clock_text;

/// Cuts the video; gives the time of the timeline's new zero. `None` where there is no video.
pub(super) fn video(recording: &mut Recording, (from, to): (f64, f64)) -> Result<Option<f64>, Error> {
    let found = recording.media.iter_mut().find(|medium| medium.kind == MediaKind::Video);
    let Some(medium) = found else { return Ok(None) };
    let keep = Keep { from: from - medium.start_ms, to: to - medium.start_ms };
    match media::cut(&medium.path, medium.repaired.as_ref(), keep)? {
        Ok(cut) => {
            let at = medium.start_ms + cut.at;
            let zero = at.min(from).max(0.0);
            take(medium, cut, zero)?;
            Ok(Some(zero))
        }
        Err(Uncut::Empty) => Err(nothing(from, to)),
        Err(Uncut::Strange | Uncut::Foreign) => {
            let name = name(medium);
            let ending = medium.path.extension().map_or_else(|| "mp4".into(), |ending| ending.to_string_lossy());
            let hint = format!("make a plain file of it first, and pass that: ffmpeg -i INPUT -c copy plain.{ending}");
            Err(Error::input(format!("{name} cannot be cut: it is damaged, or made in an unusual way"), hint))
        }
    }
}

/// Cuts the sound apart from the video.
pub(super) fn sound(
    recording: &mut Recording,
    (from, to): (f64, f64),
    zero: f64,
    scratch: &Scratch,
) -> Result<(), Error> {
    let Some(place) = recording.media.iter().position(|medium| medium.kind == MediaKind::Audio) else { return Ok(()) };
    let medium = &mut recording.media[place];
    let keep = Keep { from: from - medium.start_ms, to: to - medium.start_ms };
    let outside = keep.to <= 0.0 || medium.duration_ms.is_some_and(|length| keep.from >= length);
    let cut = if outside { Err(Uncut::Empty) } else { media::cut(&medium.path, medium.repaired.as_ref(), keep)? };
    match cut {
        Ok(cut) => take(medium, cut, zero)?,
        Err(Uncut::Empty) => {
            recording.media.remove(place);
            recording.warnings.push("the sound left out: nothing of it lies in the span".into());
        }
        Err(Uncut::Foreign | Uncut::Strange) => copied(medium, keep, zero, scratch)?,
    }
    Ok(())
}

fn take(medium: &mut Media, cut: media::Cut, zero: f64) -> Result<(), Error> {
    medium.start_ms += cut.at - zero;
    medium.begins_ms += cut.at;
    medium.masks.retain_mut(|mask| mask.come_earlier(cut.at));
    medium.carry(cut.repaired)
}

/// Has ffmpeg copy the packets of a format that is not cut here.
fn copied(medium: &mut Media, keep: Keep, zero: f64, scratch: &Scratch) -> Result<(), Error> {
    let path: PathBuf = transcode::cut(&medium.path, &name(medium), (keep.from.max(0.0), keep.to), scratch)?;
    let probe = media::probe(&path)?;
    medium.start_ms += keep.from.max(0.0) - zero;
    let length = medium.duration_ms.map(|length| length.min(keep.to) - keep.from.max(0.0));
    medium.duration_ms = probe.duration_ms.or(length);
    (medium.path, medium.repaired, medium.scratch) = (path, None, Some(scratch.clone()));
    Ok(())
}

fn name(medium: &Media) -> String {
    visible(&medium.path.file_name().unwrap_or_default().to_string_lossy()).into_owned()
}

/// The error of a span that holds nothing.
fn nothing(from: f64, to: f64) -> Error {
    let [from, to] = [from.max(0.0), to].map(|ms| if ms.is_finite() { clock_text(ms) } else { "its end".into() });
    Error::input(format!("nothing of the video is shown from {from} to {to}"), "name a longer span, or another")
}
