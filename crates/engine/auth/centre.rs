//! Zoho's data centres: each has an accounts server of its own, which the login's redirect names.

use super::endpoints::checked;

/// The accounts server that the redirect names, if it can be one: Zoho's own, or with stand-ins
/// whatever is on loopback. Else the one the login began at.
pub(super) fn accounts_server(named: Option<&String>, began: &str) -> String {
    let host = |server: &str| checked(server).ok()?.host_str().map(ToOwned::to_owned);
    let real = host(began).is_some_and(|host| zohos_own(&host));
    let fits = |server: &&String| {
        host(server).is_some_and(|host| !real || zohos_own(&host) && server.starts_with("https:"))
    };
    named.filter(fits).map_or(began, String::as_str).trim_end_matches('/').to_owned()
}

/// Whether a host is `accounts.` in one of Zoho's own domains (`zoho.eu`, `zoho.com.au`,
/// `zohocloud.ca`): of any data centre, also one that is opened tomorrow, and of nobody else.
fn zohos_own(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let short = |label: &&str| (2..=3).contains(&label.len());
    match labels.as_slice() {
        ["accounts", "zoho" | "zohocloud", top @ ..] => {
            matches!(top, [_] | ["com", _]) && top.iter().all(short)
        }
        _ => false,
    }
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
        check(Some("https://accounts.zoho.qa"), us, "https://accounts.zoho.qa", "a new centre");
        check(Some("https://accounts.zoho.com.au/"), us, "https://accounts.zoho.com.au", "a slash");
        check(Some("https://evil.test"), us, us, "no Zoho host");
        check(Some("https://accounts.zohoevil.com"), us, us, "another company's domain");
        check(Some("https://accounts.zoho.evil.test"), us, us, "a host inside another domain");
        check(Some("https://accounts.zoho.com@evil.test"), us, us, "a user name, no host");
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
        check(Some("qa"), "https://accounts.zoho.qa", "qa");
        check(None, "https://accounts.zohocloud.ca", "ca");
        check(Some("<script>"), "https://accounts.zoho.eu", "eu");
        check(None, "http://127.0.0.1:1", "us");
    }
}
