//! Packets in which nothing is heard, for sound that begins later than the picture.
//!
//! MP4 has a list of edits to say so, but Firefox passes over a pause that is said there.

use super::codecs;
use super::frames::Kind;
use super::opus;
use super::packets::{Codec, Packets};

/// A packet, and its length in units of the sound's clock.
pub(super) type Silent = (Vec<u8>, u32);

/// What Opus says with a frame of silence of any length.
const OPUS_FRAME: [u8; 2] = [0xff, 0xfe];
/// The first of the four lengths of frames that Opus has for all its band, in the bits that say so.
const OPUS_LENGTHS: u8 = 28;
/// Samples of a frame of AAC, and of the kind that has fewer.
const AAC_FRAME: [u32; 2] = [1_024, 960];
/// Elements of AAC: one speaker, two, one for the low tones, and none more.
const ONE: u8 = 0;
const PAIR: u8 = 1;
const LOW: u8 = 3;
const END: u8 = 7;
/// Bits of a channel of AAC in which there is nothing.
const AAC_NOTHING: usize = 22;

/// Silence in the words of some sound, longest packets first; its first packet begins with `first`. `None` where it is
/// not known how to be silent.
pub(super) fn packets(sound: &Packets, first: &[u8]) -> Option<Vec<Silent>> {
    match &sound.codec {
        Codec::Opus(head) => of_opus(head, sound.rate),
        Codec::Entry(entry) if entry.get(4..8) == Some(b"Opus") => of_opus(&opus::head(entry, 0)?, sound.rate),
        Codec::Entry(entry) => {
            // Other boxes may stand before the one; version and flags begin it.
            let at = memchr::memmem::find(entry, b"esds")? + 8;
            match codecs::described(entry.get(at..)?)? {
                (0x40 | 0x66 | 0x67 | 0x68, Some(config)) => of_aac(config, sound.rate),
                (0x69 | 0x6b, _) => of_mp3(first, sound.rate),
                _ => None,
            }
        }
    }
}

fn of_opus(head: &[u8], rate: u32) -> Option<Vec<Silent>> {
    // Other families have several streams in a packet.
    let (channels, family) = (*head.get(9)?, *head.get(18)?);
    if rate != opus::RATE || family != 0 {
        return None;
    }
    let packet = |length| {
        let [begin, end] = OPUS_FRAME;
        let packet = vec![(OPUS_LENGTHS + length) << 3 | u8::from(channels == 2) << 2, begin, end];
        opus::duration(&packet).map(|duration| (packet, duration))
    };
    (0..4).rev().map(packet).collect()
}

fn of_mp3(first: &[u8], rate: u32) -> Option<Vec<Silent>> {
    let mut head = *first.first_chunk::<7>()?;
    // Without a checksum, and of the fewest bytes.
    head[1] |= 1;
    head[2] = head[2] & 0x0c | 0x10;
    let frame = Kind::Mp3.frame(head).filter(|frame| frame.rate == rate)?;
    let (is_full, is_mono) = (head[1] & 8 != 0, head[3] >> 6 == 3);
    let described = match (is_full, is_mono) {
        (true, false) => 32,
        (true, true) | (false, false) => 17,
        (false, true) => 9,
    };
    let mut packet = head[..4].to_vec();
    // Zeros say that no bits are of any sound; where the next frame takes what follows for its own all the same, ones
    // are next to nothing, and zeros loud.
    packet.resize(4 + described, 0);
    packet.resize(usize::try_from(frame.length).ok()?, 0xff);
    Some(vec![(packet, frame.samples)])
}

/// By an `AudioSpecificConfig` (ISO/IEC 14496-3, 1.6.2.1).
fn of_aac(config: &[u8], rate: u32) -> Option<Vec<Silent>> {
    let mut bits = Bits { bytes: config, at: 0 };
    let mut kind = bits.take(5)?;
    let core = bits.rate()?;
    let channels = bits.take(4)?;
    if kind == 5 || kind == 29 {
        // With a band that is made anew by the decoder; without word of it, it makes nothing.
        bits.rate()?;
        kind = bits.take(5)?;
    }
    let frame = AAC_FRAME[usize::try_from(bits.take(1)?).ok()?];
    let frames = rate.checked_div(core).filter(|times| matches!(times, 1 | 2) && times * core == rate)?;
    (kind == 2).then_some(())?;
    Some(vec![(aac_block(channels)?, frame * frames)])
}

/// A block of AAC without sound, for so many speakers by their number in the standard.
fn aac_block(channels: u32) -> Option<Vec<u8>> {
    let elements: &[u8] = match channels {
        1 => &[ONE],
        2 => &[PAIR],
        3 => &[ONE, PAIR],
        4 => &[ONE, PAIR, ONE],
        5 => &[ONE, PAIR, PAIR],
        6 => &[ONE, PAIR, PAIR, LOW],
        7 => &[ONE, PAIR, PAIR, PAIR, LOW],
        _ => return None,
    };
    let mut bits: Vec<u8> = Vec::new();
    let mut put = |number: u8, count: u8| bits.extend((0..count).rev().map(|bit| number >> bit & 1));
    let mut seen = [0; 4];
    for element in elements {
        let number = &mut seen[usize::from(*element)];
        put(*element, 3);
        put(*number, 4);
        *number += 1;
        // Both of a pair have windows of their own.
        let nothing = if *element == PAIR { 1 + 2 * AAC_NOTHING } else { AAC_NOTHING };
        (0..nothing).for_each(|_| put(0, 1));
    }
    put(END, 3);
    let byte = |bits: &[u8]| bits.iter().chain(&[0; 8]).take(8).fold(0, |byte, bit| byte << 1 | bit);
    Some(bits.chunks(8).map(byte).collect())
}

struct Bits<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        let bit = |at: usize| Some(u32::from(self.bytes.get(at / 8)? >> (7 - at % 8) & 1));
        let number = (self.at..self.at + count).try_fold(0, |number, at| Some(number << 1 | bit(at)?));
        self.at += count;
        number
    }

    /// Samples a second.
    fn rate(&mut self) -> Option<u32> {
        match self.take(4)? {
            15 => self.take(24),
            number => super::frames::AAC_RATES.get(usize::try_from(number).ok()?).copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opus_is_silent_in_packets_of_all_its_lengths() {
        let silent =
            packets(&Packets::new(Codec::Opus(b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0".into()), 48_000), &[]);
        let expected = [(0xfc, 960), (0xf4, 480), (0xec, 240), (0xe4, 120)];
        assert_eq!(silent.unwrap(), expected.map(|(first, units)| (vec![first, 0xff, 0xfe], units)));
        let surround = b"OpusHead\x01\x03\0\0\0\0\0\0\0\0\x01\x02\x01\x00\x02\x01";
        assert_eq!(packets(&Packets::new(Codec::Opus(surround.to_vec()), 48_000), &[]), None);
    }

    #[test]
    fn aac_is_silent_for_as_many_speakers_as_it_has() {
        // Low complexity at 48 kHz: one, two and six speakers, and those that are told of elsewhere.
        assert_eq!(of_aac(&[0x11, 0x88], 48_000).unwrap(), [(vec![0, 0, 0, 0x07], 1_024)]);
        assert_eq!(of_aac(&[0x11, 0x90], 48_000).unwrap(), [(vec![0x20, 0, 0, 0, 0, 0, 0x0e], 1_024)]);
        assert_eq!(of_aac(&[0x11, 0xb0], 48_000).unwrap()[0].0.len(), 21);
        assert_eq!(of_aac(&[0x11, 0x80], 48_000), None);
        assert_eq!(of_aac(&[0x11, 0x94], 48_000).unwrap()[0].1, 960);
        // Another clock than the sound's, another kind of sound, and less than is told.
        assert_eq!(of_aac(&[0x11, 0x88], 44_100), None);
        assert_eq!(of_aac(&[0x09, 0x88], 48_000), None);
        assert_eq!(of_aac(&[0x11], 48_000), None);
        // With a band made by the decoder, 24 kHz that become 48.
        let high = [0b0010_1011, 0b0000_1001, 0b1000_1000];
        assert_eq!(of_aac(&high, 48_000).unwrap()[0].1, 2_048);
        assert_eq!(of_aac(&high, 24_000).unwrap()[0].1, 1_024);
    }

    #[test]
    fn mp3_is_silent_in_the_shortest_frames_of_its_rate() {
        let silent = of_mp3(&[0xff, 0xfa, 0x92, 0xc4, 1, 2, 3], 44_100).unwrap();
        assert_eq!(silent.len(), 1);
        let (packet, duration) = &silent[0];
        assert_eq!((&packet[..5], packet.len(), *duration), (&[0xff, 0xfb, 0x10, 0xc4, 0][..], 104, 1_152));
        assert!(packet[5..21].iter().all(|byte| *byte == 0) && packet[21..].iter().all(|byte| *byte == 0xff));
        assert_eq!(of_mp3(&[0xff, 0xfa, 0x92, 0xc4, 1, 2, 3], 48_000), None);
        assert_eq!(of_mp3(b"no frame", 48_000), None);
    }
}
