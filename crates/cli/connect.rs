//! Signing in from the command line.

use std::sync::Arc;

use renraku_engine::api::clients::Clients;
use renraku_engine::auth::{DataCentre, browser, offers};
use renraku_engine::catalogue::Catalogue;
use renraku_engine::core::contact::Side;
use renraku_engine::core::message::Message;
use renraku_engine::{BrowserChoice, Engine, Failure, FailureCode, SignInAs};
use serde_json::json;

use crate::command::{Answer, told, warn};
use crate::error::CommandError;
use crate::speech::Speech;
use crate::terminal::{printable, sentence};

/// What was asked for beside the service.
pub(crate) struct Wanted {
    pub(crate) no_browser: bool,
    pub(crate) code: bool,
    pub(crate) said: SignInAs,
    pub(crate) other_account: bool,
}

/// Signs in, and says what the sign-in left out.
pub(crate) async fn connect(
    engine: &Engine,
    side: Side,
    wanted: Wanted,
    speech: &Speech,
) -> Result<Answer, CommandError> {
    if side == Side::Google && (wanted.said.data_centre.is_some() || wanted.said.without_pkce) {
        return Err(CommandError::new(FailureCode::Invalid, Message::new("cli-error-zoho-alone")));
    }
    warn(&engine.said_in_vain(side));
    let pkce = side == Side::Zoho
        && !wanted.code
        && !wanted.said.without_pkce
        && engine.clients()?.zoho.pkce;
    let refuses = match (pkce, side == Side::Zoho && wanted.said.without_pkce) {
        (true, _) => Some(Message::new("cli-wait-pkce")),
        (false, true) => Some(Message::new("cli-wait-without-pkce")),
        (false, false) => None,
    };
    let beside = start(engine, side, &wanted.said)?.into_iter().chain(refuses).collect();
    let browser = way_to_log_in(side, &wanted, Arc::clone(&speech.catalogue), beside);
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
    let mut answer = told(account, &["warning"])?;
    if let Some(account) = answer.document.as_object_mut().filter(|_| speech.json) {
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
    Ok(lost.into_iter().map(|side| engine.catalogue().failure(&gone(side))).collect())
}

/// Where a sign-in at Zoho starts, where nothing says where its client is registered.
fn start(engine: &Engine, side: Side, said: &SignInAs) -> Result<Option<Message>, CommandError> {
    let told = side == Side::Google
        || said.data_centre.is_some()
        || engine.clients()?.zoho.data_centre.is_some();
    let centre = said.suggested.map_or("us", DataCentre::name);
    Ok((!told).then(|| Message::new("cli-start").with("centre", centre)))
}

/// How the person gets to the login page; says on standard error what is waited for, and how long.
/// `beside` is said last: where the sign-in starts, and that Zoho may refuse it on a page that never comes
/// back.
fn way_to_log_in(
    side: Side,
    wanted: &Wanted,
    catalogue: Arc<Catalogue>,
    beside: Vec<Message>,
) -> BrowserChoice {
    let service = side.title();
    let say = move |message: &Message| eprintln!("{}", sentence(&catalogue.tell(message)));
    let wait = move |how: &str, url: &str, first: &[Message]| {
        first.iter().for_each(&say);
        if !url.is_empty() {
            eprintln!("{}", printable(url));
        }
        say(&Message::new(how).with("service", service));
        beside.iter().for_each(&say);
    };
    let open = || Message::new("cli-open");
    if wanted.code {
        BrowserChoice::Code(Box::new(move |url, code| {
            let code = Message::new("cli-open-code").with("code", printable(code));
            wait("cli-wait-code", url, &[code]);
        }))
    } else if wanted.no_browser {
        BrowserChoice::Print(Box::new(move |url| wait("cli-wait-address", url, &[open()])))
    } else {
        BrowserChoice::Print(Box::new(move |url| {
            if browser::open(url, std::env::var("BROWSER").ok().as_deref()).is_ok() {
                return wait("cli-wait-browser", "", &[]);
            }
            wait("cli-wait-address", url, &[Message::new("cli-no-browser"), open()]);
        }))
    }
}
