//! Google's mutations. One account's mutations go out strictly one after another.
//!
//! Batches are all or nothing: a refused batch names the people at fault, and the others are sent
//! again without them; where it names nobody, it is halved until the one at fault is alone. Where
//! Google should have written the others after all, they answer *stale* and are read again.
//!
//! Whether a create may name groups is not documented: where it may not, it goes out without them,
//! and who is missing in a group is added right after.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::field::Misfit;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer::{Answer, Effect};
use crate::google::errors::{self, item_reply};
use crate::google::{BATCH, FIELDS, Google, PersonResponse, SOURCE};
use crate::sender::{Call, with_query};
use crate::{ItemReply, Refusal, RemoteError, Written};

/// The most people of one `batchDelete`.
const DELETE_BATCH: usize = 500;

/// The body for these items.
type MakeBody<'a> = dyn Fn(&[usize]) -> Vec<u8> + Sync + 'a;

type ReadReplies<'a> = dyn Fn(&Answer, &[usize]) -> Option<Vec<Option<ItemReply>>> + Sync + 'a;

/// What is particular about a kind of batch.
struct Kind<'a> {
    path: &'static str,
    /// The body for these items.
    body: &'a MakeBody<'a>,
    /// A body that asks for less, for when the first is refused without a reason.
    plainer: Option<&'a MakeBody<'a>>,
    /// The name under which a refusal lists an item: from its place in the batch and its index.
    name: &'a (dyn Fn(usize, usize) -> String + Sync),
    /// Whether the items have names that can be unknown.
    named: bool,
    /// One reply per item, none where the answer cannot be read; inside, none where the item was
    /// written but is not shown.
    read: &'a ReadReplies<'a>,
}

impl Google {
    /// Creates people, 200 a call; one reply each, in order.
    ///
    /// # Errors
    /// Nothing was created. [`RemoteError::Full`] at the account's cap.
    pub async fn create(&self, people: &[Value]) -> Result<Vec<ItemReply>, RemoteError> {
        let body_of = |items: &[usize], without: &[&str]| {
            let people = items.iter().filter_map(|i| people.get(*i));
            let contacts =
                people.map(|person| NewContact { contact_person: less(person, without) });
            let contacts = contacts.collect();
            text(&CreateBody { contacts, read_mask: FIELDS, sources: [SOURCE] })
        };
        let body = |items: &[usize]| body_of(items, &[]);
        let plainer = |items: &[usize]| body_of(items, &["memberships"]);
        let grouped = people.iter().any(|person| person.get("memberships").is_some());
        let read = |answer: &Answer, items: &[usize]| {
            let created: Created<'_> = serde_json::from_str(&answer.body).ok()?;
            (created.created_people.len() == items.len()).then(|| {
                created
                    .created_people
                    .iter()
                    .map(|r| Some(reply(r).unwrap_or(ItemReply::Unknown)))
                    .collect()
            })
        };
        let kind = Kind {
            path: "/v1/people:batchCreateContacts",
            body: &body,
            plainer: if grouped { Some(&plainer) } else { None },
            name: &|place, _| place.to_string(),
            named: false,
            read: &read,
        };
        let mut replies = self.batches(people.len(), &kind).await?.replies;
        self.join_groups(people, &mut replies).await;
        Ok(replies)
    }

    /// Updates people `(id, whole person for the mask with its etag)`, 200 a call; one reply each,
    /// in order.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn update(
        &self,
        people: &[(String, Value)],
        mask: &BTreeSet<&'static str>,
    ) -> Result<Vec<ItemReply>, RemoteError> {
        let mask = mask.iter().copied().collect::<Vec<_>>().join(",");
        let body = |items: &[usize]| {
            let people = items.iter().filter_map(|i| people.get(*i));
            let contacts = people.map(|(id, person)| (id.as_str(), person)).collect();
            text(&UpdateBody { contacts, update_mask: &mask, read_mask: FIELDS, sources: [SOURCE] })
        };
        let read = |answer: &Answer, items: &[usize]| {
            let updated: Updated<'_> = serde_json::from_str(&answer.body).ok()?;
            let ids = items.iter().filter_map(|i| people.get(*i)).map(|(id, _)| id.as_str());
            Some(ids.map(|id| updated.update_result.get(id).and_then(reply)).collect())
        };
        let name = |_: usize, index: usize| {
            people.get(index).map(|(id, _)| id.clone()).unwrap_or_default()
        };
        let kind = Kind {
            path: "/v1/people:batchUpdateContacts",
            body: &body,
            plainer: None,
            name: &name,
            named: true,
            read: &read,
        };
        let Sent { mut replies, unseen } = self.batches(people.len(), &kind).await?;
        // Google may answer a whole batch with `{}`: what was written is then read.
        let id = |index: &usize| people.get(*index).map(|(id, _)| id.clone());
        let ids: Vec<String> = unseen.iter().filter_map(id).collect();
        if let Ok(found) = self.batch_get(&ids).await {
            for (index, (_, person)) in unseen.iter().zip(found) {
                let reply = person.map_or(ItemReply::Gone, |p| ItemReply::Done(p.into()));
                put(&mut replies, *index, reply);
            }
        }
        Ok(replies)
    }

    /// Sends items in batches until each has its reply.
    async fn batches(&self, len: usize, kind: &Kind<'_>) -> Result<Sent, RemoteError> {
        let mut turn = self.turn.lock().await;
        let mut replies = vec![ItemReply::Unknown; len];
        let mut unseen = Vec::new();
        let mut written = false;
        let mut body = kind.body;
        let mut plainer = kind.plainer;
        let all: Vec<usize> = (0..len).collect();
        let mut waiting: Vec<Vec<usize>> = all.chunks(BATCH).rev().map(<[usize]>::to_vec).collect();
        while let Some(items) = waiting.pop() {
            let pause = turn.pause(self.sender.throttles());
            tokio::time::sleep(pause).await;
            let outcome = self.batch(kind, body(&items), &items).await;
            // Perhaps it is not a contact that is wrong, but what is asked for all of them.
            if outcome.as_ref().is_ok_and(|outcome| outcome.refuses_all(items.len()))
                && let Some(other) = plainer.take()
            {
                body = other;
                waiting.push(items);
                continue;
            }
            match outcome {
                Ok(BatchOutcome::Replies(found)) => {
                    written = true;
                    for (index, reply) in items.iter().zip(found) {
                        match reply {
                            Some(reply) => put(&mut replies, *index, reply),
                            None => unseen.push(*index),
                        }
                    }
                }
                Ok(BatchOutcome::Named(faulty)) => {
                    let mut rest = Vec::new();
                    for (place, index) in items.iter().enumerate() {
                        match faulty.get(&(kind.name)(place, *index)) {
                            Some(status) => put(&mut replies, *index, item_reply(status)),
                            None => rest.push(*index),
                        }
                    }
                    waiting.extend(Some(rest).filter(|rest| !rest.is_empty()));
                }
                Ok(BatchOutcome::Nobody(reply)) => match items.as_slice() {
                    [index] => put(&mut replies, *index, reply),
                    many => {
                        let (front, back) = many.split_at(many.len() / 2);
                        waiting.extend([back.to_vec(), front.to_vec()]);
                    }
                },
                // Nothing of this batch was written; nor of the others, unless an earlier one was.
                Err(error) if !written && !error.outcome_unknown() => return Err(error),
                Err(error) if error.outcome_unknown() => written = true,
                Err(_) => break,
            }
        }
        Ok(Sent { replies, unseen })
    }

    async fn batch(
        &self,
        kind: &Kind<'_>,
        body: Vec<u8>,
        items: &[usize],
    ) -> Result<BatchOutcome, RemoteError> {
        let ask = Call::send(Method::POST, kind.path.to_owned(), Some(body), Effect::Write);
        let answer = self.sender.send(&ask).await?;
        if answer.ok() {
            let unread = || vec![Some(ItemReply::Unknown); items.len()];
            return Ok(BatchOutcome::Replies((kind.read)(&answer, items).unwrap_or_else(unread)));
        }
        let error = errors::error(&answer);
        let names: BTreeSet<String> =
            items.iter().enumerate().map(|(place, index)| (kind.name)(place, *index)).collect();
        let faulty: BTreeMap<_, _> =
            error.items().into_iter().filter(|(name, _)| names.contains(name)).collect();
        if !faulty.is_empty() {
            return Ok(BatchOutcome::Named(faulty));
        }
        let reply = match answer.status {
            404 if kind.named => ItemReply::Gone,
            _ if error.stale() => ItemReply::Stale,
            400 => ItemReply::Refused(Refusal {
                misfit: Misfit::Refused(error.code()),
                field: errors::field_of(&error.message),
            }),
            _ => return Err(errors::refused(&answer)),
        };
        Ok(BatchOutcome::Nobody(reply))
    }

    /// Deletes people (to Google's bin); one reply each, gone ones count as done. Google guards no
    /// delete: re-read right before.
    ///
    /// # Errors
    /// Nothing was deleted.
    pub async fn delete(&self, ids: &[String]) -> Result<Vec<ItemReply>, RemoteError> {
        let _turn = self.turn.lock().await;
        let mut replies = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(DELETE_BATCH) {
            match self.delete_batch(chunk).await {
                Ok(mut found) => replies.append(&mut found),
                Err(error) if replies.is_empty() && !error.outcome_unknown() => return Err(error),
                Err(_) => break,
            }
        }
        replies.resize(ids.len(), ItemReply::Unknown);
        Ok(replies)
    }

    async fn delete_batch(&self, ids: &[String]) -> Result<Vec<ItemReply>, RemoteError> {
        let done = |id: &String| ItemReply::Done(Written::deleted(id));
        let body = json!({"resourceNames": ids}).to_string().into_bytes();
        let path = "/v1/people:batchDeleteContacts".to_owned();
        let ask = Call::send(Method::POST, path, Some(body), Effect::Write);
        let refused = match self.sender.send(&ask).await {
            Ok(answer) if answer.ok() => return Ok(ids.iter().map(done).collect()),
            Ok(answer) if matches!(answer.status, 400 | 404) => true,
            Ok(answer) => return Err(errors::refused(&answer)),
            Err(error) if error.outcome_unknown() => false,
            Err(error) => return Err(error),
        };
        // Perhaps one was gone before, perhaps the answer was lost: see who is still there.
        let mut replies = Vec::with_capacity(ids.len());
        for (id, person) in self.batch_get(ids).await? {
            replies.push(match person {
                None => done(&id),
                Some(_) if refused => self.delete_one(&id).await?,
                Some(_) => ItemReply::Unknown,
            });
        }
        Ok(replies)
    }

    async fn delete_one(&self, id: &str) -> Result<ItemReply, RemoteError> {
        let path = with_query(&format!("/v1/{id}:deleteContact"), &[]);
        let ask = Call::send(Method::DELETE, path, None, Effect::Write);
        match self.sender.send(&ask).await {
            Ok(answer) if answer.ok() || answer.status == 404 => {
                Ok(ItemReply::Done(Written::deleted(id)))
            }
            Ok(answer) => Ok(ItemReply::Refused(Refusal {
                misfit: Misfit::Refused(errors::error(&answer).code()),
                field: None,
            })),
            Err(error) if error.outcome_unknown() => Ok(ItemReply::Unknown),
            Err(error) => Err(error),
        }
    }
}

/// How a batch went.
enum BatchOutcome {
    /// It was taken; one reply each.
    Replies(Vec<Option<ItemReply>>),
    /// Nothing was written, and these are at fault.
    Named(BTreeMap<String, errors::ItemStatus>),
    /// Nothing was written; if there was one item only, this is its reply.
    Nobody(ItemReply),
}

impl BatchOutcome {
    /// Whether every one of these many items was refused.
    fn refuses_all(&self, many: usize) -> bool {
        match self {
            BatchOutcome::Named(faulty) => faulty.len() == many,
            BatchOutcome::Nobody(reply) => matches!(reply, ItemReply::Refused(_)),
            BatchOutcome::Replies(_) => false,
        }
    }
}

/// What became of all batches.
struct Sent {
    replies: Vec<ItemReply>,
    /// Items that were written but not shown.
    unseen: Vec<usize>,
}

fn put(replies: &mut [ItemReply], index: usize, reply: ItemReply) {
    if let Some(place) = replies.get_mut(index) {
        *place = reply;
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CreateBody<'a> {
    contacts: Vec<NewContact<'a>>,
    read_mask: &'a str,
    sources: [&'a str; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewContact<'a> {
    contact_person: BTreeMap<&'a str, &'a Value>,
}

/// A body without some of its fields.
fn less<'a>(person: &'a Value, without: &[&str]) -> BTreeMap<&'a str, &'a Value> {
    let fields = person.as_object().into_iter().flatten();
    fields.map(|(name, v)| (name.as_str(), v)).filter(|(n, _)| !without.contains(n)).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UpdateBody<'a> {
    contacts: BTreeMap<&'a str, &'a Value>,
    update_mask: &'a str,
    read_mask: &'a str,
    sources: [&'a str; 1],
}

/// A body's bytes. JSON values always have some.
fn text(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).unwrap_or_default()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created<'a> {
    #[serde(borrow, default)]
    created_people: Vec<PersonResponse<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Updated<'a> {
    #[serde(borrow, default)]
    update_result: BTreeMap<String, PersonResponse<'a>>,
}

/// What a batch says of one item; none where it was written but is not shown.
fn reply(response: &PersonResponse<'_>) -> Option<ItemReply> {
    if response.status.code != 0 {
        return Some(item_reply(&response.status));
    }
    response.read().map(|read| ItemReply::Done(read.into()))
}
