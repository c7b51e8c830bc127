//! One run: what is read, what is planned from it, what is sent and what the database believes afterwards.
//! Nothing in here knows the handle.

pub(crate) mod approval;
pub(crate) mod companies;
pub(crate) mod cursor;
pub(crate) mod decide;
pub(crate) mod deleted;
pub(crate) mod entries;
pub(crate) mod error;
pub(crate) mod execute;
pub(crate) mod fields;
pub(crate) mod gather;
pub(crate) mod generation;
pub(crate) mod guard;
pub(crate) mod label;
pub(crate) mod look;
pub(crate) mod lost;
pub(crate) mod merged;
pub(crate) mod options;
pub(crate) mod outside;
pub(crate) mod pair;
pub(crate) mod payload;
pub(crate) mod pull;
pub(crate) mod readable;
pub(crate) mod recover;
pub(crate) mod refused;
pub(crate) mod report;
pub(crate) mod retention;
pub(crate) mod run;
pub(crate) mod session;
pub(crate) mod settle;
pub(crate) mod shortened;
pub(crate) mod snapshot;
pub(crate) mod stop;
pub(crate) mod undo;
