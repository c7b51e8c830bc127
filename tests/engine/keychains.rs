//! A keychain that does not hold the tokens: another one, an emptied one, and the same one again.

use keyring_core::api::CredentialApi;
use renraku_engine::FailureCode;
use renraku_engine::api::{Event, Outcome};
use renraku_engine::core::contact::Side;
use serde_json::json;

use super::edits::in_step;
use super::rig::Rig;

#[tokio::test]
async fn who_has_another_keychain_is_told_so() {
    let mut rig = Rig::new().await;
    let lost = async |rig: &Rig| rig.engine().without_token().await.expect("it is looked for");
    assert_eq!(lost(&rig).await, []);
    rig.lock_keychain_once();
    assert_eq!(lost(&rig).await, [], "one that is shut tells nothing");
    rig.move_away();
    for _ in 0..2 {
        assert_eq!(lost(&rig).await, Side::BOTH, "a new keychain has neither token");
        let accounts = rig.engine().accounts().expect("the accounts");
        for account in [accounts.zoho, accounts.google] {
            assert!(!account.connected && account.needs_sign_in, "{account:?}");
        }
    }
    rig.connect_one(Side::Zoho).await;
    assert_eq!(lost(&rig).await, [Side::Google]);
}

#[tokio::test]
async fn whose_keychain_is_there_again_goes_on() {
    for runs_without_it in [false, true] {
        let mut rig = in_step(2, json!({})).await;
        let own = rig.keychain.clone();
        rig.move_away();
        match runs_without_it {
            true => {
                let run = rig.engine().sync(None, false).await;
                assert_eq!(run.expect_err("no token").code, FailureCode::SignedOut);
            }
            false => {
                let lost = rig.engine().without_token().await.expect("it is looked for");
                assert_eq!(lost, Side::BOTH);
            }
        }
        rig.keychain = own;
        rig.reopen();
        let run = rig.sync().await;
        assert_eq!(run.outcome, Outcome::Completed, "{run:?}");
    }
}

#[tokio::test]
async fn a_token_that_comes_back_is_noticed_while_the_program_is_open() {
    let rig = in_step(2, json!({"frequency_minutes": 60})).await;
    let tokens = rig.entries().into_iter().filter(|entry| {
        let name = &entry.specifiers.1;
        Side::BOTH.iter().any(|side| name.starts_with(&format!("{}|", side.name())))
    });
    let kept: Vec<_> = tokens.filter_map(|t| Some((t.get_secret().ok()?, t))).collect();
    assert_eq!(kept.len(), 2, "one token a service");
    for (_, token) in &kept {
        token.delete_credential().expect("the keychain is emptied");
    }
    let lost = rig.engine().without_token().await.expect("it is looked for");
    assert_eq!(lost, Side::BOTH);
    rig.later(std::time::Duration::from_secs(7_200));
    let mut events = rig.engine().events();
    let _timer = rig.engine().start_timer();
    for (secret, token) in &kept {
        token.set_secret(secret).expect("the keychain has it again");
    }
    let run = loop {
        if let Event::Finished(run) = events.recv().await.expect("the engine tells") {
            break run;
        }
    };
    assert_eq!(run.outcome, Outcome::Completed, "nobody has clicked: {run:?}");
}
