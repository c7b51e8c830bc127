//! The sandbox over HTTP, as a client meets it.

mod faults;
mod google;
mod labels;
mod login;
mod pages;
mod queries;
mod setup;
mod zoho;
