//! Every refusal of Zoho's that is known, and its one meaning.

use renraku_core::field::Misfit;
use serde_json::{Value, json};

use super::errors::{Item, item_reply, judge};
use crate::google::error_tests::{FOREIGN, answer, word};
use crate::{ItemReply, Refusal};

#[test]
fn each_refusal_has_one_meaning_flat_or_wrapped() {
    let check = |status: u16, code: &str, details: Value, expected: &str| {
        let flat = json!({"code": code, "details": details, "message": "m", "status": "error"});
        for body in [flat.clone(), json!({"data": [flat]}), json!({"modules": [flat]})] {
            let got = word(judge(&answer(status, body.to_string())));
            assert_eq!(got, expected, "{status} {body}");
        }
    };
    check(401, "INVALID_TOKEN", json!({}), "renew");
    check(401, "AUTHENTICATION_FAILURE", json!({}), "renew");
    check(401, "INVALID_OAUTHTOKEN", json!({}), "renew");
    check(401, "OAUTH_SCOPE_MISMATCH", json!({}), "scope");
    check(403, "NO_PERMISSION", json!({"permissions": ["Crm_Implied_View_Leads"]}), "rights");
    check(400, "AUTHORIZATION_FAILED", json!({}), "rights");
    check(429, "TOO_MANY_REQUESTS", json!({}), "wait");
    check(429, "RATE_LIMIT_EXCEEDED", json!({}), "wait");
    check(400, "EXPIRED_VALUE", json!({"param_name": "page_token"}), "expired");
    check(400, "TOKEN_BOUND_DATA_MISMATCH", json!({}), "expired");
    for code in [
        "INVALID_MODULE",
        "REQUIRED_PARAM_MISSING",
        "INVALID_DATA",
        "MANDATORY_NOT_FOUND",
        "DUPLICATE_DATA",
        "LIMIT_EXCEEDED",
        "RECORD_LOCKED",
        "NOT_APPROVED",
        "SYNTAX_ERROR",
        "INVALID_QUERY",
    ] {
        check(400, code, json!({}), "the caller's");
    }
    check(412, "ALREADY_MODIFIED", json!({"id": "1"}), "the caller's");
    check(404, "INVALID_URL_PATTERN", json!({}), "the caller's");
    assert_eq!(word(judge(&answer(429, "<html>".to_owned()))), "wait", "no JSON");
    for (body, why) in FOREIGN {
        assert_eq!(word(judge(&answer(401, body.to_owned()))), "foreign", "{why}: {body}");
    }
    let mut spent = answer(429, json!({"code": "TOO_MANY_REQUESTS"}).to_string());
    spent.credits_left = Some(3);
    assert_eq!(word(judge(&spent)), "hours", "the day's credits are used up");
}

#[test]
fn each_item_has_one_meaning() {
    let reply = |code: &str, message: &str, details: Value| {
        let item = json!({"code": code, "message": message, "details": details, "status": "error"});
        item_reply(&serde_json::from_value::<Item>(item).expect("an item"), "Contacts")
    };
    let check = |code: &str, details: Value, misfit: Misfit, field: Option<&str>| {
        let expected = Refusal { misfit, field: field.map(ToOwned::to_owned) };
        assert_eq!(reply(code, "m", details), ItemReply::Refused(expected), "{code}");
    };
    let field = |name: &str| json!({"api_name": name, "json_path": format!("$.data[0].{name}")});
    let typed = |kind: &str| json!({"api_name": "X", "expected_data_type": kind});
    check("MANDATORY_NOT_FOUND", field("Last_Name"), Misfit::Required, Some("Last_Name"));
    check(
        "INVALID_DATA",
        json!({"api_name": "Phone", "maximum_length": 30}),
        Misfit::TooLong { max: 30 },
        Some("Phone"),
    );
    check(
        "INVALID_DATA",
        json!({"api_name": "Phone", "maximum_length": "30"}),
        Misfit::TooLong { max: 30 },
        Some("Phone"),
    );
    for (kind, misfit) in [
        ("email", Misfit::Email),
        ("phone", Misfit::Phone),
        ("website", Misfit::Url),
        ("date", Misfit::Date),
        ("boolean", Misfit::Flag),
        ("integer", Misfit::Number),
        ("double", Misfit::Number),
    ] {
        check("INVALID_DATA", typed(kind), misfit, Some("X"));
    }
    check(
        "INVALID_DATA",
        json!({"api_name": "X", "supported_values": ["a"]}),
        Misfit::NotInList,
        Some("X"),
    );
    check(
        "RECORD_LOCKED",
        json!({"api_name": "id", "action": "record_locking"}),
        Misfit::OnHold { code: "RECORD_LOCKED".to_owned() },
        None,
    );
    for code in ["NOT_APPROVED", "NOT_REVIEWED"] {
        check(code, json!({}), Misfit::OnHold { code: code.to_owned() }, None);
    }
    let inner = json!({"code": "INVALID_DATA", "details": typed("email"), "message": "invalid data", "status": "error"});
    check("MULTIPLE_OR_MULTI_ERRORS", json!({"errors": [inner]}), Misfit::Email, Some("X"));
    let of_lookup = [
        json!({"api_name": "Account_Name", "json_path": "$.data[0].Account_Name"}),
        json!({"api_name": "id", "json_path": "$.data[0].Account_Name.id"}),
    ];
    for details in of_lookup {
        let refused = Refusal {
            misfit: Misfit::Refused("INVALID_DATA".to_owned()),
            field: Some("Account_Name".to_owned()),
        };
        let said = reply("INVALID_DATA", "the id given seems to be invalid", details);
        assert_eq!(said, ItemReply::Refused(refused), "the account is meant, not the record");
    }
    assert_eq!(reply("ALREADY_MODIFIED", "m", json!({"id": "1"})), ItemReply::Stale);
    assert_eq!(
        reply("INVALID_DATA", "the id given seems to be invalid", field("id")),
        ItemReply::Gone
    );
    assert_eq!(
        reply("SUCCESS", "record added", json!({})),
        ItemReply::Unknown,
        "a success without an id tells nothing"
    );
    let taken = |module: Value| {
        let holder = json!({"id": "9", "module": module});
        reply("DUPLICATE_DATA", "m", json!({"api_name": "Email", "duplicate_record": holder}))
    };
    for own in [json!(null), json!({"api_name": "Contacts", "id": "1"}), json!("Contacts")] {
        let of_this_module =
            ItemReply::Duplicate { id: Some("9".to_owned()), field: Some("Email".to_owned()) };
        assert_eq!(taken(own.clone()), of_this_module, "{own}");
    }
    for other in [json!({"api_name": "Leads", "id": "1"}), json!("Leads")] {
        let misfit = Misfit::TakenElsewhere { module: "Leads".to_owned() };
        let refused = Refusal { misfit, field: Some("Email".to_owned()) };
        assert_eq!(taken(other.clone()), ItemReply::Refused(refused), "{other}");
    }
}
