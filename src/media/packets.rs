//! Sound packet by packet, whatever kind of file it comes in, and where it stands beside a picture.

use super::silence::Silent;

/// Packets of a file: a day of the shortest that recorders write.
const MAX_PACKETS: usize = 4 << 20;
/// How far a packet's own time may be off from where the one before ends, as a part of a second. Recorders stamp
/// packets by a clock that trembles; what is longer than this is a pause.
const SLACK: u32 = 100;

/// A packet, and where it lies in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packet {
    pub(super) offset: u64,
    /// Bytes.
    pub(super) size: u32,
    /// Units of the sound's clock until the next one begins.
    pub(super) duration: u32,
}

/// What says how the packets are decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Codec {
    /// A sample entry of MP4, all its bytes.
    Entry(Vec<u8>),
    /// The head of an Opus stream, as `WebM` and Ogg have it.
    Opus(Vec<u8>),
}

/// The sound of a file. Times are units of its clock.
#[derive(Clone, Debug)]
pub(super) struct Packets {
    pub(super) codec: Codec,
    /// Units a second.
    pub(super) rate: u32,
    pub(super) list: Vec<Packet>,
    /// When the first packet begins, on the time of the file; below zero for what nobody is to hear.
    pub(super) start: i64,
    /// How much from there on is not to be heard.
    pub(super) skipped: u64,
    /// How much is to be heard then; all unless given.
    pub(super) heard: Option<u64>,
    /// Sum of the lengths.
    length: u64,
    /// Bytes of all packets.
    bytes: u64,
    /// How many of the first packets are silent and lie in no file, but in these bytes.
    pub(super) silent: (usize, Vec<u8>),
}

/// Where sound stands beside a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    /// Where in the packets it begins with the picture, in units of the sound's clock.
    pub(super) from: u64,
    /// Units of the movie's clock that are heard.
    pub(super) length: u64,
    /// Milliseconds that lie before the picture.
    pub(super) lost_ms: f64,
}

impl Packets {
    /// Without a packet yet.
    pub(super) const fn new(codec: Codec, rate: u32) -> Self {
        Self {
            codec,
            rate,
            list: Vec::new(),
            start: 0,
            skipped: 0,
            heard: None,
            length: 0,
            bytes: 0,
            silent: (0, Vec::new()),
        }
    }

    /// Adds a packet out of a file of so many bytes; `None` for one that cannot be, or is one too many.
    pub(super) fn push(&mut self, packet: Packet, all: u64) -> Option<()> {
        let size = u64::from(packet.size);
        packet.offset.checked_add(size).filter(|end| size > 0 && *end <= all)?;
        // All together are no more than the file, unless some overlap.
        self.bytes = self.bytes.checked_add(size).filter(|bytes| *bytes <= all)?;
        self.length = self.length.checked_add(packet.duration.into())?;
        if self.list.len() == MAX_PACKETS {
            return None;
        }
        self.list.push(packet);
        Some(())
    }

    /// Says when the next packet begins by its own word. Where that is not just a trembling clock, the one before
    /// lasts until then.
    pub(super) fn begin_at(&mut self, time: i64) -> Option<()> {
        let Some(last) = self.list.last_mut() else {
            self.start = time;
            return Some(());
        };
        let off = time.checked_sub(self.start)?.checked_sub_unsigned(self.length)?;
        if off.unsigned_abs() <= u64::from(self.rate / SLACK) {
            return Some(());
        }
        let duration = u32::try_from(i64::from(last.duration).checked_add(off)?.max(1)).ok()?;
        self.length = self.length.checked_sub(last.duration.into())?.checked_add(duration.into())?;
        last.duration = duration;
        Some(())
    }

    /// Sum of the packets' lengths.
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// Bytes of all packets.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Puts the sound so many ms later beside a picture whose movie has so many units a second: lets go of what lies
    /// before the picture, or begins with silence, of which there are packets of these lengths. `None` when nothing would
    /// be heard, or the silence cannot be made.
    pub(super) fn place(&mut self, later_ms: f64, units: u32, silence: &[Silent]) -> Option<Place> {
        // Casts stop at the ends of the range.
        let later = (later_ms * f64::from(self.rate) / 1e3).round() as i64;
        let heard_at = self.start.checked_add(later)?.checked_add_unsigned(self.skipped)?;
        let end = self
            .heard
            .and_then(|heard| self.skipped.checked_add(heard))
            .map_or(self.length, |end| end.min(self.length));
        let (from, end) = match u64::try_from(heard_at) {
            Err(_) => self.drop_before(self.skipped.checked_add(heard_at.unsigned_abs())?, end, 0),
            Ok(0) => (self.skipped, end),
            Ok(pause) => {
                // What is not to be heard at the start will be, so only what warms the decoder up stays of it.
                let (skipped, end) = self.drop_before(self.skipped, end, 1);
                let before = self.wait(pause, silence)?;
                (skipped + (before - pause), end.checked_add(before)?)
            }
        };
        let length = end.checked_sub(from).filter(|length| *length > 0)?;
        let lost_ms = heard_at.min(0).unsigned_abs() as f64 * 1e3 / f64::from(self.rate);
        Some(Place { from, length: scaled(length, units, self.rate)?, lost_ms })
    }

    /// Begins with silence that is no shorter than a pause, and as little longer as can be; returns its length.
    fn wait(&mut self, pause: u64, silence: &[Silent]) -> Option<u64> {
        let (mut lead, mut length) = (Vec::new(), 0);
        for (number, (bytes, duration)) in silence.iter().enumerate() {
            let is_last = number + 1 == silence.len();
            let (size, duration) = (u32::try_from(bytes.len()).ok()?, *duration);
            let packet = Packet { offset: self.silent.1.len() as u64, size, duration };
            let whole = (pause - length) / u64::from(duration);
            let count = whole + u64::from(is_last && length + whole * u64::from(duration) < pause);
            let room = MAX_PACKETS.saturating_sub(self.list.len() + lead.len());
            lead.resize(lead.len() + usize::try_from(count).ok().filter(|count| *count <= room)?, packet);
            length += count * u64::from(duration);
            self.bytes += count * u64::from(size);
            self.silent.1.extend_from_slice(bytes);
            if length >= pause {
                break;
            }
        }
        self.silent.0 = lead.len();
        self.length = self.length.checked_add(length)?;
        self.list.splice(..0, lead);
        (length >= pause).then_some(length)
    }

    /// Lets go of the packets before the one that `from` lies in, but for some, and moves that and another place. They
    /// would only warm the decoder up, and after a jump Chromium counts them as heard: all would come so much too late.
    fn drop_before(&mut self, mut from: u64, mut end: u64, but: usize) -> (u64, u64) {
        let mut before = 0;
        let ends = self.list.iter().map_while(|packet| {
            before += u64::from(packet.duration);
            (before <= from).then_some(())
        });
        let gone = ends.count().saturating_sub(but);
        for packet in self.list.drain(..gone) {
            let duration = u64::from(packet.duration);
            from -= duration;
            end = end.saturating_sub(duration);
            self.length -= duration;
            self.bytes -= u64::from(packet.size);
        }
        (from, end)
    }
}

/// A sample entry of sound in MP4, with a box that says how to decode it.
pub(super) fn entry(kind: [u8; 4], channels: u8, rate: u32, config: ([u8; 4], &[u8])) -> Option<Vec<u8>> {
    let size = |body: usize| Some(u32::try_from(body.checked_add(8)?).ok()?.to_be_bytes());
    // A rate that does not fit is said where the codec is.
    let rate = u16::try_from(rate).unwrap_or(0).to_be_bytes();
    let fixed = [&[0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, channels, 0, 16, 0, 0, 0, 0], &rate[..], &[0; 2]];
    let fixed = fixed.concat();
    let inner = [&size(config.1.len())?[..], &config.0, config.1].concat();
    Some([&size(fixed.len() + inner.len())?[..], &kind, &fixed, &inner].concat())
}

/// Units of one clock in those of another, the last one whole.
pub(super) fn scaled(units: u64, to: u32, from: u32) -> Option<u64> {
    u64::try_from((u128::from(units) * u128::from(to)).div_ceil(u128::from(from))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packets of Opus, and one that is longer than half of what is still missing.
    const SILENCE: [(&[u8], u32); 2] = [(b"long", 960), (b"s", 120)];

    fn place(packets: &mut Packets, later_ms: f64, units: u32) -> Option<Place> {
        packets.place(later_ms, units, &SILENCE.map(|(bytes, duration)| (bytes.to_vec(), duration)))
    }

    fn packets(count: u64, start: i64, skipped: u64) -> Packets {
        let mut packets = Packets { start, skipped, ..Packets::new(Codec::Entry(Vec::new()), 48_000) };
        for at in 0..count {
            packets.push(Packet { offset: at, size: 1, duration: 960 }, 1_000).unwrap();
        }
        packets
    }

    #[test]
    fn sound_stands_where_it_shall_to_the_sample() {
        // A second of Opus with its delay.
        let at = |later, units| place(&mut packets(50, -312, 312), later, units).unwrap();
        assert_eq!(at(0.0, 1_000), Place { from: 312, length: 994, lost_ms: 0.0 });
        assert_eq!(at(700.0, 1_000), Place { from: 312, length: 1_694, lost_ms: 0.0 });
        // A tenth of a millisecond is 4.8 samples; silence comes in packets of 120.
        assert_eq!(at(700.1, 48_000), Place { from: 312 + 115, length: 33_605 + 47_688, lost_ms: 0.0 });
    }

    #[test]
    fn silence_comes_before_what_begins_later() {
        let mut late = packets(50, -312, 312);
        place(&mut late, 60.1, 1_000).unwrap();
        let packet = |offset, size, duration| Packet { offset, size, duration };
        let front = [packet(0, 4, 960), packet(0, 4, 960), packet(0, 4, 960), packet(4, 1, 120), packet(0, 1, 960)];
        assert_eq!((&late.list[..5], late.list.len()), (&front[..], 54));
        assert_eq!((late.silent, late.bytes, late.length), ((4, b"longs".to_vec()), 50 + 13, 50 * 960 + 3_000));
        assert_eq!(packets(50, 0, 0).place(1.0, 1_000, &[]), None, "nobody knows how to be silent");
        assert_eq!(packets(50, 0, 0).place(0.0, 1_000, &[]).unwrap().length, 1_000);
        assert_eq!(place(&mut packets(50, 0, 0), 1e9, 1_000), None, "too many");
        // Of what was cut off only the packet stays that warms the decoder up.
        let mut cut = packets(50, -4_801, 4_801);
        assert_eq!(place(&mut cut, 20.0, 1_000).unwrap().from, 960 + 1);
        assert_eq!((cut.list.len(), cut.list[1].offset, cut.length), (47, 4, 47 * 960));
    }

    #[test]
    fn what_lies_before_the_picture_goes() {
        let mut early = packets(50, -312, 312);
        let place = place(&mut early, -500.0, 1_000).unwrap();
        // 24,312 samples in, of 960 each.
        assert_eq!((early.list.len(), early.list[0].offset), (25, 25));
        assert_eq!((place.from, place.lost_ms), (24_312 - 25 * 960, 500.0));
        assert_eq!(early.length() - place.from, 48_000 - 24_312);
        assert_eq!(packets(50, 0, 0).place(-1_000.0, 1_000, &[]), None);
    }

    #[test]
    fn what_is_not_to_be_heard_at_the_end_is_not() {
        let mut packets = packets(50, 0, 312);
        packets.heard = Some(40_000);
        assert_eq!(place(&mut packets, 0.0, 48_000).unwrap().length, 312 + 40_000);
    }

    #[test]
    fn a_pause_is_kept_and_a_trembling_clock_is_not() {
        let mut packets = packets(2, 0, 0);
        packets.begin_at(1_920 + 480).unwrap();
        assert_eq!(packets.length(), 1_920);
        packets.begin_at(1_920 + 481).unwrap();
        assert_eq!((packets.length(), packets.list[1].duration), (1_920 + 481, 960 + 481));
        packets.begin_at(-5_000).unwrap();
        assert_eq!(packets.list[1].duration, 1);
        assert!(packets.begin_at(i64::MAX).is_none());
    }

    #[test]
    fn packets_beyond_the_file_or_twice_in_it_are_refused() {
        let mut packets = packets(0, 0, 0);
        let packet = |offset, size| Packet { offset, size, duration: 1 };
        assert!(packets.push(packet(90, 11), 100).is_none());
        assert!(packets.push(packet(90, 0), 100).is_none());
        packets.push(packet(0, 60), 100).unwrap();
        assert!(packets.push(packet(0, 60), 100).is_none());
    }
}
