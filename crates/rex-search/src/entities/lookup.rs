use rex_query::Facet;

use super::name_key::push;
use super::tokens::QueryTokens;

/// The facet values of an index.
pub(crate) trait FacetLookup {
    /// The values of a facet with a name, as given by [`key`]. In a hierarchy the name is the last level, and the highest value
    /// comes first.
    fn named(&self, facet: Facet, key: &str) -> &[String];

    /// Whether a case has a value, or a path of a hierarchy.
    fn has(&self, facet: Facet, value: &str) -> bool;

    /// Whether a case has exactly this number, in the unit of the facet.
    fn has_number(&self, facet: Facet, number: u64) -> bool;

    /// Whether any case has a value.
    fn has_any(&self, facet: Facet) -> bool;
}

/// The key of a name: its folded words in single spaces, without hyphens and apostrophes. `St` and `Ste` become `Saint` and `Sainte`;
/// plurals become singulars but in place names.
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
