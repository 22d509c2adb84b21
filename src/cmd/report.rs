//! What `export --json` prints. The names are public: added to freely, never changed.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::upload::Upload;
use crate::bundle::Bundle;
use crate::layout::{self, Target, WrittenFile};
use crate::link::{embed_html, joined};
use crate::manifest::{StreamParts, Streams};
use crate::recording::InputReport;
use crate::when::rfc3339;

/// Version of the object's shape.
const SCHEMA_VERSION: u32 = 1;

/// The object.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    schema_version: u32,
    pub(super) bundle_id: String,
    pub(super) layout: String,
    pub(super) output: String,
    pub(super) bytes: u64,
    pub(super) split_bytes: Option<u64>,
    encrypted: bool,
    #[serde(serialize_with = "secret")]
    link: Option<Zeroizing<String>>,
    #[serde(serialize_with = "secret")]
    pub(super) embed_html: Option<Zeroizing<String>>,
    created_at: String,
    pub(super) expires_at: Option<String>,
    duration_ms: f64,
    pub(super) video: Option<Value>,
    timeline: Value,
    pub(super) counts: Counts,
    pub(super) inputs: Vec<InputReport>,
    redaction: Value,
    pub(super) files: Option<Vec<File>>,
    pub(super) upload: Option<Upload>,
    pub(super) warnings: Vec<String>,
}

/// Text that may hold a key, as any text.
#[expect(clippy::ref_option, reason = "as serde calls it")]
fn secret<S: Serializer>(text: &Option<Zeroizing<String>>, serializer: S) -> Result<S::Ok, S::Error> {
    text.as_ref().map(|text| text.as_str()).serialize(serializer)
}

/// Numbers of events.
#[derive(Debug, Default, Serialize)]
pub(super) struct Counts {
    pub(super) console: u64,
    pub(super) errors: u64,
    pub(super) network: u64,
    pub(super) failed_requests: u64,
    pub(super) actions: u64,
    pub(super) backend: u64,
}

impl Report {
    /// What can be said before anything is written.
    pub(super) fn planned(
        bundle: &Bundle,
        layout: &str,
        target: &Target,
        inputs: Vec<InputReport>,
        warnings: Vec<String>,
    ) -> Self {
        let manifest = &bundle.manifest;
        let video = manifest.video.as_ref().map(|video| {
            json!({
                "mime_type": video.mime_type, "codecs": video.codecs, "width": video.width, "height": video.height,
                "duration_ms": video.duration, "repairs": video.repairs, "masks": video.masks,
            })
        });
        Self {
            schema_version: SCHEMA_VERSION,
            bundle_id: bundle.header.bundle_id(),
            layout: layout.into(),
            output: target.path.to_string_lossy().into_owned(),
            bytes: bundle.parts.iter().map(|part| part.length).sum(),
            split_bytes: target.split,
            encrypted: bundle.seal.is_some(),
            link: None,
            embed_html: None,
            created_at: rfc3339(bundle.header.created),
            expires_at: (bundle.header.expires > 0).then(|| rfc3339(bundle.header.expires)),
            duration_ms: manifest.duration,
            video,
            timeline: json!({ "source": manifest.timeline.source, "uncertainty_ms": manifest.timeline.uncertainty }),
            counts: Counts::of(&manifest.streams),
            inputs,
            redaction: json!(manifest.redaction.clone().unwrap_or_default()),
            files: None,
            upload: None,
            warnings,
        }
    }

    /// Adds what was written.
    pub(super) fn written(&mut self, files: &[WrittenFile]) {
        self.bytes = files.iter().map(|file| file.bytes).sum();
        self.files = Some(files.iter().map(File::of).collect());
    }

    /// Whether what was written does not open by double click.
    pub(super) fn needs_server(&self) -> bool {
        self.encrypted && self.files.iter().flatten().any(|file| file.path == layout::WORKER)
    }

    /// Adds the link, and the code that embeds it.
    pub(super) fn linked(&mut self, link: &str, title: &str) {
        self.link = Some(joined(&[link]));
        self.embed_html = Some(embed_html(link, title));
    }
}

/// A file of the share, as a store wants to know it.
#[derive(Debug, Serialize)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) bytes: u64,
    sha256: Option<String>,
    pub(super) content_type: String,
    pub(super) cache_control: &'static str,
}

impl File {
    fn of(file: &WrittenFile) -> Self {
        let WrittenFile { path, bytes, sha256, content_type, cache_control } = file.clone();
        Self { path, bytes, sha256, content_type, cache_control }
    }

    /// A file of which only this matters.
    #[cfg(test)]
    pub(super) fn named(path: &str, content_type: &str, cache_control: &'static str) -> Self {
        Self { path: path.into(), bytes: 0, sha256: None, content_type: content_type.into(), cache_control }
    }
}

impl Counts {
    fn of(streams: &Streams) -> Self {
        let count = |parts: &Option<StreamParts>| parts.as_ref().map_or((0, 0), |parts| (parts.count, parts.failed));
        let (console, errors) = count(&streams.console);
        let (network, failed_requests) = count(&streams.network);
        Self {
            console,
            errors,
            network,
            failed_requests,
            actions: count(&streams.actions).0,
            backend: count(&streams.backend).0,
        }
    }
}
