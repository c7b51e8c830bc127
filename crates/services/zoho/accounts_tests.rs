//! Which accounts a company's name finds.

use serde_json::json;

use crate::stand_ins::StandIns;

#[tokio::test]
async fn companies_are_found_without_their_legal_form_and_made_where_missing() {
    let world = StandIns::empty().await;
    world.add_record("Accounts", json!({"Account_Name": "山田商事"}));
    world.add_record("Accounts", json!({"Account_Name": "O'Brien & Sons"}));
    let zoho = world.zoho().await;
    let asked = ["株式会社山田商事", "(株)山田商事", "O'Brien & Sons"].map(ToOwned::to_owned);
    let found = zoho.accounts_by_name(&asked).await.expect("ids");
    assert_eq!(found.found.len(), 3, "{found:?}");
    let made = zoho.create_accounts(&["New Ltd".to_owned()]).await.expect("ids");
    let found = zoho.accounts_by_name(&["New Ltd".to_owned()]).await.expect("ids");
    assert_eq!((found.found, found.left_out, found.several), (made.ids, Vec::new(), Vec::new()));
}

#[tokio::test]
async fn of_accounts_that_differ_in_their_legal_form_none_is_chosen() {
    let world = StandIns::empty().await;
    for name in ["Twin GmbH", "Twin AG", "Solo GmbH", "Solo GmbH"] {
        world.add_record("Accounts", json!({"Account_Name": name}));
    }
    let zoho = world.zoho().await;
    let asked = ["Twin", "Twin G.m.b.H.", "twin ag", "Solo"].map(ToOwned::to_owned);
    let found = zoho.accounts_by_name(&asked).await.expect("ids");
    assert_eq!(found.several, ["Twin"], "either may be meant");
    let [both, ag] = ["Twin G.m.b.H.", "twin ag"].map(|name| found.found.get(name));
    assert!(both.is_some() && ag.is_some() && both != ag, "the legal form tells: {found:?}");
    assert!(found.found.contains_key("Solo"), "two accounts of one company are one company");
}
