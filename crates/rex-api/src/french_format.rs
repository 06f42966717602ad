//! Numbers, dates and amounts in French typography.

use rex_corpus::{Date, Euros, Lots};

/// Narrow no-break space, the thousands separator (Lexique des règles typographiques en usage à l'Imprimerie nationale).
const THIN_SPACE: &str = "\u{202f}";
/// No-break space, between a number and its unit.
const SPACE: &str = "\u{a0}";

/// `1 590 000`.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (rank, digit) in digits.chars().enumerate() {
        if rank > 0 && (digits.len() - rank).is_multiple_of(3) {
            grouped.push_str(THIN_SPACE);
        }
        grouped.push(digit);
    }
    grouped
}

/// `350 000 €`; with cents unless they are 0.
pub fn euros(amount: Euros) -> String {
    let whole = number(amount.cents() / 100);
    match amount.cents() % 100 {
        0 => format!("{whole}{SPACE}€"),
        cents => format!("{whole},{cents:02}{SPACE}€"),
    }
}

/// `12 mois`, `2 ans`.
pub fn months(months: u64) -> String {
    match months {
        24.. if months.is_multiple_of(12) => format!("{}{SPACE}ans", months / 12),
        _ => format!("{}{SPACE}mois", number(months)),
    }
}

/// A label in lower case for use within a sentence, acronyms aside: `association intermédiaire`.
pub fn within_sentence(label: &str) -> String {
    let word = |word: &str| match word.chars().any(char::is_lowercase) {
        true => word.to_lowercase(),
        false => word.to_owned(),
    };
    label.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// `1er mai 2023`, or `2023` where only the year is known.
pub fn date(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    let Some((month, day)) = date.month_and_day() else {
        return date.year().to_string();
    };
    let month = MONTHS[usize::from(month - 1) % MONTHS.len()];
    let first = if day == 1 { "er" } else { "" };
    format!("{day}{first}{SPACE}{month} {}", date.year())
}

/// `3 lots, dont 1 réservé`.
pub fn lots(lots: Lots) -> String {
    let plural = |count: u32| if count > 1 { "s" } else { "" };
    let all = format!("{}{SPACE}lot{}", lots.nombre, plural(lots.nombre));
    match lots.reserves {
        None => all,
        Some(0) => format!("{all}, aucun réservé"),
        Some(reserved) => format!("{all}, dont {reserved}{SPACE}réservé{}", plural(reserved)),
    }
}

/// `5 cas`. The noun is invariable.
pub fn cases(count: u64) -> String {
    format!("{}{SPACE}cas", number(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acronyms_keep_their_capitals_within_a_sentence() {
        for (label, expected) in [
            ("Association intermédiaire", "association intermédiaire"),
            ("SCIC", "SCIC"),
            ("Établissement ESAT", "établissement ESAT"),
            ("", ""),
        ] {
            assert_eq!(within_sentence(label), expected);
        }
    }

    #[test]
    fn figures_read_as_french() {
        let plain = |text: String| text.replace([' ', '\u{a0}', '\u{202f}'], "_");
        assert_eq!(plain(number(0)), "0");
        assert_eq!(plain(number(1_590_000)), "1_590_000");
        assert_eq!(plain(euros(Euros::parse("127721.5").unwrap())), "127_721,50_€");
        assert_eq!(plain(months(24)), "2_ans");
        assert_eq!(plain(months(12)), "12_mois");
        assert_eq!(plain(date(Date::parse("2023-05-01").unwrap())), "1er_mai_2023");
        assert_eq!(plain(date(Date::parse("2023").unwrap())), "2023");
        assert_eq!(
            plain(lots(Lots {
                nombre: 3,
                reserves: Some(1)
            })),
            "3_lots,_dont_1_réservé"
        );
    }
}
