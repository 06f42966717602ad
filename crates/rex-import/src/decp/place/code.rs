//! The territory of a code of a place of execution.

use std::collections::HashMap;
use std::sync::LazyLock;

use rex_corpus::{Territories, Territory, data_lines, name_key};

/// A code of a place, as published.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PlaceCode {
    /// A code of INSEE or of La Poste: letters and digits, in upper case.
    French(String),
    /// The same, after a country code: `FR-31`, `FR45000`, `F-31000`.
    Prefixed(String),
    /// A code of another list, NUTS or ISO 3166-2: `FRF2`, `FR-IDF`.
    Listed(Territory),
}

/// The territories of the codes of other lists.
static LISTED: LazyLock<HashMap<&str, Territory>> = LazyLock::new(|| {
    data_lines(include_str!("../../data/place_codes.tsv"))
        .filter_map(|line| {
            let (code, target) = line.split_once('\t')?;
            let place = match target.split_at_checked(1)? {
                ("R", region) => Territories::region(region),
                (_, departement) => Territories::departement(departement),
            };
            Some((code, place?))
        })
        .collect()
});

impl PlaceCode {
    /// Reads a code. `kind` is its declared kind, as in [`declared`].
    pub(super) fn read(typed: &str, kind: &str) -> Self {
        const LONGEST: usize = 20;
        let code: String = typed
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(LONGEST)
            .collect();
        let code = code.to_ascii_uppercase();
        let after_country = code
            .strip_prefix("FR")
            .or_else(|| code.strip_prefix('F').filter(|rest| rest.len() == 5));
        let after_country = after_country.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        // `FR10` is Île-de-France in NUTS, `FR-10` is Aube in ISO 3166-2.
        let is_departement =
            after_country.is_some_and(|rest| rest.len() == 2) && (typed.contains('-') || kind == "departement");
        match (LISTED.get(code.as_str()), after_country) {
            (Some(place), _) if !is_departement => Self::Listed(*place),
            (_, Some(rest)) => Self::Prefixed(rest.to_owned()),
            _ => Self::French(code),
        }
    }
}

/// The territory of a code by its declared kind (the list of the arrêtés of 22 March 2019 and of 22 December 2022), without « code ».
pub(super) fn declared(code: &str, kind: &str, name: &str) -> Option<Territory> {
    match kind {
        "postal" => postcode(code, name),
        "commune" => commune(code),
        "departement" => departement(code),
        "region" => region(code),
        "arrondissement" | "canton" => part_of_departement(code),
        "epci" => Territories::shipped().siren(code),
        _ => None,
    }
}

/// Every territory that a code has in one list or another.
pub(super) fn every_reading(code: &str, name: &str) -> Vec<Territory> {
    let is_nothing = code.chars().all(|c| c == '0');
    let readings = match code.len() {
        _ if is_nothing => [None, None],
        4 | 5 => [
            commune(code).filter(|place| !is_of_another_departement(*place, code)),
            postcode(code, name),
        ],
        1..=3 => [departement(code), region(code)],
        9 => [Territories::shipped().siren(code), None],
        _ => [None, None],
    };
    readings.into_iter().flatten().collect()
}

/// The commune of a postcode: the only one, or the one in the name; else the territory they share.
pub(super) fn postcode(code: &str, name: &str) -> Option<Territory> {
    let communes = Territories::shipped().postcode(code);
    match communes {
        [] => None,
        [only] => Some(*only),
        several => named_commune(several, name).or_else(|| shared_territory(several)),
    }
}

/// The commune that a name contains, the longest of several.
pub(super) fn named_commune(communes: &[Territory], name: &str) -> Option<Territory> {
    let name = format!(" {} ", name_key(name));
    let named = communes
        .iter()
        .filter(|place| name.contains(&format!(" {} ", name_key(place.name()))));
    named.max_by_key(|place| place.name().len()).copied()
}

/// The département that several places share, else the région.
pub(super) fn shared_territory(places: &[Territory]) -> Option<Territory> {
    let (first, rest) = places.split_first()?;
    let departement = first.departement().map(Territory::Departement)?;
    let is_common = |above: &Territory| rest.iter().all(|place| place.is_in(*above));
    Some(departement)
        .filter(is_common)
        .or_else(|| departement.region().filter(is_common))
}

/// `31555`; `1004` for `01004`; `2A004`. A former code may be that of another département: those of Seine are postcodes of Paris today.
pub(super) fn commune(code: &str) -> Option<Territory> {
    let padded = (code.len() == 4).then(|| format!("0{code}"));
    let territories = Territories::shipped();
    territories.commune(code).or_else(|| territories.commune(&padded?))
}

/// Whether a commune is in another département than its code, which it had before 1968 or before it was joined to another commune.
pub(super) fn is_of_another_departement(place: Territory, code: &str) -> bool {
    let padded = if code.len() == 4 {
        format!("0{code}")
    } else {
        code.to_owned()
    };
    place.departement().map(Territory::Departement) != beginning(&padded)
}

/// `31`, `2A`, `974`; `1` and `078` for `01` and `78`.
pub(super) fn departement(code: &str) -> Option<Territory> {
    let unpadded = code.strip_prefix('0').filter(|rest| rest.len() == 2);
    let padded = (code.len() == 1).then(|| format!("0{code}"));
    Territories::departement(code)
        .or_else(|| Territories::departement(unpadded?))
        .or_else(|| Territories::departement(&padded?))
        // Corse: a département until 1976, a région today.
        .or_else(|| Territories::region("94").filter(|_| code == "20"))
}

/// `76`; `4` for `04`; `R76`, as INSEE writes it to avoid confusion with a département.
pub(super) fn region(code: &str) -> Option<Territory> {
    let code = code.strip_prefix('R').unwrap_or(code);
    let padded = (code.len() == 1).then(|| format!("0{code}"));
    Territories::region(code).or_else(|| Territories::region(&padded?))
}

/// The territory of a canton or arrondissement, whose code begins with its département: `0905`, `544`; `13201` is an arrondissement of Marseille.
pub(super) fn part_of_departement(code: &str) -> Option<Territory> {
    commune(code).or_else(|| beginning(code))
}

/// The département at the start of a longer code.
pub(super) fn beginning(code: &str) -> Option<Territory> {
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

/// The place of a code by its length: nine digits are an EPCI, five a postcode or a commune, fewer a département.
pub(super) fn by_shape(code: &str, name: &str) -> Option<Territory> {
    if code.chars().all(|c| c == '0') {
        return None;
    }
    match code.len() {
        9 => Territories::shipped().siren(code),
        // A postcode has digits only.
        5 if code.starts_with("2A") || code.starts_with("2B") => commune(code).or_else(|| beginning(code)),
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

    #[test]
    fn every_listed_code_is_that_of_a_territory() {
        let lines = data_lines(include_str!("../../data/place_codes.tsv")).count();
        assert_eq!(LISTED.len(), lines);
        let departements = LISTED
            .values()
            .filter(|place| matches!(place, Territory::Departement(_)));
        let departements = departements.map(|place| place.name());
        let departements: std::collections::BTreeSet<_> = departements.collect();
        assert_eq!(departements.len(), 101);
    }

    #[test]
    fn reads_codes_with_a_country() {
        let listed = |typed, kind| match PlaceCode::read(typed, kind) {
            PlaceCode::Listed(place) => place.name().to_owned(),
            PlaceCode::Prefixed(code) => format!("FR {code}"),
            PlaceCode::French(code) => code,
        };
        for (typed, kind, expected) in [
            ("FRF3", "region", "Grand Est"),
            ("FR101", "", "Paris"),
            ("frk26", "departement", "Rhône"),
            ("FR1", "", "Île-de-France"),
            ("FR10", "region", "Île-de-France"),
            ("FR10", "departement", "FR 10"),
            ("FR-10", "region", "FR 10"),
            ("FR-31", "departement", "FR 31"),
            ("FR-2A", "", "FR 2A"),
            ("FR-IDF", "", "Île-de-France"),
            ("FR623", "", "Haute-Garonne"),
            ("FR-974", "", "FR 974"),
            ("FR45000", "postal", "FR 45000"),
            ("F-31000", "postal", "FR 31000"),
            ("FRANCE", "", "FRANCE"),
            ("FR", "pays", "FR"),
            ("2a004", "commune", "2A004"),
        ] {
            assert_eq!(listed(typed, kind), expected, "{typed} {kind}");
        }
    }
}
