//! Reads a legal reference as one word: `L. 2113-12`, `L2113-12` and `l.2113-12` are `l2113x12`; `n° 2014-856`, the number of
//! a law or a decree, is `n2014x856`; `2014/24/UE`, that of a directive, `u2014x24`.
//!
//! The `x` keeps `L. 121-11` apart from `L. 1211-1`, and the letter before keeps a law apart from any number. Articles are
//! lettered as in the French codes, texts numbered as in the Journal officiel: by the two last digits of the year up to
//! 1999, by all four since.

use std::ops::Range;

use crate::fold::fold;
use crate::law::{self, Sureness};
use crate::tokenize::is_hyphen;
use crate::word::{Word, gap, replace};

/// Articles of laws, organic laws, decrees of the Conseil d'État, decrees, and orders of ministers.
const LETTERS: &[&str] = &["l", "lo", "r", "d", "a"];
/// What an article is called, and the same in full.
const NAMES: &[(&str, &str)] = &[
    ("article", "article"),
    ("articles", "articles"),
    ("art", "article"),
    ("arts", "articles"),
];
/// Most hyphens in the number of an article; `D. 5132-10-1` has two.
const MAX_PARTS: usize = 4;
/// Joins the parts of legal references.
pub(crate) fn join(text: &str, words: Vec<Word>) -> Vec<Word> {
    if !may_hold_any(text) {
        return words;
    }
    let mut words = replace(words, |words, at| {
        article(text, words, at).or_else(|| match law::number(text, words, at)? {
            (word, used, Sureness::Sure) => Some((word, used)),
            (.., Sureness::Unsure) => None,
        })
    });
    for at in 1..words.len() {
        if is_article(&words[at])
            && let Some(name) = name_of_article(text, &words[at - 1], &words[at])
        {
            words[at - 1].spellings = vec![name.to_owned()];
        }
    }
    words
}

/// What two words spell together: the name of an article and the article, `art. L. 2113-12`, which is found without its name
/// too; and two numbers that may be a law or a span of years, `2021-22`.
pub(crate) fn wholes(text: &str, words: &[Word]) -> Vec<(Range<usize>, String)> {
    if !may_hold_any(text) {
        return Vec::new();
    }
    let whole = |at: usize| {
        let [word, next] = words.get(at..at + 2)? else {
            return None;
        };
        if is_article(next) && name_of_article(text, word, next).is_some() {
            return next.spellings.first().cloned();
        }
        match law::number(text, words, at)? {
            (number, 2, Sureness::Unsure) => number.spellings.into_iter().next(),
            _ => None,
        }
    };
    (0..words.len())
        .filter_map(|at| Some((at..at + 2, whole(at)?)))
        .collect()
}

/// Whether a number is tied to what follows, or an article is named: nearly all texts hold neither.
fn may_hold_any(text: &str) -> bool {
    let is_tied = |pair: &[u8]| pair[0].is_ascii_digit() && (matches!(pair[1], b'-' | b'/') || !pair[1].is_ascii());
    text.as_bytes().windows(2).any(is_tied)
        || (text.contains("rt") || text.contains("RT")) && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a word is an article that was read.
fn is_article(word: &Word) -> bool {
    word.spellings.first().is_some_and(|spelling| {
        let letters = spelling.trim_end_matches(|c: char| c.is_ascii_digit() || c == 'x');
        LETTERS.contains(&letters) && letters.len() < spelling.len()
    })
}

/// What an article is called in full, where the word before it says so.
fn name_of_article(text: &str, before: &Word, article: &Word) -> Option<&'static str> {
    let between = gap(text, before, article);
    if between.len() > MAX_GAP || !between.chars().all(|c| c == '.' || c.is_whitespace()) {
        return None;
    }
    let folded = fold(&text[before.range.clone()]);
    NAMES.iter().find(|(name, _)| *name == folded).map(|(_, name)| *name)
}

/// Most bytes between the parts of a reference: a full stop and a narrow space, and one more.
pub(crate) const MAX_GAP: usize = 5;

/// The letter of an article and the first part of its number.
struct Head<'a> {
    letters: String,
    digits: &'a str,
    /// What stands between them; nothing in `L2113`.
    between: &'a str,
    /// The rank of the word that the number is in.
    last: usize,
}

/// The article that begins at a rank, and how many words it is.
fn article(text: &str, words: &[Word], at: usize) -> Option<(Word, usize)> {
    let head = head(text, words, at)?;
    let mut spelled = format!("{}{}", head.letters, head.digits);
    let mut last = head.last;
    while last - head.last < MAX_PARTS
        && let Some(part) = tied_number(text, words, last, is_hyphen).filter(|part| part.len() <= 3)
    {
        spelled.push('x');
        spelled.push_str(part);
        last += 1;
    }
    let word = Word::spelled(words[at].range.start..words[last].range.end, vec![spelled]);
    let is_named = at > 0 && name_of_article(text, &words[at - 1], &word).is_some();
    let is_sure = is_named || last > head.last && is_lettered(&text[..word.range.start], &head);
    let goes_on = tied_number(text, words, last, is_hyphen).is_some();
    (is_sure && !goes_on).then_some((word, last + 1 - at))
}

fn head<'a>(text: &'a str, words: &[Word], at: usize) -> Option<Head<'a>> {
    let written = words.get(at)?.plain(text)?;
    let first = written.as_bytes().first()?.to_ascii_lowercase();
    if !LETTERS.iter().any(|letters| letters.as_bytes()[0] == first) || !written.is_ascii() {
        return None;
    }
    let digits_at = written.find(|c: char| c.is_ascii_digit()).unwrap_or(written.len());
    let (letters, digits) = written.split_at(digits_at);
    let mut head = Head {
        letters: letters.to_ascii_lowercase(),
        digits,
        between: "",
        last: at,
    };
    if digits.is_empty() {
        let is_o = |next: &Word| matches!(next.plain(text), Some("O" | "o"));
        if head.letters == "l" && words.get(at + 1).is_some_and(is_o) && gap(text, &words[at], &words[at + 1]) == "." {
            head.letters.push('o');
            head.last += 1;
        }
        let number = words.get(head.last + 1)?;
        head.between = gap(text, &words[head.last], number);
        head.digits = number.plain(text)?;
        head.last += 1;
    }
    let is_number = matches!(head.digits.len(), 1..=4)
        && head.digits.bytes().all(|byte| byte.is_ascii_digit())
        && !head.digits.starts_with('0');
    (is_number && LETTERS.contains(&head.letters.as_str()) && joins_letter(head.between)).then_some(head)
}

/// Whether what stands between a letter and a number leaves them together: a star, a full stop, a space; or a hyphen.
fn joins_letter(between: &str) -> bool {
    let mut is_hyphenated = between.chars();
    if is_hyphenated.next().is_some_and(is_hyphen) && is_hyphenated.next().is_none() {
        return true;
    }
    let stops = between.matches('.').count();
    let lines = between.matches('\n').count();
    between.len() <= MAX_GAP
        && stops <= 1
        && lines <= stops
        && between.chars().all(|c| matches!(c, '.' | '*') || c.is_whitespace())
}

/// Whether the letter of a number with a hyphen is that of an article, though nothing says so before it: not the last letter of
/// `S.A.R.L. 10-12`, nor the `a` of `de 90 a 100-120`.
fn is_lettered(before: &str, head: &Head<'_>) -> bool {
    let mut before = before.chars().rev();
    let is_part_of_more = match before.next() {
        Some('.' | '_') => true,
        Some(c) if is_hyphen(c) => before.next().is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    };
    let is_marked = head.between.contains(['.', '*']);
    let is_road_or_model = matches!(head.letters.as_str(), "d" | "a");
    let is_sure = match head.digits.len() {
        1 => false,
        2 => is_marked && head.letters != "a" || head.between.is_empty() && !is_road_or_model,
        _ => is_marked || head.between.is_empty() || head.letters != "a",
    };
    is_sure && !is_part_of_more
}

/// The digits of the word after a rank, where only one sign stands between the two.
pub(crate) fn tied_number<'a>(
    text: &'a str,
    words: &[Word],
    at: usize,
    is_tie: impl Fn(char) -> bool,
) -> Option<&'a str> {
    let next = words.get(at + 1)?;
    let mut between = gap(text, &words[at], next).chars();
    let is_tied = between.next().is_some_and(is_tie) && between.next().is_none();
    let digits = next.plain(text)?;
    (is_tied && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use crate::{Token, analyze, words};

    /// The words of a text in one reading, joined by spaces.
    fn read(text: &str) -> String {
        let words: Vec<_> = words(text).into_iter().map(|word| word.exact).collect();
        words.join(" ")
    }

    #[test]
    fn every_spelling_is_one_word() {
        for (exact, spellings) in [
            (
                "l2113x12",
                &[
                    "L. 2113-12",
                    "L2113-12",
                    "L.2113-12",
                    "L 2113-12",
                    "l2113-12",
                    "l. 2113-12",
                    "l 2113-12",
                    "L.\u{a0}2113-12",
                    "L.\u{202f}2113\u{2011}12",
                    "L.\n2113-12",
                    "L. 2113‐12",
                    "L. 2113–12",
                    "L*2113-12",
                    "L-2113-12",
                ][..],
            ),
            (
                "r2123x1",
                &[
                    "R.2123-1",
                    "R. 2123-1",
                    "R2123-1",
                    "R*2123-1",
                    "R.* 2123-1",
                    "R*. 2123-1",
                ],
            ),
            ("d5132x10x1", &["D. 5132-10-1", "D5132-10-1", "d 5132-10-1"]),
            ("l52x1", &["L. 52-1", "L52-1", "l.52-1"]),
            ("a123x4", &["A. 123-4", "A123-4", "a.123-4"]),
            (
                "lo1112x1",
                &["LO 1112-1", "L.O. 1112-1", "LO. 1112-1", "LO1112-1", "L.O.1112-1"],
            ),
            (
                "n2014x856",
                &[
                    "n° 2014-856",
                    "2014-856",
                    "nº2014-856",
                    "no 2014-856",
                    "N°\u{a0}2014-856",
                    "no2014-856",
                    "2014–856",
                ],
            ),
            ("n2018x1075", &["2018-1075", "n° 2018-1075"]),
            ("n2021x1", &["2021-1", "n° 2021-1"]),
            ("n1985x801", &["85-801", "n° 85-801", "1985-801"]),
            ("n1998x1266", &["98-1266", "1998-1266"]),
            ("u2004x18", &["2004/18/CE", "2004/18/ce"]),
            ("u2014x24", &["2014/24/UE"]),
            ("u1992x50", &["92/50/CEE", "1992/50/CEE"]),
        ] {
            for spelling in spellings {
                let text = format!("de « {spelling} » et {spelling}, ou ({spelling}).");
                let marked: Vec<_> = analyze(&text)
                    .into_iter()
                    .filter(|token| token.exact == exact)
                    .map(|token| text[token.start..token.end].to_owned())
                    .collect();
                assert_eq!(marked, [*spelling; 3], "{text}");
                assert_eq!(read(&text), format!("de {exact} et {exact} ou {exact}"), "{text}");
            }
            assert_eq!(read(exact), exact);
        }
    }

    #[test]
    fn an_article_is_found_with_its_name_and_without() {
        let forms = |text: &str| -> Vec<(usize, usize, String)> {
            let form = |token: Token| (token.position, token.span, token.exact);
            analyze(text).into_iter().map(form).collect()
        };
        for text in ["article L. 2113-12", "art. L2113-12", "ART L.2113-12", "art.L2113-12"] {
            let expected = [(0, 2, "l2113x12"), (0, 1, "article"), (1, 1, "l2113x12")];
            assert_eq!(
                forms(text),
                expected.map(|(at, span, exact)| (at, span, exact.to_owned())),
                "{text}"
            );
        }
        assert_eq!(read("les arts. L. 1-1 et L. 5"), "les articles l1x1 et l 5");
        assert_eq!(read("article A 12-3, art. R. 57"), "article a12x3 article r57");
        assert_eq!(
            read("loi no 82-51 et décret n° 5-102"),
            "loi n1982x51 et decret n 5 102"
        );
        assert_eq!(read("ordonnance 05-649"), "ordonnance n2005x649");
    }

    #[test]
    fn other_numbers_stay_what_they_are() {
        for (text, expected) in [
            ("2021-2022", "2021 2022"),
            ("de 2019-2021 à 1914-1918", "de 2019 2021 a 1914 1918"),
            ("n° 2014-2016", "n 2014 2016"),
            ("2019-02-26", "2019 02 26"),
            ("2019-2022-2023", "2019 2022 2023"),
            ("40-90", "40 90"),
            ("18-250 ml", "18 250 ml"),
            ("60-120 cm, 85-801 m², 70-300 €", "60 120 cm 85 801 m2 70 300"),
            ("75231240-8", "752312408"),
            ("2A-2B", "2a 2b"),
            ("de 90 a 100-120", "de 90 a 100 120"),
            ("S.A.R.L. 10-12", "sarl 10 12"),
            ("Lot 12, lots A 1-3, L 2", "lot 12 lots a 1 3 l 2"),
            ("L. 2113", "l 2113"),
            ("R32-2020", "r32 2020"),
            ("07/2014, 31/12/2014", "07 2014 31 12 2014"),
            ("MP-2014-856", "mp 2014 856"),
            ("NF P 94-500", "nf p 94 500"),
            ("0,2014-856,5", "0 2014 856 5"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_may_be_a_law_or_a_span_of_years_is_both() {
        for (text, whole, parts) in [
            ("2021-22", "n2021x22", ["2021", "22"]),
            ("2021-07", "n2021x07", ["2021", "07"]),
            ("75-100", "n1975x100", ["75", "100"]),
            ("2014/24", "u2014x24", ["2014", "24"]),
        ] {
            let forms: Vec<_> = analyze(text)
                .into_iter()
                .map(|token| (token.span, token.exact))
                .collect();
            let expected = [(2, whole), (1, parts[0]), (1, parts[1])];
            assert_eq!(forms, expected.map(|(span, exact)| (span, exact.to_owned())), "{text}");
        }
        assert_eq!(read("loi n° 2021-22"), "loi n2021x22");
    }
}
