use rex_corpus::{CpvLabels, NO_VALUE};

use crate::imported::Findings;
use crate::table::cell::{Cell, column_name};
use crate::table::field::Field;
use crate::table::header::{Column, Header, one_line};
use crate::table::place::NearestPlaces;
use crate::table::sheet::Row;
use crate::table::values::is_placeholder;

/// Maximum characters of a name in a record.
pub(super) const MAX_NAME: usize = 300;
/// Maximum values of a list in a record.
pub(super) const MAX_VALUES: usize = 100;

/// Reads the row of a case.
pub(super) struct CaseReader<'a> {
    pub(super) row: &'a Row,
    pub(super) header: &'a Header,
    pub(super) labels: &'a CpvLabels,
    pub(super) near: &'a mut NearestPlaces,
    pub(super) findings: Findings,
}

impl<'a> CaseReader<'a> {
    /// The columns of a field that have a value in this row. Says why a cell has none.
    pub(super) fn cells(&mut self, field: Field) -> Vec<(&'a Column, &'a Cell)> {
        let (header, row) = (self.header, self.row);
        let mut cells = Vec::new();
        for column in header.of(field) {
            let cell = row.cell(column.index);
            let name = record_field(field);
            match cell {
                Cell::Empty => {}
                Cell::Error(error) => {
                    let message = format!("{name}: the cell has the error {error}, no value is taken");
                    self.doubt(column, name, cell, message);
                }
                Cell::Formula => {
                    let message = format!("{name}: a formula without its result; open the file and save it again");
                    self.doubt(column, name, cell, message);
                }
                Cell::Text(text) if is_placeholder(text) || text == NO_VALUE => {}
                cell => cells.push((column, cell)),
            }
        }
        cells
    }

    pub(super) fn first(&mut self, field: Field) -> Option<(&'a Column, &'a Cell)> {
        self.cells(field).into_iter().next()
    }

    /// The next findings are about the cell of a column.
    pub(super) fn at(&mut self, column: &Column) {
        let name = format!("{}{}", column_name(column.index), self.row.number);
        self.findings.in_cell(name);
    }

    pub(super) fn found(&mut self, column: &Column, field: &'static str, value: &str) {
        self.at(column);
        self.findings.found(self.row.number, field, value);
    }

    pub(super) fn doubt(&mut self, column: &Column, field: &'static str, cell: &Cell, message: String) {
        self.at(column);
        self.findings.doubtful(self.row.number, field, &one_line(cell), message);
    }

    pub(super) fn corrected(&mut self, column: &Column, field: &'static str, cell: &Cell, message: String) {
        self.at(column);
        self.findings
            .corrected(self.row.number, field, &one_line(cell), message);
    }

    /// A name within the length of a record.
    pub(super) fn name(&mut self, column: &Column, field: &'static str, name: String) -> Option<String> {
        if name.chars().count() <= MAX_NAME && name != NO_VALUE {
            return Some(name);
        }
        let cell = Cell::Text(name);
        self.doubt(
            column,
            field,
            &cell,
            format!("{field}: over {MAX_NAME} characters, left out of the field"),
        );
        None
    }
}

/// The field of the record that a column fills, for findings.
fn record_field(field: Field) -> &'static str {
    match field {
        Field::BuyerSiret => "acheteur",
        Field::HolderSiret | Field::Structure => "titulaires",
        Field::ReservedLots => "lots",
        Field::Commune | Field::Epci | Field::Departement | Field::Region | Field::Postcode | Field::Insee => {
            "territoire"
        }
        Field::SourceTitle | Field::SourcePublisher | Field::SourceUrl | Field::SourcePage => "source",
        field => field.name(),
    }
}
