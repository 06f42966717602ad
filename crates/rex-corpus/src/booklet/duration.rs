//! Durations as people write them: `2 ans`, `Durée ferme 3 ans`, `12 mois reconductible 3 fois`, `du 1er mars 2023 au 28 février 2025`.

use crate::vocabulary::name_key;

/// A duration found in a text, renewals included (Code de la commande publique, R2112-4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Duration {
    pub(super) months: u32,
    /// How it is made up, where it is a sum: `12, then 3 times 12`.
    pub(super) made_of: Option<String>,
    /// Why it may not be what is meant.
    pub(super) doubt: Option<&'static str>,
}

/// 99 years, as a record allows.
const MOST: u32 = 1_188;

/// What is read of a text, one after the other.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    /// Months, and whether they are known exactly.
    Length(f64, Exact),
    /// A number without a unit of time.
    Number(u32),
    Times,
    Renewal,
    Word(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exact {
    Whole,
    /// Made of days or weeks.
    Rounded,
}

/// The duration a text gives; `None` where it gives none.
pub(super) fn read(text: &str) -> Option<Duration> {
    if let Some(between) = between_dates(text) {
        return Some(between);
    }
    let parts = parts(text);
    let first = parts.iter().position(|part| matches!(part, Part::Length(..)))?;
    let renewal = parts.iter().position(|part| *part == Part::Renewal);
    let base_end = renewal.filter(|renewal| *renewal > first).unwrap_or(parts.len());
    let (base, exact) = base(&parts[first..base_end])?;
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
    let base = whole(base)?;
    let maximum = says(&["maximum", "maximale", "max", "au plus", "maximal"]).then_some("it is said to be a maximum");
    let rounded = (exact == Exact::Rounded).then_some("days or weeks, rounded to months");
    if let Some((times, each)) = extra_periods(&parts[first..]).filter(|_| renewal.is_none() && !is_total) {
        return Some(Duration {
            months: times
                .checked_mul(each)?
                .checked_add(base)
                .filter(|months| *months <= MOST)?,
            made_of: Some(format!("{base}, plus {times} times {each}")),
            doubt: rounded,
        });
    }
    let Some(renewal) = renewal else {
        let optional = says(&["optionnelle", "optionnelles", "option"]).then_some("a part of it is optional");
        return Some(Duration {
            months: base,
            made_of: None,
            doubt: maximum.or(rounded).or(optional),
        });
    };
    let renewed = renewals(&parts, first, renewal, base);
    let made = |times: u32, each: u32| {
        (times > 0).then(|| match times {
            1 => format!("{base}, renewable once for {each}"),
            times => format!("{base}, renewable {times} times for {each}"),
        })
    };
    Some(match renewed {
        // « 4 ans (1 an renouvelable 3 fois) », « 48 mois, reconductions comprises ».
        _ if is_total => Duration {
            months: base,
            made_of: None,
            doubt: maximum.or(rounded),
        },
        Some((times, each)) => Duration {
            months: times
                .checked_mul(each)?
                .checked_add(base)
                .filter(|months| *months <= MOST)?,
            made_of: made(times, each),
            doubt: rounded,
        },
        None => Duration {
            months: base,
            made_of: None,
            doubt: Some("it can be renewed, how often is not said"),
        },
    })
}

/// The length that begins the parts: `2 ans et 6 mois`, `12 + 6 mois`; of `4 ans (1 an...`, the first.
fn base(parts: &[Part]) -> Option<(f64, Exact)> {
    let Part::Length(mut months, mut exact) = *parts.first()? else {
        return None;
    };
    let mut rest = parts[1..].iter().peekable();
    while let Some(Part::Word(word)) = rest.next() {
        match rest.peek() {
            Some(Part::Length(more, kind)) if matches!(word.as_str(), "et" | "+") => {
                months += more;
                exact = if *kind == Exact::Rounded { *kind } else { exact };
                rest.next();
            }
            _ if word == "et" => {}
            _ if word == "demi" || word == "demie" => months += 6.0,
            _ => break,
        }
    }
    Some((months, exact))
}

/// Periods added to the first: `24 mois + 2 x 12 mois`.
fn extra_periods(parts: &[Part]) -> Option<(u32, u32)> {
    parts.windows(4).find_map(|four| match four {
        [
            Part::Word(plus),
            Part::Number(times),
            Part::Times,
            Part::Length(months, _),
        ] if plus == "+" => Some((*times, whole(*months)?)),
        _ => None,
    })
}

/// How many times it can be renewed, and for how many months: `3 fois`, `2 fois un an`, `par périodes de 6 mois, 3 fois`.
fn renewals(parts: &[Part], first: usize, renewal: usize, base: u32) -> Option<(u32, u32)> {
    let after = &parts[renewal + 1..];
    let length = after.iter().find_map(|part| match part {
        Part::Length(months, _) => whole(*months),
        _ => None,
    });
    let times = |parts: &[Part]| {
        let at = parts.iter().position(|part| *part == Part::Times)?;
        match parts.get(at.checked_sub(1)?) {
            Some(Part::Number(times)) => Some(*times),
            _ => None,
        }
    };
    // « 12 mois + 3 reconductions de 12 mois », « 3 reconductions possibles ».
    let before = match parts.get(first..renewal).unwrap_or_default().last() {
        Some(Part::Number(times)) => Some(*times),
        Some(Part::Times) => times(parts.get(first..renewal).unwrap_or_default()),
        _ => None,
    };
    match (times(after).or(before), length) {
        // « 1 an renouvelable 3 fois (4 ans maximum) » gives the whole.
        (Some(times), Some(length)) if times > 0 && times.checked_add(1)?.checked_mul(base) == Some(length) => {
            Some((times, base))
        }
        (Some(times), length) => Some((times, length.unwrap_or(base))),
        // « 1 an renouvelable 3 ans », « renouvelable pour un an »: once for as long.
        (None, Some(length)) => Some((1, length)),
        (None, None) => None,
    }
}

fn whole(months: f64) -> Option<u32> {
    let rounded = months.round();
    (rounded >= 1.0 && rounded <= f64::from(MOST)).then_some(rounded as u32)
}

/// Numbers of two words, before any that begins like them.
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

fn parts(text: &str) -> Vec<Part> {
    let text = text.to_lowercase().replace(['×', '*'], " x ").replace('+', " + ");
    let text = COMPOUNDS
        .iter()
        .fold(text, |text, (name, number)| text.replace(name, number));
    let tokens: Vec<&str> = text
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, ',' | '.' | '+')))
        .map(|token| token.trim_matches([',', '.']))
        .filter(|token| !token.is_empty())
        .collect();
    let mut parts = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let (part, length) = part(&tokens[at..]);
        parts.push(part);
        at += length;
    }
    parts
}

fn part(tokens: &[&str]) -> (Part, usize) {
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
            "fois" | "x" => Part::Times,
            word if ["renouvel", "reconduc", "reconduit", "tacite", "prolong"]
                .iter()
                .any(|stem| word.starts_with(stem)) =>
            {
                Part::Renewal
            }
            word => Part::Word(word.to_owned()),
        };
        // « tacitement reconductible » is one renewal.
        let more = tokens[1..]
            .iter()
            .take_while(|_| part == Part::Renewal)
            .take_while(|next| {
                ["renouvel", "reconduc", "tacite"]
                    .iter()
                    .any(|stem| next.starts_with(stem))
            });
        return (part.clone(), 1 + more.count());
    };
    let glued = if number_word(word).is_some() { "" } else { glued };
    // « douze (12) mois » says it twice.
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
    let used = if glued.is_empty() { unit_at + 1 } else { 1 };
    let length = |months: f64, exact| (Part::Length(number * months, exact), used);
    match unit {
        "an" | "ans" | "année" | "années" | "annee" | "annees" => length(12.0, Exact::Whole),
        "mois" => length(1.0, Exact::Whole),
        "trimestre" | "trimestres" => length(3.0, Exact::Whole),
        "semestre" | "semestres" => length(6.0, Exact::Whole),
        "semaine" | "semaines" => length(12.0 / 52.0, Exact::Rounded),
        "jour" | "jours" => length(12.0 / 365.0, Exact::Rounded),
        _ => (Part::Number(number as u32), unit_at),
    }
}

/// The number a word is, to forty-eight: durations are short.
pub(super) fn number_word(word: &str) -> Option<u32> {
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

/// A day of a calendar.
#[derive(Debug, Clone, Copy)]
struct Day {
    year: u32,
    month: u32,
    day: Option<u32>,
}

/// `du 1er janvier 2023 au 31 décembre 2024`, `de janvier 2023 à décembre 2024`, `du 01/01/2023 au 31/12/2024`.
fn between_dates(text: &str) -> Option<Duration> {
    let days = days(text);
    let [start, end] = days.as_slice() else { return None };
    let months = |day: &Day| i64::from(day.year) * 12 + i64::from(day.month);
    let days_over = match (start.day, end.day) {
        // From the first to the last day of months, both counted.
        (Some(start), Some(end)) => i64::from(end) + 1 - i64::from(start),
        _ => 30,
    };
    let whole_months = months(end) - months(start) + i64::from(days_over >= 28);
    let is_whole = matches!(days_over, 0 | 28..=31);
    let months = u32::try_from(whole_months)
        .ok()
        .filter(|months| (1..=MOST).contains(months))?;
    Some(Duration {
        months,
        made_of: None,
        doubt: (!is_whole).then_some("the dates make no whole number of months"),
    })
}

fn days(text: &str) -> Vec<Day> {
    let key = name_key(&text.replace(['/', '.'], " "));
    let tokens: Vec<&str> = key.split(' ').collect();
    let number = |at: Option<usize>| -> Option<u32> {
        let token = tokens.get(at?)?;
        token.trim_end_matches("er").parse().ok()
    };
    let mut days = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_year = token.len() == 4 && token.parse::<u32>().is_ok_and(|year| (1990..2100).contains(&year));
        let Some(year) = token.parse().ok().filter(|_| is_year) else {
            continue;
        };
        let Some(before) = at.checked_sub(1) else { continue };
        let Some(month) = month(tokens[before]).or_else(|| number(Some(before)).filter(|_| at >= 2)) else {
            continue;
        };
        let day = number(at.checked_sub(2)).filter(|day| (1..=31).contains(day));
        if (1..=12).contains(&month) {
            days.push(Day { year, month, day });
        }
    }
    days
}

/// The months of the year, folded.
pub(super) const MONTHS: [&str; 12] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];

fn month(word: &str) -> Option<u32> {
    MONTHS.iter().position(|name| *name == word).map(|rank| rank as u32 + 1)
}

#[cfg(test)]
mod tests {
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
            ("90 jours", 3),
            ("du 1er janvier 2023 au 31 décembre 2024", 24),
            ("du 01/03/2023 au 29/02/2024", 12),
            ("de septembre 2022 à juin 2023", 10),
        ] {
            assert_eq!(read(text).map(|duration| duration.months), Some(months), "{text}");
        }
    }

    #[test]
    fn says_how_it_is_made_and_what_is_doubtful() {
        let renewed = read("12 mois reconductible 3 fois").unwrap();
        assert_eq!(renewed.made_of.as_deref(), Some("12, renewable 3 times for 12"));
        assert!(renewed.doubt.is_none());
        assert!(read("4 ans maximum").unwrap().doubt.is_some());
        assert!(read("1 an renouvelable").unwrap().doubt.is_some());
        assert!(read("6 semaines").unwrap().doubt.is_some());
    }

    #[test]
    fn what_has_no_length_is_no_duration() {
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
                proptest::prop_assert!((1..=MOST).contains(&duration.months));
            }
        }
    }
}
