//! One answer of a service: read to a bound, and judged as far as all services are alike.

use std::time::Duration;

use renraku_core::timestamp::Timestamp;
use reqwest::header::HeaderMap;

use crate::RemoteError;
use crate::error::{DEEP, PAGE, broken};
use crate::received::Received;

/// No answer of a token endpoint is longer.
pub(crate) const MOST_TOKEN_BYTES: usize = 1024 * 1024;

/// The longest pause that a service is believed to ask for: what is said beyond it is not meant.
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether a call may change anything at the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It may be sent again whatever happens.
    Read,
    /// It is sent again only where it provably did nothing.
    Write,
}

/// One answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
    /// The service's clock.
    pub(crate) date: Option<Timestamp>,
    pub(crate) retry_after: Option<Duration>,
    /// Zoho's `X-API-CREDITS-REMAINING`, which comes from half of the budget on: this answer's, else
    /// the last one told.
    pub(crate) credits_left: Option<u64>,
}

impl Answer {
    pub(crate) fn ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON; an unreadable one is [`RemoteError::Broken`].
    pub(crate) fn json<'a, T: serde::Deserialize<'a>>(
        &'a self,
        effect: Effect,
    ) -> Result<T, RemoteError> {
        serde_json::from_str(&self.body).map_err(|_| {
            let what = if is_deep(&self.body) { DEEP } else { "an unreadable body" };
            broken(what, effect == Effect::Write)
        })
    }

    /// Goes on with the contacts that a list told of, unless what cannot be read among them is none of a
    /// service's contacts.
    pub(crate) fn contacts(&self, read: Vec<Received>) -> Result<Vec<Received>, RemoteError> {
        if read.iter().any(|one| !one.readable) && is_deep(&self.body) {
            return Err(broken(DEEP, false));
        }
        Ok(read)
    }
}

/// What an answer means for the sender.
pub(crate) enum Meaning {
    /// The caller reads it, whatever its status.
    Read,
    /// The access token is not accepted.
    Token,
    /// The sign-in did not grant what the call needs; nothing was done.
    Scope,
    /// Not now; nothing was done. `long`: waiting minutes will not help.
    Wait { what: String, long: bool },
    /// Collided with something; nothing was done.
    Again,
    /// The call as a whole is refused; nothing was done.
    No(RemoteError),
    /// These are not the service's own words.
    Foreign,
}

/// So many parts within each other are nobody's contact; fewer are one that cannot be read.
const DEEPEST: usize = 1_000;

/// Whether the parts of a document are nested deeper than that.
fn is_deep(json: &str) -> bool {
    let (mut depth, mut text, mut escaped) = (0_usize, false, false);
    json.bytes().any(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if text => escaped = true,
            b'"' => text = !text,
            b'[' | b'{' if !text => depth += 1,
            b']' | b'}' if !text => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST
    })
}

/// The whole body of an answer, unpacked; none where it is longer than `most` bytes. Nothing is read
/// past that, so a small packed answer cannot fill the memory.
pub(crate) async fn whole_body(
    mut response: reqwest::Response,
    most: usize,
) -> reqwest::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > most {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes))
}

/// Whether somebody in between answers, and not the service: a guest network that wants a sign-in first
/// (511, a redirect to its page), or a filter that shows a page of its own. A service in trouble shows
/// pages too.
pub(crate) fn is_in_between(status: u16, body: &str) -> bool {
    let page = body.trim_start_matches('\u{feff}').trim_start().starts_with('<');
    match status {
        511 => true,
        500.. | 304 | 429 => false,
        300..400 => true,
        _ => page,
    }
}

/// What every service's answers have in common: server errors, and answers that are no JSON, say
/// nothing about what was done. Only a service's own words speak of rights.
pub(super) fn judge(answer: &Answer, service: fn(&Answer) -> Meaning) -> Result<Meaning, String> {
    let status = answer.status;
    let body = answer.body.trim();
    let whole = body.is_empty() || (body.starts_with('{') && body.ends_with('}'));
    match status {
        _ if is_in_between(status, body) => Err(PAGE.to_owned()),
        500.. => Err(format!("status {status}")),
        304 => Ok(Meaning::Read),
        200..300 if !whole => Err(format!("status {status}, not JSON")),
        401 | 403 | 407 if !whole => Err(PAGE.to_owned()),
        ..200 => Err(format!("status {status}")),
        _ => Ok(service(answer)),
    }
}

pub(super) fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|v| v.to_str().ok()).map(ToOwned::to_owned)
}

pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    chrono::DateTime::parse_from_rfc2822(text).ok().map(|time| time.to_utc().into())
}

/// `Retry-After` in either of its forms, seconds or a date; a day at most.
pub(crate) fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    let pause = if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().map_or(LONGEST_PAUSE, Duration::from_secs)
    } else {
        now.time_until(http_date(text)?)
    };
    Some(pause.min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[test]
    fn a_pause_is_believed_up_to_a_day() {
        let now: Timestamp = "2026-11-26T10:00:00Z".parse().expect("a time");
        let day = LONGEST_PAUSE.as_secs();
        let cases = [
            ("7", Some(7), "seconds"),
            (" 0 ", Some(0), "none at all"),
            ("90000", Some(day), "more than a day"),
            ("18446744073709552", Some(day), "more than a clock can count"),
            ("99999999999999999999999999", Some(day), "more than a number holds"),
            ("Thu, 26 Nov 2026 10:00:30 GMT", Some(30), "a date"),
            ("Thu, 26 Nov 2026 09:00:00 GMT", Some(0), "a date that is past"),
            ("Thu, 26 Nov 2099 10:00:00 GMT", Some(day), "a date far away"),
            ("1e308", None, "a number of another form"),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(day), "the last date there is"),
            ("-5", None, "nonsense"),
            ("", None, "nothing"),
        ];
        for (text, seconds, why) in cases {
            assert_eq!(retry_after(text, now), seconds.map(Duration::from_secs), "{why}");
        }
    }

    #[test]
    fn only_a_service_s_own_words_speak_of_rights() {
        let zoho = r#"{"code":"NO_PERMISSION","details":{},"message":"m","status":"error"}"#;
        let google = r#"{"error":{"code":403,"message":"m","status":"PERMISSION_DENIED"}}"#;
        let page = "\u{feff} <!DOCTYPE html><title>Blocked</title>";
        let cases = [
            (403, zoho, "rights", "page", "Zoho's own"),
            (403, google, "page", "rights", "Google's own"),
            (403, page, "page", "page", "a filter's page"),
            (403, "Blocked by policy", "page", "page", "a filter's text"),
            (403, "", "page", "page", "nothing at all"),
            (403, r#"{"blocked":true}"#, "page", "page", "JSON of somebody else's"),
            (401, page, "page", "page", "a guest network's sign-in"),
            (
                401,
                r#"{"code":"INVALID_TOKEN"}"#,
                "token",
                "page",
                "a token that Zoho does not take",
            ),
            (
                401,
                r#"{"error":{"code":401,"message":"m","status":"UNAUTHENTICATED"}}"#,
                "page",
                "token",
                "a token that Google does not take",
            ),
            (401, r#"{"message":"denied"}"#, "page", "page", "a filter's JSON"),
            (404, page, "page", "page", "a page of another server"),
            (302, "", "page", "page", "a redirect to a sign-in page"),
            (307, page, "page", "page", "another redirect"),
            (304, "", "read", "read", "nothing is new"),
            (511, "", "page", "page", "a network that wants a sign-in"),
            (200, page, "page", "page", "a page as a success"),
            (200, "OK", "status 200, not JSON", "status 200, not JSON", "no page"),
            (503, page, "status 503", "status 503", "the service in trouble"),
            (429, page, "wait", "wait", "too many calls"),
        ];
        let word = |answer: &Answer, service| match judge(answer, service) {
            Ok(Meaning::No(RemoteError::Rights { .. })) => "rights".to_owned(),
            Ok(Meaning::Token) => "token".to_owned(),
            Ok(Meaning::Read) => "read".to_owned(),
            Ok(Meaning::Wait { .. }) => "wait".to_owned(),
            Ok(Meaning::Foreign) => "page".to_owned(),
            Ok(Meaning::Scope | Meaning::Again | Meaning::No(_)) => "else".to_owned(),
            Err(what) if what == PAGE => "page".to_owned(),
            Err(what) => what,
        };
        for (status, body, of_zoho, of_google, why) in cases {
            let answer = crate::google::error_tests::answer(status, body.to_owned());
            assert_eq!(word(&answer, crate::zoho::judged), of_zoho, "Zoho, {status}: {why}");
            assert_eq!(word(&answer, crate::google::judged), of_google, "Google, {status}: {why}");
        }
    }

    /// The body of what a server sends after an HTTP head, read to `most` bytes.
    async fn read(body: &'static [u8], most: usize) -> Option<Vec<u8>> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("its address"));
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a caller");
            let mut asked = [0; 1024];
            assert!(stream.read(&mut asked).await.expect("a question") > 0);
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").await.expect("sent");
            // The caller may be gone by then.
            let _ = stream.write_all(body).await;
        });
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        whole_body(client.get(url).send().await.expect("an answer"), most).await.expect("a body")
    }

    #[test]
    fn a_document_is_deep_by_its_parts_alone() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let cases = [
            (nested(DEEPEST), false, "as deep as may be"),
            (nested(DEEPEST + 1), true, "one deeper"),
            ("[".repeat(200_000), true, "without an end"),
            ("{\"a\":".repeat(2_000), true, "objects"),
            (format!("[{}]", vec!["[]"; 5_000].join(",")), false, "many beside each other"),
            (format!("[\"{}\"]", "[".repeat(5_000)), false, "brackets in a text"),
            (format!("[\"\\\"{}\"]", "{".repeat(5_000)), false, "behind a quotation mark"),
            ("]".repeat(10), false, "no document"),
        ];
        for (json, deep, why) in cases {
            assert_eq!(is_deep(&json), deep, "{why}");
        }
    }

    #[tokio::test]
    async fn a_body_is_read_whole_or_not_at_all() {
        assert_eq!(read(b"0123456789", 10).await.as_deref(), Some(b"0123456789".as_slice()));
        assert_eq!(read(b"0123456789a", 10).await, None, "one byte too many");
        assert_eq!(read(b"", 10).await.as_deref(), Some(b"".as_slice()), "an empty one is whole");
    }
}
