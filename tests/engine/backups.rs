//! A database that was put back from a backup knows less than the services: it is noticed, the plan
//! waits, nobody's edit is overwritten by an older value, and nobody is doubled.

use renraku_engine::api::{FailureCode, Outcome, ReviewKind};
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::people::card;
use super::rig::{Rig, done, tally};

/// An edit of one contact's title: on which side, and what it is set to.
type Edit = (Side, Option<&'static str>);

/// Three pairs in step, the first with a title.
async fn titled(winner: &str, direction: &str) -> Rig {
    let rig = in_step(3, json!({"conflict_winner": winner, "direction": direction})).await;
    rig.edit(Side::Zoho, &rig.find(Side::Zoho, "Email", "p0@a.test"), "Title", Some("Old"));
    rig.edit(Side::Google, &rig.find(Side::Google, "Email", "p0@a.test"), "Title", Some("Old"));
    rig.settle().await;
    rig
}

fn title(rig: &Rig, side: Side) -> Option<String> {
    rig.value(side, &rig.find(side, "Email", "p0@a.test"), "Title")
}

fn edit(rig: &Rig, (side, value): Edit) {
    rig.edit(side, &rig.find(side, "Email", "p0@a.test"), "Title", value);
}

/// The first run after a backup was put back: it is held, says so and writes nothing.
async fn held(rig: &Rig, what: &str) {
    rig.control.clear_requests();
    let run = rig.sync().await;
    assert_eq!(run.outcome, Outcome::Held, "{what}: the plan waits: {run:?}");
    let said = run.message.unwrap_or_default();
    assert!(said.contains("older copy"), "{what}: it says why: {said}");
    for side in Side::BOTH {
        assert_eq!(rig.writes(side), Vec::<String>::new(), "{what}: nothing is written");
    }
    assert!(rig.engine().notice().expect("it is told").is_some(), "{what}: and stays said");
}

#[tokio::test]
async fn an_edit_made_since_is_a_difference_and_overwrites_nothing() {
    use Side::{Google, Zoho};
    let cases: [(&str, &[Edit], Edit); 6] = [
        ("edited here, then there", &[(Zoho, Some("New"))], (Google, Some("Newest"))),
        ("edited there, then here", &[(Google, Some("New"))], (Zoho, Some("Newest"))),
        ("edited and taken back", &[(Zoho, Some("New"))], (Google, Some("Old"))),
        ("edited and cleared", &[(Google, Some("New"))], (Zoho, None)),
        ("cleared and written anew", &[(Zoho, None)], (Google, Some("Newest"))),
        ("twice", &[(Zoho, Some("New")), (Google, Some("Newer"))], (Google, Some("Newest"))),
    ];
    for winner in ["zoho", "google"] {
        for (what, synced, last) in cases {
            let what = format!("{what}, {winner} wins");
            let mut rig = titled(winner, "two_way").await;
            let backup = rig.backup();
            for one in synced {
                edit(&rig, *one);
                rig.settle().await;
            }
            rig.put_back(&backup);
            edit(&rig, last);
            let before = Side::BOTH.map(|side| title(&rig, side));
            held(&rig, &what).await;
            assert_eq!(rig.review().len(), 1, "{what}: the difference is shown beside the plan");
            done(rig.approve().await);
            rig.later(super::rig::LAG);
            done(rig.approve().await);
            assert_eq!(Side::BOTH.map(|side| title(&rig, side)), before, "{what}: both are kept");
            rig.decide(ReviewKind::Difference, last.0.name());
            rig.settle().await;
            rig.agree(3);
            assert_eq!(title(&rig, last.0.other()), last.1.map(str::to_owned), "{what}: chosen");
            assert_eq!(rig.engine().notice().expect("it is told"), None, "{what}: it is over");
            // From here on the bases are believed again.
            edit(&rig, (Zoho, Some("Afterwards")));
            rig.settle().await;
            rig.agree(3);
            assert_eq!(rig.review(), Vec::new(), "{what}: an edit is an edit again");
        }
    }
}

#[tokio::test]
async fn the_older_value_of_a_pair_that_is_newer_than_the_copy_overwrites_nothing() {
    for winner in ["zoho", "google"] {
        let ends = Side::BOTH.map(|last| [(last, Some("Newest")), (last, None)]);
        for (last, typed) in ends.into_iter().flatten() {
            let what = format!("{typed:?} in {}, {winner} wins", last.name());
            let mut rig = titled(winner, "two_way").await;
            let backup = rig.backup();
            let new = [("Last_Name", "New"), ("Email", "new@a.test"), ("Title", "First")];
            rig.add(Side::Zoho, &card(&new));
            rig.settle().await;
            rig.put_back(&backup);
            let of = |rig: &Rig, side| rig.find(side, "Email", "new@a.test");
            let titles = |rig: &Rig| Side::BOTH.map(|s| rig.value(s, &of(rig, s), "Title"));
            rig.edit(last, &of(&rig, last), "Title", typed);
            let before = titles(&rig);
            held(&rig, &what).await;
            assert_eq!(rig.review().len(), 1, "{what}: the difference is shown beside the plan");
            done(rig.approve().await);
            rig.later(super::rig::LAG);
            done(rig.approve().await);
            assert_eq!(titles(&rig), before, "{what}: both are kept");
            rig.decide(ReviewKind::Difference, last.name());
            rig.settle().await;
            rig.agree(4);
            assert_eq!(titles(&rig), [(); 2].map(|()| typed.map(str::to_owned)), "{what}: chosen");
            rig.edit(last.other(), &of(&rig, last.other()), "Title", Some("Afterwards"));
            rig.settle().await;
            rig.agree(4);
            assert_eq!(rig.review(), Vec::new(), "{what}: an edit is an edit again");
        }
    }
}

#[tokio::test]
async fn whoever_was_made_or_deleted_since_is_neither_doubled_nor_brought_back() {
    for direction in ["two_way", "zoho_to_google", "google_to_zoho"] {
        let origin = if direction == "google_to_zoho" { Side::Google } else { Side::Zoho };
        let mut rig = Rig::new().await;
        for number in 0..3 {
            rig.add(origin, &super::people::person(number));
        }
        rig.contacts(json!({"direction": direction, "on_delete": "delete"})).await;
        rig.synced().await;
        rig.settle().await;
        let backup = rig.backup();
        rig.add(origin, &card(&[("Last_Name", "Bare")]));
        rig.add(origin, &card(&[("Last_Name", "Phone"), ("Phone", "+1 212 555 0909")]));
        rig.add(origin, &card(&[("Last_Name", "Key"), ("Email", "key@a.test")]));
        rig.delete(origin, &rig.find(origin, "Email", "p1@a.test"));
        rig.settle().await;
        rig.agree(5);
        let before = Side::BOTH.map(|side| rig.cards(side));
        rig.put_back(&backup);
        rig.edit(origin, &rig.find(origin, "Email", "p2@a.test"), "Title", Some("New"));
        held(&rig, direction).await;
        let run = done(rig.approve().await);
        for side in Side::BOTH {
            assert_eq!((tally(&run, side).0, tally(&run, side).2), (0, 0), "{direction}: {run:?}");
        }
        rig.settle().await;
        let now = Side::BOTH.map(|side| rig.cards(side).len());
        assert_eq!(now, before.map(|cards| cards.len()), "{direction}: nobody is doubled");
    }
}

#[tokio::test]
async fn a_copy_from_before_the_last_writes_alone_is_noticed() {
    // A run that only looked is no reason to doubt a copy that was made before it.
    let mut rig = titled("zoho", "two_way").await;
    let backup = rig.backup();
    rig.synced().await;
    rig.put_back(&backup);
    edit(&rig, (Side::Zoho, Some("New")));
    assert_eq!(rig.sync().await.outcome, Outcome::Completed);
    assert_eq!(title(&rig, Side::Google).as_deref(), Some("New"));
}

#[tokio::test]
async fn a_run_with_nothing_to_look_at_asks_no_keychain_about_the_database() {
    let mut rig = titled("zoho", "two_way").await;
    rig.reopen();
    let (asked, run) = rig.asks_keychain(rig.sync()).await;
    assert_eq!((asked, run.outcome), (false, Outcome::Completed), "quiet");
    edit(&rig, (Side::Zoho, Some("New")));
    rig.synced().await;
    let (asked, _) = rig.asks_keychain(rig.synced()).await;
    assert!(!asked, "nor what it knows already");
}

#[tokio::test]
async fn a_keychain_that_refuses_holds_what_might_be_an_older_copy() {
    let mut rig = titled("zoho", "two_way").await;
    rig.reopen();
    edit(&rig, (Side::Zoho, Some("New")));
    rig.control.clear_requests();
    let (asked, run) = rig.asks_keychain(rig.sync()).await;
    assert!(asked);
    assert_eq!(run.failure, Some(FailureCode::Keychain), "{run:?}");
    assert_eq!(rig.writes(Side::Google), Vec::<String>::new(), "nothing is written");
    assert_eq!(rig.sync().await.outcome, Outcome::Completed, "the next one asks again");
    assert_eq!(title(&rig, Side::Google).as_deref(), Some("New"));
}

#[tokio::test]
async fn a_database_that_comes_from_another_computer_may_be_an_older_copy() {
    let mut rig = titled("zoho", "two_way").await;
    rig.move_away();
    for side in Side::BOTH {
        rig.connect_one(side).await;
    }
    assert_eq!(rig.sync().await.outcome, Outcome::Completed, "nothing changed, nothing is doubted");
    edit(&rig, (Side::Zoho, Some("New")));
    held(&rig, "moved").await;
    done(rig.approve().await);
    rig.decide(ReviewKind::Difference, "zoho");
    rig.settle().await;
    rig.agree(3);
    edit(&rig, (Side::Google, Some("Newest")));
    assert_eq!(rig.sync().await.outcome, Outcome::Completed, "once is enough");
}
