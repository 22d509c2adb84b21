//! Puts sound apart into the file of the video, so that the browser keeps both in step by itself.
//!
//! `WebM` and MP4 are put together here, Opus in Ogg once ffmpeg copied it into `WebM`. What cannot be put together stays
//! apart.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use super::transcode;
use crate::error::Error;
use crate::media::{self, Joined, RepairOptions};
use crate::recording::{Media, MediaKind, Recording};
use crate::scratch::{self, Scratch};
use crate::visible::visible;

/// What was done, for the list of repairs.
const DONE: &str = "sound put in";
/// Sound that begins longer than this before the picture, in ms, is not cut there.
const MOST_LEAD_MS: f64 = 1_000.0;
/// Milliseconds of sound of which nobody misses that they are cut.
const UNHEARD_MS: f64 = 100.0;
/// A shift in ms beyond which something is wrong: a day.
const FAR_MS: f64 = 86_400_000.0;
/// What was dropped of a damaged file, as repairs say it.
const DROPPED: [&str; 3] = ["damaged part dropped", CUT_DROPPED, "second recording dropped"];
const CUT_DROPPED: &str = "cut end dropped";
/// A file that lacks its end, as what it was found to lack says it.
const CUT: &str = "cut end";

/// Why sound stays apart.
enum Apart {
    /// There is nothing that anybody should do about it.
    Quiet(String),
    /// Words that follow a colon.
    Said(String),
}

/// Puts the sound apart, where there is one, into the video that has none. The clock must be known already: it may go
/// by the video's file as it was.
pub(super) fn apply(mut recording: Recording, keep_metadata: bool) -> Result<Recording, Error> {
    let place = |kind| recording.media.iter().position(|medium| medium.kind == kind);
    let Some((video_at, sound_at)) = place(MediaKind::Video).zip(place(MediaKind::Audio)) else { return Ok(recording) };
    let (video, sound) = (&recording.media[video_at], &recording.media[sound_at]);
    if video.tracks.iter().any(|track| track.kind == "audio") {
        return Ok(recording);
    }
    let names = [name(video), name(sound)];
    match joined(video, sound, keep_metadata)? {
        Ok((made, lost_ms)) => {
            let dropped = dropped(sound);
            if !dropped.is_empty() {
                recording.warnings.push(format!("{}: {}", names[1], dropped.join(", ")));
            }
            if lost_ms > UNHEARD_MS {
                let words = format!("{} begins {lost_ms:.0} ms before the video, which are not played", names[1]);
                recording.warnings.push(words);
            }
            recording.media[video_at] = made;
            recording.media.remove(sound_at);
        }
        Err(why) => {
            let (list, why) = match why {
                Apart::Quiet(why) => (&mut recording.details, why),
                Apart::Said(why) => (&mut recording.warnings, why),
            };
            list.push(format!("{} is played beside {}, not out of one file: {why}", names[1], names[0]));
        }
    }
    Ok(recording)
}

/// What there is no more of a damaged file. Where its index is in front, a cut end is nothing that was mended.
fn dropped(medium: &Media) -> Vec<&'static str> {
    let Some(repaired) = &medium.repaired else { return Vec::new() };
    let mut dropped: Vec<_> = repaired.repairs.iter().copied().filter(|words| DROPPED.contains(words)).collect();
    if repaired.missing.contains(&CUT) && !dropped.contains(&CUT_DROPPED) {
        dropped.push(CUT);
    }
    dropped
}

type Outcome<T> = Result<Result<T, Apart>, Error>;

/// The video with the sound in it, and how many ms of sound were left out.
fn joined(video: &Media, sound: &Media, keep_metadata: bool) -> Outcome<(Media, f64)> {
    let later_ms = sound.start_ms - video.start_ms;
    if later_ms < -MOST_LEAD_MS {
        return Ok(Err(Apart::Quiet(format!("it begins {:.1} s before the video", -later_ms / 1e3))));
    }
    if later_ms.is_nan() || later_ms > FAR_MS {
        return Ok(Err(Apart::Quiet("it begins more than a day after the video".into())));
    }
    let codec = sound.tracks.iter().find(|track| track.kind == "audio").and_then(|track| track.codec.as_deref());
    let codec = codec.unwrap_or_default();
    let scratch = Scratch::default();
    let made = match video.mime_type.as_str() {
        "video/webm" | "video/x-matroska" if matches!(codec, "opus" | "vorbis") => {
            webm(video, sound, later_ms, &scratch)?
        }
        "video/mp4" if codec.starts_with("mp4a.40") || codec == "opus" || sound.mime_type == "audio/mpeg" => {
            mp4(video, sound, later_ms, &scratch)?
        }
        mime_type => Err(Apart::Said(fitting(mime_type, sound))),
    };
    let (path, lost_ms) = match made {
        Ok(made) => made,
        Err(why) => return Ok(Err(why)),
    };
    // What was to be mended of the file that was given says nothing of this one.
    let mut medium = Media { path, scratch: Some(scratch), repaired: None, ..video.clone() };
    let seen = media::probe(&medium.path)
        .and_then(|facts| Ok((facts, media::repair(&medium.path, RepairOptions { keep_metadata })?)));
    let (facts, repaired) = match seen {
        Ok(seen) => seen,
        Err(Error::Interrupted) => return Err(Error::Interrupted),
        Err(error) => return Ok(Err(Apart::Said(error.to_string()))),
    };
    medium.learn(facts);
    if let Some(mut repaired) = repaired {
        // What is told of are the files that were given.
        let given = video.repaired.as_ref();
        repaired.repairs = given.map(|given| given.repairs.clone()).unwrap_or_default();
        repaired.missing = given.map(|given| given.missing.clone()).unwrap_or_default();
        medium.carry(repaired)?;
    }
    medium.done.push(DONE);
    Ok(Ok((medium, lost_ms)))
}

/// Puts them together by ourselves, both as they are carried.
fn webm(video: &Media, sound: &Media, later_ms: f64, scratch: &Scratch) -> Outcome<(PathBuf, f64)> {
    let is_webm = matches!(sound.mime_type.as_str(), "audio/webm" | "audio/x-matroska");
    let made = if is_webm {
        spared(written(video, sound, later_ms, scratch))?
    } else {
        rewritten(video, sound, later_ms, scratch)?
    };
    Ok(placed(made))
}

/// The same with the sound as a `WebM` file first.
fn rewritten(video: &Media, sound: &Media, later_ms: f64, scratch: &Scratch) -> Outcome<Option<(PathBuf, Joined)>> {
    match spared(wrapped(sound, scratch))?.and_then(|copied| copied.map_err(Apart::Said)) {
        Ok(path) => {
            let sound = Media { repaired: None, path, ..sound.clone() };
            spared(written(video, &sound, later_ms, scratch))
        }
        Err(why) => Ok(Err(why)),
    }
}

/// What went wrong as a reason to leave them apart: a full disk, for one, should not cost the share.
fn spared<T>(result: Result<T, Error>) -> Outcome<T> {
    match result {
        Ok(made) => Ok(Ok(made)),
        Err(Error::Interrupted) => Err(Error::Interrupted),
        Err(error) => Ok(Err(Apart::Said(error.to_string()))),
    }
}

/// The sound as a `WebM` file, by ourselves out of MP4, by ffmpeg out of all else.
fn wrapped(sound: &Media, scratch: &Scratch) -> Result<Result<PathBuf, String>, Error> {
    let folder = scratch.folder()?;
    let path = folder.join("opus.webm");
    let out = BufWriter::new(File::create_new(&path).map_err(scratch::failed(&folder))?);
    let file = File::open(&sound.path).map_err(Error::io("cannot read", &sound.path))?;
    if media::opus_to_webm(sound.carried()?.reader(file), out, (&sound.path, &folder))? {
        return Ok(Ok(path));
    }
    transcode::to_webm(&sound.path, &name(sound), scratch)
}

fn written(video: &Media, sound: &Media, later_ms: f64, scratch: &Scratch) -> Result<Option<(PathBuf, Joined)>, Error> {
    let folder = scratch.folder()?;
    let path = folder.join(video.path.file_name().unwrap_or_default());
    let out = BufWriter::new(File::create_new(&path).map_err(scratch::failed(&folder))?);
    let [picture, tone] = [video, sound].map(|medium| {
        let file = File::open(&medium.path).map_err(Error::io("cannot read", &medium.path));
        file.and_then(|file| Ok((file, medium.carried()?)))
    });
    let ((picture, picture_splice), (tone, tone_splice)) = (picture?, tone?);
    let readers = (picture_splice.reader(picture), tone_splice.reader(tone));
    let joined = media::join_reader(readers.0, readers.1, later_ms, out, (&video.path, &folder))?;
    if joined.is_none() {
        // Another attempt may want the name.
        let _ = fs::remove_file(&path);
    }
    Ok(joined.map(|joined| (path, joined)))
}

/// The same of MP4. Ogg is not read here, but what is in it.
fn mp4(video: &Media, sound: &Media, later_ms: f64, scratch: &Scratch) -> Outcome<(PathBuf, f64)> {
    let made = match spared(written(video, sound, later_ms, scratch))? {
        Ok(None) if sound.mime_type == "audio/ogg" => rewritten(video, sound, later_ms, scratch)?,
        made => made,
    };
    Ok(placed(made))
}

/// Where they were put together, and what was lost by that.
fn placed(made: Result<Option<(PathBuf, Joined)>, Apart>) -> Result<(PathBuf, f64), Apart> {
    let odd = || Apart::Said("one of the two is damaged, or made in an unusual way".into());
    made.and_then(|made| made.ok_or_else(odd)).map(|(path, joined)| (path, joined.lost_ms))
}

/// Which sound the container of a video would take, and how to get it.
fn fitting(mime_type: &str, sound: &Media) -> String {
    let (holds, arguments) = match mime_type {
        "video/mp4" => ("MP4 takes AAC, MP3 and Opus", "-c:a aac sound.m4a"),
        _ => ("WebM takes Opus and Vorbis", "-c:a libopus sound.webm"),
    };
    let place = Path::new(sound.path.file_name().unwrap_or_default());
    format!("{holds}; convert it first: ffmpeg -i {} {arguments}", media::quoted(&place.to_string_lossy()))
}

fn name(medium: &Media) -> String {
    visible(&medium.path.file_name().unwrap_or_default().to_string_lossy()).into_owned()
}
