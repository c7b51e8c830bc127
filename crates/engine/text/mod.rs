//! Messages, and the words that they have in each language.

pub(crate) mod message;
pub mod words;
