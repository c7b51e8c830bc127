//! Signing in from the command line.

use renraku_engine::api::DataCentre;
use renraku_engine::core::contact::Side;
use renraku_engine::{BrowserChoice, Engine};
use serde_json::json;

use crate::command::{Answer, told, warn};
use crate::error::CommandError;

/// What was asked for beside the service.
pub(crate) struct Wanted {
    pub(crate) no_browser: bool,
    pub(crate) code: bool,
    pub(crate) data_centre: Option<DataCentre>,
    pub(crate) other_account: bool,
    /// The answer is for a program, which reads one document and nothing beside it.
    pub(crate) json: bool,
}

/// Signs in, and says what the sign-in left out.
pub(crate) async fn connect(
    engine: &Engine,
    side: Side,
    wanted: Wanted,
) -> Result<Answer, CommandError> {
    let browser = way_to_log_in(side, &wanted);
    let account = match engine.connect_at(side, browser, wanted.data_centre).await {
        Err(failure) if Engine::asks_about_another_account(&failure) => {
            if !wanted.other_account {
                engine.leave_other_account(side).await;
                return Err(failure.into());
            }
            engine.take_other_account(side).await?
        }
        done => done?,
    };
    let warnings: Vec<String> = account.warning.iter().cloned().collect();
    warn(&warnings);
    let mut answer = told(account, &["needs_sign_in", "warning"])?;
    if let Some(account) = answer.document.as_object_mut().filter(|_| wanted.json) {
        account.insert("warnings".to_owned(), json!(warnings));
    }
    Ok(answer)
}

/// How the person gets to the login page; says on standard error what is waited for, and how long.
fn way_to_log_in(side: Side, wanted: &Wanted) -> BrowserChoice {
    let service = match side {
        Side::Zoho => "Zoho",
        Side::Google => "Google",
    };
    let wait = move |how: &str| {
        eprintln!(
            "Waiting for you to sign in to {service} {how}, at most five minutes. Ctrl-C ends it; \
             nothing is changed then."
        );
    };
    if wanted.code {
        BrowserChoice::Code(Box::new(move |url, code| {
            eprintln!("Open this address and type the code {code}:\n{url}");
            wait("with that code");
        }))
    } else if wanted.no_browser {
        BrowserChoice::Print(Box::new(move |url| {
            eprintln!("Open this address to log in:\n{url}");
            wait("at that address, in a browser on this computer");
        }))
    } else {
        BrowserChoice::Open(Box::new(move || wait("in the browser that has opened")))
    }
}
