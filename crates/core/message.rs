//! What is to be said, as a message of the catalogue with its arguments: the words are put in where it
//! is shown, in the language that is spoken then.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::contact::Side;

/// What stands between the names of several fields.
pub const SEVERAL: &str = ", ";

/// One message of the catalogue. Stored as it is, so that the history speaks the language of the day
/// it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its key.
    pub id: String,
    /// Its arguments by name.
    #[serde(default)]
    pub args: BTreeMap<String, String>,
}

impl Message {
    /// A message without arguments.
    #[must_use]
    pub fn new(id: &str) -> Message {
        Message { id: id.to_owned(), args: BTreeMap::new() }
    }

    /// With one more argument.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Message {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    /// A message that names a service.
    #[must_use]
    pub fn of(id: &str, side: Side) -> Message {
        Message::new(id).with("service", side.title())
    }

    /// A message that names a service and the other one.
    #[must_use]
    pub fn between(id: &str, side: Side) -> Message {
        Message::of(id, side).with("other", side.other().title())
    }

    /// Names the fields as the person knows them, where there is a label for their `api_name`.
    #[must_use]
    pub fn labelled(mut self, labels: &BTreeMap<String, String>) -> Message {
        if let Some(fields) = self.args.get_mut("field") {
            let named = fields.split(SEVERAL).map(|one| labels.get(one).map_or(one, |l| l));
            *fields = named.collect::<Vec<_>>().join(SEVERAL);
        }
        self
    }
}

/// Why something could not be done: a code where a caller branches, and the message of the catalogue
/// that says what happened, that nothing was lost, and what to do. Holds no contact data, token or
/// secret, and no words: these are put in where it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Failure {
    /// What the caller branches on.
    pub code: FailureCode,
    /// The message's key in the catalogue (`error-…`).
    pub id: String,
    /// The message's arguments by name.
    pub args: BTreeMap<String, String>,
}

impl Failure {
    /// A failure that the catalogue's message `id` (`error-…`) tells.
    #[must_use]
    pub fn new(code: FailureCode, id: &str) -> Failure {
        Failure { code, id: id.to_owned(), args: BTreeMap::new() }
    }

    /// A failure that names a service.
    #[must_use]
    pub fn of(code: FailureCode, id: &str, side: Side) -> Failure {
        Failure::new(code, id).with("service", side.service())
    }

    /// With one more argument of its message.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Failure {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }
}

impl From<&Failure> for Message {
    fn from(failure: &Failure) -> Message {
        Message { id: failure.id.clone(), args: failure.args.clone() }
    }
}

/// What stands in a log: the message's key, without its arguments.
impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}

impl std::error::Error for Failure {}

/// Why something could not be done, by what the caller does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// The input is wrong; the message names what (exit code 2).
    Invalid,
    /// An account must be connected again (exit code 4).
    SignedOut,
    /// No account of this service was ever connected (exit code 4).
    NotConnected,
    /// No OAuth client is configured for the service.
    NoClient,
    /// The keychain is absent, locked or refuses.
    Keychain,
    /// The person closed or denied the login, or it took too long.
    LoginAborted,
    /// The login succeeded without the right to contacts.
    ScopeMissing,
    /// The network or the service cannot be reached now.
    Offline,
    /// The service asks to wait; the message says until when.
    Throttled,
    /// The account lacks a right; the message names it.
    Rights,
    /// Another run of this sync is under way.
    Busy,
    /// A guard or a question waits for the person (exit code 3).
    Held,
    /// The local database cannot be used.
    Store,
    /// Anything else; the message says what to do.
    Failed,
}

impl FailureCode {
    /// Whether it passes by itself: trying again later is all there is to do.
    #[must_use]
    pub fn passes(self) -> bool {
        match self {
            FailureCode::Offline | FailureCode::Throttled => true,
            FailureCode::Invalid
            | FailureCode::SignedOut
            | FailureCode::NotConnected
            | FailureCode::NoClient
            | FailureCode::Keychain
            | FailureCode::LoginAborted
            | FailureCode::ScopeMissing
            | FailureCode::Rights
            | FailureCode::Busy
            | FailureCode::Held
            | FailureCode::Store
            | FailureCode::Failed => false,
        }
    }
}
