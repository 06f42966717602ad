//! Parses a query into words, phrases and exclusions. Any text is a query: there is no syntax error.

use std::ops::Range;

use rex_analysis::{Analyzer, Token, is_number_of_article};

/// Most words that are searched; a longer query is cut.
pub(crate) const MAX_WORDS: usize = 32;

/// A parsed query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ParsedQuery {
    /// The words outside quotes, in the order typed.
    pub(crate) words: Vec<QueryWord>,
    /// Phrases that a match has to hold.
    pub(crate) phrases: Vec<Vec<QueryWord>>,
    /// Phrases that a match must not hold.
    pub(crate) excluded: Vec<Vec<QueryWord>>,
    /// Whether the query has text but no word that can be indexed: a word longer than the longest token.
    pub(crate) is_beyond_words: bool,
}

impl ParsedQuery {
    /// How many tokens the words are indexed as, at most.
    pub(crate) fn tokens(&self) -> u32 {
        let tokens = self.words.iter().map(|word| word.forms.len() + word.wholes.len());
        tokens.sum::<usize>() as u32
    }
}

/// A word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueryWord {
    /// As it was typed.
    pub(crate) typed: String,
    /// Its bytes in the query.
    pub(crate) range: Range<usize>,
    /// Its position; the next word has the next position.
    pub(crate) position: usize,
    /// The forms it is searched as; several if it is ambiguous.
    pub(crate) forms: Vec<Form>,
    /// The compounds it is a part of.
    pub(crate) wholes: Vec<Form>,
    /// Whether it is required: stop words only if there is nothing else, a repeated word once.
    pub(crate) is_asked: bool,
    /// The index of the named value that it is a part of: a match with the value need not hold the word.
    pub(crate) value: Option<usize>,
    /// Whether it is a stop word.
    pub(crate) is_stop_word: bool,
}

/// A word as it is indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) exact: String,
    pub(crate) stem: String,
    /// Stems of its other inflected forms, see [`Analyzer::related`].
    pub(crate) related: Vec<String>,
}

impl Form {
    /// A word by its exact form and its stem.
    pub(crate) fn new(analyzer: Analyzer, exact: String, stem: String) -> Self {
        Self {
            related: analyzer.related(&exact),
            exact,
            stem,
        }
    }

    /// The form of a token.
    pub(crate) fn of(analyzer: Analyzer, token: Token) -> Self {
        Self::new(analyzer, token.exact, token.stem)
    }

    /// Its stem, and those of its inflected forms that belong to several words.
    pub(crate) fn stems(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.stem).chain(&self.related).map(String::as_str)
    }
}

impl QueryWord {
    /// Whether it is typed in capitals, as acronyms are.
    pub(crate) fn is_in_capitals(&self) -> bool {
        let mut letters = self.typed.chars().filter(|c| c.is_alphabetic());
        letters.clone().count() > 1 && letters.all(char::is_uppercase)
    }
}

/// Parses a query. `"..."` and `« ... »` are phrases, `-word` and `-"..."` are exclusions; an unclosed quote is ignored.
pub(crate) fn parse(analyzer: Analyzer, query: &str) -> ParsedQuery {
    let mut parsed = ParsedQuery::default();
    let mut position = 0;
    let mut is_asking = false;
    for part in parts(query) {
        is_asking |=
            !matches!(part.kind, PartKind::Excluded) && query[part.range.clone()].contains(char::is_alphanumeric);
        let words = words(analyzer, query, part.range, &mut position);
        match part.kind {
            _ if words.is_empty() => {}
            PartKind::Words => parsed.words.extend(words),
            PartKind::Phrase => parsed.phrases.push(words),
            PartKind::Excluded => parsed.excluded.push(words),
        }
    }
    parsed.is_beyond_words = is_asking && parsed.words.is_empty() && parsed.phrases.is_empty();
    parsed.words.truncate(4 * MAX_WORDS);
    for phrases in [&mut parsed.phrases, &mut parsed.excluded] {
        phrases.truncate(MAX_WORDS);
        phrases.iter_mut().for_each(|phrase| phrase.truncate(MAX_WORDS));
    }
    choose_asked(analyzer, &mut parsed);
    parsed
}

/// Chooses the required words: no stop words unless there is nothing else, and no repetition.
fn choose_asked(analyzer: Analyzer, parsed: &mut ParsedQuery) {
    for word in &mut parsed.words {
        word.is_stop_word = word.forms.iter().all(|form| analyzer.is_stop_word(&form.exact));
    }
    let asks_more = !parsed.phrases.is_empty() || parsed.words.iter().any(|word| !word.is_stop_word);
    let mut asked: Vec<Vec<Form>> = Vec::new();
    for word in &mut parsed.words {
        let is_new = |asked: &[Vec<Form>]| {
            !asked.iter().any(|forms| {
                forms
                    .iter()
                    .map(|form| &form.stem)
                    .eq(word.forms.iter().map(|form| &form.stem))
            })
        };
        word.is_asked = !(asks_more && word.is_stop_word) && asked.len() < MAX_WORDS && is_new(&asked);
        if word.is_asked {
            asked.push(word.forms.clone());
        }
    }
}

/// The byte ranges of the parts of a query that are neither quoted nor excluded.
pub(crate) fn free(query: &str) -> impl Iterator<Item = Range<usize>> {
    let words = |part: &Part| matches!(part.kind, PartKind::Words);
    parts(query).into_iter().filter(words).map(|part| part.range)
}

enum PartKind {
    Words,
    Phrase,
    Excluded,
}

/// A part of a query: a run of words, a phrase or an exclusion.
struct Part {
    kind: PartKind,
    range: Range<usize>,
}

/// Splits a query into runs of words, phrases and exclusions.
fn parts(query: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut at = 0;
    while let Some(start) = query[at..].find(|c: char| !c.is_whitespace()) {
        let start = at + start;
        let rest = &query[start..];
        let after_dash = rest
            .strip_prefix('-')
            .filter(|after| after.starts_with(|c: char| !c.is_whitespace() && !matches!(c, '-' | '>')));
        let term = after_dash.unwrap_or(rest);
        let term_start = query.len() - term.len();
        let phrase = quoted(term);
        let (inside, length) = match &phrase {
            Some((inside, length)) => (term_start + inside.start..term_start + inside.end, *length),
            None => (term_start..term_start + unquoted(term), unquoted(term)),
        };
        at = term_start + length;
        let kind = match (after_dash, phrase) {
            (Some(_), _) => PartKind::Excluded,
            (None, Some(_)) => PartKind::Phrase,
            (None, None) => PartKind::Words,
        };
        match parts.last_mut() {
            // Adjacent words are analyzed together: groups of a number, words of a name.
            Some(last) if matches!((&last.kind, &kind), (PartKind::Words, PartKind::Words)) => {
                last.range.end = inside.end;
            }
            _ => parts.push(Part { kind, range: inside }),
        }
    }
    parts
}

/// The words of a part of the query, at positions after the parts before it and apart from them.
fn words(analyzer: Analyzer, query: &str, part: Range<usize>, position: &mut usize) -> Vec<QueryWord> {
    let mut words: Vec<QueryWord> = Vec::new();
    let mut compounds: Vec<Token> = Vec::new();
    for token in analyzer.analyze(&query[part.clone()]) {
        if token.span > 1 {
            compounds.push(token);
            continue;
        }
        let rank = *position + token.position;
        let range = part.start + token.start..part.start + token.end;
        let position_in_part = token.position;
        let form = Form::of(analyzer, token);
        if let Some(word) = words.last_mut().filter(|word| word.position == rank) {
            word.forms.push(form);
            continue;
        }
        let covering = compounds
            .iter()
            .filter(|compound| (compound.position..compound.position + compound.span).contains(&position_in_part));
        words.push(QueryWord {
            typed: query[range.clone()].to_owned(),
            range,
            position: rank,
            forms: vec![form],
            wholes: covering.map(|compound| Form::of(analyzer, compound.clone())).collect(),
            is_asked: false,
            value: None,
            is_stop_word: false,
        });
    }
    *position = words.last().map_or(*position, |last| last.position + 2);
    words.iter_mut().for_each(keep_letter);
    words
}

/// An article number typed with its letter does not match other articles with the same number.
fn keep_letter(word: &mut QueryWord) {
    let articles: Vec<String> = word.forms.iter().map(|form| form.exact.clone()).collect();
    let is_number = |form: &Form| {
        articles
            .iter()
            .any(|article| is_number_of_article(&form.exact, article))
    };
    if articles.len() > 1 {
        word.forms.retain(|form| !is_number(form));
    }
}

/// The byte range inside the quotation that a text starts with, and the length including quotes.
fn quoted(text: &str) -> Option<(Range<usize>, usize)> {
    let open = text.chars().next()?;
    let close = match open {
        '"' => '"',
        '«' => '»',
        '“' => '”',
        _ => return None,
    };
    let start = open.len_utf8();
    let end = start + text[start..].find(close)?;
    Some((start..end, end + close.len_utf8()))
}

/// The length of a text up to the next space or quote.
fn unquoted(text: &str) -> usize {
    let first = text.chars().next().map_or(0, char::len_utf8);
    text[first..]
        .find(|c: char| c.is_whitespace() || matches!(c, '"' | '«' | '“'))
        .map_or(text.len(), |at| first + at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spelled(words: &[QueryWord]) -> String {
        words
            .iter()
            .map(|word| word.forms[0].exact.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn asked(parsed: &ParsedQuery) -> String {
        let asked: Vec<_> = parsed.words.iter().filter(|word| word.is_asked).cloned().collect();
        spelled(&asked)
    }

    #[test]
    fn reads_what_people_type() {
        for (query, words, phrases, excluded) in [
            ("", "", vec![], vec![]),
            ("insertion déchets", "insertion dechets", vec![], vec![]),
            ("l’insertion par les déchets", "insertion dechets", vec![], vec![]),
            ("déchets déchet DÉCHETS", "dechets", vec![], vec![]),
            ("moins de 40 000 €", "moins 40000", vec![], vec![]),
            ("\"40 000\"", "", vec!["40000"], vec![]),
            (
                "\"marché réservé\" tri -papier",
                "tri",
                vec!["marché reserve"],
                vec!["papier"],
            ),
            ("« marché de services »", "", vec!["marché de services"], vec![]),
            (
                "-\"deux mots\" -sous-traitant",
                "",
                vec![],
                vec!["deux mots", "sous traitant"],
            ),
            ("sous-traitant - papier --", "traitant papier", vec![], vec![]),
            ("de la", "de la", vec![], vec![]),
            ("prud' hommes", "prud hommes", vec![], vec![]),
            ("\"pas fermé", "pas ferme", vec![], vec![]),
            ("? !", "", vec![], vec![]),
        ] {
            let parsed = parse(Analyzer::default(), query);
            let of = |phrases: &[Vec<QueryWord>]| phrases.iter().map(|phrase| spelled(phrase)).collect::<Vec<_>>();
            assert_eq!(asked(&parsed), words, "{query}");
            assert_eq!(of(&parsed.phrases), phrases, "{query}");
            assert_eq!(of(&parsed.excluded), excluded, "{query}");
        }
    }

    #[test]
    fn the_letter_of_an_article_is_asked_for_where_it_is_typed() {
        for (query, forms) in [
            ("L. 2113-12", &["l2113x12"][..]),
            ("2113-12", &["2113x12"]),
            ("\"R2113-12\"", &["r2113x12"]),
            ("n° 2014-856", &["n2014x856"]),
        ] {
            let parsed = parse(Analyzer::default(), query);
            let words = parsed.words.iter().chain(parsed.phrases.iter().flatten());
            let found: Vec<_> = words
                .flat_map(|word| &word.forms)
                .map(|form| form.exact.as_str())
                .collect();
            assert_eq!(found, forms, "{query}");
        }
    }

    #[test]
    fn a_compound_is_known_by_all_its_parts() {
        let parsed = parse(Analyzer::default(), "un sous-traitant");
        let wholes: Vec<_> = parsed.words.iter().map(|word| word.wholes.len()).collect();
        assert_eq!(wholes, [0, 1, 1]);
        assert_eq!(parsed.words[2].wholes[0].exact, "soustraitant");
    }

    #[test]
    fn leaves_out_what_is_quoted_or_excluded() {
        let stretches = |query: &'static str| -> Vec<&str> {
            let parts = free(query).map(|range| query[range].trim());
            parts.filter(|part| !part.is_empty()).collect()
        };
        assert_eq!(stretches("a \"b c\" d -e f"), ["a", "d", "f"]);
        assert_eq!(stretches("« a » b-c -\"d e\" “f” g\"h i\""), ["b-c", "g"]);
        assert_eq!(stretches("\"pas fermé - a"), ["\"pas fermé - a"]);
    }

    proptest! {
        #[test]
        fn never_fails(query in "\\PC{0,80}|[a-zé \"«»“”'’\\-0-9]{0,80}") {
            let parsed = parse(Analyzer::default(), &query);
            for word in &parsed.words {
                prop_assert_eq!(&query[word.range.clone()], &word.typed);
            }
            prop_assert!(parsed.words.iter().filter(|word| word.is_asked).count() <= MAX_WORDS);
            prop_assert!(parsed.words.is_sorted_by_key(|word| word.position));
        }
    }
}
