//! A place follows its entry: a label that is changed in Google moves nothing in Zoho, be the value
//! edited with it or later.

use renraku_engine::core::contact::Side;
use serde_json::{Value, json};

use super::edits::in_step;
use super::people::id;
use super::rig::{Rig, wrote};

/// One field in Zoho, and its entry in Google.
struct Kept {
    field: &'static str,
    list: &'static str,
    part: &'static str,
    before: &'static str,
    after: &'static str,
    last: &'static str,
}

const KEPT: [Kept; 3] = [
    Kept {
        field: "Phone",
        list: "phoneNumbers",
        part: "value",
        before: "+1 212 555 1000",
        after: "+1 212 555 2222",
        last: "+1 212 555 3333",
    },
    Kept {
        field: "Email",
        list: "emailAddresses",
        part: "value",
        before: "p0@a.test",
        after: "new@a.test",
        last: "last@a.test",
    },
    Kept {
        field: "Mailing_Street",
        list: "addresses",
        part: "streetAddress",
        before: "2-1 Umeda",
        after: "3-1 Umeda",
        last: "4-1 Umeda",
    },
];

impl Kept {
    /// The entries stand like this now: label and value.
    fn put(&self, rig: &Rig, google: &str, entries: &[(&str, &str)]) {
        let entry = |(label, value): &(&str, &str)| match *label {
            "" => json!({self.part: value}),
            label => json!({"type": label, self.part: value}),
        };
        let list: Vec<Value> = entries.iter().map(entry).collect();
        let act = json!({"op": "edit", "contact": google, "fields": {self.list: list}});
        rig.act(Side::Google, act);
    }

    fn in_zoho(&self, rig: &Rig, zoho: &str) -> Option<String> {
        let record = rig.raw(Side::Zoho, zoho).expect("the record");
        record.get(self.field).and_then(Value::as_str).map(str::to_owned)
    }

    fn in_google(&self, rig: &Rig, google: &str) -> Vec<(String, String)> {
        let person = rig.raw(Side::Google, google).expect("the person");
        let list = person.get(self.list).and_then(Value::as_array).cloned().unwrap_or_default();
        let text = |entry: &Value, key: &str| {
            entry.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        list.iter().map(|entry| (text(entry, "type"), text(entry, self.part))).collect()
    }

    /// Two in step in which the field stands under its own label.
    async fn stand(&self, keys: Value) -> (Rig, String, String) {
        let rig = in_step(1, json!({})).await;
        let zoho = rig.find(Side::Zoho, "Email", "p0@a.test");
        let google = rig.find(Side::Google, "Email", "p0@a.test");
        self.put(&rig, &google, &[("work", self.before)]);
        rig.settle().await;
        assert_eq!(self.in_zoho(&rig, &zoho).as_deref(), Some(self.before), "{}", self.field);
        rig.contacts(keys).await;
        rig.settle().await;
        (rig, zoho, google)
    }
}

#[tokio::test]
async fn a_label_that_was_changed_and_a_value_that_was_edited_are_one_entry() {
    for kept in KEPT {
        for at_once in [false, true] {
            for direction in ["two_way", "google_to_zoho"] {
                for label in ["cabin", "", "main"] {
                    let what = format!("{} to {label:?}, {direction}, {at_once}", kept.field);
                    let (mut rig, zoho, google) = kept.stand(json!({"direction": direction})).await;
                    if !at_once {
                        kept.put(&rig, &google, &[(label, kept.before)]);
                        let run = rig.synced().await;
                        assert_eq!(wrote(&run), 0, "{what}: nothing moved: {run:?}");
                        rig.reopen();
                    }
                    kept.put(&rig, &google, &[(label, kept.after)]);
                    let run = rig.synced().await;
                    assert_eq!(wrote(&run), 1, "{what}: {run:?}");
                    assert_eq!(kept.in_zoho(&rig, &zoho).as_deref(), Some(kept.after), "{what}");
                    rig.settle().await;
                    if direction == "two_way" {
                        let fields = json!({kept.field: kept.last});
                        let act = json!({"op": "edit", "module": "Contacts", "record": zoho, "fields": fields});
                        rig.act(Side::Zoho, act);
                        rig.settle().await;
                        let there = kept.in_google(&rig, &google);
                        let one = [(label.to_owned(), kept.last.to_owned())];
                        assert_eq!(there, one, "{what}: the same entry is written");
                    }
                    kept.put(&rig, &google, &[]);
                    rig.settle().await;
                    assert_eq!(
                        kept.in_zoho(&rig, &zoho),
                        None,
                        "{what}: whoever deletes it clears"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn what_stood_beside_it_is_not_taken_for_it() {
    let phone = &KEPT[0];
    let (rig, zoho, google) = phone.stand(json!({})).await;
    phone.put(&rig, &google, &[("work", phone.before), ("cabin", "+1 212 555 0005")]);
    rig.settle().await;
    phone.put(&rig, &google, &[("cabin", phone.before), ("cabin", "+1 212 555 0005")]);
    rig.settle().await;
    phone.put(&rig, &google, &[("cabin", phone.after), ("cabin", "+1 212 555 0005")]);
    rig.settle().await;
    assert_eq!(phone.in_zoho(&rig, &zoho).as_deref(), Some(phone.after), "the edited one");
    phone.put(&rig, &google, &[("cabin", "+1 212 555 0005")]);
    rig.settle().await;
    assert_eq!(phone.in_zoho(&rig, &zoho), None, "it was deleted");
    assert_eq!(phone.in_google(&rig, &google).len(), 1, "the other one stays");
}

#[tokio::test]
async fn a_label_of_another_place_is_followed_too() {
    let phone = &KEPT[0];
    for full in [false, true] {
        let (rig, zoho, google) = phone.stand(json!({})).await;
        let home = |rig: &Rig| {
            let record = rig.raw(Side::Zoho, &zoho).expect("the record");
            record.get("Home_Phone").and_then(Value::as_str).map(str::to_owned)
        };
        let other = ("home", "+1 212 555 0009");
        let beside = if full { vec![other] } else { Vec::new() };
        let with = |mine: (&'static str, &'static str)| {
            let mut list = vec![mine];
            list.extend(beside.iter().copied());
            list
        };
        phone.put(&rig, &google, &with(("work", phone.before)));
        rig.settle().await;
        phone.put(&rig, &google, &with(("home", phone.before)));
        rig.settle().await;
        phone.put(&rig, &google, &with(("home", phone.after)));
        rig.settle().await;
        assert_eq!(phone.in_zoho(&rig, &zoho).as_deref(), Some(phone.after), "full: {full}");
        assert_eq!(home(&rig).as_deref(), full.then_some(other.1), "full: {full}");
    }
}

#[tokio::test]
async fn an_entry_of_the_target_of_a_one_way_sync_is_followed() {
    let phone = &KEPT[0];
    let (rig, zoho, google) = phone.stand(json!({"direction": "zoho_to_google"})).await;
    for entry in [("cabin", phone.before), ("cabin", phone.after), ("lake", "+1 212 555 0007")] {
        phone.put(&rig, &google, &[entry]);
        rig.settle().await;
    }
    assert_eq!(phone.in_zoho(&rig, &zoho).as_deref(), Some(phone.before), "never written");
    rig.edit(Side::Zoho, &zoho, "Phone", Some(phone.last));
    rig.settle().await;
    let one = [("lake".to_owned(), phone.last.to_owned())];
    assert_eq!(phone.in_google(&rig, &google), one, "the same entry is written");
}

#[tokio::test]
async fn an_edit_under_another_label_is_undone() {
    let phone = &KEPT[0];
    let (rig, zoho, google) = phone.stand(json!({})).await;
    phone.put(&rig, &google, &[("cabin", phone.after)]);
    let run = rig.synced().await;
    rig.engine().undo(run.run, None).await.expect("an undo");
    assert_eq!(phone.in_zoho(&rig, &zoho).as_deref(), Some(phone.before), "put back");
    rig.edit(Side::Zoho, &zoho, "Phone", Some(phone.last));
    rig.settle().await;
    let one = [("cabin".to_owned(), phone.last.to_owned())];
    assert_eq!(phone.in_google(&rig, &google), one, "the entry is known still");
}

#[tokio::test]
async fn the_entries_of_a_new_contact_are_known_from_the_start() {
    let rig = Rig::new().await;
    let phone = &KEPT[0];
    let fields =
        json!({"names": [{"familyName": "Vries"}], "phoneNumbers": [{"value": phone.before}]});
    let google = id(&rig.act(Side::Google, json!({"op": "create", "fields": fields})));
    rig.contacts(json!({})).await;
    rig.settle().await;
    let zoho = rig.find(Side::Zoho, "Phone", phone.before);
    phone.put(&rig, &google, &[("cabin", phone.after)]);
    rig.settle().await;
    assert_eq!(phone.in_zoho(&rig, &zoho).as_deref(), Some(phone.after));
}
