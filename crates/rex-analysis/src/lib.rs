//! French text to search tokens. Pure: no file, no clock, no state.
//!
//! [`analyze`] is the whole pipeline, one filter a file; the same one serves the index and the query, so that a word typed
//! meets a word printed. Offsets are always those of the text given: highlighting depends on it.
//!
//! ```text
//! text ─ tokenize ─ reference ─ phone ─ number ─ acronym ─ inclusive ─ elision ─ compound ─ fold ─ accent ─ stem ─ tokens
//! ```

mod accent;
mod acronym;
mod common_word;
mod compound;
mod dictionary;
mod elision;
mod fold;
mod french;
mod gender;
mod inclusive;
mod lemma;
mod lexicon;
mod number;
mod phone;
mod reference;
mod rules;
mod stem;
mod stop;
mod tokenize;
mod word;

pub use common_word::is_common_word;
pub use dictionary::{Dictionary, DictionaryEntry, Kinds, LEMMA_SEPARATOR, LemmaRule, encode_rules};
pub use fold::fold;
pub use french::{Analyzer, Token, analyze, words};
pub use lemma::{FAMILY_END, family, lemma_of};
pub use lexicon::{Lexicon, LexiconError, Synonym};
pub use reference::is_number_of_article;
pub use rules::Rule;
pub use stem::Stemmer;
pub use stop::is_stop_word;
pub use tokenize::is_apostrophe;

/// Changes whenever the tokens of any text change: an index built by another version has to be built again.
pub const ANALYZER_VERSION: u32 = 3;
