//! Pure: Zoho's settings answers, reduced to what setting up and mapping need. An answer that leaves
//! its list out is no empty one.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::zoho::facts::{FieldInfo, Layout, Me, ModuleInfo, Org, View};
use crate::zoho::id::id;
use crate::zoho::page::Info;

/// A value, or its default where Zoho says `null`.
fn or_default<'de, D: serde::Deserializer<'de>, T: Deserialize<'de> + Default>(
    d: D,
) -> Result<T, D::Error> {
    Option::<T>::deserialize(d).map(Option::unwrap_or_default)
}

#[derive(Default, Deserialize)]
pub(super) struct ModulesAnswer {
    #[serde(deserialize_with = "or_default")]
    pub(super) modules: Vec<ModuleItem>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ModuleItem {
    #[serde(deserialize_with = "or_default")]
    api_name: String,
    plural_label: Option<String>,
    module_name: Option<String>,
    #[serde(deserialize_with = "or_default")]
    viewable: bool,
    #[serde(deserialize_with = "or_default")]
    creatable: bool,
    #[serde(deserialize_with = "or_default")]
    editable: bool,
    #[serde(deserialize_with = "or_default")]
    deletable: bool,
    #[serde(deserialize_with = "or_default")]
    api_supported: bool,
    visible: Option<bool>,
    visibility: Option<i32>,
    status: Option<String>,
}

impl From<ModuleItem> for ModuleInfo {
    fn from(item: ModuleItem) -> ModuleInfo {
        let hidden = item.visible == Some(false)
            || item.visibility.is_some_and(|v| v != 1)
            || item.status.as_deref().is_some_and(|s| s != "visible");
        let label = item.plural_label.or(item.module_name).unwrap_or_else(|| item.api_name.clone());
        ModuleInfo {
            api_name: item.api_name,
            label,
            view: item.viewable && !hidden,
            create: item.creatable,
            edit: item.editable,
            delete: item.deletable,
            api: item.api_supported && !hidden,
        }
    }
}

#[derive(Default, Deserialize)]
pub(super) struct FieldsAnswer {
    #[serde(deserialize_with = "or_default")]
    pub(super) fields: Vec<FieldItem>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct FieldItem {
    #[serde(deserialize_with = "or_default")]
    api_name: String,
    field_label: Option<String>,
    display_label: Option<String>,
    #[serde(deserialize_with = "or_default")]
    data_type: String,
    length: Option<u32>,
    #[serde(deserialize_with = "or_default")]
    system_mandatory: bool,
    #[serde(deserialize_with = "or_default")]
    custom_field: bool,
    #[serde(deserialize_with = "or_default")]
    field_read_only: bool,
    #[serde(deserialize_with = "or_default")]
    read_only: bool,
    #[serde(deserialize_with = "or_default")]
    virtual_field: bool,
    visible: Option<bool>,
    operation_type: Option<OperationType>,
    unique: Option<Value>,
    textarea: Option<Textarea>,
    #[serde(deserialize_with = "or_default")]
    pick_list_values: Vec<PickListItem>,
    lookup: Option<LookupItem>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OperationType {
    api_create: Option<bool>,
    api_update: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Textarea {
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PickListItem {
    #[serde(deserialize_with = "id")]
    id: String,
    display_value: Option<String>,
    actual_value: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LookupItem {
    module: Option<Value>,
}

impl From<FieldItem> for FieldInfo {
    fn from(item: FieldItem) -> FieldInfo {
        let operation = item.operation_type.unwrap_or_default();
        let through_api =
            operation.api_update != Some(false) && operation.api_create != Some(false);
        let label = item.field_label.or(item.display_label);
        let mut options = BTreeMap::new();
        let choice = |p: PickListItem| {
            let actual = p.actual_value.clone().or(p.display_value.clone())?;
            let display = p.display_value.or(p.actual_value)?;
            let used = p.kind.as_deref() != Some("unused");
            if used && !p.id.is_empty() {
                options.insert(p.id, display.clone());
            }
            used.then_some((actual, display))
        };
        // The module comes as an object, in older answers as a bare name.
        let lookup = item.lookup.and_then(|l| l.module).and_then(|m| match m {
            Value::String(name) => Some(name),
            Value::Object(map) => map.get("api_name")?.as_str().map(ToOwned::to_owned),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
        });
        FieldInfo {
            label: label.unwrap_or_else(|| item.api_name.clone()),
            writable: through_api
                && !item.read_only
                && !item.field_read_only
                && !item.virtual_field,
            unique: item.unique.is_some_and(|u| u.as_object().is_some_and(|u| !u.is_empty())),
            rich_text: item.textarea.and_then(|t| t.kind).as_deref() == Some("rich_text"),
            choices: item.pick_list_values.into_iter().filter_map(choice).collect(),
            options,
            api_name: item.api_name,
            data_type: item.data_type,
            length: item.length,
            mandatory: item.system_mandatory,
            custom: item.custom_field,
            visible: item.visible != Some(false),
            lookup: lookup.filter(|m| !m.is_empty()),
        }
    }
}

#[derive(Default, Deserialize)]
pub(super) struct LayoutsAnswer {
    #[serde(deserialize_with = "or_default")]
    pub(super) layouts: Vec<LayoutItem>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct LayoutItem {
    #[serde(deserialize_with = "id")]
    id: String,
    #[serde(deserialize_with = "or_default")]
    name: String,
    #[serde(deserialize_with = "or_default")]
    sections: Vec<Section>,
    #[serde(deserialize_with = "or_default")]
    profiles: Vec<LayoutProfile>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LayoutProfile {
    #[serde(deserialize_with = "id")]
    id: String,
    #[serde(deserialize_with = "or_default")]
    default: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Section {
    #[serde(deserialize_with = "or_default")]
    fields: Vec<SectionField>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SectionField {
    #[serde(deserialize_with = "or_default")]
    api_name: String,
    #[serde(deserialize_with = "or_default")]
    required: bool,
}

impl From<LayoutItem> for Layout {
    fn from(item: LayoutItem) -> Layout {
        let fields = item.sections.into_iter().flat_map(|s| s.fields);
        Layout {
            id: item.id,
            name: item.name,
            required: fields.filter(|f| f.required).map(|f| f.api_name).collect(),
            profiles: item.profiles.into_iter().map(|p| (p.id, p.default)).collect(),
        }
    }
}

#[derive(Default, Deserialize)]
pub(super) struct ViewsAnswer {
    #[serde(deserialize_with = "or_default")]
    pub(super) custom_views: Vec<ViewItem>,
    #[serde(default)]
    pub(super) info: Info,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ViewItem {
    #[serde(deserialize_with = "id")]
    pub(super) id: String,
    name: Option<String>,
    display_value: Option<String>,
    system_name: Option<String>,
}

impl From<ViewItem> for View {
    fn from(item: ViewItem) -> View {
        View {
            name: item.display_value.or(item.name).unwrap_or_else(|| item.id.clone()),
            id: item.id,
            system_name: item.system_name.filter(|n| !n.is_empty()),
        }
    }
}

#[derive(Default, Deserialize)]
pub(super) struct UsersAnswer {
    #[serde(deserialize_with = "or_default")]
    pub(super) users: Vec<UserItem>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct UserItem {
    #[serde(deserialize_with = "id")]
    id: String,
    zuid: Option<Value>,
    #[serde(deserialize_with = "or_default")]
    email: String,
    full_name: Option<String>,
    profile: Option<ProfileRef>,
    time_zone: Option<String>,
    locale: Option<String>,
    country_locale: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ProfileRef {
    #[serde(deserialize_with = "id")]
    id: String,
}

impl From<UserItem> for Me {
    fn from(item: UserItem) -> Me {
        let locale = item.country_locale.or(item.locale).unwrap_or_default();
        let country = locale.rsplit(['_', '-']).next().unwrap_or_default().to_uppercase();
        Me {
            id: item.id,
            zuid: item.zuid.and_then(|z| match z {
                Value::String(text) => Some(text),
                Value::Number(number) => Some(number.to_string()),
                Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
            }),
            email: item.email,
            name: item.full_name.filter(|n| !n.trim().is_empty()),
            profile: item.profile.map(|p| p.id).filter(|id| !id.is_empty()),
            time_zone: item.time_zone,
            country: Some(country).filter(|c| c.len() == 2),
        }
    }
}

#[derive(Default, Deserialize)]
pub(super) struct OrgAnswer {
    #[serde(deserialize_with = "or_default")]
    pub(super) org: Vec<OrgItem>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct OrgItem {
    #[serde(deserialize_with = "id")]
    id: String,
    company_name: Option<String>,
    country_code: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    license_details: Option<License>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct License {
    paid: Option<bool>,
}

impl From<OrgItem> for Org {
    fn from(item: OrgItem) -> Org {
        Org {
            id: item.id,
            name: item.company_name.unwrap_or_default(),
            country_code: item.country_code.filter(|c| c.len() == 2),
            kind: item.kind,
            paid: item.license_details.and_then(|l| l.paid),
        }
    }
}

#[derive(Default, Deserialize)]
pub(super) struct ProfilesAnswer {
    #[serde(deserialize_with = "or_default")]
    pub(super) profiles: Vec<ProfileItem>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct ProfileItem {
    #[serde(deserialize_with = "or_default")]
    pub(super) permissions_details: Vec<Permission>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Permission {
    #[serde(deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(deserialize_with = "or_default")]
    pub(super) enabled: bool,
}
