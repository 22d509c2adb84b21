//! Pictures that follow each other, as `sealcast extract` writes them: a file of all, and an index with times.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::import::intake::{Intake, Unread};
use crate::import::json;
use crate::recording::{Frame, Frames};

/// Bytes an index may have.
const INDEX: u64 = 8 * 1024 * 1024;

/// Takes the pictures of an entry of `media`. Times in the index count from the zero that is given.
pub(super) fn read(
    entry: &Value,
    path: &Path,
    index: &Path,
    zero: Option<f64>,
    intake: &mut Intake<'_>,
) -> Result<(), Unread> {
    let bad = |why: &str| Unread::Skip(why.to_owned());
    let zero = zero.ok_or_else(|| bad("pictures that follow each other need a startedDateTime"))?;
    let size = path.metadata().map_err(|_| bad("it cannot be read"))?.len();
    let fits = index.metadata().is_ok_and(|meta| meta.len() <= INDEX);
    let bytes = std::fs::read(index).ok().filter(|_| fits).ok_or_else(|| bad("its index cannot be read"))?;
    let list: Vec<(u64, u64, f64)> =
        serde_json::from_slice(&bytes).map_err(|_| bad("its index is no list of frames"))?;
    let frame = |(offset, length, time): (u64, u64, f64)| {
        let inside = offset.checked_add(length).is_some_and(|end| end <= size) && time.is_finite();
        inside.then_some(Frame { time: zero + time, offset, length })
    };
    let mut list =
        list.into_iter().map(frame).collect::<Option<Vec<_>>>().ok_or_else(|| bad("its index leads out of it"))?;
    list.sort_by(|a, b| a.time.total_cmp(&b.time));
    let pixels = |key| json::number(entry, &[key]).and_then(json::whole).and_then(|count| u32::try_from(count).ok());
    let mime = json::string(entry, &["mimeType"]).filter(|mime| mime.starts_with("image/"));
    let mime = mime.ok_or_else(|| bad("its mimeType is that of no picture"))?;
    let mut frames = Frames::new(PathBuf::from(path), mime, intake.scratch().clone());
    (frames.list, frames.width, frames.height) = (list, pixels("width"), pixels("height"));
    intake.recording.frames = Some(frames);
    Ok(())
}
