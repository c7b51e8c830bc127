//! Companies: Zoho keeps them as records of their own (Accounts), and contacts point to them.

use std::collections::{BTreeMap, BTreeSet};

use renraku_core::field::fold_company;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::coql::{IN, Where, query};
use super::errors::{self, Items, item_reply};
use super::{ROOT, Zoho};
use crate::remote::http::{Ask, Effect};
use crate::remote::{ItemReply, RemoteError};

/// The most records of one insert.
const INSERT: usize = 100;

#[derive(Deserialize)]
struct AccountPage {
    #[serde(default)]
    data: Vec<Account>,
}

#[derive(Deserialize)]
struct Account {
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
    if !plain.is_ascii() {
        let bare =
            FORMS.iter().chain(&["（株）", "(有)", "（有）"]).fold(plain, |n, f| n.replace(f, ""));
        let bare = bare.trim().to_owned();
        for form in FORMS {
            all.insert(format!("{form}{bare}"));
            all.insert(format!("{bare}{form}"));
        }
        all.insert(bare);
    }
    all
}

impl Zoho {
    /// The ids of the accounts with these names, by the name asked for. Compared as companies are:
    /// width, case and legal form (`株式会社`, `(株)`) do not count; of several the one spelled
    /// alike, else the oldest. Missing ones are left out.
    ///
    /// # Errors
    /// As every call.
    pub async fn accounts_by_name(
        &self,
        names: &[String],
    ) -> Result<BTreeMap<String, String>, RemoteError> {
        let asked: BTreeSet<String> = names.iter().flat_map(|n| spellings(n)).collect();
        let asked: Vec<String> = asked.into_iter().filter(|n| !n.is_empty()).collect();
        let mut accounts = Vec::new();
        for values in asked.chunks(IN) {
            let condition = Where::In { column: "Account_Name", values };
            accounts.append(&mut self.accounts(&condition).await?);
        }
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
        let mut names = BTreeMap::new();
        for values in ids.chunks(IN) {
            let found = self.accounts(&Where::In { column: "id", values }).await?;
            names.extend(found.into_iter().filter_map(|a| Some((a.id, a.name?))));
        }
        Ok(names)
    }

    async fn accounts(&self, condition: &Where<'_>) -> Result<Vec<Account>, RemoteError> {
        let answer =
            self.query(&query("Accounts", &["Account_Name"], condition, None, 200)).await?;
        if answer.body.trim().is_empty() {
            return Ok(Vec::new());
        }
        let page: AccountPage = answer.json(Effect::Read)?;
        Ok(page.data)
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
