//! A pair whose sides differ in a mapped field is never called in step: it is told in which field, why
//! nothing is written for it, and how both get the same again.

use renraku_engine::api::{ContactAction, ContactState, ReviewKind, Sync, SyncState};
use renraku_engine::core::contact::Side;
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::{card, person};
use super::rig::{LAG, Rig, wrote};

use ContactAction::{Edit, LeaveOut, Resume, Sync as SyncNow, Unlink};
use ContactState::{Differs, InStep, KeptOut};

impl Rig {
    fn standing(&self) -> Sync {
        self.engine().syncs().expect("the syncs").into_iter().next().expect("one")
    }

    /// How many pairs the sync calls in step, and how many different.
    fn pairs(&self) -> (u32, u32) {
        let sync = self.standing();
        (sync.linked, sync.differ)
    }

    /// Takes p0 up again, and both sides are the same.
    async fn same_again(&self, what: &str) {
        let one = self.one("p0@a.test").contact;
        self.engine().take_up(&[one]).await.expect("it is taken up again");
        assert_eq!(self.one("p0@a.test").state, ContactState::Waiting, "{what}");
        let waiting = self.standing().waiting;
        assert_eq!(waiting, 1, "{what}: the overview counts whom the list calls waiting");
        self.settle().await;
        assert_eq!(self.one("p0@a.test").state, InStep, "{what}: {:?}", self.one("p0@a.test"));
        assert_eq!(self.pairs().1, 0, "{what}");
    }
}

/// Pairs p0 and p1, and the run that wrote p0's title to one side.
async fn titled(what: &str) -> (Rig, u32) {
    let title = |rig: &Rig, side: Side, title: &str| {
        rig.edit(side, &rig.find(side, "Email", "p0@a.test"), "Title", Some(title));
    };
    if what == "a fill" {
        let rig = Rig::new().await;
        for number in 0..2 {
            Side::BOTH.into_iter().for_each(|side| drop(rig.add(side, &person(number))));
        }
        title(&rig, Side::Google, "Chief");
        rig.contacts(json!({})).await;
        let run = rig.synced().await;
        return (rig, run.run);
    }
    let rig = in_step(2, json!({})).await;
    title(&rig, Side::Zoho, "Chief");
    if what == "a conflict" {
        title(&rig, Side::Google, "Boss");
    }
    if what == "a cleared field" {
        rig.settle().await;
        rig.edit(Side::Zoho, &rig.find(Side::Zoho, "Email", "p0@a.test"), "Title", None);
    }
    let run = rig.synced().await;
    (rig, run.run)
}

#[tokio::test]
async fn what_an_undo_put_back_is_not_in_step() {
    for what in ["an update", "a fill", "a conflict", "a cleared field"] {
        let (rig, run) = titled(what).await;
        rig.later(LAG);
        assert_eq!(rig.pairs(), (2, 0), "{what}: in step before");
        let undone = rig.engine().undo(run, None).await.expect("the undo runs");
        assert_eq!(wrote(&undone), 1, "{what}: {undone:?}");
        for _ in 0..2 {
            let matched = (what == "a fill").then_some(ContactAction::Separate);
            let ways: Vec<_> = [Resume, LeaveOut, Unlink].into_iter().chain(matched).collect();
            rig.stands("p0@a.test", Differs, "so Title differs", &ways);
            assert_eq!(rig.pairs(), (1, 1), "{what}: the overview counts it apart");
            assert_eq!(rig.settle().await, 1, "{what}: and nothing is written for it");
        }
        let run = rig.synced().await;
        assert_eq!((wrote(&run), run.differ), (0, 1), "{what}: a quiet run says so too");
        assert_eq!(rig.standing().state, SyncState::UpToDate, "{what}: nothing waits");
        rig.same_again(what).await;
        rig.agree(2);
    }
}

#[tokio::test]
async fn an_edit_at_the_target_of_a_one_way_sync_is_told_honestly() {
    for (direction, source) in [("zoho_to_google", Side::Zoho), ("google_to_zoho", Side::Google)] {
        for (before, edit) in
            [(None, Some("Boss")), (Some("Chief"), Some("Boss")), (Some("Chief"), None)]
        {
            let what = format!("{direction}: {before:?}, then {edit:?}");
            let rig = Rig::new().await;
            for number in 0..2 {
                rig.add(source, &person(number));
            }
            rig.edit(source, &rig.find(source, "Email", "p0@a.test"), "Title", before);
            rig.contacts(json!({"direction": direction})).await;
            rig.settle().await;
            let target = source.other();
            let id = rig.find(target, "Email", "p0@a.test");
            rig.edit(target, &id, "Title", edit);
            assert_eq!(rig.settle().await, 1, "{what}: it is left");
            assert_eq!(rig.value(target, &id, "Title").as_deref(), edit, "{what}");
            let service = if target == Side::Zoho { "Zoho" } else { "Google" };
            let said = format!("it was edited in {service}");
            rig.stands("p0@a.test", Differs, &said, &[Resume, LeaveOut, Unlink]);
            assert_eq!(rig.pairs(), (1, 1), "{what}");
            rig.same_again(&what).await;
            assert_eq!(rig.value(target, &id, "Title").as_deref(), before, "{what}");
            // Whoever edits the target back needs no run to write.
            rig.edit(target, &id, "Title", edit);
            rig.settle().await;
            rig.edit(target, &id, "Title", before);
            rig.settle().await;
            assert_eq!(rig.one("p0@a.test").state, InStep, "{what}");
        }
    }
}

#[tokio::test]
async fn a_field_that_zoho_takes_no_changes_of_is_told_with_what_to_do() {
    let rig = Rig::new().await;
    let act = json!({"op": "field", "module": "Contacts", "api_name": "Title", "set": {"read_only": true}});
    rig.act(Side::Zoho, act);
    rig.add(Side::Google, &person(0));
    let row = |zoho: &str, google: &str| json!({"zoho": zoho, "google": google});
    let rows: Vec<Value> = vec![
        row("Last_Name", "names.familyName"),
        row("Email", "emailAddresses[work]"),
        row("Title", "organizations.title"),
    ];
    rig.contacts(json!({"mapping": rows})).await;
    rig.settle().await;
    assert_eq!(rig.one("p0@a.test").state, InStep);
    let google = rig.find(Side::Google, "Email", "p0@a.test");
    rig.edit(Side::Google, &google, "Title", Some("Boss"));
    rig.settle().await;
    rig.stands("p0@a.test", Differs, "Zoho accepts no changes to it", &[Edit, LeaveOut, Unlink]);
    assert_eq!(rig.pairs(), (0, 1));
    // Made with such a value from the start, it is no other matter.
    rig.add(Side::Google, &card(&[("Last_Name", "New"), ("Title", "Boss")]));
    rig.settle().await;
    rig.stands("New", Differs, "Zoho accepts no changes to it", &[Edit, LeaveOut, Unlink]);
    assert_eq!(rig.pairs(), (0, 2));
}

#[tokio::test]
async fn what_the_person_left_as_it_is_is_not_in_step_until_it_is_the_same() {
    let rig = in_step(1, json!({})).await;
    let google = rig.find(Side::Google, "Email", "p0@a.test");
    rig.edit(Side::Google, &google, "Title", Some(&"x".repeat(300)));
    rig.settle().await;
    rig.decide(ReviewKind::Invalid, "ignore");
    rig.settle().await;
    rig.stands("p0@a.test", Differs, "you chose to leave it that way", &[Resume, LeaveOut, Unlink]);
    assert_eq!(rig.pairs(), (0, 1));
    rig.edit(Side::Google, &google, "Title", None);
    rig.settle().await;
    assert_eq!(rig.one("p0@a.test").state, InStep, "the same again");
    assert_eq!(rig.pairs(), (1, 0));
}

#[tokio::test]
async fn a_record_that_can_be_seen_no_longer_is_not_in_step() {
    let rig = in_step(2, json!({})).await;
    let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
    let hidden = |hidden: bool| json!({"op": "state", "module": "Contacts", "record": zoho, "hidden": hidden});
    rig.act(Side::Zoho, hidden(true));
    // A write that fails for it tells.
    let google = rig.find(Side::Google, "Email", "p0@a.test");
    rig.edit(Side::Google, &google, "Title", Some("Chief"));
    rig.settle().await;
    rig.stands("p0@a.test", KeptOut, "cannot see it in Zoho", &[SyncNow, Unlink]);
    assert_eq!(rig.pairs(), (1, 0), "the overview does not count it");
    rig.act(Side::Zoho, hidden(false));
    rig.edit(Side::Zoho, &zoho, "Description", Some("Seen again"));
    rig.settle().await;
    assert_eq!(rig.one("p0@a.test").state, InStep);
    rig.agree(2);
}
