//! The territory of a case from the cells that name it.

use std::collections::HashMap;

use rex_corpus::{Territories, Territory, most_likely};

/// What kind of place a column names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Any,
    Region,
    Departement,
    Epci,
    Commune,
    Postcode,
    Insee,
}

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
    known: HashMap<String, Option<Territory>>,
}

impl NearestPlaces {
    /// Names looked up in a table. The others are not known.
    const MAX_LOOKUPS: usize = 2_000;

    fn find(&mut self, name: &PlaceName, within: Option<Territory>) -> Option<Territory> {
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

/// The territory that names mean together, the most precise one, and doubts about them.
pub(super) fn territory(
    names: &[PlaceName],
    near: &mut NearestPlaces,
    doubts: &mut Vec<PlaceDoubt>,
) -> Option<Territory> {
    let candidates: Vec<Vec<Territory>> = names.iter().map(candidates).collect();
    let is_area = |territory: &&Territory| matches!(territory, Territory::Region(_) | Territory::Departement(_));
    let areas: Vec<Territory> = candidates
        .iter()
        .filter_map(|found| match found.as_slice() {
            [only] => Some(*only),
            _ => None,
        })
        .filter(|territory| is_area(&territory))
        .collect();
    let within = areas.iter().copied().max_by_key(|area| depth(*area));
    let mut chosen: Vec<(usize, Territory)> = Vec::new();
    for (index, (name, found)) in names.iter().zip(&candidates).enumerate() {
        let fitting: Vec<Territory> = found
            .iter()
            .copied()
            .filter(|territory| {
                areas
                    .iter()
                    .all(|area| territory.is_in(*area) || area.is_in(*territory))
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
            pick(&fitting)
        };
        if let Some(territory) = picked {
            chosen.push((index, territory));
        } else if let [first, second, ..] = fitting.as_slice() {
            let (first, second) = (shown(*first), shown(*second));
            doubt(format!("may be {first}, {second} or another; name the département"));
        } else if let Some(territory) = pick(found) {
            // The place is named; the area that it is not in may be the slip.
            chosen.push((index, territory));
            doubt(format!(
                "is {}, which is not where the other columns say",
                shown(territory)
            ));
        } else if let Some(territory) = near.find(name, within) {
            chosen.push((index, territory));
            doubt(format!("is not known; the nearest, {}, is taken", shown(territory)));
        } else {
            doubt("is no known région, département, EPCI or commune; left out of the field".to_owned());
        }
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

/// The territories that one name may mean.
fn candidates(name: &PlaceName) -> Vec<Territory> {
    let all = Territories::shipped();
    let (own, code) = split_code(&name.text);
    if own.is_empty() {
        return code.map(|code| of_code(&code, name.level)).unwrap_or_default();
    }
    let fits = |territory: &Territory| match name.level {
        Level::Any | Level::Postcode | Level::Insee => true,
        Level::Region => matches!(territory, Territory::Region(_)),
        Level::Departement => matches!(territory, Territory::Departement(_)),
        Level::Epci => matches!(territory, Territory::Epci(_)),
        Level::Commune => matches!(territory, Territory::Commune(_)),
    };
    let named = all.named(&own);
    // A column of communes may hold an EPCI: what is named counts then.
    let mut found: Vec<Territory> = named.iter().copied().filter(fits).collect();
    if found.is_empty() {
        found = named;
    }
    let areas = code.map(|code| of_code(&code, Level::Any)).unwrap_or_default();
    let is_there = |territory: &Territory| {
        areas.iter().any(|area| {
            territory.is_in(*area)
                || territory
                    .departement()
                    .is_some_and(|own| area.departement() == Some(own))
        })
    };
    let there: Vec<Territory> = found.iter().copied().filter(is_there).collect();
    if there.is_empty() { found } else { there }
}

/// The name and the code of `Toulouse (31)`, `31 - Haute-Garonne`, `31000 Toulouse`.
fn split_code(text: &str) -> (String, Option<String>) {
    let is_code = |word: &str| {
        let upper = word.to_uppercase();
        let digits = upper.strip_prefix("2A").or(upper.strip_prefix("2B")).unwrap_or(&upper);
        word.len() <= 5 && word.starts_with(|c: char| c.is_ascii_digit()) && digits.bytes().all(|b| b.is_ascii_digit())
    };
    let words = text
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')'))
        .filter(|word| !word.is_empty());
    let (codes, own): (Vec<&str>, Vec<&str>) = words.partition(|word| is_code(word));
    // « Paris 15e » has no code; « 2 rives » may.
    let own: Vec<&str> = own
        .into_iter()
        .filter(|word| !matches!(*word, "-" | "–" | ":" | "/"))
        .collect();
    (own.join(" "), codes.first().map(|code| code.to_uppercase()))
}

fn of_code(code: &str, level: Level) -> Vec<Territory> {
    let all = Territories::shipped();
    let padded = |width: usize| format!("{code:0>width$}");
    let departement = |code: &str| Territories::departement(code).into_iter().collect::<Vec<_>>();
    let postcode = |code: &str| {
        let communes = all.postcode(code).to_vec();
        // A CEDEX code has the département in front.
        let prefix = if code.starts_with("97") || code.starts_with("98") {
            3
        } else {
            2
        };
        if communes.is_empty() {
            departement(&code[..prefix])
        } else {
            communes
        }
    };
    match level {
        Level::Region => Territories::region(&padded(2)).into_iter().collect(),
        Level::Departement => departement(&padded(2)),
        Level::Postcode if code.len() >= 4 => postcode(&padded(5)),
        Level::Insee if code.len() >= 4 => all.commune(&padded(5)).into_iter().collect(),
        _ if code.len() <= 3 => departement(&padded(2)),
        _ => match all.postcode(&padded(5)) {
            [] => match all.commune(&padded(5)) {
                Some(commune) => vec![commune],
                None => postcode(&padded(5)),
            },
            communes => communes.to_vec(),
        },
    }
}

/// The territory meant among those of one name: the likely one, or the smallest of nested ones (Paris, La Réunion).
fn pick(territories: &[Territory]) -> Option<Territory> {
    most_likely(territories).or_else(|| {
        let deepest = territories.iter().copied().max_by_key(|territory| depth(*territory))?;
        territories
            .iter()
            .all(|territory| deepest.is_in(*territory))
            .then_some(deepest)
    })
}

/// The territory meant by a code: the only one, or the département of several.
fn pick_of_code(territories: &[Territory]) -> Option<Territory> {
    if let [only] = territories {
        return Some(*only);
    }
    let departement = Territory::Departement(territories.first()?.departement()?);
    territories
        .iter()
        .all(|territory| territory.is_in(departement))
        .then_some(departement)
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
fn nearest(name: &PlaceName, within: Option<Territory>) -> Option<Territory> {
    const LIKENESS: f64 = 0.8;
    const SHORTEST: usize = 4;
    let key = rex_corpus::name_key(&name.text);
    let is_name = key.chars().filter(|c| c.is_alphabetic()).count() >= SHORTEST;
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
        (
            strsim::normalized_damerau_levenshtein(&key, &rex_corpus::name_key(area.name())),
            area,
        )
    });
    let area = alike
        .filter(|(likeness, _)| *likeness >= LIKENESS)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, area)| area);
    match name.level {
        Level::Departement | Level::Region => area,
        Level::Any => area.or_else(|| Territories::nearest_commune(&name.text, within)),
        Level::Commune => Territories::nearest_commune(&name.text, within),
        Level::Epci | Level::Postcode | Level::Insee => None,
    }
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
            (&[(Any, "Paris")], "Île-de-France > Paris > Ville de Paris"),
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
            (
                &[(Commune, "Toulouse"), (Departement, "Gironde")],
                "Occitanie > Haute-Garonne > Toulouse",
            ),
            (&[(Any, "France entière")], ""),
            (&[(Any, "Communauté de communes du Pays imaginaire")], ""),
            (&[(Any, "99999")], ""),
        ] {
            assert_eq!(read(names), (expected.to_owned(), 1), "{names:?}");
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
