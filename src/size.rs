//! Sizes as people type them.

/// Reads a size such as `500k`, `25MB` or `10MiB` into bytes: `k M G` are powers of 1000 as hosts count them, `Ki Mi
/// Gi` powers of 1024, no unit is bytes; a `B` may follow, and case means nothing.
///
/// # Errors
/// In words for the argument parser, when the text is no size or too large a one.
pub(crate) fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = unit.to_ascii_lowercase();
    let scale = match unit.strip_suffix('b').unwrap_or(&unit) {
        "" => Some(1),
        "k" => Some(1000),
        "m" => Some(1_000_000),
        "g" => Some(1_000_000_000),
        "ki" => Some(1 << 10),
        "mi" => Some(1 << 20),
        "gi" => Some(1 << 30),
        _ => None,
    };
    let size = scale.and_then(|scale| number.parse::<u64>().ok()?.checked_mul(scale));
    size.ok_or_else(|| "write a whole number of bytes, or one with a unit such as 500k, 25MB or 10MiB".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_powers_of_1000_and_of_1024() {
        for (text, bytes) in [
            ("0", 0),
            ("65536", 65_536),
            ("12B", 12),
            ("500k", 500_000),
            ("500kB", 500_000),
            ("25M", 25_000_000),
            ("25MB", 25_000_000),
            ("25mb", 25_000_000),
            ("2G", 2_000_000_000),
            ("64KiB", 65_536),
            ("64Ki", 65_536),
            ("10MiB", 10_485_760),
            ("3Gi", 3_221_225_472),
        ] {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_size() {
        let too_large = "99999999999G";
        for text in ["", "B", "M", "-1M", "+1M", "1.5M", "1 M", "1T", "1BB", "1MBi", "1iB", "0x10", "1M2", too_large] {
            assert!(parse_size(text).is_err(), "{text}");
        }
        assert!(parse_size(&u64::MAX.to_string()).is_ok());
    }
}
