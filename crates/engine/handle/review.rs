//! What waits for the person, and what they decide about it.

use renraku_core::compile::Compiled;
use renraku_core::contact::{Module, Pair, Side};
use renraku_core::field::Misfit;
use renraku_core::matching::Reason;
use renraku_core::plan::{About, Holder, Question, match_key};
use renraku_store::{Db, ReviewRow, Store, SyncRow};

use crate::api::{Event, Failure, FailureCode, Review, ReviewItem};
use crate::handle::engine::Engine;
use crate::sync::companies::forget_refusals;
use crate::sync::session::rules;
use crate::text::catalogue::Catalogue;
use crate::text::message;

impl Engine {
    /// What waits for the person.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn review(&self, module: Option<Module>) -> Result<Review, Failure> {
        let mut items = Vec::new();
        for row in self.sync_rows()? {
            if module.is_some_and(|module| module != row.setup.module) {
                continue;
            }
            let open = self.inner.store.open_questions(row.id)?;
            let rules = rules(&row)?;
            let catalogue = self.catalogue();
            let mut waiting: Vec<(ReviewRow, usize)> = Vec::new();
            for question in open {
                match waiting.iter_mut().find(|(first, _)| is_one_item(first, &question)) {
                    Some((_, contacts)) => *contacts += 1,
                    None => waiting.push((question, 1)),
                }
            }
            items.extend(waiting.into_iter().map(|(question, contacts)| {
                match question.question.about.common_cause().cloned() {
                    Some(cause) => item_of_cause(&catalogue, &row, &cause, contacts, question),
                    None => item(&catalogue, &row, &rules, question),
                }
            }));
        }
        Ok(Review { items })
    }

    /// Decides review items, all of them or none; what was chosen is carried out by the next run.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where there is no such item or choice.
    pub fn resolve(&self, items: &[impl AsRef<str>], choice: &str) -> Result<(), Failure> {
        let mut found = Vec::with_capacity(items.len());
        for item in items {
            found.extend(self.decidable(item.as_ref(), choice)?);
        }
        let ledger = self.ledger()?;
        let accounts =
            choice == "retry" && found.iter().any(|row| row.question.about.account().is_some());
        self.inner.store.write(|db| {
            if let Some(ledger) = ledger.filter(|_| accounts) {
                forget_refusals(db, ledger)?;
            }
            found.iter().try_for_each(|row| decide(db, row, choice))
        })?;
        self.tell(Event::Changed);
        Ok(())
    }

    /// Takes answers back that no run has carried out yet, all of them or none: their questions are
    /// open again.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where there is no such item.
    pub fn take_back(&self, items: &[impl AsRef<str>]) -> Result<(), Failure> {
        let rows = items.iter().map(|item| self.rows_of(self.asked(item.as_ref())?));
        let rows = rows.collect::<Result<Vec<_>, _>>()?.concat();
        let store = &self.inner.store;
        let open = store.write(|db| rows.iter().try_for_each(|row| Store::reopen(db, row.id)));
        open?;
        self.tell(Event::Changed);
        Ok(())
    }

    /// The open questions that a review item stands for.
    fn rows_of(&self, row: ReviewRow) -> Result<Vec<ReviewRow>, Failure> {
        if row.question.about.common_cause().is_none() {
            return Ok(vec![row]);
        }
        let mut open = self.inner.store.open_questions(row.sync)?;
        open.retain(|other| is_one_item(&row, other));
        Ok(open)
    }

    /// The open questions of a review item that offers this choice.
    fn decidable(&self, item: &str, choice: &str) -> Result<Vec<ReviewRow>, Failure> {
        let row = self.asked(item)?;
        let choices = row.question.about.choices();
        if !choices.contains(&choice) {
            let failure = Failure::new(FailureCode::Invalid, "error-no-choice").with("item", item);
            return Err(failure.with("choice", choice).with("choices", choices.join(", ")));
        }
        self.rows_of(row)
    }

    /// The open question of a review item.
    pub(crate) fn asked(&self, item: &str) -> Result<ReviewRow, Failure> {
        item.parse::<i64>()
            .ok()
            .map(|id| self.inner.store.question(id).map_err(Failure::from))
            .transpose()?
            .flatten()
            .ok_or_else(|| {
                Failure::new(FailureCode::Invalid, "error-no-question").with("item", item)
            })
    }
}

/// Notes a choice, and has everything it is about looked at again by the next run.
fn decide(db: &Db, row: &ReviewRow, choice: &str) -> Result<(), renraku_store::StoreError> {
    let ids: &Pair<Option<String>> = &row.question.ids;
    for side in Side::BOTH {
        if let Some(id) = &ids[side] {
            Store::mark_dirty_for(db, row.sync, side, id)?;
        }
    }
    match (&row.question.about, choice) {
        (About::Misfit { .. } | About::Refused { .. } | About::InOnePiece { .. }, "retry")
        | (About::Unreadable { .. }, _) => Store::forget_question(db, row.sync, &row.question.key),
        (About::Frozen { field }, "retry") => {
            for side in Side::BOTH {
                let link = match &ids[side] {
                    Some(id) => Store::link_of(db, row.sync, side, id)?,
                    None => None,
                };
                if let Some(mut link) = link {
                    link.flips.remove(field);
                    Store::save_link(db, &link)?;
                }
            }
            Store::forget_question(db, row.sync, &row.question.key)
        }
        (About::Refused { holder: Holder::Record { id: zoho, .. }, .. }, "link") => {
            if let Some(google) = &ids.google {
                let key = match_key(zoho, google);
                let ids = Pair { zoho: Some(zoho.clone()), google: Some(google.clone()) };
                let about = About::Doubtful(Reason::UniqueField);
                let contact = row.question.contact.clone();
                let same = Question { key, contact, ids, about };
                Store::answer(db, row.sync, &same, choice)?;
                Store::mark_dirty_for(db, row.sync, Side::Zoho, zoho)?;
            }
            Store::forget_question(db, row.sync, &row.question.key)
        }
        (About::UndoLeft { .. }, _) => Store::forget_question(db, row.sync, &row.question.key),
        (
            About::Misfit { .. }
            | About::Refused { .. }
            | About::InOnePiece { .. }
            | About::Difference { .. }
            | About::Frozen { .. }
            | About::MassChange { .. }
            | About::Deletion { .. }
            | About::Recreate { .. }
            | About::Doubtful(_)
            | About::Duplicate { .. }
            | About::Merged { .. }
            | About::Scope { .. },
            choice,
        ) => Store::choose(db, row.id, choice),
    }
}

fn item(catalogue: &Catalogue, sync: &SyncRow, rules: &Compiled, row: ReviewRow) -> ReviewItem {
    let (zoho_value, google_value) = match &row.question.about {
        About::Difference { zoho, google, .. } => (zoho.clone(), google.clone()),
        About::Deletion { .. }
        | About::MassChange { .. }
        | About::Unreadable { .. }
        | About::InOnePiece { .. }
        | About::Recreate { .. }
        | About::Doubtful(_)
        | About::Duplicate { .. }
        | About::Merged { .. }
        | About::Misfit { .. }
        | About::Refused { .. }
        | About::Frozen { .. }
        | About::Scope { .. }
        | About::UndoLeft { .. } => (None, None),
    };
    ReviewItem {
        item: row.id.to_string(),
        module: sync.setup.module,
        kind: message::question_kind(&row.question.about),
        contact: row.question.contact.clone(),
        zoho_id: row.question.ids.zoho.clone(),
        google: row.question.ids.google.clone(),
        field: message::question_field(&row.question.about),
        reason: catalogue.tell(&message::question(&row.question).labelled(&rules.labels)),
        choices: row.question.about.choices().iter().map(|c| (*c).to_owned()).collect(),
        chosen: row.chosen,
        zoho_value,
        google_value,
    }
}

/// Whether two questions are one item for the person: both wait for the same cause.
fn is_one_item(one: &ReviewRow, other: &ReviewRow) -> bool {
    let cause = one.question.about.common_cause();
    cause.is_some() && cause == other.question.about.common_cause() && one.chosen == other.chosen
}

/// One item for everybody who waits for one cause. Who waits alone is named, but for a right, which is
/// nobody's own.
fn item_of_cause(
    catalogue: &Catalogue,
    sync: &SyncRow,
    cause: &Misfit,
    contacts: usize,
    first: ReviewRow,
) -> ReviewItem {
    let right = matches!(cause, Misfit::AccountsOutOfReach { .. });
    let alone = Some(&first.question).filter(|_| contacts == 1 && !right);
    ReviewItem {
        item: first.id.to_string(),
        module: sync.setup.module,
        kind: message::question_kind(&first.question.about),
        contact: alone.map(|question| question.contact.clone()).unwrap_or_default(),
        zoho_id: alone.and_then(|question| question.ids.zoho.clone()),
        google: alone.and_then(|question| question.ids.google.clone()),
        field: message::question_field(&first.question.about),
        reason: catalogue.tell(&message::cause(cause, contacts)),
        choices: first.question.about.choices().iter().map(|c| (*c).to_owned()).collect(),
        chosen: first.chosen,
        zoho_value: None,
        google_value: None,
    }
}
