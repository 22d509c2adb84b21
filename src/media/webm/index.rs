//! Whether the index that a file has is one that players can use.

use std::io::{self, Read, Seek};

use super::element::{Element, id};
use super::plan::Plan;
use crate::media::source::{Source, is_malformed};

/// An index of more entries than this is made anew rather than looked at.
const MAX_ENTRIES: usize = 1 << 18;

/// Whether players find the index, all its entries are clusters, and it has all that one of ours would have.
pub(super) fn is_good<R: Read + Seek>(source: &mut Source<R>, plan: &Plan) -> io::Result<bool> {
    match check(source, plan) {
        Err(error) if is_malformed(&error) => Ok(false),
        other => other,
    }
}

/// Whether the index comes before the clusters.
pub(super) fn is_in_front(plan: &Plan) -> bool {
    plan.old_cues.zip(plan.cluster_starts.first()).is_some_and(|(cues, first)| cues.start < *first)
}

fn check<R: Read + Seek>(source: &mut Source<R>, plan: &Plan) -> io::Result<bool> {
    let Some((segment, cues)) = plan.segment.zip(plan.old_cues) else { return Ok(false) };
    // Behind the clusters it serves as well, if the front says where it is.
    if !is_in_front(plan) && !is_announced(source, plan, segment, cues)? {
        return Ok(false);
    }
    let mut entries = Vec::new();
    cues.each(source, |source, point| {
        if point.id == id::CUE_POINT {
            point.each(source, |source, child| entry(source, child, &mut entries))
        } else {
            Ok(())
        }
    })?;
    for entry in &mut entries {
        *entry = segment.body.saturating_add(*entry);
    }
    entries.sort_unstable();
    let are_clusters = entries.iter().all(|entry| plan.cluster_starts.binary_search(entry).is_ok());
    let has_ours = plan.cues.iter().all(|cue| entries.binary_search(&cue.was).is_ok());
    Ok(are_clusters && has_ours && entries.len() < MAX_ENTRIES)
}

fn entry<R: Read + Seek>(source: &mut Source<R>, child: Element, entries: &mut Vec<u64>) -> io::Result<()> {
    if child.id != id::CUE_POSITIONS {
        return Ok(());
    }
    child.each(source, |source, field| {
        if field.id == id::CUE_CLUSTER && entries.len() < MAX_ENTRIES {
            entries.push(field.uint(source)?);
        }
        Ok(())
    })
}

/// Whether the front names the place of the index.
fn is_announced<R: Read + Seek>(
    source: &mut Source<R>,
    plan: &Plan,
    segment: Element,
    cues: Element,
) -> io::Result<bool> {
    let Some(head) = plan.seek_head else { return Ok(false) };
    let mut found = false;
    head.each(source, |source, seek| {
        let (mut target, mut place) = (0, None);
        if seek.id == id::SEEK {
            seek.each(source, |source, field| {
                match field.id {
                    id::SEEK_ID => target = field.uint(source)?,
                    id::SEEK_POSITION => place = segment.body.checked_add(field.uint(source)?),
                    _ => {}
                }
                Ok(())
            })?;
        }
        found |= target == u64::from(id::CUES) && place == Some(cues.start);
        Ok(())
    })?;
    Ok(found)
}
