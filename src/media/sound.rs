//! Bare sound: how long WAV, Ogg, MP3 and AAC files are, out of their samples, pages and frames. Damage ends the count.

use std::io::{self, Read, Seek};

use super::Facts;
use super::frames::{self, Kind};
use super::source::{Source, is_malformed};
use crate::interrupt;

/// How many pages pass between two looks at Ctrl-C.
const PACE: u64 = 1 << 12;

/// What there is to say about a file of sound.
pub(super) fn probe<R: Read + Seek>(source: &mut Source<R>, mime_type: &str) -> io::Result<Facts> {
    let mut sound = Sound::default();
    source.go(0)?;
    let result = match mime_type {
        "audio/wav" => wav(source, &mut sound),
        "audio/ogg" => ogg(source, &mut sound),
        "audio/mpeg" => bare(source, Kind::Mp3, &mut sound),
        "audio/aac" => bare(source, Kind::Adts, &mut sound),
        _ => Ok(()),
    };
    if let Err(error) = result
        && !is_malformed(&error)
    {
        return Err(error);
    }
    let mut facts = Facts { duration_ms: sound.ms().filter(|ms| *ms > 0.0), has_frames: true, ..Facts::default() };
    facts.list("audio", sound.codec.map(String::from), None);
    facts.add(false, sound.codec.map(String::from), None);
    Ok(facts)
}

/// Samples so far, or bytes, and how many make a second.
#[derive(Debug, Default)]
struct Sound {
    codec: Option<&'static str>,
    count: u64,
    rate: u32,
}

impl Sound {
    fn ms(&self) -> Option<f64> {
        (self.rate > 0).then(|| self.count as f64 * 1e3 / f64::from(self.rate))
    }
}

fn u32_le<R: Read + Seek>(source: &mut Source<R>) -> io::Result<u32> {
    Ok(u32::from_le_bytes(source.array()?))
}

/// The data's length by the bytes of a second. Recorders that break off leave the data's length at zero or at its most.
fn wav<R: Read + Seek>(source: &mut Source<R>, sound: &mut Sound) -> io::Result<()> {
    source.go(12)?;
    loop {
        let kind = source.array::<4>()?;
        let (size, body) = (u64::from(u32_le(source)?), source.at());
        match &kind {
            b"fmt " => {
                source.array::<8>()?;
                sound.rate = u32_le(source)?;
            }
            b"data" => {
                let rest = source.len().saturating_sub(body);
                sound.count = if size == 0 { rest } else { size.min(rest) };
                return Ok(());
            }
            _ => {}
        }
        // Chunks begin at even places.
        source.go(body.saturating_add(size).saturating_add(size % 2))?;
    }
}

/// The last page's place in time, of the first stream.
fn ogg<R: Read + Seek>(source: &mut Source<R>, sound: &mut Sound) -> io::Result<()> {
    let (mut serial, mut skipped, mut pages): (Option<u32>, u64, u64) = (None, 0, 0);
    loop {
        let head = source.array::<27>()?;
        let [b'O', b'g', b'g', b'S', 0, _, ..] = head else { return Ok(()) };
        let number = u32::from_le_bytes(head[14..].first_chunk().copied().unwrap_or_default());
        let granule = u64::from_le_bytes(head[6..].first_chunk().copied().unwrap_or_default());
        let length: u64 = source.head(head[26].into(), 255)?.iter().map(|length| u64::from(*length)).sum();
        let body = source.at();
        if serial.is_none() {
            serial = Some(number);
            let packet = source.head(length, 64)?;
            match &*packet {
                [b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', _, _, low, high, ..] => {
                    (sound.codec, sound.rate, skipped) =
                        (Some("opus"), 48_000, u16::from_le_bytes([*low, *high]).into());
                }
                [1, b'v', b'o', b'r', b'b', b'i', b's', _, _, _, _, _, a, b, c, d, ..] => {
                    (sound.codec, sound.rate) = (Some("vorbis"), u32::from_le_bytes([*a, *b, *c, *d]));
                }
                _ => {}
            }
        } else if serial == Some(number) && granule != u64::MAX {
            // Half a page is not heard.
            if body.saturating_add(length) <= source.len() {
                sound.count = sound.count.max(granule.saturating_sub(skipped));
            }
        }
        source.go(body.saturating_add(length))?;
        pages += 1;
        if pages % PACE == 0 {
            interrupt::check_io()?;
        }
    }
}

/// All frames' samples: a header may claim any length, or none.
fn bare<R: Read + Seek>(source: &mut Source<R>, kind: Kind, sound: &mut Sound) -> io::Result<()> {
    let _ = frames::each(source, kind, |_, frame| {
        (sound.codec, sound.rate) = (kind.codec(), frame.rate);
        sound.count = sound.count.saturating_add(frame.samples.into());
        Some(())
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn ms(bytes: &[u8], mime_type: &str) -> Option<f64> {
        probe(&mut Source::new(Cursor::new(bytes)).unwrap(), mime_type).unwrap().duration_ms
    }

    #[test]
    fn wav_lasts_as_long_as_its_data() {
        let mut bytes = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data".to_vec();
        bytes.extend_from_slice(&u32::MAX.to_le_bytes());
        bytes.resize(bytes.len() + 8_000, 0);
        assert_eq!(ms(&bytes, "audio/wav"), Some(500.0));
        assert_eq!(ms(&bytes[..30], "audio/wav"), None);
    }

    #[test]
    fn ogg_lasts_to_its_last_whole_page() {
        let page = |granule: u64, body: &[u8]| {
            let mut bytes = b"OggS\0\0".to_vec();
            bytes.extend_from_slice(&granule.to_le_bytes());
            bytes.extend_from_slice(&[7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, u8::try_from(body.len()).unwrap()]);
            bytes.extend_from_slice(body);
            bytes
        };
        let head = page(0, b"OpusHead\x01\x02\x38\x01\0\0\0\0\0\0\0");
        let bytes = [head, page(48_312, b"sound"), page(96_312, b"sound")].concat();
        assert_eq!(ms(&bytes, "audio/ogg"), Some(2_000.0));
        assert_eq!(ms(&bytes[..bytes.len() - 1], "audio/ogg"), Some(1_000.0));
    }

    #[test]
    fn mp3_lasts_as_long_as_its_frames() {
        // 128 kbit/s at 44.1 kHz: 417 bytes.
        let mut frame = vec![0xff, 0xfb, 0x90, 0];
        frame.resize(417, 0);
        let mut table = frame.clone();
        table[36..40].copy_from_slice(b"Info");
        let tag = b"ID3\x04\0\0\0\0\0\x02xx".to_vec();
        let bytes = [tag, table, frame.repeat(100), b"TAG".to_vec()].concat();
        assert_eq!(ms(&bytes, "audio/mpeg").map(f64::round), Some(2_612.0));
    }
}
