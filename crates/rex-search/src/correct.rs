//! What a word that the index does not know may stand for: the beginning of a word, or a word with a typing error.

use rex_analysis::Analyzer;
use strsim::osa_distance;

use crate::parse::{Form, Word};
use crate::vocabulary::Vocabulary;

/// Words that stand for one, at most.
const MAX_REPLACEMENTS: usize = 5;
/// A shorter word is not taken for a beginning.
const MIN_PREFIX: usize = 3;
/// Nor one that is not the last, which the visitor is no longer typing.
const MIN_PREFIX_INSIDE: usize = 4;
/// A word is known much less than a neighbour that so many times more cases hold, when at most so many hold it.
const MUCH_LESS: u64 = 50;
const HARDLY_KNOWN: u64 = 1;

/// What stands for a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replacement {
    pub(crate) form: Form,
    /// Whether it is a word that begins so, rather than one spelled otherwise.
    pub(crate) is_completion: bool,
}

/// What is looked for in the place of a word, the likeliest first; nothing for a word that the index knows well.
///
/// Numbers, codes and acronyms in capitals are what they are: nobody means another. One error is forgiven from 4 letters
/// on and two from 8 on, which is about what one types wrong (Damerau, « A technique for computer detection and correction of
/// spelling errors », CACM 7(3), 1964: four errors in five are one letter wrong, missing, too many, or two swapped).
pub(crate) fn replacements(
    vocabulary: &Vocabulary<'_>,
    analyzer: Analyzer,
    word: &Word,
    is_last: bool,
    rules: Rules,
) -> tantivy::Result<Vec<Replacement>> {
    let [form] = word.forms.as_slice() else {
        return Ok(Vec::new());
    };
    let is_word = form.exact.bytes().all(|byte| byte.is_ascii_lowercase());
    if !is_word || word.is_in_capitals() && form.exact.len() < 6 {
        return Ok(Vec::new());
    }
    let known = known(vocabulary, word)?;
    if known > HARDLY_KNOWN {
        return Ok(Vec::new());
    }
    let completions = |shortest: usize| -> tantivy::Result<Vec<(String, u64)>> {
        if known == 0 && rules.prefixes && form.exact.len() >= shortest {
            vocabulary.beginning_with(&form.exact)
        } else {
            Ok(Vec::new())
        }
    };
    let replacement = |is_completion: bool| {
        move |word: String| {
            Some(Replacement {
                form: form_of(analyzer, &word)?,
                is_completion,
            })
        }
    };
    if is_last {
        let begun = most_frequent(completions(MIN_PREFIX)?);
        if !begun.is_empty() {
            return Ok(begun.into_iter().filter_map(replacement(true)).collect());
        }
    }
    let spelled = if rules.corrections {
        corrections(vocabulary, &form.exact, known)?
    } else {
        Vec::new()
    };
    if spelled.is_empty() && !is_last {
        let begun = most_frequent(completions(MIN_PREFIX_INSIDE)?);
        return Ok(begun.into_iter().filter_map(replacement(true)).collect());
    }
    Ok(spelled.into_iter().filter_map(replacement(false)).collect())
}

/// What may be done about a word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub(crate) corrections: bool,
    pub(crate) prefixes: bool,
}

/// Cases that hold a word in one of its forms, or the compound it is a part of, themselves or in the label of their CPV code:
/// a word of the nomenclature is no typing error.
fn known(vocabulary: &Vocabulary<'_>, word: &Word) -> tantivy::Result<u64> {
    let mut known = 0;
    for form in word.forms.iter().chain(&word.wholes) {
        known = known
            .max(vocabulary.cases_with(form)?)
            .max(vocabulary.cases_labelled(&form.stem)?);
    }
    Ok(known)
}

/// The nearest words: fewest errors first, then the same first letter, then the most frequent.
fn corrections(vocabulary: &Vocabulary<'_>, typed: &str, known: u64) -> tantivy::Result<Vec<String>> {
    let errors = match typed.len() {
        0..4 => return Ok(Vec::new()),
        4..8 => 1,
        // A rare word that exists is seldom two errors from what was meant.
        _ if known > 0 => 1,
        _ => 2,
    };
    let mut near: Vec<_> = vocabulary
        .near(typed, errors)?
        .into_iter()
        .filter(|(word, cases)| {
            word != typed && word.bytes().all(|byte| byte.is_ascii_lowercase()) && *cases >= MUCH_LESS * known
        })
        .map(|(word, cases)| {
            let other_initial = word.as_bytes().first() != typed.as_bytes().first();
            ((osa_distance(&word, typed), other_initial), cases, word)
        })
        .collect();
    near.sort_by(|a, b| (a.0, b.1, &a.2).cmp(&(b.0, a.1, &b.2)));
    let nearest = near.first().map(|(distance, ..)| *distance);
    let as_near = near.into_iter().take_while(|(distance, ..)| Some(*distance) == nearest);
    Ok(as_near.map(|(.., word)| word).take(MAX_REPLACEMENTS).collect())
}

fn most_frequent(mut words: Vec<(String, u64)>) -> Vec<String> {
    words.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    words.into_iter().map(|(word, _)| word).take(MAX_REPLACEMENTS).collect()
}

/// A word of the index as it would be typed.
fn form_of(analyzer: Analyzer, exact: &str) -> Option<Form> {
    let token = analyzer.analyze(exact).into_iter().find(|token| token.span == 1)?;
    Some(Form {
        exact: exact.to_owned(),
        stem: token.stem,
    })
}
