//! The territory of a place of execution, given by a code, the declared kind of the code, and an optional name.
//!
//! ```text
//! code, kind ─ code ─┐
//!                    ├─ execution_place
//! name ─────── name ─┘
//! ```

mod code;
mod name;

use self::code::{
    PlaceCode, beginning, by_shape, declared, departement, every_reading, is_of_another_departement, named_commune,
    postcode,
};
use self::name::{by_name, named, prepared};
use rex_corpus::{Territories, Territory, most_likely, name_key};

/// A place of execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ExecutionPlace {
    Known {
        /// From the région down, as in the field `territoire`.
        path: Vec<String>,
        /// Whether the code as declared and the name are of other places.
        differs: bool,
    },
    /// All of France, or another country.
    Elsewhere,
    Unknown,
}

/// Resolves a place: first by the declared kind of the code, then by the name, then by the shape of the code. Half of the wrong codes
/// are codes of another kind. If the name is that of another place than the code, see [`reconciled`].
pub(super) fn execution_place(code: &str, kind: &str, name: &str) -> ExecutionPlace {
    let kind = name_key(kind);
    let kind = kind.strip_prefix("code ").unwrap_or(&kind);
    let name = &prepared(name);
    let known = |(place, differs): (Territory, bool)| ExecutionPlace::Known {
        path: place.path(),
        differs,
    };
    let place = match PlaceCode::read(code, kind) {
        PlaceCode::Listed(place) => Some(reconciled(place, "", name)),
        PlaceCode::French(code) if kind == "pays" => return country(&code, name),
        PlaceCode::Prefixed(code) => {
            let kind = if kind == "pays" { "" } else { kind };
            // Software writes the number of a département as a postcode: the commune is only known if the name says it.
            let whole = beginning(&code).filter(|_| code.len() == 5 && code.ends_with("000"));
            match whole {
                Some(departement) => Some(reconciled(departement, &code, name)),
                None => resolved(&code, kind, name),
            }
        }
        PlaceCode::French(code) => resolved(&code, kind, name),
    };
    place.map_or(ExecutionPlace::Unknown, known)
}

/// The place of a code of INSEE or of La Poste, and whether its code and its name differ.
fn resolved(code: &str, kind: &str, name: &str) -> Option<(Territory, bool)> {
    match declared(code, kind, name) {
        // A code of a commune that was in another département, such as 75015, is a postcode today.
        Some(place) if kind == "commune" && is_of_another_departement(place, code) => {
            let (place, differs) = match postcode(code, name) {
                Some(today) => (reconciled(today, code, name).0, true),
                None => reconciled(place, code, name),
            };
            Some((place, differs))
        }
        Some(place) => Some(reconciled(place, code, name)),
        None => undeclared(code, name),
    }
}

/// The place of a code that is not in the list of its declared kind, by its name, then by its shape.
fn undeclared(code: &str, name: &str) -> Option<(Territory, bool)> {
    let named = named(name);
    let readings = every_reading(code, name);
    let same = |reading: &&Territory| named.iter().flatten().any(|named| named == *reading);
    let departement = Some(code).filter(|code| code.len() == 5).and_then(beginning);
    let in_departement = || only_commune(&named, departement?);
    if let Some(place) = readings.iter().rfind(same).copied().or_else(in_departement) {
        return Some((place, false));
    }
    let by_shape = || by_shape(code, name);
    let Some(place) = by_name(name) else {
        return by_shape().map(|place| (place, false));
    };
    if readings.is_empty() {
        let differs = departement.is_some_and(|departement| !agree(departement, place));
        return Some((place, differs));
    }
    // A CEDEX postcode may be the code of another commune of the département.
    let is_near = |reading: &Territory| agree(*reading, place) || is_beside(*reading, place);
    match readings.iter().any(is_near) {
        true => Some((place, false)),
        // Five digits say more than a word in a name.
        false if code.len() == 5 => by_shape().map(|place| (place, true)),
        false => Some((place, true)),
    }
}

/// The place of a code, or that of the name where they are of other places: the only commune of this name in the département of the
/// code, or the territory that the code has in another list. Else the code counts. Also, whether they differ.
fn reconciled(place: Territory, code: &str, name: &str) -> (Territory, bool) {
    let named = named(name);
    let every = || named.iter().flatten().copied();
    let departement = Some(code).filter(|code| code.len() == 5).and_then(beginning);
    let departement = departement.or_else(|| departement_of(place));
    let commune = departement.and_then(|departement| only_commune(&named, departement));
    if every().any(|named| agree(named, place)) || named_commune(&[place], name).is_some() {
        // A postcode without the commune of the name says less than the name.
        let is_vague = code.len() == 5 && !matches!(place, Territory::Commune(_));
        return match commune.filter(|_| is_vague) {
            Some(commune) => (commune, !Territories::shipped().postcode(code).contains(&commune)),
            None => (place, false),
        };
    }
    let elsewhere = || {
        every_reading(code, name)
            .into_iter()
            .find(|reading| every().any(|named| named == *reading))
    };
    match commune.or_else(elsewhere) {
        Some(named) => (named, true),
        // A name that many places have, such as « le Bourg », says little.
        None => {
            let is_telling = |places: &Vec<Territory>| places.iter().any(is_large) || most_likely(places).is_some();
            (place, named.iter().any(is_telling))
        }
    }
}

/// The only commune of a département among the places of a name.
fn only_commune(named: &[Vec<Territory>], departement: Territory) -> Option<Territory> {
    let is_inside = |place: &Territory| matches!(place, Territory::Commune(_)) && place.is_in(departement);
    let mut communes = named.iter().flatten().copied().filter(is_inside);
    let first = communes.next()?;
    communes.all(|other| other == first).then_some(first)
}

fn departement_of(place: Territory) -> Option<Territory> {
    place.departement().map(Territory::Departement)
}

/// Whether two territories are in one département.
fn is_beside(a: Territory, b: Territory) -> bool {
    departement_of(a).is_some() && departement_of(a) == departement_of(b)
}

/// Whether a territory is above the communes: of the places of one name, it is the one that is meant.
fn is_large(place: &Territory) -> bool {
    matches!(place, Territory::Region(_) | Territory::Departement(_))
}

/// Whether two territories can be one place: one is part of the other. Of an EPCI only its main département is known.
fn agree(a: Territory, b: Territory) -> bool {
    let is_epci = |place| matches!(place, Territory::Epci(_));
    let is_near = (is_epci(a) || is_epci(b)) && a.region() == b.region();
    a.is_in(b) || b.is_in(a) || is_near
}

/// A country code: of INSEE (99134), or of ISO in digits (250) or letters (FR).
fn country(code: &str, name: &str) -> ExecutionPlace {
    let is_foreign = code.len() == 5 && code.starts_with("99") || code.chars().all(|c| c.is_ascii_alphabetic());
    if is_foreign || matches!(code, "250" | "100") {
        return ExecutionPlace::Elsewhere;
    }
    // A code of two digits is that of a département if the name agrees.
    let place = departement(code).filter(|place| by_name(name) == Some(*place));
    place.map_or(ExecutionPlace::Elsewhere, |place| ExecutionPlace::Known {
        path: place.path(),
        differs: false,
    })
}

#[cfg(test)]
mod tests;
