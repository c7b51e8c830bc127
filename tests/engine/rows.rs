//! A base belongs to a row of the mapping: a row that is new or points elsewhere starts like a pair
//! that was just matched, and nothing is cleared for it.

use renraku_engine::api::Outcome;
use renraku_engine::core::contact::{Module, Side};
use renraku_engine::core::mapping::defaults;
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::person;
use super::rig::{Rig, done, wrote};

/// The default mapping with these rows' places changed; rows are left out where the place is empty.
pub(crate) fn mapping(changes: &[(&str, &str)]) -> Value {
    let rows = defaults(Module::Contacts).into_iter().filter_map(|(zoho, google)| {
        let changed = changes.iter().find(|(field, _)| *field == zoho).map(|(_, place)| *place);
        let google = changed.unwrap_or(google);
        (!google.is_empty()).then(|| json!({"zoho": zoho, "google": google}))
    });
    Value::Array(rows.collect())
}

/// Contacts with a title and a private e-mail beside, in step; their ids, Zoho's first.
async fn together(many: usize, direction: &str) -> (Rig, Vec<[String; 2]>) {
    let rig = Rig::new().await;
    for number in 0..many {
        let mut card = person(number);
        card.insert("Title".to_owned(), format!("Chief {number}"));
        card.insert("Secondary_Email".to_owned(), format!("home{number}@b.test"));
        for side in Side::BOTH {
            rig.add(side, &card);
        }
    }
    rig.contacts(json!({"direction": direction})).await;
    rig.synced().await;
    rig.settle().await;
    let ids = (0..many)
        .map(|n| Side::BOTH.map(|side| rig.find(side, "Email", &format!("p{n}@a.test"))))
        .collect();
    rig.control.clear_requests();
    (rig, ids)
}

#[tokio::test]
async fn a_row_that_points_elsewhere_clears_nothing_in_any_direction() {
    let moves: [&[(&str, &str)]; 5] = [
        &[("Phone", "phoneNumbers[main]")],
        &[("Title", "nicknames")],
        &[("Title", "userDefined[Title]")],
        &[("Secondary_Email", "emailAddresses[other]")],
        &[("Email", "emailAddresses[home]"), ("Secondary_Email", "emailAddresses[work]")],
    ];
    let fields = ["Phone", "Title", "Email", "Secondary_Email"];
    for direction in ["two_way", "zoho_to_google", "google_to_zoho"] {
        for moved in moves {
            let what = format!("{direction}: {moved:?}");
            let (rig, ids) = together(2, direction).await;
            let rows = mapping(moved);
            rig.contacts(json!({"direction": direction, "mapping": rows})).await;
            rig.settle().await;
            for [zoho, google] in &ids {
                for field in fields {
                    assert!(
                        rig.value(Side::Zoho, zoho, field).is_some(),
                        "{what}: {field} in Zoho"
                    );
                }
                // Google holds every value still, under whatever label.
                let person = rig.raw(Side::Google, google).expect("the person").to_string();
                for part in ["555", "Chief", "@a.test", "@b.test"] {
                    assert!(person.contains(part), "{what}: {part} in {person}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_row_that_is_taken_away_and_comes_back_starts_afresh() {
    let (rig, ids) = together(2, "two_way").await;
    let [zoho, google] = ids.first().expect("a pair");
    rig.contacts(json!({"mapping": mapping(&[("Title", "")])})).await;
    rig.settle().await;
    // Cleared where nobody syncs it any more.
    rig.edit(Side::Google, google, "Title", None);
    rig.settle().await;
    rig.contacts(json!({})).await;
    rig.settle().await;
    let title = |side: Side, id: &str| rig.value(side, id, "Title");
    assert_eq!(title(Side::Zoho, zoho).as_deref(), Some("Chief 0"), "nothing is cleared");
    assert_eq!(title(Side::Google, google).as_deref(), Some("Chief 0"), "what is empty is filled");
}

#[tokio::test]
async fn a_setup_that_is_saved_again_keeps_every_base() {
    let (rig, ids) = together(2, "two_way").await;
    let [zoho, google] = ids.first().expect("a pair");
    rig.contacts(json!({"frequency_minutes": 30})).await;
    rig.edit(Side::Zoho, zoho, "Title", None);
    rig.settle().await;
    assert_eq!(
        rig.value(Side::Google, google, "Title"),
        None,
        "clearing is an edit like any other"
    );
    rig.contacts(json!({"mapping": mapping(&[("Phone", "phoneNumbers[main]")])})).await;
    rig.edit(Side::Google, google, "Description", Some("Met in May"));
    rig.edit(Side::Zoho, zoho, "Secondary_Email", None);
    rig.settle().await;
    assert_eq!(rig.value(Side::Google, google, "Secondary_Email"), None, "rows beside it as well");
}

#[tokio::test]
async fn a_source_that_wins_from_now_on_overwrites_nothing_unseen() {
    for source in Side::BOTH {
        let direction = match source {
            Side::Zoho => "zoho_to_google",
            Side::Google => "google_to_zoho",
        };
        let target = source.other();
        let wins = |side: Side| json!({"direction": direction, "conflict_winner": side.name()});
        let rig = in_step(2, json!({})).await;
        rig.contacts(wins(target)).await;
        let ids = Side::BOTH.map(|side| rig.find(side, "Email", "p0@a.test"));
        let id = |side: Side| if side == Side::Zoho { &ids[0] } else { &ids[1] };
        for side in Side::BOTH {
            rig.edit(side, id(side), "Title", Some(side.name()));
        }
        rig.settle().await;
        let title = || rig.value(target, id(target), "Title");
        assert_eq!(title().as_deref(), Some(target.name()), "the written side's value is left");
        rig.contacts(wins(source)).await;
        let run = rig.sync().await;
        assert_eq!(run.outcome, Outcome::Held, "{direction}: {run:?}");
        assert_eq!(title().as_deref(), Some(target.name()), "{direction}: it is shown first");
        let run = done(rig.approve().await);
        assert_eq!(title().as_deref(), Some(source.name()), "{direction}");
        let changes = rig.history(run.run).changes;
        let [change] = changes.as_slice() else { panic!("one change: {changes:?}") };
        assert_eq!(change.overwritten.as_deref(), Some(target.name()), "and it can be undone");
        // Nobody is held up where nothing comes of it.
        rig.contacts(wins(target)).await;
        rig.edit(source, id(source), "Title", Some("Chief"));
        let run = done(rig.sync().await);
        assert_eq!(wrote(&run), 1, "{direction}: {run:?}");
    }
}
