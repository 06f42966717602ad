//! Postcodes: `49000`, `(31000)`, `code postal 97600`. Beside the name of a place they belong to it.

use rex_query::Facet;

use super::departement_code;
use super::entity::EntityReading;
use super::lookup::{FacetLookup, key};
use super::tokens::QueryTokens;
use rex_query::Selection;

const LEADS: &[&str] = &["code postal", "codes postaux", "cp", "code postal :", "cp :"];
const DIGITS: usize = 5;
/// Thresholds and budgets are round.
const ROUND: u32 = 10_000;

/// The département of the postcode at an index, if it is introduced as one or is the whole query.
pub(super) fn read(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    let is_open = tokens.folded(at) == "(";
    let lead = tokens.any(at, LEADS);
    let start = lead.unwrap_or(at + usize::from(is_open));
    let name = coded(tokens, start)?;
    let end = start + 1;
    let is_enclosed = is_open && tokens.folded(end) == ")";
    let is_alone = || {
        let is_round = tokens.digits(start)?.parse::<u32>().ok()?.is_multiple_of(ROUND);
        Some(!is_round && tokens.is_all(&(start..end)))
    };
    let is_shown = lead.is_some() || is_enclosed || is_alone() == Some(true);
    if is_open != is_enclosed || !is_shown || !tokens.stands_alone(start, end) {
        return None;
    }
    let path = departement_code::path(values.named(Facet::Territoire, &key(Facet::Territoire, name)))?;
    Some(EntityReading::new(
        at..end + usize::from(is_enclosed),
        Facet::Territoire,
        Selection::Value(path.clone()),
    ))
}

/// The name of the département of the postcode at an index. Its digits begin with the code of the département; overseas three of them
/// do, and Corse has kept 20 (La Poste, norme NF Z 10-011).
pub(super) fn coded(tokens: &QueryTokens<'_>, at: usize) -> Option<&'static str> {
    let digits = tokens.digits(at).filter(|digits| digits.len() == DIGITS)?;
    let code = match (&digits[..2], &digits[..3]) {
        ("97" | "98", overseas) => overseas,
        (_, "200" | "201") => "2A",
        (_, "202" | "206") => "2B",
        (metropolitan, _) => metropolitan,
    };
    departement_code::name(code)
}
