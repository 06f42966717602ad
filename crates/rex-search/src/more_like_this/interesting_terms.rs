//! The terms with the highest TF-IDF in a case.

use std::collections::HashMap;
use std::sync::Arc;

use rex_analysis::{is_stop_word, words};
use rex_corpus::{Record, plain_text};
use rex_index::{FieldLengths, Fields, Zone};
use tantivy::{Searcher, Term};

use crate::query::term_stats::idf;
use crate::scoring::bm25f_scorer::Bm25fQuery;
use crate::scoring::weighted_term::ClauseRule;
use crate::scoring::weighted_term::{Disjunct, TermField, TermWord, WeightedTerm};

/// Terms of a case: further ones are only used in passing.
pub(crate) const MAX_TERMS: usize = 25;
/// Terms whose document frequency is looked up: the most frequent of the case.
const MAX_LOOKED_UP: usize = 300;
/// Bytes of the text that are read, as for the passages of a hit.
const MAX_READ: usize = 32 << 10;
/// Bytes of the shortest term.
const MIN_CHARS: usize = 3;

/// Weight of an occurrence by where it is: the title says what the case is, themes are chosen, a section mentions many things.
const TITLE: f32 = 3.0;
const THEME: f32 = 2.0;
const TEXT: f32 = 1.0;

/// Minimum weighted frequency: one mention in the title, in a theme, or two in the text.
const MIN_FREQUENCY: f32 = 2.0;

/// An interesting term.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct InterestingTerm {
    /// Its stem, as the index has it.
    pub(crate) stem: String,
    /// As the case writes it, in lower case where it does.
    pub(crate) spelled: String,
    /// TF-IDF, with the logarithm of the frequency.
    pub(crate) weight: f32,
}

impl InterestingTerm {
    /// The query for the cases with the term, scored by its IDF and frequency.
    pub(crate) fn query(&self, fields: &Fields, lengths: &Arc<FieldLengths>) -> Bm25fQuery {
        let mut weights = [0.0; Zone::ALL.len()];
        weights[Zone::All as usize] = 1.0;
        let target = WeightedTerm {
            rule: ClauseRule::Stem,
            field: TermField::Stem,
            words: vec![TermWord::stem(&self.stem)],
            text: self.stem.clone(),
            weights,
            constant: 0.0,
            is_implied: false,
        };
        Bm25fQuery {
            fields: fields.clone(),
            lengths: Arc::clone(lengths),
            disjuncts: vec![Disjunct {
                terms: vec![target],
                share: 0.0,
                is_placed: false,
            }],
            idf: 0.0,
            facet_docs: None,
        }
    }
}

/// The terms of a case with the highest TF-IDF, in at most half of the cases and in at least one other.
///
/// # Errors
/// An index that cannot be read.
pub(crate) fn interesting_terms(
    searcher: &Searcher,
    fields: &Fields,
    record: &Record,
) -> tantivy::Result<Vec<InterestingTerm>> {
    let mut words: Vec<(String, TermUse)> = uses(record).into_iter().collect();
    words.retain(|(_, of_the_case)| of_the_case.frequency >= MIN_FREQUENCY);
    words.sort_by(|(a, a_use), (b, b_use)| b_use.frequency.total_cmp(&a_use.frequency).then_with(|| a.cmp(b)));
    words.truncate(MAX_LOOKED_UP);
    let cases = searcher.num_docs();
    let max_cases = (cases / 2).max(2);
    let mut terms = Vec::new();
    for (stem, of_the_case) in words {
        let in_cases = searcher.doc_freq(&Term::from_field_text(fields.stem(Zone::All), &stem))?;
        if (2..=max_cases).contains(&in_cases) {
            terms.push(InterestingTerm {
                weight: (1.0 + of_the_case.frequency.ln()) * idf(cases, in_cases),
                stem,
                spelled: of_the_case.spelled,
            });
        }
    }
    terms.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.stem.cmp(&b.stem)));
    terms.truncate(MAX_TERMS);
    Ok(terms)
}

/// The occurrences of a term in a case.
#[derive(Debug, Default)]
struct TermUse {
    /// Weighted frequency.
    frequency: f32,
    spelled: String,
}

/// The words of title, themes and text, by stem, as the record writes them.
pub(crate) fn words_of(record: &Record) -> impl Iterator<Item = (String, String)> {
    uses(record)
        .into_iter()
        .map(|(stem, of_the_case)| (stem, of_the_case.spelled))
}

/// The terms of a case by stem.
fn uses(record: &Record) -> HashMap<String, TermUse> {
    let mut uses = HashMap::new();
    add(&mut uses, &record.titre, TITLE);
    for theme in &record.themes {
        add(&mut uses, theme, THEME);
    }
    let mut budget = MAX_READ;
    for section in &record.sections {
        let read = section.texte.floor_char_boundary(budget);
        budget -= read;
        add(&mut uses, &section.titre, TEXT);
        add(&mut uses, &plain_text(&section.texte[..read]), TEXT);
    }
    uses
}

/// Adds the words of a text.
fn add(uses: &mut HashMap<String, TermUse>, text: &str, weight: f32) {
    for token in words(text) {
        let is_word = token.exact.len() >= MIN_CHARS && !token.exact.bytes().any(|byte| byte.is_ascii_digit());
        if !is_word || is_stop_word(&token.exact) {
            continue;
        }
        let spelled = spelled(&text[token.start..token.end], token.position == 0);
        let known = uses.entry(token.stem).or_default();
        known.frequency += weight;
        if known.spelled.is_empty() || !is_small(&known.spelled) && is_small(&spelled) {
            known.spelled = spelled;
        }
    }
}

/// A word without the capital of the beginning of a text.
fn spelled(word: &str, is_first: bool) -> String {
    let mut chars = word.chars();
    let rest_is_small = chars.next().is_some() && is_small(chars.as_str());
    if is_first && rest_is_small {
        word.to_lowercase()
    } else {
        word.to_owned()
    }
}

fn is_small(word: &str) -> bool {
    !word.chars().any(char::is_uppercase)
}
