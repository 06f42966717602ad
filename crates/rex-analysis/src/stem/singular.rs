//! Reduces a folded word to the singular only: `collecte`, `collectif` and `collectivité` stay three words.

use std::sync::LazyLock;

use foldhash::HashMap;

/// Irregular plurals, and singulars that look like plurals: `data/plurals.tsv`.
static EXCEPTIONS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    include_str!("../data/plurals.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .collect()
});

/// Shorter words are unchanged: `des`, `bus`, `os`.
const MIN_LENGTH: usize = 4;

/// Whether a word is in `data/plurals.tsv`.
pub(super) fn is_exception(word: &str) -> bool {
    EXCEPTIONS.contains_key(word)
}

/// The singular of a word folded by [`crate::fold`], by the rules of the plural of French nouns and adjectives
/// (Grevisse, Le Bon Usage, §§ 512-523 and 550-553).
pub(super) fn singular(word: &str) -> String {
    if let Some(singular) = EXCEPTIONS.get(word) {
        return (*singular).to_owned();
    }
    let is_word = word.len() >= MIN_LENGTH && word.bytes().all(|byte| byte.is_ascii_lowercase());
    if !is_word {
        return word.to_owned();
    }
    if let Some(radical) = word.strip_suffix("aux").filter(|radical| !radical.ends_with('e')) {
        return format!("{radical}al");
    }
    let radical = match word.as_bytes() {
        [.., b'e' | b'o', b'u', b'x'] | [.., b'e', b'a', b'u', b'x'] => &word[..word.len() - 1],
        [.., b's', b's'] => word,
        [.., b's'] => &word[..word.len() - 1],
        _ => word,
    };
    radical.to_owned()
}

#[cfg(test)]
mod tests {
    use super::singular;

    #[test]
    fn plural_and_singular_are_equal() {
        for (plural, word) in [
            ("cartons", "carton"),
            ("lots", "lot"),
            ("locaux", "local"),
            ("journaux", "journal"),
            ("travaux", "travail"),
            ("reseaux", "reseau"),
            ("lieux", "lieu"),
            ("bijoux", "bijou"),
            ("emplois", "emploi"),
            ("tuyaux", "tuyau"),
            ("materiaux", "materiau"),
            ("colleges", "college"),
        ] {
            assert_eq!(singular(plural), singular(word), "{plural}");
        }
    }

    #[test]
    fn other_words_stay_apart() {
        for (one, other) in [
            ("mois", "moi"),
            ("cours", "cour"),
            ("paris", "pari"),
            ("collecte", "collectivite"),
            ("formation", "forme"),
            ("environnement", "environ"),
            ("marche", "marcher"),
            ("taux", "tal"),
        ] {
            assert_ne!(singular(one), singular(other), "{one}");
        }
        assert_eq!(singular("process"), "process");
        assert_eq!(singular("prix"), "prix");
        assert_eq!(singular("1980s"), "1980s");
    }
}
