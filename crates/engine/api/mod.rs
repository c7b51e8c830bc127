//! What the engine answers: the types that the window and the command line show. Times are
//! RFC 3339 in UTC, ids are text.

mod change;
pub mod clients;
mod contacts;
mod evidence;
mod files;
mod newcomers;
mod overview;
pub(crate) mod progress;

pub use change::{Change, RunChanges};
pub use clients::{ClientSource, GoogleClient, ZohoClient};
pub(crate) use contacts::ContactId;
pub use contacts::{
    Contact, ContactAction, ContactCounts, ContactDetail, ContactPage, ContactQuery, ContactRun,
    ContactState,
};
pub use evidence::{Beside, Evidence, Seen, SeenField};
pub use files::{FileForm, Forgotten, Snapshot, Whose};
pub use newcomers::{Crowd, Newcomers};
pub use overview::{End, Ends, Overview};
pub use progress::{Event, Phase, Progress, SetupDraft};
pub use renraku_core::message::{Failure, FailureCode};
pub use renraku_services::auth::{CentreOffer, ClientDraft, DataCentre, DataCentres};
pub use renraku_store::Day;
pub use renraku_store::run::{
    Difference, FieldChange, Gone, Held, HeldBy, Match, Operation, OperationKind, Outcome, Outside,
    Run, Runs, Tally,
};

use renraku_core::contact::{Module, Side};
use renraku_core::setup::Direction;
use serde::{Deserialize, Serialize};
use specta::Type;

/// One connected (or not connected) account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
pub struct Account {
    /// Whether tokens are in the keychain and were good when last used.
    pub connected: bool,
    /// Shown to the person.
    pub email: Option<String>,
    /// Zoho only: the organisation's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Zoho only: the data centre, such as `us`, `eu`, `jp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_centre: Option<String>,
    /// The scopes that were granted.
    pub scopes: Vec<String>,
    /// Whether the account was connected once and must be connected again.
    pub needs_sign_in: bool,
    /// What will not work because the sign-in left rights out, as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// Both accounts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
pub struct Accounts {
    /// Zoho CRM.
    pub zoho: Account,
    /// Google Contacts.
    pub google: Account,
}

/// A Zoho field that can be mapped, or says why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ZohoField {
    /// Zoho's key.
    pub api_name: String,
    /// The label in the user's language.
    pub label: String,
    /// Zoho's type (`text`, `email`, `phone`, …).
    pub data_type: String,
    /// Whether a record must have it (system or layout).
    pub mandatory: bool,
    /// Whether this user may write it.
    pub writable: bool,
    /// Whether it is a custom field.
    pub custom: bool,
    /// The most characters it takes.
    pub length: Option<u32>,
    /// The list's display values.
    pub choices: Vec<String>,
    /// The Google places it can be mapped to; empty where its type cannot be synced.
    pub google: Vec<String>,
    /// The place the default mapping gives it.
    pub default_google: Option<String>,
}

/// Both sides' fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Fields {
    /// The module.
    pub module: Module,
    /// Zoho's fields.
    pub zoho: Vec<ZohoField>,
    /// Google's places.
    pub google: Vec<GoogleField>,
}

/// A Google place that can be mapped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct GoogleField {
    /// The written path.
    pub path: String,
    /// What kind of value it takes (`text`, `email`, `phone`, `url`, `date`).
    pub data_type: String,
    /// Whether any Zoho field must be there; Google demands none.
    pub mandatory: bool,
}

/// A custom view or a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Scope {
    /// The service's id.
    pub id: String,
    /// The name the person sees.
    pub name: String,
    /// How many members it has, where the service tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<u32>,
}

/// What a sync can be limited to, and what this person may do in the module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Scopes {
    /// The module.
    pub module: Module,
    /// Zoho's custom views.
    pub views: Vec<Scope>,
    /// Google's labels.
    pub labels: Vec<Scope>,
    /// How many contacts the Google account has under *My contacts*: who else there is was never made
    /// a contact by anybody.
    pub everybody: u32,
    /// The directions that the person's rights allow.
    pub directions: Vec<Direction>,
    /// Why fewer than all, as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limited_because: Option<String>,
}

/// What a sync is doing or waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// Configured, the first plan not yet approved.
    AwaitingApproval,
    /// All done.
    UpToDate,
    /// A run is under way.
    Syncing,
    /// Turned off.
    Disabled,
    /// Limits or a quota left contacts waiting.
    Waiting,
    /// Something waits for the person.
    NeedsYou,
    /// An account must be connected again.
    SignedOut,
    /// The last run could not reach a service; the timer tries again soon.
    Offline,
    /// A service asked the last run to wait for long; the timer tries again.
    Throttled,
    /// The last run failed, and trying again alone may not help.
    Failed,
}

/// One configured sync.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Sync {
    /// The module.
    pub module: Module,
    /// Whether it runs.
    pub enabled: bool,
    /// Which way.
    pub direction: Direction,
    /// What it is doing.
    pub state: SyncState,
    /// The end of the last run that completed.
    pub last_synced_at: Option<String>,
    /// Up to when everything is in step, apart from what waits.
    pub complete_as_of: Option<String>,
    /// When the timer runs it next; none where it runs only when asked.
    pub next_run_at: Option<String>,
    /// Contacts that a limit left for later runs.
    pub waiting: u32,
    /// What waits for the person: open review items, and a plan that a guard held.
    pub needs_you: u32,
    /// Whether a guard held the last run's plan, which waits for a look at it.
    pub held: bool,
    /// Pairs that are in step, as of the last look.
    pub linked: u32,
    /// Pairs that differ in a field and are left so.
    #[serde(default, skip_serializing_if = "renraku_store::run::is_zero")]
    pub differ: u32,
    /// Minutes between runs.
    pub frequency_minutes: u32,
    /// What the last run said, where it did not complete.
    pub message: Option<String>,
    /// Contacts that vanished at once. Until the person has chosen, nothing is in step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alarms: Vec<Alarm>,
}

/// Contacts that vanished from a side at once, about which nobody has decided yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Alarm {
    /// The review item that asks about them.
    pub item: String,
    /// The side that they vanished from. Nothing was deleted on the other.
    pub side: Side,
    /// How many.
    pub contacts: u32,
    /// What can be chosen.
    pub choices: Vec<String>,
}

/// Why something waits for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ReviewKind {
    /// A counterpart was deleted.
    Deletion,
    /// Two contacts may be one person.
    Match,
    /// A contact does not fit the other side.
    Invalid,
    /// A field flips back and forth and is frozen.
    Frozen,
    /// A scope became narrower.
    Scope,
    /// An undo left an edited field alone.
    Undo,
    /// More contacts vanished at once than a person deletes by the way.
    MassChange,
    /// A contact cannot be read.
    Unreadable,
    /// A service refused a value that another record holds.
    Refused,
    /// Both sides say something else, and the person decides.
    Difference,
}

/// One item of *Needs you*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ReviewItem {
    /// The item's id, for `resolve`.
    pub item: String,
    /// The module.
    pub module: Module,
    /// What kind.
    pub kind: ReviewKind,
    /// The contact's name.
    pub contact: String,
    /// The Zoho record.
    pub zoho_id: Option<String>,
    /// The Google person.
    pub google: Option<String>,
    /// The field, where one is meant.
    pub field: Option<String>,
    /// The reason, in words.
    pub reason: String,
    /// What can be chosen.
    pub choices: Vec<String>,
    /// What was chosen and waits for the next run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<String>,
    /// What Zoho says, where the two sides differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zoho_value: Option<String>,
    /// What Google says, where the two sides differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub google_value: Option<String>,
}

/// All open items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Review {
    /// The items.
    pub items: Vec<ReviewItem>,
}
