//! Why a case is found, and where its score comes from.

use rex_index::Zone;
use rex_query::Facet;
use tantivy::{DocAddress, Searcher};

use crate::query::expanded_term::ExpansionRule;
use crate::query::interpretation::Requirement;
use crate::query::planner::Plan;
use crate::scoring::bm25f_scorer::{Bm25fQuery, Parts};
use crate::scoring::proximity::ProximityScorer;
use crate::scoring::type_boost::{self, TermMatch};
use crate::scoring::weighted_term::ClauseRule;
use crate::scoring::weighted_term::WeightedTerm;

/// Why a case ranks where it does for a query. The parts add up to the score.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The words asked for, in the order typed.
    pub words: Vec<WordExplanation>,
    /// The exact phrases asked for, and what the phrases count together.
    pub phrases: Vec<String>,
    /// What the phrases count.
    pub phrase_score: f32,
    /// What the words near each other count.
    pub proximity: f32,
    /// The facets of which the query names a value that the case has, and what each counts.
    pub boosts: Vec<(Facet, f32)>,
    /// What being a case counts in an index that holds contracts too; 0 for a contract.
    pub case: f32,
    /// Whether it holds every word and phrase, and no exclusion.
    pub holds_all_words: bool,
    /// Whether an exclusion takes it out.
    pub is_excluded: bool,
    /// The sum of it all.
    pub score: f32,
}

/// How one word of a query matched.
#[derive(Debug, Clone, PartialEq)]
pub struct WordExplanation {
    /// As it was typed.
    pub word: String,
    /// Whether a case has to hold it.
    pub is_required: bool,
    /// The matches of the way that counts; none where the case does not hold the word.
    pub matches: Vec<MatchExplanation>,
    /// What they add up to.
    pub score: f32,
}

/// One match of a word.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchExplanation {
    /// The rule it matched by.
    pub rule: MatchRule,
    /// Where.
    pub place: MatchPlace,
    /// What was found there: a folded word, its stem, or an expression of the lexicon.
    pub found: String,
    /// What it counts.
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
    /// A word that begins so.
    Completion,
    /// A word spelled otherwise.
    Correction,
    /// Not said by the case: by the label of its CPV code.
    Label,
    /// What keeps exact forms above stems, and stems above synonyms, in a query of one word.
    Tier,
}

/// Where a word matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchPlace {
    /// Anywhere: title, names, subject and text together.
    Case,
    /// In the title, on top of it.
    Title,
    /// In the names of the buyer and the holders, on top of it.
    Parties,
    /// In the label of the CPV code.
    Label,
}

/// Explains one document. What it is raised by for values is for the caller to add, as is, where it is a case, what `case` gives.
pub(crate) fn explain(searcher: &Searcher, plan: &Plan<'_>, address: DocAddress) -> tantivy::Result<Explanation> {
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
    let (proximity, are_near) = if plan.has_proximity() {
        let segment = searcher.segment_reader(address.segment_ord);
        ProximityScorer::open(searcher, segment, plan)?.of(address.doc_id)
    } else {
        (0.0, Vec::new())
    };
    let lengths = searcher
        .segment_reader(address.segment_ord)
        .get_fieldnorms_reader(plan.fields.stem(Zone::All))?;
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
        boosts: Vec::new(),
        case: type_boost::boost(held, |pair| are_near.get(pair).copied().unwrap_or(true), share),
        holds_all_words: holds_all_words && !is_excluded,
        is_excluded,
    })
}

/// What a document matches of a word, way by way.
fn matches(
    searcher: &Searcher,
    query: &Bm25fQuery,
    address: DocAddress,
) -> tantivy::Result<Vec<Vec<MatchExplanation>>> {
    let segment = searcher.segment_reader(address.segment_ord);
    let disjuncts = query.explain(searcher, segment, address.doc_id)?;
    Ok(disjuncts.into_iter().map(|weighted| of_disjunct(&weighted)).collect())
}

/// The matches of one way: zone by zone, then what keeps the ways to match apart.
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
