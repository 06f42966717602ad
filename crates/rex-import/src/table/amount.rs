//! The amount of a cell: as front matter takes it, else by the words around the numbers.

use rex_corpus::{AmountError, Euros};

use crate::FindingKind;
use crate::booklet::facts::amount_lines;
use crate::booklet::facts::fact_line::{FactKind, FactLine};
use crate::booklet::facts::money::{Tax, amounts, numbers, tax_of};
use crate::imported::Findings;

/// What a cell says of an amount before tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CellAmount {
    pub(super) amount: Option<Euros>,
    /// Why it is doubtful, or why there is none; a clause about the cell.
    pub(super) doubt: Option<String>,
}

/// The amount of a text in the unit of its header.
pub(super) fn amount(typed: &str, unit: &str) -> CellAmount {
    let none = |why: &str| CellAmount {
        amount: None,
        doubt: Some(format!("{why}, none is taken")),
    };
    let typed = with_unit(typed, unit);
    match Euros::from_typed(&typed) {
        Ok(amount) if amount.cents() > 0 => {
            return CellAmount {
                amount: Some(amount),
                doubt: None,
            };
        }
        Ok(_) => return none("it is no amount"),
        Err(AmountError::Ambiguous(_)) => return none("it may mean thousands or decimals"),
        Err(AmountError::WithTax(_)) => return none("it is with tax"),
        Err(AmountError::Negative(_)) => return none("it is negative"),
        Err(AmountError::TooFine(_)) => return none("it has over two decimals"),
        Err(_) => {}
    }
    if let Some(why) = not_an_amount(&typed) {
        return none(why);
    }
    let lower = typed.to_lowercase();
    if let Some(at) = lower.find("dont ").filter(|at| typed.is_char_boundary(*at)) {
        // « 100 000 € (dont 20 000 € pour l'insertion) »
        let whole = amount(typed[..at].trim_end_matches([' ', '(', ',']), unit);
        if whole.amount.is_some() {
            return CellAmount {
                doubt: Some("it names a part too, the whole is taken".to_owned()),
                ..whole
            };
        }
    }
    in_words(&typed)
}

/// Adds the unit of the header to a text that has none.
fn with_unit(typed: &str, unit: &str) -> String {
    let lower = typed.to_lowercase();
    let has_unit = ["€", "eur", "k", "million", "milliard", "m€"]
        .iter()
        .any(|known| lower.contains(known));
    let is_bare = unit == "€" || has_unit || lower.ends_with('m');
    if is_bare {
        typed.to_owned()
    } else {
        format!("{typed} {unit}")
    }
}

/// Why the numbers of a text are no amount in euros before tax.
fn not_an_amount(typed: &str) -> Option<&'static str> {
    const CURRENCIES: &[&str] = &[
        "f", "ff", "frs", "franc", "francs", "fcfa", "cfa", "xpf", "xof", "xaf", "cfp", "chf", "usd", "dollar",
        "dollars", "gbp", "livre", "livres", "cad", "jpy", "yen", "yens", "mad", "dirham", "dirhams", "dinar",
        "dinars",
    ];
    let lower = typed.to_lowercase();
    let is_word = |known: &[&str]| {
        let mut words = lower.split(|c: char| !c.is_alphabetic());
        words.any(|word| known.contains(&word))
    };
    let digit_beside = |mark: char| {
        lower.match_indices(mark).any(|(at, mark)| {
            let before = lower[..at].chars().next_back();
            let after = lower[at + mark.len()..].chars().next();
            before.is_some_and(|c| c.is_ascii_digit()) && after.is_some_and(|c| matches!(c, '0'..='9' | '+' | '-'))
        })
    };
    let is_product = lower.contains(['×', '*']) || is_word(&["x", "fois"]) || digit_beside('x');
    let says_with_tax = lower.contains("t.t.c") || tax_of(typed) == Some(Tax::Included) || is_word(&["ttc"]);
    let says_before = lower.contains("h.t") || is_word(&["ht", "hors", "net", "nets"]);
    match () {
        () if lower.contains(['$', '£', '¥']) || is_word(CURRENCIES) => Some("it is not in euros"),
        () if is_product => Some("it is a product"),
        () if digit_beside('e') => Some("it is in scientific notation"),
        () if lower.contains('%') => Some("it is a percentage"),
        () if says_with_tax && !says_before => Some("it is with tax"),
        () => None,
    }
}

/// The amount of a text of several words or numbers, by the readers of booklets.
fn in_words(typed: &str) -> CellAmount {
    let text = format!("Montant HT : {typed}");
    if let Some(why) = is_unread(typed) {
        return CellAmount {
            amount: None,
            doubt: Some(format!("{why}, none is taken")),
        };
    }
    let mut line = [FactLine {
        line: 1,
        last: 1,
        value: typed.to_owned(),
        text: text.clone(),
        about: Some(FactKind::Amount),
        is_used: false,
    }];
    let mut findings = Findings::default();
    let amount = amount_lines::amount(&mut line, &mut findings);
    let mut doubts = findings
        .list()
        .iter()
        .filter(|finding| finding.kind == FindingKind::Doubtful);
    let start = format!("montant_ht: \"{text}\": ");
    let doubt = doubts
        .next()
        .map(|finding| finding.message.trim_start_matches(start.as_str()).to_owned());
    CellAmount {
        amount,
        doubt: doubt.or_else(|| amount.is_none().then(|| "it is no amount".to_owned())),
    }
}

/// Why a number of a text beside its amounts may be an amount too.
fn is_unread(typed: &str) -> Option<&'static str> {
    /// Smaller numbers are lots, years of a contract, hours.
    const LEAST: u64 = 1_000;
    let read = amounts(typed);
    let others = numbers(typed).filter(|number| {
        let is_read = read.iter().any(|money| money.range.contains(&number.range.start));
        let value = number.times(1).map_or(0, |value| value.cents() / 100);
        let is_year = number.range.len() == 4 && (1900..=2100).contains(&value);
        !is_read && value >= LEAST && !is_year
    });
    let most = usize::from(read.is_empty());
    (others.count() > most).then_some("it has several numbers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_taken_where_they_are_plain() {
        for (typed, unit, expected, doubt) in [
            ("48 000,50 € HT", "€", "48000.50", ""),
            ("48", "k€", "48000", ""),
            ("48 000 €", "k€", "48000", ""),
            ("48 000 € HT / 57 600 € TTC", "€", "48000", ""),
            ("57 600 € TTC (48 000 € HT)", "€", "48000", ""),
            ("48 000 € HT (sur 4 ans)", "€", "48000", ""),
            ("48 000 € nets de taxes", "€", "48000", ""),
            (
                "100 000 € (dont 20 000 € pour l'insertion)",
                "€",
                "100000",
                "it names a part too, the whole is taken",
            ),
            ("env. 50 000", "€", "50000", "it is said to be about so much"),
            ("~48 000", "€", "48000", "it is said to be about so much"),
            ("max 200 000 € HT", "€", "200000", "it is said to be a maximum"),
        ] {
            let read = amount(typed, unit);
            let amount = read.amount.map(|amount| amount.to_string());
            assert_eq!(amount.as_deref(), Some(expected), "{typed}: {read:?}");
            assert_eq!(read.doubt.unwrap_or_default(), doubt, "{typed}");
        }
    }

    #[test]
    fn what_is_no_plain_amount_is_not_taken() {
        for (typed, why) in [
            ("12 000 € x 4", "it is a product"),
            ("4 × 12 000 €", "it is a product"),
            ("1e5", "it is in scientific notation"),
            ("1E+05", "it is in scientific notation"),
            ("lot 1 : 12 000 € ; lot 2 : 15 000 €", "there are several"),
            ("48 000 € HT + 3 000 € HT option", "there are several"),
            ("10 000 / 20 000", "it has several numbers"),
            ("montant mini 10 000 / maxi 50 000", "it has several numbers"),
            ("$48,000", "it is not in euros"),
            ("48 000 CHF", "it is not in euros"),
            ("48 000 F", "it is not in euros"),
            ("48.000", "it may mean thousands or decimals"),
            ("€48,000", "it may mean thousands or decimals"),
            ("TTC 12 000", "it is with tax"),
            ("T.T.C. 12 000", "it is with tax"),
            ("12 000 TTC", "it is with tax"),
            ("48 000 toutes taxes comprises", "it is with tax"),
            ("48 000 €/an", "it is not for the whole contract"),
            ("25 % du montant", "it is a percentage"),
            ("-48 000", "it is negative"),
            ("48000,505", "it has over two decimals"),
            ("0", "it is no amount"),
            ("confidentiel", "it is no amount"),
        ] {
            let read = amount(typed, "€");
            assert_eq!(read.amount, None, "{typed}");
            assert!(
                read.doubt.as_ref().is_some_and(|doubt| doubt.starts_with(why)),
                "{typed}: {read:?}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_an_amount_or_says_why_not(typed in "([0-9]{1,5}|[/. ,x%-]|€|k|m|HT|TTC|dont |İ|é|env|lot|e){0,10}") {
            for unit in ["€", "k€", "M€"] {
                let read = amount(&typed, unit);
                proptest::prop_assert!(read.amount.is_some() || read.doubt.is_some());
            }
        }
    }
}
