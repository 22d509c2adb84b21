//! Pictures that follow each other.

use std::fs::File;
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};

use crate::error::Error;
use crate::recording::{Frame, Frames, Recording};
use crate::scratch::{self, Scratch};

/// Keeps the pictures shown in a span, in a file of their own. The one that is there when it begins is shown from then.
pub(super) fn trim(
    recording: &mut Recording,
    (from, to): (f64, f64),
    zero: f64,
    scratch: &Scratch,
) -> Result<(), Error> {
    let Some(frames) = recording.frames.take() else { return Ok(()) };
    let (from, to) = (zero + from, zero + to);
    let first = frames.list.partition_point(|frame| frame.time <= from).saturating_sub(1);
    let kept: Vec<Frame> = frames.list.iter().skip(first).filter(|frame| frame.time <= to).copied().collect();
    if kept.is_empty() {
        return Ok(());
    }
    let path = scratch.folder()?.join(frames.path.file_name().unwrap_or_default());
    let mut source = File::open(&frames.path).map_err(Error::io("cannot read", &frames.path))?;
    let mut out = BufWriter::new(File::create_new(&path).map_err(scratch::failed(&path))?);
    let (mut list, mut end): (Vec<Frame>, u64) = (Vec::new(), 0);
    let mut before: Option<(u64, u64)> = None;
    for frame in kept {
        crate::interrupt::check()?;
        let time = frame.time.max(from);
        // One picture may be shown several times in a row.
        let offset = match (before, list.last()) {
            (Some(same), Some(last)) if same == (frame.offset, frame.length) => last.offset,
            _ => {
                source.seek(SeekFrom::Start(frame.offset)).map_err(Error::io("cannot read", &frames.path))?;
                let copied = io::copy(&mut (&mut source).take(frame.length), &mut out);
                copied.map_err(scratch::failed(&path))?;
                end += frame.length;
                end - frame.length
            }
        };
        before = Some((frame.offset, frame.length));
        list.push(Frame { time, offset, ..frame });
    }
    out.flush().map_err(scratch::failed(&path))?;
    recording.frames = Some(Frames { path, list, scratch: scratch.clone(), ..frames });
    Ok(())
}
