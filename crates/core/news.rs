//! What Zoho's fields are now, where that is something else than at the set-up: the rules of a sync
//! follow it, and a row whose field cannot take part is at rest until it can again.

use std::collections::{BTreeMap, BTreeSet};

use crate::compile::{Compiled, FieldFacts, Rest, Row, kind, kind_at};
use crate::contact::{Module, Side};
use crate::field::Kind;
use crate::mapping::GooglePath;
use crate::setup::Direction;

/// Names of a list's options: new ones by old ones, or those of now by the options' ids.
pub type Names = BTreeMap<String, String>;

/// What a look at Zoho's fields brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// The rules as they are now.
    pub rules: Compiled,
    /// Lists of mapped fields whose options have other names now, by the field.
    pub renamed: BTreeMap<String, Names>,
}

impl Compiled {
    /// The rules with what Zoho says of its fields now; `fields` are those that this user sees. What
    /// could not be written at the set-up stays closed, for nobody has approved what would travel; and
    /// where nothing is written to Zoho it is all the same who may change a field there.
    #[must_use]
    pub fn now(&self, fields: &[FieldFacts], direction: Direction) -> News {
        let writes = direction.writes(Side::Zoho);
        let of = |name: &str| fields.iter().find(|field| field.api_name == name);
        let mut rules = self.clone();
        let mut renamed = BTreeMap::new();
        for row in &mut rules.rows {
            let names = row.follow(of(&row.zoho), self.region.as_deref(), writes);
            if !names.is_empty() {
                renamed.insert(row.zoho.clone(), names);
            }
        }
        for (name, value) in &mut rules.extra_defaults {
            let Some(field) = of(name) else { continue };
            let Some(now) = kind(field, self.region.as_deref()) else { continue };
            if let Some(before) = rules.default_kinds.insert(name.clone(), now) {
                let names = names(&before, &BTreeMap::new(), &field.choices, &field.options);
                *value = before.renamed(value, &names);
            }
        }
        News { rules, renamed }
    }

    /// The lists of fields that are in both mappings whose options have other names than before.
    #[must_use]
    pub fn renamed_since(&self, before: &Compiled) -> BTreeMap<String, Names> {
        let renamed = self.rows.iter().filter_map(|row| {
            let old = before.rows.iter().find(|old| old.zoho == row.zoho)?;
            let (Kind::Choice(list) | Kind::Choices(list)) = &row.kind else { return None };
            Some((row.zoho.clone(), names(&old.kind, &old.options, list, &row.options)))
        });
        renamed.filter(|(_, names)| !names.is_empty()).collect()
    }

    /// The Zoho fields whose rows are at rest.
    pub fn resting(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().filter(|row| row.rest.is_some()).map(|row| row.zoho.as_str())
    }

    /// The Zoho fields whose rows are at rest for this reason.
    pub fn resting_as(&self, rest: Rest) -> impl Iterator<Item = &str> {
        self.rows.iter().filter(move |row| row.rest == Some(rest)).map(|row| row.zoho.as_str())
    }

    /// The rules of the mapping that are at rest for one of these reasons.
    #[must_use]
    pub fn at_rest(&self, module: Module, reasons: &[Rest]) -> BTreeSet<usize> {
        let mapping = self.mapping(module);
        let fields = reasons.iter().flat_map(|rest| self.resting_as(*rest));
        fields.filter_map(|field| mapping.by_zoho(field)).collect()
    }
}

impl Row {
    /// Takes on what its field is now; the new names of its options.
    fn follow(&mut self, field: Option<&FieldFacts>, region: Option<&str>, writes: bool) -> Names {
        let Some(field) = field else {
            self.rest = Some(Rest::Unseen);
            return Names::new();
        };
        let place = GooglePath::parse(&self.google).ok();
        let Some(kind) = place.and_then(|place| kind_at(field, &place, region)) else {
            self.rest = Some(Rest::OtherType);
            return Names::new();
        };
        let names = names(&self.kind, &self.options, &field.choices, &field.options);
        self.default = self.default.take().map(|value| self.kind.renamed(&value, &names));
        // An answer without any option does not mean that there are none.
        if !(kind.is_list() && self.kind.is_list() && field.choices.is_empty()) {
            self.kind = kind;
            self.options.clone_from(&field.options);
        }
        self.length = field.length;
        self.demanded = field.mandatory && !self.required;
        let closed = writes && self.writable && !field.writable;
        self.rest = closed.then_some(Rest::ReadOnly);
        names
    }
}

/// The options of a list that have another name now. An option is known by its id; where none was
/// kept, by what it was called at first.
fn names(before: &Kind, ids: &Names, choices: &[(String, String)], options: &Names) -> Names {
    let (Kind::Choice(list) | Kind::Choices(list)) = before else { return Names::new() };
    let by_id = |(id, old): (&String, &String)| Some((old.clone(), options.get(id)?.clone()));
    let first = |(actual, old): &(String, String)| {
        let now = choices.iter().find(|(first, _)| first == actual)?;
        Some((old.clone(), now.1.clone()))
    };
    let pairs: Vec<(String, String)> = match ids.is_empty() {
        true => list.iter().filter_map(first).collect(),
        false => ids.iter().filter_map(by_id).collect(),
    };
    pairs.into_iter().filter(|(old, now)| old != now).collect()
}
