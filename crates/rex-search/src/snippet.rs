//! The passage of a text that shows best what was found.

use std::ops::Range;

use crate::highlight::Found;
use crate::response::Marked;

/// Length a passage aims at, in bytes: two or three lines.
const LENGTH: usize = 240;
/// How far before the first word found a passage looks for the beginning of its sentence.
const LEAD: usize = 90;
const ELLIPSIS: &str = "…";

/// The passage of a text that holds most of the words found in it, marked; `None` where none was.
pub(crate) fn best_passage(found: &[Found], text: &str) -> Option<Marked> {
    let window = best_window(found)?;
    let range = passage(text, &found[window.clone()]);
    let mut passage = Marked::default();
    if range.start > 0 {
        passage.text.push_str(ELLIPSIS);
        passage.text.push(' ');
    }
    let shift = passage.text.len();
    // A line break ends a paragraph or a list item; a passage runs on.
    passage
        .text
        .extend(text[range.clone()].chars().map(|c| if c == '\n' { ' ' } else { c }));
    if range.end < text.len() {
        passage.text.push(' ');
        passage.text.push_str(ELLIPSIS);
    }
    passage.marks = found
        .iter()
        .filter(|found| range.start <= found.range.start && found.range.end <= range.end)
        .map(|found| found.range.start - range.start + shift..found.range.end - range.start + shift)
        .collect();
    Some(passage)
}

/// The run of words found, short enough for one passage, that holds most different ones, then most of them.
fn best_window(found: &[Found]) -> Option<Range<usize>> {
    let mut best = None;
    let mut end = 0;
    for start in 0..found.len() {
        while end < found.len() && found[end].range.end - found[start].range.start <= LENGTH - LEAD {
            end += 1;
        }
        let window = start..end.max(start + 1);
        let mut terms: Vec<_> = found[window.clone()].iter().map(|found| found.term).collect();
        terms.sort_unstable();
        terms.dedup();
        let worth = (terms.len(), window.len());
        if best.as_ref().is_none_or(|(best_worth, _)| worth > *best_worth) {
            best = Some((worth, window));
        }
    }
    best.map(|(_, window)| window)
}

/// Whole words around the words found, from the beginning of a sentence where one is near.
fn passage(text: &str, found: &[Found]) -> Range<usize> {
    let (first, last) = (found[0].range.start, found[found.len() - 1].range.end);
    let earliest = text.floor_char_boundary(first.saturating_sub(LEAD));
    let before = &text[earliest..first];
    let start = match before.rfind(['\n', '.', '!', '?', ';', ':']) {
        Some(at) => earliest + at + 1,
        None if earliest == 0 => 0,
        None => earliest + before.find(char::is_whitespace).unwrap_or(before.len()),
    };
    let start = first - text[start..first].trim_start().len();
    let latest = text.ceil_char_boundary(text.len().min(last.max(start + LENGTH)));
    let end = match text[last..latest].rfind(char::is_whitespace) {
        _ if latest == text.len() => latest,
        Some(at) => last + at,
        None => last,
    };
    start..start + text[start..end].trim_end().len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::highlight::Highlighter;

    fn passage_of(query: &str, text: &str) -> Option<Marked> {
        let words = rex_analysis::Analyzer::default().analyze(text);
        best_passage(&Highlighter::of(query).find_among(&words), text)
    }

    fn snippet(query: &str, text: &str) -> Option<String> {
        let passage = passage_of(query, text)?;
        Some(
            passage
                .parts()
                .map(|(part, marked)| if marked { format!("[{part}]") } else { part.to_owned() })
                .collect(),
        )
    }

    #[test]
    fn shows_the_sentence_that_holds_most_words() {
        let filler = "Une phrase qui ne dit rien de ce que l'on cherche ici, assez longue pour compter. ".repeat(5);
        let text = format!("Le tri seul. {filler}Le tri des déchets est ici.\n{filler}");
        let passage = snippet("tri déchets", &text).unwrap();
        assert!(
            passage.starts_with("… Le [tri] des [déchets] est ici. Une phrase"),
            "{passage}"
        );
        assert!(passage.ends_with(" …") && passage.len() < LENGTH + 60, "{passage}");
    }

    #[test]
    fn a_short_text_is_shown_whole() {
        assert_eq!(
            snippet("tri", "Avant le tri, après.").unwrap(),
            "Avant le [tri], après."
        );
        assert_eq!(snippet("papier", "Avant le tri."), None);
    }

    proptest! {
        #[test]
        fn marks_stay_on_the_words(text in "[a-zé .\n’]{0,600}", word in "[a-zé]{1,2}") {
            if let Some(passage) = passage_of(&word, &text) {
                prop_assert!(!passage.marks.is_empty());
                for (part, marked) in passage.parts() {
                    prop_assert!(!marked || !part.contains(". "), "{part:?}");
                }
            }
        }
    }
}
