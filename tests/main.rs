//! All tests across crates, in one binary.

mod machine;
mod tidy;
