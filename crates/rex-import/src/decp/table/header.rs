//! The columns of a table, by its headers.

use std::sync::Arc;

use super::super::json::{Json, assembled, known_key};
use super::columns::Column;

/// Maximum number of columns. The widest published table has 90.
const MAX_COLUMNS: usize = 1_000;

/// The columns of a table.
#[derive(Debug, Clone)]
pub(in super::super) struct Columns(Arc<Vec<Header>>);

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Header {
    Flat(Column),
    /// An object or a list, as JSON, under its key.
    Nested(&'static str),
    /// Nothing that is read.
    Other,
}

impl Columns {
    /// The columns with these headers.
    ///
    /// # Errors
    /// Headers that are not those of contracts: the sentence names some of them.
    pub(in super::super) fn of<'a>(headers: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let headers: Vec<&str> = headers.into_iter().map(str::trim).collect();
        if headers.len() > MAX_COLUMNS {
            let found = headers.len();
            return Err(format!("is a table of {found} columns, expected at most {MAX_COLUMNS}"));
        }
        let columns: Vec<_> = headers.iter().map(|header| Header::named(header)).collect();
        let has = |is: &dyn Fn(&Column) -> bool| {
            columns
                .iter()
                .any(|column| matches!(column, Header::Flat(column) if is(column)))
        };
        let has_nested = || {
            columns
                .iter()
                .any(|column| matches!(column, Header::Nested("acheteur" | "titulaires" | "lieuExecution")))
        };
        if has(&|column| column.is_object()) && (has(&|column| column.is_distinctive()) || has_nested()) {
            return Ok(Self(Arc::new(columns)));
        }
        const SHOWN: usize = 8;
        const LONGEST: usize = 40;
        let shown = headers.iter().filter(|header| !header.is_empty()).take(SHOWN);
        let shown: Vec<String> = shown
            .map(|header| format!("« {} »", one_line(header).chars().take(LONGEST).collect::<String>()))
            .collect();
        Err(format!(
            "is a table without the columns of DECP (its columns: {}), expected \"objet\", \"acheteur_id\", \"montant\" and the like; \
             for a table of cases run `rex import table`",
            shown.join(", ")
        ))
    }

    /// Whether the column at an index is read.
    #[cfg(feature = "parquet")]
    pub(super) fn is_read(&self, at: usize) -> bool {
        self.0.get(at).is_some_and(|header| *header != Header::Other)
    }

    /// The index of the column with the objects.
    pub(super) fn object(&self) -> usize {
        let object = self
            .0
            .iter()
            .position(|header| matches!(header, Header::Flat(column) if column.is_object()));
        object.unwrap_or_default()
    }

    /// The fields of a row of texts.
    pub(in super::super) fn fields(&self, cells: &csv::StringRecord) -> Json {
        Self::assembled(
            self.0
                .iter()
                .copied()
                .zip(cells.iter().map(|cell| Json::Scalar(cell.to_owned()))),
        )
    }

    /// The fields of a row that has only the columns that are read.
    #[cfg(feature = "parquet")]
    pub(super) fn fields_of_read(&self, values: impl IntoIterator<Item = Json>) -> Json {
        let read = self.0.iter().copied().filter(|header| *header != Header::Other);
        Self::assembled(read.zip(values))
    }

    fn assembled(cells: impl Iterator<Item = (Header, Json)>) -> Json {
        let (mut entries, mut flat) = (Vec::new(), Vec::new());
        for (header, value) in cells {
            match header {
                Header::Flat(column) => flat.push((column, value)),
                Header::Nested(key) => entries.push((key, nested_value(value))),
                Header::Other => {}
            }
        }
        assembled(entries, flat)
    }
}

impl Header {
    fn named(name: &str) -> Self {
        let flat = Column::named(name).map(Self::Flat);
        flat.or_else(|| known_key(name).map(Self::Nested))
            .unwrap_or(Self::Other)
    }
}

/// The value of a cell with JSON in it. Another text stays.
fn nested_value(value: Json) -> Json {
    match value {
        Json::Scalar(text) if text.is_empty() => Json::Null,
        Json::Scalar(text) if text.starts_with(['{', '[']) => serde_json::from_str(&text).unwrap_or(Json::Scalar(text)),
        other => other,
    }
}

/// A header with single spaces: that of a spreadsheet may have line breaks.
fn one_line(header: &str) -> String {
    let words = header.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
