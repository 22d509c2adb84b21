//! Dates in the names that recorders give their files.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Digits of a date and a time to the second.
const DIGITS: usize = 14;

/// The first moment that a name spells, as `Screen Recording 2026-11-21 at 05.11.49` or `20261121_051149` do, in ms
/// since 1970. Recorders write the time of the machine's own zone; a `Z` behind it means UTC.
pub(super) fn of_name(name: &str, zone: &TimeZone) -> Option<f64> {
    let bytes = name.as_bytes();
    let starts =
        (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit() && (*at == 0 || !bytes[at - 1].is_ascii_digit()));
    starts.filter_map(|at| moment(&name[at..], zone)).next()
}

fn moment(text: &str, zone: &TimeZone) -> Option<f64> {
    let mut digits = String::new();
    let mut rest = text.char_indices();
    for (at, c) in rest.by_ref() {
        if c.is_ascii_digit() {
            digits.push(c);
            if digits.len() == DIGITS {
                break;
            }
        } else if !is_between(&text[..at], &digits, c) {
            return None;
        }
    }
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i16>().ok();
    let small = |range| number(range).and_then(|value| i8::try_from(value).ok());
    let year = number(0..4).filter(|year| (1990..2200).contains(year))?;
    let rest = rest.as_str();
    // Twelve-hour clocks, as macOS writes them in some countries.
    let afternoon = rest.trim_start_matches(['\u{202f}', ' ']).get(..2).map(str::to_ascii_uppercase);
    let hour = match (small(8..10)?, afternoon.as_deref()) {
        (12, Some("AM")) => 0,
        (hour @ 1..12, Some("PM")) => hour + 12,
        (hour, _) => hour,
    };
    let date = DateTime::new(year, small(4..6)?, small(6..8)?, hour, small(10..12)?, small(12..14)?, 0).ok()?;
    let zone = if rest.starts_with('Z') { &TimeZone::UTC } else { zone };
    Some(date.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond() as f64)
}

/// What may stand between the digits: separators, and the words between a date and a time.
fn is_between(_before: &str, digits: &str, c: char) -> bool {
    matches!(c, '-' | '_' | '.' | ':' | ' ' | '\u{a769}') || (digits.len() == 8 && matches!(c, 'T' | 't' | 'a' | ','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorders_names_are_read() {
        let expected = 1_795_237_909_000.0;
        for name in [
            "Screen Recording 2026-11-21 at 05.11.49",
            "2026-11-21_05-11-49",
            "2026-11-21 05-11-49",
            "Screencast from 2026-11-21 05-11-49",
            "Screen_Recording_20261121_051149_Chrome",
            "bug 4711 2026-11-21T05:11:49Z",
            "Aufnahme 2026-11-21, 05.11.49",
            "Screen Recording 2026-11-21 at 5.11.49",
        ] {
            let found = of_name(name, &TimeZone::UTC);
            assert_eq!(found, if name.ends_with("at 5.11.49") { None } else { Some(expected) }, "{name}");
        }
        let afternoon = of_name("Screen Recording 2026-11-21 at 05.11.49\u{202f}PM", &TimeZone::UTC);
        assert_eq!(afternoon, Some(expected + 12.0 * 3_600_000.0));
    }

    #[test]
    fn a_zone_moves_it() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        assert_eq!(of_name("2026-11-21_05-11-49", &zone), Some(1_795_237_909_000.0 - 7_200_000.0));
        assert_eq!(of_name("2026-11-21T05-11-49Z", &zone), Some(1_795_237_909_000.0));
    }

    #[test]
    fn other_numbers_are_no_dates() {
        for name in [
            "video",
            "20261121",
            "2026-13-21_05-11-49",
            "page@27617bbfcfd38b27c9418d8d39da8685",
            "0000-00-00 00-00-00",
            "99999999999999",
            "2026-11-21_25-11-49",
        ] {
            assert_eq!(of_name(name, &TimeZone::UTC), None, "{name}");
        }
    }
}
