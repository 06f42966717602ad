//! Reads the territory of a record as people write it: spellings corrected, parents filled in, contradictions found.

use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use super::Territory;
use super::list::{DEPARTEMENTS, LISTS, REGIONS};
use super::lookup::Territories;
use super::meant::{Pick, candidates, pick, without_code};
use super::names::Name;
use super::proposals::{ambiguous, contradiction, is_parent, nearest, shown, unknown};
use crate::check::problem::quoted;
use crate::vocabulary::name_key;

/// Région, département, collectivité.
pub(crate) const LEVELS: usize = 3;
/// Separates the levels of a path in a lookup key. No name has it.
const SEPARATOR: &str = ">";

/// A territory that was read from names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placed {
    /// From the région down, as the field `territoire` has it.
    pub(crate) path: Vec<String>,
    /// What the author may want to know of how the names were read.
    pub(crate) note: Option<String>,
}

/// Every path in its official spelling, with [`SEPARATOR`]. Imported records have no others.
static OFFICIAL: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut paths: HashSet<String> = REGIONS.iter().map(|region| region.name.to_owned()).collect();
    let mut within = HashMap::new();
    for departement in DEPARTEMENTS.iter() {
        let territory = Territory::Departement(departement);
        let path = territory.path().join(SEPARATOR);
        paths.insert(format!("{path}{SEPARATOR}{}", territory.collectivite()));
        paths.insert(path.clone());
        within.insert(departement.code, path);
    }
    let communes = LISTS
        .communes
        .iter()
        .map(|one| (Territory::Commune(one), one.departement));
    let epci = LISTS.epci.iter().map(|one| (Territory::Epci(one), one.departement));
    for (territory, departement) in communes.chain(epci) {
        if let Some(above) = within.get(departement) {
            paths.insert(format!("{above}{SEPARATOR}{}", territory.name()));
        }
    }
    paths
});

/// The territory of names from the région down, each a level.
///
/// Names in their official spelling are returned unchanged, at the cost of one lookup. A collectivité in no list stays as it is
/// written below the levels that are known.
///
/// # Errors
/// A misspelt région or département, names that contradict each other, a name of several places.
pub(crate) fn place(names: &[String]) -> Result<Placed, String> {
    /// Results kept: records of one source repeat their territories.
    const KEPT: usize = 4_096;
    static CACHE: LazyLock<Mutex<HashMap<String, Result<Placed, String>>>> = LazyLock::new(Mutex::default);
    let key = names.join(SEPARATOR);
    if names.is_empty() || OFFICIAL.contains(&key) {
        return Ok(Placed {
            path: names.to_vec(),
            note: None,
        });
    }
    let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(placed) = cache.get(&key) {
        return placed.clone();
    }
    let placed = read(names);
    if cache.len() == KEPT {
        cache.clear();
    }
    cache.insert(key, placed.clone());
    placed
}

impl Territories {
    /// The territory of names from the région down, or the other way round, as the field `territoire` reads them. `None` if one is in
    /// no list, or they contradict each other.
    pub fn placed(names: &[&str]) -> Option<Territory> {
        let placing = Placing::of(names.to_vec()).ok()?;
        placing.place.filter(|_| placing.unlisted.is_empty())
    }
}

/// Whether a text as a whole is the name of a territory: some have commas.
pub(crate) fn is_name(text: &str) -> bool {
    !candidates(text).is_empty()
}

fn read(names: &[String]) -> Result<Placed, String> {
    let placing = Placing::of(names.iter().map(String::as_str).collect())?;
    let path = placing.path();
    if path.len() > LEVELS {
        return Err(format!(
            "{} is below the collectivité, expected at most three levels: région, département, collectivité",
            quoted(names.last().map_or("", String::as_str))
        ));
    }
    let mut notes = placing.notes;
    if path != names {
        notes.insert(0, format!("{} is read as {}", shown(names), shown(&path)));
    }
    let note = (!notes.is_empty()).then(|| format!("territoire: {}", notes.join("; ")));
    Ok(Placed { path, note })
}

/// Names that were read, from the first one on.
#[derive(Default)]
struct Placing {
    /// The last place that is in a list.
    place: Option<Territory>,
    /// Its name as it is written, if it is a former one.
    former_name: Option<String>,
    /// Names below it that are in no list, or not as part of it.
    unlisted: Vec<String>,
    notes: Vec<String>,
}

impl Placing {
    /// The names from the région down, or the other way round.
    fn of(mut levels: Vec<&str>) -> Result<Self, String> {
        while levels.len() > 1 && name_key(levels[0]) == "france" {
            levels.remove(0);
        }
        Self::read(&levels).or_else(|error| {
            // `Saumur, Maine-et-Loire`, as on an envelope.
            levels.reverse();
            let reversed = Self::read(&levels);
            reversed.ok().filter(|placing| placing.unlisted.is_empty()).ok_or(error)
        })
    }

    fn read(names: &[&str]) -> Result<Self, String> {
        let mut placing = Self::default();
        for (index, name) in names.iter().enumerate() {
            placing.add(name, index, names.len())?;
        }
        Ok(placing)
    }

    fn path(&self) -> Vec<String> {
        let mut path = self.place.map(Territory::path).unwrap_or_default();
        if let (Some(last), Some(former)) = (path.last_mut(), &self.former_name) {
            last.clone_from(former);
        }
        path.extend(self.unlisted.iter().cloned());
        path
    }

    fn add(&mut self, name: &str, index: usize, count: usize) -> Result<(), String> {
        let found = candidates(name);
        if let Some(unlisted) = self.unlisted.first() {
            let known = found.iter().find(|place| is_parent(**place));
            if let Some(known) = known.filter(|_| self.place.is_none()) {
                return Err(format!(
                    "{} is no région or département, expected {}",
                    quoted(unlisted),
                    shown(&known.path())
                ));
            }
            self.unlisted.push(name.to_owned());
            return Ok(());
        }
        let within = self.place;
        let inside = |place: &&Territory| within.is_none_or(|above| **place != above && place.is_in(above));
        let inside: Vec<Territory> = found.iter().filter(inside).copied().collect();
        match pick(&inside) {
            Pick::One(place) => self.go_down(name, place, &inside),
            Pick::Several => return Err(ambiguous(name, &inside)),
            Pick::None => match within {
                Some(above) => self.add_beside(name, above, &found)?,
                None => self.begin_unlisted(name, index + LEVELS == count)?,
            },
        }
        Ok(())
    }

    fn go_down(&mut self, name: &str, place: Territory, among: &[Territory]) {
        let others = among.iter().filter(|other| !other.is_in(place)).count();
        if others > 0 && !is_parent(place) {
            self.notes.push(format!(
                "{} is taken as the largest of {} places with this name",
                quoted(name),
                others + 1
            ));
        }
        self.place = Some(place);
        self.former_name = None;
        let is_own_name = Name::read(without_code(name).0).own == Name::read(place.name()).own;
        if matches!(place, Territory::Commune(_)) && !is_own_name {
            self.notes.push(format!(
                "{} is part of {}, it stays as written",
                quoted(name),
                place.name()
            ));
            self.former_name = Some(name.to_owned());
        }
    }

    /// A name that is no part of the place above it.
    fn add_beside(&mut self, name: &str, above: Territory, found: &[Territory]) -> Result<(), String> {
        // `Département de Maine-et-Loire` or `Région Pays de la Loire`, the collectivités, below Maine-et-Loire.
        let around = found.iter().find(|place| above.is_in(**place));
        if let (Territory::Departement(_), Some(around), Some(_)) = (above, around, Name::read(name).kind) {
            self.unlisted.push(around.collectivite());
            return Ok(());
        }
        if found.contains(&above) {
            return Ok(());
        }
        let epci = found.iter().find(|place| matches!(place, Territory::Epci(_)));
        if let Some(epci) = epci.filter(|_| is_parent(above)) {
            // An EPCI may extend over départements; the list gives the one of most inhabitants.
            let listed = epci.departement().map_or("another département", |one| one.name);
            let message = format!("{} is listed in {listed}, it stays in {}", quoted(name), above.name());
            self.notes.push(message);
            self.unlisted.push(epci.name().to_owned());
            return Ok(());
        }
        if !found.is_empty() {
            return Err(contradiction(name, above, found));
        }
        if let Territory::Region(region) = above {
            let parts = DEPARTEMENTS.iter().filter(|one| one.region == region.code);
            if let Some(near) = nearest(name, parts.map(Territory::Departement)) {
                return Err(unknown(name, near));
            }
        }
        let near = match above {
            Territory::Departement(_) => Territories::nearest_commune(name, Some(above)),
            _ => None,
        };
        let near = near.map_or_else(String::new, |near| format!(", the nearest is \"{}\"", near.name()));
        let message = format!(
            "{} is in no list of {}, it stays as written{near}",
            quoted(name),
            above.name()
        );
        self.notes.push(message);
        self.unlisted.push(name.to_owned());
        Ok(())
    }

    fn begin_unlisted(&mut self, name: &str, is_region: bool) -> Result<(), String> {
        let departements = DEPARTEMENTS.iter().filter(|_| !is_region).map(Territory::Departement);
        let parents = REGIONS.iter().map(Territory::Region).chain(departements);
        if let Some(near) = nearest(name, parents) {
            return Err(unknown(name, near));
        }
        let is_country = name_key(name).starts_with("france");
        let near = Territories::nearest_commune(name, None).filter(|_| !is_country);
        let near = near.map_or_else(String::new, |near| format!(", the nearest is {}", shown(&near.path())));
        let message = format!(
            "{} is in no list of French territories, it stays as written{near}",
            quoted(name)
        );
        self.notes.push(message);
        self.unlisted.push(name.to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(names: &[&str]) -> Result<Placed, String> {
        place(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn spellings_are_corrected_and_parents_filled_in() {
        let saumur = "Pays de la Loire > Maine-et-Loire > Saumur";
        for (names, expected) in [
            (&["saumur"][..], saumur),
            (&["Pays de la Loire", "Maine et Loire", "saumur"], saumur),
            (&["PAYS DE LA LOIRE", "Saumur"], saumur),
            (&["Maine-et-Loire", "Ville de Saumur"], saumur),
            (&["Saumur", "Maine-et-Loire"], saumur),
            (&["France", "Maine-et-Loire", "Saumur"], saumur),
            (&["France", "France", "Saumur"], saumur),
            (&["Saumur (49)"], saumur),
            (&["49400 Saumur"], saumur),
            (&["49 - Maine et Loire"], "Pays de la Loire > Maine-et-Loire"),
            (&["49"], "Pays de la Loire > Maine-et-Loire"),
            (&["Grand Lyon"], "Auvergne-Rhône-Alpes > Rhône > Métropole de Lyon"),
            (&["Paris"], "Île-de-France > Paris"),
            (
                &["ile de france", "paris", "paris"],
                "Île-de-France > Paris > Ville de Paris",
            ),
            (&["mayotte", "Mayotte", "Mtsamboro"], "Mayotte > Mayotte > Mtsamboro"),
            (&["PACA"], "Provence-Alpes-Côte d'Azur"),
            (&["Bourgogne"], "Bourgogne-Franche-Comté"),
            (&["Aquitaine", "Gironde"], "Nouvelle-Aquitaine > Gironde"),
            (&["Bretagne"], "Bretagne"),
            (&["Nouvelle-Aquitaine", "Vienne"], "Nouvelle-Aquitaine > Vienne"),
            (&["Montreuil"], "Île-de-France > Seine-Saint-Denis > Montreuil"),
            (&["Seynod"], "Auvergne-Rhône-Alpes > Haute-Savoie > Seynod"),
            (
                &["Pays de la Loire", "Maine-et-Loire", "département de maine et loire"],
                "Pays de la Loire > Maine-et-Loire > Département de Maine-et-Loire",
            ),
            (&["Occitanie", "Occitanie"], "Occitanie"),
            (
                &["Grand Est", "Bas-Rhin", "région grand est"],
                "Grand Est > Bas-Rhin > Région Grand Est",
            ),
        ] {
            let path = placed(names).map(|placed| placed.path.join(" > "));
            assert_eq!(path.as_deref(), Ok(expected), "{names:?}");
        }
    }

    #[test]
    fn names_of_a_listed_place_are_placed() {
        let placed = |names: &[&str]| Territories::placed(names).map(|place| place.path().join(" > "));
        assert_eq!(
            placed(&["Saint-Denis", "La Réunion"]).as_deref(),
            Some("La Réunion > La Réunion > Saint-Denis")
        );
        assert_eq!(placed(&["Rennes", "Brest"]), None);
        assert_eq!(placed(&["Occitanie", "Quartier des Izards"]), None);
    }

    #[test]
    fn a_place_in_no_list_stays_as_written() {
        for names in [
            &["Occitanie", "Haute-Garonne", "Quartier des Izards"][..],
            &["Occitanie", "PETR du Pays Comminges"],
            &["Belgique", "Hainaut", "Mons"],
            &["Genève"],
            &["Grand Est", "Moselle", "Sarrebruck"],
        ] {
            let placed = placed(names).unwrap();
            assert_eq!(placed.path, names);
            assert!(placed.note.unwrap().contains("it stays as written"), "{names:?}");
        }
        assert_eq!(placed(&["Occitanie", "Haute-Garonne", "Toulouse"]).unwrap().note, None);
        assert_eq!(
            placed(&["Normandie", "Calvados", "Bayeus"]).unwrap().note.unwrap(),
            "territoire: \"Bayeus\" is in no list of Calvados, it stays as written, the nearest is \"Bayeux\""
        );
    }

    #[test]
    fn what_cannot_be_is_said() {
        for (names, expected) in [
            (
                &["Rhône", "Lyon", "Métropole de Lyon"][..],
                "\"Métropole de Lyon\" is not in Lyon, expected [Auvergne-Rhône-Alpes, Rhône, Métropole de Lyon]",
            ),
            (
                &["Pays de Loire", "Maine et Loire", "saumur"][..],
                "unknown région \"Pays de Loire\", the nearest is \"Pays de la Loire\"",
            ),
            (
                &["Mayne-et-Loire"],
                "unknown département \"Mayne-et-Loire\", the nearest is \"Maine-et-Loire\"",
            ),
            (
                &["Bretagne", "Côtes d'Amor"],
                "unknown département \"Côtes d'Amor\", the nearest is \"Côtes-d'Armor\"",
            ),
            (
                &["Occitanie", "Haute-Garonne", "Saumur"],
                "\"Saumur\" is not in Haute-Garonne, expected [Pays de la Loire, Maine-et-Loire, Saumur]",
            ),
            (
                &["Occitanie", "Maine-et-Loire"],
                "\"Maine-et-Loire\" is not in Occitanie, expected [Pays de la Loire, Maine-et-Loire]",
            ),
            (
                &["Atlantide", "Maine-et-Loire"],
                "\"Atlantide\" is no région or département, expected [Pays de la Loire, Maine-et-Loire]",
            ),
            (
                &["Vienne"],
                "\"Vienne\" is the name of 2 places, expected one of [Nouvelle-Aquitaine, Vienne], \
                 [Auvergne-Rhône-Alpes, Isère, Vienne]",
            ),
            (
                &["Saumur", "Centre-ville"],
                "\"Centre-ville\" is below the collectivité",
            ),
        ] {
            let error = placed(names).unwrap_err();
            assert!(error.starts_with(expected), "{names:?}: {error}");
        }
        let error = placed(&["Saint-Denis"]).unwrap_err();
        assert!(
            error.contains("[Île-de-France, Seine-Saint-Denis, Saint-Denis]")
                && error.contains("[La Réunion, La Réunion, Saint-Denis]"),
            "{error}"
        );
    }

    #[test]
    fn the_paths_of_the_list_are_official() {
        let communes = LISTS.communes.iter().step_by(97).map(Territory::Commune);
        let epci = LISTS.epci.iter().step_by(7).map(Territory::Epci);
        for place in communes
            .chain(epci)
            .chain(DEPARTEMENTS.iter().map(Territory::Departement))
        {
            assert!(OFFICIAL.contains(&place.path().join(SEPARATOR)), "{place:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_territory_reads_back_unchanged(
            names in proptest::collection::vec(
                "Saumur|saint-denis|Vienne|Maine et Loire|Pays de la Loire|Mayotte|Paris|Seynod|Grand Lyon|Lyon|Rhône|PACA|49|\
                 Département de l'Ain|Ain|Bourgogne|France|Est Ensemble|Oise|CC [a-z]{3}|[a-zé '()-]{1,12}",
                1..4,
            )
        ) {
            if let Ok(placed) = place(&names) {
                proptest::prop_assert_eq!(place(&placed.path).map(|again| again.path), Ok(placed.path));
            }
        }
    }
}
