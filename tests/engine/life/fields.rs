//! Fields that Zoho hides, takes away or leaves out for a while, and contacts that cannot be read.

use rand::seq::IndexedRandom;
use renraku_engine::api::ReviewKind;
use renraku_engine::core::contact::{Pair, Side};
use serde_json::json;

use super::super::reference::FIELDS;
use super::Life;

/// How a field is out of sight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Way {
    Hidden,
    Gone,
    LeftOut,
}

/// A field that Zoho does not tell of.
#[derive(Clone, Debug)]
pub(super) struct Hidden {
    pub(super) field: &'static str,
    pub(super) way: Way,
}

/// A contact that cannot be read.
pub(super) struct Odd {
    /// The pair's ids, as far as it is one.
    pub(super) ids: Pair<Option<String>>,
    key: String,
    side: Side,
    title: String,
    fault: u64,
}

impl Life {
    /// A field is out of sight from now on.
    pub(super) fn hide(&mut self) {
        let renewed = self.people.iter().any(|person| person.renewed);
        let mapped = |field: &&str| self.rig.rows.iter().any(|row| row.0 == *field);
        let fields: Vec<&'static str> =
            FIELDS.into_iter().filter(|f| mapped(f) && !(renewed && *f == "First_Name")).collect();
        let Some(field) = fields.choose(&mut self.random).copied() else { return };
        // Who is outside a view is not read: what was written there, dropped, and edited by somebody
        // else before the next look cannot be told from a value that was cleared.
        let unread = self.rules.view && self.rules.target != Some(Side::Google);
        let ways: &[Way] = match unread {
            true => &[Way::LeftOut],
            false => &[Way::Hidden, Way::Gone, Way::LeftOut],
        };
        let way = *ways.choose(&mut self.random).expect("some");
        self.note(format!("{field} is out of sight: {way:?}"));
        self.see(field, way, false);
        self.hidden = Some(Hidden { field, way });
    }

    /// Everything can be seen and read again.
    pub(super) fn reveal(&mut self) {
        if let Some(Hidden { field, way }) = self.hidden.take() {
            self.note(format!("{field} is seen again"));
            self.see(field, way, true);
        }
    }

    fn see(&self, field: &str, way: Way, seen: bool) {
        let set = match way {
            Way::Hidden => json!({"visible": seen}),
            Way::Gone => json!({"gone": !seen}),
            Way::LeftOut => {
                let withheld = if seen { Vec::new() } else { vec![field.to_owned()] };
                self.rig.control.set_switches(|s| s.zoho.withheld_fields = withheld);
                return;
            }
        };
        self.rig.act(
            Side::Zoho,
            json!({"op": "field", "module": "Contacts", "api_name": field, "set": set}),
        );
    }

    /// Whether nobody can type in a field now.
    pub(super) fn is_out_of_sight(&self, side: Side, field: &str) -> bool {
        side == Side::Zoho && self.hidden.as_ref().is_some_and(|hidden| hidden.field == field)
    }

    /// Somebody types what cannot be read: the service answers half a character, or something that is
    /// no text.
    pub(super) fn garble(&mut self) {
        if !self.rig.rows.iter().any(|row| row.0 == "Title") {
            return;
        }
        let Some((index, side, contact, card)) = self.somebody() else { return };
        if self.is_out_of_sight(side, "Title") {
            return;
        }
        let value = self.value("Title");
        self.rig.edit(side, &contact, "Title", Some(&value));
        self.typed(index, side, &contact, &card);
        let this = format!("\"{value}\"");
        let with = [
            format!("\"{value} \\ud83d\""),
            format!("\"\\ude00{value}\""),
            // Zoho's numbers are read as text.
            if side == Side::Zoho { "[{\"b\":2}]" } else { "5" }.to_owned(),
            "{\"a\":[]}".to_owned(),
        ];
        let with = with.choose(&mut self.random).expect("some");
        self.note(format!("it cannot be read: {with}"));
        let fault = self
            .rig
            .fault(json!({"side": side.name(), "do": {"garble": {"this": this, "with": with}}}));
        let key = self.people.get(index).map(|person| person.key.clone()).unwrap_or_default();
        let ids = Pair::of(|side| self.there(side, &key).into_iter().next().map(|(id, _)| id));
        self.odd = Some(Odd { ids, key, side, title: value, fault });
    }

    /// It can be read again.
    pub(super) fn ungarble(&mut self) {
        if let Some(odd) = self.odd.take() {
            self.note(format!("{} can be read again", odd.key));
            self.rig.over(odd.fault);
        }
    }

    /// Whether what cannot be read still stands there: nobody typed something else since.
    pub(super) fn is_still_odd(&self, odd: &Odd) -> bool {
        let card = odd.ids[odd.side].as_ref().and_then(|id| self.rig.card(odd.side, id));
        card.is_some_and(|card| card.get("Title") == Some(&odd.title))
    }

    /// After a run that went well, who cannot be read stands under Review by name.
    pub(super) fn look_at_odd(&self) {
        let Some(odd) = &self.odd else { return };
        let scoped = self.lag || self.rules.label || self.rules.view;
        let settled = self.people.iter().any(|person| person.key == odd.key && person.settled);
        if scoped || !settled || !self.is_still_odd(odd) {
            return;
        }
        let items = self.rig.review();
        let mut unreadable = items.iter().filter(|item| item.kind == ReviewKind::Unreadable);
        assert!(unreadable.any(|item| item.contact.contains(&odd.key)), "it is named: {items:?}");
    }
}
