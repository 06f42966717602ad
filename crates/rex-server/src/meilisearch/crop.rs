//! Cropping: selects the window of a text to keep.

use std::ops::Range;

/// The byte range of the `words` consecutive words that contain most marks; the whole text where it has no more words.
///
/// Among equal windows the middle one is taken, so that the marks have context on both sides; without marks, the first.
pub(super) fn best_window(text: &str, marks: &[Range<usize>], words: usize) -> Range<usize> {
    let ranges = word_ranges(text);
    if ranges.len() <= words {
        return 0..text.len();
    }
    let counts = marks_before(&ranges, marks);
    let found = |first: usize| counts[first + words] - counts[first];
    let last = ranges.len() - words;
    let most = (0..=last).map(found).max().unwrap_or_default();
    let first = (0..=last).find(|first| found(*first) == most).unwrap_or_default();
    let middle = if most == 0 {
        first
    } else {
        let as_good = (first..=last).take_while(|first| found(*first) == most).count();
        first + (as_good - 1) / 2
    };
    let start = if middle == 0 { 0 } else { ranges[middle].start };
    let end = if middle == last {
        text.len()
    } else {
        ranges[middle + words - 1].end
    };
    start..end
}

/// The byte ranges of the words, separated by white space.
fn word_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut at = 0;
    for part in text.split(char::is_whitespace) {
        if !part.is_empty() {
            ranges.push(at..at + part.len());
        }
        // The separator is one character of any length in bytes.
        at += part.len();
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
    ranges
}

/// Number of marks that start before each word, and the total.
fn marks_before(words: &[Range<usize>], marks: &[Range<usize>]) -> Vec<usize> {
    let mut before = 0;
    let mut counts = Vec::with_capacity(words.len() + 1);
    for word in words {
        while before < marks.len() && marks[before].start < word.start {
            before += 1;
        }
        counts.push(before);
    }
    counts.push(marks.len());
    counts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Crops a text whose marks are given in brackets.
    fn cut(text: &str, words: usize) -> String {
        let mut plain = String::new();
        let mut marks = Vec::new();
        for (rank, part) in text.split(['[', ']']).enumerate() {
            let start = plain.len();
            plain.push_str(part);
            if rank % 2 == 1 {
                marks.push(start..plain.len());
            }
        }
        plain[best_window(&plain, &marks, words)].to_owned()
    }

    #[test]
    fn keeps_the_words_with_most_marks() {
        for (text, words, expected) in [
            ("a b c d e", 2, "a b"),
            ("a b", 2, "a b"),
            (" a  b ", 9, " a  b "),
            ("", 1, ""),
            ("a b c [d] e f g", 3, "c d e"),
            ("[a] b c d [e] f [g] h", 3, "e f g"),
            ("a b c [d]", 2, "c d"),
            ("[a] b c d", 2, "a b"),
            ("a l'[eau] c", 1, "l'eau"),
        ] {
            assert_eq!(cut(text, words), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn keeps_the_given_number_of_words(text in "[a-zé \u{a0}\n]{0,60}", words in 1usize..6) {
            let kept = &text[best_window(&text, &[], words)];
            let count = |text: &str| text.split_whitespace().count();
            prop_assert_eq!(count(kept), count(&text).min(words));
        }
    }
}
