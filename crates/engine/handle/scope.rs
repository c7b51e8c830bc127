//! Whom another label or list view would leave out: told before it is saved, and saved together with
//! what becomes of them.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::compile::Compiled;
use renraku_core::contact::{Module, Pair, RecordId, Side};
use renraku_core::mapping::Mapping;
use renraku_core::plan::out_of_scope;
use renraku_core::setup::Setup;
use renraku_services::google::{self, PeoplePage};
use renraku_services::{RemoteError, zoho};
use renraku_store::{Db, MirrorRow, Place, SCOPE_KEY, State, Store, StoreError, SyncRow};

use crate::api::{Event, Failure, FailureCode, Outside};
use crate::handle::engine::Engine;
use crate::sync::guard::{question, told_outside};
use crate::sync::label::feed;
use crate::text::message::not_connected;

impl Engine {
    /// Who is kept in step now and would be outside the scope of this setup. Both services are only
    /// read, and nothing of what they say is kept: whoever asks has changed nothing.
    ///
    /// # Errors
    /// As [`Engine::setup`]; where a service cannot be asked.
    pub async fn leaves_out(&self, setup: Setup) -> Result<Vec<Outside>, Failure> {
        let (setup, rules) = self.checked(setup).await?;
        let module = setup.module;
        let Some(old) = self.sync_rows()?.into_iter().find(|row| row.setup.module == module) else {
            return Ok(Vec::new());
        };
        let label = match setup.google_label != old.setup.google_label {
            true => rules.label.as_deref(),
            false => None,
        };
        let view = match setup.zoho_view != old.setup.zoho_view {
            true => rules.view.as_deref(),
            false => None,
        };
        let members = Members {
            view: self.view_members(module, view, &rules).await?,
            label: self.label_members(&old, label).await?,
        };
        let mapping = rules.mapping(module);
        let looked = self.inner.store.read(|db| members.outside(db, &old, &mapping));
        looked.map_err(Failure::from)
    }

    /// As [`Engine::setup`], where it is decided what becomes of the contacts that it leaves out.
    ///
    /// # Errors
    /// As [`Engine::setup`]; [`FailureCode::Invalid`] where there is no such choice.
    pub async fn setup_leaving(
        &self,
        setup: Setup,
        contacts: u32,
        choice: &str,
    ) -> Result<(), Failure> {
        let question = question(contacts);
        let choices = question.about.choices();
        if !choices.contains(&choice) {
            let failure =
                Failure::new(FailureCode::Invalid, "error-no-choice").with("item", SCOPE_KEY);
            return Err(failure.with("choice", choice).with("choices", choices.join(", ")));
        }
        let (setup, rules) = self.checked(setup).await?;
        let ledger = self.ledger()?.ok_or_else(|| not_connected(Side::Google))?;
        let _slot = self.slot().await?;
        let store = &self.inner.store;
        let sync = store.put_sync(ledger, &setup, &rules)?;
        let decided = store.write(|db| {
            Store::ask(db, sync, &question)?;
            Store::choose_called(db, sync, SCOPE_KEY, choice)
        });
        decided?;
        self.tell(Event::Changed);
        Ok(())
    }

    /// The records in a view that limits the sync anew.
    async fn view_members(
        &self,
        module: Module,
        view: Option<&str>,
        rules: &Compiled,
    ) -> Result<Option<BTreeSet<RecordId>>, Failure> {
        let Some(view) = view else { return Ok(None) };
        let (crm, _) = self.zoho(None)?;
        let mut inside = BTreeSet::new();
        let fields: Vec<String> = rules.fields.iter().take(1).cloned().collect();
        crm.view(module, view, &fields, &mut |page: zoho::RecordPage| {
            inside.extend(page.records.into_iter().map(|record| record.id));
            Ok(())
        })
        .await
        .map_err(|e| self.remote(Side::Zoho, &e))?;
        Ok(Some(inside))
    }

    /// Who has a label that limits the sync anew: as it was read last, and what has changed since.
    async fn label_members(
        &self,
        sync: &SyncRow,
        label: Option<&str>,
    ) -> Result<Option<Labelled>, Failure> {
        let Some(label) = label else { return Ok(None) };
        let failed = |e: RemoteError| self.remote(Side::Google, &e);
        let client = self.google(None)?;
        let groups = client.groups().await.map_err(failed)?;
        let known = self.inner.store.cursor(sync.ledger, &feed(label))?;
        let mut labels = groups.into_iter().filter(|group| group.label);
        let group = match &known {
            Some(id) => labels.find(|group| group.id == *id),
            None => labels.find(|group| group.name == label),
        };
        let mut found = Labelled { group: group.map(|group| group.id), fresh: BTreeMap::new() };
        if found.group.is_none() {
            return Ok(Some(found));
        }
        let token = self.inner.store.cursor(sync.ledger, "google")?;
        let mut heard = |page: PeoplePage| {
            let told = page.people.into_iter().filter(|read| !read.deleted && read.readable);
            found.fresh.extend(
                told.filter_map(|read| Some((read.id, google::wire::memberships(&read.raw).ok()?))),
            );
            Ok(())
        };
        match client.people(token.as_deref(), &mut heard).await {
            Err(RemoteError::Expired) => client.plain_list(&mut heard).await,
            read => read.map(|_| ()),
        }
        .map_err(failed)?;
        Ok(Some(found))
    }
}

/// Who has a label.
struct Labelled {
    /// The label's id; none where it is not there yet, so that nobody has it.
    group: Option<String>,
    /// The labels of those who changed since the last reading.
    fresh: BTreeMap<RecordId, Vec<String>>,
}

impl Labelled {
    fn holds(&self, person: &MirrorRow) -> bool {
        let Some(group) = &self.group else { return false };
        match self.fresh.get(&person.id) {
            Some(labels) => labels.contains(group),
            None => person.scopes.split(' ').any(|label| label == group),
        }
    }
}

/// Who is inside a scope; nothing on a side whose scope stays as it is or is everybody.
struct Members {
    view: Option<BTreeSet<RecordId>>,
    label: Option<Labelled>,
}

impl Members {
    fn outside(
        &self,
        db: &Db,
        sync: &SyncRow,
        mapping: &Mapping,
    ) -> Result<Vec<Outside>, StoreError> {
        let mut found = Vec::new();
        if self.view.is_none() && self.label.is_none() {
            return Ok(found);
        }
        for ids in Store::awake(db, sync.id)? {
            let copy = |side: Side| {
                let place = Place::of(side, mapping.module);
                let row = Store::mirrored(db, sync.ledger, place, &ids[side])?;
                Ok::<_, StoreError>(row.filter(|row| row.state == State::Here))
            };
            let (Some(record), Some(person)) = (copy(Side::Zoho)?, copy(Side::Google)?) else {
                continue;
            };
            let inside = Pair {
                zoho: self.view.as_ref().is_none_or(|view| view.contains(&record.id)),
                google: self.label.as_ref().is_none_or(|label| label.holds(&person)),
            };
            let Some(side) = out_of_scope(inside) else { continue };
            let read = match side {
                Side::Zoho => zoho::wire::record(&record.raw, mapping),
                Side::Google => google::wire::record(&person.raw, mapping),
            };
            found.push(told_outside(mapping, &ids, side, read.ok()));
        }
        Ok(found)
    }
}
