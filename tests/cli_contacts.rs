//! Single contacts at the command line: listed, left out and taken up again, unlinked, kept apart,
//! saved as files; and an undo that says what it would do.

use renraku_sandbox::Side;
use renraku_tests::world::World;
use serde_json::{Value, json};

use crate::people;

/// The documented keys of an object, in order.
fn keys(object: &Value) -> Vec<&str> {
    object.as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
}

/// The list at a JSON pointer.
fn list<'a>(document: &'a Value, pointer: &str) -> &'a [Value] {
    let list = document.pointer(pointer).and_then(Value::as_array);
    list.unwrap_or_else(|| panic!("a list at {pointer} in {document}"))
}

/// The text of a key.
fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("{key} in {object}"))
}

/// The one contact that the command answers with.
async fn one(world: &World, args: &[&str]) -> Value {
    let answer = world.cli(args).await.done();
    let [one] = list(&answer, "/contacts") else { panic!("{args:?}: one contact: {answer}") };
    one.clone()
}

/// E-mails of contacts that are on both sides.
fn shared(world: &World) -> Vec<String> {
    let control = world.control();
    people::shared_emails(&control.store(Side::Zoho), &control.store(Side::Google))
}

fn edit(world: &World, email: &str, title: &str) {
    let act =
        json!({"op": "edit", "module": "Contacts", "record": email, "fields": {"Title": title}});
    world.control().human(Side::Zoho, act).expect("the edit is possible");
}

#[tokio::test]
async fn every_contact_has_a_state_a_reason_and_what_can_be_done() {
    let world = World::in_step(0).await;
    let all = world.cli(&["contacts"]).await.done();
    assert_eq!(keys(&all), ["contacts"]);
    let contacts = list(&all, "/contacts");
    assert!(contacts.len() > 100, "{}", contacts.len());
    let states = ["in_step", "waiting", "needs_you", "differs", "kept_out", "unlinked", "failed"];
    for one in contacts {
        let documented = [
            "actions", "contact", "emails", "google", "module", "name", "reason", "state",
            "zoho_id",
        ];
        assert_eq!(keys(one), documented, "{one}");
        assert!(states.contains(&text(one, "state")), "{one}");
        assert!(text(one, "contact").starts_with("Contacts:"), "{one}");
        assert!(!text(one, "reason").is_empty(), "{one}");
    }
    for (args, said) in [
        (&["contacts", "--state", "asleep"][..], "kept_out"),
        (&["contacts", "Leads"], "not set up"),
        (&["unlink", "Contacts:1"], "Contacts:1"),
        (&["leave-out", "nobody"], "nobody"),
        (&["resume", "Contacts:"], "Contacts:"),
        (&["separate", "Contacts:people/none"], "people/none"),
    ] {
        let answer = world.cli(args).await;
        assert!(answer.refused(2).contains(said), "{args:?}: {}", answer.json);
    }
}

#[tokio::test]
async fn one_contact_is_left_out_unlinked_kept_apart_and_taken_up_again() {
    let world = World::in_step(0).await;
    let email = shared(&world).first().cloned().expect("some are on both sides");
    let found = one(&world, &["contacts", "--find", &email]).await;
    let contact = text(&found, "contact").to_owned();
    for (command, state) in [("leave-out", "kept_out"), ("unlink", "unlinked")] {
        let now = one(&world, &[command, &contact]).await;
        assert_eq!((text(&now, "state"), &now["actions"]), (state, &json!(["resume"])), "{now}");
        let listed = one(&world, &["contacts", "--find", &email, "--state", state]).await;
        assert_eq!(listed, now, "{command}: the list says the same");
        edit(&world, &email, &format!("Chief of {command}"));
        let run = world.cli(&["sync"]).await.done();
        assert_eq!(run.pointer("/runs/0/google/updated"), Some(&json!(0)), "{command}: {run}");
        one(&world, &["resume", &contact]).await;
        let run = world.cli(&["sync"]).await.done();
        assert_eq!(run.pointer("/runs/0/google/updated"), Some(&json!(1)), "{command}: {run}");
        let now = one(&world, &["contacts", "--find", &email]).await;
        assert_eq!(text(&now, "state"), "in_step", "{command}: {now}");
    }
    let now = one(&world, &["separate", &contact]).await;
    assert_eq!(now["google"], Value::Null, "each is a contact of its own: {now}");
}

#[tokio::test]
async fn both_sides_are_saved_as_files() {
    let world = World::in_step(0).await;
    for (form, ending, head) in [("vcard", "vcf", "BEGIN:VCARD"), ("csv", "csv", "")] {
        let dir = world.home().join(form);
        let folder = dir.to_str().expect("a path");
        let answer = world.cli(&["export", folder, "--form", form]).await.done();
        let files = list(&answer, "/files");
        assert_eq!(files.len(), 2, "{answer}");
        for (file, side) in files.iter().zip(["zoho", "google"]) {
            assert_eq!(keys(file), ["contacts", "file", "module", "side"], "{file}");
            assert_eq!((text(file, "side"), text(file, "module")), (side, "Contacts"), "{file}");
            assert!(text(file, "file").ends_with(&format!("contacts-{side}.{ending}")), "{file}");
            let saved = std::fs::read_to_string(text(file, "file")).expect("it is there");
            assert!(saved.contains(head), "{form}: {}", saved.chars().take(80).collect::<String>());
            assert!(file["contacts"].as_u64().is_some_and(|count| count > 100), "{file}");
        }
    }
}

#[tokio::test]
async fn an_undo_says_what_it_would_do_and_then_does_that() {
    let world = World::in_step(0).await;
    let shared = shared(&world);
    let [first, two, three, ..] = shared.as_slice() else { panic!("some are on both sides") };
    for email in [first, two, three] {
        edit(&world, email, "Chief");
    }
    let run = world.cli(&["sync"]).await.done();
    let number = run.pointer("/runs/0/run").map(ToString::to_string).expect("its number");
    // One of them was edited in Google since.
    let act = json!({"op": "edit", "contact": three,
        "fields": {"organizations": [{"title": "Elsewhere"}]}});
    world.control().human(Side::Google, act).expect("the edit is possible");
    world.control().clear_requests();

    let preview = world.cli(&["undo", &number, "--preview"]).await;
    let shown = preview.json.pointer("/runs/0").cloned().expect("a run");
    assert_eq!(shown["preview"], json!(true), "{shown}");
    let operations = list(&shown, "/operations");
    assert_eq!(operations.len(), 2, "{shown}");
    for one in operations {
        let documented = ["contact", "fields", "google", "kind", "side", "why", "zoho_id"];
        assert_eq!(keys(one), documented, "{one}");
        assert_eq!((text(one, "kind"), text(one, "side")), ("update", "google"), "{one}");
    }
    let log = world.control().call("GET", "log?traffic=api", Value::Null).expect("there is a log");
    let requests = log.pointer("/requests").and_then(Value::as_array).cloned();
    assert_eq!(people::writing(&requests.unwrap_or_default()), 0, "a preview writes nothing");

    let undone = world.cli(&["undo", &number]).await;
    assert_eq!(undone.code, Some(3), "what was edited since is left and listed: {}", undone.json);
    assert_eq!(undone.json.pointer("/runs/0/google/updated"), Some(&json!(2)), "{}", undone.json);

    // Whom the run created goes to the bin, and the contact on either side is named.
    let fields = json!({"Last_Name": "Newcomer", "Email": "newcomer@new.test"});
    let act = json!({"op": "create", "module": "Contacts", "fields": fields});
    world.control().human(Side::Zoho, act).expect("the record is possible");
    let run = world.cli(&["sync"]).await.done();
    let number = run.pointer("/runs/0/run").map(ToString::to_string).expect("its number");
    let preview = world.cli(&["undo", &number, "--preview"]).await.done();
    let newcomer = |one: &&Value| text(one, "contact") == "Newcomer";
    let one = list(&preview, "/runs/0/operations").iter().find(newcomer).expect("it is in it");
    assert_eq!((text(one, "kind"), text(one, "side")), ("delete", "google"), "{one}");
    assert!(text(one, "google").starts_with("people/") && one["zoho_id"].is_string(), "{one}");
}
