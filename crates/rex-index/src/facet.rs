use rex_corpus::Record;

/// Stands between the levels of a territory's path: `Occitanie > Haute-Garonne`.
pub const PATH_SEPARATOR: &str = " > ";

/// A field one can narrow a search by. Its name is the one users see, French and after DECP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the field of the record that bears its name")]
pub enum Facet {
    Type,
    Nature,
    Procedure,
    Reserve,
    Considerations,
    Territoire,
    Cpv,
    Acheteur,
    Titulaire,
    Structure,
    Theme,
    Annee,
    Montant,
    Duree,
}

/// How the values of a facet relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FacetKind {
    /// Plain values.
    Terms,
    /// Values within values, each named by its path from the top.
    Hierarchy,
    /// Numbers, narrowed by bounds.
    Range,
}

impl Facet {
    /// Every facet, in the order a reader should meet them.
    pub const ALL: [Self; 14] = [
        Self::Type,
        Self::Nature,
        Self::Procedure,
        Self::Reserve,
        Self::Considerations,
        Self::Territoire,
        Self::Cpv,
        Self::Acheteur,
        Self::Titulaire,
        Self::Structure,
        Self::Theme,
        Self::Annee,
        Self::Montant,
        Self::Duree,
    ];

    /// As it is named in a request and an answer.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Nature => "nature",
            Self::Procedure => "procedure",
            Self::Reserve => "reserve",
            Self::Considerations => "considerations",
            Self::Territoire => "territoire",
            Self::Cpv => "cpv",
            Self::Acheteur => "acheteur",
            Self::Titulaire => "titulaire",
            Self::Structure => "structure",
            Self::Theme => "theme",
            Self::Annee => "annee",
            Self::Montant => "montant",
            Self::Duree => "duree",
        }
    }

    /// The facet of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.name() == name)
    }

    /// How its values relate.
    pub const fn kind(self) -> FacetKind {
        match self {
            Self::Territoire | Self::Cpv => FacetKind::Hierarchy,
            Self::Montant | Self::Duree => FacetKind::Range,
            _ => FacetKind::Terms,
        }
    }

    /// The values a record has for a facet of terms or a hierarchy (every level of it), each once; none for a range.
    pub fn values(self, record: &Record) -> Vec<String> {
        let optional = |value: Option<&str>| value.map(str::to_owned).into_iter().collect();
        let mut values: Vec<String> = match self {
            Self::Type => vec![record.case_type.label().to_owned()],
            Self::Nature => optional(record.nature.map(rex_corpus::Nature::label)),
            Self::Procedure => optional(record.procedure.map(rex_corpus::Procedure::label)),
            Self::Reserve => record.reserve.iter().map(ToString::to_string).collect(),
            Self::Considerations => record.considerations.clone(),
            Self::Territoire => paths(&record.territoire),
            Self::Cpv => record.cpv.map(|cpv| cpv.branches()).unwrap_or_default(),
            Self::Acheteur => record.acheteur.iter().map(|party| party.nom.clone()).collect(),
            Self::Titulaire => record.titulaires.iter().map(|party| party.nom.clone()).collect(),
            Self::Structure => record
                .titulaires
                .iter()
                .filter_map(|party| party.structure.clone())
                .collect(),
            Self::Theme => record.themes.clone(),
            Self::Annee => record.date.map(|date| date.year().to_string()).into_iter().collect(),
            Self::Montant | Self::Duree => Vec::new(),
        };
        values.sort();
        values.dedup();
        values
    }

    /// The number a record has for a range: cents for `montant`, months for `duree`.
    pub fn number(self, record: &Record) -> Option<u64> {
        match self {
            Self::Montant => record.montant_ht.map(rex_corpus::Euros::cents),
            Self::Duree => record.duree_mois.map(u64::from),
            _ => None,
        }
    }
}

/// `[a, b, c]` gives `a`, `a > b`, `a > b > c`.
fn paths(levels: &[String]) -> Vec<String> {
    (1..=levels.len())
        .map(|depth| levels[..depth].join(PATH_SEPARATOR))
        .collect()
}
