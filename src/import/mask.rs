//! Has ffmpeg blacken boxes of the video, so that what was in them is not in the share at all.

use std::path::PathBuf;

use super::intake::{Intake, shown};
use super::transcode::{self, Deed};
use crate::error::Error;
use crate::media::{self, Mask, Masked};
use crate::recording::{Media, MediaKind};

/// Puts a video without these boxes in the place of the one that would play.
pub(super) fn apply(intake: &mut Intake<'_>, masks: &[Mask], progress: bool) -> Result<(), Error> {
    if masks.is_empty() {
        return Ok(());
    }
    if intake.recording.frames.is_some() {
        return Err(Error::input(
            "--video-mask blackens boxes of a video, and what would play are the pictures of a trace",
            "record a video too and pass it with --video, or leave the trace out",
        ));
    }
    let Some(place) = intake.recording.media.iter().position(|medium| medium.kind == MediaKind::Video) else {
        return Err(Error::input("--video-mask was given, but there is no video", "pass the video, or leave it out"));
    };
    let medium = intake.recording.media[place].clone();
    let masked = masked(intake, medium, masks, progress)?;
    intake.recording.media[place] = masked;
    let others = |medium: &&Media| matches!(medium.kind, MediaKind::Image | MediaKind::Poster);
    let others = intake.recording.media.iter().filter(others).count();
    if others > 0 {
        intake.warn(format!("--video-mask blackens the video alone: {others} other pictures are shown as they are"));
    }
    Ok(())
}

/// A copy of a video in which the boxes are black.
fn masked(intake: &mut Intake<'_>, mut medium: Media, masks: &[Mask], progress: bool) -> Result<Media, Error> {
    let source = intake.place(&medium.path);
    let name = shown(&source);
    let Some((width, height)) = medium.width.zip(medium.height) else {
        return Err(Error::input(
            format!("{name} cannot be masked: it does not say how large its picture is"),
            "convert it with ffmpeg first",
        ));
    };
    medium.masks = masks.iter().map(|mask| mask.on(width, height)).collect::<Result<Vec<Masked>, Error>>()?;
    let mut filters: Vec<String> = medium.masks.iter().map(|masked| masked.filter(width, height)).collect();
    // The ending decides what ffmpeg makes: what browsers take that played the file as it was.
    let webm = medium.mime_type == "video/webm";
    let mut arguments = vec!["-map", "0:v:0", "-map", "0:a?", "-map_metadata", "-1", "-map_chapters", "-1"];
    if webm {
        arguments.extend(["-c:v", "libvpx-vp9", "-crf", "30", "-b:v", "0", "-deadline", "realtime", "-cpu-used", "6"]);
        arguments.extend(["-row-mt", "1", "-c:a", "copy"]);
    } else {
        if width % 2 == 1 || height % 2 == 1 {
            filters.push("scale=trunc(iw/2)*2:trunc(ih/2)*2".into());
        }
        arguments.extend([
            "-c:v",
            "libx264",
            "-crf",
            "20",
            "-pix_fmt",
            "yuv420p",
            "-c:a",
            "aac",
            "-movflags",
            "+faststart",
        ]);
    }
    let filters = filters.join(",");
    arguments.extend(["-vf", &filters]);
    let stem = source.file_stem().unwrap_or_default();
    let output = PathBuf::from(stem).with_extension(if webm { "webm" } else { "mp4" });
    let scratch = intake.scratch().clone();
    let made = transcode::run(&medium.path, &name, &Deed { verb: "masked", output, arguments }, &scratch, progress)?;
    intake.stands_for(&made, &source);
    intake.evidence.moved(&medium.path, &made);
    let probe = media::probe(&made)?;
    (medium.mime_type, medium.codecs) = (probe.mime_type, probe.codecs);
    (medium.width, medium.height) = (probe.width, probe.height);
    medium.duration_ms = probe.duration_ms.or(medium.duration_ms);
    (medium.path, medium.repaired, medium.scratch) = (made, None, Some(scratch));
    Ok(medium)
}
