//! Recognizes facet values in a query: `insertion déchets Bretagne < 40 k€ MAPA 2023` has a territory, an amount, a procedure and a
//! year.
//!
//! ```text
//! query ─ QueryTokens ─ every reader at every token ─ EntityReading ─ the longest wins ─ Entity
//! ```
//!
//! Only values that the index has are recognized, and nothing within a quoted phrase or an exclusion.

mod amount;
mod common;
mod comparison;
mod count;
mod cpv;
mod departement;
mod departement_code;
mod dictionary;
mod duration;
mod entity;
mod label;
mod lookup;
mod name_key;
mod nature;
mod number;
mod place;
mod place_lead;
mod postcode;
mod recognizer;
mod reference;
mod reserve;
mod tokens;
mod year;

pub(crate) use cpv::{codes_meant, digits_of};
pub(crate) use departement::meant as departement_meant;
pub(crate) use dictionary::ValueDictionary;
pub(crate) use entity::Entity;
pub(crate) use label::{other_labels, other_names};
pub(crate) use recognizer::{chips, recognize};

#[cfg(test)]
mod tests;
