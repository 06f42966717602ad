//! Expands the words of a query: compounds, synonyms, completions, corrections, labels.

use rex_analysis::{Analyzer, Synonym, Token, fold};

use crate::error::Result;
use crate::query::expanded_term::{ExpandedTerm, Expansion, ExpansionRule};
use crate::query::parser::{Form, ParsedQuery, QueryWord};
use crate::query::ranking_rules::{RankingRule, Settings};
use crate::query::term_stats::{self, TermStats};
use crate::query::word_joins;
use crate::spellcheck::candidates;

/// Most other words of a family that are searched.
const MAX_DERIVED: usize = 12;

/// The expanded words of a query, stop words left out, in the order typed.
///
/// # Errors
/// An index that cannot be read; a deadline that is past.
pub(crate) fn terms(term_stats: &TermStats<'_>, settings: &Settings, query: &ParsedQuery) -> Result<Vec<ExpandedTerm>> {
    let mut terms = Vec::new();
    let last = query.words.last().map(|word| word.position);
    for word in query.words.iter().filter(|word| word.is_asked) {
        terms.push(ExpandedTerm {
            own: word.forms.iter().chain(&word.wholes).cloned().collect(),
            shares: Vec::new(),
            expansions: Vec::new(),
            labelled: Vec::new(),
            idf: 0.0,
            is_acronym: word.is_in_capitals() && settings.lexicon.has_acronym(&word.typed),
            is_held: false,
            is_missing: false,
            word: word.clone(),
        });
    }
    if settings.has(RankingRule::Joins) {
        word_joins::add(term_stats, settings, query, &mut terms)?;
    }
    if settings.has(RankingRule::Synonyms) {
        add_synonyms(settings, query, &mut terms);
    }
    for term in &mut terms {
        term_stats.deadline.check()?;
        // A joined word or a synonym is no guess: no completion or correction then.
        let is_found = term
            .expansions
            .iter()
            .any(|expansion| matches!(expansion.rule, ExpansionRule::Joined | ExpansionRule::Synonym));
        if !is_found {
            let is_last = last == Some(term.word.position);
            let found = candidates::replacements(term_stats, settings, &term.word, is_last)?;
            let found = found.into_iter().map(|found| {
                let rule = match found.is_completion {
                    true => ExpansionRule::Completion,
                    false => ExpansionRule::Correction,
                };
                let text = found.form.exact.clone();
                Expansion::of_word(rule, found.form, text)
            });
            term.expansions.extend(found);
        }
        add_labels(term_stats, term)?;
        weigh(term_stats, term)?;
    }
    Ok(terms)
}

/// Expands some words with the other words of their family, at most [`MAX_DERIVED`] each; returns whether there are any. Words that
/// name a facet value are not expanded.
///
/// # Errors
/// An index that cannot be read; a deadline that is past.
pub(crate) fn derive(
    term_stats: &TermStats<'_>,
    settings: &Settings,
    terms: &mut [ExpandedTerm],
    is_meant: impl Fn(&ExpandedTerm) -> bool,
) -> Result<bool> {
    let mut has_any = false;
    if !settings.has(RankingRule::Derived) {
        return Ok(false);
    }
    let may_be_derived = |term: &&mut ExpandedTerm| !term.is_acronym && term.word.value.is_none();
    for term in terms.iter_mut().filter(|term| may_be_derived(term) && is_meant(term)) {
        term_stats.deadline.check()?;
        let known: Vec<&str> = term.placed().collect();
        let mut family = Vec::new();
        for form in &term.own {
            family.extend(term_stats.of_family(rex_analysis::family(&form.stem))?);
        }
        family.retain(|(stem, _)| !known.contains(&stem.as_str()));
        family.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
        family.dedup();
        family.truncate(MAX_DERIVED);
        for (stem, _) in family {
            has_any = true;
            let text = rex_analysis::lemma_of(&stem);
            let form = Form {
                exact: text.clone(),
                stem,
                related: Vec::new(),
            };
            term.expansions
                .push(Expansion::of_word(ExpansionRule::Derived, form, text));
        }
        weigh(term_stats, term)?;
    }
    Ok(has_any)
}

/// Collects the stems that some label has; the others would only cost time.
fn add_labels(term_stats: &TermStats<'_>, term: &mut ExpandedTerm) -> tantivy::Result<()> {
    let replacing = term
        .expansions
        .iter()
        .filter(|expansion| matches!(expansion.rule, ExpansionRule::Completion | ExpansionRule::Correction));
    let replacing = replacing.flat_map(|expansion| expansion.sequence.iter().map(|(_, form)| form));
    for form in term.own.iter().chain(replacing) {
        if !term.labelled.contains(&form.stem) && term_stats.cases_labelled(&form.stem)? > 0 {
            term.labelled.push(form.stem.clone());
        }
    }
    Ok(())
}

/// Adds the synonyms of the lexicon, one step: a synonym has no synonyms.
fn add_synonyms(settings: &Settings, query: &ParsedQuery, terms: &mut [ExpandedTerm]) {
    for (rank, first) in query.words.iter().enumerate() {
        let stems = first.forms.iter().flat_map(Form::stems);
        for synonym in stems.flat_map(|stem| settings.lexicon.beginning_with(stem)) {
            if is_typed(settings.analyzer, synonym, &query.words[rank..]) {
                let positions = first.position..first.position + synonym.from.len();
                add_synonym(settings.analyzer, synonym, terms, |position| {
                    positions.contains(&position)
                });
            }
        }
    }
}

/// Whether words begin with the words of a synonym.
fn is_typed(analyzer: Analyzer, synonym: &Synonym, words: &[QueryWord]) -> bool {
    let is_word = |(rank, token): (usize, &Token)| {
        let word = words.get(rank)?;
        let is_next = word.position == words[0].position + rank;
        // An acronym may be spelled like a word, and does not have its forms.
        let is_form = |form: &Form| {
            form.exact == token.exact || !synonym.is_acronym && analyzer.are_forms_of_one(&form.exact, &token.exact)
        };
        let is_same = word.forms.iter().any(is_form);
        Some(is_next && is_same && (!synonym.is_in_capitals || word.is_in_capitals()))
    };
    synonym
        .from
        .iter()
        .enumerate()
        .all(|word| is_word(word).unwrap_or_default())
}

/// A synonym of several words expands each of them, with its weight divided between them.
fn add_synonym(analyzer: Analyzer, synonym: &Synonym, terms: &mut [ExpandedTerm], covers: impl Fn(usize) -> bool) {
    let rule = ExpansionRule::Synonym;
    let covered = terms.iter().filter(|term| covers(term.word.position)).count().max(1);
    let start = synonym.to[0].position;
    let sequence: Vec<_> = synonym
        .to
        .iter()
        .map(|token| (token.position - start, Form::of(analyzer, token.clone())))
        .collect();
    for term in terms.iter_mut().filter(|term| covers(term.word.position)) {
        term.expansions.push(Expansion {
            rule,
            sequence: sequence.clone(),
            is_exact: synonym.to_text.chars().all(|c| c.is_uppercase() || c.is_ascii_digit()),
            factor: rule.factor() / covered as f32,
            text: synonym.to_text.clone(),
        });
    }
}

/// Sets the IDF. An expansion of a word that the index has never weighs more than the word itself. Labels count if no case holds the
/// word.
fn weigh(term_stats: &TermStats<'_>, term: &mut ExpandedTerm) -> tantivy::Result<()> {
    let (mut known, mut labelled) = (0, 0);
    let mut held: Vec<(String, u64)> = Vec::with_capacity(term.own.len());
    for form in &term.own {
        let holding = match term.is_acronym {
            true => term_stats.cases_with_exactly(&form.exact)?,
            false => term_stats.cases_with(form)?,
        };
        known = known.max(holding);
        held.push((fold(&form.exact), holding));
        labelled = labelled.max(term_stats.cases_labelled(&form.stem)?);
    }
    term.is_held = known > 0;
    let share = |(spelling, holding): &(String, u64)| {
        let of_spelling = held.iter().filter(|(other, _)| other == spelling);
        let most = of_spelling.map(|(_, holding)| *holding).max().unwrap_or_default();
        *holding as f32 / most.max(1) as f32
    };
    term.shares = held.iter().map(share).collect();
    let mut is_missing = known == 0 && term.labelled.is_empty();
    if known == 0 {
        known = labelled;
    }
    let own = term_stats::idf(term_stats.cases(), known);
    term.idf = own;
    for expansion in &mut term.expansions {
        let (mut idf, mut holding) = (0.0, u64::MAX);
        for (_, form) in &expansion.sequence {
            idf += term_stats.idf_of_stem(&form.stem)?;
            holding = holding.min(term_stats.cases_with(form)?);
        }
        if known == 0 {
            term.idf = term.idf.min(idf);
        } else if idf > own {
            expansion.factor = expansion.factor.min(expansion.rule.factor() * own / idf);
        }
        is_missing &= holding == 0;
    }
    term.is_missing = is_missing;
    Ok(())
}
