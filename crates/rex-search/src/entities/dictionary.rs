//! The facet values of an index by name.

use std::collections::{BTreeMap, HashMap};

use rex_corpus::Procedure;
use rex_index::FacetColumns;
use rex_query::{Facet, FacetKind, PATH_SEPARATOR};

use super::lookup::{FacetLookup, key};
use super::name_key::MAX_NAME_WORDS;
use super::place_lead::ARTICLES;

/// Capacity, over all facets. France has 35,000 communes, and CPV 9,454 codes. In a corpus with even more places, the last
/// collectivités, by level and by bytes, are found by their words but not recognized as places.
const MAX_VALUES: usize = 200_000;

/// The facets that are recognized. Closed lists come first, so that they are always complete.
const FACETS: [Facet; 9] = [
    Facet::Type,
    Facet::Procedure,
    Facet::Reserve,
    Facet::Nature,
    Facet::Annee,
    Facet::Cpv,
    Facet::Considerations,
    Facet::Structure,
    Facet::Territoire,
];

/// The values of one generation, read when it is opened.
#[derive(Debug, Default)]
pub(crate) struct ValueDictionary {
    named: BTreeMap<Facet, HashMap<String, Vec<String>>>,
    /// The distinct numbers of the range facets, sorted.
    numbers: BTreeMap<Facet, Vec<u64>>,
    kept: usize,
}

impl ValueDictionary {
    /// Reads the values of an index.
    ///
    /// # Errors
    /// A file of facets that is damaged.
    pub(crate) fn read(facets: &FacetColumns) -> tantivy::Result<Self> {
        let mut known = Self::default();
        for facet in FACETS {
            let table = facets.table(facet);
            for ordinal in 0..table.values() as u32 {
                if known.kept >= MAX_VALUES {
                    break;
                }
                known.add(facet, facet.value_of(table.term(ordinal)?));
            }
        }
        let ranges = Facet::ALL.into_iter().filter(|facet| facet.kind() == FacetKind::Range);
        let tables = ranges.map(|facet| (facet, facets.table(facet)));
        known.numbers = tables
            .filter(|(_, table)| table.values() > 0)
            .map(|(facet, table)| {
                let ordinals = 0..table.values() as u32;
                (facet, ordinals.filter_map(|ordinal| table.number(ordinal)).collect())
            })
            .collect();
        known.finish();
        Ok(known)
    }

    /// Adds a value under each of its names but those too long to be typed.
    fn add(&mut self, facet: Facet, value: &str) {
        let name = value.rsplit(PATH_SEPARATOR).next().unwrap_or(value);
        let procedure = (facet == Facet::Procedure)
            .then(|| Procedure::parse(value).ok())
            .flatten();
        let mut names: Vec<&str> = procedure.into_iter().flat_map(Procedure::other_names).collect();
        names.push(name);
        let named = self.named.entry(facet).or_default();
        for name in names {
            let name = key(facet, name);
            if name.is_empty() || name.split(' ').count() > MAX_NAME_WORDS {
                continue;
            }
            let values = named.entry(name).or_default();
            if !values.iter().any(|known| known == value) {
                values.push(value.to_owned());
                self.kept += 1;
            }
        }
    }

    /// Adds the names of places without their articles, if they are unambiguous, and sorts the values of each name.
    fn finish(&mut self) {
        if let Some(places) = self.named.get_mut(&Facet::Territoire) {
            let mut bare: HashMap<String, Vec<String>> = HashMap::new();
            for (name, paths) in &*places {
                let rest = ARTICLES
                    .iter()
                    .find_map(|article| name.strip_prefix(article)?.strip_prefix(' '));
                if let Some(rest) = rest.filter(|rest| !places.contains_key(*rest)) {
                    bare.entry(rest.to_owned()).or_default().extend(paths.iter().cloned());
                }
            }
            places.extend(bare);
        }
        for values in self.named.values_mut().flat_map(HashMap::values_mut) {
            values.sort_by_cached_key(|value| (value.matches(PATH_SEPARATOR).count(), value.clone()));
        }
    }
}

impl FacetLookup for ValueDictionary {
    fn named(&self, facet: Facet, key: &str) -> &[String] {
        let named = self.named.get(&facet).and_then(|named| named.get(key));
        named.map_or(&[], Vec::as_slice)
    }

    fn has(&self, facet: Facet, value: &str) -> bool {
        let name = value.rsplit(PATH_SEPARATOR).next().unwrap_or(value);
        self.named(facet, &key(facet, name)).iter().any(|known| known == value)
    }

    fn has_number(&self, facet: Facet, number: u64) -> bool {
        let numbers = self.numbers.get(&facet);
        numbers.is_some_and(|numbers| numbers.binary_search(&number).is_ok())
    }

    fn has_any(&self, facet: Facet) -> bool {
        self.numbers.contains_key(&facet) || self.named.get(&facet).is_some_and(|named| !named.is_empty())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A dictionary of these values, and of numbers for these ranges, in their units.
    pub(in crate::entities) fn known(values: &[(Facet, &str)], ranges: &[Facet]) -> ValueDictionary {
        let mut known = ValueDictionary {
            numbers: ranges.iter().map(|facet| (*facet, Vec::new())).collect(),
            ..ValueDictionary::default()
        };
        for (facet, value) in values {
            if facet.kind() == FacetKind::Range {
                let numbers = known.numbers.entry(*facet).or_default();
                numbers.push(value.parse().expect("a number"));
                numbers.sort_unstable();
                continue;
            }
            let lineage = facet.lineage(value);
            lineage.iter().for_each(|value| known.add(*facet, value));
        }
        known.finish();
        known
    }

    #[test]
    fn the_highest_of_a_name_comes_first() {
        let known = known(
            &[
                (Facet::Territoire, "Mayotte > Mayotte > Mtsamboro"),
                (Facet::Procedure, "Procédure adaptée"),
                (Facet::Cpv, "75231240"),
            ],
            &[],
        );
        assert_eq!(
            known.named(Facet::Territoire, "mayotte"),
            ["Mayotte", "Mayotte > Mayotte"]
        );
        assert_eq!(known.named(Facet::Procedure, "mapa"), ["Procédure adaptée"]);
        assert!(known.has(Facet::Cpv, "75231000") && !known.has(Facet::Cpv, "75231241"));
        assert!(known.has_any(Facet::Cpv) && !known.has_any(Facet::Montant));
    }
}
