//! Messages, and the words that they have in each language.

pub mod catalogue;
pub(crate) mod message;
