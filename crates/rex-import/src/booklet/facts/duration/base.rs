//! The first length of a duration and the periods added to it.

use super::length::whole;
use super::tokens::{Exact, Token};

/// The length at the start of the tokens, and the number of tokens it takes: `2 ans et 6 mois`, `1 an ferme + 6 mois`; only the
/// first length of `4 ans (1 an...`.
pub(crate) fn base(tokens: &[Token]) -> Option<(f64, Exact, usize)> {
    let Token::Length(mut months, mut exact) = *tokens.first()? else {
        return None;
    };
    let mut length = 1;
    while let Some(Token::Word(word)) = tokens.get(length) {
        match tokens.get(length + 1) {
            Some(Token::Length(more, kind)) if matches!(word.as_str(), "et" | "+") => {
                months += more;
                exact = if *kind == Exact::Rounded { *kind } else { exact };
                length += 2;
                continue;
            }
            _ if word == "et" => {}
            Some(Token::Word(next)) if is_firm(word) && matches!(next.as_str(), "et" | "+") => {}
            _ => break,
        }
        length += 1;
    }
    Some((months, exact, length))
}

/// Periods without a first one: `4 x 1 an`, `3 fois 12 mois`. The number of times, and the months of each.
pub(crate) fn periods(tokens: &[Token], first: usize) -> Option<(u32, u32)> {
    let before = tokens.get(first.checked_sub(2)?..first)?;
    match before {
        [Token::Number(times), Token::Times] => Some((*times, tokens[first].months()?)),
        _ => None,
    }
}

/// Periods added to the first: `24 mois + 2 x 12 mois`.
pub(crate) fn extra_periods(tokens: &[Token]) -> Option<(u32, u32)> {
    tokens.windows(4).find_map(|four| match four {
        [
            Token::Word(plus),
            Token::Number(times),
            Token::Times,
            Token::Length(months, _),
        ] if plus == "+" => Some((*times, whole(*months)?)),
        _ => None,
    })
}

pub(crate) fn is_firm(word: &str) -> bool {
    matches!(word, "ferme" | "fermes")
}
