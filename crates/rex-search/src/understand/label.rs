//! Labels of the index typed whole: procedures, and social considerations and kinds of holders.

use std::collections::HashSet;
use std::sync::LazyLock;

use rex_corpus::Procedure;
use rex_index::Facet;

use super::Reading;
use super::values::{Values, key};
use super::words::Words;
use crate::request::Selection;

/// The first that has a label takes it.
const FACETS: [Facet; 3] = [Facet::Procedure, Facet::Considerations, Facet::Structure];

/// Letters of an abbreviation. Longer words by themselves are everyday ones: `concours`, `association`.
const ABBREVIATION: usize = 4;

/// Every name of every procedure: one that no case has must not be taken for a shorter one.
static PROCEDURES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let names = |procedure: Procedure| procedure.other_names().chain([procedure.label()]);
    let names = Procedure::all().flat_map(names);
    names.map(|name| key(Facet::Procedure, name)).collect()
});

/// The label at a rank.
pub(super) fn read(words: &Words<'_>, at: usize, values: &dyn Values) -> Option<Reading> {
    let names = words.names(at, Facet::Procedure);
    let labels = names.filter(|(name, _)| name.contains(' ') || name.len() <= ABBREVIATION);
    let readings = labels.filter_map(|(name, next)| {
        let value = FACETS
            .iter()
            .find_map(|facet| Some((*facet, values.named(*facet, &name).first()?)));
        match value {
            Some((facet, value)) => Some(Reading::new(at..next, facet, Selection::Value(value.clone()))),
            None => PROCEDURES.contains(&name).then(|| Reading::nothing(at..next)),
        }
    });
    readings.last()
}
