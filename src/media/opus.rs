//! Opus: how long packets are, and its head in the words of each container (RFC 6716, RFC 7845, "Encapsulation of Opus
//! in ISO Base Media File Format").

use super::packets;

/// Units a second of all times of Opus.
pub(super) const RATE: u32 = 48_000;
/// Units that no packet is longer than: 120 ms.
const LONGEST: u32 = 5_760;
/// What the head begins with where it has a name.
const NAME: &[u8; 8] = b"OpusHead";

/// Length of a packet in units, by its first two bytes.
pub(super) fn duration(packet: &[u8]) -> Option<u32> {
    let toc = *packet.first()?;
    let frame = match toc >> 3 {
        config @ 0..12 => [480, 960, 1_920, 2_880][usize::from(config & 3)],
        config @ 12..16 => [480, 960][usize::from(config & 1)],
        config => [120, 240, 480, 960][usize::from(config & 3)],
    };
    let frames = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        _ => u32::from(packet.get(1)? & 0x3f),
    };
    Some(frames * frame).filter(|units| (1..=LONGEST).contains(units))
}

/// Units at the start of a stream that are not to be heard, out of its head.
pub(super) fn skipped(head: &[u8]) -> Option<u16> {
    Some(u16::from_le_bytes(*head.strip_prefix(NAME)?.get(2..)?.first_chunk()?))
}

/// The sample entry of MP4 for a stream with this head.
pub(super) fn entry(head: &[u8]) -> Option<Vec<u8>> {
    let fields: &[u8; 11] = head.strip_prefix(NAME)?.first_chunk()?;
    let &[version, channels, skip_low, skip_high, a, b, c, d, gain_low, gain_high, family] = fields;
    if version > 15 || channels == 0 {
        return None;
    }
    let table = if family == 0 { &[][..] } else { head.get(19..)?.get(..2 + usize::from(channels))? };
    let specific = [&[0, channels, skip_high, skip_low, d, c, b, a, gain_high, gain_low, family], table].concat();
    packets::entry(*b"Opus", channels, RATE, (*b"dOps", &specific))
}

/// Where a sample entry of MP4 says what it is of.
fn specific(entry: &[u8]) -> Option<usize> {
    if entry.get(4..8)? != b"Opus" {
        return None;
    }
    // Other boxes may stand before the one.
    Some(memchr::memmem::find(entry.get(36..)?, b"dOps")? + 40)
}

/// Units at the start of a stream that are not to be heard, out of a sample entry of MP4.
pub(super) fn entry_skipped(entry: &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes(*entry.get(specific(entry)? + 2..)?.first_chunk()?))
}

/// The head of the stream that a sample entry of MP4 describes, with another number of units that are not heard.
pub(super) fn head(entry: &[u8], skipped: u16) -> Option<Vec<u8>> {
    let at = specific(entry)?;
    let &[0, channels, _, _, a, b, c, d, gain_high, gain_low, family] = entry.get(at..)?.first_chunk::<11>()? else {
        return None;
    };
    let [skip_low, skip_high] = skipped.to_le_bytes();
    let table = if family == 0 { &[][..] } else { entry.get(at + 11..)?.get(..2 + usize::from(channels))? };
    let fields = [1, channels, skip_low, skip_high, d, c, b, a, gain_low, gain_high, family];
    Some([NAME.as_slice(), &fields, table].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_tell_how_long_they_are() {
        // 20 ms each: SILK, hybrid, CELT; then two frames, three, and more than there may be.
        for (packet, units) in [
            (&[1 << 3][..], 960),
            (&[13 << 3], 960),
            (&[31 << 3], 960),
            (&[3 << 3], 2_880),
            (&[16 << 3], 120),
            (&[31 << 3 | 1], 1_920),
            (&[31 << 3 | 3, 0x83], 2_880),
        ] {
            assert_eq!(duration(packet), Some(units), "{packet:?}");
        }
        assert_eq!(duration(&[3 << 3 | 3, 3]), None);
        assert_eq!(duration(&[3 << 3 | 3, 0]), None);
        assert_eq!(duration(&[3 << 3 | 3]), None);
        assert_eq!(duration(&[]), None);
    }

    #[test]
    fn the_head_changes_its_order_of_bytes() {
        let head = b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\xfe\xff\0";
        let entry = entry(head).unwrap();
        assert!(entry.ends_with(b"\0\0\0\x13dOps\0\x02\x01\x38\0\0\xbb\x80\xff\xfe\0"), "{entry:?}");
        assert_eq!((entry.len(), &entry[..8]), (55, b"\0\0\0\x37Opus".as_slice()));
        assert_eq!(skipped(head), Some(312));
        assert_eq!(super::head(&entry, 312).as_deref(), Some(head.as_slice()));
        assert_eq!((entry_skipped(&entry), entry_skipped(&entry[..40])), (Some(312), None));
        assert_eq!(super::head(&entry[..54], 312), None);
    }

    #[test]
    fn more_channels_have_a_table() {
        let head = b"OpusHead\x01\x03\0\0\0\0\0\0\0\0\x01\x02\x01\x00\x02\x01";
        assert!(entry(head).unwrap().ends_with(b"\x01\x02\x01\x00\x02\x01"));
        assert_eq!(super::head(&entry(head).unwrap(), 0).as_deref(), Some(head.as_slice()));
        assert_eq!(entry(&head[..head.len() - 1]), None);
        assert_eq!(entry(b"OpusHead\x01"), None);
        assert_eq!(entry(b"OpusTags\x01\x02\x38\x01\x80\xbb\0\0\0\0\0"), None);
    }
}
