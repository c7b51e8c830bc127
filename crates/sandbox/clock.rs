//! The stand-ins' clock: the real one, shifted or stopped by a test.
//!
//! Times inside the sandbox are whole microseconds since 1970 (UTC).

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, Timelike, Utc};
use chrono_tz::Tz;

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
    let time = written(instant(at).naive_utc());
    format!("{time}.{:06}Z", at.rem_euclid(SECOND))
}

/// Zoho's form: whole seconds with the offset of the user's time zone.
pub(crate) fn zoned_seconds(at: i64, zone: Tz) -> String {
    let local = instant(at).with_timezone(&zone);
    let offset = local.offset().fix().local_minus_utc();
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.abs() / 60;
    let time = written(local.naive_local());
    format!("{time}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The form of the HTTP `Date` header.
pub(crate) fn http_date(at: i64) -> String {
    instant(at).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Reads an ISO 8601 time with an offset.
pub(crate) fn parse_time(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text.trim()).ok().map(|time| time.timestamp_micros())
}

/// Whether `text` is a real calendar date in the form `yyyy-MM-dd`.
pub(crate) fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<NaiveDate>().is_ok()
}

/// Whether the parts name a day that exists; a missing year is read as a leap year.
pub(crate) fn is_day(year: Option<i64>, month: i64, day: i64) -> bool {
    let year = i32::try_from(year.filter(|y| *y != 0).unwrap_or(2000));
    match (year, u32::try_from(month), u32::try_from(day)) {
        (Ok(year), Ok(month), Ok(day)) => NaiveDate::from_ymd_opt(year, month, day).is_some(),
        (Err(_), _, _) | (_, Err(_), _) | (_, _, Err(_)) => false,
    }
}

/// The moment, to the second and below; the beginning of time where no calendar reaches.
fn instant(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at).unwrap_or_default()
}

/// Date and time to the second. By hand, for it is done for every record of a list.
fn written(time: NaiveDateTime) -> String {
    let (date, hour, minute, second) = (time.date(), time.hour(), time.minute(), time.second());
    let (year, month, day) = (date.year(), date.month(), date.day());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_both_services_forms() {
        let at = 1_767_323_045 * SECOND + 678_901;
        assert_eq!(utc_micros(at), "2026-01-02T03:04:05.678901Z");
        let zone = chrono_tz::America::Los_Angeles;
        assert_eq!(zoned_seconds(at, zone), "2026-01-01T19:04:05-08:00");
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
