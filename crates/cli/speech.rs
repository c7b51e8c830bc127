//! In which language the command line speaks, and what it calls things: the language that the person chose
//! in the window, else the system's. What a program reads is always English.

use std::collections::BTreeMap;
use std::sync::Arc;

use renraku_engine::Engine;
use renraku_engine::catalogue::{Catalogue, Language};
use renraku_engine::core::message::Message;

use crate::terminal::sentence;

/// The words for everything that is told, and the names of the fields.
pub(crate) struct Speech {
    /// Whether the answer is for a program.
    pub(crate) json: bool,
    pub(crate) catalogue: Arc<Catalogue>,
    /// What Zoho's fields are called, by their `api_name`.
    pub(crate) labels: BTreeMap<String, String>,
}

impl Speech {
    /// Before anything is known of what the person chose.
    pub(crate) fn of_system(json: bool) -> Speech {
        let catalogue = Arc::new(Catalogue::of(language(json, None)));
        Speech { json, catalogue, labels: BTreeMap::new() }
    }

    /// The engine speaks as the person chose, and so does the rest.
    pub(crate) fn follow(&mut self, engine: &Engine) {
        engine.speak(language(self.json, engine.chosen_language()));
        self.catalogue = engine.catalogue();
    }

    /// A message in words, fit for a terminal.
    pub(crate) fn tell(&self, message: &Message) -> String {
        sentence(&self.catalogue.tell(message))
    }
}

/// The language to speak.
fn language(json: bool, chosen: Option<Language>) -> Language {
    match (json, chosen) {
        (true, _) => Language::En,
        (false, Some(chosen)) => chosen,
        (false, None) => of_system(),
    }
}

/// The system's language.
pub(crate) fn of_system() -> Language {
    sys_locale::get_locale().as_deref().map_or(Language::En, Language::of_tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_told_in_english_and_a_person_as_chosen() {
        assert_eq!(language(true, Some(Language::Ja)), Language::En);
        assert_eq!(language(false, Some(Language::Ja)), Language::Ja);
        assert_eq!(language(false, Some(Language::En)), Language::En);
    }
}
