//! Options of a list that get other names. Whoever holds one says so without anybody having changed the
//! record: read again, it says another word at the same time of change. So Zoho's base follows what a
//! record shows, and never a name alone, which another option may have had before.

use renraku_core::contact::Side;
use renraku_store::{Db, MirrorRow, Reading, Store, StoreError};

use crate::sync::session::Session;

/// Puts into Zoho's base what an option is called now, where a record that nobody changed since `old`
/// shows another name.
pub(crate) fn follow(
    session: &Session,
    db: &Db,
    old: &MirrorRow,
    reading: &Reading,
) -> Result<(), StoreError> {
    let lists = session.mapping.rules().iter().enumerate();
    let mut lists = lists.filter(|(_, spec)| spec.kind.is_list()).peekable();
    if old.modified != reading.modified || lists.peek().is_none() {
        return Ok(());
    }
    let read = |raw: &str| session.parse(Side::Zoho, raw);
    let (Some(was), Some(is)) = (read(&old.raw), read(&reading.raw)) else { return Ok(()) };
    let Some(mut link) = Store::link_of(db, session.sync.id, Side::Zoho, &reading.id)? else {
        return Ok(());
    };
    let before = link.base.zoho.clone();
    for (rule, spec) in lists {
        let (Some(was), Some(is)) = (was.card.get(rule), is.card.text(rule)) else { continue };
        let lost = link.sent.as_ref().is_some_and(|sent| sent.is_lost(spec, &is));
        let Some(base) = link.base.zoho.get_mut(&spec.zoho) else { continue };
        if lost || spec.kind.same(Some(was), Some(&is)) {
            continue;
        }
        if spec.kind.same(Some(&**base), Some(was)) {
            *base = is;
        } else if let Some(names) = session.renamed.get(&spec.zoho) {
            // Another option was chosen since: what was settled has its new name too.
            *base = spec.kind.renamed(base, names).into();
        }
    }
    if link.base.zoho == before { Ok(()) } else { Store::save_link(db, &link) }
}
