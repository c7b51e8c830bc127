//! Whether there is a place on this desktop that shows tray icons.

use std::time::Duration;

/// Whether a tray host is there now. Windows and macOS always have one; on Linux some desktops
/// have none, and then a hidden window could never be found again.
pub(crate) async fn is_there() -> bool {
    #[cfg(target_os = "linux")]
    {
        linux::is_there().await.unwrap_or(false)
    }
    #[cfg(not(target_os = "linux"))]
    {
        true
    }
}

/// The same, but gives the desktop this long to bring one up: at login the app may start first.
pub(crate) async fn comes_up(within: Duration) -> bool {
    #[cfg(target_os = "linux")]
    {
        match tokio::time::timeout(within, linux::comes_up()).await {
            Ok(answer) => answer.unwrap_or(false),
            Err(_) => is_there().await,
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = within;
        true
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use zbus::Connection;
    use zbus::fdo::{DBusProxy, PropertiesProxy};
    use zbus::names::InterfaceName;

    const WATCHER: &str = "org.kde.StatusNotifierWatcher";

    pub(super) async fn is_there() -> zbus::Result<bool> {
        asked(&Connection::session().await?).await
    }

    async fn asked(bus: &Connection) -> zbus::Result<bool> {
        let watcher = PropertiesProxy::builder(bus)
            .destination(WATCHER)?
            .path("/StatusNotifierWatcher")?
            .build()
            .await?;
        let interface = InterfaceName::from_static_str_unchecked(WATCHER);
        let host = watcher.get(interface, "IsStatusNotifierHostRegistered").await?;
        Ok(bool::try_from(host).unwrap_or(false))
    }

    /// Waits until someone owns the watcher's name; the caller bounds the wait.
    pub(super) async fn comes_up() -> zbus::Result<bool> {
        use zbus::export::futures_core::Stream;
        let bus = Connection::session().await?;
        let proxy = DBusProxy::new(&bus).await?;
        let mut changes = Box::pin(proxy.receive_name_owner_changed().await?);
        loop {
            if asked(&bus).await.unwrap_or(false) {
                return Ok(true);
            }
            let next = std::future::poll_fn(|cx| changes.as_mut().poll_next(cx)).await;
            if next.is_none() {
                return Ok(false);
            }
        }
    }
}
