//! The pure heart of Renraku: what a contact is, which field belongs to which, and what a sync
//! run should write. Nothing in here reads a clock, draws a random number, waits or does input
//! or output; everything it needs comes in as arguments, so every rule can be tested as a table.
//!
//! Who knows whom: [`text`], [`timestamp`] ← [`contact`] ← [`decision`], [`field`] ← [`mapping`] ← `split`, [`seen`] ← [`place`] ← [`matching`], [`merge`] ← [`plan`].

pub mod compile;
pub mod contact;
pub mod decision;
pub mod field;
pub mod mapping;
pub mod matching;
pub mod merge;
pub mod message;
pub mod news;
pub mod place;
pub mod plan;
pub mod reading;
pub mod seen;
pub mod setup;
mod split;
pub mod text;
pub mod timestamp;
pub mod unread;
