//! The kind of company of a holder: `Association`, `Coopérative`...

use std::sync::LazyLock;

use rex_corpus::{data_lines, name_key};

struct Structure {
    label: &'static str,
    /// Whether the kind is general, so that any other takes precedence.
    is_general: bool,
    spellings: Vec<Vec<String>>,
}

/// The most specific first.
static STRUCTURES: LazyLock<Vec<Structure>> = LazyLock::new(|| {
    let rows = data_lines(include_str!("../../data/structures.tsv")).filter_map(|line| line.split_once('\t'));
    let structure = |(label, spellings): (&'static str, &'static str)| Structure {
        label: label.trim_start_matches('~'),
        is_general: label.starts_with('~'),
        spellings: spellings.split(';').map(keys).collect(),
    };
    rows.map(structure).collect()
});

fn keys(text: &str) -> Vec<String> {
    name_key(text)
        .split(' ')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The structure of a company by texts about it: the most specific in the first text that names one. A general one counts only if
/// no text names another.
pub(crate) fn named_in(texts: &[&str]) -> Option<&'static str> {
    let find = |is_general: bool| {
        texts.iter().find_map(|text| {
            let words = keys(text);
            let says = |spelling: &Vec<String>| {
                words
                    .windows(spelling.len())
                    .any(|window| window == spelling.as_slice())
            };
            STRUCTURES
                .iter()
                .filter(|structure| structure.is_general == is_general)
                .find(|structure| structure.spellings.iter().any(says))
        })
    };
    find(false).or_else(|| find(true)).map(|structure| structure.label)
}

/// The number of words at the end of `words` that name a structure: `association intermédiaire` before a name.
pub(crate) fn ends_with_structure(words: &[String]) -> Option<usize> {
    let spellings = STRUCTURES
        .iter()
        .filter(|structure| !structure.is_general)
        .flat_map(|structure| &structure.spellings);
    spellings
        .filter(|spelling| words.ends_with(spelling))
        .map(Vec::len)
        .max()
}

/// Whether a word alone names a kind of company, so that it is not a name.
pub(crate) fn is_structure_word(key: &str) -> bool {
    const MORE: &[&str] = &[
        "entreprise",
        "societe",
        "structure",
        "groupement",
        "etablissement",
        "atelier",
        "chantier",
        "regie",
        "collectif",
        "union",
        "federation",
        "sas",
        "sarl",
        "sa",
        "ess",
        "ai",
        "ei",
        "ea",
        "siae",
        "esus",
        "pme",
        "tpe",
    ];
    let is_spelling = |structure: &Structure| {
        structure
            .spellings
            .iter()
            .any(|spelling| spelling.len() == 1 && spelling[0] == key)
    };
    MORE.contains(&key) || STRUCTURES.iter().any(is_spelling)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_of_the_first_text_counts() {
        for (texts, expected) in [
            (&["Un Nom est une entreprise coopérative."][..], Some("Coopérative")),
            (
                &["L'association Un Nom est une entreprise d'insertion."],
                Some("Entreprise d'insertion"),
            ),
            (
                &["Un Nom, association reconnue.", "Elle porte un chantier d'insertion."],
                Some("Association"),
            ),
            (
                &[
                    "Elle accompagne.",
                    "Un acteur de l'insertion par l'activité économique.",
                ],
                Some("Structure d'insertion par l'activité économique"),
            ),
            (&["La SCIC Un Nom"], Some("Coopérative")),
            (&["Elle aide les associations."], None),
        ] {
            assert_eq!(named_in(texts), expected, "{texts:?}");
        }
    }
}
