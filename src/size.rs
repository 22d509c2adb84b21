//! Sizes as people write and read them: `25M` and `25MB` count in thousands, `25Mi` and `25MiB` in 1024s.

/// Reads a size of at least one byte; for the argument parser.
pub(crate) fn parse_size(text: &str) -> Result<u64, String> {
    match parse_size::parse_size(text) {
        Ok(0) => Err("nothing fits into 0 bytes".into()),
        Ok(bytes) => Ok(bytes),
        Err(parse_size::Error::PosOverflow) => Err("that is more than any file has".into()),
        Err(_) => Err("write a number of bytes, or one with k, M, G, KiB, MiB or GiB behind it, as in 25MB".into()),
    }
}

/// Reads how two sides relate, such as `16:9`; for the argument parser.
pub(crate) fn parse_aspect(text: &str) -> Result<(u32, u32), String> {
    let side = |text: &str| text.trim().parse().ok().filter(|side| (1..=10_000).contains(side));
    let sides = text.split_once([':', '/']).and_then(|(width, height)| side(width).zip(side(height)));
    sides.ok_or_else(|| "write two numbers from 1 to 10000 with a colon between them, as in 16:9".into())
}

/// Bytes for people, in powers of ten as stores count them.
#[expect(clippy::cast_precision_loss, reason = "one digit after the point")]
pub(crate) fn bytes_text(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if value < 999.5 || unit == "GB" {
            return if unit == "B" { format!("{bytes} B") } else { format!("{value:.1} {unit}") };
        }
        value /= 1000.0;
    }
    unreachable!("the last unit takes every size")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_powers_of_1000_or_of_1024() {
        for (text, bytes) in [
            ("1", 1),
            ("25000000", 25_000_000),
            ("7B", 7),
            ("2k", 2000),
            ("2kB", 2000),
            ("25M", 25_000_000),
            ("25MB", 25_000_000),
            ("1.5G", 1_500_000_000),
            ("1.5GB", 1_500_000_000),
            ("2Ki", 2048),
            ("2KiB", 2048),
            ("2.5MiB", 2_621_440),
            ("1Gi", 1_073_741_824),
            ("18446744073709551615", u64::MAX),
        ] {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn sides_relate() {
        assert_eq!(parse_aspect("16:9"), Ok((16, 9)));
        assert_eq!(parse_aspect(" 4 / 3 "), Ok((4, 3)));
        for text in ["", "16", "16:0", "0:9", "a:b", "1:2:3", "-1:2", "16:10001"] {
            assert!(parse_aspect(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in ["", "0", "0M", "0.1", "-1", "M", "ten", "5 apples", "1,5G", "18446744073709551616", "20EiB", "∞"]
        {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }
}
