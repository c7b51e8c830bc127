//! The headless engine: accounts, the local database, the two services, and the run that keeps
//! them in step. [`Engine`] is the one handle that the window and the command line hold.
//!
//! Who knows whom: the crates `store` and `services` know the core; `pull` and `execute` know those;
//! `run` knows all of them; nothing here knows the window.

pub mod api;
mod clients;
mod export;
mod handle;
#[cfg(test)]
mod hostile_tests;
mod memory;
mod sync;
mod text;

pub use handle::support;
pub use text::catalogue;

pub use api::{Failure, FailureCode};
pub use handle::accounts::SignInAs;

pub use handle::engine::{BrowserChoice, Engine, Options, PREFERENCES, ShowCode, held};
pub use handle::timer::{Timer, Until};
pub use memory::shut_memory;
pub use renraku_core as core;
pub use renraku_services::auth::{self, Endpoints, GivenClients};
pub use renraku_services::strict_json;
pub use renraku_store::private::write_private;
