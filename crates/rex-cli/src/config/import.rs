use std::collections::BTreeMap;

use rex_import::TableMap;
use serde::Deserialize;

use crate::failure::UserError;

/// `[import]`: what `rex import` knows of the files of a publisher.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ImportSection {
    /// `[import.table]`: the fields of columns, by header.
    #[serde(default)]
    table: BTreeMap<String, String>,
}

impl ImportSection {
    /// The fields of columns.
    pub(super) fn table_map(&self) -> Result<TableMap, UserError> {
        let mut map = TableMap::default();
        for (column, field) in &self.table {
            map.add(column, field)
                .map_err(|reason| UserError(format!("[import.table] \"{column}\" of the configuration: {reason}")))?;
        }
        Ok(map)
    }
}
