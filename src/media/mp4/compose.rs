//! The index of joined fragments: the one of the file with the samples listed in it, and its lengths put right.
//! Descriptions of the samples and all that is not known stay byte for byte.

use super::join::Track;
use super::tables::{close, put_head};
use super::tree::{Node, Tree, u32_at, u64_at};

/// What the index is made of.
pub(super) struct Movie<'m> {
    /// The body of the file's index.
    pub(super) moov: &'m [u8],
    pub(super) tree: &'m Tree,
    pub(super) tracks: &'m [Track],
    /// Units a second of the movie's clock.
    pub(super) timescale: u32,
    /// The first moment shown, in seconds.
    pub(super) start: f64,
}

impl Movie<'_> {
    /// The index, when so many bytes stand before the samples beside it.
    pub(super) fn write(&self, beside: u64) -> Option<Vec<u8>> {
        // How long it is depends on where the samples lie, and where they lie on how long it is.
        let mut out = Vec::new();
        self.write_at(&mut out, beside)?;
        loop {
            let length = out.len() as u64;
            out.clear();
            self.write_at(&mut out, beside.checked_add(length)?)?;
            if out.len() as u64 == length {
                return Some(out);
            }
        }
    }

    fn write_at(&self, out: &mut Vec<u8>, samples: u64) -> Option<()> {
        put_head(out, b"moov", 0)?;
        for at in self.tree.children(None) {
            match &self.node(at).kind {
                b"mvhd" => self.header(out, at, self.length())?,
                b"trak" => {
                    // Tracks without a sample are left out.
                    if let Some(track) = self.tracks.iter().find(|track| track.node == at) {
                        self.track(out, track, samples)?;
                    }
                }
                b"mvex" | b"free" => {}
                _ => self.verbatim(out, at),
            }
        }
        close(out, 0)
    }

    /// Length in units of the movie's clock.
    fn length(&self) -> u64 {
        self.tracks.iter().map(|track| self.shown(track)).max().unwrap_or(0)
    }

    fn shown(&self, track: &Track) -> u64 {
        let (pause, length) = track.showing.map_or((0, 0), |showing| showing.units(self.start, self.timescale));
        pause.saturating_add(length)
    }

    fn track(&self, out: &mut Vec<u8>, track: &Track, samples: u64) -> Option<()> {
        let start = out.len();
        put_head(out, b"trak", 0)?;
        for at in self.tree.children(Some(track.node)) {
            match &self.node(at).kind {
                b"tkhd" => {
                    self.header(out, at, self.shown(track))?;
                    track.showing?.write(out, self.start, self.timescale)?;
                }
                b"edts" | b"free" => {}
                b"mdia" => self.media(out, at, track, samples)?,
                _ => self.verbatim(out, at),
            }
        }
        close(&mut out[start..], 0)
    }

    fn media(&self, out: &mut Vec<u8>, mdia: usize, track: &Track, samples: u64) -> Option<()> {
        self.only(mdia)?;
        let start = out.len();
        put_head(out, b"mdia", 0)?;
        for at in self.tree.children(Some(mdia)) {
            match &self.node(at).kind {
                // Firefox seeks no further, and GStreamer drops what is much shorter than the rest.
                b"mdhd" => {
                    let later = track.showing?.later(self.start);
                    self.header(out, at, track.length.checked_add(later.into())?)?;
                }
                b"minf" => self.information(out, at, track, samples)?,
                _ => self.verbatim(out, at),
            }
        }
        close(&mut out[start..], 0)
    }

    fn information(&self, out: &mut Vec<u8>, minf: usize, track: &Track, samples: u64) -> Option<()> {
        self.only(minf)?;
        let start = out.len();
        put_head(out, b"minf", 0)?;
        for at in self.tree.children(Some(minf)) {
            if self.node(at).kind != *b"stbl" {
                self.verbatim(out, at);
                continue;
            }
            self.only(at)?;
            let table = out.len();
            put_head(out, b"stbl", 0)?;
            self.verbatim(out, self.tree.child(Some(at), b"stsd")?);
            track.samples.write(out, samples, track.showing?.later(self.start))?;
            close(&mut out[table..], 0)?;
        }
        close(&mut out[start..], 0)
    }

    /// A header as it was but for its length.
    fn header(&self, out: &mut Vec<u8>, at: usize, length: u64) -> Option<()> {
        let node = self.node(at);
        let mut bytes = self.moov.get(node.start..node.end)?.to_vec();
        set_length(&mut bytes, node, length)?;
        out.extend(bytes);
        Some(())
    }

    fn verbatim(&self, out: &mut Vec<u8>, at: usize) {
        let node = self.node(at);
        out.extend_from_slice(&self.moov[node.start..node.end]);
    }

    /// `None` for a box that is not the first of its kind there: each would get all samples listed once more.
    fn only(&self, at: usize) -> Option<()> {
        let node = self.node(at);
        (self.tree.child(node.parent, &node.kind) == Some(at)).then_some(())
    }

    fn node(&self, at: usize) -> Node {
        self.tree.nodes[at]
    }
}

/// Where `mvhd`, `tkhd` or `mdhd` has its length.
fn length_place(bytes: &[u8], node: Node) -> Option<(usize, bool)> {
    let body = node.body - node.start;
    let is_long = *bytes.get(body)? == 1;
    let is_track = node.kind == *b"tkhd";
    Some((body + if is_long { 24 } else { 16 } + if is_track { 4 } else { 0 }, is_long))
}

/// The length that such a header says; `None` for one that leaves it open.
pub(super) fn length(bytes: &[u8], node: Node) -> Option<u64> {
    let (place, is_long) = length_place(bytes, node)?;
    // All ones stand for unknown.
    if is_long {
        u64_at(bytes, place).filter(|length| *length < u64::MAX)
    } else {
        u32_at(bytes, place).filter(|length| *length < u32::MAX).map(u64::from)
    }
}

/// Changes it.
pub(super) fn set_length(bytes: &mut [u8], node: Node, length: u64) -> Option<()> {
    let (place, is_long) = length_place(bytes, node)?;
    if is_long {
        bytes.get_mut(place..place + 8)?.copy_from_slice(&length.to_be_bytes());
    } else {
        bytes.get_mut(place..place + 4)?.copy_from_slice(&u32::try_from(length).ok()?.to_be_bytes());
    }
    Some(())
}
