//! The values of cells: several in one, no value, dates, amounts, durations.

use rex_corpus::{Date, Euros, name_key};

use super::cell::Cell;
use crate::booklet::facts::duration;
use crate::booklet::facts::duration::dates::{MONTHS, first_day};

/// Whether a text stands for no value: `-`, `NC`, `néant`.
pub(super) fn is_placeholder(text: &str) -> bool {
    const NONE: &[&str] = &[
        "",
        "nc",
        "n c",
        "na",
        "n a",
        "nr",
        "n r",
        "neant",
        "non renseigne",
        "non communique",
        "non connu",
        "inconnu",
        "sans objet",
        "so",
        "aucun",
        "aucune",
        "vide",
        "null",
        "none",
        "unknown",
        "a completer",
        "a renseigner",
        "en attente",
        "tbd",
        "xxx",
        "xx",
    ];
    // `#` and `?` alone have no word.
    NONE.contains(&name_key(text).as_str())
}

/// How a list is separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comma {
    /// `insertion, espaces verts` is two.
    Separates,
    /// `Dupont, Martin et fils` is one.
    Joins,
}

/// The values of a cell, without repeats. Line breaks, `;` and `|` separate; a comma only where there is none of these.
pub(super) fn several(text: &str, comma: Comma) -> Vec<String> {
    const STRONG: &[char] = &['\n', ';', '|', '•'];
    let parts: Vec<&str> = if comma == Comma::Joins || text.contains(STRONG) {
        text.split(STRONG).collect()
    } else {
        text.split(',').collect()
    };
    let mut values: Vec<String> = Vec::new();
    for part in parts {
        let part = part.trim().trim_start_matches(['-', '–', '*', '·']).trim();
        let value = part.split_whitespace().collect::<Vec<_>>().join(" ");
        if !is_placeholder(&value) && !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

/// A day or a year, and a doubt about it.
pub(super) fn date(cell: &Cell) -> Option<(Date, Option<&'static str>)> {
    let parse = |text: &str| Date::parse(text).ok().map(|date| (date, None));
    match cell {
        Cell::Date(year, month, day) => parse(&format!("{year:04}-{month:02}-{day:02}")),
        Cell::Number(number) => match *number {
            year if (1900.0..=2100.0).contains(&year) && year.fract() == 0.0 => parse(&format!("{year}")),
            // Days since 1899-12-30, as spreadsheets count: from 1955 to 2119.
            serial if (20_000.0..80_000.0).contains(&serial) => parse(&day_of(serial as i32)?),
            _ => None,
        },
        Cell::Text(text) => text_date(text),
        Cell::Empty | Cell::Error(_) | Cell::Formula => None,
    }
}

fn day_of(serial: i32) -> Option<String> {
    /// The Julian day of 1899-12-30.
    const START: i32 = 2_415_019;
    let day = time::Date::from_julian_day(START + serial).ok()?;
    Some(format!(
        "{:04}-{:02}-{:02}",
        day.year(),
        u8::from(day.month()),
        day.day()
    ))
}

fn text_date(text: &str) -> Option<(Date, Option<&'static str>)> {
    const SWAPPED: &str = "the day stands after the month";
    const CENTURY: &str = "the year has two digits";
    const YEARS: &str = "it names several years, the first is taken";
    let day = |year: &str, month: &str, day: &str| Date::parse(&format!("{year:0>4}-{month:0>2}-{day:0>2}")).ok();
    // Without a time: « 2024-03-15T00:00:00 », « 15/03/2024 10:30 ».
    let stem = text
        .trim()
        .split('T')
        .next()
        .filter(|stem| stem.ends_with(|c: char| c.is_ascii_digit()));
    let stem = stem.unwrap_or(text).trim();
    let stem = stem
        .split_once(' ')
        .filter(|(_, time)| time.contains(':'))
        .map_or(stem, |(stem, _)| stem);
    if let Ok(serial) = stem.parse::<f64>() {
        return date(&Cell::Number(serial));
    }
    let parts: Vec<&str> = stem.split(['/', '-', '.', ' ']).collect();
    if parts
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    {
        match parts.as_slice() {
            [year, month, of] if year.len() == 4 => return Some((day(year, month, of)?, None)),
            [of, month, year] if year.len() == 4 => {
                let usual = day(year, month, of).map(|date| (date, None));
                return usual.or_else(|| Some((day(year, of, month)?, Some(SWAPPED))));
            }
            [of, month, year] if year.len() == 2 => {
                return Some((day(&format!("20{year}"), month, of)?, Some(CENTURY)));
            }
            [month, year] if year.len() == 4 && month.len() <= 2 => return Some((Date::parse(year).ok()?, None)),
            [year, other] if year.len() == 4 && other.len() == 4 => {
                return Some((Date::parse(year).ok()?, Some(YEARS)));
            }
            _ => return None,
        }
    }
    if let Some(found) = first_day(text) {
        return Some((Date::parse(&found).ok()?, None));
    }
    let key = name_key(text);
    let mut years = key
        .split(' ')
        .filter(|word| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit()));
    let year = Date::parse(years.next()?).ok()?;
    let other = years.next().is_some().then_some(YEARS);
    // « 31 février 2024 » is no date; « mars 2024 », « en 2024 », « 2024-2026 » are a year.
    let has_month = MONTHS.iter().any(|month| key.split(' ').any(|word| word == *month));
    let starts_with_day = key
        .split(' ')
        .next()
        .is_some_and(|word| word.len() < 3 && word.bytes().all(|b| b.is_ascii_digit()));
    (!(has_month && starts_with_day)).then_some((year, other))
}

/// The amount of a number cell in the unit of the header.
pub(super) fn euros(number: f64, unit: &str) -> Option<Euros> {
    let factor = match unit {
        "k€" => 1_000.0,
        "M€" => 1_000_000.0,
        _ => 1.0,
    };
    Euros::parse(&format!("{:.2}", number * factor)).ok()
}

/// The months of a cell in the unit of the header, how they are made, and a doubt. Few contracts are longer than ten years.
pub(super) fn months(cell: &Cell, unit: f64) -> Option<(u32, Option<String>, Option<&'static str>)> {
    const MAX: f64 = 1_188.0;
    const LONG: u32 = 120;
    let of_number = |number: f64| {
        let months = number * unit;
        let whole = months.round();
        let doubt = ((months - whole).abs() > 0.01).then_some("rounded to months");
        (1.0..=MAX).contains(&whole).then_some((whole as u32, None, doubt))
    };
    let (months, made_of, doubt) = match cell {
        Cell::Number(number) => of_number(*number),
        Cell::Text(text) => match text.trim().replace(',', ".").parse::<f64>() {
            Ok(number) => of_number(number),
            Err(_) => duration::read(text).map(|found| (found.months, found.made_of, found.doubt)),
        },
        Cell::Empty | Cell::Date(..) | Cell::Error(_) | Cell::Formula => None,
    }?;
    let long = (months > LONG).then_some("it is over ten years");
    Some((months, made_of, doubt.or(long)))
}

/// A SIRET of fourteen digits; else why it is none.
pub(super) fn siret(cell: &Cell) -> Result<(String, Option<&'static str>), &'static str> {
    let text = cell.to_string();
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '\''))
        .collect();
    let is_number = text.to_lowercase().contains("e+");
    match digits.len() {
        _ if is_number => {
            Err("is a number from which a spreadsheet dropped digits; format the column as text and type it again")
        }
        _ if !digits.bytes().all(|b| b.is_ascii_digit()) => Err("is not a SIRET of fourteen digits"),
        14 => Ok((digits, None)),
        13 => Ok((format!("0{digits}"), Some("a spreadsheet dropped the zero before it"))),
        9 => Err("is a SIREN, expected a SIRET of fourteen digits"),
        _ => Err("is not a SIRET of fourteen digits"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_cell_are_separated() {
        for (text, comma, expected) in [
            (
                "insertion, espaces verts",
                Comma::Separates,
                &["insertion", "espaces verts"][..],
            ),
            (
                "insertion ; déchets, tri",
                Comma::Separates,
                &["insertion", "déchets, tri"],
            ),
            ("- un\n- deux\n\n", Comma::Separates, &["un", "deux"]),
            ("a|b|a", Comma::Separates, &["a", "b"]),
            ("Dupont, Martin et fils", Comma::Joins, &["Dupont, Martin et fils"]),
            (
                "Les Jardins ; Alpha, Bêta et Cie",
                Comma::Joins,
                &["Les Jardins", "Alpha, Bêta et Cie"],
            ),
            ("NC", Comma::Joins, &[]),
            (" ; - ; ", Comma::Joins, &[]),
        ] {
            assert_eq!(several(text, comma), expected, "{text}");
        }
    }

    #[test]
    fn dates_are_read_as_people_and_spreadsheets_write_them() {
        let text = |text: &str| Cell::Text(text.to_owned());
        for (cell, expected) in [
            (Cell::Date(2024, 3, 15), "2024-03-15"),
            (Cell::Number(45366.0), "2024-03-15"),
            (Cell::Number(2024.0), "2024"),
            (text("45366"), "2024-03-15"),
            (text("2024"), "2024"),
            (text("15/03/2024"), "2024-03-15"),
            (text("15-3-2024"), "2024-03-15"),
            (text("15.03.2024 10:30"), "2024-03-15"),
            (text("2024-03-15T00:00:00"), "2024-03-15"),
            (text("2024-03-15 00:00:00"), "2024-03-15"),
            (text("15 mars 2024"), "2024-03-15"),
            (text("1er août 2023"), "2023-08-01"),
            (text("mars 2024"), "2024"),
            (text("03/2024"), "2024"),
            (text("15/03/24"), "2024-03-15?"),
            (text("03/15/2024"), "2024-03-15?"),
            (text("2024-2026"), "2024?"),
            (text("31/02/2024"), ""),
            (text("31 février 2024"), ""),
            (text("bientôt"), ""),
            (Cell::Number(12.0), ""),
        ] {
            let read = date(&cell).map(|(date, doubt)| format!("{date}{}", if doubt.is_some() { "?" } else { "" }));
            assert_eq!(read.unwrap_or_default(), expected, "{cell:?}");
        }
    }

    #[test]
    fn durations_take_the_unit_of_the_header() {
        let text = |text: &str| Cell::Text(text.to_owned());
        for (cell, unit, expected) in [
            (Cell::Number(24.0), 1.0, Some(24)),
            (Cell::Number(2.0), 12.0, Some(24)),
            (Cell::Number(1.5), 12.0, Some(18)),
            (text("24"), 1.0, Some(24)),
            (text("24 mois"), 12.0, Some(24)),
            (text("2 ans"), 1.0, Some(24)),
            (text("12 mois reconductible 3 fois"), 1.0, Some(48)),
            (text("longtemps"), 1.0, None),
            (text("400"), 1.0, Some(400)),
            (Cell::Number(0.0), 1.0, None),
            (Cell::Number(99_999.0), 1.0, None),
        ] {
            assert_eq!(months(&cell, unit).map(|(months, ..)| months), expected, "{cell:?}");
        }
        let doubt = |number: f64| months(&Cell::Number(number), 1.0).and_then(|(.., doubt)| doubt);
        assert_eq!((doubt(48.0), doubt(400.0)), (None, Some("it is over ten years")));
    }

    #[test]
    fn a_siret_has_fourteen_digits() {
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(
            siret(&Cell::Number(21_310_555_400_017.0)),
            Ok(("21310555400017".to_owned(), None))
        );
        assert_eq!(
            siret(&text("213 105 554 00017")),
            Ok(("21310555400017".to_owned(), None))
        );
        assert!(
            siret(&Cell::Number(1_310_555_400_017.0))
                .is_ok_and(|(siret, doubt)| siret == "01310555400017" && doubt.is_some())
        );
        for (cell, why) in [
            (text("2.13105554E+13"), "dropped digits"),
            (text("2,13E+13"), "dropped digits"),
            (text("213105554"), "is a SIREN"),
            (text("en cours"), "fourteen digits"),
        ] {
            assert!(siret(&cell).is_err_and(|error| error.contains(why)), "{cell:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_value_or_none(words in "([0-9]{1,5}|[/. -]|mars|€|k|m|ans|E\\+|é|,){0,10}") {
            let cell = Cell::from_text(&words);
            let _ = (date(&cell), months(&cell, 12.0), siret(&cell), several(&words, Comma::Separates));
        }

        #[test]
        fn any_number_is_a_value_or_none(number: f64) {
            let cell = Cell::Number(number);
            let _ = (date(&cell), months(&cell, 1.0), siret(&cell), euros(number, "M€"));
        }
    }
}
