//! Both genders of a word in inclusive writing: `sportifs·ves` is *sportifs* and *sportives*.

use crate::fold::fold;

/// Masculine endings with their feminine, ignoring accents. The written ending is the feminine ending, the last part of it (`·euse`,
/// `·se`), or begins with letters of the masculine (`·teuse`). The first match counts.
const ALTERNATIONS: &[(&str, &str)] = &[
    ("tou", "toute"),
    ("eur", "euse"),
    ("eux", "euse"),
    ("eur", "rice"),
    ("eur", "eresse"),
    ("er", "ere"),
    ("f", "ve"),
    ("f", "ffe"),
    ("x", "se"),
    ("x", "sse"),
    ("x", "ce"),
    ("eau", "elle"),
    ("ou", "olle"),
    ("al", "ale"),
    ("l", "lle"),
    ("in", "ine"),
    ("n", "nne"),
    ("et", "ette"),
    ("t", "te"),
    ("c", "que"),
    ("c", "cque"),
    ("c", "che"),
    ("g", "gue"),
    ("s", "sse"),
    ("é", "ee"),
    ("e", "ee"),
    ("e", "esse"),
];
/// Likewise for the written ending `e` alone; other words just take the `e`.
const BEFORE_E: &[(&str, &str)] = &[("en", "enne"), ("el", "elle"), ("on", "onne"), ("if", "ive")];
/// Endings of words whose `s` is not a plural: `français·es`, `inclus·es`.
const ENDS_IN_S: &[&str] = &[
    "ais", "ois", "mis", "pris", "quis", "cis", "sis", "gris", "clus", "fus", "divers",
];
/// Plurals with one of these endings.
const PLURALS_IN_IS: &[&str] = &["amis", "ennemis", "demis"];

/// Grammatical number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    Singular,
    Plural,
}

/// Both genders of a word.
pub(crate) struct Genders {
    pub(crate) masculine: String,
    pub(crate) feminine: String,
    /// The masculine singular.
    pub(crate) singular: String,
}

/// Both genders of a word in lower case, in a number. `None` if the word cannot take the ending.
pub(crate) fn genders(word: &str, ending: &str, number: Number) -> Option<Genders> {
    let genders = |singular: &str| {
        let feminine = feminine(singular, ending)?;
        let (masculine, feminine) = match number {
            Number::Singular => (word.to_owned(), feminine),
            Number::Plural => (plural(singular), plural(&feminine)),
        };
        Some(Genders {
            masculine,
            feminine,
            singular: singular.to_owned(),
        })
    };
    match number {
        Number::Singular => genders(word),
        Number::Plural => singular(word)
            .and_then(|singular| genders(&singular))
            .or_else(|| genders(word)),
    }
}

/// The singular of a masculine in the plural: `porteurs·euses`, `nouveaux·elles`, `régionaux·ales`.
fn singular(word: &str) -> Option<String> {
    if let Some(radical) = word.strip_suffix("eaux") {
        return Some(format!("{radical}eau"));
    }
    if let Some(radical) = word.strip_suffix("aux") {
        return Some(format!("{radical}al"));
    }
    let has_own_s = ENDS_IN_S.iter().any(|end| word.ends_with(end)) && !PLURALS_IN_IS.contains(&word);
    word.strip_suffix('s').filter(|_| !has_own_s).map(str::to_owned)
}

/// The feminine of a masculine singular with an ending. `None` if the word has no such feminine.
fn feminine(word: &str, ending: &str) -> Option<String> {
    if ending == "e" {
        let doubled = BEFORE_E
            .iter()
            .find_map(|(end, feminine)| Some(format!("{}{feminine}", word.strip_suffix(end)?)));
        return doubled.or_else(|| (!word.ends_with('e')).then(|| format!("{word}e")));
    }
    let fits = |radical: &str, end: &str| {
        let repeats = |repeated: &str| repeated.len() < radical.len() && fold(radical).ends_with(repeated);
        ending.len() > 1 && end.ends_with(ending) || ending.strip_suffix(end).is_some_and(repeats)
    };
    ALTERNATIONS.iter().chain(&[("", "e")]).find_map(|(end, feminine)| {
        let radical = word.strip_suffix(end)?;
        fits(radical, feminine).then(|| format!("{radical}{feminine}"))
    })
}

fn plural(word: &str) -> String {
    if word.ends_with(['s', 'x', 'z']) {
        word.to_owned()
    } else if matches!(word, "tou" | "tout") {
        "tous".to_owned()
    } else if let Some(radical) = word.strip_suffix("al") {
        format!("{radical}aux")
    } else if word.ends_with("eau") {
        format!("{word}x")
    } else {
        format!("{word}s")
    }
}
