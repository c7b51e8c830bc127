//! Zoho tells of a merge only as of a deletion: whoever may have been merged is not deleted in Google.

use renraku_engine::api::Outcome;
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::people::person;
use super::rig::{LAG, Rig};

/// A view of Zoho's that holds everybody of a department.
fn view(rig: &Rig) {
    let view = json!({"op": "view", "module": "Contacts", "name": "Key",
                      "condition": "Department = 'Key'"});
    rig.act(Side::Zoho, view);
}

/// Edits a field that the mapping need not know.
fn type_in(rig: &Rig, record: &str, field: &str, value: &str) {
    let edit = json!({"op": "edit", "module": "Contacts", "record": record,
                      "fields": {field: value}});
    rig.act(Side::Zoho, edit);
}

fn merge(rig: &Rig, survivor: &str, loser: &str) {
    let merge =
        json!({"op": "merge", "module": "Contacts", "survivor": survivor, "losers": [loser]});
    rig.act(Side::Zoho, merge);
}

/// Whoever is merged away is in the bin, as one who was deleted by hand: only the survivor tells of it.
fn binned(rig: &Rig) {
    rig.control.set_switches(|switches| switches.zoho.merge_fills_bin = true);
}

#[tokio::test]
async fn who_is_gone_for_good_may_have_been_merged_whatever_the_survivor_says() {
    let rig = in_step(4, json!({"on_delete": "delete"})).await;
    let record = |number: usize| rig.find(Side::Zoho, "Email", &format!("p{number}@a.test"));
    let ids = [0, 1, 2, 3].map(record);
    let [survivor, loser, deleted, purged] = &ids;
    merge(&rig, survivor, loser);
    rig.later(LAG);
    type_in(&rig, survivor, "Title", "Typed later, and nothing is left of the other");
    rig.delete(Side::Zoho, deleted);
    rig.delete(Side::Zoho, purged);
    rig.act(Side::Zoho, json!({"op": "purge", "module": "Contacts", "record": purged}));
    rig.settle().await;
    let mut asked: Vec<_> = rig.review().into_iter().filter_map(|item| item.zoho_id).collect();
    asked.sort();
    let mut doubtful = vec![loser.clone(), purged.clone()];
    doubtful.sort();
    assert_eq!(asked, doubtful, "who never was in the bin is asked about, and nobody else");
    assert_eq!(rig.cards(Side::Google).len(), 3, "who is in the bin goes in Google too");
}

#[tokio::test]
async fn who_left_the_bin_after_its_days_was_deleted_by_hand() {
    let rig = in_step(3, json!({"on_delete": "delete"})).await;
    rig.delete(Side::Zoho, &rig.find(Side::Zoho, "Email", "p1@a.test"));
    rig.later(std::time::Duration::from_secs(61 * 86_400));
    rig.settle().await;
    assert_eq!(rig.review(), Vec::new(), "nothing is asked");
    rig.agree(2);
}

#[tokio::test]
async fn a_survivor_that_is_edited_later_or_is_outside_the_view_is_still_one() {
    for (outside, later) in [(false, true), (true, false), (true, true)] {
        let what = format!("the survivor is outside the view: {outside}, edited later: {later}");
        let rig = Rig::new().await;
        binned(&rig);
        view(&rig);
        let records: Vec<String> = (0..4).map(|n| rig.add(Side::Zoho, &person(n))).collect();
        let [survivor, loser, other, last] = records.as_slice() else { panic!("{records:?}") };
        for record in &records {
            // Whoever has none of its own would take over the other's, and enter the view by it.
            let own = if outside && record == survivor { "Else" } else { "Key" };
            type_in(&rig, record, "Department", own);
        }
        // Of the lost one only its number tells, which the survivor takes over.
        type_in(&rig, loser, "Mobile", "+1 212 555 0199");
        let setup = match outside {
            true => json!({"zoho_view": "Key", "on_delete": "delete"}),
            false => json!({"on_delete": "delete"}),
        };
        rig.contacts(setup).await;
        rig.settle().await;
        let there = rig.cards(Side::Google).len();
        rig.later(LAG);
        merge(&rig, survivor, loser);
        if later {
            rig.later(LAG);
            type_in(&rig, survivor, "Assistant", "Typed later");
        }
        rig.settle().await;
        assert_eq!(rig.cards(Side::Google).len(), there, "nobody is deleted, {what}");
        assert_eq!(rig.review().len(), 1, "it is asked, {what}: {:?}", rig.review());
        // People who edit others meanwhile make no question of a deletion.
        rig.later(LAG);
        rig.delete(Side::Zoho, other);
        rig.later(LAG);
        type_in(&rig, survivor, "Title", "Chief");
        type_in(&rig, last, "Title", "Chief");
        rig.add(Side::Zoho, &person(7));
        rig.settle().await;
        let gone =
            rig.cards(Side::Google).iter().all(|c| c.get("Email").is_none_or(|e| e != "p2@a.test"));
        assert!(gone, "a plain deletion is carried out, {what}: {:?}", rig.review());
        assert_eq!(rig.review().len(), 1, "and asked about nowhere, {what}: {:?}", rig.review());
    }
}

#[tokio::test]
async fn what_is_edited_while_an_alarm_waits_hides_no_merge() {
    let rig = in_step(15, json!({"on_delete": "delete"})).await;
    binned(&rig);
    let record = |number: usize| rig.find(Side::Zoho, "Email", &format!("p{number}@a.test"));
    let survivor = record(14);
    merge(&rig, &survivor, &record(0));
    rig.later(LAG);
    for number in 1..12 {
        rig.delete(Side::Zoho, &record(number));
    }
    let run = rig.sync().await;
    assert_eq!(run.outcome, Outcome::Held, "so many at once: {run:?}");
    rig.later(LAG);
    type_in(&rig, &survivor, "Title", "Chief");
    rig.settle().await;
    let left: Vec<Option<String>> =
        rig.cards(Side::Google).iter().map(|card| card.get("Email").cloned()).collect();
    assert!(left.contains(&Some("p0@a.test".to_owned())), "whoever was merged stays: {left:?}");
    assert_eq!(left.len(), 4, "the others go: {left:?}");
    assert_eq!(rig.review().len(), 1, "it is asked: {:?}", rig.review());
}
