//! Finds the header row of a sheet and what each column fills.

use std::collections::HashMap;

use rex_corpus::{name_key, structure_label};

use super::cell::Cell;
use super::field::{Field, of_header, words};
use super::sheet::Row;
use crate::booklet::facts::money::{Tax, tax_of};

/// Rows above the header that may be titles.
const MAX_TITLE_ROWS: usize = 30;
/// From this many words on, or with a line break, a text is one to read.
const LONG_TEXT: usize = 25;

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    pub(crate) index: usize,
    /// As typed, on one line.
    pub(crate) header: String,
    /// `None` if the header is not known.
    pub(crate) field: Option<Field>,
    /// Whether the field was guessed from the length of the texts.
    pub(crate) is_guessed: bool,
}

impl Column {
    /// What to multiply a number without a unit by, as the header gives the unit: `k€`.
    pub(crate) fn money_unit(&self) -> &'static str {
        let header = self.header.to_lowercase();
        let says = |units: &[&str]| units.iter().any(|unit| header.contains(unit));
        match () {
            () if says(&["k€", "keuro", "milliers d", "k eur"]) => "k€",
            () if says(&["m€", "meuro", "millions d", "m eur"]) => "M€",
            () => "€",
        }
    }

    /// Months of the unit in the header.
    pub(crate) fn months_unit(&self) -> f64 {
        let key = name_key(&self.header);
        let says = |units: &[&str]| key.split(' ').any(|word| units.contains(&word));
        match () {
            () if says(&["an", "ans", "annee", "annees", "year", "years"]) => 12.0,
            () if says(&["jour", "jours", "days"]) => 12.0 / 365.0,
            () if says(&["semaine", "semaines", "weeks"]) => 7.0 * 12.0 / 365.0,
            () => 1.0,
        }
    }

    /// Whether the header says that amounts are before tax.
    pub(crate) fn says_before_tax(&self) -> bool {
        tax_of(&self.header.replace('_', " ")) == Some(Tax::Before)
    }
}

/// The header of a table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Header {
    /// Index of its row.
    pub(crate) row: usize,
    /// Whether the row above it is part of it: `Acheteur` over `Nom` and `SIRET`.
    pub(crate) is_double: bool,
    /// The columns with a header or a value, in order.
    pub(crate) columns: Vec<Column>,
}

impl Header {
    /// The header row of a sheet: among the first rows, the one with most known headers. `None` without any.
    pub(crate) fn find(rows: &[Row], map: &HashMap<String, Field>) -> Option<Self> {
        let candidates = (0..rows.len().min(MAX_TITLE_ROWS)).map(|row| {
            let headers = HeaderCells::of(rows, row, map);
            let fields: Vec<Field> = (0..headers.width())
                .filter_map(|column| headers.field(column, map))
                .map(|(field, _)| field)
                .collect();
            (
                fields.contains(&Field::Title),
                fields.len(),
                std::cmp::Reverse(row),
                headers.above.is_some(),
            )
        });
        // The first of the best rows.
        let (_, count, row, is_double) = candidates.max()?;
        (count > 0).then(|| Self {
            row: row.0,
            is_double,
            columns: columns(rows, row.0, map),
        })
    }

    /// The columns that fill a field.
    pub(crate) fn of(&self, field: Field) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(move |column| column.field == Some(field))
    }

    /// The names of the headers, to show what was seen.
    pub(crate) fn names(row: &Row) -> Vec<String> {
        const MOST: usize = 40;
        row.filled().take(MOST).map(|(_, cell)| one_line(cell)).collect()
    }
}

/// The cells of a header row, with those of the row above where that has the groups: `Acheteur` over `Nom` and `SIRET`.
struct HeaderCells<'a> {
    row: &'a Row,
    above: Option<&'a Row>,
}

impl<'a> HeaderCells<'a> {
    fn of(rows: &'a [Row], row: usize, map: &HashMap<String, Field>) -> Self {
        let alone = Self {
            row: &rows[row],
            above: None,
        };
        let known = |cells: &Self| {
            (0..cells.width())
                .filter(|column| cells.field(*column, map).is_some())
                .count()
        };
        let Some(above) = row.checked_sub(1).map(|above| &rows[above]) else {
            return alone;
        };
        let both = Self {
            row: &rows[row],
            above: Some(above),
        };
        let of_above = Self {
            row: above,
            above: None,
        };
        let (own, grouped) = (both.grouped_fields(map), known(&of_above));
        if own > 1 && grouped > 0 && known(&both) > known(&alone) {
            both
        } else {
            alone
        }
    }

    fn width(&self) -> usize {
        self.row
            .cells
            .len()
            .max(self.above.map_or(0, |above| above.cells.len()))
    }

    /// The header of a column: the one above where the row has none.
    fn header(&self, column: usize) -> String {
        let cell = self.row.cell(column);
        let cell = if cell.is_empty() {
            self.above.map_or(cell, |above| above.cell(column))
        } else {
            cell
        };
        one_line(cell)
    }

    /// How many columns have a header of their own that is known, alone or with its group.
    fn grouped_fields(&self, map: &HashMap<String, Field>) -> usize {
        let filled = self.row.filled();
        filled.filter(|(column, _)| self.field(*column, map).is_some()).count()
    }

    /// The field of a column and the rank of its spelling.
    fn field(&self, column: usize, map: &HashMap<String, Field>) -> Option<(Field, usize)> {
        /// Headers that have their meaning from the group above them.
        const PARTS: &[&str] = &[
            "nom",
            "denomination",
            "raison sociale",
            "siret",
            "n siret",
            "numero siret",
            "type",
            "statut",
            "forme juridique",
            "ht",
            "ttc",
            "name",
        ];
        let header = self.header(column);
        if let Some(field) = map.get(&name_key(&header)) {
            return Some((*field, 0));
        }
        let alone = of_header(&header);
        if self.row.cell(column).is_empty() || !matches!(alone, Some((Field::Siret, _)) | None) {
            return alone;
        }
        // « Nom(s) », « Noms »
        let part = words(&header).join(" ");
        let group = self
            .above
            .and_then(|above| above.cells.iter().take(column + 1).rev().find(|cell| !cell.is_empty()));
        let grouped = group.filter(|_| PARTS.contains(&part.as_str())).and_then(|group| {
            let group = one_line(group);
            of_header(&format!("{header} {group}")).or_else(|| match part.as_str() {
                "nom" | "denomination" | "raison sociale" => of_header(&group),
                _ => None,
            })
        });
        grouped.or(alone)
    }
}

fn columns(rows: &[Row], row: usize, map: &HashMap<String, Field>) -> Vec<Column> {
    let headers = HeaderCells::of(rows, row, map);
    let width = rows[row..].iter().map(|row| row.cells.len()).max().unwrap_or_default();
    let width = width.max(headers.width());
    let is_used =
        |index: usize| rows[row..].iter().any(|row| !row.cell(index).is_empty()) || !headers.header(index).is_empty();
    let mut ranks = Vec::new();
    let mut columns: Vec<Column> = Vec::new();
    for index in (0..width).filter(|index| is_used(*index)) {
        let known = headers.field(index, map);
        ranks.push(known.map_or(usize::MAX, |(_, rank)| rank));
        columns.push(Column {
            index,
            header: headers.header(index),
            field: known.map(|(field, _)| field),
            is_guessed: false,
        });
    }
    let below = &rows[row + 1..];
    place_siret(&mut columns);
    name_structure(&mut columns, below);
    one_column_a_field(&mut columns, &ranks);
    for column in columns
        .iter_mut()
        .filter(|column| column.field.is_none() && !column.header.is_empty())
    {
        let is_long = |row: &Row| match row.cell(column.index) {
            Cell::Text(text) => text.contains('\n') || text.split_whitespace().count() >= LONG_TEXT,
            _ => false,
        };
        if below.iter().any(is_long) {
            column.field = Some(Field::Section);
            column.is_guessed = true;
        }
    }
    columns
}

/// A column `SIRET` is that of the party before it, else of the one after it.
fn place_siret(columns: &mut [Column]) {
    let party = |column: &Column| match column.field {
        Some(Field::Buyer) => Some(Field::BuyerSiret),
        Some(Field::Holder) => Some(Field::HolderSiret),
        _ => None,
    };
    for at in 0..columns.len() {
        if columns[at].field == Some(Field::Siret) {
            let before = columns[..at].iter().rev().find_map(party);
            columns[at].field = before.or_else(|| columns[at..].iter().find_map(party));
        }
    }
}

/// Without a column of holders, `Structure` names them, unless most of its values are kinds of companies.
fn name_structure(columns: &mut [Column], rows: &[Row]) {
    if columns.iter().any(|column| column.field == Some(Field::Holder)) {
        return;
    }
    for column in columns
        .iter_mut()
        .filter(|column| name_key(&column.header) == "structure")
    {
        let values = || {
            rows.iter()
                .map(|row| row.cell(column.index))
                .filter(|cell| !cell.is_empty())
        };
        let kinds = values()
            .filter(|cell| structure_label(&cell.to_string()).is_some())
            .count();
        if kinds * 2 < values().count() {
            column.field = Some(Field::Holder);
        }
    }
}

/// Of the columns of a field with one value, the one with the surest header counts. A second title is a section, another column has
/// no field.
fn one_column_a_field(columns: &mut [Column], ranks: &[usize]) {
    for at in 0..columns.len() {
        let Some(field) = columns[at].field.filter(|field| !field.is_list()) else {
            continue;
        };
        let is_better = |other: usize| columns[other].field == Some(field) && (ranks[other], other) < (ranks[at], at);
        if (0..columns.len()).any(is_better) {
            columns[at].field = (field == Field::Title).then_some(Field::Section);
        }
    }
}

/// A cell on one line, without control characters.
pub(crate) fn one_line(cell: &Cell) -> String {
    const LONGEST: usize = 200;
    let text = cell.to_string();
    let words = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}
