//! Sound without a container, frame after frame: MP3, and AAC whose frames have heads of their own (ADTS).

use std::io::{self, Read, Seek};

use super::packets::{self, Codec, Packet, Packets};
use super::source::{Source, is_malformed};
use crate::interrupt;

/// How many frames pass between two looks at Ctrl-C.
const PACE: u64 = 1 << 12;
/// Bytes of a frame that may hold a table instead of sound.
const TABLE: usize = 192;
/// Bytes of the words of a song that some write behind MP3, at most.
const MOST_LYRICS: usize = 1 << 20;
/// Bytes of the title and author that some write behind MP3.
const TITLE: u64 = 128;
/// Samples that a decoder of MP3 is late, besides what the encoder says of itself.
const MP3_DELAY: u32 = 529;

/// Samples a second that AAC has numbers for.
pub(super) const AAC_RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

/// What the frames are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Mp3,
    Adts,
}

/// A frame, by its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Bytes of its head that are no part of what a decoder gets elsewhere.
    head: u64,
    /// Bytes of all of it.
    pub(super) length: u64,
    pub(super) samples: u32,
    /// Samples a second.
    pub(super) rate: u32,
    channels: u8,
    /// What MP4 says of AAC.
    config: [u8; 2],
}

impl Kind {
    /// The codec for `canPlayType`; browsers need none for MP3 by itself.
    pub(super) const fn codec(self) -> Option<&'static str> {
        match self {
            Self::Mp3 => None,
            Self::Adts => Some("mp4a.40.2"),
        }
    }

    /// The frame with this head.
    pub(super) fn frame(self, head: [u8; 7]) -> Option<Frame> {
        match self {
            Self::Mp3 => mp3(head),
            Self::Adts => adts(head),
        }
    }
}

fn mp3([first, second, third, fourth, ..]: [u8; 7]) -> Option<Frame> {
    const FULL: [u32; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const HALF: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    if first != 0xff || second & 0xe6 != 0xe2 {
        return None;
    }
    let version = second >> 3 & 3;
    let full = version == 3;
    let kbit = *if full { FULL } else { HALF }.get(usize::from(third >> 4)).filter(|kbit| **kbit > 0)?;
    let rate = *[44_100, 48_000, 32_000].get(usize::from(third >> 2 & 3))?;
    let rate = match version {
        3 => rate,
        2 => rate / 2,
        0 => rate / 4,
        _ => return None,
    };
    let samples = if full { 1_152 } else { 576 };
    let padding = u64::from(third >> 1 & 1);
    let length = u64::from(samples / 8 * kbit * 1_000 / rate) + padding;
    let channels = if fourth >> 6 == 3 { 1 } else { 2 };
    Some(Frame { head: 0, length, samples, rate, channels, config: [0; 2] })
}

fn adts([first, second, third, fourth, fifth, sixth, seventh]: [u8; 7]) -> Option<Frame> {
    if first != 0xff || second & 0xf6 != 0xf0 {
        return None;
    }
    let (profile, number) = (third >> 6, third >> 2 & 15);
    let rate = *AAC_RATES.get(usize::from(number))?;
    let channels = third << 2 & 4 | fourth >> 6;
    let head = if second & 1 == 0 { 9 } else { 7 };
    let length = u64::from(fourth & 3) << 11 | u64::from(fifth) << 3 | u64::from(sixth) >> 5;
    let samples = 1_024 * (u32::from(seventh & 3) + 1);
    let config = [(profile + 1) << 3 | number >> 1, number << 7 | channels << 3];
    (length > head).then_some(Frame { head, length, samples, rate, channels, config })
}

/// What was found on the way through the frames.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// The bytes of a frame that holds a table of the file instead of sound.
    table: Option<Vec<u8>>,
    /// Where the last frame ends, or what tells of title and author behind it.
    end: u64,
}

/// Hands on every frame of sound and where it begins, until `visit` has seen enough, or what comes is neither a frame
/// nor tells of title and author.
pub(super) fn each<R: Read + Seek>(
    source: &mut Source<R>,
    kind: Kind,
    mut visit: impl FnMut(u64, Frame) -> Option<()>,
) -> io::Result<Walked> {
    let (mut walked, mut frames, mut steps) = (Walked::default(), 0_u64, 0_u64);
    let mut walk = || {
        loop {
            let at = walked.end;
            source.go(at)?;
            let frame = kind.frame(source.array()?);
            let length = match frame {
                Some(frame) => frame.length,
                None => tag(source, at)?,
            };
            let next = at.saturating_add(length);
            if length == 0 || next > source.len() {
                return Ok(());
            }
            (walked.end, steps) = (next, steps + 1);
            if steps.is_multiple_of(PACE) {
                interrupt::check_io()?;
            }
            let Some(frame) = frame else { continue };
            if frames == 0 && kind == Kind::Mp3 {
                source.go(at)?;
                let head = source.head(frame.length, TABLE)?;
                let is_table = |name: &&[u8]| memchr::memmem::find(&head[..head.len().min(44)], name).is_some();
                walked.table = [b"Xing".as_slice(), b"Info", b"VBRI"].iter().any(is_table).then_some(head);
            }
            frames += 1;
            if (frames > 1 || walked.table.is_none()) && visit(at, frame).is_none() {
                return Ok(());
            }
        }
    };
    match walk() {
        Err(error) if !is_malformed(&error) => Err(error),
        _ => Ok(walked),
    }
}

/// How many bytes there tell of title and author: files that were put one behind the other have them in the middle.
fn tag<R: Read + Seek>(source: &mut Source<R>, at: u64) -> io::Result<u64> {
    source.go(at)?;
    Ok(match *source.head(32, 32)? {
        [b'I', b'D', b'3', _, _, flags, a, b, c, d, ..] => {
            let size = [a, b, c, d].iter().fold(0_u64, |sum, byte| sum << 7 | u64::from(byte & 0x7f));
            10 + size + if flags & 0x10 == 0 { 0 } else { 10 }
        }
        [b'T', b'A', b'G', ..] => TITLE,
        // Its size leaves out the head, which always comes in front of a tag that is found by its front.
        [b'A', b'P', b'E', b'T', b'A', b'G', b'E', b'X', _, _, _, _, a, b, c, d, ..] => {
            32 + u64::from(u32::from_le_bytes([a, b, c, d]))
        }
        _ => 0,
    })
}

/// Whether what begins there, where frames end, is nothing to be heard.
fn is_tail<R: Read + Seek>(source: &mut Source<R>, at: u64, kind: Kind) -> io::Result<bool> {
    source.go(at)?;
    let rest = source.len() - at;
    let mut bytes = source.head(rest, MOST_LYRICS)?;
    // A frame that is cut, or less than the head of one.
    if bytes.first_chunk().is_none_or(|head| kind.frame(*head).is_some_and(|frame| frame.length > rest)) {
        return Ok(true);
    }
    if bytes.starts_with(b"LYRICSBEGIN") {
        let end = [b"LYRICS200", b"LYRICSEND"].iter().find_map(|name| memchr::memmem::find(&bytes, *name));
        return Ok(end.is_some_and(|end| rest <= end as u64 + 9 + TITLE));
    }
    while bytes.iter().all(|byte| *byte == 0) {
        interrupt::check_io()?;
        bytes = source.head(u64::MAX, MOST_LYRICS)?;
        if bytes.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The packets of a file; `None` where the frames are not all of a kind, or more comes behind what is none.
pub(super) fn packets<R: Read + Seek>(source: &mut Source<R>, kind: Kind) -> io::Result<Option<Packets>> {
    let all = source.len();
    let (mut found, mut first, mut odd) = (None::<Packets>, None::<Frame>, false);
    let walked = each(source, kind, |at, frame| {
        let one = *first.get_or_insert(frame);
        let alike = (one.rate, one.config, one.samples) == (frame.rate, frame.config, frame.samples);
        let packets = match &mut found {
            Some(packets) => packets,
            None => found.insert(Packets::new(Codec::Entry(entry(kind, one)?), one.rate)),
        };
        let size = u32::try_from(frame.length - frame.head).ok();
        let packet = size.map(|size| Packet { offset: at + frame.head, size, duration: frame.samples });
        odd |= !alike || packet.and_then(|packet| packets.push(packet, all)).is_none();
        (!odd).then_some(())
    })?;
    if found.is_none() || odd || !is_tail(source, walked.end, kind)? {
        return Ok(None);
    }
    if let (Some(packets), Some((delay, padding))) = (&mut found, walked.table.as_deref().and_then(encoder)) {
        packets.skipped = (delay + MP3_DELAY).into();
        packets.start = -i64::from(delay + MP3_DELAY);
        packets.heard = packets.length().checked_sub(u64::from(delay) + u64::from(padding));
    }
    Ok(found)
}

/// Samples that an encoder of MP3 says to have put in front and behind.
fn encoder(frame: &[u8]) -> Option<(u32, u32)> {
    let at = [b"Xing", b"Info"].iter().find_map(|name| memchr::memmem::find(frame, *name))?;
    let flags = *frame.get(at + 7)?;
    let fields = [4, 4, 100, 4].iter().enumerate().filter(|(bit, _)| flags >> bit & 1 == 1);
    let tag = at + 8 + fields.map(|(_, length)| length).sum::<usize>();
    let &[a, b, c] = frame.get(tag + 21..)?.first_chunk()?;
    Some((u32::from(a) << 4 | u32::from(b) >> 4, u32::from(b & 15) << 8 | u32::from(c)))
}

/// The sample entry of MP4 for such frames.
fn entry(kind: Kind, frame: Frame) -> Option<Vec<u8>> {
    let (object, config) = match kind {
        Kind::Mp3 => (0x6b, Vec::new()),
        // Which speakers others are for is said in the frames.
        Kind::Adts if frame.channels > 0 && frame.samples == 1_024 => (0x40, described(5, &frame.config)?),
        Kind::Adts => return None,
    };
    // Of sound; sizes and bitrates are not known.
    let decoder = [&[object, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &config].concat();
    let stream = [vec![0, 0, 0], described(4, &decoder)?, described(6, &[2])?].concat();
    let body = [vec![0; 4], described(3, &stream)?].concat();
    packets::entry(*b"mp4a", frame.channels, frame.rate, (*b"esds", &body))
}

/// A descriptor of MPEG-4 of less than 128 bytes.
fn described(tag: u8, body: &[u8]) -> Option<Vec<u8>> {
    let length = u8::try_from(body.len()).ok().filter(|length| *length < 0x80)?;
    Some([&[tag, length], body].concat())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// 128 kbit/s at 44.1 kHz: 417 bytes.
    fn mp3_frame() -> Vec<u8> {
        let mut frame = vec![0xff, 0xfb, 0x90, 0];
        frame.resize(417, 0);
        frame
    }

    /// Mono at 48 kHz, of twenty bytes.
    fn adts_frame() -> Vec<u8> {
        let mut frame = vec![0xff, 0xf1, 0x4c, 0x40, 0x02, 0x80 | 0x1f, 0xfc];
        frame.resize(20, 7);
        frame
    }

    fn read(bytes: &[u8], kind: Kind) -> Option<Packets> {
        packets(&mut Source::new(Cursor::new(bytes)).unwrap(), kind).unwrap()
    }

    #[test]
    fn frames_of_aac_lose_their_heads() {
        let packets = read(&[adts_frame().repeat(3), vec![0xff; 3]].concat(), Kind::Adts).unwrap();
        let places: Vec<_> = packets.list.iter().map(|packet| (packet.offset, packet.size, packet.duration)).collect();
        assert_eq!(places, [(7, 13, 1_024), (27, 13, 1_024), (47, 13, 1_024)]);
        assert_eq!((packets.rate, packets.start, packets.skipped), (48_000, 0, 0));
        let Codec::Entry(entry) = packets.codec else { panic!() };
        // AAC-LC, 48 kHz, one channel.
        assert!(entry.windows(4).any(|four| four == [5, 2, 0x11, 0x88]), "{entry:?}");
    }

    #[test]
    fn what_the_encoder_put_around_mp3_is_not_heard() {
        let mut table = mp3_frame();
        table[36..44].copy_from_slice(b"Info\0\0\0\x03");
        table[52..56].copy_from_slice(b"LAME");
        // 576 in front, 1,000 behind.
        table[73..76].copy_from_slice(&[0x24, 0x03, 0xe8]);
        let packets = read(&[table, mp3_frame().repeat(10)].concat(), Kind::Mp3).unwrap();
        assert_eq!((packets.list.len(), packets.list[0].offset), (10, 417));
        assert_eq!((packets.start, packets.skipped, packets.heard), (-1_105, 1_105, Some(11_520 - 1_576)));
        assert_eq!(read(&mp3_frame().repeat(2), Kind::Mp3).unwrap().skipped, 0);
    }

    /// Where `cat` puts files one behind the other.
    #[test]
    fn what_lies_between_frames_is_passed_over_or_refuses_the_file() {
        let (front, back) = (mp3_frame().repeat(3), mp3_frame().repeat(2));
        let title = [b"TAG".as_slice(), &[b'x'; 125]].concat();
        let ape = [b"APETAGEX\xd0\x07\0\0\x28\0\0\0\x01\0\0\0\0\0\0\xa0".as_slice(), &[0; 8], &[b'x'; 40]].concat();
        let between = [b"ID3\x04\0\0\0\0\x01\x02".to_vec(), vec![b'x'; 130]].concat();
        let lyrics = [b"LYRICSBEGINLYR00002la000016LYRICS200".as_slice(), &title].concat();
        for tag in [&between, &title, &ape, &[ape.clone(), title.clone(), between.clone()].concat()] {
            let packets = read(&[&front[..], tag, &back].concat(), Kind::Mp3).unwrap();
            let behind = (front.len() + tag.len()) as u64;
            assert_eq!((packets.list.len(), packets.list[3].offset), (5, behind));
        }
        let cut = &mp3_frame()[..400];
        for tail in [&title[..], &ape, &lyrics, &[0; 3_000], cut, b"", b"\xff\xfb"] {
            let packets = read(&[&front[..], tail].concat(), Kind::Mp3);
            assert_eq!(packets.map(|packets| packets.list.len()), Some(3), "{tail:?}");
        }
        let beyond = [&ape[..12], &[0xff; 20]].concat();
        for odd in [b"x".as_slice(), &lyrics, &[0; 3_000], b"LYRICSBEGIN", &beyond] {
            assert!(read(&[&front[..], odd, &back].concat(), Kind::Mp3).is_none(), "{odd:?}");
        }
        let segment = [&between[..], &adts_frame()].concat();
        assert_eq!(read(&[adts_frame(), segment].concat(), Kind::Adts).unwrap().list.len(), 2);
    }

    #[test]
    fn frames_of_several_kinds_are_refused() {
        let mut other = adts_frame();
        other[2] = 0x50;
        assert!(read(&[adts_frame(), other].concat(), Kind::Adts).is_none());
        assert!(read(b"nothing of the kind", Kind::Adts).is_none());
    }
}
