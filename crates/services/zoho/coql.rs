//! Zoho's query language: the cheapest read (2,000 records a call), and the only one that sees its
//! own writes at once.
//!
//! Its rules: a `where` is mandatory, conditions nest in pairs and are 25 at most, `in` takes 100
//! values, 500 columns, 2,000 records a call; a higher limit costs more credits. An apostrophe in a
//! text is doubled. How a backslash is read is not documented: no query holds one.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use renraku_core::contact::Module;
use renraku_core::timestamp::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::RemoteError;
use crate::answer::{Answer, Effect};
use crate::pagination::Pagination;
use crate::received::Received;
use crate::sender::Call;
use crate::zoho::condition::{COLUMNS, IN, LIKE, LookedUp, MOST, Where, quoted};
use crate::zoho::{OnRecords, ROOT, RecordPage, Zoho, errors, page, parts};

/// A column's name; one that is a word of SQL wants quotes.
fn column(name: &str) -> String {
    const RESERVED: &str = " all and any as asc between by case check column condition create cross \
        current database date default delete desc distinct drop else end exists external false fetch \
        filter for from full function grant group having in index inner insert interval into is join \
        key keys language left level like limit local match method natural not null of offset on only \
        option or order outer partition position primary range rank references release right role row \
        rows schema select session set size some start state table then time timestamp to trigger true \
        type union unique unknown update user using value values view when where window with year ";
    // Zoho's own fields of these names are asked for without.
    let own = matches!(name, "State" | "Role" | "User");
    let reserved = !own && RESERVED.contains(&format!(" {} ", name.to_lowercase()));
    if reserved { format!("'{name}'") } else { name.to_owned() }
}

/// The query for one page: what comes after the record `after`.
pub(super) fn query(
    module: &str,
    columns: &[&str],
    condition: &Where<'_>,
    after: Option<&str>,
    limit: u32,
) -> String {
    let mut tests = condition.conditions();
    tests.extend(after.map(|id| format!("id > {}", quoted(id))));
    // Three conditions nest as ((a and b) and c).
    let nested = tests
        .into_iter()
        .reduce(|all, test| format!("({all} and {test})"))
        .unwrap_or_else(|| "id is not null".to_owned());
    let columns = columns.iter().map(|name| column(name)).collect::<Vec<_>>().join(", ");
    format!("select id, {columns} from {module} where {nested} order by id asc limit {limit}")
}

/// Whether Zoho refused a query for how it is written.
fn malformed(error: &RemoteError) -> bool {
    let codes = ["SYNTAX_ERROR", "INVALID_QUERY", "LIMIT_EXCEEDED", "INVALID_DATA"];
    matches!(error, RemoteError::Refused { code, .. } if codes.contains(&code.as_str()))
}

/// Whether queries as such are out of reach: the edition, the scope.
pub(super) fn out_of_reach(error: &RemoteError) -> bool {
    malformed(error) || matches!(error, RemoteError::ScopeMissing { .. })
}

/// Whether the service failed inside: for this value alone, perhaps.
fn is_trouble(error: &RemoteError) -> bool {
    matches!(error, RemoteError::Broken { what, .. } if what.starts_with("status 5"))
}

/// A value that no query can stumble over.
static PLAIN: LazyLock<[String; 1]> = LazyLock::new(|| ["renraku".to_owned()]);

/// Looks values up, as many at once as a query takes. One that the language does not take makes no
/// difference to the others: the query is halved until that one is alone, and it is left out.
///
/// # Errors
/// As every call; a refusal where queries are refused whatever they ask for.
pub(super) async fn by_value<'a, T, F>(
    values: &'a [String],
    most: usize,
    ask: impl Fn(&'a [String]) -> F,
) -> Result<LookedUp<Vec<T>>, RemoteError>
where
    F: Future<Output = Result<Vec<T>, RemoteError>>,
{
    let mut looked_up = LookedUp { found: Vec::new(), left_out: Vec::new() };
    let mut understood = false;
    let mut parts: Vec<&'a [String]> = values.chunks(most).rev().collect();
    while let Some(part) = parts.pop() {
        match ask(part).await {
            Ok(mut found) => {
                understood = true;
                looked_up.found.append(&mut found);
            }
            Err(error) if malformed(&error) || is_trouble(&error) => {
                if !understood || is_trouble(&error) {
                    ask(PLAIN.as_slice()).await?;
                    understood = true;
                }
                match part {
                    [value] => looked_up.left_out.push(value.clone()),
                    part => {
                        let (first, second) = part.split_at(part.len() / 2);
                        parts.extend([second, first]);
                    }
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(looked_up)
}

impl Zoho {
    /// Runs one query. No match has no body.
    pub(super) async fn query(&self, query: &str) -> Result<Answer, RemoteError> {
        let body = json!({"select_query": query}).to_string().into_bytes();
        let ask = Call::send(Method::POST, format!("{ROOT}/coql"), Some(body), Effect::Read);
        let answer = self.sender.send(&ask).await?;
        if answer.ok() { Ok(answer) } else { Err(errors::refused(&answer)) }
    }

    /// All records of a condition, page by page in the order of their ids.
    pub(super) async fn query_all(
        &self,
        module: Module,
        fields: &[String],
        condition: &Where<'_>,
        on_page: OnRecords<'_>,
    ) -> Result<(), RemoteError> {
        let parts = parts(fields, COLUMNS);
        let mut after: Option<String> = None;
        let mut limit = condition.expected();
        let mut server_time = None;
        let mut pages = Pagination::default();
        loop {
            let mut merged: Option<Vec<Received>> = None;
            let mut more = false;
            let from = after.clone();
            for part in &parts {
                let text = query(module.api_name(), part, condition, from.as_deref(), limit);
                let answer = self.query(&text).await?;
                server_time = server_time.or(answer.date);
                let page = page::page(&answer)?;
                let records = answer.contacts(page::records(&page))?;
                merged = Some(match merged {
                    None => {
                        more = page.info.more_records && !records.is_empty();
                        // One without an id cannot be gone on from.
                        let last = records.iter().rfind(|record| !record.id.is_empty());
                        after = last.map(|record| record.id.clone());
                        more &= after.is_some();
                        records
                    }
                    Some(first) => page::joined(first, &records),
                });
            }
            let mut records = merged.unwrap_or_default();
            pages.page(records.iter().map(|record| record.id.as_str()), None)?;
            records.retain(|r| !r.converted);
            self.name_lookups(module, &mut records, fields).await?;
            on_page(RecordPage { records, last: !more, server_time })?;
            if !more {
                return Ok(());
            }
            limit = MOST;
        }
    }

    /// Puts in the names of lookups that came as an id alone: from the accounts, or, where those
    /// are out of reach, from the records as the list shows them. A company that is not named must
    /// not be taken for none.
    async fn name_lookups(
        &self,
        module: Module,
        records: &mut [Received],
        fields: &[String],
    ) -> Result<(), RemoteError> {
        let unnamed = page::nameless(records, fields);
        if unnamed.is_empty() {
            return Ok(());
        }
        let names = match self.account_names(unnamed.into_values().flatten().collect()).await {
            Err(
                RemoteError::Rights { .. }
                | RemoteError::ScopeMissing { .. }
                | RemoteError::Untrusted
                | RemoteError::Refused { .. },
            ) => BTreeMap::new(),
            names => names?,
        };
        page::with_names(records, fields, &names);
        let unnamed: Vec<String> = page::nameless(records, fields).into_keys().collect();
        let shown = self.by_ids(module, &unnamed, fields).await?;
        let mut shown: BTreeMap<String, Received> =
            shown.into_iter().map(|record| (record.id.clone(), record)).collect();
        for record in records {
            if let Some(shown) = shown.remove(&record.id) {
                *record = shown;
            }
        }
        Ok(())
    }

    async fn collect(
        &self,
        module: Module,
        fields: &[String],
        condition: &Where<'_>,
    ) -> Result<Vec<Received>, RemoteError> {
        let mut found = Vec::new();
        let mut keep = |page: RecordPage| {
            found.extend(page.records);
            Ok(())
        };
        self.query_all(module, fields, condition, &mut keep).await?;
        Ok(found)
    }

    /// Records with one of these e-mail addresses, in any of the fields asked for that hold one;
    /// others may be among them. Reads its own writes.
    ///
    /// # Errors
    /// As every call.
    pub async fn by_emails(
        &self,
        module: Module,
        emails: &[String],
        fields: &[String],
    ) -> Result<LookedUp<Vec<Received>>, RemoteError> {
        let also = fields.iter().any(|field| field == "Secondary_Email");
        let columns: &[_] = if also { &["Email", "Secondary_Email"] } else { &["Email"] };
        self.by_texts(module, columns, (emails, &[]), fields).await
    }

    /// Records with one of these family names; vendors whose name holds one of these words. Others may
    /// be among them. Reads its own writes.
    ///
    /// # Errors
    /// As every call.
    pub async fn by_names(
        &self,
        module: Module,
        names: &[String],
        fields: &[String],
    ) -> Result<LookedUp<Vec<Received>>, RemoteError> {
        match module {
            Module::Contacts | Module::Leads => {
                self.by_texts(module, &["Last_Name"], (names, &[]), fields).await
            }
            Module::Vendors => self.by_texts(module, &["Vendor_Name"], (&[], names), fields).await,
        }
    }

    /// Records one of whose `columns` is one of the `texts`, or holds some `words`. A text with a
    /// backslash is looked for by what stands around it.
    async fn by_texts(
        &self,
        module: Module,
        columns: &[&'static str],
        (texts, words): (&[String], &[String]),
        fields: &[String],
    ) -> Result<LookedUp<Vec<Received>>, RemoteError> {
        let (odd, plain): (Vec<String>, Vec<String>) =
            texts.iter().cloned().partition(|text| text.contains('\\'));
        let odd = odd.iter().map(|text| text.replace('\\', " "));
        let words: Vec<String> = odd.chain(words.iter().cloned()).collect();
        let asked = async {
            let mut all = LookedUp { found: Vec::new(), left_out: Vec::new() };
            for column in columns {
                let one_of = |values| async move {
                    self.collect(module, fields, &Where::In { column, values }).await
                };
                let around = |words| async move {
                    self.collect(module, fields, &Where::Holds { column, words }).await
                };
                for mut part in
                    [by_value(&plain, IN, one_of).await?, by_value(&words, LIKE, around).await?]
                {
                    all.found.append(&mut part.found);
                    all.left_out.append(&mut part.left_out);
                }
            }
            all.found.sort_by(|a, b| a.id.cmp(&b.id));
            all.found.dedup_by(|a, b| a.id == b.id);
            Ok(all)
        };
        match asked.await {
            Err(error) if out_of_reach(&error) => {
                let mut found = Vec::new();
                let mut keep = |page: RecordPage| {
                    found.extend(page.records);
                    Ok(())
                };
                self.list(module.api_name(), fields, &[], None, &mut keep).await?;
                Ok(LookedUp { found, left_out: Vec::new() })
            }
            looked_up => looked_up,
        }
    }

    /// Records that this user created at or after a time: for looking for a lost create. Who made
    /// them is looked at here, since how the language compares users is not documented.
    ///
    /// # Errors
    /// As every call.
    pub async fn created_since(
        &self,
        module: Module,
        fields: &[String],
        since: Timestamp,
        user: &str,
    ) -> Result<Vec<Received>, RemoteError> {
        let asked = self.collect(module, fields, &Where::CreatedSince(since)).await;
        let mut found = match asked {
            Err(error) if out_of_reach(&error) => self.listed_since(module, fields, since).await?,
            asked => asked?,
        };
        found.retain(|record| record.created_by.as_deref().is_none_or(|by| by == user));
        Ok(found)
    }

    /// Records created at or after a time, from the list of those changed since then.
    async fn listed_since(
        &self,
        module: Module,
        fields: &[String],
        since: Timestamp,
    ) -> Result<Vec<Received>, RemoteError> {
        let created = "Created_Time";
        let mut asked = fields.to_vec();
        asked.push(created.to_owned());
        let mut found = Vec::new();
        let mut keep = |page: RecordPage| {
            found.extend(page.records);
            Ok(())
        };
        self.list(module.api_name(), &asked, &[], Some(since), &mut keep).await?;
        found.retain(|record| {
            let told: Value = serde_json::from_str(&record.raw).unwrap_or_default();
            let at = told.get(created).and_then(Value::as_str).and_then(|at| at.parse().ok());
            // What does not tell may be the one that is looked for.
            at.is_none_or(|at: Timestamp| at >= since)
        });
        Ok(found)
    }
}

#[cfg(test)]
#[path = "coql_tests.rs"]
mod tests;
