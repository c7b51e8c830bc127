//! What a run reads: what is new on both sides, and whoever is to be looked at once more.

use std::collections::BTreeSet;

use renraku_core::contact::Side;
use renraku_core::timestamp::Timestamp;
use renraku_services::RemoteError;

use crate::sync::error::RunError;
use crate::sync::fields;
use crate::sync::look::{look_at_people, look_at_records};
use crate::sync::lost::look_for_the_lost;
use crate::sync::pull::pull;
use crate::sync::session::{RunMode, Session};

/// Reads what is new on both sides, and answers Zoho's newest time that was known when the reading of
/// its records began; nothing where the person stopped it. Whoever reads a plan leaves it by looking
/// elsewhere.
pub(super) async fn read(
    session: &mut Session,
    mode: RunMode,
    pass: i64,
) -> Result<Option<Option<Timestamp>>, RunError> {
    let stop = session.stop.clone();
    let reading = both_sides(session, pass);
    match mode {
        RunMode::Preview => reading.await.map(Some),
        RunMode::Sync | RunMode::Due | RunMode::Approved => stop.or(reading).await.transpose(),
    }
}

/// What is to be written is decided on what was last settled: not on an older copy of it.
pub(super) async fn notice_an_older_copy(session: &mut Session) -> Result<(), RunError> {
    let older = session.generation.is_older().await;
    if older? {
        session.sync.approved = false;
        session.sync.first_done = false;
        session.sync.renewed = None;
    }
    Ok(())
}

/// Reads what is new on both sides. Each page is kept with the place to go on from: in the middle of
/// it nothing is lost.
async fn both_sides(session: &mut Session, pass: i64) -> Result<Option<Timestamp>, RunError> {
    let mut known = pull(session, pass).await;
    // Perhaps a field that is asked for is gone.
    if matches!(known, Err(RunError::Service(Side::Zoho, RemoteError::Refused { .. })))
        && fields::look(session).await?.asks
    {
        known = pull(session, pass).await;
    }
    let known = known?;
    look_for_the_lost(session, pass).await?;
    Ok(known)
}

/// Reads contacts that changed under our hands.
pub(crate) async fn refetch(
    session: &Session,
    reread: &BTreeSet<(Side, String)>,
    pass: i64,
) -> Result<(), RunError> {
    for side in Side::BOTH {
        let ids: Vec<String> =
            reread.iter().filter(|(at, _)| *at == side).map(|(_, id)| id.clone()).collect();
        match side {
            Side::Google => look_at_people(session, &ids, pass).await,
            Side::Zoho => look_at_records(session, &ids, pass).await,
        }?;
    }
    Ok(())
}

/// Reads contacts that something here names and of which there is no copy, unless more is damaged.
pub(super) async fn look_for_the_astray(
    session: &Session,
    astray: &BTreeSet<(Side, String)>,
    pass: i64,
) -> Result<(), RunError> {
    session.store.await_anew(session.sync.ledger, session.module(), astray)?;
    refetch(session, astray, pass).await
}
