//! The Range header, of which players use the form with one range.

/// What a request for a range comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Range {
    /// The whole file: no range asked for, or one we need not understand.
    Whole,
    /// From the first to the last byte named, both included.
    Part(u64, u64),
    /// Nothing of the file lies in it.
    Beyond,
}

impl Range {
    /// Reads the header for a file of so many bytes. Several ranges at once, which no player asks for, get the whole
    /// file, as RFC 9110 allows.
    pub(super) fn parse(header: Option<&str>, len: u64) -> Self {
        let Some(spec) = header.and_then(|header| header.strip_prefix("bytes=")) else { return Self::Whole };
        let Some((first, last)) = spec.trim().split_once('-') else { return Self::Whole };
        if !is_digits(first) || !is_digits(last) {
            return Self::Whole;
        }
        match (number(first), number(last)) {
            (None, None) => Self::Whole,
            (None, Some(suffix)) if suffix == 0 || len == 0 => Self::Beyond,
            (None, Some(suffix)) => Self::Part(len.saturating_sub(suffix), len - 1),
            (Some(first), Some(last)) if first > last => Self::Whole,
            (Some(first), _) if first >= len => Self::Beyond,
            (Some(first), last) => Self::Part(first, last.unwrap_or(u64::MAX).min(len - 1)),
        }
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number that digits write; one too large for us is larger than every file.
fn number(digits: &str) -> Option<u64> {
    (!digits.is_empty()).then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::Range::{self, Beyond, Part, Whole};

    #[test]
    fn ranges_are_those_of_the_rfc() {
        let cases = [
            (None, 10, Whole),
            (Some("bytes=0-0"), 10, Part(0, 0)),
            (Some("bytes=2-5"), 10, Part(2, 5)),
            (Some("bytes=2-"), 10, Part(2, 9)),
            (Some("bytes=-3"), 10, Part(7, 9)),
            (Some("bytes=-30"), 10, Part(0, 9)),
            (Some("bytes=5-99999999999999999999999"), 10, Part(5, 9)),
            (Some("bytes=10-"), 10, Beyond),
            (Some("bytes=99999999999999999999999-"), 10, Beyond),
            (Some("bytes=-0"), 10, Beyond),
            (Some("bytes=0-"), 0, Beyond),
            (Some("bytes=-1"), 0, Beyond),
            (Some("bytes=5-2"), 10, Whole),
            (Some("bytes=0-1,4-5"), 10, Whole),
            (Some("bytes=20-x"), 10, Whole),
            (Some("bytes=-"), 10, Whole),
            (Some("bytes=+1-2"), 10, Whole),
            (Some("lines=0-1"), 10, Whole),
        ];
        for (header, len, want) in cases {
            assert_eq!(Range::parse(header, len), want, "{header:?}");
        }
    }
}
