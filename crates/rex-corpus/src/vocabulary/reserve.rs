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

impl Reserve {
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
