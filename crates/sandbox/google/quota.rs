//! Google's quotas: windows of one minute (and one day) per account.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};

use super::errors::{Fault, error_info};
use crate::clock::SECOND;
use crate::switches::GoogleSwitches;

/// What one call takes from each bucket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    pub(crate) critical_reads: u64,
    pub(crate) critical_writes: u64,
    pub(crate) reads: u64,
    pub(crate) writes: u64,
    pub(crate) photos: u64,
    pub(crate) daily_writes: u64,
    pub(crate) full_syncs: u64,
}

impl Cost {
    pub(crate) fn is_write(&self) -> bool {
        self.critical_writes + self.writes + self.photos > 0
    }
}

struct Bucket {
    key: &'static str,
    title: &'static str,
    metric: &'static str,
    limit_name: &'static str,
    window: i64,
    unit: &'static str,
}

const MINUTE: i64 = 60 * SECOND;

const CRITICAL_READS: Bucket = Bucket {
    key: "critical_reads",
    title: "Critical read requests (Contact and Profile Reads)",
    metric: "critical_read_requests",
    limit_name: "CriticalReadsPerMinutePerProjectPerUser",
    window: MINUTE,
    unit: "per minute per user",
};
const CRITICAL_WRITES: Bucket = Bucket {
    key: "critical_writes",
    title: "Critical write requests (Contact Creates and Updates)",
    metric: "critical_write_requests",
    limit_name: "CriticalWritesPerMinutePerProjectPerUser",
    window: MINUTE,
    unit: "per minute per user",
};
const READS: Bucket = Bucket {
    key: "reads",
    title: "Read requests (Contact Group Reads)",
    metric: "read_requests",
    limit_name: "ReadsPerMinutePerProjectPerUser",
    window: MINUTE,
    unit: "per minute per user",
};
const WRITES: Bucket = Bucket {
    key: "writes",
    title: "Write requests (Contact Deletes and Contact Group Writes)",
    metric: "write_requests",
    limit_name: "WritesPerMinutePerProjectPerUser",
    window: MINUTE,
    unit: "per minute per user",
};
const PHOTOS: Bucket = Bucket {
    key: "photos",
    title: "Photo write requests (Photo Updates)",
    metric: "photo_write_requests",
    limit_name: "PhotoWritesPerMinutePerProjectPerUser",
    window: MINUTE,
    unit: "per minute per user",
};
const DAILY: Bucket = Bucket {
    key: "daily_writes",
    title: "Daily Contact Writes (Total)",
    metric: "daily_contact_writes",
    limit_name: "DailyContactWritesPerProjectPerUser",
    window: 86_400 * SECOND,
    unit: "per day per user",
};

/// What was spent, per account and bucket.
#[derive(Debug, Clone, Default)]
pub(crate) struct Quota {
    spent: BTreeMap<(usize, &'static str), VecDeque<(i64, u64)>>,
}

impl Quota {
    /// Takes the cost of one call, or tells which bucket is empty.
    pub(crate) fn spend(
        &mut self,
        cost: &Cost,
        switches: &GoogleSwitches,
        account: usize,
        now: i64,
    ) -> Result<(), Fault> {
        let quotas = &switches.quotas;
        let with_header = |mut fault: Fault| {
            fault.header = switches.retry_after.map(|s| ("retry-after", s.to_string()));
            fault
        };
        if switches.fbs_exhausted && cost.is_write() {
            let violation = json!([{
                "@type": "type.googleapis.com/google.rpc.QuotaFailure",
                "violations": [{"subject": "QUOTA_EXCEEDED", "description": "FBS quota limit exceeded"}],
            }]);
            return Err(with_header(exhausted(
                "Resource has been exhausted (e.g. check quota).",
                violation,
            )));
        }
        let full = self.used(account, "full_syncs", MINUTE, now);
        if quotas
            .full_syncs
            .is_some_and(|limit| cost.full_syncs > 0 && full + cost.full_syncs > limit)
        {
            return Err(with_header(exhausted(
                "Resource has been exhausted (e.g. check quota).",
                Value::Null,
            )));
        }
        let wanted = [
            (&CRITICAL_READS, cost.critical_reads, quotas.critical_reads),
            (&CRITICAL_WRITES, cost.critical_writes, quotas.critical_writes),
            (&READS, cost.reads, quotas.reads),
            (&WRITES, cost.writes, quotas.writes),
            (&PHOTOS, cost.photos, quotas.photos),
            (&DAILY, cost.daily_writes, quotas.daily_writes),
        ];
        for (bucket, amount, limit) in &wanted {
            let used = self.used(account, bucket.key, bucket.window, now);
            if limit.is_some_and(|limit| *amount > 0 && used + amount > limit) {
                return Err(with_header(over(bucket)));
            }
        }
        for (bucket, amount, limit) in wanted {
            if limit.is_some() && amount > 0 {
                self.spent.entry((account, bucket.key)).or_default().push_back((now, amount));
            }
        }
        if quotas.full_syncs.is_some() && cost.full_syncs > 0 {
            self.spent
                .entry((account, "full_syncs"))
                .or_default()
                .push_back((now, cost.full_syncs));
        }
        Ok(())
    }

    fn used(&mut self, account: usize, key: &'static str, window: i64, now: i64) -> u64 {
        let Some(spent) = self.spent.get_mut(&(account, key)) else { return 0 };
        while spent.front().is_some_and(|(at, _)| at + window <= now) {
            spent.pop_front();
        }
        spent.iter().map(|(_, amount)| amount).sum()
    }
}

fn exhausted(message: &str, details: Value) -> Fault {
    let fault = Fault::new(429, "RESOURCE_EXHAUSTED", message);
    if details.is_null() { fault } else { fault.details(details) }
}

fn over(bucket: &Bucket) -> Fault {
    let title = bucket.title;
    let metadata = json!({
        "service": "people.googleapis.com",
        "consumer": "projects/1",
        "quota_metric": format!("people.googleapis.com/{}", bucket.metric),
        "quota_limit": bucket.limit_name,
    });
    exhausted(
        &format!(
            "Quota exceeded for quota metric '{title}' and limit '{title} {}' of service 'people.googleapis.com' for consumer 'project_number:1'.",
            bucket.unit
        ),
        json!([error_info("RATE_LIMIT_EXCEEDED", "googleapis.com", &metadata)]),
    )
}

/// The answer of an injected 429.
pub(crate) fn injected() -> Fault {
    over(&CRITICAL_WRITES)
}
