//! Why a command failed, in the command line's own words.

use renraku_engine::{Engine, Failure, FailureCode, words};

/// A sentence for the person, and a code for what calls the program.
#[derive(Debug)]
pub(crate) struct CommandError {
    pub(crate) code: FailureCode,
    pub(crate) message: String,
}

impl CommandError {
    /// What only the command line can be refused for.
    pub(crate) fn new(code: FailureCode, message: impl Into<String>) -> CommandError {
        CommandError { code, message: message.into() }
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
        let message = words::english(&failure) + &hint(&failure);
        CommandError { code: failure.code, message }
    }
}

/// Where the window's settings are meant, the command line has its environment and its options.
fn hint(failure: &Failure) -> String {
    if let (FailureCode::NoClient, Some(name)) = (failure.code, failure.args.get("name")) {
        let client = format!("RENRAKU_{name}_CLIENT");
        return format!(
            " On the command line, take your organisation's file with `renraku-cli clients FILE`, \
             or set {client}_ID and {client}_SECRET."
        );
    }
    if failure.id == "error-port-taken" {
        return " On the command line, the port is chosen by `redirect` in the client file, or by \
                RENRAKU_ZOHO_REDIRECT beside the client's id."
            .to_owned();
    }
    if Engine::asks_about_another_account(failure) {
        return " To take the other one, say --other-account.".to_owned();
    }
    String::new()
}
