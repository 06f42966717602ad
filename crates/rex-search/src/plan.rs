//! From what the words mean to the tree the engine runs.

use std::sync::Arc;

use rex_index::{Fields, Lengths, Zone};
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery, Query,
    TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use crate::excluded::Excluded;
use crate::meaning::{Alternative, AlternativeRule, Meaning};
use crate::parse::{Form, ParsedQuery, Word};
use crate::settings::{RankingRule, Settings};
use crate::weighed::Weighed;

/// What a word counts by its stem, and on top of it when it is written as typed.
const STEM: f32 = 1.0;
const EXACT: f32 = 0.8;
/// What another form of a word counts, where the word as typed counts 1.
pub(crate) const OTHER_FORM: f32 = STEM / (STEM + EXACT);
/// What a match in a zone counts on top of its part in the whole: a title says what the case is.
const TITLE: f32 = 0.4;
const PARTIES: f32 = 0.2;
/// In a query of one word, what parts the ways to match it: more than any frequency makes up for. The rarest word of a billion
/// cases weighs 21, its repetitions 2.2 times that, both forms and both zones twice that again; being a case among contracts, twice
/// its weight and one.
const TIER: f32 = 150.0;
/// What a word counts that only the label of the CPV code says, by the weight of the word. Being found is what matters: one
/// mention in the longest text, which BM25 gives a few thousandths of the weight, has to count more.
const LABEL: f32 = 0.001;
/// Readings of one phrase that are tried, where its words can be read in several ways.
const MAX_READINGS: usize = 8;

/// How a word matched, as `rex explain` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClauseRule {
    Exact,
    Stem,
    /// A constant that keeps the ways to match apart.
    Tier,
    Alternative(AlternativeRule),
    /// The label of the CPV code says it.
    Label,
}

/// One way for a case to match a word, and what it counts.
pub(crate) struct Clause {
    pub(crate) rule: ClauseRule,
    pub(crate) zone: Zone,
    /// What is looked for.
    pub(crate) text: String,
    pub(crate) query: Box<dyn Query>,
}

/// The ways to match a word: the clauses of one way add up, and the best way counts.
pub(crate) struct WordPlan {
    pub(crate) ways: Vec<Vec<Clause>>,
}

/// What a query is looked for by.
pub(crate) struct Plan<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) lengths: &'a Arc<Lengths>,
    pub(crate) settings: &'a Settings,
    pub(crate) query: &'a ParsedQuery,
    pub(crate) meanings: &'a [Meaning],
    /// Whether values that the query names raise cases, which nothing should outweigh.
    pub(crate) is_raised: bool,
}

impl Plan<'_> {
    /// The tree that finds the cases holding all the words, and every phrase, and no exclusion.
    pub(crate) fn all_words(&self) -> Box<dyn Query> {
        let words = self.meanings.iter().map(|meaning| {
            let occur = if meaning.is_required {
                Occur::Must
            } else {
                Occur::Should
            };
            (occur, self.word(meaning))
        });
        self.with_phrases(words.collect())
    }

    /// The tree that finds the cases holding any of the words.
    pub(crate) fn any_word(&self) -> Box<dyn Query> {
        let any = BooleanQuery::union(self.meanings.iter().map(|meaning| self.word(meaning)).collect());
        self.with_phrases(vec![(Occur::Must, Box::new(any))])
    }

    fn with_phrases(&self, mut clauses: Vec<(Occur, Box<dyn Query>)>) -> Box<dyn Query> {
        clauses.extend(self.phrase_queries().map(|phrase| (Occur::Must, phrase)));
        if self.query.is_beyond_words {
            return Box::new(EmptyQuery);
        }
        if !clauses.iter().any(|(occur, _)| *occur == Occur::Must) {
            clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0))));
        }
        clauses.extend(
            self.exclusion_queries()
                .map(|phrase| -> (Occur, Box<dyn Query>) { (Occur::MustNot, Box::new(Excluded(phrase))) }),
        );
        Box::new(Weighed::new(
            Box::new(BooleanQuery::new(clauses)) as Box<dyn Query>,
            self.lengths,
        ))
    }

    /// The phrases a case has to hold.
    pub(crate) fn phrase_queries(&self) -> impl Iterator<Item = Box<dyn Query>> {
        self.query.phrases.iter().map(|phrase| self.phrase(phrase))
    }

    /// What no case may hold.
    pub(crate) fn exclusion_queries(&self) -> impl Iterator<Item = Box<dyn Query>> {
        self.query.excluded.iter().map(|phrase| self.excluded(phrase))
    }

    /// Whether words near each other count.
    pub(crate) fn has_proximity(&self) -> bool {
        self.meanings.len() > 1 && self.settings.has(RankingRule::Proximity)
    }

    fn word(&self, meaning: &Meaning) -> Box<dyn Query> {
        let way = |clauses: Vec<Clause>| -> Box<dyn Query> {
            Box::new(BooleanQuery::union(
                clauses.into_iter().map(|clause| clause.query).collect(),
            ))
        };
        let mut ways: Vec<_> = self.word_plan(meaning).ways.into_iter().map(way).collect();
        match ways.len() {
            1 => ways.remove(0),
            _ => Box::new(DisjunctionMaxQuery::new(ways)),
        }
    }

    /// The ways a word may be matched.
    pub(crate) fn word_plan(&self, meaning: &Meaning) -> WordPlan {
        let mut ways = vec![self.own_way(meaning)];
        ways.extend(
            meaning
                .alternatives
                .iter()
                .map(|alternative| self.alternative_way(alternative)),
        );
        if !meaning.labelled.is_empty() {
            ways.push(self.label_way(meaning));
        }
        WordPlan { ways }
    }

    fn own_way(&self, meaning: &Meaning) -> Vec<Clause> {
        let mut clauses = Vec::new();
        for form in &meaning.own {
            for (zone, weight) in self.zones() {
                let field = self.fields.zone(zone);
                let mut push = |rule, field, text: &str, weight| {
                    clauses.push(Clause {
                        rule,
                        zone,
                        text: text.to_owned(),
                        query: boosted(term(field, text), weight),
                    });
                };
                push(ClauseRule::Stem, field.stem, &form.stem, weight * STEM);
                if self.settings.has(RankingRule::Exact) {
                    push(ClauseRule::Exact, field.exact, &form.exact, weight * EXACT);
                }
            }
            if self.has_tiers() {
                let all = self.fields.zone(Zone::All);
                for (field, text, tiers) in [(all.stem, &form.stem, 2.0), (all.exact, &form.exact, 1.0)] {
                    clauses.push(tier(term(field, text), text, tiers));
                }
            }
        }
        clauses
    }

    fn alternative_way(&self, alternative: &Alternative) -> Vec<Clause> {
        let rule = ClauseRule::Alternative(alternative.rule);
        let sequence = |zone: Zone| {
            let field = self.fields.zone(zone);
            let words: Vec<(usize, Term)> = alternative
                .sequence
                .iter()
                .map(|(place, form)| {
                    (
                        *place,
                        match alternative.is_exact {
                            true => Term::from_field_text(field.exact, &form.exact),
                            false => Term::from_field_text(field.stem, &form.stem),
                        },
                    )
                })
                .collect();
            sequence(words)
        };
        let mut clauses: Vec<Clause> = self
            .zones()
            .into_iter()
            .map(|(zone, weight)| Clause {
                rule,
                zone,
                text: alternative.text.clone(),
                // What a stem and its exact form add up to.
                query: boosted(sequence(zone), weight * (STEM + EXACT) * alternative.factor),
            })
            .collect();
        let tiers = match alternative.rule {
            AlternativeRule::Joined => 2.0,
            AlternativeRule::Synonym => 1.0,
            AlternativeRule::Completion | AlternativeRule::Correction => 0.0,
        };
        if self.has_tiers() && tiers > 0.0 {
            clauses.push(tier(sequence(Zone::All), &alternative.text, tiers));
        }
        clauses
    }

    /// The stems that labels hold. One of them is enough, and another adds nothing to speak of.
    fn label_way(&self, meaning: &Meaning) -> Vec<Clause> {
        let clause = |stem: &String| Clause {
            rule: ClauseRule::Label,
            zone: Zone::All,
            text: stem.clone(),
            query: Box::new(ConstScoreQuery::new(
                held(self.fields.cpv_label, stem),
                LABEL * meaning.weight,
            )),
        };
        meaning.labelled.iter().map(clause).collect()
    }

    /// Where words are looked for, and what a match there counts.
    fn zones(&self) -> Vec<(Zone, f32)> {
        let mut zones = vec![(Zone::All, 1.0)];
        if self.settings.has(RankingRule::Title) {
            zones.push((Zone::Title, TITLE));
        }
        if self.settings.has(RankingRule::Parties) {
            zones.push((Zone::Parties, PARTIES));
        }
        zones
    }

    fn has_tiers(&self) -> bool {
        self.meanings.len() == 1
            && !self.is_raised
            && self.query.phrases.is_empty()
            && self.settings.has(RankingRule::Tiers)
    }

    /// A sequence of words as they are typed.
    fn phrase(&self, phrase: &[Word]) -> Box<dyn Query> {
        let zones = self.zones().into_iter();
        let clauses = zones.flat_map(|(zone, weight)| {
            let field = self.fields.zone(zone).exact;
            readings(phrase, |form| Term::from_field_text(field, &form.exact))
                .into_iter()
                .map(move |words| boosted(sequence(words), weight * (STEM + EXACT)))
        });
        Box::new(BooleanQuery::union(clauses.collect()))
    }

    /// A sequence of words in any of their forms.
    fn excluded(&self, phrase: &[Word]) -> Box<dyn Query> {
        let field = self.fields.zone(Zone::All).stem;
        let readings = readings(phrase, |form| Term::from_field_text(field, &form.stem));
        Box::new(BooleanQuery::union(readings.into_iter().map(sequence).collect()))
    }
}

/// The sequences a phrase may be read as: one form of each word, or the compound it is.
fn readings(phrase: &[Word], term_of: impl Fn(&Form) -> Term) -> Vec<Vec<(usize, Term)>> {
    let first = phrase.first().map_or(0, |word| word.position);
    let mut readings: Vec<Vec<(usize, Term)>> = vec![Vec::new()];
    for word in phrase {
        let longer = readings.iter().flat_map(|reading| {
            word.forms.iter().map(|form| {
                let mut longer = reading.clone();
                longer.push((word.position - first, term_of(form)));
                longer
            })
        });
        readings = longer.take(MAX_READINGS).collect();
    }
    let is_compound = phrase.len() > 1 && phrase.iter().all(|word| word.wholes == phrase[0].wholes);
    if is_compound {
        readings.extend(phrase[0].wholes.iter().map(|whole| vec![(0, term_of(whole))]));
    }
    readings
}

/// Words one after the other, at their places.
fn sequence(mut words: Vec<(usize, Term)>) -> Box<dyn Query> {
    if words.len() == 1 {
        let (_, term) = words.remove(0);
        return Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
    }
    Box::new(PhraseQuery::new_with_offset(words))
}

fn term(field: Field, text: &str) -> Box<dyn Query> {
    sequence(vec![(0, Term::from_field_text(field, text))])
}

/// A term of a field that says no more than whether it is there.
fn held(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(
        Term::from_field_text(field, text),
        IndexRecordOption::Basic,
    ))
}

fn tier(query: Box<dyn Query>, text: &str, tiers: f32) -> Clause {
    Clause {
        rule: ClauseRule::Tier,
        zone: Zone::All,
        text: text.to_owned(),
        query: Box::new(ConstScoreQuery::new(query, tiers * TIER)),
    }
}

fn boosted(query: Box<dyn Query>, by: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, by))
}
