//! Reads a table: chooses the sheet, finds its header, reads a case from each row.

use std::collections::{HashMap, HashSet};

use rex_corpus::{CpvLabels, name_key};

use super::cell::{Cell, column_name};
use super::field::{Field, nearest_header};
use super::header::{Column, Header, one_line};
use super::mapping::TableMap;
use super::place::NearestPlaces;
use super::row::case;
use super::sheet::{Row, Sheet};
use crate::imported::{Finding, Findings, ImportedCase};

/// Maximum bytes of the texts of a row: a Markdown case has at most 1 MiB.
const MAX_ROW: usize = 400 << 10;

/// The cases of a table. A person reviews each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// In the order of the rows; at least one.
    pub cases: Vec<ImportedCase>,
    /// Findings about the sheet as a whole: its columns, and what is not read.
    pub findings: Vec<Finding>,
}

/// Why sheets cannot be imported as cases; a clause about the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The columns are those of the public record of contracts.
    #[error("is a table of the public record of contracts (DECP), by its columns {0}; `rex import decp` imports it")]
    Decp(String),
    /// No column has the titles.
    #[error("has no column for the titles of the cases; its headers are {0}; name the column with --map \"{1}=titre\"")]
    NoTitle(String, String),
    /// No row has a case.
    #[error("has a header in row {0} and no case below it")]
    NoCase(usize),
    /// A mapping names a column that is not there.
    #[error("has no column \"{0}\", named by --map; its headers are {1}")]
    NoColumn(String, String),
    /// There is no such sheet.
    #[error("has no sheet \"{0}\"; {1}")]
    NoSheet(String, String),
}

impl Table {
    /// Reads the cases of one sheet: the named one, else the first visible one with a column of titles.
    ///
    /// # Errors
    /// The cases of [`TableError`].
    pub fn read(sheets: &[Sheet], named: Option<&str>, map: &TableMap, labels: &CpvLabels) -> Result<Self, TableError> {
        let (sheet, header) = choose(sheets, named, map)?;
        let mut findings = Findings::default();
        report_sheet(sheets, sheet, &header, &mut findings);
        report_columns(sheet, &header, &mut findings);
        let mut cases = Vec::new();
        let mut ids = Ids::default();
        let mut near = NearestPlaces::default();
        for row in &sheet.rows[header.row + 1..] {
            if let Some(why) = other_than_case(row, &header, &sheet.rows[header.row]) {
                findings.in_cell(format!("row {}", row.number));
                findings.left_out_lines(row.number, why);
                continue;
            }
            let mut case = case(row, &header, labels, &mut near);
            case.record.id = ids.unique(case.record.id);
            cases.push(case);
        }
        if cases.is_empty() {
            return Err(TableError::NoCase(sheet.rows[header.row].number));
        }
        Ok(Self {
            cases,
            findings: findings.sorted(),
        })
    }
}

/// The sheet of the cases, and its header.
fn choose<'a>(sheets: &'a [Sheet], named: Option<&str>, map: &TableMap) -> Result<(&'a Sheet, Header), TableError> {
    let names = || {
        let names: Vec<String> = sheets.iter().map(|sheet| sheet.name.clone()).collect();
        match names.as_slice() {
            [only] if only.is_empty() => "a CSV file has one without a name, leave out --sheet".to_owned(),
            names => format!("its sheets are {}", quoted(names)),
        }
    };
    let candidates: Vec<&Sheet> = match named {
        Some(name) => {
            let found = sheets.iter().find(|sheet| name_key(&sheet.name) == name_key(name));
            vec![found.ok_or_else(|| TableError::NoSheet(name.to_owned(), names()))?]
        }
        None => {
            let visible: Vec<&Sheet> = sheets.iter().filter(|sheet| !sheet.is_hidden).collect();
            if visible.is_empty() {
                sheets.iter().collect()
            } else {
                visible
            }
        }
    };
    if let Some(columns) = candidates.iter().find_map(|sheet| decp_columns(&sheet.rows)) {
        return Err(TableError::Decp(columns));
    }
    let headed = candidates.iter().find_map(|sheet| {
        let header = Header::find(&sheet.rows, &map.fields)?;
        header.of(Field::Title).next()?;
        Some((*sheet, header))
    });
    let Some((sheet, header)) = headed else {
        let rows = candidates.first().map_or(&[][..], |sheet| sheet.rows.as_slice());
        let row = Header::find(rows, &map.fields).map(|header| header.row);
        // Without any known header, the first row that is no title.
        let row = row
            .map(|row| &rows[row])
            .or_else(|| rows.iter().find(|row| row.filled().count() > 1))
            .or(rows.first());
        let seen = row.map(Header::names).unwrap_or_default();
        let likely = row.and_then(|row| like_titles(row, rows));
        return Err(TableError::NoTitle(
            quoted(&seen),
            likely.unwrap_or_else(|| "COLUMN".to_owned()),
        ));
    };
    let seen: Vec<String> = header
        .columns
        .iter()
        .map(|column| column.header.clone())
        .filter(|header| !header.is_empty())
        .collect();
    let is_there = |column: &&String| !seen.iter().any(|header| name_key(header) == name_key(column));
    if let Some(column) = map.required.iter().find(is_there) {
        return Err(TableError::NoColumn(column.clone(), quoted(&seen)));
    }
    Ok((sheet, header))
}

/// The header of the column most like one of titles: texts of several words, each another, the longest that are no pages.
fn like_titles(head: &Row, rows: &[Row]) -> Option<String> {
    const LONGEST: usize = 30;
    const SEEN: usize = 200;
    let below = || rows.iter().filter(|row| row.number > head.number).take(SEEN);
    let words = |column: usize| {
        let mut texts = HashSet::new();
        let mut count = 0;
        for cell in below().map(|row| row.cell(column)).filter(|cell| !cell.is_empty()) {
            let Cell::Text(text) = cell else { return None };
            if !text.contains(char::is_alphabetic) {
                return None;
            }
            count += text.split_whitespace().count();
            texts.insert(text);
        }
        let is_distinct = texts.len() * 2 > below().count();
        let mean = count / texts.len().max(1);
        (is_distinct && (1..=LONGEST).contains(&mean)).then_some(mean)
    };
    let known = |header: &str| super::field::of_header(header).is_some();
    let named = head.filled().map(|(column, cell)| (column, one_line(cell)));
    let free = named.filter(|(_, header)| !known(header));
    let likely = free.filter_map(|(column, header)| Some((words(column)?, std::cmp::Reverse(column), header)));
    likely.max().map(|(.., header)| header)
}

fn quoted(headers: &[String]) -> String {
    headers
        .iter()
        .map(|header| format!("« {header} »"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The columns by which a table is one of the public record of contracts, in any of its published forms.
fn decp_columns(rows: &[Row]) -> Option<String> {
    const COLUMNS: &[&str] = &[
        "uid",
        "codecpv",
        "cpvcode",
        "dureemois",
        "datenotification",
        "notificationdate",
        "datepublicationdonnees",
        "publicationdate",
        "lieuexecutioncode",
        "lieuexecutiontypecode",
        "lieuexeccode",
        "lieuexectype",
        "acheteurid",
        "acheteursid",
        "acheteursnom",
        "titulaireid",
        "titulairesid",
        "titulairetypeidentifiant",
        "titulairesidtype",
        "considerationssociales",
        "considerationsenvironnementales",
        "donneesactuelles",
        "offresrecues",
        "formeprix",
        "prixforme",
        "marcheobjet",
        "marcheid",
        "sourcedataset",
        "idmodification",
    ];
    const ENOUGH: usize = 4;
    let header = rows.iter().find(|row| row.filled().count() > 1)?;
    // « Code CPV » is a header of people, `codeCPV` and `CODE_CPV` are those of platforms.
    let is_technical = |name: &str| !name.contains(char::is_whitespace);
    let known: Vec<String> = Header::names(header)
        .into_iter()
        .filter(|name| {
            let key: String = name_key(name).chars().filter(char::is_ascii_alphabetic).collect();
            is_technical(name) && COLUMNS.contains(&key.as_str())
        })
        .collect();
    (known.len() >= ENOUGH).then(|| known[..ENOUGH].join(", "))
}

/// Says which sheet is read, and what of the file is not.
fn report_sheet(sheets: &[Sheet], sheet: &Sheet, header: &Header, findings: &mut Findings) {
    let row = &sheet.rows[header.row];
    findings.in_cell(format!("row {}", row.number));
    let name = if sheet.name.is_empty() {
        String::new()
    } else {
        format!(" of the sheet « {} »", sheet.name)
    };
    findings.found(row.number, "header", &format!("row {}{name}", row.number));
    for doubt in &sheet.doubts {
        findings.doubtful(row.number, "header", "", doubt.clone());
    }
    for other in sheets.iter().filter(|other| other.name != sheet.name) {
        let hidden = if other.is_hidden { "hidden " } else { "" };
        let rows = other.rows.len();
        let plural = if rows == 1 { "" } else { "s" };
        let message = format!(
            "the {hidden}sheet « {} », {rows} row{plural}; --sheet reads it",
            other.name
        );
        findings.in_cell(other.name.chars().take(9).collect());
        findings.left_out_lines(0, message);
    }
    for above in &sheet.rows[..header.row - usize::from(header.is_double)] {
        findings.in_cell(format!("row {}", above.number));
        let texts: Vec<String> = above.filled().map(|(_, cell)| one_line(cell)).collect();
        findings.left_out(above.number, &texts.join(" "));
    }
}

/// Says what each column fills.
fn report_columns(sheet: &Sheet, header: &Header, findings: &mut Findings) {
    let row = sheet.rows[header.row].number;
    for column in &header.columns {
        findings.in_cell(format!("{}{row}", column_name(column.index)));
        let name = &column.header;
        let count = sheet.rows[header.row + 1..]
            .iter()
            .filter(|row| !row.cell(column.index).is_empty())
            .count();
        let values = if count == 1 {
            "1 value".to_owned()
        } else {
            format!("{count} values")
        };
        match column.field {
            Some(Field::Ignored) => {
                let message =
                    format!("« {name} », {values}: not to be published; --map \"{name}=section\" makes it a section");
                findings.left_out_lines(row, message);
            }
            Some(Field::AmountWithTax) => {
                let message = format!("« {name} », {values}: amounts with tax; a record has those before tax");
                findings.left_out_lines(row, message);
            }
            Some(Field::Section) if column.is_guessed => {
                findings.found(row, "section", name);
                let message = format!("« {name} » is not a known header; its texts are long, so it is a section");
                findings.doubtful(row, "section", name, message);
            }
            Some(field) => {
                findings.found(row, field.name(), name);
                if field == Field::Amount && !column.says_before_tax() {
                    let message = format!("« {name} » does not say whether its amounts are before tax; taken as such");
                    findings.doubtful(row, "montant_ht", name, message);
                }
            }
            None if count > 0 => findings.left_out_lines(row, unknown(column, &values)),
            None => {}
        }
    }
}

fn unknown(column: &Column, values: &str) -> String {
    let name = &column.header;
    if name.is_empty() {
        return format!("a column without a header, {values}; give it one");
    }
    let near = nearest_header(name);
    format!("« {name} », {values}: not a known header{near}; --map \"{name}=FIELD\" takes it")
}

/// Why a row is not a case: a total, a heading between rows, the header once more, too much text.
fn other_than_case(row: &Row, header: &Header, head: &Row) -> Option<String> {
    const TOTALS: &[&str] = &[
        "total",
        "totaux",
        "total general",
        "sous total",
        "somme",
        "moyenne",
        "nombre",
    ];
    let known = || {
        header
            .columns
            .iter()
            .filter(|column| column.field.is_some_and(|field| field != Field::Ignored))
    };
    let filled: Vec<&Column> = known().filter(|column| !row.cell(column.index).is_empty()).collect();
    let first = row.filled().next().map(|(_, cell)| one_line(cell)).unwrap_or_default();
    if TOTALS.contains(&name_key(&first).as_str()) {
        return Some(format!("« {first} », a row of totals"));
    }
    let is_head = |column: &&&Column| row.cell(column.index) == head.cell(column.index);
    if filled.len() > 1 && filled.iter().all(|column| is_head(&column)) {
        return Some("the header once more".to_owned());
    }
    let size: usize = row.cells.iter().map(|cell| cell.to_string().len()).sum();
    if size > MAX_ROW {
        return Some(format!(
            "« {first} », over {} KB of text, expected a case of some pages",
            MAX_ROW >> 10
        ));
    }
    match filled.as_slice() {
        [] => Some(format!("« {first} », no value in a column that is read")),
        [only] if known().count() > 2 => {
            let value = row.cell(only.index);
            let is_text = matches!(value, Cell::Text(_));
            let what = if is_text {
                "taken for a heading between rows"
            } else {
                "no title"
            };
            Some(format!("« {} » alone, {what}", one_line(value)))
        }
        _ => None,
    }
}

/// Makes the ids of a table distinct.
#[derive(Default)]
struct Ids {
    taken: HashSet<String>,
    /// The last number after an id.
    last: HashMap<String, usize>,
}

impl Ids {
    fn unique(&mut self, id: String) -> String {
        if self.taken.insert(id.clone()) {
            return id;
        }
        let last = self.last.entry(id.clone()).or_insert(1);
        loop {
            *last += 1;
            let numbered = format!("{id}-{last}");
            if self.taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    }
}
