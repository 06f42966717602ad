//! Closed lists and codes: CPV, procedures, reservations, structures, territories. Each is read from a data file with its sources.

mod cpv;
mod cpv_labels;
mod cpv_match;
mod procedure;
mod reserve;
mod structure;
mod territory;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

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
    label
        .to_lowercase()
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| if c == '’' { '\'' } else { c })
        .collect()
}

/// The lookup key of a name: folded words separated by single spaces, `St` and `Ste` written out.
pub fn name_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let folded = fold_label(name).replace('œ', "oe").replace('æ', "ae");
    for word in folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(match word {
            "st" => "saint",
            "ste" => "sainte",
            word => word,
        });
    }
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
