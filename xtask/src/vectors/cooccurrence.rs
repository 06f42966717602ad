//! How often words occur near each other, and how much that says about them.

use super::vocabulary::Vocabulary;

/// Distance in words up to which two words co-occur.
pub(super) const WINDOW: usize = 4;
/// Exponent of the frequency of a context. Below 1, rare contexts count less.
pub(super) const CONTEXT_EXPONENT: f64 = 0.75;

/// An entry of a sparse matrix: row, column, value.
pub(super) type Entry = (u32, u32, f64);

/// Counts the occurrences of each word near each other, in both directions, sorted by word and context.
pub(super) fn counts(vocabulary: &Vocabulary) -> Vec<Entry> {
    let mut pairs = Vec::new();
    for text in &vocabulary.texts {
        for (at, word) in text.iter().enumerate() {
            let Some(word) = *word else { continue };
            for context in text[at + 1..].iter().take(WINDOW).flatten() {
                pairs.push((word, *context));
                pairs.push((*context, word));
            }
        }
    }
    pairs.sort_unstable();
    let same = pairs.chunk_by(|a, b| a == b);
    same.map(|pairs| (pairs[0].0, pairs[0].1, pairs.len() as f64)).collect()
}

/// The pointwise mutual information of each word and context, where it is positive.
pub(super) fn positive_mutual_information(counts: &[Entry], words: usize) -> Vec<Entry> {
    let mut frequencies = vec![0.0; words];
    counts
        .iter()
        .for_each(|(word, _, count)| frequencies[*word as usize] += count);
    let contexts: Vec<f64> = frequencies.iter().map(|count| count.powf(CONTEXT_EXPONENT)).collect();
    let all: f64 = contexts.iter().sum();
    let information = counts.iter().map(|(word, context, count)| {
        let expected = frequencies[*word as usize] * contexts[*context as usize] / all;
        (*word, *context, (count / expected).ln())
    });
    information.filter(|(.., value)| *value > 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_co_occur_within_the_window() {
        let text = [Some(0), None, Some(1), None, None, Some(2)].to_vec();
        let vocabulary = Vocabulary {
            keys: Vec::new(),
            frequencies: Vec::new(),
            texts: vec![text, vec![Some(2)]],
        };
        let counts = counts(&vocabulary);
        let expected = [(0, 1), (1, 0), (1, 2), (2, 1)];
        assert_eq!(counts, expected.map(|(word, context)| (word, context, 1.0)));
        let information = positive_mutual_information(&counts, 3);
        assert_eq!(information.len(), 4);
        // Half of the contexts of 1 are 0, whose share of all contexts is smaller.
        let share = 1.0 / (2.0 + 2_f64.powf(CONTEXT_EXPONENT));
        assert!((information[1].2 - (0.5 / share).ln()).abs() < 1e-12);
    }
}
