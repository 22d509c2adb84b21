//! EBML: ids, sizes and the values of small elements.

use std::io::{self, Read, Seek};

use crate::media::source::Source;

/// The elements that are looked at (RFC 9559).
pub(in crate::media) mod id {
    pub(in crate::media) const EBML: u32 = 0x1a45_dfa3;
    pub(in crate::media) const MAX_SIZE_LENGTH: u32 = 0x42f3;
    pub(in crate::media) const VOID: u32 = 0xec;
    pub(in crate::media) const CRC: u32 = 0xbf;
    pub(in crate::media) const SEGMENT: u32 = 0x1853_8067;
    pub(in crate::media) const SEEK_HEAD: u32 = 0x114d_9b74;
    pub(in crate::media) const SEEK: u32 = 0x4dbb;
    pub(in crate::media) const SEEK_ID: u32 = 0x53ab;
    pub(in crate::media) const SEEK_POSITION: u32 = 0x53ac;
    pub(in crate::media) const INFO: u32 = 0x1549_a966;
    pub(in crate::media) const TICK: u32 = 0x2a_d7b1;
    pub(in crate::media) const DURATION: u32 = 0x4489;
    pub(in crate::media) const DATE: u32 = 0x4461;
    pub(in crate::media) const MUXING_APP: u32 = 0x4d80;
    pub(in crate::media) const WRITING_APP: u32 = 0x5741;
    pub(in crate::media) const TRACKS: u32 = 0x1654_ae6b;
    pub(in crate::media) const TRACK_ENTRY: u32 = 0xae;
    pub(in crate::media) const TRACK_NAME: u32 = 0x536e;
    pub(in crate::media) const DOC_TYPE: u32 = 0x4282;
    pub(in crate::media) const DOC_TYPE_VERSION: u32 = 0x4287;
    pub(in crate::media) const TRACK_UID: u32 = 0x73c5;
    pub(in crate::media) const TRACK_NUMBER: u32 = 0xd7;
    pub(in crate::media) const TRACK_TYPE: u32 = 0x83;
    pub(in crate::media) const CODEC_ID: u32 = 0x86;
    pub(in crate::media) const CODEC_PRIVATE: u32 = 0x63a2;
    pub(in crate::media) const DEFAULT_DURATION: u32 = 0x23_e383;
    pub(in crate::media) const CODEC_DELAY: u32 = 0x56aa;
    pub(in crate::media) const SEEK_PRE_ROLL: u32 = 0x56bb;
    pub(in crate::media) const AUDIO: u32 = 0xe1;
    pub(in crate::media) const SAMPLE_RATE: u32 = 0xb5;
    pub(in crate::media) const CHANNELS: u32 = 0x9f;
    pub(in crate::media) const ENCODINGS: u32 = 0x6d80;
    pub(in crate::media) const DISCARD_PADDING: u32 = 0x75a2;
    pub(in crate::media) const VIDEO: u32 = 0xe0;
    pub(in crate::media) const PIXEL_WIDTH: u32 = 0xb0;
    pub(in crate::media) const PIXEL_HEIGHT: u32 = 0xba;
    pub(in crate::media) const DISPLAY_WIDTH: u32 = 0x54b0;
    pub(in crate::media) const DISPLAY_HEIGHT: u32 = 0x54ba;
    pub(in crate::media) const DISPLAY_UNIT: u32 = 0x54b2;
    pub(in crate::media) const PROJECTION: u32 = 0x7670;
    pub(in crate::media) const POSE_ROLL: u32 = 0x7675;
    pub(in crate::media) const CUES: u32 = 0x1c53_bb6b;
    pub(in crate::media) const CUE_POINT: u32 = 0xbb;
    pub(in crate::media) const CUE_TIME: u32 = 0xb3;
    pub(in crate::media) const CUE_POSITIONS: u32 = 0xb7;
    pub(in crate::media) const CUE_TRACK: u32 = 0xf7;
    pub(in crate::media) const CUE_CLUSTER: u32 = 0xf1;
    pub(in crate::media) const CHAPTERS: u32 = 0x1043_a770;
    pub(in crate::media) const ATTACHMENTS: u32 = 0x1941_a469;
    pub(in crate::media) const TAGS: u32 = 0x1254_c367;
    pub(in crate::media) const CLUSTER: u32 = 0x1f43_b675;
    pub(in crate::media) const TIMESTAMP: u32 = 0xe7;
    pub(in crate::media) const POSITION: u32 = 0xa7;
    pub(in crate::media) const PREV_SIZE: u32 = 0xab;
    pub(in crate::media) const SIMPLE_BLOCK: u32 = 0xa3;
    pub(in crate::media) const BLOCK_GROUP: u32 = 0xa0;
    pub(in crate::media) const BLOCK: u32 = 0xa1;
    pub(in crate::media) const BLOCK_DURATION: u32 = 0x9b;
    pub(in crate::media) const REFERENCE: u32 = 0xfb;
}

/// The head of an element. The source stands at its body.
#[derive(Clone, Copy, Debug)]
pub(in crate::media) struct Element {
    pub(in crate::media) id: u32,
    /// Where the element begins in the file.
    pub(in crate::media) start: u64,
    /// Where the body begins in the file.
    pub(in crate::media) body: u64,
    /// Length of the body; `None` when the writer did not know.
    pub(in crate::media) size: Option<u64>,
}

/// A number of variable length.
pub(in crate::media) struct Number {
    /// The value without its marker; `None` when all its bits are ones, which stands for unknown.
    pub(in crate::media) value: Option<u64>,
    /// The value with its marker, as ids are written.
    marked: u64,
}

/// Reads a number of at most `max` bytes. "Unknown" has as many ones as the length has room for: seven of one byte,
/// 56 of eight.
pub(in crate::media) fn number<R: Read + Seek>(source: &mut Source<R>, max: u32) -> io::Result<Number> {
    let first = source.u8()?;
    let more = first.leading_zeros();
    if more >= max {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut marked = u64::from(first);
    for _ in 0..more {
        marked = marked << 8 | u64::from(source.u8()?);
    }
    let ones = (1_u64 << (7 * (more + 1))) - 1;
    let value = marked & ones;
    Ok(Number { value: (value != ones).then_some(value), marked })
}

impl Element {
    /// Reads the head of the element at which the source stands.
    pub(in crate::media) fn read<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Self> {
        let start = source.at();
        let id = u32::try_from(number(source, 4)?.marked).map_err(|_| io::ErrorKind::InvalidData)?;
        let size = number(source, 8)?.value;
        Ok(Self { id, start, body: source.at(), size })
    }

    /// Reads the head of the next child of what ends at a position, and where it ends itself: no further than its
    /// parent, whatever it claims, so that no part of a file is read as part of two. `None` at the parent's end.
    pub(in crate::media) fn within<R: Read + Seek>(
        source: &mut Source<R>,
        parent: u64,
    ) -> io::Result<Option<(Self, u64)>> {
        if source.at() >= parent {
            return Ok(None);
        }
        let child = Self::read(source)?;
        Ok(Some((child, child.known_end()?.min(parent))))
    }

    /// Reads the heads of the elements in this one, and hands on each with the source at its body.
    pub(in crate::media) fn each<R: Read + Seek>(
        &self,
        source: &mut Source<R>,
        mut visit: impl FnMut(&mut Source<R>, Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let end = self.known_end()?;
        source.go(self.body)?;
        while source.at() < end {
            let child = Self::read(source)?;
            let next = child.known_end()?;
            visit(source, child)?;
            source.go(next)?;
        }
        // A child that reaches beyond its parent cannot be carried with it.
        if source.at() == end { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
    }

    /// Whether it lies in the segment itself, never in a cluster: such ids have four bytes, as no other has.
    pub(in crate::media) const fn is_top(&self) -> bool {
        self.id > 0x0fff_ffff
    }

    /// Where the element ends, when its writer knew.
    pub(in crate::media) fn end(&self) -> Option<u64> {
        self.size.map(|size| self.body.saturating_add(size))
    }

    /// Where the element ends. Only Segment and Cluster may leave it open.
    pub(in crate::media) fn known_end(&self) -> io::Result<u64> {
        self.end().ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// The element's value as a number; one of more than eight bytes is malformed.
    pub(in crate::media) fn uint<R: Read + Seek>(&self, source: &mut Source<R>) -> io::Result<u64> {
        match self.size {
            Some(size @ 0..=8) => Ok(source.head(size, 8)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// The element's value as a floating-point number of four or eight bytes.
    pub(in crate::media) fn float<R: Read + Seek>(&self, source: &mut Source<R>) -> io::Result<Option<f64>> {
        Ok(match self.size {
            Some(4) => Some(f32::from_be_bytes(source.array()?).into()),
            Some(8) => Some(f64::from_be_bytes(source.array()?)),
            _ => None,
        })
    }

    /// The first bytes of the element's body, at most `cap`.
    pub(in crate::media) fn bytes<R: Read + Seek>(&self, source: &mut Source<R>, cap: usize) -> io::Result<Vec<u8>> {
        source.head(self.size.unwrap_or(0), cap)
    }
}
