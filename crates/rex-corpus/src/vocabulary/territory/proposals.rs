//! What is said of names that cannot be placed, with the territories that may be meant.

use super::Territory;
use crate::check::problem::quoted;
use crate::vocabulary::name_key;

/// Minimum similarity, from 0 to 1, of a misspelt name.
const LIKENESS: f64 = 0.7;

/// A path as front matter has it.
pub(super) fn shown(path: &[String]) -> String {
    let cut: Vec<String> = path.iter().map(|name| name.chars().take(60).collect()).collect();
    format!("[{}]", cut.join(", "))
}

/// Whether a place is a région or a département.
pub(super) fn is_parent(place: Territory) -> bool {
    matches!(place, Territory::Region(_) | Territory::Departement(_))
}

/// The place with the most similar name. `None` if none is near enough to be a typing error.
pub(super) fn nearest(name: &str, places: impl Iterator<Item = Territory>) -> Option<Territory> {
    const LONGEST: usize = 60;
    let key = name_key(name);
    if key.len() > LONGEST {
        return None;
    }
    let likeness = |place: Territory| {
        let known = name_key(place.name());
        let begins = key.len() > 3 && known.starts_with(&format!("{key} "));
        let edits = strsim::normalized_damerau_levenshtein(&key, &known);
        if begins { edits.max(0.8) } else { edits }
    };
    let near = places.map(|place| (place, likeness(place)));
    let near = near.filter(|(_, likeness)| *likeness >= LIKENESS);
    near.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(place, _)| place)
}

pub(super) fn unknown(name: &str, near: Territory) -> String {
    let kind = match near {
        Territory::Region(_) => "région",
        _ => "département",
    };
    format!("unknown {kind} {}, the nearest is \"{}\"", quoted(name), near.name())
}

pub(super) fn ambiguous(name: &str, places: &[Territory]) -> String {
    format!(
        "{} is the name of {} places, expected one of {}",
        quoted(name),
        places.len(),
        paths(places)
    )
}

pub(super) fn contradiction(name: &str, above: Territory, found: &[Territory]) -> String {
    format!("{} is not in {}, expected {}", quoted(name), above.name(), paths(found))
}

fn paths(places: &[Territory]) -> String {
    const SHOWN: usize = 5;
    let mut places = places.to_vec();
    places.sort_by_key(|place| !(is_parent(*place) || place.is_large()));
    let paths: Vec<String> = places.iter().take(SHOWN).map(|place| shown(&place.path())).collect();
    let more = match places.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" or {more} more"),
    };
    format!("{}{more}", paths.join(", "))
}
