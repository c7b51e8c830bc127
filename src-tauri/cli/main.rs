//! Renraku.
fn main() {}
