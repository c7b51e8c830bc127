//! The calls against the stand-in: one behaviour per row of what Zoho answers.

use chrono::TimeDelta;
use renraku_core::contact::{Module, Side};
use renraku_core::field::Misfit;
use renraku_core::timestamp::Timestamp;
use renraku_sandbox::People;
use serde_json::{Value, json};

use super::{Received, RecordPage, Zoho};
use crate::stand_ins::StandIns;
use crate::{ItemReply, Refusal, RemoteError};

const MODULE: Module = Module::Contacts;

fn fields(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

async fn all(zoho: &Zoho, since: Option<Timestamp>) -> Result<Vec<Received>, RemoteError> {
    let mut all = Vec::new();
    let mut keep = |page: RecordPage| {
        all.extend(page.records);
        Ok(())
    };
    let since = since.map(|since| (since, 0));
    zoho.records(MODULE, &fields(&["Last_Name", "Email", "Account_Name"]), since, &mut keep)
        .await?;
    Ok(all)
}

fn value(record: &Received) -> Value {
    serde_json::from_str(&record.raw).expect("JSON")
}

fn done(replies: &[ItemReply]) -> Vec<&str> {
    let kind = |reply: &ItemReply| match reply {
        ItemReply::Done(_) => "done",
        ItemReply::Stale => "stale",
        ItemReply::Gone => "gone",
        ItemReply::Refused(_) => "refused",
        ItemReply::Duplicate { .. } => "duplicate",
        ItemReply::Unknown => "unknown",
    };
    replies.iter().map(kind).collect()
}

fn named(name: &str) -> Value {
    json!({"Last_Name": name})
}

fn ago(time: Timestamp, seconds: i64) -> Timestamp {
    time.checked_sub(TimeDelta::seconds(seconds)).expect("a time")
}

#[tokio::test]
async fn everything_comes_by_query_and_by_list() {
    let world = StandIns::with(People::Generated { count: 2100, shared: 0, seed: 3 }).await;
    // The names of lookups cost a query of their own elsewhere.
    world.control.set_switches(|s| s.zoho.coql_lookup_id_only = false);
    let zoho = world.zoho().await;
    let by_query = all(&zoho, None).await.expect("records");
    assert_eq!((by_query.len(), zoho.requests()), (2100, 2), "two thousand a query");
    let refused = json!({"answer": {"status": 400, "json": {"code": "SYNTAX_ERROR", "details": {}, "message": "x", "status": "error"}}});
    world.fault(Side::Zoho, "POST", "*/coql", 99, refused);
    let by_list = all(&zoho, None).await.expect("records");
    assert_eq!(zoho.requests(), 2 + 1 + 11, "ten numbered pages, then by token");
    let ids = |records: &[Received]| records.iter().map(|r| r.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&by_query), ids(&by_list), "both in the order of ids");
    assert!(by_query.iter().all(|r| r.created_by.is_some() && !r.version.is_empty()));
}

#[tokio::test]
async fn a_quiet_run_is_one_query_and_times_are_instants() {
    for zone in ["America/New_York", "Asia/Tokyo"] {
        let world = StandIns::empty().await;
        world.control.set_switches(|s| s.zoho.time_zone = zone.to_owned());
        let id = world.add_record("Contacts", named("A"));
        let zoho = world.zoho().await;
        let first = all(&zoho, None).await.expect("records");
        let modified = first[0].modified;
        assert_eq!(all(&zoho, Some(modified)).await.expect("records").len(), 1, "at or after");
        let later = modified.checked_add(TimeDelta::seconds(1)).expect("a time");
        assert_eq!(
            all(&zoho, Some(later)).await.expect("records").len(),
            0,
            "no body is no record"
        );
        assert_eq!(zoho.requests(), 3, "{zone}");
        world.control.advance(std::time::Duration::from_secs(5));
        world.zoho_does(
            json!({"op": "edit", "module": "Contacts", "record": id, "fields": {"Last_Name": "B"}}),
        );
        assert_eq!(all(&zoho, Some(later)).await.expect("records").len(), 1, "{zone}");
    }
}

#[tokio::test]
async fn lookups_have_names_however_they_come() {
    for (id_only, spaced) in [(false, false), (true, false), (true, true)] {
        let world = StandIns::empty().await;
        world.add_record("Contacts", json!({"Last_Name": "A", "Account_Name": "Acme"}));
        world.add_record("Contacts", named("B"));
        world.control.set_switches(|s| {
            s.zoho.coql_lookup_id_only = id_only;
            s.spaced_json = spaced;
        });
        let zoho = world.zoho().await;
        let records = all(&zoho, None).await.expect("records");
        assert_eq!(value(&records[0])["Account_Name"]["name"], "Acme", "id only: {id_only}");
        assert_eq!(zoho.requests(), 1 + u32::from(id_only), "one more query a page at most");
        world.zoho_does(json!({"op": "rights", "module": "Accounts", "view": false}));
        let records = all(&zoho, None).await.expect("records");
        let named = &value(&records[0])["Account_Name"]["name"];
        assert_eq!(named, "Acme", "a company out of reach is not taken for none");
        world.zoho_does(json!({"op": "rights", "module": "Accounts", "view": true}));
        let found =
            zoho.accounts_by_name(&["acme ".to_owned(), "Nobody".to_owned()]).await.expect("ids");
        assert_eq!(found.found.keys().collect::<Vec<_>>(), ["acme "]);
    }
}

#[tokio::test]
async fn more_than_fifty_fields_take_a_second_pass() {
    let world = StandIns::empty().await;
    let filled = json!({"Last_Name": "A", "Email": "a@x.test", "Phone": "1", "Title": "T", "Mailing_City": "Kyoto"});
    world.add_record("Contacts", filled);
    let zoho = world.zoho().await;
    let known = zoho.fields(MODULE).await.expect("fields");
    let plain = ["text", "email", "phone", "boolean", "date", "picklist", "textarea", "website"];
    let mut names: Vec<String> = known
        .into_iter()
        .filter(|f| plain.contains(&f.data_type.as_str()))
        .map(|f| f.api_name)
        .collect();
    // Zoho passes unknown columns of a list in silence: enough of them for a second pass.
    names.extend((names.len()..60).map(|i| format!("Unknown_{i}")));
    let mut records = Vec::new();
    let mut keep = |page: RecordPage| {
        records.extend(page.records);
        Ok(())
    };
    zoho.records(MODULE, &names, None, &mut keep).await.expect("records");
    let record = value(&records[0]);
    for (name, expected) in
        [("Last_Name", "A"), ("Title", "T"), ("Mailing_City", "Kyoto"), ("Phone", "1")]
    {
        assert_eq!(record[name], expected, "{name}");
    }
    let ids = [records[0].id.clone()];
    let again = zoho.by_ids(MODULE, &ids, &names).await.expect("records");
    assert_eq!(value(&again[0])["Title"], "T");
}

#[tokio::test]
async fn views_ids_and_emails() {
    let world = StandIns::empty().await;
    let ids: Vec<String> = (0..3)
        .map(|i| {
            world.add_record(
                "Contacts",
                json!({"Last_Name": format!("P{i}"), "Email": format!("p{i}@x.test")}),
            )
        })
        .collect();
    world.zoho_does(json!({"op": "view", "module": "Contacts", "name": "Mine", "condition": "Last_Name = 'P1'"}));
    let zoho = world.zoho().await;
    let views = zoho.views(MODULE).await.expect("views");
    let mine = views.iter().find(|v| v.name == "Mine").expect("the view");
    let mut seen = Vec::new();
    let mut keep = |page: RecordPage| {
        seen.extend(page.records.into_iter().map(|r| r.id));
        Ok(())
    };
    zoho.view(MODULE, &mine.id, &fields(&["Last_Name"]), &mut keep)
        .await
        .expect("the view's records");
    assert_eq!(seen, [ids[1].clone()]);
    let wrong = zoho.view(MODULE, "123", &fields(&["Last_Name"]), &mut |_| Ok(())).await;
    assert_eq!(
        wrong,
        Err(RemoteError::Refused {
            code: "INVALID_DATA".to_owned(),
            field: Some("cvid".to_owned())
        })
    );
    let asked = fields(&["p0@x.test", "p2@x.test", "o'brien@x.test"]);
    let found = zoho.by_emails(MODULE, &asked, &fields(&["Email"])).await.expect("records").found;
    assert_eq!(found.iter().map(|r| &r.id).collect::<Vec<_>>(), [&ids[0], &ids[2]]);
    world.zoho_does(json!({"op": "delete", "module": "Contacts", "record": ids[0]}));
    let missing = [ids[0].clone(), ids[1].clone()];
    let found = zoho.by_ids(MODULE, &missing, &fields(&["Email"])).await.expect("records");
    assert_eq!(
        found.iter().map(|r| &r.id).collect::<Vec<_>>(),
        [&ids[1]],
        "missing ones are left out"
    );
}

#[tokio::test]
async fn converted_leads_are_shown_when_asked_for_by_id() {
    let world = StandIns::empty().await;
    let id = world.add_record("Leads", json!({"Last_Name": "L", "Company": "C"}));
    world.zoho_does(json!({"op": "convert", "record": id}));
    let zoho = world.zoho().await;
    let ids = [id];
    let found = zoho.by_ids(Module::Leads, &ids, &fields(&["Last_Name"])).await.expect("records");
    assert_eq!(found.iter().map(|r| r.converted).collect::<Vec<_>>(), [true]);
    let mut count = 0;
    let mut keep = |page: RecordPage| {
        count += page.records.len();
        Ok(())
    };
    zoho.records(Module::Leads, &fields(&["Last_Name"]), None, &mut keep).await.expect("records");
    assert_eq!(count, 0, "a converted lead is no lead any more");
}

#[tokio::test]
async fn the_deleted_list_names_who_and_when() {
    let world = StandIns::empty().await;
    let id = world.add_record("Contacts", named("A"));
    let zoho = world.zoho().await;
    assert_eq!(zoho.deleted(MODULE, None, &|_| ()).await.expect("none").0, []);
    world.zoho_does(json!({"op": "delete", "module": "Contacts", "record": id, "as": "colleague"}));
    let (deleted, began) = zoho.deleted(MODULE, None, &|_| ()).await.expect("one");
    assert_eq!((began.is_some(), deleted.len()), (true, 1), "the server's clock, and one");
    assert!(deleted[0].id == id && deleted[0].by_name.is_some() && !deleted[0].for_good);
    let after = deleted[0].at.checked_add(TimeDelta::seconds(60)).expect("a time");
    assert_eq!(
        zoho.deleted(MODULE, Some(after), &|_| ()).await.expect("none").0,
        [],
        "nothing since"
    );
    let since = zoho.deleted(MODULE, Some(ago(deleted[0].at, 60)), &|_| ()).await.expect("one").0;
    assert_eq!(since.len(), 1);
    world.zoho_does(json!({"op": "purge", "module": "Contacts", "record": id}));
    let (purged, _) = zoho.deleted(MODULE, None, &|_| ()).await.expect("one");
    let told: Vec<_> = purged.iter().map(|one| (&one.id, one.for_good)).collect();
    assert_eq!(told, [(&id, true)], "still deleted, and in no bin");
}

#[tokio::test]
async fn inserts_are_walked_item_by_item() {
    let world = StandIns::empty().await;
    let zoho = world.zoho().await;
    let records = [
        named("A"),
        json!({"First_Name": "nobody"}),
        json!({"Last_Name": "C", "Email": "no address"}),
        json!({"Last_Name": "x".repeat(200)}),
        named("E"),
    ];
    let replies = zoho.insert(MODULE, &records).await.expect("replies");
    assert_eq!(done(&replies), ["done", "refused", "refused", "refused", "done"]);
    let refusal = |reply: &ItemReply| {
        let ItemReply::Refused(Refusal { misfit, field }) = reply else { panic!("{reply:?}") };
        (misfit.clone(), field.clone().unwrap_or_default())
    };
    assert_eq!(refusal(&replies[1]), (Misfit::Required, "Last_Name".to_owned()));
    assert_eq!(refusal(&replies[2]), (Misfit::Email, "Email".to_owned()));
    assert_eq!(refusal(&replies[3]), (Misfit::TooLong { max: 80 }, "Last_Name".to_owned()));
    for status in [400, 202] {
        world.control.set_switches(|s| s.zoho.all_failed_status = status);
        let replies = zoho.insert(MODULE, &[json!({}), json!({})]).await.expect("replies");
        assert_eq!(done(&replies), ["refused", "refused"], "all failed with {status}");
    }
    let requests = world.control.requests();
    assert!(
        requests.iter().all(|r| r.body["trigger"] == json!([])),
        "automations are never set off"
    );
}

#[tokio::test]
async fn a_taken_unique_value_names_its_record() {
    let world = StandIns::empty().await;
    world.zoho_does(
        json!({"op": "field", "module": "Contacts", "api_name": "Email", "set": {"unique": false}}),
    );
    let id = world.add_record("Contacts", json!({"Last_Name": "A", "Email": "a@x.test"}));
    let zoho = world.zoho().await;
    let record = json!({"Last_Name": "B", "Email": "A@x.test"});
    let replies = zoho.insert(MODULE, &[record]).await.expect("replies");
    assert_eq!(replies, [ItemReply::Duplicate { id: Some(id), field: Some("Email".to_owned()) }]);
}

#[tokio::test]
async fn a_lost_answer_to_an_insert_is_unknown_and_can_be_looked_for() {
    let faults = [
        (json!("drop_after"), 1),
        (json!("truncate"), 1),
        (json!({"answer_after": {"status": 502, "html": "<html>"}}), 1),
        (json!("drop_before"), 0),
    ];
    for (fault, made) in faults {
        let world = StandIns::empty().await;
        let zoho = world.zoho().await;
        let me = zoho.me().await.expect("the user");
        let old = world.add_record("Contacts", named("Old"));
        world.control.advance(std::time::Duration::from_secs(300));
        world.zoho_does(json!({"op": "edit", "module": "Contacts", "record": old, "fields": {"Last_Name": "A"}}));
        let began = Timestamp::from_microsecond(world.control.now()).expect("a time");
        world.fault(Side::Zoho, "POST", "*/Contacts", 1, fault.clone());
        let replies = zoho.insert(MODULE, &[named("A")]).await.expect("replies");
        assert_eq!(done(&replies), ["unknown"], "{fault}");
        assert_eq!(zoho.requests(), 2, "{fault}: not sent again");
        let unscoped = json!({"answer": {"status": 401, "json": {"code": "OAUTH_SCOPE_MISMATCH"}}});
        for by in ["query", "list"] {
            let found =
                zoho.created_since(MODULE, &fields(&["Last_Name"]), ago(began, 60), &me.id).await;
            assert_eq!(found.expect("records").len(), made, "{fault}, by the {by}");
            world.fault(Side::Zoho, "POST", "*/coql", 9, unscoped.clone());
        }
    }
}

#[tokio::test]
async fn updates_are_guarded_by_the_time_they_were_read() {
    let world = StandIns::empty().await;
    let ids: Vec<String> =
        (0..3).map(|i| world.add_record("Contacts", named(&format!("P{i}")))).collect();
    let zoho = world.zoho().await;
    let read = all(&zoho, None).await.expect("records");
    let version = read[0].version.clone();
    world.control.advance(std::time::Duration::from_secs(5));
    world.zoho_does(json!({"op": "edit", "module": "Contacts", "record": ids[1], "fields": {"Last_Name": "Theirs"}}));
    let changes: Vec<Value> = ids.iter().map(|id| json!({"id": id, "Last_Name": "Ours"})).collect();
    let replies = zoho.update(MODULE, &changes, Some(&version)).await.expect("replies");
    assert_eq!(done(&replies), ["done", "stale", "done"]);
    let now = all(&zoho, None).await.expect("records");
    let names: Vec<_> =
        now.iter().map(|r| value(r)["Last_Name"].as_str().map(ToOwned::to_owned)).collect();
    assert_eq!(names, ["Ours", "Theirs", "Ours"].map(|n| Some(n.to_owned())));
    let ItemReply::Done(written) = &replies[0] else { panic!() };
    assert_eq!(written.modified, now[0].modified, "the new time is the next guard");
    world.zoho_does(json!({"op": "delete", "module": "Contacts", "record": ids[2]}));
    world.zoho_does(json!({"op": "state", "module": "Contacts", "record": ids[0], "locked": true}));
    let replies = zoho.update(MODULE, &changes, None).await.expect("replies");
    assert_eq!(done(&replies), ["refused", "done", "gone"], "locked, fine, deleted");
}

#[tokio::test]
async fn deletes_already_done_are_done() {
    let world = StandIns::empty().await;
    let ids: Vec<String> =
        (0..3).map(|i| world.add_record("Contacts", named(&format!("P{i}")))).collect();
    let zoho = world.zoho().await;
    world.zoho_does(json!({"op": "delete", "module": "Contacts", "record": ids[1]}));
    world.zoho_does(json!({"op": "state", "module": "Contacts", "record": ids[2], "locked": true}));
    let replies = zoho.delete(MODULE, &ids).await.expect("replies");
    assert_eq!(done(&replies), ["done", "done", "refused"]);
    let again = zoho.delete(MODULE, &ids[..1]).await.expect("replies");
    assert_eq!(done(&again), ["done"], "one alone, gone before");
    assert_eq!(world.control.requests()[0].query["wf_trigger"], "false");
}

#[tokio::test]
async fn a_read_survives_what_passes() {
    let faults = [
        json!("drop_before"),
        json!("drop_after"),
        json!("truncate"),
        json!({"answer": {"status": 500}}),
        json!({"answer": {"status": 503, "html": "<html>"}}),
        json!({"answer": {"status": 200, "html": "<html>"}}),
        json!({"too_many": null}),
    ];
    for fault in faults {
        let world = StandIns::empty().await;
        world.add_record("Contacts", named("A"));
        let zoho = world.zoho().await;
        world.fault(Side::Zoho, "POST", "*/coql", 2, fault.clone());
        assert_eq!(all(&zoho, None).await.expect("records").len(), 1, "{fault}");
    }
}

#[tokio::test]
async fn the_days_budget_is_not_waited_for() {
    let world = StandIns::empty().await;
    let zoho = world.zoho().await;
    world.control.set_switches(|s| {
        s.zoho.credits = Some(10);
        s.zoho.credits_enforced = true;
    });
    let mut last = Ok(Vec::new());
    for _ in 0..6 {
        last = all(&zoho, None).await;
    }
    assert!(matches!(last, Err(RemoteError::Throttled { until: None, .. })), "{last:?}");
    assert_eq!(world.waits.lock().expect("the list").len(), 0, "a day is not waited for");
}

#[tokio::test]
async fn rights_are_told_before_they_are_missed() {
    let world = StandIns::empty().await;
    let zoho = world.zoho().await;
    let full = zoho.rights(MODULE).await.expect("rights");
    assert!(full.view && full.create && full.edit && full.delete && full.api);
    assert_eq!(full.gcontact_sync, Some(true));
    world.zoho_does(json!({"op": "rights", "module": "Contacts", "create": false, "edit": false, "delete": false}));
    world.zoho_does(json!({"op": "profile", "gcontact_sync": false}));
    let less = zoho.rights(MODULE).await.expect("rights");
    assert!(less.view && !less.create && !less.edit && !less.delete);
    assert_eq!(less.gcontact_sync, Some(false));
    let denied = zoho.insert(MODULE, &[named("A")]).await;
    assert_eq!(
        denied,
        Err(RemoteError::Rights { permission: "Crm_Implied_Create_Contacts".to_owned() })
    );
    world.zoho_does(json!({"op": "profile", "manage_profiles": false}));
    assert_eq!(
        zoho.rights(MODULE).await.expect("rights").gcontact_sync,
        None,
        "the profile may not be read"
    );
    world.zoho_does(json!({"op": "profile", "api_access": false}));
    assert!(!zoho.rights(MODULE).await.expect("rights").api, "no API access at all");
}

#[tokio::test]
async fn metadata_is_read_by_api_name() {
    let world = StandIns::empty().await;
    let zoho = world.zoho().await;
    let known = zoho.fields(MODULE).await.expect("fields");
    let field = |name: &str| known.iter().find(|f| f.api_name == name).expect("a field");
    assert!(field("Last_Name").mandatory && field("Last_Name").writable);
    assert_eq!(field("Account_Name").lookup.as_deref(), Some("Accounts"));
    assert!(!field("Full_Name").writable, "derived");
    assert!(!field("Lead_Source").choices.is_empty());
    let layouts = zoho.layouts(Module::Leads).await.expect("layouts");
    assert!(layouts.iter().any(|l| l.required.contains(&"Company".to_owned())), "{layouts:?}");
    let modules = zoho.modules().await.expect("modules");
    assert!(modules.iter().any(|m| m.api_name == "Contacts" && m.view && m.api));
    assert!(!zoho.org().await.expect("the organisation").id.is_empty());
    assert!(zoho.me().await.expect("the user").email.contains('@'));
}
