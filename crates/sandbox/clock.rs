//! The stand-ins' clock: the real one, shifted or stopped by a test.
//!
//! Times inside the sandbox are whole microseconds since 1970 (UTC).

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Microseconds in one second.
pub(crate) const SECOND: i64 = 1_000_000;
/// Microseconds in one day.
pub(crate) const DAY: i64 = 86_400 * SECOND;

const RUNNING: i64 = i64::MIN;

/// A clock that can be moved forward and stopped.
#[derive(Debug)]
pub(crate) struct Clock {
    offset: AtomicI64,
    stopped_at: AtomicI64,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { offset: AtomicI64::new(0), stopped_at: AtomicI64::new(RUNNING) }
    }

    /// Microseconds since 1970 as the services see them.
    pub(crate) fn now(&self) -> i64 {
        let stopped = self.stopped_at.load(Ordering::SeqCst);
        if stopped == RUNNING { real() + self.offset.load(Ordering::SeqCst) } else { stopped }
    }

    /// Moves the time by `micros`, running or stopped.
    pub(crate) fn advance(&self, micros: i64) {
        self.offset.fetch_add(micros, Ordering::SeqCst);
        let stopped = self.stopped_at.load(Ordering::SeqCst);
        if stopped != RUNNING {
            self.stopped_at.store(stopped + micros, Ordering::SeqCst);
        }
    }

    /// How far the clock is ahead of the real one, microseconds.
    pub(crate) fn offset(&self) -> i64 {
        self.now() - real()
    }

    /// Stops the clock where it is, or lets it run on from where it stood.
    pub(crate) fn set_stopped(&self, stop: bool) {
        let stopped = self.stopped_at.load(Ordering::SeqCst);
        if stop && stopped == RUNNING {
            self.stopped_at.store(self.now(), Ordering::SeqCst);
        } else if !stop && stopped != RUNNING {
            self.offset.store(stopped - real(), Ordering::SeqCst);
            self.stopped_at.store(RUNNING, Ordering::SeqCst);
        }
    }
}

fn real() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| i64::try_from(d.as_micros()).unwrap_or(i64::MAX))
}

/// Google's form: RFC 3339 with microseconds in UTC.
pub(crate) fn utc_micros(at: i64) -> String {
    let (y, mo, d, h, mi, s) = civil(at.div_euclid(SECOND));
    format!("{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}.{:06}Z", at.rem_euclid(SECOND))
}

/// Zoho's form: whole seconds with the offset of the user's time zone.
pub(crate) fn zoned_seconds(at: i64, zone: &TimeZone) -> String {
    let seconds = at.div_euclid(SECOND);
    let offset =
        Timestamp::from_second(seconds).map_or(0, |t| i64::from(zone.to_offset(t).seconds()));
    let (y, mo, d, h, mi, s) = civil(seconds + offset);
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.abs() / 60;
    format!(
        "{y:04}-{mo:02}-{d:02}T{h:02}:{mi:02}:{s:02}{sign}{:02}:{:02}",
        minutes / 60,
        minutes % 60
    )
}

/// The form of the HTTP `Date` header.
pub(crate) fn http_date(at: i64) -> String {
    Timestamp::from_second(at.div_euclid(SECOND))
        .map(|t| t.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
        .unwrap_or_default()
}

/// Reads an ISO 8601 time with an offset.
pub(crate) fn parse_time(text: &str) -> Option<i64> {
    text.trim().parse::<Timestamp>().ok().map(Timestamp::as_microsecond)
}

/// Whether `text` is a real calendar date in the form `yyyy-MM-dd`.
pub(crate) fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

/// Whether the parts name a day that exists; a missing year is read as a leap year.
pub(crate) fn is_day(year: Option<i64>, month: i64, day: i64) -> bool {
    let part = |n: i64| i8::try_from(n).ok();
    let year = year.filter(|y| *y != 0).unwrap_or(2000);
    match (i16::try_from(year).ok(), part(month), part(day)) {
        (Some(y), Some(m), Some(d)) => jiff::civil::Date::new(y, m, d).is_ok(),
        (None, _, _) | (_, None, _) | (_, _, None) => false,
    }
}

/// Days to civil date by the proleptic Gregorian calendar (cheap: called for every listed record).
fn civil(seconds: i64) -> (i64, i64, i64, i64, i64, i64) {
    let days = seconds.div_euclid(86_400);
    let rest = seconds.rem_euclid(86_400);
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let d = doy - (153 * mp + 2) / 5 + 1;
    let m = if mp < 10 { mp + 3 } else { mp - 9 };
    let y = yoe + era * 400 + i64::from(m <= 2);
    (y, m, d, rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_both_services_forms() {
        let at = 1_767_323_045 * SECOND + 678_901;
        assert_eq!(utc_micros(at), "2026-01-02T03:04:05.678901Z");
        let zone = TimeZone::get("America/Los_Angeles").expect("bundled");
        assert_eq!(zoned_seconds(at, &zone), "2026-01-01T19:04:05-08:00");
        assert_eq!(parse_time("2026-01-01T19:04:05-08:00"), Some(1_767_323_045 * SECOND));
        assert_eq!(http_date(at), "Fri, 02 Jan 2026 03:04:05 GMT");
    }

    #[test]
    fn a_stopped_clock_moves_only_when_told() {
        let clock = Clock::new();
        clock.set_stopped(true);
        let before = clock.now();
        clock.advance(DAY);
        assert_eq!(clock.now(), before + DAY);
        clock.set_stopped(false);
        assert!(clock.now() >= before + DAY);
    }
}
