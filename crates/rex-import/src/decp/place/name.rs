//! The territories in the name of a place of execution.

use super::code::{postcode, shared_territory};
use crate::decp::text::clean;
use rex_corpus::{Territories, Territory, most_likely, name_key};

/// A name as it is looked up: cleaned, with « et » for an ampersand, and without the numbers of lots: « Lot n°1 » is no département.
pub(super) fn prepared(name: &str) -> String {
    /// Maximum length of a place name, in bytes. The rest is ignored.
    const LONGEST: usize = 200;
    let name = clean(&name[..name.floor_char_boundary(LONGEST)]).replace('&', " et ");
    let words: Vec<&str> = name.split(' ').collect();
    let is_lot = |at: usize| {
        let key = name_key(words[at]);
        let (first, rest) = key.split_once(' ').unwrap_or((&key, ""));
        let next = words.get(at + 1).copied().unwrap_or_default();
        // The number of the département is no number of a lot: « Lot (46) ».
        let number = if rest.is_empty() && next != "(46)" {
            name_key(next)
        } else {
            rest.to_owned()
        };
        let number = number.split(' ').next().unwrap_or_default();
        let glued = first.strip_prefix("lots").or_else(|| first.strip_prefix("lot"));
        glued.is_some_and(|glued| is_number(glued) || glued.is_empty() && is_number_of_lot(number))
    };
    let kept = (0..words.len()).map(|at| if is_lot(at) { "," } else { words[at] });
    kept.collect::<Vec<_>>().join(" ")
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// `n`, `no`, `3`, `IV`, `B`, `unique`.
fn is_number_of_lot(word: &str) -> bool {
    let is_roman = word.len() <= 5 && word.bytes().all(|byte| b"ivx".contains(&byte));
    let is_word = matches!(word, "n" | "no" | "num" | "numero" | "unique" | "technique");
    let is_digits = word.starts_with(|c: char| c.is_ascii_digit());
    !word.is_empty() && (is_roman || is_word || is_digits || word.len() == 1)
}

/// The territories that a prepared name, and each part of it between commas and brackets, is the name of: « IRIGNY (69540) », « Paris 15e ».
pub(super) fn named(name: &str) -> Vec<Vec<Territory>> {
    let is_apart = |c: char| matches!(c, ',' | ';' | '(' | ')' | '/' | '|' | ':');
    let is_own = |word: &&str| {
        let is_mark = matches!(name_key(word).as_str(), "" | "cedex" | "arrondissement");
        !is_mark && !word.contains(|c: char| c.is_ascii_digit())
    };
    let parts = name.split(is_apart).flat_map(|part| part.split(" - "));
    let parts = parts.map(|part| part.split_whitespace().filter(is_own).collect::<Vec<_>>().join(" "));
    let places = parts.map(|part| Territories::shipped().named(&part));
    places.filter(|places| !places.is_empty()).collect()
}

/// The place in a prepared name: a postcode, a région, a département or a commune; for several, the territory they share.
pub(super) fn by_name(name: &str) -> Option<Territory> {
    let codes = name
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 5);
    if let Some(place) = codes.into_iter().find_map(|code| postcode(code, name)) {
        return Some(place);
    }
    let mut large: Vec<Territory> = Vec::new();
    let mut small: Vec<Territory> = Vec::new();
    for (_, places) in Territories::shipped().mentioned(name) {
        // The highest level wins: a commune with the name of a département is seldom meant.
        let is_large = |place: &Territory| matches!(place, Territory::Region(_) | Territory::Departement(_));
        match places.iter().find(|place| is_large(place)) {
            Some(place) => large.push(*place),
            None => small.extend(most_likely(&places)),
        }
    }
    let found = if large.is_empty() { small } else { large };
    match found.as_slice() {
        [] => None,
        [only] => Some(*only),
        several => shared_territory(several),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_lots_are_no_places() {
        for (name, expected) in [
            ("Lot n°1", ", n°1"),
            ("LOT 2 : Toulouse", ", 2 : Toulouse"),
            ("Lots 1 et 2", ", 1 et 2"),
            ("lot1, Lot IV", ", , IV"),
            ("Lot", "Lot"),
            ("Lot (46)", "Lot (46)"),
            ("Lot-et-Garonne", "Lot-et-Garonne"),
            ("Département du Lot", "Département du Lot"),
            ("meurthe &amp; moselle", "meurthe  et  moselle"),
        ] {
            assert_eq!(prepared(name), expected, "{name}");
        }
    }

    #[test]
    fn finds_whole_names() {
        let names = |name: &str| {
            named(&prepared(name))
                .iter()
                .flatten()
                .map(|place| place.name())
                .collect::<Vec<_>>()
        };
        assert_eq!(names("IRIGNY (69540)"), ["Irigny"]);
        assert!(names("Paris 15e arrondissement").contains(&"Ville de Paris"));
        assert_eq!(names("Ville de Lambersart, FRANCE"), ["Lambersart"]);
        assert_eq!(names("Rue de Toulouse"), [] as [&str; 0]);
        assert_eq!(names("Lot n°1"), [] as [&str; 0]);
    }
}
