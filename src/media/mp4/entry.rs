//! Sample descriptions: which codec a track is in.

use std::io::{self, Read, Seek};

use super::boxes::{Head, Walk};
use crate::media::codecs;
use crate::media::source::Source;

/// Bytes of a configuration that are looked at.
const CONFIG_CAP: usize = 256;
/// Boxes inside a description that are looked at.
const MAX_BOXES: usize = 32;

/// Codec string and coded size.
type Entry = (Option<String>, Option<(u32, u32)>);

/// Reads the first description of `stsd`; recorders write one.
pub(super) fn read<R: Read + Seek>(source: &mut Source<R>, head: &Head, is_video: bool) -> io::Result<Entry> {
    let is_quicktime_style = source.array::<4>()?[0] == 0;
    source.array::<4>()?;
    let mut walk = Walk::new(source.at(), head.end);
    let Some(entry) = walk.next(source)? else { return Ok((None, None)) };
    let (size, fixed) = if is_video {
        let fields = source.array::<28>()?;
        let [.., a, b, c, d] = fields;
        let size = (u16::from_be_bytes([a, b]).into(), u16::from_be_bytes([c, d]).into());
        (Some(size).filter(|(width, height)| *width > 0 && *height > 0), 78)
    } else {
        let version = source.array::<10>()?[9];
        // QuickTime puts further fields into versions 1 and 2; ISO has no such versions of this `stsd`.
        let more = match version {
            1 if is_quicktime_style => 16,
            2 if is_quicktime_style => 36,
            _ => 0,
        };
        (None, 28 + more)
    };
    let codec = config(source, &entry, entry.body.saturating_add(fixed))?;
    Ok((codec.or_else(|| name(&entry.kind)), size))
}

/// The codec with profile and level, from the configuration behind the fixed fields.
fn config<R: Read + Seek>(source: &mut Source<R>, entry: &Head, from: u64) -> io::Result<Option<String>> {
    let mut walk = Walk::new(from, entry.end);
    for _ in 0..MAX_BOXES {
        let Some(head) = walk.next(source)? else { break };
        let read = matches!(&head.kind, b"avcC" | b"hvcC" | b"vpcC" | b"av1C" | b"esds");
        let bytes = if read { source.head(head.len(), CONFIG_CAP)? } else { Vec::new() };
        let versioned = bytes.get(4..).unwrap_or_default();
        let codec = match &head.kind {
            b"avcC" => codecs::avc(&bytes),
            b"hvcC" if entry.kind == *b"hev1" => codecs::hevc("hev1", &bytes),
            b"hvcC" => codecs::hevc("hvc1", &bytes),
            b"vpcC" if entry.kind == *b"vp08" => Some("vp8".into()),
            b"vpcC" => codecs::vp9(versioned),
            b"av1C" => codecs::av1(&bytes),
            b"esds" if entry.kind == *b"mp4a" => codecs::esds(versioned),
            _ => None,
        };
        if codec.is_some() {
            return Ok(codec);
        }
    }
    Ok(None)
}

/// The codec without its configuration.
fn name(kind: &[u8; 4]) -> Option<String> {
    match kind {
        b"Opus" => Some("opus".into()),
        b"fLaC" => Some("flac".into()),
        b".mp3" => Some("mp3".into()),
        b"avc3" => Some("avc1".into()),
        b"mp4a" => Some("mp4a.40.2".into()),
        other => codecs::printable(other),
    }
}
