//! The engine keeps its promises (P1–P10 of the rules of a run): each is shown here on the real
//! engine and the services' stand-ins, in one process, on a clock that only the test moves.

mod absent;
mod alarms;
mod approvals;
mod batches;
mod calls;
mod crash;
mod crm;
mod deletions;
mod edits;
mod faults;
mod files;
mod kinds;
mod labels;
mod ledgers;
mod life;
mod limits;
mod lost;
mod misfits;
mod model;
mod pairs;
mod people;
mod races;
mod reference;
mod refusals;
mod restored;
pub(crate) mod rig;
mod rights;
mod rows;
mod scopes;
mod stage;
mod state;
mod undo;
mod unreadable;
mod weather;
mod whys;
mod words;
