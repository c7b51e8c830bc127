//! The person chooses in a plan which of two values counts.

use renraku_core::contact::{Module, Pair, Side};
use renraku_core::plan::{About, Question, difference_key};
use renraku_store::Store;

use crate::api::{Difference, Event, Failure};
use crate::handle::engine::Engine;

impl Engine {
    /// Chooses between two values that a plan decides by the sync's rule, as if it had asked.
    ///
    /// # Errors
    /// [`crate::FailureCode::Busy`] while a run is under way, [`crate::FailureCode::Invalid`] where
    /// the module has no sync.
    pub async fn take_value(
        &self,
        module: Module,
        difference: &Difference,
        side: Side,
    ) -> Result<(), Failure> {
        let _slot = self.slot().await?;
        let sync = self.sync_row(module)?.id;
        let ids = Pair { zoho: difference.zoho_id.clone(), google: difference.google.clone() };
        let (zoho, google) = (&difference.zoho_value, &difference.google_value);
        let field = difference.fields.first().cloned().unwrap_or_default();
        let question = Question {
            key: difference_key(&ids, &field, zoho.as_deref(), google.as_deref()),
            contact: difference.contact.clone(),
            ids: Pair { zoho: Some(ids.zoho.clone()), google: Some(ids.google.clone()) },
            about: About::Difference { field, zoho: zoho.clone(), google: google.clone() },
        };
        self.inner.store.write(|db| {
            for side in Side::BOTH {
                Store::mark_dirty_for(db, sync, side, &ids[side])?;
            }
            Store::ask(db, sync, &question)?;
            Store::choose_called(db, sync, &question.key, side.name())
        })?;
        self.tell(Event::Changed);
        Ok(())
    }
}
