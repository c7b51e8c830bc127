//! Whom a decision, a rule or an undo set apart stays known: whoever comes on the other side and may be it
//! is asked about, or stays left out, and is never made beside it.

use renraku_engine::api::{ContactAction, ContactState, ReviewItem, ReviewKind};
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::people::{Card, card};
use super::rig::{LAG, Rig, done, tally};

/// People of whom different things tell: an address, a number, or nothing but all that they say.
fn people() -> [Card; 3] {
    [
        card(&[("First_Name", "Ada"), ("Last_Name", "Byron"), ("Email", "ada@a.test")]),
        card(&[("First_Name", "Bea"), ("Last_Name", "Cole"), ("Phone", "+1 212 555 0107")]),
        card(&[("First_Name", "Cay"), ("Last_Name", "Dee"), ("Description", "Met in Kyoto")]),
    ]
}

async fn linked(setup: serde_json::Value) -> Rig {
    let rig = Rig::new().await;
    for side in Side::BOTH {
        people().iter().for_each(|one| drop(rig.add(side, one)));
    }
    rig.contacts(setup).await;
    done(rig.approve().await);
    rig.answer_all("link");
    rig.settle().await;
    rig.agree(3);
    rig
}

impl Rig {
    /// Answers every open question that offers this.
    fn answer_all(&self, choice: &str) -> usize {
        let open = self.review();
        let offers = |item: &&ReviewItem| item.choices.iter().any(|one| one == choice);
        let items: Vec<&str> = open.iter().filter(offers).map(|i| i.item.as_str()).collect();
        self.engine().resolve(&items, choice).expect("the choice is offered");
        items.len()
    }

    /// Everybody of a side is deleted.
    fn delete_all(&self, side: Side) {
        self.everybody(side).into_iter().for_each(|(id, _)| self.delete(side, &id));
    }

    fn count(&self) -> [usize; 2] {
        Side::BOTH.map(|side| self.cards(side).len())
    }

    /// Whoever is set apart is taken up again.
    async fn take_all_up(&self) {
        let mut all = self.listed("");
        all.retain(|one| one.actions.contains(&ContactAction::Resume));
        let all: Vec<String> = all.into_iter().map(|one| one.contact).collect();
        self.engine().take_up(&all).await.expect("they are taken up");
    }

    fn names(&self, side: Side) -> Vec<String> {
        self.everybody(side).into_iter().map(|(id, _)| format!("Contacts:{id}")).collect()
    }
}

/// How the pairs are set apart; their ends on this side go meanwhile or later.
async fn set_apart(how: &str, gone: Side) -> Rig {
    let rule = if how == "rule" { "keep" } else { "ask" };
    let rig = linked(json!({"on_delete": rule})).await;
    if how == "unlinked" {
        for name in rig.names(Side::Zoho) {
            rig.engine().unlink(&name).await.expect("it is unlinked");
        }
    }
    if how == "left out" {
        rig.engine().leave_out(&rig.names(Side::Zoho)).await.expect("they are left out");
    }
    if how != "rule" {
        done(rig.sync().await);
    }
    rig.delete_all(gone);
    rig.later(LAG);
    done(rig.sync().await);
    if how == "kept" {
        assert_eq!(rig.answer_all("keep"), 3, "each loss is asked about");
        done(rig.sync().await);
    }
    assert_eq!(rig.review(), [], "{how}: that is decided");
    rig
}

#[tokio::test]
async fn who_is_made_again_is_asked_about_and_not_made_beside_the_one_that_was_kept() {
    for how in ["rule", "kept", "unlinked"] {
        for gone in Side::BOTH {
            let what = format!("{how}, deleted in {}", gone.name());
            let rig = set_apart(how, gone).await;
            people().iter().for_each(|one| drop(rig.add(gone, one)));
            rig.settle().await;
            assert_eq!(rig.count(), [3, 3], "{what}: nobody is made");
            let open = rig.review();
            assert_eq!(open.len(), 3, "{what}: {open:?}");
            let said = open.iter().all(|item| item.reason.contains("kept out of the sync"));
            assert!(said, "{what}: {open:?}");
            // Whoever is taken up again finds it.
            rig.take_all_up().await;
            rig.settle().await;
            assert_eq!(rig.review(), [], "{what}");
            rig.agree(3);
        }
    }
}

#[tokio::test]
async fn who_is_made_again_stays_left_out() {
    for gone in Side::BOTH {
        for again in [1, 2] {
            let what = format!("deleted in {}, {again} times", gone.name());
            let rig = set_apart("left out", gone).await;
            for _ in 0..again {
                rig.delete_all(gone);
                people().iter().for_each(|one| drop(rig.add(gone, one)));
                rig.settle().await;
            }
            assert_eq!((rig.count(), rig.review()), ([3, 3], Vec::new()), "{what}");
            for find in ["Byron", "Cole", "Dee"] {
                assert_eq!(rig.one(find).state, ContactState::KeptOut, "{what}: {find}");
            }
            // The decision holds for each end, whatever becomes of the other.
            rig.delete_all(gone.other());
            rig.later(LAG);
            rig.settle().await;
            assert_eq!(rig.cards(gone.other()), Vec::<Card>::new(), "{what}: nobody is made");
            rig.take_all_up().await;
            rig.settle().await;
        }
    }
}

#[tokio::test]
async fn who_is_on_one_side_alone_and_left_out_stays_so_under_another_id() {
    for side in Side::BOTH {
        let what = side.name();
        let rig = Rig::new().await;
        people().iter().for_each(|one| drop(rig.add(side, one)));
        rig.contacts(json!({})).await;
        rig.sync().await;
        rig.engine().leave_out(&rig.names(side)).await.expect("they are left out");
        rig.settle().await;
        for _ in 0..2 {
            rig.delete_all(side);
            people().iter().for_each(|one| drop(rig.add(side, one)));
            rig.later(LAG);
            rig.settle().await;
            assert_eq!(rig.cards(side.other()), Vec::<Card>::new(), "{what}: nobody is made");
            assert_eq!(rig.review(), [], "{what}");
        }
        rig.take_all_up().await;
        rig.settle().await;
        assert_eq!(rig.count(), [3, 3], "{what}: until the person takes them up again");
    }
}

#[tokio::test]
async fn who_is_made_by_hand_after_an_undo_is_asked_about() {
    for side in Side::BOTH {
        let what = format!("made in {}", side.name());
        let rig = Rig::new().await;
        people().iter().for_each(|one| drop(rig.add(side.other(), one)));
        rig.contacts(json!({})).await;
        let run = rig.synced().await;
        assert_eq!(tally(&run, side).0, 3, "{what}: {run:?}");
        rig.later(LAG);
        rig.engine().undo(run.run, None).await.expect("the undo runs");
        assert_eq!(rig.cards(side), Vec::<Card>::new(), "{what}: they are gone again");
        people().iter().for_each(|one| drop(rig.add(side, one)));
        rig.later(LAG);
        rig.settle().await;
        assert_eq!((rig.count(), rig.review().len()), ([3, 3], 3), "{what}: each is asked about");
    }
}

#[tokio::test]
async fn a_newcomer_with_the_name_and_number_of_a_linked_contact_is_asked_about() {
    for side in Side::BOTH {
        let rig = linked(json!({})).await;
        people().iter().for_each(|one| drop(rig.add(side, one)));
        rig.settle().await;
        assert_eq!(rig.cards(side.other()).len(), 3, "nobody is made in silence");
        assert_eq!(rig.review().len(), 3, "each is asked about");
        assert_eq!(rig.answer_all("separate"), 3);
        rig.settle().await;
        rig.agree(6);
    }
}

#[tokio::test]
async fn one_that_stays_as_it_is_beside_others_does_so_until_the_person_takes_it_up() {
    for side in Side::BOTH {
        let what = format!("two in {}", side.name());
        let one = card(&[("First_Name", "Sam"), ("Last_Name", "Lee"), ("Email", "sam@a.test")]);
        let rig = Rig::new().await;
        rig.add(side.other(), &one);
        (0..2).for_each(|_| drop(rig.add(side, &one)));
        rig.contacts(json!({})).await;
        done(rig.approve().await);
        let open = rig.review();
        let [item] = open.as_slice() else { panic!("{what}: one is left over: {open:?}") };
        let aside = if side == Side::Zoho { item.zoho_id.clone() } else { item.google.clone() };
        let aside = aside.expect("whom it is about");
        rig.decide(ReviewKind::Match, "ignore");
        rig.settle().await;
        // An address of its own makes no newcomer of it.
        rig.edit(side, &aside, "Email", Some("sam.own@a.test"));
        rig.settle().await;
        assert_eq!(rig.cards(side.other()).len(), 1, "{what}: an address of its own");
        // Nor does the loss of the contact that both could be.
        rig.edit(side, &aside, "Email", Some("sam@a.test"));
        let other = rig.find(side.other(), "Email", "sam@a.test");
        rig.delete(side.other(), &other);
        rig.later(LAG);
        rig.settle().await;
        assert_eq!(rig.cards(side.other()), Vec::<Card>::new(), "{what}: the other one is gone");
        rig.decide(ReviewKind::Deletion, "delete");
        rig.settle().await;
        let left: Vec<String> = rig.everybody(side).into_iter().map(|(id, _)| id).collect();
        assert_eq!(left, [aside], "{what}: the answer is carried out");
        assert_eq!((rig.cards(side.other()), rig.review()), (Vec::new(), Vec::new()), "{what}");
        rig.take_all_up().await;
        rig.settle().await;
        rig.agree(1);
    }
}

#[tokio::test]
async fn one_of_two_namesakes_stays_as_it_is_when_the_other_one_is_linked() {
    for side in Side::BOTH {
        for at_once in [true, false] {
            let what = format!("two in {}, at once: {at_once}", side.name());
            let rig = Rig::new().await;
            let one = |note: &str| {
                card(&[("First_Name", "Sam"), ("Last_Name", "Lee"), ("Description", note)])
            };
            rig.add(side.other(), &one("first"));
            ["first", "second"].iter().for_each(|note| drop(rig.add(side, &one(note))));
            rig.contacts(json!({})).await;
            done(rig.approve().await);
            assert_eq!(rig.answer_all("ignore"), 1, "{what}: one is left over");
            if !at_once {
                rig.settle().await;
            }
            assert_eq!(rig.answer_all("link"), 1, "{what}");
            rig.settle().await;
            assert_eq!(rig.cards(side.other()).len(), 1, "{what}: nobody is made of the other");
            assert_eq!(rig.review(), [], "{what}");
        }
    }
}
