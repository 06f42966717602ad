use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{VocabularyError, data_lines, fold_label, name_key};

/// How a contract was awarded: one label of the closed list in `data/procedures.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Procedure(&'static str);

const TABLE: &str = include_str!("../data/procedures.tsv");

static LABELS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| data_lines(TABLE).filter_map(|line| line.split('\t').next()).collect());

/// The key of every label and alternative name, longest first, with its procedure; `None` for a name that two procedures share.
static NAMES: LazyLock<Vec<(String, Option<Procedure>)>> = LazyLock::new(|| {
    let mut names: Vec<(String, Option<Procedure>)> = Vec::new();
    for procedure in Procedure::all() {
        for name in procedure.other_names().chain([procedure.0]) {
            let key = name_key(name);
            match names.iter_mut().find(|(known, _)| *known == key) {
                Some((_, procedure)) => *procedure = None,
                None => names.push((key, Some(procedure))),
            }
        }
    }
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names
});

impl Procedure {
    /// The normalised label, in French.
    pub fn label(self) -> &'static str {
        self.0
    }

    /// Every procedure, in the order of the list.
    pub fn all() -> impl Iterator<Item = Self> {
        LABELS.iter().map(|label| Self(label))
    }

    /// Its alternative names: `MAPA` for `Procédure adaptée`. Two procedures can share a name.
    pub fn other_names(self) -> impl Iterator<Item = &'static str> {
        let line = data_lines(TABLE).find(|line| line.split('\t').next() == Some(self.0));
        let names = line.and_then(|line| line.split('\t').nth(2)).unwrap_or_default();
        names.split(';').filter(|name| !name.is_empty())
    }

    /// The procedure with a label or alternative name in any known spelling: `MAPA`, `APPEL D’OFFRES OUVERT`. `None` for a name
    /// that two procedures share.
    pub fn from_spelling(text: &str) -> Option<Self> {
        let key = name_key(text);
        let known = NAMES.iter().find(|(name, _)| *name == key);
        known.and_then(|(_, procedure)| *procedure)
    }

    /// The procedure with the longest name in a text: `Marché passé en procédure adaptée ouverte`.
    pub fn named_in(text: &str) -> Option<Self> {
        let words = format!(" {} ", name_key(text));
        let known = NAMES.iter().find(|(name, _)| words.contains(&format!(" {name} ")));
        known.and_then(|(_, procedure)| *procedure)
    }

    /// Parses a label, ignoring letter case, accents and the kind of apostrophe.
    ///
    /// # Errors
    /// A label that is not in the list; the error names the nearest one.
    pub fn parse(text: &str) -> Result<Self, VocabularyError> {
        let is_same = |label: &&&str| **label == text;
        let is_alike = |folded: String| LABELS.iter().find(move |label| fold_label(label) == folded);
        (LABELS.iter().find(is_same))
            .or_else(|| is_alike(fold_label(text.trim())))
            .map(|label| Self(label))
            .ok_or_else(|| VocabularyError::unknown("procedure", text, LABELS.clone()))
    }
}

impl fmt::Display for Procedure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for Procedure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Procedure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_label_as_people_type_it() {
        for text in ["Procédure adaptée", "procedure adaptee", "PROCÉDURE ADAPTÉE "] {
            assert_eq!(
                Procedure::parse(text).map(Procedure::label),
                Ok("Procédure adaptée"),
                "{text}"
            );
        }
        assert_eq!(
            Procedure::parse("appel d’offres ouvert").map(Procedure::label),
            Ok("Appel d'offres ouvert")
        );
    }

    #[test]
    fn knows_what_else_a_procedure_is_called() {
        let names = |label| Procedure::parse(label).unwrap().other_names().collect::<Vec<_>>();
        assert!(names("Procédure adaptée").contains(&"MAPA"));
        assert!(names("Appel d'offres restreint").contains(&"appel d'offres"));
        assert_eq!(names("Dialogue compétitif"), [] as [&str; 0]);
    }

    #[test]
    fn knows_every_spelling_met() {
        for (text, expected) in [
            ("MAPA", Some("Procédure adaptée")),
            ("procedure adaptee ouverte", Some("Procédure adaptée")),
            ("Appel d’offre ouvert", Some("Appel d'offres ouvert")),
            (
                "Procédure concurrentielle avec négociation",
                Some("Procédure avec négociation"),
            ),
            (
                "Procédure négociée avec mise en concurrence préalable",
                Some("Procédure avec négociation"),
            ),
            (
                "Marché négocié sans publicité ni mise en concurrence préalable",
                Some("Marché passé sans publicité ni mise en concurrence préalable"),
            ),
            ("Appel d'offres", None),
            ("autre chose", None),
        ] {
            assert_eq!(Procedure::from_spelling(text).map(Procedure::label), expected, "{text}");
        }
        let named = |text| Procedure::named_in(text).map(Procedure::label);
        assert_eq!(
            named("Marché passé selon une procédure adaptée, en 3 lots"),
            Some("Procédure adaptée")
        );
        assert_eq!(named("Marché réservé SIAE"), Some("Marché réservé"));
        assert_eq!(named("Marché de travaux"), None);
    }

    #[test]
    fn names_the_nearest_label() {
        let error = Procedure::parse("Procédure adapté").unwrap_err().to_string();
        assert_eq!(
            error,
            "unknown procedure \"Procédure adapté\", expected one of the 16 known ones; the nearest is \"Procédure adaptée\""
        );
        let error = Procedure::parse("zzz").unwrap_err().to_string();
        assert!(error.contains("expected one of: Procédure adaptée, "), "{error}");
    }
}
