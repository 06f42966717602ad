use std::fmt;

use serde::{Deserialize, Serialize};

/// The value of a cell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A text, trimmed, not empty.
    Text(String),
    /// A number.
    Number(f64),
    /// A day: year, month, day.
    Date(u16, u8, u8),
    /// An error of the spreadsheet: `#N/A`.
    Error(String),
    /// A formula without a stored result.
    Formula,
}

impl Cell {
    /// A text as a cell. White space alone is empty, and the errors of spreadsheets are known by their names.
    pub(crate) fn from_text(text: &str) -> Self {
        const ERRORS: &[&str] = &[
            "#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#VALEUR!", "#NAME?", "#NOM?", "#NULL!", "#NUL!", "#NUM!",
            "#NOMBRE!",
        ];
        match text.trim() {
            "" => Self::Empty,
            error if ERRORS.contains(&error) => Self::Error(error.to_owned()),
            text => Self::Text(text.to_owned()),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::Empty
    }
}

/// As a person would type it: `48000`, `0.5`, `2024-03-15`. Empty for a cell without a value.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty | Self::Formula => Ok(()),
            Self::Text(text) | Self::Error(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
            Self::Date(year, month, day) => write!(f, "{year:04}-{month:02}-{day:02}"),
        }
    }
}

/// The name of a column, from 0: `A`, `Z`, `AA`.
pub(crate) fn column_name(column: usize) -> String {
    let mut name = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        name.push(char::from(b'A' + (left % 26) as u8));
        left /= 26;
    }
    name.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_do() {
        let names = [0, 25, 26, 51, 52, 701, 702].map(column_name);
        assert_eq!(names, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn a_cell_is_shown_as_typed() {
        for (cell, shown) in [
            (Cell::Number(48_000.0), "48000"),
            (Cell::Number(21_310_555_400_017.0), "21310555400017"),
            (Cell::Number(0.5), "0.5"),
            (Cell::Date(2024, 3, 15), "2024-03-15"),
            (Cell::from_text("  a "), "a"),
            (Cell::from_text(" \u{a0}\n"), ""),
            (Cell::from_text("#VALEUR!"), "#VALEUR!"),
        ] {
            assert_eq!(cell.to_string(), shown);
        }
        assert_eq!(Cell::from_text("#N/A"), Cell::Error("#N/A".to_owned()));
    }
}
