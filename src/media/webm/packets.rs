//! The packets of Opus in a `WebM` or Matroska file.

use std::io::{self, Read, Seek};

use super::element::{Element, id};
use super::join::{Deck, Found};
use crate::media::opus;
use crate::media::packets::{Codec, Packet, Packets};
use crate::media::source::{Source, is_malformed};

/// The packets of the first track of sound; `None` for other sound than Opus, and what is stored in an unusual way.
pub(in crate::media) fn packets<R: Read + Seek>(source: &mut Source<R>) -> io::Result<Option<Packets>> {
    let mut deck = Deck::begin(source)?;
    let tick_ns = deck.seen.tick_ns();
    let track = deck.seen.list.iter().find(|track| track.kind == "audio");
    let Some(track) = track.filter(|track| track.codec.trim_ascii_end() == b"A_OPUS" && !track.is_encoded) else {
        return Ok(None);
    };
    let (number, delay) = (track.number, units(track.delay_ns.into()));
    let Some(skipped) = opus::skipped(&track.private) else { return Ok(None) };
    let mut packets = Packets::new(Codec::Opus(track.private.clone()), opus::RATE);
    packets.skipped = skipped.into();
    let mut last = None;
    deck.source.go(deck.at)?;
    while let Some(found) = deck.next()? {
        let Found::Block(block, element) = found else { continue };
        if block.track != number {
            continue;
        }
        let (from, to) = block.payload;
        deck.source.go(from)?;
        let begin = deck.source.head(to.saturating_sub(from), 2)?;
        deck.source.go(element.known_end()?)?;
        let time = delay.zip(units(i128::from(block.time) * i128::from(tick_ns)));
        let size = u32::try_from(to.saturating_sub(from)).ok();
        // Several packets in one block: nobody records so.
        let plain = size.zip(opus::duration(&begin)).filter(|_| block.frames == 1);
        let Some(((delay, time), (size, duration))) = time.zip(plain) else { return Ok(None) };
        let packet = Packet { offset: from, size, duration };
        let put = time.checked_sub(delay).and_then(|time| packets.begin_at(time));
        if put.and_then(|()| packets.push(packet, deck.source.len())).is_none() {
            return Ok(None);
        }
        last = Some(element);
    }
    if let Some(element) = last.filter(|element| element.id == id::BLOCK_GROUP) {
        let padding = padding(deck.source, element)?;
        packets.heard = packets.length().checked_sub(padding.saturating_add(packets.skipped));
    }
    Ok(Some(packets).filter(|packets| !packets.list.is_empty()))
}

/// Nanoseconds as units of Opus, to the nearest.
fn units(ns: i128) -> Option<i64> {
    i64::try_from((ns.checked_mul(opus::RATE.into())? + 500_000_000).div_euclid(1_000_000_000)).ok()
}

/// How many units at the end of a block are not to be heard.
fn padding<R: Read + Seek>(source: &mut Source<R>, group: Element) -> io::Result<u64> {
    let mut ns = 0;
    let told = group.each(source, |source, child| {
        if child.id == id::DISCARD_PADDING {
            ns = child.uint(source)?;
        }
        Ok(())
    });
    match told {
        Err(error) if !is_malformed(&error) => Err(error),
        // It may be of fewer bytes than a number of its sign; what is too long for a block is none.
        _ => {
            Ok(units(ns.into()).and_then(|units| u64::try_from(units).ok()).filter(|units| *units < 5_760).unwrap_or(0))
        }
    }
}
