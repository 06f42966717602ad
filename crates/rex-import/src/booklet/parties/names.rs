//! Words and proper names of a French text.

use std::ops::Range;

use rex_corpus::name_key;

/// A word: a run of letters and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word<'t> {
    pub(crate) range: Range<usize>,
    pub(crate) text: &'t str,
    /// The text between it and the word before.
    pub(crate) gap: &'t str,
}

impl Word<'_> {
    pub(crate) fn is_capital(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }

    pub(crate) fn key(&self) -> String {
        name_key(self.text)
    }

    /// Whether it begins a sentence.
    pub(crate) fn starts_sentence(&self) -> bool {
        self.range.start == 0 || self.gap.trim_end().ends_with(['.', '!', '?', '…', ':', '«'])
    }
}

/// Words inside a name.
pub(crate) const CONNECTORS: &[&str] = &["de", "du", "des", "d", "la", "le", "les", "l"];

pub(crate) fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut end = 0;
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric() && at < text.len(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let range: Range<usize> = from..at;
                words.push(Word {
                    text: &text[range.clone()],
                    gap: &text[end..from],
                    range,
                });
                end = at;
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// End of the name that begins at word index `start`: capitalised words, numbers, and connectors between them.
pub(crate) fn name_end(words: &[Word<'_>], start: usize) -> usize {
    let mut end = start + 1;
    loop {
        let joins = |word: &Word<'_>| matches!(word.gap, " " | "-" | "'" | " & " | " + " | "&" | "." | " - ");
        let Some(next) = words.get(end).filter(|next| joins(next)) else {
            return end;
        };
        let goes_on = next.is_capital() || next.text.starts_with(|c: char| c.is_ascii_digit());
        if goes_on || next.gap == "-" {
            end += 1;
            continue;
        }
        let links = words[end..]
            .iter()
            .take(3)
            .take_while(|word| joins(word) && CONNECTORS.contains(&word.text))
            .count();
        let after = words
            .get(end + links)
            .filter(|after| links > 0 && joins(after) && after.is_capital());
        match after {
            Some(_) => end += links + 1,
            None => return end,
        }
    }
}

/// A proper name, as a range of word indexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProperName {
    pub(crate) words: Range<usize>,
    pub(crate) text: String,
}

/// The proper names of a text. Words capitalised only as the first of a sentence are left out.
pub(crate) fn proper_names(text: &str, words: &[Word<'_>]) -> Vec<ProperName> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if !words[at].is_capital() {
            at += 1;
            continue;
        }
        let end = joined_by_and(text, words, name_end(words, at));
        let start = own_start(words, at..end);
        if let Some(start) = start {
            let range = words[start].range.start..words[end - 1].range.end;
            found.push(ProperName {
                words: start..end,
                text: text[range].to_owned(),
            });
        }
        at = end;
    }
    found
}

/// « Pain et Partage est une… »: two names joined by *et* are one if a singular verb follows.
fn joined_by_and(text: &str, words: &[Word<'_>], end: usize) -> usize {
    let is_and = words.get(end).is_some_and(|word| word.text == "et" && word.gap == " ");
    if !is_and
        || !words
            .get(end + 1)
            .is_some_and(|word| word.is_capital() && word.gap == " ")
    {
        return end;
    }
    let after = name_end(words, end + 1);
    let verb = words
        .get(after)
        .is_some_and(|word| word.gap == " " && matches!(word.text, "est" | "a" | "s" | "emploie" | "propose"));
    let whole = words
        .get(after - 1)
        .map_or("", |last| &text[words[end - 1].range.start..last.range.end]);
    if verb || text.matches(whole).count() > 1 {
        after
    } else {
        end
    }
}

/// Words that begin sentences but not names.
const STARTERS: &[&str] = &[
    "un",
    "une",
    "ce",
    "cet",
    "cette",
    "ces",
    "en",
    "au",
    "aux",
    "a",
    "dans",
    "pour",
    "par",
    "sur",
    "avec",
    "depuis",
    "grace",
    "afin",
    "ainsi",
    "enfin",
    "ensuite",
    "tout",
    "toute",
    "tous",
    "apres",
    "avant",
    "lors",
    "suite",
    "elle",
    "elles",
    "il",
    "ils",
    "son",
    "sa",
    "ses",
    "leur",
    "leurs",
    "c",
    "s",
    "si",
    "d",
    "de",
    "des",
    "du",
    "et",
    "mais",
    "or",
    "plus",
    "face",
    "outre",
    "cependant",
    "chaque",
    "plusieurs",
    "deux",
    "trois",
    "quatre",
    "dix",
    "nous",
    "notre",
    "nos",
    "aujourd",
    "hui",
    "premier",
    "premiere",
    "entre",
    "chez",
    "sous",
    "dont",
    "qui",
    "que",
    "quand",
    "comme",
    "tandis",
    "toutefois",
    "acteur",
    "specialiste",
    "forte",
    "fort",
    "basee",
    "les",
    "le",
    "la",
    "l",
];

/// Start of the name in a run of capitalised words.
fn own_start(words: &[Word<'_>], run: Range<usize>) -> Option<usize> {
    let mut start = run.start;
    while start < run.end {
        let key = words[start].key();
        let is_article = matches!(key.as_str(), "le" | "la" | "les" | "l");
        let next_is_name = words
            .get(start + 1)
            .is_some_and(|next| start + 1 < run.end && next.is_capital());
        if is_article && next_is_name {
            return Some(start);
        }
        // « À » is a capital in text that is all capitals.
        let is_ordinary = (words[start].starts_sentence() && is_ordinary(&key)) || key == "a";
        if !is_ordinary && !is_article {
            return Some(start);
        }
        start += 1;
    }
    None
}

/// Whether a word is a starter, a participle or an adverb: « Créée en… », « Parallèlement… ».
fn is_ordinary(key: &str) -> bool {
    const ENDS: &[&str] = &["ee", "ees", "ement", "amment", "ant"];
    STARTERS.contains(&key) || (key.len() > 4 && ENDS.iter().any(|end| key.ends_with(end)))
}

/// The sentences of a text. A semicolon before a capital ends one, too: « Appel d'offres ouvert ; Un Nom a été retenu ».
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = text[at + c.len_utf8()..].trim_start_matches(['»', ' ', '"', ')', '\u{a0}']);
        let is_spaced = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        let is_end = matches!(c, '.' | '!' | '?' | '…' | ';')
            && is_spaced
            && next.starts_with(|c: char| c.is_uppercase() || c == '«' || c.is_ascii_digit());
        // « M. », « S. A. »
        let is_initial = text[..at].chars().rev().take_while(|c| c.is_alphanumeric()).count() == 1;
        if is_end && !is_initial {
            sentences.push(start..at + c.len_utf8());
            start = at + c.len_utf8();
        }
    }
    if !text[start..].trim().is_empty() {
        sentences.push(start..text.len());
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        proper_names(text, &words(text))
            .into_iter()
            .map(|name| name.text)
            .collect()
    }

    #[test]
    fn finds_proper_names() {
        for (text, expected) in [
            ("L'association Un Nom intervient à Rennes.", &["Un Nom", "Rennes"][..]),
            (
                "Créée en 2010, la SCIC Terres Vives du Pays de Redon agit.",
                &["SCIC Terres Vives du Pays de Redon"],
            ),
            ("Les Jardins d'Auzon sont là. Elle forme.", &["Les Jardins d'Auzon"]),
            (
                "ATELIER NORD est une association ; Envie 2E Bretagne aussi.",
                &["ATELIER NORD", "Envie 2E Bretagne"],
            ),
            ("Pain et Levain est une SCOP.", &["Pain et Levain", "SCOP"]),
            ("Elle travaille. Depuis Nantes, rien.", &["Nantes"]),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn cuts_sentences() {
        let text = "Une phrase. Une autre ! M. Un n'en est pas une. « Et »";
        assert_eq!(sentences(text).len(), 4);
        assert!(sentences("").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,80}") {
            let words = words(&text);
            proper_names(&text, &words);
            for range in sentences(&text) {
                proptest::prop_assert!(text.get(range).is_some());
            }
        }
    }
}
