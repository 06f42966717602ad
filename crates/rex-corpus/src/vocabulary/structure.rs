//! The legal form and the status of the holder of a contract.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{data_lines, name_key};

/// A line of `data/structure_kinds.tsv`, which gives the sources.
struct StructureKind {
    label: &'static str,
    /// Labels of its other kinds: the legal form and the status of an association intermédiaire.
    also: Vec<&'static str>,
}

/// Every kind by each of its names.
static KINDS: LazyLock<HashMap<String, StructureKind>> = LazyLock::new(|| {
    let lines = data_lines(include_str!("../data/structure_kinds.tsv"));
    let named = |line: &'static str| {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let (label, also, names) = (cell(), cell(), cell());
        let several = |cell: &'static str| cell.split(';').filter(|name| !name.is_empty());
        let kind = move || StructureKind {
            label,
            also: several(also).collect(),
        };
        let names = std::iter::once(label).chain(several(names));
        names.map(move |name| (key(name), kind()))
    };
    lines.flat_map(named).collect()
});

/// The label of the structure with a name: `Entreprise adaptée` for `EA`. Letter case, accents, the full stops of an acronym and
/// the plural are ignored. `None` for an unknown name.
pub fn structure_label(name: &str) -> Option<&'static str> {
    KINDS.get(&key(name)).map(|kind| kind.label)
}

/// The facet values of a structure: its label, then its legal form and its status if they differ. An unknown name gives itself.
///
/// `Association intermédiaire` gives `Association intermédiaire`, `Association` and `SIAE`.
pub fn structure_values(name: &str) -> Vec<String> {
    match KINDS.get(&key(name)) {
        Some(kind) => std::iter::once(kind.label)
            .chain(kind.also.iter().copied())
            .map(str::to_owned)
            .collect(),
        None => vec![name.to_owned()],
    }
}

/// The lookup key of a name, without the plural. `S.C.O.P.` is one word.
fn key(name: &str) -> String {
    let name = name_key(name);
    let words = || name.split(' ').filter(|word| !word.is_empty());
    if words().all(|word| word.chars().count() == 1) {
        return words().collect();
    }
    // `SAS` is an acronym, not a plural.
    let singular = |word: &'_ str| match word.strip_suffix('s') {
        Some(stem) if word.len() > 4 => stem.to_owned(),
        _ => word.to_owned(),
    };
    words().map(singular).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_structure_is_found_under_its_form_and_its_status() {
        for (name, expected) in [
            (
                "Association intermédiaire",
                "Association intermédiaire, Association, SIAE",
            ),
            (
                "associations intermediaires",
                "Association intermédiaire, Association, SIAE",
            ),
            ("AI", "Association intermédiaire, Association, SIAE"),
            ("Association", "Association"),
            ("Association loi 1901", "Association"),
            ("S.C.O.P.", "SCOP, Coopérative"),
            ("SCIC", "SCIC, Coopérative"),
            ("Société coopérative d’intérêt collectif", "SCIC, Coopérative"),
            ("Entreprise coopérative", "Coopérative"),
            ("Entreprise d'insertion", "Entreprise d'insertion, SIAE"),
            ("ETTI", "Entreprise de travail temporaire d'insertion, SIAE"),
            (
                "Ateliers et chantiers d'insertion",
                "Atelier et chantier d'insertion, SIAE",
            ),
            ("Structure d'insertion par l'activité économique", "SIAE"),
            ("Entreprises adaptées", "Entreprise adaptée"),
            ("EA", "Entreprise adaptée"),
            ("Établissement et service d'aide par le travail", "ESAT"),
            ("Entreprise solidaire d'utilité sociale", "ESUS"),
            ("SAS", "SAS, Société commerciale"),
            ("SASU", "SASU, SAS, Société commerciale"),
            ("Société à responsabilité limitée", "SARL, Société commerciale"),
            ("Mutuelle", "Mutuelle"),
            ("Fondation", "Fondation"),
            ("Cabinet d'architectes", "Cabinet d'architectes"),
            ("", ""),
        ] {
            assert_eq!(structure_values(name).join(", "), expected, "{name}");
        }
    }

    #[test]
    fn every_name_of_the_list_means_one_kind_and_its_other_kinds_exist() {
        let mut names = std::collections::HashSet::new();
        for line in data_lines(include_str!("../data/structure_kinds.tsv")) {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 4, "{line}");
            assert!(!cells[3].is_empty(), "no source: {line}");
            for name in cells[2].split(';').chain([cells[0]]).filter(|name| !name.is_empty()) {
                assert!(names.insert(key(name)), "{name} twice");
            }
            for also in cells[1].split(';').filter(|also| !also.is_empty()) {
                assert_eq!(structure_label(also), Some(also), "{line}");
            }
        }
    }
}
