//! All tests across crates, in one binary.

mod cli;
mod machine;
mod tidy;
