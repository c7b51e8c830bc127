//! Records outside the view that limits a sync. They are not read, so those that carry an e-mail address
//! of an unlinked person are looked up, so that no twin is created beside them.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::pull::take_record;
use crate::remote::RemoteError;
use crate::session::{Session, store_failure};
use crate::store::{Store, StoreError};

fn feed(session: &Session) -> String {
    format!("zoho:{}:unasked", session.module().api_name())
}

/// Looks them up, and remembers the addresses that Zoho's query language does not take.
pub(crate) async fn look_outside(session: &Session, pass: i64) -> Result<(), RemoteError> {
    session.store.list_traces().map_err(store_failure)?;
    let keys = session
        .store
        .read(|db| Store::unanswered_keys(db, &session.sync, session.module()))
        .map_err(store_failure)?;
    let (found, left_out) = match keys.is_empty() {
        true => (Vec::new(), Vec::new()),
        false => {
            let fields = session.zoho_fields();
            let looked_up = session.zoho.by_emails(session.module(), &keys, fields).await?;
            (looked_up.found, looked_up.left_out)
        }
    };
    if !left_out.is_empty() {
        tracing::warn!(keys = left_out.len(), "Zoho's queries do not take some addresses");
    }
    session
        .store
        .write(|db| {
            for read in &found {
                take_record(session, db, read, None, pass, None)?;
            }
            let unasked = serde_json::to_string(&left_out)?;
            let unasked = (!left_out.is_empty()).then_some(unasked.as_str());
            Store::put_cursor(db, session.sync.ledger, &feed(session), unasked)
        })
        .map_err(|error| RemoteError::from(store_failure(error)))
}

/// The addresses of which nobody knows whether a record outside the view carries them.
pub(crate) fn unasked(session: &Session, db: &Connection) -> Result<BTreeSet<String>, StoreError> {
    let text = Store::cursor_of(db, session.sync.ledger, &feed(session))?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default())
}
