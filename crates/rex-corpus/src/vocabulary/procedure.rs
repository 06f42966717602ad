use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{VocabularyError, data_lines, fold_label};

/// How a contract was awarded: one label of the closed list in `data/procedures.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Procedure(&'static str);

static LABELS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    data_lines(include_str!("../data/procedures.tsv"))
        .filter_map(|line| line.split('\t').next())
        .collect()
});

impl Procedure {
    /// The normalised label, in French.
    pub fn label(self) -> &'static str {
        self.0
    }

    /// Reads a label; letter case, accents and the kind of apostrophe do not matter.
    ///
    /// # Errors
    /// A label the list does not have, with the nearest one.
    pub fn parse(text: &str) -> Result<Self, VocabularyError> {
        let folded = fold_label(text.trim());
        LABELS
            .iter()
            .find(|label| fold_label(label) == folded)
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
