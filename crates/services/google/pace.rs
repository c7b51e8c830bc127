//! How fast writes go out. Google prices a batch of up to 200 contacts at six "critical" units
//! a minute, and how many units an account has differs from project to project and is told
//! nowhere: so writes go as fast as they can until Google first asks to wait, and keep an even
//! pace from then on, slower at each further time.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

/// Units of one batch create or update.
const BATCH_UNITS: NonZeroU32 = NonZeroU32::new(6).unwrap();
/// The figures seen in consoles, from generous to strict; the last is kept.
const UNITS_A_MINUTE: [NonZeroU32; 3] =
    [NonZeroU32::new(90).unwrap(), NonZeroU32::new(60).unwrap(), NonZeroU32::new(30).unwrap()];

/// The pace of one account.
#[derive(Default)]
pub(super) struct Pace {
    throttles: u32,
    limiter: Option<DefaultDirectRateLimiter>,
}

impl Pace {
    /// How long to wait before the next batch; `throttles` is how often Google has asked to wait
    /// so far.
    pub(super) fn pause(&mut self, throttles: u32) -> Duration {
        if throttles > self.throttles {
            self.throttles = throttles;
            let step = (throttles as usize - 1).min(UNITS_A_MINUTE.len() - 1);
            self.limiter = UNITS_A_MINUTE.get(step).map(|units| {
                RateLimiter::direct(Quota::per_minute(*units).allow_burst(BATCH_UNITS))
            });
        }
        let Some(limiter) = &self.limiter else { return Duration::ZERO };
        match limiter.check_n(BATCH_UNITS) {
            Ok(Err(early)) => early.wait_time_from(DefaultClock::default().now()),
            Ok(Ok(())) | Err(_) => Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;
    use std::time::Duration;

    #[test]
    fn writes_are_free_until_google_asks_to_wait_and_even_from_then_on() {
        let mut pace = Pace::default();
        for _ in 0..1000 {
            assert_eq!(pace.pause(0), Duration::ZERO, "no quota is known yet");
        }
        assert_eq!(pace.pause(1), Duration::ZERO, "the first batch after the wait");
        let four = pace.pause(1);
        assert!((3_500..=4_000).contains(&four.as_millis()), "six units at 90 a minute: {four:?}");
        assert_eq!(pace.pause(9), Duration::ZERO, "asked again: a new pace begins");
        let twelve = pace.pause(9);
        assert!((11_000..=12_000).contains(&twelve.as_millis()), "the strictest pace: {twelve:?}");
    }
}
