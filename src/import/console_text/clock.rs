//! The days that times of day belong to, by the moment at which the file was saved.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

const DAY_MS: f64 = 86_400_000.0;
/// A clock that goes back by more than this has passed midnight.
const HALF_DAY_MS: f64 = DAY_MS / 2.0;
/// How long before it was saved the last message may have come. Zones lie an hour apart: a longer wait could as well
/// be the clock of another zone.
const WAIT_MS: f64 = 2_700_000.0;
/// Digits of milliseconds since 1970.
const DIGITS: usize = 13;

/// When Chrome saved a file, by the name it proposes (`shop.test-1795238305962.log`), in ms since 1970.
pub(super) fn saved(path: &Path) -> Option<f64> {
    let name = path.file_name()?.to_str()?;
    let (_, rest) = name.rsplit_once('-')?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    (digits == DIGITS).then(|| rest[..digits].parse().ok()).flatten()
}

/// Times of day as they pass, in ms from the midnight before the first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Days {
    midnight: f64,
    pub(super) last: Option<f64>,
}

impl Days {
    /// The time that a clock shows; `None` for what no clock shows.
    pub(super) fn pass(&mut self, clock: &str) -> Option<f64> {
        let mut parts = clock.split(['.', ':']);
        let mut next = |limit: f64| parts.next()?.parse::<f64>().ok().filter(|value| *value < limit);
        let (hours, minutes, seconds) = (next(24.0)?, next(60.0)?, next(61.0)?);
        let ms = next(1000.0).unwrap_or(0.0);
        let of_day = ((hours * 60.0 + minutes) * 60.0 + seconds) * 1000.0 + ms;
        if self.last.is_some_and(|last| last - (self.midnight + of_day) > HALF_DAY_MS) {
            self.midnight += DAY_MS;
        }
        let time = self.midnight + of_day;
        self.last = Some(time);
        Some(time)
    }
}

/// What is to be added to such times to have ms since 1970, when the last of them came shortly before the file was
/// saved by the clock of the zone.
pub(super) fn first_midnight(last: f64, saved: f64, zone: &TimeZone) -> Option<f64> {
    let moment = Timestamp::from_millisecond(saved as i64).ok()?;
    let offset = f64::from(zone.to_offset(moment).seconds()) * 1000.0;
    let wait = (saved + offset - last).rem_euclid(DAY_MS);
    (wait <= WAIT_MS).then_some(saved - wait - last)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAVED: f64 = 1_795_238_305_962.0;

    #[test]
    fn names_that_chrome_proposes_tell_when() {
        for (name, found) in [
            ("shop.test-1795238305962.log", Some(SAVED)),
            ("a-b/my-shop.test-1795238305962 (1).log", Some(SAVED)),
            ("console-1795238305962", Some(SAVED)),
            ("shop-17952383059.log", None),
            ("shop-17952383059620.log", None),
            ("input.log", None),
        ] {
            assert_eq!(saved(Path::new(name)), found, "{name}");
        }
    }

    #[test]
    fn times_of_day_find_their_days() {
        let mut days = Days::default();
        let times = ["23:59:59.500", "23:59:59.400", "00:00:01", "00:00:01.250"].map(|clock| days.pass(clock).unwrap());
        assert_eq!(times, [86_399_500.0, 86_399_400.0, 86_401_000.0, 86_401_250.0]);
        assert_eq!([days.pass("25:00:00"), days.pass("1:2"), days.pass("10:61:00")], [None; 3]);
        // Saved at 05:18:25 UTC.
        for (zone, clock, found) in [
            (0, "05:18:00.000", Some(-25_962.0)),
            (1, "06:18:00.000", Some(-25_962.0)),
            // By the clock of another zone.
            (0, "06:18:00.000", None),
            (1, "05:18:00.000", None),
            (0, "05:19:00.000", None),
        ] {
            let mut days = Days::default();
            let time = days.pass(clock).unwrap();
            let midnight = first_midnight(time, SAVED, &TimeZone::fixed(jiff::tz::offset(zone)));
            assert_eq!(midnight.map(|midnight| midnight + time - SAVED), found, "{clock} at +{zone}");
        }
    }
}
