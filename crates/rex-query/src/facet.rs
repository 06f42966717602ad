use rex_corpus::{Record, structure_values};

/// Separates the levels in the path of a territory: `Occitanie > Haute-Garonne`.
pub const PATH_SEPARATOR: &str = " > ";

/// A field to filter and count by. Its name is the one users see, in French and after DECP.
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

/// The structure of the values of a facet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FacetKind {
    /// Plain values.
    Terms,
    /// Nested values, each with its path from the top.
    Hierarchy,
    /// Numbers, filtered by bounds.
    Range,
}

impl Facet {
    /// Every facet, in the order of responses.
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

    /// Its name in requests and responses.
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

    /// The facet with a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.name() == name)
    }

    /// The structure of its values.
    pub const fn kind(self) -> FacetKind {
        match self {
            Self::Territoire | Self::Cpv => FacetKind::Hierarchy,
            Self::Montant | Self::Duree => FacetKind::Range,
            _ => FacetKind::Terms,
        }
    }

    /// The values of a record, each once: for a hierarchy, every level. Empty for a range.
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
                .flat_map(|party| &party.structure)
                .flat_map(|name| structure_values(name))
                .collect(),
            Self::Theme => record.themes.clone(),
            Self::Annee => record.date.map(|date| date.year().to_string()).into_iter().collect(),
            Self::Montant | Self::Duree => Vec::new(),
        };
        values.sort();
        values.dedup();
        values
    }

    /// The parent of a path; `None` at the top.
    pub fn parent(self, path: &str) -> Option<String> {
        let above = self.above(path)?;
        Some(match self {
            Self::Cpv => format!("{above:0<8}"),
            _ => above.to_owned(),
        })
    }

    /// The parent of a path; for a CPV code without trailing zeros.
    fn above(self, path: &str) -> Option<&str> {
        match self {
            Self::Territoire => path.rsplit_once(PATH_SEPARATOR).map(|(above, _)| above),
            Self::Cpv => {
                let significant = path.trim_end_matches('0').len().max(2);
                path.get(..significant - 1).filter(|above| above.len() >= 2)
            }
            _ => None,
        }
    }

    /// A path and its ancestors, the top first.
    pub fn lineage(self, path: &str) -> Vec<String> {
        let mut lineage = vec![path.to_owned()];
        while let Some(above) = lineage.last().and_then(|path| self.parent(path)) {
            lineage.push(above);
        }
        lineage.reverse();
        lineage
    }

    /// The term of a value in the index. In a hierarchy it begins with the digit of the level, so that the values of one level, and
    /// those below one path, are adjacent.
    pub fn term(self, value: &str) -> String {
        match self.kind() {
            FacetKind::Hierarchy => {
                let level = char::from(b'0' + self.level(value) as u8);
                let mut term = String::with_capacity(1 + value.len());
                term.push(level);
                term.push_str(value);
                term
            }
            FacetKind::Terms | FacetKind::Range => value.to_owned(),
        }
    }

    /// The value of a term of the index.
    pub fn value_of(self, term: &str) -> &str {
        match self.kind() {
            FacetKind::Hierarchy => term.get(1..).unwrap_or_default(),
            FacetKind::Terms | FacetKind::Range => term,
        }
    }

    /// The prefix of the terms directly below a path, or of the top level.
    pub fn term_prefix_below(self, path: Option<&str>) -> String {
        let Some(path) = path else { return "0".to_owned() };
        let below = self.level(path) + 1;
        match self {
            Self::Cpv => format!(
                "{below}{}",
                &path[..path.trim_end_matches('0').len().clamp(2.min(path.len()), path.len())]
            ),
            _ => format!("{below}{path}{PATH_SEPARATOR}"),
        }
    }

    /// The prefix of the terms of a level, 0 at the top.
    pub fn term_prefix_of_level(self, level: usize) -> String {
        level.to_string()
    }

    /// Most levels of the hierarchy; 1 for plain values, 0 for a range.
    pub const fn levels(self) -> usize {
        match self {
            Self::Territoire => 3,
            // Two digits for divisions, up to eight.
            Self::Cpv => 7,
            Self::Montant | Self::Duree => 0,
            _ => 1,
        }
    }

    /// The level of a path, 0 at the top. It has one digit: no hierarchy is deeper.
    pub fn level(self, path: &str) -> usize {
        let above = std::iter::successors(Some(path), |path| self.above(path));
        (above.count() - 1).min(8)
    }

    /// The number of a record, for a range: cents for `montant`, months for `duree`.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_structure_is_counted_by_its_form_and_its_status() {
        let record: Record = serde_json::from_value(serde_json::json!({
            "id": "a", "titre": "A", "titulaires": [
                {"nom": "B", "structure": "Association intermédiaire"}, {"nom": "C", "structure": ["SCIC", "EI"]},
                {"nom": "D", "structure": "Cabinet"}, {"nom": "E"},
            ],
        }))
        .unwrap();
        assert_eq!(
            Facet::Structure.values(&record),
            [
                "Association",
                "Association intermédiaire",
                "Cabinet",
                "Coopérative",
                "Entreprise d'insertion",
                "SCIC",
                "SIAE"
            ]
        );
    }

    #[test]
    fn paths_climb_level_by_level() {
        assert_eq!(Facet::Territoire.lineage("A > B > C"), ["A", "A > B", "A > B > C"]);
        assert_eq!(
            Facet::Cpv.lineage("75231240"),
            ["75000000", "75200000", "75230000", "75231000", "75231200", "75231240"]
        );
        assert_eq!(Facet::Cpv.lineage("30000000"), ["30000000"]);
        assert_eq!(Facet::Cpv.lineage("é"), ["é"]);
    }

    #[test]
    fn terms_begin_as_what_is_above_them_says() {
        for (facet, path) in [
            (Facet::Territoire, "A > B > C"),
            (Facet::Cpv, "75231240"),
            (Facet::Cpv, "30192000"),
        ] {
            let mut above = None;
            for (level, step) in facet.lineage(path).into_iter().enumerate() {
                assert_eq!(facet.level(&step), level, "{step}");
                let term = facet.term(&step);
                assert!(
                    term.starts_with(&facet.term_prefix_below(above.as_deref())),
                    "{term} below {above:?}"
                );
                assert_eq!(facet.value_of(&term), step);
                above = Some(step);
            }
        }
    }
}
