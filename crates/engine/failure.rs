//! How a failure is made: a code for callers and a message of the catalogue. Its sentence is the
//! catalogue's, so that none is written twice.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use renraku_core::contact::Side;
use renraku_core::message::Message;

use crate::api::{Failure, FailureCode};
use crate::remote::service_name;
use crate::words::{Language, Words};

static ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::of(Language::En));

impl Failure {
    /// A failure that the catalogue's message `id` (`error-…`) tells.
    #[must_use]
    pub fn new(code: FailureCode, id: &str) -> Failure {
        let blank =
            Failure { code, message: String::new(), id: id.to_owned(), args: BTreeMap::new() };
        blank.worded()
    }

    /// A failure that names a service.
    #[must_use]
    pub fn of(code: FailureCode, id: &str, side: Side) -> Failure {
        Failure::new(code, id).with("service", service_name(side))
    }

    /// With one more argument of its message.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Failure {
        self.args.insert(name.to_owned(), value.to_string());
        self.worded()
    }

    fn worded(mut self) -> Failure {
        self.message = ENGLISH.tell(&Message::from(&self));
        self
    }
}
