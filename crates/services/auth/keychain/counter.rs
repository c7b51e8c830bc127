//! The number that the database has as well: a database with a lower one is an older copy. Beside it the
//! name of the database that was last used in the data folder: where another one stands there now, that
//! one was lost.

use renraku_core::message::Failure;

use crate::auth::keychain::{Keychain, KeychainEntries, apart};

impl Keychain {
    fn number(&self) -> KeychainEntries {
        KeychainEntries {
            now: format!("database|{}", self.folder),
            before: Vec::new(),
            elsewhere: self.elsewhere.clone(),
        }
    }

    /// The number that the data folder's database had last; none where the keychain is open and holds
    /// none.
    ///
    /// # Errors
    /// [`crate::FailureCode::Keychain`] where it is absent, locked or refuses.
    pub async fn database(&self) -> Result<Option<i64>, Failure> {
        let place = self.number();
        let found = apart(move || place.read()).await?;
        Ok(found.and_then(|bytes| std::str::from_utf8(&bytes).ok()?.parse().ok()))
    }

    /// Keeps the number that the data folder's database has now.
    ///
    /// # Errors
    /// As [`Keychain::database`].
    pub async fn keep_database(&self, number: i64) -> Result<(), Failure> {
        let place = self.number();
        apart(move || place.write(number.to_string().as_bytes())).await
    }

    /// What the path of the data folder leads to: a digest of the name of the database that was kept there
    /// last.
    fn path(&self) -> Option<KeychainEntries> {
        let path = self.paths.first()?;
        let now = format!("database|{path}");
        Some(KeychainEntries { now, before: Vec::new(), elsewhere: self.elsewhere.clone() })
    }

    fn digest(&self) -> String {
        crc32fast::hash(self.folder.as_bytes()).to_string()
    }

    /// Whether another database than this one was kept in the data folder last.
    ///
    /// # Errors
    /// As [`Keychain::database`].
    pub async fn had_another_database(&self) -> Result<bool, Failure> {
        let Some(place) = self.path() else { return Ok(false) };
        let found = apart(move || place.read()).await?;
        Ok(found.is_some_and(|digest| *digest != *self.digest().as_bytes()))
    }

    /// Notes that this database is the one in the data folder.
    ///
    /// # Errors
    /// As [`Keychain::database`].
    pub async fn take_folder(&self) -> Result<(), Failure> {
        let Some(place) = self.path() else { return Ok(()) };
        let digest = self.digest();
        apart(move || place.write(digest.as_bytes())).await
    }

    /// Forgets the number and the folder; nothing there is no failure.
    ///
    /// # Errors
    /// As [`Keychain::database`].
    pub async fn forget_database(&self) -> Result<(), Failure> {
        let places: Vec<KeychainEntries> =
            std::iter::once(self.number()).chain(self.path()).collect();
        // Each is tried, whatever became of the other.
        let erase = |place: &KeychainEntries| place.erase(&place.now);
        apart(move || places.iter().map(erase).fold(Ok(()), Result::and)).await
    }
}
