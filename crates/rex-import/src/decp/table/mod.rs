//! Contracts as rows of a table: the columns, the formats, and the rows of one contract.

mod columns;
mod csv;
mod header;
#[cfg(feature = "parquet")]
mod parquet;
mod rows;

pub(super) use columns::{Column, nested};
pub(super) use csv::read_csv;
pub(super) use header::Columns;
#[cfg(feature = "parquet")]
pub(super) use parquet::read_parquet;
pub(super) use rows::{ROW, is_row, merged};
