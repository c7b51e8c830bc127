//! What a person may set up follows their rights in Zoho (S14, S17), and says why; and signing in
//! again brings everything back.

use renraku_engine::FailureCode;
use renraku_engine::core::contact::{Module, Side};
use renraku_engine::core::setup::Direction;
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::person;
use super::rig::{Rig, at, tally};

const ALL: [Direction; 3] = [Direction::TwoWay, Direction::ZohoToGoogle, Direction::GoogleToZoho];

#[tokio::test]
async fn the_directions_follow_the_rights_and_the_reason_is_told() {
    let rights = |act: Value| {
        let mut all = json!({"op": "rights", "module": "Contacts"});
        if let (Some(all), Value::Object(act)) = (all.as_object_mut(), act) {
            all.extend(act);
        }
        all
    };
    let only = [Direction::ZohoToGoogle];
    for (act, directions, word) in [
        (rights(json!({})), &ALL[..], ""),
        (
            rights(json!({"create": false, "edit": false, "delete": false})),
            &only[..],
            "create, edit and delete",
        ),
        (rights(json!({"create": false})), &only[..], "create"),
        (rights(json!({"delete": false})), &only[..], "delete"),
        (rights(json!({"view": false})), &[][..], "may not see"),
        (
            json!({"op": "module", "module": "Contacts", "set": {"visible": false}}),
            &[][..],
            "may not see",
        ),
        (json!({"op": "profile", "gcontact_sync": false}), &[][..], "Sync with Google Contact"),
        (json!({"op": "profile", "api_access": false}), &[][..], "Zoho CRM API Access"),
        // The module's own flags still tell.
        (json!({"op": "profile", "manage_profiles": false}), &ALL[..], ""),
    ] {
        let rig = Rig::new().await;
        rig.act(Side::Zoho, act.clone());
        let scopes = rig.engine().scopes(Module::Contacts).await.expect("the scopes");
        assert_eq!(scopes.directions, directions, "{act}");
        let why = scopes.limited_because.unwrap_or_default();
        assert_eq!(why.is_empty(), word.is_empty(), "{act}: {why}");
        assert!(why.contains(word), "{act}: \"{word}\" in \"{why}\"");
        for direction in ALL {
            let setup = json!({"module": "Contacts", "direction": direction});
            let setup = serde_json::from_value(setup).expect("a setup");
            let done = rig.engine().setup(setup).await;
            assert_eq!(done.is_ok(), directions.contains(&direction), "{act}: {direction:?}");
            if let Err(failure) = done {
                assert_eq!(failure.code, FailureCode::Invalid, "{act}");
                assert!(
                    failure.message.starts_with(&why),
                    "{act}: the same reason: {}",
                    failure.message
                );
            }
        }
    }
}

#[tokio::test]
async fn rights_that_cannot_be_read_are_those_of_the_modules_flags() {
    let rig = Rig::new().await;
    rig.act(Side::Zoho, json!({"op": "profile", "manage_profiles": false}));
    rig.act(Side::Zoho, json!({"op": "rights", "module": "Contacts", "edit": false}));
    let scopes = rig.engine().scopes(Module::Contacts).await.expect("the scopes");
    assert_eq!(scopes.directions, [Direction::ZohoToGoogle]);
    rig.contacts(json!({"direction": "zoho_to_google"})).await;
    rig.add(Side::Zoho, &person(1));
    let run = rig.synced().await;
    assert_eq!(tally(&run, Side::Google), (1, 0, 0));
    assert_eq!(rig.writes(Side::Zoho), Vec::<String>::new(), "the source gets no write (P6)");
}

#[tokio::test]
async fn a_dead_sign_in_is_told_once_and_keeps_everything() {
    for (side, what) in [(Side::Zoho, "zoho_refresh"), (Side::Google, "google_account")] {
        let rig = in_step(3, json!({})).await;
        rig.control.call("POST", "expire", json!({"what": what})).expect("expired");
        for turn in 0..3 {
            let failure = rig.engine().sync(None, false).await.expect_err("signed out");
            assert_eq!(failure.code, FailureCode::SignedOut, "{what}");
            if turn == 0 {
                rig.control.clear_requests();
            }
        }
        let knocks = rig.control.requests();
        assert_eq!(knocks.len(), 0, "{what}: nobody is asked again: {knocks:?}");
        let accounts = rig.engine().accounts().expect("the accounts");
        let account = if side == Side::Zoho { accounts.zoho } else { accounts.google };
        assert!(account.needs_sign_in && !account.connected, "{account:?}");
        let id = rig.find(side, "Email", "p0@a.test");
        rig.edit(side, &id, "Title", Some("While signed out"));
        rig.connect_one(side).await;
        let run = rig.synced().await;
        assert_eq!(
            tally(&run, side.other()),
            (0, 1, 0),
            "{what}: it goes on where it was: {run:?}"
        );
        rig.settle().await;
        rig.agree(3);
    }
}

#[tokio::test]
async fn a_company_under_two_spellings_is_one_account() {
    let rig = Rig::new().await;
    for (number, company) in
        [(1, "株式会社山田商事"), (2, "(株)山田商事"), (3, "Acme"), (4, "ＡＣＭＥ")]
    {
        let mut fields = super::people::google_fields(&person(number));
        fields.insert("organizations".to_owned(), json!([{"name": company}]));
        rig.act(Side::Google, json!({"op": "create", "fields": fields}));
    }
    rig.contacts(json!({})).await;
    let run = rig.synced().await;
    assert_eq!(tally(&run, Side::Zoho), (4, 0, 0), "{run:?}");
    let store = rig.control.store(at(Side::Zoho));
    let accounts = store.pointer("/modules/Accounts/records").and_then(Value::as_array);
    assert_eq!(accounts.map(Vec::len), Some(2), "one account a company");
    rig.settle().await;
}

#[tokio::test]
async fn without_the_accounts_module_companies_stay_open_and_the_rest_goes_on() {
    let rig = Rig::new().await;
    rig.act(
        Side::Zoho,
        json!({"op": "rights", "module": "Accounts", "view": false, "create": false}),
    );
    let mut fields = super::people::google_fields(&person(1));
    fields.insert("organizations".to_owned(), json!([{"name": "Acme"}]));
    rig.act(Side::Google, json!({"op": "create", "fields": fields}));
    rig.contacts(json!({})).await;
    let run = rig.synced().await;
    assert_eq!(tally(&run, Side::Zoho), (1, 0, 0), "{run:?}");
    rig.settle().await;
    let google = rig.find(Side::Google, "Email", "p1@a.test");
    let person = rig.raw(Side::Google, &google).expect("the person");
    assert_eq!(person.pointer("/organizations/0/name"), Some(&json!("Acme")), "and stay in Google");
}
