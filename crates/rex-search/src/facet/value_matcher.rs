//! Whether a value holds the words typed to find it.
//!
//! Words are cut here and not by the analyzer: a name is found by any part of it, as it is typed. The analyzer drops elided articles
//! (`l'Isère`), joins the groups of numbers and gives compounds, and its tokens do not cover every byte that is to be marked.

use std::cell::LazyCell;
use std::ops::Range;

use levenshtein_automata::DFA;
use rex_analysis::fold;

use crate::spellcheck::levenshtein::{accepts, beginnings_near};
use rex_query::Marked;

/// Most words that are looked for.
const MAX_WORDS: usize = 16;
/// How well a value matches, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ValueMatch {
    /// It is the text typed.
    Whole,
    /// It begins with the text typed.
    Beginning,
    /// Each word is a prefix of one of its words.
    Words,
    /// A word is inside one of its words, or in a level above.
    Inside,
    /// A word was mistyped.
    Forgiven,
}

/// Words to find in values.
pub(crate) struct ValueMatcher {
    words: Vec<String>,
    /// The automaton for each word; empty until errors are allowed.
    forgiving: Vec<Option<DFA>>,
}

/// A folded text: words in single spaces; apostrophes and hyphens end a word.
struct FoldedText {
    text: String,
    /// For each byte of `text`, the bytes of the source it comes from.
    sources: Vec<Range<usize>>,
}

impl ValueMatcher {
    pub(crate) fn new(typed: &str) -> Self {
        Self {
            words: words_of(&folded(typed)).take(MAX_WORDS).map(str::to_owned).collect(),
            forgiving: Vec::new(),
        }
    }

    /// Allows errors from here on; returns whether that makes a difference.
    pub(crate) fn forgive(&mut self) -> bool {
        self.forgiving = self.words.iter().map(|word| beginnings_near(word)).collect();
        self.forgiving.iter().any(Option::is_some)
    }

    /// How well a value matches by its name or label; some words may match the levels above instead.
    pub(crate) fn fit(&self, name: &str, label: &str, above: &str) -> Option<ValueMatch> {
        if self.words.is_empty() {
            return Some(ValueMatch::Words);
        }
        let own = [ComparedText::new(name), ComparedText::new(label)];
        let above = LazyCell::new(|| ComparedText::new(above));
        let mut worst = ValueMatch::Whole;
        let mut is_own = false;
        for (rank, word) in self.words.iter().enumerate() {
            let fits = own.iter().filter_map(|text| self.fit_of(rank, word, text));
            let fit = match fits.min() {
                Some(fit) => {
                    is_own = true;
                    fit
                }
                None => self.fit_of(rank, word, &above)?.max(ValueMatch::Inside),
            };
            worst = worst.max(fit);
        }
        if !is_own {
            return None;
        }
        let typed = self.words.join(" ");
        let best = match worst {
            ValueMatch::Words if own.iter().any(|text| text.folded == typed) => ValueMatch::Whole,
            ValueMatch::Words if own.iter().any(|text| text.folded.starts_with(&typed)) => ValueMatch::Beginning,
            worst => worst,
        };
        Some(best)
    }

    fn fit_of(&self, rank: usize, word: &str, text: &ComparedText<'_>) -> Option<ValueMatch> {
        if let Some(fit) = fit_in(word, &text.folded) {
            return Some(fit);
        }
        if text.has_joints()
            && let Some(fit) = fit_in(word, &text.joined())
        {
            return Some(fit);
        }
        let automaton = self.forgiving.get(rank)?.as_ref()?;
        words_of(&text.folded)
            .any(|other| accepts(automaton, other))
            .then_some(ValueMatch::Forgiven)
    }

    /// Marks the words in a text; mistyped ones as whole words.
    pub(crate) fn mark(&self, text: &str) -> Marked {
        let folded = FoldedText::new(text);
        let words = || words_of(&folded.text);
        let mut marks: Vec<Range<usize>> = Vec::new();
        for (rank, word) in self.words.iter().enumerate() {
            let mut found: Vec<Range<usize>> = folded
                .text
                .match_indices(word.as_str())
                .map(|(at, part)| at..at + part.len())
                .collect();
            // For `l'isère`, an `l` within other words is not marked.
            let begins_a_word = |part: &Range<usize>| part.start == 0 || folded.text.as_bytes()[part.start - 1] == b' ';
            if found.iter().any(begins_a_word) {
                found.retain(begins_a_word);
            }
            if found.is_empty()
                && let Some(automaton) = self.forgiving.get(rank).and_then(Option::as_ref)
            {
                let start = |word: &str| word.as_ptr() as usize - folded.text.as_ptr() as usize;
                let near = words().filter(|other| accepts(automaton, other));
                found.extend(near.map(|other| start(other)..start(other) + other.len()));
            }
            let source = |part: &Range<usize>| folded.sources[part.start].start..folded.sources[part.end - 1].end;
            marks.extend(found.iter().map(source));
        }
        Marked {
            text: text.to_owned(),
            marks: joined(marks),
        }
    }
}

/// A text to match, prepared lazily: there may be hundreds of thousands.
struct ComparedText<'a> {
    source: &'a str,
    folded: String,
}

impl<'a> ComparedText<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            folded: folded(source),
        }
    }

    fn has_joints(&self) -> bool {
        self.source
            .contains(|c: char| !c.is_alphanumeric() && !c.is_whitespace())
    }

    /// The folded text with apostrophes and hyphens removed: `l'haÿ` as `lhay`.
    fn joined(&self) -> String {
        let words = self.source.split_whitespace().map(fold).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join(" ")
    }
}

/// How a word matches a folded text.
fn fit_in(word: &str, text: &str) -> Option<ValueMatch> {
    // A search that cannot succeed is not prepared for.
    if word.len() > text.len() {
        return None;
    }
    let mut places = text.match_indices(word).peekable();
    places.peek()?;
    let begins = |at: usize| at == 0 || text.as_bytes()[at - 1] == b' ';
    Some(if places.any(|(at, _)| begins(at)) {
        ValueMatch::Words
    } else {
        ValueMatch::Inside
    })
}

/// Folds a text, see [`FoldedText`].
pub(crate) fn folded(text: &str) -> String {
    if !text.is_ascii() {
        return FoldedText::new(text).text;
    }
    let mut folded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            folded.push(char::from(byte.to_ascii_lowercase()));
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

fn words_of(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(' ').filter(|word| !word.is_empty())
}

impl FoldedText {
    fn new(source: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(source.len()),
            sources: Vec::with_capacity(source.len()),
        };
        for (at, c) in source.char_indices() {
            let bytes = at..at + c.len_utf8();
            if c.is_ascii_alphanumeric() {
                folded.text.push(c.to_ascii_lowercase());
                folded.sources.push(bytes);
                continue;
            }
            let letters = fold(c.encode_utf8(&mut [0; 4]));
            if !letters.is_empty() {
                folded.text.push_str(&letters);
                folded.sources.extend(std::iter::repeat_n(bytes, letters.len()));
            } else if is_combining(c) {
                // A combining mark belongs to the letter before it.
                if let Some(last) = folded.sources.last_mut() {
                    last.end = bytes.end;
                }
            } else if !folded.text.is_empty() && !folded.text.ends_with(' ') {
                folded.text.push(' ');
                folded.sources.push(bytes);
            }
        }
        folded.text.truncate(folded.text.trim_end().len());
        folded
    }
}

fn is_combining(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Sorts marks and merges overlapping ones.
fn joined(mut marks: Vec<Range<usize>>) -> Vec<Range<usize>> {
    marks.sort_by_key(|mark| (mark.start, mark.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(marks.len());
    for mark in marks {
        match apart.last_mut() {
            Some(last) if mark.start < last.end => last.end = last.end.max(mark.end),
            _ => apart.push(mark),
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fit(typed: &str, name: &str) -> Option<ValueMatch> {
        ValueMatcher::new(typed).fit(name, "", "")
    }

    fn forgiven(typed: &str, name: &str) -> Option<ValueMatch> {
        let mut matcher = ValueMatcher::new(typed);
        matcher.forgive();
        matcher.fit(name, "", "")
    }

    fn marked(typed: &str, name: &str) -> String {
        let mut matcher = ValueMatcher::new(typed);
        matcher.forgive();
        let marked = matcher.mark(name);
        let parts = marked.parts();
        parts
            .map(|(part, is_marked)| {
                if is_marked {
                    format!("[{part}]")
                } else {
                    part.to_owned()
                }
            })
            .collect()
    }

    #[test]
    fn a_value_is_found_by_any_part_of_it() {
        for (typed, name, expected) in [
            ("toulouse metropole", "Toulouse Métropole", Some(ValueMatch::Whole)),
            ("TOULOUSE M", "Toulouse Métropole", Some(ValueMatch::Beginning)),
            ("métro toul", "Toulouse Métropole", Some(ValueMatch::Words)),
            ("louse", "Toulouse Métropole", Some(ValueMatch::Inside)),
            ("saint etienne", "Saint-Étienne Métropole", Some(ValueMatch::Beginning)),
            ("lhay", "L'Haÿ-les-Roses", Some(ValueMatch::Words)),
            ("oeuvr", "Maîtrise d’œuvre", Some(ValueMatch::Words)),
            ("", "Toulouse", Some(ValueMatch::Words)),
            ("lyon", "Toulouse", None),
            ("tolouse", "Toulouse", None),
        ] {
            assert_eq!(fit(typed, name), expected, "{typed} in {name}");
        }
    }

    #[test]
    fn typing_errors_are_forgiven_where_a_word_is_long_enough() {
        for (typed, expected) in [
            ("tolouse", Some(ValueMatch::Forgiven)),
            ("toulose metro", Some(ValueMatch::Forgiven)),
            ("metroplo", Some(ValueMatch::Forgiven)),
            ("tul", None),
            ("marseille", None),
        ] {
            assert_eq!(forgiven(typed, "Toulouse Métropole"), expected, "{typed}");
        }
        assert_eq!(forgiven("2024", "2023"), None);
    }

    #[test]
    fn some_words_may_be_above_but_not_all() {
        let fit = |typed: &str| ValueMatcher::new(typed).fit("Toulouse Métropole", "", "Occitanie > Haute-Garonne > ");
        assert_eq!(fit("occitanie toul"), Some(ValueMatch::Inside));
        assert_eq!(fit("occitanie"), None);
        let labelled = ValueMatcher::new("nettoyage").fit("90910000", "Services de nettoyage", "");
        assert_eq!(labelled, Some(ValueMatch::Words));
    }

    #[test]
    fn what_was_asked_for_is_marked() {
        assert_eq!(marked("metro", "Toulouse Métropole"), "Toulouse [Métro]pole");
        assert_eq!(marked("tolouse", "Toulouse Métropole"), "[Toulouse] Métropole");
        assert_eq!(marked("oe", "Maîtrise d’œuvre"), "Maîtrise d’[œ]uvre");
        assert_eq!(marked("ete", "e\u{301}te\u{301} d'été"), "[e\u{301}te\u{301}] d'[été]");
        assert_eq!(marked("rir rit", "trirritri"), "t[rir][rit]ri");
        assert_eq!(marked("l'is", "Conseil de l'Isère"), "Conseil de [l]'[Is]ère");
    }

    proptest! {
        #[test]
        fn nothing_panics_and_a_value_is_found_by_itself(text in "\\PC{0,40}", typed in "\\PC{0,20}") {
            let mut matcher = ValueMatcher::new(&typed);
            matcher.forgive();
            let _ = matcher.fit(&text, &typed, &text);
            let marked = matcher.mark(&text);
            prop_assert_eq!(marked.parts().map(|(part, _)| part).collect::<String>(), text.clone());
            let words = words_of(&folded(&text)).count();
            prop_assert_eq!(folded(&text), FoldedText::new(&text).text);
            if (1..=MAX_WORDS).contains(&words) {
                prop_assert_eq!(fit(&text, &text), Some(ValueMatch::Whole));
            }
        }
    }
}
