//! What a person says about columns: `Objet du marché=titre`.

use std::collections::HashMap;

use rex_corpus::name_key;

use super::field::Field;

/// The fields of columns by their headers, which override those that are recognised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableMap {
    /// By the key of the header.
    pub(super) fields: HashMap<String, Field>,
    /// Headers that a table must have, as typed.
    pub(super) required: Vec<String>,
}

impl TableMap {
    /// Adds a column for any table that has it.
    ///
    /// # Errors
    /// A field that does not exist, in one clause.
    pub fn add(&mut self, column: &str, field: &str) -> Result<(), String> {
        self.fields.insert(name_key(column), Field::parse(field)?);
        Ok(())
    }

    /// Adds `COLUMN=FIELD`, for tables that must have the column.
    ///
    /// # Errors
    /// A text of another form, and a field that does not exist, in one clause.
    pub fn require(&mut self, mapping: &str) -> Result<(), String> {
        let split = mapping
            .rsplit_once('=')
            .filter(|(column, _)| !name_key(column).is_empty());
        let Some((column, field)) = split else {
            return Err(format!(
                "\"{mapping}\" is no mapping, expected COLUMN=FIELD such as \"Objet du marché=titre\""
            ));
        };
        self.add(column, field)?;
        self.required.push(column.trim().to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_names_a_column_and_a_field() {
        let mut map = TableMap::default();
        assert_eq!(map.require("Objet du marché = titre"), Ok(()));
        assert_eq!(map.require("a=b=themes"), Ok(()));
        assert_eq!(map.fields.get("objet du marche"), Some(&Field::Title));
        assert_eq!(map.required, ["Objet du marché", "a=b"]);
        for (mapping, why) in [
            ("titre", "is no mapping"),
            ("=titre", "is no mapping"),
            ("a=titer", "nearest is \"titre\""),
        ] {
            assert!(
                map.require(mapping).is_err_and(|error| error.contains(why)),
                "{mapping}"
            );
        }
    }
}
