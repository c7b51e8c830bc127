//! Labels and Google's own groups.

use std::collections::BTreeMap;

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::Effect;
use crate::google::{ContactGroup, Google, MembersLeft, errors, wire};
use crate::pagination::Pagination;
use crate::received::Received;
use crate::sender::{Call, with_query};
use crate::{ItemReply, RemoteError, Written};

const GROUP_FIELDS: &str = "metadata,groupType,memberCount,name";
/// The most people of one `members:modify`, added and removed together.
const MEMBERS: usize = 1000;

impl Google {
    /// All groups: labels and Google's own.
    ///
    /// # Errors
    /// As every call.
    pub async fn groups(&self) -> Result<Vec<ContactGroup>, RemoteError> {
        let mut groups = Vec::new();
        let mut page_token: Option<String> = None;
        let mut pages = Pagination::default();
        loop {
            let mut pairs = vec![("pageSize", "1000"), ("groupFields", GROUP_FIELDS)];
            pairs.extend(page_token.as_deref().map(|t| ("pageToken", t)));
            let answer =
                self.sender.send(&Call::get(with_query("/v1/contactGroups", &pairs))).await?;
            if !answer.ok() {
                return Err(errors::refused(&answer));
            }
            let page: GroupPage = answer.json(Effect::Read)?;
            let ids = page.contact_groups.iter().map(|group| group.resource_name.as_str());
            pages.page(ids, page.next_page_token.as_deref().filter(|t| !t.is_empty()))?;
            let alive = page.contact_groups.into_iter().filter(|g| !g.metadata.deleted);
            groups.extend(alive.map(ContactGroup::from));
            page_token = page.next_page_token.filter(|t| !t.is_empty());
            if page_token.is_none() {
                return Ok(groups);
            }
        }
    }

    /// Makes a label; where one of that name is there already, that one.
    ///
    /// # Errors
    /// As every call.
    pub async fn create_group(&self, name: &str) -> Result<ContactGroup, RemoteError> {
        let _turn = self.turn.lock().await;
        let body = json!({"contactGroup": {"name": name}, "readGroupFields": GROUP_FIELDS});
        let body = body.to_string().into_bytes();
        let ask =
            Call::send(Method::POST, "/v1/contactGroups".to_owned(), Some(body), Effect::Write);
        let sent = self.sender.send(&ask).await;
        match sent {
            Ok(answer) if answer.ok() => {
                let group: Group = answer.json(Effect::Write)?;
                Ok(group.into())
            }
            // There is one already, or there may be: names are unique, so it can be looked for.
            Ok(answer) if answer.status == 409 => {
                self.group_named(name, errors::refused(&answer)).await
            }
            Ok(answer) => Err(errors::refused(&answer)),
            Err(error) if error.outcome_unknown() => self.group_named(name, error).await,
            Err(error) => Err(error),
        }
    }

    async fn group_named(&self, name: &str, or: RemoteError) -> Result<ContactGroup, RemoteError> {
        let same = |g: &ContactGroup| g.label && g.name.trim().eq_ignore_ascii_case(name.trim());
        self.groups().await?.into_iter().find(same).ok_or(or)
    }

    /// Adds people to a group and takes others out. May be repeated without harm.
    ///
    /// # Errors
    /// As every call; of several parts, earlier ones may be done.
    pub async fn modify_members(
        &self,
        group: &str,
        add: &[String],
        remove: &[String],
    ) -> Result<MembersLeft, RemoteError> {
        let _turn = self.turn.lock().await;
        let mut left = MembersLeft::default();
        let empty: &[String] = &[];
        let parts = add.chunks(MEMBERS).map(|add| (add, empty));
        for (add, remove) in parts.chain(remove.chunks(MEMBERS).map(|remove| (empty, remove))) {
            let body = json!({"resourceNamesToAdd": add, "resourceNamesToRemove": remove});
            let body = body.to_string().into_bytes();
            let path = format!("/v1/{group}/members:modify");
            // Idempotent: it may be sent again like a read.
            let ask = Call::send(Method::POST, path, Some(body), Effect::Read);
            let answer = self.sender.send(&ask).await?;
            if !answer.ok() {
                return Err(errors::refused(&answer));
            }
            let part: Modified = answer.json(Effect::Read)?;
            left.not_found.extend(part.not_found_resource_names);
            left.last_group.extend(part.can_not_remove_last_contact_group_resource_names);
        }
        Ok(left)
    }

    /// Adds created people to the groups that their creation named and Google passed over. Who then
    /// is still outside is so in the reply too.
    pub(super) async fn join_groups(&self, people: &[Value], replies: &mut [ItemReply]) {
        let mut late: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (person, reply) in people.iter().zip(replies.iter()) {
            let ItemReply::Done(Written { id, raw: Some(raw), .. }) = reply else { continue };
            let inside = wire::memberships(raw).unwrap_or_default();
            for group in named(person).filter(|group| !inside.iter().any(|g| g == group)) {
                late.entry(group.to_owned()).or_default().push(id.clone());
            }
        }
        for (group, ids) in &late {
            if self.modify_members(group, ids, &[]).await.is_err() {
                continue;
            }
            let Ok(found) = self.batch_get(ids).await else { continue };
            let mut found: BTreeMap<String, Received> =
                found.into_iter().filter_map(|(id, person)| Some((id, person?))).collect();
            for reply in replies.iter_mut() {
                if let ItemReply::Done(written) = reply
                    && let Some(person) = found.remove(&written.id)
                {
                    *written = person.into();
                }
            }
        }
    }
}

/// The groups that a new person's body names.
fn named(person: &Value) -> impl Iterator<Item = &str> {
    let memberships = person.get("memberships").and_then(Value::as_array).into_iter().flatten();
    memberships
        .filter_map(|m| m.get("contactGroupMembership")?.get("contactGroupResourceName")?.as_str())
}

/// Google's own groups are always there: an answer without groups is no empty one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GroupPage {
    contact_groups: Vec<Group>,
    next_page_token: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Group {
    resource_name: String,
    name: String,
    formatted_name: String,
    group_type: String,
    member_count: u32,
    metadata: GroupMetadata,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct GroupMetadata {
    deleted: bool,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Modified {
    not_found_resource_names: Vec<String>,
    can_not_remove_last_contact_group_resource_names: Vec<String>,
}

impl From<Group> for ContactGroup {
    fn from(group: Group) -> ContactGroup {
        let name = if group.name.is_empty() { group.formatted_name } else { group.name };
        ContactGroup {
            id: group.resource_name,
            name,
            members: group.member_count,
            label: group.group_type == "USER_CONTACT_GROUP",
        }
    }
}
