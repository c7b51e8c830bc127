//! The login browser's place: a command that hands the address to the test, which then visits it —
//! by plain HTTP, or in a real Chromium.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::unix::pipe::{OpenOptions, Receiver};

use super::process::{Surroundings, within};

/// Listens for the addresses that the product opens.
#[derive(Debug)]
pub struct Browser {
    script: PathBuf,
    addresses: BufReader<Receiver>,
}

impl Browser {
    /// Puts the command into the home's `bin`, also under the name by which desktops open pages.
    pub(crate) async fn install(surroundings: &Surroundings) -> Self {
        let bin = surroundings.home().join("bin");
        std::fs::create_dir_all(&bin).expect("the folder for commands is made");
        let pipe = bin.join("addresses");
        let made = surroundings.command("mkfifo").arg(&pipe).status().await;
        assert!(made.is_ok_and(|status| status.success()), "the pipe for addresses is made");
        let script = bin.join("xdg-open");
        let text = format!("#!/bin/sh\nprintf '%s\\n' \"$1\" > '{}'\n", pipe.display());
        std::fs::write(&script, text).expect("the browser's command is written");
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755))
            .expect("the browser's command can be run");
        // Open for writing too, so that the pipe never ends between two visitors.
        let receiver = OpenOptions::new().read_write(true).open_receiver(&pipe);
        Self { script, addresses: BufReader::new(receiver.expect("the pipe opens")) }
    }

    /// The command for `BROWSER`.
    pub fn command(&self) -> &Path {
        &self.script
    }

    /// The next address that the product opens.
    pub async fn opened(&mut self) -> String {
        let mut line = String::new();
        let read = self.addresses.read_line(&mut line);
        within(30, "an address that the browser should open", read)
            .await
            .expect("the pipe is read");
        line.trim_end().to_owned()
    }

    /// A browser that cannot be started: the command fails.
    pub fn break_down(&self) {
        std::fs::write(&self.script, "#!/bin/sh\nexit 3\n").expect("the command is replaced");
    }
}

/// Visits an address as a browser without a person does: it follows redirects, up to the product's
/// own listener. Returns the last page's text.
pub(crate) async fn follow(address: &str) -> String {
    let client = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
    let answer = within(30, "the login's pages", client.get(address).send()).await;
    let page = answer.unwrap_or_else(|error| panic!("the login's pages: {error}"));
    page.text().await.unwrap_or_default()
}
