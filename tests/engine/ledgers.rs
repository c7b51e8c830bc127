//! Links belong to one Zoho user and one Google account: another account is another ledger.

use renraku_engine::FailureCode;
use renraku_engine::api::Outcome;
use renraku_engine::core::contact::{Module, Side};
use serde_json::json;

use super::edits::in_step;
use super::rig::{Rig, at, tally};

#[tokio::test]
async fn another_account_is_another_ledger() {
    let rig = in_step(3, json!({"on_delete": "delete"})).await;
    rig.control.set_switches(|switches| switches.google.login_as = 1);
    rig.connect_one(Side::Google).await;
    assert_eq!(rig.engine().syncs().expect("the syncs"), Vec::new(), "nothing is set up here");
    rig.contacts(json!({"direction": "zoho_to_google", "on_delete": "delete"})).await;
    let run = rig.synced().await;
    assert_eq!(tally(&run, Side::Google), (3, 0, 0), "the new account starts afresh: {run:?}");
    assert_eq!(rig.cards(Side::Google).len(), 3, "the first account is as it was");
    rig.control.set_switches(|switches| switches.google.login_as = 0);
    rig.connect_one(Side::Google).await;
    let run = rig.settle().await;
    assert_eq!(run, 1, "the first ledger goes on where it was");
    rig.agree(3);
}

fn log_in_as(rig: &Rig, side: Side, account: usize) {
    rig.control.set_switches(|switches| match side {
        Side::Zoho => switches.zoho.login_as = account,
        Side::Google => switches.google.login_as = account,
    });
}

fn everybody(rig: &Rig, side: Side, account: usize) -> serde_json::Value {
    let side = if side == Side::Zoho { "zoho" } else { "google" };
    let path = format!("store/{side}?account={account}");
    rig.control.call("GET", &path, json!(null)).expect("the store")
}

#[tokio::test]
async fn the_old_ledger_rests_while_another_account_is_connected() {
    for side in Side::BOTH {
        let what = side.name();
        let rig = in_step(3, json!({"on_delete": "delete"})).await;
        log_in_as(&rig, side, 1);
        rig.connect_one(side).await;
        assert_eq!(rig.engine().syncs().expect("the syncs"), Vec::new(), "{what}: none here");
        for module in [Some(Module::Contacts), None] {
            let refused = rig.engine().sync(module, true).await;
            assert!(refused.is_err_and(|f| f.code == FailureCode::Invalid), "{what}: not set up");
            let refused = rig.engine().preview(module).await;
            assert!(refused.is_err_and(|f| f.code == FailureCode::Invalid), "{what}: no plan");
        }
        assert_eq!(rig.listed("p1@a.test"), Vec::new(), "{what}");
        assert_eq!(rig.review(), Vec::new(), "{what}");
        // Meanwhile the old account goes on living.
        let id = rig.find(side, "Email", "p1@a.test");
        rig.edit(side, &id, "Title", Some("Meanwhile"));
        log_in_as(&rig, side, 0);
        rig.connect_one(side).await;
        let syncs = rig.engine().syncs().expect("the syncs");
        assert_eq!(syncs.first().map(|sync| sync.linked), Some(3), "{what}: everything is back");
        let run = rig.synced().await;
        assert_eq!(tally(&run, side.other()), (0, 1, 0), "{what}: and goes on: {run:?}");
        rig.settle().await;
        rig.agree(3);
    }
}

#[tokio::test]
async fn a_run_never_goes_on_in_an_account_that_was_connected_meanwhile() {
    for side in Side::BOTH {
        let what = side.name();
        let rig = in_step(3, json!({})).await;
        let other = rig.find(side.other(), "Email", "p1@a.test");
        rig.edit(side.other(), &other, "Title", Some("Chief"));
        log_in_as(&rig, side, 1);
        let before = everybody(&rig, side, 1);
        // At the run's second call to the service the account is another one, and the run's own
        // access has ended.
        rig.fault(json!({"side": at(side), "nth": 1, "times": 1, "do": {"human_after": []}}));
        let mut run = std::pin::pin!(rig.approve_or_fail());
        rig.until_struck(run.as_mut()).await;
        rig.connect_one(side).await;
        let access = if side == Side::Zoho { "zoho_access" } else { "google_access" };
        rig.control.call("POST", "expire", json!({"what": access})).expect("expired");
        let ended = run.await;
        let failed = match ended {
            Ok(run) => run.outcome == Outcome::Failed,
            Err(failure) => failure.code == FailureCode::SignedOut,
        };
        assert!(failed, "{what}: the run ends");
        assert_eq!(everybody(&rig, side, 1), before, "{what}: the new account is untouched");
        let accounts = rig.engine().accounts().expect("the accounts");
        assert!(accounts.zoho.connected && accounts.google.connected, "{what}: it stays connected");
        log_in_as(&rig, side, 0);
        rig.connect_one(side).await;
        rig.settle().await;
        rig.agree(3);
    }
}
