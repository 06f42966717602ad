//! Amounts of money as people write them: `1 590 000 € HT`, `160K€`, `1,59 M€ TTC`, `entre 50 000 et 80 000 euros par an`.

use std::ops::Range;

use rex_corpus::Euros;

/// An amount found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Money {
    pub(super) amount: Euros,
    pub(super) tax: Tax,
    pub(super) per: Per,
    pub(super) bound: Bound,
    /// The bytes of the number and its unit.
    pub(super) range: Range<usize>,
}

/// Whether an amount is before tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tax {
    Before,
    Included,
    Unsaid,
}

/// What an amount is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Per {
    Contract,
    /// A year, a month, an hour, a tonne...
    Part,
}

/// How an amount is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    Exact,
    About,
    Maximum,
    Minimum,
    /// One end of a range.
    End,
}

/// The amounts of a text, in its order.
///
/// A number needs a unit, or one of the words `HT` and `TTC` after it.
pub(super) fn amounts(text: &str) -> Vec<Money> {
    let lower = lowered(text);
    let mut found: Vec<Money> = Vec::new();
    let mut open: Option<Number> = None;
    let mut from = 0;
    for number in numbers(&lower) {
        let after = &lower[number.range.end..];
        let Some((factor, unit)) = unit(after) else {
            open = Some(number);
            continue;
        };
        let end = number.range.end + unit;
        let Some(amount) = number.times(factor) else { continue };
        let before = &lower[from..number.range.start];
        let first = open
            .take()
            .filter(|first| is_range(&lower[first.range.end..number.range.start]));
        let start = first.as_ref().map_or(number.range.start, |first| first.range.start);
        let is_second = found
            .last()
            .is_some_and(|last| is_range(&lower[last.range.end..number.range.start]));
        if is_second {
            // « de 50 000 € à 80 000 € »
            found.last_mut().into_iter().for_each(|last| last.bound = Bound::End);
        }
        let next = numbers(&lower[end..])
            .next()
            .map_or(lower.len(), |next| end + next.range.start);
        let tail = &lower[end..next];
        let bound = if first.is_some() || is_second {
            Bound::End
        } else {
            bound(before, tail)
        };
        if let Some(amount) = first.and_then(|first| first.times(factor)) {
            found.push(money(amount, before, tail, Bound::End, start..end));
        }
        found.push(money(amount, before, tail, bound, number.range.start..end));
        from = end;
    }
    spread(&mut found);
    found
}

fn money(amount: Euros, before: &str, tail: &str, bound: Bound, range: Range<usize>) -> Money {
    Money {
        amount,
        tax: tax(tail),
        per: per(before, tail),
        bound,
        range,
    }
}

/// What is said after the second end of a range holds for the first.
fn spread(found: &mut [Money]) {
    for at in 1..found.len() {
        let (first, second) = (found[at - 1].clone(), found[at].clone());
        if first.bound == Bound::End && second.bound == Bound::End && first.tax == Tax::Unsaid {
            found[at - 1].tax = second.tax;
            found[at - 1].per = second.per;
        }
    }
}

/// Lower case of as many bytes, so that ranges hold in both.
fn lowered(text: &str) -> String {
    let lower = |c: char| {
        let mut small = c.to_lowercase();
        match (small.next(), small.next()) {
            (Some(one), None) if one.len_utf8() == c.len_utf8() => one,
            _ => c,
        }
    };
    text.chars().map(lower).collect()
}

/// A number as it is typed.
struct Number {
    range: Range<usize>,
    whole: String,
    decimals: String,
    /// Whether three digits after a single point or comma could be thousands or thousandths.
    is_unclear: bool,
}

impl Number {
    fn times(&self, factor: u32) -> Option<Euros> {
        let is_thousands = self.is_unclear && factor == 1;
        let (whole, decimals) = if is_thousands {
            (format!("{}{}", self.whole, self.decimals), String::new())
        } else {
            (self.whole.clone(), self.decimals.clone())
        };
        // Cents, and whatever is finer than a cent cut off: 1,23456 M€.
        let decimals = format!("{decimals:0<8}");
        let hundredmillionths = format!("{whole}{}", decimals.get(..8)?).parse::<u128>().ok()?;
        let cents = hundredmillionths.checked_mul(u128::from(factor))? / 1_000_000;
        Euros::from_cents(u64::try_from(cents).ok()?)
    }
}

fn numbers(text: &str) -> impl Iterator<Item = Number> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(|c: char| c.is_ascii_digit())?;
        let number = number(text, start);
        at = number.range.end;
        Some(number)
    })
}

/// The number whose first digit is at `start`: groups of three apart by a space, a point or an apostrophe, then decimals.
fn number(text: &str, start: usize) -> Number {
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = start + digits(start);
    let mut whole = text[start..end].to_owned();
    let mut groups: Vec<char> = Vec::new();
    let is_small = whole.len() <= 3;
    while let Some(mark) = text[end..]
        .chars()
        .next()
        .filter(|c| is_small && matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '.' | ',' | '\''))
    {
        let next = end + mark.len_utf8();
        let same = groups
            .first()
            .is_none_or(|first| *first == mark || (first.is_whitespace() && mark.is_whitespace()));
        if digits(next) != 3 || !same {
            break;
        }
        whole.push_str(&text[next..next + 3]);
        groups.push(mark);
        end = next + 3;
    }
    // Decimals after the other mark make a single group thousands: « 160.000,50 ».
    let has_decimals = |mark: char| {
        let other = if mark == '.' { ',' } else { '.' };
        let rest = text[end..].strip_prefix(other);
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let is_unclear = groups.len() == 1 && matches!(groups[0], '.' | ',') && !has_decimals(groups[0]);
    let mut decimals = String::new();
    if is_unclear {
        decimals = whole.split_off(whole.len() - 3);
    } else if let Some(rest) = text[end..].strip_prefix([',', '.']) {
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        decimals = rest[..length].to_owned();
        end += if length > 0 { length + 1 } else { 0 };
    }
    Number {
        range: start..end,
        whole,
        decimals,
        is_unclear,
    }
}

/// What multiplies a number and the bytes it takes, where a unit of money follows.
fn unit(after: &str) -> Option<(u32, usize)> {
    const UNITS: &[(&str, u32)] = &[
        ("milliards d'euros", 1_000_000_000),
        ("milliard d'euros", 1_000_000_000),
        ("millions d'euros", 1_000_000),
        ("million d'euros", 1_000_000),
        ("millions €", 1_000_000),
        ("millions", 1_000_000),
        ("million", 1_000_000),
        ("milliers d'euros", 1_000),
        ("md€", 1_000_000_000),
        ("meuros", 1_000_000),
        ("m€", 1_000_000),
        ("m €", 1_000_000),
        ("m d'euros", 1_000_000),
        ("m euros", 1_000_000),
        ("keuros", 1_000),
        ("k€", 1_000),
        ("k €", 1_000),
        ("k euros", 1_000),
        ("ke ", 1_000),
        ("€", 1),
        ("euros", 1),
        ("euro", 1),
        ("eur", 1),
        ("ht", 1),
        ("h.t", 1),
        ("ttc", 1),
        ("hors tax", 1),
    ];
    let trimmed = after.trim_start();
    let trimmed = trimmed.replace('’', "'");
    let spaces = after.len() - after.trim_start().len();
    let (name, factor) = UNITS.iter().find(|(name, _)| trimmed.starts_with(name))?;
    let is_tax = matches!(*name, "ht" | "h.t" | "ttc" | "hors tax");
    if is_tax {
        return Some((1, 0));
    }
    // The apostrophe may be a longer one than the table's.
    let typed = after[spaces..]
        .chars()
        .take(name.chars().count())
        .map(char::len_utf8)
        .sum::<usize>();
    let ends = after[spaces + typed..].chars().next();
    let is_word = name.ends_with(char::is_alphabetic) && ends.is_some_and(char::is_alphabetic);
    (!is_word).then_some((*factor, spaces + typed))
}

fn tax(tail: &str) -> Tax {
    let words = format!(
        " {} ",
        tail.replace(['(', ')', '/', ',', ';', ':', '-', '\u{a0}'], " ")
            .replace('.', "")
    );
    let place = |names: &[&str]| names.iter().filter_map(|name| words.find(name)).min();
    let before = place(&[
        " ht ",
        "hors tax",
        "hors tva",
        "net de tax",
        "nets de tax",
        "exonéré",
        "non assujetti",
        "tva non applicable",
    ]);
    match (
        before,
        place(&[
            " ttc ",
            "toutes taxes",
            "taxes comprises",
            "tva comprise",
            "tva incluse",
        ]),
    ) {
        (Some(before), Some(included)) if included < before => Tax::Included,
        (Some(_), _) => Tax::Before,
        (None, Some(_)) => Tax::Included,
        (None, None) => Tax::Unsaid,
    }
}

/// Whether a label says that what it names is with tax or without.
pub(super) fn tax_of(label: &str) -> Option<Tax> {
    Some(tax(&lowered(label))).filter(|tax| *tax != Tax::Unsaid)
}

/// Whether an amount is of a part of the contract, by the words before it and after it.
fn per(before: &str, tail: &str) -> Per {
    const PARTS: &[&str] = &[
        "annuel",
        "chaque année",
        "chaque mois",
        "mensuel",
        "horaire",
        "de l'heure",
        "journali",
        "hebdomadaire",
        "unitaire",
        "chacun",
    ];
    let tail = tail.replace('’', "'");
    let before = before.trim_end();
    // « 2 lots de 50 000 € »
    let is_each_lot = ["lots de", "lots à", "lots d'environ"]
        .iter()
        .any(|lots| before.ends_with(lots));
    if is_each_lot || PARTS.iter().any(|part| tail.contains(part)) || is_per_unit(&tail) {
        Per::Part
    } else {
        Per::Contract
    }
}

/// Whether a price is by the unit: `/h`, `par repas`, `la journée`, `l'unité`.
fn is_per_unit(tail: &str) -> bool {
    const UNITS: &[&str] = &[
        "an",
        "ans",
        "année",
        "annee",
        "mois",
        "trimestre",
        "semestre",
        "semaine",
        "jour",
        "jours",
        "journée",
        "demi-journée",
        "heure",
        "heures",
        "h",
        "j",
        "nuit",
        "tonne",
        "tonnes",
        "t",
        "kg",
        "kilo",
        "litre",
        "km",
        "kilomètre",
        "m2",
        "m²",
        "m3",
        "m³",
        "ml",
        "mètre",
        "lot",
        "personne",
        "unité",
        "u",
        "pièce",
        "repas",
        "couvert",
        "article",
        "place",
        "passage",
        "séance",
        "visite",
        "course",
        "intervention",
    ];
    /// What may stand between an amount and what it is of.
    const AFTER_AMOUNT: &[&str] = &[
        "ht", "h.t", "ttc", "hors", "taxe", "taxes", "tva", "net", "nets", "nette", "de", "à", "-",
    ];
    let spaced = tail.replace('/', " / ").replace("l'", "l' ");
    let words: Vec<&str> = spaced
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';' | ':'))
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
        .collect();
    let leading = words.iter().take_while(|word| AFTER_AMOUNT.contains(word)).count();
    // « 12 € HT par dossier »: of whatever has no article; « par la Ville » says who pays.
    let is_bare = |word: &str| !matches!(word, "le" | "la" | "l'" | "les" | "un" | "une");
    let is_slash_unit = tail.split('/').skip(1).any(|rest| {
        let word: String = rest.chars().take_while(|c| c.is_alphabetic() || *c == '.').collect();
        !word.is_empty() && !AFTER_AMOUNT.contains(&word.trim_matches('.'))
    });
    is_slash_unit
        || words.windows(2).enumerate().any(|(at, pair)| match pair[0] {
            "par" => UNITS.contains(&pair[1]) || (at == leading && is_bare(pair[1])),
            "/" => UNITS.contains(&pair[1]),
            "la" | "le" | "l'" => at == leading && UNITS.contains(&pair[1]),
            _ => false,
        })
}

fn bound(before: &str, tail: &str) -> Bound {
    let said = |names: &[&str]| names.iter().any(|name| before.contains(name) || tail.contains(name));
    let typed = before.trim_end();
    let ends = |names: &[&str]| names.iter().any(|name| typed.ends_with(name));
    let is_below = ends(&["<", "≤", "moins de", "en dessous de"]) || typed.contains("inférieur");
    let is_above = ends(&[">", "≥"]) || typed.contains("supérieur");
    if is_below || said(&["max", "plafon", "jusqu", "au plus", "n'excédant", "limité à"]) {
        Bound::Maximum
    } else if is_above || said(&["minimum", "mini ", "au moins", "plancher", "à partir de"]) {
        Bound::Minimum
    } else if said(&[
        "environ",
        "près de",
        "de l'ordre",
        "estim",
        "approximati",
        "autour de",
        "prévisionnel",
        "plus de ",
        "~",
        "≈",
    ]) {
        Bound::About
    } else {
        Bound::Exact
    }
}

/// Whether what stands between two numbers makes them the ends of a range.
fn is_range(between: &str) -> bool {
    matches!(
        between.trim(),
        "à" | "et" | "-" | "–" | "—" | "ou" | "/" | "€ à" | "€ et" | "€ -"
    ) || matches!(
        between.trim(),
        "ht à" | "ht et" | "ttc à" | "ttc et" | "et de" | "ht - "
    )
}

/// Whether the words before an amount say that it is one of several: `montant annuel de 40 000 €`, `prix horaire`.
pub(super) fn is_of_part(text: &str) -> bool {
    let lower = lowered(text).replace('’', "'");
    [
        "annuel",
        "par an",
        "/an",
        "/ an",
        "l'an ",
        "mensuel",
        "par mois",
        "/mois",
        "horaire",
        "unitaire",
        "journalier",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Tax, Per, Bound)> {
        let read = amounts(text).into_iter();
        read.map(|money| (money.amount.to_string(), money.tax, money.per, money.bound))
            .collect()
    }

    #[test]
    fn reads_amounts_as_they_are_written() {
        use Tax::{Before, Included, Unsaid};
        for (text, amount, tax) in [
            ("Montant 1 590 000 € HT", "1590000", Before),
            ("160K€", "160000", Unsaid),
            ("1,59 M€ HT", "1590000", Before),
            ("Montant : 1.590.000 € H.T.", "1590000", Before),
            ("350.000 € HT", "350000", Before),
            ("127 721,50 euros hors taxes", "127721.50", Before),
            ("420 000 € TTC", "420000", Included),
            ("1,2 million d’euros", "1200000", Unsaid),
            ("45 k€ ht", "45000", Before),
            ("350 000 HT", "350000", Before),
            ("1,590 M€", "1590000", Unsaid),
            ("12\u{202f}500\u{a0}€\u{a0}TTC", "12500", Included),
            ("3 500 000 EUR", "3500000", Unsaid),
            ("160.000,00 € HT", "160000", Before),
            ("160.000,50 € HT", "160000.50", Before),
            ("1,250.50 € HT", "1250.50", Before),
            ("1.250.000,50 € HT", "1250000.50", Before),
            ("0 € HT", "0", Before),
            ("160 000 € HT pour l'ancien site, payés par la Ville", "160000", Before),
            ("160 000 € HT / durée ferme", "160000", Before),
        ] {
            assert_eq!(
                read(text),
                [(amount.to_owned(), tax, Per::Contract, Bound::Exact)],
                "{text}"
            );
        }
    }

    #[test]
    fn reads_how_an_amount_is_meant() {
        for (text, per, bound) in [
            ("40 000 € HT par an", Per::Part, Bound::Exact),
            ("40 000 € HT/an", Per::Part, Bound::Exact),
            ("maximum de 90 000 € HT", Per::Contract, Bound::Maximum),
            ("90 000 € HT maximum", Per::Contract, Bound::Maximum),
            ("environ 90 000 € HT", Per::Contract, Bound::About),
            ("< 40 000 € HT", Per::Contract, Bound::Maximum),
            ("moins de 40 000 € HT", Per::Contract, Bound::Maximum),
            ("inférieur à 40 000 € HT", Per::Contract, Bound::Maximum),
            ("supérieur à 40 000 € HT", Per::Contract, Bound::Minimum),
            ("25 €/h HT", Per::Part, Bound::Exact),
            ("25 € HT / heure", Per::Part, Bound::Exact),
            ("25 € H.T./jour", Per::Part, Bound::Exact),
            ("1 250 euros HT la journée", Per::Part, Bound::Exact),
            ("25 € HT de l’heure", Per::Part, Bound::Exact),
            ("25 € l'heure", Per::Part, Bound::Exact),
            ("8,50 € HT par repas", Per::Part, Bound::Exact),
            ("12 € HT par dossier", Per::Part, Bound::Exact),
            ("3 € l’unité", Per::Part, Bound::Exact),
            ("2 lots de 50 000 € HT", Per::Part, Bound::Exact),
        ] {
            let read = read(text);
            assert_eq!((read.len(), read[0].2, read[0].3), (1, per, bound), "{text}");
        }
        for text in [
            "entre 50 000 et 80 000 € HT",
            "de 50 000 € à 80 000 € HT",
            "50 000 - 80 000 € HT",
        ] {
            let read = read(text);
            assert_eq!(read.len(), 2, "{text}");
            assert!(
                read.iter().all(|money| money.3 == Bound::End && money.1 == Tax::Before),
                "{text}: {read:?}"
            );
        }
        let both = read("350 000 € HT (420 000 € TTC)");
        assert_eq!((both[0].1, both[1].1), (Tax::Before, Tax::Included));
    }

    #[test]
    fn a_number_alone_is_no_amount() {
        for text in [
            "Durée 12 mois",
            "Code CPV 75231240-8",
            "3 lots",
            "",
            "99999999999999999999999999999 €",
            "12 eurodollars",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "[0-9 .,'€kKM\u{a0}\u{202f}àéİ/HTCeuros-]{0,40}") {
            for money in amounts(&text) {
                proptest::prop_assert!(text.get(money.range).is_some());
            }
        }

        #[test]
        fn reads_back_what_it_is_given(euros in 0_u64..10_000_000_000) {
            let digits = euros.to_string();
            let mut spaced = String::new();
            for (rank, digit) in digits.chars().enumerate() {
                if rank > 0 && (digits.len() - rank) % 3 == 0 {
                    spaced.push('\u{a0}');
                }
                spaced.push(digit);
            }
            proptest::prop_assert_eq!(read(&format!("{spaced} € HT"))[0].0.clone(), digits);
        }
    }
}
