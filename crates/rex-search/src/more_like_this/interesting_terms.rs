//! The words that tell a case from the others.

use std::collections::HashMap;
use std::sync::Arc;

use rex_analysis::{is_stop_word, words};
use rex_corpus::{Record, plain_text};
use rex_index::{FieldLengths, Fields, Zone};
use tantivy::{Searcher, Term};

use crate::scoring::bm25f_scorer::WordQuery;
use crate::scoring::weighted_term::ClauseRule;
use crate::scoring::weighted_term::{Place, Target, TargetWord, Way};

/// Words that stand for a case: more would only add those it uses in passing.
pub(crate) const MOST_WORDS: usize = 25;
/// Words whose rarity is looked up: the most frequent of the case.
const MOST_LOOKED_UP: usize = 300;
/// Bytes of the text that are read, as many as for the passages of a hit.
const MOST_READ: usize = 32 << 10;
/// Shorter words tell nothing.
const SHORTEST: usize = 3;

/// How much an occurrence counts: a title says what the case is, themes are chosen, a section mentions many things.
const TITLE: f32 = 3.0;
const THEME: f32 = 2.0;
const TEXT: f32 = 1.0;

/// Less is said in passing: a word of the title or of a theme is not, nor one that the text says twice.
const LEAST_FREQUENCY: f32 = 2.0;

/// A word that tells a case from the others.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TellingWord {
    /// Its stem, as the index has it.
    pub(crate) stem: String,
    /// As the case writes it, in small letters where it does.
    pub(crate) spelled: String,
    /// How much it tells: tf-idf, the frequency dampened by its logarithm.
    pub(crate) weight: f32,
}

impl TellingWord {
    /// The cases that have the word, scored by how rare it is and how much they say it.
    pub(crate) fn query(&self, fields: &Fields, lengths: &Arc<FieldLengths>) -> WordQuery {
        let mut weights = [0.0; Zone::ALL.len()];
        weights[Zone::All as usize] = 1.0;
        let target = Target {
            rule: ClauseRule::Stem,
            place: Place::Stem,
            words: vec![TargetWord::stem(&self.stem)],
            text: self.stem.clone(),
            weights,
            constant: 0.0,
            is_implied: false,
        };
        WordQuery {
            fields: fields.clone(),
            lengths: Arc::clone(lengths),
            ways: vec![Way {
                targets: vec![target],
                share: 0.0,
                is_placed: false,
            }],
            weight: 0.0,
            having: None,
        }
    }
}

/// The words that tell a case best, the first ones best: frequent in it, in at most half of the cases and in another one.
///
/// # Errors
/// An index that cannot be read.
pub(crate) fn telling_words(
    searcher: &Searcher,
    fields: &Fields,
    record: &Record,
) -> tantivy::Result<Vec<TellingWord>> {
    let mut words: Vec<(String, Use)> = uses(record).into_iter().collect();
    words.retain(|(_, of_the_case)| of_the_case.frequency >= LEAST_FREQUENCY);
    words.sort_by(|(a, a_use), (b, b_use)| b_use.frequency.total_cmp(&a_use.frequency).then_with(|| a.cmp(b)));
    words.truncate(MOST_LOOKED_UP);
    let cases = searcher.num_docs();
    let most = (cases / 2).max(2);
    let mut telling = Vec::new();
    for (stem, of_the_case) in words {
        let in_cases = searcher.doc_freq(&Term::from_field_text(fields.stem(Zone::All), &stem))?;
        if (2..=most).contains(&in_cases) {
            telling.push(TellingWord {
                weight: (1.0 + of_the_case.frequency.ln()) * inverse_frequency(cases, in_cases),
                stem,
                spelled: of_the_case.spelled,
            });
        }
    }
    telling.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.stem.cmp(&b.stem)));
    telling.truncate(MOST_WORDS);
    Ok(telling)
}

/// The idf of BM25, which is above 0 for a word of half the cases.
fn inverse_frequency(cases: u64, in_cases: u64) -> f32 {
    let (cases, in_cases) = (cases as f32, in_cases as f32);
    (1.0 + (cases - in_cases + 0.5) / (in_cases + 0.5)).ln()
}

/// How a case uses a word.
#[derive(Debug, Default)]
struct Use {
    /// Its occurrences, each by where it stands.
    frequency: f32,
    spelled: String,
}

/// The words of a case by their stems.
fn uses(record: &Record) -> HashMap<String, Use> {
    let mut uses = HashMap::new();
    add(&mut uses, &record.titre, TITLE);
    for theme in &record.themes {
        add(&mut uses, theme, THEME);
    }
    let mut budget = MOST_READ;
    for section in &record.sections {
        let read = section.texte.floor_char_boundary(budget);
        budget -= read;
        add(&mut uses, &section.titre, TEXT);
        add(&mut uses, &plain_text(&section.texte[..read]), TEXT);
    }
    uses
}

/// Adds the words of a text.
fn add(uses: &mut HashMap<String, Use>, text: &str, weight: f32) {
    for token in words(text) {
        let is_word = token.exact.len() >= SHORTEST && !token.exact.bytes().any(|byte| byte.is_ascii_digit());
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

/// A word without the capital that only begins a text.
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
