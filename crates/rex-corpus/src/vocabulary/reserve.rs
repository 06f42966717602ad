//! The names of the structures to which a contract can be reserved.

use std::sync::LazyLock;

use super::{data_lines, name_key};
use crate::Reserve;

/// The words of each name in the singular, the longest names first.
static NAMES: LazyLock<Vec<(Vec<String>, Reserve)>> = LazyLock::new(|| {
    let mut names: Vec<_> = reserve_names().map(|(name, reserve)| (words(name), reserve)).collect();
    names.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    names
});

/// Every name of every reservation, from `data/reserves.tsv`, which gives the sources.
pub fn reserve_names() -> impl Iterator<Item = (&'static str, Reserve)> {
    data_lines(include_str!("../data/reserves.tsv"))
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(name, label)| Some((name, Reserve::from_label(label)?)))
}

/// Words beside the names: `réservé aux SIAE et aux EA`, `un lot réservé`.
const FILLERS: &[&str] = &[
    "a", "au", "aux", "de", "des", "d", "et", "la", "le", "les", "l", "lot", "marche", "ou", "reserve", "reservee",
    "un", "une",
];

/// How people write that a contract is not reserved, as lookup keys.
const NONE: &[&str] = &["aucun", "aucune", "false", "neant", "no", "non", "non reserve", "sans"];

impl Reserve {
    /// The reservations of a value in any known spelling: `ESAT`, `entreprises adaptées (EA)`, `SIAE et ESAT`; none for `non`.
    /// `None` if a word of it is not understood.
    pub fn from_spelling(text: &str) -> Option<Vec<Self>> {
        const LONGEST: usize = 300;
        if text.len() > LONGEST {
            return None;
        }
        if NONE.contains(&name_key(text).as_str()) {
            return Some(Vec::new());
        }
        let words = words(text);
        let mut at = 0;
        while at < words.len() {
            let name = NAMES.iter().find(|(name, _)| words[at..].starts_with(name));
            at += match name {
                Some((name, _)) => name.len(),
                None if FILLERS.contains(&words[at].as_str()) => 1,
                None => return None,
            };
        }
        Some(Self::named_in(text)).filter(|found| !found.is_empty())
    }

    /// The reservations that a text names, each once, in text order: `réservé aux SIAE, ESAT et EA`.
    ///
    /// Letter case, accents, hyphens and the plural are ignored. Of overlapping names, the longest counts.
    pub fn named_in(text: &str) -> Vec<Self> {
        let words = words(text);
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let name = NAMES.iter().find(|(name, _)| words[at..].starts_with(name));
            if let Some((_, reserve)) = name.filter(|(_, reserve)| !found.contains(reserve)) {
                found.push(*reserve);
            }
            at += name.map_or(1, |(name, _)| name.len());
        }
        found
    }
}

/// The words of a text in the singular. Short words are kept: they may be acronyms.
fn words(text: &str) -> Vec<String> {
    let key = name_key(text);
    let singular = |word: &str| match word.strip_suffix('s') {
        Some(stem) if word.len() > 3 => stem.to_owned(),
        _ => word.to_owned(),
    };
    key.split(' ').filter(|word| !word.is_empty()).map(singular).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_value_whole_or_not_at_all() {
        for (text, expected) in [
            ("SIAE", Some("SIAE")),
            ("entreprise adaptée", Some("EA")),
            ("Entreprises adaptées (EA) et ESAT", Some("EA ESAT")),
            ("réservé aux structures d'insertion", Some("SIAE")),
            ("Non", Some("")),
            ("ESAT et ESSAT", None),
            ("oui", None),
            ("", None),
        ] {
            let read = Reserve::from_spelling(text).map(|found| {
                let labels: Vec<_> = found.iter().map(|reserve| reserve.label()).collect();
                labels.join(" ")
            });
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn reads_names_in_a_text() {
        let read = |text: &str| {
            Reserve::named_in(text)
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" ")
        };
        for (text, expected) in [
            ("Marché réservé SIAE, ESAT et EA", "SIAE ESAT EA"),
            ("Marché divisé en 3 lots, dont un réservé à une SIAE", "SIAE"),
            ("réservé aux structures d’insertion par l'activité économique", "SIAE"),
            ("Entreprises adaptées (EA) et ESAT", "EA ESAT"),
            ("Marché réservé ESS", "ESS"),
            ("réservé aux entreprises de l'économie sociale et solidaire", "ESS"),
            ("réservé", ""),
            ("", ""),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
