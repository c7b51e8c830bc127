//! Values that may stand in one record only and go from one contact to another: handed on in a chain,
//! or exchanged in a circle. They all arrive, and none is lost on the way.

use renraku_engine::api::{ReviewKind, Run};
use renraku_engine::core::contact::Side;
use serde_json::{Value, json};

use super::edits::in_step;
use super::rig::{LAG, Rig, done, tally, wrote};
use super::state::still;

/// So many pairs in step; Zoho lets each value of these fields stand in one record only, and the sync
/// knows it from its set-up or has yet to hear it.
async fn unique_in_step(many: usize, known: bool, keys: Value) -> Rig {
    let rig = in_step(many, keys.clone()).await;
    for field in ["Email", "Phone"] {
        let set = json!({"unique": false});
        let act = json!({"op": "field", "module": "Contacts", "api_name": field, "set": set});
        rig.act(Side::Zoho, act);
    }
    if known {
        rig.contacts(keys).await;
    }
    rig
}

/// Google's people, each of whom takes the address of the next one, and the last one `last`.
async fn hand_on(rig: &Rig, people: &[usize], last: &str, day_by_day: bool) {
    let ids: Vec<String> = (people.iter())
        .map(|number| rig.find(Side::Google, "Email", &format!("p{number}@a.test")))
        .collect();
    for (at, id) in ids.iter().enumerate() {
        let next = people.get(at + 1).map(|number| format!("p{number}@a.test"));
        rig.edit(Side::Google, id, "Email", Some(next.as_deref().unwrap_or(last)));
        if day_by_day {
            rig.later(LAG);
            done(rig.sync().await);
        }
    }
    rig.later(LAG);
}

/// Who has which address in Zoho, by first name.
fn addresses(rig: &Rig) -> Vec<(String, String)> {
    let value = |card: &super::people::Card, field: &str| card.get(field).cloned();
    let cards = rig.cards(Side::Zoho);
    let mut all: Vec<_> = (cards.iter())
        .map(|card| {
            let name = value(card, "First_Name").unwrap_or_default();
            (name, value(card, "Email").unwrap_or_default())
        })
        .collect();
    all.sort();
    all
}

fn expected(pairs: &[(usize, String)]) -> Vec<(String, String)> {
    pairs.iter().map(|(who, address)| (format!("Given{who}"), address.clone())).collect()
}

fn whys(rig: &Rig, run: &Run) -> Vec<String> {
    rig.history(run.run).changes.into_iter().map(|change| change.why).collect()
}

#[tokio::test]
async fn exchanged_addresses_arrive_with_everybody() {
    for many in [2, 3] {
        for (known, day_by_day) in [(true, false), (false, false), (true, true), (false, true)] {
            for winner in ["zoho", "google"] {
                let what = format!("{many}, known {known}, day by day {day_by_day}, {winner}");
                let keys = json!({"conflict_winner": winner});
                let rig = unique_in_step(many, known, keys).await;
                let before = Side::BOTH.map(|side| still(&rig.control, side));
                let people: Vec<usize> = (0..many).collect();
                let chief = rig.find(Side::Google, "Email", "p0@a.test");
                hand_on(&rig, &people, "p0@a.test", day_by_day).await;
                rig.edit(Side::Google, &chief, "Title", Some("Chief"));
                let shown = rig.engine().preview(None).await.expect("a preview").runs;
                let run = done(rig.sync().await);
                let all: Vec<(usize, String)> = people
                    .iter()
                    .map(|who| (*who, format!("p{}@a.test", (who + 1) % many)))
                    .collect();
                assert_eq!(addresses(&rig), expected(&all), "{what}: {run:?}");
                rig.agree(many);
                assert_eq!(rig.review(), Vec::new(), "{what}: nothing is left to ask");
                if !day_by_day {
                    let shown = shown.first().expect("one");
                    let all = (0, u32::try_from(many).expect("few"), 0);
                    assert_eq!(tally(shown, Side::Zoho), all, "{what}: as it was shown");
                    assert_eq!(tally(&run, Side::Zoho), all, "{what}: each once: {run:?}");
                    let emptied = whys(&rig, &run).iter().filter(|w| w.contains("Emptied")).count();
                    assert_eq!(emptied, 1, "{what}: one let go first, and it is told");
                    rig.later(LAG);
                    let undone = rig.engine().undo(run.run, None).await.expect("the undo runs");
                    let [zoho, _] = &before;
                    assert_eq!(still(&rig.control, Side::Zoho), *zoho, "{what}: undone {undone:?}");
                }
                rig.settle().await;
            }
        }
    }
}

#[tokio::test]
async fn a_chain_of_handed_on_addresses_takes_one_run() {
    for people in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [2, 0, 4, 1, 5, 3]] {
        for known in [true, false] {
            let what = format!("{people:?}, known {known}");
            let rig = unique_in_step(6, known, json!({})).await;
            hand_on(&rig, &people, "new@a.test", false).await;
            let run = done(rig.sync().await);
            let mut all: Vec<(usize, String)> = Vec::new();
            for (at, who) in people.iter().enumerate() {
                let next = people.get(at + 1).map(|next| format!("p{next}@a.test"));
                all.push((*who, next.unwrap_or_else(|| "new@a.test".to_owned())));
            }
            all.sort();
            assert_eq!(addresses(&rig), expected(&all), "{what}: {run:?}");
            assert_eq!(tally(&run, Side::Zoho), (0, 6, 0), "{what}: {run:?}");
            assert_eq!(rig.review(), Vec::new(), "{what}");
            assert!(!whys(&rig, &run).iter().any(|w| w.contains("Emptied")), "{what}: no detour");
            rig.settle().await;
        }
    }
}

#[tokio::test]
async fn an_address_of_a_deleted_contact_goes_to_a_new_one() {
    let rig = unique_in_step(12, true, json!({"on_delete": "delete"})).await;
    rig.delete(Side::Google, &rig.find(Side::Google, "Email", "p0@a.test"));
    let card = super::people::card(&[("Last_Name", "New"), ("Email", "p0@a.test")]);
    rig.add(Side::Google, &card);
    rig.later(LAG);
    for _ in 0..2 {
        done(rig.sync().await);
        rig.later(LAG);
    }
    rig.settle().await;
    assert_eq!(rig.review(), Vec::new(), "nothing is left to ask");
    rig.agree(12);
}

#[tokio::test]
async fn nobody_who_may_not_be_empty_is_emptied() {
    for known in [true, false] {
        let rig = unique_in_step(2, false, json!({})).await;
        let set = json!({"mandatory": true});
        let act = json!({"op": "field", "module": "Contacts", "api_name": "Email", "set": set});
        rig.act(Side::Zoho, act);
        if known {
            let defaults = json!({"Last_Name": "-", "Email": "nobody@a.test"});
            rig.contacts(json!({"defaults": defaults})).await;
        }
        let what = format!("known {known}");
        let ids = [0, 1].map(|n| rig.find(Side::Google, "Email", &format!("p{n}@a.test")));
        rig.edit(Side::Google, &ids[0], "Title", Some("Chief"));
        hand_on(&rig, &[0, 1], "p0@a.test", false).await;
        done(rig.sync().await);
        let mut reasons = Vec::new();
        for _ in 0..3 {
            let open = rig.review();
            let taken = open.iter().filter(|item| item.kind == ReviewKind::Refused);
            reasons = taken.map(|item| item.reason.clone()).collect();
            reasons.sort();
            assert_eq!(reasons.len(), 2, "{what}: both wait: {open:?}");
            rig.later(LAG);
            rig.control.clear_requests();
            let run = done(rig.sync().await);
            assert_eq!(wrote(&run), 0, "{what}: {run:?}");
            assert_eq!(rig.writes(Side::Zoho), Vec::<String>::new(), "{what}: not tried in vain");
            assert!(run.review >= 2, "{what}: no run says that all is well: {run:?}");
        }
        for (reason, holder) in reasons.iter().zip(["Given0 Family0", "Given1 Family1"]) {
            assert!(reason.contains(holder), "{what}: who holds it: {reasons:?}");
        }
        let all = [(0, "p0@a.test".to_owned()), (1, "p1@a.test".to_owned())];
        assert_eq!(addresses(&rig), expected(&all), "{what}: nobody lost an address");
        let chief = rig.find(Side::Zoho, "Email", "p0@a.test");
        assert_eq!(rig.value(Side::Zoho, &chief, "Title").as_deref(), Some("Chief"), "{what}");
        // One of them takes another address: then both go through.
        rig.edit(Side::Google, &ids[1], "Email", Some("new@a.test"));
        rig.later(LAG);
        done(rig.sync().await);
        rig.later(LAG);
        done(rig.sync().await);
        let all = [(0, "p1@a.test".to_owned()), (1, "new@a.test".to_owned())];
        assert_eq!(addresses(&rig), expected(&all), "{what}");
        assert_eq!(rig.review(), Vec::new(), "{what}: nothing is left to ask");
        rig.settle().await;
    }
}

#[tokio::test]
async fn an_exchange_killed_at_any_call_ends_the_same() {
    for before in [true, false] {
        for nth in 1.. {
            let what = format!("call {nth}, before it {before}");
            let mut rig = unique_in_step(3, true, json!({"conflict_winner": "zoho"})).await;
            hand_on(&rig, &[0, 1, 2], "p0@a.test", false).await;
            let ended = rig.killed_at(nth, before).await;
            rig.settle().await;
            let all = [1, 2, 0].map(|n| format!("p{n}@a.test"));
            let all: Vec<(usize, String)> = all.into_iter().enumerate().collect();
            assert_eq!(addresses(&rig), expected(&all), "{what}");
            rig.agree(3);
            assert_eq!(rig.review(), Vec::new(), "{what}");
            if ended.is_some() {
                assert!(nth > 5, "{what}: there are more calls than that");
                break;
            }
        }
    }
}
