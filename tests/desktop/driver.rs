//! WebDriver servers, and the client that speaks to them.

use std::path::PathBuf;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;

use crate::world::{Owned, within};

/// A running WebDriver server.
#[derive(Debug)]
pub(crate) struct Driver {
    port: u16,
    _server: Owned,
}

impl Driver {
    /// Starts a server that was told to listen on `port`, and waits until it and the server
    /// `behind` it do.
    pub(crate) async fn start(
        name: &'static str,
        command: Command,
        port: u16,
        behind: Option<u16>,
    ) -> Self {
        let server = Owned::start(name, command);
        for port in [Some(port), behind].into_iter().flatten() {
            within(20, name, async {
                while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
            })
            .await;
        }
        Self { port, _server: server }
    }

    /// Opens a session.
    pub(crate) async fn session(&self, capabilities: Map<String, Value>) -> Client {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities);
        let address = format!("http://127.0.0.1:{}", self.port);
        let session = within(60, "a WebDriver session", builder.connect(&address)).await;
        session.unwrap_or_else(|error| panic!("a WebDriver session: {error}"))
    }
}

/// A port that was free a moment ago: the drivers cannot choose one themselves.
pub(crate) async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

/// A tool that `cargo xtask test setup` built: in `RENRAKU_TOOLS`, or below the target folder.
pub(crate) fn tool(name: &str) -> PathBuf {
    let folder = match std::env::var_os("RENRAKU_TOOLS") {
        Some(folder) => PathBuf::from(folder),
        None => crate::world::beside_tests().parent().expect("the target folder").join("tools"),
    };
    let file = folder.join("bin").join(name);
    assert!(file.is_file(), "{} is there (cargo xtask test setup)", file.display());
    file
}
