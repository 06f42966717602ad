//! `[meilisearch]` of the configuration: the indexes that Meilisearch clients see.

use serde::Deserialize;

use crate::failure::UserError;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MeilisearchSection {
    indexes: Option<Vec<String>>,
}

impl MeilisearchSection {
    /// The index names, by default `rex`. An empty list disables the Meilisearch routes.
    pub(super) fn index_names(self) -> Result<Vec<String>, UserError> {
        let names = self.indexes.unwrap_or_else(|| vec!["rex".to_owned()]);
        // Meilisearch allows no other characters, and its clients put names into URLs unescaped.
        let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let is_name = |name: &&String| !name.is_empty() && name.len() <= 512 && name.bytes().all(is_of_name);
        match names.iter().find(|name| !is_name(name)) {
            None => Ok(names),
            Some(name) => Err(UserError(format!(
                "[meilisearch] indexes of the configuration: \"{name}\" is not a name, expected letters without accents, digits, - and _"
            ))),
        }
    }
}
