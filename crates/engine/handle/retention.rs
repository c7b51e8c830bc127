//! How long history and copies are kept, as the person chooses.

use crate::api::Failure;
use crate::handle::engine::Engine;
use crate::sync::retention::{DAYS, LONGEST, days};

impl Engine {
    /// The longest time that can be chosen, in days.
    pub const LONGEST_RETENTION: u32 = LONGEST;

    /// For how many days the history and the copies of deleted contacts are kept; 0 is for ever.
    ///
    /// # Errors
    /// [`crate::FailureCode::Store`].
    pub fn retention(&self) -> Result<u32, Failure> {
        Ok(days(self.setting(DAYS)?.as_deref()))
    }

    /// Chooses for how many days they are kept; 0 is for ever.
    ///
    /// # Errors
    /// [`crate::FailureCode::Store`].
    pub fn set_retention(&self, days: u32) -> Result<(), Failure> {
        let days = days.min(LONGEST).to_string();
        self.inner.store.put_setting(DAYS, &days).map_err(Failure::from)
    }
}
