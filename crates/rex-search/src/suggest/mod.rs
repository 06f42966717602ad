//! Completions for what is being typed.
//!
//! Three steps, each taken if those before found too little: completions that begin with the typed text at one of their words;
//! completions that hold all the typed words in any order, the last as a prefix; and both again with corrected words. See
//! [`rex_index::Completions`] for the completions. The text may also be another name of a value (`mapa`), or the first digits or words
//! of a CPV code.

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
