//! From what the words mean to the tree the engine runs.

use std::sync::Arc;

use rex_analysis::lemma_of;
use rex_index::{FieldLengths, Fields, Zone};
use tantivy::query::{AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, Query};

use crate::query::expanded_term::{Alternative, AlternativeRule, Meaning};
use crate::query::interpretation::{NamedPart, Reading, Requirement};
use crate::query::parser::{Form, Word};
use crate::query::ranking_rules::{RankingRule, Settings};
use crate::scoring::bm25f_scorer::WordQuery;
use crate::scoring::facet_query::Having;
use crate::scoring::maxscore::{AllWords, AnyWord, Bar, Scored};
use crate::scoring::type_boost::TypeBoost;
use crate::scoring::weighted_term::{ClauseRule, EXACT, Place, STEM, Target, TargetWord, Way};

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

/// What a query is looked for by.
pub(crate) struct Plan<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) lengths: &'a Arc<FieldLengths>,
    pub(crate) settings: &'a Settings,
    pub(crate) reading: &'a Reading,
}

impl Plan<'_> {
    /// The tree that finds the cases holding all the words, and every phrase, and no exclusion.
    pub(crate) fn all_words(&self) -> Scored {
        let phrases = self.phrase_queries().map(|phrase| (phrase, true));
        let words: Vec<_> = self.words().into_iter().chain(phrases).collect();
        let (bar, boost) = (Arc::new(Bar::default()), Arc::new(TypeBoost::default()));
        let is_told = words.iter().any(|(_, is_required)| *is_required);
        let query: Box<dyn Query> = if is_told {
            Box::new(AllWords {
                words,
                bar: Arc::clone(&bar),
                boost: Arc::clone(&boost),
            })
        } else if self.reading.asks_for_nothing_held() {
            Box::new(EmptyQuery)
        } else {
            // Nothing is required: all cases are found, and what is said scores.
            let words = words
                .into_iter()
                .map(|(word, _)| -> (Occur, Box<dyn Query>) { (Occur::Should, Box::new(word)) });
            let all: Box<dyn Query> = Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0));
            Box::new(BooleanQuery::new(words.chain([(Occur::Must, all)]).collect()))
        };
        let query = self.without_excluded(vec![query]);
        Scored { query, bar, boost }
    }

    /// The tree that finds the cases holding any of the words, and every phrase, and no exclusion.
    pub(crate) fn any_word(&self) -> Scored {
        let (bar, boost) = (Arc::new(Bar::default()), Arc::new(TypeBoost::default()));
        let phrases = self
            .phrase_queries()
            .map(|phrase| -> Box<dyn Query> { Box::new(phrase) });
        let phrases: Vec<_> = phrases.collect();
        let any = AnyWord {
            words: self.words(),
            // What a case scores is more than its words say where there are phrases.
            bar: if phrases.is_empty() {
                Arc::clone(&bar)
            } else {
                Arc::default()
            },
            boost: Arc::clone(&boost),
        };
        let mut required: Vec<Box<dyn Query>> = vec![Box::new(any)];
        required.extend(phrases);
        let query = self.without_excluded(required);
        Scored { query, bar, boost }
    }

    /// Each word that scores, then each value that the query names, and whether it is required.
    fn words(&self) -> Vec<(WordQuery, bool)> {
        let requirements = self.reading.requirements();
        let is_required = |meaning: &Meaning| {
            let is_it = |required: &Requirement<'_>| matches!(required, Requirement::Word(word) if std::ptr::eq(*word, meaning));
            requirements.iter().any(is_it)
        };
        let words = self
            .reading
            .meanings
            .iter()
            .map(|meaning| (self.word(meaning), is_required(meaning)));
        let named = requirements.iter().filter_map(|required| match required {
            Requirement::Word(_) => None,
            Requirement::Named(parts) => Some((self.named(parts), true)),
        });
        words.chain(named).collect()
    }

    /// The cases that have the value of one of some parts of the query, or say it. They score by its words elsewhere.
    pub(crate) fn named(&self, parts: &[NamedPart<'_>]) -> WordQuery {
        let mut ways: Vec<Way> = Vec::new();
        for part in parts {
            match part.words.as_slice() {
                [word] => ways.extend(self.word(word).ways),
                words => {
                    let words: Vec<Word> = words.iter().map(|meaning| meaning.word.clone()).collect();
                    ways.extend(self.sequence(&words, Place::Stem, [0.0; Zone::ALL.len()]).ways);
                }
            }
        }
        for target in ways.iter_mut().flat_map(|way| &mut way.targets) {
            target.weights = [0.0; Zone::ALL.len()];
            target.constant = 0.0;
        }
        let having: Vec<_> = parts.iter().map(|part| part.having).collect();
        WordQuery {
            having: Some(Having::union(&having)),
            ..self.ways(ways, 0.0)
        }
    }

    fn without_excluded(&self, mut required: Vec<Box<dyn Query>>) -> Box<dyn Query> {
        if self.reading.query.is_beyond_words {
            return Box::new(EmptyQuery);
        }
        let excluded = self.exclusion_queries();
        let excluded = excluded.map(|phrase| -> (Occur, Box<dyn Query>) { (Occur::MustNot, Box::new(phrase)) });
        let excluded: Vec<_> = excluded.collect();
        if required.len() == 1 && excluded.is_empty() {
            return required.remove(0);
        }
        let required = required.into_iter().map(|query| (Occur::Must, query));
        Box::new(BooleanQuery::new(required.chain(excluded).collect()))
    }

    /// The phrases a case has to hold.
    pub(crate) fn phrase_queries(&self) -> impl Iterator<Item = WordQuery> {
        self.reading.query.phrases.iter().map(|phrase| self.phrase(phrase))
    }

    /// What no case may hold.
    pub(crate) fn exclusion_queries(&self) -> impl Iterator<Item = WordQuery> {
        self.reading.query.excluded.iter().map(|phrase| self.excluded(phrase))
    }

    /// Whether words near each other count.
    pub(crate) fn has_proximity(&self) -> bool {
        self.reading.meanings.len() > 1 && self.settings.has(RankingRule::Proximity)
    }

    /// The ways a word may be matched.
    pub(crate) fn word(&self, meaning: &Meaning) -> WordQuery {
        let way = |targets, share, is_placed| Way {
            targets,
            share,
            is_placed,
        };
        let own = self.own_ways(meaning).into_iter();
        let mut ways: Vec<_> = own.map(|(targets, share)| way(targets, share, true)).collect();
        let related = meaning.related();
        ways.extend(related.map(|stem| way(vec![self.related(stem)], 1.0, true)));
        let alternatives = meaning.alternatives.iter();
        ways.extend(alternatives.map(|alternative| {
            way(
                vec![self.alternative(alternative)],
                alternative.factor,
                alternative.is_placed(),
            )
        }));
        if !meaning.labelled.is_empty() {
            ways.push(way(self.label_way(meaning), 0.0, false));
        }
        self.ways(ways, meaning.weight)
    }

    fn ways(&self, ways: Vec<Way>, weight: f32) -> WordQuery {
        WordQuery {
            fields: self.fields.clone(),
            lengths: Arc::clone(self.lengths),
            ways,
            weight,
            having: None,
        }
    }

    /// The word itself, one way for each stem that its readings have, and what that counts.
    fn own_ways(&self, meaning: &Meaning) -> Vec<(Vec<Target>, f32)> {
        let mut ways: Vec<(&str, Vec<Target>, f32)> = Vec::new();
        for (form, share) in meaning.own.iter().zip(&meaning.shares) {
            let target = |rule, place, weight, tiers| {
                let word = target_word(place, 0, form);
                Target {
                    rule,
                    place,
                    text: match place {
                        Place::Exact => word.word.clone(),
                        Place::Stem | Place::Label => lemma_of(&word.word),
                    },
                    words: vec![word],
                    weights: self.weights(weight * share),
                    constant: self.tiers(tiers),
                    // A word written as typed has the stem of what was typed.
                    is_implied: place == Place::Exact && !meaning.is_acronym,
                }
            };
            if meaning.is_acronym {
                let exact = target(ClauseRule::Exact, Place::Exact, STEM + EXACT, 3.0);
                ways.push((&form.stem, vec![exact], *share));
                continue;
            }
            let known = ways.iter().position(|(stem, ..)| *stem == form.stem);
            let known = known.unwrap_or_else(|| {
                let stem = target(ClauseRule::Stem, Place::Stem, STEM, 2.0);
                ways.push((&form.stem, vec![stem], *share));
                ways.len() - 1
            });
            if self.settings.has(RankingRule::Exact) {
                ways[known].1.push(target(ClauseRule::Exact, Place::Exact, EXACT, 1.0));
            } else if self.has_tiers() {
                ways[known].1.push(target(ClauseRule::Exact, Place::Exact, 0.0, 1.0));
            }
        }
        ways.into_iter().map(|(_, targets, share)| (targets, share)).collect()
    }

    /// Forms that the word shares with another one.
    fn related(&self, stem: &str) -> Target {
        Target {
            rule: ClauseRule::Stem,
            place: Place::Stem,
            words: vec![TargetWord::stem(stem)],
            text: lemma_of(stem),
            weights: self.weights(STEM),
            constant: self.tiers(2.0),
            is_implied: false,
        }
    }

    fn alternative(&self, alternative: &Alternative) -> Target {
        let words = alternative.sequence.iter();
        let tiers = match alternative.rule {
            AlternativeRule::Joined => 2.0,
            AlternativeRule::Synonym | AlternativeRule::Derived => 1.0,
            AlternativeRule::Completion | AlternativeRule::Correction => 0.0,
        };
        let place = if alternative.is_exact {
            Place::Exact
        } else {
            Place::Stem
        };
        Target {
            rule: ClauseRule::Alternative(alternative.rule),
            place,
            words: words.map(|(at, form)| target_word(place, *at as u32, form)).collect(),
            text: alternative.text.clone(),
            // What a stem and its exact form add up to.
            weights: self.weights((STEM + EXACT) * alternative.factor),
            constant: self.tiers(tiers),
            is_implied: false,
        }
    }

    /// The stems that labels hold. One of them is enough, and another adds nothing to speak of.
    fn label_way(&self, meaning: &Meaning) -> Vec<Target> {
        let target = |stem: &String| Target {
            rule: ClauseRule::Label,
            place: Place::Label,
            words: vec![TargetWord::stem(stem)],
            text: lemma_of(stem),
            weights: [0.0; Zone::ALL.len()],
            constant: LABEL * meaning.weight,
            is_implied: false,
        };
        meaning.labelled.iter().map(target).collect()
    }

    /// What a match counts in each zone, by what it counts in the whole.
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
        self.reading.meanings.len() == 1
            && self.reading.values.is_empty()
            && self.reading.query.phrases.is_empty()
            && self.settings.has(RankingRule::Tiers)
    }

    /// A sequence of words as they are typed.
    fn phrase(&self, phrase: &[Word]) -> WordQuery {
        let weights = self.weights(STEM + EXACT);
        self.sequence(phrase, Place::Exact, weights)
    }

    /// A sequence of words in any of their forms.
    fn excluded(&self, phrase: &[Word]) -> WordQuery {
        self.sequence(phrase, Place::Stem, [0.0; Zone::ALL.len()])
    }

    fn sequence(&self, phrase: &[Word], place: Place, weights: [f32; Zone::ALL.len()]) -> WordQuery {
        let target = |words| Target {
            rule: ClauseRule::Exact,
            place,
            words,
            text: String::new(),
            weights,
            constant: 0.0,
            is_implied: false,
        };
        if phrase.is_empty() {
            return self.ways(Vec::new(), 0.0);
        }
        let readings = readings(phrase, place).into_iter();
        let ways = readings.map(|words| Way {
            targets: vec![target(words)],
            share: 0.0,
            is_placed: false,
        });
        self.ways(ways.collect(), 0.0)
    }
}

/// A word of a target, in a form of it.
fn target_word(looked_in: Place, place: u32, form: &Form) -> TargetWord {
    let word = if looked_in == Place::Exact {
        &form.exact
    } else {
        &form.stem
    };
    TargetWord {
        place,
        word: word.clone(),
        stem: form.stem.clone(),
    }
}

/// What a form is found by in a sequence: as it is written, or by any stem that its inflected forms have.
fn target_words(looked_in: Place, place: u32, form: &Form) -> Vec<TargetWord> {
    if looked_in == Place::Exact {
        return vec![target_word(looked_in, place, form)];
    }
    let stems = form.stems().map(|stem| TargetWord {
        place,
        ..TargetWord::stem(stem)
    });
    stems.collect()
}

/// The sequences a phrase may be read as: one form of each word, or the compound it is.
fn readings(phrase: &[Word], place: Place) -> Vec<Vec<TargetWord>> {
    let first = phrase.first().map_or(0, |word| word.position);
    let mut readings: Vec<Vec<TargetWord>> = vec![Vec::new()];
    for word in phrase {
        let at = (word.position - first) as u32;
        let found_by: Vec<_> = word
            .forms
            .iter()
            .flat_map(|form| target_words(place, at, form))
            .collect();
        let longer = readings.iter().flat_map(|reading| {
            found_by.iter().map(|word| {
                let mut longer = reading.clone();
                longer.push(word.clone());
                longer
            })
        });
        readings = longer.take(MAX_READINGS).collect();
    }
    let is_compound = phrase.len() > 1 && phrase.iter().all(|word| word.wholes == phrase[0].wholes);
    if is_compound {
        let wholes = phrase[0].wholes.iter().flat_map(|whole| target_words(place, 0, whole));
        readings.extend(wholes.map(|whole| vec![whole]));
    }
    readings
}
