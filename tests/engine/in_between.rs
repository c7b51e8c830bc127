//! Somebody in between answers in place of a service: a guest network that wants a sign-in first, or a
//! company's filter. Their pages are named as what they are, and never taken for the service's word.

use renraku_engine::FailureCode;
use renraku_engine::api::Outcome;
use renraku_engine::catalogue::english;
use renraku_engine::core::contact::{Module, Side};
use serde_json::{Value, json};

use super::edits::in_step;
use super::rig::{Rig, tally};

#[tokio::test]
async fn a_page_in_between_is_named_and_nothing_is_lost() {
    let page = "<!DOCTYPE html><title>Please sign in</title>";
    let answers: [(&str, Value); 6] = [
        ("a filter's page", json!({"status": 403, "html": page})),
        ("a filter's JSON", json!({"status": 403, "json": {"blocked": true}})),
        ("a guest network that asks for a password", json!({"status": 401, "html": page})),
        ("a guest network", json!({"status": 511, "html": page})),
        ("a redirect to its page", json!({"status": 302, "html": ""})),
        ("a page as a success", json!({"status": 200, "html": page})),
    ];
    let rig = in_step(2, json!({})).await;
    for side in Side::BOTH {
        for traffic in ["api", "token"] {
            for (what, answer) in &answers {
                let what = format!("{what}, {} {traffic}", side.name());
                if traffic == "token" {
                    let expired = json!({"what": format!("{}_access", side.name().to_lowercase())});
                    rig.control.call("POST", "expire", expired).expect("expired");
                }
                let side_name = side.name().to_lowercase();
                let fault =
                    json!({"side": side_name, "traffic": traffic, "do": {"answer": answer}});
                let fault = rig.fault(fault);
                let run = rig.sync().await;
                let said = run.message.clone().unwrap_or_default();
                assert_eq!(
                    (run.outcome, run.failure),
                    (Outcome::Failed, Some(FailureCode::Offline)),
                    "{what}: {run:?}"
                );
                assert!(
                    said.contains("A web page answers") && said.contains("Nothing was lost"),
                    "{what}: {said}"
                );
                rig.over(fault);
                let run = rig.synced().await;
                assert_eq!(
                    tally(&run, side),
                    (0, 0, 0),
                    "{what}: it goes on where it was: {run:?}"
                );
            }
        }
    }
    rig.agree(2);
}

#[tokio::test]
async fn an_answer_without_what_was_asked_for_is_no_empty_one() {
    for path in ["/crm/v8/coql", "/crm/v8/Contacts/deleted"] {
        let rig = in_step(2, json!({})).await;
        rig.fault(
            json!({"path": format!("{path}*"), "do": {"answer": {"status": 200, "json": {}}}}),
        );
        let run = rig.sync().await;
        assert_eq!(run.outcome, Outcome::Failed, "{path}: {run:?}");
        let said = run.message.clone().unwrap_or_default();
        assert!(
            said.contains("cannot be read") && said.contains("Nothing was lost"),
            "{path}: {said}"
        );
    }
    let rig = Rig::new().await;
    for path in ["/v1/contactGroups", "/crm/v8/settings/custom_views", "/crm/v8/settings/modules"] {
        let empty = json!({"answer": {"status": 200, "json": {}}});
        let fault = rig.fault(json!({"path": format!("{path}*"), "do": empty}));
        let failure = rig.engine().scopes(Module::Contacts).await.expect_err(path);
        assert!(english(&failure).contains("cannot be read"), "{path}: {failure}");
        rig.over(fault);
    }
    rig.engine().scopes(Module::Contacts).await.expect("the scopes");
}
