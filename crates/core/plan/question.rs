//! What only a person can decide.

use serde::{Deserialize, Serialize};

use crate::contact::{Pair, RecordId, Side};
use crate::field::Misfit;
use crate::matching::Reason;

/// A question for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What it is about; the same question has the same key in every run.
    pub key: String,
    /// The contact's name.
    pub contact: String,
    /// The ids that are known.
    pub ids: Pair<Option<RecordId>>,
    /// What is asked.
    pub about: About,
}

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A counterpart was deleted on this side; delete the other or keep it?
    Deletion {
        /// Where it was deleted.
        side: Side,
        /// Whether the other was edited since.
        edited: bool,
        /// Whether it can be made again where it was deleted.
        #[serde(default)]
        put_back: bool,
    },
    /// More contacts vanished on this side since the last run than a person deletes by the way: one
    /// question about all of them.
    MassChange {
        /// Where they vanished.
        side: Side,
        /// How many.
        contacts: u32,
        /// Whether they can be made again there.
        put_back: bool,
        /// Whether their counterparts can be deleted.
        delete: bool,
    },
    /// What the service answers about this contact cannot be read.
    Unreadable {
        /// The side it is on.
        side: Side,
    },
    /// Google's person holds in one piece what Zoho keeps in parts.
    InOnePiece {
        /// The first Zoho field of each place, by `api_name`.
        fields: Vec<String>,
    },
    /// The counterpart on the written side of a one-way sync was deleted; create it again?
    Recreate {
        /// Where it was deleted.
        side: Side,
    },
    /// Is this one person?
    Doubtful(Reason),
    /// Several contacts carry the same key.
    Duplicate {
        /// The side with several.
        side: Side,
        /// Whether nobody knows: the other side could not be asked.
        #[serde(default)]
        unasked: bool,
        /// Whether it was told apart from namesakes on the other side, and more are there.
        #[serde(default)]
        namesakes: bool,
        /// Whether it may be a contact that a decision or a rule set apart.
        #[serde(default)]
        apart: bool,
    },
    /// Two linked contacts were merged on one side.
    Merged {
        /// Where.
        side: Side,
        /// The contact there that is left of the two; empty where it was not kept.
        #[serde(default)]
        into: RecordId,
    },
    /// A value cannot be written to this side.
    Misfit {
        /// The side that would be written.
        side: Side,
        /// Zoho's `api_name`.
        field: String,
        /// Why not.
        misfit: Misfit,
        /// Whether the service said so: as long as the question is open it is not asked again.
        #[serde(default)]
        judged: bool,
    },
    /// The service refused a value that may stand in one record only, and another record holds it.
    Refused {
        /// The side that refused it.
        side: Side,
        /// Zoho's `api_name`; empty where none was named.
        field: String,
        /// Whose record stands in the way.
        holder: Holder,
        /// Whether the two may be one person.
        alike: bool,
    },
    /// Both sides say something else, and the person decides whose value counts.
    Difference {
        /// Zoho's `api_name`.
        field: String,
        /// What Zoho says.
        zoho: Option<String>,
        /// What Google says.
        google: Option<String>,
    },
    /// A field flips back and forth.
    Frozen {
        /// Zoho's `api_name`.
        field: String,
    },
    /// The label or view became narrower.
    Scope {
        /// How many linked contacts are outside it now.
        contacts: u32,
    },
    /// An undo left a field alone.
    UndoLeft {
        /// The side that was written.
        side: Side,
        /// Zoho's `api_name`.
        field: String,
        /// Why it was left.
        #[serde(default)]
        obstacle: Obstacle,
    },
}

/// Why an undo leaves a field as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// It was edited since.
    #[default]
    Edited,
    /// Zoho takes no changes of it from this user.
    ReadOnly,
    /// This user does not see it in Zoho.
    Hidden,
    /// The sync has no row for it any more.
    Unmapped,
}

/// A record that holds a value which may stand in one record only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// One of the same module.
    Record {
        /// The record.
        id: RecordId,
        /// What it is called.
        contact: String,
        /// The version that was known when it stood in the way; empty where none was.
        version: String,
    },
    /// One of another module.
    Module(String),
    /// The service does not tell.
    Unknown,
}

impl About {
    /// Why a company waits for its account in Zoho, where it is about that.
    #[must_use]
    pub fn account(&self) -> Option<&Misfit> {
        match self {
            About::Misfit { misfit, .. } => Some(misfit).filter(|misfit| misfit.is_the_accounts()),
            About::Deletion { .. }
            | About::MassChange { .. }
            | About::Unreadable { .. }
            | About::InOnePiece { .. }
            | About::Recreate { .. }
            | About::Doubtful(_)
            | About::Duplicate { .. }
            | About::Merged { .. }
            | About::Refused { .. }
            | About::Difference { .. }
            | About::Frozen { .. }
            | About::Scope { .. }
            | About::UndoLeft { .. } => None,
        }
    }

    /// The cause that several companies, or contacts of one, may wait for: all of them are one item.
    #[must_use]
    pub fn common_cause(&self) -> Option<&Misfit> {
        self.account()
            .filter(|misfit| !matches!(misfit, Misfit::NoAccount | Misfit::SeveralAccounts))
    }

    /// The side and the field of the value that was not written there, where it is about one value.
    #[must_use]
    pub fn unwritten(&self) -> Option<(Side, &str)> {
        match self {
            About::Misfit { side, field, .. } | About::Refused { side, field, .. } => {
                Some((*side, field))
            }
            About::Deletion { .. }
            | About::MassChange { .. }
            | About::Unreadable { .. }
            | About::InOnePiece { .. }
            | About::Recreate { .. }
            | About::Doubtful(_)
            | About::Duplicate { .. }
            | About::Merged { .. }
            | About::Difference { .. }
            | About::Frozen { .. }
            | About::Scope { .. }
            | About::UndoLeft { .. } => None,
        }
    }

    /// What can be chosen, the careful choice last.
    #[must_use]
    pub fn choices(&self) -> &'static [&'static str] {
        match self {
            About::Deletion { put_back: true, .. } => &["delete", "put_back", "keep"],
            About::Deletion { put_back: false, .. } => &["delete", "keep"],
            About::MassChange { put_back: true, delete: true, .. } => {
                &["put_back", "delete", "one_by_one"]
            }
            // The other side of a one-way sync is never written.
            About::MassChange { put_back: true, delete: false, .. } => {
                &["put_back", "keep", "one_by_one"]
            }
            About::MassChange { put_back: false, .. } => &["delete", "keep", "one_by_one"],
            About::Unreadable { .. } => &["retry"],
            About::InOnePiece { .. } => &["retry", "ignore"],
            About::Recreate { .. } => &["create", "leave"],
            About::Doubtful(_) => &["link", "separate"],
            About::Duplicate { .. } => &["separate", "ignore"],
            About::Merged { .. } => &["keep"],
            About::Misfit { .. } => &["retry", "ignore"],
            About::Refused { alike: true, .. } => &["link", "retry", "ignore"],
            About::Refused { alike: false, .. } => &["retry", "ignore"],
            About::Difference { .. } => &["zoho", "google"],
            About::Frozen { .. } => &["retry", "ignore"],
            About::Scope { .. } => &["leave", "unlink", "remove"],
            About::UndoLeft { .. } => &["ignore"],
        }
    }
}

/// How many items questions are for the person: all who wait for one cause are one.
#[must_use]
pub fn count_items(questions: &[Question]) -> u32 {
    let causes: Vec<&Misfit> = questions.iter().filter_map(|q| q.about.common_cause()).collect();
    let mut distinct: Vec<&Misfit> = Vec::new();
    for cause in &causes {
        if !distinct.contains(cause) {
            distinct.push(cause);
        }
    }
    let items = questions.len() - causes.len() + distinct.len();
    u32::try_from(items).unwrap_or(u32::MAX)
}

/// A difference that a plan decides, so that the person can decide it the other way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// As it would be asked.
    pub question: Question,
    /// Every field of it, the one that it is asked about by first: a name and an address are one thing.
    pub fields: Vec<String>,
    /// Whose value the plan takes.
    pub taken: Side,
}

pub(super) fn both(ids: &Pair<RecordId>) -> Pair<Option<RecordId>> {
    Pair { zoho: Some(ids.zoho.clone()), google: Some(ids.google.clone()) }
}

pub(super) fn one(side: Side, id: &RecordId) -> Pair<Option<RecordId>> {
    let mut ids = Pair { zoho: None, google: None };
    ids[side] = Some(id.clone());
    ids
}
