//! Runs: what one did, or would do.

use renraku_core::contact::{Module, Side};
use renraku_core::message::{FailureCode, Message};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Whether a count that is shown only where there is something is left out.
#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks like this
#[must_use]
pub fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// What a run did on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
pub struct Tally {
    /// Contacts created.
    pub created: u32,
    /// Contacts updated.
    pub updated: u32,
    /// Contacts deleted.
    pub deleted: u32,
    /// API requests made, token traffic apart.
    pub requests: u32,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything was done.
    Completed,
    /// Limits left some waiting, or single contacts failed.
    Partial,
    /// A guard holds it; nothing was written.
    Held,
    /// It could not be finished.
    Failed,
}

/// Why a run waits for the person's approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum HeldBy {
    /// It is the sync's first plan.
    FirstPlan,
    /// It writes something because of a changed setup.
    ChangedSetup,
    /// Linked contacts fell out of a label or view that changed.
    NarrowedScope,
    /// Many contacts vanished at once, and the rule deletes their counterparts.
    MassChange,
}

/// How many contacts vanished at once, by the side on which they did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
pub struct Gone {
    /// In Google.
    pub google: u32,
    /// In Zoho.
    pub zoho: u32,
}

/// What a held run would write once it is approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Held {
    /// Why it waits.
    pub reason: HeldBy,
    /// Contacts to create, on both sides together.
    pub creates: u32,
    /// Contacts to update.
    pub updates: u32,
    /// Contacts to delete.
    pub deletes: u32,
    /// Who vanished.
    pub gone: Gone,
}

/// One planned or done write, with its fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Operation {
    /// The side that is written.
    pub side: Side,
    /// Create, update or delete.
    pub kind: OperationKind,
    /// The contact's name as a person reads it.
    pub contact: String,
    /// What tells it apart from others of its name.
    pub details: Vec<String>,
    /// The Zoho record.
    pub zoho_id: Option<String>,
    /// The Google person.
    pub google: Option<String>,
    /// The fields, by Zoho's `api_name`.
    pub fields: Vec<FieldChange>,
    /// Why, in words.
    pub why: String,
}

/// Two contacts that a plan recognises as one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Match {
    /// The Zoho record.
    pub zoho_id: String,
    /// The Google person.
    pub google: String,
    /// What the Zoho record is called.
    pub contact: String,
    /// What the Google person is called.
    pub counterpart: String,
    /// The e-mail address or phone number that both have, where one tells.
    pub shared: Option<String>,
    /// How they were recognised, in words.
    pub why: String,
}

/// Two values of which a plan takes one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Difference {
    /// The contact's name.
    pub contact: String,
    /// The Zoho record.
    pub zoho_id: String,
    /// The Google person.
    pub google: String,
    /// The fields, by Zoho's `api_name`: the parts of a name or an address go together.
    pub fields: Vec<String>,
    /// What Zoho says.
    pub zoho_value: Option<String>,
    /// What Google says.
    pub google_value: Option<String>,
    /// Whose value is taken.
    pub taken: Side,
}

/// A linked contact that is outside a scope that was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Outside {
    /// Names the contact towards the engine.
    pub contact: String,
    /// The name a person reads.
    pub name: String,
    /// What tells it apart from others of its name.
    pub details: Vec<String>,
    /// The side on which it is outside.
    pub side: Side,
}

/// What is done to a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// A new contact.
    Create,
    /// Fields of an existing one.
    Update,
    /// To the service's bin.
    Delete,
}

/// One field of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FieldChange {
    /// Zoho's `api_name`.
    pub field: String,
    /// The value before.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
}

/// One run, done or previewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Run {
    /// The run's number; 0 for a preview.
    pub run: u32,
    /// The module.
    pub module: Module,
    /// How it ended.
    pub outcome: Outcome,
    /// When it began.
    pub started_at: String,
    /// When it ended.
    pub finished_at: Option<String>,
    /// The sync's last-synced time after it.
    pub last_synced_at: Option<String>,
    /// Zoho's side.
    pub zoho: Tally,
    /// Google's side.
    pub google: Tally,
    /// Pairs newly linked.
    pub matched: u32,
    /// Conflicts decided by the winner.
    pub conflicts: u32,
    /// Review items open after it.
    pub review: u32,
    /// Contacts that failed.
    pub failed: u32,
    /// Contacts a limit left for later runs.
    pub waiting: u32,
    /// Pairs that differ in a field after it and are left so.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub differ: u32,
    /// What the person should know, before it is put into words.
    #[serde(skip)]
    pub said: Option<Message>,
    /// What the person should know, as a sentence.
    pub message: Option<String>,
    /// Why it could not be finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureCode>,
    /// True for a preview.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub preview: bool,
    /// True where it found that contacts had vanished at once: what it says is no reason to be calm.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alarm: bool,
    /// True where the run undoes another.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undo: bool,
    /// True where the person stopped it before everything was done.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stopped: bool,
    /// What a held run waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// The planned writes of a preview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operations: Option<Vec<Operation>>,
    /// The differences that a preview decides, as many as `conflicts` says at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differences: Option<Vec<Difference>>,
    /// Whom a preview finds outside a scope that was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside: Option<Vec<Outside>>,
    /// The contacts that a preview recognises as one person, as many as `matched` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matches: Option<Vec<Match>>,
}

impl Run {
    /// The person stopped it: what is left waits for the next run.
    pub fn stop(&mut self, said: Message) {
        self.outcome = Outcome::Partial;
        self.stopped = true;
        self.said = Some(said);
    }

    /// The report without a preview's lists, which may be long.
    pub fn brief(&mut self) -> Box<Run> {
        let lists = (
            self.operations.take(),
            self.differences.take(),
            self.outside.take(),
            self.matches.take(),
        );
        let brief = Box::new(self.clone());
        (self.operations, self.differences, self.outside, self.matches) = lists;
        brief
    }

    /// The report of a run that has just begun.
    #[must_use]
    pub fn begun(module: Module, started_at: String) -> Run {
        Run {
            run: 0,
            module,
            outcome: Outcome::Completed,
            started_at,
            finished_at: None,
            last_synced_at: None,
            zoho: Tally::default(),
            google: Tally::default(),
            matched: 0,
            conflicts: 0,
            review: 0,
            failed: 0,
            waiting: 0,
            differ: 0,
            said: None,
            message: None,
            failure: None,
            preview: false,
            alarm: false,
            undo: false,
            stopped: false,
            held: None,
            operations: None,
            differences: None,
            outside: None,
            matches: None,
        }
    }
}

/// Several runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Runs {
    /// The runs, one a module.
    pub runs: Vec<Run>,
}
