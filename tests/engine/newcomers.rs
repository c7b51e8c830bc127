//! Whom a choice of label would bring into Zoho is told beforehand, and it is what the plan then says.

use std::ops::RangeInclusive;

use renraku_engine::core::contact::{Module, Side};
use renraku_sandbox::People;
use serde_json::json;

use super::people::person;
use super::rig::{Rig, tally};

/// Whom the plan alone tells apart, such as two people whose create would be one: the number is told
/// beforehand as about so many, and never as too few.
const TOLD_APART: u32 = 5;

/// How many records the first plan of this label would create in Zoho at least, and at most: of whom
/// it asks about, some are new there as soon as their value fits.
async fn planned(rig: &Rig, module: Module, label: Option<&str>) -> RangeInclusive<u32> {
    let mut setup = rig.engine().setup_draft(module).expect("a draft").setup;
    setup.google_label = label.map(str::to_owned);
    rig.engine().setup(setup).await.expect("the wizard's own setup is good");
    let runs = rig.engine().preview(Some(module)).await.expect("a plan");
    let run = runs.runs.first().expect("one sync");
    let creates = tally(run, Side::Zoho).0;
    creates..=creates + run.review + TOLD_APART
}

#[tokio::test]
async fn about_as_many_are_new_as_the_plan_would_create_and_never_more() {
    for module in [Module::Contacts, Module::Leads, Module::Vendors] {
        let rig = Rig::with(People::Sample).await;
        let told = rig.engine().newcomers(module).await.expect("both sides can be read");
        let scopes = rig.engine().scopes(module).await.expect("the labels");
        assert_eq!(scopes.everybody, told.everybody.people, "the account's own count");
        let said = told.everybody.new;
        let plan = planned(&rig, module, None).await;
        assert!(plan.contains(&said), "{module:?}, all contacts: {said} of {plan:?}");
        for label in &scopes.labels {
            let crowd = told.labels.get(&label.id).copied().unwrap_or_default();
            assert_eq!(Some(crowd.people), label.members, "{module:?}, {}", label.name);
            let plan = planned(&rig, module, Some(&label.name)).await;
            let (name, new) = (&label.name, crowd.new);
            assert!(plan.contains(&new), "{module:?}, {name}: {new} of {plan:?}");
        }
        assert!(rig.writes(Side::Zoho).is_empty() && rig.writes(Side::Google).is_empty());
    }
}

#[tokio::test]
async fn who_is_in_step_is_nobody_new_and_who_came_since_is() {
    let rig = Rig::new().await;
    rig.add(Side::Google, &person(1));
    rig.add(Side::Zoho, &person(2));
    rig.contacts(json!({})).await;
    rig.synced().await;
    rig.settle().await;
    rig.add_with(Side::Google, &person(3), &["CRM"]);
    for (module, new) in [(Module::Contacts, 1), (Module::Leads, 1)] {
        let told = rig.engine().newcomers(module).await.expect("both sides can be read");
        assert_eq!((told.everybody.people, told.everybody.new), (3, new), "{module:?}");
        let crm: Vec<u32> = told.labels.values().map(|crowd| crowd.people).collect();
        assert!(crm.contains(&1), "{module:?}: {crm:?}");
    }
}
