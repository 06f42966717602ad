//! Builds the key of a name from its words.

use rex_query::Facet;

/// Words of the longest name that is looked up; the labels of the procedures have up to nine.
pub(super) const MAX_NAME_WORDS: usize = 12;

/// Adds a folded word to a key.
pub(super) fn push(key: &mut String, facet: Facet, token: &str) {
    if !key.is_empty() {
        key.push(' ');
    }
    key.push_str(match (facet, token) {
        (Facet::Territoire, "st") => "saint",
        (Facet::Territoire, "ste") => "sainte",
        (Facet::Territoire, _) => token,
        // Enough for the labels of lists, whose words are regular.
        _ if token.len() > 3 => token.strip_suffix(['s', 'x']).unwrap_or(token),
        _ => token,
    });
}
