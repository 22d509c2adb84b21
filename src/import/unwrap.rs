//! What files come wrapped in: compression, UTF-16, a byte order mark, a JSONP call. One of each at most.

use std::io::{self, Read};

use flate2::read::{MultiGzDecoder, ZlibDecoder};

/// Letters of a function name that a JSONP wrapper may have.
const CALLBACK: usize = 256;
/// Letters without a mark that must all look like UTF-16 for it to be certain.
const CERTAIN: usize = 64;

/// What must be undone, byte by byte, before a file can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wrapping {
    packing: Option<Packing>,
    wide: Option<Wide>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Gzip,
    Zlib,
}

/// The order of bytes in UTF-16.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wide {
    Little,
    Big,
}

impl Wrapping {
    /// What a file of this beginning is wrapped in.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        let packing = match head {
            [0x1f, 0x8b, 8, ..] => Some(Packing::Gzip),
            // Some words begin like this as well.
            [0x78, second, ..] if (0x7800 + u16::from(*second)) % 31 == 0 => Some(Packing::Zlib),
            _ => None,
        };
        let inner = packing.map(|packing| {
            let wrapping = Self { packing: Some(packing), wide: None };
            beginning(wrapping.undo(head), 4096)
        });
        let packing = packing.filter(|_| inner.as_ref().is_some_and(|inner| !inner.is_empty()));
        let wide = Wide::of(inner.as_deref().filter(|_| packing.is_some()).unwrap_or(head));
        (packing.is_some() || wide.is_some()).then_some(Self { packing, wide })
    }

    /// Whether more may come out than goes in.
    pub(super) const fn is_packed(self) -> bool {
        self.packing.is_some()
    }

    /// The content of a wrapped file.
    pub(super) fn undo<'r>(self, reader: impl Read + 'r) -> Box<dyn Read + 'r> {
        let unpacked: Box<dyn Read + 'r> = match self.packing {
            None => Box::new(reader),
            Some(Packing::Gzip) => Box::new(MultiGzDecoder::new(reader)),
            Some(Packing::Zlib) => Box::new(ZlibDecoder::new(reader)),
        };
        match self.wide {
            None => unpacked,
            Some(wide) => Box::new(Narrowed { inner: unpacked, wide, odd: Vec::new(), high: None, out: Vec::new() }),
        }
    }
}

/// What can be read of the first bytes; damage behind them is for later.
pub(super) fn beginning(mut reader: impl Read, bytes: u64) -> Vec<u8> {
    let mut head = Vec::new();
    let _ = reader.by_ref().take(bytes).read_to_end(&mut head);
    head
}

impl Wide {
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0xff, 0xfe, 0, 0, ..] => None,
            [0xff, 0xfe, ..] => Some(Self::Little),
            [0xfe, 0xff, ..] => Some(Self::Big),
            _ => [Self::Little, Self::Big].into_iter().find(|wide| wide.is_certain(head)),
        }
    }

    fn unit(self, pair: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(pair),
            Self::Big => u16::from_be_bytes(pair),
        }
    }

    /// Without a mark: letters of ASCII only, as logs begin.
    fn is_certain(self, head: &[u8]) -> bool {
        let mut pairs = head.chunks_exact(2).take(CERTAIN).peekable();
        let text = |pair: &[u8]| matches!(self.unit([pair[0], pair[1]]), 0x20..=0x7e | 9 | 10 | 13);
        head.len() >= 8 && pairs.peek().is_some() && pairs.all(text)
    }
}

/// UTF-16 read as UTF-8; what is no character becomes U+FFFD.
struct Narrowed<R> {
    inner: R,
    wide: Wide,
    /// Half of a unit.
    odd: Vec<u8>,
    /// Half of a pair of surrogates.
    high: Option<u16>,
    /// UTF-8 not yet handed out.
    out: Vec<u8>,
}

impl<R: Read> Narrowed<R> {
    /// Takes the next stretch; says whether there was any.
    fn more(&mut self) -> io::Result<bool> {
        let mut bytes = std::mem::take(&mut self.odd);
        let got = self.inner.by_ref().take(32 * 1024).read_to_end(&mut bytes)?;
        let units =
            self.high.take().into_iter().chain(bytes.chunks_exact(2).map(|pair| self.wide.unit([pair[0], pair[1]])));
        let mut units: Vec<u16> = units.collect();
        if got > 0 {
            self.odd.extend(&bytes[bytes.len() / 2 * 2..]);
            self.high = units.pop_if(|unit| (0xd800..0xdc00).contains(unit));
        }
        let letters = char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER));
        self.out = letters.filter(|letter| *letter != '\u{feff}').collect::<String>().into_bytes();
        Ok(got > 0)
    }
}

impl<R: Read> Read for Narrowed<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut more = true;
        while self.out.is_empty() && more && !into.is_empty() {
            more = self.more()?;
        }
        let count = self.out.len().min(into.len());
        into[..count].copy_from_slice(&self.out[..count]);
        self.out.drain(..count);
        Ok(count)
    }
}

/// Where the text begins: after a byte order mark and the `name(` of a JSONP wrapper.
pub(super) fn text_start(head: &[u8]) -> usize {
    let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let name =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.' | b' ' | b'\t' | b'\r' | b'\n');
    let text = &head[mark..];
    // Against reflected downloads, some put a comment in front.
    let comment = if text.starts_with(b"/**/") { 4 } else { 0 };
    let text = &text[comment..];
    let length = text.iter().take(CALLBACK).take_while(|byte| name(byte)).count();
    let named = text[..length].iter().any(u8::is_ascii_alphabetic);
    let inner = text.get(length + 1..).unwrap_or_default().trim_ascii_start();
    let call = named && text.get(length) == Some(&b'(') && matches!(inner.first(), Some(b'{' | b'['));
    if call { mark + comment + length + 1 } else { mark }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::read::{GzEncoder, ZlibEncoder};

    fn unwrapped(bytes: &[u8]) -> Option<String> {
        let mut text = String::new();
        Wrapping::of(bytes)?.undo(bytes).read_to_string(&mut text).unwrap();
        Some(text)
    }

    fn wide(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn every_wrapping_is_known_and_undone() {
        let text = "{\"a\": \"\u{1f600} \u{e4}\"} ".repeat(10_000);
        let marked = format!("\u{feff}{text}");
        for bytes in [wide(&marked, u16::to_le_bytes), wide(&marked, u16::to_be_bytes)] {
            assert_eq!(unwrapped(&bytes).as_deref(), Some(&*text));
        }
        let plain = format!("{}{text}", "{\"plain\": \"ascii\", \"more\": \"of the same, so that it is certain\"}");
        for bytes in [wide(&plain, u16::to_le_bytes), wide(&plain, u16::to_be_bytes)] {
            assert_eq!(unwrapped(&bytes).as_deref(), Some(&*plain));
        }
        let mut packed = Vec::new();
        GzEncoder::new(&wide(&marked, u16::to_le_bytes)[..], Compression::fast()).read_to_end(&mut packed).unwrap();
        assert_eq!(unwrapped(&packed).as_deref(), Some(&*text));
        packed.clear();
        ZlibEncoder::new(text.as_bytes(), Compression::default()).read_to_end(&mut packed).unwrap();
        assert_eq!(unwrapped(&packed).as_deref(), Some(&*text));
    }

    #[test]
    fn what_is_not_wrapped_is_left_alone() {
        for text in ["", "x^2 is a square", "x\u{1}", "{\"a\":1}", "{\0}\0", "\u{1f}\u{8b}"] {
            assert_eq!(Wrapping::of(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(Wrapping::of(b"\x1f\x8b\x08garbage"), None);
        assert_eq!(unwrapped(b"\xff\xfe{\0\x00\xd8}\0a").as_deref(), Some("{\u{fffd}}"));
    }

    #[test]
    fn a_call_is_told_from_other_text() {
        for (text, start) in [
            ("onInputData({})", 12),
            ("\u{feff}a.b_$ (\n[1]);", 10),
            ("/**/cb({})", 7),
            ("print(1)", 0),
            ("({})", 0),
            ("\u{feff}{}", 3),
        ] {
            assert_eq!(text_start(text.as_bytes()), start, "{text}");
        }
    }
}
