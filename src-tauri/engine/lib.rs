//! The headless engine: accounts, the local database, the two services, and the run that keeps
//! them in step. [`Engine`] is the one handle that the window and the command line hold.
//!
//! Who knows whom: [`store`], [`remote`], [`auth`] know the core; `pull` and `execute` know those;
//! `run` knows all of them; nothing here knows the window.

pub mod api;
pub mod auth;
pub mod remote;

pub use api::{Failure, FailureCode};
