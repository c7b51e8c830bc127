//! Zoho's switches.

use crate::catalogue::Language;
use serde::{Deserialize, Serialize};

use super::AutoApprove;

/// Zoho's editions, which set credits and concurrency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// 5,000 credits a day, 5 calls at once.
    Free,
    /// 50,000 credits, 10 calls.
    Standard,
    /// 50,000 credits, 15 calls.
    Professional,
    /// 50,000 credits, 20 calls.
    #[default]
    Enterprise,
    /// 50,000 credits, 25 calls.
    Ultimate,
}

impl Edition {
    /// Credits per rolling 24 hours, without those per user.
    pub(crate) fn credits(self) -> u64 {
        match self {
            Self::Free => 5_000,
            Self::Standard | Self::Professional | Self::Enterprise | Self::Ultimate => 50_000,
        }
    }

    /// Calls that may run at once.
    pub(crate) fn concurrency(self) -> usize {
        match self {
            Self::Free => 5,
            Self::Standard => 10,
            Self::Professional => 15,
            Self::Enterprise => 20,
            Self::Ultimate => 25,
        }
    }
}

/// How Zoho's query language reads a backslash in a text: undocumented. Before a quote it is a syntax
/// error in any case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoqlBackslash {
    /// A syntax error.
    #[default]
    Refused,
    /// A character like any other.
    Literal,
    /// It stands for the character behind it.
    Escape,
}

/// What becomes of a sign-in with PKCE.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pkce {
    /// As the client's type has it: the one for mobile and desktop apps is refused without it, the
    /// one for servers is refused with it, either on a page in the browser, which never comes back.
    #[default]
    ByType,
    /// It is checked where it comes, and missed by nobody.
    Checked,
    /// A page in the browser refuses it, which never comes back.
    RefusedOnPage,
    /// The redirect refuses it.
    RefusedByRedirect,
    /// The token endpoint refuses it; the code is used up.
    RefusedWithTokens,
}

/// How an update of several records answers where only some are newer than `If-Unmodified-Since`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaleBatch {
    /// The whole call is refused with 412 and one item, which names the first of them.
    #[default]
    Whole,
    /// The others are written; each has its own item.
    Each,
}

/// In what the life of a device's code is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceLife {
    /// As Zoho's page shows it.
    #[default]
    Milliseconds,
    /// As the standard has it.
    Seconds,
}

/// How granted scopes are spelled in a token answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeSpelling {
    /// With the capitals of Zoho's pages, in an order of its own.
    #[default]
    Capitals,
    /// As they were asked for.
    Asked,
    /// In small letters, separated by commas.
    Commas,
    /// Not at all.
    Silent,
}

/// An automation of the organisation (a workflow) that reacts to written records.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Automation {
    /// The module it watches.
    pub module: String,
    /// The field it sets.
    pub field: String,
    /// The value it sets.
    pub value: serde_json::Value,
    /// Milliseconds of the sandbox clock after the write.
    #[serde(default)]
    pub delay_ms: i64,
    /// Fires even when the write said `trigger: []` (a badly behaved integration).
    #[serde(default)]
    pub always: bool,
}

/// Zoho's switches.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ZohoSwitches {
    /// What the user speaks: what fields are called, and the pages of both stand-ins.
    pub language: Language,
    /// What the consent page does by itself.
    pub auto_approve: AutoApprove,
    /// Index of the account that the consent page offers first.
    pub login_as: usize,
    /// The data centre where the account lives: one of Zoho's ten (`us`, `eu`, `in`, `au`, `jp`,
    /// `ca`, `sa`, `uk`, `ae`, `cn`), or `zz`, which no client has ever heard of.
    pub data_centre: String,
    /// The data centre in whose console the client is registered: no other one's sign-in knows it.
    pub client_centre: String,
    /// Whether the client has Multi-DC: users of other data centres are sent on to their own.
    pub multi_dc: bool,
    /// What becomes of a sign-in with PKCE.
    pub pkce: Pkce,
    /// How granted scopes are spelled in a token answer.
    pub scope_spelling: ScopeSpelling,
    /// Scopes that are not granted although they were asked for.
    pub scopes_dropped: Vec<String>,
    /// The only redirect URI that is registered; any loopback http address when absent.
    pub redirect_uri: Option<String>,
    /// Whether the token endpoint demands the client secret.
    pub secret_required: bool,
    /// HTTP status of token errors (200 or 400).
    pub token_error_status: u16,
    /// Life of an authorisation code, seconds.
    pub code_life_s: i64,
    /// In what the life of a device's code is told.
    pub device_life: DeviceLife,
    /// Life of an access token, seconds.
    pub access_token_life_s: i64,
    /// Whether more than 10 access tokens in 10 minutes are answered with "Access Denied".
    pub throttle_refresh: bool,
    /// HTTP status of that answer (400 or 200).
    pub throttle_status: u16,
    /// Live refresh tokens per user; one more drops the oldest.
    pub refresh_token_cap: usize,
    /// Code of a 401: `INVALID_TOKEN` or `AUTHENTICATION_FAILURE`.
    pub unauthorized_code: String,
    /// Whether If-Modified-Since also returns records of that very second.
    pub modified_since_inclusive: bool,
    /// Status of a view's list (`cvid`) where nothing is newer than `If-Modified-Since` (304, which
    /// other lists answer, or 204).
    pub unchanged_view_status: u16,
    /// How an update answers where only some of its records are newer than `If-Unmodified-Since`.
    pub stale_batch: StaleBatch,
    /// Whether the organisation has a review process: a record that the API updated takes no further
    /// change until a person has reviewed it.
    pub review_process: bool,
    /// Status when every item of a write failed (202, as older versions did, or 400).
    pub all_failed_status: u16,
    /// Status of GET by id for a deleted record (204, or 400 with INVALID_DATA).
    pub missing_record_status: u16,
    /// Whether several bad fields give MULTIPLE_OR_MULTI_ERRORS (else the first).
    pub multiple_errors: bool,
    /// Whether writing a read-only field is refused (else ignored).
    pub refuse_read_only: bool,
    /// Whether an unknown field is refused, written or asked for in a list (else ignored).
    pub refuse_unknown_fields: bool,
    /// Whether a pick list refuses values that it does not hold.
    pub restrict_pick_lists: bool,
    /// Whether `Account_Name` written by name links or makes the account (else INVALID_DATA).
    pub account_by_name: bool,
    /// Whether COQL answers lookups with their id only.
    pub coql_lookup_id_only: bool,
    /// Whether an empty multi-select is null (else an empty list).
    pub empty_multiselect_null: bool,
    /// Whether request-level write errors come wrapped in `data`.
    pub wrapped_write_errors: bool,
    /// The calling user's time zone (IANA).
    pub time_zone: String,
    /// The edition.
    pub edition: Edition,
    /// Whether credits are counted against the edition's budget.
    pub credits_enforced: bool,
    /// Credits per rolling 24 hours, instead of the edition's.
    pub credits: Option<u64>,
    /// Whether concurrency is capped: by the edition, and at 10 for queries and writes in every
    /// edition.
    pub concurrency_enforced: bool,
    /// Calls at once, instead of the edition's.
    pub concurrency: Option<usize>,
    /// Code of a 429: `TOO_MANY_REQUESTS` or `RATE_LIMIT_EXCEEDED`.
    pub too_many_code: String,
    /// Whether records and writes speak a pick list's actual values (else its display values).
    pub pick_lists_speak_actual: bool,
    /// Whether the organisation has cadences: they run with every insert and update that does not
    /// skip them.
    pub cadences: bool,
    /// Whether a unique field of Leads is compared with that of Contacts too, and the other way round.
    pub duplicates_across_modules: bool,
    /// Whether a value that an item of a call gives up is free for a later item of the same call.
    pub unique_sees_own_call: bool,
    /// Most values in one COQL `in` (100; 50 before v7).
    pub coql_in_limit: usize,
    /// Most columns of one COQL query (500; 50 before v7).
    pub coql_columns: usize,
    /// How COQL reads a backslash.
    pub coql_backslash: CoqlBackslash,
    /// Texts that COQL cannot read, for whatever reason: a query with one is a syntax error.
    pub coql_chokes_on: Vec<String>,
    /// Fields that no answer with records holds, whatever is asked for.
    pub withheld_fields: Vec<String>,
    /// How long search does not see a write, milliseconds.
    pub search_lag_ms: i64,
    /// Automations of the organisation.
    pub automations: Vec<Automation>,
    /// Seconds by which the server's Date header differs from its own clock.
    pub date_skew_s: i64,
    /// Whether a merge puts the losing record into the deleted list.
    pub merge_reports_deleted: bool,
    /// Whether a record that was merged away is in the bin, as one that was deleted by hand.
    pub merge_fills_bin: bool,
    /// Whether taking a record out of the bin bumps its Modified_Time.
    pub restore_bumps: bool,
    /// Whether renaming an account bumps the Modified_Time of its contacts.
    pub account_rename_bumps: bool,
    /// Whether the edition is only on trial.
    pub trial: bool,
    /// The organisation's type: `production`, `sandbox`, `developer`.
    pub org_type: String,
}

impl Default for ZohoSwitches {
    fn default() -> Self {
        Self {
            language: Language::En,
            auto_approve: AutoApprove::Off,
            login_as: 0,
            data_centre: "us".to_owned(),
            client_centre: "us".to_owned(),
            multi_dc: true,
            pkce: Pkce::ByType,
            scope_spelling: ScopeSpelling::Capitals,
            scopes_dropped: Vec::new(),
            redirect_uri: Some(crate::zoho::oauth::REDIRECT.to_owned()),
            secret_required: true,
            token_error_status: 200,
            code_life_s: 60,
            device_life: DeviceLife::Milliseconds,
            access_token_life_s: 3600,
            throttle_refresh: true,
            throttle_status: 400,
            refresh_token_cap: 20,
            unauthorized_code: "INVALID_TOKEN".to_owned(),
            modified_since_inclusive: false,
            unchanged_view_status: 204,
            stale_batch: StaleBatch::Whole,
            review_process: false,
            all_failed_status: 202,
            missing_record_status: 204,
            multiple_errors: true,
            refuse_read_only: false,
            refuse_unknown_fields: false,
            restrict_pick_lists: false,
            account_by_name: false,
            coql_lookup_id_only: true,
            empty_multiselect_null: false,
            wrapped_write_errors: false,
            time_zone: "America/New_York".to_owned(),
            edition: Edition::Enterprise,
            credits_enforced: true,
            credits: None,
            concurrency_enforced: true,
            concurrency: None,
            too_many_code: "RATE_LIMIT_EXCEEDED".to_owned(),
            pick_lists_speak_actual: false,
            cadences: true,
            duplicates_across_modules: true,
            unique_sees_own_call: false,
            coql_in_limit: 100,
            coql_columns: 500,
            coql_backslash: CoqlBackslash::Refused,
            coql_chokes_on: Vec::new(),
            withheld_fields: Vec::new(),
            search_lag_ms: 0,
            automations: Vec::new(),
            date_skew_s: 0,
            merge_reports_deleted: true,
            merge_fills_bin: false,
            restore_bumps: false,
            account_rename_bumps: false,
            trial: false,
            org_type: "production".to_owned(),
        }
    }
}
