//! The rules of the pure core: golden tables in plain text, and properties over made-up worlds.

#[cfg(test)]
mod apart;
#[cfg(test)]
mod compiling;
#[cfg(test)]
mod differs;
#[cfg(test)]
mod gone;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod loose;
#[cfg(test)]
mod matching;
#[cfg(test)]
mod merging;
#[cfg(test)]
mod names;
#[cfg(test)]
mod news;
#[cfg(test)]
mod pairs;
#[cfg(test)]
mod places;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod simulator;
#[cfg(test)]
mod table;
#[cfg(test)]
mod unlinked;
#[cfg(test)]
mod wholes;
#[cfg(test)]
mod worlds;
