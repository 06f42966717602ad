//! What each word of a query may be found as: itself, a compound, a synonym, a completion, a correction, a label.

use rex_analysis::{Analyzer, Synonym, Token, fold};

use crate::query::expanded_term::{Alternative, AlternativeRule, Meaning};
use crate::query::parser::{Form, ParsedQuery, Word};
use crate::query::ranking_rules::{RankingRule, Settings};
use crate::query::term_stats::Vocabulary;
use crate::query::word_joins;
use crate::spellcheck::candidates;

/// Other words of a family that are looked for.
const MAX_DERIVED: usize = 12;

/// What the words of a query may be found as; those that are asked for, in the order typed.
pub(crate) fn meanings(
    vocabulary: &Vocabulary<'_>,
    settings: &Settings,
    query: &ParsedQuery,
) -> tantivy::Result<Vec<Meaning>> {
    let mut meanings = Vec::new();
    let last = query.words.last().map(|word| word.position);
    for word in query.words.iter().filter(|word| word.is_asked) {
        meanings.push(Meaning {
            own: word.forms.iter().chain(&word.wholes).cloned().collect(),
            shares: Vec::new(),
            alternatives: Vec::new(),
            labelled: Vec::new(),
            weight: 0.0,
            is_acronym: word.is_in_capitals() && settings.lexicon.has_acronym(&word.typed),
            is_held: false,
            is_missing: false,
            word: word.clone(),
        });
    }
    if settings.has(RankingRule::Joins) {
        word_joins::add(vocabulary, settings, query, &mut meanings)?;
    }
    if settings.has(RankingRule::Synonyms) {
        add_synonyms(settings, query, &mut meanings);
    }
    for meaning in &mut meanings {
        // What is found another way needs no guess.
        let is_found = meaning
            .alternatives
            .iter()
            .any(|alternative| matches!(alternative.rule, AlternativeRule::Joined | AlternativeRule::Synonym));
        if !is_found {
            let is_last = last == Some(meaning.word.position);
            let found = candidates::replacements(vocabulary, settings, &meaning.word, is_last)?;
            let found = found.into_iter().map(|found| {
                let rule = match found.is_completion {
                    true => AlternativeRule::Completion,
                    false => AlternativeRule::Correction,
                };
                let text = found.form.exact.clone();
                Alternative::of_word(rule, found.form, text)
            });
            meaning.alternatives.extend(found);
        }
        add_labels(vocabulary, meaning)?;
        weigh(vocabulary, meaning)?;
    }
    Ok(meanings)
}

/// Adds the other words of the family of some words, at most [`MAX_DERIVED`] to each; whether there are any. Words that name a value are
/// what they are.
///
/// # Errors
/// An index that cannot be read.
pub(crate) fn derive(
    vocabulary: &Vocabulary<'_>,
    settings: &Settings,
    meanings: &mut [Meaning],
    is_meant: impl Fn(&Meaning) -> bool,
) -> tantivy::Result<bool> {
    let mut has_any = false;
    if !settings.has(RankingRule::Derived) {
        return Ok(false);
    }
    let may_be_derived = |meaning: &&mut Meaning| !meaning.is_acronym && meaning.word.value.is_none();
    for meaning in meanings
        .iter_mut()
        .filter(|meaning| may_be_derived(meaning) && is_meant(meaning))
    {
        let known: Vec<&str> = meaning.placed().collect();
        let mut family = Vec::new();
        for form in &meaning.own {
            family.extend(vocabulary.of_family(rex_analysis::family(&form.stem))?);
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
            meaning
                .alternatives
                .push(Alternative::of_word(AlternativeRule::Derived, form, text));
        }
        weigh(vocabulary, meaning)?;
    }
    Ok(has_any)
}

/// The stems by which labels are looked for: those that some label holds, as all others would only cost time.
fn add_labels(vocabulary: &Vocabulary<'_>, meaning: &mut Meaning) -> tantivy::Result<()> {
    let replacing = meaning.alternatives.iter().filter(|alternative| {
        matches!(
            alternative.rule,
            AlternativeRule::Completion | AlternativeRule::Correction
        )
    });
    let replacing = replacing.flat_map(|alternative| alternative.sequence.iter().map(|(_, form)| form));
    for form in meaning.own.iter().chain(replacing) {
        if !meaning.labelled.contains(&form.stem) && vocabulary.cases_labelled(&form.stem)? > 0 {
            meaning.labelled.push(form.stem.clone());
        }
    }
    Ok(())
}

/// What the lexicon says of the words typed. One step: a synonym has no synonyms.
fn add_synonyms(settings: &Settings, query: &ParsedQuery, meanings: &mut [Meaning]) {
    for (rank, first) in query.words.iter().enumerate() {
        let stems = first.forms.iter().flat_map(Form::stems);
        for synonym in stems.flat_map(|stem| settings.lexicon.beginning_with(stem)) {
            if is_typed(settings.analyzer, synonym, &query.words[rank..]) {
                let positions = first.position..first.position + synonym.from.len();
                add_synonym(settings.analyzer, synonym, meanings, |position| {
                    positions.contains(&position)
                });
            }
        }
    }
}

/// Whether words begin with what a synonym stands for.
fn is_typed(analyzer: Analyzer, synonym: &Synonym, words: &[Word]) -> bool {
    let is_word = |(rank, token): (usize, &Token)| {
        let word = words.get(rank)?;
        let is_next = word.position == words[0].position + rank;
        // The letters of an acronym may be those of a word, whose forms it does not have.
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

/// A synonym of several words stands for each of them, and is worth as much as all.
fn add_synonym(analyzer: Analyzer, synonym: &Synonym, meanings: &mut [Meaning], covers: impl Fn(usize) -> bool) {
    let rule = AlternativeRule::Synonym;
    let covered = meanings
        .iter()
        .filter(|meaning| covers(meaning.word.position))
        .count()
        .max(1);
    let start = synonym.to[0].position;
    let sequence: Vec<_> = synonym
        .to
        .iter()
        .map(|token| (token.position - start, Form::of(analyzer, token.clone())))
        .collect();
    for meaning in meanings.iter_mut().filter(|meaning| covers(meaning.word.position)) {
        meaning.alternatives.push(Alternative {
            rule,
            sequence: sequence.clone(),
            is_exact: synonym.to_text.chars().all(|c| c.is_uppercase() || c.is_ascii_digit()),
            factor: rule.factor() / covered as f32,
            text: synonym.to_text.clone(),
        });
    }
}

/// How telling a word is; what stands for a word the index knows is never more telling than the word itself. Labels count
/// where no case says the word.
fn weigh(vocabulary: &Vocabulary<'_>, meaning: &mut Meaning) -> tantivy::Result<()> {
    let (mut known, mut labelled) = (0, 0);
    let mut held: Vec<(String, u64)> = Vec::with_capacity(meaning.own.len());
    for form in &meaning.own {
        let holding = match meaning.is_acronym {
            true => vocabulary.cases_with_exactly(&form.exact)?,
            false => vocabulary.cases_with(form)?,
        };
        known = known.max(holding);
        held.push((fold(&form.exact), holding));
        labelled = labelled.max(vocabulary.cases_labelled(&form.stem)?);
    }
    meaning.is_held = known > 0;
    let share = |(spelling, holding): &(String, u64)| {
        let of_spelling = held.iter().filter(|(other, _)| other == spelling);
        let most = of_spelling.map(|(_, holding)| *holding).max().unwrap_or_default();
        *holding as f32 / most.max(1) as f32
    };
    meaning.shares = held.iter().map(share).collect();
    let mut is_missing = known == 0 && meaning.labelled.is_empty();
    if known == 0 {
        known = labelled;
    }
    let own = crate::query::term_stats::weight(vocabulary.cases(), known);
    meaning.weight = own;
    for alternative in &mut meaning.alternatives {
        let (mut weight, mut holding) = (0.0, u64::MAX);
        for (_, form) in &alternative.sequence {
            weight += vocabulary.weight_of_stem(&form.stem)?;
            holding = holding.min(vocabulary.cases_with(form)?);
        }
        if known == 0 {
            meaning.weight = meaning.weight.min(weight);
        } else if weight > own {
            alternative.factor = alternative.factor.min(alternative.rule.factor() * own / weight);
        }
        is_missing &= holding == 0;
    }
    meaning.is_missing = is_missing;
    Ok(())
}
