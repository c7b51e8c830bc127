//! The acts of people and of the organisation in Zoho CRM, as tests write them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::store::{COLLEAGUE, ME, WORKFLOW};

/// Who does something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The user whose token is used.
    #[default]
    Me,
    /// Another user.
    Colleague,
    /// The user of automations.
    Workflow,
}

impl Who {
    pub(super) fn index(self) -> usize {
        match self {
            Self::Me => ME,
            Self::Colleague => COLLEAGUE,
            Self::Workflow => WORKFLOW,
        }
    }
}

/// One act in Zoho CRM. `record` is an id, or an e-mail address (in `Email`).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum ZohoAct {
    /// Adds a record. `Account_Name` may be a plain name; the account is made when missing.
    Create {
        /// The module.
        module: String,
        /// Values by api_name.
        fields: Map<String, Value>,
        /// Who does it.
        #[serde(default, rename = "as")]
        who: Who,
    },
    /// Changes the given fields of a record; null clears one.
    Edit {
        /// The module.
        module: String,
        /// Which record.
        record: String,
        /// Values by api_name.
        fields: Map<String, Value>,
        /// Who does it.
        #[serde(default, rename = "as")]
        who: Who,
    },
    /// Moves a record to the recycle bin.
    Delete {
        /// The module.
        module: String,
        /// Which record.
        record: String,
        /// Who does it.
        #[serde(default, rename = "as")]
        who: Who,
    },
    /// Moves every record of a module to the recycle bin.
    DeleteAll {
        /// The module.
        module: String,
    },
    /// Brings a record back from the recycle bin.
    Restore {
        /// The module.
        module: String,
        /// Its id.
        record: String,
    },
    /// Deletes a record of the recycle bin for good.
    Purge {
        /// The module.
        module: String,
        /// Its id.
        record: String,
    },
    /// Joins records: the survivor takes what it lacks from the losers, which are deleted.
    Merge {
        /// The module.
        module: String,
        /// Who stays.
        survivor: String,
        /// Who goes.
        losers: Vec<String>,
    },
    /// Converts a lead: it is hidden, a contact with its data appears.
    Convert {
        /// The lead.
        record: String,
    },
    /// Sets what a record is: locked, lost to sharing, waiting for approval or review.
    State {
        /// The module.
        module: String,
        /// Which record.
        record: String,
        /// Locked or not.
        #[serde(default)]
        locked: Option<bool>,
        /// Lost to sharing rules (its Modified_Time stays).
        #[serde(default)]
        hidden: Option<bool>,
        /// `approval`, `review` or `none`.
        #[serde(default)]
        waiting: Option<String>,
    },
    /// Gives many records the very same Modified_Time, as an import does; all when `records` is empty.
    Touch {
        /// The module.
        module: String,
        /// Which records.
        #[serde(default)]
        records: Vec<String>,
        /// ISO 8601 with offset; now when absent.
        #[serde(default)]
        at: Option<String>,
    },
    /// Sets attributes of a field.
    Field {
        /// The module.
        module: String,
        /// The field.
        api_name: String,
        /// `label`, `length`, `mandatory`, `layout_required`, `visible`, `gone`, `read_only`, `unique` (null, or whether case counts), `picks` (texts, or `{display, actual}`), `unused_picks`, `renamed` (options by their old names: records follow).
        set: Map<String, Value>,
    },
    /// Sets labels and visibility of a module.
    Module {
        /// The module.
        module: String,
        /// `singular`, `plural`, `visible`.
        set: Map<String, Value>,
    },
    /// Sets the profile's rights in a module; absent ones stay.
    Rights {
        /// The module.
        module: String,
        /// View.
        #[serde(default)]
        view: Option<bool>,
        /// Create.
        #[serde(default)]
        create: Option<bool>,
        /// Edit.
        #[serde(default)]
        edit: Option<bool>,
        /// Delete.
        #[serde(default)]
        delete: Option<bool>,
    },
    /// Sets the profile's general rights; absent ones stay.
    Profile {
        /// API access.
        #[serde(default)]
        api_access: Option<bool>,
        /// "Sync with Google Contact".
        #[serde(default)]
        gcontact_sync: Option<bool>,
        /// Reading profiles.
        #[serde(default)]
        manage_profiles: Option<bool>,
    },
    /// Adds a list view, or gives the one of that name another condition (COQL's words).
    View {
        /// The module.
        module: String,
        /// The view's name.
        name: String,
        /// Its condition.
        condition: String,
    },
    /// Deletes a list view.
    DropView {
        /// The module.
        module: String,
        /// The view's name.
        name: String,
    },
}
