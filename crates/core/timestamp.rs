//! A moment in time, as both services, the database and every answer write it: RFC 3339 in UTC.

use core::time::Duration;
use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, LocalResult, NaiveDate, NaiveDateTime, SecondsFormat, TimeDelta, TimeZone, Utc,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment in UTC, to the nanosecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(DateTime<Utc>);

/// The text is no time with an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoTimestamp;

impl Timestamp {
    /// The first of January 1970.
    pub const UNIX_EPOCH: Timestamp = Timestamp(DateTime::UNIX_EPOCH);
    /// Before every other.
    pub const MIN: Timestamp = Timestamp(DateTime::<Utc>::MIN_UTC);
    /// After every other.
    pub const MAX: Timestamp = Timestamp(DateTime::<Utc>::MAX_UTC);

    /// So many seconds after 1970; none beyond the calendar.
    #[must_use]
    pub fn from_second(seconds: i64) -> Option<Timestamp> {
        DateTime::from_timestamp(seconds, 0).map(Timestamp)
    }

    /// So many microseconds after 1970; none beyond the calendar.
    #[must_use]
    pub fn from_microsecond(micros: i64) -> Option<Timestamp> {
        DateTime::from_timestamp_micros(micros).map(Timestamp)
    }

    /// Whole seconds since 1970, rounded down.
    #[must_use]
    pub fn as_second(self) -> i64 {
        self.0.timestamp()
    }

    /// Whole microseconds since 1970, rounded down.
    #[must_use]
    pub fn as_microsecond(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// So much later; none beyond the calendar.
    #[must_use]
    pub fn checked_add(self, time: TimeDelta) -> Option<Timestamp> {
        self.0.checked_add_signed(time).map(Timestamp)
    }

    /// So much earlier; none beyond the calendar.
    #[must_use]
    pub fn checked_sub(self, time: TimeDelta) -> Option<Timestamp> {
        self.0.checked_sub_signed(time).map(Timestamp)
    }

    /// So much later; none beyond the calendar.
    #[must_use]
    pub fn after(self, time: Duration) -> Option<Timestamp> {
        self.checked_add(TimeDelta::from_std(time).ok()?)
    }

    /// How long it is from here to `then`; nothing where that is past.
    #[must_use]
    pub fn time_until(self, then: Timestamp) -> Duration {
        then.duration_since(self).to_std().unwrap_or_default()
    }

    /// How much later this is than `earlier`; negative where it is not.
    #[must_use]
    pub fn duration_since(self, earlier: Timestamp) -> TimeDelta {
        self.0.signed_duration_since(earlier.0)
    }

    /// As people and programs are told of it: in whole seconds.
    #[must_use]
    pub fn stamp(self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// For a calendar.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(time: DateTime<Utc>) -> Timestamp {
        Timestamp(time)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl FromStr for Timestamp {
    type Err = NoTimestamp;

    /// RFC 3339; an offset without its colon is understood too.
    fn from_str(text: &str) -> Result<Timestamp, NoTimestamp> {
        DateTime::parse_from_rfc3339(text)
            .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
            .map(|time| Timestamp(time.with_timezone(&Utc)))
            .map_err(|_| NoTimestamp)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(|NoTimestamp| serde::de::Error::custom("no time with an offset"))
    }
}

/// The day that a text such as `2026-02-28` names; none where the calendar has no such day.
#[must_use]
pub fn calendar_day(text: &str) -> Option<NaiveDate> {
    let day = text.trim();
    (day.len() == 10).then(|| day.parse().ok()).flatten()
}

/// When the clock on the wall shows this time: for the first time where it does so twice, and the next
/// quarter of an hour that it shows where the clocks go forward over it. None beyond the calendar.
#[must_use]
pub fn on_the_wall<Z: TimeZone>(zone: &Z, time: NaiveDateTime) -> Option<Timestamp> {
    let shown = (0..=MOST_QUARTERS).find_map(|quarters| {
        let time = time.checked_add_signed(TimeDelta::minutes(15 * quarters))?;
        match zone.from_local_datetime(&time) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at),
            LocalResult::None => None,
        }
    });
    shown.map(|at| at.to_utc().into())
}

/// No clock ever went forward by more than a day.
const MOST_QUARTERS: i64 = 24 * 4;

#[cfg(test)]
mod tests {
    use super::{Timestamp, calendar_day, on_the_wall};

    #[test]
    fn what_services_write_is_read_and_written_in_one_form() {
        for (text, written) in [
            ("2026-11-22T10:00:00Z", Some("2026-11-22T10:00:00Z")),
            ("2026-11-22T10:00:00+09:00", Some("2026-11-22T01:00:00Z")),
            ("2026-11-22T10:00:00+0530", Some("2026-11-22T04:30:00Z")),
            ("2026-11-22T10:00:00.123456Z", Some("2026-11-22T10:00:00.123456Z")),
            ("2026-11-22T10:00:00.5-08:00", Some("2026-11-22T18:00:00.500Z")),
            ("2026-11-22T10:00:00", None),
            ("2026-11-22", None),
            ("2026-02-30T10:00:00Z", None),
            ("yesterday", None),
            ("", None),
        ] {
            let at = text.parse::<Timestamp>().ok();
            assert_eq!(at.map(|at| at.to_string()).as_deref(), written, "{text}");
            let seconds = written.and_then(|w| w.get(..19)).map(|seconds| format!("{seconds}Z"));
            assert_eq!(at.map(Timestamp::stamp), seconds, "{text}");
        }
    }

    #[test]
    fn the_clock_on_the_wall_shows_each_day_once() {
        use chrono_tz::{America, Asia, Europe, Tz};
        let check = |zone: Tz, wall: &str, moment: &str| {
            let at = on_the_wall(&zone, wall.parse().expect("a time"));
            assert_eq!(at.map(|at| at.to_string()).as_deref(), Some(moment), "{zone} {wall}");
        };
        check(Asia::Tokyo, "2026-11-22T08:00:00", "2026-11-21T23:00:00Z");
        // Twice: the first time counts.
        check(Europe::Berlin, "2026-10-25T02:30:00", "2026-10-25T00:30:00Z");
        // Never: the clocks go forward at midnight.
        check(America::Santiago, "2026-09-06T00:00:00", "2026-09-06T04:00:00Z");
    }

    #[test]
    fn only_days_of_the_calendar_are_days() {
        for (text, is_day) in [
            ("2026-02-28", true),
            (" 2024-02-29 ", true),
            ("2026-02-29", false),
            ("2026-13-01", false),
            ("2026-2-1", false),
            ("2026-02-28T00:00:00Z", false),
            ("20260228", false),
            ("", false),
        ] {
            assert_eq!(calendar_day(text).is_some(), is_day, "{text}");
        }
    }
}
