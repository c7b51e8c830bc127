//! Every contact on either side, with its state, the one reason and the fitting actions; and one
//! contact with what both sides hold and what was written for it.

mod act;
mod list;
mod stand;
