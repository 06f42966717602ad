//! The columns of a table, by its headers.

use std::sync::Arc;

use super::super::json::Json;
use super::columns::{Column, nested};

/// Maximum number of columns. The widest published table has 90.
const MAX_COLUMNS: usize = 1_000;

/// The columns of a table. `None` for those that are not read.
#[derive(Debug, Clone)]
pub(in super::super) struct Columns(Arc<Vec<Option<Column>>>);

impl Columns {
    /// The columns with these headers.
    ///
    /// # Errors
    /// Headers that are not those of contracts: the sentence names some of them.
    pub(in super::super) fn of<'a>(headers: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let headers: Vec<&str> = headers.into_iter().map(str::trim).collect();
        let columns: Vec<_> = headers.iter().map(|header| Column::named(header)).collect();
        let known = || columns.iter().flatten();
        if headers.len() <= MAX_COLUMNS
            && known().any(|column| column.is_object())
            && known().any(|column| column.is_distinctive())
        {
            return Ok(Self(Arc::new(columns)));
        }
        const SHOWN: usize = 8;
        const LONGEST: usize = 40;
        let shown = headers.iter().filter(|header| !header.is_empty()).take(SHOWN);
        let shown: Vec<String> = shown
            .map(|header| format!("« {} »", header.chars().take(LONGEST).collect::<String>()))
            .collect();
        Err(format!(
            "is a table without the columns of DECP (its columns: {}), expected \"objet\", \"acheteur_id\", \"montant\" and the like; \
             for a table of cases run `rex import table`",
            shown.join(", ")
        ))
    }

    /// Only the columns that are read.
    #[cfg(feature = "parquet")]
    pub(super) fn known(&self) -> Self {
        Self(Arc::new(
            self.0.iter().filter(|column| column.is_some()).copied().collect(),
        ))
    }

    /// The fields of a row.
    pub(in super::super) fn fields(&self, cells: &csv::StringRecord) -> Json {
        let cells = self.0.iter().zip(cells.iter());
        let cells = cells.filter_map(|(column, cell)| Some((((*column)?), Json::Scalar(cell.to_owned()))));
        Json::Map(nested(cells))
    }
}
