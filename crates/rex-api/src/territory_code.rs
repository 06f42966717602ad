//! INSEE codes of territories, for maps.

use std::collections::HashMap;
use std::sync::LazyLock;

use rex_corpus::{Territories, Territory};
use rex_query::PATH_SEPARATOR;

/// The INSEE code of a région or a département by its path: `76` for `Occitanie`, `31` for `Occitanie > Haute-Garonne`.
///
/// `None` for lower levels and unknown names.
pub fn code(path: &str) -> Option<&'static str> {
    static CODES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
        let regions = Territories::regions()
            .iter()
            .map(|region| (region.name.to_owned(), region.code));
        let departements = Territories::departements().iter().filter_map(|departement| {
            let region = Territory::Departement(departement).region()?;
            Some(([region.name(), departement.name].join(PATH_SEPARATOR), departement.code))
        });
        regions.chain(departements).collect()
    });
    CODES.get(path).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_and_departements_have_a_code_and_nothing_else() {
        assert_eq!(code("Occitanie"), Some("76"));
        assert_eq!(code("Occitanie > Haute-Garonne"), Some("31"));
        assert_eq!(code("Corse > Haute-Corse"), Some("2B"));
        assert_eq!(code("Mayotte > Mayotte"), Some("976"));
        for other in [
            "",
            "Haute-Garonne",
            "Bretagne > Haute-Garonne",
            "Occitanie > Haute-Garonne > Toulouse",
            "Atlantide",
        ] {
            assert_eq!(code(other), None, "{other}");
        }
    }
}
