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
    /// The article of the name after `de`, as an INSEE code (TNCC).
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
    /// Number of inhabitants, from ten thousand on.
    pub population: Option<u32>,
    pub(super) departement: &'static str,
    /// The ends of its postcodes, comma-separated, as in the list.
    pub(super) postcodes: &'static str,
    pub(super) siren: Option<u32>,
}
