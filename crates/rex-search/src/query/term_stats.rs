//! Statistics of terms: document frequency, also in labels of CPV codes, and similar terms of the dictionary.

use std::collections::HashMap;

use rex_analysis::{Analyzer, FAMILY_END};
use rex_index::{Fields, Zone};
use rex_query::Deadline;
use tantivy::collector::Count;
use tantivy::query::{FuzzyTermQuery, PhraseQuery};
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use crate::query::parser::Form;
use crate::query::ranking_rules::{RankingRule, Settings};

/// Most terms examined for one word: a prefix of one letter has far more.
const MAX_LOOKED_AT: usize = 5_000;

/// The term dictionary of an index.
pub(crate) struct TermStats<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    /// `None` if labels are not searched.
    label: Option<Field>,
    analyzer: Analyzer,
    /// Checked between words.
    pub(crate) deadline: Deadline,
}

impl<'a> TermStats<'a> {
    pub(crate) fn new(searcher: &'a Searcher, fields: &'a Fields, settings: &Settings, deadline: Deadline) -> Self {
        Self {
            searcher,
            fields,
            label: settings.has(RankingRule::Labels).then_some(fields.cpv_label),
            analyzer: settings.analyzer,
            deadline,
        }
    }

    /// The number of cases.
    pub(crate) fn cases(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Number of cases that hold a word in any inflected form; an upper bound, as a case may be counted once per stem.
    pub(crate) fn cases_with(&self, form: &Form) -> tantivy::Result<u64> {
        let mut by_stem = 0;
        for stem in form.stems() {
            by_stem += self.holding(self.fields.stem(Zone::All), stem)?;
        }
        Ok(by_stem.max(self.cases_with_exactly(&form.exact)?).min(self.cases()))
    }

    /// Number of cases that hold words one after the other, each in any form.
    pub(crate) fn cases_with_sequence(&self, words: &[&str]) -> tantivy::Result<u64> {
        let field = self.fields.stem(Zone::All);
        let stem = |word: &&str| Term::from_field_text(field, &self.analyzer.stem(word));
        let terms: Vec<_> = words.iter().map(stem).collect();
        for term in &terms {
            if self.searcher.doc_freq(term)? == 0 {
                return Ok(0);
            }
        }
        Ok(self.searcher.search(&PhraseQuery::new(terms), &Count)? as u64)
    }

    /// The stems of a family, with their document frequencies.
    pub(crate) fn of_family(&self, family: &str) -> tantivy::Result<Vec<(String, u64)>> {
        let mut found: HashMap<String, u64> = HashMap::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.stem(Zone::All))?;
            let mut words = index.terms().range().ge(family).into_stream()?;
            let mut looked_at = 0;
            while looked_at < MAX_LOOKED_AT && words.advance() {
                looked_at += 1;
                let word = words.key();
                match word.strip_prefix(family.as_bytes()) {
                    None => break,
                    Some(rest) if rest.first().is_none_or(|byte| *byte == FAMILY_END) => {
                        add(&mut found, word, words.value().doc_freq);
                    }
                    // Words of other families with this prefix come after those of this one.
                    Some(_) => break,
                }
            }
        }
        Ok(found.into_iter().collect())
    }

    /// Number of cases whose CPV label has a stem.
    pub(crate) fn cases_labelled(&self, stem: &str) -> tantivy::Result<u64> {
        self.label.map_or(Ok(0), |field| self.holding(field, stem))
    }

    /// Number of cases that hold a word as written.
    pub(crate) fn cases_with_exactly(&self, exact: &str) -> tantivy::Result<u64> {
        self.holding(self.fields.of_exact(exact), exact)
    }

    /// IDF weight of a stem.
    pub(crate) fn idf_of_stem(&self, stem: &str) -> tantivy::Result<f32> {
        Ok(idf(self.cases(), self.holding(self.fields.stem(Zone::All), stem)?))
    }

    fn holding(&self, field: Field, word: &str) -> tantivy::Result<u64> {
        self.searcher.doc_freq(&Term::from_field_text(field, word))
    }

    /// The words with a prefix, with their document frequencies.
    pub(crate) fn beginning_with(&self, prefix: &str) -> tantivy::Result<Vec<(String, u64)>> {
        let mut found: HashMap<String, u64> = HashMap::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.exact)?;
            let mut words = index.terms().range().ge(prefix).into_stream()?;
            let mut looked_at = 0;
            while looked_at < MAX_LOOKED_AT && words.advance() {
                looked_at += 1;
                let word = words.key();
                if !word.starts_with(prefix.as_bytes()) {
                    break;
                }
                add(&mut found, word, words.value().doc_freq);
            }
        }
        Ok(found.into_iter().collect())
    }

    /// The words within a number of errors of one, with their document frequencies; a transposition is one error.
    pub(crate) fn near(&self, word: &str, errors: u8) -> tantivy::Result<Vec<(String, u64)>> {
        let query = FuzzyTermQuery::new(Term::from_field_text(self.fields.exact, word), errors, true);
        let mut found: HashMap<String, u64> = HashMap::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.exact)?;
            let mut words = index.terms().search(query.automaton()?).into_stream()?;
            let mut looked_at = 0;
            while looked_at < MAX_LOOKED_AT && words.advance() {
                looked_at += 1;
                add(&mut found, words.key(), words.value().doc_freq);
            }
        }
        Ok(found.into_iter().collect())
    }
}

fn add(found: &mut HashMap<String, u64>, word: &[u8], cases: u32) {
    if let Ok(word) = std::str::from_utf8(word) {
        *found.entry(word.to_owned()).or_default() += u64::from(cases);
    }
}

/// IDF of BM25 (Robertson & Spärck Jones), always above 0.
pub(crate) fn idf(cases: u64, holding: u64) -> f32 {
    let (cases, holding) = (cases as f32, holding.min(cases) as f32);
    (1.0 + (cases - holding + 0.5) / (holding + 0.5)).ln()
}
