//! What Zoho tells about modules, fields, layouts, views, the user, the organisation and rights.

pub use crate::zoho::facts::{FieldInfo, Layout, Me, ModuleInfo, Org, View};

use renraku_core::contact::Module;

use crate::RemoteError;
use crate::answer::Effect;
use crate::error::broken;
use crate::pagination::Pagination;
use crate::sender::{Call, with_query};
use crate::zoho::settings::{
    FieldsAnswer, LayoutsAnswer, ModulesAnswer, OrgAnswer, ProfilesAnswer, UsersAnswer, ViewsAnswer,
};
use crate::zoho::{ROOT, Zoho, errors};

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

/// The right without which every call is refused.
const API_ACCESS: &str = "Crm_Implied_Api_Access";
/// "Sync with Google Contact".
const GCONTACT_SYNC: &str = "Crm_Implied_Gcontact_Sync";

/// An answer with records, whatever they are.
#[derive(Default, serde::Deserialize)]
struct Records {
    #[serde(rename = "data")]
    _data: serde::de::IgnoredAny,
}

impl Zoho {
    async fn settings<T: serde::de::DeserializeOwned + Default>(
        &self,
        path: &str,
        pairs: &[(&str, &str)],
    ) -> Result<T, RemoteError> {
        let path = format!("{ROOT}{path}");
        let path = if pairs.is_empty() { path } else { with_query(&path, pairs) };
        let answer = self.sender.send(&Call::get(path)).await?;
        if !answer.ok() {
            return Err(errors::refused(&answer));
        }
        if answer.status == 204 { Ok(T::default()) } else { answer.json(Effect::Read) }
    }

    /// All modules.
    ///
    /// # Errors
    /// As every call.
    pub async fn modules(&self) -> Result<Vec<ModuleInfo>, RemoteError> {
        let answer: ModulesAnswer = self.settings("/settings/modules", &[]).await?;
        Ok(answer.modules.into_iter().map(ModuleInfo::from).collect())
    }

    /// A module's fields, those of all layouts; hidden ones too.
    ///
    /// # Errors
    /// As every call.
    pub async fn fields(&self, module: Module) -> Result<Vec<FieldInfo>, RemoteError> {
        let pairs = [("module", module.api_name())];
        let answer: FieldsAnswer = self.settings("/settings/fields", &pairs).await?;
        Ok(answer.fields.into_iter().map(FieldInfo::from).collect())
    }

    /// A module's layouts.
    ///
    /// # Errors
    /// As every call.
    pub async fn layouts(&self, module: Module) -> Result<Vec<Layout>, RemoteError> {
        let pairs = [("module", module.api_name())];
        let answer: LayoutsAnswer = self.settings("/settings/layouts", &pairs).await?;
        Ok(answer.layouts.into_iter().map(Layout::from).collect())
    }

    /// A module's custom views.
    ///
    /// # Errors
    /// As every call.
    pub async fn views(&self, module: Module) -> Result<Vec<View>, RemoteError> {
        let mut views = Vec::new();
        let mut pages = Pagination::default();
        for page in 1_u32.. {
            let number = page.to_string();
            let mut pairs = vec![("module", module.api_name())];
            // The first page is all that is documented.
            if page > 1 {
                pairs.extend([("page", number.as_str()), ("per_page", "200")]);
            }
            let answer: ViewsAnswer = self.settings("/settings/custom_views", &pairs).await?;
            let more = answer.info.more_records && !answer.custom_views.is_empty();
            pages.page(answer.custom_views.iter().map(|view| view.id.as_str()), None)?;
            views.extend(answer.custom_views.into_iter().map(View::from));
            if !more {
                break;
            }
        }
        Ok(views)
    }

    /// The signed-in user.
    ///
    /// # Errors
    /// As every call.
    pub async fn me(&self) -> Result<Me, RemoteError> {
        let answer: UsersAnswer = self.settings("/users", &[("type", "CurrentUser")]).await?;
        let user = answer.users.into_iter().next();
        user.map(Me::from).ok_or_else(|| broken("no current user", false))
    }

    /// Whether a module's records may be read at all.
    ///
    /// # Errors
    /// [`RemoteError::ScopeMissing`] where the sign-in does not allow it; as every call.
    pub async fn reads(&self, module: Module) -> Result<(), RemoteError> {
        let path = format!("/{}", module.api_name());
        let pairs = [("fields", "id"), ("per_page", "1")];
        self.settings::<Records>(&path, &pairs).await.map(|_| ())
    }

    /// The organisation.
    ///
    /// # Errors
    /// As every call.
    pub async fn org(&self) -> Result<Org, RemoteError> {
        let answer: OrgAnswer = self.settings("/org", &[]).await?;
        answer.org.into_iter().next().map(Org::from).ok_or_else(|| broken("no organisation", false))
    }

    /// The names of the rights that a profile has.
    ///
    /// # Errors
    /// [`RemoteError::Rights`] where this user may not read profiles.
    pub async fn profile(&self, id: &str) -> Result<Vec<(String, bool)>, RemoteError> {
        let answer: ProfilesAnswer =
            self.settings(&format!("/settings/profiles/{id}"), &[]).await?;
        let details = answer.profiles.into_iter().flat_map(|p| p.permissions_details);
        Ok(details.map(|d| (d.name, d.enabled)).collect())
    }

    /// What the user may do in the module (3 calls). Where the profile cannot be read, the module's
    /// own flags decide and the Google-sync right is unknown; without API access all is refused.
    ///
    /// # Errors
    /// As every call.
    pub async fn rights(&self, module: Module) -> Result<Rights, RemoteError> {
        let denied = RemoteError::Rights { permission: API_ACCESS.to_owned() };
        let no_api = |error: RemoteError| {
            if error == denied { Ok(Rights::none()) } else { Err(error) }
        };
        let modules = match self.modules().await {
            Ok(modules) => modules,
            Err(error) => return no_api(error),
        };
        let me = match self.me().await {
            Ok(me) => me,
            Err(error) => return no_api(error),
        };
        let permissions = match &me.profile {
            Some(profile) => match self.profile(profile).await {
                Ok(permissions) => permissions,
                Err(error) if error == denied => return Ok(Rights::none()),
                Err(
                    RemoteError::Rights { .. }
                    | RemoteError::ScopeMissing { .. }
                    | RemoteError::Untrusted
                    | RemoteError::Refused { .. },
                ) => Vec::new(),
                Err(error) => return Err(error),
            },
            None => Vec::new(),
        };
        let info = modules.into_iter().find(|m| m.api_name == module.api_name());
        Ok(Rights::of(module, info.as_ref(), &permissions))
    }
}

impl Rights {
    /// Nothing at all.
    fn none() -> Rights {
        Rights {
            view: false,
            create: false,
            edit: false,
            delete: false,
            gcontact_sync: None,
            api: false,
        }
    }

    /// The module's flags for this user, narrowed by what the profile denies.
    fn of(module: Module, info: Option<&ModuleInfo>, permissions: &[(String, bool)]) -> Rights {
        let granted = |name: &str| permissions.iter().find(|(n, _)| n == name).map(|(_, on)| *on);
        let may = |flag: fn(&ModuleInfo) -> bool, verb: &str| {
            let named = granted(&format!("Crm_Implied_{verb}_{}", module.api_name()));
            info.is_some_and(|i| i.api && flag(i)) && named != Some(false)
        };
        Rights {
            view: may(|m| m.view, "View"),
            create: may(|m| m.create, "Create"),
            edit: may(|m| m.edit, "Edit"),
            delete: may(|m| m.delete, "Delete"),
            gcontact_sync: granted(GCONTACT_SYNC),
            api: granted(API_ACCESS) != Some(false),
        }
    }
}
