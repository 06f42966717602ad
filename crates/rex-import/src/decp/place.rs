//! The territory of a place of execution, given by a code, the declared kind of the code, and an optional name.

use rex_corpus::{Territories, Territory, most_likely, name_key};

/// A place of execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ExecutionPlace {
    /// A territory, from the région down, as in the field `territoire`.
    Known(Vec<String>),
    /// All of France, or another country.
    Elsewhere,
    Unknown,
}

/// Resolves a place: first by the declared kind of the code (the list of the arrêtés of 22 March 2019 and of 22 December 2022),
/// then by the name, then by the shape of the code. Half of the wrong codes are codes of another kind.
pub(super) fn execution_place(code: &str, kind: &str, name: &str) -> ExecutionPlace {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    let code = code.to_ascii_uppercase();
    let kind = name_key(kind);
    let kind = kind.strip_prefix("code ").unwrap_or(&kind);
    if kind == "pays" {
        return country(&code, name);
    }
    let declared = match kind {
        "postal" => postcode(&code, name),
        "commune" => commune(&code),
        "departement" => departement(&code),
        "region" => region(&code),
        "arrondissement" | "canton" => part_of_departement(&code),
        "epci" => Territories::shipped().siren(&code),
        _ => None,
    };
    let place = declared.or_else(|| by_name(name)).or_else(|| by_shape(&code, name));
    place.map_or(ExecutionPlace::Unknown, |place| ExecutionPlace::Known(place.path()))
}

/// A country code: of INSEE (99134), or of ISO in digits (250) or letters (FR).
fn country(code: &str, name: &str) -> ExecutionPlace {
    let is_foreign = code.len() == 5 && code.starts_with("99") || code.chars().all(|c| c.is_ascii_alphabetic());
    if is_foreign || matches!(code, "250" | "100") {
        return ExecutionPlace::Elsewhere;
    }
    // A code of two digits is that of a département if the name agrees.
    let place = departement(code).filter(|place| by_name(name) == Some(*place));
    place.map_or(ExecutionPlace::Elsewhere, |place| ExecutionPlace::Known(place.path()))
}

/// The commune of a postcode: the only one, or the one in the name; else the territory they share.
fn postcode(code: &str, name: &str) -> Option<Territory> {
    let communes = Territories::shipped().postcode(code);
    match communes {
        [] => None,
        [only] => Some(*only),
        several => named_commune(several, name).or_else(|| shared_territory(several)),
    }
}

/// The commune that a name contains, the longest of several.
fn named_commune(communes: &[Territory], name: &str) -> Option<Territory> {
    let name = format!(" {} ", name_key(name));
    let named = communes
        .iter()
        .filter(|place| name.contains(&format!(" {} ", name_key(place.name()))));
    named.max_by_key(|place| place.name().len()).copied()
}

/// The département that several places share, else the région.
fn shared_territory(places: &[Territory]) -> Option<Territory> {
    let (first, rest) = places.split_first()?;
    let departement = first.departement().map(Territory::Departement)?;
    let is_common = |above: &Territory| rest.iter().all(|place| place.is_in(*above));
    Some(departement)
        .filter(is_common)
        .or_else(|| departement.region().filter(is_common))
}

/// `31555`; `1004` for `01004`.
fn commune(code: &str) -> Option<Territory> {
    let padded = (code.len() == 4).then(|| format!("0{code}"));
    let territories = Territories::shipped();
    territories.commune(code).or_else(|| territories.commune(&padded?))
}

/// `31`, `2A`, `974`; `1` and `078` for `01` and `78`.
fn departement(code: &str) -> Option<Territory> {
    let unpadded = code.strip_prefix('0').filter(|rest| rest.len() == 2);
    let padded = (code.len() == 1).then(|| format!("0{code}"));
    Territories::departement(code)
        .or_else(|| Territories::departement(unpadded?))
        .or_else(|| Territories::departement(&padded?))
        // Corse: a département until 1976, a région today.
        .or_else(|| Territories::region("94").filter(|_| code == "20"))
}

/// `76`; `4` for `04`; `R76`, as INSEE writes it to avoid confusion with a département.
fn region(code: &str) -> Option<Territory> {
    let code = code.strip_prefix('R').unwrap_or(code);
    let padded = (code.len() == 1).then(|| format!("0{code}"));
    Territories::region(code).or_else(|| Territories::region(&padded?))
}

/// The territory of a canton or arrondissement, whose code begins with its département: `0905`, `544`; `13201` is an arrondissement of Marseille.
fn part_of_departement(code: &str) -> Option<Territory> {
    commune(code).or_else(|| beginning(code))
}

/// The département at the start of a longer code.
fn beginning(code: &str) -> Option<Territory> {
    if code.len() < 3 {
        return None;
    }
    let overseas = code
        .get(..3)
        .filter(|code| code.starts_with("97") || code.starts_with("98"));
    let corsica = match code.get(..3) {
        Some("200" | "201") => Some("2A"),
        Some("202" | "206") => Some("2B"),
        _ => None,
    };
    Territories::departement(overseas.or(corsica).or(code.get(..2))?)
}

/// The place in a name: a postcode, a région, a département or a commune; for several, the territory they share.
fn by_name(name: &str) -> Option<Territory> {
    /// Maximum length of a place name, in bytes. The rest is ignored.
    const LONGEST: usize = 200;
    let name = &name[..name.floor_char_boundary(LONGEST)];
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

/// The place of a code by its length: nine digits are an EPCI, five a postcode or a commune, fewer a département.
fn by_shape(code: &str, name: &str) -> Option<Territory> {
    if code.chars().all(|c| c == '0') {
        return None;
    }
    match code.len() {
        9 => Territories::shipped().siren(code),
        5 => {
            // CEDEX postcodes look like codes of communes: the name must agree.
            let named = commune(code).filter(|place| named_commune(&[*place], name).is_some());
            named.or_else(|| postcode(code, name)).or_else(|| beginning(code))
        }
        // A postcode without its leading zero, or a code with a digit too many.
        4 => postcode(&format!("0{code}"), name).or_else(|| beginning(code)),
        1..=3 => departement(code).or_else(|| region(code)).or_else(|| beginning(code)),
        6 => beginning(code),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(code: &str, kind: &str, name: &str) -> String {
        match execution_place(code, kind, name) {
            ExecutionPlace::Known(path) => path.join(" > "),
            ExecutionPlace::Elsewhere => "elsewhere".to_owned(),
            ExecutionPlace::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn reads_every_kind_of_code() {
        for (code, kind, name, expected) in [
            ("31555", "Code commune", "", "Occitanie > Haute-Garonne > Toulouse"),
            (
                "59130",
                "CODE POSTAL",
                "Lambersart",
                "Hauts-de-France > Nord > Lambersart",
            ),
            ("32", "Code département", "", "Occitanie > Gers"),
            ("2a", "code departement", "", "Corse > Corse-du-Sud"),
            ("078", "Code département", "", "Île-de-France > Yvelines"),
            ("93", "Code région", "", "Provence-Alpes-Côte d'Azur"),
            ("82", "Code région", "", "Auvergne-Rhône-Alpes"),
            (
                "1004",
                "Code commune",
                "",
                "Auvergne-Rhône-Alpes > Ain > Ambérieu-en-Bugey",
            ),
            ("4", "Code région", "", "La Réunion"),
            ("R11", "Code région", "", "Île-de-France"),
            ("20", "Code département", "", "Corse"),
            ("544", "Code arrondissement", "", "Grand Est > Meurthe-et-Moselle"),
            (
                "13201",
                "Code arrondissement",
                "",
                "Provence-Alpes-Côte d'Azur > Bouches-du-Rhône > Marseille",
            ),
            ("0905", "Code canton", "", "Occitanie > Ariège"),
            (
                "243100518",
                "Code EPCI",
                "",
                "Occitanie > Haute-Garonne > Toulouse Métropole",
            ),
            ("99134", "Code pays", "", "elsewhere"),
            ("FR", "code pays", "", "elsewhere"),
        ] {
            assert_eq!(path(code, kind, name), expected, "{code} {kind}");
        }
    }

    #[test]
    fn recognises_codes_of_another_kind() {
        for (code, kind, name, expected) in [
            (
                "45058",
                "Code postal",
                "ORLEANS CEDEX",
                "Centre-Val de Loire > Loiret > Orléans",
            ),
            ("45058", "Code postal", "", "Centre-Val de Loire > Loiret"),
            ("75000", "Code postal", "", "Île-de-France > Paris"),
            (
                "94500",
                "Code commune",
                "Mairie de Champigny-sur-Marne",
                "Île-de-France > Val-de-Marne > Champigny-sur-Marne",
            ),
            (
                "17",
                "Code commune",
                "CHARENTE MARITIME",
                "Nouvelle-Aquitaine > Charente-Maritime",
            ),
            (
                "DEP",
                "Code commune",
                "TOUTES LES COMMUNES DE LOIRE-ATLANTIQUE",
                "Pays de la Loire > Loire-Atlantique",
            ),
            ("FRK26", "Code département", "RHONE", "Auvergne-Rhône-Alpes > Rhône"),
            (
                "820",
                "Code région",
                "Région Sud Provence Alpes Côte d'Azur",
                "Provence-Alpes-Côte d'Azur",
            ),
            ("34", "Code région", "", "Occitanie > Hérault"),
            (
                "1116",
                "Code postal",
                "38000",
                "Auvergne-Rhône-Alpes > Isère > Grenoble",
            ),
            ("10", "Code région", "Val de Marne et Essonne", "Île-de-France"),
            (
                "62041",
                "Code département",
                "ARRAS",
                "Hauts-de-France > Pas-de-Calais > Arras",
            ),
            ("20200", "Code postal", "", "Corse > Haute-Corse"),
            ("97400", "Code postal", "", "La Réunion > La Réunion > Saint-Denis"),
            ("55", "Code pays", "MEUSE", "Grand Est > Meuse"),
            ("00000", "Code postal", "", "unknown"),
            ("00", "Code postal", "DIVERS SITES", "unknown"),
            ("INO", "Code commune", "Angers Le Mans Nantes Tours", "unknown"),
            ("INO", "Code commune", "Angers, Nantes", "Pays de la Loire"),
            ("", "", "", "unknown"),
        ] {
            assert_eq!(path(code, kind, name), expected, "{code} {kind} {name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(code in ".{0,12}", kind in "(code )?(postal|pays|commune|x|é)?", name in ".{0,60}") {
            execution_place(&code, &kind, &name);
        }
    }
}
