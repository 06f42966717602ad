//! Everyday words, as opposed to place names with the same letters.

use crate::dictionary::Dictionary;

/// Places that are also words of the dictionary, but mean the place in nearly every contract: départements, and communes of at least
/// 5,000 inhabitants (INSEE, Code officiel géographique, as in `Territories`), chosen by hand.
#[rustfmt::skip]
const WELL_KNOWN: &[&str] = &[
    // Régions and départements.
    "allier", "aube", "calvados", "cantal", "corse", "drome", "gironde", "landes", "marne", "orne", "var",
    // Communes.
    "ales", "anglet", "argentan", "arques", "bordeaux", "bourges", "cancale", "cannes", "cassis", "castres",
    "cavaillon", "chantilly", "cluses", "cognac", "colombes", "coulommiers", "crolles", "dole", "elbeuf", "etampes",
    "fontainebleau", "frontignan", "gaillac", "gueret", "havre", "hem", "houilles", "jurancon", "limoges", "loches",
    "mans", "menton", "montbeliard", "montmorency", "pantin", "perigueux", "pertuis", "pithiviers", "provins",
    "quimper", "rennes", "rivesaltes", "sarcelles", "sassenage", "sevres", "tarare", "tournefeuille", "tulle",
    "valence", "valenciennes", "vauvert", "vichy",
];

/// Names that are not words, but mostly mean something other than the place: a river through six régions.
const OTHER_SENSE: &[&str] = &["loire"];

/// Whether a folded word is mostly an everyday word, even if it also names a place.
pub fn is_common_word(folded: &str) -> bool {
    let is_word = || {
        Dictionary::shipped()
            .get(folded)
            .is_some_and(|entry| entry.kinds().is_common_word())
    };
    OTHER_SENSE.contains(&folded) || !WELL_KNOWN.contains(&folded) && is_word()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinguishes_words_from_names() {
        for (word, is_common) in [
            ("combles", true),
            ("publier", true),
            ("marches", true),
            ("lot", true),
            ("port", true),
            ("tours", true),
            ("nord", true),
            ("loire", true),
            ("bretagne", false),
            ("paris", false),
            ("rennes", false),
            ("calais", false),
            ("vienne", false),
            ("provins", false),
            ("vins", true),
            ("but", true),
            ("bus", true),
            ("entreprises", true),
            ("yeux", true),
            ("messieurs", true),
            ("mtsamboro", false),
        ] {
            assert_eq!(is_common_word(word), is_common, "{word}");
        }
        let is_word = |word: &&&str| {
            Dictionary::shipped()
                .get(word)
                .is_some_and(|entry| entry.kinds().is_common_word())
        };
        assert_eq!(
            WELL_KNOWN.iter().find(|word| !is_word(word)),
            None,
            "is no word of the dictionary"
        );
    }
}
