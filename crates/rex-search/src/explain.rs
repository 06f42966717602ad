//! Why a case is found, and where its score comes from.

use rex_index::{Facet, Lengths, Zone};
use tantivy::query::Query;
use tantivy::{DocAddress, DocSet, Searcher};

use crate::meaning::AlternativeRule;
use crate::plan::{Clause, ClauseRule, Plan};
use crate::proximity::Nearness;

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
    pub raises: Vec<(Facet, f32)>,
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
    /// Another form of the word.
    Stem,
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

/// Explains one document. Its raises are for the caller to add.
pub(crate) fn explain(searcher: &Searcher, plan: &Plan<'_>, address: DocAddress) -> tantivy::Result<Explanation> {
    let mut words = Vec::with_capacity(plan.meanings.len());
    for meaning in plan.meanings {
        let mut best: (f32, Vec<MatchExplanation>) = (0.0, Vec::new());
        for way in plan.word_plan(meaning).ways {
            let matches = matches(searcher, plan.lengths, way, address)?;
            let score = matches.iter().map(|found| found.score).sum();
            if score > best.0 {
                best = (score, matches);
            }
        }
        words.push(WordExplanation {
            word: meaning.word.typed.clone(),
            is_required: meaning.is_required,
            score: best.0,
            matches: best.1,
        });
    }
    let mut phrase_score = 0.0;
    let mut holds_all_words = words.iter().all(|word| !word.is_required || !word.matches.is_empty());
    for phrase in plan.phrase_queries() {
        let score = score_of(searcher, plan.lengths, &*phrase, address)?;
        holds_all_words &= score.is_some();
        phrase_score += score.unwrap_or_default();
    }
    let mut is_excluded = false;
    for exclusion in plan.exclusion_queries() {
        is_excluded |= score_of(searcher, plan.lengths, &*exclusion, address)?.is_some();
    }
    let proximity = if plan.has_proximity() {
        let segment = searcher.segment_reader(address.segment_ord);
        Nearness::open(searcher, segment, plan)?.of(address.doc_id)
    } else {
        0.0
    };
    let spelled = |phrase: &Vec<crate::parse::Word>| {
        let words: Vec<_> = phrase.iter().map(|word| word.typed.as_str()).collect();
        words.join(" ")
    };
    Ok(Explanation {
        score: words.iter().map(|word| word.score).sum::<f32>() + phrase_score + proximity,
        phrases: plan.query.phrases.iter().map(spelled).collect(),
        words,
        phrase_score,
        proximity,
        raises: Vec::new(),
        case: 0.0,
        holds_all_words: holds_all_words && !is_excluded,
        is_excluded,
    })
}

/// The clauses of one way that a document matches.
fn matches(
    searcher: &Searcher,
    lengths: &Lengths,
    way: Vec<Clause>,
    address: DocAddress,
) -> tantivy::Result<Vec<MatchExplanation>> {
    let mut matches = Vec::new();
    for clause in way {
        if let Some(score) = score_of(searcher, lengths, &*clause.query, address)? {
            matches.push(MatchExplanation {
                rule: rule(clause.rule),
                place: place(&clause),
                found: clause.text,
                score,
            });
        }
    }
    Ok(matches)
}

/// What a query gives a document; none where it does not match.
fn score_of(
    searcher: &Searcher,
    lengths: &Lengths,
    query: &dyn Query,
    address: DocAddress,
) -> tantivy::Result<Option<f32>> {
    let weight = lengths.weigh(query, searcher)?;
    let mut scorer = weight.scorer(searcher.segment_reader(address.segment_ord), 1.0)?;
    let at = scorer.doc();
    let at = if at < address.doc_id {
        scorer.seek(address.doc_id)
    } else {
        at
    };
    Ok((at == address.doc_id).then(|| scorer.score()))
}

fn rule(rule: ClauseRule) -> MatchRule {
    match rule {
        ClauseRule::Exact => MatchRule::Exact,
        ClauseRule::Stem => MatchRule::Stem,
        ClauseRule::Tier => MatchRule::Tier,
        ClauseRule::Label => MatchRule::Label,
        ClauseRule::Alternative(AlternativeRule::Joined) => MatchRule::Joined,
        ClauseRule::Alternative(AlternativeRule::Synonym) => MatchRule::Synonym,
        ClauseRule::Alternative(AlternativeRule::Completion) => MatchRule::Completion,
        ClauseRule::Alternative(AlternativeRule::Correction) => MatchRule::Correction,
    }
}

fn place(clause: &Clause) -> MatchPlace {
    match clause.zone {
        _ if clause.rule == ClauseRule::Label => MatchPlace::Label,
        Zone::All => MatchPlace::Case,
        Zone::Title => MatchPlace::Title,
        Zone::Parties => MatchPlace::Parties,
    }
}
