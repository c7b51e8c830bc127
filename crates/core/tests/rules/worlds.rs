//! Building blocks of worlds: a mapping, contacts, links, rules.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::contact::{Card, Listed, Module, Pair, Record};
use renraku_core::decision::Decisions;
use renraku_core::field::{Kind, Misfit, email_key, fold};
use renraku_core::mapping::{GooglePath, Mapping, Rule};
use renraku_core::matching::{Asked, Evidence};
use renraku_core::plan::{CreateBlock, Linked, Presence, Question, Rules, Unlinked};
use renraku_core::seen::Seen;
use renraku_core::setup::{Direction, OnDelete, Winner};

/// The places of the fields in every card of the tests.
pub(crate) const FAMILY: usize = 0;
pub(crate) const GIVEN: usize = 1;
pub(crate) const EMAIL: usize = 2;
pub(crate) const PHONE: usize = 3;
pub(crate) const NOTE: usize = 4;
pub(crate) const BORN: usize = 5;
pub(crate) const SOURCE: usize = 6;
pub(crate) const LOCKED: usize = 7;
pub(crate) const FIELDS: usize = 8;

/// Eight fields: a required name with a default, a name, a key, a phone number, notes, a birthday,
/// a list, and one that Zoho lets nobody write.
pub(crate) fn mapping() -> Mapping {
    let phone = Kind::Phone { region: Some("JP".to_owned()) };
    let list = Kind::Choice(vec![
        ("web".to_owned(), "Web site".to_owned()),
        ("fair".to_owned(), "Fair".to_owned()),
    ]);
    let rule = |zoho: &str, google: &str, kind: Kind, zoho_length: Option<u32>| Rule {
        zoho: zoho.to_owned(),
        google: GooglePath::parse(google).expect("a place"),
        kind,
        zoho_length,
        required: zoho == "Last_Name",
        zoho_writable: zoho != "Locked",
        default: (zoho == "Last_Name").then(|| "-".to_owned()),
    };
    Mapping::new(
        Module::Contacts,
        vec![
            rule("Last_Name", "names.familyName", Kind::Text, Some(12)),
            rule("First_Name", "names.givenName", Kind::Text, Some(12)),
            rule("Email", "emailAddresses[work]", Kind::Email, None),
            rule("Phone", "phoneNumbers[work]", phone, None),
            rule("Description", "biographies", Kind::Note, None),
            rule("Date_of_Birth", "birthdays", Kind::Date, None),
            rule("Lead_Source", "userDefined[Lead_Source]", list, None),
            rule("Locked", "userDefined[Locked]", Kind::Text, None),
        ],
    )
}

/// A card of these values; the rest is empty.
pub(crate) fn card(values: &[(usize, &str)]) -> Card {
    let mut card = Card::empty(FIELDS);
    for (rule, value) in values {
        card.set(*rule, Some(value));
    }
    card
}

pub(crate) fn record(id: &str, card: Card) -> Record {
    Record {
        id: id.to_owned(),
        version: "v".to_owned(),
        modified: long_ago(),
        card,
        unread: BTreeSet::new(),
        whole: BTreeSet::new(),
        listed: Vec::new(),
        marks: Vec::new(),
    }
}

/// One entry with a single value.
pub(crate) fn listed(field: &'static str, label: &str, value: &str) -> Listed {
    Listed { field, label: label.to_owned(), parts: vec![("value", value.into())] }
}

fn long_ago() -> renraku_core::timestamp::Timestamp {
    renraku_core::timestamp::Timestamp::UNIX_EPOCH
}

pub(crate) fn evidence(card: &Card) -> Evidence {
    let list = |value: Option<&str>| value.map(email_key).into_iter().collect::<Vec<_>>();
    let (given, family) = (card.get(GIVEN).unwrap_or(""), card.get(FAMILY).unwrap_or(""));
    let forms = [format!("{given} {family}"), format!("{family} {given}")];
    let names: BTreeSet<String> =
        forms.iter().map(|form| fold(form)).filter(|form| !form.is_empty()).collect();
    Evidence {
        keys: list(card.get(EMAIL)),
        emails: list(card.get(EMAIL)),
        nameless: names.is_empty(),
        names: names.into_iter().collect(),
        phones: card.get(PHONE).map(str::to_owned).into_iter().collect(),
        marks: Vec::new(),
        region: Some("JP".to_owned()),
    }
}

pub(crate) fn lone(id: &str, card: Card, in_scope: bool, block: Option<CreateBlock>) -> Unlinked {
    let evidence = evidence(&card);
    Unlinked { record: record(id, card), in_scope, evidence, block }
}

pub(crate) fn here(id: &str, card: Card, in_scope: bool) -> Presence {
    Presence::Here { record: record(id, card), in_scope }
}

/// A settled link `n` between `zn` and `people/n`.
pub(crate) fn linked(link: i64, base: Pair<Card>, now: Pair<Presence>) -> Linked {
    Linked {
        link,
        ids: Pair { zoho: format!("z{link}"), google: format!("people/{link}") },
        base,
        seen: Seen::default(),
        sent: None,
        fresh: false,
        doubted: false,
        frozen: BTreeSet::new(),
        differs: BTreeSet::new(),
        suspended: None,
        now,
        left: None,
        perhaps_merged: false,
    }
}

/// Everything that [`Rules`] borrows.
pub(crate) struct Sync {
    pub(crate) mapping: Mapping,
    pub(crate) extra: BTreeMap<String, String>,
    pub(crate) decisions: Decisions,
    pub(crate) asked: Asked,
    pub(crate) held: BTreeSet<usize>,
    pub(crate) closed: BTreeSet<usize>,
    pub(crate) renewed: BTreeSet<String>,
    pub(crate) refused: BTreeMap<String, Question>,
    pub(crate) companies: BTreeMap<String, Misfit>,
    pub(crate) direction: Direction,
    pub(crate) winner: Winner,
    pub(crate) on_delete: OnDelete,
    pub(crate) by_phone: bool,
    pub(crate) label: bool,
    pub(crate) narrowed: bool,
    pub(crate) first_run: bool,
    pub(crate) lost: bool,
    pub(crate) links: u32,
    pub(crate) alarms: Pair<bool>,
    pub(crate) limit: u32,
    pub(crate) room: u32,
}

impl Sync {
    pub(crate) fn new() -> Sync {
        Sync {
            mapping: mapping(),
            extra: BTreeMap::new(),
            decisions: Decisions::new(),
            asked: Asked::default(),
            held: BTreeSet::new(),
            closed: BTreeSet::new(),
            renewed: BTreeSet::new(),
            refused: BTreeMap::new(),
            companies: BTreeMap::new(),
            direction: Direction::TwoWay,
            winner: Winner::Zoho,
            on_delete: OnDelete::Ask,
            by_phone: true,
            label: true,
            narrowed: false,
            first_run: false,
            lost: false,
            links: 0,
            alarms: Pair::default(),
            limit: 500,
            room: 500,
        }
    }

    pub(crate) fn rules(&self) -> Rules<'_> {
        Rules {
            mapping: &self.mapping,
            direction: self.direction,
            winner: self.winner,
            on_delete: self.on_delete,
            match_without_email: self.by_phone,
            label: self.label,
            narrowed: self.narrowed,
            first_run: self.first_run,
            lost: self.first_run && self.lost,
            limit: self.limit,
            links: self.links,
            alarms: self.alarms,
            google_room: self.room,
            extra_defaults: &self.extra,
            decisions: &self.decisions,
            asked: &self.asked,
            held: &self.held,
            closed: &self.closed,
            renewed: &self.renewed,
            refused: &self.refused,
            companies: &self.companies,
        }
    }
}
