//! Builds the [`ScoredQuery`] of an interpreted query.

use std::sync::Arc;

use rex_analysis::lemma_of;
use rex_index::{FieldLengths, Fields, Zone};
use tantivy::query::{AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, Query};

use crate::meaning::query_meaning::QueryMeaning;
use crate::query::expanded_term::{ExpandedTerm, Expansion, ExpansionRule};
use crate::query::interpretation::{InterpretedQuery, NamedPart, Requirement};
use crate::query::parser::{Form, QueryWord};
use crate::query::ranking_rules::{RankingRule, Settings};
use crate::scoring::bm25f_scorer::Bm25fQuery;
use crate::scoring::facet_query::FacetDocs;
use crate::scoring::scored_query::{Clause, ScoredQuery, ScoredTerm};
use crate::scoring::weighted_term::{ClauseRule, Disjunct, EXACT, STEM, TermField, TermWord, WeightedTerm};

/// Weight of a match in a zone, on top of that in the whole document.
const TITLE: f32 = 0.55;
const PARTIES: f32 = 0.2;
/// Distance of the tiers in a query of one word, higher than any score within a tier. The rarest word of a billion cases has an IDF of
/// 21, its repetitions add up to 1.8 times that, both forms and both zones to 2.8 times that again; the type boost is 1.4 times the IDF
/// and one.
const TIER: f32 = 150.0;
/// Weight of a match in the label of the CPV code only, by the IDF. It has to be less than one mention in the longest text, which BM25
/// gives a few thousandths of the IDF.
const LABEL: f32 = 0.001;
/// Most variants of one phrase that are searched, if its words are ambiguous.
const MAX_VARIANTS: usize = 8;

/// Builds queries from an interpreted query.
pub(crate) struct Plan<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) lengths: &'a Arc<FieldLengths>,
    pub(crate) settings: &'a Settings,
    pub(crate) interpreted: &'a InterpretedQuery,
}

impl Plan<'_> {
    /// The query for the cases that hold all the words and phrases, and no exclusion.
    pub(crate) fn all_words(&self) -> ScoredQuery {
        let phrases = self.phrase_queries().map(|query| ScoredTerm {
            query,
            is_required: true,
            is_word: false,
        });
        let terms: Vec<_> = self.words().into_iter().chain(phrases).collect();
        let clause = if terms.iter().any(|term| term.is_required) {
            Clause::AllTerms(terms)
        } else if self.interpreted.asks_for_nothing_held() {
            Clause::Unbounded(Box::new(EmptyQuery))
        } else {
            // Nothing is required: every case matches, and the words add to the scores.
            let terms = terms
                .into_iter()
                .map(|term| -> (Occur, Box<dyn Query>) { (Occur::Should, Box::new(term.query)) });
            let all: Box<dyn Query> = Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0));
            Clause::Unbounded(Box::new(BooleanQuery::new(terms.chain([(Occur::Must, all)]).collect())))
        };
        self.without_excluded(clause, Vec::new())
    }

    /// The query for the cases that hold any of the words and all phrases, and no exclusion.
    pub(crate) fn any_word(&self) -> ScoredQuery {
        self.without_excluded(Clause::AnyTerm(self.words()), self.phrase_queries().collect())
    }

    /// The words, which score, and the required values.
    fn words(&self) -> Vec<ScoredTerm> {
        let requirements = self.interpreted.requirements();
        let is_required = |term: &ExpandedTerm| {
            let is_it = |required: &Requirement<'_>| matches!(required, Requirement::QueryWord(word) if std::ptr::eq(*word, term));
            requirements.iter().any(is_it)
        };
        let words = self.interpreted.terms.iter().map(|term| ScoredTerm {
            query: self.word(term),
            is_required: is_required(term),
            is_word: true,
        });
        let named = requirements.iter().filter_map(|required| match required {
            Requirement::QueryWord(_) => None,
            Requirement::Named(parts) => Some(ScoredTerm {
                query: self.named(parts),
                is_required: true,
                is_word: false,
            }),
        });
        words.chain(named).collect()
    }

    /// The cases that have one of the named values, or hold its words. Its words score as words.
    pub(crate) fn named(&self, parts: &[NamedPart<'_>]) -> Bm25fQuery {
        let mut disjuncts: Vec<Disjunct> = Vec::new();
        for part in parts {
            match part.words.as_slice() {
                [word] => disjuncts.extend(self.word(word).disjuncts),
                words => {
                    let words: Vec<QueryWord> = words.iter().map(|term| term.word.clone()).collect();
                    disjuncts.extend(self.sequence(&words, TermField::Stem, [0.0; Zone::ALL.len()]).disjuncts);
                }
            }
        }
        for weighted in disjuncts.iter_mut().flat_map(|disjunct| &mut disjunct.terms) {
            weighted.weights = [0.0; Zone::ALL.len()];
            weighted.constant = 0.0;
        }
        let facet_docs: Vec<_> = parts.iter().map(|part| part.facet_docs).collect();
        Bm25fQuery {
            facet_docs: Some(FacetDocs::union(&facet_docs)),
            ..self.disjuncts(disjuncts, 0.0)
        }
    }

    fn without_excluded(&self, clause: Clause, phrases: Vec<Bm25fQuery>) -> ScoredQuery {
        let is_empty = self.interpreted.query.is_beyond_words;
        ScoredQuery {
            clause: if is_empty {
                Clause::Unbounded(Box::new(EmptyQuery))
            } else {
                clause
            },
            phrases,
            excluded: self.exclusion_queries().collect(),
        }
    }

    /// The required phrases.
    pub(crate) fn phrase_queries(&self) -> impl Iterator<Item = Bm25fQuery> {
        self.interpreted.query.phrases.iter().map(|phrase| self.phrase(phrase))
    }

    /// The excluded phrases.
    pub(crate) fn exclusion_queries(&self) -> impl Iterator<Item = Bm25fQuery> {
        self.interpreted
            .query
            .excluded
            .iter()
            .map(|phrase| self.excluded(phrase))
    }

    /// Whether proximity is scored.
    pub(crate) fn has_proximity(&self) -> bool {
        self.interpreted.terms.len() > 1 && self.settings.has(RankingRule::Proximity)
    }

    /// What ranks hits by meaning; `None` for a query that is looked for as it is.
    pub(crate) fn meaning(&self) -> Option<QueryMeaning> {
        let is_on = self.settings.has(RankingRule::Meaning);
        is_on.then(|| QueryMeaning::for_ranking(self.interpreted)).flatten()
    }

    /// A word as a disjunction: itself, related forms, expansions, labels.
    pub(crate) fn word(&self, term: &ExpandedTerm) -> Bm25fQuery {
        let disjunct = |terms, share, is_placed| Disjunct {
            terms,
            share,
            is_placed,
        };
        let own = self.own_disjuncts(term).into_iter();
        let mut disjuncts: Vec<_> = own.map(|(weighted, share)| disjunct(weighted, share, true)).collect();
        let related = term.related();
        disjuncts.extend(related.map(|stem| disjunct(vec![self.related(stem)], 1.0, true)));
        let expansions = term.expansions.iter();
        disjuncts.extend(
            expansions
                .map(|expansion| disjunct(vec![self.expansion(expansion)], expansion.factor, expansion.is_placed())),
        );
        if !term.labelled.is_empty() {
            disjuncts.push(disjunct(self.label_terms(term), 0.0, false));
        }
        self.disjuncts(disjuncts, term.idf)
    }

    fn disjuncts(&self, disjuncts: Vec<Disjunct>, idf: f32) -> Bm25fQuery {
        Bm25fQuery {
            fields: self.fields.clone(),
            lengths: Arc::clone(self.lengths),
            disjuncts,
            idf,
            facet_docs: None,
        }
    }

    /// The word itself: one disjunct and its weight for each stem that its forms have.
    fn own_disjuncts(&self, term: &ExpandedTerm) -> Vec<(Vec<WeightedTerm>, f32)> {
        let mut disjuncts: Vec<(&str, Vec<WeightedTerm>, f32)> = Vec::new();
        for (form, share) in term.own.iter().zip(&term.shares) {
            let weighted = |rule, field, weight, tiers| {
                let word = term_word(field, 0, form);
                WeightedTerm {
                    rule,
                    field,
                    text: match field {
                        TermField::Exact => word.word.clone(),
                        TermField::Stem | TermField::Label => lemma_of(&word.word),
                    },
                    words: vec![word],
                    weights: self.weights(weight * share),
                    constant: self.tiers(tiers),
                    // The exact form of the typed word has the same stem.
                    is_implied: field == TermField::Exact && !term.is_acronym,
                }
            };
            if term.is_acronym {
                let exact = weighted(ClauseRule::Exact, TermField::Exact, STEM + EXACT, 3.0);
                disjuncts.push((&form.stem, vec![exact], *share));
                continue;
            }
            let known = disjuncts.iter().position(|(stem, ..)| *stem == form.stem);
            let known = known.unwrap_or_else(|| {
                let stem = weighted(ClauseRule::Stem, TermField::Stem, STEM, 2.0);
                disjuncts.push((&form.stem, vec![stem], *share));
                disjuncts.len() - 1
            });
            if self.settings.has(RankingRule::Exact) {
                disjuncts[known]
                    .1
                    .push(weighted(ClauseRule::Exact, TermField::Exact, EXACT, 1.0));
            } else if self.has_tiers() {
                disjuncts[known]
                    .1
                    .push(weighted(ClauseRule::Exact, TermField::Exact, 0.0, 1.0));
            }
        }
        disjuncts
            .into_iter()
            .map(|(_, weighted, share)| (weighted, share))
            .collect()
    }

    /// A stem that the word shares with another one.
    fn related(&self, stem: &str) -> WeightedTerm {
        WeightedTerm {
            rule: ClauseRule::Stem,
            field: TermField::Stem,
            words: vec![TermWord::stem(stem)],
            text: lemma_of(stem),
            weights: self.weights(STEM),
            constant: self.tiers(2.0),
            is_implied: false,
        }
    }

    fn expansion(&self, expansion: &Expansion) -> WeightedTerm {
        let words = expansion.sequence.iter();
        let tiers = match expansion.rule {
            ExpansionRule::Joined => 2.0,
            ExpansionRule::Synonym | ExpansionRule::Derived => 1.0,
            ExpansionRule::Completion | ExpansionRule::Correction => 0.0,
        };
        let field = if expansion.is_exact {
            TermField::Exact
        } else {
            TermField::Stem
        };
        WeightedTerm {
            rule: ClauseRule::Expansion(expansion.rule),
            field,
            words: words.map(|(at, form)| term_word(field, *at as u32, form)).collect(),
            text: expansion.text.clone(),
            // The sum of the weights of a stem and its exact form.
            weights: self.weights((STEM + EXACT) * expansion.factor),
            constant: self.tiers(tiers),
            is_implied: false,
        }
    }

    /// The stems that labels have. Several of them hardly score more than one.
    fn label_terms(&self, term: &ExpandedTerm) -> Vec<WeightedTerm> {
        let weighted = |stem: &String| WeightedTerm {
            rule: ClauseRule::Label,
            field: TermField::Label,
            words: vec![TermWord::stem(stem)],
            text: lemma_of(stem),
            weights: [0.0; Zone::ALL.len()],
            constant: LABEL * term.idf,
            is_implied: false,
        };
        term.labelled.iter().map(weighted).collect()
    }

    /// The weights of the zones, by the weight in the whole document.
    fn weights(&self, weight: f32) -> [f32; Zone::ALL.len()] {
        Zone::ALL.map(|zone| {
            let by = match zone {
                Zone::All => 1.0,
                Zone::Title if self.settings.has(RankingRule::Title) => TITLE,
                Zone::Parties if self.settings.has(RankingRule::Parties) => PARTIES,
                Zone::Title | Zone::Parties => 0.0,
            };
            by * weight
        })
    }

    fn tiers(&self, tiers: f32) -> f32 {
        if self.has_tiers() { tiers * TIER } else { 0.0 }
    }

    fn has_tiers(&self) -> bool {
        self.interpreted.terms.len() == 1
            && self.interpreted.values.is_empty()
            && self.interpreted.query.phrases.is_empty()
            && self.settings.has(RankingRule::Tiers)
    }

    /// A phrase as typed.
    fn phrase(&self, phrase: &[QueryWord]) -> Bm25fQuery {
        let weights = self.weights(STEM + EXACT);
        self.sequence(phrase, TermField::Exact, weights)
    }

    /// A phrase in any forms of its words.
    fn excluded(&self, phrase: &[QueryWord]) -> Bm25fQuery {
        self.sequence(phrase, TermField::Stem, [0.0; Zone::ALL.len()])
    }

    fn sequence(&self, phrase: &[QueryWord], field: TermField, weights: [f32; Zone::ALL.len()]) -> Bm25fQuery {
        let weighted = |words| WeightedTerm {
            rule: ClauseRule::Exact,
            field,
            words,
            text: String::new(),
            weights,
            constant: 0.0,
            is_implied: false,
        };
        if phrase.is_empty() {
            return self.disjuncts(Vec::new(), 0.0);
        }
        let variants = variants(phrase, field).into_iter();
        let disjuncts = variants.map(|words| Disjunct {
            terms: vec![weighted(words)],
            share: 0.0,
            is_placed: false,
        });
        self.disjuncts(disjuncts.collect(), 0.0)
    }
}

/// A word of a term, in one form.
fn term_word(field: TermField, position: u32, form: &Form) -> TermWord {
    let word = if field == TermField::Exact {
        &form.exact
    } else {
        &form.stem
    };
    TermWord {
        position,
        word: word.clone(),
        stem: form.stem.clone(),
    }
}

/// The words that a form is searched as in a phrase: as written, or by any stem of its inflected forms.
fn term_words(field: TermField, position: u32, form: &Form) -> Vec<TermWord> {
    if field == TermField::Exact {
        return vec![term_word(field, position, form)];
    }
    let stems = form.stems().map(|stem| TermWord {
        position,
        ..TermWord::stem(stem)
    });
    stems.collect()
}

/// The variants of a phrase: one form of each word, or the compound it is.
fn variants(phrase: &[QueryWord], field: TermField) -> Vec<Vec<TermWord>> {
    let first = phrase.first().map_or(0, |word| word.position);
    let mut variants: Vec<Vec<TermWord>> = vec![Vec::new()];
    for word in phrase {
        let at = (word.position - first) as u32;
        let found_by: Vec<_> = word.forms.iter().flat_map(|form| term_words(field, at, form)).collect();
        let longer = variants.iter().flat_map(|variant| {
            found_by.iter().map(|word| {
                let mut longer = variant.clone();
                longer.push(word.clone());
                longer
            })
        });
        variants = longer.take(MAX_VARIANTS).collect();
    }
    let is_compound = phrase.len() > 1 && phrase.iter().all(|word| word.wholes == phrase[0].wholes);
    if is_compound {
        let wholes = phrase[0].wholes.iter().flat_map(|whole| term_words(field, 0, whole));
        variants.extend(wholes.map(|whole| vec![whole]));
    }
    variants
}
