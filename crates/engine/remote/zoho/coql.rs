//! Zoho's query language: the cheapest read (2,000 records a call), and the only one that sees its
//! own writes at once.
//!
//! Its rules: a `where` is mandatory, conditions nest in pairs, `in` takes 50 values, 50 columns,
//! 2,000 records a call; a higher limit costs more credits.

use std::collections::BTreeMap;

use jiff::Timestamp;
use renraku_core::contact::Module;
use reqwest::Method;
use serde_json::json;

use super::{OnRecords, ROOT, RecordPage, RecordRead, Zoho, errors, page, parts, stamp};
use crate::remote::RemoteError;
use crate::remote::http::{Answer, Ask, Effect};
use crate::remote::pagination::Pagination;

/// The most records of a query.
const MOST: u32 = 2000;
/// What a query that is expected to bring few asks for first.
const FEW: u32 = 200;
/// The most values of an `in`.
pub(super) const IN: usize = 50;

/// Which records.
pub(super) enum Where<'a> {
    All,
    /// Since a time, and how many are known to have been changed since then.
    ModifiedSince(Timestamp, u32),
    CreatedSince(Timestamp),
    In {
        column: &'static str,
        values: &'a [String],
    },
}

impl Where<'_> {
    fn conditions(&self) -> Vec<String> {
        match self {
            Where::All => Vec::new(),
            Where::ModifiedSince(since, _) => vec![format!("Modified_Time >= '{}'", stamp(*since))],
            Where::CreatedSince(since) => vec![format!("Created_Time >= '{}'", stamp(*since))],
            Where::In { column, values } => {
                let values: Vec<String> = values.iter().map(|v| quoted(v)).collect();
                vec![format!("{column} in ({})", values.join(","))]
            }
        }
    }

    /// How many records to ask for first.
    pub(super) fn expected(&self) -> u32 {
        match self {
            Where::All => MOST,
            Where::ModifiedSince(_, known) => known.saturating_add(FEW / 2).clamp(FEW, MOST),
            Where::CreatedSince(_) | Where::In { .. } => FEW,
        }
    }
}

/// A text literal.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
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
    let columns = columns.join(", ");
    format!("select id, {columns} from {module} where {nested} order by id asc limit {limit}")
}

impl Zoho {
    /// Runs one query. No match has no body.
    pub(super) async fn query(&self, query: &str) -> Result<Answer, RemoteError> {
        let body = json!({"select_query": query}).to_string().into_bytes();
        let ask = Ask::send(Method::POST, format!("{ROOT}/coql"), Some(body), Effect::Read);
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
        let parts = parts(fields);
        let mut after: Option<String> = None;
        let mut limit = condition.expected();
        let mut server_time = None;
        let mut pages = Pagination::default();
        loop {
            let mut merged: Option<Vec<RecordRead>> = None;
            let mut more = false;
            let from = after.clone();
            for part in &parts {
                let text = query(module.api_name(), part, condition, from.as_deref(), limit);
                let answer = self.query(&text).await?;
                server_time = server_time.or(answer.date);
                let page = page::page(&answer)?;
                let records = page::records(&page);
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
        records: &mut [RecordRead],
        fields: &[String],
    ) -> Result<(), RemoteError> {
        let unnamed = page::nameless(records, fields);
        if unnamed.is_empty() {
            return Ok(());
        }
        let names = match self.account_names(unnamed.into_values().flatten().collect()).await {
            Err(
                RemoteError::Rights { .. }
                | RemoteError::ScopeMissing
                | RemoteError::Refused { .. },
            ) => BTreeMap::new(),
            names => names?,
        };
        page::with_names(records, fields, &names);
        let unnamed: Vec<String> = page::nameless(records, fields).into_keys().collect();
        let shown = self.by_ids(module, &unnamed, fields).await?;
        let mut shown: BTreeMap<String, RecordRead> =
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
    ) -> Result<Vec<RecordRead>, RemoteError> {
        let mut found = Vec::new();
        let mut keep = |page: RecordPage| {
            found.extend(page.records);
            Ok(())
        };
        self.query_all(module, fields, condition, &mut keep).await?;
        Ok(found)
    }

    /// Records with one of these primary e-mail addresses. Reads its own writes.
    ///
    /// # Errors
    /// As every call.
    pub async fn by_emails(
        &self,
        module: Module,
        emails: &[String],
        fields: &[String],
    ) -> Result<Vec<RecordRead>, RemoteError> {
        let mut found = Vec::new();
        for values in emails.chunks(IN) {
            let condition = Where::In { column: "Email", values };
            found.append(&mut self.collect(module, fields, &condition).await?);
        }
        Ok(found)
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
    ) -> Result<Vec<RecordRead>, RemoteError> {
        let mut found = self.collect(module, fields, &Where::CreatedSince(since)).await?;
        found.retain(|record| record.created_by.as_deref().is_none_or(|by| by == user));
        Ok(found)
    }
}
