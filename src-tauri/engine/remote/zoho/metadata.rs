//! What Zoho tells about modules, fields, layouts, views, the user, the organisation and rights.

use renraku_core::contact::Module;

use super::Zoho;
use crate::remote::RemoteError;

/// A module, as this user sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleInfo {
    /// Zoho's key.
    pub api_name: String,
    /// The label, which the organisation may have renamed.
    pub label: String,
    /// Whether the user sees it.
    pub view: bool,
    /// Whether the user may create in it.
    pub create: bool,
    /// Whether the user may edit in it.
    pub edit: bool,
    /// Whether the user may delete in it.
    pub delete: bool,
    /// Whether the API serves it.
    pub api: bool,
}

/// A field of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldInfo {
    /// Zoho's key.
    pub api_name: String,
    /// The label in the user's language.
    pub label: String,
    /// Zoho's type.
    pub data_type: String,
    /// The most characters it takes.
    pub length: Option<u32>,
    /// Whether every record must have it.
    pub mandatory: bool,
    /// Whether this user may write it through the API.
    pub writable: bool,
    /// Whether it is a custom field.
    pub custom: bool,
    /// Whether this user sees it.
    pub visible: bool,
    /// Whether its values are unique.
    pub unique: bool,
    /// A rich text, which lists cut short.
    pub rich_text: bool,
    /// The list's values in use: actual and display value.
    pub choices: Vec<(String, String)>,
    /// The module a lookup points to.
    pub lookup: Option<String>,
}

/// A layout's field that must be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The `api_name`s of the fields that it requires.
    pub required: Vec<String>,
}

/// A custom view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its id, for `cvid`.
    pub id: String,
    /// The name a person sees.
    pub name: String,
    /// Zoho's own name of a built-in view.
    pub system_name: Option<String>,
}

/// The signed-in user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// The user's id.
    pub id: String,
    /// The account's id over all of Zoho.
    pub zuid: Option<String>,
    /// The e-mail address.
    pub email: String,
    /// The full name.
    pub name: Option<String>,
    /// The profile's id.
    pub profile: Option<String>,
    /// The time zone, by its IANA name.
    pub time_zone: Option<String>,
    /// The country's code, for national phone numbers.
    pub country_locale: Option<String>,
}

/// The organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// ISO 3166 alpha-2, where it is set.
    pub country_code: Option<String>,
    /// `production`, `sandbox`, ….
    pub kind: Option<String>,
    /// Whether its edition is a paid one, where Zoho tells.
    pub paid: Option<bool>,
}

/// What the user may do in a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    /// See records.
    pub view: bool,
    /// Create records.
    pub create: bool,
    /// Edit records.
    pub edit: bool,
    /// Delete records.
    pub delete: bool,
    /// The profile's "Sync with Google Contact"; none where the profile cannot be read.
    pub gcontact_sync: Option<bool>,
    /// Use the API at all.
    pub api: bool,
}

impl Zoho {
    /// All modules.
    ///
    /// # Errors
    /// As every call.
    pub async fn modules(&self) -> Result<Vec<ModuleInfo>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// A module's fields.
    ///
    /// # Errors
    /// As every call.
    pub async fn fields(&self, _module: Module) -> Result<Vec<FieldInfo>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// A module's layouts.
    ///
    /// # Errors
    /// As every call.
    pub async fn layouts(&self, _module: Module) -> Result<Vec<Layout>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// A module's custom views.
    ///
    /// # Errors
    /// As every call.
    pub async fn views(&self, _module: Module) -> Result<Vec<View>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// The signed-in user.
    ///
    /// # Errors
    /// As every call.
    pub async fn me(&self) -> Result<Me, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// The organisation.
    ///
    /// # Errors
    /// As every call.
    pub async fn org(&self) -> Result<Org, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// What the user may do in the module (2 or 3 calls).
    ///
    /// # Errors
    /// As every call.
    pub async fn rights(&self, _module: Module) -> Result<Rights, RemoteError> {
        Err(RemoteError::Offline)
    }
}
