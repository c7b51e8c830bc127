//! What a person may set up follows their rights in Zoho (S14, S17), and says why; and signing in
//! again brings everything back.

use std::collections::BTreeSet;
use std::time::Duration;

use renraku_engine::api::{Account, ReviewKind};
use renraku_engine::catalogue::english;
use renraku_engine::core::contact::{Module, Side};
use renraku_engine::core::setup::Direction;
use renraku_engine::{Failure, FailureCode};
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::{google_fields, person};
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
        (rights(json!({"view": false})), &[][..], "right to view"),
        (
            json!({"op": "module", "module": "Contacts", "set": {"visible": false}}),
            &[][..],
            "right to view",
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
                    english(&failure).starts_with(&why),
                    "{act}: the same reason: {}",
                    english(&failure)
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
        let mut fields = google_fields(&person(number));
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
    let mut fields = google_fields(&person(1));
    fields.insert("organizations".to_owned(), json!([{"name": "Acme"}]));
    rig.act(Side::Google, json!({"op": "create", "fields": fields}));
    rig.contacts(json!({})).await;
    let run = rig.synced().await;
    assert_eq!(tally(&run, Side::Zoho), (1, 0, 0), "{run:?}");
    rig.settle().await;
    let google = rig.find(Side::Google, "Email", "p1@a.test");
    let person = rig.raw(Side::Google, &google).expect("the person");
    assert_eq!(person.pointer("/organizations/0/name"), Some(&json!("Acme")), "and stay in Google");
    let asked = rig.review();
    let reason = asked.iter().find(|item| item.kind == ReviewKind::Invalid).map(|i| &i.reason);
    let reason = reason.expect("the company is asked about");
    assert!(
        reason.contains("right to see accounts") && reason.contains("administrator"),
        "{reason}"
    );
}

/// What becomes of a scope that Zoho's sign-in left out.
struct LeftOut {
    scope: &'static str,
    /// What the sign-in warns of; none where everything works all the same.
    warns: Option<&'static str>,
    /// How `setup` refuses contacts, leads, vendors, and contacts of a view.
    refuses: [Option<&'static str>; 4],
    /// Why the company of a person in Google is not written to Zoho.
    company: Option<&'static str>,
}

const LEADS: &str = "ZohoCRM.modules.leads.ALL";
const SETUP: Option<&str> = Some("modules, fields and layouts");

/// Every scope that is asked for, but those without which nobody is signed in.
fn left_out() -> [LeftOut; 10] {
    let of = |scope, warns, refuses, company| LeftOut { scope, warns, refuses, company };
    let none = [None; 4];
    let sign_in = Some("your sign-in left out the right to");
    [
        of(LEADS, Some("leads cannot be synced"), [None, Some("to your leads"), None, None], None),
        of(
            "ZohoCRM.modules.vendors.ALL",
            Some("vendors cannot be synced"),
            [None, None, Some("to your vendors"), None],
            None,
        ),
        of("ZohoCRM.modules.accounts.READ", Some("companies are read"), none, sign_in),
        of("ZohoCRM.modules.accounts.CREATE", Some("no account for"), none, sign_in),
        of("ZohoCRM.coql.READ", Some("uses up more of the calls"), none, None),
        of("ZohoCRM.settings.fields.READ", Some("no sync can be set up"), [SETUP; 4], None),
        of("ZohoCRM.settings.modules.READ", Some("no sync can be set up"), [SETUP; 4], None),
        of("ZohoCRM.settings.layouts.READ", Some("no sync can be set up"), [SETUP; 4], None),
        of(
            "ZohoCRM.settings.custom_views.READ",
            Some("list views"),
            [None, None, None, Some("list views")],
            None,
        ),
        of("ZohoCRM.settings.profiles.READ", None, none, None),
    ]
}

/// Both accounts connected and a sync of contacts set up; then another sign-in leaves scopes out.
async fn signed_in_without(side: Side, scope: &str) -> (Rig, Result<Account, Failure>) {
    let rig = Rig::new().await;
    let view = json!({"op": "view", "module": "Contacts", "name": "Key", "condition": "Department = 'Key'"});
    rig.act(Side::Zoho, view);
    rig.add(Side::Zoho, &person(1));
    rig.contacts(json!({})).await;
    rig.setup(json!({"module": "Leads"})).await;
    let dropped = vec![scope.to_owned()];
    rig.control.set_switches(|all| match side {
        Side::Zoho => all.zoho.scopes_dropped = dropped,
        Side::Google => all.google.scopes_dropped = dropped,
    });
    let done = rig.log_in(side, None).await;
    (rig, done)
}

#[tokio::test]
async fn a_scope_that_is_left_out_costs_what_is_said_and_nothing_else() {
    for LeftOut { scope, warns, refuses, company } in left_out() {
        let (rig, account) = signed_in_without(Side::Zoho, scope).await;
        let account = account.unwrap_or_else(|failure| panic!("{scope}: {failure}"));
        assert!(account.connected, "{scope}");
        let granted = account.scopes.iter().any(|told| told.eq_ignore_ascii_case(scope));
        assert!(!granted, "{scope} is not among those that are granted: {account:?}");
        let warning = account.warning.unwrap_or_default();
        assert_eq!(warning.is_empty(), warns.is_none(), "{scope}: {warning}");
        assert!(warning.contains(warns.unwrap_or_default()), "{scope}: {warning}");
        if warns.is_some() {
            let told = warning.contains(scope) && warning.contains("connect Zoho again");
            assert!(told && warning.contains("nothing was lost"), "{scope}: {warning}");
        }

        let mut fields = google_fields(&person(2));
        fields.insert("organizations".to_owned(), json!([{"name": "Acme"}]));
        rig.act(Side::Google, json!({"op": "create", "fields": fields}));
        let preview = rig.engine().preview(Some(Module::Contacts)).await.expect(scope);
        let failure = preview.runs.iter().find_map(|run| run.failure);
        assert_eq!(failure, None, "{scope}: {preview:?}");
        let run = rig.synced().await;
        assert_eq!(
            (tally(&run, Side::Zoho), tally(&run, Side::Google)),
            ((1, 0, 0), (1, 0, 0)),
            "{scope}: what was set up goes on: {run:?}"
        );
        rig.settle().await;
        let asked = rig.review();
        let reason = asked.iter().map(|item| item.reason.as_str()).collect::<Vec<_>>().join(" ");
        assert_eq!(reason.is_empty(), company.is_none(), "{scope}: {reason}");
        assert!(reason.contains(company.unwrap_or_default()), "{scope}: {reason}");

        if company.is_some() {
            rig.control.set_switches(|all| all.zoho.scopes_dropped.clear());
            rig.connect_one(Side::Zoho).await;
            rig.settle().await;
            let zoho = rig.find(Side::Zoho, "Email", "p2@a.test");
            let record = rig.raw(Side::Zoho, &zoho).expect("the record").to_string();
            assert!(record.contains("Acme"), "{scope}: granted, it is tried again: {record}");
            assert!(rig.review().is_empty(), "{scope}: nothing is left to ask");
        }
        let leads = rig.engine().sync(Some(Module::Leads), true).await.expect(scope).runs;
        let run = leads.first().expect("a run");
        let said = run.message.clone().unwrap_or_default();
        let without = scope == LEADS;
        assert_eq!(run.failure.is_some(), without, "{scope}: {run:?}");
        assert_eq!(said.contains("the right to your leads"), without, "{scope}: {said}");

        let modules = [("Contacts", None), ("Leads", None), ("Vendors", None)];
        let cases = modules.into_iter().chain([("Contacts", Some("Key"))]);
        for ((module, view), refusal) in cases.zip(refuses) {
            let setup = json!({"module": module, "zoho_view": view});
            let done = rig.engine().setup(serde_json::from_value(setup).expect("a setup")).await;
            let what = format!("{scope}: {module} {view:?}");
            assert_eq!(done.is_err(), refusal.is_some(), "{what}: {done:?}");
            if let Err(failure) = done {
                names_the_right(&failure, scope, refusal.unwrap_or_default());
            }
        }
        let shown = rig.engine().scopes(Module::Contacts).await;
        let blind = refuses[0].is_some() && !scope.contains("fields") && !scope.contains("layouts");
        assert_eq!(shown.is_err(), blind, "{scope}: {shown:?}");
    }
}

#[tokio::test]
async fn what_two_rights_cost_together_is_said_once() {
    let rig = Rig::new().await;
    rig.control.set_switches(|all| {
        let scopes = ["ZohoCRM.modules.accounts.READ", "ZohoCRM.modules.accounts.CREATE"];
        all.zoho.scopes_dropped = scopes.map(str::to_owned).to_vec();
    });
    let account = rig.log_in(Side::Zoho, None).await.expect("signed in");
    let warning = account.warning.unwrap_or_default();
    assert_eq!(warning.matches("cannot be written there").count(), 1, "{warning}");
    assert!(warning.contains("accounts.READ") && warning.contains("accounts.CREATE"), "{warning}");
}

/// Expects a sentence that says what is missing, that nothing was lost, and what to do.
fn names_the_right(failure: &Failure, scope: &str, right: &str) {
    assert_eq!(failure.code, FailureCode::ScopeMissing, "{scope}: {failure}");
    let said = english(failure);
    for part in [right, "Nothing was lost", "what was set up before stays", "again"] {
        assert!(said.contains(part), "{scope}: \"{part}\" in \"{said}\"");
    }
}

/// What a sign-in cannot do without, and what is said of it.
const NEEDED: [(Side, &str, &str); 5] = [
    (Side::Zoho, "ZohoCRM.modules.contacts.ALL", "to your contacts"),
    (Side::Zoho, "ZohoCRM.users.READ", "who you are"),
    (Side::Zoho, "ZohoCRM.org.READ", "who you are"),
    (Side::Google, "https://www.googleapis.com/auth/contacts", "to your contacts"),
    (Side::Google, "email", ""),
];

#[tokio::test]
async fn no_scope_is_asked_for_without_a_word_about_it() {
    let accounts = Rig::new().await.engine().accounts().expect("the accounts");
    let needed = |side| NEEDED.into_iter().filter(move |row| row.0 == side).map(|row| row.1);
    let told: BTreeSet<String> =
        left_out().into_iter().map(|row| row.scope.to_lowercase()).collect();
    let needed_of_zoho = needed(Side::Zoho).map(str::to_lowercase);
    let granted = accounts.zoho.scopes.iter().map(|scope| scope.to_lowercase());
    assert_eq!(granted.collect::<BTreeSet<_>>(), told.into_iter().chain(needed_of_zoho).collect());
    let known =
        |scope: &String| scope == "openid" || needed(Side::Google).any(|n| scope.ends_with(n));
    let of_google = accounts.google.scopes;
    assert!(of_google.len() == 3 && of_google.iter().all(known), "{of_google:?}");
}

#[tokio::test]
async fn without_what_a_sign_in_needs_the_one_before_stays() {
    for (side, scope, right) in NEEDED {
        let (rig, refused) = signed_in_without(side, scope).await;
        let failure = refused.expect_err(scope);
        match right {
            // Nobody can leave this one out: the answer is no answer.
            "" => assert!(english(&failure).contains("connected before stays"), "{failure}"),
            right => names_the_right(&failure, scope, right),
        }
        assert_eq!(side == Side::Zoho, english(&failure).contains(scope), "{failure}");
        let accounts = rig.engine().accounts().expect("the accounts");
        let account = if side == Side::Zoho { accounts.zoho } else { accounts.google };
        assert!(account.connected && account.warning.is_none(), "{scope}: {account:?}");
        // The tokens of before are asked for once more.
        rig.later(Duration::from_secs(4000));
        let run = rig.synced().await;
        assert_eq!(
            tally(&run, Side::Google),
            (1, 0, 0),
            "{scope}: what was set up goes on: {run:?}"
        );
    }
    // Nothing depends on this one.
    let (_, done) = signed_in_without(Side::Google, "openid").await;
    assert!(done.is_ok_and(|account| account.connected && account.warning.is_none()));
}
