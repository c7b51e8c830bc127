//! Companies: Zoho keeps them as records of their own (Accounts), and contacts point to them.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::field::fold_company;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::coql::{IN, Where, query};
use super::errors::{self, Items, item_reply};
use super::id::id;
use super::page::Info;
use super::{ROOT, Zoho};
use crate::remote::http::{Ask, Effect};
use crate::remote::{ItemReply, RemoteError};

/// The most records of one insert.
const INSERT: usize = 100;

#[derive(Default, Deserialize)]
#[serde(default)]
struct AccountPage {
    data: Vec<Account>,
    info: Info,
}

#[derive(Deserialize)]
struct Account {
    #[serde(deserialize_with = "id")]
    id: String,
    #[serde(rename = "Account_Name", default)]
    name: Option<String>,
}

/// Spellings of a company that people use for the same one: as given, and without or with the legal
/// form, so that an account `山田商事` is found for `株式会社山田商事`.
fn spellings(name: &str) -> BTreeSet<String> {
    const FORMS: [&str; 3] = ["株式会社", "(株)", "有限会社"];
    let plain = name.trim().to_owned();
    let mut all = BTreeSet::from([plain.clone()]);
    let bare =
        FORMS.iter().chain(&["（株）", "(有)", "（有）"]).fold(plain, |n, f| n.replace(f, ""));
    let bare = bare.trim().to_owned();
    for form in FORMS {
        all.insert(format!("{form}{bare}"));
        all.insert(format!("{bare}{form}"));
    }
    all.insert(bare);
    all
}

impl Zoho {
    /// The ids of the accounts with these names, by the name asked for. Compared as companies are:
    /// width, case and legal form (`株式会社`, `(株)`) do not count; of several the one spelled
    /// alike, else the oldest. Missing ones are left out.
    ///
    /// Many names are looked up in the list of all accounts, as long as that takes no more calls
    /// than asking for them.
    ///
    /// # Errors
    /// As every call.
    pub async fn accounts_by_name(
        &self,
        names: &[String],
    ) -> Result<BTreeMap<String, String>, RemoteError> {
        let asked: BTreeSet<String> = names.iter().flat_map(|n| spellings(n)).collect();
        let asked: Vec<String> = asked.into_iter().filter(|n| !n.is_empty()).collect();
        let calls = asked.len().div_ceil(IN);
        let all = if calls > 1 { self.all_accounts(calls).await? } else { None };
        let accounts = match all {
            Some(all) => all,
            None => self.accounts_in("Account_Name", &asked).await?,
        };
        let find = |name: &String| {
            let alike = |a: &&Account| a.name.as_deref().is_some_and(|n| n.trim() == name.trim());
            let same = |a: &&Account| {
                a.name.as_deref().is_some_and(|n| fold_company(n) == fold_company(name))
            };
            let account = accounts.iter().find(alike).or_else(|| accounts.iter().find(same))?;
            Some((name.clone(), account.id.clone()))
        };
        Ok(names.iter().filter_map(find).collect())
    }

    /// The names of these accounts, by id.
    pub(super) async fn account_names(
        &self,
        ids: BTreeSet<String>,
    ) -> Result<BTreeMap<String, String>, RemoteError> {
        let ids: Vec<String> = ids.into_iter().collect();
        let found = self.accounts_in("id", &ids).await?;
        Ok(found.into_iter().filter_map(|a| Some((a.id, a.name?))).collect())
    }

    async fn accounts_in(
        &self,
        column: &'static str,
        values: &[String],
    ) -> Result<Vec<Account>, RemoteError> {
        let mut found = Vec::new();
        for values in values.chunks(IN) {
            found.append(&mut self.accounts(&Where::In { column, values }, None).await?.data);
        }
        Ok(found)
    }

    /// All accounts in the order of their ids; none where they take more calls than these.
    async fn all_accounts(&self, calls: usize) -> Result<Option<Vec<Account>>, RemoteError> {
        let mut all: Vec<Account> = Vec::new();
        for _ in 0..calls {
            let after = all.last().map(|account| account.id.clone());
            let mut page = self.accounts(&Where::All, after.as_deref()).await?;
            all.append(&mut page.data);
            if !page.info.more_records {
                return Ok(Some(all));
            }
        }
        Ok(None)
    }

    async fn accounts(
        &self,
        condition: &Where<'_>,
        after: Option<&str>,
    ) -> Result<AccountPage, RemoteError> {
        let limit = condition.expected();
        let text = query("Accounts", &["Account_Name"], condition, after, limit);
        let answer = self.query(&text).await?;
        // Any other answer without a body is none: taken for "no such account" it would make another.
        if answer.status == 204 { Ok(AccountPage::default()) } else { answer.json(Effect::Read) }
    }

    /// Creates accounts; returns the ids of those that were made (or were there already).
    ///
    /// # Errors
    /// As every call; after an unknown outcome look them up before trying again.
    pub async fn create_accounts(
        &self,
        names: &[String],
    ) -> Result<BTreeMap<String, String>, RemoteError> {
        let mut made = BTreeMap::new();
        for chunk in names.chunks(INSERT) {
            let data: Vec<_> = chunk.iter().map(|n| json!({"Account_Name": n})).collect();
            let body = json!({"data": data, "trigger": []}).to_string().into_bytes();
            let ask =
                Ask::send(Method::POST, format!("{ROOT}/Accounts"), Some(body), Effect::Write);
            let answer = self.sender.send(&ask).await?;
            let items = serde_json::from_str::<Items>(&answer.body).unwrap_or_default().data;
            if items.is_empty() && !answer.ok() {
                return Err(errors::refused(&answer));
            }
            for (name, item) in chunk.iter().zip(&items) {
                match item_reply(item) {
                    ItemReply::Done(written) => made.insert(name.clone(), written.id),
                    ItemReply::Duplicate { id: Some(id) } => made.insert(name.clone(), id),
                    ItemReply::Stale
                    | ItemReply::Gone
                    | ItemReply::Refused(_)
                    | ItemReply::Duplicate { id: None }
                    | ItemReply::Unknown => None,
                };
            }
        }
        Ok(made)
    }
}
