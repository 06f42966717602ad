//! Completions and corrections of words that the index has hardly or not at all.

use rex_analysis::{Analyzer, Dictionary, Kinds};

use crate::query::parser::{Form, QueryWord};
use crate::query::ranking_rules::{RankingRule, Settings};
use crate::query::term_stats::TermStats;
use crate::spellcheck::levenshtein::{
    MAX_ERRORS, MIN_OFFER_LETTERS, distance, distance_of_singulars, max_errors, same_initial,
};

/// Most replacements of a word.
const MAX_REPLACEMENTS: usize = 5;
/// Letters of the shortest word that is completed.
const MIN_PREFIX: usize = 3;
/// The same inside a query, where a word is no longer being typed.
const MIN_PREFIX_INSIDE: usize = 4;
/// A word in at most `HARDLY_KNOWN` cases is corrected to one in `MUCH_LESS` times as many.
const MUCH_LESS: u64 = 50;
const HARDLY_KNOWN: u64 = 1;

/// A replacement of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replacement {
    pub(crate) form: Form,
    /// Whether the word is a prefix of it, rather than a misspelling.
    pub(crate) is_completion: bool,
}

/// What is searched in the place of a word, or beside it, the likeliest first.
///
/// Not replaced: words of the dictionary, the lexicon and the synonyms of the publisher, parts of compounds, numbers, codes, acronyms
/// in capitals. See [`crate::spellcheck::levenshtein`] for the number of errors.
///
/// # Errors
/// An index that cannot be read.
pub(crate) fn replacements(
    term_stats: &TermStats<'_>,
    settings: &Settings,
    word: &QueryWord,
    is_last: bool,
) -> tantivy::Result<Vec<Replacement>> {
    let Some(form) = replaceable(word) else {
        return Ok(Vec::new());
    };
    let replacement = |is_completion: bool| {
        move |word: String| {
            Some(Replacement {
                form: form_of(settings.analyzer, &word)?,
                is_completion,
            })
        }
    };
    let known = known(term_stats, word)?;
    let is_word = is_word(settings, form);
    if settings.has(RankingRule::Prefixes) && may_go_on(term_stats, word, is_word, is_last)? {
        let begun = completions(term_stats, form, known, is_last)?;
        if is_last && !begun.is_empty() {
            return Ok(begun.into_iter().filter_map(replacement(true)).collect());
        }
    }
    if is_word || known > HARDLY_KNOWN || !word.wholes.is_empty() {
        return Ok(Vec::new());
    }
    if settings.has(RankingRule::Corrections) {
        let spelled = corrections(term_stats, &form.exact, known)?;
        if !spelled.is_empty() {
            return Ok(spelled.into_iter().filter_map(replacement(false)).collect());
        }
    }
    if is_last || known > 0 || !settings.has(RankingRule::Prefixes) {
        return Ok(Vec::new());
    }
    let begun = completions(term_stats, form, known, is_last)?;
    Ok(begun.into_iter().filter_map(replacement(true)).collect())
}

/// A word one error away from a missing one, or with it as a prefix: offered, not searched. The most frequent one; `None` if there is
/// none.
///
/// # Errors
/// An index that cannot be read.
pub(crate) fn offer(term_stats: &TermStats<'_>, word: &QueryWord) -> tantivy::Result<Option<String>> {
    let Some(form) = replaceable(word).filter(|form| form.exact.len() >= MIN_OFFER_LETTERS) else {
        return Ok(None);
    };
    let near = term_stats.near(&form.exact, 1)?.into_iter();
    let near = near.filter(|(word, _)| same_initial(word, &form.exact));
    let likeliest = near.max_by(|a, b| (a.1, &b.0).cmp(&(b.1, &a.0))).map(|(word, _)| word);
    if likeliest.is_some() {
        return Ok(likeliest);
    }
    let begun = most_frequent(term_stats.beginning_with(&form.exact)?);
    Ok(begun.into_iter().next())
}

/// The form of a word that may be replaced: letters only, unambiguous, no acronym.
fn replaceable(word: &QueryWord) -> Option<&Form> {
    /// Letters of the longest acronym.
    const ACRONYM: usize = 5;
    let [form] = word.forms.as_slice() else {
        return None;
    };
    let is_word = form.exact.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_acronym = word.is_in_capitals() && form.exact.len() <= ACRONYM;
    (is_word && !is_acronym).then_some(form)
}

/// Whether the dictionary or the lexicon has a word.
fn is_word(settings: &Settings, form: &Form) -> bool {
    settings.has(RankingRule::Dictionary) && Dictionary::shipped().get(&form.exact).is_some()
        || settings.lexicon.has_word(&form.stem)
}

/// Whether the last word of a query may be completed: it is not in the dictionary; or it is there only as a name (*Accor*, for
/// *accord*), as a rare verb form (*prestât*, for *prestation*), or as a verb form that no case has (*menuiser*, for *menuiserie*).
fn may_go_on(term_stats: &TermStats<'_>, word: &QueryWord, is_word: bool, is_last: bool) -> tantivy::Result<bool> {
    let [form] = word.forms.as_slice() else {
        return Ok(false);
    };
    if !is_last || !is_word {
        return Ok(is_last);
    }
    let Some(entry) = Dictionary::shipped().get(&form.exact) else {
        return Ok(false);
    };
    let kinds = entry.kinds();
    Ok(kinds.is_only(Kinds::NAME | Kinds::RARE_VERB)
        || kinds.is_only(Kinds::VERB) && term_stats.cases_with_exactly(&form.exact)? == 0)
}

/// The most frequent words with this prefix, none rarer than the word itself.
fn completions(term_stats: &TermStats<'_>, form: &Form, known: u64, is_last: bool) -> tantivy::Result<Vec<String>> {
    let shortest = if is_last { MIN_PREFIX } else { MIN_PREFIX_INSIDE };
    if form.exact.len() < shortest {
        return Ok(Vec::new());
    }
    let mut begun = term_stats.beginning_with(&form.exact)?;
    begun.retain(|(word, cases)| *word != form.exact && *cases >= known);
    Ok(most_frequent(begun))
}

/// Number of cases that hold a word in one of its forms, or the compound it is a part of, in the text or in the label of the CPV code:
/// a word of the nomenclature is not misspelled.
fn known(term_stats: &TermStats<'_>, word: &QueryWord) -> tantivy::Result<u64> {
    let mut known = 0;
    for form in word.forms.iter().chain(&word.wholes) {
        known = known
            .max(term_stats.cases_with(form)?)
            .max(term_stats.cases_labelled(&form.stem)?);
    }
    Ok(known)
}

/// The nearest words: fewest errors first, then the same first letter, then words of the dictionary, then the most frequent.
fn corrections(term_stats: &TermStats<'_>, typed: &str, known: u64) -> tantivy::Result<Vec<String>> {
    let errors = match max_errors(typed.len()) {
        0 => return Ok(Vec::new()),
        // A rare word that exists is seldom two errors from what was meant.
        _ if known > 0 => 1,
        errors => errors,
    };
    let within = |looked_for: u8, errors_between: fn(&str, &str) -> usize| -> tantivy::Result<Vec<_>> {
        let near = term_stats.near(typed, looked_for)?.into_iter().filter(|(word, cases)| {
            let is_word = word != typed && word.bytes().all(|byte| byte.is_ascii_lowercase());
            is_word && *cases >= MUCH_LESS * known && errors_between(word, typed) <= usize::from(errors)
        });
        let near = near.map(|(word, cases)| {
            let other_initial = !same_initial(&word, typed);
            let is_unknown = Dictionary::shipped().get(&word).is_none();
            ((errors_between(&word, typed), other_initial, is_unknown), cases, word)
        });
        Ok(near.collect())
    };
    let mut near = within(errors, distance)?;
    if near.is_empty() {
        near = within(MAX_ERRORS, distance_of_singulars)?;
    }
    near.sort_by(|a, b| (a.0, b.1, &a.2).cmp(&(b.0, a.1, &b.2)));
    let nearest = near.first().map(|(distance, ..)| *distance);
    let as_near = near.into_iter().take_while(|(distance, ..)| Some(*distance) == nearest);
    Ok(as_near.map(|(.., word)| word).take(MAX_REPLACEMENTS).collect())
}

fn most_frequent(mut words: Vec<(String, u64)>) -> Vec<String> {
    words.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    words.into_iter().map(|(word, _)| word).take(MAX_REPLACEMENTS).collect()
}

/// The form of a term of the index.
fn form_of(analyzer: Analyzer, exact: &str) -> Option<Form> {
    let token = analyzer.analyze(exact).into_iter().find(|token| token.span == 1)?;
    Some(Form::new(analyzer, exact.to_owned(), token.stem))
}
