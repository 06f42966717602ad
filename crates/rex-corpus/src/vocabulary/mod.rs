//! Closed lists and codes, each read from a sourced data file beside the code.

mod cpv;
mod cpv_labels;
mod cpv_typed;
mod procedure;
mod reserve;
mod structure;
mod territory;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub use cpv::{Cpv, CpvError};
pub use cpv_labels::{CpvLabels, CpvLabelsError};
pub use cpv_typed::CpvMatch;
pub use procedure::Procedure;
pub use reserve::reserve_names;
pub use structure::{structure_label, structure_values};
pub use territory::{Commune, Departement, Epci, Region, Territories, Territory, most_likely};

/// A value that a closed list does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} \"{value}\", expected {}", expected(.nearest.as_deref(), .list))]
pub struct VocabularyError {
    /// What the list is of: "procedure".
    pub what: &'static str,
    /// What was given.
    pub value: String,
    /// The value of the list most like it, where one is near.
    pub nearest: Option<String>,
    /// The whole list, to be shown where nothing is near.
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

/// The candidate most like `word`, letter case aside, where one is near enough to be a typing error.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Longer inputs cost quadratic time and resemble nothing.
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

/// How a message names the candidate most like `word`: `, the nearest is "titre"`, or nothing where none is near.
pub fn nearest_hint<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map_or_else(String::new, |near| format!(", the nearest is \"{near}\""))
}

/// From 0 to 1. A beginning of the candidate counts as near: people stop typing (`proc` for `procedure`).
fn likeness(word: &str, candidate: &str) -> f64 {
    let edits = strsim::normalized_damerau_levenshtein(word, candidate);
    if word.len() >= 3 && candidate.starts_with(word) {
        edits.max(0.8)
    } else {
        edits
    }
}

/// The form in which two spellings of one label are equal: letter case, accents, the kind of apostrophe and space aside.
fn fold_label(label: &str) -> String {
    label
        .to_lowercase()
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| if c == '’' { '\'' } else { c })
        .collect()
}

/// The words of a name, as it is looked up: folded, apart by single spaces, `St` and `Ste` written out.
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

/// The lines of a sourced data file: tab-separated, `#` starts a comment.
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
