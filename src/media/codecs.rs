//! Codec strings as `canPlayType` and `MediaSource` want them, out of the decoders' configuration records.

use std::fmt::Write as _;

/// `avc1.PPCCLL` from an `avcC` record.
pub(super) fn avc(config: &[u8]) -> Option<String> {
    match config {
        [1, profile, constraints, level, ..] => Some(format!("avc1.{profile:02x}{constraints:02x}{level:02x}")),
        _ => None,
    }
}

/// `avc1.PPCCLL` from a stream of NAL units with start codes, as Chromium's recorder writes without a configuration.
pub(super) fn avc_annex_b(stream: &[u8]) -> Option<String> {
    stream.windows(7).find_map(|window| match window {
        [0, 0, 1, nal, profile, constraints, level] if nal & 0x1f == 7 => {
            Some(format!("avc1.{profile:02x}{constraints:02x}{level:02x}"))
        }
        _ => None,
    })
}

/// `hvc1.…` or `hev1.…` from an `hvcC` record (ISO/IEC 14496-15, annex E).
pub(super) fn hevc(name: &str, config: &[u8]) -> Option<String> {
    let config = config.first_chunk::<13>()?;
    let space = ["", "A", "B", "C"][usize::from(config[1] >> 6)];
    let tier = if config[1] & 0x20 == 0 { 'L' } else { 'H' };
    let compatible = u32::from_be_bytes([config[2], config[3], config[4], config[5]]).reverse_bits();
    let mut text = format!("{name}.{space}{}.{compatible:X}.{tier}{}", config[1] & 0x1f, config[12]);
    let constraints = &config[6..12];
    let used = constraints.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    for byte in &constraints[..used] {
        // Writing to a string cannot fail.
        let _ = write!(text, ".{byte:X}");
    }
    Some(text)
}

/// `vp09.PP.LL.DD` from the payload of a `vpcC` box, after its version and flags.
pub(super) fn vp9(config: &[u8]) -> Option<String> {
    match config {
        // Chromium's recorder leaves the level at 0, which `canPlayType` refuses; every decoder takes level 1.
        [profile @ 0..=3, level, depth, ..] => vp9_text(*profile, if *level == 0 { 10 } else { *level }, depth >> 4),
        _ => None,
    }
}

/// `vp09.PP.LL.DD` from the features that Matroska keeps in `CodecPrivate`: id, length, value.
pub(super) fn vp9_features(mut features: &[u8]) -> Option<String> {
    let (mut profile, mut level, mut depth) = (None, None, None);
    while let [id, 1, value, rest @ ..] = features {
        match id {
            1 => profile = Some(*value),
            2 => level = Some(*value),
            3 => depth = Some(*value),
            _ => {}
        }
        features = rest;
    }
    vp9_text(profile?, level?, depth?)
}

fn vp9_text(profile: u8, level: u8, depth: u8) -> Option<String> {
    matches!(depth, 8 | 10 | 12).then(|| format!("vp09.{profile:02}.{level:02}.{depth:02}"))
}

/// What to say of AV1 without a configuration: what every decoder takes.
pub(super) const AV1: &str = "av01.0.04M.08";

/// `av01.P.LLT.DD` from an `av1C` record.
pub(super) fn av1(config: &[u8]) -> Option<String> {
    let config = config.first_chunk::<3>()?;
    if config[0] != 0x81 {
        return None;
    }
    let (profile, level) = (config[1] >> 5, config[1] & 0x1f);
    let tier = if config[2] & 0x80 == 0 { 'M' } else { 'H' };
    let depth = match (config[2] & 0x40 != 0, config[2] & 0x20 != 0) {
        (false, _) => 8,
        (true, true) if profile == 2 => 12,
        (true, _) => 10,
    };
    Some(format!("av01.{profile}.{level:02}{tier}.{depth:02}"))
}

/// `mp4a.40.x` from an `AudioSpecificConfig`.
pub(super) fn aac(config: &[u8]) -> Option<String> {
    let first = *config.first()?;
    let kind = match first >> 3 {
        0 => return None,
        31 => 32 + ((first & 7) << 3) + (config.get(1)? >> 5),
        kind => kind,
    };
    Some(format!("mp4a.40.{kind}"))
}

/// `mp4a.40.x` or `mp4a.OO` from the payload of an `esds` box, after its version and flags.
pub(super) fn esds(payload: &[u8]) -> Option<String> {
    match described(payload)? {
        (0x40, config) => Some(config.and_then(aac).unwrap_or_else(|| "mp4a.40.2".into())),
        (kind, _) => Some(format!("mp4a.{kind:02X}")),
    }
}

/// The kind of sound that such a payload tells of, and how it is decoded.
pub(super) fn described(payload: &[u8]) -> Option<(u8, Option<&[u8]>)> {
    let es = descriptor(payload, 3)?;
    let flags = *es.get(2)?;
    let mut rest = es.get(3..)?;
    if flags & 0x80 != 0 {
        rest = rest.get(2..)?;
    }
    if flags & 0x40 != 0 {
        rest = rest.get(1 + usize::from(*rest.first()?)..)?;
    }
    if flags & 0x20 != 0 {
        rest = rest.get(2..)?;
    }
    let decoder = descriptor(rest, 4)?;
    Some((*decoder.first()?, decoder.get(13..).and_then(|rest| descriptor(rest, 5))))
}

/// The body of an MPEG-4 descriptor when it has the tag asked for; cut to what is there.
fn descriptor(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    let (first, mut rest) = bytes.split_first()?;
    if *first != tag {
        return None;
    }
    let mut len = 0;
    // The length takes at most four bytes, of which the top bit says that another follows.
    for _ in 0..4 {
        let (byte, after) = rest.split_first()?;
        rest = after;
        len = len << 7 | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(rest.get(..len).unwrap_or(rest))
}

/// A name out of the file made fit to be shown: what nobody knows still tells the reader what to look for.
pub(super) fn printable(name: &[u8]) -> Option<String> {
    let fit = |byte: &u8| byte.is_ascii_alphanumeric() || b"._/-".contains(byte);
    let text: String = name.iter().filter(|byte| fit(byte)).take(32).map(|byte| char::from(*byte)).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_those_of_the_specifications() {
        assert_eq!(avc(&[1, 0x64, 0, 0x1f]).as_deref(), Some("avc1.64001f"));
        assert_eq!(
            avc_annex_b(&[0, 0, 0, 1, 9, 16, 0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1f]).as_deref(),
            Some("avc1.42c01f")
        );
        let hvc = [1, 1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 63];
        assert_eq!(hevc("hvc1", &hvc).as_deref(), Some("hvc1.1.6.L63.90"));
        assert_eq!(vp9(&[0, 10, 0x82]).as_deref(), Some("vp09.00.10.08"));
        assert_eq!(vp9(&[0, 0, 0x81]).as_deref(), Some("vp09.00.10.08"));
        assert_eq!(vp9_features(&[1, 1, 0, 2, 1, 31, 3, 1, 8]).as_deref(), Some("vp09.00.31.08"));
        assert_eq!(av1(&[0x81, 0x04, 0x0c, 0]).as_deref(), Some("av01.0.04M.08"));
        assert_eq!(aac(&[0x12, 0x10]).as_deref(), Some("mp4a.40.2"));
        assert_eq!(aac(&[0xf9, 0x40]).as_deref(), Some("mp4a.40.42"));
    }

    #[test]
    fn cut_records_give_nothing() {
        assert_eq!(avc(&[1, 2]), None);
        assert_eq!(hevc("hvc1", &[1; 12]), None);
        assert_eq!(vp9(&[0]), None);
        assert_eq!(vp9_features(&[1, 1, 0]), None);
        assert_eq!(av1(&[0x81]), None);
        assert_eq!(aac(&[0xff]), None);
        assert_eq!(esds(&[3, 0x80, 0x80]), None);
    }
}
