//! What a file is, by its first bytes. Names and extensions are never asked.

use super::frames::Kind;

/// Bytes that [`sniff`] wants to see; fewer do when the file is shorter.
pub const SNIFF_LEN: usize = 512;

/// The media type that the first bytes of a file show, or `None` when they show none that sealcast carries.
///
/// Give it [`SNIFF_LEN`] bytes. A container is called video here; only [`super::probe`] sees that it holds
/// nothing but sound.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<&'static str> {
    match head {
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Some(matroska(head)),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some("audio/wav"),
        [b'O', b'g', b'g', b'S', ..] => Some("audio/ogg"),
        [b'I', b'D', b'3', 2..=4, ..] => Some("audio/mpeg"),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => iso(head),
        [_, _, _, _, kind @ ..] if is_quicktime(kind) => Some("video/quicktime"),
        _ if is_mp3_frame(head) => Some("audio/mpeg"),
        _ if head.first_chunk().is_some_and(|head| Kind::Adts.frame(*head).is_some()) => Some("audio/aac"),
        _ if is_vtt(head) => Some("text/vtt"),
        _ => None,
    }
}

/// `WebM` or another Matroska, by the `DocType` in the EBML header.
fn matroska(head: &[u8]) -> &'static str {
    let head = head.get(4..head.len().min(128)).unwrap_or_default();
    // Id, then a length of one to eight bytes, then the name.
    let doc_type = head.windows(2).position(|window| window == [0x42, 0x82]).and_then(|at| head.get(at + 2..));
    let is_webm = doc_type.is_some_and(|rest| rest[..rest.len().min(12)].windows(4).any(|name| name == b"webm"));
    if is_webm { "video/webm" } else { "video/x-matroska" }
}

/// A file of the ISO family, by its major brand.
fn iso(head: &[u8]) -> Option<&'static str> {
    match head.get(8..12)? {
        b"qt  " => Some("video/quicktime"),
        b"M4A " | b"M4B " => Some("audio/mp4"),
        b"avif" | b"avis" => Some("image/avif"),
        // HEIC pictures: no browser but Safari shows them.
        b"mif1" | b"msf1" | b"heic" | b"heix" | b"hevc" | b"hevx" => None,
        _ => Some("video/mp4"),
    }
}

/// `QuickTime` from before it wrote `ftyp`.
fn is_quicktime(kind: &[u8]) -> bool {
    [b"moov", b"mdat", b"wide", b"pnot"].iter().any(|name| kind.starts_with(*name))
}

/// Two bytes are too weak a sign, so the fields behind the sync word have to make sense as well.
fn is_mp3_frame(head: &[u8]) -> bool {
    match head {
        [0xff, second, third, ..] => {
            let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
            let (bitrate, rate) = (third >> 4, third >> 2 & 3);
            second & 0xe0 == 0xe0 && version != 1 && layer == 1 && !matches!(bitrate, 0 | 15) && rate != 3
        }
        _ => false,
    }
}

fn is_vtt(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    head.strip_prefix(b"WEBVTT").is_some_and(|rest| rest.first().is_none_or(|byte| byte.is_ascii_whitespace()))
}

/// A name for media that browsers do not play, so that the message can say what the file is.
pub(super) fn foreign(head: &[u8]) -> Option<&'static str> {
    match head {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..] => Some("an AVI video"),
        [b'F', b'L', b'V', 1, ..] => Some("a Flash video"),
        [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, ..] => Some("a Windows Media video"),
        [0, 0, 1, 0xba | 0xb3, ..] => Some("an MPEG-1 or MPEG-2 video"),
        [0x47, ..] if head.get(188) == Some(&0x47) => Some("an MPEG transport stream"),
        _ if iso_still(head) => Some("an HEIC picture"),
        _ => None,
    }
}

fn iso_still(head: &[u8]) -> bool {
    head.get(4..8) == Some(b"ftyp") && iso(head).is_none()
}

/// Whether the bytes read like text.
pub(super) fn is_text(head: &[u8]) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(_) => true,
        // A character may be cut by the end of the head.
        Err(error) => error.error_len().is_none(),
    };
    valid && !head.iter().any(|byte| *byte < 0x20 && !b"\t\n\x0c\r\x1b".contains(byte))
}

/// How files begin, and the type that shows: one at least for each type that [`sniff`] gives.
#[cfg(test)]
pub(super) const HEADS: &[(&[u8], Option<&str>)] = &[
    (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", Some("video/webm")),
    (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x01\0\0\0\0\0\0\x04webm", Some("video/webm")),
    (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", Some("video/x-matroska")),
    (b"\x1a\x45\xdf\xa3\x9f\x42\x82", Some("video/x-matroska")),
    (b"\0\0\0\x20ftypisom", Some("video/mp4")),
    (b"\0\0\0\x14ftypqt  ", Some("video/quicktime")),
    (b"\0\0\0\x08wide\0\0\0\0mdat", Some("video/quicktime")),
    (b"\0\0\0\x14ftypM4A ", Some("audio/mp4")),
    (b"\0\0\0\x14ftypavif", Some("image/avif")),
    (b"\0\0\0\x14ftypheic", None),
    (b"\x89PNG\r\n\x1a\n", Some("image/png")),
    (b"\xff\xd8\xff\xe0", Some("image/jpeg")),
    (b"GIF89a", Some("image/gif")),
    (b"RIFF\0\0\0\0WEBPVP8 ", Some("image/webp")),
    (b"RIFF\0\0\0\0WAVEfmt ", Some("audio/wav")),
    (b"OggS\0", Some("audio/ogg")),
    (b"ID3\x03", Some("audio/mpeg")),
    (b"\xff\xfb\x90\x64", Some("audio/mpeg")),
    (b"\xff\xf1\x4c\x40\x02\x9f\xfc", Some("audio/aac")),
    (b"\xff\xf1\x4c\x40\x00\x9f\xfc", None),
    (b"\xff\xfe<\0h\0t\0", None),
    (b"\xef\xbb\xbfWEBVTT\n", Some("text/vtt")),
    (b"WEBVTTX", None),
    (b"hello", None),
    (b"", None),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_by_content() {
        for (head, want) in HEADS {
            assert_eq!(sniff(head), *want, "{head:?}");
        }
    }

    #[test]
    fn text_is_known_even_when_a_character_is_cut() {
        assert!(is_text("naïve".as_bytes()));
        assert!(is_text(&"naï".as_bytes()[..3]));
        assert!(!is_text(b"\0\x01"));
    }
}
