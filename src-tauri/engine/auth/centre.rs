//! Zoho's data centres: each has an accounts server of its own, which the login's redirect names.

use super::endpoints::checked;

/// The accounts server that the redirect names, if it can be one: Zoho's own, or with stand-ins
/// whatever is on loopback. Else the one the login began at.
pub(super) fn accounts_server(named: Option<&String>, began: &str) -> String {
    let real = began.starts_with("https://accounts.zoho");
    let fits = |server: &&String| {
        checked(server).is_ok_and(|url| {
            let host = url.host_str().unwrap_or_default();
            !real || host.starts_with("accounts.zoho") && url.scheme() == "https"
        })
    };
    named.filter(fits).map_or(began, String::as_str).trim_end_matches('/').to_owned()
}

/// The data centre as the redirect names it, else by the accounts server.
pub(super) fn data_centre(location: Option<&String>, server: &str) -> String {
    let plain = |l: &&String| !l.is_empty() && l.len() <= 4 && l.chars().all(char::is_alphanumeric);
    if let Some(location) = location.filter(plain) {
        return location.to_lowercase();
    }
    let host = checked(server).ok().and_then(|u| u.host_str().map(ToOwned::to_owned));
    let by_host = match host.unwrap_or_default().as_str() {
        "accounts.zoho.eu" => "eu",
        "accounts.zoho.in" => "in",
        "accounts.zoho.com.au" => "au",
        "accounts.zoho.jp" => "jp",
        "accounts.zoho.com.cn" => "cn",
        "accounts.zohocloud.ca" => "ca",
        "accounts.zoho.sa" => "sa",
        "accounts.zoho.uk" => "uk",
        "accounts.zoho.ae" => "ae",
        _ => "us",
    };
    by_host.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accounts_server_is_zohos_own() {
        let check = |named: Option<&str>, began: &str, expected: &str, why: &str| {
            let named = named.map(ToOwned::to_owned);
            assert_eq!(accounts_server(named.as_ref(), began), expected, "{why}");
        };
        let us = "https://accounts.zoho.com";
        check(Some("https://accounts.zoho.eu"), us, "https://accounts.zoho.eu", "another centre");
        check(Some("https://accounts.zohocloud.ca"), us, "https://accounts.zohocloud.ca", "Canada");
        check(Some("https://evil.test"), us, us, "no Zoho host");
        check(Some("http://accounts.zoho.eu"), us, us, "not encrypted");
        check(None, us, us, "not named");
        let stand_in = "http://127.0.0.1:9002";
        check(Some("http://127.0.0.1:9003"), stand_in, "http://127.0.0.1:9003", "a stand-in's");
        check(Some("http://10.0.0.1"), stand_in, stand_in, "not loopback");
    }

    #[test]
    fn the_data_centre_comes_from_the_redirect_or_the_server() {
        let check = |location: Option<&str>, server: &str, expected: &str| {
            let location = location.map(ToOwned::to_owned);
            assert_eq!(data_centre(location.as_ref(), server), expected);
        };
        check(Some("jp"), "https://accounts.zoho.com", "jp");
        check(None, "https://accounts.zohocloud.ca", "ca");
        check(Some("<script>"), "https://accounts.zoho.eu", "eu");
        check(None, "http://127.0.0.1:1", "us");
    }
}
