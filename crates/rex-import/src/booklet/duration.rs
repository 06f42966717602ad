//! Durations as people write them: `2 ans`, `Durée ferme 3 ans`, `12 mois reconductible 3 fois`, `du 1er mars 2023 au 28 février 2025`.

use rex_corpus::name_key;

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

impl Part {
    /// Of a length, in whole months.
    fn months(&self) -> Option<u32> {
        match self {
            Self::Length(months, _) => whole(*months),
            _ => None,
        }
    }
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
        return renewed(&parts, first, renewal, is_total);
    }
    let (base, exact, length) = base(&parts[first..])?;
    let base = whole(base)?;
    let maximum = says(&["maximum", "maximale", "max", "au plus", "maximal"]).then_some("it is said to be a maximum");
    let rounded = (exact == Exact::Rounded).then_some(ROUNDED);
    if let Some((times, each)) = extra_periods(&parts[first..]).filter(|_| !is_total) {
        return Some(Duration {
            months: sum(base, times, each)?,
            made_of: Some(format!("{base}, plus {times} times {each}")),
            doubt: rounded,
        });
    }
    let optional = says(&["optionnelle", "optionnelles", "option"]).then_some("a part of it is optional");
    let others = parts[first + length..].iter().filter_map(Part::months);
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

const ROUNDED: &str = "days or weeks, rounded to months";

/// A length and so many more.
fn sum(base: u32, times: u32, each: u32) -> Option<u32> {
    times
        .checked_mul(each)?
        .checked_add(base)
        .filter(|months| *months <= MOST)
}

/// The duration of a text that says of a renewal.
fn renewed(parts: &[Part], first: usize, renewal: usize, is_total: bool) -> Option<Duration> {
    let is_after = renewal > first;
    let initial = Initial::read(&parts[first..if is_after { renewal } else { parts.len() }])?;
    let Initial { base, exact, .. } = initial;
    let rounded = (exact == Exact::Rounded).then_some(ROUNDED);
    let after = if is_after { renewal + 1 } else { parts.len() };
    let ceiling = (after..parts.len())
        .filter(|at| is_ceiling(parts, *at))
        .filter_map(|at| parts[at].months())
        .find(|months| *months > base);
    let renewals = renewals(parts, first, renewal, base, ceiling);
    // « 4 ans (1 an renouvelable 3 fois) », « 48 mois, reconductions comprises ».
    if is_total && ceiling.is_none() {
        return Some(Duration {
            months: initial.beside.map_or(base, |beside| beside.max(base)),
            made_of: None,
            doubt: rounded,
        });
    }
    let Some((times, each)) = renewals else {
        let months = initial.whole(base).max(ceiling.unwrap_or(0));
        let open = "it can be renewed, how often is not said";
        return Some(Duration {
            months: Some(months).filter(|months| *months <= MOST)?,
            made_of: ceiling.map(|ceiling| format!("{base}, renewable up to {ceiling}")),
            doubt: rounded.or(ceiling.is_none().then_some(open)),
        });
    };
    let sums_up = sum(base, times, each)?;
    let made_of = (times > 0).then(|| match times {
        1 => format!("{base}, renewable once for {each}"),
        times => format!("{base}, renewable {times} times for {each}"),
    });
    if initial.is_added {
        // « 2 ans ferme + 1 an renouvelable 2 fois »: two years, and one year twice.
        let firm = initial.beside.unwrap_or(0);
        let unclear = "what is added may be counted once more";
        return Some(Duration {
            months: ceiling.map_or_else(|| sum(firm, times, each), Some)?,
            made_of: ceiling.is_none().then(|| format!("{firm}, plus {times} times {each}")),
            doubt: rounded.or((ceiling.is_none() && !initial.is_firm).then_some(unclear)),
        });
    }
    let given = ceiling.or(initial.beside);
    let differs = given.is_some_and(|given| given != sums_up);
    let others = parts[after..].iter().enumerate().filter_map(|(at, part)| {
        let months = part.months()?;
        (!is_ceiling(parts, after + at)).then_some(months)
    });
    let is_clear = others.clone().all(|other| other == each || other == sums_up);
    let doubt = if differs {
        Some("its parts do not add up to the whole it gives")
    } else {
        (!is_clear).then_some("it is renewed for several lengths")
    };
    Some(Duration {
        months: match (ceiling, initial.beside) {
            // No more than the ceiling.
            (Some(ceiling), _) => ceiling.min(sums_up),
            (None, Some(beside)) => beside.max(sums_up).min(MOST),
            (None, None) => sums_up,
        },
        made_of: made_of.filter(|_| !differs),
        doubt: doubt.or(rounded),
    })
}

/// What is said before a renewal.
struct Initial {
    /// The length that is renewed.
    base: u32,
    exact: Exact,
    /// A length before that one: the whole of it, « 4 ans (1 an renouvelable 3 fois) », or what comes first.
    beside: Option<u32>,
    /// Whether what is renewed is added to it: `2 ans ferme + 1 an renouvelable`.
    is_added: bool,
    is_firm: bool,
}

impl Initial {
    fn read(parts: &[Part]) -> Option<Self> {
        let (months, mut exact, length) = base(parts)?;
        let alone = whole(months)?;
        let (mut base_months, mut beside) = (alone, None);
        let last = parts.iter().rposition(|part| matches!(part, Part::Length(..)))?;
        let is_plus = last > 0 && parts[last - 1] == Part::Word("+".to_owned());
        if last >= length {
            (base_months, beside) = (parts[last].months()?, Some(alone));
        } else if is_plus {
            base_months = parts[last].months()?;
            beside = alone.checked_sub(base_months);
        }
        if let Part::Length(_, kind) = parts[last] {
            exact = if kind == Exact::Rounded { kind } else { exact };
        }
        let is_firm = parts[..last]
            .iter()
            .any(|part| matches!(part, Part::Word(word) if is_firm(word)));
        Some(Self {
            base: base_months,
            exact,
            beside,
            is_added: is_plus,
            is_firm,
        })
    }

    /// The whole of it where it is not said how often it is renewed.
    fn whole(&self, base: u32) -> u32 {
        match self.beside {
            Some(firm) if self.is_added => firm + base,
            Some(beside) => beside.max(base),
            None => base,
        }
    }
}

fn is_firm(word: &str) -> bool {
    matches!(word, "ferme" | "fermes")
}

/// Whether a length is the most that renewals lead to: `dans la limite de 4 ans`, `sans excéder 48 mois`, `soit 24 mois`.
fn is_ceiling(parts: &[Part], at: usize) -> bool {
    const BEFORE: usize = 4;
    const LIMITS: &[&str] = &[
        "limite", "jusqu", "jusque", "exceder", "excede", "excedant", "depasser", "depasse", "maximum", "maximal",
        "maximale", "max", "total", "totale", "soit", "plafond", "plus",
    ];
    const AFTER: &[&str] = &["maximum", "maximal", "maximale", "max", "total", "totale", "plus"];
    let word = |part: &Part| match part {
        Part::Word(word) => Some(name_key(word)),
        _ => None,
    };
    // « 3 fois un an au maximum » is each.
    if !matches!(parts[at], Part::Length(..)) || at.checked_sub(1).is_some_and(|before| parts[before] == Part::Times) {
        return false;
    }
    let mut before = parts[..at].iter().rev().take(BEFORE).map_while(word);
    let mut after = parts[at + 1..].iter().take(2).map_while(word);
    before.any(|word| LIMITS.contains(&word.as_str())) || after.any(|word| AFTER.contains(&word.as_str()))
}

/// The length that begins the parts, and how many of them it takes: `2 ans et 6 mois`, `1 an ferme + 6 mois`; of `4 ans
/// (1 an...`, the first.
fn base(parts: &[Part]) -> Option<(f64, Exact, usize)> {
    let Part::Length(mut months, mut exact) = *parts.first()? else {
        return None;
    };
    let mut length = 1;
    while let Some(Part::Word(word)) = parts.get(length) {
        match parts.get(length + 1) {
            Some(Part::Length(more, kind)) if matches!(word.as_str(), "et" | "+") => {
                months += more;
                exact = if *kind == Exact::Rounded { *kind } else { exact };
                length += 2;
                continue;
            }
            _ if word == "et" => {}
            Some(Part::Word(next)) if is_firm(word) && matches!(next.as_str(), "et" | "+") => {}
            _ if word == "demi" || word == "demie" => months += 6.0,
            _ => break,
        }
        length += 1;
    }
    Some((months, exact, length))
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
fn renewals(parts: &[Part], first: usize, renewal: usize, base: u32, ceiling: Option<u32>) -> Option<(u32, u32)> {
    let after = &parts[renewal + 1..];
    let at = (renewal + 1..parts.len()).find(|at| {
        let months = parts[*at].months();
        months.is_some() && (months != ceiling || !is_ceiling(parts, *at))
    });
    let length = at.and_then(|at| parts[at].months());
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
        // « 1 an renouvelable 3 fois (4 ans) » gives the whole.
        (Some(times), Some(length)) if times > 0 && times.checked_add(1)?.checked_mul(base) == Some(length) => {
            Some((times, base))
        }
        (Some(times), length) => Some((times, length.unwrap_or(base))),
        // « 1 an renouvelable 3 ans », « renouvelable pour un an »: once for as long. By periods, it can be more often.
        (None, Some(length)) if ceiling.is_none() => {
            let is_period = |part: &Part| matches!(part, Part::Word(word) if word.starts_with("période"));
            let between = &parts[renewal + 1..at?];
            (!between.iter().any(is_period)).then_some((1, length))
        }
        (None, _) => None,
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
    // « 12 + 12 + 12 mois »: the unit is said once, for all.
    let shared = (unit == "+").then(|| shared_unit(&tokens[unit_at..])).flatten();
    let used = match shared {
        Some(_) => unit_at,
        None if glued.is_empty() => unit_at + 1,
        None => 1,
    };
    let unit = shared.unwrap_or(unit);
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

/// The unit of the last of the numbers added to another: `+ 12 + 12 mois`.
fn shared_unit<'t>(tokens: &[&'t str]) -> Option<&'t str> {
    let is_number = |token: &str| token.parse::<u32>().is_ok() || number_word(token).is_some();
    let added = tokens
        .chunks(2)
        .take_while(|pair| pair[0] == "+" && pair.get(1).is_some_and(|number| is_number(number)))
        .count();
    tokens.get(2 * added).copied().filter(|_| added > 0)
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

/// The first day that a text names, as a record has it: `12 mars 2023`.
pub(super) fn first_day(text: &str) -> Option<String> {
    let Day { year, month, day } = *days(text).first()?;
    day.map(|day| format!("{year}-{month:02}-{day:02}"))
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
    fn says_how_it_is_made_and_what_is_doubtful() {
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
