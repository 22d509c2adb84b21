//! How large a share may be: what browsers open, what a host takes, what was asked for.

use super::{Entry, Target, entry};
use crate::bundle::{Bundle, Part, PartKind};
use crate::error::Error;
use crate::size::bytes_text;

/// Bytes of media above which a one-file share is slow to open.
const WARN_BYTES: u64 = 50_000_000;
/// Bytes of media above which browsers fail to open a one-file share.
const REFUSE_BYTES: u64 = 250_000_000;

/// The most bytes that a share may have, and who says so.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Limit {
    /// The most bytes, all files together.
    pub bytes: u64,
    /// Who says so, as in `the limit of GitHub issues`.
    pub of: &'static str,
    /// What to do with a share that is larger.
    pub hint: &'static str,
    /// Whether one file may be larger than what opens well: its maker knows better.
    pub lifts: bool,
}

impl Limit {
    /// A limit that somebody else sets.
    pub(crate) const fn of(of: &'static str, bytes: u64, hint: &'static str) -> Self {
        Self { bytes, of, hint, lifts: false }
    }

    /// A limit that somebody chose.
    #[must_use]
    pub const fn chosen(bytes: u64) -> Self {
        let hint = "leave something out (--bodies none, --panels), or raise --max-size";
        Self { bytes, of: "what --max-size allows", hint, lifts: true }
    }

    /// Refuses a share of this many bytes, or of at least so many when it is not written yet.
    fn check(&self, bytes: u64, at_least: &str) -> Result<(), Error> {
        if bytes <= self.bytes {
            return Ok(());
        }
        let (mut has, mut allowed) = (bytes_text(bytes), bytes_text(self.bytes));
        if has == allowed {
            (has, allowed) = (format!("{bytes} bytes"), format!("{} bytes", self.bytes));
        }
        Err(Error::refused(format!("the share has {at_least}{has}, more than {} ({allowed})", self.of), self.hint))
    }
}

impl Target {
    /// Refuses a share of this many bytes; for layouts, before they put anything in place.
    pub(super) fn check_bytes(&self, bytes: u64) -> Result<(), Error> {
        self.limit.map_or(Ok(()), |limit| limit.check(bytes, ""))
    }
}

/// Whether a layout can carry the bundle, as far as that is known before it is written; gives a warning when it
/// barely can.
///
/// # Errors
/// [`Error::Refused`] when it cannot.
pub fn check_size(layout: &str, bundle: &Bundle, target: &Target) -> Result<Option<String>, Error> {
    let entry = entry(layout)?;
    let sealed = bundle.seal.is_some();
    if let Some(limit) = &target.limit {
        limit.check(bundle.parts.iter().map(|part| (entry.least)(part, sealed)).sum(), "at least ")?;
    }
    let media = |part: &&Part| matches!(part.kind, PartKind::Media(_));
    let bytes = bundle.parts.iter().filter(media).map(|part| part.length).sum();
    check_single(entry, bytes, sealed, target.limit.is_some_and(|limit| limit.lifts))
}

/// Refuses more media than browsers open in one file, unless somebody allowed it.
fn check_single(entry: &Entry, bytes: u64, sealed: bool, allowed: bool) -> Result<Option<String>, Error> {
    let megabytes = bytes / 1_000_000;
    if !(entry.single)(sealed) || bytes <= WARN_BYTES {
        return Ok(None);
    }
    // A sealed archive holds the one-file form.
    let (other, options) =
        if sealed { ("a folder", "--layout dir") } else { ("an archive or a folder", "--layout zip or dir") };
    if bytes > REFUSE_BYTES && !allowed {
        return Err(Error::refused(
            format!(
                "{megabytes} MB of video are too much for one HTML file (the limit is {} MB)",
                REFUSE_BYTES / 1_000_000
            ),
            format!("write {other} instead ({options}), or allow it with --max-size"),
        ));
    }
    Ok(Some(format!("one HTML file with {megabytes} MB of video opens slowly; {other} ({options}) starts at once")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_warns_and_refuses_by_its_video() {
        let checked = |layout, megabytes: u64, sealed, allowed| {
            check_single(entry(layout).unwrap(), megabytes * 1_000_000, sealed, allowed)
                .map_err(|error| error.exit_code())
        };
        for (layout, sealed) in [("html", false), ("html", true), ("zip", true)] {
            assert_eq!(checked(layout, 50, sealed, false), Ok(None));
            assert!(checked(layout, 51, sealed, false).unwrap().is_some());
            assert!(checked(layout, 250, sealed, false).unwrap().is_some());
            assert_eq!(checked(layout, 251, sealed, false), Err(4));
            assert!(checked(layout, 251, sealed, true).unwrap().is_some());
        }
        for (layout, sealed) in [("zip", false), ("dir", false), ("dir", true)] {
            assert_eq!(checked(layout, 5000, sealed, false), Ok(None));
        }
    }

    #[test]
    fn a_limit_names_bytes_where_rounding_would_hide_them() {
        let limit = Limit::chosen(25_000_000);
        assert!(limit.check(25_000_000, "").is_ok());
        let said = limit.check(25_000_001, "").unwrap_err().to_string();
        assert_eq!(said, "the share has 25000001 bytes, more than what --max-size allows (25000000 bytes)");
        let said = limit.check(31_200_000, "at least ").unwrap_err().to_string();
        assert_eq!(said, "the share has at least 31.2 MB, more than what --max-size allows (25.0 MB)");
    }
}
