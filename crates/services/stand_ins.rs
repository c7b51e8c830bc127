//! For tests: both stand-ins with their clients signed in.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use renraku_core::contact::Side;
use renraku_core::message::Failure;
use renraku_core::timestamp::Timestamp;
use renraku_sandbox::{AutoApprove, Control, Options, People, Rule, Sandbox, Switches};
use serde_json::{Value, json};

use crate::auth::Secret;
use crate::auth::clients::{OauthClient, Registration};
use crate::auth::endpoints::Endpoints;
use crate::auth::oauth::Login;
use crate::auth::redirect::ZohoRedirect;
use crate::auth::signed_in::SignedIn;
use crate::auth::tokens::Tokens;
use crate::{Google, Http, RetryBudget, Zoho};

pub(crate) struct StandIns {
    _sandbox: Sandbox,
    pub(crate) control: Control,
    pub(crate) http: Http,
    pub(crate) endpoints: Endpoints,
    /// Until when the clients said they wait.
    pub(crate) waits: Arc<Mutex<Vec<Timestamp>>>,
}

pub(crate) fn client(side: Side) -> OauthClient {
    let known = renraku_sandbox::clients();
    let (id, secret) = match side {
        Side::Google => (known.google_client_id, known.google_client_secret),
        Side::Zoho => (known.zoho_client_id, known.zoho_client_secret),
    };
    // Tests run side by side: each login has a port of its own.
    let redirect = ZohoRedirect { port: 0, ..ZohoRedirect::default() };
    let registered = Registration { redirect, ..Registration::default() };
    OauthClient { id: id.to_owned(), secret: Some(Secret::new(secret)), registered }
}

impl StandIns {
    pub(crate) async fn with(people: People) -> StandIns {
        let mut switches = Switches::quick();
        switches.google.auto_approve = AutoApprove::Allow;
        switches.zoho.auto_approve = AutoApprove::Allow;
        let options = Options { people, switches, ..Options::default() };
        let sandbox = renraku_sandbox::start(options).await.expect("the sandbox");
        let endpoints = Endpoints::parse(&sandbox.endpoints().to_string()).expect("its addresses");
        StandIns {
            control: sandbox.control(),
            _sandbox: sandbox,
            http: Http::new(&endpoints),
            endpoints,
            waits: Arc::default(),
        }
    }

    pub(crate) async fn empty() -> StandIns {
        StandIns::with(People::Empty).await
    }

    pub(crate) async fn begin(&self, side: Side) -> Result<Login, Failure> {
        match side {
            Side::Google => Login::google(&self.http, &self.endpoints, client(side)).await,
            Side::Zoho => self.begin_at_zoho(client(side)).await,
        }
    }

    /// Begins at Zoho, where the address that this login listens on is registered, to the letter.
    pub(crate) async fn begin_at_zoho(&self, client: OauthClient) -> Result<Login, Failure> {
        let login = Login::zoho(&self.http, &self.endpoints, client).await?;
        let url = reqwest::Url::parse(login.url()).expect("an address");
        let sent = url.query_pairs().find(|(key, _)| key == "redirect_uri").expect("a redirect");
        let registered = Some(sent.1.into_owned());
        self.control.set_switches(|switches| switches.zoho.redirect_uri = registered);
        Ok(login)
    }

    /// Signs in as a browser would: the consent page allows by itself.
    pub(crate) async fn sign_in(&self, side: Side) -> Result<SignedIn, Failure> {
        let login = self.begin(side).await?;
        let url = login.url().to_owned();
        let browser = tokio::spawn(async move { reqwest::get(url).await });
        let done = login.finish().await;
        browser.await.expect("the browser").expect("its page");
        done
    }

    pub(crate) async fn tokens(&self, side: Side) -> Arc<Tokens> {
        let SignedIn { grant, secrets } = self.sign_in(side).await.expect("a login");
        let (server, api) =
            grant.zoho.map(|z| (z.accounts_server, z.api_domain)).unwrap_or_default();
        let server = Some(server.as_str()).filter(|s| !s.is_empty());
        let api = Some(api).filter(|a| !a.is_empty());
        Tokens::fresh(side, &self.http, &self.endpoints, client(side), server, secrets, api)
    }

    pub(crate) fn retry_budget(&self) -> RetryBudget {
        let waits = Arc::clone(&self.waits);
        RetryBudget {
            total: Duration::from_secs(4),
            first: Duration::from_millis(2),
            on_wait: Arc::new(move |until| waits.lock().expect("the list").push(until)),
        }
    }

    pub(crate) async fn google(&self) -> Google {
        let tokens = self.tokens(Side::Google).await;
        let google =
            Google::new(&self.http, &self.endpoints.google.people, tokens, self.retry_budget());
        self.control.clear_requests();
        google
    }

    pub(crate) async fn zoho(&self) -> Zoho {
        let zoho = Zoho::new(&self.http, self.tokens(Side::Zoho).await, self.retry_budget());
        self.control.clear_requests();
        zoho
    }

    /// Adds a fault: which calls, and what happens to them.
    pub(crate) fn fault(&self, side: Side, method: &str, path: &str, times: u64, what: Value) {
        let rule: Rule = serde_json::from_value(json!({
            "side": side.name(), "method": method, "path": path, "times": times, "do": what
        }))
        .expect("a rule");
        self.control.add_rule(rule);
    }

    /// A person adds a Google contact; its resource name.
    pub(crate) fn add_person(&self, fields: Value) -> String {
        let act = json!({"op": "create", "fields": fields});
        let made = self.control.human(renraku_sandbox::Side::Google, act).expect("a contact");
        text(&made)
    }

    /// A person adds a Zoho record; its id.
    pub(crate) fn add_record(&self, module: &str, fields: Value) -> String {
        let act = json!({"op": "create", "module": module, "fields": fields});
        text(&self.control.human(renraku_sandbox::Side::Zoho, act).expect("a record"))
    }

    pub(crate) fn google_does(&self, act: Value) {
        self.control.human(renraku_sandbox::Side::Google, act).expect("an act");
    }

    pub(crate) fn zoho_does(&self, act: Value) {
        self.control.human(renraku_sandbox::Side::Zoho, act).expect("an act");
    }
}

/// The one text in what an act gives back.
fn text(made: &Value) -> String {
    let inside = || made.as_object()?.values().find_map(Value::as_str);
    made.as_str().or_else(inside).expect("an id").to_owned()
}
