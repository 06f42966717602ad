//! Picks the passage of a text to show.

use std::ops::Range;

use crate::highlight::highlighter::MarkedTerm;
use rex_query::Marked;

/// Target length of a passage in bytes: two or three lines.
const LENGTH: usize = 240;
/// Bytes before the first match in which the beginning of its sentence is looked for.
const LEAD: usize = 90;
const ELLIPSIS: &str = "…";
/// Ends of a sentence or clause.
const ENDS: [char; 7] = ['\n', '.', '!', '?', ';', ':', '…'];
/// Closing marks, which belong to the sentence before them.
const CLOSING: [char; 6] = ['»', '"', '”', '’', ')', ']'];
/// The usual abbreviations of French and of its legal citations, in lower case, that keep their point within a sentence. Letters
/// alone need not be listed, nor what is followed by lower case (`etc. et`). Of those that are words too, a missed end costs less
/// than a passage that begins in the middle of a name.
const ABBREVIATIONS: &[&str] = &[
    // People and companies.
    "mm", "mme", "mmes", "mlle", "mlles", "mgr", "me", "mes", "dr", "drs", "pr", "prof", "st", "ste", "sts", "stes",
    "vve", "cie", "sté", "ets", "éts", "inc", "ltd", "dir", "resp", "secr", "adj", // References.
    "art", "al", "chap", "cf", "ch", "circ", "coll", "comm", "cons", "const", "déc", "décr", "ex", "fasc", "fig",
    "ibid", "jur", "jurispr", "réf", "ref", "rég", "req", "sect", "suiv", "sq", "sqq", "suppl", "tab", "tit", "trav",
    "trib", "vol", "op", "cit", "éd", "ed", "obs", "ord", "pp", "paragr", "vs", "voy", "loc",
    // Numbers, measures, dates and addresses.
    "no", "nos", "num", "env", "approx", "max", "min", "moy", "hab", "dépt", "dép", "arr", "arrdt", "janv", "févr",
    "avr", "juil", "oct", "nov", "tél", "fax", "av", "bd", "bld", "boul", "pl", "rte", "www",
];
/// Abbreviations only before a number.
const BEFORE_NUMBERS: &[&str] = &["sept", "tel", "port", "poste"];

/// The passage with the most distinct matches, marked; `None` without a match.
pub(crate) fn best_passage(found: &[MarkedTerm], text: &str) -> Option<Marked> {
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

/// The run of matches, short enough for one passage, with the most distinct ones, then the most.
fn best_window(found: &[MarkedTerm]) -> Option<Range<usize>> {
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

/// Whole words around the matches, from the beginning of a sentence if one is near.
fn passage(text: &str, found: &[MarkedTerm]) -> Range<usize> {
    let (first, last) = (found[0].range.start, found[found.len() - 1].range.end);
    let earliest = text.floor_char_boundary(first.saturating_sub(LEAD));
    let before = &text[earliest..first];
    let start = match last_end(text, earliest..first) {
        Some(end) => end,
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

/// The end of the last sentence that ends within a range, closing marks included; `None` if none does.
fn last_end(text: &str, range: Range<usize>) -> Option<usize> {
    let marks = text[range.clone()].rmatch_indices(ENDS);
    let mut ends = marks.filter_map(|(at, mark)| end_at(text, range.start + at, mark));
    ends.find(|end| *end <= range.end)
}

/// The end of the sentence whose last mark is at `at`; `None` if the mark ends no sentence: within an address or a number, after an
/// abbreviation, before a word in lower case.
fn end_at(text: &str, at: usize, mark: &str) -> Option<usize> {
    let after = &text[at + mark.len()..];
    if mark == "\n" {
        return Some(text.len() - after.len());
    }
    // « Fin. » Suite: what closes goes with what it closes.
    let rest = after.trim_start_matches(|c: char| CLOSING.contains(&c) || c == '\u{a0}' || c == '\u{202f}');
    let rest = rest.strip_prefix(" »").unwrap_or(rest);
    let is_apart = rest.is_empty() || rest.starts_with(char::is_whitespace) || rest.len() < after.len();
    let next = rest.trim_start().chars().next();
    let goes_on = match mark {
        "." => next.is_some_and(char::is_lowercase) || is_abbreviated(&text[..at], next),
        "…" => next.is_some_and(char::is_lowercase),
        _ => false,
    };
    (is_apart && !goes_on).then_some(text.len() - rest.len())
}

/// Whether a text ends with an abbreviation: a single letter, as in initials and `H.T.`, or a known one.
fn is_abbreviated(before: &str, next: Option<char>) -> bool {
    let word_start = before
        .rfind(|c: char| !c.is_alphanumeric())
        .map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
    let word = &before[word_start..];
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => letter.is_alphabetic(),
        _ => {
            let word = word.to_lowercase();
            let is_before_number = next.is_some_and(|next| next.is_ascii_digit());
            ABBREVIATIONS.contains(&word.as_str()) || is_before_number && BEFORE_NUMBERS.contains(&word.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::highlight::highlighter::TermHighlighter;

    fn passage_of(query: &str, text: &str) -> Option<Marked> {
        let words = rex_analysis::Analyzer::default().analyze(text);
        best_passage(&TermHighlighter::of(query).find_among(&words), text)
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

    /// The passage around `ici`, which is in the last sentence of the text.
    fn around(text: &str) -> String {
        snippet("ici", text).unwrap().replace(['[', ']'], "")
    }

    #[test]
    fn a_sentence_does_not_end_within_itself() {
        for sentence in [
            "Le maire, M. Dupont, ici",
            "Le maire, Mme. Durand, ici",
            "Mmes. Durand et MM. Dupont ici",
            "L'avis du Dr. Petit ici",
            "L'article L. 2113-12 ici",
            "L'article R. 2123-1 du code ici",
            "Selon l'art. L. 2113-12 ici",
            "Selon l'art. 5 du décret ici",
            "Pour 100 000 euros H.T. Dupont ici",
            "Pour 100 000 € T.T.C. Offre ici",
            "La S.C.O.P. Dupont ici",
            "Sur www.exemple.fr ici",
            "Sur https://exemple.fr/a.b?c=1;d:2 ici",
            "À j.dupont@exemple.fr ici",
            "Environ 1.5 million ici",
            "Le lot n. 3 ici",
            "Tri, collecte, etc. ce qui ici",
            "Pour mémoire, cf. Annexe 2, ici",
            "Voir p. 12 ici",
            "Par ex. Toulouse ici",
            "J. B. Martin ici",
            "É. Zola ici",
            "Au tél. 05 61 00 00 00 ici",
            "Le 3 sept. 2023 ici",
            "À 10:30 précises ici",
        ] {
            let text = format!("Avant. {sentence} après.");
            // Before the words found, a passage looks for the beginning of its own sentence only.
            let filler = "x".repeat(LENGTH);
            let long = format!("{filler}. {sentence} après.");
            assert_eq!(around(&long), format!("… {sentence} après."), "{sentence}");
            assert!(around(&text).ends_with(&format!("{sentence} après.")), "{sentence}");
        }
    }

    #[test]
    fn a_sentence_ends_where_it_does() {
        let filler = "x".repeat(LENGTH);
        for before in [
            "Fin.",
            "Fin !",
            "Fin ?",
            "Fin :",
            "Fin ;",
            "Fin…",
            "Fin...",
            "Tri, collecte, etc.",
            "En 2023.",
            "Ils sont sept.",
            "« Fin. »",
            "« Fin.\u{a0}»",
            "(Fin.)",
            "Chez Dupont S.A.S. et fils.",
            "Fin\n",
        ] {
            let passage = around(&format!("{filler} {before} Le tri ici."));
            assert_eq!(passage, "… Le tri ici.", "{before}");
        }
    }

    proptest! {
        #[test]
        fn marks_stay_on_the_words(text in "[a-zéA .:»)\u{a0}…\n’]{0,600}", word in "[a-zé]{1,2}") {
            if let Some(passage) = passage_of(&word, &text) {
                prop_assert!(!passage.marks.is_empty());
                for (part, marked) in passage.parts() {
                    prop_assert!(!marked || !part.contains(". "), "{part:?}");
                }
            }
        }
    }
}
