//! The organisation: users, modules, records, bins, and the indexes that keep every call cheap.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::fields::{FieldDef, Kind, MODULES, table};
use crate::clock::SECOND;

/// A user of the organisation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) email: String,
}

/// Index of the calling user, a colleague, and the user in whose name automations run.
pub(crate) const ME: usize = 0;
pub(crate) const COLLEAGUE: usize = 1;
pub(crate) const WORKFLOW: usize = 2;

/// One record. Field values are JSON text, ready to be sent; times are whole seconds since 1970.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Rec {
    pub(crate) id: u64,
    /// In the order of the module's fields.
    pub(crate) cells: Vec<Option<Box<str>>>,
    pub(crate) created: i64,
    pub(crate) modified: i64,
    pub(crate) created_by: usize,
    pub(crate) modified_by: usize,
    pub(crate) owner: usize,
    pub(crate) tags: Vec<String>,
    pub(crate) locked: bool,
    /// In approval, or under review: writes are refused.
    pub(crate) waiting: Option<Waiting>,
    /// Lost to sharing rules or territories.
    pub(crate) hidden: bool,
    pub(crate) converted: bool,
    /// When search may first see the newest state (microseconds).
    pub(crate) searchable_at: i64,
}

/// Why a record may not be written yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Waiting {
    Approval,
    Review,
}

impl Rec {
    pub(crate) fn cell(&self, index: usize) -> Option<&str> {
        self.cells.get(index).and_then(Option::as_deref)
    }

    pub(crate) fn set(&mut self, index: usize, text: Option<String>) {
        if self.cells.len() <= index {
            self.cells.resize(index + 1, None);
        }
        if let Some(cell) = self.cells.get_mut(index) {
            *cell = text.map(String::into_boxed_str);
        }
    }
}

/// A deleted record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Binned {
    pub(crate) rec: Rec,
    pub(crate) display_name: String,
    /// Whole seconds.
    pub(crate) deleted: i64,
    pub(crate) deleted_by: usize,
    pub(crate) permanent: bool,
}

/// A list view: a condition in COQL's words.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ListView {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) system_name: Option<String>,
    /// Empty means all records.
    pub(crate) condition: String,
}

/// What the user's profile may do in a module.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Rights {
    pub(crate) view: bool,
    pub(crate) create: bool,
    pub(crate) edit: bool,
    pub(crate) delete: bool,
}

/// A module with its records.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Module {
    pub(crate) id: u64,
    pub(crate) api_name: String,
    pub(crate) singular: String,
    pub(crate) plural: String,
    pub(crate) fields: Vec<FieldDef>,
    pub(crate) views: Vec<ListView>,
    pub(crate) rights: Rights,
    pub(crate) visible: bool,
    pub(crate) records: BTreeMap<u64, Rec>,
    pub(crate) by_modified: BTreeSet<(i64, u64)>,
    pub(crate) by_email: BTreeMap<String, BTreeSet<u64>>,
    pub(crate) bin: BTreeMap<u64, Binned>,
}

impl Module {
    pub(crate) fn index(&self, api_name: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.api_name == api_name)
    }

    pub(crate) fn field(&self, api_name: &str) -> Option<&FieldDef> {
        self.fields.iter().find(|f| f.api_name == api_name)
    }

    /// A text cell's plain text; empty when there is none.
    pub(crate) fn text(&self, rec: &Rec, api_name: &str) -> String {
        self.index(api_name).and_then(|i| rec.cell(i)).map(plain).unwrap_or_default()
    }

    pub(crate) fn display_name(&self, rec: &Rec) -> String {
        match self.api_name.as_str() {
            "Vendors" => self.text(rec, "Vendor_Name"),
            "Accounts" => self.text(rec, "Account_Name"),
            _ => {
                let names = [self.text(rec, "First_Name"), self.text(rec, "Last_Name")];
                names.into_iter().filter(|n| !n.is_empty()).collect::<Vec<_>>().join(" ")
            }
        }
    }

    fn email_key(&self, rec: &Rec) -> Option<String> {
        let email = self.text(rec, "Email").to_lowercase();
        (!email.is_empty()).then_some(email)
    }

    /// Takes a record out of the module and its indexes.
    pub(crate) fn take(&mut self, id: u64) -> Option<Rec> {
        let rec = self.records.remove(&id)?;
        self.by_modified.remove(&(rec.modified, id));
        if let Some(key) = self.email_key(&rec)
            && let Some(set) = self.by_email.get_mut(&key)
        {
            set.remove(&id);
        }
        Some(rec)
    }

    /// Puts a record into the module and its indexes.
    pub(crate) fn put(&mut self, rec: Rec) {
        let id = rec.id;
        self.take(id);
        self.by_modified.insert((rec.modified, id));
        if let Some(key) = self.email_key(&rec) {
            self.by_email.entry(key).or_default().insert(id);
        }
        self.records.insert(id, rec);
    }

    /// Changes a record; a bump moves its Modified_Time to `now` (microseconds).
    pub(crate) fn edit(
        &mut self,
        id: u64,
        by: usize,
        now: i64,
        change: impl FnOnce(&mut Rec),
    ) -> bool {
        let Some(mut rec) = self.take(id) else { return false };
        change(&mut rec);
        rec.modified = now.div_euclid(SECOND);
        rec.modified_by = by;
        rec.searchable_at = now;
        self.put(rec);
        true
    }

    /// Moves a record to the recycle bin.
    pub(crate) fn recycle(&mut self, id: u64, by: usize, now: i64) -> bool {
        let Some(rec) = self.take(id) else { return false };
        let display_name = self.display_name(&rec);
        self.bin.insert(
            id,
            Binned {
                rec,
                display_name,
                deleted: now.div_euclid(SECOND),
                deleted_by: by,
                permanent: false,
            },
        );
        true
    }

    /// Brings a record back from the bin with its old data; `bumps` says whether as a change of now.
    pub(crate) fn restore(&mut self, id: u64, by: usize, now: i64, bumps: bool) -> bool {
        let Some(binned) = self.bin.get(&id).filter(|b| !b.permanent).cloned() else {
            return false;
        };
        self.bin.remove(&id);
        let mut rec = binned.rec;
        if bumps {
            rec.modified = now.div_euclid(SECOND);
            rec.modified_by = by;
        }
        self.put(rec);
        true
    }

    /// Records of the recycle bin become permanent after 60 days, and are forgotten after 120.
    pub(crate) fn age_bin(&mut self, now: i64) {
        let now = now.div_euclid(SECOND);
        self.bin.retain(|_, b| now - b.deleted < 120 * 86_400);
        for binned in self.bin.values_mut() {
            binned.permanent |= now - binned.deleted >= 60 * 86_400;
        }
    }
}

/// The plain text of a JSON string cell.
pub(crate) fn plain(cell: &str) -> String {
    if let Some(inner) =
        cell.strip_prefix('"').and_then(|t| t.strip_suffix('"')).filter(|t| !t.contains('\\'))
    {
        return inner.to_owned();
    }
    match serde_json::from_str::<Value>(cell) {
        Ok(Value::String(text)) => text,
        Ok(Value::Null) | Err(_) => String::new(),
        Ok(other) => other.to_string(),
    }
}

/// One organisation with its first user as the caller.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Org {
    pub(crate) id: u64,
    pub(crate) company: String,
    pub(crate) users: Vec<User>,
    pub(crate) profile_id: u64,
    pub(crate) modules: BTreeMap<String, Module>,
    /// Tag name -> id.
    pub(crate) tags: BTreeMap<String, u64>,
    /// Whether the profile may use the API at all, sync with Google, and read profiles.
    pub(crate) api_access: bool,
    pub(crate) gcontact_sync: bool,
    pub(crate) manage_profiles: bool,
    /// Automations that have yet to run: when, module, record, field, value.
    pub(crate) due: Vec<(i64, String, u64, String, Value)>,
    pub(crate) workflow_firings: u64,
    #[serde(default)]
    pub(crate) cadence_firings: u64,
    #[serde(skip)]
    pub(crate) credits: VecDeque<(i64, u64)>,
    /// Page tokens given out: token -> what it continues.
    pub(crate) pages: BTreeMap<String, super::paging::PagePosition>,
    next_id: u64,
}

impl Org {
    pub(crate) fn new(number: u64, company: &str, email: &str) -> Self {
        let base = 5_120_000_000_000_000_000 + number * 1_000_000_000_000_000;
        let mut modules = BTreeMap::new();
        let mut next = base + 2_000;
        for (api_name, singular, plural, fields) in MODULES {
            let fields = table(fields, next);
            next += 1_000;
            let mut view = |name: &str, system: Option<&str>, condition: &str| {
                next += 3;
                ListView {
                    id: next,
                    name: name.to_owned(),
                    system_name: system.map(str::to_owned),
                    condition: condition.to_owned(),
                }
            };
            let mut views = vec![view(&format!("All {plural}"), Some("ALLVIEWS"), "")];
            match api_name {
                "Contacts" => {
                    views.push(view("VIP", None, "Customer_Rank = 'VIP'"));
                    views.push(view(
                        "Tokyo",
                        None,
                        "Mailing_City like '%Tokyo%' or Mailing_State like '%東京%'",
                    ));
                }
                "Leads" => views.push(view("Hot leads", None, "Rating = 'Active'")),
                "Vendors" => views.push(view("Hardware", None, "Category = 'Hardware'")),
                _ => {}
            }
            next += 1_000;
            modules.insert(
                api_name.to_owned(),
                Module {
                    id: next,
                    api_name: api_name.to_owned(),
                    singular: singular.to_owned(),
                    plural: plural.to_owned(),
                    fields,
                    views,
                    rights: Rights { view: true, create: true, edit: true, delete: true },
                    visible: true,
                    records: BTreeMap::new(),
                    by_modified: BTreeSet::new(),
                    by_email: BTreeMap::new(),
                    bin: BTreeMap::new(),
                },
            );
        }
        let user = |n: u64, name: &str, email: &str| User {
            id: base + 100 + n,
            name: name.to_owned(),
            email: email.to_owned(),
        };
        Self {
            id: base + 1,
            company: company.to_owned(),
            users: vec![
                user(1, "Sora Sales", email),
                user(2, "Kenji Colleague", "kenji@sandbox.example"),
                user(3, "Workflow", "workflow@sandbox.example"),
            ],
            profile_id: base + 50,
            modules,
            tags: BTreeMap::new(),
            api_access: true,
            gcontact_sync: true,
            manage_profiles: true,
            due: Vec::new(),
            workflow_firings: 0,
            cadence_firings: 0,
            credits: VecDeque::new(),
            pages: BTreeMap::new(),
            next_id: base + 100_000,
        }
    }

    pub(crate) fn take_id(&mut self) -> u64 {
        self.next_id += 7;
        self.next_id
    }

    /// Keeps future ids above one that a data file brought along.
    pub(crate) fn reserve_id(&mut self, id: u64) {
        self.next_id = self.next_id.max(id);
    }

    pub(crate) fn tag_id(&mut self, name: &str) -> u64 {
        if let Some(id) = self.tags.get(name) {
            return *id;
        }
        let id = self.take_id();
        self.tags.insert(name.to_owned(), id);
        id
    }

    /// The name that a lookup shows.
    pub(crate) fn lookup_name(&self, module: &str, id: u64) -> Option<String> {
        let module = self.modules.get(module)?;
        let rec = module.records.get(&id).or_else(|| module.bin.get(&id).map(|b| &b.rec))?;
        Some(module.display_name(rec))
    }

    /// The id of the account of that name, made when there is none.
    pub(crate) fn account_named(&mut self, name: &str, by: usize, now: i64) -> u64 {
        let found = self.modules.get("Accounts").and_then(|m| {
            m.records.values().find(|r| m.display_name(r).eq_ignore_ascii_case(name)).map(|r| r.id)
        });
        if let Some(id) = found {
            return id;
        }
        let id = self.take_id();
        let mut rec = blank(id, by, now);
        if let Some(module) = self.modules.get_mut("Accounts") {
            if let Some(index) = module.index("Account_Name") {
                rec.set(index, Some(json!(name).to_string()));
            }
            module.put(rec);
        }
        id
    }

    /// Runs the automations whose time has come.
    pub(crate) fn run_due(&mut self, now: i64) {
        let (ready, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.due).into_iter().partition(|(at, ..)| *at <= now);
        self.due = later;
        for (at, module, id, field, value) in ready {
            let Some(module) = self.modules.get_mut(&module) else { continue };
            let Some(index) = module.index(&field) else { continue };
            self.workflow_firings += 1;
            module.edit(id, WORKFLOW, at, |r| r.set(index, Some(value.to_string())));
        }
    }
}

/// A record without any values.
pub(crate) fn blank(id: u64, by: usize, now: i64) -> Rec {
    let seconds = now.div_euclid(SECOND);
    Rec {
        id,
        cells: Vec::new(),
        created: seconds,
        modified: seconds,
        created_by: by,
        modified_by: by,
        owner: ME,
        tags: Vec::new(),
        locked: false,
        waiting: None,
        hidden: false,
        converted: false,
        searchable_at: now,
    }
}

/// Whether a field's value lives in the record's cells (others are kept beside them).
pub(crate) fn in_cells(field: &FieldDef) -> bool {
    let beside = [
        "Owner",
        "Full_Name",
        "Tag",
        "Layout",
        "Created_By",
        "Modified_By",
        "Created_Time",
        "Modified_Time",
        "id",
        "Locked__s",
        "Converted__s",
        "Record_Status__s",
        "Last_Activity_Time",
    ];
    !beside.contains(&field.api_name.as_str()) && field.kind != Kind::Layout
}
