//! Who is whom: matching, merges, converted leads, a lost database, two accounts.

use renraku_engine::api::ReviewKind;
use renraku_engine::core::contact::{Module, Side};
use serde_json::json;

use super::edits::in_step;
use super::people::{card, person};
use super::rig::{LAG, Rig};

#[tokio::test]
async fn a_merge_keeps_the_link_with_the_survivor() {
    for side in Side::BOTH {
        for linked in [false, true] {
            let what = format!("merged in {}, survivor linked: {linked}", side.name());
            // Zoho tells of a merge only as of a deletion; the survivor is known by the loser's key.
            let rule = if linked && side == Side::Zoho { "ask" } else { "delete" };
            let rig = in_step(2, json!({"on_delete": rule})).await;
            let loser = rig.find(side, "Email", "p1@a.test");
            let survivor = if linked {
                rig.find(side, "Email", "p0@a.test")
            } else {
                // Made and merged between two runs: it was never linked.
                rig.add(side, &card(&[("First_Name", "Given1"), ("Last_Name", "Family1")]))
            };
            let act = match side {
                Side::Zoho => {
                    json!({"op": "merge", "module": "Contacts", "survivor": survivor, "losers": [loser]})
                }
                Side::Google => json!({"op": "merge", "survivor": survivor, "losers": [loser]}),
            };
            rig.act(side, act);
            rig.settle().await;
            assert_eq!(rig.cards(side.other()).len(), 2, "{what}: nobody is deleted or created");
            assert_eq!(rig.cards(side).len(), if linked { 1 } else { 2 }, "{what}: nobody new");
            assert_eq!(rig.review().len(), usize::from(linked), "{what}: {:?}", rig.review());
            if !linked {
                let other = rig.find(side.other(), "Email", "p1@a.test");
                rig.edit(side.other(), &other, "Title", Some("Follows"));
                rig.settle().await;
                let there = rig.value(side, &survivor, "Title");
                assert_eq!(there.as_deref(), Some("Follows"), "{what}: the link moved");
            }
        }
    }
}

#[tokio::test]
async fn two_pairs_merged_into_a_third_contact_keep_one_link() {
    for side in Side::BOTH {
        let rig = in_step(3, json!({"on_delete": "ask"})).await;
        let losers = ["p1@a.test", "p2@a.test"].map(|key| rig.find(side, "Email", key));
        let survivor = rig.add(side, &card(&[("First_Name", "Given1"), ("Last_Name", "Family1")]));
        let act = match side {
            Side::Zoho => {
                json!({"op": "merge", "module": "Contacts", "survivor": survivor, "losers": losers})
            }
            Side::Google => json!({"op": "merge", "survivor": survivor, "losers": losers}),
        };
        rig.act(side, act);
        rig.settle().await;
        assert_eq!(rig.cards(side).len(), 2, "merged in {}: nobody new", side.name());
        assert_eq!(rig.cards(side.other()).len(), 3, "nobody is deleted or created");
    }
}

#[tokio::test]
async fn a_renamed_person_is_the_same() {
    let rig = in_step(2, json!({"on_delete": "delete"})).await;
    let google = rig.find(Side::Google, "Email", "p1@a.test");
    rig.act(Side::Google, json!({"op": "rename", "contact": google}));
    let zoho = rig.find(Side::Zoho, "Email", "p1@a.test");
    rig.edit(Side::Zoho, &zoho, "Title", Some("Follows"));
    rig.settle().await;
    rig.agree(2);
}

#[tokio::test]
async fn a_converted_lead_is_no_deletion_and_its_contact_finds_the_person() {
    let rig = Rig::new().await;
    let lead = rig.act(
        Side::Zoho,
        json!({"op": "create", "module": "Leads",
               "fields": {"Last_Name": "Lead", "Company": "Acme", "Email": "lead@a.test"}}),
    );
    let lead = super::people::id(&lead);
    rig.setup(json!({"module": "Leads", "on_delete": "delete",
                     "defaults": {"Last_Name": "-", "Company": "-"}}))
        .await;
    rig.approve_of(Module::Leads).await;
    rig.later(LAG);
    rig.contacts(json!({"on_delete": "delete"})).await;
    rig.settle().await;
    assert_eq!(rig.cards(Side::Google).len(), 1, "the lead's person");
    rig.act(Side::Zoho, json!({"op": "convert", "record": lead}));
    for _ in 0..2 {
        rig.later(LAG);
        rig.approve_of(Module::Leads).await;
        rig.settle().await;
    }
    assert_eq!(rig.cards(Side::Google).len(), 1, "one person");
    let zoho = rig.find(Side::Zoho, "Email", "lead@a.test");
    rig.edit(Side::Zoho, &zoho, "Title", Some("Customer"));
    rig.settle().await;
    let google = rig.find(Side::Google, "Email", "lead@a.test");
    assert_eq!(rig.value(Side::Google, &google, "Title").as_deref(), Some("Customer"));
}

#[tokio::test]
async fn what_one_sync_writes_is_an_edit_for_the_other() {
    let rig = in_step(1, json!({})).await;
    let fields = json!({"Last_Name": "Family0", "Company": "Acme", "Email": "p0@a.test"});
    let lead = rig.act(Side::Zoho, json!({"op": "create", "module": "Leads", "fields": fields}));
    let lead = super::people::id(&lead);
    rig.setup(json!({"module": "Leads", "defaults": {"Last_Name": "-", "Company": "-"}})).await;
    rig.approve_of(Module::Leads).await;
    rig.settle().await;
    let mobile = json!({"op": "edit", "module": "Leads", "record": lead,
                        "fields": {"Mobile": "+81 90 1234 5678"}});
    rig.act(Side::Zoho, mobile);
    rig.approve_of(Module::Leads).await;
    rig.settle().await;
    let contact = rig.find(Side::Zoho, "Email", "p0@a.test");
    let there = rig.value(Side::Zoho, &contact, "Mobile");
    assert_eq!(there.as_deref(), Some("+81 90 1234 5678"), "from the lead, by way of the person");
}

#[tokio::test]
async fn an_address_that_was_handed_over_makes_nobody_wait() {
    for side in Side::BOTH {
        let rig = in_step(2, json!({})).await;
        let first = rig.find(side, "Email", "p1@a.test");
        rig.edit(side, &first, "Email", Some("moved@a.test"));
        let inheritance = card(&[("Last_Name", "Heir"), ("Email", "p1@a.test")]);
        rig.add(side, &inheritance);
        rig.settle().await;
        rig.agree(3);
        assert_eq!(rig.review(), [], "{}: nothing is asked", side.name());
    }
}

#[tokio::test]
async fn names_and_phones_match_where_both_are_unique() {
    let name = [("First_Name", "Ada"), ("Last_Name", "Byron")];
    let with = |more: &[(&str, &str)]| card(&[&name[..], more].concat());
    let phone = ("Phone", "+1 212 555 0001");
    let email = ("Email", "ada@a.test");
    // Zoho, Google, the option, contacts on each side afterwards, questions.
    let table = [
        ("name and phone, no key", with(&[phone]), with(&[phone]), true, (1, 1), 0),
        ("key on one side only", with(&[phone, email]), with(&[phone]), true, (1, 1), 0),
        ("the option is off", with(&[phone]), with(&[phone]), false, (1, 1), 1),
        ("the name alone", with(&[]), with(&[]), true, (1, 1), 1),
        ("the name, one bare", with(&[phone]), with(&[]), true, (1, 1), 1),
        ("another phone", with(&[phone]), with(&[("Phone", "+1 212 555 0002")]), true, (2, 2), 0),
        (
            "another key",
            with(&[phone, email]),
            with(&[phone, ("Email", "b@a.test")]),
            true,
            (1, 1),
            1,
        ),
        (
            "the key, another name",
            with(&[email]),
            card(&[("Last_Name", "King"), email]),
            true,
            (1, 1),
            0,
        ),
    ];
    for (what, zoho, google, option, (z, g), questions) in table {
        let rig = Rig::new().await;
        rig.add(Side::Zoho, &zoho);
        rig.add(Side::Google, &google);
        rig.contacts(json!({"match_without_email": option})).await;
        rig.settle().await;
        assert_eq!(rig.cards(Side::Zoho).len(), z, "{what}: Zoho {:?}", rig.review());
        assert_eq!(rig.cards(Side::Google).len(), g, "{what}: Google");
        assert_eq!(rig.review().len(), questions, "{what}: {:?}", rig.review());
    }
}

#[tokio::test]
async fn a_doubtful_pair_waits_and_what_was_decided_is_remembered() {
    for (choice, many) in [("separate", 2), ("link", 1)] {
        let mut rig = Rig::new().await;
        let name = card(&[("First_Name", "Ada"), ("Last_Name", "Byron")]);
        let ids = Side::BOTH.map(|side| (side, rig.add(side, &name)));
        rig.contacts(json!({})).await;
        rig.settle().await;
        rig.decide(ReviewKind::Match, choice);
        rig.settle().await;
        rig.agree(many);
        for (side, id) in &ids {
            rig.edit(*side, id, "Description", Some(side.name()));
        }
        rig.reopen();
        rig.settle().await;
        rig.agree(many);
        assert_eq!(rig.review(), Vec::new(), "{choice}: it is not asked again");
    }
}

/// Who the next plan recognises, each with what tells.
async fn recognised(rig: &Rig) -> Vec<(String, String, Option<String>, String)> {
    let run = rig.engine().preview(None).await.expect("a preview").runs.remove(0);
    let matches = run.matches.expect("a preview's matches");
    assert_eq!(matches.len(), run.matched as usize, "every match is told");
    matches.into_iter().map(|m| (m.contact, m.counterpart, m.shared, m.why)).collect()
}

#[tokio::test]
async fn a_plan_tells_who_is_whom_and_why() {
    let ada = [("First_Name", "Ada"), ("Last_Name", "Byron")];
    let with = |more: &[(&str, &str)]| card(&[&ada[..], more].concat());
    let (email, phone) = (("Email", "Ada@a.test"), ("Phone", "+1 212 555 0001"));
    let king = card(&[("Last_Name", "King"), email]);
    // Zoho, Google, what Google's is called, what both have, how it is told.
    let table = [
        (with(&[email]), king, "King", Some("ada@a.test"), "the same main e-mail"),
        (
            with(&[phone, ("Title", "Countess")]),
            with(&[("Phone", "(212) 555-0001")]),
            "Ada Byron",
            Some("+1 212 555 0001"),
            "the same name and phone number",
        ),
    ];
    for (zoho, google, called, shared, told) in table {
        let mut rig = Rig::new().await;
        let id = rig.add(Side::Zoho, &zoho);
        rig.add(Side::Google, &google);
        rig.contacts(json!({"match_without_email": true})).await;
        for (again, told) in [(false, told), (true, "Renraku linked the two before")] {
            let shared = shared.filter(|_| !again).map(str::to_owned);
            let found = recognised(&rig).await;
            let [(contact, counterpart, by, why)] = &found[..] else { panic!("{found:?}") };
            assert_eq!((contact.as_str(), by), ("Ada Byron", &shared), "{told}");
            assert!(again || counterpart == called, "{counterpart}");
            assert!(why.contains(told), "{why:?}: {told}");
            rig.settle().await;
            assert_eq!(recognised(&rig).await, [], "who is linked is not told again");
            let one = rig.one(&id);
            assert!(one.reason.contains(told), "{one:?}: {told}");
            // The marks outlive the database.
            rig.lose_database().await;
            rig.contacts(json!({"match_without_email": true})).await;
        }
    }
}

#[tokio::test]
async fn two_that_are_not_one_person_are_kept_apart() {
    for linked in [false, true] {
        let mut rig = Rig::new().await;
        let ids = Side::BOTH.map(|side| (side, rig.add(side, &person(1))));
        let [(_, zoho), (_, google)] = &ids;
        rig.edit(Side::Zoho, zoho, "Title", Some("Countess"));
        rig.contacts(json!({})).await;
        let run = if linked { Some(rig.synced().await.run) } else { None };
        rig.engine().separate(Module::Contacts, zoho, google).await.expect("apart");
        assert_eq!(recognised(&rig).await, [], "linked before: {linked}");
        if let Some(run) = run {
            // What was written to the two while they were one can be taken back.
            rig.later(LAG);
            rig.engine().undo(run, Some(google)).await.expect("an undo");
            assert_eq!(rig.value(Side::Google, google, "Title"), None, "put back");
        }
        for (side, id) in &ids {
            rig.edit(*side, id, "Description", Some(side.name()));
        }
        rig.settle().await;
        rig.agree(2);
        rig.reopen();
        rig.settle().await;
        rig.agree(2);
        assert_eq!(rig.review(), [], "linked before: {linked}: it is not asked again");
    }
}

#[tokio::test]
async fn twins_are_shown_and_not_created() {
    for side in Side::BOTH {
        let rig = Rig::new().await;
        rig.add(side.other(), &person(1));
        for _ in 0..2 {
            rig.add(side, &person(1));
        }
        rig.contacts(json!({})).await;
        rig.settle().await;
        assert_eq!(rig.cards(side.other()).len(), 1, "one counterpart at most (P2)");
        assert_eq!(rig.cards(side).len(), 2, "nobody is deleted");
        let asked = rig.review();
        let [item] = asked.as_slice() else { panic!("the other twin is shown: {asked:?}") };
        let seen = rig.engine().evidence(&item.item).expect("what it is about");
        let (own, beside) = match side {
            Side::Zoho => (seen.zoho, seen.beside),
            Side::Google => (seen.google, seen.beside),
        };
        let (own, beside) = (own.expect("the twin"), beside.expect("whom it may be"));
        assert_eq!((beside.side, beside.contact.fields), (side, own.fields), "both are shown");
        assert_ne!(beside.contact.id, own.id, "and are two");
        rig.decide(ReviewKind::Match, "ignore");
        rig.settle().await;
        assert_eq!(rig.cards(side.other()).len(), 1, "and left alone");
    }
}

#[tokio::test]
async fn turned_off_and_on_again_doubles_nobody() {
    let rig = in_step(3, json!({})).await;
    rig.engine().set_enabled(Module::Contacts, false).expect("off");
    assert!(rig.engine().sync(Some(Module::Contacts), true).await.is_err(), "off is off");
    for side in Side::BOTH {
        rig.edit(side, &rig.find(side, "Email", "p1@a.test"), "Title", Some("While off"));
    }
    rig.engine().set_enabled(Module::Contacts, true).expect("on");
    rig.contacts(json!({})).await;
    rig.settle().await;
    rig.agree(3);
}

#[tokio::test]
async fn who_may_be_the_counterpart_in_one_module_is_not_created_in_another_meanwhile() {
    let rig = Rig::new().await;
    let fields = json!({"Last_Name": "Sora Umi", "Company": "C"});
    rig.act(Side::Zoho, json!({"op": "create", "module": "Leads", "fields": fields}));
    let named = card(&[("Last_Name", "Sora Umi"), ("Phone", "+1 555 0100")]);
    rig.add(Side::Google, &named);
    rig.setup(json!({"module": "Leads", "defaults": {"Last_Name": "-", "Company": "-"}})).await;
    rig.approve_of(Module::Leads).await;
    let asked = rig.review();
    let [question] = asked.as_slice() else { panic!("whether they are one: {asked:?}") };
    let item = question.item.clone();
    rig.contacts(json!({})).await;
    rig.approve().await;
    assert_eq!(
        rig.cards(Side::Zoho).len(),
        0,
        "as long as it is asked nobody is created beside it"
    );
    rig.engine().resolve(&[&item], "link").expect("it is offered");
    rig.approve_of(Module::Leads).await;
    rig.approve().await;
    assert_eq!(rig.cards(Side::Zoho).len(), 0, "the lead is theirs");
}
