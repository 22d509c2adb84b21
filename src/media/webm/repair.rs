//! Gives a file of known sizes, with its length and an index in front.
//!
//! Clusters are carried as they are; only their heads are written anew where they lack the size. All numbers that
//! depend on places take eight bytes, so every length is known before a byte is written.

use std::io::{self, Read, Seek};

use super::element::id;
use super::front::{Front, front};
use super::plan::Plan;
use super::{End, LENGTH_SLACK_MS, index, scan, write};
use crate::media::fault::Fault;
use crate::media::repair::{RepairOptions, Repaired};
use crate::media::source::{Source, is_malformed};
use crate::media::splice::Splice;

const TOO_MUCH: &str = "has more clusters than can be looked into; it is carried as it is, and may not seek";

/// How the file is to be carried; `None` = as it is.
pub(in crate::media) fn repair<R: Read + Seek>(
    source: &mut Source<R>,
    options: RepairOptions,
) -> io::Result<Option<Repaired>> {
    let mut plan = Plan::new(source.len());
    let end = scan(source, &mut plan)?;
    plan.finish();
    let Some(length_ms) = plan.gather.length_ms(end).filter(|_| !plan.too_much) else {
        return Ok(plan.too_much.then(|| Repaired::left_alone(source.len(), TOO_MUCH)));
    };
    let Some(parts) = plan.header.zip(plan.tracks) else { return Ok(None) };
    let duration = length_ms * 1e6 / plan.gather.tick_ns() as f64;
    let front = match front(source, &plan, parts, duration, options.keep_metadata) {
        Err(error) if is_malformed(&error) => return Ok(None),
        front => front?,
    };
    let has_index = index::is_good(source, &plan)?;
    let mut faults = faults(&plan, end, length_ms, has_index);
    let mut repairs: Vec<&str> = faults.iter().map(|fault| fault.mended()).collect();
    if !options.keep_metadata {
        repairs.extend(removed(&plan, &front));
        plan.extras.clear();
    }
    let is_late = has_index && !index::is_in_front(&plan);
    faults.extend(is_late.then_some(Fault::LateIndex));
    if repairs.is_empty() {
        // Players find such an index too; that alone is no reason to write the file anew.
        return Ok(is_late.then(|| Repaired::as_it_is(source.len()).lacking(&faults)));
    }
    repairs.extend(is_late.then_some(Fault::LateIndex.mended()));
    let splice = layout(&plan, &front);
    Ok(Some(Repaired { splice, repairs, duration_ms: Some(length_ms), ..Repaired::default() }.lacking(&faults)))
}

/// What players would miss.
fn faults(plan: &Plan, end: End, length_ms: f64, has_index: bool) -> Vec<Fault> {
    let sizes_missing = plan.sizes_missing || plan.segment.is_none_or(|segment| segment.size.is_none());
    let length = match plan.gather.declared_ms() {
        None => (length_ms > 0.0).then_some(Fault::Length),
        Some(declared) => ((declared - length_ms).abs() > LENGTH_SLACK_MS).then_some(Fault::WrongLength),
    };
    let index = match plan.old_cues {
        _ if has_index => None,
        None => Some(Fault::Index),
        Some(_) => Some(Fault::WrongIndex),
    };
    [
        sizes_missing.then_some(Fault::Sizes),
        length,
        index,
        end.damaged.then_some(Fault::Damage),
        end.cut.then_some(Fault::Cut),
        end.more.then_some(Fault::Second),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is left out for its maker's sake. Browsers show neither chapters nor attachments, whose names tell as much as
/// tags do.
fn removed(plan: &Plan, front: &Front) -> impl Iterator<Item = &'static str> {
    let has = |id| plan.extras.iter().any(|element| element.id == id);
    let words = [
        (front.private || has(id::TAGS), "tags removed"),
        (has(id::CHAPTERS), "chapters removed"),
        (has(id::ATTACHMENTS), "attachments removed"),
    ];
    words.into_iter().filter_map(|(is_so, words)| is_so.then_some(words))
}

/// Bytes that an entry of the front's table of places takes.
const SEEK: u64 = 21;

/// Puts everything in its place: table of places, info, tracks, index, clusters, and what is for later.
pub(super) fn layout(plan: &Plan, front: &Front) -> Splice {
    let mut extras: Vec<(u32, u64, u64)> = Vec::new();
    for element in &plan.extras {
        extras.push((element.id, element.start, element.end().unwrap_or(element.start).saturating_sub(element.start)));
    }
    let table = write::HEAD + SEEK * (3 + extras.len() as u64);
    let tracks_at = table + front.info.len();
    let cues_at = tracks_at + front.tracks.len();
    // Their length does not depend on where the clusters lie.
    let clusters_at = cues_at + cues(plan, 0).len() as u64;
    let mut at = clusters_at.saturating_add(plan.clusters_len);

    let mut places = vec![(id::INFO, table), (id::TRACKS, tracks_at), (id::CUES, cues_at)];
    for (id, _, length) in &extras {
        places.push((*id, at));
        at = at.saturating_add(*length);
    }
    let mut whole = front.header.clone();
    whole.push_bytes(&write::head(id::SEGMENT, at));
    whole.push_bytes(&write::head(id::SEEK_HEAD, table - write::HEAD));
    for (id, at) in places {
        let fields = [write::small(id::SEEK_ID, &id.to_be_bytes()), write::uint(id::SEEK_POSITION, at)].concat();
        whole.push_bytes(&write::small(id::SEEK, &fields));
    }
    whole.append(&front.info);
    whole.append(&front.tracks);
    whole.push_bytes(&cues(plan, clusters_at));
    whole.append(&plan.clusters);
    for (_, start, length) in extras {
        whole.push_file(start, length);
    }
    whole
}

/// The index, for clusters that begin at a place in the segment.
fn cues(plan: &Plan, clusters_at: u64) -> Vec<u8> {
    let track = write::uint(id::CUE_TRACK, plan.cue_track().unwrap_or_default());
    let mut body = Vec::new();
    for cue in &plan.cues {
        let cluster = write::uint(id::CUE_CLUSTER, clusters_at.saturating_add(cue.offset));
        let positions = write::small(id::CUE_POSITIONS, &[track.as_slice(), &cluster].concat());
        let time = write::uint(id::CUE_TIME, cue.time);
        body.extend_from_slice(&write::small(id::CUE_POINT, &[time, positions].concat()));
    }
    [write::head(id::CUES, body.len() as u64), body].concat()
}

#[cfg(test)]
mod tests;
