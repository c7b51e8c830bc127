//! The token endpoint: a code or a refresh token for an access token.
//!
//! Zoho answers most errors with HTTP 200, and names a throttle "Access Denied"; both are put right
//! here, before the library reads the answer, as are forms of it that the library would not take.

use std::pin::Pin;
use std::time::Duration;

use chrono::Utc;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthorizationCode, Client, ClientId, ClientSecret, ExtraTokenFields,
    HttpRequest, HttpResponse, PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError,
    StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use renraku_core::contact::Side;
use renraku_core::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::answer::{MOST_TOKEN_BYTES, is_in_between, whole_body};
use crate::auth::clients::OauthClient;
use crate::auth::endpoints::checked;
use crate::auth::meaning::meaning;
use crate::auth::secret::{Secret, is_sendable};
use crate::error::{NO_TOKEN, PAGE, UNREADABLE};
use crate::unreached::{cut_off, lost};
use crate::{Http, RemoteError};

/// Assumed where an answer names no life.
const LIFE: Duration = Duration::from_secs(3600);

/// No access token of either service lives longer.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3600);

/// What the services add to the standard answer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Extra {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    api_domain: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

impl ExtraTokenFields for Extra {}

type Answer = StandardTokenResponse<Extra, BasicTokenType>;
/// A client before any address is set.
pub(super) type Oauth = Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;

/// What a token answer brings.
pub(super) struct TokenGrant {
    pub(super) access: (Secret, Timestamp),
    pub(super) life: Duration,
    pub(super) refresh: Option<Secret>,
    pub(super) api_domain: Option<String>,
    pub(super) id_token: Option<String>,
    /// Empty where the answer does not tell.
    pub(super) scopes: Vec<String>,
}

pub(super) fn oauth(client: &OauthClient) -> Oauth {
    let oauth = Oauth::new(ClientId::new(client.id.clone())).set_auth_type(AuthType::RequestBody);
    match &client.secret {
        Some(secret) => oauth.set_client_secret(ClientSecret::new(secret.expose().to_owned())),
        None => oauth,
    }
}

/// A new access token for a refresh token.
///
/// # Errors
/// [`RemoteError::SignedOut`] where the refresh token is dead.
pub(super) async fn by_refresh(
    http: &Http,
    side: Side,
    client: &OauthClient,
    token_url: &str,
    refresh: &Secret,
) -> Result<TokenGrant, RemoteError> {
    let oauth = oauth(client).set_token_uri(address(token_url)?);
    let refresh = RefreshToken::new(refresh.expose().to_owned());
    let call = Post(http.clone());
    // A refresh may be repeated: a lost answer costs one token.
    let mut left = 3;
    loop {
        let answer = oauth.exchange_refresh_token(&refresh).request_async(&call).await;
        match answer.map(|a| token_grant(&a)).map_err(|e| refusal(side, &e)) {
            Err(error) if error.is_away() && left > 1 => {
                left -= 1;
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            done => return done,
        }
    }
}

/// Tokens for a login's code. A code works once, so this is never repeated.
///
/// # Errors
/// [`RemoteError::SignedOut`] where the code is refused.
pub(super) async fn by_code(
    http: &Http,
    side: Side,
    client: &OauthClient,
    token_url: &str,
    redirect: &RedirectUrl,
    code: String,
    verifier: Option<PkceCodeVerifier>,
) -> Result<TokenGrant, RemoteError> {
    let oauth = oauth(client).set_token_uri(address(token_url)?).set_redirect_uri(redirect.clone());
    let call = Post(http.clone());
    let mut request = oauth.exchange_code(AuthorizationCode::new(code));
    if let Some(verifier) = verifier {
        request = request.set_pkce_verifier(verifier);
    }
    let answer = request.request_async(&call).await;
    answer.map(|a| token_grant(&a)).map_err(|e| {
        let error = refusal(side, &e);
        if let RemoteError::Local(failure) = &error
            && failure.id == "error-redirect-refused"
        {
            return failure.as_ref().clone().with("redirect", redirect.as_str()).into();
        }
        error
    })
}

fn address(token_url: &str) -> Result<TokenUrl, RemoteError> {
    checked(token_url)
        .ok()
        .and_then(|url| TokenUrl::new(url.into()).ok())
        .ok_or_else(|| crate::broken("a token address that is neither https nor loopback"))
}

fn token_grant(answer: &Answer) -> TokenGrant {
    let life = answer.expires_in().filter(|l| !l.is_zero()).unwrap_or(LIFE).min(LONGEST_LIFE);
    let until = Timestamp::from(Utc::now()).after(life).unwrap_or(Timestamp::MAX);
    let scopes = answer.scopes().into_iter().flatten();
    let mut scopes: Vec<String> = scopes
        .flat_map(|s| s.split([',', ' ']))
        .filter(|s| !s.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    scopes.sort_unstable();
    scopes.dedup();
    let extra = answer.extra_fields();
    TokenGrant {
        access: (Secret::new(answer.access_token().secret().as_str()), until),
        life,
        // One that cannot be sent is none: kept, it would sign the account out with the next refresh.
        refresh: answer
            .refresh_token()
            .filter(|token| is_sendable(token.secret()))
            .map(|token| Secret::new(token.secret().as_str())),
        api_domain: extra.api_domain.clone().filter(|a| checked(a).is_ok()),
        id_token: extra.id_token.clone(),
        scopes,
    }
}

/// What a device's question brings.
pub(super) enum Polled {
    TokenGrant(TokenGrant),
    Pending,
    SlowDown,
    /// The account lives in this data centre: ask there.
    Elsewhere(String),
    Refused,
    Late,
}

/// Asks whether a device's code was typed.
///
/// # Errors
/// As every token call.
pub(super) async fn by_device(
    http: &Http,
    client: &OauthClient,
    server: &str,
    device_code: &str,
) -> Result<Polled, RemoteError> {
    let mut form = vec![
        ("client_id", client.id.as_str()),
        ("grant_type", "device_token"),
        ("code", device_code),
    ];
    form.extend(client.secret.as_ref().map(|s| ("client_secret", s.expose())));
    let body = post_form(http, &format!("{server}/oauth/v3/device/token"), &form).await?;
    let tokens: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
    if tokens.as_object().is_some_and(has_no_token) {
        return Err(crate::broken(NO_TOKEN));
    }
    if let Ok(answer) = serde_json::from_str::<Answer>(&body) {
        return Ok(Polled::TokenGrant(token_grant(&answer)));
    }
    let said: DeviceError = serde_json::from_str(&body).unwrap_or_default();
    Ok(match (said.error.as_str(), said.user_location) {
        ("authorization_pending", _) => Polled::Pending,
        ("slow_down", _) => Polled::SlowDown,
        ("other_dc", Some(centre)) => Polled::Elsewhere(centre),
        ("access_denied", _) => Polled::Refused,
        ("expired" | "expired_token", _) => Polled::Late,
        _ => return Err(error_of(Side::Zoho, &body)),
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DeviceError {
    error: String,
    error_description: String,
    user_location: Option<String>,
}

/// What the error in a token endpoint's answer means.
pub(super) fn error_of(side: Side, body: &str) -> RemoteError {
    let said: DeviceError = serde_json::from_str(body).unwrap_or_default();
    if said.error.is_empty() {
        return crate::broken(UNREADABLE);
    }
    meaning(side, &said.error, &said.error_description)
}

/// Posts a form and returns the JSON text of the answer, whatever its status.
///
/// # Errors
/// [`RemoteError::Offline`] where there is none.
pub(super) async fn post_form(
    http: &Http,
    url: &str,
    form: &[(&str, &str)],
) -> Result<String, RemoteError> {
    let url = checked(url).map_err(|()| crate::broken("a token address"))?;
    let response = http.client()?.post(url).form(form).send().await;
    let response = response.map_err(|error| lost(&error))?;
    let status = response.status();
    let text = body(response).await?;
    if status.is_server_error() { Err(RemoteError::Offline) } else { Ok(text) }
}

/// The text of an answer, as far as any of these endpoints has something to say.
///
/// # Errors
/// [`RemoteError::Offline`] where it does not come whole; [`RemoteError::Broken`] where it comes too slowly, is no
/// text, or endless, or a page of somebody in between.
pub(super) async fn body(response: reqwest::Response) -> Result<String, RemoteError> {
    let status = response.status().as_u16();
    let bytes = whole_body(response, MOST_TOKEN_BYTES).await.map_err(|error| cut_off(&error))?;
    let bytes = bytes.ok_or_else(|| crate::broken("an endless body"))?;
    let text = String::from_utf8(bytes).map_err(|_| crate::broken("an answer that is no text"))?;
    if is_in_between(status, &text) { Err(crate::broken(PAGE)) } else { Ok(text) }
}

/// A request that brought no answer.
#[derive(Debug, thiserror::Error)]
#[error("no answer")]
pub(super) struct NoAnswer(RemoteError);

/// Our own sender, as the library wants it: one TLS stack, no redirects.
struct Post(Http);

impl<'c> AsyncHttpClient<'c> for Post {
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(post(&self.0, request))
    }
}

async fn post(http: &Http, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
    let away = || NoAnswer(RemoteError::Offline);
    let request = reqwest::Request::try_from(request).map_err(|_| away())?;
    let client = http.client().map_err(NoAnswer)?;
    let response = client.execute(request).await.map_err(|error| NoAnswer(lost(&error)))?;
    let mut status = response.status();
    let text = body(response).await.map_err(NoAnswer)?;
    let body: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    if status.is_server_error() {
        return Err(away());
    }
    let serde_json::Value::Object(mut body) = body else {
        return Err(NoAnswer(crate::broken(UNREADABLE)));
    };
    if has_no_token(&body) {
        return Err(NoAnswer(crate::broken(NO_TOKEN)));
    }
    let told = ["error", "access_token"].into_iter().any(|key| body.contains_key(key));
    if !told && matches!(status.as_u16(), 401 | 403) {
        return Err(NoAnswer(crate::broken(PAGE)));
    }
    let failed = body.contains_key("error") || !body.contains_key("access_token");
    if status.is_success() && failed {
        status = reqwest::StatusCode::BAD_REQUEST;
    }
    if !failed {
        regular(&mut body);
    }
    let mut answer = HttpResponse::new(serde_json::Value::Object(body).to_string().into_bytes());
    *answer.status_mut() = status;
    Ok(answer)
}

/// Whether an answer gives a token that cannot be sent, or an empty one: as good as none.
fn has_no_token(tokens: &serde_json::Map<String, serde_json::Value>) -> bool {
    !tokens.contains_key("error")
        && tokens.get("access_token").is_some_and(|token| {
            token.is_null() || token.as_str().is_some_and(|token| !is_sendable(token))
        })
}

/// Brings tokens into the form that the library reads: a life in digits, the one type there is.
fn regular(tokens: &mut serde_json::Map<String, serde_json::Value>) {
    let spelled = tokens.get("expires_in").and_then(|life| life.as_str());
    if let Some(life) = spelled.map(|life| life.trim().parse::<u64>().ok()) {
        tokens.insert("expires_in".to_owned(), life.into());
    }
    tokens.entry("token_type").or_insert_with(|| "Bearer".into());
    let listed = tokens.get("scope").and_then(|scope| scope.as_array());
    let listed = listed.map(|all| all.iter().filter_map(|s| s.as_str()).collect::<Vec<_>>());
    if let Some(scopes) = listed {
        tokens.insert("scope".to_owned(), scopes.join(" ").into());
    }
}

type Refused = RequestTokenError<NoAnswer, BasicErrorResponse>;

fn refusal(side: Side, error: &Refused) -> RemoteError {
    match error {
        RequestTokenError::ServerResponse(answer) => {
            let said = answer.error_description().map(String::as_str).unwrap_or_default();
            meaning(side, answer.error().as_ref(), said)
        }
        RequestTokenError::Request(NoAnswer(error)) => error.clone(),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            crate::broken("a token answer without tokens")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Answer, regular, token_grant};

    #[test]
    fn tokens_are_read_in_every_form_they_come_in() {
        let forms = [
            (json!({"access_token": "a", "token_type": "Bearer", "expires_in": 1200}), 1200),
            (json!({"access_token": "a", "token_type": "bearer", "expires_in": "1200"}), 1200),
            (json!({"access_token": "a", "expires_in": " 1200 ", "refresh_token": null}), 1200),
            (json!({"access_token": "a", "expires_in": "soon"}), 3600),
            (json!({"access_token": "a", "expires_in": 1_000_000_000_000_u64}), 86_400),
            (json!({"access_token": "a", "expires_in": null, "new": {"x": []}}), 3600),
            (json!({"access_token": "a", "expires_in_sec": 3600, "scope": "b a"}), 3600),
            (json!({"access_token": "a", "scope": ["b,c", "a"]}), 3600),
        ];
        for (mut form, life) in forms {
            let told = form.to_string();
            regular(form.as_object_mut().expect("an object"));
            let answer: Answer = serde_json::from_value(form).expect("tokens");
            let token_grant = token_grant(&answer);
            assert_eq!(token_grant.life.as_secs(), life, "{told}");
            assert_eq!(token_grant.scopes.is_empty(), !told.contains("scope"), "{told}");
            assert!(
                token_grant.scopes.iter().all(|scope| scope.len() == 1),
                "{told}: {:?}",
                token_grant.scopes
            );
        }
    }

    #[test]
    fn a_token_that_cannot_be_sent_is_no_answer() {
        for (form, empty) in [
            (json!({"access_token": ""}), true),
            (json!({"access_token": " "}), true),
            (json!({"access_token": null}), true),
            (json!({"access_token": "a\r\nX-Evil: 1"}), true),
            (json!({"access_token": "a b"}), true),
            (json!({"access_token": "a\u{0}"}), true),
            (json!({"access_token": "é"}), true),
            (json!({"access_token": "a".repeat(200_000)}), true),
            (json!({"access_token": "a".repeat(2_048)}), false),
            (json!({"access_token": "1000.aB-_~+/="}), false),
            (json!({"access_token": "", "error": "invalid_code"}), false),
            (json!({"access_token": "a"}), false),
            (json!({"error": "invalid_code"}), false),
            (json!({}), false),
        ] {
            assert_eq!(super::has_no_token(form.as_object().expect("an object")), empty, "{form}");
        }
        for refresh in ["", " ", "r\nx", "r\u{7f}"] {
            let form =
                json!({"access_token": "a", "token_type": "Bearer", "refresh_token": refresh});
            let answer: Answer = serde_json::from_value(form).expect("tokens");
            assert!(
                token_grant(&answer).refresh.is_none(),
                "{refresh:?}: the one that is kept stays"
            );
        }
    }
}
