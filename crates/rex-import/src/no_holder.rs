//! Words in the place of a holder that say that there is none.

use std::collections::HashSet;
use std::sync::LazyLock;

use rex_corpus::{data_lines, name_key};

/// Words that say that there is no holder, as keys.
static NO_HOLDER: LazyLock<HashSet<&str>> = LazyLock::new(|| data_lines(include_str!("data/no_holder.txt")).collect());

/// Whether a name says that there is no holder: the words of the list, `Lot n° 3 déclaré infructueux`. Without a SIRET, also what begins
/// with two of the words or more: `SANS SUITE pour motif d'intérêt général`.
pub(crate) fn is_no_holder(name: &str, has_siret: bool) -> bool {
    /// Words before and between those of the list.
    const FILLERS: [&str; 20] = [
        "classe",
        "classee",
        "consultation",
        "declare",
        "declaree",
        "du",
        "est",
        "la",
        "le",
        "lot",
        "lots",
        "marche",
        "n",
        "no",
        "numero",
        "offre",
        "procedure",
        "rendu",
        "rendue",
        "procedures",
    ];
    let key = name_key(name);
    if NO_HOLDER.contains(key.as_str()) {
        return true;
    }
    let is_filler = |word: &&str| FILLERS.contains(word) || word.bytes().all(|byte| byte.is_ascii_digit());
    let words: Vec<&str> = key.split(' ').skip_while(is_filler).collect();
    let is_unfruitful = words.first().is_some_and(|word| word.starts_with("infructueu"));
    if is_unfruitful || NO_HOLDER.contains(words.join(" ").as_str()) {
        return true;
    }
    let begins = |count: usize| {
        words
            .get(..count)
            .is_some_and(|words| NO_HOLDER.contains(words.join(" ").as_str()))
    };
    !has_siret && (2..=4).any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_no_holder_are_known_by_their_keys() {
        assert!(NO_HOLDER.iter().all(|key| *key == name_key(key)));
        for name in [
            "SANS SUITE",
            "Pas de candidat",
            "INFRUCTUEUX",
            "Lot infructueux",
            "LOT N°3 : SANS SUITE",
            "Néant",
            "AUCUN",
            "Lot n° 12 déclaré infructueux",
            "Procédure déclarée sans suite",
            "Pas d'offre",
            "Aucune offre reçue",
            "Lot 3 infructueux (aucune offre)",
        ] {
            assert!(is_no_holder(name, true), "{name}");
        }
        assert!(is_no_holder("SANS SUITE pour motif d'intérêt général", false));
        for name in [
            "Sans Suite Productions",
            "Les Jardins",
            "Lot 3",
            "",
            "Aucun Doute SARL",
            "Le Marché",
        ] {
            assert!(!is_no_holder(name, true), "{name}");
        }
        assert!(!is_no_holder("Aucun Doute SARL", false));
    }
}
