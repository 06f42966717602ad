//! Filterable, facetable and searchable attributes, and the facets behind them.

use std::fmt;

use rex_corpus::nearest_hint;
use rex_query::{Facet, FacetKind};

use super::error::short;

/// An attribute of a filter or a facet list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attribute {
    /// A facet; for a hierarchy, the values of all levels.
    Facet(Facet),
    /// `territoire.lvl0`: the values of one hierarchy level, 0 at the top.
    Level(Facet, usize),
}

impl Attribute {
    /// The attribute with a name, case-sensitive.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        if let Some(facet) = Facet::from_name(name) {
            return Some(Self::Facet(facet));
        }
        let (facet, level) = name.split_once(".lvl")?;
        let facet = Facet::from_name(facet).filter(|facet| facet.kind() == FacetKind::Hierarchy)?;
        let level = level.parse().ok().filter(|level| *level < facet.levels())?;
        // `lvl00` parses as a number but is no attribute name.
        Some(Self::Level(facet, level)).filter(|attribute| attribute.to_string() == name)
    }

    /// All attributes, each hierarchy followed by its levels.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Facet::ALL.into_iter().flat_map(|facet| {
            let levels = match facet.kind() {
                FacetKind::Hierarchy => facet.levels(),
                FacetKind::Terms | FacetKind::Range => 0,
            };
            [Self::Facet(facet)]
                .into_iter()
                .chain((0..levels).map(move |level| Self::Level(facet, level)))
        })
    }

    /// The facet of the attribute.
    pub(super) const fn facet(self) -> Facet {
        match self {
            Self::Facet(facet) | Self::Level(facet, _) => facet,
        }
    }

    /// Whether the values are numbers, which can be compared and have a minimum and a maximum.
    pub(super) const fn is_number(self) -> bool {
        matches!(self.facet(), Facet::Montant | Facet::Duree | Facet::Annee)
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Facet(facet) => f.write_str(facet.name()),
            Self::Level(facet, level) => write!(f, "{}.lvl{level}", facet.name()),
        }
    }
}

/// The error message for an unknown attribute, with the nearest and all known ones.
pub(super) fn unknown(name: &str, kind: &str, known: &[String]) -> String {
    let near = nearest_hint(name, known.iter().map(String::as_str));
    format!(
        "attribute `{}` is not {kind}{near}; expected one of: {}",
        short(name),
        known.join(", ")
    )
}

/// The names of all attributes.
pub(super) fn names() -> Vec<String> {
    Attribute::all().map(|attribute| attribute.to_string()).collect()
}

/// A facet value as documents and distributions hold it: for a hierarchy the whole path, joined by ` > `.
pub(super) fn shown_path(facet: Facet, path: &str) -> String {
    match facet {
        Facet::Cpv => facet.lineage(path).join(rex_query::PATH_SEPARATOR),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attribute_has_one_name() {
        let names = names();
        assert_eq!(names.len(), 14 + 3 + 7);
        for name in &names {
            assert_eq!(Attribute::from_name(name).unwrap().to_string(), *name);
        }
        for name in [
            "territoire.lvl3",
            "territoire.lvl00",
            "territoire.",
            "theme.lvl0",
            "cpv.lvl-1",
            "cpv.lvl+1",
            "Cpv",
            "",
        ] {
            assert_eq!(Attribute::from_name(name), None, "{name}");
        }
        assert!(unknown("procedur", "filterable", &names).starts_with(
            "attribute `procedur` is not filterable, the nearest is \"procedure\"; expected one of: type, nature, "
        ));
    }

    #[test]
    fn a_path_is_shown_from_the_top() {
        assert_eq!(shown_path(Facet::Cpv, "75230000"), "75000000 > 75200000 > 75230000");
        assert_eq!(shown_path(Facet::Territoire, "Occitanie > Lot"), "Occitanie > Lot");
    }
}
