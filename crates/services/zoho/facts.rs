//! What Zoho says of its modules, fields, layouts and views, of the organisation and of this user.

use std::collections::BTreeMap;

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
    /// What each of them is called, by its id.
    pub options: BTreeMap<String, String>,
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
    /// The profiles that use it, and whether it is what they begin with.
    pub profiles: Vec<(String, bool)>,
}

impl Layout {
    /// The layout on which people of a profile make records: the one they begin with, else one of
    /// theirs, else the first.
    #[must_use]
    pub fn of<'a>(layouts: &'a [Layout], profile: Option<&str>) -> Option<&'a Layout> {
        let rank = |layout: &Layout| {
            let mine = layout.profiles.iter().filter(|(id, _)| Some(id.as_str()) == profile);
            mine.map(|(_, begins)| 1 + u8::from(*begins)).max().unwrap_or(0)
        };
        // Of equals the first.
        layouts.iter().rev().max_by_key(|layout| rank(layout))
    }
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
    /// ISO 3166 alpha-2 of the user's locale, for national phone numbers.
    pub country: Option<String>,
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
