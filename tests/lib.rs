//! The world of the tests: private session bus, keychain, browser, screen and sandbox, all real.
//!
//! Every [`world::World`] has its own, in its own temporary folder, so that tests run side by side;
//! what it started ends with it. The harness fails by panicking with a sentence: it is test code.

pub mod desktop;
pub mod world;
