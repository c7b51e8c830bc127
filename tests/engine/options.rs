//! Options of Zoho's lists get other names, be it each other's. Nobody changed a record: Google is told
//! the new names in one run, and what somebody chooses afterwards is an edit like any other.

use renraku_engine::core::contact::{Module, Side};
use renraku_engine::core::mapping::defaults;
use serde_json::{Value, json};

use super::metadata::{field, ranked, ranking, ranks, rename};
use super::people::{ROWS, person};
use super::rig::{Rig, done};

/// Two that change their names with each other, and one that takes the name that another leaves.
fn renames() -> [Value; 2] {
    [json!({"Gold": "Silver", "Silver": "Gold"}), json!({"Gold": "Silver", "Silver": "Plain"})]
}

/// What each of these is called after.
fn after<'a>(names: &'a Value, ranks: &[&'a str]) -> Vec<&'a str> {
    ranks.iter().map(|rank| names.get(rank).and_then(Value::as_str).unwrap_or(rank)).collect()
}

#[tokio::test]
async fn new_names_of_options_reach_everybody_in_the_run_that_meets_one_of_them() {
    let held = ["Gold", "Gold", "Silver", "VIP"];
    for names in renames() {
        for direction in ["two_way", "zoho_to_google"] {
            let what = format!("{names}, {direction}");
            let (rig, ids) = ranked(&held, json!({"direction": direction})).await;
            rename(&rig, names.clone());
            // Nothing but this one is changed, and nothing is written to Zoho.
            rig.edit(Side::Zoho, &ids[0][0], "Phone", Some("+1 212 555 7777"));
            done(rig.sync().await);
            let now: Vec<[String; 2]> =
                after(&names, &held).iter().map(|rank| [*rank; 2].map(str::to_owned)).collect();
            assert_eq!(ranks(&rig, &ids), now, "{what}");
            rig.settle().await;
            assert_eq!(ranks(&rig, &ids), now, "{what}: and stay so");
        }
    }
}

#[tokio::test]
async fn what_is_chosen_after_options_got_other_names_is_an_edit_whatever_ran_between() {
    let held = ["Gold", "Gold", "Silver", "VIP"];
    for names in renames() {
        for (winner, direction) in
            [("zoho", "two_way"), ("google", "two_way"), ("google", "google_to_zoho")]
        {
            let what = format!("{names}, {winner} wins, {direction}");
            let (rig, ids) = ranked(&held, json!({"conflict_winner": winner})).await;
            let keys = json!({"conflict_winner": winner, "direction": direction});
            rig.contacts(ranking(&keys)).await;
            rig.settle().await;
            rename(&rig, names.clone());
            // Both sides of one of them say the new name already when the options are asked for.
            rig.edit(Side::Zoho, &ids[0][0], "Phone", Some("+1 212 555 7777"));
            rig.edit(Side::Google, &ids[0][1], "Customer_Rank", Some("Silver"));
            done(rig.sync().await);
            let zoho: Vec<String> = ranks(&rig, &ids).into_iter().map(|[zoho, _]| zoho).collect();
            assert_eq!(zoho, after(&names, &held), "{what}: each keeps its option");
            for [_, google] in &ids {
                rig.edit(Side::Google, google, "Customer_Rank", Some("Standard"));
            }
            let run = done(rig.sync().await);
            assert_eq!(run.conflicts, 0, "{what}: {run:?}");
            rig.settle().await;
            let standard = ["Standard".to_owned(), "Standard".to_owned()];
            assert_eq!(ranks(&rig, &ids), vec![standard; 4], "{what}: it travels");
            assert_eq!(rig.review(), Vec::new(), "{what}");
        }
    }
}

#[tokio::test]
async fn several_options_of_one_record_are_told_by_their_new_names_too() {
    let mut rig = Rig::new().await;
    rig.rows = ROWS.to_vec();
    rig.rows.push(("Interests", "nicknames", "", "value"));
    for (number, interests) in [json!(["Golf", "Tea"]), json!(["Tea"])].into_iter().enumerate() {
        let mut fields = json!(person(number));
        fields["Interests"] = interests;
        rig.make(Side::Zoho, fields, &[]);
    }
    let rows = defaults(Module::Contacts).into_iter().chain([("Interests", "nicknames")]);
    let rows: Value = rows.map(|(zoho, google)| json!({"zoho": zoho, "google": google})).collect();
    rig.contacts(json!({"mapping": rows, "conflict_winner": "zoho"})).await;
    rig.settle().await;
    let ids =
        [0, 1].map(|n| Side::BOTH.map(|side| rig.find(side, "Email", &format!("p{n}@a.test"))));
    let told = |rig: &Rig| ids.each_ref().map(|[_, g]| rig.value(Side::Google, g, "Interests"));
    let names = json!({"Golf": "Tea", "Tea": "Music hall"});
    field(&rig, "Interests", json!({"renamed": names}));
    rig.edit(Side::Zoho, &ids[0][0], "Phone", Some("+1 212 555 7777"));
    done(rig.sync().await);
    let now = ["Tea; Music hall", "Music hall"].map(|text| Some(text.to_owned()));
    assert_eq!(told(&rig), now);
    rig.settle().await;
    rig.edit(Side::Google, &ids[0][1], "Interests", Some("Travel"));
    rig.edit(Side::Google, &ids[1][1], "Interests", Some("Tea"));
    let run = done(rig.sync().await);
    assert_eq!((run.conflicts, run.zoho.updated), (0, 2), "{run:?}");
    let chosen = ids
        .each_ref()
        .map(|[z, _]| rig.raw(Side::Zoho, z).and_then(|record| record.get("Interests").cloned()));
    assert_eq!(chosen, [Some(json!(["Travel"])), Some(json!(["Tea"]))]);
}
