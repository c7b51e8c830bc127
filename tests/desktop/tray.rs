//! A tray host on the private bus: it lets apps put icons there, reads their menus and clicks.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::StreamExt;
use tokio::sync::watch;
use zbus::fdo::DBusProxy;
use zbus::message::Header;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, Proxy, interface};

use crate::world::{Bus, within};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// Who registered an icon: the bus name and the object's path.
type Registered = Vec<(String, String)>;

/// The watcher's side of the StatusNotifierItem protocol.
struct Watcher {
    items: Arc<watch::Sender<Registered>>,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    /// An app tells its bus name, or the path of its item.
    async fn register_status_notifier_item(
        &self,
        service: String,
        #[zbus(header)] header: Header<'_>,
    ) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let item = if service.starts_with('/') {
            (sender, service)
        } else {
            (service, "/StatusNotifierItem".to_owned())
        };
        self.items.send_modify(|items| {
            if !items.contains(&item) {
                items.push(item);
            }
        });
    }

    async fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    async fn registered_status_notifier_items(&self) -> Vec<String> {
        self.items.borrow().iter().map(|(name, path)| format!("{name}{path}")).collect()
    }

    #[zbus(property)]
    async fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    async fn protocol_version(&self) -> i32 {
        0
    }
}

/// The tray of a world.
#[derive(Debug)]
pub struct TrayHost {
    connection: Connection,
    items: watch::Receiver<Registered>,
}

impl TrayHost {
    /// Begins to host icons; start it before the app.
    pub async fn start(bus: &Bus) -> Self {
        let connection = bus.connect().await;
        let (sender, items) = watch::channel(Vec::new());
        let watcher = Watcher { items: Arc::new(sender) };
        let served = connection.object_server().at("/StatusNotifierWatcher", watcher).await;
        assert!(served.is_ok_and(|new| new), "the tray host is on the bus");
        connection.request_name(WATCHER).await.expect("no other tray host is on this bus");
        Self { connection, items }
    }

    /// The newest icon, once there is one at all.
    pub async fn tray(&mut self) -> Tray {
        self.tray_of(1).await
    }

    /// The icon that was put there last, once there were so many since the start.
    pub async fn tray_of(&mut self, count: usize) -> Tray {
        let wait = self.items.wait_for(|items| items.len() >= count);
        let items = within(30, "the app's icon in the tray", wait).await.expect("the host lives");
        let (name, path) = items.last().expect("there is one").clone();
        drop(items);
        let item = proxy(&self.connection, &name, &path, ITEM).await;
        let menu: OwnedObjectPath = item.get_property("Menu").await.expect("the icon has a menu");
        let menu = proxy(&self.connection, &name, menu.as_str(), MENU).await;
        Tray { item, menu }
    }
}

async fn proxy(connection: &Connection, name: &str, path: &str, interface: &str) -> Proxy<'static> {
    let builder = zbus::proxy::Builder::<Proxy<'static>>::new(connection);
    let builder =
        builder.destination(name.to_owned()).and_then(|proxy| proxy.path(path.to_owned()));
    let builder = builder.and_then(|proxy| proxy.interface(interface.to_owned()));
    let builder = builder.expect("the names are well formed");
    // What the app changes is asked for anew each time.
    let builder = builder.cache_properties(zbus::proxy::CacheProperties::No);
    builder.build().await.expect("the app's tray answers")
}

/// An entry of the tray's menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuEntry {
    /// The menu's own number for it.
    pub id: i32,
    /// What is written; empty for a line between entries.
    pub label: String,
    /// Whether it can be clicked.
    pub enabled: bool,
    /// The entries below it.
    pub entries: Vec<MenuEntry>,
}

/// One app's icon and its menu.
#[derive(Debug)]
pub struct Tray {
    item: Proxy<'static>,
    menu: Proxy<'static>,
}

/// An entry as the menu protocol carries it: number, properties, entries below.
type Wire = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl Tray {
    /// The menu as it is now, without lines and hidden entries.
    pub async fn menu(&self) -> Vec<MenuEntry> {
        let nothing: Vec<&str> = Vec::new();
        let layout = self.menu.call_method("GetLayout", &(0_i32, -1_i32, nothing)).await;
        let layout = layout.expect("the menu tells its entries");
        let body = layout.body();
        let (_revision, root): (u32, Wire) = body.deserialize().expect("a menu");
        entry(root).map(|root| root.entries).unwrap_or_default()
    }

    /// Every label of the menu, from top to bottom, also those of submenus.
    pub async fn labels(&self) -> Vec<String> {
        let mut labels = Vec::new();
        flatten(&self.menu().await, &mut |entry| labels.push(entry.label.clone()));
        labels
    }

    /// The status line: the menu's first.
    pub async fn status(&self) -> String {
        self.labels().await.into_iter().next().unwrap_or_default()
    }

    /// Waits until the status line fulfils `wanted`, and returns it.
    pub async fn status_becomes(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let status = self.status().await;
        if wanted(&status) {
            return status;
        }
        let found = self.wait_for(what, |entry| !entry.enabled && wanted(&entry.label));
        found.await.label
    }

    /// Waits until an entry's label contains `text` and can be clicked, and clicks it.
    pub async fn click(&self, text: &str) {
        let found = self.wait_for(text, |entry| entry.label.contains(text) && entry.enabled).await;
        let none = Value::from("");
        let clicked = self.menu.call_method("Event", &(found.id, "clicked", none, 0_u32)).await;
        clicked.unwrap_or_else(|error| panic!("click \"{text}\" in the tray's menu: {error}"));
    }

    /// Waits until an entry fulfils `wanted`, and returns it; `what` is for the failure's message.
    pub async fn wait_for(&self, what: &str, wanted: impl Fn(&MenuEntry) -> bool) -> MenuEntry {
        self.watch(what, |menu| {
            let mut found = None;
            flatten(menu, &mut |entry| {
                if found.is_none() && wanted(entry) {
                    found = Some(entry.clone());
                }
            });
            found
        })
        .await
    }

    /// Waits until the menu's labels, as of [`Tray::labels`], are these: they change one by one.
    pub async fn labels_become(&self, labels: &[impl AsRef<str>]) {
        let wanted: Vec<&str> = labels.iter().map(AsRef::as_ref).collect();
        self.watch(&wanted.join(", "), |menu| {
            let mut found = Vec::new();
            flatten(menu, &mut |entry| found.push(entry.label.clone()));
            (found == wanted).then_some(())
        })
        .await;
    }

    /// Looks at the menu now and at each of its changes, until there is an answer.
    async fn watch<T>(&self, what: &str, look: impl Fn(&[MenuEntry]) -> Option<T>) -> T {
        let mut changes = self.menu.receive_all_signals().await.expect("the menu tells of changes");
        let looking = async {
            loop {
                if let Some(answer) = look(&self.menu().await) {
                    return answer;
                }
                changes.next().await;
            }
        };
        within(90, &format!("\"{what}\" in the tray's menu"), looking).await
    }

    /// Waits until the app has left the bus: it ended.
    pub async fn gone(&self) {
        let connection = self.item.connection();
        let bus = DBusProxy::new(connection).await.expect("the bus itself answers");
        let name = self.item.destination().to_owned();
        let look = async {
            let mut changes =
                bus.receive_name_owner_changed().await.expect("the bus tells of names");
            while bus.name_has_owner(name.clone()).await.expect("the bus knows its names") {
                changes.next().await;
            }
        };
        within(30, "the app's end", look).await;
    }

    /// The icon's picture, as the app wrote it to a file.
    pub async fn icon(&self) -> Vec<u8> {
        let name: String = self.item.get_property("IconName").await.expect("the icon has a name");
        let folder: String = self.item.get_property("IconThemePath").await.unwrap_or_default();
        let direct = std::path::PathBuf::from(&name);
        let file = if direct.is_absolute() {
            direct
        } else {
            std::path::Path::new(&folder).join(format!("{name}.png"))
        };
        std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }
}

fn entry((id, properties, below): Wire) -> Option<MenuEntry> {
    let text = |name: &str| {
        let value = properties.get(name)?.downcast_ref::<String>().ok()?;
        Some(value)
    };
    let yes = |name: &str| properties.get(name).and_then(|value| value.downcast_ref::<bool>().ok());
    let separator = text("type").is_some_and(|kind| kind == "separator");
    if separator || yes("visible") == Some(false) {
        return None;
    }
    let below = below.into_iter().filter_map(|value| entry(Wire::try_from(value).ok()?));
    Some(MenuEntry {
        id,
        // An underscore marks the key that chooses the entry.
        label: text("label").unwrap_or_default().replace('_', ""),
        enabled: yes("enabled") != Some(false),
        entries: below.collect(),
    })
}

fn flatten(entries: &[MenuEntry], each: &mut impl FnMut(&MenuEntry)) {
    for entry in entries {
        each(entry);
        flatten(&entry.entries, each);
    }
}
