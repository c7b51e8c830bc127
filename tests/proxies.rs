//! A company's proxy between the program and the services, which looks into everything: it is gone
//! through, and its certificate is named for what it is until this computer trusts it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use renraku_tests::world::World;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// What the proxy was asked for: hosts, and the requests inside.
type Seen = Arc<Mutex<Vec<String>>>;

/// A company's own authority, and a certificate of it for Zoho's host: the authority's in a file, the
/// host's in a server. OpenSSL makes them anew, so that no key lies anywhere.
fn authority(folder: &Path) -> (PathBuf, ServerConfig) {
    let make = |args: &str| {
        let made = Command::new("openssl").args(args.split(' ')).current_dir(folder).output();
        let made = made.expect("openssl is installed");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -x509";
    make(&format!("req {key} -keyout own.key -out own.pem -subj /CN=Company"));
    let host = "-subj /CN=zoho -addext subjectAltName=DNS:accounts.zoho.com -addext basicConstraints=critical,CA:FALSE";
    make(&format!("req {key} -keyout host.key -out host.pem -CA own.pem -CAkey own.key {host}"));
    let chain = CertificateDer::from_pem_file(folder.join("host.pem")).expect("a certificate");
    let secret = PrivateKeyDer::from_pem_file(folder.join("host.key")).expect("its key");
    let config =
        ServerConfig::builder().with_no_client_auth().with_single_cert(vec![chain], secret);
    (folder.join("own.pem"), config.expect("a server"))
}

/// The lines of a request's head.
async fn head(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).await.unwrap_or_default();
    let mut line = String::from("-");
    while !line.trim().is_empty() {
        line.clear();
        reader.read_line(&mut line).await.unwrap_or_default();
    }
    first.trim().to_owned()
}

/// Takes a `CONNECT`, and answers in the service's place.
async fn stand_between(mut stream: TcpStream, tls: TlsAcceptor, seen: Seen) {
    let asked = head(&mut stream).await;
    seen.lock().expect("nobody panicked").push(asked);
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.expect("the way is open");
    let Ok(mut inside) = tls.accept(stream).await else { return };
    let asked = head(&mut inside).await;
    seen.lock().expect("nobody panicked").push(asked);
    let body = r#"{"error":"invalid_client"}"#;
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    inside.write_all(answer.as_bytes()).await.expect("it is answered");
    inside.shutdown().await.unwrap_or_default();
}

#[tokio::test]
async fn a_proxy_that_looks_inside_is_named_until_its_certificate_is_trusted() {
    let mut world = World::new().await;
    let (certificate, config) = authority(world.home());
    let tls = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let proxy = format!("http://{}", listener.local_addr().expect("its address"));
    let seen = Seen::default();
    let log = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(stand_between(stream, tls.clone(), Arc::clone(&log)));
        }
    });
    let asked = || std::mem::take(&mut *seen.lock().expect("nobody panicked"));

    let file = r#"{"zoho": {"client_id": "1000.A", "client_secret": "secret"}}"#;
    let file = world.file("office.json", file);
    world.cli(&["clients", &file]).await.done();
    // Whatever is not ours stays on this computer: the proxy is the only way out.
    world.surroundings().set("HTTPS_PROXY", &proxy);
    let answer = world.cli(&["connect", "zoho", "--code"]).await;
    let said = answer.refused(1);
    assert!(said.contains("certificate") && said.contains("Zoho"), "{said}");
    assert!(said.contains("Nothing was sent"), "{said}");
    let hosts = asked();
    let first = hosts.first().map(String::as_str);
    assert_eq!(first, Some("CONNECT accounts.zoho.com:443 HTTP/1.1"), "{hosts:?}");
    assert_eq!(hosts.iter().filter(|asked| asked.is_empty()).count(), 0, "{hosts:?}");
    assert!(!hosts.iter().any(|asked| asked.starts_with("POST")), "no secret went in: {hosts:?}");

    world.surroundings().set("SSL_CERT_FILE", &certificate);
    let answer = world.cli(&["connect", "zoho", "--code"]).await;
    let said = answer.refused(1);
    assert!(!said.contains("certificate"), "it is trusted: {said}");
    assert!(asked().iter().any(|asked| asked.starts_with("POST /oauth/v3/device/code")), "{said}");

    world.surroundings().set("HTTPS_PROXY", "http://127.0.0.1:9");
    let answer = world.cli(&["connect", "zoho", "--code"]).await;
    assert_eq!(answer.json["error"]["code"], "offline", "{}", answer.json);
}

#[tokio::test]
async fn a_file_of_certificates_that_is_none_is_named_and_stops_nothing_else() {
    let mut world = World::new().await;
    let file = r#"{"zoho": {"client_id": "1000.A", "client_secret": "secret"}}"#;
    let file = world.file("office.json", file);
    world.cli(&["clients", &file]).await.done();
    let garbage = world.file("garbage.pem", "garbage");
    for certificates in ["/no/such/file.pem", &garbage, ""] {
        world.surroundings().set("SSL_CERT_FILE", certificates);
        world.cli(&["accounts"]).await.done();
        world.surroundings().set("HTTPS_PROXY", "");
        let answer = world.cli(&["connect", "zoho", "--code"]).await;
        let said = answer.refused(1);
        assert!(said.contains("SSL_CERT_FILE") && said.contains(certificates), "{said}");
        assert!(said.contains("Nothing was lost"), "{said}");
    }
}
