//! French text to search tokens. Pure: no files, no clock, no state.
//!
//! [`analyze`] is the whole pipeline, in `french`, one filter a file. Index and query use the same pipeline, so that a typed word
//! matches a printed one. Offsets always refer to the original text: highlighting depends on it.
//!
//! ```text
//! text ─ tokenize ─ reference ─ phone ─ number ─ acronym ─ inclusive ─ elision ─ compound ─ fold ─ accent ─ stem ─ tokens
//! ```
//!
//! - `tokenize`, then the filters on `word`s: `reference` (legal references), `phone`, `number`, `acronym`, `inclusive` (with `gender`),
//!   `elision`, `compound`.
//! - Forms of a word: `fold`, `accent`, `stem`, `lemma` with `dictionary`.
//! - Vocabularies beside the pipeline: `stop`, `lexicon` (acronyms and synonyms), `common_word`.
//! - Meaning: `word_vectors`, `text_vector`.
//! - `rules` names the parts of the pipeline that can be switched off for measurements.

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
mod text_vector;
mod tokenize;
mod word;
mod word_vectors;

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
pub use text_vector::{DIMENSIONS, RecordVector, TextVector};
pub use tokenize::is_apostrophe;
pub use word_vectors::{TextSum, WordVector, WordVectors};

/// Increased whenever the tokens of any text change. An index built with another version must be rebuilt.
pub const ANALYZER_VERSION: u32 = 3;
