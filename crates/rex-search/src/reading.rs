//! A query, read: its words, what each may be found as, the values it names, and what raises the cases it finds.

use std::ops::Range;
use std::sync::Arc;

use rex_index::{Facet, Facets};
use tantivy::Searcher;

use crate::collect::Raise;
use crate::having::Having;
use crate::meaning::Meaning;
use crate::parse::ParsedQuery;
use crate::request::Selection;
use crate::understand::Understood;

/// What a case that has what the query names counts more: as a rare word of the title would.
const NAMED: f32 = 12.0;

/// What a part of a query names: one value of a facet, or several any of which will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedValue {
    /// The bytes of the part.
    pub(crate) range: Range<usize>,
    pub(crate) facet: Facet,
    pub(crate) selections: Vec<Selection>,
    /// Whether it bounds a number, which no text says that way.
    pub(crate) is_bound: bool,
}

impl NamedValue {
    /// What a query names, part by part.
    pub(crate) fn of(understood: Vec<Understood>) -> Vec<Self> {
        let mut values: Vec<Self> = Vec::new();
        for part in understood {
            let is_same = |value: &&mut Self| value.range == part.range && value.facet == part.facet;
            match values.iter_mut().find(is_same) {
                Some(value) => value.selections.push(part.selection),
                None => values.push(Self {
                    is_bound: part.is_bound(),
                    range: part.range,
                    facet: part.facet,
                    selections: vec![part.selection],
                }),
            }
        }
        values
    }

    /// The cases that have it.
    ///
    /// # Errors
    /// A file of facets that is damaged.
    pub(crate) fn having(&self, searcher: &Searcher, facets: &Facets) -> tantivy::Result<Having> {
        Having::new(searcher, facets, self.facet, &self.selections)
    }

    fn raise(&self) -> Raise {
        Raise {
            facet: self.facet,
            selections: self.selections.clone(),
            by: NAMED,
        }
    }
}

/// How far a search goes to find something, each step where the one before finds nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Reach {
    /// Whether other words of a family count too.
    pub(crate) derived: bool,
    /// Whether cases may lack the values that the query names.
    pub(crate) values_optional: bool,
    /// Whether words that no case holds are asked for all the same, so that nothing is found.
    pub(crate) missing_required: bool,
}

/// A query, read.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) query: ParsedQuery,
    pub(crate) meanings: Vec<Meaning>,
    pub(crate) reach: Reach,
    pub(crate) values: Vec<NamedValue>,
    /// The cases that have each value.
    pub(crate) having: Vec<Arc<Having>>,
    /// For the values that the query names.
    pub(crate) named: Vec<Raise>,
}

impl Reading {
    /// The words of a query with what they may be found as, and the values that it names.
    ///
    /// # Errors
    /// A file of facets that is damaged.
    pub(crate) fn new(
        searcher: &Searcher,
        facets: &Facets,
        query: ParsedQuery,
        meanings: Vec<Meaning>,
        values: Vec<NamedValue>,
    ) -> tantivy::Result<Self> {
        let having = values.iter().map(|value| Ok(Arc::new(value.having(searcher, facets)?)));
        Ok(Self {
            query,
            meanings,
            reach: Reach::default(),
            having: having.collect::<tantivy::Result<_>>()?,
            named: values.iter().map(NamedValue::raise).collect(),
            values,
        })
    }

    /// Whether it finds every case, each as good as any other of its type.
    pub(crate) fn is_everything(&self) -> bool {
        let query = &self.query;
        let says_nothing = query.phrases.is_empty() && query.excluded.is_empty() && !query.is_beyond_words;
        says_nothing && self.meanings.is_empty() && self.values.is_empty()
    }

    /// Whether a case has to say a word, or to have the value that the word is a part of.
    pub(crate) fn is_required(&self, meaning: &Meaning) -> bool {
        match meaning.word.value {
            Some(_) => !self.reach.values_optional,
            None => self.reach.missing_required || !meaning.is_missing,
        }
    }

    /// Whether words are asked for that no case holds, and nothing else: then nothing is found.
    pub(crate) fn asks_for_nothing_held(&self) -> bool {
        let is_held = |meaning: &Meaning| !meaning.is_missing || meaning.word.value.is_some();
        !self.meanings.is_empty() && !self.meanings.iter().any(is_held)
    }

    /// The values that no word asked for is a part of: cases have to have them all the same.
    pub(crate) fn silent_values(&self) -> impl Iterator<Item = &Arc<Having>> {
        let is_said = |rank: usize| self.meanings.iter().any(|meaning| meaning.word.value == Some(rank));
        let silent = self.having.iter().enumerate().filter(move |(rank, _)| !is_said(*rank));
        silent.map(|(_, having)| having)
    }

    /// Words that no case holds and nothing stands for, as typed.
    pub(crate) fn missing(&self) -> Vec<String> {
        let missing = self
            .meanings
            .iter()
            .filter(|meaning| meaning.is_missing && meaning.word.value.is_none());
        missing.map(|meaning| meaning.word.typed.clone()).collect()
    }

    /// Parts of the query that cases need not have, as typed: those that name a value which no case has beside the rest.
    pub(crate) fn optional(&self, query: &str) -> Vec<String> {
        if !self.reach.values_optional {
            return Vec::new();
        }
        let parts = self.values.iter().filter_map(|value| query.get(value.range.clone()));
        parts.map(str::to_owned).collect()
    }

    /// Words found by others of their family too, as typed: those that no case holds where there are some, as they need it.
    pub(crate) fn derived(&self) -> Vec<String> {
        let unheld = |meaning: &&Meaning| !meaning.is_held && meaning.has_derived();
        let typed = |meaning: &Meaning| meaning.word.typed.clone();
        let derived: Vec<_> = self.meanings.iter().filter(unheld).map(typed).collect();
        if !derived.is_empty() || !self.reach.derived {
            return derived;
        }
        let derived = self.meanings.iter().filter(|meaning| meaning.has_derived());
        derived.map(typed).collect()
    }
}
