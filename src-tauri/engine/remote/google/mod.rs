//! Google's People API: the calls.

pub mod wire;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::{Http, ItemReply, Patience, RemoteError};
use crate::api::Failure;
use crate::auth::Tokens;

/// One Google account. Mutations go out strictly one after another, as Google demands.
pub struct Google {
    _http: Http,
}

/// One page of people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PeoplePage {
    /// The people, in the order received.
    pub people: Vec<PersonRead>,
    /// On the last page of a list that was asked for one: where the next list goes on.
    pub next_sync_token: Option<String>,
    /// How many people the whole list has, where Google tells; of a delta, how many changed.
    pub total: Option<u32>,
    /// Whether this is the last page.
    pub last: bool,
}

/// One person as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRead {
    /// The resource name.
    pub id: String,
    /// The etag under this program's one fixed mask.
    pub etag: String,
    /// When the contact was last changed; the epoch for a tombstone.
    pub updated: Timestamp,
    /// Whether it is a tombstone.
    pub deleted: bool,
    /// Resource names it had before.
    pub former: Vec<String>,
    /// The person's JSON text as received.
    pub raw: Box<str>,
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
    pub fn new(http: &Http, _people: &str, _tokens: Arc<Tokens>, _patience: Patience) -> Google {
        Google { _http: http.clone() }
    }

    /// API requests made so far by this client, token traffic apart.
    #[must_use]
    pub fn requests(&self) -> u32 {
        0
    }

    /// Everything, or what changed since the token; tombstones and renames only with a token.
    /// `on_page` is called once a page and gets the next token with the last one, so that both can
    /// be saved together. Returns the next token.
    ///
    /// # Errors
    /// [`RemoteError::Expired`] where the token no longer holds: throw away what this call's pages
    /// brought and read everything. An error of `on_page` comes back as [`RemoteError::Local`].
    pub async fn people(
        &self,
        _sync_token: Option<&str>,
        _on_page: &mut (dyn FnMut(PeoplePage) -> Result<(), Failure> + Send),
    ) -> Result<String, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// Everything, without a sync token: for looking for a create whose outcome is unknown.
    ///
    /// # Errors
    /// As every call.
    pub async fn plain_list(
        &self,
        _on_page: &mut (dyn FnMut(PeoplePage) -> Result<(), Failure> + Send),
    ) -> Result<(), RemoteError> {
        Err(RemoteError::Offline)
    }

    /// The newest state of these people, in the order asked; none where it is gone. A person found
    /// under a former name comes with its new id inside. Not subject to the lists' lag.
    ///
    /// # Errors
    /// As every call.
    pub async fn batch_get(
        &self,
        _ids: &[String],
    ) -> Result<Vec<(String, Option<PersonRead>)>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// Creates up to 200 people; one reply each, in order.
    ///
    /// # Errors
    /// Nothing was created. [`RemoteError::Full`] at the account's cap.
    pub async fn create(&self, _people: &[Value]) -> Result<Vec<ItemReply>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// Updates up to 200 people `(id, whole person for the mask with its etag)`; one reply each.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn update(
        &self,
        _people: &[(String, Value)],
        _mask: &BTreeSet<&'static str>,
    ) -> Result<Vec<ItemReply>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// Deletes people (to Google's bin); one reply each, gone ones count as done. Google guards no
    /// delete: re-read right before.
    ///
    /// # Errors
    /// Nothing was deleted.
    pub async fn delete(&self, _ids: &[String]) -> Result<Vec<ItemReply>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// All groups: labels and Google's own.
    ///
    /// # Errors
    /// As every call.
    pub async fn groups(&self) -> Result<Vec<ContactGroup>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// Makes a label; where one of that name is there already, that one.
    ///
    /// # Errors
    /// As every call.
    pub async fn create_group(&self, _name: &str) -> Result<ContactGroup, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// Adds people to a group and takes others out. May be repeated without harm.
    ///
    /// # Errors
    /// As every call; of several parts, earlier ones may be done.
    pub async fn modify_members(
        &self,
        _group: &str,
        _add: &[String],
        _remove: &[String],
    ) -> Result<MembersLeft, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// How many contacts the account holds, its bin apart; none where Google does not tell.
    ///
    /// # Errors
    /// As every call.
    pub async fn account_size(&self) -> Result<Option<u32>, RemoteError> {
        Err(RemoteError::Offline)
    }
}
