//! The statement that lists every contact on either side with the cause of where it stands.
//!
//! One row is one person of one sync: a pair, or a contact without a counterpart. Where each stands is
//! read from what is known of it (its links, questions, what changed, what was left out), here and
//! nowhere else; whoever shows it gives the cause a name.

use renraku_core::contact::Side;
use rusqlite::types::Value;

use super::SyncRow;
use super::cause::Cause;
use super::place::Place;

/// What one sync's part of the list depends on.
#[derive(Debug, Clone)]
pub struct Listing<'a> {
    /// The sync.
    pub sync: &'a SyncRow,
    /// The Zoho view it is limited to.
    pub view: Option<&'a str>,
    /// The label it is limited to, by its id where that is known.
    pub label: Option<Option<&'a str>>,
}

/// Which contacts are wanted.
#[derive(Debug, Clone, Default)]
pub struct ContactFilter {
    /// Parts of what they are found by, folded; each has to be there.
    pub terms: Vec<String>,
    /// An id that finds its contact whatever it is called.
    pub id: String,
    /// Only these causes; none for all.
    pub causes: Vec<Cause>,
}

/// A statement with its values.
#[derive(Default)]
pub(super) struct Statement {
    pub(super) text: String,
    pub(super) values: Vec<Value>,
}

impl Statement {
    /// A place for this value.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }
}

/// One side's part of a sync's list: who has no counterpart, and on Zoho's side every pair.
struct Arm<'a> {
    side: Side,
    listing: &'a Listing<'a>,
}

impl Arm<'_> {
    /// The columns that hold a row's two ids.
    fn ids(&self) -> (&'static str, &'static str) {
        match self.side {
            Side::Zoho => ("c.id", "l.google_id"),
            Side::Google => ("l.zoho_id", "c.id"),
        }
    }

    /// Whether either contact of a row stands in a table of sides and ids.
    fn either(&self, table: &str) -> String {
        let sync = self.listing.sync.id;
        let (zoho, google) = self.ids();
        let of = |side: Side, id: &str| {
            let side = side.name();
            format!(
                "EXISTS (SELECT 1 FROM {table} t WHERE t.sync = {sync} AND t.side = '{side}' AND t.id = {id})"
            )
        };
        format!("({} OR {})", of(Side::Zoho, zoho), of(Side::Google, google))
    }

    /// The most urgent open question about a row: 1 for one that a person answers, 2 for what a
    /// service refused or cannot give, 3 for one that is answered.
    fn question(&self) -> String {
        let sync = self.listing.sync.id;
        let (zoho, google) = self.ids();
        format!(
            "(SELECT min(CASE WHEN r.chosen IS NOT NULL THEN 3
                  WHEN json_type(r.question, '$.about.refused') IS NOT NULL
                      OR json_type(r.question, '$.about.unreadable') IS NOT NULL
                      OR r.question ->> '$.about.misfit.judged' = 1 THEN 2 ELSE 1 END)
              FROM review r WHERE r.sync = {sync} AND r.open = 1
                  AND (r.zoho_id = {zoho} OR r.google_id = {google}))"
        )
    }

    fn outside(&self, statement: &mut Statement) -> String {
        match (self.side, self.listing.view, self.listing.label) {
            (Side::Zoho, Some(view), _) => {
                format!("c.scopes <> {}", statement.bind(view.to_owned()))
            }
            (Side::Google, _, Some(Some(label))) => {
                let label = statement.bind(format!(" {label} "));
                format!("instr(' ' || c.scopes || ' ', {label}) = 0")
            }
            (Side::Google, _, Some(None)) => "1".to_owned(),
            (Side::Zoho, None, _) | (Side::Google, _, None) => "0".to_owned(),
        }
    }

    fn elsewhere(&self) -> String {
        let (sync, ledger) = (self.listing.sync.id, self.listing.sync.ledger);
        match self.side {
            Side::Zoho => "0".to_owned(),
            Side::Google => format!(
                "EXISTS (SELECT 1 FROM sync t JOIN link o ON o.sync = t.id
                     WHERE t.ledger = {ledger} AND t.id <> {sync} AND o.google_id = c.id)"
            ),
        }
    }

    /// Why a row stands where it stands. The first that holds counts.
    fn cause(&self, statement: &mut Statement) -> String {
        let SyncRow { id: sync, enabled, setup, .. } = self.listing.sync;
        let (side, other) = (self.side.name(), self.side.other());
        format!(
            "CASE
                WHEN {off} THEN 'off'
                WHEN {left_out} THEN 'left_out'
                WHEN l.state = 'stopped' THEN 'stopped'
                WHEN {question} = 1 OR l.asleep LIKE '{{\"alarm\"%' THEN 'asked'
                WHEN {question} = 2 THEN 'failed'
                WHEN {question} = 3 THEN 'answered'
                WHEN l.asleep <> '\"left_out\"' THEN 'asleep'
                WHEN l.id IS NULL AND c.state <> 'here' THEN c.state
                WHEN l.asleep IS NULL AND c.state IN ('hidden', 'unreadable') THEN c.state
                WHEN EXISTS (SELECT 1 FROM journal j WHERE j.sync = {sync}
                    AND j.origin_side = '{side}' AND j.origin_id = c.id) THEN 'unsure'
                WHEN l.asleep IS NULL AND l.differs <> '[]' THEN 'differs'
                WHEN l.id IS NOT NULL AND {dirty} THEN 'changed'
                WHEN l.asleep IS NOT NULL THEN 'left_out'
                WHEN l.id IS NOT NULL THEN 'in_step'
                WHEN {outside} THEN 'outside'
                WHEN {elsewhere} THEN 'elsewhere'
                WHEN {one_way} THEN 'one_way'
                WHEN EXISTS (SELECT 1 FROM review r WHERE r.sync = {sync}
                    AND r.key = 'duplicate:{side}:' || c.id AND r.chosen = 'ignore') THEN 'ignored'
                WHEN {dirty} THEN 'waits'
                ELSE 'nothing' END",
            off = u8::from(!enabled),
            left_out = self.either("left_out"),
            question = self.question(),
            dirty = self.either("dirty"),
            outside = self.outside(statement),
            elsewhere = self.elsewhere(),
            one_way = u8::from(!setup.direction.writes(other)),
        )
    }

    /// Whether a row is found by every term, on either of its sides, or by its id.
    fn found(&self, filter: &ContactFilter, statement: &mut Statement) -> String {
        if filter.terms.is_empty() {
            return "1".to_owned();
        }
        let ledger = self.listing.sync.ledger;
        let (zoho, google) = self.ids();
        let place = statement.bind(self.place(self.side.other()));
        let other = if self.side == Side::Zoho { google } else { zoho };
        let words = format!(
            "(c.words || coalesce((SELECT o.words FROM listed o WHERE o.ledger = {ledger}
                 AND o.place = {place} AND o.id = {other}), ''))"
        );
        let terms = filter.terms.iter().map(|term| {
            let term = statement.bind(term.clone());
            format!("instr({words}, {term}) > 0")
        });
        let terms = terms.collect::<Vec<_>>().join(" AND ");
        let id = statement.bind(filter.id.clone());
        format!("(({terms}) OR {zoho} = {id} OR {google} = {id})")
    }

    fn place(&self, side: Side) -> String {
        Place::of(side, self.listing.sync.setup.module).name().to_owned()
    }

    /// Whether a Google person without a counterpart is this sync's to list, of several: whose question
    /// is about it, else whose direction and label would take it, else the first.
    fn claims(&self, all: &[Listing<'_>], statement: &mut Statement) -> String {
        if self.side == Side::Zoho || all.len() < 2 {
            return "1".to_owned();
        }
        let ids: Vec<String> = all.iter().map(|one| one.sync.id.to_string()).collect();
        let arms = || all.iter().map(|listing| Arm { side: Side::Google, listing });
        let asked = arms().map(|arm| {
            let sync = arm.listing.sync.id;
            format!(
                "WHEN EXISTS (SELECT 1 FROM review r WHERE r.sync = {sync} AND r.open = 1
                     AND r.google_id = c.id) THEN {sync}"
            )
        });
        let mut cases: Vec<String> = asked.collect();
        for arm in arms().filter(|arm| {
            arm.listing.sync.enabled && arm.listing.sync.setup.direction.writes(Side::Zoho)
        }) {
            let outside = arm.outside(statement);
            cases.push(format!("WHEN NOT ({outside}) THEN {}", arm.listing.sync.id));
        }
        let first = ids.first().cloned().unwrap_or_default();
        format!(
            "NOT EXISTS (SELECT 1 FROM link o WHERE o.sync IN ({}) AND o.sync <> {own}
                 AND o.google_id = c.id)
             AND CASE {} ELSE {first} END = {own}",
            ids.join(", "),
            cases.join(" "),
            own = self.listing.sync.id,
        )
    }

    fn write(&self, all: &[Listing<'_>], filter: &ContactFilter, statement: &mut Statement) {
        let (sync, ledger) = (self.listing.sync.id, self.listing.sync.ledger);
        let (zoho, google) = self.ids();
        let own = if self.side == Side::Zoho { "zoho_id" } else { "google_id" };
        let place = statement.bind(self.place(self.side));
        let cause = self.cause(statement);
        let found = self.found(filter, statement);
        // A pair stands under its record; where that was never read, under its person.
        let here = match self.side {
            Side::Zoho => {
                "(l.id IS NOT NULL OR c.state NOT IN ('gone', 'merged', 'converted'))".to_owned()
            }
            Side::Google => {
                let module = statement.bind(self.place(Side::Zoho));
                let claims = self.claims(all, statement);
                format!(
                    "CASE WHEN l.id IS NULL THEN c.state NOT IN ('gone', 'merged', 'converted') AND {claims}
                     ELSE NOT EXISTS (SELECT 1 FROM listed o WHERE o.ledger = {ledger}
                         AND o.place = {module} AND o.id = l.zoho_id) END"
                )
            }
        };
        let wanted = match filter.causes.is_empty() {
            true => "1".to_owned(),
            false => {
                let names = filter.causes.iter().map(|cause| format!("'{}'", cause.name()));
                format!("{cause} IN ({})", names.collect::<Vec<_>>().join(", "))
            }
        };
        // By name and id, as the index has them: what a page does not show is not sorted either.
        statement.text.push_str(&format!(
            "SELECT c.name AS name, c.id AS id, {zoho} AS zoho, {google} AS google, {sync} AS sync,
                 {cause} AS cause
             FROM listed c LEFT JOIN link l ON l.sync = {sync} AND l.{own} = c.id
             WHERE c.ledger = {ledger} AND c.place = {place} AND {here} AND {found} AND {wanted}"
        ));
    }
}

/// The whole list, a part a sync and side.
pub(super) fn list(listings: &[Listing<'_>], filter: &ContactFilter) -> Statement {
    let mut statement = Statement::default();
    for listing in listings {
        for side in Side::BOTH {
            if !statement.text.is_empty() {
                statement.text.push_str(" UNION ALL ");
            }
            Arm { side, listing }.write(listings, filter, &mut statement);
        }
    }
    statement
}
