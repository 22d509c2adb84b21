//! What was attached to a test: pictures and videos are taken out of the trace, the rest is listed.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::files::Files;
use crate::error::Error;
use crate::import::intake::{Intake, Unread};
use crate::import::source::Source;
use crate::import::{by_content, json};
use crate::recording::{Media, MediaKind};

/// Attachments that are looked at.
const ATTACHMENTS: usize = 100;

/// A thing that was attached.
#[derive(Debug)]
pub(super) struct Attachment {
    pub(super) name: String,
    pub(super) kind: Option<String>,
    /// Where it may lie in the trace.
    places: Vec<String>,
}

/// Adds what a line says was attached.
pub(super) fn list(attachments: Option<&Value>, list: &mut Vec<Attachment>) {
    for attachment in attachments.and_then(Value::as_array).into_iter().flatten() {
        let Some(name) = json::string(attachment, &["name"]).filter(|_| list.len() < ATTACHMENTS) else { continue };
        let file = json::string(attachment, &["file"]);
        let sum = json::string(attachment, &["sha1"]);
        let sums = sum.iter().flat_map(|sum| ["attachments", "resources"].map(|folder| format!("{folder}/{sum}")));
        let places = file.into_iter().chain(sums).collect();
        list.push(Attachment { name, kind: json::string(attachment, &["contentType"]), places });
    }
}

/// Takes pictures and videos as media of the recording.
pub(super) fn take(
    source: &Source,
    list: &[Attachment],
    files: &Files<'_>,
    intake: &mut Intake<'_>,
) -> Result<(), Error> {
    let shown = |kind: &String| kind.starts_with("video/") || kind.starts_with("image/");
    for attachment in list.iter().filter(|attachment| attachment.kind.as_ref().is_some_and(shown)) {
        let Some(name) = attachment.places.iter().find(|name| files.size(name).is_some()) else { continue };
        let Some(path) = files.on_disk(name, intake)?.filter(|path| intake.is_new(path)) else { continue };
        if source.archive().is_some() {
            intake.stands_for(&path, &source.place.join(name));
        }
        let opened = intake.open(&path);
        let read = opened.and_then(|inner| match by_content(&inner) {
            Some(importer) if matches!(importer.name, "video" | "image") => (importer.read)(&inner, intake),
            _ => Err(Unread::Skip("it is no picture or video".into())),
        });
        match read {
            Ok(()) => {
                if let Some(medium) = intake.recording.media.iter_mut().find(|medium| medium.path == path) {
                    medium.label = Some(attachment.name.clone());
                }
                intake.attached.push(path);
            }
            Err(Unread::Skip(_)) => {}
            Err(Unread::Fatal(error)) => return Err(error),
        }
    }
    Ok(())
}

/// What lies beside a trace and is attached in it as well is taken once; frames are for those without a video.
pub(in crate::import) fn settle(intake: &mut Intake<'_>) {
    let attached = std::mem::take(&mut intake.attached);
    let is_attached = |medium: &Media| attached.contains(&medium.path);
    let beside = |kind| intake.recording.media.iter().any(|medium| medium.kind == kind && !is_attached(medium));
    let video = beside(MediaKind::Video);
    let stills: Vec<_> = intake.recording.media.iter().filter(|medium| medium.kind == MediaKind::Image).collect();
    let twice = |medium: &Media| stills.iter().any(|still| !is_attached(still) && is_same(&still.path, &medium.path));
    let drop = |medium: &Media| is_attached(medium) && ((video && medium.kind == MediaKind::Video) || twice(medium));
    let dropped: Vec<PathBuf> =
        intake.recording.media.iter().filter(|medium| drop(medium)).map(|medium| medium.path.clone()).collect();
    let places: Vec<_> = dropped.iter().map(|path| intake.place(path).to_string_lossy().into_owned()).collect();
    intake.recording.media.retain(|medium| !dropped.contains(&medium.path));
    intake.recording.inputs.retain(|input| !places.contains(&input.path));
    if intake.recording.media.iter().any(|medium| medium.kind == MediaKind::Video) {
        intake.recording.frames = None;
        for input in &mut intake.recording.inputs {
            input.used_for.retain(|part| part != "frames");
        }
    }
}

/// Whether two files hold the same.
fn is_same(a: &Path, b: &Path) -> bool {
    let length = |path: &Path| path.metadata().map(|meta| meta.len()).ok();
    let sum = |path: &Path| std::fs::read(path).map(|bytes| crc32fast::hash(&bytes)).ok();
    length(a) == length(b) && length(a) <= Some(64 << 20) && sum(a).is_some_and(|a| Some(a) == sum(b))
}
