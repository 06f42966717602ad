use rex_query::Facet;

use super::name_key::push;
use super::tokens::QueryTokens;

/// What the index can be narrowed to: only that is understood.
pub(crate) trait FacetLookup {
    /// The values of a facet that words name, the words as [`key`] gives them. In a hierarchy a value is named by its last
    /// level, and the highest comes first.
    fn named(&self, facet: Facet, key: &str) -> &[String];

    /// Whether a case has a value, or a path of a hierarchy.
    fn has(&self, facet: Facet, value: &str) -> bool;

    /// Whether a case has this very number, in the unit of the facet.
    fn has_number(&self, facet: Facet, number: u64) -> bool;

    /// Whether any case has a value.
    fn has_any(&self, facet: Facet) -> bool;
}

/// The words by which a value is looked up: folded, apart by single spaces, hyphens and apostrophes aside. `St` and `Ste`
/// are `Saint` and `Sainte`; but in the names of places, a plural is its singular.
pub(super) fn key(facet: Facet, text: &str) -> String {
    let tokens = QueryTokens::new(text, 0..text.len());
    let mut key = String::new();
    for at in 0..tokens.len() {
        let token = tokens.folded(at);
        if token.chars().all(char::is_alphanumeric) {
            push(&mut key, facet, token);
        }
    }
    key
}
