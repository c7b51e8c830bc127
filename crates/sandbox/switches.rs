//! The switches: what the services' published sources leave open, and limits that tests change.
//!
//! Where the sources leave something open, the default is the reading that hurts a careless client
//! ([`open_points`] lists them all), and lists trail the writes. [`Switches::quick`] is for whoever
//! tries the app by hand: nothing waits. [`Switches::strict`] turns on the quotas too, as everything
//! else that the real services do to a client.

mod open;
mod zoho;

use serde::{Deserialize, Serialize};

pub use crate::catalogue::Language;
pub use open::{OpenPoint, open_points};
pub use zoho::{
    Automation, CoqlBackslash, DeviceLife, Edition, Pkce, ScopeSpelling, StaleBatch, ZohoSwitches,
};

/// Every switch of both services.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// Google's switches.
    pub google: GoogleSwitches,
    /// Zoho's switches.
    pub zoho: ZohoSwitches,
    /// Whether the log keeps the answers to API calls too.
    pub log_answers: bool,
    /// Whether JSON comes with spaces and line breaks.
    pub spaced_json: bool,
}

/// What the consent page does by itself, for tests without a browser.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutoApprove {
    /// Shows the page.
    #[default]
    Off,
    /// Redirects at once as if everything was allowed.
    Allow,
    /// Redirects at once as if it was refused.
    Deny,
    /// Redirects at once, allowed, with the contacts box unticked (Google only; Zoho: as `allow`).
    Untick,
}

/// How parallel writes of one Google account are answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParallelWrites {
    /// Answered as usual.
    Fine,
    /// 409 ABORTED.
    #[default]
    Aborted,
    /// 503 UNAVAILABLE.
    Unavailable,
    /// As if the etag were stale.
    Etag,
}

/// What becomes of memberships that a create names: the sources disagree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreateMemberships {
    /// They are passed over without a word; the contact lands in the main list.
    #[default]
    Ignored,
    /// They are taken.
    Taken,
    /// The create is refused: 400 INVALID_ARGUMENT.
    Refused,
}

/// What becomes of a text that is longer than Google takes: no limit is published.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LongText {
    /// It is cut without a word.
    #[default]
    Cut,
    /// The contact is refused: 400 INVALID_ARGUMENT, without naming the field.
    Refused,
    /// It is taken: there is no limit.
    Taken,
}

/// Google's per-minute quotas; `None` switches one off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quotas {
    /// Critical reads per minute and user.
    pub critical_reads: Option<u64>,
    /// Critical writes per minute and user.
    pub critical_writes: Option<u64>,
    /// Group reads per minute and user.
    pub reads: Option<u64>,
    /// Deletes and group writes per minute and user.
    pub writes: Option<u64>,
    /// Photo writes per minute and user.
    pub photos: Option<u64>,
    /// Contact writes per day.
    pub daily_writes: Option<u64>,
    /// First pages of full lists per minute.
    pub full_syncs: Option<u64>,
}

/// Google's switches.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GoogleSwitches {
    /// What the consent page does by itself.
    pub auto_approve: AutoApprove,
    /// Index of the account that the consent page offers first.
    pub login_as: usize,
    /// Whether the boxes of the consent page start ticked.
    pub boxes_ticked: bool,
    /// Scopes that are not granted although they were asked for.
    pub scopes_dropped: Vec<String>,
    /// A failure that only the browser shows: `admin_policy_enforced`, `disallowed_useragent`, `org_internal`, `access_denied`.
    pub browser_failure: Option<String>,
    /// Life of an authorisation code, seconds.
    pub code_life_s: i64,
    /// Life of an access token, seconds.
    pub access_token_life_s: i64,
    /// Life of a refresh token in seconds (604800 in Testing mode); `None` is without end.
    pub refresh_token_life_s: Option<i64>,
    /// Live refresh tokens per account; one more drops the oldest.
    pub refresh_token_cap: usize,
    /// Every People call answers 403 SERVICE_DISABLED.
    pub service_disabled: bool,
    /// How long a write stays invisible to lists, milliseconds.
    pub write_lag_ms: i64,
    /// Whether full lists lag as well as incremental ones.
    pub full_lists_lag: bool,
    /// Life of a sync token, seconds.
    pub sync_token_life_s: i64,
    /// Whether a sync token's age counts from its full sync (else from its own issue).
    pub sync_age_from_full: bool,
    /// Status word of an expired sync token.
    pub expired_sync_status: String,
    /// HTTP status of an expired sync token.
    pub expired_sync_http: u16,
    /// Whether `person.etag` differs with the read mask.
    pub etag_varies: bool,
    /// Quotas.
    pub quotas: Quotas,
    /// `Retry-After` of quota answers, seconds.
    pub retry_after: Option<u64>,
    /// Every write answers 429 "FBS quota limit exceeded".
    pub fbs_exhausted: bool,
    /// Contacts per account.
    pub contact_cap: usize,
    /// Whether contacts in the bin count towards the cap.
    pub cap_counts_trash: bool,
    /// HTTP status at the cap (400 or 429).
    pub cap_status: u16,
    /// How parallel writes are answered.
    pub parallel_writes: ParallelWrites,
    /// Whether a `pageSize` above 1000 is cut to 1000 (else refused).
    pub clamp_page_size: bool,
    /// Whether batchUpdate applies the good items although others fail.
    pub batch_update_partial: bool,
    /// Whether batchUpdate answers `{}` even with a read mask.
    pub batch_update_silent: bool,
    /// Whether batchDelete ignores unknown names (else 404 for all).
    pub batch_delete_ignores_unknown: bool,
    /// Whether a name that has only displayName is refused (else the name is ignored).
    pub refuse_display_name_only: bool,
    /// Whether writing organizations with dates fails with 500.
    pub organization_dates_fail: bool,
    /// Whether a birthday that is only text (deprecated, and read all the same) is refused with 400
    /// when it is written.
    pub text_birthdays_fail: bool,
    /// Whether an empty createContact is refused.
    pub refuse_empty_create: bool,
    /// What becomes of memberships that a create names.
    pub create_memberships: CreateMemberships,
    /// What becomes of a text that is longer than [`GoogleSwitches::longest_text`].
    pub long_text: LongText,
    /// The most characters of one text of a contact.
    pub longest_text: usize,
    /// Whether batchGet and get follow a contact's old name after a rename.
    pub follow_renames: bool,
    /// Whether items of a field come in another order with each call, the primary one anywhere.
    pub shuffle_items: bool,
    /// Whether errors carry the old `errors` array too.
    pub old_errors: bool,
    /// Whether the list of an account without one contact brings a sync token.
    pub empty_gives_sync_token: bool,
    /// Whether lists come back empty with 200.
    pub empty_lists: bool,
    /// Most e-mails and phones per person in lists.
    pub list_item_cap: usize,
    /// Region for national phone numbers (JP, US, GB, DE, FR, NL).
    pub region: String,
}

impl Default for GoogleSwitches {
    fn default() -> Self {
        Self {
            auto_approve: AutoApprove::Off,
            login_as: 0,
            boxes_ticked: true,
            scopes_dropped: Vec::new(),
            browser_failure: None,
            code_life_s: 600,
            access_token_life_s: 3600,
            refresh_token_life_s: None,
            refresh_token_cap: 100,
            service_disabled: false,
            write_lag_ms: 10_000,
            full_lists_lag: true,
            sync_token_life_s: 7 * 86_400,
            sync_age_from_full: true,
            expired_sync_status: "FAILED_PRECONDITION".to_owned(),
            expired_sync_http: 400,
            etag_varies: true,
            quotas: Quotas::default(),
            retry_after: None,
            fbs_exhausted: false,
            contact_cap: 25_000,
            cap_counts_trash: true,
            cap_status: 400,
            parallel_writes: ParallelWrites::Aborted,
            clamp_page_size: false,
            batch_update_partial: false,
            batch_update_silent: false,
            batch_delete_ignores_unknown: false,
            refuse_display_name_only: false,
            organization_dates_fail: true,
            text_birthdays_fail: true,
            refuse_empty_create: false,
            create_memberships: CreateMemberships::Ignored,
            long_text: LongText::Cut,
            longest_text: 1024,
            follow_renames: false,
            shuffle_items: true,
            old_errors: false,
            empty_gives_sync_token: false,
            empty_lists: false,
            list_item_cap: 100,
            region: "JP".to_owned(),
        }
    }
}

impl Switches {
    /// As by default, with lists that show a write at once: for a person at the pages, and for tests
    /// whose clock is the computer's.
    pub fn quick() -> Self {
        let mut quick = Self::default();
        quick.google.write_lag_ms = 0;
        quick
    }

    /// The profile that is as hard as the real services.
    pub fn strict() -> Self {
        let mut strict = Self::default();
        strict.google.quotas = Quotas {
            critical_reads: Some(60),
            critical_writes: Some(30),
            reads: Some(90),
            writes: Some(30),
            photos: Some(50),
            daily_writes: Some(100_000),
            full_syncs: Some(6),
        };
        strict.zoho.search_lag_ms = 30_000;
        strict
    }
}
