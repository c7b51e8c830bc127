//! A world that a plan can be applied to: both sides and the ledger, in memory.

use std::collections::BTreeMap;

use renraku_core::contact::{Card, Pair, RecordId, Side};
use renraku_core::field::email_key;
use renraku_core::plan::{
    BaseUpdate, CreateBlock, LedgerUpdate, Linked, Plan, PlanInput, Presence, Subject, Suspended,
    Unlinked, Verb, plan,
};

use crate::worlds::{FIELDS, Sync, here, linked, lone};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum State {
    Here,
    Gone,
    Hidden,
    Lagging,
    MergedInto(RecordId),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Contact {
    pub(crate) card: Card,
    pub(crate) in_scope: bool,
    pub(crate) state: State,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Link {
    pub(crate) ids: Pair<RecordId>,
    pub(crate) base: Pair<Card>,
    pub(crate) fresh: bool,
    pub(crate) suspended: Option<Suspended>,
    pub(crate) stopped: bool,
}

#[derive(Clone, Default, PartialEq)]
pub(crate) struct Simulator {
    pub(crate) sides: Pair<BTreeMap<RecordId, Contact>>,
    pub(crate) links: BTreeMap<i64, Link>,
    next: i64,
}

impl Simulator {
    pub(crate) fn add(&mut self, side: Side, contact: Contact) -> RecordId {
        self.next += 1;
        let id = match side {
            Side::Zoho => format!("{}", 1000 + self.next),
            Side::Google => format!("people/{}", 1000 + self.next),
        };
        self.sides[side].insert(id.clone(), contact);
        id
    }

    pub(crate) fn link(&mut self, link: Link) {
        self.next += 1;
        self.links.insert(self.next, link);
    }

    fn link_of(&self, side: Side, id: &str) -> Option<&Link> {
        self.links.values().find(|link| link.ids[side] == id)
    }

    fn presence(&self, side: Side, id: &str) -> Presence {
        let Some(contact) = self.sides[side].get(id) else { return Presence::Hidden };
        match &contact.state {
            State::Here => here(id, contact.card.clone(), contact.in_scope),
            State::Gone => Presence::Gone,
            State::Hidden => Presence::Hidden,
            State::Lagging => Presence::Lagging,
            State::MergedInto(survivor)
                if self.sides[side].get(survivor).is_none_or(|s| s.state != State::Here) =>
            {
                Presence::Gone
            }
            State::MergedInto(survivor) => Presence::MergedInto {
                survivor: survivor.clone(),
                linked: self.link_of(side, survivor).is_some(),
            },
        }
    }

    fn unlinked(&self, side: Side) -> Vec<Unlinked> {
        let mut found = Vec::new();
        for (id, contact) in &self.sides[side] {
            if contact.state != State::Here || self.link_of(side, id).is_some() {
                continue;
            }
            let key = contact.card.get(crate::worlds::EMAIL).map(email_key);
            let other = side.other();
            let twin = key.is_some_and(|key| {
                self.sides[other].iter().any(|(id, c)| {
                    c.state == State::Here
                        && self.link_of(other, id).is_some()
                        && c.card.get(crate::worlds::EMAIL).map(email_key) == Some(key.clone())
                })
            });
            let block = twin.then_some(CreateBlock::Twin);
            found.push(lone(id, contact.card.clone(), contact.in_scope, block));
        }
        found
    }

    /// Everything, as the gatherer would tell it.
    pub(crate) fn world(&self) -> PlanInput {
        let pairs = self.links.iter().filter(|(_, link)| !link.stopped);
        let links = pairs.map(|(number, link)| Linked {
            ids: link.ids.clone(),
            fresh: link.fresh,
            suspended: link.suspended,
            ..linked(
                *number,
                link.base.clone(),
                Pair::of(|side| self.presence(side, &link.ids[side])),
            )
        });
        PlanInput {
            linked: links.collect(),
            unlinked: Pair::of(|side| self.unlinked(side)),
            known: Vec::new(),
        }
    }

    /// One run: planned and applied.
    pub(crate) fn run(&mut self, sync: &Sync) -> Plan {
        let planned = plan(self.world(), &sync.rules());
        self.apply(&planned);
        planned
    }

    pub(crate) fn apply(&mut self, plan: &Plan) {
        for ledger_update in &plan.ledger_updates {
            self.believe(ledger_update);
        }
        for step in &plan.steps {
            let number = self.number(&step.subject);
            match &step.verb {
                Verb::Create { card } => {
                    let contact =
                        Contact { card: card.clone(), in_scope: true, state: State::Here };
                    let id = self.add(step.side, contact);
                    match (&step.subject, number) {
                        (_, Some(number)) => {
                            let link = self.links.get_mut(&number).expect("a link");
                            link.ids[step.side] = id;
                            link.suspended = None;
                        }
                        (Subject::Origin(side, origin), None) => {
                            let mut ids = Pair { zoho: id.clone(), google: id };
                            ids[*side].clone_from(origin);
                            let empty = Card::empty(FIELDS);
                            self.link(Link {
                                ids,
                                base: Pair { zoho: empty.clone(), google: empty },
                                fresh: false,
                                suspended: None,
                                stopped: false,
                            });
                        }
                        (Subject::Link(_) | Subject::Match(_), None) => panic!("no link"),
                    }
                }
                Verb::Update { id, patch, label, .. } => {
                    let contact = self.sides[step.side].get_mut(id).expect("a contact");
                    for (rule, value) in patch {
                        contact.card.set(*rule, value.as_deref());
                    }
                    contact.in_scope |= *label;
                }
                Verb::Delete { id, .. } => {
                    self.sides[step.side].get_mut(id).expect("a contact").state = State::Gone;
                    self.links.remove(&number.expect("a link"));
                    continue;
                }
            }
            let number = self.number(&step.subject).expect("a link");
            let link = self.links.get_mut(&number).expect("a link");
            learn(link, &step.learn);
            link.fresh = false;
        }
    }

    fn number(&self, subject: &Subject) -> Option<i64> {
        let of = |side: Side, id: &str| {
            self.links.iter().find(|(_, link)| link.ids[side] == id).map(|(number, _)| *number)
        };
        match subject {
            Subject::Link(number) => self.links.contains_key(number).then_some(*number),
            Subject::Match(ids) => of(Side::Zoho, &ids.zoho),
            Subject::Origin(side, id) => of(*side, id),
        }
    }

    fn believe(&mut self, ledger_update: &LedgerUpdate) {
        match ledger_update {
            LedgerUpdate::Link { ids, learn: news, fresh, suspended, .. } => {
                for side in Side::BOTH {
                    assert!(self.link_of(side, &ids[side]).is_none(), "linked twice");
                }
                let empty = Card::empty(FIELDS);
                let mut link = Link {
                    ids: ids.clone(),
                    base: Pair { zoho: empty.clone(), google: empty },
                    fresh: *fresh,
                    suspended: *suspended,
                    stopped: false,
                };
                learn(&mut link, news);
                self.link(link);
            }
            LedgerUpdate::Learn { link, learn: news, fresh, .. } => {
                let link = self.links.get_mut(link).expect("a link");
                learn(link, news);
                link.fresh = *fresh;
            }
            LedgerUpdate::Suspend { link, reason } => {
                self.links.get_mut(link).expect("a link").suspended = *reason;
            }
            LedgerUpdate::End { link } => {
                self.links.remove(link);
            }
            LedgerUpdate::Stop { link } => self.links.get_mut(link).expect("a link").stopped = true,
            LedgerUpdate::Move { link, side, to } => {
                assert!(self.link_of(*side, to).is_none(), "two links on one survivor");
                self.links.get_mut(link).expect("a link").ids[*side].clone_from(to);
            }
        }
    }
}

fn learn(link: &mut Link, news: &BaseUpdate) {
    for (rule, said) in news.iter() {
        for side in Side::BOTH {
            link.base[side].set(rule, said[side].as_deref());
        }
    }
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let short = |card: &Card| {
            let values: Vec<&str> = card.0.iter().map(|v| v.as_deref().unwrap_or("∅")).collect();
            values.join(" | ")
        };
        for side in Side::BOTH {
            for (id, contact) in &self.sides[side] {
                let inside = if contact.in_scope { "in" } else { "out" };
                writeln!(f, "{id} {inside} {:?} {}", contact.state, short(&contact.card))?;
            }
        }
        for (number, link) in &self.links {
            writeln!(f, "link {number} {:?} fresh {}", link.ids, link.fresh)?;
            writeln!(f, "    {}", short(&link.base.zoho))?;
            writeln!(f, "    {}", short(&link.base.google))?;
        }
        Ok(())
    }
}
