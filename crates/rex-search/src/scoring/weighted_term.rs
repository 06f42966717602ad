//! What a word of the query is looked for by: terms of fields, each with its weight.

use rex_index::{Fields, Zone};
use tantivy::{Searcher, Term};

use crate::query::expanded_term::AlternativeRule;
use crate::query::term_stats::weight;
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
    Alternative(AlternativeRule),
    /// The label of the CPV code says it.
    Label,
}

/// The fields that something is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The words of the zones as they are written.
    Exact,
    /// Their stems.
    Stem,
    /// The stems of the label of the CPV code.
    Label,
}

/// One thing to look for, a word or words one after the other, and what it counts.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) rule: ClauseRule,
    pub(crate) place: Place,
    /// The words, in the order of their places.
    pub(crate) words: Vec<TargetWord>,
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
pub(crate) struct TargetWord {
    /// Its place among the words.
    pub(crate) place: u32,
    /// As it is written, or its stem, as [`Target::place`] says.
    pub(crate) word: String,
    /// Its stem, which is all that the title and the names are known by.
    pub(crate) stem: String,
}

impl TargetWord {
    /// A stem alone.
    pub(crate) fn stem(stem: &str) -> Self {
        Self {
            place: 0,
            word: stem.to_owned(),
            stem: stem.to_owned(),
        }
    }
}

impl Target {
    /// What a zone knows a word by.
    pub(crate) fn term(&self, fields: &Fields, zone: Zone, word: &TargetWord) -> Term {
        let TargetWord { word, stem, .. } = word;
        let (field, text) = match (self.place, zone) {
            (Place::Label, _) => (fields.cpv_label, word),
            (Place::Exact, Zone::All) => (fields.of_exact(word), word),
            (Place::Exact | Place::Stem, zone) => (fields.stem(zone), stem),
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
            let mut telling = 0.0;
            for word in &self.words {
                telling += weight(searcher.num_docs(), searcher.doc_freq(&self.term(fields, zone, word))?);
            }
            factors[zone as usize] = self.weights[zone as usize] * telling * (K1 + 1.0);
        }
        Ok(factors)
    }
}

/// One way to find a word.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    /// What adds up.
    pub(crate) targets: Vec<Target>,
    /// What holding the word so raises a case by, where holding the word itself counts 1.
    pub(crate) share: f32,
    /// Whether it is a word whose places are known, so that it can be near others.
    pub(crate) is_placed: bool,
}
