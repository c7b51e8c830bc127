//! Google's labels: an entry keeps its place whatever label it gets, one without a label fills an
//! empty place, and no value stands twice.

use renraku_engine::core::contact::Side;
use serde_json::{Map, Value, json};

use super::people::{card, id};
use super::rig::{Rig, tally, wrote};

/// One value in Zoho, and the entry that holds it in Google.
struct Kind {
    field: &'static str,
    list: &'static str,
    part: &'static str,
    value: &'static str,
    next: &'static str,
}

/// One of each kind; a contact's default mapping has no web address.
const KINDS: [Kind; 3] = [
    Kind {
        field: "Email",
        list: "emailAddresses",
        part: "value",
        value: "a@a.test",
        next: "b@a.test",
    },
    Kind {
        field: "Phone",
        list: "phoneNumbers",
        part: "value",
        value: "+1 212 555 1001",
        next: "+1 212 555 1002",
    },
    Kind { field: "Mailing_City", list: "addresses", part: "city", value: "Kyoto", next: "Osaka" },
];

impl Kind {
    /// An entry; without a type where the label is empty.
    fn entry(&self, label: &str, value: &str) -> Value {
        match label {
            "" => json!({self.part: value}),
            label => json!({"type": label, self.part: value}),
        }
    }
}

/// The entries of a list as a person typed them.
fn entries(rig: &Rig, google: &str, list: &str) -> Vec<Value> {
    let person = rig.raw(Side::Google, google).expect("the person");
    let items = person.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
    let typed = |item: &Value| {
        let item = item.as_object().cloned().unwrap_or_default();
        let keep = ["type", "value", "city", "streetAddress"];
        Value::Object(item.into_iter().filter(|(key, _)| keep.contains(&key.as_str())).collect())
    };
    items.iter().map(typed).collect()
}

fn edit(rig: &Rig, google: &str, list: &str, items: &[Value]) {
    let fields = Map::from_iter([(list.to_owned(), json!(items))]);
    rig.act(Side::Google, json!({"op": "edit", "contact": google, "fields": fields}));
}

fn zoho(rig: &Rig, record: &str, field: &str) -> Option<String> {
    let record = rig.raw(Side::Zoho, record).expect("the record");
    record.get(field).and_then(Value::as_str).map(str::to_owned)
}

/// A pair in step; the ids of both ends.
async fn pair(fields: &[(&str, &str)]) -> (Rig, String, String) {
    let rig = Rig::new().await;
    let mut all = vec![("First_Name", "Ada"), ("Last_Name", "Byron"), ("Title", "Countess")];
    all.extend_from_slice(fields);
    let record = rig.add(Side::Zoho, &card(&all));
    rig.contacts(json!({})).await;
    rig.settle().await;
    let google = rig.find(Side::Google, "Title", "Countess");
    (rig, record, google)
}

#[tokio::test]
async fn a_label_that_changes_in_google_changes_nothing_in_zoho() {
    for kind in &KINDS {
        for label in ["", "other", "main", "villa", "home"] {
            let (rig, record, google) = pair(&[(kind.field, kind.value)]).await;
            let what = format!("{} under {label:?}", kind.field);
            edit(&rig, &google, kind.list, &[kind.entry(label, kind.value)]);
            let run = rig.synced().await;
            assert_eq!(wrote(&run), 0, "{what}: {run:?}");
            rig.settle().await;
            assert_eq!(zoho(&rig, &record, kind.field).as_deref(), Some(kind.value), "{what}");
            // The place remembers its entry: an edit in Zoho goes into it, under its label.
            for value in [kind.next, kind.value] {
                let set = json!({kind.field: value});
                rig.act(
                    Side::Zoho,
                    json!({"op": "edit", "module": "Contacts", "record": record, "fields": set}),
                );
                rig.settle().await;
                assert_eq!(entries(&rig, &google, kind.list), [kind.entry(label, value)], "{what}");
            }
        }
    }
}

#[tokio::test]
async fn an_entry_without_a_label_reaches_zoho_and_goes_on_both_ways() {
    for kind in &KINDS {
        for label in ["", "other"] {
            for new in [false, true] {
                let what = format!("{} under {label:?}, new: {new}", kind.field);
                let (rig, mut record, mut google) = pair(&[]).await;
                let list = json!([kind.entry(label, kind.value)]);
                if new {
                    let fields = json!({"names": [{"familyName": "Vell"}],
                                        "organizations": [{"title": "Baker"}], kind.list: list});
                    google = id(&rig.act(Side::Google, json!({"op": "create", "fields": fields})));
                } else {
                    edit(&rig, &google, kind.list, &[kind.entry(label, kind.value)]);
                }
                let run = rig.synced().await;
                let expected = if new { (1, 0, 0) } else { (0, 1, 0) };
                assert_eq!(tally(&run, Side::Zoho), expected, "{what}: {run:?}");
                assert_eq!(tally(&run, Side::Google).0, 0, "{what}");
                if new {
                    record = rig.find(Side::Zoho, "Title", "Baker");
                }
                // Where other is a place of its own it is that place's.
                let field = match (label, kind.list) {
                    ("other", "phoneNumbers") => "Other_Phone",
                    _ => kind.field,
                };
                let there = || zoho(&rig, &record, field);
                assert_eq!(there().as_deref(), Some(kind.value), "{what}");
                rig.settle().await;
                let set = json!({field: kind.next});
                rig.act(
                    Side::Zoho,
                    json!({"op": "edit", "module": "Contacts", "record": record, "fields": set}),
                );
                rig.settle().await;
                assert_eq!(
                    entries(&rig, &google, kind.list),
                    [kind.entry(label, kind.next)],
                    "{what}"
                );
                edit(&rig, &google, kind.list, &[kind.entry(label, kind.value)]);
                rig.settle().await;
                assert_eq!(there().as_deref(), Some(kind.value), "{what}: an edit in Google");
                edit(&rig, &google, kind.list, &[]);
                rig.settle().await;
                assert_eq!(there(), None, "{what}: cleared");
            }
        }
    }
}

#[tokio::test]
async fn a_value_that_is_there_under_any_label_is_not_added_again() {
    let number = "+1 212 555 1001";
    let phone = |label: &str| json!({"type": label, "value": number});
    // Typed in Zoho while the person has it under a label of their own.
    let (rig, record, google) = pair(&[]).await;
    edit(&rig, &google, "phoneNumbers", &[phone("villa")]);
    rig.settle().await;
    rig.edit(Side::Zoho, &record, "Mobile", Some(number));
    rig.settle().await;
    assert_eq!(entries(&rig, &google, "phoneNumbers"), [phone("villa")], "typed in Zoho");
    // The same number in two fields of Zoho is one number of the person.
    for late in [false, true] {
        let first = if late {
            vec![("Phone", number)]
        } else {
            vec![("Phone", number), ("Mobile", number)]
        };
        let (rig, record, google) = pair(&first).await;
        if late {
            rig.edit(Side::Zoho, &record, "Mobile", Some(number));
            rig.settle().await;
        }
        assert_eq!(entries(&rig, &google, "phoneNumbers"), [phone("work")], "late: {late}");
        assert_eq!(zoho(&rig, &record, "Mobile").as_deref(), Some(number), "late: {late}");
        // Once it is another one both are there.
        rig.edit(Side::Zoho, &record, "Phone", Some("+1 212 555 1002"));
        rig.settle().await;
        let both = [json!({"type": "work", "value": "+1 212 555 1002"}), phone("mobile")];
        assert_eq!(entries(&rig, &google, "phoneNumbers"), both, "late: {late}");
        rig.agree(1);
    }
    // One number under two labels of the person is one field of Zoho.
    for late in [false, true] {
        let (rig, mut record, google) = pair(&[]).await;
        if late {
            edit(&rig, &google, "phoneNumbers", &[phone("work"), phone("mobile")]);
        } else {
            let fields = json!({"organizations": [{"title": "Baker"}], "names": [{"familyName": "Vell"}],
                                "phoneNumbers": [phone("work"), phone("mobile")]});
            rig.act(Side::Google, json!({"op": "create", "fields": fields}));
        }
        rig.settle().await;
        if !late {
            record = rig.find(Side::Zoho, "Title", "Baker");
        }
        assert_eq!(zoho(&rig, &record, "Phone").as_deref(), Some(number), "late: {late}");
        assert_eq!(zoho(&rig, &record, "Mobile"), None, "late: {late}");
    }
}

#[tokio::test]
async fn a_first_match_finds_the_value_under_another_label() {
    for winner in ["zoho", "google"] {
        let rig = Rig::new().await;
        let number = "+1 212 555 1001";
        let fields = [("Last_Name", "Byron"), ("Email", "a@a.test"), ("Phone", number)];
        let record = rig.add(Side::Zoho, &card(&fields));
        let phones =
            [json!({"type": "main", "value": number}), json!({"value": "+1 212 555 1002"})];
        let person = json!({"names": [{"familyName": "Byron"}], "phoneNumbers": phones,
                            "emailAddresses": [{"type": "work", "value": "a@a.test"}]});
        let google = id(&rig.act(Side::Google, json!({"op": "create", "fields": person})));
        rig.contacts(json!({"conflict_winner": winner})).await;
        rig.settle().await;
        assert_eq!(entries(&rig, &google, "phoneNumbers"), phones, "{winner}");
        assert_eq!(zoho(&rig, &record, "Phone").as_deref(), Some(number), "{winner}");
        assert_eq!(zoho(&rig, &record, "Mobile").as_deref(), Some("+1 212 555 1002"), "{winner}");
    }
}

/// One entry without a label, and a value of another place in Zoho whose first place is empty.
#[tokio::test]
async fn an_entry_without_a_label_overwrites_nothing() {
    let number = |n: usize| format!("+1 212 555 100{n}");
    let cases = [
        ("phoneNumbers", "value", ["Phone", "Mobile"], "mobile", [number(1), number(2)]),
        (
            "emailAddresses",
            "value",
            ["Email", "Secondary_Email"],
            "home",
            ["a@a.test", "s@a.test"].map(String::from),
        ),
        (
            "addresses",
            "city",
            ["Mailing_City", "Other_City"],
            "home",
            ["Kyoto", "Osaka"].map(String::from),
        ),
    ];
    for (list, part, fields, label, [loose, known]) in cases {
        for winner in ["zoho", "google"] {
            for met in [true, false] {
                let what = format!("{list}, {winner}, they meet: {met}");
                // They are told by their number where it is about an e-mail, else by that.
                let key = match list {
                    "emailAddresses" => ("Phone", "+1 212 555 9001"),
                    _ => ("Email", "ada@a.test"),
                };
                let rig = Rig::new().await;
                let who = card(&[("First_Name", "Ada"), ("Last_Name", "Byron"), key]);
                let [record, google] = Side::BOTH.map(|side| rig.add(side, &who));
                let meet = || rig.contacts(json!({"conflict_winner": winner}));
                if !met {
                    meet().await;
                    rig.settle().await;
                }
                edit(&rig, &google, list, &[json!({part: loose})]);
                let set = json!({fields[1]: known});
                rig.act(
                    Side::Zoho,
                    json!({"op": "edit", "module": "Contacts", "record": record, "fields": set}),
                );
                if met {
                    meet().await;
                }
                rig.settle().await;
                let there = fields.map(|field| zoho(&rig, &record, field));
                assert_eq!(there, [Some(loose.clone()), Some(known.clone())], "{what}");
                let both = [json!({part: loose}), json!({"type": label, part: known})];
                assert_eq!(entries(&rig, &google, list), both, "{what}");
                let run = rig.synced().await;
                assert_eq!((wrote(&run), run.review), (0, 0), "{what}: {run:?}");
            }
        }
    }
}

/// Where Zoho fills every place, an entry without a label stays beside them, edited or not.
#[tokio::test]
async fn an_entry_for_which_no_place_is_empty_stays() {
    let fields = ["Phone", "Mobile", "Home_Phone", "Other_Phone", "Fax"];
    // The same number twice in Zoho is one in Google: that place is not sent, and is full.
    for twice in [false, true] {
        let number = |n: usize| format!("+1 212 555 200{}", if twice && n == 1 { 0 } else { n });
        let values: Vec<String> = (0..fields.len()).map(number).collect();
        let all = fields.iter().copied().zip(values.iter().map(String::as_str));
        let all: Vec<(&str, &str)> = all.collect();
        let (rig, record, google) = pair(&[]).await;
        edit(&rig, &google, "phoneNumbers", &[json!({"value": "+1 212 555 1001"})]);
        let set: Map<String, Value> =
            all.iter().map(|(field, value)| ((*field).to_owned(), json!(value))).collect();
        rig.act(
            Side::Zoho,
            json!({"op": "edit", "module": "Contacts", "record": record, "fields": set}),
        );
        for loose in ["+1 212 555 1001", "+1 212 555 1002"] {
            let mut there = entries(&rig, &google, "phoneNumbers");
            there[0] = json!({"value": loose});
            edit(&rig, &google, "phoneNumbers", &there);
            rig.settle().await;
            for (field, value) in &all {
                assert_eq!(zoho(&rig, &record, field).as_deref(), Some(*value), "{twice} {field}");
            }
            let there = entries(&rig, &google, "phoneNumbers");
            assert_eq!(there[0], json!({"value": loose}), "{twice}");
            assert_eq!(there.len(), if twice { 5 } else { 6 }, "{twice}: {there:?}");
        }
    }
}

/// Two labels that changed places in Google are meant, whatever kind of entry they are of.
#[tokio::test]
async fn two_labels_that_change_places_change_the_values_in_zoho() {
    for (list, part, fields, labels, values) in [
        (
            "phoneNumbers",
            "value",
            ["Phone", "Home_Phone"],
            ["work", "home"],
            ["+1 212 555 1001", "+1 212 555 1002"],
        ),
        (
            "phoneNumbers",
            "value",
            ["Phone", "Mobile"],
            ["work", "mobile"],
            ["+1 212 555 1001", "+1 212 555 1002"],
        ),
        (
            "emailAddresses",
            "value",
            ["Email", "Secondary_Email"],
            ["work", "home"],
            ["a@a.test", "b@a.test"],
        ),
        ("addresses", "city", ["Mailing_City", "Other_City"], ["work", "home"], ["Kyoto", "Osaka"]),
    ] {
        let (rig, record, google) = pair(&[(fields[0], values[0]), (fields[1], values[1])]).await;
        let entry = |at: usize, value: usize| json!({"type": labels[at], part: values[value]});
        edit(&rig, &google, list, &[entry(1, 0), entry(0, 1)]);
        rig.settle().await;
        let there = fields.map(|field| zoho(&rig, &record, field));
        let exchanged = [values[1], values[0]].map(|value| Some(value.to_owned()));
        assert_eq!(there, exchanged, "{fields:?}");
        assert_eq!(entries(&rig, &google, list), [entry(1, 0), entry(0, 1)], "{fields:?}");
    }
}

#[tokio::test]
async fn a_row_that_points_elsewhere_keeps_following_its_entry() {
    let (old, new) = ("+1 212 555 1001", "+1 212 555 1002");
    // The label when the row is moved, and the one that comes with the new number.
    for first in ["mobile", "villa", ""] {
        for label in ["", "villa", "pager", "mobile", "main"] {
            for beside in [false, true] {
                let what = format!("{first:?}, then {label:?}, another beside: {beside}");
                let work = json!({"type": "work", "value": "+1 212 555 2001"});
                let mut fields = vec![("Mobile", old)];
                fields.extend(beside.then_some(("Phone", "+1 212 555 2001")));
                let (rig, record, google) = pair(&fields).await;
                let phones = |label: &str, number: &str| {
                    let phone = match label {
                        "" => json!({"value": number}),
                        label => json!({"type": label, "value": number}),
                    };
                    let all = beside.then(|| work.clone()).into_iter().chain([phone]);
                    all.collect::<Vec<Value>>()
                };
                edit(&rig, &google, "phoneNumbers", &phones(first, old));
                rig.settle().await;
                let rows = super::rows::mapping(&[("Mobile", "phoneNumbers[main]")]);
                rig.contacts(json!({"mapping": rows})).await;
                rig.settle().await;
                edit(&rig, &google, "phoneNumbers", &phones(label, new));
                rig.settle().await;
                assert_eq!(zoho(&rig, &record, "Mobile").as_deref(), Some(new), "{what}");
                assert_eq!(zoho(&rig, &record, "Phone").is_some(), beside, "{what}");
                assert_eq!(entries(&rig, &google, "phoneNumbers"), phones(label, new), "{what}");
            }
        }
    }
}

#[tokio::test]
async fn a_number_that_is_edited_while_its_row_is_moved_empties_nothing() {
    let (old, new) = ("+1 212 555 1001", "+1 212 555 1002");
    for winner in ["zoho", "google"] {
        for label in ["", "villa", "mobile", "main"] {
            let what = format!("under {label:?}, {winner} wins");
            let (rig, record, google) = pair(&[("Mobile", old)]).await;
            let rows = super::rows::mapping(&[("Mobile", "phoneNumbers[main]")]);
            rig.contacts(json!({"mapping": rows, "conflict_winner": winner})).await;
            let phone = match label {
                "" => json!({"value": new}),
                label => json!({"type": label, "value": new}),
            };
            edit(&rig, &google, "phoneNumbers", &[phone]);
            rig.settle().await;
            assert!(zoho(&rig, &record, "Mobile").is_some(), "{what}");
            let all = entries(&rig, &google, "phoneNumbers");
            let there = |number: &str| all.iter().any(|entry| entry["value"] == number);
            let known = ["Mobile", "Phone"].map(|field| zoho(&rig, &record, field));
            let typed = there(new) || known.iter().flatten().any(|number| number == new);
            // What stands in the place itself is a difference.
            let lost = winner == "zoho" && label == "main";
            assert!(typed != lost, "{what}: {all:?} {known:?}");
        }
    }
}
