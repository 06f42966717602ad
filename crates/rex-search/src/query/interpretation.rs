//! A query, read: its words, what each may be found as, the values it names, and what raises the cases it finds.

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

/// What a case that has what the query names counts more: as a rare word of the title would.
const NAMED: f32 = 12.0;
/// The same where the query asks for nothing else: more than any text that says it.
const ONLY_NAMED: f32 = 1_000.0;

/// What a part of a query names: values of facets any of which will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedValue {
    /// The bytes of the part.
    pub(crate) range: Range<usize>,
    pub(crate) values: Vec<(Facet, Vec<Selection>)>,
    /// Whether it bounds a number, which no text says that way.
    pub(crate) is_bound: bool,
}

impl NamedValue {
    /// What a query names, part by part.
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
    /// Notes which words name a value of a facet, and asks no more for those that only bound a number: no text says them that way.
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

/// How far a search goes to find something, each step where the one before finds nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Relaxation {
    /// Whether other words of a family count too.
    pub(crate) derived: bool,
    /// Whether cases may lack the values that the query names.
    pub(crate) values_optional: bool,
    /// Whether words that no case holds are asked for all the same, so that nothing is found.
    pub(crate) missing_required: bool,
}

/// What a case has to hold or to have.
pub(crate) enum Requirement<'a> {
    QueryWord(&'a ExpandedTerm),
    /// One of some parts of the query that name values.
    Named(Vec<NamedPart<'a>>),
}

/// A part of the query that names a value: a case says its words, one after the other, or has the value.
pub(crate) struct NamedPart<'a> {
    pub(crate) words: Vec<&'a ExpandedTerm>,
    pub(crate) facet_docs: &'a Arc<FacetDocs>,
}

/// A query, read.
#[derive(Debug, Clone)]
pub(crate) struct InterpretedQuery {
    pub(crate) query: ParsedQuery,
    pub(crate) terms: Vec<ExpandedTerm>,
    pub(crate) relaxation: Relaxation,
    /// What the query names, value by value, for chips; and part by part.
    pub(crate) entities: Vec<Entity>,
    pub(crate) values: Vec<NamedValue>,
    /// The cases that have each value.
    pub(crate) facet_docs: Vec<Arc<FacetDocs>>,
    /// For the values that the query names.
    pub(crate) named: Vec<Boost>,
}

impl InterpretedQuery {
    /// The words of a query with what they may be found as, and the values that it names.
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

    /// Whether the query names values and asks for nothing else.
    pub(crate) fn is_only_values(&self) -> bool {
        let mut words = self.terms.iter();
        !self.values.is_empty() && words.all(|term| term.word.value.is_some()) && self.query.phrases.is_empty()
    }

    /// What every case found has to hold or to have, as the reach of the search says.
    pub(crate) fn requirements(&self) -> Vec<Requirement<'_>> {
        let words = self.terms.iter().filter(|term| term.word.value.is_none());
        let words = words.filter(|term| self.relaxation.missing_required || !term.is_missing);
        let mut required: Vec<_> = words.map(Requirement::QueryWord).collect();
        let parts = (0..self.values.len()).filter(|part| !self.is_missing(*part));
        let parts: Vec<_> = parts.map(|part| self.named(part)).collect();
        if !self.relaxation.values_optional {
            required.extend(parts.into_iter().map(|part| Requirement::Named(vec![part])));
        } else if required.is_empty() && self.query.phrases.is_empty() {
            // Something of what is asked for has to be there.
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

    /// Whether no case has a value that the query names, or says it.
    fn is_missing(&self, part: usize) -> bool {
        !self.relaxation.missing_required
            && self.facet_docs[part].is_empty()
            && self.words_of(part).all(|word| word.is_missing)
    }

    /// Whether it finds every case, each as good as any other of its type.
    pub(crate) fn matches_all(&self) -> bool {
        let query = &self.query;
        let says_nothing = query.phrases.is_empty() && query.excluded.is_empty() && !query.is_beyond_words;
        says_nothing && self.terms.is_empty() && self.values.is_empty()
    }

    /// Whether a case has to hold a word, or to have the value that the word is a part of.
    pub(crate) fn is_required(&self, term: &ExpandedTerm) -> bool {
        match term.word.value {
            Some(part) => !self.relaxation.values_optional && !self.is_missing(part),
            None => self.relaxation.missing_required || !term.is_missing,
        }
    }

    /// Whether words or values are asked for that no case holds, and nothing else: then nothing is found.
    pub(crate) fn asks_for_nothing_held(&self) -> bool {
        let asks = !self.terms.is_empty() || !self.values.is_empty();
        asks && self.requirements().is_empty()
    }

    /// Whether words or values are asked for that cases need not have, because none has.
    pub(crate) fn lacks_words(&self) -> bool {
        !self.relaxation.missing_required
            && (self
                .terms
                .iter()
                .any(|word| word.word.value.is_none() && word.is_missing)
                || (0..self.values.len()).any(|part| self.is_missing(part)))
    }

    /// Words and parts of the query that no case holds and nothing stands for, as typed.
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

    /// Parts of the query that cases need not have, as typed: those that name a value which no case has beside the rest.
    pub(crate) fn optional(&self, query: &str) -> Vec<String> {
        if !self.relaxation.values_optional {
            return Vec::new();
        }
        let parts = (0..self.values.len()).filter(|part| !self.is_missing(*part));
        let parts = parts.filter_map(|part| query.get(self.values[part].range.clone()));
        parts.map(str::to_owned).collect()
    }

    /// Words found by others of their family too, as typed: those that no case holds where there are some, as they need it.
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
