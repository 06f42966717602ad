//! The territories that one name may mean, and the one that is meant.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Territory;
use super::lookup::{Territories, most_likely};
use crate::vocabulary::{data_lines, name_key};

/// Names of régions beside the official ones, as lookup keys.
static OTHER_REGION_NAMES: LazyLock<HashMap<String, Territory>> = LazyLock::new(|| {
    let lines = data_lines(include_str!("../../data/former_regions.tsv"));
    let named = lines.filter_map(|line| line.split_once('\t'));
    named
        .filter_map(|(name, code)| Some((name_key(name), Territories::region(code)?)))
        .collect()
});

impl Territories {
    /// The territories that a name may mean, as the field `territoire` reads it: `Saumur`, `Saumur (49)`, `49400 Saumur`,
    /// `49 - Maine-et-Loire`, `49`, `PACA`, `Lyon 3e`.
    pub fn candidates(name: &str) -> Vec<Territory> {
        candidates(name)
    }

    /// The one of several territories that a name alone means: a région before a département before a commune, unless a large commune
    /// is elsewhere.
    pub fn meant(places: &[Territory]) -> Option<Territory> {
        match pick(places) {
            Pick::One(place) => Some(place),
            Pick::None | Pick::Several => None,
        }
    }
}

pub(super) enum Pick {
    None,
    One(Territory),
    Several,
}

/// The place that a name alone means: a région before a département before a commune, unless a large commune is elsewhere.
pub(super) fn pick(places: &[Territory]) -> Pick {
    let parent = (places.iter().find(|place| matches!(place, Territory::Region(_))))
        .or_else(|| places.iter().find(|place| matches!(place, Territory::Departement(_))));
    if let Some(parent) = parent {
        let is_rival = |place: &Territory| place.is_large() && !place.is_in(*parent);
        return match places.iter().any(is_rival) {
            true => Pick::Several,
            false => Pick::One(*parent),
        };
    }
    let communes = places.iter().filter(|place| matches!(place, Territory::Commune(_)));
    let communes: Vec<Territory> = communes.copied().collect();
    let places = if communes.is_empty() { places } else { &communes };
    match most_likely(places) {
        Some(place) => Pick::One(place),
        None if places.is_empty() => Pick::None,
        None => Pick::Several,
    }
}

/// The places that a name may mean: `Saumur`, `Saumur (49)`, `49400 Saumur`, `49 - Maine-et-Loire`, `49`, `PACA`.
pub(super) fn candidates(name: &str) -> Vec<Territory> {
    let (name, departement) = without_code(name);
    if name.is_empty() {
        return departement.into_iter().collect();
    }
    let mut found = Territories::shipped().named(name);
    found.extend(OTHER_REGION_NAMES.get(&name_key(name)));
    if found.is_empty() {
        found.extend(city_of_arrondissement(name));
    }
    found.retain(|place| departement.is_none_or(|within| place.is_in(within)));
    found
}

/// The city of `Paris 15e`, `Lyon 3`, `Marseille 13e arrondissement`.
fn city_of_arrondissement(name: &str) -> Option<Territory> {
    const CITIES: [(&str, &str, u32); 3] = [("paris", "75056", 20), ("lyon", "69123", 9), ("marseille", "13055", 16)];
    let key = name_key(name);
    let mut words = key.split(' ');
    let (_, code, last) = CITIES
        .into_iter()
        .find(|(city, ..)| words.clone().next() == Some(city))?;
    let number = words.nth(1)?;
    let digits = number.trim_end_matches(char::is_alphabetic);
    let is_ordinal = matches!(&number[digits.len()..], "" | "e" | "er" | "eme" | "ieme");
    let is_all = words.all(|word| matches!(word, "arrondissement" | "arr" | "ardt" | "e" | "er" | "eme"));
    let is_there = digits.parse().is_ok_and(|number: u32| (1..=last).contains(&number));
    Territories::shipped()
        .commune(code)
        .filter(|_| is_ordinal && is_all && is_there)
}

/// A name without the code of a département before or after it, or a postcode before it, and that département.
pub(super) fn without_code(text: &str) -> (&str, Option<Territory>) {
    let text = text.trim();
    let departement = |code: &str| Territories::departement(&code.trim().to_ascii_uppercase());
    if let Some(found) = departement(text) {
        return ("", Some(found));
    }
    let postcode = text.split_once(' ').and_then(|(code, name)| {
        let first = Territories::shipped().postcode(code).first()?;
        Some((name.trim(), first.departement().map(Territory::Departement)))
    });
    if let Some(found) = postcode {
        return found;
    }
    let after = text.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    let before = text.split_once(" - ").map(|(code, name)| (name, code));
    for (name, code) in after.into_iter().chain(before) {
        if let Some(found) = departement(code) {
            return (name.trim(), Some(found));
        }
    }
    (text, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tables_are_read_as_those_of_front_matter() {
        let meant = |name: &str| Territories::meant(&Territories::candidates(name));
        for (name, expected) in [
            ("Bretagne", Some("Bretagne")),
            ("IDF", Some("Île-de-France")),
            ("Haute Normandie", Some("Normandie")),
            ("Marseille 13e", Some("Marseille")),
            ("PARIS 15ème arrondissement", Some("Ville de Paris")),
            ("Lyon 03", Some("Lyon")),
            ("Lyon 10", None),
            ("Paris 2024", None),
            ("Vienne", None),
        ] {
            assert_eq!(meant(name).map(Territory::name), expected, "{name}");
        }
    }
}
