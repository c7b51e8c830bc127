//! All tests across crates, in one binary.

mod cli;
mod cli_clients;
mod cli_contacts;
mod cli_keeps;
mod cli_words;
mod contract;
mod e2e;
mod engine;
mod keychains;
mod machine;
mod people;
mod proxies;
mod tidy;
