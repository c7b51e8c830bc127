//! Whom a sync would bring into Zoho, told before anything is set up: nobody copies private people
//! into a company's CRM unawares.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::compile::compile;
use renraku_core::contact::{Module, Pair, Record, Side};
use renraku_core::decision::Decisions;
use renraku_core::mapping::Mapping;
use renraku_core::matching::{Asked, Entry, Evidence, Ways, pair_up};
use renraku_core::setup::{Direction, Setup};
use renraku_services::zoho::wire::evidence_fields;
use renraku_services::{google, zoho};
use renraku_store::Store;

use crate::api::{Crowd, Failure, Newcomers};
use crate::handle::engine::Engine;
use crate::sync::gather::to_match_by;
use crate::sync::look::traces;

/// A contact of one side, and what it is matched by.
type Read = (Record, Evidence);

impl Engine {
    /// How many of the account's Google contacts have no counterpart in the module, all together and
    /// label by label: a sync that writes to Zoho would create these there. Both sides are read and
    /// matched as the first plan does it; nothing is written, and nothing of it is kept.
    ///
    /// # Errors
    /// Where a service cannot be asked.
    pub async fn newcomers(&self, module: Module) -> Result<Newcomers, Failure> {
        let (crm, grant) = self.zoho(None)?;
        let (infos, facts) = self.field_facts(&crm, module).await?;
        let org = crm.org().await.map_err(|e| self.remote(Side::Zoho, &e))?;
        let region = org.country_code;
        // What is mapped plays no part in who is who, but for what stands in for a missing name.
        let asked = Setup { direction: Direction::ZohoToGoogle, ..Setup::new(module) };
        let mapping = compile(&asked, &facts, region.as_deref())
            .map(|rules| rules.mapping(module))
            .map_err(|_| self.refused(&[]))?;
        let matched_by = |found: renraku_services::received::Evidence, marks: &[_]| {
            let traces = traces(&found, marks, &grant.org);
            to_match_by(found, traces, module, region.clone())
        };

        let known =
            |field: &&&str| infos.iter().any(|info| info.visible && info.api_name == **field);
        let fields: Vec<String> =
            evidence_fields(module).iter().filter(known).map(|f| (*f).to_owned()).collect();
        let mut records: Vec<Read> = Vec::new();
        crm.records(module, &fields, None, &mut |page| {
            let read =
                page.records.iter().filter_map(|r| zoho::wire::digest(&r.raw, &mapping).ok());
            records.extend(read.map(|d| (d.record, matched_by(d.evidence, &[]))));
            Ok(())
        })
        .await
        .map_err(|e| self.remote(Side::Zoho, &e))?;

        let mut people: Vec<Read> = Vec::new();
        let mut groups: Vec<Vec<String>> = Vec::new();
        let client = self.google(None)?;
        client
            .plain_list(&mut |page| {
                for person in &page.people {
                    let (Ok(digest), Ok(sight)) = (
                        google::wire::digest(&person.raw, &mapping),
                        google::wire::sight(&person.raw),
                    ) else {
                        continue;
                    };
                    people.push((digest.record, matched_by(sight.evidence, &sight.marks)));
                    groups.push(sight.memberships);
                }
                Ok(())
            })
            .await
            .map_err(|e| self.remote(Side::Google, &e))?;

        let mut met = met(&records, &people, &mapping);
        if let Some(ledger) = self.ledger()? {
            // Whoever is in step with any module already is not created in another.
            let linked = self.inner.store.read(|db| Store::linked_people(db, ledger));
            let linked = linked?;
            let taken = people.iter().enumerate().filter(|(_, p)| linked.contains(&p.0.id));
            met.extend(taken.map(|(place, _)| place));
        }
        let mut everybody = Crowd::default();
        let mut labels: BTreeMap<String, Crowd> = BTreeMap::new();
        for (place, groups) in groups.into_iter().enumerate() {
            let fresh = u32::from(!met.contains(&place));
            everybody.add(fresh);
            for group in groups {
                labels.entry(group).or_default().add(fresh);
            }
        }
        Ok(Newcomers { everybody, labels })
    }
}

/// The places of the people who have a counterpart, may have one, or share one with somebody.
fn met(records: &[Read], people: &[Read], mapping: &Mapping) -> BTreeSet<usize> {
    let lists = Pair { zoho: entries(records), google: entries(people) };
    let ways = Ways {
        mapping,
        by_name_and_phone: true,
        by_card: false,
        lost: false,
        decisions: &Decisions::new(),
        asked: &Asked::default(),
    };
    let found = pair_up(&lists, ways);
    let pairs = found.matches.into_iter().chain(found.doubtful).map(|(_, google, _)| google);
    let doubles = found.duplicates.into_iter();
    pairs.chain(doubles.filter(|(side, _)| *side == Side::Google).map(|(_, place)| place)).collect()
}

fn entries(all: &[Read]) -> Vec<Entry<'_>> {
    all.iter()
        .map(|(record, evidence)| Entry { record, evidence, twin: false, bereft: None })
        .collect()
}
