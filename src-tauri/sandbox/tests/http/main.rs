//! The sandbox over HTTP, as a client meets it.

mod faults;
mod google;
mod login;
mod pages;
mod setup;
mod zoho;
