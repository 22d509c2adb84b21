//! Times and durations as people type them.

use jiff::Timestamp;

use crate::error::Error;

/// The longest a share may live unless it never expires, in seconds: 14 days.
pub const MAX_LIFE: u64 = 14 * 24 * 3600;

/// Seconds since 1970, by this machine's clock.
#[must_use]
pub fn now() -> u64 {
    u64::try_from(Timestamp::now().as_second()).unwrap_or(0)
}

/// Reads `--expires`: a duration up to 14 days, an RFC 3339 time up to 14 days ahead, or `never`.
/// Gives seconds since 1970, 0 = never.
///
/// # Errors
/// When the text is none of these, lies in the past, or is more than 14 days ahead.
pub fn expiry(text: &str, now: u64) -> Result<u64, Error> {
    if text == "never" {
        return Ok(0);
    }
    let at = if let Some(ms) = duration_ms(text) {
        now.saturating_add(ms / 1000)
    } else {
        let time: Timestamp = text.parse().map_err(|_| {
            Error::usage(
                format!("--expires does not understand {text:?}"),
                "write a duration such as 6h, 1d or 14d, a time such as 2026-12-24T18:00:00Z, or never",
            )
        })?;
        u64::try_from(time.as_second()).unwrap_or(0)
    };
    if at <= now {
        return Err(Error::usage("--expires lies in the past", "write a duration such as 1d, or a later time"));
    }
    if at - now > MAX_LIFE {
        return Err(Error::usage(
            "--expires is more than 14 days ahead",
            "write 14d or less; or write never and let the store delete it, by a lifecycle rule of the bucket for example",
        ));
    }
    Ok(at)
}

/// Reads a moment, an RFC 3339 time or a number of ms since 1970, for the argument parser. Gives ms since 1970.
///
/// # Errors
/// In words for the argument parser, when the text is neither.
pub fn moment_ms(text: &str) -> Result<f64, String> {
    let text = text.trim();
    if let Some(ms) = text.parse::<f64>().ok().filter(|ms| ms.is_finite()) {
        return Ok(ms);
    }
    let time: Timestamp = text.parse().map_err(|_| {
        "write a time with its zone, such as 2026-11-21T05:11:49.250+01:00, or ms since 1970".to_owned()
    })?;
    Ok(time.as_microsecond() as f64 / 1e3)
}

/// Reads a duration such as `90s`, `1h30m`, `1.5h` or `14d` into milliseconds.
#[must_use]
pub fn duration_ms(text: &str) -> Option<u64> {
    let mut total = 0.0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let scale = match unit {
            "ms" => 1.0,
            "s" => 1e3,
            "m" | "min" => 60e3,
            "h" => 3600e3,
            "d" => 86_400e3,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * scale;
        rest = tail;
    }
    whole_ms(total)
}

/// Reads a place on the timeline such as `83.5`, `83s`, `1m23s`, `1:23` or `1:02:03` into milliseconds.
#[must_use]
pub fn place_ms(text: &str) -> Option<u64> {
    let text = text.trim();
    if text.contains(':') {
        let mut total = 0.0;
        let fields: Vec<&str> = text.split(':').collect();
        if fields.len() > 3 {
            return None;
        }
        for field in fields {
            total = total * 60.0 + plain_number(field)?;
        }
        return whole_ms(total * 1e3);
    }
    plain_number(text).map_or_else(|| duration_ms(text), |seconds| whole_ms(seconds * 1e3))
}

fn plain_number(text: &str) -> Option<f64> {
    let digits = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    digits.then(|| text.parse().ok()).flatten()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be within range")]
fn whole_ms(ms: f64) -> Option<u64> {
    (ms.is_finite() && (0.0..9e15).contains(&ms)).then_some(ms.round() as u64)
}

/// Seconds since 1970 as RFC 3339 in UTC.
#[must_use]
pub fn rfc3339(seconds: u64) -> String {
    i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok()).unwrap_or_default().to_string()
}

/// A length in milliseconds as `m:ss` or `h:mm:ss`.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, and lengths are not negative")]
pub fn clock_text(ms: f64) -> String {
    let sign = if ms <= -500.0 { "-" } else { "" };
    let seconds = (ms.abs() / 1000.0).round() as u64;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{sign}{hours}:{minutes:02}:{seconds:02}") } else { format!("{sign}{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_places() {
        for (text, ms) in [("1h", 3_600_000), ("14d", 1_209_600_000), ("1h30m", 5_400_000), ("1.5s", 1_500), ("5ms", 5)]
        {
            assert_eq!(duration_ms(text), Some(ms), "{text}");
        }
        for text in ["", "h", "5", "5 h", "-1h", "1x", "1h2", "1..5h", "99999999999999999d"] {
            assert_eq!(duration_ms(text), None, "{text}");
        }
        for (text, ms) in
            [("83.5", 83_500), ("83s", 83_000), ("1m23s", 83_000), ("1:23", 83_000), ("1:02:03", 3_723_000)]
        {
            assert_eq!(place_ms(text), Some(ms), "{text}");
        }
        assert_eq!(place_ms("1:2:3:4"), None);
    }

    #[test]
    fn an_expiry_lies_within_two_weeks() {
        let now = 1_800_000_000;
        assert_eq!(expiry("1d", now).unwrap(), now + 86_400);
        assert_eq!(expiry("14d", now).unwrap(), now + MAX_LIFE);
        assert_eq!(expiry("never", now).unwrap(), 0);
        assert_eq!(expiry(&rfc3339(now + 60), now).unwrap(), now + 60);
        for (text, fact) in
            [("15d", "more than 14 days"), ("0s", "past"), ("2001-01-01T00:00:00Z", "past"), ("soon", "soon")]
        {
            let error = expiry(text, now).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains(fact), "{error}");
        }
        assert!(expiry("15d", now).unwrap_err().hint().unwrap().contains("never"));
    }
}
