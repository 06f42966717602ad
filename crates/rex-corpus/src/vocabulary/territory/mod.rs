//! The territories of France, by code and by name: régions, départements, EPCI, communes and former communes.
//!
//! `cargo xtask territories` writes the list, `data/territories.txt`, and names its source. It is parsed on the first lookup; a
//! search does not need it.
//!
//! ```text
//! list ─ levels ─ lookup (names, codes) ─ Territory ─ meant (one name) ─ placing (the field of a record)
//! ```

mod levels;
mod list;
mod lookup;
mod meant;
mod names;
pub(crate) mod placing;
mod proposals;

use self::list::{DEPARTEMENTS, REGIONS};

pub use levels::{Commune, Departement, Epci, Region};
pub use lookup::{Territories, most_likely};

/// A territory of any level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Territory {
    /// A région, or an overseas collectivité without one.
    Region(&'static Region),
    /// A département.
    Departement(&'static Departement),
    /// An EPCI à fiscalité propre, or an établissement public territorial of Grand Paris.
    Epci(&'static Epci),
    /// A current commune.
    Commune(&'static Commune),
}

/// Paris is a collectivité of its own kind, called « Ville de Paris » (Code général des collectivités territoriales, L2512-1).
const PARIS: (&str, &str) = ("75056", "Ville de Paris");

impl Territory {
    /// Its own name, the last level of [`Self::path`].
    pub fn name(self) -> &'static str {
        match self {
            Self::Region(region) => region.name,
            Self::Departement(departement) => departement.name,
            Self::Epci(epci) => &epci.name,
            Self::Commune(commune) if commune.code == PARIS.0 => PARIS.1,
            Self::Commune(commune) => commune.name,
        }
    }

    /// From the région down, as the field `territoire` of a record has it: `[Occitanie, Haute-Garonne, Toulouse Métropole]`.
    pub fn path(self) -> Vec<String> {
        let mut path = Vec::with_capacity(3);
        if let Some(departement) = self.departement() {
            path.extend(self.region().map(|region| region.name().to_owned()));
            if !matches!(self, Self::Departement(_)) {
                path.push(departement.name.to_owned());
            }
        }
        path.push(self.name().to_owned());
        path
    }

    /// The département it is or is part of. `None` for a région.
    pub fn departement(self) -> Option<&'static Departement> {
        let code = match self {
            Self::Region(_) => return None,
            Self::Departement(departement) => return Some(departement),
            Self::Epci(epci) => epci.departement,
            Self::Commune(commune) => commune.departement,
        };
        DEPARTEMENTS.iter().find(|departement| departement.code == code)
    }

    /// The région it is or is part of.
    pub fn region(self) -> Option<Self> {
        if let Self::Region(_) = self {
            return Some(self);
        }
        let departement = self.departement()?;
        let region = REGIONS.iter().find(|region| region.code == departement.region);
        region.map(Self::Region)
    }

    /// The name of the collectivité that governs it: `Département de l'Ain`, `Commune du Havre`.
    pub fn collectivite(self) -> String {
        match self {
            Self::Region(region) => format!("Région {}", region.name),
            Self::Departement(departement) => {
                format!("Département {}", joined(departement.name, departement.article))
            }
            Self::Epci(epci) => epci.name.clone(),
            Self::Commune(commune) if commune.code == PARIS.0 => PARIS.1.to_owned(),
            Self::Commune(commune) => format!("Commune {}", of_commune(commune.name)),
        }
    }

    /// Whether it is `other` or part of it.
    pub fn is_in(self, other: Self) -> bool {
        if let (Self::Departement(one), Self::Commune(commune)) = (other, self) {
            return commune.departement == one.code;
        }
        match (other, self.departement()) {
            _ if self == other => true,
            (Self::Region(region), Some(departement)) => departement.region == region.code,
            (Self::Departement(one), Some(departement)) => departement.code == one.code,
            _ => false,
        }
    }

    /// Whether it is a commune of ten thousand inhabitants or more.
    pub fn is_large(self) -> bool {
        matches!(self, Self::Commune(commune) if commune.population.is_some())
    }
}

/// A name after `de`, by the INSEE code of its article.
fn joined(name: &str, article: u8) -> String {
    let article = match article {
        1 => "d'",
        2 => "du ",
        3 => "de la ",
        4 => "des ",
        5 => "de l'",
        _ => "de ",
    };
    format!("{article}{name}")
}

/// The name of a commune, which carries its article, after `de`.
fn of_commune(name: &str) -> String {
    if let Some(rest) = name.strip_prefix("Le ") {
        return format!("du {rest}");
    }
    if let Some(rest) = name.strip_prefix("Les ") {
        return format!("des {rest}");
    }
    let is_vowel = name.starts_with(['A', 'E', 'I', 'O', 'U', 'Y', 'É', 'È', 'Ê', 'Œ', 'Î', 'Â', 'À']);
    joined(name, u8::from(is_vowel))
}
