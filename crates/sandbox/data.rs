//! The data file of `--data`: people for both sides.
//!
//! ```json
//! {"google": {"labels": ["VIP"],
//!             "people": [{"names": [{"givenName": "Aya"}], "emailAddresses": [{"value": "aya@a.test", "type": "work"}], "labels": ["VIP"]}]},
//!  "zoho": {"Contacts": [{"Last_Name": "Doe", "Email": "doe@a.test", "Account_Name": "Acme"}], "Leads": [], "Vendors": [], "Accounts": []}}
//! ```
//!
//! A Google person is a Person of the People API, with `labels` by name beside its fields. A Zoho
//! record holds values by api_name; `id` may be given, accounts stand by their name.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::google::Google;
use crate::google::actions::{fill, label_id};
use crate::google::store::{MY_CONTACTS, Record};
use crate::zoho::Zoho;
use crate::zoho::actions::create;
use crate::zoho::store::ME;

/// Why a data file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// It cannot be read.
    #[error("{}: cannot be read ({error}); check the path given to --data", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It is not the JSON that is expected.
    #[error("{}, line {line}: {what}; correct the file there (crates/sandbox/README.md shows the form)", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// One of its people does not fit the service.
    #[error("{}: {what}; correct that entry (crates/sandbox/README.md shows the form)", path.display())]
    Misfit {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        what: String,
    },
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    google: GoogleData,
    zoho: ZohoData,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct GoogleData {
    labels: Vec<String>,
    people: Vec<Map<String, Value>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "PascalCase")]
struct ZohoData {
    accounts: Vec<Map<String, Value>>,
    vendors: Vec<Map<String, Value>>,
    contacts: Vec<Map<String, Value>>,
    leads: Vec<Map<String, Value>>,
}

/// Adds the people of a file to both sides.
///
/// # Errors
/// The file cannot be read, is malformed, or holds people that do not fit.
pub(crate) fn load(
    path: &Path,
    google: &mut Google,
    zoho: &mut Zoho,
    now: i64,
) -> Result<(), DataError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| DataError::Unreadable { path: path.to_owned(), error })?;
    let file: File = serde_json::from_str(&text).map_err(|error| DataError::Malformed {
        path: path.to_owned(),
        line: error.line(),
        what: error.to_string(),
    })?;
    let misfit = |what: String| DataError::Misfit { path: path.to_owned(), what };
    if let Some(account) = google.accounts.first_mut() {
        let store = &mut account.store;
        for label in &file.google.labels {
            label_id(store, label, now);
        }
        for (n, mut person) in file.google.people.into_iter().enumerate() {
            let id = store.take_id();
            let mut record = Record { id, ..Record::default() };
            record.groups.insert(MY_CONTACTS.to_owned());
            let labels = person.remove("labels");
            for label in labels
                .as_ref()
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
            {
                record.groups.insert(label_id(store, label, now));
            }
            fill(&mut record, &person, "JP")
                .map_err(|e| misfit(format!("google.people, entry {}: {e}", n + 1)))?;
            store.put(id, Some(record), now);
        }
    }
    if let Some(org) = zoho.orgs.first_mut() {
        let all = [
            ("Accounts", file.zoho.accounts),
            ("Vendors", file.zoho.vendors),
            ("Contacts", file.zoho.contacts),
            ("Leads", file.zoho.leads),
        ];
        for (module, records) in all {
            for (n, record) in records.into_iter().enumerate() {
                create(org, module, &record, ME, now)
                    .map_err(|e| misfit(format!("zoho.{module}, entry {}: {e}", n + 1)))?;
            }
        }
    }
    Ok(())
}
