//! The recording folder: a `recording.json` that says what the files beside it are.

mod frames;

use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use memchr::memmem;
use serde::Deserialize as _;
use serde_json::Value;

use super::intake::{Intake, Unread, shown};
use super::source::Source;
use super::{by_content, dates, expand, json, named_for, pictures, weight};
use crate::error::Error;
use crate::recording::{Clock, ClockSource, InputReport, Media};

/// Bytes a description may have.
const DESCRIPTION: u64 = 8 * 1024 * 1024;
/// Panels of a description, and the importer of each.
const PANELS: [(&str, &str); 4] =
    [("console", "console"), ("network", "har"), ("actions", "actions"), ("backend", "backend")];

/// Whether a file says `"format": "recording/…"`.
pub(super) fn sniff(source: &Source) -> bool {
    let head = &source.head;
    head.trim_ascii_start().first() == Some(&b'{')
        && memmem::find_iter(head, b"\"format\"").any(|at| {
            let rest = head[at + 8..].trim_ascii_start();
            rest.strip_prefix(b":").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\"recording/"))
        })
}

pub(super) fn read(source: &Source, intake: &mut Intake<'_>) -> Result<(), Unread> {
    if intake.described {
        let fact = format!("{} is a second recording, and a share holds one", source.name);
        return Err(Error::input(fact, "pass one recording folder at a time").into());
    }
    intake.described = true;
    let description = description(source)?;
    let root = source.path.parent().filter(|root| !root.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf();
    let mut folder = Folder { source, root, intake };
    folder.about(&description);
    folder.media(&description)?;
    folder.panels(&description)?;
    folder.unnamed(&description)
}

fn description(source: &Source) -> Result<Value, Unread> {
    let large = || Unread::Skip("it is too large for a recording.json".into());
    if source.size > DESCRIPTION {
        return Err(large());
    }
    let mut bytes = Vec::new();
    source.reader()?.take(DESCRIPTION).read_to_end(&mut bytes).map_err(source.failed())?;
    if !weight::fits(&bytes) {
        return Err(large());
    }
    serde_json::from_slice(&bytes).map_err(|error| Unread::Skip(format!("it is not valid JSON: {error}")))
}

struct Folder<'a, 's> {
    source: &'a Source,
    root: PathBuf,
    intake: &'a mut Intake<'s>,
}

impl Folder<'_, '_> {
    /// What the description says of the whole.
    fn about(&mut self, description: &Value) {
        let format = json::text(description, &["format"]).unwrap_or_default();
        if format != "recording/1" {
            self.warn(format!("format {format} is newer than recording/1; what is known of it was read"));
        }
        let recording = &mut self.intake.recording;
        recording.title = json::string(description, &["title"]);
        recording.note = json::string(description, &["comment"]);
        recording.duration_ms = json::number(description, &["durationMs"]).filter(|ms| *ms >= 0.0);
        if let Some(Value::Object(metadata)) = description.get("metadata") {
            recording.metadata.extend(metadata.clone());
        }
        for key in ["id", "creator"] {
            if let Some(value) = json::get(description, key) {
                self.intake.describe(&[key], value.clone());
            }
        }
        self.clock(description);
        let parts: &[&str] = if self.intake.recording.metadata.is_empty() { &[] } else { &["info"] };
        self.intake.used(self.source, "recording", parts);
    }

    fn clock(&mut self, description: &Value) {
        let started = json::get(description, "startedDateTime");
        let stamp = started.and_then(dates::of_value);
        if let (Some(written), None) = (started, stamp) {
            self.warn(format!("startedDateTime {written} is not a time and was not used"));
        }
        if stamp.is_some_and(|stamp| stamp.zoneless) {
            self.warn("startedDateTime names no time zone; UTC was assumed".into());
        }
        let number = |key| json::number(description, &[key]);
        let offset = number("timeline.offsetMs").unwrap_or(0.0);
        let uncertainty = number("timeline.uncertaintyMs");
        // Whoever writes no number is sure; whoever writes null says that nobody knows.
        let unknown = description.pointer("/timeline/uncertaintyMs").is_some_and(Value::is_null);
        self.intake.evidence.stated = stamp.map(|stamp| Clock {
            zero: Some(stamp.ms + offset),
            source: json::text(description, &["timeline.source"])
                .and_then(|name| ClockSource::parse(&name))
                .unwrap_or(ClockSource::Given),
            uncertainty_ms: if unknown { None } else { uncertainty.or(Some(0.0)).filter(|ms| *ms >= 0.0) },
            ..Clock::default()
        });
    }

    fn media(&mut self, description: &Value) -> Result<(), Unread> {
        for medium in description.get("media").and_then(Value::as_array).into_iter().flatten() {
            let Some(file) = json::text(medium, &["file"]) else {
                self.warn("an entry of media names no file and was left out".into());
                continue;
            };
            let kind = json::text(medium, &["kind"]).unwrap_or_default();
            let Some(path) = self.inside(&file)? else { continue };
            if kind == "frames" {
                self.frames(medium, &path)?;
                continue;
            }
            let Some(reader) = pictures::reader(&kind) else {
                self.warn(format!("{file} was left out: media of kind {kind:?} are not known"));
                continue;
            };
            if self.intake.is_new(&path) {
                let read = self.intake.open(&path).and_then(|source| reader(&source, self.intake));
                self.outcome(&path, &kind, read)?;
            }
            let found = self.intake.recording.media.iter_mut().find(|media| is_same(&media.path, &path));
            if let Some(found) = found {
                complete(found, medium);
            }
        }
        Ok(())
    }

    fn frames(&mut self, medium: &Value, path: &Path) -> Result<(), Unread> {
        let index = json::string(medium, &["index"]).unwrap_or_default();
        let Some(index) = self.inside(&index)? else { return Ok(()) };
        self.intake.is_new(path);
        self.intake.is_new(&index);
        let zero = self.intake.evidence.stated.as_ref().and_then(|clock| clock.zero);
        let read = frames::read(medium, path, &index, zero, self.intake);
        if read.is_ok() {
            let place = self.intake.place(path);
            self.intake.recording.inputs.push(InputReport::used(place.to_string_lossy(), "frames", &["frames"]));
        }
        self.outcome(path, "frames", read)
    }

    fn panels(&mut self, description: &Value) -> Result<(), Unread> {
        for (panel, format) in PANELS {
            let Some(listed) = description.get("panels").and_then(|panels| panels.get(panel)) else { continue };
            let files = listed.as_array().map_or(std::slice::from_ref(listed), Vec::as_slice);
            for file in files.iter().filter_map(Value::as_str) {
                let Some(path) = self.inside(file)? else { continue };
                if self.intake.is_new(&path) {
                    let opened = self.intake.open(&path);
                    let read = opened.and_then(|source| self.intake.read(&source, named_for(format, &source)));
                    self.outcome(&path, format, read)?;
                }
            }
        }
        Ok(())
    }

    /// A description that lists no media, or no panels, leaves them to be found by their content.
    fn unnamed(&mut self, description: &Value) -> Result<(), Unread> {
        let lists_media = description.get("media").is_some();
        let lists_panels = description.get("panels").is_some();
        if lists_media && lists_panels {
            return Ok(());
        }
        let mut files = Vec::new();
        expand::below(&self.root, &mut files, self.intake)?;
        for path in files {
            let Ok(source) = self.intake.open(&path) else { continue };
            let Some(importer) = by_content(&source) else { continue };
            let media = matches!(importer.name, "video" | "audio" | "image" | "captions");
            let wanted = if media { !lists_media } else { !lists_panels && importer.name != "recording" };
            if wanted && self.intake.is_new(&path) {
                let read = self.intake.read(&source, importer.read);
                self.outcome(&path, importer.name, read)?;
            }
        }
        Ok(())
    }

    /// Where a file named in the description lies, or `None`, with a warning, when it is not there.
    fn inside(&mut self, file: &str) -> Result<Option<PathBuf>, Unread> {
        let relative = Path::new(file);
        let path = self.root.join(relative);
        let plain = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        // On Windows a backslash would part names, and a colon name a drive.
        if !plain || file.contains('\\') || file.is_empty() {
            return Err(leaves(self.source, file).into());
        }
        let root = self.root.canonicalize().map_err(Error::io("cannot read", &self.root))?;
        match path.canonicalize() {
            Ok(target) if target.starts_with(&root) => Ok(Some(path)),
            Ok(_) => Err(expand::leads_out(&path).into()),
            Err(_) => {
                self.intake.skipped(&path, "unknown", "recording.json names it, but it is not there");
                self.warn(format!("names {file}, which is not there"));
                Ok(None)
            }
        }
    }

    /// A file that cannot be used is left out, and said so.
    fn outcome(&mut self, path: &Path, format: &str, read: Result<(), Unread>) -> Result<(), Unread> {
        if let Err(Unread::Skip(why)) = read {
            let name = shown(&self.intake.place(path));
            self.intake.warn(format!("{name} was left out: {why}"));
            self.intake.skipped(path, format, why);
            return Ok(());
        }
        read
    }

    fn warn(&mut self, text: String) {
        let text = format!("{}: {text}", self.source.name);
        self.intake.warn(text);
    }
}

fn leaves(source: &Source, file: &str) -> Error {
    Error::refused(
        format!("{} names {}, which is not inside the folder", source.name, shown(file.as_ref())),
        "name files by their path below the folder, without .. and without a leading /",
    )
}

fn is_same(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// Adds what the description knows of a medium and the file itself does not tell.
fn complete(media: &mut Media, entry: &Value) {
    let pixels = |key| json::number(entry, &[key]).and_then(json::whole).and_then(|count| u32::try_from(count).ok());
    if let Some(start) = json::number(entry, &["startMs"]) {
        media.start_ms = start;
    }
    media.duration_ms = media.duration_ms.or_else(|| json::number(entry, &["durationMs"]).filter(|ms| *ms >= 0.0));
    media.width = media.width.or_else(|| pixels("width"));
    media.height = media.height.or_else(|| pixels("height"));
    let full = json::string(entry, &["mimeType"]).unwrap_or_default();
    let codecs = full.split_once("codecs=").map(|(_, codecs)| codecs.trim_matches([' ', '"', '\'']).to_owned());
    media.codecs = media.codecs.take().or_else(|| json::string(entry, &["codecs"])).or(codecs);
    if media.mime_type.is_empty() {
        media.mime_type = full.split(';').next().unwrap_or_default().trim().into();
    }
    media.masks = entry.get("masks").and_then(|masks| Vec::deserialize(masks).ok()).unwrap_or_default();
    media.language = json::string(entry, &["language"]).or(media.language.take());
    media.label = json::string(entry, &["label"]).or(media.label.take());
}
