//! The port that Zoho's client of one world is registered with.

use std::fs::File;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};

/// Ports that no system gives to outgoing connections: whoever connects to something on this computer
/// never holds one of these by chance.
const PORTS: std::ops::Range<u16> = 20_000..30_000;

/// A port for the redirect of Zoho's client, of no other world on this computer.
#[derive(Debug)]
pub(super) struct RedirectPort {
    port: u16,
    /// Held as long as the world lives; ended programs give it back.
    _lock: File,
}

impl RedirectPort {
    /// Takes the next port that no other world holds and no other program listens on.
    pub(super) fn take() -> Self {
        let folder = std::env::temp_dir().join("renraku-tests-ports");
        std::fs::create_dir_all(&folder).expect("the folder of the ports' locks is made");
        let first = u16::try_from(std::process::id() % 10_000).expect("below 10,000");
        let turn = |step: u16| PORTS.start + (first + step) % 10_000;
        (0..10_000)
            .map(turn)
            .find_map(|port| {
                let lock = File::create(folder.join(port.to_string())).ok()?;
                lock.try_lock().ok()?;
                is_free(port).then_some(Self { port, _lock: lock })
            })
            .expect("one of ten thousand ports is free")
    }

    /// The redirect as it is registered.
    pub(super) fn redirect(&self) -> String {
        format!("http://localhost:{}/callback", self.port)
    }
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
        && TcpListener::bind((Ipv6Addr::LOCALHOST, port))
            .map_or_else(|error| error.kind() != std::io::ErrorKind::AddrInUse, |_| true)
}
