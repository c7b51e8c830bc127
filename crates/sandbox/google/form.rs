//! The form of one contact: every field that can be mapped, with several entries where there may be.

use serde_json::{Map, Value, json};

use super::field::Field;
use super::person::accept;
use super::store::{Record, Store};
use crate::html::esc;
use crate::http::field;
use crate::switches::GoogleSwitches;

const NAMES: [(&str, &str); 7] = [
    ("familyName", "Last name"),
    ("givenName", "First name"),
    ("middleName", "Middle name"),
    ("honorificPrefix", "Prefix"),
    ("honorificSuffix", "Suffix"),
    ("phoneticFamilyName", "Phonetic last name"),
    ("phoneticGivenName", "Phonetic first name"),
];

/// List fields of a value and a type: People API name, prefix of the inputs, label, key of the value, known types.
const TYPED: [(&str, &str, &str, &str, &str); 3] = [
    ("emailAddresses", "email", "E-mail", "value", "work home other"),
    (
        "phoneNumbers",
        "phone",
        "Phone",
        "value",
        "work mobile home main workFax homeFax other pager workMobile",
    ),
    ("urls", "url", "Website", "value", "work homePage blog profile other"),
];

const ADDRESS: [(&str, &str, &str); 7] = [
    ("street", "streetAddress", "Street"),
    ("extended", "extendedAddress", "Street, line 2"),
    ("city", "city", "City"),
    ("region", "region", "State"),
    ("postal", "postalCode", "Postal code"),
    ("country", "country", "Country"),
    ("type", "type", "Type"),
];

const ORGANIZATION: [(&str, &str, &str); 3] = [
    ("org-name", "name", "Company"),
    ("org-title", "title", "Job title"),
    ("org-department", "department", "Department"),
];

/// A field's items as the API would accept them: without what the server adds.
fn items(record: Option<&Record>, field: &str) -> Vec<Value> {
    let Some((record, field)) = record.zip(Field::named(field)) else { return Vec::new() };
    let free = GoogleSwitches {
        organization_dates_fail: false,
        text_birthdays_fail: false,
        ..GoogleSwitches::default()
    };
    let mut items =
        accept(field, Some(&Value::Array(record.items(field))), &free).unwrap_or_default();
    for item in items.iter_mut().filter_map(Value::as_object_mut) {
        if field == Field::ADDRESSES {
            item.remove("formattedValue");
        }
        if field == Field::NAMES {
            item.remove("unstructuredName");
        }
    }
    items
}

fn text(item: Option<&Value>, key: &str) -> String {
    let value = item.and_then(|i| i.get(key));
    value
        .and_then(Value::as_str)
        .map(str::to_owned)
        .or_else(|| value.and_then(Value::as_i64).map(|n| n.to_string()))
        .unwrap_or_default()
}

fn input(id: &str, label: &str, value: &str) -> String {
    format!(
        "<label for=\"{id}\">{label}</label><input type=\"text\" id=\"{id}\" name=\"{id}\" value=\"{}\">",
        esc(value)
    )
}

fn bare(id: &str, label: &str, value: &str, extra: &str) -> String {
    format!(
        "<input type=\"text\" id=\"{id}\" name=\"{id}\" value=\"{}\" placeholder=\"{label}\" aria-label=\"{label}\"{extra}>",
        esc(value)
    )
}

/// The form's HTML.
pub(crate) fn render(store: &Store, record: Option<&Record>, title: &str) -> String {
    let mut out =
        format!("<h1>{}</h1><form method=\"post\" action=\"/ui/save\" class=\"card\">", esc(title));
    if let Some(record) = record {
        out.push_str(&format!(
            "<input type=\"hidden\" name=\"id\" value=\"people/c{}\">",
            record.id
        ));
    }
    let name = items(record, "names");
    out.push_str("<h2>Name</h2><div class=\"grid\">");
    for (key, label) in NAMES {
        out.push_str(&input(key, label, &text(name.first(), key)));
    }
    out.push_str(&input(
        "nickname",
        "Nickname",
        &text(items(record, "nicknames").first(), "value"),
    ));
    out.push_str("</div><h2>Company</h2><div class=\"grid\">");
    let organizations = items(record, "organizations");
    for (id, key, label) in ORGANIZATION {
        out.push_str(&input(id, label, &text(organizations.first(), key)));
    }
    out.push_str("</div>");
    for (field, prefix, label, key, types) in TYPED {
        let options: String = types.split(' ').map(|t| format!("<option value=\"{t}\">")).collect();
        out.push_str(&format!(
            "<h2>{label}</h2><datalist id=\"{prefix}-types\">{options}</datalist>"
        ));
        let list = items(record, field);
        for n in 0..list.len() + 2 {
            let item = list.get(n);
            let kind = bare(
                &format!("{prefix}-{n}-type"),
                "Type",
                &text(item, "type"),
                &format!(" list=\"{prefix}-types\" class=\"kind\""),
            );
            out.push_str(&format!(
                "<div class=\"row\">{}{kind}</div>",
                bare(&format!("{prefix}-{n}"), label, &text(item, key), "")
            ));
        }
    }
    let addresses = items(record, "addresses");
    for n in 0..addresses.len() + 1 {
        out.push_str(&format!("<h2>Address {}</h2><div class=\"grid\">", n + 1));
        for (part, key, label) in ADDRESS {
            out.push_str(&input(
                &format!("address-{n}-{part}"),
                label,
                &text(addresses.get(n), key),
            ));
        }
        out.push_str("</div>");
    }
    let birthday = items(record, "birthdays");
    let date = birthday.first().and_then(|b| b.get("date"));
    out.push_str("<h2>Birthday</h2><div class=\"row\">");
    for (id, key, label) in [
        ("birthday-year", "year", "Year"),
        ("birthday-month", "month", "Month"),
        ("birthday-day", "day", "Day"),
    ] {
        out.push_str(&bare(id, label, &text(date, key), " inputmode=\"numeric\""));
    }
    out.push_str("</div><h2>Custom fields</h2>");
    let custom = items(record, "userDefined");
    for n in 0..custom.len() + 2 {
        let key = bare(&format!("custom-{n}-key"), "Name", &text(custom.get(n), "key"), "");
        out.push_str(&format!(
            "<div class=\"row\">{key}{}</div>",
            bare(&format!("custom-{n}-value"), "Value", &text(custom.get(n), "value"), "")
        ));
    }
    let note = text(items(record, "biographies").first(), "value");
    out.push_str(&format!("<h2><label for=\"biography\">Notes</label></h2><textarea id=\"biography\" name=\"biography\">\n{}</textarea>", esc(&note)));
    out.push_str(&labels(store, record));
    out.push_str("<div class=\"actions\"><a class=\"button\" href=\"/\">Cancel</a><button class=\"main\" id=\"save\">Save</button></div></form>");
    if let Some(record) = record {
        out.push_str(&format!(
            "<form method=\"post\" action=\"/ui/delete\"><input type=\"hidden\" name=\"id\" value=\"people/c{}\"><button class=\"danger\" id=\"delete\">Move to bin</button></form>",
            record.id
        ));
    }
    out
}

fn labels(store: &Store, record: Option<&Record>) -> String {
    let own =
        store.groups.values().filter(|g| !g.deleted).map(|g| (g.id.as_str(), g.name.as_str()));
    let boxes: String = own
        .chain([("starred", "Starred")])
        .map(|(id, name)| {
            let ticked = if record.is_some_and(|r| r.groups.contains(id)) { " checked" } else { "" };
            format!(
                "<label class=\"pill\"><input type=\"checkbox\" id=\"label-{}\" name=\"label\" value=\"{}\"{ticked}> {}</label>",
                esc(id),
                esc(id),
                esc(name)
            )
        })
        .collect();
    format!("<h2>Labels</h2><p>{boxes}</p>")
}

/// An old item with some keys set anew; an empty text takes the key away.
fn changed(old: Option<&Value>, set: &[(&str, String)]) -> Map<String, Value> {
    let mut item = old.and_then(Value::as_object).cloned().unwrap_or_default();
    for (key, value) in set {
        if value.is_empty() {
            item.remove(*key);
        } else {
            item.insert((*key).to_owned(), json!(value));
        }
    }
    item
}

/// The fields of a sent form that differ from the contact as it is.
pub(crate) fn read(values: &[(String, String)], record: Option<&Record>) -> Map<String, Value> {
    let get = |id: &str| field(values, id).map(|t| t.replace("\r\n", "\n")).unwrap_or_default();
    let mut out = Map::new();
    let mut put = |name: &str, new: Vec<Value>| {
        if new != items(record, name) {
            out.insert(name.to_owned(), Value::Array(new));
        }
    };
    let kept =
        |item: Map<String, Value>| if item.is_empty() { None } else { Some(Value::Object(item)) };

    let names: Vec<(&str, String)> = NAMES.iter().map(|(key, _)| (*key, get(key))).collect();
    put("names", kept(changed(items(record, "names").first(), &names)).into_iter().collect());
    for (name, key, id) in
        [("nicknames", "value", "nickname"), ("biographies", "value", "biography")]
    {
        let old = items(record, name);
        let value = get(id);
        let mut list = old.clone();
        if value.is_empty() {
            list = list.split_off(1.min(list.len()));
        } else if let Some(first) = list.first_mut() {
            *first = Value::Object(changed(old.first(), &[(key, value)]));
        } else {
            list.push(json!({key: value}));
        }
        put(name, list);
    }
    let mut organizations = items(record, "organizations");
    let set: Vec<(&str, String)> =
        ORGANIZATION.iter().map(|(id, key, _)| (*key, get(id))).collect();
    let first = changed(organizations.first(), &set);
    let rest = organizations.split_off(1.min(organizations.len()));
    put("organizations", kept(first).into_iter().chain(rest).collect());
    for (name, prefix, _, key, _) in TYPED {
        let old = items(record, name);
        let rows = (0..old.len() + 2).filter_map(|n| {
            let value = get(&format!("{prefix}-{n}"));
            (!value.is_empty()).then(|| {
                Value::Object(changed(
                    old.get(n),
                    &[(key, value), ("type", get(&format!("{prefix}-{n}-type")))],
                ))
            })
        });
        put(name, rows.collect());
    }
    let old = items(record, "addresses");
    let rows = (0..old.len() + 1).filter_map(|n| {
        let set: Vec<(&str, String)> = ADDRESS
            .iter()
            .map(|(part, key, _)| (*key, get(&format!("address-{n}-{part}"))))
            .collect();
        let any = set.iter().any(|(key, value)| *key != "type" && !value.is_empty());
        let country_same = text(old.get(n), "country") == get(&format!("address-{n}-country"));
        let mut item = changed(old.get(n), &set);
        if !country_same {
            item.remove("countryCode");
        }
        (any || item.contains_key("poBox")).then_some(Value::Object(item))
    });
    put("addresses", rows.collect());
    let number = |id: &str| get(id).trim().parse::<i64>().ok();
    let old = items(record, "birthdays");
    let birthdays =
        match (number("birthday-year"), number("birthday-month"), number("birthday-day")) {
            (Some(year), Some(month), Some(day)) => {
                vec![json!({"date": {"year": year, "month": month, "day": day}})]
            }
            (None, Some(month), Some(day)) => vec![json!({"date": {"month": month, "day": day}})],
            (Some(_) | None, _, _) if old.first().is_some_and(|b| b.get("date").is_none()) => {
                old.clone()
            }
            (Some(_) | None, _, _) => Vec::new(),
        };
    let same_day =
        birthdays.first().and_then(|b| b.get("date")) == old.first().and_then(|b| b.get("date"));
    put("birthdays", if same_day { old } else { birthdays });
    let old = items(record, "userDefined");
    let rows = (0..old.len() + 2).filter_map(|n| {
        let key = get(&format!("custom-{n}-key"));
        (!key.is_empty()).then(|| {
            Value::Object(changed(
                old.get(n),
                &[("key", key), ("value", get(&format!("custom-{n}-value")))],
            ))
        })
    });
    put("userDefined", rows.collect());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::People;
    use crate::sample::people;

    #[test]
    fn a_form_sent_back_unchanged_changes_nothing() {
        let (google, _) = people(&People::Sample, 1_800_000_000_000_000);
        let store = &google.accounts[0].store;
        for record in store.people.values().filter_map(|e| e.now.as_deref()) {
            let html = render(store, Some(record), "");
            let mut values = Vec::new();
            for part in html.split("<input ").skip(1) {
                let attribute = |name: &str| {
                    let start = part.split(&format!(" {name}=\"")).nth(1)?;
                    Some(
                        start
                            .split('"')
                            .next()?
                            .replace("&quot;", "\"")
                            .replace("&#39;", "'")
                            .replace("&lt;", "<")
                            .replace("&gt;", ">")
                            .replace("&amp;", "&"),
                    )
                };
                values.extend(attribute("name").zip(attribute("value")));
            }
            let note = html
                .split("name=\"biography\">\n")
                .nth(1)
                .and_then(|t| t.split("</textarea>").next())
                .unwrap_or("");
            values.push((
                "biography".to_owned(),
                note.replace('\n', "\r\n").replace("&#39;", "'").replace("&amp;", "&"),
            ));
            assert_eq!(read(&values, Some(record)), Map::new(), "people/c{}", record.id);
        }
    }
}
