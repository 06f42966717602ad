//! Cuts a text into lengths, numbers, renewals and other words.

use super::length::whole;

/// A token of a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// Months, and whether they are exact.
    Length(f64, Exact),
    /// A number without a unit of time.
    Number(u32),
    Times,
    Renewal,
    Word(String),
}

impl Token {
    /// A length in whole months.
    pub(crate) fn months(&self) -> Option<u32> {
        match self {
            Self::Length(months, _) => whole(*months),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exact {
    Whole,
    /// Converted from days or weeks, or with half a month.
    Rounded,
}

/// Numbers of two words. Replaced before single words.
const COMPOUNDS: &[(&str, &str)] = &[
    ("dix-sept", "17"),
    ("dix-huit", "18"),
    ("dix-neuf", "19"),
    ("vingt-quatre", "24"),
    ("trente-six", "36"),
    ("quarante-huit", "48"),
    ("dix huit", "18"),
    ("vingt quatre", "24"),
    ("trente six", "36"),
    ("quarante huit", "48"),
];

/// Fractions of a year: `1/2 an`.
const FRACTIONS: &[(&str, &str)] = &[
    ("½", " 0,5 "),
    ("¼", " 0,25 "),
    ("¾", " 0,75 "),
    ("1/2 an", "0,5 an"),
    ("1/4 an", "0,25 an"),
    ("3/4 an", "0,75 an"),
    ("1/2 mois", "0,5 mois"),
    ("demi-année", "0,5 année"),
    ("demi année", "0,5 année"),
];

pub(crate) fn tokenize(text: &str) -> Vec<Token> {
    let text = text.to_lowercase().replace(['×', '*'], " x ").replace('+', " + ");
    let text = COMPOUNDS
        .iter()
        .fold(text, |text, (name, number)| text.replace(name, number));
    let text = FRACTIONS
        .iter()
        .fold(text, |text, (typed, number)| text.replace(typed, number));
    let tokens: Vec<&str> = text
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, ',' | '.' | '+')))
        .map(|token| token.trim_matches([',', '.']))
        .filter(|token| !token.is_empty())
        .collect();
    let mut read = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let (token, length) = token(&tokens[at..]);
        read.push(token);
        at += length;
    }
    read
}

fn token(tokens: &[&str]) -> (Token, usize) {
    let word = tokens[0];
    let digits = word
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.'))
        .count();
    let (number, glued) = word.split_at(digits);
    let number = number
        .replace(',', ".")
        .parse::<f64>()
        .ok()
        .or_else(|| number_word(word).map(f64::from));
    let Some(number) = number.filter(|number| *number < 10_000.0) else {
        let part = match word {
            "fois" | "x" => Token::Times,
            word if ["renouvel", "reconduc", "reconduit", "tacite", "prolong"]
                .iter()
                .any(|stem| word.starts_with(stem)) =>
            {
                Token::Renewal
            }
            word => Token::Word(word.to_owned()),
        };
        // « tacitement reconductible » is one token.
        let more = tokens[1..]
            .iter()
            .take_while(|_| part == Token::Renewal)
            .take_while(|next| {
                ["renouvel", "reconduc", "tacite"]
                    .iter()
                    .any(|stem| next.starts_with(stem))
            });
        return (part.clone(), 1 + more.count());
    };
    let glued = if number_word(word).is_some() { "" } else { glued };
    // « douze (12) mois » repeats the number.
    let again = tokens
        .get(1)
        .and_then(|next| next.parse::<f64>().ok())
        .filter(|next| glued.is_empty() && *next == number);
    let unit_at = if again.is_some() { 2 } else { 1 };
    let unit = if glued.is_empty() {
        tokens.get(unit_at).copied().unwrap_or_default()
    } else {
        glued
    };
    // « 12 + 12 + 12 mois »: one unit for all numbers.
    let shared = (unit == "+").then(|| shared_unit(&tokens[unit_at..])).flatten();
    let used = match shared {
        Some(_) => unit_at,
        None if glued.is_empty() => unit_at + 1,
        None => 1,
    };
    let unit = shared.unwrap_or(unit);
    // « 5 mois et demi », « un an et demi »
    let is_half = matches!(tokens.get(used..used + 2), Some(["et", "demi" | "demie"]));
    let length = |months: f64, exact| {
        let (number, used) = if is_half {
            (number + 0.5, used + 2)
        } else {
            (number, used)
        };
        let exact = if (number * months).fract() == 0.0 {
            exact
        } else {
            Exact::Rounded
        };
        (Token::Length(number * months, exact), used)
    };
    match unit {
        "an" | "ans" | "année" | "années" | "annee" | "annees" => length(12.0, Exact::Whole),
        "mois" => length(1.0, Exact::Whole),
        "trimestre" | "trimestres" => length(3.0, Exact::Whole),
        "semestre" | "semestres" => length(6.0, Exact::Whole),
        "semaine" | "semaines" => length(12.0 / 52.0, Exact::Rounded),
        "jour" | "jours" => length(12.0 / 365.0, Exact::Rounded),
        _ => (Token::Number(number as u32), unit_at),
    }
}

/// The unit after the last of several added numbers: `+ 12 + 12 mois`.
fn shared_unit<'t>(tokens: &[&'t str]) -> Option<&'t str> {
    let is_number = |token: &str| token.parse::<u32>().is_ok() || number_word(token).is_some();
    let added = tokens
        .chunks(2)
        .take_while(|pair| pair[0] == "+" && pair.get(1).is_some_and(|number| is_number(number)))
        .count();
    tokens.get(2 * added).copied().filter(|_| added > 0)
}

/// The value of a number word, up to thirty. Longer numbers in durations are compounds.
pub(crate) fn number_word(word: &str) -> Option<u32> {
    const WORDS: &[(&str, u32)] = &[
        ("un", 1),
        ("une", 1),
        ("deux", 2),
        ("trois", 3),
        ("quatre", 4),
        ("cinq", 5),
        ("six", 6),
        ("sept", 7),
        ("huit", 8),
        ("neuf", 9),
        ("dix", 10),
        ("onze", 11),
        ("douze", 12),
        ("treize", 13),
        ("quatorze", 14),
        ("quinze", 15),
        ("seize", 16),
        ("vingt", 20),
        ("trente", 30),
    ];
    WORDS.iter().find(|(name, _)| *name == word).map(|(_, number)| *number)
}
