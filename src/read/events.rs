//! The events of a share, in the order of time.

use std::io::Read as _;

use flate2::read::DeflateDecoder;
use serde::Deserialize as _;

use super::{Opened, damaged};
use crate::blocks::BLOCK_BYTES;
use crate::error::Error;
use crate::event::Stream;
use crate::manifest::{BlockRef, StreamIndex, StreamParts};

/// Detail blocks kept unpacked while events are read in order.
const CACHE_BLOCKS: usize = 16;

/// Unpacks one block, up to its declared length; less is damage.
fn unpack(opened: &Opened, part: u32, block: BlockRef) -> Result<Vec<u8>, Error> {
    let [offset, length, raw] = block;
    if raw > BLOCK_BYTES as u64 {
        return Err(damaged(&format!("part {part} has a block of more than {BLOCK_BYTES} bytes")));
    }
    let packed = opened.read(part, offset, length)?;
    let mut bytes = Vec::new();
    DeflateDecoder::new(&packed[..])
        .take(raw)
        .read_to_end(&mut bytes)
        .map_err(|_| damaged(&format!("part {part} has a block that cannot be unpacked")))?;
    if bytes.len() as u64 == raw { Ok(bytes) } else { Err(damaged(&format!("part {part} has a short block"))) }
}

pub(super) fn unpack_all(opened: &Opened, part: u32, blocks: &[BlockRef]) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    for block in blocks {
        bytes.extend(unpack(opened, part, *block)?);
    }
    Ok(bytes)
}

/// All events of a share in the order of time.
#[derive(Debug)]
pub struct Events<'o> {
    pub(super) order: Vec<u8>,
    pub(super) next: usize,
    pub(super) streams: Vec<Option<StreamReader<'o>>>,
}

/// An event of a share.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReadEvent {
    /// The stream.
    pub stream: Stream,
    /// Number in its stream, from 0.
    pub row_number: u64,
    /// The row as the list shows it.
    pub row: serde_json::Value,
    /// The source's own record.
    pub detail: serde_json::Value,
}

/// Gives an error when a block is damaged, or the run was interrupted.
impl Iterator for Events<'_> {
    type Item = Result<ReadEvent, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().transpose()
    }
}

impl Events<'_> {
    fn advance(&mut self) -> Result<Option<ReadEvent>, Error> {
        crate::interrupt::check()?;
        let Some(number) = self.order.get(self.next) else { return Ok(None) };
        self.next += 1;
        let stream = Stream::ALL.get(usize::from(*number)).copied();
        let reader = self.streams.get_mut(usize::from(*number)).and_then(Option::as_mut);
        let (Some(stream), Some(reader)) = (stream, reader) else {
            return Err(damaged("its order names a stream it has not"));
        };
        let (row_number, row, detail) = reader.next()?;
        Ok(Some(ReadEvent { stream, row_number, row, detail }))
    }
}

/// Reads the rows and details of one stream in order.
#[derive(Debug)]
pub(super) struct StreamReader<'o> {
    opened: &'o Opened,
    parts: StreamParts,
    row_blocks: Vec<BlockRef>,
    detail_blocks: Vec<BlockRef>,
    /// Raw offset of each detail block.
    starts: Vec<u64>,
    block: usize,
    rows: std::vec::IntoIter<serde_json::Value>,
    count: u64,
    cache: Vec<(usize, Vec<u8>)>,
}

impl<'o> StreamReader<'o> {
    pub(super) fn new(opened: &'o Opened, parts: StreamParts) -> Result<Self, Error> {
        let bytes = opened.read(parts.index, 0, opened.length(parts.index)?)?;
        let index: StreamIndex = serde_json::from_slice(&bytes).map_err(|_| damaged("an index is not readable"))?;
        let number =
            |entry: &Vec<serde_json::Value>, place: usize| entry.get(place).and_then(serde_json::Value::as_u64);
        let row_blocks = index.rows.iter().map(|entry| Some([number(entry, 0)?, number(entry, 1)?, number(entry, 2)?]));
        let row_blocks = row_blocks.collect::<Option<_>>().ok_or_else(|| damaged("an index is not readable"))?;
        let starts = index.details.iter().scan(0_u64, |total, block| {
            let start = *total;
            *total = total.saturating_add(block[2]);
            Some(start)
        });
        let starts = starts.collect();
        let detail_blocks = index.details;
        Ok(Self {
            opened,
            parts,
            row_blocks,
            detail_blocks,
            starts,
            block: 0,
            rows: Vec::new().into_iter(),
            count: 0,
            cache: Vec::new(),
        })
    }

    fn next(&mut self) -> Result<(u64, serde_json::Value, serde_json::Value), Error> {
        let row = loop {
            if let Some(row) = self.rows.next() {
                break row;
            }
            let block =
                self.row_blocks.get(self.block).ok_or_else(|| damaged("it has fewer rows than its order says"))?;
            let bytes = unpack(self.opened, self.parts.rows, *block)?;
            let rows: Result<Vec<_>, _> = serde_json::Deserializer::from_slice(&bytes).into_iter().collect();
            self.rows = rows.map_err(|_| damaged("a row is not readable"))?.into_iter();
            self.block += 1;
        };
        let place = row.get("detail").and_then(|place| <(u64, u64)>::deserialize(place).ok());
        let detail = match place {
            Some((offset, length)) => serde_json::from_slice(&self.detail(offset, length)?)
                .map_err(|_| damaged("a detail is not readable"))?,
            None => serde_json::Value::Null,
        };
        self.count += 1;
        Ok((self.count - 1, row, detail))
    }

    /// A detail by its raw place; it may span several blocks.
    fn detail(&mut self, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        let mut position = offset;
        while position < offset.saturating_add(length) {
            let block = self.starts.partition_point(|start| *start <= position).saturating_sub(1);
            let start = self.starts.get(block).copied().unwrap_or(0);
            let left = offset.saturating_add(length) - position;
            let raw = self.cached(block)?;
            let from = usize::try_from(position - start).unwrap_or(usize::MAX);
            let slice = raw
                .get(from..)
                .filter(|slice| !slice.is_empty())
                .ok_or_else(|| damaged("a detail reaches past its part"))?;
            let slice = &slice[..slice.len().min(usize::try_from(left).unwrap_or(usize::MAX))];
            bytes.extend_from_slice(slice);
            position += slice.len() as u64;
        }
        Ok(bytes)
    }

    fn cached(&mut self, block: usize) -> Result<&[u8], Error> {
        if let Some(place) = self.cache.iter().position(|(held, _)| *held == block) {
            return Ok(&self.cache[place].1);
        }
        let entry = self.detail_blocks.get(block).ok_or_else(|| damaged("a detail lies outside its part"))?;
        let raw = unpack(self.opened, self.parts.details, *entry)?;
        if self.cache.len() >= CACHE_BLOCKS {
            self.cache.remove(0);
        }
        self.cache.push((block, raw));
        Ok(&self.cache[self.cache.len() - 1].1)
    }
}
