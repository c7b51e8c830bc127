//! Runs conditions and queries against a module, through the indexes where they serve.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::{Cond, Lit, Op, Query, Refused};
use crate::clock::{SECOND, parse_time};
use crate::zoho::columns::{Column, Val, val};
use crate::zoho::fields::Kind;
use crate::zoho::store::{Module, Org, Rec};

/// A field of a condition: on the record, or one step further over a lookup.
#[derive(Debug, Clone)]
enum Operand {
    Here(Column),
    There(usize, String, Column),
}

/// A condition whose fields were found.
#[derive(Debug, Clone)]
pub(crate) enum Ready {
    And(Box<Ready>, Box<Ready>),
    Or(Box<Ready>, Box<Ready>),
    Test(Test),
}

#[derive(Debug, Clone)]
pub(crate) struct Test {
    place: Operand,
    op: Op,
    values: Vec<Lit>,
    /// Texts of the values in lower case, and as a set for `in`.
    lower: Vec<String>,
    set: BTreeSet<String>,
}

fn place(org: &Org, module: &Module, name: &str) -> Result<Operand, Refused> {
    let unknown = || Refused::Invalid(name.to_owned());
    if let Some((first, second)) = name.split_once('.') {
        let Some(Column::Lookup(index, target)) = Column::of(module, first) else {
            return Err(unknown());
        };
        let there = org.modules.get(&target).ok_or_else(unknown)?;
        return Column::of(there, second)
            .map(|c| Operand::There(index, target, c))
            .ok_or_else(unknown);
    }
    if module.field(name).is_some_and(|f| f.kind == Kind::Textarea) {
        return Err(unknown());
    }
    Column::of(module, name).map(Operand::Here).ok_or_else(unknown)
}

/// Finds the fields of a condition in a module.
///
/// # Errors
/// Names a field that does not exist or may not stand in a condition, or too long an `in`.
pub(crate) fn ready(
    org: &Org,
    module: &Module,
    cond: &Cond,
    most_in: usize,
) -> Result<Ready, Refused> {
    let both = |a: &Cond, b: &Cond| -> Result<(Box<Ready>, Box<Ready>), Refused> {
        Ok((Box::new(ready(org, module, a, most_in)?), Box::new(ready(org, module, b, most_in)?)))
    };
    match cond {
        Cond::And(a, b) => both(a, b).map(|(a, b)| Ready::And(a, b)),
        Cond::Or(a, b) => both(a, b).map(|(a, b)| Ready::Or(a, b)),
        Cond::Test { field, op, values } => {
            if values.len() > most_in {
                return Err(Refused::Limit(most_in));
            }
            let lower: Vec<String> = values.iter().map(|v| v.text.to_lowercase()).collect();
            let set = lower.iter().cloned().collect();
            Ok(Ready::Test(Test {
                place: place(org, module, field)?,
                op: *op,
                values: values.clone(),
                lower,
                set,
            }))
        }
    }
}

impl Ready {
    pub(crate) fn holds(&self, org: &Org, module: &Module, rec: &Rec) -> bool {
        match self {
            Self::And(a, b) => a.holds(org, module, rec) && b.holds(org, module, rec),
            Self::Or(a, b) => a.holds(org, module, rec) || b.holds(org, module, rec),
            Self::Test(test) => test.holds(org, module, rec),
        }
    }

    /// Ids that the indexes give for this condition: all hits are among them. `None`: every record.
    pub(crate) fn candidates(&self, module: &Module) -> Option<Vec<u64>> {
        match self {
            Self::And(a, b) => a.candidates(module).or_else(|| b.candidates(module)),
            Self::Or(a, b) => {
                let mut all = a.candidates(module)?;
                all.extend(b.candidates(module)?);
                all.sort_unstable();
                all.dedup();
                Some(all)
            }
            Self::Test(test) => test.candidates(module),
        }
    }
}

impl Test {
    fn value(&self, org: &Org, module: &Module, rec: &Rec) -> Val {
        match &self.place {
            Operand::Here(column) => val(org, module, rec, column),
            Operand::There(index, target, column) => {
                let id: Option<u64> =
                    rec.cell(*index).and_then(|c| c.trim_matches('"').parse().ok());
                let there = org.modules.get(target);
                match (there, id.and_then(|id| there.and_then(|m| m.records.get(&id)))) {
                    (Some(module), Some(rec)) => val(org, module, rec, column),
                    (Some(_) | None, None) | (None, Some(_)) => Val::Null,
                }
            }
        }
    }

    fn holds(&self, org: &Org, module: &Module, rec: &Rec) -> bool {
        let value = self.value(org, module, rec);
        let order = |i: usize| self.values.get(i).and_then(|lit| compare(&value, lit));
        let equal = || match &value {
            Val::Text(text) => self.set.contains(text),
            Val::Null | Val::Bool(_) | Val::Number(_) | Val::Id(_) | Val::Time(_) => {
                self.values.iter().any(|lit| compare(&value, lit) == Some(Ordering::Equal))
            }
        };
        let within = || {
            matches!(order(0), Some(Ordering::Greater | Ordering::Equal))
                && matches!(order(1), Some(Ordering::Less | Ordering::Equal))
        };
        match self.op {
            Op::Null => value == Val::Null || value == Val::Text(String::new()),
            Op::NotNull => value != Val::Null && value != Val::Text(String::new()),
            Op::Eq | Op::In => equal(),
            Op::Ne | Op::NotIn => !equal(),
            Op::Lt => order(0) == Some(Ordering::Less),
            Op::Le => matches!(order(0), Some(Ordering::Less | Ordering::Equal)),
            Op::Gt => order(0) == Some(Ordering::Greater),
            Op::Ge => matches!(order(0), Some(Ordering::Greater | Ordering::Equal)),
            Op::Between => within(),
            Op::NotBetween => !within(),
            Op::Like => self.like(&value),
            Op::NotLike => !self.like(&value),
        }
    }

    fn like(&self, value: &Val) -> bool {
        let (Val::Text(text), Some(pattern)) = (value, self.lower.first()) else { return false };
        // Zoho's pages tell of texts that begin, end or hold: a sign inside a pattern is a letter like others.
        let (begins, rest) =
            pattern.strip_suffix('%').map_or((false, pattern.as_str()), |r| (true, r));
        let (ends, rest) = rest.strip_prefix('%').map_or((false, rest), |rest| (true, rest));
        match (begins, ends) {
            (true, false) => text.starts_with(rest),
            (false, true) => text.ends_with(rest),
            (true, true) | (false, false) => text.contains(rest),
        }
    }

    fn candidates(&self, module: &Module) -> Option<Vec<u64>> {
        let Operand::Here(column) = &self.place else { return None };
        let exact = self.op == Op::Eq || self.op == Op::In;
        let mut ids: Vec<u64> = match column {
            Column::Id if exact => self.values.iter().filter_map(|v| v.text.parse().ok()).collect(),
            Column::Id if self.op == Op::Gt || self.op == Op::Ge => {
                let from: u64 = self.values.first()?.text.parse().ok()?;
                module.records.range(from..).map(|(id, _)| *id).collect()
            }
            Column::ModifiedTime
                if self.op == Op::Gt || self.op == Op::Ge || self.op == Op::Between =>
            {
                let from = parse_time(&self.values.first()?.text)?.div_euclid(SECOND);
                module.by_modified.range((from, 0)..).map(|(_, id)| *id).collect()
            }
            Column::Cell(index)
                if exact && module.fields.get(*index).is_some_and(|f| f.api_name == "Email") =>
            {
                self.lower
                    .iter()
                    .filter_map(|e| module.by_email.get(e))
                    .flatten()
                    .copied()
                    .collect()
            }
            Column::Cell(_)
            | Column::Pick(_)
            | Column::Multi(_)
            | Column::Bool(_)
            | Column::Lookup(..)
            | Column::Owner
            | Column::CreatedBy
            | Column::ModifiedBy
            | Column::CreatedTime
            | Column::ModifiedTime
            | Column::Id
            | Column::FullName
            | Column::Tag
            | Column::Layout
            | Column::Locked
            | Column::Converted
            | Column::Status
            | Column::Fixed(_) => return None,
        };
        ids.sort_unstable();
        ids.dedup();
        Some(ids)
    }
}

fn compare(value: &Val, lit: &Lit) -> Option<Ordering> {
    match value {
        Val::Null => None,
        Val::Bool(b) => lit.text.parse::<bool>().ok().map(|l| b.cmp(&l)),
        Val::Number(n) => lit.text.parse::<f64>().ok().and_then(|l| n.partial_cmp(&l)),
        Val::Id(id) => lit.text.parse::<u64>().ok().map(|l| id.cmp(&l)),
        Val::Time(at) => parse_time(&lit.text).map(|l| at.cmp(&l.div_euclid(SECOND))),
        Val::Text(text) => Some(text.as_str().cmp(lit.text.to_lowercase().as_str())),
    }
}

/// The ids that a query gives, in order, and whether there are more.
///
/// # Errors
/// As [`ready`].
pub(crate) fn run(
    org: &Org,
    module: &Module,
    query: &Query,
    most_in: usize,
) -> Result<(Vec<u64>, bool), Refused> {
    let cond = ready(org, module, &query.condition, most_in)?;
    let hit = |rec: &&Rec| !rec.hidden && !rec.converted && cond.holds(org, module, rec);
    let ids = cond.candidates(module);
    let stream: Box<dyn Iterator<Item = &Rec>> = match &ids {
        Some(ids) => Box::new(ids.iter().filter_map(|id| module.records.get(id))),
        None => Box::new(module.records.values()),
    };
    let wanted = query.offset + query.limit + 1;
    let by_id = query.order.first().is_none_or(|(field, up)| field == "id" && *up);
    let mut found: Vec<u64> = if by_id {
        stream.filter(hit).take(wanted).map(|r| r.id).collect()
    } else {
        let mut columns = Vec::new();
        for (field, up) in &query.order {
            columns.push((
                Column::of(module, field).ok_or_else(|| Refused::Invalid(field.clone()))?,
                *up,
            ));
        }
        let mut rows: Vec<(Vec<Val>, u64)> = stream
            .filter(hit)
            .map(|r| (columns.iter().map(|(c, _)| val(org, module, r, c)).collect(), r.id))
            .collect();
        rows.sort_by(|a, b| {
            for ((x, y), (_, up)) in a.0.iter().zip(&b.0).zip(&columns) {
                let order = x.partial_cmp(y).unwrap_or(Ordering::Equal);
                if order != Ordering::Equal {
                    return if *up { order } else { order.reverse() };
                }
            }
            a.1.cmp(&b.1)
        });
        rows.into_iter().take(wanted).map(|(_, id)| id).collect()
    };
    let more = found.len() == wanted;
    found.truncate(query.offset + query.limit);
    Ok((found.split_off(query.offset.min(found.len())), more))
}
