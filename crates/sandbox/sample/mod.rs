//! Who lives in the sandbox at the start: made-up people, the same every time.

mod card;
mod google;
mod names;
mod zoho;

use card::{Card, card};

use crate::People;
use crate::clock::DAY;
use crate::google::oauth::Auth as GoogleAuth;
use crate::google::store::Store;
use crate::google::{Account, Google};
use crate::zoho::Zoho;
use crate::zoho::oauth::Auth as ZohoAuth;
use crate::zoho::store::Org;

/// Contacts on both sides in the sample.
pub(crate) const SHARED: usize = 120;
/// Contacts on one side only, beside the oddities.
const APART: usize = 95;
/// Leads and vendors.
const LEADS: usize = 48;
const VENDORS: usize = 30;

/// Both sides with their people.
pub(crate) fn people(people: &People, now: i64) -> (Google, Zoho) {
    let account = |n: u64, name: &str, email: &str| Account {
        sub: format!("11780000000000000{n:04}"),
        email: email.to_owned(),
        name: name.to_owned(),
        store: Store::new(),
    };
    let mut google = Google {
        accounts: vec![
            account(1, "Sora Sales", "sora.sales@gmail.example"),
            account(2, "Second Sora", "sora.second@gmail.example"),
        ],
        auth: GoogleAuth::new(11),
        quota: crate::google::quota::Quota::default(),
        generation: 1,
        base: String::new(),
        calls: 0,
    };
    let mut zoho = Zoho {
        orgs: vec![
            Org::new(1, "Aozora Trading", "sora@aozora.example"),
            Org::new(2, "Second Company", "sora@second.example"),
        ],
        auth: ZohoAuth::new(12),
        hosts: std::collections::BTreeMap::new(),
    };
    if let (Some(account), Some(org)) = (google.accounts.first_mut(), zoho.orgs.first_mut()) {
        match people {
            People::Empty => {}
            People::Sample => sample(&mut account.store, org, now),
            People::Generated { count, shared, seed } => {
                generated(&mut account.store, org, now, *count, *shared, *seed)
            }
        }
    }
    (google, zoho)
}

/// Changes spread over the last 300 days, so that daylight saving begins and ends among them.
fn day(now: i64, n: usize, of: usize) -> i64 {
    let n = i64::try_from(n).unwrap_or(0);
    let of = i64::try_from(of.max(1)).unwrap_or(1);
    now - 300 * DAY + n * (299 * DAY / of)
}

/// What differs on the Zoho side of some shared contacts.
fn differing(mut card: Card) -> Card {
    match card.number % 12 {
        3 => card.mobile = "+1 971-555-0100".to_owned(),
        7 => {
            card.title = if card.japanese { "本部長".to_owned() } else { "Director".to_owned() }
        }
        9 => card.home_email = String::new(),
        11 => card.note = "Called twice.\nWants an offer.".to_owned(),
        _ => {}
    }
    card
}

fn labels(card: &Card) -> Vec<&'static str> {
    let mut labels = Vec::new();
    if card.rank == "VIP" {
        labels.push("VIP");
    }
    if card.number.is_multiple_of(6) {
        labels.push("Customers");
    }
    labels
}

fn sample(store: &mut Store, org: &mut Org, now: i64) {
    let seed = 2026;
    let mut accounts = zoho::Accounts::default();
    let total = SHARED + APART;
    for n in 0..SHARED {
        let card = card(n, seed);
        google::add(store, &google::person(&card), &labels(&card), day(now, n, total));
        let other = differing(card);
        let account = accounts.of(org, &other.company, day(now, 0, total));
        zoho::add(org, "Contacts", &zoho::contact(&other, account), n, day(now, n, total));
    }
    for n in 0..APART {
        let mut card = card(1000 + n, seed);
        if n.is_multiple_of(9) {
            card.email.clear();
        }
        google::add(store, &google::person(&card), &labels(&card), day(now, SHARED + n, total));
    }
    for n in 0..APART {
        let mut card = card(2000 + n, seed);
        if n.is_multiple_of(9) {
            card.email.clear();
        }
        let account = accounts.of(org, &card.company, day(now, 0, total));
        zoho::add(org, "Contacts", &zoho::contact(&card, account), n, day(now, SHARED + n, total));
    }
    for (person, labels) in google::oddities() {
        google::add(store, &person, &labels, day(now, total, total));
    }
    google::link_profiles(store, day(now, total, total));
    for (n, fields) in zoho::oddities().iter().enumerate() {
        zoho::add(org, "Contacts", fields, n, day(now, total, total));
    }
    for n in 0..LEADS {
        zoho::add(org, "Leads", &zoho::lead(&card(3000 + n, seed)), n, day(now, n, LEADS));
    }
    let kinds = ["Supply", "Parts", "Works"];
    for n in 0..VENDORS {
        let card = card(4000 + n, seed);
        let name =
            format!("{} {}", card.company, kinds.get(n % kinds.len()).copied().unwrap_or(""));
        zoho::add(org, "Vendors", &zoho::vendor(&card, &name), n, day(now, n, VENDORS));
    }
}

/// Both sides are made at once, on two threads: made-up people come in tens of thousands.
fn generated(store: &mut Store, org: &mut Org, now: i64, count: usize, shared: usize, seed: u64) {
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for n in 0..count {
                google::add(store, &google::person(&card(n, seed)), &[], day(now, n, count));
            }
        });
        let mut accounts = zoho::Accounts::default();
        for n in 0..count {
            let card = card(if n < shared { n } else { count + n }, seed);
            let account = accounts.of(org, &card.company, day(now, 0, count));
            zoho::add(org, "Contacts", &zoho::contact(&card, account), n, day(now, n, count));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_whole() {
        let now = 1_800_000_000 * crate::clock::SECOND;
        let (google, zoho) = people(&People::Sample, now);
        let store = &google.accounts[0].store;
        let contacts = &zoho.orgs[0].modules["Contacts"];
        assert_eq!(store.alive, SHARED + APART + google::oddities().len());
        assert_eq!(contacts.records.len(), SHARED + APART + zoho::oddities().len());
        let bare =
            store.people.values().filter_map(|e| e.now.as_ref()).filter(|r| r.fields.is_empty());
        assert_eq!(bare.count(), 1, "one contact of the sample is empty on purpose, no other");
        let text: Vec<String> = store
            .people
            .values()
            .filter_map(|e| e.now.as_ref()?.fields.get(&crate::google::field::Field::EMAILS))
            .map(|t| t.to_lowercase())
            .collect();
        let both = contacts.by_email.keys().filter(|e| {
            text.iter().any(|t| t.contains(&format!("\"value\":\"{e}\"")) && t.contains("work"))
        });
        assert_eq!(both.count(), SHARED);
        assert_eq!(people(&People::Sample, now).1.orgs[0].modules["Leads"].records.len(), LEADS);
        assert_eq!(zoho.orgs[0].modules["Vendors"].records.len(), VENDORS);
    }
}
