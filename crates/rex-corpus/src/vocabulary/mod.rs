//! Closed lists and codes: CPV, procedures, reservations, structures, territories. Each is read from a data file with its sources.

mod cpv;
mod cpv_labels;
mod cpv_match;
mod procedure;
mod reserve;
mod structure;
pub(crate) mod territory;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

pub use cpv::{Cpv, CpvError};
pub use cpv_labels::{CpvLabels, CpvLabelsError};
pub use cpv_match::CpvMatch;
pub use procedure::Procedure;
pub use reserve::reserve_names;
pub use structure::{structure_label, structure_values};
pub use territory::{Commune, Departement, Epci, Region, Territories, Territory, most_likely};

/// A value that is not in a closed list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} \"{value}\", expected {}", expected(.nearest.as_deref(), .list))]
pub struct VocabularyError {
    /// Name of the list: "procedure".
    pub what: &'static str,
    /// The value given.
    pub value: String,
    /// The most similar value of the list, if one is near enough.
    pub nearest: Option<String>,
    /// The whole list, shown if no value is near.
    pub list: Vec<&'static str>,
}

impl VocabularyError {
    pub(crate) fn unknown(what: &'static str, value: &str, list: Vec<&'static str>) -> Self {
        Self {
            what,
            value: value.to_owned(),
            nearest: nearest(value, list.iter().copied()).map(str::to_owned),
            list,
        }
    }
}

fn expected(nearest: Option<&str>, list: &[&str]) -> String {
    match nearest {
        Some(near) => format!("one of the {} known ones; the nearest is \"{near}\"", list.len()),
        None => format!("one of: {}", list.join(", ")),
    }
}

/// The candidate most similar to `word`, ignoring letter case. `None` if none is near enough to be a typing error.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // The edit distance takes quadratic time, and no candidate is this long.
    const LONGEST_WORD: usize = 100;
    if word.len() > LONGEST_WORD {
        return None;
    }
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (candidate, likeness(&word, &candidate.to_lowercase())))
        .filter(|(_, likeness)| *likeness > 0.55)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(candidate, _)| candidate)
}

/// A hint for an error message: `, the nearest is "titre"`. Empty if no candidate is near.
pub fn nearest_hint<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map_or_else(String::new, |near| format!(", the nearest is \"{near}\""))
}

/// Similarity from 0 to 1. A prefix of the candidate counts as near: `proc` for `procedure`.
fn likeness(word: &str, candidate: &str) -> f64 {
    let edits = strsim::normalized_damerau_levenshtein(word, candidate);
    if word.len() >= 3 && candidate.starts_with(word) {
        edits.max(0.8)
    } else {
        edits
    }
}

/// A label without letter case and accents, with straight apostrophes.
fn fold_label(label: &str) -> String {
    let mut folded = String::with_capacity(label.len());
    label.chars().for_each(|c| fold(c, |c| folded.push(c)));
    folded
}

/// Passes the letters of a character to `push`: lower case, compatibility decomposition (NFKD), no combining marks.
fn fold(c: char, mut push: impl FnMut(char)) {
    if c.is_ascii() {
        return push(c.to_ascii_lowercase());
    }
    // Lower case comes last: some letters have it only once they are decomposed.
    decompose_compatible(c, |c| {
        for c in c.to_lowercase() {
            match c {
                '’' => push('\''),
                c if is_combining_mark(c) => {}
                c => push(c),
            }
        }
    });
}

/// The lookup key of a name: folded words separated by single spaces, `St` and `Ste` written out.
pub fn name_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len() + 1);
    let mut word = 0;
    let mut end_word = |key: &mut String| {
        match &key[word..] {
            "" => return,
            "st" => key.replace_range(word.., "saint"),
            "ste" => key.replace_range(word.., "sainte"),
            _ => {}
        }
        key.push(' ');
        word = key.len();
    };
    for c in name.chars() {
        fold(c, |c| match c {
            'œ' => key.push_str("oe"),
            'æ' => key.push_str("ae"),
            c if c.is_alphanumeric() => key.push(c),
            _ => end_word(&mut key),
        });
    }
    end_word(&mut key);
    key.truncate(key.trim_end().len());
    key
}

/// The data lines of a file: no empty lines, no comments (`#`). Columns are separated by tabs.
pub fn data_lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_words_without_case_and_accents() {
        for (name, key) in [
            ("Saint-Étienne", "saint etienne"),
            ("ST ETIENNE", "saint etienne"),
            ("Ste-Luce-sur-Loire", "sainte luce sur loire"),
            ("L’Haÿ-les-Roses", "l hay les roses"),
            ("Mandelieu-la-Napoule, St", "mandelieu la napoule saint"),
            ("  Cœur d'Ostevent (Agglomération) ", "coeur d ostevent agglomeration"),
            ("Stains", "stains"),
            ("ﬁn № 2²", "fin no 22"),
            ("—", ""),
            ("𝚨 İ Å", "α i a"),
        ] {
            assert_eq!(name_key(name), key, "{name}");
        }
        assert_eq!(fold_label("Procédure adaptée : l’Œuvre"), "procedure adaptee : l'œuvre");
    }

    proptest::proptest! {
        #[test]
        fn a_key_is_its_own_key(name in ".{0,40}") {
            let key = name_key(&name);
            proptest::prop_assert_eq!(name_key(&key), key);
        }
    }

    #[test]
    fn finds_the_nearest_name() {
        let names = ["procedure", "montant_ht", "territoire", "titre"];
        assert_eq!(nearest("proc", names), Some("procedure"));
        assert_eq!(nearest("Procédure", names), Some("procedure"));
        assert_eq!(nearest("montant", names), Some("montant_ht"));
        assert_eq!(nearest("titer", names), Some("titre"));
        assert_eq!(nearest("xyz", names), None);
        assert_eq!(nearest(&"a".repeat(10_000), names), None);
    }
}
