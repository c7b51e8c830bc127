//! Zoho's writes. They never set off automations (workflows would write to customers), and their
//! answers are walked item by item, whatever the status says.

use renraku_core::contact::Module;
use reqwest::Method;
use serde::Serialize;
use serde_json::Value;

use crate::answer::{Answer, Effect};
use crate::sender::{Call, with_query};
use crate::zoho::errors::{self, Item, Items, item_reply};
use crate::zoho::{ROOT, Zoho};
use crate::{ItemReply, RemoteError, Written};

/// The most records of one write.
const BATCH: usize = 100;

impl Zoho {
    /// Inserts records, 100 a call, without setting off automations; one reply each, in order.
    ///
    /// # Errors
    /// Nothing was inserted.
    pub async fn insert(
        &self,
        module: Module,
        records: &[Value],
    ) -> Result<Vec<ItemReply>, RemoteError> {
        self.chunks(records, |records| self.write(Method::POST, module, records, None)).await
    }

    /// Updates records, each with its `id`, 100 a call, without setting off automations; one reply
    /// each, in order. With a version (`Modified_Time` as read), records changed after it answer
    /// [`ItemReply::Stale`].
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn update(
        &self,
        module: Module,
        records: &[Value],
        if_unmodified_since: Option<&str>,
    ) -> Result<Vec<ItemReply>, RemoteError> {
        self.chunks(records, |records| self.guarded(module, records, if_unmodified_since)).await
    }

    /// Deletes records (to the recycle bin), 100 a call; one reply each, gone ones count as done.
    ///
    /// # Errors
    /// Nothing was deleted.
    pub async fn delete(
        &self,
        module: Module,
        ids: &[String],
    ) -> Result<Vec<ItemReply>, RemoteError> {
        self.chunks(ids, |ids| self.delete_batch(module, ids)).await
    }

    /// Sends chunk by chunk; an error comes back only while nothing was written, later the rest is
    /// unknown.
    async fn chunks<'a, T, F>(
        &self,
        items: &'a [T],
        send: impl Fn(&'a [T]) -> F,
    ) -> Result<Vec<ItemReply>, RemoteError>
    where
        F: Future<Output = Result<Vec<ItemReply>, RemoteError>>,
    {
        let mut replies = Vec::with_capacity(items.len());
        for chunk in items.chunks(BATCH) {
            match send(chunk).await {
                Ok(mut found) => replies.append(&mut found),
                Err(error) if error.outcome_unknown() => {
                    replies.resize(replies.len() + chunk.len(), ItemReply::Unknown);
                }
                Err(error) if replies.is_empty() => return Err(error),
                Err(_) => break,
            }
        }
        replies.resize(items.len(), ItemReply::Unknown);
        Ok(replies)
    }

    async fn write(
        &self,
        method: Method,
        module: Module,
        records: &[Value],
        if_unmodified_since: Option<&str>,
    ) -> Result<Vec<ItemReply>, RemoteError> {
        let answer = self
            .send_records(method.clone(), module.api_name(), records, if_unmodified_since)
            .await?;
        match replies(&answer, records.len(), module) {
            Err(error) if of_one_record(&error) => {
                self.one_by_one(method, module, records, if_unmodified_since).await
            }
            replies => replies,
        }
    }

    /// A batch that was refused as a whole for some record in it: each by itself.
    async fn one_by_one(
        &self,
        method: Method,
        module: Module,
        records: &[Value],
        version: Option<&str>,
    ) -> Result<Vec<ItemReply>, RemoteError> {
        let mut found = Vec::with_capacity(records.len());
        for record in records {
            let one = std::slice::from_ref(record);
            let reply = match version {
                Some(_) => Box::pin(self.guarded(module, one, version)).await,
                None => Box::pin(self.write(method.clone(), module, one, None)).await,
            };
            match reply {
                Ok(mut reply) => found.append(&mut reply),
                Err(error) if found.is_empty() && !error.outcome_unknown() => return Err(error),
                Err(_) => found.push(ItemReply::Unknown),
            }
        }
        Ok(found)
    }

    /// One write as it goes out, whichever module it is for.
    pub(super) async fn send_records(
        &self,
        method: Method,
        module: &str,
        records: &[Value],
        if_unmodified_since: Option<&str>,
    ) -> Result<Answer, RemoteError> {
        let body = Body { data: records, trigger: [], skip_feature_execution: SKIPPED };
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let path = format!("{ROOT}/{module}");
        let mut ask = Call::send(method, path, Some(body), Effect::Write);
        if let Some(version) = if_unmodified_since {
            ask = ask.with("If-Unmodified-Since", version.to_owned());
        }
        self.sender.send(&ask).await
    }

    /// One guarded batch. How Zoho answers where only some of a batch are stale is not documented:
    /// an answer with one item each is taken as it stands; a 412 for the whole batch has written
    /// nothing, and the one it names is taken out, or, where it names none, each goes alone.
    async fn guarded(
        &self,
        module: Module,
        records: &[Value],
        version: Option<&str>,
    ) -> Result<Vec<ItemReply>, RemoteError> {
        let answer = self.send_records(Method::PUT, module.api_name(), records, version).await?;
        let items = serde_json::from_str::<Items>(&answer.body).unwrap_or_default().data;
        if answer.status != 412 || (items.len() == records.len() && records.len() > 1) {
            if items.len() == records.len() {
                let own = |at| own_reply(at, &items, module);
                return Ok(records.iter().enumerate().map(own).collect());
            }
            return match replies(&answer, records.len(), module) {
                Err(error) if of_one_record(&error) => {
                    self.one_by_one(Method::PUT, module, records, version).await
                }
                replies => replies,
            };
        }
        if records.len() == 1 {
            return Ok(vec![ItemReply::Stale]);
        }
        let named = items.first().and_then(|item| item.detail("id"));
        let at = records
            .iter()
            .position(|r| named.is_some() && r.get("id").and_then(Value::as_str) == named);
        let Some(at) = at else {
            return self.one_by_one(Method::PUT, module, records, version).await;
        };
        let others = records.iter().enumerate().filter(|(i, _)| *i != at);
        let rest: Vec<Value> = others.map(|(_, record)| record.clone()).collect();
        let mut found = Box::pin(self.guarded(module, &rest, version)).await?;
        found.insert(at.min(found.len()), ItemReply::Stale);
        Ok(found)
    }

    async fn delete_batch(
        &self,
        module: Module,
        ids: &[String],
    ) -> Result<Vec<ItemReply>, RemoteError> {
        let joined = ids.join(",");
        let pairs = [("ids", joined.as_str()), ("wf_trigger", "false")];
        let path = with_query(&format!("{ROOT}/{}", module.api_name()), &pairs);
        let answer =
            self.sender.send(&Call::send(Method::DELETE, path, None, Effect::Write)).await?;
        let items = serde_json::from_str::<Items>(&answer.body).unwrap_or_default().data;
        if items.len() != ids.len() {
            // One record that is gone may be answered flat.
            return match (ids, errors::error(&answer).code.as_str()) {
                ([id], "INVALID_DATA") => Ok(vec![ItemReply::Done(Written::deleted(id))]),
                _ => replies(&answer, ids.len(), module),
            };
        }
        Ok(ids.iter().zip(&items).map(|(id, item)| deleted_reply(id, item)).collect())
    }
}

/// The body of a write. It sets nothing off.
#[derive(Serialize)]
struct Body<'a> {
    data: &'a [Value],
    /// No workflow, approval or blueprint is set off.
    trigger: [&'a str; 0],
    /// Nor what runs by default whatever `trigger` says.
    skip_feature_execution: [Feature; 1],
}

/// A feature of Zoho's.
#[derive(Serialize)]
struct Feature {
    name: &'static str,
}

/// A cadence follows a person up with e-mails and calls.
const SKIPPED: [Feature; 1] = [Feature { name: "cadences" }];

/// "record not deleted" without another reason: it is in the bin already, or gone.
fn deleted_reply(id: &str, item: &Item) -> ItemReply {
    match item.code.as_str() {
        "SUCCESS" | "INVALID_DATA" | "ALREADY_DELETED" => ItemReply::Done(Written::deleted(id)),
        "" => ItemReply::Unknown,
        _ => ItemReply::Refused(errors::refusal(item)),
    }
}

/// Whether a refusal of a whole request is one record's matter.
fn of_one_record(error: &RemoteError) -> bool {
    matches!(error, RemoteError::Refused { code, .. } if errors::on_hold(code))
}

/// The reply to one of as many updates as there are items: the item that names its record, else the
/// one in its place. What a place says of another record is nothing said of this one.
fn own_reply((place, record): (usize, &Value), items: &[Item], module: Module) -> ItemReply {
    let id = record.get("id").and_then(Value::as_str);
    let named = items.iter().find(|item| item.record().is_some_and(|named| Some(named) == id));
    let unnamed = || items.get(place).filter(|item| item.record().is_none());
    let reply = |item| item_reply(item, module.api_name());
    named.or_else(unnamed).map_or(ItemReply::Unknown, reply)
}

/// One reply per record. An answer without items is about the request as a whole; of one record, it
/// may be about that one.
fn replies(answer: &Answer, len: usize, module: Module) -> Result<Vec<ItemReply>, RemoteError> {
    let items = serde_json::from_str::<Items>(&answer.body).unwrap_or_default().data;
    let whole = len > 1 && items.len() == 1;
    match (answer.ok(), items.len() == len) {
        (_, true) => Ok(items.iter().map(|item| item_reply(item, module.api_name())).collect()),
        (false, false) if len == 1 && of_one_record(&errors::refused(answer)) => {
            Ok(vec![ItemReply::Refused(errors::refusal(&errors::error(answer)))])
        }
        (false, false) if items.is_empty() || whole => Err(errors::refused(answer)),
        // Fewer items than records: which is whose cannot be told.
        (true | false, false) => Ok(vec![ItemReply::Unknown; len]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_update_believes_only_what_is_said_of_its_own_record() {
        let records = ["1", "2", "3"].map(|id| json!({"id": id}));
        let at = "2026-11-22T10:00:00+09:00";
        let said =
            |id: &str| json!({"code": "SUCCESS", "details": {"id": id, "Modified_Time": at}});
        let locked = json!({"code": "RECORD_LOCKED", "details": {"api_name": "id"}});
        let twin = json!({"code": "DUPLICATE_DATA", "details": {"api_name": "Email", "id": "9"}});
        let told = |items: [Value; 3]| {
            let items: Vec<Item> = serde_json::from_value(json!(items)).expect("items");
            let replies =
                records.iter().enumerate().map(|at| own_reply(at, &items, Module::Contacts));
            let word = replies.map(|reply| match reply {
                ItemReply::Done(written) => format!("done {}", written.id),
                ItemReply::Refused(_) => "refused".to_owned(),
                ItemReply::Duplicate { .. } => "duplicate".to_owned(),
                ItemReply::Unknown => "unknown".to_owned(),
                ItemReply::Stale | ItemReply::Gone => "something else".to_owned(),
            });
            word.collect::<Vec<_>>().join(", ")
        };
        let in_order = told([said("1"), locked.clone(), twin]);
        assert_eq!(in_order, "done 1, refused, duplicate", "in the order sent");
        assert_eq!(told([said("3"), said("1"), said("2")]), "done 1, done 2, done 3", "in another");
        let torn = told([said("3"), said("1"), locked]);
        assert_eq!(torn, "done 1, unknown, done 3", "nobody knows what is not said");
    }
}
