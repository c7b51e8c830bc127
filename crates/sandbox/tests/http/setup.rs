//! A running sandbox with a client that is logged in to both sides.

use renraku_sandbox::{AutoApprove, Control, Options, People, Sandbox, Switches, clients, start};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Response, redirect};
use serde_json::{Value, json};

pub(crate) const CONTACTS: &str = "https://www.googleapis.com/auth/contacts";
pub(crate) const ZOHO_SCOPES: &str = "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoCRM.users.READ,ZohoCRM.org.READ,ZohoCRM.coql.READ,ZohoSearch.securesearch.READ";
/// What is registered for Zoho's clients.
pub(crate) const REDIRECT: &str = "http://localhost:48620/callback";
/// The example of RFC 7636.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) control: Control,
    pub(crate) http: Client,
    pub(crate) google: String,
    pub(crate) google_token: String,
    pub(crate) zoho: String,
    pub(crate) zoho_token: String,
}

/// Status and JSON body (null when there is none).
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) headers: HeaderMap,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap_or_default();
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        };
        Self { status, body, headers }
    }

    pub(crate) fn at(&self, pointer: &str) -> Value {
        self.body.pointer(pointer).cloned().unwrap_or(Value::Null)
    }

    pub(crate) fn text(&self, pointer: &str) -> String {
        self.at(pointer).as_str().unwrap_or_default().to_owned()
    }
}

pub(crate) fn plain_client() -> Client {
    Client::builder().redirect(redirect::Policy::none()).no_proxy().build().expect("a client")
}

/// The parameters of the redirect that an authorize address answers with.
pub(crate) async fn redirected(
    http: &Client,
    url: &str,
    query: &[(&str, &str)],
) -> Vec<(String, String)> {
    let response = http.get(url).query(query).send().await.expect("an answer");
    assert_eq!(response.status().as_u16(), 302, "{}", response.text().await.unwrap_or_default());
    let to = response
        .headers()
        .get("location")
        .and_then(|v| v.to_str().ok())
        .expect("a redirect")
        .to_owned();
    if to.starts_with("http://127.0.0.1:1/") || to.starts_with(REDIRECT) {
        let to = reqwest::Url::parse(&to).expect("an address");
        return to.query_pairs().into_owned().collect();
    }
    Box::pin(redirected(http, &to, &[])).await
}

pub(crate) fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v.as_str())
}

pub(crate) async fn post_form(http: &Client, url: &str, form: &[(&str, &str)]) -> Answer {
    Answer::of(http.post(url).form(form).send().await.expect("an answer")).await
}

/// A full Google login; gives the token answer.
pub(crate) async fn google_login(http: &Client, base: &str, scope: &str) -> Answer {
    let query = [
        ("client_id", clients().google_client_id),
        ("redirect_uri", "http://127.0.0.1:1/cb"),
        ("response_type", "code"),
        ("scope", scope),
        ("state", "s"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let back = redirected(http, &format!("{base}/o/oauth2/v2/auth"), &query).await;
    assert_eq!(value(&back, "state"), "s");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", value(&back, "code")),
        ("redirect_uri", "http://127.0.0.1:1/cb"),
        ("client_id", clients().google_client_id),
        ("client_secret", clients().google_client_secret),
        ("code_verifier", VERIFIER),
    ];
    post_form(http, &format!("{base}/token"), &form).await
}

/// A full Zoho login; gives the token answer.
pub(crate) async fn zoho_login(
    http: &Client,
    accounts: &str,
    scope: &str,
    more: &[(&str, &str)],
) -> Answer {
    let mut query = vec![
        ("client_id", clients().zoho_client_id),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", scope),
        ("state", "a b&c"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    query.extend_from_slice(more);
    let back = redirected(http, &format!("{accounts}/oauth/v2/auth"), &query).await;
    assert_eq!(value(&back, "state"), "a b&c");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", value(&back, "code")),
        ("redirect_uri", REDIRECT),
        ("client_id", clients().zoho_client_id),
        ("client_secret", clients().zoho_client_secret),
        ("code_verifier", VERIFIER),
    ];
    post_form(http, &format!("{}/oauth/v2/token", value(&back, "accounts-server")), &form).await
}

impl World {
    pub(crate) async fn new(people: People) -> Self {
        let options = Options { people, switches: Switches::quick(), ..Options::default() };
        let sandbox = start(options).await.expect("a sandbox");
        let control = sandbox.control();
        control.set_switches(|s| {
            s.google.auto_approve = AutoApprove::Allow;
            s.zoho.auto_approve = AutoApprove::Allow;
            // As the pages of v8 have it; what older versions did has a test of its own.
            s.zoho.all_failed_status = 400;
        });
        let http = plain_client();
        let endpoints = sandbox.endpoints();
        let address = |at: &str| {
            endpoints.pointer(at).and_then(Value::as_str).expect("an address").to_owned()
        };
        let (google, accounts) = (address("/google/people"), address("/zoho/accounts"));
        let tokens = google_login(&http, &google, &format!("openid email {CONTACTS}")).await;
        let google_token = tokens.text("/access_token");
        let tokens = zoho_login(
            &http,
            &accounts,
            ZOHO_SCOPES,
            &[("access_type", "offline"), ("prompt", "consent")],
        )
        .await;
        let (zoho_token, zoho) = (tokens.text("/access_token"), tokens.text("/api_domain"));
        control.clear_requests();
        Self { sandbox, control, http, google, google_token, zoho, zoho_token }
    }

    /// A People API call.
    pub(crate) async fn g(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self
            .http
            .request(method, format!("{}/v1/{path}", self.google))
            .bearer_auth(&self.google_token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        Answer::of(request.send().await.expect("an answer")).await
    }

    /// A CRM call.
    pub(crate) async fn z(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.zh(method, path, body, &[]).await
    }

    /// A CRM call with headers.
    pub(crate) async fn zh(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
        headers: &[(&'static str, &str)],
    ) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let url = format!("{}/crm/v8/{path}", self.zoho);
        let mut request = self
            .http
            .request(method, url)
            .header("authorization", format!("Zoho-oauthtoken {}", self.zoho_token));
        for (name, value) in headers {
            request = request.header(
                HeaderName::from_static(name),
                HeaderValue::from_str(value).expect("a header"),
            );
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        Answer::of(request.send().await.expect("an answer")).await
    }

    pub(crate) async fn coql(&self, query: &str) -> Answer {
        self.z("POST", "coql", Some(json!({"select_query": query}))).await
    }

    /// A made Google contact: resource name and etag.
    pub(crate) async fn person(&self, fields: Value) -> (String, String) {
        let made = self.g("POST", "people:createContact?personFields=names", Some(fields)).await;
        assert_eq!(made.status, 200, "{}", made.body);
        (made.text("/resourceName"), made.text("/etag"))
    }

    /// A made Zoho contact: its id.
    pub(crate) async fn contact(&self, fields: Value) -> String {
        let made = self.z("POST", "Contacts", Some(json!({"data": [fields], "trigger": []}))).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.text("/data/0/details/id")
    }
}
