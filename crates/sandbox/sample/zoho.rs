//! People as Zoho has them: contacts, leads, vendors, and the accounts they belong to.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::card::Card;
use crate::zoho::actions::create;
use crate::zoho::store::{COLLEAGUE, ME, Org};

/// Writes only what is there.
fn filled(pairs: &[(&str, &str)]) -> Map<String, Value> {
    pairs.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| ((*k).to_owned(), json!(v))).collect()
}

/// A card as a contact; `account` is the id of its company.
pub(crate) fn contact(card: &Card, account: Option<u64>) -> Map<String, Value> {
    let mut out = filled(&[
        ("First_Name", &card.given),
        ("Last_Name", &card.family),
        ("Email", &card.email),
        ("Secondary_Email", &card.home_email),
        ("Phone", &card.phone),
        ("Mobile", &card.mobile),
        ("Home_Phone", &card.home_phone),
        ("Fax", &card.fax),
        ("Title", &card.title),
        ("Department", &card.department),
        ("Description", &card.note),
        ("Loyalty_ID", &card.loyalty),
        ("Customer_Rank", &card.rank),
        ("Last_Name_Furigana", &card.family_kana),
        ("First_Name_Furigana", &card.given_kana),
    ]);
    for (place, prefix) in [(&card.work, "Mailing"), (&card.home, "Other")] {
        if let Some((street, city, state, zip, country)) = place {
            for (part, value) in [
                ("Street", street),
                ("City", city),
                ("State", state),
                ("Zip", zip),
                ("Country", country),
            ] {
                out.insert(format!("{prefix}_{part}"), json!(value));
            }
        }
    }
    if let Some((Some(year), month, day)) = card.birthday {
        out.insert("Date_of_Birth".to_owned(), json!(format!("{year:04}-{month:02}-{day:02}")));
    }
    if let Some(id) = account {
        out.insert("Account_Name".to_owned(), json!({"id": id.to_string()}));
    }
    out
}

/// The accounts of companies, by name.
#[derive(Debug, Default)]
pub(crate) struct Accounts(BTreeMap<String, u64>);

impl Accounts {
    pub(crate) fn of(&mut self, org: &mut Org, name: &str, at: i64) -> Option<u64> {
        if name.is_empty() {
            return None;
        }
        if let Some(id) = self.0.get(name) {
            return Some(*id);
        }
        let id = create(org, "Accounts", &filled(&[("Account_Name", name)]), ME, at).ok()?;
        self.0.insert(name.to_owned(), id);
        Some(id)
    }
}

/// Adds a record; what does not fit is left out (the sample's own test says that nothing is).
pub(crate) fn add(
    org: &mut Org,
    module: &str,
    fields: &Map<String, Value>,
    number: usize,
    at: i64,
) {
    let by = if number.is_multiple_of(4) { COLLEAGUE } else { ME };
    let _ = create(org, module, fields, by, at);
}

/// A card as a lead.
pub(crate) fn lead(card: &Card) -> Map<String, Value> {
    let statuses = ["Not Contacted", "Contacted", "Pre-Qualified", "Attempted to Contact"];
    let status = statuses.get(card.number % statuses.len()).copied().unwrap_or("Contacted");
    let rating = if card.number.is_multiple_of(3) { "Active" } else { "" };
    let website =
        card.email.rsplit('@').next().map(|d| format!("https://www.{d}")).unwrap_or_default();
    let mut out = filled(&[
        ("First_Name", &card.given),
        ("Last_Name", &card.family),
        ("Company", &card.company),
        ("Designation", &card.title),
        ("Email", &card.email),
        ("Phone", &card.phone),
        ("Mobile", &card.mobile),
        ("Fax", &card.fax),
        ("Website", &website),
        ("Description", &card.note),
        ("Lead_Status", status),
        ("Rating", rating),
    ]);
    if let Some((street, city, state, zip, country)) = &card.work {
        for (part, value) in [
            ("Street", street),
            ("City", city),
            ("State", state),
            ("Zip_Code", zip),
            ("Country", country),
        ] {
            out.insert(part.to_owned(), json!(value));
        }
    }
    out
}

/// A card's company as a vendor.
pub(crate) fn vendor(card: &Card, name: &str) -> Map<String, Value> {
    let mut out = filled(&[
        ("Vendor_Name", name),
        ("Email", &card.email),
        ("Phone", &card.phone),
        (
            "Website",
            &format!("https://{}", card.email.rsplit('@').next().unwrap_or("vendor.example")),
        ),
        ("Category", if card.number.is_multiple_of(2) { "Hardware" } else { "Services" }),
        ("Description", &card.note),
        ("Vendor_Code", &format!("V-{:04}", card.number)),
    ]);
    if let Some((street, city, state, zip, country)) = &card.work {
        for (part, value) in [
            ("Street", street),
            ("City", city),
            ("State", state),
            ("Zip_Code", zip),
            ("Country", country),
        ] {
            out.insert(part.to_owned(), json!(value));
        }
    }
    out
}

/// Contacts that test a client's manners.
pub(crate) fn oddities() -> Vec<Map<String, Value>> {
    let list = json!([
        {"Last_Name": "Nomail", "First_Name": "Nils", "Mobile": "+46 70 555 0199"},
        {"Last_Name": "(名前なし)", "Phone": "0120-999-888"},
        {"Last_Name": "حداد", "First_Name": "ليلى", "Mobile": "+962 6 555 0101"},
        {"Last_Name": "Emoji 🎌", "First_Name": "Eiko", "Email": "eiko@emoji.example", "Description": "line one\nline two\n\nline four"},
        {"Last_Name": "Shared", "First_Name": "One", "Email": "family@shared.example"},
        {"Last_Name": "Shared", "First_Name": "Two", "Email": "family@shared.example"},
        {"Last_Name": "Tagged", "First_Name": "Tilda", "Email": "tilda@tags.example", "Tag": ["fair", "newsletter"], "Interests": ["Tea", "Golf"], "Email_Opt_Out": true},
        {"Last_Name": "斎藤", "First_Name": "花子", "Email": "hanako.s@shared.example", "Last_Name_Furigana": "サイトウ", "First_Name_Furigana": "ハナコ", "Customer_Rank": "VIP"}
    ]);
    list.as_array()
        .map(|l| l.iter().filter_map(Value::as_object).cloned().collect())
        .unwrap_or_default()
}
