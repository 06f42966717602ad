//! Finds the words of a query in a text.

use std::ops::Range;

use foldhash::HashMap;
use rex_analysis::{Analyzer, Token, is_stop_word};

use crate::query::expanded_term::ExpandedTerm;
use crate::query::parser::{Form, QueryWord};
use rex_query::{Highlighter, Marked};

/// Marks the words and phrases of a query.
#[derive(Debug, Clone)]
pub(crate) struct TermHighlighter {
    analyzer: Analyzer,
    /// Stems that are marked wherever they are, with the index of their word of the query.
    stems: HashMap<String, usize>,
    /// Phrases that are marked only as a whole.
    marked_phrases: Vec<MarkedPhrase>,
}

#[derive(Debug, Clone)]
struct MarkedPhrase {
    words: Vec<(usize, Form)>,
    is_exact: bool,
    /// Whether stop words are marked too, as in a phrase that was typed.
    marks_stop_words: bool,
    term: usize,
}

/// A word found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MarkedTerm {
    /// Its bytes in the text.
    pub(crate) range: Range<usize>,
    /// The index of its word or phrase in the query.
    pub(crate) term: usize,
}

impl TermHighlighter {
    /// Marks the expanded words of a query, and its phrases.
    pub(crate) fn new(analyzer: Analyzer, terms: &[ExpandedTerm], phrases: &[Vec<QueryWord>]) -> Self {
        let mut highlighter = Self {
            analyzer,
            stems: HashMap::default(),
            marked_phrases: Vec::new(),
        };
        for (rank, term) in terms.iter().enumerate() {
            for form in &term.own {
                if term.is_acronym {
                    highlighter.marked_phrases.push(MarkedPhrase {
                        words: vec![(0, form.clone())],
                        is_exact: true,
                        marks_stop_words: true,
                        term: rank,
                    });
                } else {
                    highlighter.add_stems(form, rank);
                }
            }
            for expansion in &term.expansions {
                match expansion.sequence.as_slice() {
                    [(_, form)] if !expansion.is_exact => {
                        highlighter.add_stems(form, rank);
                    }
                    words => highlighter.marked_phrases.push(MarkedPhrase {
                        words: words.to_vec(),
                        is_exact: expansion.is_exact,
                        marks_stop_words: false,
                        term: rank,
                    }),
                }
            }
        }
        for (rank, phrase) in phrases.iter().enumerate() {
            let first = phrase.first().map_or(0, |word| word.position);
            let words = phrase.iter().map(|word| (word.position - first, word.forms[0].clone()));
            highlighter.marked_phrases.push(MarkedPhrase {
                words: words.collect(),
                is_exact: true,
                marks_stop_words: true,
                term: terms.len() + rank,
            });
        }
        highlighter
    }

    fn add_stems(&mut self, form: &Form, term: usize) {
        for stem in form.stems() {
            self.stems.entry(stem.to_owned()).or_insert(term);
        }
    }

    /// The analyzer of the texts.
    pub(crate) fn analyzer(&self) -> Analyzer {
        self.analyzer
    }

    /// The matches in a text, in order and not overlapping.
    fn find(&self, text: &str) -> Vec<MarkedTerm> {
        if self.marks_nothing() {
            return Vec::new();
        }
        self.find_among(&self.analyzer.analyze(text))
    }

    /// Whether the query has no word.
    pub(crate) fn marks_nothing(&self) -> bool {
        self.stems.is_empty() && self.marked_phrases.is_empty()
    }

    /// The matches among the tokens of a text, in order and not overlapping.
    pub(crate) fn find_among(&self, tokens: &[Token]) -> Vec<MarkedTerm> {
        if self.marks_nothing() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (rank, token) in tokens.iter().enumerate() {
            if let Some(term) = self.stems.get(&token.stem) {
                found.push(MarkedTerm {
                    range: token.start..token.end,
                    term: *term,
                });
            }
            for phrase in &self.marked_phrases {
                found.extend(phrase.at(&tokens[rank..]));
            }
        }
        apart(found)
    }
}

impl Highlighter for TermHighlighter {
    fn highlight(&self, text: &str) -> Marked {
        Marked {
            text: text.to_owned(),
            marks: self.find(text).into_iter().map(|found| found.range).collect(),
        }
    }
}

impl MarkedPhrase {
    /// The words of the phrase, if the tokens begin with it.
    fn at(&self, tokens: &[Token]) -> Vec<MarkedTerm> {
        // The phrase begins at the first token: later ones are tried by the caller.
        let begins = |(_, form): &(usize, Form)| self.is_word(form, &tokens[0]);
        if !self.words.first().is_some_and(begins) {
            return Vec::new();
        }
        let mut found = Vec::with_capacity(self.words.len());
        let mut rest = tokens;
        for (place, form) in &self.words {
            let position = tokens[0].position + place;
            let is_word = |token: &&Token| token.position == position && self.is_word(form, token);
            let candidates = rest.iter().take_while(|token| token.position <= position);
            let Some((at, token)) = candidates.enumerate().find(|(_, token)| is_word(token)) else {
                return Vec::new();
            };
            if self.marks_stop_words || !is_stop_word(&token.exact) {
                found.push(MarkedTerm {
                    range: token.start..token.end,
                    term: self.term,
                });
            }
            rest = &rest[at..];
        }
        found
    }

    /// Whether a token is a word of the phrase.
    fn is_word(&self, form: &Form, token: &Token) -> bool {
        if self.is_exact {
            token.exact == form.exact
        } else {
            form.stems().any(|stem| stem == token.stem)
        }
    }
}

/// Sorts marks and removes overlaps: the longer mark stays, and of equal ones the last, which is that of a phrase.
fn apart(mut found: Vec<MarkedTerm>) -> Vec<MarkedTerm> {
    found.sort_by_key(|found| (found.range.start, std::cmp::Reverse((found.range.end, found.term))));
    let mut kept: Vec<MarkedTerm> = Vec::with_capacity(found.len());
    for found in found {
        if kept.last().is_none_or(|last| found.range.start >= last.range.end) {
            kept.push(found);
        }
    }
    kept
}

#[cfg(test)]
impl TermHighlighter {
    /// Marks the words of a query without expansions.
    pub(crate) fn of(query: &str) -> Self {
        let analyzer = Analyzer::default();
        let parsed = crate::query::parser::parse(analyzer, query);
        let asked = parsed.words.iter().filter(|word| word.is_asked);
        let terms: Vec<_> = asked
            .map(|word| ExpandedTerm {
                own: word.forms.iter().chain(&word.wholes).cloned().collect(),
                shares: Vec::new(),
                expansions: Vec::new(),
                labelled: Vec::new(),
                idf: 1.0,
                is_acronym: false,
                is_held: true,
                is_missing: false,
                word: word.clone(),
            })
            .collect();
        Self::new(analyzer, &terms, &parsed.phrases)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(query: &str, text: &str) -> Vec<String> {
        let marked = TermHighlighter::of(query).highlight(text);
        marked
            .parts()
            .filter(|(_, marked)| *marked)
            .map(|(part, _)| part.to_owned())
            .collect()
    }

    #[test]
    fn marks_the_word_and_not_its_article() {
        assert_eq!(
            marks("insertion dechet", "L’insertion par les DÉCHETS, d'insertion"),
            ["insertion", "DÉCHETS", "insertion"]
        );
        assert_eq!(marks("l'eau", "De l'eau"), ["eau"]);
        assert_eq!(marks("", "rien"), [] as [&str; 0]);
    }

    #[test]
    fn marks_a_phrase_only_where_it_is_whole() {
        assert_eq!(
            marks("\"marché réservé\"", "un marché, un marché réservé"),
            ["marché", "réservé"]
        );
        assert_eq!(marks("\"un lot\" lot", "un lot, des lots"), ["un", "lot", "lots"]);
        assert_eq!(marks("-lot tri", "lot tri"), ["tri"]);
    }

    #[test]
    fn marks_a_compound_once() {
        assert_eq!(
            marks("sous-traitant", "un sous-traitant, un soustraitant, un traitant"),
            ["sous-traitant", "soustraitant", "traitant"]
        );
        assert_eq!(marks("traitant", "un sous-traitant"), ["traitant"]);
        assert_eq!(marks("\"salariés\"", "nos salarié·es"), ["salarié·es"]);
        assert_eq!(marks("salariés", "nos salarié·es"), ["salarié·es"]);
    }
}
