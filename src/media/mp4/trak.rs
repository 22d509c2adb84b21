//! The index entry of a new track of sound.

use super::tables::{Samples, close, put, put_head};
use crate::media::opus;
use crate::media::packets::{Codec, Packets, Place};

/// Flags of a track that is played.
const PLAYED: u32 = 7;
/// A picture that is not turned, in fixed-point numbers; sound has one too.
const MATRIX: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];
/// Language code of what is in no known language.
const UNDETERMINED: u16 = 0x55c4;

/// What the entry is made of.
pub(super) struct NewTrack {
    pub(super) id: u32,
    /// Units a second of the sound's clock.
    pub(super) rate: u32,
    /// Length of the media in these units.
    pub(super) media: u64,
    pub(super) place: Place,
    /// The sample entry.
    pub(super) entry: Vec<u8>,
}

/// The sample entry that says how packets are decoded.
pub(super) fn entry(packets: &Packets) -> Option<Vec<u8>> {
    match &packets.codec {
        Codec::Entry(entry) => Some(entry.clone()),
        Codec::Opus(head) => opus::entry(head),
    }
}

impl NewTrack {
    /// Writes `trak`; `from` is where the first byte of all samples lies in the file.
    pub(super) fn write(&self, out: &mut Vec<u8>, samples: &Samples, from: u64) -> Option<()> {
        within(out, b"trak", |out| {
            within(out, b"tkhd", |out| {
                put(out, 1 << 24 | PLAYED);
                put_long(out, &[0, 0]);
                put(out, self.id);
                put(out, 0);
                put_long(out, &[self.place.length, 0]);
                // Layer and group; volume.
                out.extend_from_slice(&[0, 0, 0, 0, 1, 0, 0, 0]);
                MATRIX.iter().for_each(|number| put(out, *number));
                put_long(out, &[0]);
                Some(())
            })?;
            self.edits(out)?;
            within(out, b"mdia", |out| {
                within(out, b"mdhd", |out| {
                    put(out, 1 << 24);
                    put_long(out, &[0, 0]);
                    put(out, self.rate);
                    put_long(out, &[self.media]);
                    out.extend_from_slice(&UNDETERMINED.to_be_bytes());
                    out.extend_from_slice(&[0; 2]);
                    Some(())
                })?;
                body(out, b"hdlr", b"\0\0\0\0\0\0\0\0soun\0\0\0\0\0\0\0\0\0\0\0\0\0")?;
                within(out, b"minf", |out| {
                    body(out, b"smhd", &[0; 8])?;
                    // The samples lie in this very file.
                    let this = b"\0\0\0\0\0\0\0\x01\0\0\0\x0curl \0\0\0\x01";
                    within(out, b"dinf", |out| body(out, b"dref", this))?;
                    within(out, b"stbl", |out| {
                        body(out, b"stsd", &[b"\0\0\0\0\0\0\0\x01", &self.entry[..]].concat())?;
                        samples.write(out, from, 0)
                    })
                })
            })
        })
    }

    fn edits(&self, out: &mut Vec<u8>) -> Option<()> {
        within(out, b"edts", |out| {
            within(out, b"elst", |out| {
                put(out, 1 << 24);
                put(out, 1);
                put_long(out, &[self.place.length, self.place.from]);
                put(out, 0x1_0000);
                Some(())
            })
        })
    }
}

/// Writes a box and what is in it.
fn within(out: &mut Vec<u8>, kind: &[u8; 4], fill: impl FnOnce(&mut Vec<u8>) -> Option<()>) -> Option<()> {
    let start = out.len();
    put_head(out, kind, 0)?;
    fill(out)?;
    close(&mut out[start..], 0)
}

fn body(out: &mut Vec<u8>, kind: &[u8; 4], bytes: &[u8]) -> Option<()> {
    put_head(out, kind, bytes.len())?;
    out.extend_from_slice(bytes);
    Some(())
}

fn put_long(out: &mut Vec<u8>, numbers: &[u64]) {
    numbers.iter().for_each(|number| out.extend_from_slice(&number.to_be_bytes()));
}
