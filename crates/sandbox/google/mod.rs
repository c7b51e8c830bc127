//! The stand-in of Google: login, tokens, People API v1.

pub(crate) mod actions;
pub(crate) mod batch;
pub(crate) mod consent;
pub(crate) mod errors;
pub(crate) mod field;
pub(crate) mod form;
pub(crate) mod groups;
pub(crate) mod oauth;
pub(crate) mod page;
pub(crate) mod people;
pub(crate) mod person;
pub(crate) mod quota;
pub(crate) mod render;
pub(crate) mod store;
pub(crate) mod sync;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http::{Call, Reply};
use crate::log::Traffic;
use crate::switches::{GoogleSwitches, ParallelWrites};

use errors::{
    Fault, invalid_argument, missing_scope, service_disabled, unauthenticated, wrong_path,
};
use field::Mask;
use oauth::{Auth, CONTACTS, CONTACTS_READONLY};
use quota::{Cost, Quota};
use render::View;
use store::Store;

/// An account that a person can log in with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) sub: String,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) store: Store,
}

/// Everything that Google knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Google {
    pub(crate) accounts: Vec<Account>,
    pub(crate) auth: Auth,
    #[serde(skip)]
    pub(crate) quota: Quota,
    /// Raised to expire all sync tokens that were given out.
    pub(crate) generation: u64,
    /// Address of this server, for links.
    #[serde(skip)]
    pub(crate) base: String,
    /// How many API calls it has answered.
    #[serde(skip)]
    pub(crate) calls: usize,
}

impl Google {
    /// Tells the stores how long writes stay invisible to lists.
    pub(crate) fn set_lag(&mut self, switches: &GoogleSwitches) {
        for account in &mut self.accounts {
            account.store.lag = switches.write_lag_ms * 1000;
        }
    }
}

/// One authorised request with all that its answer depends on.
pub(crate) struct Asked<'a> {
    pub(crate) call: &'a Call,
    pub(crate) switches: &'a GoogleSwitches,
    pub(crate) now: i64,
    pub(crate) generation: u64,
    pub(crate) base: &'a str,
    /// Which call this is.
    pub(crate) number: usize,
}

impl Asked<'_> {
    /// The body as a JSON object.
    pub(crate) fn body(&self) -> Result<Value, Fault> {
        self.call
            .json()
            .filter(Value::is_object)
            .ok_or_else(|| errors::invalid("Invalid JSON payload received. Unexpected token."))
    }

    /// How this call wants to see people.
    pub(crate) fn view(&self, mask: Mask) -> View {
        self.view_from(mask, &self.call.params("sources"))
    }

    /// The same for batch calls, whose sources stand in the body.
    pub(crate) fn view_of_body(&self, mask: Mask, body: &Value) -> View {
        let sources = body.get("sources").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let sources: Vec<&str> = sources.iter().filter_map(Value::as_str).collect();
        self.view_from(mask, &sources)
    }

    fn view_from(&self, mask: Mask, sources: &[&str]) -> View {
        let language = self.call.header("accept-language").unwrap_or("");
        View {
            mask,
            profiles: sources.is_empty() || sources.contains(&"READ_SOURCE_TYPE_PROFILE"),
            cap: None,
            language: if language.starts_with("ja") { "ja" } else { "en" },
            turn: if self.switches.shuffle_items { self.number } else { 0 },
            etag_varies: self.switches.etag_varies,
            base: self.base.to_owned(),
        }
    }
}

/// What kind of traffic a path belongs to.
pub(crate) fn traffic(path: &str) -> Traffic {
    if path.starts_with("/o/oauth2") {
        Traffic::Login
    } else if ["/token", "/revoke", "/v1/userinfo", "/oauth2/v2/userinfo"].contains(&path) {
        Traffic::Token
    } else {
        Traffic::Api
    }
}

/// Answers one request of any kind.
pub(crate) fn answer(
    google: &mut Google,
    call: &Call,
    switches: &GoogleSwitches,
    now: i64,
) -> Reply {
    google.set_lag(switches);
    match traffic(&call.path) {
        Traffic::Login => consent::answer(google, call, switches, now),
        Traffic::Token => oauth::answer(google, call, switches, now),
        Traffic::Api => {
            if let Some(photo) = call.path.strip_prefix("/photos/") {
                return photo_bytes(google, photo);
            }
            match api(google, call, switches, now) {
                Ok(reply) => reply,
                Err(Refusal::Fault(fault)) => fault.reply(switches.old_errors),
                Err(Refusal::Page) => wrong_path(),
            }
        }
    }
}

fn photo_bytes(google: &Google, name: &str) -> Reply {
    let number = name.split('=').next().and_then(|n| n.parse::<u64>().ok());
    let stored = number.and_then(|n| google.accounts.iter().find_map(|a| a.store.photos.get(&n)));
    match stored {
        Some(bytes) if bytes.starts_with(b"\x89PNG") => Reply::new(200, "image/png", bytes.clone()),
        Some(bytes) => Reply::new(200, "image/jpeg", bytes.clone()),
        None => Reply::new(
            200,
            "image/svg+xml",
            "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'><circle cx='5' cy='5' r='5' fill='#a0c3ff'/></svg>",
        ),
    }
}

enum Refusal {
    Fault(Fault),
    Page,
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// One method of the People API.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Method {
    ListConnections,
    Get(String),
    BatchGet,
    Search,
    Create,
    BatchCreate,
    Update(String),
    BatchUpdate,
    Delete(String),
    BatchDelete,
    SetPhoto(String),
    DropPhoto(String),
    ListGroups,
    GetGroup(String),
    BatchGetGroups,
    CreateGroup,
    UpdateGroup(String),
    DeleteGroup(String),
    ModifyMembers(String),
}

impl Method {
    fn of(verb: &str, path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/v1/")?;
        let (resource, action) = rest.rsplit_once(':').unwrap_or((rest, ""));
        let group = resource.strip_prefix("contactGroups/").map(str::to_owned);
        let person = resource.starts_with("people/").then(|| resource.to_owned());
        match (verb, resource, action) {
            ("GET", "people/me/connections", "") => Some(Self::ListConnections),
            ("GET", "people", "batchGet") => Some(Self::BatchGet),
            ("GET", "people", "searchContacts") => Some(Self::Search),
            ("POST", "people", "createContact") => Some(Self::Create),
            ("POST", "people", "batchCreateContacts") => Some(Self::BatchCreate),
            ("POST", "people", "batchUpdateContacts") => Some(Self::BatchUpdate),
            ("POST", "people", "batchDeleteContacts") => Some(Self::BatchDelete),
            ("GET", "contactGroups", "") => Some(Self::ListGroups),
            ("POST", "contactGroups", "") => Some(Self::CreateGroup),
            ("GET", "contactGroups", "batchGet") => Some(Self::BatchGetGroups),
            ("POST", _, "modify") => {
                group?.strip_suffix("/members").map(|g| Self::ModifyMembers(g.to_owned()))
            }
            ("GET", _, "") if group.is_some() => group.map(Self::GetGroup),
            ("PUT", _, "") => group.map(Self::UpdateGroup),
            ("DELETE", _, "") => group.map(Self::DeleteGroup),
            ("GET", _, "") => person.filter(|p| p.matches('/').count() == 1).map(Self::Get),
            ("PATCH", _, "updateContact") => person.map(Self::Update),
            ("DELETE", _, "deleteContact") => person.map(Self::Delete),
            ("PATCH", _, "updateContactPhoto") => person.map(Self::SetPhoto),
            ("DELETE", _, "deleteContactPhoto") => person.map(Self::DropPhoto),
            _ => None,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::ListConnections => "ListConnections",
            Self::Get(_) => "GetPerson",
            Self::BatchGet => "GetPeople",
            Self::Search => "SearchContacts",
            Self::Create => "CreateContact",
            Self::BatchCreate => "BatchCreateContacts",
            Self::Update(_) => "UpdateContact",
            Self::BatchUpdate => "BatchUpdateContacts",
            Self::Delete(_) => "DeleteContact",
            Self::BatchDelete => "BatchDeleteContacts",
            Self::SetPhoto(_) => "UpdateContactPhoto",
            Self::DropPhoto(_) => "DeleteContactPhoto",
            Self::ListGroups => "ListContactGroups",
            Self::GetGroup(_) => "GetContactGroup",
            Self::BatchGetGroups => "BatchGetContactGroups",
            Self::CreateGroup => "CreateContactGroup",
            Self::UpdateGroup(_) => "UpdateContactGroup",
            Self::DeleteGroup(_) => "DeleteContactGroup",
            Self::ModifyMembers(_) => "ModifyContactGroupMembers",
        }
    }

    fn writes(&self) -> bool {
        self.cost(false).is_write()
    }

    /// The published price list.
    fn cost(&self, first_full_page: bool) -> Cost {
        match self {
            Self::ListConnections => Cost {
                critical_reads: 1,
                full_syncs: u64::from(first_full_page),
                ..Cost::default()
            },
            Self::Get(_) | Self::BatchGet | Self::Search => {
                Cost { critical_reads: 1, ..Cost::default() }
            }
            Self::Create | Self::Update(_) => {
                Cost { critical_reads: 1, critical_writes: 1, daily_writes: 1, ..Cost::default() }
            }
            Self::BatchCreate | Self::BatchUpdate => {
                Cost { critical_reads: 6, critical_writes: 6, daily_writes: 200, ..Cost::default() }
            }
            Self::Delete(_) => Cost { writes: 1, ..Cost::default() },
            Self::BatchDelete => Cost { writes: 10, ..Cost::default() },
            Self::SetPhoto(_) | Self::DropPhoto(_) => Cost { photos: 1, ..Cost::default() },
            Self::ListGroups | Self::GetGroup(_) | Self::BatchGetGroups => {
                Cost { reads: 1, ..Cost::default() }
            }
            Self::CreateGroup
            | Self::UpdateGroup(_)
            | Self::DeleteGroup(_)
            | Self::ModifyMembers(_) => Cost { writes: 1, ..Cost::default() },
        }
    }
}

fn api(
    google: &mut Google,
    call: &Call,
    switches: &GoogleSwitches,
    now: i64,
) -> Result<Reply, Refusal> {
    let method = Method::of(&call.method, &call.path).ok_or(Refusal::Page)?;
    let grant = google.auth.bearer(call, now).ok_or_else(unauthenticated)?;
    if switches.service_disabled {
        return Err(service_disabled().into());
    }
    let writes = method.writes();
    let allowed = grant.scopes.iter().any(|s| s == CONTACTS || s == CONTACTS_READONLY && !writes);
    if !allowed {
        let scope =
            if writes { CONTACTS.to_owned() } else { format!("{CONTACTS} {CONTACTS_READONLY}") };
        return Err(missing_scope(method.name(), &scope).into());
    }
    google.calls += 1;
    let asked = Asked {
        call,
        switches,
        now,
        generation: google.generation,
        base: &google.base,
        number: google.calls,
    };
    let first = method == Method::ListConnections && sync::starts_full_list(&asked);
    google.quota.spend(&method.cost(first), switches, grant.account, now)?;
    if writes && call.in_flight > 1 {
        parallel(switches.parallel_writes)?;
    }
    let account = google.accounts.get_mut(grant.account).ok_or_else(unauthenticated)?;
    let store = &mut account.store;
    let reply = match &method {
        Method::ListConnections => {
            let mut view = asked.view(people::required_mask(&asked)?);
            view.cap = Some(switches.list_item_cap);
            sync::list(&asked, store, &view)
        }
        Method::Get(name) if name == "people/me" => me(&asked, &account.sub, &account.email),
        Method::Get(name) => people::get(&asked, store, name),
        Method::BatchGet => people::batch_get(&asked, store),
        Method::Search => people::search(&asked, store),
        Method::Create => people::create(&asked, store),
        Method::BatchCreate => batch::create(&asked, store),
        Method::Update(name) => people::update(&asked, store, name),
        Method::BatchUpdate => batch::update(&asked, store),
        Method::Delete(name) => people::delete(&asked, store, name),
        Method::BatchDelete => batch::delete(&asked, store),
        Method::SetPhoto(name) => people::photo(&asked, store, name, true),
        Method::DropPhoto(name) => people::photo(&asked, store, name, false),
        Method::ListGroups => groups::list(&asked, store),
        Method::GetGroup(id) => groups::get(&asked, store, id),
        Method::BatchGetGroups => groups::batch_get(&asked, store),
        Method::CreateGroup => groups::create(&asked, store),
        Method::UpdateGroup(id) => groups::update(&asked, store, id),
        Method::DeleteGroup(id) => groups::delete(&asked, store, id),
        Method::ModifyMembers(id) => groups::modify(&asked, store, id),
    };
    Ok(reply?)
}

fn me(asked: &Asked<'_>, sub: &str, email: &str) -> Result<Reply, Fault> {
    people::required_mask(asked)?;
    if sub.is_empty() {
        return Err(invalid_argument());
    }
    Ok(Reply::json(
        200,
        &serde_json::json!({
            "resourceName": format!("people/{sub}"),
            "etag": "%EgUBAj0uNxoEAQIFBw==",
            "metadata": {"sources": [{"type": "PROFILE", "id": sub, "etag": "#bWU=", "profileMetadata": {"objectType": "PERSON", "userTypes": ["GOOGLE_USER"]}}], "objectType": "PERSON"},
            "emailAddresses": [{"metadata": {"primary": true, "verified": true, "source": {"type": "ACCOUNT", "id": sub}}, "value": email}],
        }),
    ))
}

fn parallel(how: ParallelWrites) -> Result<(), Fault> {
    match how {
        ParallelWrites::Fine => Ok(()),
        ParallelWrites::Aborted => Err(Fault::new(409, "ABORTED", "The operation was aborted.")),
        ParallelWrites::Unavailable => {
            Err(Fault::new(503, "UNAVAILABLE", "The service is currently unavailable."))
        }
        ParallelWrites::Etag => Err(errors::stale_etag()),
    }
}
