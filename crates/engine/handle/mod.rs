//! What window and command line ask the engine for, by topic.

pub(crate) mod accounts;
pub(crate) mod choose;
pub(crate) mod clients;
#[cfg(test)]
mod clients_tests;
pub(crate) mod contacts;
pub(crate) mod engine;
pub(crate) mod evidence;
pub(crate) mod export;
pub(crate) mod forget;
pub(crate) mod newcomers;
pub(crate) mod overview;
pub(crate) mod progress;
pub(crate) mod retention;
pub(crate) mod review;
pub(crate) mod runs;
pub(crate) mod scope;
pub(crate) mod setup;
pub(crate) mod snapshots;
pub mod support;
pub(crate) mod timer;
pub(crate) mod undo;
pub(crate) mod views;
