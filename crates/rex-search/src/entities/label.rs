//! Labels typed in full, and their other names: procedures, types, social considerations and kinds of holders.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use rex_corpus::{CaseType, Procedure};
use rex_query::Facet;

use super::entity::{EntityReading, FacetSelection};
use super::lookup::{FacetLookup, key};
use super::tokens::QueryTokens;
use rex_query::Selection;

/// The facets whose labels are read.
const FACETS: [Facet; 4] = [Facet::Procedure, Facet::Considerations, Facet::Structure, Facet::Type];

/// Letters of the longest abbreviation. Longer single words are everyday ones: `concours`, `association`.
const ABBREVIATION: usize = 4;

/// Retour d'expérience, for short: an everyday syllable unless it is in capitals or nothing else is asked.
const REX: &str = "rex";

/// Every name of a procedure: one that no case has must not be taken for a shorter one.
static PROCEDURES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let names = |procedure: Procedure| procedure.other_names().chain([procedure.label()]);
    let names = Procedure::all().flat_map(names);
    names.map(|name| key(Facet::Procedure, name)).collect()
});

/// The labels by other name: `data/other_names.tsv`.
static OTHER_NAMES: LazyLock<HashMap<String, Vec<(Facet, &'static str)>>> = LazyLock::new(|| {
    let mut named: HashMap<String, Vec<(Facet, &'static str)>> = HashMap::new();
    for facet in FACETS {
        for (label, names) in other_names(facet) {
            names.for_each(|name| named.entry(key(facet, name)).or_default().push((facet, label)));
        }
    }
    named
});

/// The labels of a facet that have other names, with these.
pub(crate) fn other_names(facet: Facet) -> impl Iterator<Item = (&'static str, impl Iterator<Item = &'static str>)> {
    let lines = include_str!("data/other_names.tsv").lines();
    lines.filter(|line| !line.starts_with('#')).filter_map(move |line| {
        let mut cells = line.split('\t');
        let (of, label, names) = (cells.next()?, cells.next()?, cells.next()?);
        (Facet::from_name(of) == Some(facet)).then(|| (label, names.split(';')))
    })
}

/// The labels of a facet that a whole text is another name of.
pub(crate) fn other_labels(facet: Facet, text: &str) -> impl Iterator<Item = &'static str> {
    let named = OTHER_NAMES.get(&key(facet, text)).into_iter().flatten();
    named.filter(move |(of, _)| *of == facet).map(|(_, label)| *label)
}

/// The label at an index.
pub(super) fn read(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    if let Some(reading) = rex(tokens, at, values) {
        return Some(reading);
    }
    let names = tokens.names(at, Facet::Procedure);
    let labels =
        names.filter(|(name, _)| name.contains(' ') || name.len() <= ABBREVIATION || OTHER_NAMES.contains_key(name));
    let readings = labels.filter_map(|(name, next)| {
        let selections = selections(&name, values);
        (!selections.is_empty() || PROCEDURES.contains(&name)).then(|| EntityReading::several(at..next, selections))
    });
    readings.last()
}

/// The values of the index with a name.
fn selections(name: &str, values: &dyn FacetLookup) -> Vec<FacetSelection> {
    let own = FACETS
        .iter()
        .filter_map(|facet| Some((*facet, values.named(*facet, name).first()?)));
    let others = OTHER_NAMES.get(name).into_iter().flatten();
    let others = others.filter_map(|(facet, label)| Some((*facet, values.named(*facet, &key(*facet, label)).first()?)));
    let mut selections: Vec<FacetSelection> = Vec::new();
    for (facet, value) in own.chain(others) {
        let selection = (facet, Selection::Value(value.clone()));
        if !selections.contains(&selection) {
            selections.push(selection);
        }
    }
    selections
}

/// `REX`.
fn rex(tokens: &QueryTokens<'_>, at: usize, values: &dyn FacetLookup) -> Option<EntityReading> {
    let label = CaseType::Case.label();
    let is_said = tokens.folded(at) == REX && tokens.stands_alone(at, at + 1);
    let is_shown =
        || tokens.typed(at).chars().all(char::is_uppercase) && tokens.is_acronym(at) || tokens.is_all(&(at..at + 1));
    let is_read = is_said && is_shown() && values.has(Facet::Type, label);
    is_read.then(|| EntityReading::new(at..at + 1, Facet::Type, Selection::Value(label.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_names_are_of_facets_whose_labels_are_read() {
        assert!(OTHER_NAMES.len() > 20);
        let mut named = OTHER_NAMES.values().flatten();
        assert!(named.all(|(facet, _)| FACETS.contains(facet)));
    }
}
