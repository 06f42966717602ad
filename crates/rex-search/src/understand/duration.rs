//! Durations: `12 mois`, `plus de 3 ans`, `de 12 à 24 mois`.

use rex_index::Facet;

use super::Reading;
use super::comparison::{Unit, bounds};
use super::values::Values;
use super::words::Words;
use crate::request::{Bounds, Selection};

const MONTHS: &[&str] = &["mois"];
const YEARS: &[&str] = &["an", "ans", "annee", "annees"];
/// Said before a duration.
const NOUNS: &[&str] = &[
    "duree",
    "duree de",
    "d une duree de",
    "d une duree",
    "pour une duree de",
    "pendant",
];
/// Those whose age is told in years too.
const PEOPLE: &[&str] = &[
    "adulte",
    "adultes",
    "age",
    "agee",
    "agees",
    "ages",
    "bebe",
    "bebes",
    "eleve",
    "eleves",
    "enfant",
    "enfants",
    "jeune",
    "jeunes",
    "personne",
    "personnes",
    "senior",
    "seniors",
];

/// Years above which a number of them is an age, or the life of a building: only concessions last longer, and they are told
/// in words too. Four years is the most of a framework agreement (Code de la commande publique, L2125-1).
const MOST_YEARS: u64 = 15;
const MONTHS_IN_A_YEAR: u64 = 12;

/// The duration at a rank.
pub(super) fn read(words: &Words<'_>, at: usize, values: &dyn Values) -> Option<Reading> {
    let start = words.any(at, NOUNS).map_or(at, |at| words.skip(at, &[":", "="]));
    let (next, bounds) = bounds(words, start, &unit)?;
    let is_in_years = (start..next).any(|at| words.any(at, YEARS).is_some());
    let tells_an_age = is_in_years && (0..at).any(|before| words.any(before, PEOPLE).is_some());
    if tells_an_age || !is_duration(bounds, is_in_years) || !values.has_any(Facet::Duree) {
        return Some(Reading::nothing(at..next));
    }
    Some(Reading::new(at..next, Facet::Duree, Selection::Range(bounds)))
}

fn is_duration(bounds: Bounds, is_in_years: bool) -> bool {
    let mut known = bounds.from.into_iter().chain(bounds.to);
    known.all(|months| u32::try_from(months).is_ok() && (!is_in_years || months <= MOST_YEARS * MONTHS_IN_A_YEAR))
}

fn unit(words: &Words<'_>, at: usize) -> Option<Unit> {
    let months = words.any(at, MONTHS).map(|next| (1, next));
    let (scale, next) = months.or_else(|| words.any(at, YEARS).map(|next| (MONTHS_IN_A_YEAR, next)))?;
    Some(Unit {
        scale,
        is_plain: true,
        next,
    })
}
