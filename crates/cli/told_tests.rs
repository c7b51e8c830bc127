use std::collections::BTreeMap;
use std::sync::Arc;

use renraku_engine::catalogue::{Catalogue, Language};
use serde_json::{Value, json};

use super::Teller;
use crate::speech::Speech;

fn told(language: Language, document: &Value) -> String {
    let labels = [("Title", "役職"), ("Last_Name", "姓")];
    let labels = labels.map(|(field, label)| (field.to_owned(), label.to_owned()));
    let catalogue = Arc::new(Catalogue::of(language));
    let speech = Speech { json: false, catalogue, labels: BTreeMap::from(labels) };
    Teller(&speech).document(document)
}

/// A document with one run, which says this besides.
fn run(keys: Value) -> Value {
    let none = json!({"created": 0, "updated": 0, "deleted": 0, "requests": 1});
    let mut run = json!({"run": 3, "module": "Vendors", "outcome": "completed",
        "finished_at": "2026-11-22T10:00:04Z", "google": none,
        "zoho": {"created": 2, "updated": 0, "deleted": 1, "requests": 1}, "matched": 0,
        "conflicts": 0, "review": 0, "waiting": 0});
    run.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    json!({"runs": [run]})
}

fn operation() -> Value {
    let fields = json!([{"field": "Title", "before": null, "after": "a\nb\u{1b}[31m"}]);
    json!({"side": "zoho", "kind": "create", "contact": "\u{7}Ada", "details": ["ada@a.test"],
        "why": "It is new in Google.", "fields": fields})
}

fn sync(keys: Value) -> Value {
    let mut sync = json!({"module": "Contacts", "enabled": true, "direction": "two_way",
        "state": "awaiting_approval", "last_synced_at": null, "next_run_at": null,
        "waiting": 0, "needs_you": 0, "differ": 0});
    sync.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    json!({"syncs": [sync]})
}

/// Expects each line, and nothing that only a program understands.
fn check(language: Language, document: &Value, lines: &[&str]) {
    let shown = told(language, document);
    for line in lines {
        assert!(shown.lines().any(|shown| shown.trim() == *line), "{line}:\n{shown}");
    }
    for code in ["two_way", "awaiting_approval", "needs_you", "T10:00", "null", "•"] {
        assert!(!shown.contains(code), "{code}:\n{shown}");
    }
}

#[test]
fn runs_in_words_leave_out_what_there_is_not() {
    let (en, ja) = (Language::En, Language::Ja);
    check(en, &json!({"runs": []}), &["There are no runs yet."]);
    check(en, &run(json!({})), &["2 added to Zoho · 1 deleted in Zoho"]);
    let held = run(json!({"outcome": "held", "review": 1}));
    check(en, &held, &["2 to add to Zoho · 1 to delete in Zoho", "One thing needs you"]);
    check(ja, &held, &["Zoho に 2 件を追加予定 · Zoho の 1 件を削除予定", "要確認 1 件"]);
    assert!(
        told(ja, &held).starts_with("同期 #3 · 仕入先 · 確認待ち · 11月2"),
        "{}",
        told(ja, &held)
    );
    for nothing in ["0 ", "conflict", "review"] {
        assert!(!told(en, &run(json!({}))).contains(nothing), "{nothing}");
    }
    let said =
        "One pair recognised · one conflict decided · 2 things need you · 4 left for the next run";
    let undo = run(json!({"undo": true}));
    assert!(
        told(en, &undo).starts_with("Run 3 · Vendors · An undo · Completed"),
        "{}",
        told(en, &undo)
    );
    let all = json!({"matched": 1, "conflicts": 1, "review": 2, "waiting": 4});
    check(en, &run(all), &[said]);
}

#[test]
fn a_preview_names_each_write_by_the_labels_of_its_fields() {
    let preview = |operations: Value| run(json!({"preview": true, "operations": operations}));
    let shown = preview(json!([operation()]));
    let write = "Create in Zoho: \u{fffd}Ada · ada@a.test (It is new in Google.)";
    let field = "役職: – → a ⏎ b\u{fffd}[31m";
    check(Language::En, &shown, &["Preview · Vendors", write, field, "Nothing was written."]);
    let write = "Zoho で作成：\u{fffd}Ada · ada@a.test（It is new in Google.）";
    check(Language::Ja, &shown, &["計画 · 仕入先", write, field]);
    let none = json!({"created": 0, "updated": 0, "deleted": 0});
    let agree = run(json!({"preview": true, "zoho": none}));
    check(Language::En, &agree, &["There is nothing to write."]);
    let outside = json!([{"side": "google", "name": "Ada", "details": ["ada@a.test", "Acme"]}]);
    let line = "Outside the label or view in Google: Ada · ada@a.test · Acme";
    check(Language::En, &run(json!({"preview": true, "outside": outside})), &[line]);
}

#[test]
fn syncs_questions_and_contacts_speak_the_words_of_the_window() {
    let (en, ja) = (Language::En, Language::Ja);
    let first = sync(json!({}));
    check(en, &first, &["Contacts · Two-way sync · Plan to approve"]);
    check(en, &first, &["Last synced: Never · Next run: After your approval"]);
    check(ja, &first, &["連絡先 · 双方向同期 · 計画の承認待ち"]);
    let needs = sync(json!({"state": "needs_you", "needs_you": 1, "differ": 2}));
    let facts =
        "Last synced: Never · Next run: When you ask · One thing needs you · 2 left different";
    check(en, &needs, &["Contacts · Two-way sync · Needs you", facts]);
    let who = json!([{"side": "zoho", "gone": false, "name": "Ada", "details": ["ada@a.test"]},
        {"side": "google", "gone": true, "name": "", "details": ["+1 212 555 0100"]}]);
    let item = json!({"items": [{"item": "1", "module": "Contacts", "kind": "deletion",
        "contact": "Ada", "reason": "It was deleted in Google.", "who": who,
        "choices": ["keep", "put_back"], "chosen": "keep"}]});
    check(
        en,
        &item,
        &[
            "1 · Contacts · Deletion · Ada",
            "in Zoho: Ada · ada@a.test",
            "in Google, deleted: (no name) · +1 212 555 0100",
            "keep: The other one stays and is no longer synced.",
            "Chosen: Keep",
        ],
    );
    let contact = json!({"contacts": [{"contact": "Contacts:12", "module": "Contacts",
        "name": "Ada", "emails": [], "state": "kept_out", "reason": "You left it out of the sync.",
        "actions": ["resume", "edit"]}]});
    check(
        en,
        &contact,
        &[
            "Contacts:12 · Ada · Left out",
            "You left it out of the sync.",
            "Commands: resume, setup",
        ],
    );
    let change = json!({"changes": [{"contact": "\u{2067}Ada\u{2069}", "side": "google",
        "kind": "update", "field": "Last_Name", "before": null, "after": "\u{61c}=1",
        "why": "It was changed in Zoho.", "overwritten": "x"}]});
    check(
        ja,
        &change,
        &[
            "Google で更新：\u{fffd}Ada\u{fffd} · 姓: – → \u{fffd}=1 · It was changed in Zoho. · 採用しなかった値：x",
        ],
    );
}

#[test]
fn accounts_clients_and_what_is_kept_are_told_without_codes() {
    let accounts = json!({
        "zoho": {"connected": true, "email": "a\u{1b}b", "organisation": "Acme",
            "data_centre": "jp", "scopes": []},
        "google": {"connected": false, "email": null, "scopes": [], "needs_sign_in": true}});
    check(
        Language::En,
        &accounts,
        &["Zoho CRM", "Connected", "Account: a\u{fffd}b", "Data centre: Japan (jp)", "Signed out"],
    );
    check(
        Language::Ja,
        &accounts,
        &["接続済み", "データセンター：日本（jp）", "再サインインが必要"],
    );
    let clients = json!({"google": {"source": "none", "client_id": null, "secret": false},
        "zoho": {"source": "built_in", "client_id": "1000.A", "secret": true, "data_centre": null,
            "suggested_data_centre": "eu", "redirect": "http://localhost:1/", "pkce": false}});
    check(
        Language::En,
        &clients,
        &[
            "Comes from: Not set yet",
            "Comes from: This release of Renraku",
            "Client secret: Yes",
            "Data centre: eu (suggested by this computer’s region)",
            "Signs in with PKCE: No",
        ],
    );
    for (days, said) in [(90, "are kept for 90 days."), (0, "are kept forever.")] {
        let shown = told(Language::En, &json!({"retention_days": days}));
        assert!(shown.ends_with(said), "{shown}");
    }
    let fields = json!({"zoho": [{"api_name": "Title", "label": "役職", "mandatory": true,
        "writable": false, "google": ["organizations.title"]}],
        "google": [{"path": "nicknames"}]});
    check(
        Language::En,
        &fields,
        &["Title · 役職 · mandatory · cannot be written · organizations.title", "nicknames"],
    );
}
