//! Why a command failed, as a message of the catalogue.

use renraku_engine::core::message::Message;
use renraku_engine::{Engine, Failure, FailureCode};

use crate::speech::Speech;

/// What to tell the person, and a code for what calls the program.
#[derive(Debug)]
pub(crate) struct CommandError {
    pub(crate) code: FailureCode,
    /// What happened, and where it helps, what the command line has for it.
    said: Vec<Message>,
}

impl CommandError {
    /// What only the command line can be refused for.
    pub(crate) fn new(code: FailureCode, said: Message) -> CommandError {
        CommandError { code, said: vec![said] }
    }

    /// It in words.
    pub(crate) fn told(&self, speech: &Speech) -> String {
        let said = self.said.iter().map(|message| speech.catalogue.tell(message));
        said.collect::<Vec<_>>().join(" ")
    }

    /// The exit code.
    pub(crate) fn exit_code(&self) -> u8 {
        match self.code {
            FailureCode::Invalid => 2,
            FailureCode::Held => 3,
            FailureCode::SignedOut | FailureCode::NotConnected => 4,
            FailureCode::NoClient
            | FailureCode::Keychain
            | FailureCode::LoginAborted
            | FailureCode::ScopeMissing
            | FailureCode::Offline
            | FailureCode::Throttled
            | FailureCode::Rights
            | FailureCode::Busy
            | FailureCode::Store
            | FailureCode::Failed => 1,
        }
    }
}

impl From<Failure> for CommandError {
    fn from(failure: Failure) -> CommandError {
        let said = std::iter::once(Message::from(&failure)).chain(hint(&failure)).collect();
        CommandError { code: failure.code, said }
    }
}

/// Where the window's settings are meant, the command line has its environment and its options.
fn hint(failure: &Failure) -> Option<Message> {
    if let (FailureCode::NoClient, Some(name)) = (failure.code, failure.args.get("name")) {
        let client = format!("RENRAKU_{name}_CLIENT");
        return Some(Message::new("cli-hint-client").with("client", client));
    }
    if failure.id == "error-port-taken" {
        return Some(Message::new("cli-hint-port"));
    }
    Engine::asks_about_another_account(failure).then(|| Message::new("cli-hint-other-account"))
}
