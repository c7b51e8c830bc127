//! What the services' published pages leave open, in one table: tests go over it, and a client has to
//! live with either reading of each line.

use serde_json::{Value, json};

/// One question that nobody can answer without a live account.
#[derive(Debug, Clone, Copy)]
pub struct OpenPoint {
    /// What is not known.
    pub question: &'static str,
    /// The switch that stands for it, as `service.switch`.
    pub switch: &'static str,
    /// Its readings, as JSON. The first is the default: it hurts a client that took another for
    /// granted.
    pub readings: &'static [&'static str],
}

impl OpenPoint {
    /// The switches that set one of the readings, to be laid over the others.
    #[must_use]
    pub fn under(&self, reading: &str) -> Value {
        let value: Value = serde_json::from_str(reading).unwrap_or(Value::Null);
        match self.switch.split_once('.') {
            Some((service, switch)) => json!({service: {switch: value}}),
            None => json!({self.switch: value}),
        }
    }
}

/// Every open point. What the pages settle is no switch's matter here, nor what an organisation or an
/// account chooses for itself.
#[must_use]
pub fn open_points() -> &'static [OpenPoint] {
    &POINTS
}

const NO_YES: &[&str] = &["false", "true"];
const YES_NO: &[&str] = &["true", "false"];

const fn point(
    question: &'static str,
    switch: &'static str,
    readings: &'static [&'static str],
) -> OpenPoint {
    OpenPoint { question, switch, readings }
}

const POINTS: [OpenPoint; 53] = [
    // Zoho: signing in.
    point(
        "where PKCE is demanded and where it is refused",
        "zoho.pkce",
        &[r#""by_type""#, r#""checked""#, r#""refused_by_redirect""#, r#""refused_with_tokens""#],
    ),
    point("whether an app for desktops needs its secret", "zoho.secret_required", YES_NO),
    point(
        "whether the redirect's spelling and port count",
        "zoho.redirect_uri",
        &[r#""http://localhost:48620/callback""#, "null"],
    ),
    point(
        "how granted scopes are spelled",
        "zoho.scope_spelling",
        &[r#""capitals""#, r#""asked""#, r#""commas""#, r#""silent""#],
    ),
    point("the status of a token error", "zoho.token_error_status", &["200", "400"]),
    point("the status of \"Access Denied\"", "zoho.throttle_status", &["400", "200"]),
    point(
        "the code of a token that has ended",
        "zoho.unauthorized_code",
        &[r#""INVALID_TOKEN""#, r#""AUTHENTICATION_FAILURE""#],
    ),
    point("how long a code of a sign-in lives", "zoho.code_life_s", &["60", "120", "180"]),
    point(
        "in what the life of a code for devices is told",
        "zoho.device_life",
        &[r#""milliseconds""#, r#""seconds""#],
    ),
    // Zoho: reading.
    point(
        "whether changes of that very second belong to If-Modified-Since",
        "zoho.modified_since_inclusive",
        NO_YES,
    ),
    point("what a view without changes answers", "zoho.unchanged_view_status", &["204", "304"]),
    point("what a record that is gone answers", "zoho.missing_record_status", &["204", "400"]),
    point("whether queries answer lookups with their names", "zoho.coql_lookup_id_only", YES_NO),
    point(
        "how a query reads a backslash",
        "zoho.coql_backslash",
        &[r#""refused""#, r#""literal""#, r#""escape""#],
    ),
    point("what an empty multi-select is", "zoho.empty_multiselect_null", NO_YES),
    point("whether a merge tells of the losing record", "zoho.merge_reports_deleted", YES_NO),
    point("whether a record that was merged away is in the bin", "zoho.merge_fills_bin", NO_YES),
    point("whether a restored record counts as modified", "zoho.restore_bumps", NO_YES),
    point("whether a renamed account modifies its contacts", "zoho.account_rename_bumps", NO_YES),
    // Zoho: writing.
    point(
        "how a batch answers where only some records are newer",
        "zoho.stale_batch",
        &[r#""whole""#, r#""each""#],
    ),
    point("the status where every record was refused", "zoho.all_failed_status", &["202", "400"]),
    point("whether an account can be written by its name", "zoho.account_by_name", NO_YES),
    point("whether errors of a whole write come wrapped", "zoho.wrapped_write_errors", NO_YES),
    point("whether a value given up in a call is free in it", "zoho.unique_sees_own_call", NO_YES),
    point(
        "the code of \"too many\"",
        "zoho.too_many_code",
        &[r#""RATE_LIMIT_EXCEEDED""#, r#""TOO_MANY_REQUESTS""#],
    ),
    point("whether all faults of a record are told", "zoho.multiple_errors", YES_NO),
    point(
        "whether a value for a field that takes none is refused",
        "zoho.refuse_read_only",
        NO_YES,
    ),
    point("whether a field that nobody knows is refused", "zoho.refuse_unknown_fields", NO_YES),
    point("whether a value outside its pick list is refused", "zoho.restrict_pick_lists", NO_YES),
    point(
        "whether a unique value is looked for among leads and contacts alike",
        "zoho.duplicates_across_modules",
        YES_NO,
    ),
    point("whether calls at once are counted", "zoho.concurrency_enforced", YES_NO),
    // Google.
    point("whether runs extend a sync token's week", "google.sync_age_from_full", YES_NO),
    point(
        "the status word of an expired sync token",
        "google.expired_sync_status",
        &[r#""FAILED_PRECONDITION""#, r#""INVALID_ARGUMENT""#],
    ),
    point("the HTTP status of an expired sync token", "google.expired_sync_http", &["400", "410"]),
    point("whether an empty account gives a sync token", "google.empty_gives_sync_token", NO_YES),
    point("how long lists trail a write", "google.write_lag_ms", &["10000", "0"]),
    point("whether full lists lag as well", "google.full_lists_lag", YES_NO),
    point(
        "whether a batch with a stale etag is written in part",
        "google.batch_update_partial",
        NO_YES,
    ),
    point("whether a batch update shows what it wrote", "google.batch_update_silent", NO_YES),
    point(
        "whether an unknown name refuses a batch of deletions",
        "google.batch_delete_ignores_unknown",
        NO_YES,
    ),
    point(
        "what becomes of groups that a create names",
        "google.create_memberships",
        &[r#""ignored""#, r#""refused""#, r#""taken""#],
    ),
    point(
        "how long a text may be, and what becomes of a longer one",
        "google.long_text",
        &[r#""cut""#, r#""refused""#, r#""taken""#],
    ),
    point("whether a page above a thousand is refused", "google.clamp_page_size", NO_YES),
    point(
        "whether entries of a field come in another order with each call, the primary one anywhere",
        "google.shuffle_items",
        YES_NO,
    ),
    point("whether a contact answers to a name it had before", "google.follow_renames", NO_YES),
    point("whether contacts in the bin count towards the cap", "google.cap_counts_trash", YES_NO),
    point("the status at the cap", "google.cap_status", &["400", "429"]),
    point(
        "how writes at the same time are answered",
        "google.parallel_writes",
        &[r#""aborted""#, r#""unavailable""#, r#""etag""#, r#""fine""#],
    ),
    point("whether an etag differs with what was asked for", "google.etag_varies", YES_NO),
    point("whether errors carry the older list too", "google.old_errors", NO_YES),
    point("whether dates of an organisation fail", "google.organization_dates_fail", YES_NO),
    point("whether a birthday that is only text fails", "google.text_birthdays_fail", YES_NO),
    point("whether a contact without content is refused", "google.refuse_empty_create", NO_YES),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::switches::Switches;

    #[test]
    fn the_default_of_every_open_point_is_its_first_reading() {
        let default = json!(Switches::default());
        for point in open_points() {
            let first = point.readings.first().expect("a reading");
            let under = point.under(first);
            let (service, switch) = point.switch.split_once('.').expect("service.switch");
            assert_eq!(default[service].get(switch), under[service].get(switch), "{point:?}");
            for reading in point.readings {
                let mut all = default.clone();
                all[service][switch] = point.under(reading)[service][switch].clone();
                let read = serde_json::from_value::<Switches>(all);
                assert!(read.is_ok(), "{}: {reading}", point.switch);
            }
        }
    }
}
