//! Similarity reasons in French.

use rex_corpus::Cpv;
use rex_query::Reason;

use crate::french_format;

/// Digits of a CPV division, group and class (Regulation (EC) No 213/2008). Categories have 5 to 8.
const DIVISION: usize = 2;
const GROUP: usize = 3;
const CLASS: usize = 4;
/// Digits of a CPV code.
const CODE: usize = 8;

/// The text of a reason: `même département : Haute-Garonne`.
pub fn reason_text(reason: &Reason) -> String {
    match reason {
        Reason::Code(code) => format!("même code CPV : {code}"),
        Reason::Branch(digits) => branch(digits),
        Reason::Territory(levels) => territory(levels),
        Reason::Amount(amount) => format!("montant proche : {} HT", french_format::euros(*amount)),
        Reason::Reserve(reserve) => {
            let labels: Vec<String> = reserve.iter().map(ToString::to_string).collect();
            format!("réservé aux {} aussi", enumerated(&labels))
        }
        Reason::Words(words) if words.len() == 1 => format!("mot en commun : {}", words[0]),
        Reason::Words(words) => format!("mots en commun : {}", words.join(", ")),
        Reason::Subject(words) if words.is_empty() => "même sujet".to_owned(),
        Reason::Subject(words) => format!("même sujet : {}", words.join(", ")),
    }
}

/// The text of a shared CPV branch: `même division CPV : 75 Administration et sécurité sociale`, `même classe CPV :
/// 75230000-7`.
fn branch(digits: &str) -> String {
    let Ok(code) = Cpv::parse(&format!("{digits:0<CODE$}")) else {
        return format!("codes CPV proches : {digits}");
    };
    match digits.len() {
        DIVISION => {
            let name = code.division_name().unwrap_or_default();
            format!("même division CPV : {digits} {name}").trim_end().to_owned()
        }
        GROUP => format!("même groupe CPV : {code}"),
        CLASS => format!("même classe CPV : {code}"),
        _ => format!("même catégorie CPV : {code}"),
    }
}

/// The text of a shared territory, by its deepest level.
fn territory(levels: &[String]) -> String {
    let name = levels.last().map_or("", String::as_str);
    match levels.len() {
        1 => format!("même région : {name}"),
        2 => format!("même département : {name}"),
        _ => format!("même territoire : {name}"),
    }
}

/// A French enumeration: `SIAE, EA et ESAT`.
fn enumerated(labels: &[String]) -> String {
    match labels {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} et {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use rex_corpus::{Euros, Reserve};

    use super::*;

    #[test]
    fn reasons_read_as_french() {
        let strings = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        for (reason, expected) in [
            (
                Reason::Code(Cpv::parse("75231240").unwrap()),
                "même code CPV : 75231240-8",
            ),
            (
                Reason::Branch("75".to_owned()),
                "même division CPV : 75 Administration et sécurité sociale",
            ),
            (Reason::Branch("7523".to_owned()), "même classe CPV : 75230000-7"),
            (Reason::Branch("752312".to_owned()), "même catégorie CPV : 75231200-6"),
            (
                Reason::Territory(strings(&["Occitanie", "Haute-Garonne"])),
                "même département : Haute-Garonne",
            ),
            (Reason::Territory(strings(&["Occitanie"])), "même région : Occitanie"),
            (
                Reason::Amount(Euros::from_cents(35_000_000).unwrap()),
                "montant proche : 350\u{202f}000\u{a0}€ HT",
            ),
            (
                Reason::Reserve(vec![Reserve::Siae, Reserve::Esat]),
                "réservé aux SIAE et ESAT aussi",
            ),
            (
                Reason::Words(strings(&["cartons", "tri"])),
                "mots en commun : cartons, tri",
            ),
            (
                Reason::Subject(strings(&["collecte", "recyclage", "tri"])),
                "même sujet : collecte, recyclage, tri",
            ),
            (Reason::Subject(Vec::new()), "même sujet"),
        ] {
            assert_eq!(reason_text(&reason), expected);
        }
    }
}
