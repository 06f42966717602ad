//! Snowball French (Porter, <https://snowballstem.org/algorithms/french/stemmer.html>) on folded words.
//!
//! Its rules look at accents, which folded words have lost: without help `réservée` and `réservés`, `foncier` and
//! `foncière` would part. So the feminine is first brought to the masculine, by the rules of its formation (Grevisse, Le Bon
//! Usage, §§ 538-549).

use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};

static FRENCH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::French));

/// The stem of a folded word in the singular.
pub(super) fn stem(singular: &str) -> String {
    let stem = FRENCH.stem(&masculine(singular)).into_owned();
    if stem.is_empty() { singular.to_owned() } else { stem }
}

/// The masculine of a feminine that accents would have told.
fn masculine(word: &str) -> String {
    /// Feminine ending, what stands for it, and how long a word must be for it to be one.
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
    fn genders_meet_without_their_accents() {
        for (feminine, masculine) in [
            ("reservee", "reserve"),
            ("fonciere", "foncier"),
            ("directrice", "directeur"),
        ] {
            assert_eq!(stem(feminine), stem(masculine), "{feminine}");
        }
    }
}
