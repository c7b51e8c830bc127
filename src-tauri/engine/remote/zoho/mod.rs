//! Zoho CRM v8: the calls.

pub mod metadata;
pub mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use renraku_core::contact::Module;
use serde_json::Value;

use super::{Http, ItemReply, Patience, RemoteError};
use crate::api::Failure;
use crate::auth::Tokens;

/// One Zoho organisation, as one of its users. The API's address comes with the tokens.
pub struct Zoho {
    _http: Http,
}

/// One page of records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordPage {
    /// The records.
    pub records: Vec<RecordRead>,
    /// Whether this is the last page.
    pub last: bool,
    /// The server's clock when this read began (its `Date` header).
    pub server_time: Option<Timestamp>,
}

/// One record as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRead {
    /// The id.
    pub id: String,
    /// When it was last changed.
    pub modified: Timestamp,
    /// `Modified_Time` as it was written, for `If-Unmodified-Since`.
    pub version: String,
    /// The id of the user who created it.
    pub created_by: Option<String>,
    /// Leads: whether it was converted.
    pub converted: bool,
    /// The record's JSON text; lookups are `{name, id}` in it.
    pub raw: Box<str>,
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
}

/// What a page of records is handed to.
pub type OnRecords<'a> = &'a mut (dyn FnMut(RecordPage) -> Result<(), Failure> + Send);

impl Zoho {
    /// A client of the account whose tokens these are.
    #[must_use]
    pub fn new(http: &Http, _tokens: Arc<Tokens>, _patience: Patience) -> Zoho {
        Zoho { _http: http.clone() }
    }

    /// API requests made so far by this client, token traffic apart.
    #[must_use]
    pub fn requests(&self) -> u32 {
        0
    }

    /// All records, or those changed at or after `since`. `id`, `Modified_Time` and `Created_By`
    /// come along by themselves. Leads: without the converted ones.
    ///
    /// # Errors
    /// As every call; an error of `on_page` comes back as [`RemoteError::Local`].
    pub async fn records(
        &self,
        _module: Module,
        _fields: &[String],
        _since: Option<Timestamp>,
        _on_page: OnRecords<'_>,
    ) -> Result<(), RemoteError> {
        Err(RemoteError::Offline)
    }

    /// All records of a custom view.
    ///
    /// # Errors
    /// [`RemoteError::Refused`] with field `cvid` where there is no such view.
    pub async fn view(
        &self,
        _module: Module,
        _view: &str,
        _fields: &[String],
        _on_page: OnRecords<'_>,
    ) -> Result<(), RemoteError> {
        Err(RemoteError::Offline)
    }

    /// These records, converted leads too; missing ones are left out.
    ///
    /// # Errors
    /// As every call.
    pub async fn by_ids(
        &self,
        _module: Module,
        _ids: &[String],
        _fields: &[String],
    ) -> Result<Vec<RecordRead>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// Records with one of these primary e-mail addresses. Reads its own writes.
    ///
    /// # Errors
    /// As every call.
    pub async fn by_emails(
        &self,
        _module: Module,
        _emails: &[String],
        _fields: &[String],
    ) -> Result<Vec<RecordRead>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// Records that this user created at or after a time: for looking for a lost create.
    ///
    /// # Errors
    /// As every call.
    pub async fn created_since(
        &self,
        _module: Module,
        _fields: &[String],
        _since: Timestamp,
        _user: &str,
    ) -> Result<Vec<RecordRead>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// Records deleted since a time (all that Zoho still knows without one).
    ///
    /// # Errors
    /// As every call.
    pub async fn deleted(
        &self,
        _module: Module,
        _since: Option<Timestamp>,
    ) -> Result<Vec<Deleted>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// Inserts up to 100 records without setting off automations; one reply each.
    ///
    /// # Errors
    /// Nothing was inserted.
    pub async fn insert(
        &self,
        _module: Module,
        _records: &[Value],
    ) -> Result<Vec<ItemReply>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// Updates up to 100 records, each with its `id`; one reply each. With a version, records
    /// changed since answer [`ItemReply::Stale`].
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn update(
        &self,
        _module: Module,
        _records: &[Value],
        _if_unmodified_since: Option<&str>,
    ) -> Result<Vec<ItemReply>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// Deletes up to 100 records (to the recycle bin); gone ones count as done.
    ///
    /// # Errors
    /// Nothing was deleted.
    pub async fn delete(
        &self,
        _module: Module,
        _ids: &[String],
    ) -> Result<Vec<ItemReply>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// The ids of the accounts with these names, by the name asked for; compared as company names
    /// are. Missing ones are left out.
    ///
    /// # Errors
    /// As every call.
    pub async fn accounts_by_name(
        &self,
        _names: &[String],
    ) -> Result<BTreeMap<String, String>, RemoteError> {
        Err(RemoteError::Offline)
    }

    /// Creates accounts; returns the ids of those that were made.
    ///
    /// # Errors
    /// As every call; after an unknown outcome look them up before trying again.
    pub async fn create_accounts(
        &self,
        _names: &[String],
    ) -> Result<BTreeMap<String, String>, RemoteError> {
        Err(RemoteError::Offline)
    }
}
