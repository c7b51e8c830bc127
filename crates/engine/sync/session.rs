//! What one run works with.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use renraku_core::compile::Compiled;
use renraku_core::compile::Rest;
use renraku_core::contact::{Card, Mark, Module, Pair, Record, RecordId, Side};
use renraku_core::mapping::Mapping;
use renraku_core::message::Failure;
use renraku_core::news::Names;
use renraku_core::plan::{BaseUpdate, differing};
use renraku_core::timestamp::Timestamp;
use renraku_services::auth::ZohoGrant;
use renraku_services::received::Evidence;
use renraku_services::{Google, Zoho};
use renraku_store::{Base, Store, StoreError, SyncRow};

use crate::api::{Phase, Progress};
use crate::sync::generation::Generation;
use crate::sync::stop::Stop;
use crate::text::catalogue::Catalogue;

/// How long Google's lists may trail our own writes, in seconds of wall clock (its reference says
/// "several minutes" for sync requests).
pub(crate) const QUIET: i64 = 600;

/// Tells the time; a run asks nothing else of this computer's clock.
pub(crate) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Hears how far a run is.
pub(crate) type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// The accounts, the rules and the database of one sync's run.
pub(crate) struct Session {
    pub(crate) store: Arc<Store>,
    pub(crate) generation: Arc<Generation>,
    pub(crate) data_dir: PathBuf,
    pub(crate) google: Google,
    pub(crate) zoho: Zoho,
    pub(crate) zoho_grant: ZohoGrant,
    pub(crate) sync: SyncRow,
    pub(crate) rules: Compiled,
    pub(crate) mapping: Mapping,
    pub(crate) fields: Vec<String>,
    /// Rules whose Zoho field this user can no longer read, or that goes with its place no more.
    pub(crate) held: BTreeSet<usize>,
    /// Rules whose Zoho field this user can no longer write.
    pub(crate) closed: BTreeSet<usize>,
    /// Lists whose options were found to have other names by this run, by Zoho's `api_name`.
    pub(crate) renamed: BTreeMap<String, Names>,
    /// Whether the sign-in left out the right to create accounts in Zoho.
    pub(crate) lacks_new_accounts: bool,
    /// Whether this run has asked what Zoho's fields are now.
    pub(crate) looked: bool,
    pub(crate) clock: Clock,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) stop: Stop,
    pub(crate) on_progress: OnProgress,
}

impl Session {
    pub(crate) fn module(&self) -> Module {
        self.sync.setup.module
    }

    /// Works by these rules from now on.
    pub(crate) fn follow(&mut self, rules: Compiled) {
        let module = self.module();
        self.mapping = rules.mapping(module);
        self.held = rules.at_rest(module, &[Rest::Unseen, Rest::OtherType]);
        self.closed = rules.at_rest(module, &[Rest::ReadOnly]);
        self.rules = rules;
    }

    /// The wall clock, in seconds.
    pub(crate) fn now(&self) -> i64 {
        (self.clock)().as_second()
    }

    /// The fields that are read from Zoho.
    pub(crate) fn zoho_fields(&self) -> &[String] {
        &self.fields
    }

    /// The wall clock as people read it, in whole seconds.
    pub(crate) fn stamp(&self) -> String {
        (self.clock)().stamp()
    }

    pub(crate) fn mark(&self, zoho_id: &str) -> Mark {
        Mark {
            org: self.zoho_grant.org.clone(),
            module: self.module(),
            zoho_id: zoho_id.to_owned(),
        }
    }

    pub(crate) fn progress(&self, phase: Phase, side: Option<Side>, done: u32, total: Option<u32>) {
        (self.on_progress)(Progress {
            module: self.module(),
            phase,
            side,
            done,
            total,
            seconds_left: None,
            waiting_until: None,
        });
    }

    /// Reads a mirrored contact.
    pub(crate) fn parse(&self, side: Side, raw: &str) -> Option<Record> {
        match side {
            Side::Zoho => renraku_services::zoho::wire::record(raw, &self.mapping).ok(),
            Side::Google => renraku_services::google::wire::record(raw, &self.mapping).ok(),
        }
    }

    /// Reads a mirrored contact, and what it can be matched by.
    pub(crate) fn digest(&self, side: Side, raw: &str) -> Option<(Record, Evidence)> {
        use renraku_services::{google, zoho};
        match side {
            Side::Zoho => {
                zoho::wire::digest(raw, &self.mapping).ok().map(|d| (d.record, d.evidence))
            }
            Side::Google => {
                google::wire::digest(raw, &self.mapping).ok().map(|d| (d.record, d.evidence))
            }
        }
    }

    /// A stored base as a card of this mapping.
    pub(crate) fn card(&self, base: &Base) -> Card {
        let values = self.mapping.rules().iter().map(|rule| base.get(&rule.zoho).cloned());
        Card(values.collect())
    }

    /// Puts what was learned into both bases.
    pub(crate) fn learn(&self, base: &mut Pair<Base>, learn: &BaseUpdate) {
        for (rule, values) in learn.iter() {
            let Some(rule) = self.mapping.rules().get(rule) else { continue };
            for side in Side::BOTH {
                match &values[side] {
                    Some(value) => base[side].insert(rule.zoho.clone(), value.clone()),
                    None => base[side].remove(&rule.zoho),
                };
            }
        }
    }

    /// Notes in which of the fields that were just learned the two sides of a pair differ now.
    pub(crate) fn compare(
        &self,
        differs: &mut BTreeSet<String>,
        base: &Pair<Base>,
        learn: &BaseUpdate,
    ) {
        let (zoho, google) = (self.card(&base.zoho), self.card(&base.google));
        let cards = Pair { zoho: &zoho, google: &google };
        let found = differing(&self.mapping, self.sync.setup.direction, cards, &[]);
        for (rule, _) in learn.iter() {
            let Some(spec) = self.mapping.rules().get(rule) else { continue };
            match found.contains(&rule) {
                true => differs.insert(spec.zoho.clone()),
                false => differs.remove(&spec.zoho),
            };
        }
    }

    /// The ids of a pair, from the end that is known.
    pub(crate) fn ends(origin: Side, id: &RecordId, other: &RecordId) -> Pair<RecordId> {
        match origin {
            Side::Zoho => Pair { zoho: id.clone(), google: other.clone() },
            Side::Google => Pair { zoho: other.clone(), google: id.clone() },
        }
    }
}

/// The rules of a sync as they are stored.
pub(crate) fn rules(sync: &SyncRow) -> Result<Compiled, Failure> {
    Ok(serde_json::from_str(&sync.rules).map_err(StoreError::from)?)
}

/// What the caller asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunMode {
    /// What would be written.
    Preview,
    /// Write, but stop before what a guard holds.
    Sync,
    /// As [`RunMode::Sync`], begun by the timer: nobody sees what it holds.
    Due,
    /// Write, what a guard holds too.
    Approved,
}

/// Contacts by side and id; a pair is one, under its Zoho id.
pub(crate) type Contacts = BTreeSet<(Side, String)>;

pub(crate) fn count(contacts: &Contacts) -> u32 {
    u32::try_from(contacts.len()).unwrap_or(u32::MAX)
}
