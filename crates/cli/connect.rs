//! Signing in from the command line.

use renraku_engine::api::clients::Clients;
use renraku_engine::auth::{DataCentre, browser, offers};
use renraku_engine::core::contact::Side;
use renraku_engine::{BrowserChoice, Engine, Failure, FailureCode, SignInAs};
use serde_json::json;

use crate::command::{Answer, told, warn};
use crate::error::CommandError;
use crate::terminal::{printable, sentence};

/// What was asked for beside the service.
pub(crate) struct Wanted {
    pub(crate) no_browser: bool,
    pub(crate) code: bool,
    pub(crate) said: SignInAs,
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
    if side == Side::Google && (wanted.said.data_centre.is_some() || wanted.said.without_pkce) {
        return Err(CommandError::new(
            FailureCode::Invalid,
            "--data-centre and --without-pkce are for Zoho alone. Nothing was done.",
        ));
    }
    warn(&engine.said_in_vain(side));
    let pkce = side == Side::Zoho
        && !wanted.code
        && !wanted.said.without_pkce
        && engine.clients()?.zoho.pkce;
    let start = start(engine, side, &wanted.said)?;
    let browser = way_to_log_in(side, &wanted, pkce, start);
    let account = match engine.connect_as(side, browser, wanted.said).await {
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

/// The data centre that this computer's region suggests.
pub(crate) fn suggested() -> DataCentre {
    offers(sys_locale::get_locale().as_deref()).suggested
}

/// The clients in force; where nothing says where Zoho's is registered, where a sign-in starts then.
pub(crate) fn clients(clients: Clients) -> Result<Answer, CommandError> {
    warn(clients.google.notices.iter().chain(&clients.zoho.notices));
    let untold = clients.zoho.data_centre.is_none();
    let mut answer = told(clients, &["notices"])?;
    if let Some(zoho) = answer.document.pointer_mut("/zoho").filter(|_| untold)
        && let Some(zoho) = zoho.as_object_mut()
    {
        zoho.insert("suggested_data_centre".to_owned(), json!(suggested()));
    }
    Ok(answer)
}

/// What is to be said of the sign-ins whose token is not in the keychain.
pub(crate) async fn without_token(engine: &Engine) -> Result<Vec<String>, CommandError> {
    let lost = engine.without_token().await?;
    let gone = |side| Failure::of(FailureCode::SignedOut, "error-token-gone", side);
    Ok(lost.into_iter().map(|side| engine.words().failure(&gone(side))).collect())
}

/// Where a sign-in at Zoho starts, where nothing says where its client is registered.
fn start(engine: &Engine, side: Side, said: &SignInAs) -> Result<Option<String>, CommandError> {
    let told = side == Side::Google
        || said.data_centre.is_some()
        || engine.clients()?.zoho.data_centre.is_some();
    let centre = said.suggested.map_or("us", DataCentre::name);
    Ok((!told).then(|| {
        format!(
            "Nothing says in which of Zoho's data centres the client is registered: this sign-in starts \
             at “{centre}”, as this computer's region suggests. If it is another one, end it and say \
             --data-centre."
        )
    }))
}

/// How the person gets to the login page; says on standard error what is waited for, and how long.
/// `pkce`: whether Zoho may refuse the way this sign-in goes on a page that never comes back; `start`:
/// what is to be said of where it starts.
fn way_to_log_in(side: Side, wanted: &Wanted, pkce: bool, start: Option<String>) -> BrowserChoice {
    let service = match side {
        Side::Zoho => "Zoho",
        Side::Google => "Google",
    };
    let without_pkce = wanted.said.without_pkce;
    let wait = move |how: &str| {
        if let Some(start) = &start {
            eprintln!("{}", sentence(start));
        }
        eprintln!(
            "Waiting for you to sign in to {service} {how}, at most five minutes. Ctrl-C ends it; \
             nothing is changed then."
        );
        if pkce {
            eprintln!(
                "If Zoho shows an error page instead, end it and say --without-pkce: a client of the \
                 type “Server-based” is signed in with that way."
            );
        } else if without_pkce {
            eprintln!(
                "If Zoho shows an error page instead, end it and leave --without-pkce out: a client of \
                 the type “Mobile-based” must sign in with PKCE."
            );
        }
    };
    if wanted.code {
        BrowserChoice::Code(Box::new(move |url, code| {
            let (url, code) = (printable(url), printable(code));
            eprintln!("Open this address and type the code {code}:\n{url}");
            wait("with that code");
        }))
    } else if wanted.no_browser {
        BrowserChoice::Print(Box::new(move |url| {
            eprintln!("Open this address to log in:\n{}", printable(url));
            wait("at that address, in a browser on this computer");
        }))
    } else {
        BrowserChoice::Print(Box::new(move |url| {
            if browser::open(url, std::env::var("BROWSER").ok().as_deref()).is_ok() {
                return wait("in the browser that has opened");
            }
            let url = printable(url);
            eprintln!("No browser could be opened. Open this address to log in:\n{url}");
            wait("at that address, in a browser on this computer");
        }))
    }
}
