//! Why nobody was reached.

use renraku_core::message::{Failure, FailureCode};

use crate::RemoteError;
use crate::certificates::no_certificates;
use crate::error::{SLOW, broken};

/// Why an answer that had begun did not come to its end.
pub(crate) fn cut_off(error: &reqwest::Error) -> RemoteError {
    let why = lost(error);
    if error.is_timeout() && why == RemoteError::Offline { broken(SLOW, false) } else { why }
}

/// Why a request to a service brought no answer: nobody was reached, who was could not prove to be
/// the service, or a proxy stands in between and did not let it through.
pub(crate) fn lost(error: &reqwest::Error) -> RemoteError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        // The library's own errors are not to be had; this is how it begins the sentence.
        if error.to_string().starts_with("invalid peer certificate") {
            return no_certificates().map_or(RemoteError::Untrusted, RemoteError::from);
        }
        // So do those of the way through a proxy.
        let through = error.to_string();
        if let Some(why) = through.strip_prefix("tunnel error: ") {
            let id = match why {
                "proxy authorization required" => "error-proxy-password",
                "failed to create underlying connection" => "error-proxy-away",
                _ => "error-proxy-refused",
            };
            return Failure::new(FailureCode::Offline, id).into();
        }
        cause = error.source();
    }
    // A proxy whose address cannot be read is passed by in silence.
    match misspelled_proxy(|name| std::env::var(name).ok()) {
        Some(variable) => {
            let failure = Failure::new(FailureCode::Offline, "error-proxy-address");
            failure.with("variable", variable).into()
        }
        None => RemoteError::Offline,
    }
}

/// The variable of the environment that names a proxy for encrypted calls and is no address of one.
fn misspelled_proxy(read: impl Fn(&str) -> Option<String>) -> Option<&'static str> {
    let told = |pair: [&'static str; 2]| {
        pair.into_iter().find_map(|name| {
            let value = read(name)?.trim().to_owned();
            (!value.is_empty()).then_some((name, value))
        })
    };
    let all = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];
    let (variable, value) = all.into_iter().find_map(told)?;
    let whole = if value.contains("://") { value } else { format!("http://{value}") };
    let address = url::Url::parse(&whole).ok();
    let usable = address.is_some_and(|url| {
        ["http", "https"].contains(&url.scheme()) && url.host_str().is_some_and(|h| !h.is_empty())
    });
    (!usable).then_some(variable)
}

#[cfg(test)]
mod tests {
    use super::misspelled_proxy;

    #[test]
    fn a_proxy_that_is_none_is_named_by_its_variable() {
        let check = |all: &[(&str, &str)], expected: Option<&str>, why: &str| {
            let read = |name: &str| {
                all.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(misspelled_proxy(read), expected, "{why}");
        };
        check(&[], None, "no proxy");
        check(&[("HTTPS_PROXY", "")], None, "none after all");
        check(&[("HTTPS_PROXY", "http://10.0.0.1:3128")], None, "the usual form");
        check(&[("HTTPS_PROXY", "proxy.office.test:8080")], None, "without a scheme");
        check(&[("https_proxy", "http://me:secret@proxy:8080/")], None, "with a name");
        check(&[("HTTPS_PROXY", "http://")], Some("HTTPS_PROXY"), "no host");
        check(&[("https_proxy", "http://proxy:80port")], Some("https_proxy"), "no port");
        check(&[("HTTPS_PROXY", "htp://proxy:8080")], Some("HTTPS_PROXY"), "no scheme of a proxy");
        check(&[("HTTPS_PROXY", "a proxy")], Some("HTTPS_PROXY"), "words");
        check(&[("ALL_PROXY", "???")], Some("ALL_PROXY"), "the one for everything");
        let both = [("HTTPS_PROXY", "http://proxy:1"), ("ALL_PROXY", "???")];
        check(&both, None, "the one for everything does not count then");
    }
}
