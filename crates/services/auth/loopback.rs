//! The listener that the browser comes back to: one answer with our state, on loopback only.

use std::collections::{BTreeMap, VecDeque};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// The most bytes of a request that are read.
const MOST: usize = 16 * 1024;
/// How long a connection may take to say what it wants. Browsers open some that never do.
const SLOW: Duration = Duration::from_secs(10);
/// How many connections are listened to at once. One more takes the place of the oldest, so that
/// silent ones keep nobody waiting: who has something to say says it at once.
const AT_ONCE: usize = 32;

/// The browser with our answer: it waits for its page.
pub(super) struct Visitor {
    stream: TcpStream,
    /// The query of the address it came to.
    pub(super) query: BTreeMap<String, String>,
}

/// What the person reads in the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PageKind {
    /// It went well; whose account it is.
    Done(String),
    /// It went well, and another account is connected: the app asks which one it shall be.
    Other(String),
    Denied,
    Failed,
}

/// The open listeners, on both of this computer's own addresses where it has both.
pub(super) struct Door {
    four: TcpListener,
    six: Option<TcpListener>,
}

/// How often a port that nobody listens on is tried, and how long it is waited in between: a system may
/// have given it to some program's outgoing connection, which seldom lasts.
const TRIES: u32 = 25;
const BETWEEN: Duration = Duration::from_millis(200);

/// Opens the listeners; port 0 takes a free one. Browsers look `localhost` up for themselves, so
/// nobody else may answer on the other address in our place.
pub(super) async fn listen(port: u16) -> std::io::Result<Door> {
    let mut tries = TRIES;
    loop {
        tries -= 1;
        match both(port).await {
            Err(error) if error.kind() == ErrorKind::AddrInUse && tries > 0 => {
                if port != 0 {
                    if is_answered(port).await {
                        return Err(error);
                    }
                    tokio::time::sleep(BETWEEN).await;
                }
            }
            door => return door,
        }
    }
}

/// Whether a program listens on this port.
async fn is_answered(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok()
        || TcpStream::connect((Ipv6Addr::LOCALHOST, port)).await.is_ok()
}

async fn both(port: u16) -> std::io::Result<Door> {
    let four = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let got = four.local_addr()?.port();
    match TcpListener::bind((Ipv6Addr::LOCALHOST, got)).await {
        Ok(six) => Ok(Door { four, six: Some(six) }),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Err(error),
        // This computer has no such address.
        Err(_) => Ok(Door { four, six: None }),
    }
}

impl Door {
    /// The port.
    pub(super) fn port(&self) -> std::io::Result<u16> {
        Ok(self.four.local_addr()?.port())
    }

    async fn accept(&self) -> std::io::Result<TcpStream> {
        let accepted = match &self.six {
            Some(six) => tokio::select! {
                accepted = self.four.accept() => accepted,
                accepted = six.accept() => accepted,
            },
            None => self.four.accept().await,
        };
        accepted.map(|(stream, _)| stream)
    }
}

/// Waits for the browser to come to `path` with this state; everything else (favicons, other
/// states, noise) gets a "not found" and is forgotten.
pub(super) async fn visitor(door: &Door, path: &str, state: &str) -> std::io::Result<Visitor> {
    let mut talking = JoinSet::new();
    let mut in_turn = VecDeque::new();
    loop {
        tokio::select! {
            accepted = door.accept() => {
                // One connection that could not be accepted does not end the login.
                if let Ok(stream) = accepted {
                    in_turn.push_back(talking.spawn(heard(stream, path.to_owned(), state.to_owned())));
                    in_turn.retain(|one: &AbortHandle| !one.is_finished());
                    if in_turn.len() > AT_ONCE && let Some(oldest) = in_turn.pop_front() {
                        oldest.abort();
                    }
                }
            }
            Some(done) = talking.join_next() => {
                if let Ok(Some(visitor)) = done {
                    return Ok(visitor);
                }
            }
        }
    }
}

async fn heard(mut stream: TcpStream, path: String, state: String) -> Option<Visitor> {
    let port = stream.local_addr().ok()?.port();
    let head = tokio::time::timeout(SLOW, head(&mut stream)).await.ok()??;
    match ours(&head, port, &path, &state) {
        Some(query) => Some(Visitor { stream, query }),
        None => {
            write(&mut stream, "404 Not Found", "text/plain; charset=utf-8", "Not found.\n").await;
            None
        }
    }
}

async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 1024];
    while !bytes.windows(4).any(|w| w == b"\r\n\r\n") {
        let count = stream.read(&mut chunk).await.ok()?;
        if count == 0 || bytes.len() + count > MOST {
            return None;
        }
        bytes.extend_from_slice(chunk.get(..count)?);
    }
    String::from_utf8(bytes).ok()
}

/// Whether a request was sent to this computer by name: a page elsewhere whose name leads here by a trick
/// asks under its own.
fn is_to_us(head: &str, port: u16) -> bool {
    let fields = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    let mut hosts = fields.filter(|(name, _)| name.eq_ignore_ascii_case("host"));
    let (Some((_, host)), None) = (hosts.next(), hosts.next()) else { return false };
    ["localhost", "127.0.0.1", "[::1]"].into_iter().any(|own| {
        let rest = host.trim().to_ascii_lowercase();
        let rest = rest.strip_prefix(own).map(ToOwned::to_owned);
        rest.is_some_and(|rest| rest == format!(":{port}") || (rest.is_empty() && port == 80))
    })
}

/// The query of a request that is the one waited for.
fn ours(head: &str, port: u16, path: &str, state: &str) -> Option<BTreeMap<String, String>> {
    if !is_to_us(head, port) {
        return None;
    }
    let mut words = head.lines().next()?.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let (at, query) = target.split_once('?')?;
    let query: BTreeMap<String, String> =
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let told = query.contains_key("code") || query.contains_key("error");
    // An address without a path is asked for by its slash.
    let path = if path.is_empty() { "/" } else { path };
    (method == "GET" && at == path && told && query.get("state").map(String::as_str) == Some(state))
        .then_some(query)
}

impl Visitor {
    /// Shows the person how it went.
    pub(super) async fn show(mut self, kind: PageKind) {
        write(&mut self.stream, "200 OK", "text/html; charset=utf-8", &page(&kind)).await;
    }

    /// Sends the browser on to another address of the sign-in.
    pub(super) async fn send_on(mut self, url: &str) {
        let status = format!("303 See Other\r\nLocation: {url}");
        write(&mut self.stream, &status, "text/plain; charset=utf-8", "").await;
    }
}

/// The pages hold nothing that came in with the browser.
fn page(kind: &PageKind) -> String {
    let (title, heading, english, japanese) = match kind {
        PageKind::Done(account) => (
            "signed in",
            "Signed in",
            format!("Signed in as <strong>{}</strong>. You can close this tab and go back to Renraku. If this is not your account, disconnect it there.", escaped(account)),
            format!("<strong>{}</strong> としてサインインしました。このタブを閉じて、Renraku に戻ってください。ご自分のアカウントでない場合は、Renraku で接続を解除してください。", escaped(account)),
        ),
        PageKind::Other(account) => (
            "another account",
            "Another account is connected",
            format!("<strong>{}</strong> has signed in, but another account is connected. Nothing was changed: go back to Renraku, which asks which of the two it shall be.", escaped(account)),
            format!("<strong>{}</strong> がサインインしましたが、別のアカウントが接続されています。まだ何も変更されていません。Renraku に戻って、どちらを使うか選んでください。", escaped(account)),
        ),
        PageKind::Denied => (
            "not connected",
            "Not connected",
            "Access was not granted. Nothing was changed; you can try again in Renraku.".to_owned(),
            "アクセスは許可されませんでした。何も変更されていません。Renraku からもう一度お試しください。".to_owned(),
        ),
        PageKind::Failed => (
            "not connected",
            "Not connected",
            "Signing in did not work. Go back to Renraku: it says why and what to do.".to_owned(),
            "サインインできませんでした。理由と対処方法は Renraku に表示されています。".to_owned(),
        ),
    };
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Renraku: {title}</title>\
         <body style=\"font-family:sans-serif;max-width:36em;margin:4em auto;padding:0 1em\">\
         <h1>{heading}</h1><p>{english}</p><p lang=\"ja\">{japanese}</p></body></html>"
    )
}

/// A text as HTML shows it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

async fn write(stream: &mut TcpStream, status: &str, kind: &str, body: &str) {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\r\n",
        body.len()
    );
    let send = async {
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body.as_bytes()).await?;
        stream.shutdown().await
    };
    // A browser that went away misses its page; the login goes on.
    let _ = tokio::time::timeout(SLOW, send).await;
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::{AT_ONCE, PageKind, SLOW, listen, ours, page, visitor};

    #[tokio::test]
    async fn silent_connections_keep_the_browser_not_waiting() {
        let door = listen(0).await.expect("a port");
        let address = ("127.0.0.1", door.port().expect("its number"));
        let waiting = tokio::spawn(async move {
            let visitor = visitor(&door, "/callback", "s1").await.expect("a visitor");
            visitor.show(PageKind::Done("me@a.test".to_owned())).await;
        });
        let mut silent = Vec::new();
        for _ in 0..3 * AT_ONCE {
            silent.push(TcpStream::connect(address).await.expect("a connection"));
        }
        let browser = async {
            let mut stream = TcpStream::connect(address).await.expect("the browser's");
            let host = format!("localhost:{}", address.1);
            let ask = format!("GET /callback?code=c&state=s1 HTTP/1.1\r\nHost: {host}\r\n\r\n");
            stream.write_all(ask.as_bytes()).await.expect("it asks");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.expect("its answer");
            answer
        };
        let soon = SLOW / 2;
        let answer = tokio::time::timeout(soon, browser).await.expect("at once");
        assert!(answer.contains("Signed in"), "{answer}");
        waiting.await.expect("the login goes on");
        let first = silent.first_mut().expect("the first silent one");
        let mut nothing = [0; 1];
        let closed = tokio::time::timeout(Duration::from_secs(1), first.read(&mut nothing)).await;
        assert!(closed.is_ok(), "it gave way to those after it");
    }

    #[test]
    fn a_page_names_the_account_and_takes_no_markup_from_it() {
        for kind in [PageKind::Done, PageKind::Other] {
            let shown = page(&kind("<b>\"a&b\"@c.test".to_owned()));
            assert!(shown.contains("&lt;b&gt;&quot;a&amp;b&quot;@c.test"), "{shown}");
            assert!(!shown.contains("<b>"), "{shown}");
        }
    }

    #[tokio::test]
    async fn the_door_is_on_this_computers_own_addresses_alone() {
        let door = listen(0).await.expect("a port");
        let port = door.port().expect("its number");
        assert!(door.four.local_addr().expect("an address").ip().is_loopback());
        if let Some(six) = &door.six {
            let address = six.local_addr().expect("an address");
            assert!(address.ip().is_loopback() && address.port() == port);
            assert!(tokio::net::TcpStream::connect(address).await.is_ok(), "both are open");
        }
        assert!(listen(port).await.is_err(), "a second one finds it taken");
        drop(door);
        if let Ok(_other) = std::net::TcpListener::bind(("::1", port)) {
            assert!(listen(port).await.is_err(), "also where only the newer address is taken");
        }
    }

    #[tokio::test]
    async fn a_port_that_an_outgoing_connection_holds_is_waited_for() {
        let server = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a server");
        let outgoing = tokio::net::TcpSocket::new_v4().expect("a socket");
        outgoing.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
        let to = server.local_addr().expect("its address");
        let mut outgoing = outgoing.connect(to).await.expect("a connection");
        let (accepted, _) = server.accept().await.expect("it is answered");
        let port = outgoing.local_addr().expect("an address").port();
        assert!(super::both(port).await.is_err(), "the connection holds it");
        let waiting = tokio::spawn(listen(port));
        // Whoever closes first keeps the port a while longer: here it is the server.
        drop(accepted);
        assert_eq!(outgoing.read(&mut [0; 1]).await.expect("the end"), 0);
        drop(outgoing);
        assert!(waiting.await.expect("it tried again").is_ok(), "nobody listens there");
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(128))]

        /// Whatever knocks, only an answer with this login's state is one.
        #[test]
        fn nothing_else_is_taken_for_the_answer(
            path in "(/callback|/|/[a-z%./]{0,6})",
            query in "([a-z]{0,5}(=[a-zA-Z0-9%+&;]{0,8})?&?){0,4}",
            odd in ".{0,12}",
        ) {
            for head in [
                format!("GET {path}?{query} HTTP/1.1\r\nHost: localhost:7\r\n\r\n"),
                format!("GET {path}?{query}{odd} HTTP/1.1\r\nHost: localhost:7\r\n\r\n"),
                format!("GET /callback?code=c&state=s0me-state HTTP/1.1\r\nHost: {odd}\r\n\r\n"),
                format!("{odd} {path}?{query}"),
                odd.clone(),
            ] {
                let taken = ours(&head, 7, "/callback", "s0me-state");
                proptest::prop_assert!(taken.is_none(), "{head:?}");
            }
        }
    }

    #[test]
    fn what_is_kept_of_other_knocks_is_no_answer() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/redirects");
        let mut tried = 0;
        for file in std::fs::read_dir(folder).expect("the folder").flatten() {
            let head = std::fs::read_to_string(file.path()).expect("a case");
            let taken = ours(&head, 7, "/callback", "s0me-state");
            assert!(taken.is_none(), "{}", file.path().display());
            tried += 1;
        }
        assert!(tried > 5, "something is kept: {tried}");
    }

    #[test]
    fn only_the_awaited_answer_is_taken() {
        let check = |line: &str, taken: bool, why: &str| {
            let head = format!("{line} HTTP/1.1\r\nHost: localhost:48620\r\n\r\n");
            assert_eq!(ours(&head, 48_620, "/callback", "s1").is_some(), taken, "{why}");
        };
        for (port, hosts, taken, why) in [
            (48_620, "Host: 127.0.0.1:48620\r\n", true, "its other name"),
            (48_620, "hOST:  LOCALHOST:48620 \r\n", true, "as browsers may spell it"),
            (48_620, "Host: [::1]:48620\r\n", true, "its newer address"),
            (80, "Host: localhost\r\n", true, "the port that needs no naming"),
            (48_620, "Host: evil.example\r\n", false, "a name that leads here by a trick"),
            (48_620, "Host: evil.example:48620\r\n", false, "with the port too"),
            (48_620, "Host: localhost.evil.example:48620\r\n", false, "one that begins like ours"),
            (48_620, "Host: localhost\r\n", false, "another port"),
            (48_620, "", false, "none"),
            (48_620, "Host: localhost:48620\r\nHost: evil.example\r\n", false, "two"),
        ] {
            let head = format!("GET /callback?code=c&state=s1 HTTP/1.1\r\n{hosts}\r\n");
            assert_eq!(ours(&head, port, "/callback", "s1").is_some(), taken, "{why}: {hosts}");
        }
        check("GET /callback?code=c&state=s1&scope=a%20b&authuser=0", true, "unknown parameters");
        check("GET /callback?error=access_denied&state=s1", true, "a refusal is an answer");
        check("GET /callback?code=c&state=s2", false, "another login's state");
        check("GET /callback?code=c", false, "no state");
        check("GET /callback?state=s1", false, "neither code nor error");
        check("GET /favicon.ico", false, "a favicon");
        check("GET /other?code=c&state=s1", false, "another path");
        check("POST /callback?code=c&state=s1", false, "no redirect posts");
        check("HEAD /callback?code=c&state=s1", false, "a link preview must not use up the code");
        check("", false, "nothing");
    }
}
