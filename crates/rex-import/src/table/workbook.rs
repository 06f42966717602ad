//! The sheets of an XLSX or ODS spreadsheet.

use std::io::{self, Cursor, Read};
use std::panic::{self, AssertUnwindSafe};

use calamine::{Data, DataRef, Ods, Reader, SheetType, SheetVisible, Xlsx};
use zip::ZipArchive;

use super::cell::Cell;
use super::sheet::{MAX_UNPACKED, Row, RowCollector, Sheet, SheetError};

const MAX_PARTS: usize = 10_000;
const MAX_SHEETS: usize = 200;

type Bytes<'a> = Cursor<&'a [u8]>;

/// The sheets of an XLSX or ODS spreadsheet that have a value, read in this process: panics of the reader are caught, but a hostile
/// file can take any memory. [`read_workbook`](super::read_workbook) bounds it.
///
/// # Errors
/// A file that is no whole spreadsheet, has a password, is empty or is over a bound.
pub fn workbook_sheets(bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    panic::catch_unwind(AssertUnwindSafe(|| sheets(bytes))).unwrap_or(Err(SheetError::Damaged))
}

fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    let kind = kind(bytes)?;
    let sheets = match kind {
        Kind::Xlsx => xlsx(bytes)?,
        Kind::Ods => ods(bytes)?,
    };
    if sheets.is_empty() {
        return Err(SheetError::Empty);
    }
    Ok(sheets)
}

enum Kind {
    Xlsx,
    Ods,
}

/// The kind of a spreadsheet by its parts, after unpacking all of them once to measure them.
fn kind(bytes: &[u8]) -> Result<Kind, SheetError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| SheetError::Damaged)?;
    if archive.len() > MAX_PARTS {
        return Err(SheetError::Unpacked);
    }
    let mut unpacked = 0;
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(|_| SheetError::Damaged)?;
        let left = MAX_UNPACKED + 1 - unpacked;
        unpacked += io::copy(&mut part.take(left), &mut io::sink()).map_err(|_| SheetError::Damaged)?;
        if unpacked > MAX_UNPACKED {
            return Err(SheetError::Unpacked);
        }
    }
    match archive.index_for_name("content.xml") {
        Some(_) => Ok(Kind::Ods),
        None => Ok(Kind::Xlsx),
    }
}

fn xlsx(bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    let damaged = |_| SheetError::Damaged;
    let mut workbook: Xlsx<Bytes<'_>> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let listed = workbook.sheets_metadata().to_vec();
    let mut sheets = Vec::new();
    let mut text = 0;
    for sheet in listed
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .take(MAX_SHEETS)
    {
        let mut collected = RowCollector {
            text,
            ..RowCollector::default()
        };
        let mut cells = workbook.worksheet_cells_reader(&sheet.name).map_err(damaged)?;
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(damaged)? {
            let value = match cell.value {
                DataRef::Empty if cell.formula.is_some() => Cell::Formula,
                value => of_data(value.into()),
            };
            collected.add(cell.pos.0 as usize + 1, cell.pos.1 as usize, value)?;
        }
        drop(cells);
        text = collected.text;
        let merged = workbook.merge_cells_by_sheet_name(&sheet.name).unwrap_or_default();
        for region in merged.iter().filter(|region| region.start.0 < region.end.0) {
            fill_down(&mut collected.rows, region.start.0, region.end.0, region.start.1);
        }
        add_sheet(&mut sheets, &sheet.name, sheet.visible, collected.rows);
    }
    Ok(sheets)
}

/// Repeats the value of a cell in the rows over which it is merged. Rows without any other value stay as they are.
fn fill_down(rows: &mut [Row], first: u32, last: u32, column: u32) {
    let (first, last, column) = (first as usize + 1, last as usize + 1, column as usize);
    let Some(top) = rows.iter().find(|row| row.number == first) else {
        return;
    };
    let value = top.cell(column).clone();
    let below = rows.iter_mut().filter(|row| row.number > first && row.number <= last);
    for row in below.filter(|_| !value.is_empty()) {
        if row.cells.len() <= column {
            row.cells.resize(column + 1, Cell::Empty);
        }
        row.cells[column] = value.clone();
    }
}

fn ods(bytes: &[u8]) -> Result<Vec<Sheet>, SheetError> {
    let mut workbook: Ods<Bytes<'_>> = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::OdsError::Password => SheetError::Password,
        calamine::OdsError::CellLimitExceeded { .. } => SheetError::Rows,
        _ => SheetError::Damaged,
    })?;
    let listed = workbook.sheets_metadata().to_vec();
    let mut sheets = Vec::new();
    let mut text = 0;
    for sheet in listed.iter().take(MAX_SHEETS) {
        let range = workbook.worksheet_range(&sheet.name).map_err(|_| SheetError::Damaged)?;
        let (top, left) = range.start().unwrap_or_default();
        let mut collected = RowCollector {
            text,
            ..RowCollector::default()
        };
        for (row, column, value) in range.used_cells() {
            collected.add(row + top as usize + 1, column + left as usize, of_data(value.clone()))?;
        }
        text = collected.text;
        add_sheet(&mut sheets, &sheet.name, sheet.visible, collected.rows);
    }
    Ok(sheets)
}

fn add_sheet(sheets: &mut Vec<Sheet>, name: &str, visible: SheetVisible, rows: Vec<Row>) {
    if !rows.is_empty() {
        sheets.push(Sheet {
            name: name.to_owned(),
            is_hidden: visible != SheetVisible::Visible,
            rows,
            doubts: Vec::new(),
        });
    }
}

fn of_data(data: Data) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        Data::String(text) => Cell::from_text(&text),
        Data::Int(number) => Cell::Number(number as f64),
        Data::Float(number) => Cell::Number(number),
        Data::Bool(value) => Cell::Text(if value { "oui" } else { "non" }.to_owned()),
        // A time alone counts from day 0.
        Data::DateTime(time) if time.is_datetime() && (0.0..1.0).contains(&time.as_f64()) => {
            let (.., hour, minute, _, _) = time.to_ymd_hms_milli();
            Cell::Text(format!("{hour:02}:{minute:02}"))
        }
        Data::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            Cell::Date(year, month, day)
        }
        Data::DateTime(time) => Cell::Number(time.as_f64()),
        Data::DateTimeIso(text) => iso_day(&text).unwrap_or_else(|| Cell::from_text(&text)),
        Data::DurationIso(text) => Cell::from_text(&text),
        Data::Error(error) => Cell::Error(error.to_string()),
    }
}

/// The day of `2024-03-15` and `2024-03-15T00:00:00`.
fn iso_day(text: &str) -> Option<Cell> {
    let mut parts = text.split('T').next()?.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    Some(Cell::Date(year, month, parts.next()?.parse().ok()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]
mod tests {
    use super::*;
    use rex_tests::spreadsheet::{archive, ods, xlsx};

    fn shown(bytes: &[u8]) -> Result<Vec<String>, SheetError> {
        let rows = |sheet: &Sheet| {
            let row = |row: &Row| {
                let cells: Vec<String> = row.cells.iter().map(|cell| format!("{cell:?}")).collect();
                format!(
                    "{}{} {}: {}",
                    sheet.name,
                    if sheet.is_hidden { "*" } else { "" },
                    row.number,
                    cells.join(" ")
                )
            };
            sheet.rows.iter().map(row).collect::<Vec<_>>()
        };
        Ok(workbook_sheets(bytes)?.iter().flat_map(rows).collect())
    }

    #[test]
    fn reads_values_as_excel_stores_them() {
        let rows = r#"<row r="2"><c r="A2" t="inlineStr"><is><t>Titre</t></is></c><c r="C2" t="str"><f>"a"</f><v>b</v></c></row>
            <row r="4"><c r="A4"><v>48000.5</v></c><c r="B4" s="1"><v>45366</v></c><c r="C4" t="e"><v>#N/A</v></c>
            <c r="D4"><f>1+1</f></c><c r="E4"><f>1+1</f><v>2</v></c><c r="F4" t="b"><v>1</v></c></row>
            <row r="5"><c r="B5" t="inlineStr"><is><r><t xml:space="preserve">en </t></r><r><t>gras</t></r></is></c></row>"#;
        let bytes = xlsx(&[
            ("Cas", false, rows),
            ("Vide", false, ""),
            ("Caché", true, r#"<row r="1"><c r="A1"><v>1</v></c></row>"#),
        ]);
        assert_eq!(
            shown(&bytes).unwrap(),
            [
                r#"Cas 2: Text("Titre") Empty Text("b")"#,
                r##"Cas 4: Number(48000.5) Date(2024, 3, 15) Error("#N/A") Formula Number(2.0) Text("oui")"##,
                r#"Cas 5: Empty Text("en gras")"#,
                "Caché* 1: Number(1.0)",
            ]
        );
    }

    #[test]
    fn a_value_is_that_of_every_row_of_its_merged_cell() {
        let rows = r#"<row r="1"><c r="A1" t="str"><v>Ville</v></c><c r="B1"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>
            </sheetData><mergeCells count="1"><mergeCell ref="A1:A9"/></mergeCells><sheetData>"#;
        let bytes = xlsx(&[("F", false, rows)]);
        assert_eq!(
            shown(&bytes).unwrap(),
            [r#"F 1: Text("Ville") Number(1.0)"#, r#"F 2: Text("Ville") Number(2.0)"#]
        );
    }

    #[test]
    fn reads_values_as_libreoffice_stores_them() {
        let rows = r#"<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3"/></table:table-row>
            <table:table-row><table:table-cell/><table:table-cell office:value-type="string"><text:p>Une</text:p><text:p>autre</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="48000.5"/><table:table-cell office:value-type="date" office:date-value="2024-03-15"/><table:table-cell table:number-columns-repeated="16000"/></table:table-row>
            <table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>"#;
        assert_eq!(
            shown(&ods(&[("Cas", rows)])).unwrap(),
            [r#"Cas 3: Empty Text("Une\nautre") Number(48000.5) Date(2024, 3, 15)"#]
        );
    }

    #[test]
    fn what_is_no_spreadsheet_or_far_too_large_is_said() {
        for bytes in [
            &b"PK\x03\x04"[..],
            b"",
            &archive(&[("a.txt", b"a")]),
            &archive(&[("content.xml", b"<a/>")]),
        ] {
            assert_eq!(shown(bytes), Err(SheetError::Damaged));
        }
        assert_eq!(shown(&xlsx(&[("F", false, "")])), Err(SheetError::Empty));
        let bomb = archive(&[("xl/workbook.xml", &vec![b' '; 257 << 20])]);
        assert!(bomb.len() < 2 << 20);
        assert_eq!(shown(&bomb), Err(SheetError::Unpacked));
        let far = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
        assert_eq!(shown(&xlsx(&[("F", false, far)])), Err(SheetError::Columns(1_048_576)));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn any_part_is_sheets_or_an_error(rows in "(<row r=\"[0-9]{0,3}\">|</row>|<c r=\"[A-C][0-9]\" t=\"(s|e|b|str|n)\">|</c>|<v>|</v>|[0-9]|é|&amp;|&|<f/>){0,12}", at in 0_usize..4_000, byte: u8) {
            let mut bytes = xlsx(&[("F", false, &rows)]);
            let _ = workbook_sheets(&bytes);
            let _ = workbook_sheets(&ods(&[("F", &rows)]));
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = workbook_sheets(&bytes);
        }
    }
}
