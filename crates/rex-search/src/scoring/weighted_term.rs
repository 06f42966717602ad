//! What a word of the query is looked for by: terms of fields, each with its weight.

use rex_index::{Fields, Zone};
use tantivy::{Searcher, Term};

use crate::query::expanded_term::ExpansionRule;
use crate::query::term_stats;
use crate::scoring::bm25f_norms::K1;

/// What a word counts by its stem, and on top of it when it is written as typed.
pub(crate) const STEM: f32 = 1.0;
pub(crate) const EXACT: f32 = 0.8;
/// What another form of a word counts, where the word as typed counts 1.
pub(crate) const OTHER_FORM: f32 = STEM / (STEM + EXACT);
/// How a word matched, as `rex explain` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClauseRule {
    Exact,
    Stem,
    Expansion(ExpansionRule),
    /// The label of the CPV code says it.
    Label,
}

/// The fields that something is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TermField {
    /// The words of the zones as they are written.
    Exact,
    /// Their stems.
    Stem,
    /// The stems of the label of the CPV code.
    Label,
}

/// One thing to look for, a word or words one after the other, and what it counts.
#[derive(Debug, Clone)]
pub(crate) struct WeightedTerm {
    pub(crate) rule: ClauseRule,
    pub(crate) field: TermField,
    /// The words, in the order of their places.
    pub(crate) words: Vec<TermWord>,
    /// In words, for who asks why.
    pub(crate) text: String,
    /// What BM25 is multiplied by in each zone, in their order; where it is 0, the zone counts nothing.
    pub(crate) weights: [f32; Zone::ALL.len()],
    /// What a match counts whatever its frequency.
    pub(crate) constant: f32,
    /// Whether it is a word as written whose stem is the target before it: whatever holds it holds that, so that no case has to be
    /// looked for by it.
    pub(crate) is_implied: bool,
}

/// One word of a target.
#[derive(Debug, Clone)]
pub(crate) struct TermWord {
    /// Its place among the words.
    pub(crate) position: u32,
    /// As it is written, or its stem, as [`WeightedTerm::field`] says.
    pub(crate) word: String,
    /// Its stem, which is all that the title and the names are known by.
    pub(crate) stem: String,
}

impl TermWord {
    /// A stem alone.
    pub(crate) fn stem(stem: &str) -> Self {
        Self {
            position: 0,
            word: stem.to_owned(),
            stem: stem.to_owned(),
        }
    }
}

impl WeightedTerm {
    /// What a zone knows a word by.
    pub(crate) fn term(&self, fields: &Fields, zone: Zone, word: &TermWord) -> Term {
        let TermWord { word, stem, .. } = word;
        let (field, text) = match (self.field, zone) {
            (TermField::Label, _) => (fields.cpv_label, word),
            (TermField::Exact, Zone::All) => (fields.of_exact(word), word),
            (TermField::Exact | TermField::Stem, zone) => (fields.stem(zone), stem),
        };
        Term::from_field_text(field, text)
    }

    /// What the zones count: the weight by how telling the words are there.
    pub(crate) fn factors(&self, fields: &Fields, searcher: &Searcher) -> tantivy::Result<[f32; Zone::ALL.len()]> {
        let mut factors = [0.0; Zone::ALL.len()];
        for zone in Zone::ALL {
            if self.weights[zone as usize] == 0.0 {
                continue;
            }
            let mut idf = 0.0;
            for word in &self.words {
                idf += term_stats::idf(searcher.num_docs(), searcher.doc_freq(&self.term(fields, zone, word))?);
            }
            factors[zone as usize] = self.weights[zone as usize] * idf * (K1 + 1.0);
        }
        Ok(factors)
    }
}

/// One way to find a word.
#[derive(Debug, Clone)]
pub(crate) struct Disjunct {
    /// What adds up.
    pub(crate) terms: Vec<WeightedTerm>,
    /// What holding the word so raises a case by, where holding the word itself counts 1.
    pub(crate) share: f32,
    /// Whether it is a word whose places are known, so that it can be near others.
    pub(crate) is_placed: bool,
}
