//! A database that was put back from a backup is noticed: the keychain knows how often runs have changed
//! what the pairs are believed to say, and so does the database. A lower number there means that others'
//! edits were settled since the copy was made, so that nobody can tell any more which of two values is
//! the newer one.
//!
//! The keychain is asked once in a program's life, and only where a run has something to look at; what
//! it holds is remembered. It is written by runs that change something. A database that has a number
//! where the keychain has none comes from another computer, where others may have synced since: it
//! counts as older. A copy of the data folder on the same computer shares the entry: each of the two is
//! older than the other as soon as that one was synced.
//!
//! A new database in a folder where the keychain knows of another one says that that one was lost: whoever
//! was a pair is then found again by less than an e-mail address.

use std::sync::{Arc, Mutex, PoisonError};

use renraku_services::auth::Keychain;
use renraku_store::Store;

use crate::api::Failure;

/// What the keychain holds before a database has its first number.
const UNBORN: i64 = 0;

/// The number of the data folder's database, here and in the keychain.
pub(crate) struct Generation {
    store: Arc<Store>,
    keychain: Keychain,
    /// What the keychain holds, as far as this process knows.
    kept: Mutex<Option<i64>>,
}

impl Generation {
    pub(crate) fn new(store: Arc<Store>, keychain: Keychain) -> Generation {
        Generation { store, keychain, kept: Mutex::new(None) }
    }

    /// Whether the database turns out to be an older copy of itself. Then its pairs are doubted and its
    /// syncs begin with a plan that is to be approved; it is noticed once.
    ///
    /// # Errors
    /// [`crate::FailureCode::Keychain`] where the keychain cannot be asked: nothing is to be written on
    /// what may be an older copy.
    pub(crate) async fn is_older(&self) -> Result<bool, Failure> {
        let here = self.store.generation()?;
        let kept = self.kept().await?;
        // A new database knows no pair that could be out of date. Where there was another one before, its
        // pairs are to be found again.
        let Some(here) = here else {
            let was_another = match kept {
                Some(number) => number > UNBORN,
                None => self.keychain.had_another_database().await?,
            };
            if was_another {
                self.store.put_lost()?;
            }
            return Ok(false);
        };
        // Versions before this one kept no number anywhere.
        let older = kept.map_or(here > 0, |kept| here < kept);
        if older {
            let number = kept.unwrap_or(here);
            tracing::warn!(here, number, "the database is an older copy");
            self.store.doubt(number)?;
            if kept.is_none() {
                self.keep(number).await?;
            }
        }
        Ok(older)
    }

    /// Tells this database from every copy that was made of it before now. The database goes first: cut
    /// off in between, it has the higher number and is no copy. Before its very first number the keychain
    /// notes that there is going to be one: a database with a number where the keychain knows of nothing is
    /// another computer's.
    pub(crate) async fn raise(&self) -> Result<(), Failure> {
        let known = self.store.generation()?;
        let kept = self.kept().await.unwrap_or_default();
        if known.is_none() && kept.is_none() && self.keep(UNBORN).await.is_err() {
            tracing::warn!("the database's number could not be kept in the keychain");
        }
        let (here, kept) = (known.unwrap_or_default(), kept.unwrap_or_default());
        let next = here.max(kept).saturating_add(1);
        self.store.put_generation(next)?;
        if self.keep(next).await.is_err() {
            // The run goes on, with the token that it has: the next one keeps a higher number.
            tracing::warn!("the database's number could not be kept in the keychain");
        }
        Ok(())
    }

    /// Forgets the number in the keychain: the database that it is of goes.
    pub(crate) async fn forget(&self) -> Result<(), Failure> {
        self.keychain.forget_database().await?;
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }

    async fn kept(&self) -> Result<Option<i64>, Failure> {
        let known = *self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_some() {
            return Ok(known);
        }
        let found = self.keychain.database().await?;
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = found;
        Ok(found)
    }

    async fn keep(&self, number: i64) -> Result<(), Failure> {
        let known = self.kept.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        self.keychain.keep_database(number).await?;
        if !known {
            self.keychain.take_folder().await?;
        }
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(number);
        Ok(())
    }
}
