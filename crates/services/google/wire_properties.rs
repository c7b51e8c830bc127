//! What holds for every person and every change.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use renraku_core::contact::Text;
use serde_json::{Value, json};

use super::wire::*;
use super::wire_tests::{mapping, person};

/// What Google does with an update: masked fields are replaced as a whole.
fn apply(raw: &str, body: &Value, mask: &BTreeSet<&'static str>) -> Value {
    let mut person: Value = serde_json::from_str(raw).expect("a person");
    for field in mask {
        person[*field] = body[*field].clone();
    }
    person
}

fn entry() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec!["work", "home", "mobile", "other", "cabin", ""]);
    (kind, "[a-d]{0,3}", "[a-d]{0,2}", "[a-d]{0,2}", any::<bool>()).prop_map(|(kind, value, city, odd, primary)| {
        let mut entry = json!({"metadata": {"primary": primary, "source": {"type": "CONTACT"}}, "formattedType": "X"});
        for (name, text) in [("type", kind), ("value", &value), ("city", &city), ("title", &city), ("name", &value), ("odd", &odd)] {
            if !text.is_empty() {
                entry[name] = json!(text);
            }
        }
        entry
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// B10: whatever is not mapped is untouched, and what was patched is there afterwards.
    #[test]
    fn everything_that_is_not_patched_is_untouched(
        lists in prop::collection::vec(prop::collection::vec(entry(), 0..4), 5),
        values in prop::collection::btree_map(0_usize..24, prop::option::of("[a-d]{1,3}"), 0..6),
    ) {
        let mapping = mapping();
        let fields = ["emailAddresses", "phoneNumbers", "addresses", "organizations", "relations"];
        let raw = person(Value::Object(fields.into_iter().map(ToOwned::to_owned).zip(lists.into_iter().map(Value::from)).collect()));
        let before = record(&raw, &mapping).expect("a person").card;
        let date = mapping.by_zoho("Date_of_Birth").expect("a rule");
        let patch: BTreeMap<usize, Option<Text>> =
            values.into_iter().filter(|(rule, _)| *rule != date).map(|(rule, v)| (rule, v.map(Text::from))).collect();
        let (body, mask) = changed_person(&raw, &mapping, &before, &patch, None, None).expect("a change");
        let after = apply(&raw, &body, &mask);
        let old: Value = serde_json::from_str(&raw).expect("a person");
        for field in ["relations", "clientData", "metadata"] {
            prop_assert_eq!(&old[field], &after[field], "unmapped fields");
        }
        // Entries: at most one a slot differs, and those that fill no place are as they were.
        let read = record(&raw, &mapping).expect("a person");
        let spare = mapping.reading(&read.card, &read.listed, (&before).into()).spare;
        for field in &mask {
            let slots: Vec<_> = mapping.slots().iter().filter(|s| s.group.name() == *field).collect();
            let plain = |list: &Value| -> Vec<Value> {
                list.as_array().into_iter().flatten().map(|e| {
                    let mut e = e.clone();
                    let map = e.as_object_mut().expect("an entry");
                    map.remove("metadata");
                    map.remove("formattedType");
                    e
                }).collect()
            };
            let (was, is) = (plain(&old[*field]), plain(&after[*field]));
            let lost = was.iter().filter(|e| !is.contains(e)).count();
            prop_assert!(lost <= slots.len(), "{field}: {lost} entries changed");
            let left = spare.iter().filter(|entry| entry.field == *field).count();
            prop_assert!(was.len() - lost >= left, "{field}: an entry that fills no place changed");
            let foreign = |list: &[Value]| -> Vec<String> {
                let mut own: Vec<String> = list.iter()
                    .filter(|e| slots.iter().all(|s| s.group.typed()) && e["type"] == "cabin")
                    .map(ToString::to_string).collect();
                // The primary one goes first.
                own.sort();
                own
            };
            prop_assert_eq!(foreign(&was), foreign(&is), "{}: entries of other labels", field);
            let labels = |list: &[Value]| -> Vec<Value> { list.iter().map(|e| e["type"].clone()).collect() };
            let kept = labels(&was).iter().filter(|label| !labels(&is).contains(label)).count();
            let cleared = patch.values().filter(|value| value.is_none()).count();
            prop_assert!(kept <= cleared, "{field}: a label changed");
        }
        // What was patched is there, read in its light.
        let mut wanted = before.clone();
        for (rule, value) in &patch {
            wanted.set(*rule, value.as_deref());
        }
        let found = record(&after.to_string(), &mapping).expect("a person");
        let read = mapping.resolve(&found.card, &found.listed, &wanted);
        for (rule, value) in &patch {
            if value.is_some() {
                prop_assert_eq!(read.get(*rule), value.as_deref(), "rule {}", rule);
            }
        }
    }

    /// Whatever label an entry gets: the place that read it still does, and a write towards it
    /// changes the value and leaves the label.
    #[test]
    fn a_place_keeps_the_entry_whose_label_changed(
        kinds in prop::sample::subsequence(vec!["work", "home", "mobile", "other", "cabin", ""], 1..6),
        which in 0_usize..6,
        to in prop::sample::select(vec!["work", "home", "mobile", "other", "main", "villa", ""]),
    ) {
        let mapping = mapping();
        let list = |to: Option<&str>| {
            let entries = kinds.iter().enumerate().map(|(at, kind)| {
                let kind = to.filter(|_| at == which).unwrap_or(kind);
                let mut entry = json!({"value": format!("{at}{at}")});
                if !kind.is_empty() {
                    entry["type"] = json!(kind);
                }
                entry
            });
            person(json!({"phoneNumbers": entries.collect::<Vec<_>>()}))
        };
        let before = record(&list(None), &mapping).expect("a person").card;
        let value = format!("{which}{which}");
        let Some(rule) = before.0.iter().position(|v| v.as_deref() == Some(value.as_str())) else { return Ok(()) };
        let raw = list(Some(to));
        let found = record(&raw, &mapping).expect("a person");
        let now = mapping.resolve(&found.card, &found.listed, &before);
        prop_assert_eq!(&*now, &before, "nothing is planned towards Zoho");
        let patch = BTreeMap::from([(rule, Some(Text::from("new")))]);
        let (body, _) = changed_person(&raw, &mapping, &now, &patch, None, None).expect("a change");
        let expected = raw.replace(&value, "new");
        let expected: Value = serde_json::from_str(&expected).expect("a person");
        prop_assert_eq!(&body["phoneNumbers"], &expected["phoneNumbers"]);
    }

    /// Sharing a batch changes nobody: a person's own content of any mask is what is there already.
    #[test]
    fn a_whole_person_changes_nothing(list in prop::collection::vec(entry(), 0..5)) {
        let raw = person(json!({"addresses": list, "names": [{"unstructuredName": "x y"}]}));
        let mask = BTreeSet::from(["addresses", "names", "urls"]);
        let body = whole_person(&raw, &mask).expect("a person");
        let mapping = mapping();
        let after = apply(&raw, &body, &mask).to_string();
        prop_assert_eq!(&body["names"], &json!([{"unstructuredName": "x y"}]));
        let (old, new) = (record(&raw, &mapping).expect("old"), record(&after, &mapping).expect("new"));
        let values = |r: &renraku_core::contact::Record| {
            let mut all: Vec<String> = r.listed.iter().map(|entry| format!("{:?}", entry.parts)).collect();
            all.sort();
            all
        };
        prop_assert_eq!(values(&old), values(&new));
    }
}
