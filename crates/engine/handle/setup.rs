//! What can be synced, and setting it up: the wizard's questions answered by the live accounts.

use std::collections::BTreeMap;

use renraku_core::compile::{
    Compiled, FieldFacts, compile, custom_place, default_places, fits, kind, wizard_default,
};
use renraku_core::contact::{Module, Side};
use renraku_core::mapping::Group;
use renraku_core::message::Message;
use renraku_core::setup::{Direction, Setup};
use renraku_services::auth::scopes;
use renraku_services::google::ContactGroup;
use renraku_services::zoho::metadata::{FieldInfo, Layout, Rights};
use renraku_services::{RemoteError, Zoho, zoho};

use crate::api::{
    Event, Failure, FailureCode, Fields, GoogleField, Scope, Scopes, SetupDraft, ZohoField,
};
use crate::handle::engine::Engine;
use crate::sync::companies::forget_refusals;
use crate::sync::fields::facts;
use crate::text::message::{missing_rights, mistake, no_view, not_connected, own_group};

/// The group that holds everybody who is a contact.
const MY_CONTACTS: &str = "contactGroups/myContacts";
/// The types of entries that are offered for Google's repeatable fields.
const EMAILS: [&str; 3] = ["work", "home", "other"];
const PHONES: [&str; 10] = [
    "work",
    "home",
    "mobile",
    "workFax",
    "homeFax",
    "main",
    "other",
    "workMobile",
    "pager",
    "otherFax",
];
const ADDRESSES: [&str; 3] = ["work", "home", "other"];
const URLS: [&str; 5] = ["work", "homePage", "home", "blog", "profile"];

/// Every Google place that is offered; custom fields come with their Zoho field.
fn places() -> Vec<(Group, String)> {
    let mut places = Vec::new();
    for (group, name) in Group::ALL {
        let labels: &[&str] = match group {
            Group::EmailAddresses => &EMAILS,
            Group::PhoneNumbers => &PHONES,
            Group::Addresses => &ADDRESSES,
            Group::Urls => &URLS,
            Group::UserDefined => continue,
            Group::Names
            | Group::Nicknames
            | Group::Organizations
            | Group::Birthdays
            | Group::Biographies => &[""],
        };
        for label in labels {
            for part in group.parts() {
                let head =
                    if label.is_empty() { name.to_owned() } else { format!("{name}[{label}]") };
                places.push((
                    group,
                    match *part {
                        "value" | "date" => head,
                        part => format!("{head}.{part}"),
                    },
                ));
            }
        }
    }
    places
}

fn place_type(group: Group) -> &'static str {
    match group {
        Group::EmailAddresses => "email",
        Group::PhoneNumbers => "phone",
        Group::Birthdays => "date",
        Group::Urls => "url",
        Group::Names
        | Group::Nicknames
        | Group::Addresses
        | Group::Organizations
        | Group::Biographies
        | Group::UserDefined => "text",
    }
}

/// The directions that rights allow, and why fewer than all.
fn directions(rights: Rights, module: Module) -> (Vec<Direction>, Option<Message>) {
    if rights.gcontact_sync == Some(false) {
        return (Vec::new(), Some(Message::new("engine-rights-sync")));
    }
    if !rights.api {
        return (Vec::new(), Some(Message::new("engine-rights-api")));
    }
    if !rights.view {
        let why = Message::new("engine-rights-view").with("module", module.api_name());
        return (Vec::new(), Some(why));
    }
    if rights.create && rights.edit && rights.delete {
        return (vec![Direction::TwoWay, Direction::ZohoToGoogle, Direction::GoogleToZoho], None);
    }
    let missing: Vec<&str> =
        [("create", rights.create), ("edit", rights.edit), ("delete", rights.delete)]
            .into_iter()
            .filter(|(_, has)| !has)
            .map(|(name, _)| name)
            .collect();
    (vec![Direction::ZohoToGoogle], Some(missing_rights(&missing, module)))
}

impl Engine {
    /// A setup that cannot be saved, with every reason.
    pub(crate) fn refused(&self, mistakes: &[Message]) -> Failure {
        let catalogue = self.catalogue();
        let detail: Vec<String> = mistakes.iter().map(|one| catalogue.tell(one)).collect();
        Failure::new(FailureCode::Invalid, "error-setup").with("detail", detail.join(" "))
    }

    pub(crate) fn remote(&self, side: Side, error: &RemoteError) -> Failure {
        let failure = error.failure(side);
        if failure.code == FailureCode::SignedOut {
            let out = self.inner.store.set_standing(side, renraku_store::Standing::SignedOut);
            if let Err(error) = out {
                return Failure::from(error);
            }
            // Whoever shows the accounts asks for a new sign-in.
            self.tell(Event::Changed);
        }
        failure
    }

    /// Both sides' fields, and which can be mapped to which.
    ///
    /// # Errors
    /// Where Zoho cannot be asked.
    pub async fn fields(&self, module: Module) -> Result<Fields, Failure> {
        let (zoho, _) = self.zoho(None)?;
        let (infos, facts) = self.field_facts(&zoho, module).await?;
        let by_default = default_places(module, &facts);
        let places = places();
        let zoho = infos
            .iter()
            .filter(|info| info.visible)
            .filter_map(|info| Some((info, facts.iter().find(|f| f.api_name == info.api_name)?)))
            .map(|(info, facts)| {
                let kind = kind(facts, None);
                let mut google: Vec<String> = kind.as_ref().map_or_else(Vec::new, |kind| {
                    let fitting = places.iter().filter(|(group, _)| fits(kind, *group));
                    fitting.map(|(_, place)| place.clone()).collect()
                });
                if kind.is_some() {
                    google.push(custom_place(&info.api_name));
                }
                ZohoField {
                    api_name: info.api_name.clone(),
                    label: info.label.clone(),
                    data_type: info.data_type.clone(),
                    mandatory: facts.mandatory,
                    writable: info.writable,
                    custom: info.custom,
                    length: info.length,
                    choices: info.choices.iter().map(|(_, display)| display.clone()).collect(),
                    default_google: by_default
                        .get(info.api_name.as_str())
                        .filter(|_| kind.is_some())
                        .map(|place| (*place).to_owned()),
                    google,
                }
            })
            .collect();
        let google = places
            .into_iter()
            .map(|(group, path)| GoogleField {
                path,
                data_type: place_type(group).to_owned(),
                mandatory: false,
            })
            .collect();
        Ok(Fields { module, zoho, google })
    }

    pub(crate) async fn field_facts(
        &self,
        zoho: &Zoho,
        module: Module,
    ) -> Result<(Vec<FieldInfo>, Vec<FieldFacts>), Failure> {
        let fields = zoho.fields(module).await.map_err(|e| self.remote(Side::Zoho, &e))?;
        let layouts = zoho.layouts(module).await.map_err(|e| self.remote(Side::Zoho, &e))?;
        let me = zoho.me().await.map_err(|e| self.remote(Side::Zoho, &e))?;
        let facts = facts(&fields, Layout::of(&layouts, me.profile.as_deref()));
        Ok((fields, facts))
    }

    /// Asks whether a module's records may be read at all, where the sign-in did not grant it by
    /// name: what is spelled otherwise may be granted all the same.
    async fn granted(&self, zoho: &Zoho, module: Module) -> Result<(), Failure> {
        let told = self.connected(Side::Zoho)?.scopes;
        match scopes::missing(&told).contains(&scopes::of_module(module)) {
            true => zoho.reads(module).await.map_err(|e| self.remote(Side::Zoho, &e)),
            false => Ok(()),
        }
    }

    /// What a sync of the module can be limited to, and what this person may do.
    ///
    /// # Errors
    /// Where a service cannot be asked.
    pub async fn scopes(&self, module: Module) -> Result<Scopes, Failure> {
        let (zoho, _) = self.zoho(None)?;
        let rights = self.rights_anew(&zoho, module).await?;
        self.granted(&zoho, module).await?;
        let (directions, limited_because) = directions(rights, module);
        let views = match rights.view {
            true => match zoho.views(module).await {
                // All records can be synced without them.
                Err(RemoteError::ScopeMissing { .. }) => Vec::new(),
                views => views.map_err(|e| self.remote(Side::Zoho, &e))?,
            },
            false => Vec::new(),
        };
        let groups =
            self.google(None)?.groups().await.map_err(|e| self.remote(Side::Google, &e))?;
        let mine = |group: &&ContactGroup| group.id == MY_CONTACTS;
        let everybody = groups.iter().find(mine).map_or(0, |group| group.members);
        Ok(Scopes {
            module,
            everybody,
            views: views
                .into_iter()
                .map(|view| Scope { id: view.id, name: view.name, members: None })
                .collect(),
            labels: groups
                .into_iter()
                .filter(|group| group.label)
                .map(|g| Scope { id: g.id, name: g.name, members: Some(g.members) })
                .collect(),
            directions,
            limited_because: limited_because.map(|why| self.catalogue().tell(&why)),
        })
    }

    /// What this user may do now: whatever was refused before may be allowed.
    async fn rights_anew(&self, zoho: &Zoho, module: Module) -> Result<Rights, Failure> {
        let rights = zoho.rights(module).await.map_err(|e| self.remote(Side::Zoho, &e))?;
        self.forget_refused_accounts()?;
        Ok(rights)
    }

    /// Has the accounts that Zoho refused tried again.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub(crate) fn forget_refused_accounts(&self) -> Result<(), Failure> {
        match self.ledger()? {
            Some(ledger) => Ok(self.inner.store.write(|db| forget_refusals(db, ledger))?),
            None => Ok(()),
        }
    }

    /// What the wizard or the edit page of a module starts from.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn setup_draft(&self, module: Module) -> Result<SetupDraft, Failure> {
        let saved = self.sync_rows()?.into_iter().find(|row| row.setup.module == module);
        let (mut setup, saved) = match saved {
            Some(row) => (row.setup, true),
            None => (Setup::new(module), false),
        };
        // A setup file may leave them out: they hold all the same, and the page shows them.
        for field in ["Last_Name", "Company", "Vendor_Name"] {
            if let Some(value) = wizard_default(module, field) {
                setup.defaults.entry(field.to_owned()).or_insert_with(|| value.to_owned());
            }
        }
        Ok(SetupDraft { setup, saved })
    }

    /// Creates or replaces a module's sync, checked against the live accounts.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] names what is wrong; nothing is saved then.
    pub async fn setup(&self, setup: Setup) -> Result<(), Failure> {
        let (setup, rules) = self.checked(setup).await?;
        let ledger = self.ledger()?.ok_or_else(|| not_connected(Side::Google))?;
        let _slot = self.slot().await?;
        self.inner.store.put_sync(ledger, &setup, &rules)?;
        self.tell(Event::Changed);
        Ok(())
    }

    /// A setup as it can be saved, with the rules that it comes to on the live accounts.
    pub(crate) async fn checked(&self, mut setup: Setup) -> Result<(Setup, Compiled), Failure> {
        let module = setup.module;
        let (zoho, _) = self.zoho(None)?;
        self.connected(Side::Google)?;
        let rights = self.rights_anew(&zoho, module).await?;
        let (allowed, why) = directions(rights, module);
        if !allowed.contains(&setup.direction) {
            return Err(self.refused(why.as_slice()));
        }
        self.granted(&zoho, module).await?;
        let (infos, facts) = self.field_facts(&zoho, module).await?;
        let org = zoho.org().await.map_err(|e| self.remote(Side::Zoho, &e))?;
        let region = org.country_code;
        let mut rules = compile(&setup, &facts, region.as_deref()).map_err(|errors| {
            let labels = infos.iter().map(|one| (one.api_name.clone(), one.label.clone()));
            let labels: BTreeMap<String, String> = labels.collect();
            let mistakes: Vec<Message> = errors.iter().map(|one| mistake(one, &labels)).collect();
            self.refused(&mistakes)
        })?;
        if let Some(wanted) = setup.zoho_view.clone() {
            let views = zoho.views(module).await.map_err(|e| self.remote(Side::Zoho, &e))?;
            let view = views.into_iter().find(|view| view.id == wanted || view.name == wanted);
            let view = view.ok_or_else(|| self.refused(&[no_view(&wanted, module)]))?;
            rules.view = Some(view.id);
            rules.view_name = Some(view.name);
        }
        setup.google_label = setup.google_label.take().filter(|label| !label.trim().is_empty());
        if let Some(label) = &setup.google_label {
            let google = self.google(None)?;
            let own = crate::sync::label::is_googles_own(&google, label).await;
            if own.map_err(|e| self.remote(Side::Google, &e))? {
                return Err(self.refused(&[own_group(label)]));
            }
        }
        rules.label.clone_from(&setup.google_label);
        let known = |name: &&str| infos.iter().any(|info| info.visible && info.api_name == **name);
        let mut fields: Vec<String> = rules.mapped().map(str::to_owned).collect();
        let always = ["Created_Time"];
        let wanted = zoho::wire::evidence_fields(module).iter().chain(&always);
        for field in wanted.copied().filter(|f| known(f)) {
            if !fields.iter().any(|name| name == field) {
                fields.push(field.to_owned());
            }
        }
        rules.fields = fields;
        rules.labels = infos
            .iter()
            .filter(|info| rules.mapped().any(|name| name == info.api_name))
            .map(|info| (info.api_name.clone(), info.label.clone()))
            .collect();
        let unique = infos.iter().filter(|info| info.unique).map(|info| info.api_name.clone());
        rules.unique = unique.filter(|name| rules.mapped().any(|mapped| mapped == name)).collect();
        Ok((setup, rules))
    }

    /// Turns a sync on or off; its settings and links stay.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where the module is not set up.
    pub fn set_enabled(&self, module: Module, enabled: bool) -> Result<(), Failure> {
        let sync = self.sync_row(module)?;
        self.inner.store.enable(sync.id, enabled)?;
        self.tell(Event::Changed);
        Ok(())
    }
}
