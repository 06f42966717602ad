//! Looks territories up by name, code, postcode and SIREN, and finds them in a text.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Territory;
use super::levels::{Departement, Region};
use super::list::{DEPARTEMENTS, LISTS, Lists, REGIONS, siren_of};
use super::names::{self, Name};
use crate::vocabulary::{data_lines, name_key};

/// Common names beside the official ones.
const NAMES: &str = include_str!("../../data/territory_names.tsv");

/// Codes of régions before 2016, still in use, with their current code (loi n° 2015-29 du 16 janvier 2015; INSEE, Code officiel
/// géographique).
const FORMER_REGIONS: [(&str, &str); 16] = [
    ("21", "44"),
    ("41", "44"),
    ("42", "44"),
    ("72", "75"),
    ("54", "75"),
    ("74", "75"),
    ("83", "84"),
    ("82", "84"),
    ("26", "27"),
    ("43", "27"),
    ("91", "76"),
    ("73", "76"),
    ("31", "32"),
    ("22", "32"),
    ("23", "28"),
    ("25", "28"),
];

/// The territories, indexed by name and by every code.
#[derive(Debug, Default)]
pub struct Territories {
    by_name: HashMap<String, Vec<Territory>>,
    /// EPCI by the key of [`names::bare_epci`].
    by_bare_name: HashMap<String, Vec<Territory>>,
    by_postcode: HashMap<String, Vec<Territory>>,
    by_siren: HashMap<u32, Territory>,
    /// Communes by current and former code.
    by_commune: HashMap<&'static str, Territory>,
}

impl Territories {
    /// The list shipped with Rex.
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Territories> = LazyLock::new(|| Territories::index(&LISTS));
        &SHIPPED
    }

    fn index(lists: &'static Lists) -> Self {
        let mut found = Self::default();
        for region in REGIONS.iter() {
            found.add_name(region.name, Territory::Region(region));
        }
        for departement in DEPARTEMENTS.iter() {
            let territory = Territory::Departement(departement);
            found.add_name(departement.name, territory);
            let siren = siren_of("22", departement.code, "1");
            found.by_siren.extend(siren.map(|siren| (siren, territory)));
        }
        for epci in &lists.epci {
            let territory = Territory::Epci(epci);
            found.add_name(&epci.name, territory);
            found
                .by_siren
                .extend(epci.siren.parse().ok().map(|siren: u32| (siren, territory)));
            if let Some(bare) = names::bare_epci(&epci.name) {
                found.by_bare_name.entry(bare).or_default().push(territory);
            }
        }
        for commune in &lists.communes {
            let territory = Territory::Commune(commune);
            found.by_commune.insert(&commune.code, territory);
            found.add_name(commune.name, territory);
            found.by_siren.extend(commune.siren.map(|siren| (siren, territory)));
            for postcode in commune.postcodes() {
                found.by_postcode.entry(postcode).or_default().push(territory);
            }
        }
        for former in &lists.former {
            let Some(now) = found.by_commune.get(former.now.as_str()).copied() else {
                continue;
            };
            found.by_commune.entry(&former.code).or_insert(now);
            found.add_name(former.name, now);
        }
        for (name, code) in data_lines(NAMES).filter_map(|line| line.split_once('\t')) {
            let territory = found.siren(code).or_else(|| found.commune(code));
            territory
                .into_iter()
                .for_each(|territory| found.add_name(name, territory));
        }
        found
    }

    fn add_name(&mut self, name: &str, territory: Territory) {
        let mut keys = vec![Name::read(name).whole];
        if let Territory::Epci(_) = territory {
            keys.push(Name::read(name).own);
        }
        for key in keys.into_iter().filter(|key| !key.is_empty()) {
            let territories = self.by_name.entry(key).or_default();
            if !territories.contains(&territory) {
                territories.push(territory);
            }
        }
    }

    /// Every région, by code.
    pub fn regions() -> &'static [Region] {
        &REGIONS
    }

    /// Every département, overseas collectivités last.
    pub fn departements() -> &'static [Departement] {
        &DEPARTEMENTS
    }

    /// Every current commune.
    pub fn communes(&self) -> impl Iterator<Item = Territory> + use<> {
        LISTS.communes.iter().map(Territory::Commune)
    }

    /// The région of a current code, or of a code before 2016.
    pub fn region(code: &str) -> Option<Territory> {
        let find = |code: &str| REGIONS.iter().find(|region| region.code == code);
        let former = || FORMER_REGIONS.iter().find(|(former, _)| *former == code);
        find(code)
            .or_else(|| former().and_then(|(_, now)| find(now)))
            .map(Territory::Region)
    }

    /// The département of a code: `31`, `2A`, `974`.
    pub fn departement(code: &str) -> Option<Territory> {
        let found = DEPARTEMENTS.iter().find(|known| known.code == code);
        found.map(Territory::Departement)
    }

    /// The commune of an INSEE code of five characters. A former code gives the current commune.
    pub fn commune(&self, code: &str) -> Option<Territory> {
        self.by_commune.get(code).copied()
    }

    /// The communes of a postcode. Empty for CEDEX codes.
    pub fn postcode(&self, code: &str) -> &[Territory] {
        self.by_postcode.get(code).map_or(&[], Vec::as_slice)
    }

    /// The commune, département or EPCI with a SIREN, or with the SIREN that begins a SIRET.
    pub fn siren(&self, number: &str) -> Option<Territory> {
        let siren = number.get(..9)?.parse().ok()?;
        self.by_siren.get(&siren).copied()
    }

    /// The territories with a name: `Ville de Toulouse`, `CA du Pays Ajaccien`, `grand-lyon`.
    ///
    /// Letter case, accents, hyphens and apostrophes are ignored. A leading kind (`Département du`) excludes territories of other
    /// kinds.
    pub fn named(&self, text: &str) -> Vec<Territory> {
        let Name { whole, kind, own } = Name::read(text);
        let whole = self.by_name.get(&whole).map_or(&[][..], Vec::as_slice);
        let Some(kind) = kind.filter(|_| whole.is_empty()) else {
            return whole.to_vec();
        };
        let own_name = self.by_name.get(&own).into_iter().flatten();
        let bare_name = self.by_bare_name.get(&own).into_iter().flatten();
        let mut territories: Vec<Territory> = own_name
            .chain(bare_name)
            .copied()
            .filter(|territory| kind.fits(*territory))
            .collect();
        territories.dedup();
        territories
    }

    /// The territory names in a text, in order: the byte range of each and the territories it may mean. The longest name wins.
    ///
    /// Many names are also everyday words (`Le Lot`, `Nord`); the caller must decide by context.
    pub fn mentioned(&self, text: &str) -> Vec<(std::ops::Range<usize>, Vec<Territory>)> {
        const LONGEST: usize = 9;
        let words = names::words(text);
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            // A name does not cross a comma: « le centre-ville, Toulouse Métropole ».
            let is_broken = |pair: &[std::ops::Range<usize>]| names::is_break(&text[pair[0].end..pair[1].start]);
            let most = words[at..]
                .windows(2)
                .take(LONGEST - 1)
                .take_while(|pair| !is_broken(pair))
                .count()
                + 1;
            let longest = (at + 1..=at + most).rev().find_map(|end| {
                let range = words[at].start..words[end - 1].end;
                // « Bretteville » is not a match in a misspelt « Bretteville-l'Orgeuilleuse ».
                if is_joined(&text[range.end..]) {
                    return None;
                }
                let territories = self.named(&text[range.clone()]);
                (!territories.is_empty()).then_some((end, range, territories))
            });
            at = match longest {
                Some((end, range, territories)) => {
                    found.push((range, territories));
                    end
                }
                None => at + 1,
            };
        }
        found
    }

    /// The commune whose name is nearest to an unknown name, within one département or région if given: the only commune whose name
    /// contains it as several words (`Foy-la-Grande`), else the one at the smallest edit distance.
    pub fn nearest_commune(name: &str, within: Option<Territory>) -> Option<Territory> {
        /// Minimum similarity, from 0 to 1: 1 for equal names.
        const LIKENESS: f64 = 0.7;
        const LONGEST: usize = 60;
        let key = Name::read(name).own;
        if key.chars().count() > LONGEST {
            return None;
        }
        let communes = || {
            let all = COMMUNE_NAMES.iter();
            all.filter(|commune| within.is_none_or(|within| commune.territory.is_in(within)))
        };
        let is_whole = |known: &str| format!(" {known} ").contains(&format!(" {key} "));
        let mut wholes = communes().filter(|commune| key.contains(' ') && is_whole(&commune.key));
        if let (Some(whole), None) = (wholes.next(), wholes.next()) {
            return Some(whole.territory);
        }
        // The typing error may be a space or an apostrophe: `M'Tsambo`.
        let key = joined(&key);
        let letters = key.chars().count();
        let is_as_long = |commune: &&CommuneName| {
            let (short, long) = (letters.min(commune.letters), letters.max(commune.letters));
            short as f64 >= long as f64 * LIKENESS - f64::EPSILON
        };
        let near = communes().filter(is_as_long).map(|commune| {
            let likeness = strsim::normalized_damerau_levenshtein(&key, &joined(&commune.key));
            (commune.territory, likeness)
        });
        let near = near.filter(|(_, likeness)| *likeness >= LIKENESS);
        near.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(territory, _)| territory)
    }
}

/// The lookup key of a commune, computed once: each unknown name is compared with all of them.
struct CommuneName {
    territory: Territory,
    key: String,
    /// Length of the key in characters, without spaces.
    letters: usize,
}

static COMMUNE_NAMES: LazyLock<Vec<CommuneName>> = LazyLock::new(|| {
    let named = |territory: Territory| {
        let key = name_key(territory.name());
        let letters = joined(&key).chars().count();
        CommuneName {
            territory,
            key,
            letters,
        }
    };
    LISTS.communes.iter().map(Territory::Commune).map(named).collect()
});

fn joined(key: &str) -> String {
    key.replace(' ', "")
}

/// Whether a hyphen or an apostrophe joins the text after a word to it.
fn is_joined(after: &str) -> bool {
    let rest = after.strip_prefix(['-', '\u{2010}', '\u{2011}', '\'', '’']);
    rest.is_some_and(|rest| rest.starts_with(char::is_alphabetic))
}

/// The territory most likely meant among several with one name: the only one, or the only large commune.
pub fn most_likely(territories: &[Territory]) -> Option<Territory> {
    if let [only] = territories {
        return Some(*only);
    }
    let mut large = territories.iter().filter(|territory| territory.is_large());
    let first = large.next().copied();
    first.filter(|_| large.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Option<Territory> {
        most_likely(&Territories::shipped().named(text))
    }

    fn path(text: &str) -> Option<String> {
        let place = one(text)?;
        Some(place.path().join(" > "))
    }

    #[test]
    fn knows_a_territory_by_every_name_people_type() {
        for (text, expected) in [
            ("Toulouse Métropole", "Occitanie > Haute-Garonne > Toulouse Métropole"),
            (
                "métropole de toulouse",
                "Occitanie > Haute-Garonne > Toulouse Métropole",
            ),
            ("la Ville de Toulouse", "Occitanie > Haute-Garonne > Toulouse"),
            ("Grand Lyon", "Auvergne-Rhône-Alpes > Rhône > Métropole de Lyon"),
            ("METROPOLE DE LYON", "Auvergne-Rhône-Alpes > Rhône > Métropole de Lyon"),
            ("Département du Gers", "Occitanie > Gers"),
            (
                "conseil départemental de Maine et Loire",
                "Pays de la Loire > Maine-et-Loire",
            ),
            ("Région Bretagne", "Bretagne"),
            (
                "Communauté d'Agglomération du Pays Ajaccien",
                "Corse > Corse-du-Sud > Communauté d'agglomération du Pays Ajaccien",
            ),
            (
                "CA du pays ajaccien",
                "Corse > Corse-du-Sud > Communauté d'agglomération du Pays Ajaccien",
            ),
            ("Commune de St-Étienne", "Auvergne-Rhône-Alpes > Loire > Saint-Étienne"),
            ("VILLE D’HYERES", "Provence-Alpes-Côte d'Azur > Var > Hyères"),
            ("mairie du Havre", "Normandie > Seine-Maritime > Le Havre"),
            ("Ville de Paris", "Île-de-France > Paris > Ville de Paris"),
            ("L'Haÿ les roses", "Île-de-France > Val-de-Marne > L'Haÿ-les-Roses"),
            ("commune de Mtsamboro", "Mayotte > Mayotte > Mtsamboro"),
            ("Ville de Montreuil", "Île-de-France > Seine-Saint-Denis > Montreuil"),
            ("Est Ensemble", "Île-de-France > Seine-Saint-Denis > Est Ensemble"),
        ] {
            assert_eq!(path(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(path("Ville de Nulle Part"), None);
        assert_eq!(path(""), None);
    }

    #[test]
    fn knows_former_communes_by_code_and_name() {
        let territories = Territories::shipped();
        // Seynod has been part of Annecy since 2017.
        assert_eq!(territories.commune("74268").map(Territory::name), Some("Annecy"));
        assert_eq!(one("Seynod").map(Territory::name), Some("Annecy"));
        assert_eq!(territories.commune("13201").map(Territory::name), Some("Marseille"));
    }

    #[test]
    fn knows_codes_of_every_kind() {
        let territories = Territories::shipped();
        assert_eq!(Territories::region("76").map(Territory::name), Some("Occitanie"));
        assert_eq!(
            Territories::region("82").map(Territory::name),
            Some("Auvergne-Rhône-Alpes")
        );
        assert_eq!(
            Territories::departement("2A").map(Territory::name),
            Some("Corse-du-Sud")
        );
        assert_eq!(territories.postcode("31200").len(), 1);
        assert!(
            territories
                .postcode("97630")
                .iter()
                .any(|place| place.name() == "Mtsamboro")
        );
        assert!(territories.postcode("45058").is_empty());
        assert_eq!(
            territories.siren("21590328700013").map(Territory::name),
            Some("Lambersart")
        );
        assert_eq!(
            territories.siren("243100518").map(Territory::name),
            Some("Toulouse Métropole")
        );
        assert_eq!(territories.siren("22320001500012").map(Territory::name), Some("Gers"));
        assert_eq!(territories.siren("x"), None);
    }

    /// Fuzzing found booklets of places in no list slow: names of another length are passed over, and none of them is near.
    #[test]
    fn a_name_of_another_length_is_not_the_nearest() {
        for name in [
            "Mapaval",
            "Quistinicourt",
            "Toulousse",
            "Lion",
            "Saint Etiene du Rouvrais",
            "Is",
        ] {
            let key = joined(&Name::read(name).own);
            let likeness =
                |place: &Territory| strsim::normalized_damerau_levenshtein(&key, &joined(&name_key(place.name())));
            let near = LISTS
                .communes
                .iter()
                .map(Territory::Commune)
                .filter(|place| likeness(place) >= 0.7);
            let nearest = near.max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
            assert_eq!(Territories::nearest_commune(name, None), nearest, "{name}");
        }
    }

    #[test]
    fn finds_the_nearest_commune() {
        let mayotte = Territories::departement("976");
        let near = Territories::nearest_commune("M'Tsambo", mayotte);
        assert_eq!(near.map(Territory::name), Some("Mtsamboro"));
        assert_eq!(Territories::nearest_commune("Zzzzzzzzz", None), None);
        let part = Territories::nearest_commune("ville de Foy-la-Grande", None);
        assert_eq!(part.map(Territory::name), Some("Sainte-Foy-la-Grande"));
    }

    #[test]
    fn finds_names_in_a_text() {
        let found = Territories::shipped().mentioned("toutes les communes de LOIRE-ATLANTIQUE, sauf Nantes.");
        let names: Vec<_> = found.iter().map(|(_, places)| places[0].name()).collect();
        assert!(
            names.contains(&"Loire-Atlantique") && names.contains(&"Nantes"),
            "{names:?}"
        );
    }

    #[test]
    fn a_name_in_a_text_goes_over_no_comma() {
        let found = Territories::shipped().mentioned("dans le centre-ville, Toulouse Métropole agit");
        let names: Vec<_> = found.iter().map(|(_, places)| places[0].name()).collect();
        assert!(names.contains(&"Toulouse Métropole"), "{names:?}");
    }

    #[test]
    fn a_name_in_a_text_is_no_beginning_of_a_longer_word() {
        for (text, expected) in [
            ("à Bretteville-l'Orgeuilleuse", false),
            ("à Bretteville’s", false),
            ("à Bretteville - ici", true),
            ("à Bretteville-sur-Odon", true),
        ] {
            let found = Territories::shipped().mentioned(text);
            let is_found = found
                .iter()
                .any(|(range, _)| text[range.clone()].starts_with("Bretteville"));
            assert_eq!(is_found, expected, "{text}");
        }
    }

    #[test]
    fn a_collectivite_has_its_official_name() {
        let official = |text: &str| path_official(text);
        assert_eq!(official("département des landes"), "Département des Landes");
        assert_eq!(official("département de l'ain"), "Département de l'Ain");
        assert_eq!(
            official("département de Maine-et-Loire"),
            "Département de Maine-et-Loire"
        );
        assert_eq!(official("commune du Havre"), "Commune du Havre");
        assert_eq!(official("ville d'Arras"), "Commune d'Arras");
        assert_eq!(official("ville de paris"), "Ville de Paris");
        assert_eq!(official("région bretagne"), "Région Bretagne");
        assert_eq!(official("grand lyon"), "Métropole de Lyon");
    }

    fn path_official(text: &str) -> String {
        let place = one(text);
        place.map(Territory::collectivite).unwrap_or_default()
    }
}
