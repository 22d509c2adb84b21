//! Video, sound, stills and captions: taken by reference, looked into no further than their type and length.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::intake::{Intake, Unread};
use super::source::Source;
use super::srt;
use super::transcode::{self, Deed};
use crate::error::Error;
use crate::media::{self, Probe};
use crate::recording::{Media, MediaKind};
use crate::scratch;

fn mime(source: &Source) -> &'static str {
    media::sniff(&source.head).unwrap_or_default()
}

pub(super) fn is_video(source: &Source) -> bool {
    mime(source).starts_with("video/")
}

pub(super) fn is_audio(source: &Source) -> bool {
    mime(source).starts_with("audio/")
}

pub(super) fn is_image(source: &Source) -> bool {
    mime(source).starts_with("image/")
}

pub(super) fn is_captions(source: &Source) -> bool {
    mime(source) == "text/vtt" || srt::is(&source.head)
}

/// Containers hold either: a file of sound alone is a sound track, whatever its type says.
pub(super) fn read_video(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    let playable = playable(source, intake)?;
    let is_sound = playable.probe.has_audio && !playable.probe.has_video;
    take(source, intake, if is_sound { MediaKind::Audio } else { MediaKind::Video }, playable);
    Ok(())
}

pub(super) fn read_audio(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    let playable = playable(source, intake)?;
    take(source, intake, MediaKind::Audio, playable);
    Ok(())
}

/// A file that browsers play, and what is in it: the one given, or one made of it.
struct Playable {
    path: PathBuf,
    probe: Probe,
    /// How it was made.
    transcoded: Option<&'static str>,
}

fn playable(source: &Source, intake: &mut Intake<'_>) -> Result<Playable, Unread> {
    let found = probe(&source.path, source)?;
    let Some(fault) = media::unplayable(&found) else {
        return Ok(Playable { path: source.path.clone(), probe: found, transcoded: None });
    };
    let name = super::shown(&source.place);
    if let Some(progress) = intake.transcode {
        let made =
            transcode::run(&source.path, &name, &Deed::against(&fault, &source.path), intake.scratch(), progress)?;
        intake.stands_for(&made, &source.place);
        let mut probe = probe(&made, source)?;
        // The copy is as old as this run.
        probe.created = found.created;
        return Ok(Playable { path: made, probe, transcoded: Some(fault.repair) });
    }
    let hint = format!("run {}, or pass --transcode to have sealcast do it", fault.command(&source.place));
    if found.has_video && intake.refused.is_none() {
        intake.refused = Some(Error::input(format!("{name} {}", fault.fact()), hint.clone()));
    }
    Err(Unread::Skip(format!("it {}; {hint}", fault.fact())))
}

fn take(source: &Source, intake: &mut Intake<'_>, kind: MediaKind, playable: Playable) {
    let Playable { path, probe, transcoded } = playable;
    let part = if kind == MediaKind::Audio { "audio" } else { "video" };
    if mime(source) == "video/webm" && memchr::memmem::find(&source.head, b"Lavf").is_some() {
        intake.evidence.by_lavf.push(source.path.clone());
    }
    if let Some(created) = probe.created {
        intake.evidence.created.push((source.path.clone(), created));
    }
    intake.media(source, part, part, Media { done: transcoded.into_iter().collect(), ..medium(path, kind, probe) });
}

/// A medium with all the probe tells.
fn medium(path: PathBuf, kind: MediaKind, probe: Probe) -> Media {
    // A container of sound alone goes by the audio name of its type.
    let sound =
        probe.mime_type.strip_prefix("video/").filter(|_| kind == MediaKind::Audio).map(|kind| format!("audio/{kind}"));
    let mut media = Media::new(kind, path, sound.unwrap_or_else(|| probe.mime_type.clone()));
    media.learn(probe);
    media
}

fn probe(path: &Path, source: &Source) -> Result<Probe, Unread> {
    media::probe(path).map_err(|error| unplayable(source, error))
}

/// What the probe says against a file, in the words of a reason.
pub(super) fn unplayable(source: &Source, error: Error) -> Unread {
    let Error::Input { fact, hint } = error else { return Unread::Fatal(error) };
    let name = source.path.display().to_string();
    let fact = fact.strip_prefix(&name).map_or_else(|| fact.clone(), |rest| format!("it{rest}"));
    Unread::Skip(format!("{fact}; {hint}"))
}

pub(super) fn read_image(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    read_still(source, intake, MediaKind::Image, "images")
}

pub(super) fn read_poster(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    read_still(source, intake, MediaKind::Poster, "poster")
}

fn read_still(source: &Source, intake: &mut Intake<'_>, kind: MediaKind, part: &str) -> Result<(), Unread> {
    let mime = mime(source);
    if !mime.starts_with("image/") {
        return Err(Unread::Skip("it is not a PNG, JPEG, WebP or GIF picture".into()));
    }
    let mut media = Media::new(kind, source.path.clone(), mime.into());
    media.label = source.path.file_name().map(|name| super::shown(name.as_ref()));
    intake.media(source, "image", part, media);
    Ok(())
}

pub(super) fn read_captions(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    if !is_captions(source) {
        let why = "it is neither WebVTT (the first line must begin with WEBVTT) nor SRT";
        return Err(Unread::Skip(why.into()));
    }
    let path = if mime(source) == "text/vtt" { source.path.clone() } else { converted(source, intake)? };
    let mut media = Media::new(MediaKind::Captions, path, "text/vtt".into());
    media.language = language(&source.file_name());
    intake.media(source, "captions", "captions", media);
    Ok(())
}

/// Captions in SRT, as a file of `WebVTT`.
fn converted(source: &Source, intake: &mut Intake<'_>) -> Result<PathBuf, Unread> {
    let folder = intake.scratch().folder()?;
    let path = folder.join(source.path.file_name().unwrap_or_default()).with_extension("vtt");
    let failed = || scratch::failed(&folder);
    let mut out = BufWriter::new(File::create_new(&path).map_err(failed())?);
    srt::convert(source.reader()?, &mut out)?;
    out.flush().map_err(failed())?;
    intake.stands_for(&path, &source.place);
    Ok(path)
}

/// The language in a name like `captions.pt-br.vtt`.
fn language(name: &str) -> Option<String> {
    let tag = name.rsplit('.').nth(1)?;
    name.split_once('.').filter(|(first, _)| *first != tag)?;
    let mut parts = tag.split(['-', '_']);
    let letters = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let language = parts.next().is_some_and(|part| letters(part, 2..=2));
    (language && parts.all(|part| letters(part, 2..=8))).then(|| tag.replace('_', "-"))
}

/// What reads a medium that a recording's description calls by this kind.
pub(super) fn reader(kind: &str) -> Option<super::Read> {
    Some(match kind {
        "video" => read_video,
        "audio" => read_audio,
        "image" => read_image,
        "poster" => read_poster,
        "captions" => read_captions,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn languages_are_read_from_names() {
        for (name, expected) in [
            ("captions.en.vtt", Some("en")),
            ("talk.pt-br.vtt", Some("pt-br")),
            ("captions.vtt", None),
            ("en.vtt", None),
            ("my.recording.vtt", None),
        ] {
            assert_eq!(super::language(name).as_deref(), expected, "{name}");
        }
    }
}
