//! The nature of a contract, if it is said to be that: `marché de travaux`, not just `travaux`.

use rex_corpus::Nature;
use rex_query::Facet;

use super::entity::EntityReading;
use super::lookup::FacetLookup;
use super::tokens::QueryTokens;
use rex_query::Selection;

const CONTRACTS: &[&str] = &[
    "marche",
    "marches",
    "marche public",
    "marches publics",
    "contrat",
    "contrats",
    "accord cadre",
    "accords cadres",
];
const LINKS: &[&str] = &["de", "nature"];
const NATURES: [(Nature, &[&str]); 3] = [
    (Nature::Services, &["service", "services", "prestations de services"]),
    (Nature::Works, &["travaux"]),
    (Nature::Supplies, &["fourniture", "fournitures"]),
];

/// The nature at an index.
pub(super) fn read(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    let after_contract = tokens.any(at, CONTRACTS).and_then(|at| tokens.any(at, &LINKS[..1]));
    let start = after_contract.or_else(|| tokens.any(at, &LINKS[1..]).map(|at| tokens.skip(at, &[":", "="])))?;
    let named = NATURES
        .iter()
        .find_map(|(nature, names)| Some((nature, tokens.any(start, names)?)));
    let (nature, next) = named?;
    // "Fournitures de bureau" names the purchase, and means nothing without its first word.
    let goes_on = matches!(tokens.folded(next), "de" | "d") && *nature == Nature::Supplies;
    if goes_on || !values.has(Facet::Nature, nature.label()) {
        return None;
    }
    let value = Selection::Value(nature.label().to_owned());
    Some(EntityReading::new(at..next, Facet::Nature, value))
}
