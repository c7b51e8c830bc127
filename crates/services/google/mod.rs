//! Google's People API: the calls.

#[cfg(test)]
mod call_tests;
mod change;
pub(crate) mod entry;
#[cfg(test)]
pub(crate) mod error_tests;
mod errors;
mod groups;
mod pace;
mod seat;
#[cfg(test)]
mod seat_tests;
pub mod wire;
#[cfg(test)]
mod wire_properties;
#[cfg(test)]
mod wire_tests;
mod write;

#[cfg(test)]
pub(crate) use self::errors::judge as judged;

use std::borrow::Cow;
use std::sync::Arc;

use renraku_core::message::Failure;
use serde::Deserialize;
use serde_json::value::RawValue;

use self::pace::Pace;
use crate::answer::{Answer, Effect};
use crate::auth::scopes::GOOGLE_CONTACTS;
use crate::auth::tokens::Tokens;
use crate::error::broken;
use crate::pagination::{MOST_PEOPLE, Pagination};
use crate::received::Received;
use crate::sender::{Call, Sender, ServicePolicy, with_query};
use crate::{Http, RemoteError, RetryBudget};

pub use self::change::MY_CONTACTS;

/// The one mask of every read and of what writes return: an etag depends on the mask it was read
/// with, so there is no second one.
const FIELDS: &str = "metadata,names,nicknames,emailAddresses,phoneNumbers,addresses,organizations,\
                      birthdays,urls,biographies,userDefined,clientData,memberships";
/// Only the contact's own data, no linked profile's.
const SOURCE: &str = "READ_SOURCE_TYPE_CONTACT";
/// The most people of one `batchGet`, `batchCreate` or `batchUpdate`.
pub const BATCH: usize = 200;

/// One Google account. Mutations go out strictly one after another, as Google demands.
pub struct Google {
    sender: Sender,
    /// Held during a mutation.
    turn: tokio::sync::Mutex<Pace>,
}

/// One page of people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PeoplePage {
    /// The people, in the order received.
    pub people: Vec<Received>,
    /// On the last page of a list that was asked for one: where the next list goes on.
    pub next_sync_token: Option<String>,
    /// How many people the whole list has, where Google tells; of a delta, how many changed.
    pub total: Option<u32>,
    /// Whether this is the last page.
    pub last: bool,
}

/// A label, or one of Google's own groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactGroup {
    /// The resource name.
    pub id: String,
    /// The name a person sees.
    pub name: String,
    /// How many members it has.
    pub members: u32,
    /// Whether a person made it (a label) and not Google.
    pub label: bool,
}

/// What `modify_members` could not do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MembersLeft {
    /// People who are gone.
    pub not_found: Vec<String>,
    /// People whose only group it is, so that Google keeps them in it.
    pub last_group: Vec<String>,
}

impl Google {
    /// A client of the account whose tokens these are; `people` is what stands before
    /// `/v1/people/…`.
    #[must_use]
    pub fn new(
        http: &Http,
        people: &str,
        tokens: Arc<Tokens>,
        retry_budget: RetryBudget,
    ) -> Google {
        let policy = ServicePolicy {
            scheme: "Bearer",
            base: people.to_owned(),
            // Quotas are per minute: a first pause of about five seconds, as half a second only
            // starts a cascade.
            pause: 10,
            judge: errors::judge,
            scope: |_| GOOGLE_CONTACTS,
        };
        Google {
            sender: Sender::new(http, tokens, policy, retry_budget),
            turn: tokio::sync::Mutex::new(Pace::default()),
        }
    }

    /// API requests made so far by this client, token traffic apart.
    #[must_use]
    pub fn requests(&self) -> u32 {
        self.sender.requests()
    }

    /// Everything, or what changed since the token; tombstones and renames only with a token.
    /// `on_page` is called once a page and gets the next token with the last one, so that both can
    /// be saved together. Returns the next token; the list of an account without one contact may have
    /// none, and is read in full again then.
    ///
    /// # Errors
    /// [`RemoteError::Expired`] where the token no longer holds: throw away what this call's pages
    /// brought and read everything. An error of `on_page` comes back as [`RemoteError::Local`].
    pub async fn people(
        &self,
        sync_token: Option<&str>,
        on_page: &mut (dyn FnMut(PeoplePage) -> Result<(), Failure> + Send),
    ) -> Result<Option<String>, RemoteError> {
        let mut fixed = vec![("requestSyncToken", "true")];
        fixed.extend(sync_token.map(|token| ("syncToken", token)));
        let mut nobody = sync_token.is_none();
        let mut counted = |page: PeoplePage| {
            nobody &= page.people.is_empty();
            on_page(page)
        };
        let next = self.list(&fixed, &mut counted).await?;
        if next.is_none() && !nobody {
            return Err(broken("a list without a sync token", false));
        }
        Ok(next)
    }

    /// Everything, without a sync token: for looking for a create whose outcome is unknown.
    ///
    /// # Errors
    /// As every call.
    pub async fn plain_list(
        &self,
        on_page: &mut (dyn FnMut(PeoplePage) -> Result<(), Failure> + Send),
    ) -> Result<(), RemoteError> {
        self.list(&[], on_page).await.map(|_| ())
    }

    async fn list(
        &self,
        fixed: &[(&str, &str)],
        on_page: &mut (dyn FnMut(PeoplePage) -> Result<(), Failure> + Send),
    ) -> Result<Option<String>, RemoteError> {
        let mut page_token: Option<String> = None;
        let mut pages = Pagination::of_at_most(MOST_PEOPLE);
        loop {
            let mut pairs =
                vec![("personFields", FIELDS), ("pageSize", "1000"), ("sources", SOURCE)];
            pairs.extend(fixed);
            pairs.extend(page_token.as_deref().map(|token| ("pageToken", token)));
            let token_sent =
                pairs.iter().any(|(name, _)| matches!(*name, "syncToken" | "pageToken"));
            let ask = Call::get(with_query("/v1/people/me/connections", &pairs));
            let answer = self.sender.send(&ask).await?;
            if !answer.ok() {
                let gone = token_sent && errors::expired(&answer);
                return Err(if gone { RemoteError::Expired } else { errors::refused(&answer) });
            }
            let page: ListPage<'_> = answer.json(Effect::Read)?;
            let next = page.next_page_token.map(|t| t.0.into_owned()).filter(|t| !t.is_empty());
            // Taken from any page but the last, it would skip those that follow.
            let next_sync_token =
                page.next_sync_token.map(|t| t.0.into_owned()).filter(|_| next.is_none());
            let people: Vec<Received> =
                page.connections.iter().map(|raw| wire::read(raw.get())).collect();
            let people = answer.contacts(people)?;
            pages.page(people.iter().map(|read| read.id.as_str()), next.as_deref())?;
            on_page(PeoplePage {
                people,
                next_sync_token: next_sync_token.clone(),
                total: page.total_items,
                last: next.is_none(),
            })?;
            if next.is_none() {
                return Ok(next_sync_token);
            }
            page_token = next;
        }
    }

    /// The newest state of these people, in the order asked; none where it is gone. A person found
    /// under a former name comes with its new id inside. Not subject to the lists' lag.
    ///
    /// # Errors
    /// As every call.
    pub async fn batch_get(
        &self,
        ids: &[String],
    ) -> Result<Vec<(String, Option<Received>)>, RemoteError> {
        let mut found = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(BATCH) {
            let answer = self.get_batch(chunk).await?;
            // Some names make Google refuse the whole call: then each is asked for alone.
            match (answer.status, chunk) {
                (200..300, _) => found.append(&mut by_name(&answer, chunk)?),
                (404, [id]) => found.push((id.clone(), None)),
                (400 | 404, [_, _, ..]) => {
                    for id in chunk {
                        let one = std::slice::from_ref(id);
                        let answer = self.get_batch(one).await?;
                        match answer.status {
                            200..300 => found.append(&mut by_name(&answer, one)?),
                            404 => found.push((id.clone(), None)),
                            _ => return Err(errors::refused(&answer)),
                        }
                    }
                }
                _ => return Err(errors::refused(&answer)),
            }
        }
        Ok(found)
    }

    async fn get_batch(&self, ids: &[String]) -> Result<Answer, RemoteError> {
        let mut pairs = vec![("personFields", FIELDS), ("sources", SOURCE)];
        pairs.extend(ids.iter().map(|id| ("resourceNames", id.as_str())));
        self.sender.send(&Call::get(with_query("/v1/people:batchGet", &pairs))).await
    }

    /// How many contacts the account holds, its bin apart; none where Google does not tell.
    ///
    /// # Errors
    /// As every call.
    pub async fn account_size(&self) -> Result<Option<u32>, RemoteError> {
        let pairs = [("personFields", "metadata"), ("pageSize", "1"), ("sources", SOURCE)];
        let ask = Call::get(with_query("/v1/people/me/connections", &pairs));
        let answer = self.sender.send(&ask).await?;
        if !answer.ok() {
            return Err(errors::refused(&answer));
        }
        let page: ListPage<'_> = answer.json(Effect::Read)?;
        // Google leaves zeros out.
        Ok(page.total_items.or(page.connections.is_empty().then_some(0)))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListPage<'a> {
    #[serde(borrow, default)]
    connections: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    next_page_token: Option<entry::Str<'a>>,
    #[serde(borrow, default)]
    next_sync_token: Option<entry::Str<'a>>,
    #[serde(default)]
    total_items: Option<u32>,
}

/// An item of an answer that carries people.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PersonResponse<'a> {
    #[serde(borrow, default)]
    person: Option<&'a RawValue>,
    #[serde(borrow, default)]
    requested_resource_name: Option<Cow<'a, str>>,
    #[serde(default)]
    status: errors::ItemStatus,
    #[serde(default)]
    http_status_code: u16,
}

impl PersonResponse<'_> {
    /// The person inside, unless there is none (an empty read mask gives `{}` or nothing).
    fn read(&self) -> Option<Received> {
        self.person.filter(|raw| raw.get().len() > 2).map(|raw| wire::read(raw.get()))
    }
}

#[derive(Deserialize)]
struct GetBatch<'a> {
    #[serde(borrow, default)]
    responses: Vec<PersonResponse<'a>>,
}

/// The answers of a `batchGet`, in the order asked.
fn by_name(
    answer: &Answer,
    ids: &[String],
) -> Result<Vec<(String, Option<Received>)>, RemoteError> {
    let batch: GetBatch<'_> = answer.json(Effect::Read)?;
    let mut found = std::collections::BTreeMap::new();
    for response in &batch.responses {
        let missing = response.status.code == 5 || response.http_status_code == 404;
        let read = if missing { None } else { response.read().filter(|p| !p.deleted) };
        let asked = response.requested_resource_name.as_deref().map(ToOwned::to_owned);
        if let Some(name) = asked.or_else(|| read.as_ref().map(|p| p.id.clone())) {
            found.insert(name, read);
        }
    }
    ids.iter()
        .map(|id| match found.remove(id) {
            Some(read) => Ok((id.clone(), read)),
            None => Err(broken("a batch without one of its people", false)),
        })
        .collect()
}
