use super::read::{DEPARTEMENTS, REGIONS};

/// A territory of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Territory {
    /// A région, or a collectivité that is one of its own.
    Region(&'static Region),
    /// A département.
    Departement(&'static Departement),
    /// A grouping of communes that raises taxes, or an établissement public territorial of Grand Paris.
    Epci(&'static Epci),
    /// A commune of today.
    Commune(&'static Commune),
}

/// A région (INSEE code of two digits; three overseas).
#[derive(Debug, PartialEq, Eq)]
pub struct Region {
    /// `76`.
    pub code: &'static str,
    /// `Occitanie`.
    pub name: &'static str,
}

/// A département.
#[derive(Debug, PartialEq, Eq)]
pub struct Departement {
    /// `31`, `2A`, `974`.
    pub code: &'static str,
    /// `Haute-Garonne`.
    pub name: &'static str,
    pub(super) region: &'static str,
    /// What joins the name to a word before it, as INSEE numbers it (TNCC).
    pub(super) article: u8,
}

/// A grouping of communes.
#[derive(Debug, PartialEq, Eq)]
pub struct Epci {
    /// Nine digits.
    pub siren: &'static str,
    /// `Toulouse Métropole`, `Communauté de communes du Pays Rhénan`.
    pub name: String,
    /// The département of most of its inhabitants.
    pub(super) departement: &'static str,
}

/// A commune.
#[derive(Debug, PartialEq, Eq)]
pub struct Commune {
    /// INSEE code, five characters.
    pub code: String,
    /// `Mtsamboro`.
    pub name: &'static str,
    /// Inhabitants, where there are ten thousand or more.
    pub population: Option<u32>,
    pub(super) departement: &'static str,
    /// The ends of its postcodes, as the list has them.
    pub(super) postcodes: &'static str,
    pub(super) siren: Option<u32>,
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

    /// The département it lies in, or is; none for a région.
    pub fn departement(self) -> Option<&'static Departement> {
        let code = match self {
            Self::Region(_) => return None,
            Self::Departement(departement) => return Some(departement),
            Self::Epci(epci) => epci.departement,
            Self::Commune(commune) => commune.departement,
        };
        DEPARTEMENTS.iter().find(|departement| departement.code == code)
    }

    /// The région it lies in, or is.
    pub fn region(self) -> Option<Self> {
        if let Self::Region(_) = self {
            return Some(self);
        }
        let departement = self.departement()?;
        let region = REGIONS.iter().find(|region| region.code == departement.region);
        region.map(Self::Region)
    }

    /// What the collectivité that governs it is called: `Département de l'Ain`, `Commune du Havre`.
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

    /// Whether it lies in a région or a département, or is it.
    pub fn is_in(self, other: Self) -> bool {
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

/// A name after `de`, by INSEE's number for its article.
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
