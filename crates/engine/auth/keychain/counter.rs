//! The number that the database has as well: a database with a lower one is an older copy.

use super::{Keychain, Place, apart};
use crate::api::Failure;

impl Keychain {
    fn number(&self) -> Place {
        Place {
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
    pub(crate) async fn database(&self) -> Result<Option<i64>, Failure> {
        let place = self.number();
        let found = apart(move || place.read()).await?;
        Ok(found.and_then(|bytes| std::str::from_utf8(&bytes).ok()?.parse().ok()))
    }

    /// Keeps the number that the data folder's database has now.
    ///
    /// # Errors
    /// As [`Keychain::database`].
    pub(crate) async fn keep_database(&self, number: i64) -> Result<(), Failure> {
        let place = self.number();
        apart(move || place.write(number.to_string().as_bytes())).await
    }

    /// Forgets the number; nothing there is no failure.
    ///
    /// # Errors
    /// As [`Keychain::database`].
    pub(crate) async fn forget_database(&self) -> Result<(), Failure> {
        let place = self.number();
        apart(move || place.erase(&place.now)).await
    }
}
