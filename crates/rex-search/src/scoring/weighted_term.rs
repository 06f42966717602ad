//! Weighted terms: what a word of the query is looked up by.

use rex_index::{Fields, Zone};
use tantivy::{Searcher, Term};

use crate::query::expanded_term::ExpansionRule;
use crate::query::term_stats;
use crate::scoring::bm25f_norms::K1;

/// The weight of a match by stem, and what a word written as typed adds.
pub(crate) const STEM: f32 = 1.0;
pub(crate) const EXACT: f32 = 0.6;
/// The weight of another form of a word, relative to the word as typed.
pub(crate) const OTHER_FORM: f32 = STEM / (STEM + EXACT);
/// How a term matches, as `rex explain` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClauseRule {
    Exact,
    Stem,
    Expansion(ExpansionRule),
    /// In the label of the CPV code.
    Label,
}

/// The fields that a term is looked up in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TermField {
    /// Words as written, in all zones.
    Exact,
    /// Stems, in all zones.
    Stem,
    /// Stems, in the label of the CPV code.
    Label,
}

/// A word or a phrase, with its weights.
#[derive(Debug, Clone)]
pub(crate) struct WeightedTerm {
    pub(crate) rule: ClauseRule,
    pub(crate) field: TermField,
    /// The words, by position.
    pub(crate) words: Vec<TermWord>,
    /// Shown in explanations.
    pub(crate) text: String,
    /// Multiplies BM25 in each zone, in their order; a zone with weight 0 is not scored.
    pub(crate) weights: [f32; Zone::ALL.len()],
    /// Added to the score of a match whatever its frequency.
    pub(crate) constant: f32,
    /// Whether it is a word as written, whose stem is the term before it: each of its documents is found by that term already.
    pub(crate) is_implied: bool,
}

/// One word of a term.
#[derive(Debug, Clone)]
pub(crate) struct TermWord {
    /// Its position in the phrase.
    pub(crate) position: u32,
    /// The word as written, or its stem, see [`WeightedTerm::field`].
    pub(crate) word: String,
    /// Its stem: titles and names are indexed by stem only.
    pub(crate) stem: String,
}

impl TermWord {
    /// A single stem.
    pub(crate) fn stem(stem: &str) -> Self {
        Self {
            position: 0,
            word: stem.to_owned(),
            stem: stem.to_owned(),
        }
    }
}

impl WeightedTerm {
    /// The index term of a word in a zone.
    pub(crate) fn term(&self, fields: &Fields, zone: Zone, word: &TermWord) -> Term {
        let TermWord { word, stem, .. } = word;
        let (field, text) = match (self.field, zone) {
            (TermField::Label, _) => (fields.cpv_label, word),
            (TermField::Exact, Zone::All) => (fields.of_exact(word), word),
            (TermField::Exact | TermField::Stem, zone) => (fields.stem(zone), stem),
        };
        Term::from_field_text(field, text)
    }

    /// The factor of each zone: the weight times the IDF there.
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

/// One of the alternatives that a word may be found by.
#[derive(Debug, Clone)]
pub(crate) struct Disjunct {
    /// Their scores add up.
    pub(crate) terms: Vec<WeightedTerm>,
    /// Its share of the type boost, relative to the word itself.
    pub(crate) share: f32,
    /// Whether it has positions, so that it can be near others.
    pub(crate) is_placed: bool,
}
