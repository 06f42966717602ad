//! Where words are in a case that says several forms of one stem.
//!
//! Stems are kept with their places, words as they are written without: where a case has a word as often as its stem, each place of
//! the stem is one of the word. Where it has *marché* and *marchés*, the place of either is kept too, in a field that holds such
//! words only: a tenth of what the places of all words take.

use std::sync::Arc;

use crate::schema::is_number;
use crate::words::{CutText, placed};

/// The words, by their places, of whose stems the texts of a field have other forms. Numbers have none.
pub(crate) fn forms(texts: &[Arc<CutText>]) -> Vec<(usize, &str)> {
    let mut all: Vec<_> = (texts.iter().flat_map(|text| text.iter()))
        .map(|word| (word.stem, word.exact))
        .collect();
    all.sort_unstable();
    all.dedup();
    // In their order; one of three forms twice.
    let several: Vec<_> = all
        .windows(2)
        .filter(|pair| pair[0].0 == pair[1].0)
        .map(|pair| pair[0].0)
        .collect();
    if several.is_empty() {
        return Vec::new();
    }
    placed(texts)
        .filter(|(_, word)| !is_number(word.exact) && several.binary_search(&word.stem).is_ok())
        .map(|(place, word)| (place, word.exact))
        .collect()
}

#[cfg(test)]
mod tests {
    use rex_analysis::Analyzer;

    use super::*;
    use crate::words::WordCutter;

    #[test]
    fn words_are_placed_where_a_case_has_other_forms_of_them() {
        for (texts, expected) in [
            (&["Marché de tri", "Tri des cartons"][..], &[("de", 1), ("des", 5)][..]),
            (
                &["Un marché", "", "12 marchés, un sous-traitant", "3 marché 12"],
                &[("marché", 1), ("marchés", 5), ("marché", 11)],
            ),
            (&["Tri du tri", "Le tri"], &[]),
            (&[], &[]),
        ] {
            let mut cutter = WordCutter::new(Analyzer::default());
            let cut: Vec<_> = texts.iter().chain(&["75231240"]).map(|text| cutter.cut(text)).collect();
            let found: Vec<_> = forms(&cut).into_iter().map(|(at, word)| (word, at)).collect();
            assert_eq!(found, expected, "{texts:?}");
        }
    }
}
