//! French text to search tokens. Pure: no file, no clock, no state.
//!
//! [`analyze`] is the whole pipeline, one step a file; the same one serves the index and the query, so that a word typed
//! meets a word printed. Offsets are always those of the text given: highlighting depends on it.

mod elision;
mod fold;
mod french;
mod stem;
mod stop;
mod tokenize;

pub use fold::fold;
pub use french::{Token, analyze};
pub use stop::is_stop_word;

/// Changes whenever the tokens of any text change: an index built by another version has to be built again.
pub const ANALYZER_VERSION: u32 = 1;
