//! A private D-Bus session bus without any service that starts by itself.

use std::path::PathBuf;

use futures_util::StreamExt;
use zbus::Connection;
use zbus::fdo::DBusProxy;

use super::process::{Owned, Surroundings, within};

/// The bus; it ends when this is dropped.
#[derive(Debug)]
pub struct Bus {
    address: String,
    _daemon: Owned,
}

impl Bus {
    /// Starts the daemon and returns once it listens.
    pub(crate) async fn start(surroundings: &Surroundings) -> Self {
        let config = write_config(surroundings);
        let mut command = surroundings.command("dbus-daemon");
        command.arg("--config-file").arg(config);
        command.args(["--nofork", "--nopidfile", "--print-address=1"]);
        let mut daemon = Owned::start("dbus-daemon", command);
        let address = daemon.line().await;
        Self { address, _daemon: daemon }
    }

    /// The address, as `DBUS_SESSION_BUS_ADDRESS` has it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A new connection of the test's own.
    pub async fn connect(&self) -> Connection {
        let builder = zbus::connection::Builder::address(self.address.as_str());
        builder.expect("the bus's address is one").build().await.expect("the private bus answers")
    }

    /// Waits until somebody owns `name`.
    pub async fn wait_for(&self, name: &'static str) {
        let connection = self.connect().await;
        let bus = DBusProxy::new(&connection).await.expect("the bus itself answers");
        // Listening begins before the question, so that no answer falls between.
        let mut changes = bus
            .receive_name_owner_changed_with_args(&[(0, name)])
            .await
            .expect("the bus tells about names");
        let known = name.try_into().expect("a bus name");
        if bus.name_has_owner(known).await.expect("the bus knows its names") {
            return;
        }
        within(20, name, changes.next()).await;
    }
}

/// No service folders: nothing but what a test starts is on the bus, above all no second keychain.
fn write_config(surroundings: &Surroundings) -> PathBuf {
    let socket = surroundings.home().join("run/bus");
    let text = format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        socket.display()
    );
    let file = surroundings.home().join("run/bus.conf");
    std::fs::write(&file, text).expect("the bus's configuration is written");
    file
}
