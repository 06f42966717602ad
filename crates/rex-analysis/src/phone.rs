//! Telephone numbers as one word: `01 42 34 56 78`, `01.42.34.56.78` and `+33 (0)1 42 34 56 78` are `0142345678`.
//!
//! Ten digits, the first of them 0, or a country code and nine digits (ARCEP, Plan national de numérotation, décision
//! n° 2018-0881).

use crate::tokenize::{is_hyphen, is_space};
use crate::word::{Word, gap, replace};

/// Digits of a national number.
const NATIONAL: usize = 10;
/// The usual groups of digits. Lists of years or dates may also have ten digits, but not in these groups.
const GROUPINGS: &[&[usize]] = &[
    &[2, 2, 2, 2, 2],
    &[4, 2, 2, 2],
    &[4, 3, 3],
    &[1, 3, 3, 3],
    &[1, 3, 2, 2, 2],
];
/// Country codes of France and of its overseas départements (ITU-T, E.164).
const COUNTRIES: &[&str] = &["33", "262", "590", "594", "596"];
/// Maximum words of a number.
const MAX_GROUPS: usize = 8;

/// Joins the groups of digits of a telephone number.
pub(crate) fn join(text: &str, words: Vec<Word>) -> Vec<Word> {
    if text.bytes().filter(u8::is_ascii_digit).nth(NATIONAL - 1).is_none() {
        return words;
    }
    replace(words, |words, at| read(text, &words[at..]))
}

/// Whether digits are a national number.
pub(crate) fn is_national(digits: &str) -> bool {
    digits.len() == NATIONAL && digits.starts_with('0') && !digits.starts_with("00")
}

/// The telephone number at the start of the words, and the number of words it takes.
fn read(text: &str, words: &[Word]) -> Option<(Word, usize)> {
    let first = words.first()?;
    let digits = plain_digits(text, first)?;
    let mut start = first.range.start;
    let (number, used) = if text[..start].ends_with('+') {
        start -= 1;
        international(text, words, digits)?
    } else if let Some(after_prefix) = digits.strip_prefix("00") {
        international(text, words, after_prefix)?
    } else {
        national(text, words)?
    };
    let end = words.get(used - 1)?.range.end;
    Some((Word::spelled(start..end, vec![number]), used))
}

/// Ten digits that begin with 0, in groups with one kind of separator.
fn national(text: &str, words: &[Word]) -> Option<(String, usize)> {
    let first = plain_digits(text, words.first()?)?;
    if !first.starts_with('0') || first.len() >= NATIONAL {
        return None;
    }
    let mut number = first.to_owned();
    let mut lengths = vec![first.len()];
    let mut sign = None;
    for pair in words.windows(2).take(MAX_GROUPS) {
        let (Some(group), Some(between)) = (plain_digits(text, &pair[1]), separator(gap(text, &pair[0], &pair[1])))
        else {
            break;
        };
        if number.len() >= NATIONAL || *sign.get_or_insert(between) != between {
            break;
        }
        number.push_str(group);
        lengths.push(group.len());
    }
    let used = lengths.len();
    let is_phone = is_national(&number) && GROUPINGS.contains(&lengths.as_slice());
    // Consecutive lot numbers: `02 - 03 - 04 - 05 - 06`.
    let counted = words[..used].windows(2).all(|pair| {
        let number = |word: &Word| plain_digits(text, word).and_then(|digits| digits.parse::<u32>().ok());
        number(&pair[1]) == number(&pair[0]).map(|number| number + 1)
    });
    if sign == Some('-') && counted {
        return None;
    }
    (is_phone && !is_within_list(text, &words[..used], sign)).then_some((number, used))
}

/// Whether more groups of digits precede or follow, as in the list of chapters `1.01.02.03.04.05`.
fn is_within_list(text: &str, words: &[Word], sign: Option<char>) -> bool {
    let (Some(first), Some(last), Some(sign)) = (words.first(), words.last(), sign) else {
        return false;
    };
    let is_sign = |c: &char| *c != ' ' && separator(c.encode_utf8(&mut [0; 4])) == Some(sign);
    let mut before = text[..first.range.start].chars().rev();
    let mut after = text[last.range.end..].chars();
    let goes_on = |signed: Option<char>, next: Option<char>| {
        signed.as_ref().is_some_and(is_sign) && next.is_some_and(|c| c.is_ascii_digit())
    };
    goes_on(before.next(), before.next()) || goes_on(after.next(), after.next())
}

/// A country code and nine digits, with or without the national zero: `33`, `331`, `33142345678`.
fn international(text: &str, words: &[Word], first: &str) -> Option<(String, usize)> {
    let mut used = 1;
    let mut digits = first.to_owned();
    loop {
        let national = COUNTRIES.iter().find_map(|country| digits.strip_prefix(country));
        let is_whole = |digits: &str| match digits.len() {
            NATIONAL => is_national(digits),
            length => length + 1 == NATIONAL && !digits.starts_with('0'),
        };
        if let Some(national) = national.filter(|digits| is_whole(digits)) {
            let number = format!("0{}", national.trim_start_matches('0'));
            return Some((number, used));
        }
        let [before, next] = words.get(used - 1..=used)? else {
            return None;
        };
        // No longer than a national number with the longest country code.
        if used == MAX_GROUPS || digits.len() > NATIONAL + 2 || !is_inside(gap(text, before, next)) {
            return None;
        }
        digits.push_str(plain_digits(text, next)?);
        used += 1;
    }
}

/// The separator between two groups of a number.
fn separator(between: &str) -> Option<char> {
    if between.chars().count() > 3 {
        return None;
    }
    let mut signs = between.chars().filter(|c| !is_space(*c));
    match (signs.next(), signs.next()) {
        (None, _) if !between.is_empty() => Some(' '),
        (Some(hyphen), None) if is_hyphen(hyphen) => Some('-'),
        (Some(sign @ ('.' | '·' | '_')), None) => Some(sign),
        _ => None,
    }
}

/// Whether the text between two groups can be inside a number with a country code: `+33 (0)1`.
fn is_inside(between: &str) -> bool {
    between.chars().count() <= 3
        && between
            .chars()
            .all(|c| is_space(c) || is_hyphen(c) || matches!(c, '.' | '(' | ')' | '/'))
}

fn plain_digits<'a>(text: &'a str, word: &Word) -> Option<&'a str> {
    word.plain(text)
        .filter(|written| written.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use crate::analyze;

    #[test]
    fn every_spelling_is_one_number() {
        for (exact, spellings) in [
            (
                "0142345678",
                &[
                    "01 42 34 56 78",
                    "01.42.34.56.78",
                    "01-42-34-56-78",
                    "0142345678",
                    "0142 34 56 78",
                    "01\u{a0}42\u{a0}34\u{a0}56\u{a0}78",
                    "01\u{202f}42\u{202f}34\u{202f}56\u{202f}78",
                    "01 - 42 - 34 - 56 - 78",
                    "+33 1 42 34 56 78",
                    "+33142345678",
                    "+331 42 34 56 78",
                    "+33.1.42.34.56.78",
                    "+33 (0)1 42 34 56 78",
                    "+33(0)142345678",
                    "+33 0 142 345 678",
                    "0033142345678",
                    "0033 1 42 34 56 78",
                    "00 33 1 42 34 56 78",
                ][..],
            ),
            ("0269611234", &["02 69 61 12 34", "+262 269 61 12 34", "0269 61 12 34"]),
            ("0800123456", &["0 800 123 456", "0800 123 456", "08 00 12 34 56"]),
            ("0825001234", &["0 825 00 12 34"]),
        ] {
            for spelling in spellings {
                for text in [
                    format!("Appeler le {spelling} ou le {spelling}."),
                    format!("Tél. : {spelling}, {spelling} 123 fois"),
                ] {
                    let tokens = analyze(&text);
                    let numbers: Vec<_> = tokens
                        .iter()
                        .filter(|token| token.exact.len() > 3 && token.exact.bytes().all(|byte| byte.is_ascii_digit()))
                        .map(|token| (&text[token.start..token.end], token.exact.as_str()))
                        .collect();
                    assert_eq!(numbers, [(*spelling, exact); 2], "{text}");
                }
            }
        }
        assert_eq!(analyze("(+33) 1 42 34 56 78")[0].exact, "0142345678");
    }

    #[test]
    fn other_numbers_are_unchanged() {
        for (text, expected) in [
            ("01.02.2019 12", "01 02 2019 12"),
            ("01 42 34 56", "01 42 34 56"),
            ("1.01.02.03.04.05", "1 01 02 03 04 05"),
            ("01-02-03-04-05-06", "01 02 03 04 05 06"),
            ("08/12/21/22/23", "08 12 21 22 23"),
            ("02 - 03 - 04 - 05 - 06", "02 03 04 05 06"),
            ("01, 02, 03, 04, 05", "01 02 03 04 05"),
            ("04 2019 2021", "04 2019 2021"),
            ("lot 03 09310000-5", "lot 03 093100005"),
            ("10 000 000 000", "10000000000"),
            ("00 01 02 03 04", "00 01 02 03 04"),
            ("+33 1 42", "33 1 42"),
            ("213 105 554 00017", "21310555400017"),
        ] {
            let words: Vec<_> = crate::words(text).into_iter().map(|word| word.exact).collect();
            assert_eq!(words.join(" "), expected, "{text}");
        }
    }
}
