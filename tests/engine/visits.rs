//! What a browser does at a sign-in, without one.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Where a login's address says that the browser is to come back to.
pub(crate) fn redirect_of(address: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    let sent = query.split('&').find_map(|pair| pair.strip_prefix("redirect_uri="))?;
    Some(sent.replace("%3A", ":").replace("%2F", "/"))
}

/// Visits an address and wherever it sends the visitor, without the weight of a client for TLS; the
/// page at the end.
pub(crate) async fn follow(mut address: String) -> String {
    loop {
        let rest = address.strip_prefix("http://").expect("an address on this computer");
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let mut stream = TcpStream::connect(host).await.expect("the page's server answers");
        let ask = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(ask.as_bytes()).await.expect("the page is asked for");
        let mut page = String::new();
        stream.read_to_string(&mut page).await.expect("the page comes");
        let next = page.lines().take_while(|line| !line.is_empty()).find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("location").then(|| value.to_owned())
        });
        match next {
            Some(next) => address = next,
            None => return page,
        }
    }
}
