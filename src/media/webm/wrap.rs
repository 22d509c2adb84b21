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
    let heard = packets.heard.and_then(|heard| packets.skipped.checked_add(heard));
    // What comes behind all that is heard is no part of it.
    let end = heard.map_or(packets.length(), |end| end.min(packets.length()));
    let first = packets.start.saturating_add_unsigned(packets.skipped);
    let (mut units, mut cluster) = (0_u64, None);
    for packet in &packets.list {
        if units >= end {
            break;
        }
        let time = ms(first.saturating_add_unsigned(units));
        let start = cluster.filter(|start| time - start < CLUSTER_MS);
        let mut bytes = Vec::new();
        let start = start.unwrap_or_else(|| {
            bytes.extend(write::head(id::CLUSTER, write::UNKNOWN));
            bytes.extend(write::uint(id::TIMESTAMP, time.unsigned_abs()));
            time
        });
        cluster = Some(start);
        units = units.saturating_add(packet.duration.into());
        let padding = padding(units.saturating_sub(end));
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

/// What says how many units of the last packet are not heard.
fn padding(units: u64) -> Vec<u8> {
    ns(units).filter(|ns| *ns > 0).map_or_else(Vec::new, |ns| write::uint(id::DISCARD_PADDING, ns))
}

/// Units of Opus in nanoseconds.
fn ns(units: u64) -> Option<u64> {
    Some(units.checked_mul(1_000_000_000)? / u64::from(opus::RATE))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::media::packets::Packet;

    /// Five packets of 20 ms, of which so much is heard behind the first 312 units; what becomes of them.
    fn wrapped(heard: Option<u64>) -> (usize, Option<u64>) {
        let entry = opus::entry(b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0").unwrap();
        let mut packets = Packets::new(Codec::Entry(entry), opus::RATE);
        (packets.start, packets.skipped, packets.heard) = (-312, 312, heard);
        for at in 0..5 {
            packets.push(Packet { offset: 2 * at, size: 2, duration: 960 }, 10).unwrap();
        }
        let (mut source, mut out) = (Source::new(Cursor::new([31 << 3; 10])).unwrap(), Vec::new());
        wrap(&mut source, &packets, &mut out).unwrap().unwrap();
        let found = super::super::packets(&mut Source::new(Cursor::new(out)).unwrap()).unwrap().unwrap();
        assert_eq!((found.start, found.skipped), (-312, 312));
        (found.list.len(), found.heard)
    }

    #[test]
    fn what_is_not_heard_at_the_end_is_left_out() {
        assert_eq!(wrapped(None), (5, None));
        assert_eq!(wrapped(Some(1_000_000)), (5, None));
        assert_eq!(wrapped(Some(4 * 960)), (5, Some(4 * 960)));
        assert_eq!(wrapped(Some(4 * 960 - 312)), (4, None), "to the end of a packet");
        assert_eq!(wrapped(Some(2 * 960)), (3, Some(2 * 960)));
        assert_eq!(wrapped(Some(1)), (1, Some(1)));
    }
}
