//! Completions for what is being typed.
//!
//! Three ways to complete, each tried where those before it did not find enough: the whole text typed begins a
//! completion, at one of its words; a completion holds all the words typed, in any order, the last as far as it is typed;
//! and both again with words that were taken for mistyped. See [`rex_index::Completions`] for what is completed to.
//! What is typed may also be another name of a value, `mapa`, or begin the label of a CPV code.

mod complete;
mod cpv;
mod diversify;
mod found;
mod fuzzy;
mod highlight;
mod names;
mod typed;

pub(crate) use complete::complete;
pub(crate) use cpv::CpvCompletions;
pub(crate) use found::Sources;
