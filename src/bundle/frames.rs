//! Pictures that follow each other: a part with all of them, and an index that says when each is shown.

use super::{Body, PartKind, Parts};
use crate::blocks::round;
use crate::error::Error;
use crate::manifest::FramesPart;
use crate::recording::Frames;

/// Adds the parts of frames. Like logs they are read in pieces, so they go where logs go.
pub(super) fn add(frames: &Frames, zero: f64, parts: &mut Parts) -> Result<FramesPart, Error> {
    let list: Vec<_> = frames.list.iter().map(|frame| (frame.offset, frame.length, round(frame.time - zero))).collect();
    let index = serde_json::to_vec(&list).unwrap_or_default();
    let index = parts.add(PartKind::Index, "application/json", index.len() as u64, Body::Bytes(index));
    let length = std::fs::metadata(&frames.path).map_err(Error::io("cannot read", &frames.path))?.len();
    let body = Body::Path(frames.path.clone(), None, Some(frames.scratch.clone()));
    Ok(FramesPart {
        part: parts.add(PartKind::Log, "application/octet-stream", length, body),
        index,
        mime_type: frames.mime_type.clone(),
        count: frames.list.len() as u64,
        width: frames.width,
        height: frames.height,
    })
}
