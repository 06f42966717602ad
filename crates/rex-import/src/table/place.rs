//! The territory of a case from the cells that name it.

use std::collections::HashMap;

use rex_corpus::{Territories, Territory, name_key};

use super::place_code::{Level, of_code, pick_of_code, split_code};
use super::values::{Comma, several};

/// A place as typed.
#[derive(Debug, Clone)]
pub(super) struct PlaceName {
    pub(super) column: usize,
    pub(super) level: Level,
    pub(super) text: String,
}

/// A doubt about a place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PlaceDoubt {
    pub(super) column: usize,
    pub(super) typed: String,
    pub(super) message: String,
}

/// Looks up the places nearest to unknown names, each once: a name is compared with every commune.
#[derive(Debug, Default)]
pub(super) struct NearestPlaces {
    known: HashMap<String, Option<Near>>,
}

/// The place nearest to an unknown name.
#[derive(Debug, Clone, Copy)]
struct Near {
    place: Territory,
    /// Whether the name is that of the place with a typing error. Else it is only proposed.
    is_meant: bool,
}

impl NearestPlaces {
    /// Names looked up in a table. The others are not known.
    const MAX_LOOKUPS: usize = 2_000;

    fn find(&mut self, name: &PlaceName, within: Option<Territory>) -> Option<Near> {
        let key = format!("{:?} {} {:?}", name.level, name.text, within.map(Territory::name));
        if let Some(found) = self.known.get(&key) {
            return *found;
        }
        if self.known.len() == Self::MAX_LOOKUPS {
            return None;
        }
        let found = nearest(name, within);
        self.known.insert(key, found);
        found
    }
}

/// The territory of one cell: all of it is one name, or a path of names.
pub(super) fn whole(text: &str) -> Option<Territory> {
    if !text.contains(char::is_alphabetic) {
        return None;
    }
    let names: Vec<&str> = text.split([',', ';', '>', '/', '\n']).map(str::trim).collect();
    Territories::placed(&[text]).or_else(|| Territories::placed(&names).filter(|_| names.len() > 1))
}

/// The names of places in a cell: `Nantes / Rezé`, `Finistère et Morbihan`, `Rennes - Maurepas`.
pub(super) fn places_in(text: &str, level: Level) -> Vec<String> {
    let is_known = |text: &str| !Territories::candidates(text).is_empty();
    if text.contains(char::is_alphabetic) && is_known(text) {
        return several(text, Comma::Joins);
    }
    let separated = text.replace(['>', '/'], ";");
    let mut names = Vec::new();
    for part in several(&separated, Comma::Separates) {
        let by = |separator: &str| {
            let parts: Vec<String> = part.split(separator).map(|part| part.trim().to_owned()).collect();
            (parts.len() > 1 && parts.iter().any(|part| is_known(part))).then_some(parts)
        };
        let dash = || by(" - ").filter(|_| level == Level::Any);
        match is_known(&part) {
            true => names.push(part),
            false => names.extend(by(" et ").or_else(dash).unwrap_or_else(|| vec![part.clone()])),
        }
    }
    names
}

/// The territory that names mean together, the most precise one, and doubts about them.
pub(super) fn territory(
    names: &[PlaceName],
    near: &mut NearestPlaces,
    doubts: &mut Vec<PlaceDoubt>,
) -> Option<Territory> {
    let candidates: Vec<Vec<Territory>> = names.iter().map(candidates).collect();
    let is_area = |territory: &&Territory| matches!(territory, Territory::Region(_) | Territory::Departement(_));
    let areas: Vec<(usize, Territory)> = names
        .iter()
        .zip(&candidates)
        .filter_map(|(name, found)| match found.as_slice() {
            [only] => Some((name.column, *only)),
            _ => None,
        })
        .filter(|(_, territory)| is_area(&territory))
        .collect();
    // Two départements of one cell are two places, not a contradiction.
    let beside = |(column, area): &(usize, Territory), name: &PlaceName, territory: Territory| {
        *column == name.column && depth(*area) == depth(territory)
    };
    let within = areas.iter().map(|(_, area)| *area).max_by_key(|area| depth(*area));
    let mut chosen: Vec<(usize, Territory)> = Vec::new();
    let mut is_contradicted = false;
    for (index, (name, found)) in names.iter().zip(&candidates).enumerate() {
        let fitting: Vec<Territory> = found
            .iter()
            .copied()
            .filter(|territory| {
                areas
                    .iter()
                    .all(|one| territory.is_in(one.1) || one.1.is_in(*territory) || beside(one, name, *territory))
            })
            .collect();
        let mut doubt = |why: String| {
            doubts.push(PlaceDoubt {
                column: name.column,
                typed: name.text.clone(),
                message: format!("territoire: \"{}\" {why}", name.text),
            });
        };
        let is_code = !name.text.contains(char::is_alphabetic);
        let picked = if is_code {
            pick_of_code(&fitting)
        } else {
            Territories::meant(&fitting)
        };
        if let Some(territory) = picked {
            if !fits(name.level, territory) {
                doubt(format!(
                    "is not of the kind of its column; {} is taken",
                    shown(territory)
                ));
            }
            chosen.push((index, territory));
        } else if fitting.len() > 1 {
            doubt(format!("may be {}; name the département", several_shown(&fitting)));
        } else if let Some(territory) = begun(name, within) {
            chosen.push((index, territory));
            doubt(format!("is taken as {}", shown(territory)));
        } else if !found.is_empty() {
            is_contradicted = true;
            doubt(format!(
                "is {}, which is not where the other columns say; none is taken",
                several_shown(found)
            ));
        } else {
            match near.find(name, within) {
                Some(Near { place, is_meant: true }) => {
                    chosen.push((index, place));
                    doubt(format!("is not known; the nearest, {}, is taken", shown(place)));
                }
                near => {
                    let near = near.map(|near| format!("; the nearest is {}", shown(near.place)));
                    let kind = "is no known région, département, EPCI or commune; left out of the field";
                    doubt(format!("{kind}{}", near.unwrap_or_default()));
                }
            }
        }
    }
    if is_contradicted {
        return None;
    }
    let deepest = chosen.iter().map(|(_, territory)| depth(*territory)).max()?;
    let mut precise: Vec<(usize, Territory)> = Vec::new();
    for (index, territory) in chosen.into_iter().filter(|(_, territory)| depth(*territory) == deepest) {
        if precise.iter().all(|(_, other)| *other != territory) {
            precise.push((index, territory));
        }
    }
    let (index, first) = *precise.first()?;
    if precise.len() == 1 {
        return Some(first);
    }
    let parents = [first.departement().map(Territory::Departement), first.region()];
    let shared = parents
        .into_iter()
        .flatten()
        .find(|parent| precise.iter().all(|(_, territory)| territory.is_in(*parent)));
    let taken = shared.map_or("none is taken".to_owned(), |shared| {
        format!("{} is taken, where they all are", shown(shared))
    });
    doubts.push(PlaceDoubt {
        column: names[index].column,
        typed: names[index].text.clone(),
        message: format!("territoire: {} places, expected one; {taken}", precise.len()),
    });
    shared
}

/// The territories that one name may mean, those of the kind of its column if there are any.
fn candidates(name: &PlaceName) -> Vec<Territory> {
    if !name.text.contains(char::is_alphabetic) {
        return of_code(&name.text.trim().to_uppercase(), name.level);
    }
    let mut named = Territories::candidates(&name.text);
    if named.is_empty() {
        // « Rennes 35 », « 2A - Ajaccio », « LILLE CEDEX 9 »
        let (own, code) = split_code(&name.text);
        let areas = code.map(|code| of_code(&code, Level::Any)).unwrap_or_default();
        named = if own.is_empty() {
            areas.clone()
        } else {
            Territories::candidates(&own)
        };
        let is_there = |territory: &Territory| {
            areas.iter().any(|area| {
                territory.is_in(*area)
                    || territory
                        .departement()
                        .is_some_and(|own| area.departement() == Some(own))
            })
        };
        if named.iter().any(is_there) {
            named.retain(is_there);
        }
    }
    let of_kind: Vec<Territory> = named
        .iter()
        .copied()
        .filter(|territory| fits(name.level, *territory))
        .collect();
    // A column of communes may hold an EPCI: what is named counts then.
    if of_kind.is_empty() { named } else { of_kind }
}

/// Whether a place is of the kind of a column.
fn fits(level: Level, territory: Territory) -> bool {
    match level {
        Level::Any | Level::Postcode | Level::Insee => true,
        Level::Region => matches!(territory, Territory::Region(_)),
        Level::Departement => matches!(territory, Territory::Departement(_)),
        Level::Epci => matches!(territory, Territory::Epci(_)),
        Level::Commune => matches!(territory, Territory::Commune(_)),
    }
}

/// The only commune of a département whose name begins with a name: `Évry` in Essonne is Évry-Courcouronnes.
fn begun(name: &PlaceName, within: Option<Territory>) -> Option<Territory> {
    const SHORTEST: usize = 4;
    let within = within.filter(|within| matches!(within, Territory::Departement(_)))?;
    let start = format!("{} ", name_key(&name.text));
    if start.len() <= SHORTEST || matches!(name.level, Level::Region | Level::Departement) {
        return None;
    }
    let all = Territories::shipped().communes();
    let mut begun = all.filter(|place| place.is_in(within) && name_key(place.name()).starts_with(&start));
    begun.next().filter(|_| begun.next().is_none())
}

fn depth(territory: Territory) -> usize {
    match territory {
        Territory::Region(_) => 0,
        Territory::Departement(_) => 1,
        Territory::Epci(_) => 2,
        Territory::Commune(_) => 3,
    }
}

/// The known place nearest to an unknown name.
fn nearest(name: &PlaceName, within: Option<Territory>) -> Option<Near> {
    const LIKENESS: f64 = 0.8;
    const SHORTEST: usize = 4;
    const LONGEST: usize = 60;
    let key = name_key(&name.text);
    let is_name = key.chars().filter(|c| c.is_alphabetic()).count() >= SHORTEST && key.len() <= LONGEST;
    let is_group = ["communaute", "agglomeration", "metropole", "pays", "france", "national"]
        .iter()
        .any(|word| key.contains(word));
    if !is_name || is_group {
        return None;
    }
    let areas = Territories::departements()
        .iter()
        .map(Territory::Departement)
        .chain(Territories::regions().iter().map(Territory::Region));
    let alike = areas.map(|area| {
        let likeness = strsim::normalized_damerau_levenshtein(&key, &name_key(area.name()));
        (likeness, area)
    });
    let area = alike
        .filter(|(likeness, area)| *likeness >= LIKENESS && within.is_none_or(|within| area.is_in(within)))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, area)| area);
    let commune = || Territories::nearest_commune(&name.text, within);
    let place = match name.level {
        Level::Departement | Level::Region => area,
        Level::Any => area.or_else(commune),
        Level::Commune => commune(),
        Level::Epci | Level::Postcode | Level::Insee => None,
    }?;
    // A small commune anywhere in France is like many a foreign town.
    let is_expected = match place {
        Territory::Commune(_) => place.is_large() || matches!(within, Some(Territory::Departement(_))),
        _ => true,
    };
    let is_meant = is_expected && is_typing_error(&key, &name_key(place.name()));
    Some(Near { place, is_meant })
}

/// Whether two names differ as by a slip of the hand: one letter, two in a long name, not the first one.
fn is_typing_error(typed: &str, name: &str) -> bool {
    const SHORT: usize = 5;
    const LONG: usize = 10;
    let letters = typed.chars().count();
    let most = match letters {
        ..SHORT => 0,
        SHORT..LONG => 1,
        _ => 2,
    };
    typed.chars().next() == name.chars().next() && strsim::damerau_levenshtein(typed, name) <= most
}

/// The places that a name may mean, the likeliest first.
fn several_shown(places: &[Territory]) -> String {
    const SHOWN: usize = 3;
    let mut places = places.to_vec();
    places.sort_by_key(|place| (depth(*place) > 1 && !place.is_large(), depth(*place)));
    let names: Vec<String> = places.iter().take(SHOWN).map(|place| shown(*place)).collect();
    let more = if places.len() > SHOWN { " or another" } else { "" };
    format!("{}{more}", names.join(", "))
}

fn shown(territory: Territory) -> String {
    match territory.departement().filter(|_| depth(territory) > 1) {
        Some(departement) => format!("{} ({})", territory.name(), departement.name),
        None => territory.name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &[(Level, &str)]) -> (String, usize) {
        let names: Vec<PlaceName> = names
            .iter()
            .map(|(level, text)| PlaceName {
                column: 0,
                level: *level,
                text: (*text).to_owned(),
            })
            .collect();
        let mut doubts = Vec::new();
        let found = territory(&names, &mut NearestPlaces::default(), &mut doubts);
        (
            found.map(|territory| territory.path().join(" > ")).unwrap_or_default(),
            doubts.len(),
        )
    }

    #[test]
    fn parents_are_filled_in() {
        use Level::{Any, Commune, Departement, Insee, Postcode, Region};
        const TOULOUSE: &str = "Occitanie > Haute-Garonne > Toulouse";
        for (names, expected) in [
            (&[(Commune, "Toulouse")][..], TOULOUSE),
            (&[(Any, "Toulouse (31)")], TOULOUSE),
            (&[(Any, "31000 TOULOUSE")], TOULOUSE),
            (
                &[(Any, "Occitanie"), (Any, "Haute-Garonne"), (Any, "Toulouse")],
                TOULOUSE,
            ),
            (&[(Postcode, "31000")], TOULOUSE),
            (&[(Insee, "31555")], TOULOUSE),
            (&[(Postcode, "49400")], "Pays de la Loire > Maine-et-Loire"),
            (&[(Postcode, "1000")], "Auvergne-Rhône-Alpes > Ain"),
            (&[(Departement, "31")], "Occitanie > Haute-Garonne"),
            (&[(Departement, "1")], "Auvergne-Rhône-Alpes > Ain"),
            (&[(Departement, "31 - Haute-Garonne")], "Occitanie > Haute-Garonne"),
            (&[(Departement, "2a")], "Corse > Corse-du-Sud"),
            (&[(Region, "Bretagne")], "Bretagne"),
            (&[(Any, "Paris")], "Île-de-France > Paris"),
            (&[(Commune, "Paris")], "Île-de-France > Paris > Ville de Paris"),
            (&[(Any, "Bretagne")], "Bretagne"),
            (&[(Any, "Alsace")], "Grand Est"),
            (&[(Any, "Haute Normandie")], "Normandie"),
            (&[(Region, "IDF")], "Île-de-France"),
            (&[(Region, "Rhône Alpes")], "Auvergne-Rhône-Alpes"),
            (&[(Departement, "Vienne")], "Nouvelle-Aquitaine > Vienne"),
            (&[(Any, "Vienne (38)")], "Auvergne-Rhône-Alpes > Isère > Vienne"),
            (&[(Any, "LILLE CEDEX 9")], "Hauts-de-France > Nord > Lille"),
            (
                &[(Commune, "Lyon 3e"), (Departement, "Rhone")],
                "Auvergne-Rhône-Alpes > Rhône > Lyon",
            ),
            (
                &[(Any, "Marseille 13e")],
                "Provence-Alpes-Côte d'Azur > Bouches-du-Rhône > Marseille",
            ),
            (&[(Departement, "Paris")], "Île-de-France > Paris"),
            (
                &[(Any, "Toulouse Métropole")],
                "Occitanie > Haute-Garonne > Toulouse Métropole",
            ),
            (
                &[(Commune, "Croix"), (Departement, "Nord")],
                "Hauts-de-France > Nord > Croix",
            ),
            (
                &[(Commune, "Saumur"), (Region, "Pays de la Loire")],
                "Pays de la Loire > Maine-et-Loire > Saumur",
            ),
        ] {
            assert_eq!(read(names), (expected.to_owned(), 0), "{names:?}");
        }
    }

    #[test]
    fn what_is_not_sure_is_doubted() {
        use Level::{Any, Commune, Departement};
        for (names, expected) in [
            (&[(Commune, "Toulose")][..], "Occitanie > Haute-Garonne > Toulouse"),
            (&[(Departement, "Haute Garone")], "Occitanie > Haute-Garonne"),
            (&[(Any, "Toulouse"), (Any, "Blagnac")], "Occitanie > Haute-Garonne"),
            (&[(Any, "Toulouse"), (Any, "Bordeaux")], ""),
            (&[(Departement, "Finistère"), (Departement, "Morbihan")], "Bretagne"),
            (&[(Departement, "29"), (Departement, "56")], "Bretagne"),
            (
                &[(Departement, "Essonne"), (Commune, "Évry")],
                "Île-de-France > Essonne > Évry-Courcouronnes",
            ),
            (&[(Commune, "Toulouse"), (Departement, "Gironde")], ""),
            (&[(Departement, "Alsace")], "Grand Est"),
            (&[(Any, "Vienne")], ""),
            (&[(Any, "Genève")], ""),
            (&[(Any, "Bidulville")], ""),
            (&[(Any, "France entière")], ""),
            (&[(Any, "Communauté de communes du Pays imaginaire")], ""),
            (&[(Any, "99999")], ""),
        ] {
            assert_eq!(read(names), (expected.to_owned(), 1), "{names:?}");
        }
    }

    #[test]
    fn a_cell_of_several_names_is_a_path_or_several_places() {
        assert_eq!(
            whole("Saint-Denis, La Réunion")
                .map(|place| place.path().join(" > "))
                .as_deref(),
            Some("La Réunion > La Réunion > Saint-Denis")
        );
        assert_eq!(
            (whole("Nantes, Rezé"), whole("35"), whole("quartier Maurepas, Rennes")),
            (None, None, None)
        );
        for (text, expected) in [
            ("Finistère et Morbihan", &["Finistère", "Morbihan"][..]),
            ("Nantes / Rezé", &["Nantes", "Rezé"]),
            ("Rennes - Maurepas", &["Rennes", "Maurepas"]),
            ("29, 56", &["29", "56"]),
            ("Alpes de Haute Provence", &["Alpes de Haute Provence"]),
        ] {
            assert_eq!(places_in(text, Level::Any), expected, "{text}");
        }
    }

    proptest::proptest! {
        // An unknown name is compared with 35,000 communes.
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(16))]
        #[test]
        fn any_text_is_a_territory_or_a_doubt(texts in proptest::collection::vec("([0-9]{1,6}|[A-Za-zé' ()-]{1,8}|Paris|2A){1,3}", 0..4)) {
            for level in [Level::Any, Level::Commune, Level::Departement, Level::Region, Level::Postcode, Level::Insee, Level::Epci] {
                let names: Vec<_> = texts.iter().map(|text| (level, text.as_str())).collect();
                let (path, doubts) = read(&names);
                proptest::prop_assert!(texts.is_empty() || doubts > 0 || !path.is_empty());
            }
        }
    }
}
