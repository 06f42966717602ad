//! Snowball French (Porter, <https://snowballstem.org/algorithms/french/stemmer.html>) on folded words.
//!
//! Its rules depend on accents, which folded words have lost: `réservée` and `réservés`, `foncier` and `foncière` would get
//! different stems. So the feminine is first reduced to the masculine, by the rules of its formation (Grevisse, Le Bon Usage,
//! §§ 538-549).

use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

static FRENCH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::French));

/// The stem of a folded word in the singular.
pub(super) fn stem(singular: &str) -> String {
    let stem = FRENCH.stem(&masculine(singular)).into_owned();
    if stem.is_empty() { singular.to_owned() } else { stem }
}

/// The masculine of a feminine that Snowball would recognise by its accents.
fn masculine(word: &str) -> String {
    /// Feminine ending, masculine ending, minimum length of the word in bytes.
    const ENDINGS: [(&str, &str, usize); 4] = [
        ("ee", "e", 5),
        ("iere", "ier", 6),
        ("trice", "teur", 7),
        ("ere", "er", 6),
    ];
    ENDINGS
        .iter()
        .filter(|(_, _, length)| word.len() >= *length)
        .find_map(|(ending, masculine, _)| Some(format!("{}{masculine}", word.strip_suffix(ending)?)))
        .unwrap_or_else(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn genders_have_one_stem_without_accents() {
        for (feminine, masculine) in [
            ("reservee", "reserve"),
            ("fonciere", "foncier"),
            ("directrice", "directeur"),
        ] {
            assert_eq!(stem(feminine), stem(masculine), "{feminine}");
        }
    }
}
