//! What a repair has to know of a file, gathered while it passes by: where its parts lie, how long it is, and at which
//! clusters a player can begin.

use super::element::{Element, id};
use super::tracks::Track;
use super::{Block, Gather, Info, Visitor, write};
use crate::media::splice::Splice;

/// More clusters than this are no recording: one a second for a day is 86,400.
pub(super) const MAX_CLUSTERS: usize = 100_000;
/// When there are more places to begin at, every other is dropped.
const MAX_CUES: usize = 1 << 16;
/// More tags, chapters and attachments than this are not kept.
const MAX_EXTRAS: usize = 64;
/// Places to begin at are at least so far apart, in nanoseconds.
const CUE_GAP_NS: u64 = 500_000_000;

/// A place where a player can begin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cue {
    /// Ticks.
    pub(super) time: u64,
    /// Where its cluster lies, counted from the first.
    pub(super) offset: u64,
    /// Where its cluster lay in the file.
    pub(super) was: u64,
}

/// The file's parts.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) gather: Gather,
    pub(super) header: Option<Element>,
    pub(super) segment: Option<Element>,
    pub(super) seek_head: Option<Element>,
    pub(super) info: Option<Element>,
    pub(super) tracks: Option<Element>,
    pub(super) old_cues: Option<Element>,
    /// Tags, chapters and attachments.
    pub(super) extras: Vec<Element>,
    pub(super) cues: Vec<Cue>,
    /// Where the clusters lay in the file, ascending.
    pub(super) cluster_starts: Vec<u64>,
    /// The clusters, every one with its size.
    pub(super) clusters: Splice,
    pub(super) clusters_len: u64,
    /// Whether a cluster lacked its size, or had a wrong one.
    pub(super) sizes_missing: bool,
    /// Whether it is more than can be held.
    pub(super) too_much: bool,
    open: Option<Open>,
    /// The block of the element that is being read.
    pending: Option<Block>,
}

/// The cluster that is being read.
struct Open {
    head: Element,
    /// End of its last whole child.
    end: u64,
    blocks: u64,
    checksum: Option<Element>,
}

impl Plan {
    pub(super) fn new(len: u64) -> Self {
        Self { gather: Gather::new(len), ..Self::default() }
    }

    /// Number of the track that the index is for: the picture, or the sound where there is none.
    pub(super) fn cue_track(&self) -> Option<u64> {
        let tracks = &self.gather.tracks;
        tracks
            .iter()
            .find(|(track, _)| track.is_video)
            .or_else(|| tracks.iter().find(|(track, _)| track.kind == "audio"))
            .map(|(track, _)| track.number)
    }

    /// Ends the last cluster. A recording without a frame to begin at is at least played from its start.
    pub(super) fn finish(&mut self) {
        self.close();
        if let Some(was) = self.cluster_starts.first().filter(|_| self.cues.is_empty()) {
            self.cues.push(Cue { time: 0, offset: 0, was: *was });
        }
    }

    /// Ends the cluster that is being read.
    fn close(&mut self) {
        let Some(open) = self.open.take().filter(|open| open.blocks > 0) else { return };
        if self.cluster_starts.len() >= MAX_CLUSTERS {
            self.too_much = true;
            return;
        }
        self.cluster_starts.push(open.head.start);
        let length = open.end.saturating_sub(open.head.body);
        if open.head.size == Some(length) {
            self.clusters.push_file(open.head.start, open.end.saturating_sub(open.head.start));
            self.clusters_len = self.clusters_len.saturating_add(open.end.saturating_sub(open.head.start));
            return;
        }
        self.sizes_missing = true;
        self.clusters.push_bytes(&write::head(id::CLUSTER, length));
        self.clusters_len = self.clusters_len.saturating_add(write::HEAD).saturating_add(length);
        let mut from = open.head.body;
        // Its checksum was of more than is left.
        if let Some(checksum) = open.checksum.filter(|_| open.head.size.is_some()) {
            self.clusters.push_file(from, checksum.start.saturating_sub(from));
            self.clusters.push_bytes(&[0xec]);
            from = checksum.start.saturating_add(1);
        }
        self.clusters.push_file(from, open.end.saturating_sub(from));
    }

    /// Takes in a child of the open cluster.
    fn child(&mut self, element: Element, end: u64) {
        let block = self.pending.take();
        let Some(open) = &mut self.open else { return };
        if matches!(element.id, id::VOID | id::CRC) && open.head.end().is_some_and(|end| end <= element.start) {
            // Lies behind the cluster: room that an editor left, maybe with what it took out.
            return self.close();
        }
        open.end = end;
        if element.id == id::CRC {
            open.checksum = Some(element);
        }
        let Some(block) = block else { return };
        open.blocks = open.blocks.saturating_add(1);
        let (is_first, was) = (open.blocks == 1, open.head.start);
        self.gather.block(block);
        self.cue(&block, is_first, was);
    }

    /// Puts a block into the index when a player can begin there.
    pub(super) fn cue(&mut self, block: &Block, is_first: bool, was: u64) {
        let is_video = || self.gather.tracks.iter().any(|(track, _)| track.number == block.track && track.is_video);
        if Some(block.track) != self.cue_track() || !(if is_video() { block.key } else { is_first }) {
            return;
        }
        let time = u64::try_from(block.time).unwrap_or(0);
        let gap = CUE_GAP_NS / self.gather.tick_ns();
        if self.cues.last().is_some_and(|last| time < last.time.saturating_add(gap)) {
            return;
        }
        if self.cues.len() >= MAX_CUES {
            let mut keep = false;
            self.cues.retain(|_| {
                keep = !keep;
                keep
            });
        }
        self.cues.push(Cue { time, offset: self.clusters_len, was });
    }

    fn top(&mut self, element: Element) {
        let place = match element.id {
            id::EBML => &mut self.header,
            id::SEEK_HEAD => &mut self.seek_head,
            id::INFO => &mut self.info,
            id::TRACKS => &mut self.tracks,
            id::CUES => &mut self.old_cues,
            id::TAGS | id::CHAPTERS | id::ATTACHMENTS => {
                if self.extras.len() < MAX_EXTRAS {
                    self.extras.push(element);
                }
                return;
            }
            _ => return,
        };
        place.get_or_insert(element);
    }
}

impl Visitor for Plan {
    fn info(&mut self, info: Info) {
        self.gather.info(info);
    }

    fn track(&mut self, track: Track) {
        self.gather.track(track);
    }

    fn block(&mut self, block: Block) {
        // Counts once all of its element has passed by.
        self.pending = Some(block);
    }

    fn opened(&mut self, element: Element) {
        self.close();
        self.pending = None;
        if element.id == id::CLUSTER {
            self.open = Some(Open { head: element, end: element.body, blocks: 0, checksum: None });
        } else {
            self.segment = Some(element);
        }
    }

    fn passed(&mut self, element: Element) {
        let Some(end) = element.end() else { return };
        if element.is_top() {
            self.close();
            self.top(element);
        } else {
            self.child(element, end);
        }
        self.pending = None;
    }
}
