//! What is known of a video, in words: the same for a plan and for a share.

use serde_json::{Value, json};

use crate::manifest::{Manifest, MediaPart};
use crate::when::clock_text;

/// Hands over a line each: a label, and what there is to say.
pub(super) fn lines(manifest: &Manifest, mut line: impl FnMut(&str, &str)) {
    let Some(video) = &manifest.video else { return };
    line("video", &kind(video));
    if video.tracks.len() > 1 {
        let tracks: Vec<_> = video.tracks.iter().map(|track| named(&track.kind, track.codec.as_deref())).collect();
        line("tracks", &tracks.join(", "));
    }
    if let Some(keyframes) = &video.keyframes {
        let gap = keyframes.gap as f64 / 1e3;
        line("keys", &format!("{} keyframes, at most {gap:.1} s from one to the next", keyframes.count));
    }
    if !video.missing.is_empty() {
        line("lacks", &video.missing.join(", "));
    }
    if !video.repairs.is_empty() {
        line("mended", &video.repairs.join(", "));
    }
}

/// Type, codecs, size and length.
fn kind(video: &MediaPart) -> String {
    let codecs = video.codecs.as_deref().unwrap_or("codecs unknown");
    let size = video.width.zip(video.height).map_or_else(String::new, |(width, height)| format!(", {width}×{height}"));
    let turned = if video.rotation == 0 { String::new() } else { format!(" (turned by {}°)", video.rotation) };
    let length = video.duration.map_or_else(String::new, |length| format!(", {}", clock_text(length)));
    format!("{} ({codecs}){size}{turned}{length}", video.mime_type)
}

fn named(kind: &str, codec: Option<&str>) -> String {
    codec.map_or_else(|| kind.to_owned(), |codec| format!("{kind} {codec}"))
}

/// The same for programs.
pub(super) fn object(video: &MediaPart) -> Value {
    let keyframes = video.keyframes.as_ref();
    json!({
        "mime_type": video.mime_type, "codecs": video.codecs, "width": video.width, "height": video.height,
        "rotation": video.rotation, "duration_ms": video.duration, "tracks": video.tracks,
        "keyframes": keyframes.map(|keyframes| json!({ "count": keyframes.count, "longest_gap_ms": keyframes.gap })),
        "missing": video.missing, "repairs": video.repairs, "masks": video.masks,
    })
}
