//! A desktop for one test: a screen, a tray host, the app's real window, and a real browser.

mod app;
mod chromium;
mod display;
mod drag;
mod driver;
mod notices;
mod page;
mod prompter;
mod shots;
mod tray;

pub use self::app::{App, Start};
pub use self::chromium::Chromium;
pub use self::display::Display;
pub use self::notices::Notices;
pub use self::page::Page;
pub use self::prompter::Prompter;
pub use self::shots::{keep, kept_for_documentation};
pub use self::tray::{MenuEntry, Tray, TrayHost};
