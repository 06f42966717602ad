//! Finds amounts of money in a text: `1 590 000 € HT`, `160K€`, `1,59 M€ TTC`, `entre 50 000 et 80 000 euros par an`.

mod number;
mod qualifiers;

use std::ops::Range;

use self::number::Number;
pub(crate) use self::number::numbers;
pub(crate) use self::qualifiers::{Bound, Per, Tax, is_of_part, tax_of};
use self::qualifiers::{bound, lowered, per, tax};

use rex_corpus::Euros;

/// An amount found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Money {
    pub(crate) amount: Euros,
    pub(crate) tax: Tax,
    pub(crate) per: Per,
    pub(crate) bound: Bound,
    /// Byte range of the number and its unit.
    pub(crate) range: Range<usize>,
}

/// The amounts of a text, in order.
///
/// A number counts as an amount if a unit, `HT` or `TTC` follows it.
pub(crate) fn amounts(text: &str) -> Vec<Money> {
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

/// Copies the qualifiers of the second end of a range to the first.
fn spread(found: &mut [Money]) {
    for at in 1..found.len() {
        let (first, second) = (found[at - 1].clone(), found[at].clone());
        if first.bound == Bound::End && second.bound == Bound::End && first.tax == Tax::Unsaid {
            found[at - 1].tax = second.tax;
            found[at - 1].per = second.per;
        }
    }
}

/// The factor of the unit of money that follows a number, and its length in bytes.
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
    // The typed apostrophe may have more bytes than the one in the table.
    let typed = after[spaces..]
        .chars()
        .take(name.chars().count())
        .map(char::len_utf8)
        .sum::<usize>();
    let ends = after[spaces + typed..].chars().next();
    let is_word = name.ends_with(char::is_alphabetic) && ends.is_some_and(char::is_alphabetic);
    (!is_word).then_some((*factor, spaces + typed))
}

/// Whether the text between two numbers makes them the ends of a range.
fn is_range(between: &str) -> bool {
    matches!(
        between.trim(),
        "à" | "et" | "-" | "–" | "—" | "ou" | "/" | "€ à" | "€ et" | "€ -"
    ) || matches!(
        between.trim(),
        "ht à" | "ht et" | "ttc à" | "ttc et" | "et de" | "ht - "
    )
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
    fn reads_qualifiers_of_amounts() {
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
        fn reads_formatted_numbers(euros in 0_u64..10_000_000_000) {
            let digits = euros.to_string();
            let mut spaced = String::new();
            for (index, digit) in digits.chars().enumerate() {
                if index > 0 && (digits.len() - index) % 3 == 0 {
                    spaced.push('\u{a0}');
                }
                spaced.push(digit);
            }
            proptest::prop_assert_eq!(read(&format!("{spaced} € HT"))[0].0.clone(), digits);
        }
    }
}
