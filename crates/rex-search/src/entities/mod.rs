//! What of a query names a value: `insertion déchets Bretagne < 40 k€ MAPA 2023` holds a territory, an amount, a procedure
//! and a year.
//!
//! ```text
//! query ─ free ─ stretches ─ Words ─ every reader at every word ─ readings ─ the longest win ─ Understood
//! ```
//!
//! Only what the index can satisfy is understood, and nothing within a quoted phrase or an exclusion.

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
