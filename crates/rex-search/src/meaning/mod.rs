//! What a query and a record mean, by the vectors of their words (`rex_analysis::WordVectors`).
//!
//! ```text
//! words of the query ─ query_meaning ─┬─ similarity to each of the best hits ─ lift ─ scores
//!                                     └─ nearest ─ offer: the records nearest to it, offered apart
//! ```

pub(crate) mod lift;
pub(crate) mod near_words;
pub(crate) mod nearest;
pub(crate) mod offer;
pub(crate) mod query_meaning;
