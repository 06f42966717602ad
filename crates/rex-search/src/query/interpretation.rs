//! An interpreted query: its expanded words, the facet values it names, and the boosts for them.

use std::ops::Range;
use std::sync::Arc;

use rex_index::FacetColumns;
use rex_query::Facet;
use tantivy::Searcher;

use crate::entities::Entity;
use crate::facet::boost::Boost;
use crate::query::expanded_term::ExpandedTerm;
use crate::query::parser::ParsedQuery;
use crate::scoring::facet_query::FacetDocs;
use rex_query::Selection;

/// Boost of a case with a value that the query names: like a rare word in the title.
const NAMED: f32 = 12.0;
/// The same if the query has nothing else: more than any text match.
const ONLY_NAMED: f32 = 1_000.0;

/// The facet values that a part of a query names, any of which will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedValue {
    /// The bytes of the part.
    pub(crate) range: Range<usize>,
    pub(crate) values: Vec<(Facet, Vec<Selection>)>,
    /// Whether it is the bound of a number, which is not searched as text.
    pub(crate) is_bound: bool,
}

impl NamedValue {
    /// The named values of a query, by part.
    pub(crate) fn of(entities: Vec<Entity>) -> Vec<Self> {
        let mut parts: Vec<Self> = Vec::new();
        for part in entities {
            let known = parts.iter().position(|known| known.range == part.range);
            let known = known.unwrap_or_else(|| {
                parts.push(Self {
                    is_bound: part.is_bound(),
                    range: part.range.clone(),
                    values: Vec::new(),
                });
                parts.len() - 1
            });
            let values = &mut parts[known].values;
            match values.iter_mut().find(|(facet, _)| *facet == part.facet) {
                Some((_, selections)) => selections.push(part.selection),
                None => values.push((part.facet, vec![part.selection])),
            }
        }
        parts
    }

    fn boosts(&self, by: f32) -> impl Iterator<Item = Boost> {
        self.values.iter().map(move |(facet, selections)| Boost {
            facet: *facet,
            selections: selections.clone(),
            by,
        })
    }
}

impl ParsedQuery {
    /// Marks the words that name a facet value. Those that only bound a number are not searched as text.
    pub(crate) fn leave_to_values(&mut self, values: &[NamedValue]) {
        for word in &mut self.words {
            let is_within =
                |value: &NamedValue| value.range.start <= word.range.start && word.range.end <= value.range.end;
            if let Some(rank) = values.iter().position(is_within) {
                word.value = Some(rank);
                word.is_asked &= !values[rank].is_bound;
            }
        }
    }
}

/// How far a query is relaxed, step by step, while it finds nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Relaxation {
    /// Whether words of the same families count.
    pub(crate) derived: bool,
    /// Whether cases may lack the named values.
    pub(crate) values_optional: bool,
    /// Whether words that no case holds are required, so that nothing is found.
    pub(crate) missing_required: bool,
}

/// A requirement on a case.
pub(crate) enum Requirement<'a> {
    QueryWord(&'a ExpandedTerm),
    /// One of several parts of the query that name values.
    Named(Vec<NamedPart<'a>>),
}

/// A part of the query that names a value: a case has the value, or holds the words one after the other.
pub(crate) struct NamedPart<'a> {
    pub(crate) words: Vec<&'a ExpandedTerm>,
    pub(crate) facet_docs: &'a Arc<FacetDocs>,
}

/// An interpreted query.
#[derive(Debug, Clone)]
pub(crate) struct InterpretedQuery {
    pub(crate) query: ParsedQuery,
    pub(crate) terms: Vec<ExpandedTerm>,
    pub(crate) relaxation: Relaxation,
    /// What the query names: by value, for chips, and by part.
    pub(crate) entities: Vec<Entity>,
    pub(crate) values: Vec<NamedValue>,
    /// The documents with each named value.
    pub(crate) facet_docs: Vec<Arc<FacetDocs>>,
    /// The boosts for the named values.
    pub(crate) named: Vec<Boost>,
}

impl InterpretedQuery {
    /// Combines the expanded words and the named values.
    ///
    /// # Errors
    /// A file of facets that is damaged.
    pub(crate) fn new(
        searcher: &Searcher,
        facets: &FacetColumns,
        query: ParsedQuery,
        terms: Vec<ExpandedTerm>,
        values: Vec<NamedValue>,
        entities: Vec<Entity>,
    ) -> tantivy::Result<Self> {
        let facet_docs = values
            .iter()
            .map(|part| Ok(Arc::new(FacetDocs::new(searcher, facets, &part.values)?)));
        let mut interpreted = Self {
            query,
            terms,
            relaxation: Relaxation::default(),
            facet_docs: facet_docs.collect::<tantivy::Result<_>>()?,
            named: Vec::new(),
            values,
            entities,
        };
        let by = if interpreted.is_only_values() {
            ONLY_NAMED
        } else {
            NAMED
        };
        interpreted.named = interpreted.values.iter().flat_map(|part| part.boosts(by)).collect();
        Ok(interpreted)
    }

    /// Whether the query only names values.
    pub(crate) fn is_only_values(&self) -> bool {
        let mut words = self.terms.iter();
        !self.values.is_empty() && words.all(|term| term.word.value.is_some()) && self.query.phrases.is_empty()
    }

    /// The requirements on every match, at this degree of relaxation.
    pub(crate) fn requirements(&self) -> Vec<Requirement<'_>> {
        let words = self.terms.iter().filter(|term| term.word.value.is_none());
        let words = words.filter(|term| self.relaxation.missing_required || !term.is_missing);
        let mut required: Vec<_> = words.map(Requirement::QueryWord).collect();
        let parts = (0..self.values.len()).filter(|part| !self.is_missing(*part));
        let parts: Vec<_> = parts.map(|part| self.named(part)).collect();
        if !self.relaxation.values_optional {
            required.extend(parts.into_iter().map(|part| Requirement::Named(vec![part])));
        } else if required.is_empty() && self.query.phrases.is_empty() {
            // At least one of the values is required.
            required.push(Requirement::Named(parts));
        }
        required
    }

    /// A part of the query that names a value.
    fn named(&self, part: usize) -> NamedPart<'_> {
        NamedPart {
            words: self.words_of(part).collect(),
            facet_docs: &self.facet_docs[part],
        }
    }

    fn words_of(&self, part: usize) -> impl Iterator<Item = &ExpandedTerm> {
        self.terms.iter().filter(move |term| term.word.value == Some(part))
    }

    /// Whether no case has the value that a part names, or holds its words.
    fn is_missing(&self, part: usize) -> bool {
        !self.relaxation.missing_required
            && self.facet_docs[part].is_empty()
            && self.words_of(part).all(|word| word.is_missing)
    }

    /// Whether it matches every case with the same score.
    pub(crate) fn matches_all(&self) -> bool {
        let query = &self.query;
        let says_nothing = query.phrases.is_empty() && query.excluded.is_empty() && !query.is_beyond_words;
        says_nothing && self.terms.is_empty() && self.values.is_empty()
    }

    /// Whether a match has to hold a word, or to have the value that the word is a part of.
    pub(crate) fn is_required(&self, term: &ExpandedTerm) -> bool {
        match term.word.value {
            Some(part) => !self.relaxation.values_optional && !self.is_missing(part),
            None => self.relaxation.missing_required || !term.is_missing,
        }
    }

    /// Whether all words and values of the query are missing from the index: then nothing is found.
    pub(crate) fn asks_for_nothing_held(&self) -> bool {
        let asks = !self.terms.is_empty() || !self.values.is_empty();
        asks && self.requirements().is_empty()
    }

    /// Whether some words or values are not required because no case has them.
    pub(crate) fn lacks_words(&self) -> bool {
        !self.relaxation.missing_required
            && (self
                .terms
                .iter()
                .any(|word| word.word.value.is_none() && word.is_missing)
                || (0..self.values.len()).any(|part| self.is_missing(part)))
    }

    /// Words and parts of the query that are missing from the index, and have no expansion in it, as typed.
    pub(crate) fn missing(&self, query: &str) -> Vec<String> {
        let words = self
            .terms
            .iter()
            .filter(|term| term.is_missing && term.word.value.is_none());
        let words = words.map(|term| term.word.typed.as_str());
        let parts = (0..self.values.len()).filter(|part| self.is_missing(*part));
        let parts = parts.filter_map(|part| query.get(self.values[part].range.clone()));
        words.chain(parts).map(str::to_owned).collect()
    }

    /// Parts of the query that are not required, as typed: no case has their value together with the rest.
    pub(crate) fn optional(&self, query: &str) -> Vec<String> {
        if !self.relaxation.values_optional {
            return Vec::new();
        }
        let parts = (0..self.values.len()).filter(|part| !self.is_missing(*part));
        let parts = parts.filter_map(|part| query.get(self.values[part].range.clone()));
        parts.map(str::to_owned).collect()
    }

    /// Words expanded with their family, as typed: only those that no case holds, if there are any.
    pub(crate) fn derived(&self) -> Vec<String> {
        let unheld = |term: &&ExpandedTerm| !term.is_held && term.has_derived();
        let typed = |term: &ExpandedTerm| term.word.typed.clone();
        let derived: Vec<_> = self.terms.iter().filter(unheld).map(typed).collect();
        if !derived.is_empty() || !self.relaxation.derived {
            return derived;
        }
        let derived = self.terms.iter().filter(|term| term.has_derived());
        derived.map(typed).collect()
    }
}
