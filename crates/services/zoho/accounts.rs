//! Companies: Zoho keeps them as records of their own (Accounts), and contacts point to them.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::field::{Misfit, company_cores, has_same_form, same_company};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use crate::answer::Effect;
use crate::pagination::Pagination;
use crate::zoho::condition::{IN, LIKE, LookedUp, Where};
use crate::zoho::coql::{by_value, out_of_reach, query};
use crate::zoho::errors::{self, Items, item_reply};
use crate::zoho::id::id;
use crate::zoho::page::Info;
use crate::zoho::{RecordPage, Zoho};
use crate::{ItemReply, Refusal, RemoteError, Written};

/// The most records of one insert.
const INSERT: usize = 100;

#[derive(Default, Deserialize)]
struct AccountPage {
    data: Vec<Account>,
    #[serde(default)]
    info: Info,
}

#[derive(Deserialize)]
struct Account {
    #[serde(deserialize_with = "id")]
    id: String,
    #[serde(rename = "Account_Name", default)]
    name: Option<String>,
}

/// What a look-up of companies found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundAccounts {
    /// The accounts' ids, by the names asked for.
    pub found: BTreeMap<String, String>,
    /// Names that could not be asked for.
    pub left_out: Vec<String>,
    /// Names of which there are several accounts that are not the same company.
    pub several: Vec<String>,
}

/// The account that a name means; an error where several could be meant that are not one company.
fn meant<'a>(accounts: &'a [Account], name: &str) -> Result<Option<&'a Account>, ()> {
    let rank = |named: &str| match named.trim() == name.trim() {
        true => 0,
        false if has_same_form(named, name) => 1,
        false => 2,
    };
    let named = accounts.iter().filter_map(|account| Some((account, account.name.as_deref()?)));
    let alike: Vec<_> = named.filter(|(_, named)| same_company(named, name)).collect();
    // Of equals the first.
    let Some((first, called)) = alike.iter().min_by_key(|(_, named)| rank(named)) else {
        return Ok(None);
    };
    let mut as_near = alike.iter().filter(|(_, named)| rank(named) == rank(called));
    match rank(called) > 0 && as_near.any(|(_, named)| !same_company(named, called)) {
        true => Err(()),
        false => Ok(Some(first)),
    }
}

/// What became of accounts that were to be created.
#[derive(Debug, Default, PartialEq)]
pub struct NewAccounts {
    /// The ids of those that are there now, by name.
    pub ids: BTreeMap<String, String>,
    /// Why Zoho refused the others, as far as it says.
    pub refused: BTreeMap<String, Refusal>,
}

impl Zoho {
    /// The ids of the accounts with these names, by the name asked for. Compared as companies are:
    /// width, case and the spelling of the legal form do not count; of several the one spelled alike,
    /// else one with the same legal form, else the oldest, unless these differ in their legal form.
    /// Missing ones are left out.
    ///
    /// An account is looked for by the words of its name, so none of the ways to write a legal form
    /// is missed. Many names are looked up in the list of all accounts, as long as that takes no more
    /// calls than asking for them.
    ///
    /// # Errors
    /// As every call.
    pub async fn accounts_by_name(&self, names: &[String]) -> Result<FoundAccounts, RemoteError> {
        let asked: BTreeSet<String> = names.iter().flat_map(|n| company_cores(n)).collect();
        let asked: Vec<String> = asked.into_iter().collect();
        // A name without letters and digits has no words to look for.
        let wordless = names.iter().any(|name| company_cores(name).is_empty());
        let calls = if wordless { usize::MAX } else { asked.len().div_ceil(LIKE) };
        let holding = |words| self.accounts_in(Where::Holds { column: "Account_Name", words });
        let looked_up = async {
            let all = if calls > 1 { self.all_accounts(calls).await? } else { None };
            match all {
                Some(found) => Ok(LookedUp { found, left_out: Vec::new() }),
                None => by_value(&asked, LIKE, holding).await,
            }
        };
        let LookedUp { found: accounts, left_out } = match looked_up.await {
            Err(error) if out_of_reach(&error) => {
                LookedUp { found: self.listed_accounts().await?, left_out: Vec::new() }
            }
            looked_up => looked_up?,
        };
        let mut found = BTreeMap::new();
        let mut several = Vec::new();
        for name in names {
            match meant(&accounts, name) {
                Ok(account) => found.extend(account.map(|one| (name.clone(), one.id.clone()))),
                Err(()) => several.push(name.clone()),
            }
        }
        let unasked = |name: &&String| {
            !found.contains_key(*name) && company_cores(name).iter().any(|c| left_out.contains(c))
        };
        let left_out = names.iter().filter(unasked).cloned().collect();
        Ok(FoundAccounts { found, left_out, several })
    }

    /// The names of these accounts, by id.
    pub(super) async fn account_names(
        &self,
        ids: BTreeSet<String>,
    ) -> Result<BTreeMap<String, String>, RemoteError> {
        let ids: Vec<String> = ids.into_iter().collect();
        let mut found = Vec::new();
        for values in ids.chunks(IN) {
            found.append(&mut self.accounts_in(Where::In { column: "id", values }).await?);
        }
        Ok(found.into_iter().filter_map(|a| Some((a.id, a.name?))).collect())
    }

    /// All accounts of a condition.
    async fn accounts_in(&self, condition: Where<'_>) -> Result<Vec<Account>, RemoteError> {
        let mut found: Vec<Account> = Vec::new();
        let mut pages = Pagination::default();
        loop {
            let after = found.last().map(|account| account.id.clone());
            let mut page = self.accounts(&condition, after.as_deref()).await?;
            let more = page.info.more_records && !page.data.is_empty();
            pages.page(page.data.iter().map(|account| account.id.as_str()), None)?;
            found.append(&mut page.data);
            if !more {
                return Ok(found);
            }
        }
    }

    /// All accounts in the order of their ids; none where they take more calls than these.
    async fn all_accounts(&self, calls: usize) -> Result<Option<Vec<Account>>, RemoteError> {
        let mut all: Vec<Account> = Vec::new();
        for _ in 0..calls {
            let after = all.last().map(|account| account.id.clone());
            let mut page = self.accounts(&Where::All, after.as_deref()).await?;
            let more = page.info.more_records && !page.data.is_empty();
            all.append(&mut page.data);
            if !more {
                return Ok(Some(all));
            }
        }
        Ok(None)
    }

    /// All accounts as the list has them, for where queries are out of reach.
    async fn listed_accounts(&self) -> Result<Vec<Account>, RemoteError> {
        let mut all = Vec::new();
        let mut keep = |page: RecordPage| {
            let accounts = page.records.iter().filter_map(|r| serde_json::from_str(&r.raw).ok());
            all.extend(accounts);
            Ok(())
        };
        let oldest_first = [("sort_by", "id"), ("sort_order", "asc")];
        let fields = ["Account_Name".to_owned()];
        self.list("Accounts", &fields, &oldest_first, None, &mut keep).await?;
        Ok(all)
    }

    async fn accounts(
        &self,
        condition: &Where<'_>,
        after: Option<&str>,
    ) -> Result<AccountPage, RemoteError> {
        // A further page is as large as can be.
        let limit = after.map_or(condition.expected(), |_| Where::All.expected());
        let text = query("Accounts", &["Account_Name"], condition, after, limit);
        let answer = self.query(&text).await?;
        // Any other answer without a body is none: taken for "no such account" it would make another.
        if answer.status == 204 { Ok(AccountPage::default()) } else { answer.json(Effect::Read) }
    }

    /// Creates accounts; one that was there already counts as made.
    ///
    /// # Errors
    /// As every call; after an unknown outcome look them up before trying again.
    pub async fn create_accounts(&self, names: &[String]) -> Result<NewAccounts, RemoteError> {
        let mut made = NewAccounts::default();
        for chunk in names.chunks(INSERT) {
            let data: Vec<_> = chunk.iter().map(|n| json!({"Account_Name": n})).collect();
            let answer = self.send_records(Method::POST, "Accounts", &data, None).await?;
            let items = serde_json::from_str::<Items>(&answer.body).unwrap_or_default().data;
            if items.is_empty() && !answer.ok() {
                return Err(errors::refused(&answer));
            }
            if let Some(error) = errors::rights(&items) {
                return Err(error);
            }
            for (name, item) in chunk.iter().zip(&items) {
                match item_reply(item, "Accounts") {
                    ItemReply::Done(Written { id, .. })
                    | ItemReply::Duplicate { id: Some(id), .. } => {
                        made.ids.insert(name.clone(), id);
                    }
                    ItemReply::Stale
                    | ItemReply::Gone
                    | ItemReply::Refused(_)
                    | ItemReply::Duplicate { id: None, .. } => {
                        let field = errors::named_field(item).map(ToOwned::to_owned);
                        let misfit = Misfit::Refused(errors::told_code(item).to_owned());
                        made.refused.insert(name.clone(), Refusal { misfit, field });
                    }
                    // The next run looks for it before it tries again.
                    ItemReply::Unknown => {}
                }
            }
        }
        Ok(made)
    }
}
