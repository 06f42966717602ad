//! Facet distributions and statistics.

use rex_corpus::Euros;
use rex_query::{Facet, FacetCounts, TreeValue};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::attribute::{Attribute, shown_path};

/// Maximum number of values per attribute, the default of Meilisearch.
pub(super) const MAX_VALUES: usize = 100;

/// A JSON object that keeps insertion order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OrderedMap<T>(pub(super) Vec<(String, T)>);

impl<T: Serialize> Serialize for OrderedMap<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// The minimum and maximum of a numeric attribute, in document units.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Stats {
    min: serde_json::Number,
    max: serde_json::Number,
}

/// The values of an attribute with their counts, at most 100: the smallest numbers, else the most frequent values.
pub(super) fn distribution(attribute: Attribute, counts: &FacetCounts) -> OrderedMap<u64> {
    let mut values: Vec<(String, u64)> = match counts {
        FacetCounts::Terms { values, .. } => values.iter().map(|value| (value.value.clone(), value.count)).collect(),
        FacetCounts::Hierarchy { values, levels, .. } => {
            let mut found: Vec<(&str, u64)> = match attribute {
                Attribute::Facet(_) => flattened(values),
                Attribute::Level(_, level) => {
                    let values = levels.get(level).into_iter().flatten();
                    values.map(|(path, count)| (path.as_str(), *count)).collect()
                }
            };
            found.sort_by(|(a, a_count), (b, b_count)| b_count.cmp(a_count).then_with(|| a.cmp(b)));
            found.truncate(MAX_VALUES);
            let facet = attribute.facet();
            found
                .into_iter()
                .map(|(path, count)| (shown_path(facet, path), count))
                .collect()
        }
        FacetCounts::Range { numbers, .. } => {
            let numbers = numbers.iter();
            numbers
                .map(|(number, count)| (number_in(attribute.facet(), *number).to_string(), *count))
                .collect()
        }
    };
    values.truncate(MAX_VALUES);
    OrderedMap(values)
}

/// The minimum and maximum of a numeric attribute; `None` for other attributes, or where no hit has a value.
pub(super) fn stats(attribute: Attribute, counts: &FacetCounts) -> Option<Stats> {
    let (min, max) = match counts {
        FacetCounts::Range { min, max, .. } => ((*min)?, (*max)?),
        FacetCounts::Terms { values, .. } if attribute.is_number() => {
            let numbers = || values.iter().filter_map(|value| value.value.parse::<u64>().ok());
            (numbers().min()?, numbers().max()?)
        }
        FacetCounts::Terms { .. } | FacetCounts::Hierarchy { .. } => return None,
    };
    let number = |number| number_in(attribute.facet(), number);
    Some(Stats {
        min: number(min),
        max: number(max),
    })
}

/// The paths of a tree, with their counts.
fn flattened(values: &[TreeValue]) -> Vec<(&str, u64)> {
    let with_children = values.iter().flat_map(|value| {
        let own = (value.path.as_str(), value.count);
        [vec![own], flattened(&value.children)].concat()
    });
    with_children.collect()
}

/// A number in document units: euros (with cents where not whole), months or years.
pub(super) fn number_in(facet: Facet, number: u64) -> serde_json::Number {
    let euros = match facet {
        Facet::Montant => Euros::from_cents(number),
        _ => None,
    };
    match euros {
        Some(euros) if !number.is_multiple_of(100) => {
            serde_json::Number::from_f64(euros.to_f64()).unwrap_or_else(|| (number / 100).into())
        }
        Some(_) => (number / 100).into(),
        None => number.into(),
    }
}

#[cfg(test)]
mod tests {
    use rex_query::{FacetValue, PATH_SEPARATOR};

    use super::*;

    #[test]
    fn a_hierarchy_is_listed_level_by_level() {
        let value = |path: &str, count, children| TreeValue {
            value: path.rsplit(PATH_SEPARATOR).next().unwrap().to_owned(),
            path: path.to_owned(),
            count,
            selected: false,
            children,
        };
        let counts = FacetCounts::Hierarchy {
            values: vec![
                value("a", 3, vec![value("a > c", 1, vec![]), value("a > d", 2, vec![])]),
                value("b", 5, vec![value("b > c", 2, vec![])]),
            ],
            levels: vec![
                vec![("b".to_owned(), 5), ("a".to_owned(), 3)],
                [("a > d", 2), ("b > c", 2), ("a > c", 1)]
                    .map(|(path, count)| (path.to_owned(), count))
                    .to_vec(),
            ],
            distinct: 5,
            missing: 0,
            missing_selected: false,
        };
        let listed = |attribute| {
            let OrderedMap(values) = distribution(attribute, &counts);
            values
                .into_iter()
                .map(|(path, count)| format!("{path}={count}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(listed(Attribute::Level(Facet::Territoire, 0)), ["b=5", "a=3"]);
        assert_eq!(
            listed(Attribute::Level(Facet::Territoire, 1)),
            ["a > d=2", "b > c=2", "a > c=1"]
        );
        assert_eq!(listed(Attribute::Facet(Facet::Territoire)).len(), 5);
        assert_eq!(stats(Attribute::Facet(Facet::Territoire), &counts), None);
    }

    #[test]
    fn years_are_numbers_too() {
        let value = |value: &str| FacetValue {
            value: value.to_owned(),
            count: 1,
            selected: false,
        };
        let counts = FacetCounts::Terms {
            values: vec![value("2023"), value("2019"), value("2021")],
            distinct: 3,
            missing: 0,
            missing_selected: false,
        };
        let year = Attribute::Facet(Facet::Annee);
        let stats = serde_json::to_string(&stats(year, &counts)).unwrap();
        assert_eq!(stats, r#"{"min":2019,"max":2023}"#);
        let distribution = serde_json::to_string(&distribution(year, &counts)).unwrap();
        assert_eq!(distribution, r#"{"2023":1,"2019":1,"2021":1}"#);
    }

    #[test]
    fn amounts_are_in_euros() {
        assert_eq!(number_in(Facet::Montant, 35_000_000).to_string(), "350000");
        assert_eq!(number_in(Facet::Montant, 12_772_150).to_string(), "127721.5");
        assert_eq!(number_in(Facet::Montant, 1).to_string(), "0.01");
        assert_eq!(number_in(Facet::Duree, 12).to_string(), "12");
    }
}
