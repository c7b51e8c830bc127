//! Forgets everything that is kept on this computer: the sign-ins, which are taken back at the services
//! too, the OAuth clients, the database with the copies of the contacts and the history, what was set
//! aside, and the snapshots. Then the app is as new.
//!
//! A sign-in that its service or the keychain did not give up stays known, with what is needed to try again:
//! at the next start, and when everything is forgotten once more.

use std::path::PathBuf;

use renraku_core::contact::Side;
use renraku_core::message::Message;
use renraku_store::forget::{self, Remains};
use renraku_store::{KEYCHAIN_NAME, Standing, StoreError, slot_file};

use crate::api::{Event, Failure, FailureCode, Forgotten};
use crate::auth::tokens::TakenBack;
use crate::clients;
use crate::handle::accounts::revocation_due;
use crate::handle::engine::Engine;
use crate::sync::snapshot;

/// Something that is kept on this computer.
enum Thing {
    /// A sign-in, in the keychain; the account's name.
    SignIn(Side, String),
    /// The OAuth clients' secrets, in the keychain.
    Clients,
    /// A file of OAuth clients in the data folder.
    ClientFile,
    /// Both sides as they were before a sync's first run.
    Snapshots,
    /// Databases that were damaged.
    SetAside,
    /// Settings, pairs, history, and the copies of the contacts.
    Database,
    /// The app starts when the person logs in.
    LoginStart,
}

impl Thing {
    fn told(&self) -> Message {
        match self {
            Thing::SignIn(side, account) => {
                Message::of("forget-sign-in", *side).with("account", account)
            }
            Thing::Clients => Message::new("forget-clients"),
            Thing::ClientFile => Message::new("forget-client-file"),
            Thing::Snapshots => Message::new("forget-snapshots"),
            Thing::SetAside => Message::new("forget-set-aside"),
            Thing::Database => Message::new("forget-database"),
            Thing::LoginStart => Message::new("forget-login-start"),
        }
    }
}

impl Engine {
    /// What [`Engine::forget_everything`] would remove, a sentence each. `starts_at_login` tells whether the
    /// app starts when the person logs in, which the desktop knows.
    ///
    /// # Errors
    /// [`FailureCode::Store`].
    pub fn kept_here(&self, starts_at_login: bool) -> Result<Vec<String>, Failure> {
        let catalogue = self.catalogue();
        Ok(self
            .things(starts_at_login)?
            .iter()
            .map(|thing| catalogue.tell(&thing.told()))
            .collect())
    }

    fn things(&self, starts_at_login: bool) -> Result<Vec<Thing>, Failure> {
        let folder = &self.inner.data_dir;
        let mut things = Vec::new();
        for side in Side::BOTH {
            if let Some((grant, standing)) = self.grant(side)?
                && (standing != Standing::Disconnected || self.is_revocation_due(side)?)
            {
                things.push(Thing::SignIn(side, grant.email));
            }
        }
        let files = !self.client_files().is_empty();
        let snapshots = !snapshot::everything(folder).is_empty();
        let aside = !forget::set_aside(folder).is_empty();
        let found = [
            (self.inner.shelf.any_kept()?, Thing::Clients),
            (files, Thing::ClientFile),
            (snapshots, Thing::Snapshots),
            (aside, Thing::SetAside),
            (true, Thing::Database),
            (starts_at_login, Thing::LoginStart),
        ];
        things.extend(found.into_iter().filter_map(|(there, thing)| there.then_some(thing)));
        Ok(things)
    }

    fn client_files(&self) -> Vec<PathBuf> {
        forget::files(&self.inner.data_dir, |name| clients::FILES.contains(&name))
    }

    /// Forgets everything on this computer and says what went and what could not be removed. What stays
    /// keeps nothing else from going. Where the app starts when the person logs in, `end_login_start` ends
    /// that; it answers whether it did.
    ///
    /// # Errors
    /// [`FailureCode::Busy`] while a run is under way, here or in another process; then nothing was
    /// removed. [`FailureCode::Store`] where no new database can be made.
    pub async fn forget_everything(
        &self,
        end_login_start: Option<&(dyn Fn() -> bool + Sync)>,
    ) -> Result<Forgotten, Failure> {
        // A damage that is met here is dealt with before the slot is taken, which that needs too.
        let _ = self.things(end_login_start.is_some());
        let slot = slot_file(&self.inner.data_dir).map_err(StoreError::from)?;
        if slot.try_lock().is_err() {
            return Err(Failure::new(FailureCode::Busy, "error-forget-busy"));
        }
        let things = self.things(end_login_start.is_some())?;
        let mut strange = Vec::new();
        for side in Side::BOTH {
            // A locked keychain is asked about what is known to be in it, and says so there.
            let unknown = self.grant(side)?.is_none();
            strange.push((side, unknown && self.inner.keychain.holds_any(side).await == Ok(true)));
        }
        let catalogue = self.catalogue();
        let mut forgotten = Forgotten::default();
        let mut remains = Remains::default();
        for thing in things {
            // What went is told, whatever stands in the way of the rest.
            match self.forget(&thing, end_login_start, &mut remains).await {
                Ok(None) => forgotten.gone.push(catalogue.tell(&thing.told())),
                Ok(Some(left)) => forgotten.left.push(catalogue.tell(&left)),
                Err(_) => forgotten.left.push(catalogue.tell(&thing.told())),
            }
        }
        for (side, _) in strange.into_iter().filter(|(_, there)| *there) {
            forgotten.left.push(catalogue.tell(&self.forget_strange(side).await));
        }
        forgotten.left.extend(self.copies().map(|copies| catalogue.tell(&copies)));
        if self.inner.generation.forget().await.is_err() {
            forgotten.left.push(catalogue.say("forget-left-number"));
        }
        self.tell(Event::Changed);
        Ok(forgotten)
    }

    /// The copies of the database that somebody made in the data folder: they are not ours to remove.
    fn copies(&self) -> Option<Message> {
        let copies = forget::copies(&self.inner.data_dir);
        let names = copies.iter().filter_map(|file| file.file_name()?.to_str());
        let names = names.collect::<Vec<_>>().join(", ");
        (!names.is_empty()).then(|| Message::new("forget-left-copies").with("files", names))
    }

    /// Forgets one thing; what is to be said of it where it stays. What `remains` of it is kept in the new
    /// database.
    async fn forget(
        &self,
        thing: &Thing,
        end_login_start: Option<&(dyn Fn() -> bool + Sync)>,
        remains: &mut Remains,
    ) -> Result<Option<Message>, Failure> {
        let inner = &self.inner;
        let gone = match thing {
            Thing::SignIn(side, account) => {
                return self.forget_sign_in(*side, account, remains).await;
            }
            Thing::Clients => {
                let gone = inner.shelf.forget_all().await.is_ok();
                remains.settings.extend(inner.shelf.rows()?);
                gone
            }
            Thing::ClientFile => forget::remove(&self.client_files()),
            Thing::Snapshots => snapshot::forget_all(&inner.data_dir),
            Thing::SetAside => forget::remove(&forget::set_aside(&inner.data_dir)),
            Thing::Database => {
                // What a keychain would not give up is found again under this name.
                let name = inner.keychain.folder().to_owned();
                remains.settings.push((KEYCHAIN_NAME.to_owned(), name));
                inner.store.forget(remains)?
            }
            Thing::LoginStart => end_login_start.is_some_and(|end| end()),
        };
        Ok((!gone).then(|| thing.told()))
    }

    /// Forgets a sign-in that a database which could not be read any more does not name.
    async fn forget_strange(&self, side: Side) -> Message {
        let address = self.access_page(side);
        let id = match self.inner.keychain.remove(side).await {
            Ok(()) => "forget-left-unknown",
            Err(_) => "forget-left-unknown-keychain",
        };
        Message::of(id, side).with("address", address)
    }

    /// Takes a sign-in back. That its database cannot be written any more keeps nothing from being said as it
    /// is: the database goes too.
    async fn forget_sign_in(
        &self,
        side: Side,
        account: &str,
        remains: &mut Remains,
    ) -> Result<Option<Message>, Failure> {
        let taken_back = self.end_access(side, || true).await;
        if let Ok(Some(revoked)) = &taken_back {
            let _ = self.note_parted(side, *revoked);
        }
        let address = self.access_page(side);
        let left = |id| Message::of(id, side).with("account", account).with("address", address);
        let id = match taken_back {
            Ok(Some(TakenBack::Confirmed) | None) => return Ok(None),
            // There is nothing to try again with.
            Ok(Some(TakenBack::NothingHere)) => return Ok(Some(left("forget-left-no-token"))),
            Ok(Some(TakenBack::OnlyThere)) => "forget-left-dead-token",
            Err(failure) if failure.code == FailureCode::Keychain => "forget-left-keychain",
            Ok(Some(TakenBack::Unconfirmed)) | Err(_) => "forget-left-sign-in",
        };
        let kept = self.inner.store.account(side)?;
        remains.accounts.extend(kept.map(|(grant, _)| (side, grant)));
        remains.settings.push(revocation_due(side));
        Ok(Some(left(id)))
    }
}
