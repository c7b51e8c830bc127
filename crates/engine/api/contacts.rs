//! The list of every contact on either side.

use renraku_core::contact::{Module, Pair, RecordId, Side};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::change::Change;
use super::evidence::Evidence;

/// Where a contact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ContactState {
    /// Both sides hold the same.
    InStep,
    /// A later run syncs it.
    Waiting,
    /// A question about it waits for the person.
    NeedsYou,
    /// It is synced, and the two differ in a field that is left so.
    Differs,
    /// It is not synced: by the setup, or because the person left it so.
    KeptOut,
    /// Its pair is kept apart.
    Unlinked,
    /// A service refused it, or it cannot be read.
    Failed,
}

impl ContactState {
    /// Every state, in the order in which they are offered.
    pub const ALL: [ContactState; 7] = [
        ContactState::InStep,
        ContactState::Waiting,
        ContactState::NeedsYou,
        ContactState::Differs,
        ContactState::KeptOut,
        ContactState::Unlinked,
        ContactState::Failed,
    ];
}

/// What can be done about one contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum ContactAction {
    /// Sync it again: whatever was left out, unlinked, kept or left aside is taken up by the next run.
    Resume,
    /// Decide the question about it.
    Review,
    /// Run the sync now.
    Sync,
    /// Turn the sync on.
    Enable,
    /// Change what the sync takes in.
    Edit,
    /// Leave it out of the sync; nothing is written for it until it is taken up again.
    LeaveOut,
    /// End the pair; both contacts stay as they are, and neither is created again.
    Unlink,
    /// The two are not the same person: each is a contact of its own from now on.
    Separate,
}

/// One person: a pair, or a contact without a counterpart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Contact {
    /// Names the contact towards the engine: the module and the id in Zoho, or in Google where there
    /// is no record.
    pub contact: String,
    /// The module.
    pub module: Module,
    /// The name a person reads.
    pub name: String,
    /// Where it stands.
    pub state: ContactState,
    /// The one reason, in words.
    pub reason: String,
    /// The Zoho record.
    pub zoho_id: Option<String>,
    /// The Google person.
    pub google: Option<String>,
    /// Its e-mail addresses on both sides, each once.
    pub emails: Vec<String>,
    /// Its company.
    pub company: Option<String>,
    /// What can be done about it, the most fitting first.
    pub actions: Vec<ContactAction>,
}

/// Which part of the list is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
pub struct ContactQuery {
    /// One module's; none for all.
    pub module: Option<Module>,
    /// Parts of names, e-mail addresses, phone numbers and companies, or an id; empty for all.
    pub find: String,
    /// One state's; none for all.
    pub state: Option<ContactState>,
    /// How many are skipped.
    pub offset: u32,
    /// How many are wanted.
    pub most: u32,
}

/// How many contacts there are in each state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
pub struct ContactCounts {
    /// Both sides hold the same.
    pub in_step: u32,
    /// A later run syncs them.
    pub waiting: u32,
    /// Questions about them wait.
    pub needs_you: u32,
    /// Synced, and different in a field that is left so.
    pub differs: u32,
    /// Not synced, by the setup or by choice.
    pub kept_out: u32,
    /// Pairs that are kept apart.
    pub unlinked: u32,
    /// Refused or unreadable.
    pub failed: u32,
}

impl ContactCounts {
    /// The count of a state.
    pub fn of(&mut self, state: ContactState) -> &mut u32 {
        match state {
            ContactState::InStep => &mut self.in_step,
            ContactState::Waiting => &mut self.waiting,
            ContactState::NeedsYou => &mut self.needs_you,
            ContactState::Differs => &mut self.differs,
            ContactState::KeptOut => &mut self.kept_out,
            ContactState::Unlinked => &mut self.unlinked,
            ContactState::Failed => &mut self.failed,
        }
    }
}

/// A part of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
pub struct ContactPage {
    /// The contacts, by name.
    pub contacts: Vec<Contact>,
    /// How many there are in all, of the state that was asked for.
    pub total: u32,
    /// How many of those that were found stand in each state.
    pub counts: ContactCounts,
}

/// One contact with both sides' values and what was written for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ContactDetail {
    /// The contact.
    pub contact: Contact,
    /// What both sides hold, as of the last reading.
    pub evidence: Evidence,
    /// The runs that wrote to it, newest first.
    pub history: Vec<ContactRun>,
}

/// What one run wrote to a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ContactRun {
    /// The run.
    pub run: u32,
    /// When it ended.
    pub at: Option<String>,
    /// Whether it was an undo.
    pub undo: bool,
    /// Its writes, a line a field.
    pub changes: Vec<Change>,
}

/// Who a contact is towards the window and the command line: the module, and its id in Zoho, or in
/// Google where it has no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContactId {
    /// The module.
    pub(crate) module: Module,
    /// The side that the id is of.
    pub(crate) side: Side,
    /// The id.
    pub(crate) id: RecordId,
}

impl ContactId {
    /// The contact of these ids.
    pub(crate) fn of(module: Module, ids: &Pair<Option<RecordId>>) -> String {
        let id = ids.zoho.as_ref().or(ids.google.as_ref()).map_or("", String::as_str);
        format!("{}:{id}", module.api_name())
    }

    /// The contact that is named like this.
    pub(crate) fn parse(text: &str) -> Option<ContactId> {
        let (module, id) = text.split_once(':')?;
        let side = if id.starts_with("people/") { Side::Google } else { Side::Zoho };
        let module = Module::parse(module).filter(|_| !id.is_empty())?;
        Some(ContactId { module, side, id: id.to_owned() })
    }
}
