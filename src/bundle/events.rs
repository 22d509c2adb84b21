//! Events as they come out of the sink, into log parts.

use super::{Body, PartKind, Parts};
use crate::blocks::{Blocks, FinishedStream, StreamWriter};
use crate::error::Error;
use crate::event::Stream;
use crate::manifest::{Manifest, OrderPart, StreamParts};
use crate::marks::Marker;
use crate::redact::Redactor;
use crate::signs::{Clicks, Sign};
use crate::sink::{Sink, Stored};

/// Writes all events into log parts, in the order of time; gives back what redacts.
pub(super) fn write(
    sink: Sink,
    zero: f64,
    span: Option<(f64, f64)>,
    manifest: &mut Manifest,
    parts: &mut Parts,
) -> Result<Option<Box<Redactor>>, Error> {
    let (is_empty, mut merge) = (sink.is_empty(), sink.merge(zero)?);
    if is_empty {
        return Ok(merge.into_redactor());
    }
    let mut writers: [Option<StreamWriter>; 4] = Default::default();
    let expected = merge.bytes();
    let mut order = Blocks::new(0)?;
    let mut marker = Marker::new(span.unwrap_or((0.0, 0.0)));
    let mut rows = [0_u64; 4];
    let mut clicks = Clicks::default();
    let mut write = |(event, sign): (Stored, Option<Sign>)| {
        let number = usize::from(event.stream.number());
        let writer = match &mut writers[number] {
            Some(writer) => writer,
            empty => empty.insert(StreamWriter::new(event.stream, expected[number])?),
        };
        writer.push(&event, sign)
    };
    for event in &mut merge {
        let event = event?;
        let row = &mut rows[usize::from(event.stream.number())];
        order.append(&[event.stream.number()])?;
        marker.note(&event, *row);
        *row += 1;
        clicks.push(event);
        clicks.by_ref().try_for_each(&mut write)?;
    }
    clicks.end();
    clicks.try_for_each(write)?;
    let count = rows.iter().sum();
    if count == 0 {
        return Ok(merge.into_redactor());
    }
    let mut logs = Vec::new();
    for (stream, writer) in Stream::ALL.into_iter().zip(writers) {
        let Some(writer) = writer else { continue };
        let facts = StreamParts {
            count: writer.count,
            failed: writer.failed,
            classes: writer.totals.clone(),
            same: writer.same,
            ..StreamParts::default()
        };
        let FinishedStream { index, rows, details } = writer.finish()?;
        let index = parts.add(PartKind::Index, "application/json", index.len() as u64, Body::Bytes(index));
        logs.push((stream, StreamParts { index, ..facts }, rows, details));
    }
    let (file, length, blocks) = order.finish()?;
    manifest.order = Some(OrderPart { part: parts.log((file, length)), count, blocks });
    // Rows of all streams before the details of any: a page read as it arrives shows its lists first.
    let mut rest = Vec::new();
    for (stream, mut facts, rows, details) in logs {
        facts.rows = parts.log(rows);
        rest.push((stream, facts, details));
    }
    for (stream, mut facts, details) in rest {
        facts.details = parts.log(details);
        *manifest.streams.of(stream) = Some(facts);
    }
    (manifest.failures, manifest.marks) = marker.finish();
    Ok(merge.into_redactor())
}
