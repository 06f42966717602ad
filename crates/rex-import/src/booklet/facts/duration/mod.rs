//! Reads a duration in months: `2 ans`, `Durée ferme 3 ans`, `12 mois reconductible 3 fois`, `du 1er mars 2023 au 28 février 2025`.

mod base;
pub(crate) mod dates;
pub(crate) mod length;
mod renewal;
pub(crate) mod tokens;

use rex_corpus::name_key;

use self::base::{base, extra_periods};
use self::dates::between_dates;
use self::length::{Duration, ROUNDED, sum, whole};
use self::renewal::renewed;
use self::tokens::{Exact, Token, tokenize};

/// The duration in a text. `None` if it has none.
pub(crate) fn read(text: &str) -> Option<Duration> {
    if let Some(between) = between_dates(text) {
        return Some(between);
    }
    let tokens = tokenize(text);
    let first = tokens.iter().position(|part| matches!(part, Token::Length(..)))?;
    let renewal = tokens.iter().position(|part| *part == Token::Renewal);
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
    if let Some(renewal) = renewal {
        return renewed(&tokens, first, renewal, is_total);
    }
    let (base, exact, length) = base(&tokens[first..])?;
    let base = whole(base)?;
    let maximum = says(&["maximum", "maximale", "max", "au plus", "maximal"]).then_some("it is said to be a maximum");
    let rounded = (exact == Exact::Rounded).then_some(ROUNDED);
    if let Some((times, each)) = extra_periods(&tokens[first..]).filter(|_| !is_total) {
        return Some(Duration {
            months: sum(base, times, each)?,
            made_of: Some(format!("{base}, plus {times} times {each}")),
            doubt: rounded,
        });
    }
    let optional = says(&["optionnelle", "optionnelles", "option"]).then_some("a part of it is optional");
    let others = tokens[first + length..].iter().filter_map(Token::months);
    let several = others
        .filter(|_| !is_total)
        .any(|other| other != base)
        .then_some("it gives several lengths");
    Some(Duration {
        months: base,
        made_of: None,
        doubt: maximum.or(rounded).or(optional).or(several),
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
