//! Reads a duration in months: `2 ans`, `Durée ferme 3 ans`, `12 mois reconductible 3 fois`, `du 1er mars 2023 au 28 février 2025`.

mod base;
pub(crate) mod dates;
pub(crate) mod length;
mod renewal;
pub(crate) mod tokens;

use rex_corpus::name_key;

use self::base::{base, extra_periods, periods};
use self::dates::between_dates;
use self::length::{Duration, ROUNDED, sum, whole};
use self::renewal::renewed;
use self::tokens::{Exact, Token, number_word, tokenize};

/// The duration in a text. `None` if it has none.
pub(crate) fn read(text: &str) -> Option<Duration> {
    if let Some(between) = between_dates(text) {
        return Some(between);
    }
    let tokens = tokenize(text);
    let first = tokens.iter().position(|part| matches!(part, Token::Length(..)))?;
    let renewal = (0..tokens.len()).find(|at| tokens[*at] == Token::Renewal && !is_denied(&tokens, *at));
    let words = format!(" {} ", name_key(text));
    let says = |names: &[&str]| names.iter().any(|name| words.contains(&format!(" {name} ")));
    let is_total = says(&[
        "comprises",
        "comprise",
        "incluses",
        "inclus",
        "incluse",
        "compris",
        "au total",
        "dont",
        "total",
        "totale",
    ]);
    let range = is_range(text).then_some("it is a range");
    if let Some(renewal) = renewal {
        let read = renewed(&tokens, first, renewal, is_total)?;
        let doubt = range.or(read.doubt);
        return Some(Duration { doubt, ..read });
    }
    if let Some((times, each)) = periods(&tokens, first).filter(|(times, _)| *times > 0) {
        return Some(Duration {
            months: sum(0, times, each)?,
            made_of: Some(format!("{times} times {each}")),
            doubt: range,
        });
    }
    let (base, exact, length) = base(&tokens[first..])?;
    let base = whole(base)?;
    let maximum = says(&["maximum", "maximale", "max", "au plus", "maximal"]).then_some("it is said to be a maximum");
    let minimum =
        says(&["minimum", "minimale", "minimal", "mini", "min", "au moins"]).then_some("it is said to be a minimum");
    let about =
        says(&["environ", "env", "estimee", "estime", "previsionnelle"]).then_some("it is said to be about so long");
    let of_school = says(&["scolaire", "scolaires"]).then_some("a school year is no whole year");
    let rounded = (exact == Exact::Rounded).then_some(ROUNDED);
    if let Some((times, each)) = extra_periods(&tokens[first..]).filter(|_| !is_total) {
        return Some(Duration {
            months: sum(base, times, each)?,
            made_of: Some(format!("{base}, plus {times} times {each}")),
            doubt: rounded,
        });
    }
    let optional = says(&["optionnelle", "optionnelles", "option"]).then_some("a part of it is optional");
    // « période initiale 12 mois ; période 2 12 mois »
    let names_periods = says(&["periode", "periodes", "puis", "phase", "tranche"]);
    let others = tokens[first + length..].iter().filter_map(Token::months);
    let several = others
        .filter(|_| !is_total)
        .any(|other| other != base || names_periods)
        .then_some("it gives several lengths");
    Some(Duration {
        months: base,
        made_of: None,
        doubt: maximum
            .or(minimum)
            .or(range)
            .or(about)
            .or(rounded)
            .or(optional)
            .or(several)
            .or(of_school),
    })
}

/// Whether a renewal is denied: `non reconductible`, `sans reconduction`, `reconduction : non`.
fn is_denied(tokens: &[Token], at: usize) -> bool {
    let word = |at: Option<usize>| match at.and_then(|at| tokens.get(at)) {
        Some(Token::Word(word)) => word.as_str(),
        _ => "",
    };
    matches!(word(at.checked_sub(1)), "non" | "sans" | "pas" | "aucune" | "ni")
        || matches!(word(Some(at + 1)), "non" | "aucune" | "impossible")
}

/// Whether a text gives the two ends of a length: `6-12 mois`, `de 2 à 4 ans`, `entre 6 et 12 mois`.
fn is_range(text: &str) -> bool {
    let spaced: String = text
        .to_lowercase()
        .replace("1/2", "0,5")
        .replace(['-', '–', '—', '/'], " - ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let number = |word: &str| {
        let digits = word.trim_end_matches(char::is_alphabetic).replace(',', ".");
        digits.parse::<f64>().ok().or_else(|| number_word(word).map(f64::from))
    };
    let is_unit = |word: &str| {
        ["an", "mois", "jour", "semaine"]
            .iter()
            .any(|unit| word.starts_with(unit))
    };
    words.windows(3).enumerate().any(|(at, three)| {
        let is_between = matches!(three[1], "-" | "à" | "a" | "ou") || (three[1] == "et" && words.contains(&"entre"));
        let ends = number(three[0]).zip(number(three[2]));
        let glued = three[2].trim_start_matches(|c: char| !c.is_alphabetic());
        let has_unit = is_unit(glued) || words.get(at + 3).is_some_and(|word| is_unit(word));
        is_between && has_unit && ends.is_some_and(|(start, end)| start < end)
    })
}

#[cfg(test)]
mod tests {
    use super::length::MAX_MONTHS;
    use super::*;

    #[test]
    fn reads_durations_as_they_are_written() {
        for (text, months) in [
            ("2 ans", 24),
            ("12 mois", 12),
            ("Durée ferme 3 ans", 36),
            ("Durée : douze (12) mois", 12),
            ("un an", 12),
            ("18mois", 18),
            ("2 ans et 6 mois", 30),
            ("un an et demi", 18),
            ("1,5 an", 18),
            ("1/2 an", 6),
            ("4 x 1 an", 48),
            ("3 fois 12 mois", 36),
            ("24 mois non reconductible", 24),
            ("24 mois, sans reconduction", 24),
            ("dix-huit mois", 18),
            ("quarante-huit mois", 48),
            ("12 mois reconductible 3 fois", 48),
            ("1 an renouvelable 2 fois", 36),
            ("1 an, reconductible tacitement 3 fois un an", 48),
            ("12 mois renouvelable une fois", 24),
            ("1 an renouvelable trois fois par période de 6 mois", 30),
            ("12 mois + 3 reconductions de 12 mois", 48),
            ("1 an (3 reconductions possibles)", 48),
            ("4 ans (1 an renouvelable 3 fois), reconductions comprises", 48),
            ("4 ans dont 1 an ferme renouvelable 3 fois", 48),
            ("4 ans maximum", 48),
            ("24 mois + 2 x 12 mois", 48),
            ("reconductible 3 fois, durée initiale de 12 mois", 48),
            ("1 an renouvelable 3 fois (4 ans maximum)", 48),
            ("12 mois reconductible 1 fois, soit 24 mois", 24),
            ("4 ans (1 an reconductible 3 fois)", 48),
            ("1 an renouvelable par tacite reconduction dans la limite de 4 ans", 48),
            ("1 an reconductible chaque année jusqu'à 4 ans", 48),
            ("12 mois renouvelable par période de 12 mois sans excéder 48 mois", 48),
            ("1 an renouvelable 3 fois, soit 4 ans au total", 48),
            ("1 an, renouvelable 3 fois un an au maximum", 48),
            ("2 ans ferme + 1 an renouvelable 2 fois", 48),
            ("2 ans ferme + 1 an renouvelable", 36),
            ("12 mois + 12 mois renouvelable 2 fois, soit 48 mois", 48),
            ("12 + 12 + 12 mois", 36),
            ("2 + 1 + 1 ans", 48),
            ("1 an ferme + 1 an", 24),
            ("1 an renouvelable pour un an", 24),
            ("90 jours", 3),
            ("du 1er janvier 2023 au 31 décembre 2024", 24),
            ("du 01/03/2023 au 29/02/2024", 12),
            ("de septembre 2022 à juin 2023", 10),
        ] {
            assert_eq!(read(text).map(|duration| duration.months), Some(months), "{text}");
        }
    }

    #[test]
    fn reports_the_sum_and_the_doubts() {
        let renewed = read("12 mois reconductible 3 fois").unwrap();
        assert_eq!(renewed.made_of.as_deref(), Some("12, renewable 3 times for 12"));
        assert!(renewed.doubt.is_none());
        assert!(read("4 ans maximum").unwrap().doubt.is_some());
        assert!(read("1 an renouvelable").unwrap().doubt.is_some());
        assert!(read("6 semaines").unwrap().doubt.is_some());
        let limited = read("1 an reconductible dans la limite de 4 ans").unwrap();
        assert_eq!(limited.made_of.as_deref(), Some("12, renewable up to 48"));
        for clear in [
            "4 ans (1 an reconductible 3 fois)",
            "1 an renouvelable par tacite reconduction dans la limite de 4 ans",
            "12 mois renouvelable par période de 12 mois sans excéder 48 mois",
            "2 ans ferme + 1 an renouvelable 2 fois",
            "12 + 12 + 12 mois",
            "4 ans (48 mois)",
            "24 mois non reconductible",
            "24 mois (reconduction : non)",
            "1/2 an",
            "3 fois 12 mois",
        ] {
            assert_eq!(read(clear).unwrap().doubt, None, "{clear}");
        }
        for unclear in [
            "4 ans (1 an reconductible 2 fois)",
            "1 an renouvelable 2 fois dans la limite de 4 ans",
            "12 mois + 12 mois renouvelable 2 fois",
            "1 an renouvelable par période de 12 mois",
            "12 mois renouvelable 1 fois 6 mois puis 1 fois 12 mois",
            "1 an, puis 2 ans",
            "période initiale 12 mois; période 2 12 mois",
            "5 mois et demi",
            "6-12 mois",
            "6 à 12mois",
            "de 2 à 4 ans",
            "entre deux et quatre ans",
            "minimum 2 ans",
            "environ 2 ans",
            "deux années scolaires",
            "1 an ferme et une option de 6 mois",
        ] {
            assert!(read(unclear).unwrap().doubt.is_some(), "{unclear}");
        }
    }

    #[test]
    fn a_text_without_a_length_has_no_duration() {
        for text in [
            "",
            "Montant 350 000 € HT",
            "40 000 € HT par an",
            "3 fois",
            "99999 ans",
            "0 mois",
            "Code CPV 75231240-8",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "([0-9,.]{1,6}| |an |ans |mois |fois |renouvelable |\\+|x|du|au|mars|é|İ|jours|2023){0,14}") {
            if let Some(duration) = read(&text) {
                proptest::prop_assert!((1..=MAX_MONTHS).contains(&duration.months));
            }
        }
    }
}
