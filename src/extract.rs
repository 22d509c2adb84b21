//! Turns a share back into a recording folder.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::event::Stream;
use crate::import::extracted::{self, date};
use crate::manifest::MediaPart;
use crate::read::Opened;

/// Bytes of a medium copied at once.
const COPY_BYTES: u64 = 1024 * 1024;

/// Writes a share's recording into a folder that is not there yet, whole or not at all. Exporting that folder
/// gives the same events, rows and details alike, and the video's bytes again.
///
/// # Errors
/// When the folder is there and holds something, the share is damaged, or a file cannot be written.
pub fn extract(opened: &Opened, folder: &Path) -> Result<(), Error> {
    if folder.symlink_metadata().is_ok() && !is_empty(folder) {
        return Err(Error::OutputExists(folder.to_path_buf()));
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let room = tempfile::Builder::new()
        .prefix(".sealcast-")
        .tempdir_in(parent)
        .map_err(Error::io("cannot write in", parent))?;
    let mut writer = Writer { room: room.path().to_path_buf(), folder, names: BTreeSet::new() };
    let mut media = writer.media(opened)?;
    media.extend(writer.frames(opened)?);
    let panels = writer.events(opened)?;
    writer.description(&describe(opened, media, panels))?;
    if folder.symlink_metadata().is_ok() {
        std::fs::remove_dir(folder).map_err(Error::io("cannot replace", folder))?;
    }
    std::fs::rename(room.path(), folder).map_err(Error::io("cannot write", folder))?;
    drop(room.keep());
    Ok(())
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// What `recording.json` says.
fn describe(opened: &Opened, media: Vec<Value>, panels: Map<String, Value>) -> Value {
    let manifest = &opened.manifest;
    let mut metadata = manifest.metadata.clone();
    let mut description = json!({
        "format": "recording/1",
        "title": manifest.title,
        "comment": manifest.note,
        "startedDateTime": manifest.started.and_then(date),
        "durationMs": manifest.duration,
        "timeline": { "source": manifest.timeline.source, "uncertaintyMs": manifest.timeline.uncertainty },
        "media": media,
        "panels": panels,
    });
    if let Value::Object(members) = &mut description {
        // The reader puts these two among the metadata; they stand beside it in the file.
        for name in ["id", "creator"] {
            if let Some(value) = metadata.shift_remove(name) {
                members.insert(name.into(), value);
            }
        }
        members.insert("metadata".into(), metadata.into());
        members.retain(|_, value| !value.is_null());
    }
    description
}

struct Writer<'f> {
    room: PathBuf,
    folder: &'f Path,
    names: BTreeSet<String>,
}

impl Writer<'_> {
    fn create(&self, name: &str) -> Result<BufWriter<File>, Error> {
        File::create(self.room.join(name)).map(BufWriter::new).map_err(self.failed(name))
    }

    /// Errors name the file as it will be.
    fn failed(&self, name: &str) -> impl FnOnce(std::io::Error) -> Error + use<> {
        Error::io("cannot write", self.folder.join(name))
    }

    fn media(&mut self, opened: &Opened) -> Result<Vec<Value>, Error> {
        let manifest = &opened.manifest;
        let single = [("video", &manifest.video), ("audio", &manifest.audio), ("poster", &manifest.poster)];
        let single = single.into_iter().filter_map(|(kind, medium)| medium.as_ref().map(|medium| (kind, medium)));
        let captions = manifest.captions.iter().map(|medium| ("captions", medium));
        let stills = manifest.stills.iter().map(|medium| ("image", medium));
        single.chain(captions).chain(stills).map(|(kind, medium)| self.medium(opened, kind, medium)).collect()
    }

    fn medium(&mut self, opened: &Opened, kind: &str, medium: &MediaPart) -> Result<Value, Error> {
        let name = self.name(kind, medium);
        self.copy(opened, medium.part, opened.length(medium.part)?, &name)?;
        let codecs = medium.codecs.as_ref().map_or_else(String::new, |codecs| format!("; codecs=\"{codecs}\""));
        let mut entry = json!({
            "kind": kind,
            "file": name,
            "mimeType": format!("{}{codecs}", medium.mime_type),
            "startMs": medium.start,
            "durationMs": medium.duration,
            "width": medium.width,
            "height": medium.height,
            "language": medium.language,
            "label": medium.label,
            "masks": Some(&medium.masks).filter(|masks| !masks.is_empty()),
        });
        if let Value::Object(members) = &mut entry {
            members.retain(|_, value| !value.is_null());
        }
        Ok(entry)
    }

    /// Writes so many bytes of a part to a file.
    fn copy(&self, opened: &Opened, part: u32, length: u64, name: &str) -> Result<(), Error> {
        let mut out = self.create(name)?;
        let mut offset = 0;
        while offset < length {
            crate::interrupt::check()?;
            let bytes = opened.read(part, offset, COPY_BYTES.min(length - offset))?;
            out.write_all(&bytes).map_err(self.failed(name))?;
            offset += bytes.len() as u64;
        }
        out.flush().map_err(self.failed(name))
    }

    /// Pictures that follow each other, and when each is shown.
    fn frames(&mut self, opened: &Opened) -> Result<Option<Value>, Error> {
        let Some(frames) = &opened.manifest.frames else { return Ok(None) };
        let [file, index] = ["frames.jpegs", "frames.json"].map(|name| {
            self.names.insert(name.into());
            name
        });
        self.copy(opened, frames.part, opened.length(frames.part)?, file)?;
        self.copy(opened, frames.index, opened.length(frames.index)?, index)?;
        let mut entry = json!({
            "kind": "frames", "file": file, "index": index, "mimeType": frames.mime_type,
            "width": frames.width, "height": frames.height,
        });
        if let Value::Object(members) = &mut entry {
            members.retain(|_, value| !value.is_null());
        }
        Ok(Some(entry))
    }

    /// A name of our own making unless the share's is plain; never one that leaves the folder or hides.
    fn name(&mut self, kind: &str, medium: &MediaPart) -> String {
        let plain = |name: &&String| {
            let plain = |c: char| c.is_alphanumeric() || "-_. ()".contains(c);
            name.chars().all(plain) && !name.starts_with('.') && name.len() < 200 && name.contains('.')
        };
        let ending = crate::layout::extension(&medium.mime_type);
        let base = medium.name.as_ref().filter(plain).cloned().unwrap_or_else(|| format!("{kind}.{ending}"));
        let own = [
            "recording.json",
            "network.har",
            "console.ndjson",
            "actions.ndjson",
            "backend.ndjson",
            "frames.jpegs",
            "frames.json",
        ];
        let mut name = base.clone();
        let mut number = 2;
        while own.contains(&name.as_str()) || !self.names.insert(name.clone()) {
            name = format!("{number}-{base}");
            number += 1;
        }
        name
    }

    fn events(&mut self, opened: &Opened) -> Result<Map<String, Value>, Error> {
        let mut panels = Map::new();
        let mut files: [Option<BufWriter<File>>; 4] = Default::default();
        let names = ["console.ndjson", "network.har", "actions.ndjson", "backend.ndjson"];
        let zero = extracted::zero(opened.manifest.started);
        for event in opened.events()? {
            let event = event?;
            let place = usize::from(event.stream.number());
            let record = extracted::record(event.stream, &event.row, event.detail, zero);
            let failed = self.failed(names[place]);
            let file = match &mut files[place] {
                Some(file) => {
                    let between = if event.stream == Stream::Network { ",\n" } else { "" };
                    file.write_all(between.as_bytes()).map(|()| file)
                }
                None => {
                    panels.insert(event.stream.name().into(), names[place].into());
                    let file = files[place].insert(self.create(names[place])?);
                    let start = if event.stream == Stream::Network { HAR_START } else { "" };
                    file.write_all(start.as_bytes()).map(|()| file)
                }
            };
            let end = if event.stream == Stream::Network { "" } else { "\n" };
            file.and_then(|file| write!(file, "{record}{end}")).map_err(failed)?;
        }
        for (file, name) in files.into_iter().zip(names) {
            let Some(mut file) = file else { continue };
            let end = if name.ends_with(".har") { "]}}\n" } else { "" };
            file.write_all(end.as_bytes()).and_then(|()| file.flush()).map_err(self.failed(name))?;
        }
        Ok(panels)
    }

    fn description(&self, description: &Value) -> Result<(), Error> {
        let name = "recording.json";
        let text = serde_json::to_string_pretty(description).unwrap_or_default();
        std::fs::write(self.room.join(name), text + "\n").map_err(self.failed(name))
    }
}

const HAR_START: &str = concat!(
    "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"sealcast\",\"version\":\"",
    env!("CARGO_PKG_VERSION"),
    "\"},\"entries\":[\n"
);
