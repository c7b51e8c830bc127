//! What the overview draws: who is on either side of each sync, and what the last thirty days
//! brought.

use chrono::{Days, Local, NaiveTime, TimeZone};
use renraku_core::contact::Side;
use renraku_core::timestamp::{Timestamp, on_the_wall};
use renraku_store::{Place, Span, Store, SyncRow};

use crate::api::{End, Ends, Failure, FailureCode, Overview};
use crate::handle::engine::Engine;
use crate::sync::label;
use crate::sync::session::rules;
use crate::text::message;

/// How many days are drawn.
const DAYS: u64 = 30;

impl Engine {
    /// Both ends of each sync as they were last read, and the last thirty days in the person's time
    /// zone. Nothing is asked of the services.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn overview(&self) -> Result<Overview, Failure> {
        let days = days((self.inner.clock)(), &Local);
        let days = days.ok_or_else(|| Failure::new(FailureCode::Store, "error-database"))?;
        let syncs = self.sync_rows()?.iter().map(|row| self.ends(row)).collect::<Result<_, _>>()?;
        Ok(Overview { syncs, days: self.inner.store.activity(&days, &message::ALARMS)? })
    }

    fn ends(&self, sync: &SyncRow) -> Result<Ends, Failure> {
        let rules = rules(sync)?;
        let module = sync.setup.module;
        let place = |side: Side| Place::of(side, module);
        let count = |side: Side, scope: Option<&str>| {
            let counted = self.inner.store.read(|db| match scope {
                Some(scope) => Store::count_within(db, sync.ledger, place(side), scope),
                None => Store::count_here(db, sync.ledger, place(side)),
            });
            // Before the first reading nobody is known, which is not the same as nobody being there.
            let known = |count: &u32| *count > 0 || sync.last_synced_at.is_some();
            Ok::<_, Failure>(Some(counted?).filter(known))
        };
        let label = match &rules.label {
            // A label that is still to be made has no members.
            Some(name) => {
                let id = self.inner.store.cursor(sync.ledger, &label::feed(name));
                Some(id?.unwrap_or_default())
            }
            None => None,
        };
        let view = rules.view_name.clone().or_else(|| sync.setup.zoho_view.clone());
        Ok(Ends {
            module,
            zoho: End { contacts: count(Side::Zoho, rules.view.as_deref())?, within: view },
            google: End { contacts: count(Side::Google, label.as_deref())?, within: rules.label },
            kept_out: self.inner.store.count_kept_out(sync.id)?,
        })
    }
}

/// The last thirty days up to today: the name of each, and when it begins and ends.
fn days<Z: TimeZone>(now: Timestamp, zone: &Z) -> Option<Vec<Span>> {
    let today = now.utc().with_timezone(zone).date_naive();
    (0..DAYS)
        .rev()
        .map(|ago| {
            let day = today.checked_sub_days(Days::new(ago))?;
            let begins = on_the_wall(zone, day.and_time(NaiveTime::MIN))?.as_second();
            let ends = on_the_wall(zone, day.succ_opt()?.and_time(NaiveTime::MIN))?.as_second();
            Some((day.to_string(), begins, ends))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_and_ends_with_the_person_s_own() {
        let check = |zone: &str, now: &str, last: &str, hours: &[(&str, i64)]| {
            let zone: chrono_tz::Tz = zone.parse().unwrap();
            let days = days(now.parse().unwrap(), &zone).unwrap();
            assert_eq!(days.len(), 30);
            assert_eq!(days.last().unwrap().0, last, "{now}");
            for (a, b) in days.iter().zip(days.iter().skip(1)) {
                assert_eq!(a.2, b.1, "no moment lies between {} and {}", a.0, b.0);
            }
            for (day, length) in hours {
                let (_, begins, ends) = days.iter().find(|(name, ..)| name == day).unwrap();
                assert_eq!((ends - begins) / 3600, *length, "{day}");
            }
        };
        check("Asia/Tokyo", "2026-11-26T16:00:00Z", "2026-11-27", &[("2026-11-27", 24)]);
        check("Asia/Tokyo", "2026-11-26T14:59:59Z", "2026-11-26", &[("2026-10-28", 24)]);
        // The clocks go back in the night to the first of November.
        let back = [("2026-11-01", 25), ("2026-11-02", 24)];
        check("America/New_York", "2026-11-10T03:00:00Z", "2026-11-09", &back);
    }
}
