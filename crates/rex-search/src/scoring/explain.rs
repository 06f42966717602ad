//! Explains the score of a case.

use rex_analysis::RecordVector;
use rex_corpus::Record;
use rex_index::Zone;
use rex_query::Facet;
use tantivy::{DocAddress, Searcher};

use crate::meaning::near_words::{NearWord, near_words};
use crate::query::expanded_term::ExpansionRule;
use crate::query::interpretation::Requirement;
use crate::query::planner::Plan;
use crate::scoring::bm25f_scorer::{Bm25fQuery, Parts};
use crate::scoring::proximity::ProximityScorer;
use crate::scoring::type_boost::{self, TermMatch};
use crate::scoring::weighted_term::ClauseRule;
use crate::scoring::weighted_term::WeightedTerm;

/// The explanation of the score of a case for a query. The parts add up to the score.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The words of the query, in the order typed.
    pub words: Vec<WordExplanation>,
    /// The exact phrases of the query.
    pub phrases: Vec<String>,
    /// The score of all phrases.
    pub phrase_score: f32,
    /// The score of words near each other.
    pub proximity: f32,
    /// How near it is in meaning; `None` where the query is looked for as it is, or one of the two has no vector.
    pub meaning: Option<MeaningExplanation>,
    /// Whether its title holds all words of the query, stop words left out: no record is lifted above it by meaning that does not.
    pub is_in_title: bool,
    /// Whether the query is its title or names its parties: then meaning lifts no hit.
    pub is_whole_title: bool,
    /// The facets of which the query names a value of the case, and the boost for each.
    pub boosts: Vec<(Facet, f32)>,
    /// The boost of a case in an index of cases and contracts; 0 for a contract.
    pub case: f32,
    /// Whether it holds every word and phrase, and no exclusion.
    pub holds_all_words: bool,
    /// Whether an exclusion rules it out.
    pub is_excluded: bool,
    /// The sum.
    pub score: f32,
}

/// How near a record is to a query in meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct MeaningExplanation {
    /// Mean of the cosines with its title and its text, at most 1.
    pub similarity: f32,
    /// Share of the weight of the words of the query that the table of vectors knows, from 0 to 1.
    pub coverage: f32,
    /// What it is worth as a score.
    pub worth: f32,
    /// What was added: at most its worth, and less for a record that it must not lift above another. 0 for a record that is not among
    /// the best hits.
    pub added: f32,
    /// The words that come near.
    pub near: Vec<NearWord>,
}

/// How one word of a query matched.
#[derive(Debug, Clone, PartialEq)]
pub struct WordExplanation {
    /// As it was typed.
    pub word: String,
    /// Whether a case has to hold it.
    pub is_required: bool,
    /// The matches of the disjunct that counts; empty if the case does not hold the word.
    pub matches: Vec<MatchExplanation>,
    /// The sum of their scores.
    pub score: f32,
}

/// One match of a word.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchExplanation {
    /// The rule it matched by.
    pub rule: MatchRule,
    /// The field it matched in.
    pub place: MatchPlace,
    /// The match: a folded word, its stem, or an expression of the lexicon.
    pub found: String,
    /// Its score.
    pub score: f32,
}

/// The rule a word matched by, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchRule {
    /// Written as typed, accents and capitals aside.
    Exact,
    /// Another inflected form of the word.
    Stem,
    /// Another word of its family.
    Derived,
    /// Two words typed apart, written in one.
    Joined,
    /// An acronym or a synonym.
    Synonym,
    /// A word that the typed one is a prefix of.
    Completion,
    /// A similar word, as the typed one is misspelled.
    Correction,
    /// Only in the label of its CPV code.
    Label,
    /// The tier that ranks exact forms above stems, and stems above synonyms, in a query of one word.
    Tier,
}

/// Where a word matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchPlace {
    /// The whole document: title, names, subject and text.
    Case,
    /// The title, in addition.
    Title,
    /// The names of the buyer and the holders, in addition.
    Parties,
    /// The label of the CPV code.
    Label,
}

/// Explains one document. The caller adds the boosts for facet values, `case` if the document is a case, and what meaning added.
pub(crate) fn explain(
    searcher: &Searcher,
    plan: &Plan<'_>,
    address: DocAddress,
    record: &Record,
    vector: Option<RecordVector>,
) -> tantivy::Result<Explanation> {
    let look = |query: &Bm25fQuery| matches(searcher, query, address);
    let interpreted = plan.interpreted;
    let mut words = Vec::with_capacity(interpreted.terms.len());
    let mut held = Vec::with_capacity(interpreted.terms.len());
    let mut holds_all_words = true;
    for term in &interpreted.terms {
        let query = plan.word(term);
        let mut best: (f32, Vec<MatchExplanation>) = (0.0, Vec::new());
        let mut disjuncts = Vec::new();
        for (disjunct, matches) in query.disjuncts.iter().zip(look(&query)?) {
            let score = matches.iter().map(|found| found.score).sum();
            if !matches.is_empty() {
                let held = query.term_match_of(disjunct);
                let has_forms = disjunct.terms.iter().any(|weighted| weighted.is_implied);
                let is_as_typed = !has_forms || matches.iter().any(|found| found.rule == MatchRule::Exact);
                disjuncts.push(if is_as_typed { held } else { held.in_other_form() });
            }
            if score > best.0 {
                best = (score, matches);
            }
        }
        held.push(TermMatch::best(&disjuncts));
        let is_required = interpreted.is_required(term);
        holds_all_words &= !is_required || term.word.value.is_some() || !best.1.is_empty();
        words.push(WordExplanation {
            word: term.word.typed.clone(),
            is_required,
            score: best.0,
            matches: best.1,
        });
    }
    for required in interpreted.requirements() {
        if let Requirement::Named(parts) = required {
            holds_all_words &= plan.named(&parts).holds(searcher, address)?;
        }
    }
    let mut phrase_score = 0.0;
    for phrase in plan.phrase_queries() {
        let matches = look(&phrase)?.concat();
        holds_all_words &= !matches.is_empty();
        phrase_score += matches.iter().map(|found| found.score).sum::<f32>();
    }
    let mut is_excluded = false;
    for exclusion in plan.exclusion_queries() {
        is_excluded |= exclusion.holds(searcher, address)?;
    }
    let segment = searcher.segment_reader(address.segment_ord);
    let mut scorer = ProximityScorer::open(searcher, segment, plan)?;
    let (mut proximity, mut are_near) = scorer.of(address.doc_id);
    if !plan.has_proximity() {
        (proximity, are_near) = (0.0, Vec::new());
    }
    let literal = scorer.literal_match(address.doc_id, interpreted.query.tokens());
    let meaning = plan.meaning().zip(vector).map(|(meaning, vector)| {
        let similarity = meaning.similarity(&vector);
        MeaningExplanation {
            similarity,
            coverage: meaning.coverage(),
            worth: meaning.score(similarity),
            added: 0.0,
            near: near_words(interpreted, record),
        }
    });
    let lengths = segment.get_fieldnorms_reader(plan.fields.stem(Zone::All))?;
    let share = type_boost::length_share(lengths.fieldnorm(address.doc_id));
    let spelled = |phrase: &Vec<crate::query::parser::QueryWord>| {
        let words: Vec<_> = phrase.iter().map(|word| word.typed.as_str()).collect();
        words.join(" ")
    };
    Ok(Explanation {
        score: words.iter().map(|word| word.score).sum::<f32>() + phrase_score + proximity,
        phrases: interpreted.query.phrases.iter().map(spelled).collect(),
        words,
        phrase_score,
        proximity,
        meaning,
        is_in_title: literal.is_in_title,
        is_whole_title: literal.is_whole,
        boosts: Vec::new(),
        case: type_boost::boost(held, |pair| are_near.get(pair).copied().unwrap_or(true), share),
        holds_all_words: holds_all_words && !is_excluded,
        is_excluded,
    })
}

/// The matches of a term in a document, by disjunct.
fn matches(
    searcher: &Searcher,
    query: &Bm25fQuery,
    address: DocAddress,
) -> tantivy::Result<Vec<Vec<MatchExplanation>>> {
    let segment = searcher.segment_reader(address.segment_ord);
    let disjuncts = query.explain(searcher, segment, address.doc_id)?;
    Ok(disjuncts.into_iter().map(|weighted| of_disjunct(&weighted)).collect())
}

/// The matches of one disjunct: by zone, then the tiers.
fn of_disjunct(weighted: &[(&WeightedTerm, Parts)]) -> Vec<MatchExplanation> {
    let explained = |weighted: &WeightedTerm, rule, place, score| MatchExplanation {
        rule,
        place,
        found: weighted.text.clone(),
        score,
    };
    let mut matches = Vec::new();
    for zone in Zone::ALL {
        for (weighted, parts) in weighted {
            let score = parts.zones[zone as usize];
            if score > 0.0 {
                matches.push(explained(weighted, rule(weighted.rule), place(zone), score));
            }
        }
    }
    for (weighted, parts) in weighted.iter().filter(|(_, parts)| parts.constant > 0.0) {
        let (rule, place) = match weighted.rule {
            ClauseRule::Label => (MatchRule::Label, MatchPlace::Label),
            _ => (MatchRule::Tier, MatchPlace::Case),
        };
        matches.push(explained(weighted, rule, place, parts.constant));
    }
    matches
}

fn rule(rule: ClauseRule) -> MatchRule {
    match rule {
        ClauseRule::Exact => MatchRule::Exact,
        ClauseRule::Stem => MatchRule::Stem,
        ClauseRule::Label => MatchRule::Label,
        ClauseRule::Expansion(ExpansionRule::Joined) => MatchRule::Joined,
        ClauseRule::Expansion(ExpansionRule::Synonym) => MatchRule::Synonym,
        ClauseRule::Expansion(ExpansionRule::Derived) => MatchRule::Derived,
        ClauseRule::Expansion(ExpansionRule::Completion) => MatchRule::Completion,
        ClauseRule::Expansion(ExpansionRule::Correction) => MatchRule::Correction,
    }
}

const fn place(zone: Zone) -> MatchPlace {
    match zone {
        Zone::All => MatchPlace::Case,
        Zone::Title => MatchPlace::Title,
        Zone::Parties => MatchPlace::Parties,
    }
}
