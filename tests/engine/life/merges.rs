//! Two contacts become one in a life.

use rand::seq::IndexedRandom;
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::Life;

impl Life {
    /// Two contacts of one side become one; what the survivor lacked it takes over.
    pub(super) async fn merge(&mut self) {
        self.stop().await;
        let side = self.side();
        let pairs: Vec<usize> = (self.people.iter().enumerate())
            .filter(|(_, person)| person.alone.is_none() && person.settled)
            .filter(|(_, person)| person.keyed && person.closed.is_empty())
            .map(|(index, _)| index)
            .collect();
        let chosen: Vec<usize> = pairs.choose_multiple(&mut self.random, 2).copied().collect();
        let [survivor, loser] = chosen[..] else { return };
        let find = |life: &Life, index: usize| {
            let key = life.people.get(index).map(|person| person.key.clone()).unwrap_or_default();
            life.there(side, &key).into_iter().next()
        };
        let (Some((keep, before)), Some((lose, _))) = (find(self, survivor), find(self, loser))
        else {
            return;
        };
        // Whose address stands under no label of its own gets the other's for a main one.
        let main = |index: usize| {
            let key = self.people.get(index).map(|person| person.key.clone()).unwrap_or_default();
            let there = self.there(Side::Google, &key);
            there.into_iter().all(|(_, card)| card.contains_key("Email"))
        };
        if !(main(survivor) && main(loser)) {
            return;
        }
        if side == Side::Google && (self.is_relabelled(&keep) || self.is_relabelled(&lose)) {
            return;
        }
        let act = match side {
            Side::Zoho => {
                json!({"op": "merge", "module": "Contacts", "survivor": keep, "losers": [lose]})
            }
            Side::Google => json!({"op": "merge", "survivor": keep, "losers": [lose]}),
        };
        self.rig.act(side, act);
        self.note(format!("{lose} is merged into {keep}"));
        self.typed(survivor, side, &keep, &before);
        if let Some(person) = self.people.get_mut(survivor) {
            person.absorbs = Some(side);
        }
        if let Some(person) = self.people.get_mut(loser) {
            match side {
                // Zoho tells of it only as of a deletion.
                Side::Zoho => {
                    person.paired = true;
                    person.gone.zoho = true;
                }
                Side::Google => person.alone = Some(Side::Zoho),
            }
        }
    }
}
