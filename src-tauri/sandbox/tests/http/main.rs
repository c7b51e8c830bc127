//! The sandbox over HTTP, as a client meets it.

mod google;
mod login;
mod setup;
mod zoho;
