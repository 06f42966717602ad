//! Counts candidates for completions, record by record.

use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use rex_analysis::is_stop_word;
use rex_corpus::{CaseType, Record, plain_text};

use super::lossy_counter::{Count, LossyCounter};
use super::ngrams::each_phrase;
use super::normalize::Text;
use crate::build::memory_budget::MemoryBudget;
use crate::text::token_cache::CutText;
use rex_query::CompletionKind;
use rex_query::Facet;

/// Limit of completions in a generation. Beyond it titles of contracts are dropped first, then the rarest.
const MAX_COMPLETIONS: usize = 500_000;
/// Limit of expressions among them.
const MAX_EXPRESSIONS: usize = 200_000;
/// Limit of characters; nobody picks a longer completion from a list.
const MAX_CHARS: usize = 200;
/// Limit of bytes of a key; a letter may fold to several.
const MAX_KEY_BYTES: usize = 800;
/// Capacity of the cache of value keys.
const MAX_CACHED_VALUES: usize = 20_000;
/// Bytes of the sections of a record that are searched for expressions.
const MAX_SECTION_BYTES: usize = 32 << 10;

/// Counts texts by kind.
pub(crate) struct CompletionCandidates {
    /// In the order of [`CompletionKind::ALL`].
    counters: [LossyCounter; CompletionKind::ALL.len()],
    /// Cache of keys and texts of facet values, most of which recur; `None` for a value that is too long or empty.
    cached: HashMap<Box<str>, Option<(String, String)>>,
}

/// A candidate for a completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(super) kind: CompletionKind,
    pub(super) key: String,
    pub(super) text: String,
    /// Number of records that contain it.
    pub(super) count: u32,
    /// Id of the record, for a title that only one record has.
    pub(super) id: Option<String>,
}

impl CompletionCandidates {
    pub(crate) fn new(memory: MemoryBudget) -> Self {
        Self {
            counters: CompletionKind::ALL.map(|kind| match kind {
                // A phrase of a single case is useless: the title finds the case.
                CompletionKind::Expression => LossyCounter::of_recurring(memory.texts(kind), memory.of_phrases_seen()),
                _ => LossyCounter::new(memory.texts(kind)),
            }),
            cached: HashMap::new(),
        }
    }

    /// Counts the texts of a record, each once. `title` has the tokens of the title, if they are known.
    pub(crate) fn add(&mut self, record: &Record, title: Option<&Arc<CutText>>) {
        if self.cached.len() >= MAX_CACHED_VALUES {
            self.cached.clear();
        }
        self.counters.iter_mut().for_each(LossyCounter::next_record);
        for kind in CompletionKind::ALL {
            if let CompletionKind::Value(facet) = kind {
                self.add_values(kind, &values(facet, record));
            }
        }
        let title_kind = match record.case_type {
            CaseType::Case => CompletionKind::Title,
            CaseType::Contract => CompletionKind::ContractTitle,
        };
        let title = title.map_or_else(|| Text::read(&record.titre), |words| Text::of(&record.titre, words));
        if let Some(key) = fitting_key(&title) {
            self.counters[title_kind.rank()].add(&key, &title.text, Some(&record.id));
        }
        self.add_expressions(record, title);
    }

    fn add_values(&mut self, kind: CompletionKind, values: &[String]) {
        for value in values {
            if !self.cached.contains_key(value.as_str()) {
                let text = Text::read(value);
                let read = fitting_key(&text).map(|key| (key, text.text));
                self.cached.insert(value.as_str().into(), read);
            }
        }
        let read = values
            .iter()
            .filter_map(|value| self.cached.get(value.as_str())?.as_ref());
        for (key, text) in read {
            self.counters[kind.rank()].add(key, text, None);
        }
    }

    fn add_expressions(&mut self, record: &Record, title: Text) {
        let counter = &mut self.counters[CompletionKind::Expression.rank()];
        let mut count = |text: Text| {
            each_phrase(&text.without_capitals(), |key, phrase| {
                let is_short = phrase.len() <= MAX_CHARS || phrase.chars().count() <= MAX_CHARS;
                if key.len() <= MAX_KEY_BYTES && is_short {
                    counter.add(key, phrase, None);
                }
            });
        };
        count(title);
        record.themes.iter().for_each(|theme| count(Text::read(theme)));
        let mut budget = MAX_SECTION_BYTES;
        for section in &record.sections {
            let read = section.texte.floor_char_boundary(budget);
            budget -= read;
            // A line of plain text is a paragraph or a list item.
            plain_text(&section.texte[..read])
                .lines()
                .for_each(|line| count(Text::read(line)));
        }
    }

    /// The best candidates, one per key, unordered.
    pub(crate) fn finish(self) -> Vec<Candidate> {
        let mut merged: HashMap<Box<str>, (CompletionKind, Count)> = HashMap::new();
        for (kind, counter) in CompletionKind::ALL.into_iter().zip(self.counters) {
            let is_incomplete = kind == CompletionKind::ContractTitle && counter.has_dropped();
            let mut counts = counter.into_counts();
            if is_incomplete {
                // Otherwise only the titles of the last contracts would be offered.
                counts.retain(|_, count| count.records > 1);
            }
            let counts = match kind {
                CompletionKind::Expression => expressions(counts),
                _ => counts.into_iter().collect(),
            };
            for (key, count) in counts {
                match merged.entry(key) {
                    Entry::Occupied(mut known) => {
                        let (_, known) = known.get_mut();
                        known.records = known.records.max(count.records);
                    }
                    Entry::Vacant(free) => {
                        free.insert((kind, count));
                    }
                }
            }
        }
        let mut candidates: Vec<Candidate> = merged
            .into_iter()
            .map(|(key, (kind, count))| Candidate::new(kind, key.into(), count))
            .collect();
        keep_best(&mut candidates, MAX_COMPLETIONS, Candidate::by_importance);
        candidates
    }
}

impl Candidate {
    fn new(kind: CompletionKind, key: String, count: Count) -> Self {
        Self {
            kind,
            key,
            text: count.text.into(),
            count: count.records,
            id: count.id.map(Into::into),
        }
    }

    /// Order of importance, when there are too many. Titles of cases come first: they are few compared with those of contracts.
    fn by_importance(&self, other: &Self) -> Ordering {
        let group = |candidate: &Self| match candidate.kind {
            CompletionKind::Title => 0,
            CompletionKind::Value(_) | CompletionKind::Expression => 1,
            CompletionKind::ContractTitle => 2,
        };
        group(self)
            .cmp(&group(other))
            .then(other.count.cmp(&self.count))
            .then_with(|| self.key.cmp(&other.key))
    }
}

fn values(facet: Facet, record: &Record) -> Vec<String> {
    match facet {
        Facet::Territoire => record.territoire.clone(),
        _ => facet.values(record),
    }
}

/// The key of a text; `None` if it is empty or too long.
fn fitting_key(text: &Text) -> Option<String> {
    if text.text.chars().nth(MAX_CHARS).is_some() {
        return None;
    }
    Some(text.key()).filter(|key| !key.is_empty() && key.len() <= MAX_KEY_BYTES)
}

/// The most frequent expressions, without those that nearly always occur within the same longer one.
fn expressions(mut counts: HashMap<Box<str>, Count>) -> Vec<(Box<str>, Count)> {
    let mut covered: Vec<Box<str>> = Vec::new();
    for (key, count) in &counts {
        for part in [without_first(key), without_last(key)].into_iter().flatten() {
            if counts
                .get(part)
                .is_some_and(|other| is_nearly(count.records, other.records))
            {
                covered.push(part.into());
            }
        }
    }
    for key in covered {
        counts.remove(&key);
    }
    let mut best: Vec<_> = counts.into_iter().collect();
    keep_best(&mut best, MAX_EXPRESSIONS, |(key, count), (other_key, other)| {
        other.records.cmp(&count.records).then_with(|| key.cmp(other_key))
    });
    best
}

/// Whether a count is at least nine tenths of another.
fn is_nearly(count: u32, whole: u32) -> bool {
    u64::from(count) * 10 >= u64::from(whole) * 9
}

/// An expression without its first word and the stop words that follow it.
fn without_first(key: &str) -> Option<&str> {
    let (_, mut rest) = key.split_once(' ')?;
    while let Some((_, after)) = rest.split_once(' ').filter(|(word, _)| is_stop_word(word)) {
        rest = after;
    }
    Some(rest)
}

/// An expression without its last word and the stop words before it.
fn without_last(key: &str) -> Option<&str> {
    let (mut rest, _) = key.rsplit_once(' ')?;
    while let Some((before, _)) = rest.rsplit_once(' ').filter(|(_, word)| is_stop_word(word)) {
        rest = before;
    }
    Some(rest)
}

/// Keeps the first `limit` items in an order.
fn keep_best<T>(items: &mut Vec<T>, limit: usize, order: impl Fn(&T, &T) -> Ordering) {
    if items.len() > limit {
        items.select_nth_unstable_by(limit, order);
        items.truncate(limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: &str, titre: &str, texte: &str) -> Record {
        serde_json::from_value(serde_json::json!({
            "id": id, "titre": titre, "acheteur": {"nom": "Toulouse Métropole"},
            "territoire": ["Mayotte", "Mayotte", "Mtsamboro"],
            "sections": [{"titre": "Présentation du marché", "texte": texte}]
        }))
        .unwrap()
    }

    fn completions(records: &[Record]) -> Vec<Candidate> {
        let mut candidates = CompletionCandidates::new(MemoryBudget::default());
        records.iter().for_each(|record| candidates.add(record, None));
        let mut found = candidates.finish();
        found.sort_by(|a, b| a.key.cmp(&b.key));
        found
    }

    #[test]
    fn a_text_is_one_completion_with_the_records_that_have_it() {
        let found = completions(&[
            record("a", "Tri des papiers", "À Toulouse Métropole, le tri."),
            record("b", "TRI DES PAPIERS", "Toulouse Métropole trie."),
            record("c", "Réemploi", "Un texte de Toulouse Métropole."),
        ]);
        let of = |key: &str| {
            let candidate = found.iter().find(|candidate| candidate.key == key)?;
            Some((candidate.kind, candidate.count, candidate.id.as_deref()))
        };
        assert_eq!(of("tri des papiers"), Some((CompletionKind::Title, 2, None)));
        assert_eq!(of("reemploi"), Some((CompletionKind::Title, 1, Some("c"))));
        let buyer = CompletionKind::Value(Facet::Acheteur);
        assert_eq!(of("toulouse metropole"), Some((buyer, 3, None)));
        let territory = CompletionKind::Value(Facet::Territoire);
        assert_eq!(of("mayotte"), Some((territory, 3, None)));
        assert_eq!(of("toulouse"), None, "it always occurs within a longer one");
        assert_eq!(of("presentation du marche"), None, "every case has this heading");
    }

    #[test]
    fn titles_of_one_contract_are_left_out_after_a_drop() {
        let titles = |capacity| {
            let mut candidates = CompletionCandidates::new(MemoryBudget::default());
            candidates.counters[CompletionKind::ContractTitle.rank()] = LossyCounter::new(capacity);
            for number in 0..10 {
                let titre = if number % 2 == 0 {
                    "Tri"
                } else {
                    &format!("Lot {number}")
                };
                let record = Record {
                    case_type: CaseType::Contract,
                    ..record(&format!("c{number}"), titre, "")
                };
                candidates.add(&record, None);
            }
            let found = candidates.finish().into_iter();
            found
                .filter(|found| found.kind == CompletionKind::ContractTitle)
                .count()
        };
        assert_eq!((titles(100), titles(4)), (6, 1));
    }

    #[test]
    fn long_texts_are_left_out() {
        let fitting = |text: &str| fitting_key(&Text::read(text));
        let long = "mot ".repeat(60);
        assert_eq!(fitting(&long), None);
        assert_eq!(fitting("…"), None);
        assert_eq!(
            fitting(&"\u{fdfa}".repeat(200)),
            None,
            "one letter that folds to eighteen"
        );
    }

    #[test]
    fn the_most_important_are_kept() {
        let candidate = |kind, key: &str, count| Candidate {
            kind,
            key: key.to_owned(),
            text: key.to_owned(),
            count,
            id: None,
        };
        let mut candidates = vec![
            candidate(CompletionKind::ContractTitle, "c", 9),
            candidate(CompletionKind::Expression, "d", 2),
            candidate(CompletionKind::Expression, "e", 3),
            candidate(CompletionKind::Title, "t", 1),
        ];
        keep_best(&mut candidates, 2, Candidate::by_importance);
        let mut kept: Vec<&str> = candidates.iter().map(|candidate| candidate.key.as_str()).collect();
        kept.sort_unstable();
        assert_eq!(kept, ["e", "t"]);
    }
}
