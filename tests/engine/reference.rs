//! What a person expects, said as simply as can be: who should stand where, and with which value.
//! It knows nothing of links, bases or plans.

use std::collections::{BTreeMap, BTreeSet};

use renraku_engine::core::contact::{Pair, Side};

use super::people::Card;

/// The fields that people change; the family name stays, so that the test knows who is who.
pub(crate) const FIELDS: [&str; 7] = [
    "Title",
    "Description",
    "Mobile",
    "First_Name",
    "Secondary_Email",
    "Date_of_Birth",
    "Skype_ID",
];

/// The sync of one life.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// The only side that is written; none where both are.
    pub(crate) target: Option<Side>,
    pub(crate) winner: Side,
    /// Whether the person decides each difference instead.
    pub(crate) asks: bool,
    pub(crate) on_delete: &'static str,
    pub(crate) label: bool,
    pub(crate) view: bool,
    pub(crate) limit: u32,
}

impl Rules {
    pub(crate) fn direction(&self) -> &'static str {
        match self.target {
            None => "two_way",
            Some(Side::Google) => "zoho_to_google",
            Some(Side::Zoho) => "google_to_zoho",
        }
    }

    fn writes(&self, side: Side) -> bool {
        self.target.is_none_or(|target| target == side)
    }
}

/// A value that a person gave a field on one side, and after how many runs.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    pub(crate) value: Option<String>,
    pub(crate) runs: u32,
}

/// One contact in the eyes of its people, since the last stop.
#[derive(Debug, Default)]
pub(crate) struct Person {
    /// The family name.
    pub(crate) key: String,
    /// Whether both sides know an e-mail address of theirs.
    pub(crate) keyed: bool,
    /// Fields that cannot be written in Google, for what else the person has there.
    pub(crate) closed: BTreeSet<&'static str>,
    /// Whether it stands under a new id, so that only its name and keys tell who it is.
    pub(crate) renewed: bool,
    /// Where it came back after it was gone on both sides.
    pub(crate) revived: Option<Side>,
    /// What both sides said at the last stop; in a one-way sync, the source.
    pub(crate) agreed: BTreeMap<&'static str, String>,
    /// The last edit on each side since then.
    pub(crate) edits: BTreeMap<&'static str, Pair<Option<Edit>>>,
    /// What was typed in the target of a one-way sync and may stay there.
    pub(crate) drift: BTreeMap<&'static str, BTreeSet<Option<String>>>,
    /// Where it was deleted.
    pub(crate) gone: Pair<bool>,
    /// Whether it stood on both sides before that.
    pub(crate) paired: bool,
    /// What was answered to the question about the deletion.
    pub(crate) decided: Option<String>,
    /// Where it stands alone: nobody syncs it any more, or never did.
    pub(crate) alone: Option<Side>,
    /// Where another contact was merged into it.
    pub(crate) absorbs: Option<Side>,
    /// Whether it was in step at a stop.
    pub(crate) settled: bool,
    /// What was known of it under its former id: a service that is asked for that id tells who it is
    /// now, and then it is no other contact.
    pub(crate) former: Option<Known>,
}

/// What the two sides said of a person at the last stop, and what was typed since.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    agreed: BTreeMap<&'static str, String>,
    edits: BTreeMap<&'static str, Pair<Option<Edit>>>,
}

impl Person {
    /// A person typed a value.
    pub(crate) fn typed(&mut self, rules: &Rules, side: Side, field: &'static str, edit: Edit) {
        if rules.target == Some(side) {
            self.drift.entry(field).or_default().insert(edit.value.clone());
        }
        let edits = self.former.as_mut().map(|former| &mut former.edits);
        for edits in edits.into_iter().chain([&mut self.edits]) {
            let none = Pair { zoho: None, google: None };
            edits.entry(field).or_insert(none)[side] = Some(edit.clone());
        }
    }

    /// It stands under a new id.
    pub(crate) fn renew(&mut self) {
        self.renewed = true;
        self.former = Some(Known { agreed: self.agreed.clone(), edits: self.edits.clone() });
    }

    /// Nobody remembers what the two sides said of a field: what stands there now is as good as typed.
    pub(crate) fn afresh(
        &mut self,
        rules: &Rules,
        field: &'static str,
        now: &Pair<Option<String>>,
        runs: u32,
    ) {
        let former = self.former.take();
        self.agreed.remove(field);
        self.edits.remove(field);
        for side in Side::BOTH {
            let value = now[side].clone();
            // A name is one thing: no part of one is filled from the other.
            if value.is_some() || field == "First_Name" {
                self.typed(rules, side, field, Edit { value, runs });
            }
        }
        self.former = former;
    }

    /// Whether people may change a field: who is told by the name alone keeps it, and under a new id
    /// gets no number or address that would tell another person.
    pub(crate) fn is_open(&self, field: &str) -> bool {
        let named = match self.keyed {
            true => self.renewed && field == "First_Name",
            false => self.renewed || field == "First_Name",
        };
        !named && !self.closed.contains(field)
    }

    /// The sides on which it should stand.
    fn places(&self, rules: &Rules) -> Vec<Side> {
        let left = match (self.gone.zoho, self.gone.google) {
            (false, false) => return self.alone.map_or(Side::BOTH.to_vec(), |side| vec![side]),
            (true, true) => return Vec::new(),
            (true, false) => Side::Google,
            (false, true) => Side::Zoho,
        };
        match (self.decided.as_deref(), rules.on_delete) {
            _ if !self.paired => Vec::new(),
            (Some("create"), _) => Side::BOTH.to_vec(),
            (Some("keep" | "leave"), _) => vec![left],
            (Some("delete"), _) => Vec::new(),
            (None, "delete") if rules.writes(left) => Vec::new(),
            (None, "keep") if rules.writes(left) => vec![left],
            (decided, rule) => panic!("{}: {decided:?} after {rule}: nobody was asked", self.key),
        }
    }

    /// Looks at the person as it stands: nobody twice, nothing lost, both sides agree. False where
    /// nothing is left of it.
    pub(crate) fn look(
        &mut self,
        rules: &Rules,
        here: &Pair<Vec<Card>>,
        told: &BTreeSet<String>,
    ) -> bool {
        let key = self.key.clone();
        for side in Side::BOTH {
            assert!(here[side].len() <= 1, "{key} is once in {} (P2)", side.name());
        }
        let places: Vec<Side> =
            Side::BOTH.into_iter().filter(|side| !here[*side].is_empty()).collect();
        if let Some(side) = self.revived {
            let back = if rules.writes(side.other()) { Side::BOTH.to_vec() } else { vec![side] };
            assert_eq!(places, back, "{key} is back in {} (P4, P10)", side.name());
        } else {
            assert_eq!(places, self.places(rules), "{key} stands where it should (P1, P10)");
        }
        self.gone = Pair { zoho: false, google: false };
        self.paired = false;
        self.decided = None;
        self.renewed = false;
        match places.as_slice() {
            [] => return false,
            [side] => {
                self.alone = Some(*side);
                return true;
            }
            _ => {
                self.settled = true;
                self.alone = None;
                self.revived = None;
            }
        }
        for field in FIELDS {
            let now = Pair::of(|side| here[side].first().and_then(|card| card.get(field)).cloned());
            self.look_at(rules, field, &now);
            let edits = self.edits.remove(field);
            let typed = edits.iter().flat_map(|e| [&e.zoho, &e.google]).flatten();
            for value in typed.filter_map(|edit| edit.value.as_ref()) {
                let stands = Side::BOTH.iter().any(|side| now[*side].as_ref() == Some(value));
                assert!(stands || told.contains(value), "{key} {field} {value} is lost (P1)");
            }
            if let Some(target) = rules.target {
                let drifted = now[target] != now[target.other()];
                let drift = drifted.then(|| now[target].clone()).into_iter().collect();
                self.drift.insert(field, drift);
            }
            match &now[rules.target.map_or(Side::Zoho, Side::other)] {
                Some(value) => self.agreed.insert(field, value.clone()),
                None => self.agreed.remove(field),
            };
        }
        self.former = None;
        true
    }

    fn look_at(&self, rules: &Rules, field: &'static str, now: &Pair<Option<String>>) {
        let key = &self.key;
        let none = Pair { zoho: None, google: None };
        let edits = self.edits.get(field).unwrap_or(&none);
        let agreed = self.agreed.get(field).cloned();
        let Some(target) = rules.target else {
            assert_eq!(now.zoho, now.google, "{key} {field} agrees (P4)");
            let mut allowed = two_way(rules, agreed, edits);
            if let Some(former) = &self.former {
                let edits = former.edits.get(field).unwrap_or(&none);
                allowed.extend(two_way(rules, former.agreed.get(field).cloned(), edits));
            }
            assert!(allowed.contains(&now.zoho), "{key} {field} is {now:?}, not {allowed:?} (P1)");
            return;
        };
        let source = target.other();
        let typed = edits[source].as_ref().map_or(agreed, |edit| edit.value.clone());
        assert_eq!(now[source], typed, "{key} {field} is as its people left it (P6)");
        let drifted = self.drift.get(field).is_some_and(|drift| drift.contains(&now[target]));
        assert!(now[target] == typed || drifted, "{key} {field} follows (P4): {now:?}");
    }
}

/// What a field may hold, by who edited it last and whether a run came in between.
fn two_way(
    rules: &Rules,
    agreed: Option<String>,
    edits: &Pair<Option<Edit>>,
) -> Vec<Option<String>> {
    match (&edits.zoho, &edits.google) {
        (None, None) => vec![agreed],
        (Some(edit), None) | (None, Some(edit)) => vec![edit.value.clone()],
        (Some(zoho), Some(google)) => {
            let sure = zoho.runs == google.runs && zoho.value.is_some() && google.value.is_some();
            let sure = sure && !rules.asks;
            let best = if rules.winner == Side::Zoho { zoho } else { google };
            if sure {
                vec![best.value.clone()]
            } else {
                vec![zoho.value.clone(), google.value.clone()]
            }
        }
    }
}
