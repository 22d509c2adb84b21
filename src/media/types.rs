//! Media types and the endings of names: one table, read both ways.

/// Type, the ending that a file of it gets, and other endings that mean it. Where two types share an ending, the
/// first is what the ending means.
const TYPES: &[(&str, &str, &[&str])] = &[
    ("video/webm", "webm", &[]),
    // Every host knows `.webm` and few `.weba`; players look for sound in either.
    ("audio/webm", "webm", &[]),
    ("video/mp4", "mp4", &["m4v"]),
    ("video/x-matroska", "mkv", &[]),
    ("audio/x-matroska", "mka", &[]),
    ("audio/mp4", "m4a", &[]),
    ("audio/ogg", "ogg", &["oga", "opus"]),
    ("audio/mpeg", "mp3", &[]),
    ("audio/aac", "aac", &[]),
    ("audio/wav", "wav", &[]),
    ("image/png", "png", &[]),
    ("image/jpeg", "jpg", &["jpeg"]),
    ("image/gif", "gif", &[]),
    ("image/webp", "webp", &[]),
    ("image/avif", "avif", &[]),
    ("image/svg+xml", "svg", &[]),
    ("text/vtt; charset=utf-8", "vtt", &[]),
    ("text/html; charset=utf-8", "html", &["htm"]),
    ("text/javascript; charset=utf-8", "js", &["mjs"]),
    ("text/css; charset=utf-8", "css", &[]),
    ("text/plain; charset=utf-8", "txt", &["log"]),
    ("text/markdown; charset=utf-8", "md", &[]),
    ("application/json", "json", &["har"]),
    ("application/x-ndjson", "ndjson", &[]),
];
/// `QuickTime` goes by a name of its own, but browsers refuse its type unseen and play what is in the file all the
/// same: it is served as MP4.
const QUICKTIME: (&str, &str, &str) = ("video/quicktime", "mov", "video/mp4");

/// The ending for a file of a type, given with or without parameters; `bin` when there is none.
pub(crate) fn ending(content_type: &str) -> &'static str {
    let bare = |text: &'_ str| text.split(';').next().unwrap_or_default().trim().to_owned();
    let kind = bare(content_type);
    if kind == QUICKTIME.0 {
        return QUICKTIME.1;
    }
    TYPES.iter().find(|(name, ..)| bare(name) == kind).map_or("bin", |(_, ending, _)| ending)
}

/// The type to serve a file as, by the ending of its name; `None` for one that is to be saved, not shown.
pub(crate) fn by_ending(ending: &str) -> Option<&'static str> {
    let ending = ending.to_ascii_lowercase();
    if ending == QUICKTIME.1 {
        return Some(QUICKTIME.2);
    }
    let means = |own: &str, others: &[&str]| own == ending || others.contains(&ending.as_str());
    TYPES.iter().find(|(_, own, others)| means(own, others)).map(|(name, ..)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::sniff::{HEADS, sniff};
    use crate::media::{Facts, played_as};

    #[test]
    fn whatever_the_probe_says_has_an_ending_that_leads_back() {
        let sound = Facts { audio: Some(None), ..Facts::default() };
        let odd = Facts { video: Some(Some("rle ".into())), ..Facts::default() };
        let both = Facts { video: Some(Some("avc1".into())), ..Facts::default() };
        for kind in HEADS.iter().filter_map(|(head, _)| sniff(head)) {
            for found in [kind.to_string(), played_as(kind, &sound), played_as(kind, &odd), played_as(kind, &both)] {
                let back = by_ending(ending(&found)).unwrap_or_else(|| panic!("{found} has no ending"));
                let expected = match found.as_str() {
                    "video/quicktime" => "video/mp4",
                    "audio/webm" => "video/webm",
                    other => other,
                };
                assert_eq!(back.split(';').next(), Some(expected), "{found}");
            }
        }
    }

    #[test]
    fn endings_and_types_are_told_apart() {
        assert_eq!(by_ending("JPEG"), Some("image/jpeg"));
        assert_eq!(by_ending("exe"), None);
        assert_eq!(by_ending(""), None);
        assert_eq!(ending("text/vtt; charset=utf-8"), "vtt");
        assert_eq!(ending("application/octet-stream"), "bin");
    }
}
