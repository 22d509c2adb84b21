//! Where the bytes of a share's parts lie: in the page, beside it, or in an archive.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::rc::Rc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::beside::{Beside, read_at};
use super::damaged;
use super::pieces::Pieces;
use super::scan::DataBlock;
use crate::error::Error;
use crate::layout::DATA_BLOCK_BYTES;

/// The carriers of all parts, as they are carried: of a sealed share, sealed.
#[derive(Debug)]
pub(super) struct Carriers {
    pub(super) page: PathBuf,
    pub(super) file: File,
    pub(super) blocks: HashMap<u32, Vec<DataBlock>>,
    pub(super) beside: Beside,
    /// Id, length and CRC-32 of every part.
    pub(super) end: Vec<(u32, u64, u32)>,
    /// Files of the parts that are files.
    pub(super) files: HashMap<u32, Pieces>,
    /// The data block last decoded, by part and number.
    pub(super) last: RefCell<Option<Decoded>>,
}

/// A data block's part, number and bytes.
type Decoded = (u32, usize, Rc<[u8]>);

impl Carriers {
    /// Whether a part's carrier holds as many bytes as the end block says, no more and no fewer.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it does not.
    pub(super) fn check(&self, part: u32) -> Result<(), Error> {
        let same = |name: &str, held, length| {
            if held == length { Ok(()) } else { Err(damaged(&format!("{name} has {held} bytes instead of {length}"))) }
        };
        match self.files.get(&part) {
            Some(pieces) => {
                pieces.iter().try_for_each(|piece| same(&piece.name, self.beside.length(&piece.name)?, piece.length))
            }
            None => same(&format!("part {part}"), self.inline_length(part)?, self.length(part)?),
        }
    }

    fn inline_length(&self, part: u32) -> Result<u64, Error> {
        let blocks = self.blocks.get(&part).map_or(&[][..], Vec::as_slice);
        let last = blocks.last().ok_or_else(|| damaged(&format!("part {part} is missing")))?;
        let raw = self.decode(part, blocks.len() - 1, *last)?;
        let full = DATA_BLOCK_BYTES as u64;
        let whole = blocks.iter().rev().skip(1).all(|block| block.length == full / 3 * 4);
        if !whole || raw.len() as u64 > full {
            return Err(damaged(&format!("part {part} has a data block of another size")));
        }
        Ok((blocks.len() as u64 - 1) * full + raw.len() as u64)
    }

    /// Length of a part in bytes.
    ///
    /// # Errors
    /// When there is no such part.
    pub(super) fn length(&self, part: u32) -> Result<u64, Error> {
        let entry = self.end.iter().find(|entry| entry.0 == part);
        entry.map(|entry| entry.1).ok_or_else(|| damaged(&format!("part {part} is missing")))
    }

    /// Reads a stretch of a part.
    ///
    /// # Errors
    /// When it reaches past the part, or the file cannot be read.
    pub(super) fn read(&self, part: u32, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
        let whole = self.length(part)?;
        if offset.checked_add(length).is_none_or(|end| end > whole) {
            return Err(damaged(&format!("part {part} is shorter than the index says")));
        }
        let Some(pieces) = self.files.get(&part) else { return self.read_inline(part, offset, length) };
        let mut bytes = Vec::new();
        for (piece, offset, length) in pieces.stretches(offset, length) {
            bytes.append(&mut self.beside.read(&piece.name, offset, length)?);
        }
        Ok(bytes)
    }

    /// Decodes a data block, or gives the one decoded last again.
    fn decode(&self, part: u32, number: usize, block: DataBlock) -> Result<Rc<[u8]>, Error> {
        if let Some((held_part, held, raw)) = &*self.last.borrow()
            && (*held_part, *held) == (part, number)
        {
            return Ok(Rc::clone(raw));
        }
        let text =
            read_at(&mut &self.file, block.offset, block.length).map_err(Error::io("cannot read", &self.page))?;
        let raw = BASE64_STANDARD.decode(text);
        let raw: Rc<[u8]> = raw.map_err(|_| damaged(&format!("part {part} has a damaged data block")))?.into();
        *self.last.borrow_mut() = Some((part, number, Rc::clone(&raw)));
        Ok(raw)
    }

    fn read_inline(&self, part: u32, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
        let blocks = self.blocks.get(&part).map_or(&[][..], Vec::as_slice);
        let size = DATA_BLOCK_BYTES as u64;
        let mut bytes = Vec::new();
        let mut position = offset;
        while position < offset + length {
            let block = usize::try_from(position / size).ok().and_then(|place| blocks.get(place));
            let block = block.ok_or_else(|| damaged(&format!("part {part} lacks a data block")))?;
            let raw = self.decode(part, usize::try_from(position / size).unwrap_or(usize::MAX), *block)?;
            let from = usize::try_from(position % size).unwrap_or(usize::MAX);
            let wanted = usize::try_from(offset + length - position).unwrap_or(usize::MAX);
            let slice = raw.get(from..).filter(|slice| !slice.is_empty());
            let slice = slice.ok_or_else(|| damaged(&format!("part {part} has a short data block")))?;
            let slice = &slice[..slice.len().min(wanted)];
            bytes.extend_from_slice(slice);
            position += slice.len() as u64;
        }
        Ok(bytes)
    }
}

/// A part as it is carried, for readers that seek.
#[derive(Debug)]
pub(super) struct Carried {
    carriers: Rc<Carriers>,
    part: u32,
    length: u64,
    position: u64,
}

impl Carried {
    pub(super) fn new(carriers: &Rc<Carriers>, part: u32) -> Result<Self, Error> {
        let length = carriers.length(part)?;
        Ok(Self { carriers: Rc::clone(carriers), part, length, position: 0 })
    }
}

impl Read for Carried {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let wanted = (self.length.saturating_sub(self.position)).min(into.len() as u64);
        let bytes = self.carriers.read(self.part, self.position, wanted).map_err(io::Error::other)?;
        into[..bytes.len()].copy_from_slice(&bytes);
        self.position += bytes.len() as u64;
        Ok(bytes.len())
    }
}

impl Seek for Carried {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
