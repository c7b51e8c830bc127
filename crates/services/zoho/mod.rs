//! Zoho CRM v8: the calls.

mod accounts;
#[cfg(test)]
mod accounts_tests;
#[cfg(test)]
mod call_tests;
mod condition;
mod coql;
#[cfg(test)]
mod empty_tests;
#[cfg(test)]
mod error_tests;
mod errors;
mod facts;
mod id;
pub mod metadata;
mod page;
mod settings;
#[cfg(test)]
mod settings_tests;
pub mod wire;
#[cfg(test)]
mod wire_tests;
mod write;

#[cfg(test)]
pub(crate) use self::errors::judge as judged;

use std::sync::Arc;
use std::time::Instant;

use renraku_core::contact::Module;
use renraku_core::timestamp::Timestamp;
use serde::Deserialize;

use crate::error::{ENDLESS, broken};
use crate::received::Received;
use crate::zoho::condition::stamp;

pub use self::accounts::NewAccounts;
pub use self::condition::LookedUp;
use self::condition::Where;
use self::id::id;
use crate::answer::Answer;
use crate::answer::Effect;
use crate::auth::scopes;
use crate::auth::tokens::Tokens;
use crate::pagination::Pagination;
use crate::sender::{Call, Sender, ServicePolicy, with_query};
use crate::{Http, RemoteError, RetryBudget};
use renraku_core::message::Failure;

/// What stands before every path.
const ROOT: &str = "/crm/v8";
/// The most fields of one read of the list.
const FIELDS: usize = 50;
/// The most records of one page of the list.
const PAGE: &str = "200";
/// The most records that the list serves by page number; then by token.
const NUMBERED_PAGES: u32 = 10;
/// The most ids of one read.
const IDS: usize = 100;
/// What every read brings, whatever is mapped.
const ALWAYS: [&str; 2] = ["Modified_Time", "Created_By"];

/// One Zoho organisation, as one of its users. The API's address comes with the tokens.
pub struct Zoho {
    sender: Sender,
}

/// One page of records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordPage {
    /// The records.
    pub records: Vec<Received>,
    /// Whether this is the last page.
    pub last: bool,
    /// The server's clock when this read began (its `Date` header).
    pub server_time: Option<Timestamp>,
}

/// One entry of the deleted list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// The record.
    pub id: String,
    /// When it was deleted.
    pub at: Timestamp,
    /// Who deleted it, where Zoho tells.
    pub by_name: Option<String>,
    /// Whether it is in no bin: deleted for good, as a record that was merged into another one is.
    pub for_good: bool,
}

/// What a page of records is handed to.
pub type OnRecords<'a> = &'a mut (dyn FnMut(RecordPage) -> Result<(), Failure> + Send);

impl Zoho {
    /// A client of the account whose tokens these are.
    #[must_use]
    pub fn new(http: &Http, tokens: Arc<Tokens>, retry_budget: RetryBudget) -> Zoho {
        let policy = ServicePolicy {
            scheme: "Zoho-oauthtoken",
            // Every token response names the address; without one no call can be made.
            base: String::new(),
            // A 429 is mostly about calls at the same time: a second helps.
            pause: 2,
            judge: errors::judge,
            scope: |ask| {
                let path = ask.path.strip_prefix(ROOT).unwrap_or(&ask.path);
                scopes::of_call(&ask.method, path)
            },
        };
        Zoho { sender: Sender::new(http, tokens, policy, retry_budget) }
    }

    /// API requests made so far by this client, token traffic apart.
    #[must_use]
    pub fn requests(&self) -> u32 {
        self.sender.requests()
    }

    /// All records, or those changed at or after a time, in the order of their ids; `since` says how
    /// many are known to have been, as a read again begins before what was read last. `id`,
    /// `Modified_Time` and `Created_By` come along by themselves. Converted leads are left out.
    ///
    /// # Errors
    /// As every call; an error of `on_page` comes back as [`RemoteError::Local`].
    pub async fn records(
        &self,
        module: Module,
        fields: &[String],
        since: Option<(Timestamp, u32)>,
        on_page: OnRecords<'_>,
    ) -> Result<(), RemoteError> {
        let condition = match since {
            Some((since, known)) => Where::ModifiedSince(since, known),
            None => Where::All,
        };
        match self.query_all(module, fields, &condition, on_page).await {
            // The query language may be out of reach (edition, scope, a field it cannot select);
            // the list costs ten times the calls and always works.
            Err(RemoteError::Refused { .. } | RemoteError::ScopeMissing { .. }) => {
                let mut pairs = vec![("sort_by", "id"), ("sort_order", "asc")];
                if module == Module::Leads {
                    pairs.push(("converted", "false"));
                }
                self.list(module.api_name(), fields, &pairs, since.map(|(since, _)| since), on_page)
                    .await
            }
            done => done,
        }
    }

    /// All records of a custom view.
    ///
    /// # Errors
    /// [`RemoteError::Refused`] with field `cvid` where there is no such view.
    pub async fn view(
        &self,
        module: Module,
        view: &str,
        fields: &[String],
        on_page: OnRecords<'_>,
    ) -> Result<(), RemoteError> {
        self.list(module.api_name(), fields, &[("cvid", view)], None, on_page).await
    }

    /// The list, page by page: by number up to 2,000 records, by token from there.
    async fn list(
        &self,
        module: &str,
        fields: &[String],
        fixed: &[(&str, &str)],
        since: Option<Timestamp>,
        on_page: OnRecords<'_>,
    ) -> Result<(), RemoteError> {
        let parts = parts(fields, FIELDS);
        let mut tokens: Vec<Option<String>> = vec![None; parts.len()];
        let mut server_time = None;
        let mut pages = Pagination::default();
        for number in 1.. {
            let mut merged: Option<Vec<Received>> = None;
            let mut more = false;
            for (part, token) in parts.iter().zip(&mut tokens) {
                let joined = part.join(",");
                let number_text = number.to_string();
                let mut pairs = vec![("fields", joined.as_str()), ("per_page", PAGE)];
                pairs.extend(fixed);
                match token.as_deref() {
                    Some(token) if number > NUMBERED_PAGES => pairs.push(("page_token", token)),
                    Some(_) | None => pairs.push(("page", &number_text)),
                }
                let answer = self.list_page(module, &pairs, since).await?;
                server_time = server_time.or(answer.date);
                let page = page::page(&answer)?;
                let records = answer.contacts(page::records(&page))?;
                merged = Some(match merged {
                    None => {
                        more = page.info.more_records && !records.is_empty();
                        records
                    }
                    Some(first) => page::joined(first, &records),
                });
                *token = page.info.next_page_token;
            }
            let records = merged.unwrap_or_default();
            pages.page(records.iter().map(|record| record.id.as_str()), None)?;
            on_page(RecordPage { records, last: !more, server_time })?;
            if !more {
                break;
            }
        }
        Ok(())
    }

    async fn list_page(
        &self,
        module: &str,
        pairs: &[(&str, &str)],
        since: Option<Timestamp>,
    ) -> Result<Answer, RemoteError> {
        let path = with_query(&format!("{ROOT}/{module}"), pairs);
        let mut ask = Call::get(path);
        if let Some(since) = since {
            // The boundary is not documented (later, or later or equal): a second earlier is safe.
            let since = since.checked_sub(chrono::TimeDelta::seconds(1)).unwrap_or(since);
            ask = ask.with("If-Modified-Since", stamp(since));
        }
        let answer = self.sender.send(&ask).await?;
        if answer.ok() || answer.status == 304 { Ok(answer) } else { Err(errors::refused(&answer)) }
    }

    /// These records, converted leads too; missing ones are left out.
    ///
    /// # Errors
    /// As every call.
    pub async fn by_ids(
        &self,
        module: Module,
        ids: &[String],
        fields: &[String],
    ) -> Result<Vec<Received>, RemoteError> {
        let mut found = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(IDS) {
            let ids = chunk.join(",");
            let mut merged: Option<Vec<Received>> = None;
            for mut part in parts(fields, FIELDS - 1) {
                if module == Module::Leads {
                    part.push("Converted__s");
                }
                let joined = part.join(",");
                let mut pairs =
                    vec![("fields", joined.as_str()), ("ids", &ids), ("per_page", PAGE)];
                if module == Module::Leads {
                    pairs.push(("converted", "both"));
                }
                let answer = match self.list_page(module.api_name(), &pairs, None).await {
                    // Ids that never were: refused as a whole by some, each is asked for alone.
                    Err(RemoteError::Refused { code, .. }) if code == "INVALID_DATA" => {
                        if let [_] = chunk {
                            merged = Some(Vec::new());
                            break;
                        }
                        let each = chunk.iter().map(std::slice::from_ref);
                        let mut alone = Vec::new();
                        for one in each {
                            alone.append(&mut Box::pin(self.by_ids(module, one, fields)).await?);
                        }
                        merged = Some(alone);
                        break;
                    }
                    answer => answer?,
                };
                let records = answer.contacts(page::records(&page::page(&answer)?))?;
                merged = Some(match merged {
                    None => records,
                    Some(first) => page::joined(first, &records),
                });
            }
            found.append(&mut merged.unwrap_or_default());
        }
        Ok(found)
    }

    /// Records deleted since a time (all that Zoho still knows without one), each once with its
    /// newest deletion; and the server's clock when this read began. `on_count` hears how many have come
    /// so far.
    ///
    /// # Errors
    /// As every call; [`RemoteError::Broken`] too where the list does not end in time.
    pub async fn deleted(
        &self,
        module: Module,
        since: Option<Timestamp>,
        on_count: &(dyn Fn(usize) + Send + Sync),
    ) -> Result<(Vec<Deleted>, Option<Timestamp>), RemoteError> {
        let mut server_time = None;
        let mut found = std::collections::BTreeMap::<String, Deleted>::new();
        let mut pages = Pagination::default();
        let began = Instant::now();
        for number in 1_u32.. {
            let number = number.to_string();
            let pairs = [("type", "all"), ("per_page", PAGE), ("page", number.as_str())];
            let path = with_query(&format!("{ROOT}/{}/deleted", module.api_name()), &pairs);
            let mut ask = Call::get(path);
            if let Some(since) = since {
                ask = ask.with("If-Modified-Since", stamp(since));
            }
            let answer = self.sender.send(&ask).await?;
            if !answer.ok() && answer.status != 304 {
                return Err(errors::refused(&answer));
            }
            server_time = server_time.or(answer.date);
            if matches!(answer.status, 204 | 304) {
                break;
            }
            let page: DeletedPage = answer.json(Effect::Read)?;
            let more = page.info.more_records && !page.data.is_empty();
            pages.page(page.data.iter().map(|item| item.id.as_str()), None)?;
            for item in page.data {
                // Whenever it was: it is a deletion.
                let at = item.deleted_time.and_then(|time| time.parse().ok());
                let at = at.unwrap_or(Timestamp::UNIX_EPOCH);
                let by_name = item.deleted_by.and_then(|by| by.name);
                // Moving from the bin to nowhere shows a record again, without names.
                let old = found.remove(&item.id);
                let by_name = by_name.or_else(|| old.as_ref().and_then(|o| o.by_name.clone()));
                let for_good = item.kind.as_deref() == Some("permanent");
                let for_good = for_good && old.as_ref().is_none_or(|o| o.for_good);
                let at = old.map_or(at, |o| o.at.max(at));
                found.insert(item.id.clone(), Deleted { id: item.id, at, by_name, for_good });
            }
            if !more {
                break;
            }
            on_count(found.len());
            if began.elapsed() > self.sender.longest_list() {
                return Err(broken(ENDLESS, false));
            }
        }
        Ok((found.into_values().collect(), server_time))
    }
}

#[derive(Deserialize)]
struct DeletedPage {
    data: Vec<DeletedItem>,
    #[serde(default)]
    info: page::Info,
}

#[derive(Deserialize)]
struct DeletedItem {
    #[serde(deserialize_with = "id")]
    id: String,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    deleted_time: Option<String>,
    #[serde(default)]
    deleted_by: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: Option<String>,
}

/// The fields of a read in parts of at most so many, each with what every read brings.
fn parts(fields: &[String], most: usize) -> Vec<Vec<&str>> {
    let mut asked: Vec<&str> = fields.iter().map(String::as_str).collect();
    asked.retain(|f| *f != "id" && !ALWAYS.contains(f));
    asked.sort_unstable();
    asked.dedup();
    // `id` counts as one.
    let room = most - ALWAYS.len() - 1;
    let mut parts: Vec<Vec<&str>> =
        asked.chunks(room).map(|chunk| [&ALWAYS[..], chunk].concat()).collect();
    if parts.is_empty() {
        parts.push(ALWAYS.to_vec());
    }
    parts
}
