//! Contacts into a file.

use std::path::Path;

use renraku_core::compile::Compiled;
use renraku_core::contact::{Module, Side};
use renraku_store::StoreError;

use crate::api::{Failure, FileForm, Whose};
use crate::export::{Person, Sheet, read_linked, read_side};
use crate::handle::engine::Engine;

impl Engine {
    /// Writes a module's contacts to a file, as of the last reading; says how many.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where the module is not set up, [`FailureCode::Failed`] where the
    /// file cannot be written.
    pub fn export(
        &self,
        module: Module,
        whose: Whose,
        form: FileForm,
        to: &Path,
    ) -> Result<u32, Failure> {
        let sync = self.sync_row(module)?;
        let rules: Compiled = serde_json::from_str(&sync.rules).map_err(StoreError::from)?;
        let mapping = rules.mapping(module);
        let mut sheet = Sheet::begin(to, form, whose, &mapping)?;
        let mut add = |person: &Person| sheet.add(person);
        match whose {
            Whose::Zoho => read_side(&self.inner.store, &sync, &mapping, Side::Zoho, &mut add)?,
            Whose::Google => read_side(&self.inner.store, &sync, &mapping, Side::Google, &mut add)?,
            Whose::Linked => read_linked(&self.inner.store, &sync, &mapping, &mut add)?,
        }
        Ok(sheet.finish()?)
    }
}
