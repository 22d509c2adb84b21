//! Words for files that no importer reads.

use memchr::memmem;

use super::source::Source;

/// Something people have, and why it is not read.
struct Refusal {
    is: fn(&Source) -> bool,
    why: &'static str,
}

/// What is said of our own output.
pub(super) const SHARE: &str =
    "it is a share made by sealcast already; `sealcast extract` makes a recording of it again";

/// Known kinds, most telling first.
const REFUSALS: &[Refusal] = &[
    Refusal {
        is: |source| source.size == 0,
        why: "it is empty (0 bytes): whatever wrote it did not finish, or the copy failed",
    },
    Refusal { is: is_share, why: SHARE },
    Refusal {
        is: |source| source.head.starts_with(b"\x1f\x8b"),
        why: "it is compressed with gzip, and nothing of it can be unpacked",
    },
    Refusal {
        is: |source| source.head.get(257..262) == Some(b"ustar"),
        why: "it is a tar archive; unpack it and pass the folder",
    },
    Refusal {
        is: |source| begins_json(source) && holds(source, b"\"logEventTypes\""),
        why: "it is a NetLog of Chromium; save a HAR from the developer tools instead",
    },
    Refusal { is: begins_json, why: "it is JSON, and no log or HAR that is known" },
    Refusal { is: is_text, why: "it is text, and no log that is known" },
];

/// Why a file is not read.
pub(super) fn reason(source: &Source) -> String {
    let Some(Refusal { why, .. }) = REFUSALS.iter().find(|refusal| (refusal.is)(source)) else { return binary(source) };
    let name = source.file_name();
    let named = [".webm", ".mp4", ".mov", ".mkv", ".har", ".vtt", ".png", ".jpg", ".jpeg"];
    match named.iter().find(|ending| name.ends_with(**ending)) {
        Some(ending) if source.size > 0 => format!("its name ends in {ending}, but {why}"),
        _ => (*why).to_owned(),
    }
}

/// The probe knows some kinds that browsers do not play.
fn binary(source: &Source) -> String {
    match crate::media::probe(&source.path).map_err(|error| super::pictures::unplayable(source, error)) {
        Err(super::Unread::Skip(why)) => why,
        _ => "its format is not known".into(),
    }
}

/// Whether a file is a page that sealcast wrote.
pub(super) fn is_share(source: &Source) -> bool {
    crate::page::is_share(&source.head)
}

fn holds(source: &Source, needle: &[u8]) -> bool {
    memmem::find(&source.head, needle).is_some()
}

fn begins_json(source: &Source) -> bool {
    matches!(source.head.trim_ascii_start().first(), Some(b'{' | b'['))
}

fn is_text(source: &Source) -> bool {
    let stray = |letter: &char| matches!(letter, '\0' | '\u{fffd}');
    String::from_utf8_lossy(&source.head).chars().filter(stray).count() < 4
}
