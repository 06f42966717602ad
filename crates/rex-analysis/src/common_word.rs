//! Words of the language, as opposed to names of places that have the same letters.

use crate::dictionary::Dictionary;

/// Places that the dictionary has as words too, but that contracts hardly ever say in another sense: départements, and communes of
/// 5,000 inhabitants and more (INSEE, Code officiel géographique, as in `Territories`), chosen by hand.
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

/// Names that are no words, and yet say something else than the place more often than not: a river of six régions.
const OTHER_SENSE: &[&str] = &["loire"];

/// Whether a folded word is an everyday one, whatever else it may name.
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
    fn tells_words_from_names() {
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
