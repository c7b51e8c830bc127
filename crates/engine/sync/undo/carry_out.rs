//! An undo from its beginning to its end.

use renraku_store::Store;

use super::begun::{Begun, begin, feed};
use super::work;
use crate::api::{Failure, Run};
use crate::sync::report::{blank, end};
use crate::sync::session::Session;
use crate::text::message;

/// Puts back what is to be put back, and closes the report.
pub(crate) async fn carry_out(session: &mut Session, begun: &Begun) -> Result<Run, Failure> {
    let mut report = blank(session, session.stamp());
    report.undo = true;
    session.store.end_interrupted(message::interrupted)?;
    let number = begin(session, begun, &mut report)?;
    let result = work(session, begun, number, &mut report).await;
    let ended = end(session, number, &mut report, result);
    let (store, ledger) = (&session.store, session.sync.ledger);
    store.write(|db| {
        // What it wrote before it was cut off counts as well.
        Store::count_again(db, number)?;
        Store::put_cursor(db, ledger, &feed(session.module()), None)
    })?;
    ended?;
    let closed = store.run(number)?;
    Ok(closed.map_or(report, |row| row.report))
}
