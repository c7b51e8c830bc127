//! The headless engine: accounts, the local database, the two services, and the run that keeps
//! them in step. [`Engine`] is the one handle that the window and the command line hold.
//!
//! Who knows whom: the crates `store` and `services` know the core; `pull` and `execute` know those;
//! `run` knows all of them; nothing here knows the window.

mod accounts;
pub mod api;
mod approval;
mod body;
mod choose;
mod clients;
#[cfg(test)]
mod clients_tests;
mod companies;
mod configure;
mod contacts;
mod cursor;
mod decide;
mod deleted;
mod engine;
mod entries;
mod error;

mod evidence;
mod execute;
mod export;
mod fields;
mod forget;
mod gather;
mod generation;
mod guard;
#[cfg(test)]
mod hostile_tests;
mod label;
mod lost;
mod memory;
mod merged;
mod message;
mod newcomers;
mod options;
mod outside;
mod overview;
mod pull;
mod pulse;
mod readable;
mod recover;
mod refused;
mod report;
mod retention;
mod review;
mod run;
mod schedule;
mod scope;
mod session;
mod settle;
mod shortened;
mod snapshot;
mod stop;
pub mod support;
mod undo;
mod views;
pub mod words;

pub use accounts::SignInAs;
pub use api::{Failure, FailureCode};

pub use engine::{BrowserChoice, Engine, Options, ShowCode, held};
pub use memory::shut_memory;
pub use renraku_core as core;
pub use renraku_services::auth::{self, Endpoints, GivenClients};
pub use renraku_services::strict_json;
pub use renraku_store::private::write_private;
pub use schedule::{Timer, Until};
