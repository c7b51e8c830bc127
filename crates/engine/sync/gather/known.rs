//! Who is known already, and may be whom an unlinked contact is: linked, kept apart, or left out and gone.

use renraku_core::contact::{RecordId, Side};
use renraku_core::plan::{Known, Standing, Suspended};
use renraku_store::{State, Store, StoreError};

use super::Gatherer;

impl Gatherer<'_> {
    /// A linked contact that shares a trace with somebody who changed. It is known to the unlinked of the
    /// other side; one that was left out and lost its counterpart looks for a new one beside them.
    pub(super) fn acquaint(&mut self, side: Side, id: &RecordId) -> Result<(), StoreError> {
        if self.unlinked[side.other()].is_empty() {
            return Ok(());
        }
        let Some(link) = Store::link_of(self.db, self.session.sync.id, side, id)? else {
            return Ok(());
        };
        let left_out = link.suspended == Some(Suspended::LeftOut);
        let standing = match (link.stopped, left_out) {
            (true, _) => Standing::Apart,
            (false, true) => Standing::LeftOut,
            (false, false) => Standing::Linked,
        };
        if !link.stopped && self.is_bereft(side, id)? {
            let there = self.linked.iter().any(|pair| pair.link == link.id);
            if left_out && !there {
                let pair = self.linked_pair(link)?;
                self.linked.push(pair);
            }
            // Who was not left out looks for its new counterpart when its loss is looked at.
            if !left_out {
                return Ok(());
            }
        }
        self.know(side, id, standing, State::Here)
    }

    /// Who is gone and was left out before, or was kept apart from somebody who is still there: whoever is
    /// imported again may be it.
    pub(super) fn gone_apart(&mut self) -> Result<(), StoreError> {
        if Side::BOTH.into_iter().all(|side| self.unlinked[side].is_empty()) {
            return Ok(());
        }
        let sync = &self.session.sync;
        let found = Store::gone_apart(self.db, (sync.id, sync.ledger), self.place(Side::Zoho))?;
        for (side, id, left_out) in found {
            if left_out {
                self.know(side, &id, Standing::LeftOut, State::Gone)?;
                continue;
            }
            let link = Store::link_of(self.db, sync.id, side, &id)?;
            let Some(link) = link else { continue };
            let other = self.copy(side.other(), &link.ids[side.other()])?;
            if other.is_some_and(|row| row.state == State::Here) {
                self.know(side, &id, Standing::Apart, State::Gone)?;
            }
        }
        Ok(())
    }

    fn know(
        &mut self,
        side: Side,
        id: &RecordId,
        standing: Standing,
        state: State,
    ) -> Result<(), StoreError> {
        let gone = state != State::Here;
        let Some(row) = self.copy(side, id)? else { return Ok(()) };
        if gone == (row.state == State::Here) {
            return Ok(());
        }
        let (Some((record, _)), Some(evidence)) =
            (self.session.digest(side, &row.raw), self.recognised_by(side, &row))
        else {
            return Ok(());
        };
        if record.id == *id {
            self.known.push(Known { side, record, evidence, standing, gone });
        }
        Ok(())
    }
}
