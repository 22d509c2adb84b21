//! Packets of Opus as a `WebM` file of sound, to be put into a video of that kind. It has neither length nor index.

use std::io::{Read, Seek, Write};

use super::element::id;
use super::write;
use crate::media::join::{Trouble, copy};
use crate::media::opus;
use crate::media::packets::{Codec, Packets};
use crate::media::source::Source;

/// Milliseconds after which a cluster ends.
const CLUSTER_MS: i64 = 5_000;
/// Nanoseconds that a decoder needs to warm up after a jump.
const WARM_UP_NS: u64 = 80_000_000;
/// Bytes of a block besides its frame: the track's number, its time, its flags.
const BLOCK_HEAD: u64 = 4;

/// Writes the file; `None` for other sound.
pub(in crate::media) fn wrap<R: Read + Seek>(
    source: &mut Source<R>,
    packets: &Packets,
    out: &mut impl Write,
) -> Result<Option<()>, Trouble> {
    let Some(front) = front(packets) else { return Ok(None) };
    out.write_all(&front).map_err(Trouble::Write)?;
    let (mut units, mut cluster) = (packets.start.saturating_add_unsigned(packets.skipped), None);
    for (number, packet) in packets.list.iter().enumerate() {
        let time = ms(units);
        let start = cluster.filter(|start| time - start < CLUSTER_MS);
        let mut bytes = Vec::new();
        let start = start.unwrap_or_else(|| {
            bytes.extend(write::head(id::CLUSTER, write::UNKNOWN));
            bytes.extend(write::uint(id::TIMESTAMP, time.unsigned_abs()));
            time
        });
        cluster = Some(start);
        let padding = if number + 1 == packets.list.len() { padding(packets) } else { Vec::new() };
        let length = BLOCK_HEAD + u64::from(packet.size);
        if padding.is_empty() {
            bytes.extend(write::head(id::SIMPLE_BLOCK, length));
        } else {
            let block = write::head(id::BLOCK, length);
            bytes.extend(write::head(id::BLOCK_GROUP, length + (block.len() + padding.len()) as u64));
            bytes.extend(block);
        }
        let [high, low] = i16::try_from(time - start).unwrap_or(0).to_be_bytes();
        bytes.extend([0x81, high, low, if padding.is_empty() { 0x80 } else { 0 }]);
        out.write_all(&bytes).map_err(Trouble::Write)?;
        copy(source, out, packet.offset, packet.size.into())?;
        out.write_all(&padding).map_err(Trouble::Write)?;
        units = units.saturating_add(packet.duration.into());
    }
    out.flush().map_err(Trouble::Write)?;
    Ok(Some(()))
}

/// Units of Opus in milliseconds, to the nearest.
const fn ms(units: i64) -> i64 {
    units.saturating_mul(2_000).saturating_add(opus::RATE as i64).div_euclid(2 * opus::RATE as i64)
}

/// What comes before the packets.
fn front(packets: &Packets) -> Option<Vec<u8>> {
    let Codec::Entry(entry) = &packets.codec else { return None };
    // What is not heard at the start is told twice there, and has to be the same.
    let head = opus::head(entry, u16::try_from(packets.skipped).ok()?).filter(|_| packets.rate == opus::RATE)?;
    let channels = *head.get(9)?;
    let sound =
        [write::small(id::SAMPLE_RATE, &f64::from(opus::RATE).to_be_bytes()), write::small(id::CHANNELS, &[channels])];
    let track = [
        write::uint(id::TRACK_NUMBER, 1),
        write::uint(id::TRACK_UID, 1),
        write::small(id::TRACK_TYPE, &[2]),
        write::small(id::CODEC_ID, b"A_OPUS"),
        holder(id::CODEC_PRIVATE, &head),
        write::uint(id::CODEC_DELAY, ns(packets.skipped)?),
        write::uint(id::SEEK_PRE_ROLL, WARM_UP_NS),
        holder(id::AUDIO, &sound.concat()),
    ];
    let header = [write::small(id::DOC_TYPE, b"webm"), write::uint(id::DOC_TYPE_VERSION, 4)];
    let front = [
        holder(id::EBML, &header.concat()),
        write::head(id::SEGMENT, write::UNKNOWN),
        holder(id::INFO, &write::uint(id::TICK, 1_000_000)),
        holder(id::TRACKS, &holder(id::TRACK_ENTRY, &track.concat())),
    ];
    Some(front.concat())
}

fn holder(id: u32, body: &[u8]) -> Vec<u8> {
    [write::head(id, body.len() as u64).as_slice(), body].concat()
}

/// What says how much of the last packet is not heard.
fn padding(packets: &Packets) -> Vec<u8> {
    let heard = packets.heard.and_then(|heard| packets.skipped.checked_add(heard));
    let rest = heard.and_then(|end| packets.length().checked_sub(end)).and_then(ns).filter(|ns| *ns > 0);
    rest.map_or_else(Vec::new, |ns| write::uint(id::DISCARD_PADDING, ns))
}

/// Units of Opus in nanoseconds.
fn ns(units: u64) -> Option<u64> {
    Some(units.checked_mul(1_000_000_000)? / u64::from(opus::RATE))
}
