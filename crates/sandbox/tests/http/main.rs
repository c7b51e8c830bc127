//! The sandbox over HTTP, as a client meets it.

mod checklists;
mod faults;
mod google;
mod google_fields;
mod google_more;
mod labels;
mod login;
mod login_more;
mod open_points;
mod pages;
mod queries;
mod setup;
mod sign_in;
mod zoho;
mod zoho_more;
mod zoho_strict;
mod zoho_writes;
