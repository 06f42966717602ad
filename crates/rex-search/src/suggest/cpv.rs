//! Completions from the labels of CPV codes. The index has the codes, the caller their labels.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::Range;

use rex_analysis::is_stop_word;
use rex_index::{CompletionEntry, FacetColumns};
use rex_query::{CompletionKind, Facet};

use super::typed::key;
use crate::facet::value_search::LabelOf;

/// Characters of the longest label, as of any completion.
const MAX_CHARS: usize = 200;

/// Digits of a code, and of its division.
const DIGITS: usize = 8;
const DIVISION: usize = 2;

/// The labels of the CPV codes of one generation, built once as that takes some time. Empty by default.
#[derive(Debug, Default)]
pub(crate) struct CpvCompletions {
    /// The most frequent first.
    codes: Vec<LabelledCode>,
    /// For each word of a label that is no stop word: the rank of the code, and the byte in its key. Sorted by the text from there
    /// on.
    starts: Vec<(u32, u32)>,
}

#[derive(Debug)]
struct LabelledCode {
    digits: String,
    label: String,
    /// The folded words of the label, joined by single spaces.
    key: String,
    /// Number of cases with this very code.
    count: u32,
}

impl CpvCompletions {
    /// Reads the codes of an index and their labels. A code that cases have only by its subordinates is left out, as its label is
    /// not indexed for them; of codes with the same label, the most frequent stays.
    pub(crate) fn read(facets: &FacetColumns, label: &LabelOf<'_>) -> tantivy::Result<Self> {
        let facet = Facet::Cpv;
        let table = facets.table(facet);
        let totals: Vec<u32> = table.totals().collect();
        let mut own = totals.clone();
        for (rank, total) in totals.into_iter().enumerate() {
            let above = facet.parent(facet.value_of(table.term(rank as u32)?));
            let above = above.and_then(|above| table.ordinal_of(&facet.term(&above)));
            if let Some(own) = above.and_then(|above| own.get_mut(above as usize)) {
                *own = own.saturating_sub(total);
            }
        }
        let mut codes = Vec::new();
        for (rank, count) in own.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            let digits = facet.value_of(table.term(rank as u32)?);
            if let Some(label) = label(digits).filter(|label| is_searchable(label)) {
                codes.push(LabelledCode {
                    digits: digits.to_owned(),
                    label: label.to_owned(),
                    key: key(label),
                    count,
                });
            }
        }
        Ok(Self::of(codes))
    }

    fn of(mut codes: Vec<LabelledCode>) -> Self {
        codes.sort_by(|a, b| (Reverse(a.count), &a.digits).cmp(&(Reverse(b.count), &b.digits)));
        let mut keys = HashSet::new();
        codes.retain(|code| !code.key.is_empty() && keys.insert(code.key.clone()));
        let starts_of = |(rank, code): (usize, &LabelledCode)| {
            let starts = starts_of(&code.key).map(|start| (rank as u32, start as u32));
            starts.collect::<Vec<_>>()
        };
        let mut starts: Vec<(u32, u32)> = codes.iter().enumerate().flat_map(starts_of).collect();
        starts.sort_by_key(|(rank, start)| &codes[*rank as usize].key[*start as usize..]);
        Self { codes, starts }
    }

    /// The range of starts with a prefix.
    pub(super) fn starting(&self, prefix: &str) -> Range<usize> {
        let start = self.starts.partition_point(|start| self.typed_from(*start) < prefix);
        let following = &self.starts[start..];
        let length = following.partition_point(|start| self.typed_from(*start).starts_with(prefix));
        start..start + length
    }

    /// The labels in a range of starts, each once, the most frequent first: rank, and byte in the key.
    pub(super) fn best(&self, stretch: Range<usize>) -> Vec<(u32, usize)> {
        let mut found = self.starts.get(stretch).unwrap_or_default().to_vec();
        found.sort_unstable();
        found.dedup_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(rank, from)| (rank, from as usize)).collect()
    }

    /// The ranks of the codes with these first digits, the most frequent first; for a whole code that no case has, those below it.
    pub(super) fn coded(&self, digits: &str) -> Vec<u32> {
        let beginning = |digits: &str| -> Vec<u32> {
            let codes = self.codes.iter().zip(0..);
            codes
                .filter(|(code, _)| code.digits.starts_with(digits))
                .map(|(_, rank)| rank)
                .collect()
        };
        let found = beginning(digits);
        if !found.is_empty() || digits.len() < DIGITS {
            return found;
        }
        let branch = digits.trim_end_matches('0');
        if branch.len() < DIVISION {
            found
        } else {
            beginning(branch)
        }
    }

    /// The completion with a rank, and its code.
    pub(super) fn get(&self, rank: u32) -> Option<(CompletionEntry<'_>, &str)> {
        let code = self.codes.get(rank as usize)?;
        let entry = CompletionEntry {
            kind: CompletionKind::Value(Facet::Cpv),
            key: &code.key,
            text: &code.label,
            count: code.count,
            record: None,
        };
        Some((entry, &code.digits))
    }

    fn typed_from(&self, (rank, start): (u32, u32)) -> &str {
        let key = self.codes.get(rank as usize).map(|code| code.key.as_str());
        key.and_then(|key| key.get(start as usize..)).unwrap_or_default()
    }
}

/// The bytes of a key at which words begin, stop words left out unless first.
fn starts_of(key: &str) -> impl Iterator<Item = usize> {
    let start = |word: &str| word.as_ptr() as usize - key.as_ptr() as usize;
    let words = key.split(' ').map(move |word| (start(word), word));
    let starts = words.filter(|(start, word)| *start == 0 || !is_stop_word(word));
    starts.map(|(start, _)| start)
}

/// Whether a label works as a query: short, and without the syntax of a phrase or an exclusion.
fn is_searchable(label: &str) -> bool {
    let is_quote = |c: char| matches!(c, '"' | '«' | '»' | '“' | '”' | '„');
    let is_plain = !label.contains(is_quote) && !label.split_whitespace().any(|word| word.starts_with('-'));
    is_plain && label.chars().nth(MAX_CHARS).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completions(codes: &[(&str, &str, u32)]) -> CpvCompletions {
        let code = |(digits, label, count): &(&str, &str, u32)| LabelledCode {
            digits: (*digits).to_owned(),
            label: (*label).to_owned(),
            key: key(label),
            count: *count,
        };
        CpvCompletions::of(codes.iter().map(code).collect())
    }

    #[test]
    fn a_label_is_typed_from_any_of_its_words() {
        let completions = completions(&[
            ("90910000", "Services de nettoyage", 2),
            ("90911300", "Services de nettoyage de vitres", 5),
            ("45233141", "Travaux d'entretien routier", 1),
            ("45233142", "TRAVAUX D'ENTRETIEN ROUTIER", 3),
        ]);
        let found = |prefix: &str| -> Vec<(String, usize)> {
            let found = completions.best(completions.starting(prefix)).into_iter();
            found
                .filter_map(|(rank, from)| Some((completions.get(rank)?.1.to_owned(), from)))
                .collect()
        };
        let some = |codes: &[(&str, usize)]| -> Vec<(String, usize)> {
            codes.iter().map(|(code, from)| ((*code).to_owned(), *from)).collect()
        };
        assert_eq!(found("nettoy"), some(&[("90911300", 12), ("90910000", 12)]));
        assert_eq!(found("nettoyage de v"), some(&[("90911300", 12)]));
        assert_eq!(
            found("entretien"),
            some(&[("45233142", 8)]),
            "one of those that share it"
        );
        assert_eq!(found("de"), some(&[]), "a stop word is no start");
        assert_eq!(found("z"), some(&[]));
        assert_eq!(found("").len(), 3);
    }

    #[test]
    fn a_code_is_found_by_its_digits() {
        let completions = completions(&[
            ("45233141", "Travaux d'entretien routier", 1),
            ("45233140", "Travaux routiers", 3),
            ("90910000", "Services de nettoyage", 2),
        ]);
        let found = |digits: &str| -> Vec<&str> {
            let ranks = completions.coded(digits).into_iter();
            ranks.filter_map(|rank| Some(completions.get(rank)?.1)).collect()
        };
        for (digits, expected) in [
            ("45233", vec!["45233140", "45233141"]),
            ("45233141", vec!["45233141"]),
            ("45233000", vec!["45233140", "45233141"]),
            ("9091", vec!["90910000"]),
            ("45234", vec![]),
            ("45240000", vec![]),
            ("00000000", vec![]),
        ] {
            assert_eq!(found(digits), expected, "{digits}");
        }
    }

    #[test]
    fn what_is_no_plain_text_is_left_out() {
        for (label, expected) in [
            ("Services de nettoyage", true),
            ("Sous-produits", true),
            ("Services «divers»", false),
            ("Lot -un", false),
            (&"mot ".repeat(60), false),
        ] {
            assert_eq!(is_searchable(label), expected, "{label}");
        }
    }
}
